//! SVG and `MathML`: other names, other rules, and the ways back to HTML.

use super::{Builder, Next};
use crate::html::names::{Attr, Namespace, Tag};
use crate::html::parse::stack::{Open, WALK_LIMIT, kind};
use crate::html::parse::tokenizer::{TagToken, Token};
use crate::html::tree::flag;

/// The kind of a foreign element by its name alone.
pub(super) fn kind_of(namespace: Namespace, tag: Tag) -> u8 {
    match (namespace, tag) {
        (Namespace::MathMl, Tag::Mi | Tag::Mn | Tag::Mo | Tag::Ms | Tag::Mtext) => kind::MATH_TEXT,
        (Namespace::MathMl, Tag::AnnotationXml) => kind::ANNOTATION,
        (Namespace::Svg, Tag::Desc | Tag::ForeignObject | Tag::Title) => kind::HTML_POINT,
        _ => 0,
    }
}

impl Builder<'_> {
    /// The kind of a foreign element that is being inserted.
    pub(super) fn foreign_kind(&self, namespace: Namespace, tag: &TagToken) -> u8 {
        let mut kind = kind_of(namespace, tag.tag);
        let html = ["text/html", "application/xhtml+xml"];
        if kind == kind::ANNOTATION && self.attr_is(tag, Attr::Encoding, &html) {
            kind |= kind::HTML_POINT;
        }
        kind
    }

    /// Whether a token is foreign content, given that the current node is foreign.
    pub(super) fn is_foreign_content(&self, token: &Token) -> bool {
        let Some(top) = self.stack.top() else {
            return false;
        };
        let is_html_here = match token {
            Token::Eof => true,
            Token::Text(_) => top.kind & (kind::MATH_TEXT | kind::HTML_POINT) != 0,
            Token::Start(tag) => {
                top.kind & kind::HTML_POINT != 0
                    || top.kind & kind::MATH_TEXT != 0 && !matches!(tag.tag, Tag::Mglyph | Tag::Malignmark)
                    || top.kind & kind::ANNOTATION != 0 && tag.tag == Tag::Svg
            }
            _ => false,
        };
        !is_html_here
    }

    pub(super) fn in_foreign_content(&mut self, token: &mut Token) -> Next {
        match *token {
            Token::Text(mut text) => {
                text.flags |= flag::SHOW_NUL;
                self.insert_text(&text);
                if self.is_frameset_ok && self.rules_out_frameset(&text) {
                    self.is_frameset_ok = false;
                }
            }
            Token::Comment(comment) => self.insert_comment(comment),
            Token::Doctype(_) | Token::Eof => {}
            Token::Start(tag) => {
                if self.breaks_out(&tag) {
                    return self.leave_foreign_content(token);
                }
                let namespace = self.stack.top().map_or(Namespace::Html, |top| top.namespace);
                self.insert_foreign(&tag, namespace);
            }
            Token::End(tag) => {
                if matches!(tag.tag, Tag::Br | Tag::P) {
                    return self.leave_foreign_content(token);
                }
                return self.end_foreign(&tag, token);
            }
        }
        Next::Done
    }

    /// Closes foreign elements until HTML may stand here.
    fn leave_foreign_content(&mut self, token: &mut Token) -> Next {
        let is_foreign = |top: &Open| top.is_foreign() && top.kind & (kind::MATH_TEXT | kind::HTML_POINT) == 0;
        while self.stack.len() > 1 && self.stack.top().is_some_and(is_foreign) {
            self.pop();
        }
        self.by_mode(token)
    }

    /// Whether a start tag is one of HTML's that can't be meant as foreign.
    #[rustfmt::skip]
    fn breaks_out(&self, tag: &TagToken) -> bool {
        match tag.tag {
            Tag::B | Tag::Big | Tag::Blockquote | Tag::Body | Tag::Br | Tag::Center | Tag::Code
            | Tag::Dd | Tag::Div | Tag::Dl | Tag::Dt | Tag::Em | Tag::Embed | Tag::H1 | Tag::H2
            | Tag::H3 | Tag::H4 | Tag::H5 | Tag::H6 | Tag::Head | Tag::Hr | Tag::I | Tag::Img
            | Tag::Li | Tag::Listing | Tag::Menu | Tag::Meta | Tag::Nobr | Tag::Ol | Tag::P
            | Tag::Pre | Tag::Ruby | Tag::S | Tag::Small | Tag::Span | Tag::Strong | Tag::Strike
            | Tag::Sub | Tag::Sup | Tag::Table | Tag::Tt | Tag::U | Tag::Ul | Tag::Var => true,
            Tag::Font => self.draft.attrs_from(tag.attrs).iter().any(|attr| {
                matches!(attr.name, Attr::Color | Attr::Face | Attr::Size)
            }),
            _ => false,
        }
    }

    /// Closes the nearest foreign element by that name; what HTML elements there are first get
    /// to see the tag.
    fn end_foreign(&mut self, tag: &TagToken, token: &mut Token) -> Next {
        let name = self.name_of(tag, true);
        let mut index = self.stack.len();
        for _ in 0..WALK_LIMIT {
            index -= 1;
            // The first element is that of the fragment's context, or `html`.
            let Some(open) = self.stack.get(index).filter(|_| index > 0) else {
                break;
            };
            if !open.is_foreign() {
                return self.by_mode(token);
            }
            if self.is_written_as(open.node, name) {
                while self.stack.len() > index {
                    self.pop();
                }
                break;
            }
        }
        Next::Done
    }
}
