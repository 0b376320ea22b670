//! A hash table of counts that is cleared and used again.

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
        let mut slot = (key.wrapping_mul(0x9E37_79B9) >> 7) as usize & self.mask;
        while self.slots[slot].0 != key && self.slots[slot].0 != 0 {
            slot = (slot + 1) & self.mask;
        }
        self.slots[slot].0 = key;
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
}
