//! Text as a reader sees it: character references, line ends and NULs, decoded on demand.

use std::borrow::Cow;

use super::{NodeId, Tree, flag};
use crate::html::entities;
use crate::html::names::{Namespace, Tag};

/// What becomes of a NUL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::html) enum Nul {
    /// It vanishes, as in the body of a page.
    Drop,
    /// It becomes U+FFFD.
    Show,
}

/// Where a text stands, as far as decoding is concerned.
#[derive(Clone, Copy, Debug)]
pub(in crate::html) struct Decoding {
    pub(in crate::html) has_entities: bool,
    pub(in crate::html) is_attribute: bool,
    pub(in crate::html) nul: Nul,
}

impl Tree<'_> {
    /// Returns the decoded text of a text node, the content of a comment, and `""` for anything
    /// else. Borrowed unless there was something to decode.
    #[must_use]
    pub fn text(&self, id: NodeId) -> Cow<'_, str> {
        let node = self.node(id);
        if !matches!(node.tag, Tag::Text | Tag::Comment) {
            return Cow::Borrowed("");
        }
        let raw = self.span(node.start, node.stop);
        if node.flags & (flag::ENTITY | flag::CR | flag::NUL) == 0 {
            return Cow::Borrowed(raw);
        }
        let nul = if node.flags & flag::SHOW_NUL == 0 { Nul::Drop } else { Nul::Show };
        let has_entities = node.flags & flag::ENTITY != 0;
        decode(raw, Decoding { has_entities, is_attribute: false, nul })
    }

    /// Returns all text below `id`, decoded and joined as it stands.
    #[must_use]
    pub fn text_content(&self, id: NodeId) -> String {
        let mut content = String::new();
        for text in self.descendants(id).filter(|&id| self.is_text(id)) {
            content.push_str(&self.text(text));
        }
        content
    }

    /// Returns the text nodes below `id` that a browser without scripts would show: none in
    /// `head`, `script`, `style`, `template`, `iframe` and the like.
    #[must_use]
    pub fn visible_text(&self, id: NodeId) -> VisibleText<'_> {
        VisibleText { tree: self, next: id.0, end: self.node(id).end }
    }

    /// Says whether nothing in this element is ever shown by itself.
    #[must_use]
    pub fn is_unseen(&self, id: NodeId) -> bool {
        let unseen =
            matches!(self.tag(id), Tag::Head | Tag::Iframe | Tag::Noembed | Tag::Noframes | Tag::Script | Tag::Style | Tag::Template);
        unseen && self.namespace(id) == Namespace::Html
    }
}

/// The visible text nodes of a subtree; from [`Tree::visible_text`].
#[derive(Clone, Debug)]
pub struct VisibleText<'t> {
    tree: &'t Tree<'t>,
    next: u32,
    end: u32,
}

impl Iterator for VisibleText<'_> {
    type Item = NodeId;

    fn next(&mut self) -> Option<NodeId> {
        while self.next < self.end {
            let id = NodeId(self.next);
            self.next += 1;
            if self.tree.is_text(id) {
                return Some(id);
            }
            if self.tree.is_unseen(id) {
                self.next = self.tree.node(id).end;
            }
        }
        None
    }
}

/// Decodes an attribute's value.
pub(in crate::html) fn decode_attr(raw: &str) -> Cow<'_, str> {
    decode(raw, Decoding { has_entities: true, is_attribute: true, nul: Nul::Show })
}

/// Decodes a span of the source: references, `\r\n` and `\r`, NULs.
pub(in crate::html) fn decode(raw: &str, how: Decoding) -> Cow<'_, str> {
    let find = |text: &str| memchr::memchr3(b'&', b'\r', 0, text.as_bytes());
    if find(raw).is_none() {
        return Cow::Borrowed(raw);
    }
    let mut decoded = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(at) = find(rest) {
        decoded.push_str(&rest[..at]);
        let length = decode_one(&rest[at..], how, &mut decoded);
        rest = &rest[at + length..];
    }
    decoded.push_str(rest);
    Cow::Owned(decoded)
}

/// Decodes what stands at the start of `rest` and returns its length there.
fn decode_one(rest: &str, how: Decoding, decoded: &mut String) -> usize {
    match rest.as_bytes()[0] {
        b'&' if how.has_entities => {
            if let Some(reference) = entities::read(rest, how.is_attribute) {
                reference.push_to(decoded);
                return reference.length;
            }
            decoded.push('&');
        }
        b'\r' => {
            decoded.push('\n');
            return if rest.as_bytes().get(1) == Some(&b'\n') { 2 } else { 1 };
        }
        0 if how.nul == Nul::Drop => {}
        0 => decoded.push('\u{FFFD}'),
        _ => decoded.push('&'),
    }
    1
}
