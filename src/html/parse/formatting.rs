//! The list of active formatting elements: what makes `<b>one<p>two</b>three` come out right.
//!
//! A `<b>` that was not closed in its paragraph goes on in the next. The list remembers which
//! elements are to go on; a table cell or an object puts a marker in it, behind which a new list
//! begins.
//!
//! Three elements that are the same are remembered, not more (the standard's Noah's Ark). Ours is
//! also bounded as a whole, see [`MAX_ACTIVE`].

use crate::html::names::Tag;
use crate::html::tree::MAX_DEPTH;

/// How many elements are remembered behind a marker; the oldest go first. Nested formatting does
/// not come near it, and hostile pages would have every paragraph repeat thousands.
const MAX_ACTIVE: usize = 96;

/// An entry of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Active {
    Marker,
    Element { node: u32, tag: Tag },
}

/// The list, oldest first.
#[derive(Debug, Default)]
pub(super) struct Formatting {
    entries: Vec<Active>,
}

impl Formatting {
    pub(super) fn clear(&mut self) {
        self.entries.clear();
    }

    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    #[inline]
    pub(super) fn get(&self, index: usize) -> Option<Active> {
        self.entries.get(index).copied()
    }

    #[inline]
    pub(super) fn last(&self) -> Option<Active> {
        self.entries.last().copied()
    }

    pub(super) fn push_marker(&mut self) {
        self.entries.push(Active::Marker);
    }

    /// Forgets everything up to the last marker.
    pub(super) fn clear_to_marker(&mut self) {
        while let Some(entry) = self.entries.pop() {
            if entry == Active::Marker {
                break;
            }
        }
    }

    /// The elements behind the last marker, the newest first, each with its place.
    pub(super) fn since_marker(&self) -> impl Iterator<Item = (usize, u32, Tag)> {
        self.entries.iter().enumerate().rev().map_while(|(index, entry)| match *entry {
            Active::Marker => None,
            Active::Element { node, tag } => Some((index, node, tag)),
        })
    }

    /// Adds an element. `is_same` compares it with one that is in the list already: when there are
    /// three of its kind, the oldest has to go.
    pub(super) fn push(&mut self, node: u32, tag: Tag, is_same: impl Fn(u32) -> bool) {
        let third = self.since_marker().filter(|&(_, other, other_tag)| other_tag == tag && is_same(other)).nth(2).map(|(index, ..)| index);
        if let Some(index) = third {
            self.entries.remove(index);
        }
        let oldest = self.since_marker().nth(MAX_ACTIVE - 1).map(|(index, ..)| index);
        if let Some(index) = oldest {
            self.entries.remove(index);
        }
        self.entries.push(Active::Element { node, tag });
    }

    /// Where an element is remembered; looked for as far as elements nest.
    pub(super) fn position(&self, node: u32) -> Option<usize> {
        let is_it = |entry: &Active| matches!(entry, Active::Element { node: n, .. } if *n == node);
        self.entries.iter().enumerate().rev().take(MAX_DEPTH).find(|(_, entry)| is_it(entry)).map(|(index, _)| index)
    }

    pub(super) fn insert(&mut self, index: usize, node: u32, tag: Tag) {
        self.entries.insert(index, Active::Element { node, tag });
    }

    pub(super) fn remove(&mut self, index: usize) {
        self.entries.remove(index);
    }

    pub(super) fn replace_node(&mut self, index: usize, new: u32) {
        if let Some(Active::Element { node, .. }) = self.entries.get_mut(index) {
            *node = new;
        }
    }
}
