//! `<select>` by the current and by the classic rules.
//!
//! Today anything may stand in a `<select>`, and its rules are a few exceptions in the body. Until
//! 2025 it had two modes of its own, which ignored nearly every tag.

use super::{Builder, Mode, Next};
use crate::html::names::{Namespace, Tag};
use crate::html::parse::props::scope;
use crate::html::parse::stack::WALK_LIMIT;
use crate::html::parse::tokenizer::{TagToken, Text, Token};
use crate::html::parse::{Context, SelectRules};
use crate::html::tree::flag;

impl Builder<'_> {
    pub(super) fn has_classic_select(&self) -> bool {
        self.options.select == SelectRules::Classic
    }

    fn is_fragment_of_select(&self) -> bool {
        self.context == Some(Context { tag: Tag::Select, namespace: Namespace::Html })
    }

    pub(super) fn start_select(&mut self, tag: &TagToken) {
        if self.has_classic_select() {
            self.start_classic_select(tag);
            return;
        }
        if self.is_fragment_of_select() {
            return;
        }
        if self.stack.has(scope::of(Tag::Select)) {
            self.pop_until(Tag::Select);
            return;
        }
        self.reopen_formatting();
        self.insert_html(tag);
        self.is_frameset_ok = false;
    }

    /// An `<input>` ends a `<select>`; false if the input is to be ignored.
    pub(super) fn close_select_for_input(&mut self) -> bool {
        if self.has_classic_select() {
            return true;
        }
        if self.is_fragment_of_select() {
            return false;
        }
        if self.stack.has(scope::of(Tag::Select)) {
            self.pop_until(Tag::Select);
        }
        true
    }

    /// An `<hr>` ends the option that it stands in.
    pub(super) fn close_options_for_hr(&mut self) {
        if !self.has_classic_select() && self.stack.has(scope::of(Tag::Select)) {
            self.close_implied();
        }
    }

    pub(super) fn start_option(&mut self, tag: &TagToken) {
        if !self.has_classic_select() && self.stack.has(scope::of(Tag::Select)) {
            if tag.tag == Tag::Option {
                self.close_implied_but(Tag::Optgroup);
            } else {
                self.close_implied();
            }
        } else if self.current() == Tag::Option {
            self.pop();
        }
        self.reopen_formatting();
        self.insert_html(tag);
    }

    fn start_classic_select(&mut self, tag: &TagToken) {
        self.reopen_formatting();
        self.insert_html(tag);
        self.is_frameset_ok = false;
        let is_in_table = matches!(self.mode, Mode::InTable | Mode::InCaption | Mode::InTableBody | Mode::InRow | Mode::InCell);
        self.switch_to(if is_in_table { Mode::InSelectInTable } else { Mode::InSelect });
    }

    /// The mode inside a `<select>`: another one if there is a table around it.
    pub(super) fn mode_inside_select(&self, index: usize) -> Mode {
        for ancestor in (1..index).rev().take(WALK_LIMIT) {
            match self.stack.get(ancestor).map(|open| open.tag) {
                Some(Tag::Template) => break,
                Some(Tag::Table) => return Mode::InSelectInTable,
                _ => {}
            }
        }
        Mode::InSelect
    }

    pub(super) fn in_select(&mut self, token: &mut Token) -> Next {
        match *token {
            Token::Text(text) => self.insert_select_text(&text),
            Token::Comment(comment) => self.insert_comment(comment),
            Token::Doctype(_) => {}
            Token::Start(tag) => return self.in_select_start(&tag, token),
            Token::End(tag) => return self.in_select_end(tag.tag, token),
            Token::Eof => return self.in_body(token),
        }
        Next::Done
    }

    fn insert_select_text(&mut self, text: &Text) {
        let is_nothing = text.flags & flag::NUL != 0 && self.text_of(text).bytes().all(|b| b == 0);
        if !is_nothing {
            self.insert_text(text);
        }
    }

    fn close_option(&mut self) {
        if self.current() == Tag::Option {
            self.pop();
        }
    }

    fn close_options(&mut self) {
        self.close_option();
        if self.current() == Tag::Optgroup {
            self.pop();
        }
    }

    fn in_select_start(&mut self, tag: &TagToken, token: &mut Token) -> Next {
        match tag.tag {
            Tag::Html => return self.in_body(token),
            Tag::Option => {
                self.close_option();
                self.insert_html(tag);
            }
            Tag::Optgroup => {
                self.close_options();
                self.insert_html(tag);
            }
            Tag::Hr => {
                self.close_options();
                self.insert_void(tag);
            }
            Tag::Select => {
                self.end_classic_select();
            }
            Tag::Input | Tag::Keygen | Tag::Textarea if self.end_classic_select() => {
                return Next::Again;
            }
            Tag::Script | Tag::Template => return self.in_head(token),
            _ => {}
        }
        Next::Done
    }

    fn in_select_end(&mut self, tag: Tag, token: &mut Token) -> Next {
        match tag {
            Tag::Optgroup => {
                let below = self.stack.len().checked_sub(2).and_then(|index| self.stack.get(index));
                if below.is_some_and(|open| open.tag == Tag::Optgroup) {
                    self.close_option();
                }
                if self.current() == Tag::Optgroup {
                    self.pop();
                }
            }
            Tag::Option => self.close_option(),
            Tag::Select => {
                self.end_classic_select();
            }
            Tag::Template => return self.in_head(token),
            _ => {}
        }
        Next::Done
    }

    /// Closes the `<select>`; false if there is none.
    fn end_classic_select(&mut self) -> bool {
        let is_there = self.stack.has(scope::SELECT);
        if is_there {
            self.pop_until(Tag::Select);
            self.reset_mode();
        }
        is_there
    }

    pub(super) fn in_select_in_table(&mut self, token: &mut Token) -> Next {
        let is_table_tag =
            |tag: Tag| matches!(tag, Tag::Caption | Tag::Table | Tag::Tbody | Tag::Tfoot | Tag::Thead | Tag::Tr | Tag::Td | Tag::Th);
        match *token {
            Token::Start(tag) if is_table_tag(tag.tag) => {}
            Token::End(tag) if is_table_tag(tag.tag) => {
                if !self.stack.has(super::table::table_scope_of(tag.tag)) {
                    return Next::Done;
                }
            }
            _ => return self.in_select(token),
        }
        self.pop_until(Tag::Select);
        self.reset_mode();
        Next::Again
    }
}
