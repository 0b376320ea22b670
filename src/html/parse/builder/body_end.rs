//! The body: end tags.

use super::{Builder, Mode, Next};
use crate::html::names::Tag;
use crate::html::parse::props::{list, scope};
use crate::html::parse::tokenizer::{TagToken, Token};
use crate::html::tree::NONE;

impl Builder<'_> {
    /// End tags, the commonest first.
    pub(super) fn body_end(&mut self, tag: &TagToken, token: &mut Token) -> Next {
        match tag.tag {
            Tag::A
            | Tag::B
            | Tag::Big
            | Tag::Code
            | Tag::Em
            | Tag::Font
            | Tag::I
            | Tag::Nobr
            | Tag::S
            | Tag::Small
            | Tag::Strike
            | Tag::Strong
            | Tag::Tt
            | Tag::U => {
                if !self.close_formatting(tag.tag) {
                    self.end_any(tag);
                }
            }
            Tag::Address
            | Tag::Article
            | Tag::Aside
            | Tag::Blockquote
            | Tag::Button
            | Tag::Center
            | Tag::Details
            | Tag::Dialog
            | Tag::Dir
            | Tag::Div
            | Tag::Dl
            | Tag::Fieldset
            | Tag::Figcaption
            | Tag::Figure
            | Tag::Footer
            | Tag::Header
            | Tag::Hgroup
            | Tag::Listing
            | Tag::Main
            | Tag::Menu
            | Tag::Nav
            | Tag::Ol
            | Tag::Pre
            | Tag::Search
            | Tag::Section
            | Tag::Select
            | Tag::Summary
            | Tag::Ul => {
                self.end_block(tag.tag);
            }
            Tag::Li => {
                if self.stack.has(scope::LI) {
                    self.close_implied_but(Tag::Li);
                    self.pop_until(Tag::Li);
                }
            }
            Tag::P => {
                if !self.stack.has(scope::P) {
                    self.insert_implied(Tag::P);
                }
                self.close_p();
            }
            _ => return self.body_end_rarer(tag, token),
        }
        Next::Done
    }

    fn body_end_rarer(&mut self, tag: &TagToken, token: &mut Token) -> Next {
        match tag.tag {
            Tag::Template => return self.in_head(token),
            Tag::Body | Tag::Html => return self.end_body(tag.tag),
            Tag::Form => self.end_form(),
            Tag::Dd | Tag::Dt => {
                if self.stack.has(scope::of(tag.tag)) {
                    self.close_implied_but(tag.tag);
                    self.pop_until(tag.tag);
                }
            }
            Tag::H1 | Tag::H2 | Tag::H3 | Tag::H4 | Tag::H5 | Tag::H6 => {
                if self.stack.has(scope::HEADING) {
                    self.close_implied();
                    self.pop_until_any(is_heading);
                }
            }
            Tag::Applet | Tag::Marquee | Tag::Object => {
                if self.stack.has(scope::of(tag.tag)) {
                    self.close_implied();
                    self.pop_until(tag.tag);
                    self.formatting.clear_to_marker();
                }
            }
            Tag::Br => {
                // `</br>` is `<br>`, without its attributes.
                *token = Token::Start(TagToken { attrs: NONE, ..*tag });
                return Next::Again;
            }
            _ => self.end_any(tag),
        }
        Next::Done
    }

    fn end_block(&mut self, tag: Tag) {
        if self.stack.has(scope::of(tag)) {
            self.close_implied();
            self.pop_until(tag);
        }
    }

    /// `</body>` and `</html>` close nothing yet; what follows may still belong into the body.
    fn end_body(&mut self, tag: Tag) -> Next {
        if !self.stack.has(scope::of(Tag::Body)) {
            return Next::Done;
        }
        self.switch_to(Mode::AfterBody);
        if tag == Tag::Html { Next::Again } else { Next::Done }
    }

    fn end_form(&mut self) {
        if self.is_in_template() {
            self.end_block(Tag::Form);
            return;
        }
        let form = std::mem::replace(&mut self.form, NONE);
        let Some(index) = self.stack.position(form) else {
            return;
        };
        if form != NONE && form != 0 && self.stack.is_in_scope(index) {
            self.close_implied();
            self.close_in_the_middle(form);
        }
    }

    /// Any other end tag: closes the nearest element by that name, unless a special one is nearer.
    pub(super) fn end_any(&mut self, tag: &TagToken) {
        let name = self.name_of(tag, true);
        let mut found = None;
        for (index, open) in self.stack.walk() {
            let is_it = open.tag == tag.tag && !open.is_foreign() && (tag.tag != Tag::Unknown || self.is_written_as(open.node, name));
            if is_it {
                found = Some(index);
                break;
            }
            if open.lists & list::SPECIAL != 0 {
                return;
            }
        }
        let Some(index) = found else { return };
        if tag.tag == Tag::Unknown {
            self.close_implied();
        } else {
            self.close_implied_but(tag.tag);
        }
        while self.stack.len() > index {
            self.pop();
        }
    }

    /// Whether an element stands in the source by a name, in any case.
    pub(super) fn is_written_as(&self, node: u32, name: &str) -> bool {
        let node = self.draft.node(node);
        let source = self.tokens.source().as_bytes();
        let start = node.start as usize + 1;
        let Some(written) = source.get(start..start + name.len()) else {
            return false;
        };
        written.eq_ignore_ascii_case(name.as_bytes()) && source.get(start + name.len()).is_some_and(|&b| crate::html::names::is_name_end(b))
    }
}

fn is_heading(tag: Tag) -> bool {
    matches!(tag, Tag::H1 | Tag::H2 | Tag::H3 | Tag::H4 | Tag::H5 | Tag::H6)
}
