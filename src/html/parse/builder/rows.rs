//! Tables: bodies, rows and cells.

use super::table::table_scope_of;
use super::{Builder, Mode, Next};
use crate::html::names::Tag;
use crate::html::parse::props::scope;
use crate::html::parse::tokenizer::Token;

fn is_table_body_context(tag: Tag) -> bool {
    matches!(tag, Tag::Tbody | Tag::Tfoot | Tag::Thead | Tag::Template | Tag::Html)
}

fn is_table_row_context(tag: Tag) -> bool {
    matches!(tag, Tag::Tr | Tag::Template | Tag::Html)
}

impl Builder<'_> {
    pub(super) fn in_table_body(&mut self, token: &mut Token) -> Next {
        match *token {
            Token::Start(tag) => match tag.tag {
                Tag::Tr => {
                    self.clear_back_to(is_table_body_context);
                    self.insert_html(&tag);
                    self.switch_to(Mode::InRow);
                    Next::Done
                }
                Tag::Th | Tag::Td => {
                    self.clear_back_to(is_table_body_context);
                    self.insert_implied(Tag::Tr);
                    self.switch_to(Mode::InRow);
                    Next::Again
                }
                Tag::Caption | Tag::Col | Tag::Colgroup | Tag::Tbody | Tag::Tfoot | Tag::Thead => self.end_table_body(),
                _ => self.in_table(token),
            },
            Token::End(tag) => match tag.tag {
                Tag::Tbody | Tag::Tfoot | Tag::Thead => {
                    if self.stack.has(table_scope_of(tag.tag)) {
                        self.clear_back_to(is_table_body_context);
                        self.pop();
                        self.switch_to(Mode::InTable);
                    }
                    Next::Done
                }
                Tag::Table => self.end_table_body(),
                Tag::Body | Tag::Caption | Tag::Col | Tag::Colgroup | Tag::Html | Tag::Td | Tag::Th | Tag::Tr => Next::Done,
                _ => self.in_table(token),
            },
            _ => self.in_table(token),
        }
    }

    /// Closes the table body for a tag that is then looked at again.
    fn end_table_body(&mut self) -> Next {
        if !self.stack.has(scope::TBODY | scope::THEAD | scope::TFOOT) {
            return Next::Done;
        }
        self.clear_back_to(is_table_body_context);
        self.pop();
        self.switch_to(Mode::InTable);
        Next::Again
    }

    pub(super) fn in_row(&mut self, token: &mut Token) -> Next {
        match *token {
            Token::Start(tag) => match tag.tag {
                Tag::Th | Tag::Td => {
                    self.clear_back_to(is_table_row_context);
                    self.insert_html(&tag);
                    self.switch_to(Mode::InCell);
                    self.formatting.push_marker();
                    Next::Done
                }
                Tag::Caption | Tag::Col | Tag::Colgroup | Tag::Tbody | Tag::Tfoot | Tag::Thead | Tag::Tr => {
                    if self.end_row() {
                        Next::Again
                    } else {
                        Next::Done
                    }
                }
                _ => self.in_table(token),
            },
            Token::End(tag) => match tag.tag {
                Tag::Tr => {
                    self.end_row();
                    Next::Done
                }
                Tag::Table => {
                    if self.end_row() {
                        Next::Again
                    } else {
                        Next::Done
                    }
                }
                Tag::Tbody | Tag::Tfoot | Tag::Thead => {
                    let is_there = self.stack.has(table_scope_of(tag.tag));
                    if is_there && self.end_row() { Next::Again } else { Next::Done }
                }
                Tag::Body | Tag::Caption | Tag::Col | Tag::Colgroup | Tag::Html | Tag::Td | Tag::Th => Next::Done,
                _ => self.in_table(token),
            },
            _ => self.in_table(token),
        }
    }

    /// Closes the row; false if there is none.
    fn end_row(&mut self) -> bool {
        let is_there = self.stack.has(scope::TR);
        if is_there {
            self.clear_back_to(is_table_row_context);
            self.pop();
            self.switch_to(Mode::InTableBody);
        }
        is_there
    }

    pub(super) fn in_cell(&mut self, token: &mut Token) -> Next {
        match *token {
            Token::Start(tag) => match tag.tag {
                Tag::Caption | Tag::Col | Tag::Colgroup | Tag::Tbody | Tag::Td | Tag::Tfoot | Tag::Th | Tag::Thead | Tag::Tr => {
                    self.end_cell_for_next()
                }
                _ => self.in_body(token),
            },
            Token::End(tag) => match tag.tag {
                Tag::Td | Tag::Th => {
                    if self.stack.has(table_scope_of(tag.tag)) {
                        self.close_implied();
                        self.pop_until(tag.tag);
                        self.formatting.clear_to_marker();
                        self.switch_to(Mode::InRow);
                    }
                    Next::Done
                }
                Tag::Body | Tag::Caption | Tag::Col | Tag::Colgroup | Tag::Html => Next::Done,
                Tag::Table | Tag::Tbody | Tag::Tfoot | Tag::Thead | Tag::Tr => {
                    if self.stack.has(table_scope_of(tag.tag)) {
                        self.end_cell_for_next()
                    } else {
                        Next::Done
                    }
                }
                _ => self.in_body(token),
            },
            _ => self.in_body(token),
        }
    }

    /// Closes the cell for a tag that is then looked at again.
    fn end_cell_for_next(&mut self) -> Next {
        if !self.stack.has(scope::TD | scope::TH) {
            return Next::Done;
        }
        self.close_implied();
        self.pop_until_any(|tag| matches!(tag, Tag::Td | Tag::Th));
        self.formatting.clear_to_marker();
        self.switch_to(Mode::InRow);
        Next::Again
    }
}
