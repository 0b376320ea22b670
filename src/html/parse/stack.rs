//! The stack of open elements.
//!
//! Each entry knows what is in scope from where it stands (see [`props`](super::props)), so that
//! nothing walks the stack to find out that there is nothing to find. What does walk goes no
//! further than [`WALK_LIMIT`] entries, which only pages that nest deeper than any tree of ours
//! can tell.

use super::props::{Props, list};
use crate::html::names::{Namespace, Tag};
use crate::html::tree::MAX_DEPTH;

/// How far walks down the stack go.
pub(super) const WALK_LIMIT: usize = MAX_DEPTH;

/// How content of a foreign element is to be taken.
pub(super) mod kind {
    /// An element of SVG or `MathML`.
    pub(in crate::html::parse) const FOREIGN: u8 = 1;
    /// `MathML` where HTML text may stand: `mi`, `mtext` and so on.
    pub(in crate::html::parse) const MATH_TEXT: u8 = 1 << 1;
    /// Where HTML may stand: `foreignObject`, SVG's `title`.
    pub(in crate::html::parse) const HTML_POINT: u8 = 1 << 2;
    /// `MathML`'s `annotation-xml`, where SVG may stand.
    pub(in crate::html::parse) const ANNOTATION: u8 = 1 << 3;
}

/// An open element.
#[derive(Clone, Copy, Debug)]
pub(super) struct Open {
    pub(super) node: u32,
    /// The HTML element; `Unknown` for foreign ones, whose names mean nothing to HTML.
    pub(super) tag: Tag,
    pub(super) namespace: Namespace,
    /// Of [`kind`].
    pub(super) kind: u8,
    /// Of [`list`].
    pub(super) lists: u8,
    shows: u64,
    hides: u64,
    /// What is in scope; of [`scope`](super::props::scope).
    scope: u64,
}

impl Open {
    /// An HTML element.
    #[inline]
    pub(super) fn html(node: u32, tag: Tag) -> Self {
        Self::new(node, tag, Namespace::Html, 0, Props::of(tag))
    }

    /// An element of SVG or `MathML`.
    pub(super) fn foreign(node: u32, namespace: Namespace, kind: u8) -> Self {
        let is_boundary = kind & (kind::MATH_TEXT | kind::HTML_POINT | kind::ANNOTATION) != 0;
        let props = if is_boundary { &Props::FOREIGN_BOUNDARY } else { &Props::ORDINARY };
        Self::new(node, Tag::Unknown, namespace, kind | kind::FOREIGN, props)
    }

    #[inline]
    fn new(node: u32, tag: Tag, namespace: Namespace, kind: u8, props: &Props) -> Self {
        let &Props { lists, shows, hides } = props;
        Self { node, tag, namespace, kind, lists, shows, hides, scope: 0 }
    }

    pub(super) fn is_special(&self) -> bool {
        self.lists & list::SPECIAL != 0
    }

    pub(super) fn is_foreign(&self) -> bool {
        self.kind & kind::FOREIGN != 0
    }
}

/// The open elements, `html` first.
#[derive(Debug, Default)]
pub(super) struct Stack {
    entries: Vec<Open>,
}

impl Stack {
    pub(super) fn clear(&mut self) {
        self.entries.clear();
    }

    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    #[inline]
    pub(super) fn push(&mut self, mut open: Open) {
        let below = self.entries.last().map_or(0, |below| below.scope);
        open.scope = below & !open.hides | open.shows;
        self.entries.push(open);
    }

    #[inline]
    pub(super) fn pop(&mut self) -> Option<Open> {
        self.entries.pop()
    }

    /// The current node.
    #[inline]
    pub(super) fn top(&self) -> Option<&Open> {
        self.entries.last()
    }

    #[inline]
    pub(super) fn get(&self, index: usize) -> Option<&Open> {
        self.entries.get(index)
    }

    /// The tag of the current node.
    #[inline]
    pub(super) fn top_tag(&self) -> Tag {
        self.entries.last().map_or(Tag::Document, |top| top.tag)
    }

    /// Whether any of the elements of a set is in scope.
    #[inline]
    pub(super) fn has(&self, bits: u64) -> bool {
        self.entries.last().is_some_and(|top| top.scope & bits != 0)
    }

    /// The entries from the top down, as far as walks go.
    pub(super) fn walk(&self) -> impl Iterator<Item = (usize, &Open)> {
        self.entries.iter().enumerate().rev().take(WALK_LIMIT)
    }

    /// Where a node stands.
    pub(super) fn position(&self, node: u32) -> Option<usize> {
        self.walk().find(|(_, open)| open.node == node).map(|(index, _)| index)
    }

    /// Whether the element at `index` is in scope.
    pub(super) fn is_in_scope(&self, index: usize) -> bool {
        self.entries[index + 1..].iter().all(|open| open.lists & list::SCOPE == 0)
    }

    /// Takes an element out of the middle.
    pub(super) fn remove(&mut self, index: usize) -> Open {
        let open = self.entries.remove(index);
        self.update_from(index);
        open
    }

    pub(super) fn insert(&mut self, index: usize, open: Open) {
        self.entries.insert(index, open);
        self.update_from(index);
    }

    /// Puts another node in an element's place.
    pub(super) fn replace_node(&mut self, index: usize, node: u32) {
        self.entries[index].node = node;
    }

    fn update_from(&mut self, index: usize) {
        let mut below = match index {
            0 => 0,
            _ => self.entries[index - 1].scope,
        };
        for open in &mut self.entries[index..] {
            open.scope = below & !open.hides | open.shows;
            below = open.scope;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::html::parse::props::scope;

    fn stack_of(tags: &[Tag]) -> Stack {
        let mut stack = Stack::default();
        for (node, &tag) in (0..).zip(tags) {
            stack.push(Open::html(node, tag));
        }
        stack
    }

    #[test]
    fn button_hides_a_paragraph_but_not_a_list_item() {
        let stack = stack_of(&[Tag::Html, Tag::Body, Tag::Ul, Tag::Li, Tag::P, Tag::Button]);
        assert!(!stack.has(scope::P));
        assert!(stack.has(scope::LI));
        assert!(stack.has(scope::of(Tag::Button)));
    }

    #[test]
    fn cell_hides_everything_but_the_table() {
        let mut stack = stack_of(&[Tag::Html, Tag::Body, Tag::Div, Tag::P, Tag::Table, Tag::Td]);
        assert!(!stack.has(scope::P | scope::of(Tag::Div) | scope::of(Tag::Body)));
        assert!(stack.has(scope::TABLE));
        stack.pop();
        stack.pop();
        assert!(stack.has(scope::P) && stack.has(scope::of(Tag::Div)));
    }

    #[test]
    fn new_item_closes_one_through_divs_but_not_through_lists() {
        assert!(stack_of(&[Tag::Html, Tag::Li, Tag::Div, Tag::P]).has(scope::LI_TO_CLOSE));
        assert!(!stack_of(&[Tag::Html, Tag::Li, Tag::Ul]).has(scope::LI_TO_CLOSE));
    }

    #[test]
    fn removal_from_the_middle_changes_what_is_in_scope() {
        let mut stack = stack_of(&[Tag::Html, Tag::P, Tag::Button, Tag::Span]);
        stack.remove(2);
        assert!(stack.has(scope::P));
        stack.remove(1);
        assert!(!stack.has(scope::P));
    }
}
