//! Templates: their content is parsed as if it stood where it will be used.
//!
//! In our tree that content is the template's children; no walk that looks for visible text enters
//! them.

use super::{Builder, Mode, Next};
use crate::html::names::Tag;
use crate::html::parse::tokenizer::{TagToken, Token};

impl Builder<'_> {
    pub(super) fn start_template(&mut self, tag: &TagToken) {
        self.insert_html(tag);
        self.formatting.push_marker();
        self.is_frameset_ok = false;
        self.switch_to(Mode::InTemplate);
        self.template_modes.push(Mode::InTemplate);
    }

    pub(super) fn end_template(&mut self) {
        if !self.is_in_template() {
            return;
        }
        self.close_implied_thoroughly();
        self.pop_until(Tag::Template);
        self.formatting.clear_to_marker();
        self.template_modes.pop();
        self.reset_mode();
    }

    pub(super) fn in_template(&mut self, token: &mut Token) -> Next {
        match *token {
            Token::Text(_) | Token::Comment(_) | Token::Doctype(_) => self.in_body(token),
            Token::Start(tag) => self.in_template_start(tag.tag, token),
            Token::End(tag) if tag.tag == Tag::Template => self.in_head(token),
            Token::End(_) => Next::Done,
            Token::Eof => {
                if !self.is_in_template() {
                    return Next::Done;
                }
                self.pop_until(Tag::Template);
                self.formatting.clear_to_marker();
                self.template_modes.pop();
                self.reset_mode();
                Next::Again
            }
        }
    }

    /// The first tag decides what kind of content it is.
    fn in_template_start(&mut self, tag: Tag, token: &mut Token) -> Next {
        let mode = match tag {
            Tag::Base
            | Tag::Basefont
            | Tag::Bgsound
            | Tag::Link
            | Tag::Meta
            | Tag::Noframes
            | Tag::Script
            | Tag::Style
            | Tag::Template
            | Tag::Title => return self.in_head(token),
            Tag::Caption | Tag::Colgroup | Tag::Tbody | Tag::Tfoot | Tag::Thead => Mode::InTable,
            Tag::Col => Mode::InColumnGroup,
            Tag::Tr => Mode::InTableBody,
            Tag::Td | Tag::Th => Mode::InRow,
            _ => Mode::InBody,
        };
        self.template_modes.pop();
        self.template_modes.push(mode);
        self.switch_to(mode);
        Next::Again
    }
}
