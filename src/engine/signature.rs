//! Which groups of three bytes a block has: a cheap "no" before any phrase is searched.
//!
//! Most phrases that a rule asks for are not there, and most lists of phrases hold none that is. `newsletter` cannot stand in a
//! block that has no `new`, `let` or `ter`, whatever else it has; so a list is first tried against a table of the block's groups,
//! one look a phrase, and only what passes is searched. The table has no entry for a block but a number, its *epoch*, that is
//! written wherever a group falls, so that it never needs clearing in between.

use std::cell::Cell;

/// Places of the table: four KiB, so that it stays at hand.
const PLACES: usize = 1 << 12;

/// Groups that are kept of a phrase.
const GROUPS: usize = 4;

/// The groups of one block after another. Made anew for a block when first asked for.
pub(crate) struct Signature {
    table: Box<[Cell<u8>; PLACES]>,
    epoch: Cell<u8>,
    is_made: Cell<bool>,
}

impl Default for Signature {
    fn default() -> Self {
        Self { table: Box::new([const { Cell::new(0) }; PLACES]), epoch: Cell::new(0), is_made: Cell::new(false) }
    }
}

impl Signature {
    /// Goes on to another block.
    pub(crate) fn next_block(&self) {
        self.is_made.set(false);
    }

    /// Whether a phrase may stand in the block, whose folded text is given.
    #[inline]
    pub(crate) fn may_have(&self, phrase: Groups, folded: &str) -> bool {
        self.make(folded);
        let epoch = self.epoch.get();
        phrase.0.iter().all(|&place| self.table[usize::from(place) % PLACES].get() == epoch)
    }

    #[inline]
    fn make(&self, folded: &str) {
        if !self.is_made.get() {
            self.fill(folded.as_bytes());
        }
    }

    #[inline(never)]
    fn fill(&self, folded: &[u8]) {
        self.is_made.set(true);
        let next = self.epoch.get().checked_add(1).unwrap_or_else(|| {
            self.table.iter().for_each(|place| place.set(0));
            1
        });
        self.epoch.set(next);
        // Of no phrase, but the place of phrases too short to have a group.
        self.table[0].set(next);
        let [first, second, rest @ ..] = folded else { return };
        let mut key = u32::from(*first) << 8 | u32::from(*second) << 16;
        for &third in rest {
            key = key >> 8 | u32::from(third) << 16;
            self.table[place_of(key)].set(next);
        }
    }
}

/// Place of a group in the table, never the first.
#[inline]
fn place(group: &[u8]) -> usize {
    place_of(u32::from(group[0]) | u32::from(group[1]) << 8 | u32::from(group[2]) << 16)
}

/// The same for the group as a number.
#[inline]
fn place_of(key: u32) -> usize {
    ((key.wrapping_mul(0x9e37_79b1) >> 20) as usize).max(1)
}

/// Groups of a phrase.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Groups([u16; GROUPS]);

impl Groups {
    /// Picks groups of a folded phrase, spread over it. Those with a number sign are left out: it stands for any digits.
    pub(crate) fn of(phrase: &str) -> Self {
        let groups: Vec<&[u8]> = phrase.as_bytes().windows(3).filter(|group| !group.contains(&b'#')).collect();
        let mut places = [0; GROUPS];
        if let Some(last) = groups.len().checked_sub(1) {
            for (at, own) in places.iter_mut().enumerate() {
                *own = place(groups[at * last / (GROUPS - 1)]) as u16;
            }
        }
        Self(places)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_phrase_is_denied_that_is_there() {
        let signature = Signature::default();
        for block in ["sign up for our newsletter", "a", "écoutez la radio", "page 3 of 12", "広告枠です"] {
            signature.next_block();
            for (start, _) in block.char_indices() {
                for (end, _) in block.char_indices().filter(|&(end, _)| end > start) {
                    assert!(signature.may_have(Groups::of(&block[start..end]), block), "{block:?} {start} {end}");
                }
            }
        }
        signature.next_block();
        assert!(signature.may_have(Groups::of("page # of #"), "page 3 of 12"));
    }

    #[test]
    fn phrases_of_earlier_blocks_are_denied() {
        let signature = Signature::default();
        for _ in 0..600 {
            signature.next_block();
            assert!(signature.may_have(Groups::of("newsletter"), "our newsletter"));
            signature.next_block();
            assert!(!signature.may_have(Groups::of("newsletter"), "the count goes on"));
        }
    }
}
