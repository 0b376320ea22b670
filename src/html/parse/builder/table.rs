//! Tables: rows, cells, captions, columns, and what may not stand between them.
//!
//! Text and elements that are no part of a table's structure go before the table ("foster
//! parenting"), white space stays. Whether text is white space is known only at its end, so it waits
//! in [`Mode::InTableText`].

use super::{Builder, Mode, Next};
use crate::html::names::Tag;
use crate::html::parse::props::{list, scope};
use crate::html::parse::tokenizer::{TagToken, Text, Token};
use crate::html::tree::{NONE, flag};

/// The bit of table scope of an element.
pub(super) fn table_scope_of(tag: Tag) -> u64 {
    match tag {
        Tag::Table => scope::TABLE,
        Tag::Caption => scope::CAPTION,
        Tag::Tbody => scope::TBODY,
        Tag::Thead => scope::THEAD,
        Tag::Tfoot => scope::TFOOT,
        Tag::Tr => scope::TR,
        Tag::Td => scope::TD,
        Tag::Th => scope::TH,
        _ => 0,
    }
}

fn is_table_context(tag: Tag) -> bool {
    matches!(tag, Tag::Table | Tag::Template | Tag::Html)
}

impl Builder<'_> {
    pub(super) fn in_table(&mut self, token: &mut Token) -> Next {
        match *token {
            Token::Text(_) => {
                let top = self.stack.top();
                let is_part = top.is_some_and(|top| top.lists & list::TABLE_PART != 0 || top.tag == Tag::Template);
                if is_part {
                    self.table_text.clear();
                    self.original_mode = self.mode;
                    self.switch_to(Mode::InTableText);
                    return Next::Again;
                }
                self.fostering(token)
            }
            Token::Comment(comment) => {
                self.insert_comment(comment);
                Next::Done
            }
            Token::Doctype(_) => Next::Done,
            Token::Start(tag) => self.in_table_start(&tag, token),
            Token::End(tag) => self.in_table_end(tag.tag, token),
            Token::Eof => self.in_body(token),
        }
    }

    /// Treats a token as in the body, with the table as a stranger.
    fn fostering(&mut self, token: &mut Token) -> Next {
        self.is_fostering = true;
        let mut next = self.in_body(token);
        if next == Next::Again && matches!(token, Token::Start(_)) {
            // A tag that was turned into another, `<image>` or `</br>`; the mode is still ours.
            next = self.in_body(token);
        }
        self.is_fostering = false;
        next
    }

    fn in_table_start(&mut self, tag: &TagToken, token: &mut Token) -> Next {
        match tag.tag {
            Tag::Caption => {
                self.clear_back_to(is_table_context);
                self.formatting.push_marker();
                self.insert_html(tag);
                self.switch_to(Mode::InCaption);
            }
            Tag::Colgroup => {
                self.clear_back_to(is_table_context);
                self.insert_html(tag);
                self.switch_to(Mode::InColumnGroup);
            }
            Tag::Col => {
                self.clear_back_to(is_table_context);
                self.insert_implied(Tag::Colgroup);
                self.switch_to(Mode::InColumnGroup);
                return Next::Again;
            }
            Tag::Tbody | Tag::Tfoot | Tag::Thead => {
                self.clear_back_to(is_table_context);
                self.insert_html(tag);
                self.switch_to(Mode::InTableBody);
            }
            Tag::Td | Tag::Th | Tag::Tr => {
                self.clear_back_to(is_table_context);
                self.insert_implied(Tag::Tbody);
                self.switch_to(Mode::InTableBody);
                return Next::Again;
            }
            Tag::Table => {
                if self.end_table() {
                    return Next::Again;
                }
            }
            Tag::Style | Tag::Script | Tag::Template => return self.in_head(token),
            Tag::Input if self.is_hidden_input(tag) => self.insert_void(tag),
            Tag::Form => {
                if self.form == NONE && !self.is_in_template() {
                    self.form = self.insert_html(tag);
                    self.pop();
                }
            }
            _ => return self.fostering(token),
        }
        Next::Done
    }

    fn in_table_end(&mut self, tag: Tag, token: &mut Token) -> Next {
        match tag {
            Tag::Table => {
                self.end_table();
                Next::Done
            }
            Tag::Body
            | Tag::Caption
            | Tag::Col
            | Tag::Colgroup
            | Tag::Html
            | Tag::Tbody
            | Tag::Td
            | Tag::Tfoot
            | Tag::Th
            | Tag::Thead
            | Tag::Tr => Next::Done,
            Tag::Template => self.in_head(token),
            _ => self.fostering(token),
        }
    }

    /// Closes the table; false if there is none.
    fn end_table(&mut self) -> bool {
        let is_there = self.stack.has(scope::TABLE);
        if is_there {
            self.pop_until(Tag::Table);
            self.reset_mode();
        }
        is_there
    }

    pub(super) fn in_table_text(&mut self, token: &mut Token) -> Next {
        if let Token::Text(text) = *token {
            let is_nothing = text.flags & flag::NUL != 0 && self.text_of(&text).bytes().all(|b| b == 0);
            if !is_nothing {
                self.table_text.push(text);
            }
            return Next::Done;
        }
        let is_all_space = self.table_text.iter().all(|text| self.is_space_and_nuls(text));
        for index in 0..self.table_text.len() {
            let text = self.table_text[index];
            if is_all_space {
                self.insert_text(&text);
            } else {
                self.is_fostering = true;
                self.body_text(&text);
                self.is_fostering = false;
            }
        }
        self.table_text.clear();
        self.switch_to(self.original_mode);
        Next::Again
    }

    /// Whether a text is white space once its NULs are gone.
    fn is_space_and_nuls(&self, text: &Text) -> bool {
        self.is_all_space(text) || text.flags & flag::NUL != 0 && !self.rules_out_frameset(text)
    }

    pub(super) fn in_caption(&mut self, token: &mut Token) -> Next {
        match *token {
            Token::Start(tag) => match tag.tag {
                Tag::Caption | Tag::Col | Tag::Colgroup | Tag::Tbody | Tag::Td | Tag::Tfoot | Tag::Th | Tag::Thead | Tag::Tr => {
                    if self.end_caption() { Next::Again } else { Next::Done }
                }
                _ => self.in_body(token),
            },
            Token::End(tag) => match tag.tag {
                Tag::Caption => {
                    self.end_caption();
                    Next::Done
                }
                Tag::Table => {
                    if self.end_caption() {
                        Next::Again
                    } else {
                        Next::Done
                    }
                }
                Tag::Body | Tag::Col | Tag::Colgroup | Tag::Html | Tag::Tbody | Tag::Td | Tag::Tfoot | Tag::Th | Tag::Thead | Tag::Tr => {
                    Next::Done
                }
                _ => self.in_body(token),
            },
            _ => self.in_body(token),
        }
    }

    /// Closes the caption; false if there is none.
    fn end_caption(&mut self) -> bool {
        let is_there = self.stack.has(scope::CAPTION);
        if is_there {
            self.close_implied();
            self.pop_until(Tag::Caption);
            self.formatting.clear_to_marker();
            self.switch_to(Mode::InTable);
        }
        is_there
    }

    pub(super) fn in_column_group(&mut self, token: &mut Token) -> Next {
        if self.insert_leading_space(token) {
            return Next::Done;
        }
        match *token {
            Token::Comment(comment) => {
                self.insert_comment(comment);
                return Next::Done;
            }
            Token::Doctype(_) => return Next::Done,
            Token::Start(tag) => match tag.tag {
                Tag::Html => return self.in_body(token),
                Tag::Col => {
                    self.insert_void(&tag);
                    return Next::Done;
                }
                Tag::Template => return self.in_head(token),
                _ => {}
            },
            Token::End(tag) => match tag.tag {
                Tag::Colgroup => {
                    self.end_column_group();
                    return Next::Done;
                }
                Tag::Col => return Next::Done,
                Tag::Template => return self.in_head(token),
                _ => {}
            },
            Token::Eof => return self.in_body(token),
            Token::Text(text) if self.current() != Tag::Colgroup => {
                // In a template there is nothing to close; white space stays all the same.
                self.insert_only_space(text);
                return Next::Done;
            }
            Token::Text(_) => {}
        }
        if self.end_column_group() { Next::Again } else { Next::Done }
    }

    /// Closes the column group; false if the current node is none.
    fn end_column_group(&mut self) -> bool {
        let is_there = self.current() == Tag::Colgroup;
        if is_there {
            self.pop();
            self.switch_to(Mode::InTable);
        }
        is_there
    }
}
