//! Overlapping formatting: `<b>one<p>two</b>three</p>`.
//!
//! The end tag `</b>` comes while a paragraph is open that was opened after `<b>`. The adoption
//! agency algorithm makes this of it: `<b>one</b><p><b>two</b>three</p>`. The paragraph is the
//! "furthest block"; it moves out of the `<b>`, and what it has had so far moves into a copy.

use super::Builder;
use super::insert::Place;
use crate::html::names::Tag;
use crate::html::parse::props::list;
use crate::html::parse::stack::Open;
use crate::html::tree::{AttrSpan, Draft, flag};

/// How often the algorithm is applied for one end tag, by the standard.
const ROUNDS: usize = 8;
/// How many formatting elements between are copied in each, by the standard.
const COPIES: usize = 3;

/// The elements that a round is about, as places on the stack and in the list.
struct Overlap {
    element: u32,
    tag: Tag,
    element_at: usize,
    active_at: usize,
    block_at: usize,
}

/// What one round came to.
enum Round {
    /// No formatting element by that name: an end tag like any other.
    NotFormatting,
    Finished,
    Overlap(Overlap),
}

impl Builder<'_> {
    /// Closes a formatting element; false if there is none to close.
    pub(super) fn close_formatting(&mut self, tag: Tag) -> bool {
        if let Some(top) = self.stack.top()
            && top.tag == tag
            && self.formatting.position(top.node).is_none()
        {
            self.pop();
            return true;
        }
        for _ in 0..ROUNDS {
            match self.start_round(tag) {
                Round::NotFormatting => return false,
                Round::Finished => return true,
                Round::Overlap(overlap) => self.untangle(&overlap),
            }
        }
        true
    }

    /// Finds out whether there is an overlap, and closes the element if there is none.
    fn start_round(&mut self, tag: Tag) -> Round {
        let active = self.formatting.since_marker().find(|&(.., other)| other == tag);
        let Some((active_at, element, _)) = active else {
            return Round::NotFormatting;
        };
        let Some(element_at) = self.stack.position(element) else {
            self.formatting.remove(active_at);
            return Round::Finished;
        };
        if !self.stack.is_in_scope(element_at) {
            return Round::Finished;
        }
        let block = (element_at + 1..self.stack.len()).find(|&index| self.stack.get(index).is_some_and(Open::is_special));
        // Each round makes copies, of which a page has only so many.
        let may_copy = self.reopenings > COPIES;
        let Some(block_at) = block.filter(|_| may_copy) else {
            while self.stack.len() > element_at {
                self.pop();
            }
            self.formatting.remove(active_at);
            return Round::Finished;
        };
        Round::Overlap(Overlap { element, tag, element_at, active_at, block_at })
    }

    fn untangle(&mut self, overlap: &Overlap) {
        let &Overlap { element, tag, element_at, active_at, block_at } = overlap;
        let Some(&Open { node: block, .. }) = self.stack.get(block_at) else {
            return;
        };
        let ancestor = element_at.checked_sub(1).and_then(|above| self.stack.get(above)).copied();
        let (last, bookmark) = self.lift_between(element_at, block_at, block, active_at);

        let place = match ancestor {
            Some(open) if self.is_fostering_into(&open) => self.foster_place(),
            Some(open) => Place::LastIn(open.node),
            None => Place::LastIn(0),
        };
        self.draft.detach(last);
        match place {
            Place::LastIn(parent) => self.draft.move_to(parent, last),
            Place::Before(sibling) => self.draft.move_before(sibling, last),
        }

        let copy = self.add_copy(element);
        self.draft.move_children(block, copy);
        self.draft.move_to(block, copy);

        let mut bookmark = bookmark;
        if let Some(active_at) = self.formatting.position(element) {
            self.formatting.remove(active_at);
            bookmark -= usize::from(active_at < bookmark);
        }
        self.formatting.insert(bookmark, copy, tag);

        self.close_in_the_middle(element);
        if let Some(block_at) = self.stack.position(block) {
            self.stack.insert(block_at + 1, Open::html(copy, tag));
        }
    }

    /// Copies the formatting elements between the two, with the block moved into the innermost and
    /// so on outwards; what else there is between is closed. Returns the outermost and the place
    /// in the list behind the innermost.
    fn lift_between(&mut self, element_at: usize, block_at: usize, block: u32, active_at: usize) -> (u32, usize) {
        let mut bookmark = active_at;
        let mut last = block;
        for (round, index) in (element_at + 1..block_at).rev().enumerate() {
            let Some(&Open { node, .. }) = self.stack.get(index) else {
                continue;
            };
            let mut active = self.formatting.position(node);
            if let Some(at) = active.filter(|_| round >= COPIES) {
                self.formatting.remove(at);
                bookmark -= usize::from(at < bookmark);
                active = None;
            }
            let Some(at) = active else {
                self.close_in_the_middle(node);
                continue;
            };
            let copy = self.add_copy(node);
            self.draft.node_mut(node).flags &= !flag::OPEN;
            self.stack.replace_node(index, copy);
            self.formatting.replace_node(at, copy);
            if last == block {
                bookmark = at + 1;
            }
            self.draft.move_to(copy, last);
            last = copy;
        }
        (last, bookmark)
    }

    fn is_fostering_into(&self, open: &Open) -> bool {
        self.is_fostering && open.lists & list::TABLE_PART != 0
    }

    fn add_copy(&mut self, node: u32) -> u32 {
        self.reopenings = self.reopenings.saturating_sub(1);
        let copy = self.copy_of(node);
        self.draft.add_detached(copy)
    }

    /// Takes an element off the stack, wherever it is.
    pub(super) fn close_in_the_middle(&mut self, node: u32) {
        if let Some(index) = self.stack.position(node) {
            let open = self.stack.remove(index);
            if open.lists & list::FORMATTING != 0 {
                self.draft.node_mut(node).flags &= !flag::OPEN;
            }
        }
    }

    /// Closes an element that a new one of its name ends, such as `a`, if there is one.
    pub(super) fn close_same_formatting(&mut self, tag: Tag) {
        let Some((_, node, _)) = self.formatting.since_marker().find(|&(.., other)| other == tag) else {
            return;
        };
        self.close_formatting(tag);
        if let Some(index) = self.formatting.position(node) {
            self.formatting.remove(index);
        }
        self.close_in_the_middle(node);
    }
}

/// Up to how many attributes may come in another order for two elements to be the same. It bounds
/// the comparisons; no formatting element has as many.
const ORDERLESS: usize = 16;

/// Whether two elements of one name have the same attributes.
pub(super) fn have_same_attrs(draft: &Draft, source: &str, one: u32, other: u32) -> bool {
    if draft.node(one).attrs == draft.node(other).attrs {
        return true;
    }
    let (one, other) = (draft.attrs_of(one), draft.attrs_of(other));
    let name = |attr: &AttrSpan| {
        let start = attr.name_start as usize;
        &source[start..start + usize::from(attr.name_len)]
    };
    let value = |attr: &AttrSpan| &source[attr.value_start as usize..attr.value_stop as usize];
    let is_same = |a: &AttrSpan, b: &AttrSpan| a.name == b.name && value(a) == value(b) && name(a).eq_ignore_ascii_case(name(b));
    if one.len() != other.len() {
        return false;
    }
    if one.len() > ORDERLESS {
        return one.iter().zip(other).all(|(a, b)| is_same(a, b));
    }
    one.iter().all(|a| other.iter().any(|b| is_same(a, b)))
}
