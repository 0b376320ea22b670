//! Sets of hashes of words, in places that are used again.

use std::cell::RefMut;

/// Places looked at for a hash. So many in a row are only taken where words were made up to fall together.
const REACH: usize = 1_000;

/// A set of hashes, none of which is zero, in places that were used before.
pub(super) struct Hashes<'s> {
    places: RefMut<'s, Vec<u64>>,
    /// How many may still be added: some places stay free, so that every search ends.
    left: usize,
}

impl<'s> Hashes<'s> {
    /// An empty set with room for some.
    pub(super) fn with_room_for(count: usize, mut places: RefMut<'s, Vec<u64>>) -> Self {
        places.clear();
        places.resize((count + count / 2).next_power_of_two().max(8), 0);
        let left = places.len() - places.len().div_ceil(8);
        Self { places, left }
    }

    /// The place of a hash, or the free one where it would be.
    fn slot(&self, hash: u64) -> Option<usize> {
        let mask = self.places.len() - 1;
        let mut near = (0..REACH).map(|step| (hash as usize).wrapping_add(step) & mask);
        near.find(|&slot| self.places[slot] == 0 || self.places[slot] == hash)
    }

    /// Adds a hash, unless there is no more room.
    pub(super) fn add(&mut self, hash: u64) {
        let Some(slot) = self.slot(hash) else { return };
        if self.places[slot] == 0 && self.left > 0 {
            self.places[slot] = hash;
            self.left -= 1;
        }
    }

    pub(super) fn has(&self, hash: u64) -> bool {
        self.slot(hash).is_some_and(|slot| self.places[slot] != 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_set_of_hashes_answers() {
        let places = std::cell::RefCell::new(vec![7; 3]);
        for room in 0..40 {
            let mut hashes = Hashes::with_room_for(room, places.borrow_mut());
            (1..=1000).for_each(|hash| hashes.add(hash));
            assert!(!hashes.has(2000));
            assert!((1..=room as u64).all(|hash| hashes.has(hash)), "{room}");
        }
    }

    #[test]
    fn hashes_that_fall_together_are_not_looked_for_for_long() {
        let places = std::cell::RefCell::new(Vec::new());
        let count = 2 * REACH;
        let mut hashes = Hashes::with_room_for(count, places.borrow_mut());
        // A multiple of any number of places.
        let made_up = |number: usize| (number as u64) << 32;
        (1..=count).for_each(|number| hashes.add(made_up(number)));
        assert_eq!((1..=count).filter(|&number| hashes.has(made_up(number))).count(), REACH);
    }
}
