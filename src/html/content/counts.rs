//! A hash table of counts that is cleared and used again.

/// Places looked at for a key. So many in a row are only taken where names were made up to fall together; what finds none counts with
/// another.
const REACH: usize = 1_000;

/// Adds up numbers under keys; a key is a hash, and two things of one hash count as one.
#[derive(Clone, Debug, Default)]
pub(super) struct Counts {
    /// Pairs of key and place; 0 is no key.
    slots: Vec<(u32, u32)>,
    mask: usize,
}

impl Counts {
    /// Forgets everything and makes room for `keys`.
    pub(super) fn clear(&mut self, keys: usize) {
        let slots = (keys * 2).next_power_of_two().max(16);
        self.slots.clear();
        self.slots.resize(slots, (0, 0));
        self.mask = slots - 1;
    }

    /// The number under a key, zero at first.
    pub(super) fn at(&mut self, key: u32) -> &mut u32 {
        let key = key.max(1);
        let first = (key.wrapping_mul(0x9E37_79B9) >> 7) as usize;
        let is_its_own = |&slot: &usize| self.slots[slot].0 == key || self.slots[slot].0 == 0;
        let slot = (first..first + REACH).map(|slot| slot & self.mask).find(is_its_own).unwrap_or(first & self.mask);
        if self.slots[slot].0 == 0 {
            self.slots[slot].0 = key;
        }
        &mut self.slots[slot].1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_stay_under_their_keys() {
        let mut counts = Counts::default();
        counts.clear(3);
        for key in [7, 8, 7, 0] {
            *counts.at(key) += 1;
        }
        assert_eq!([7, 8, 0, 9].map(|key| *counts.at(key)), [2, 1, 1, 0]);
        counts.clear(3);
        assert_eq!(*counts.at(7), 0);
    }

    #[test]
    fn keys_that_fall_together_count_as_one_in_the_end() {
        let mut counts = Counts::default();
        counts.clear(2 * REACH);
        let fall_together = (1..u32::MAX).filter(|key| (key.wrapping_mul(0x9E37_79B9) >> 7).trailing_zeros() >= 12);
        let keys: Vec<u32> = fall_together.take(REACH + 5).collect();
        for &key in &keys {
            *counts.at(key) += 1;
        }
        assert_eq!((*counts.at(keys[0]), *counts.at(keys[1])), (6, 1));
    }
}
