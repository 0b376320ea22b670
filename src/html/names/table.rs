//! The look-up table behind the names: built by the compiler, probed with a packed name.

/// Slots of a table: a power of two, some seven times the number of names.
const SLOTS: usize = 1024;
/// A slot that holds no name.
const EMPTY: u8 = u8::MAX;

/// A hash table of names that is a constant of the program.
pub(super) struct NameTable<const N: usize> {
    slots: [u8; SLOTS],
    keys: [u64; N],
    lengths: [u8; N],
    names: [&'static str; N],
}

impl<const N: usize> NameTable<N> {
    /// Builds the table; a name that is empty can't be found.
    pub(super) const fn new(names: [&'static str; N]) -> Self {
        assert!(N < EMPTY as usize);
        let mut slots = [EMPTY; SLOTS];
        let mut keys = [0; N];
        let mut lengths = [0; N];
        let mut i = 0;
        while i < N {
            if !names[i].is_empty() {
                keys[i] = pack(names[i].as_bytes());
                lengths[i] = byte(names[i].len());
                let mut slot = hash(keys[i]);
                while slots[slot] != EMPTY {
                    slot = (slot + 1) % SLOTS;
                }
                slots[slot] = byte(i);
            }
            i += 1;
        }
        Self { slots, keys, lengths, names }
    }

    /// Returns the index of a name, or 0, which is the name of no known thing.
    #[inline]
    pub(super) fn find(&self, packed: u64, name: &[u8]) -> usize {
        let mut slot = hash(packed);
        loop {
            let index = usize::from(self.slots[slot]);
            if index >= N {
                return 0;
            }
            if self.keys[index] == packed {
                return if self.is_same(index, name) { index } else { 0 };
            }
            slot = (slot + 1) % SLOTS;
        }
    }

    /// The packed form says all about names of up to eight bytes; of longer ones, only their end.
    #[inline]
    fn is_same(&self, index: usize, name: &[u8]) -> bool {
        usize::from(self.lengths[index]) == name.len() && (name.len() <= 8 || self.names[index].as_bytes().eq_ignore_ascii_case(name))
    }
}

/// A number that is known to be below 256.
#[expect(clippy::cast_possible_truncation, reason = "it is asserted")]
const fn byte(number: usize) -> u8 {
    assert!(number <= u8::MAX as usize);
    number as u8
}

#[inline]
const fn hash(packed: u64) -> usize {
    (packed.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 54) as usize
}

/// Packs a name's last eight bytes, in lower case, into a number.
pub(in crate::html) const fn pack(name: &[u8]) -> u64 {
    let mut packed = 0;
    let mut i = 0;
    while i < name.len() {
        packed = packed << 8 | name[i].to_ascii_lowercase() as u64;
        i += 1;
    }
    packed
}

/// Whether a byte ends the name of a tag.
#[inline]
pub(in crate::html) const fn is_name_end(byte: u8) -> bool {
    matches!(byte, b'\t' | b'\n' | b'\x0C' | b'\r' | b' ' | b'/' | b'>')
}
