//! Masks: what each of sixty-four bytes is, a bit a byte.
//!
//! Questions about a line such as "how many words" and "does every word begin with a capital" are sums over its characters. With
//! a bit for each character they are a few operations on sixty-four of them at once. Words, for example: with `.` for spaces,
//! the runs of `ab.-.c` that have a letter are found by adding letters to what is no space, so that each carries into the
//! space that ends its run:
//!
//! ```text
//! text          a b . - . c        (first byte is the lowest bit)
//! no space      1 1 0 1 0 1
//! letters       1 1 0 0 0 1
//! sum           0 1 1 1 0 0 1      bits on spaces and past the end: two words
//! ```

use wide::u8x16;

/// Bytes of one chunk.
pub(crate) const CHUNK: usize = 64;

/// Sixty-four bytes of a text.
#[derive(Clone, Copy)]
pub(crate) struct Chunk([u8x16; 4]);

impl Chunk {
    /// Calls `each` with the chunks of `bytes` in order, the last one filled up with spaces.
    #[inline]
    pub(crate) fn each(bytes: &[u8], mut each: impl FnMut(Self)) {
        let (chunks, rest) = bytes.as_chunks::<CHUNK>();
        for chunk in chunks {
            each(Self::new(chunk));
        }
        if !rest.is_empty() {
            let mut last = [b' '; CHUNK];
            last[..rest.len()].copy_from_slice(rest);
            each(Self::new(&last));
        }
    }

    /// The sixty-four bytes from a place on, which are there.
    #[inline]
    pub(crate) fn at(bytes: &[u8], place: usize) -> Self {
        Self::new(bytes[place..].first_chunk().expect("there are as many bytes"))
    }

    #[inline]
    fn new(bytes: &[u8; CHUNK]) -> Self {
        let (parts, _) = bytes.as_chunks::<16>();
        Self([u8x16::new(parts[0]), u8x16::new(parts[1]), u8x16::new(parts[2]), u8x16::new(parts[3])])
    }

    #[inline]
    fn mask(self, is: impl Fn(u8x16) -> u8x16) -> u64 {
        let [a, b, c, d] = self.0;
        let bits = |part: u8x16| u64::from(is(part).to_bitmask());
        bits(a) | bits(b) << 16 | bits(c) << 32 | bits(d) << 48
    }

    /// Which bytes are this one.
    #[inline]
    pub(crate) fn equal(self, byte: u8) -> u64 {
        self.mask(|part| part.simd_eq(u8x16::splat(byte)))
    }

    /// Whether a byte is one of two.
    #[inline]
    pub(crate) fn has_either(self, one: u8, other: u8) -> bool {
        let ([a, b, c, d], one, other) = (self.0, u8x16::splat(one), u8x16::splat(other));
        let is = |part: u8x16| part.simd_eq(one) | part.simd_eq(other);
        (is(a) | is(b) | is(c) | is(d)).to_bitmask() != 0
    }

    /// Which bytes are between two, both included.
    #[inline]
    pub(crate) fn within(self, low: u8, high: u8) -> u64 {
        let width = u8x16::splat(high - low);
        self.mask(|part| {
            let above = part - u8x16::splat(low);
            above.min(width).simd_eq(above)
        })
    }

    /// The same bytes with capitals lowered; signs become other signs.
    #[inline]
    pub(crate) fn lowered(self) -> Self {
        let ([a, b, c, d], bit) = (self.0, u8x16::splat(0x20));
        Self([a | bit, b | bit, c | bit, d | bit])
    }

    /// Which bytes are white space.
    #[inline]
    pub(crate) fn spaces(self) -> u64 {
        self.equal(b' ') | self.within(0x09, 0x0d)
    }
}

/// ASCII signs and digits of a text, a bit each, and [`COPYRIGHT`].
pub(crate) fn signs(text: &[u8]) -> u128 {
    let (mut signs, mut base) = (0, 0);
    Chunk::each(text, |chunk| {
        let mut places = chunk.within(b'!', b'~') & !chunk.lowered().within(b'a', b'z');
        while places != 0 {
            signs |= 1 << (text[base + places.trailing_zeros() as usize] & 0x7f);
            places &= places - 1;
        }
        // The first byte of the sign may be the last of the chunk before.
        if chunk.equal(0xa9) & (chunk.equal(0xc2) << 1 | 1) != 0 {
            signs |= COPYRIGHT;
        }
        base += CHUNK;
    });
    signs
}

/// The bit of `©` among signs.
pub(crate) const COPYRIGHT: u128 = 1;

/// Counts the runs between spaces that have a letter or digit, chunk after chunk.
#[derive(Default)]
pub(crate) struct Words {
    count: u32,
    /// Whether the run that reaches the end of the last chunk has one.
    open: bool,
}

impl Words {
    /// Goes on with a chunk.
    #[inline]
    pub(crate) fn add(&mut self, spaces: u64, letters: u64) {
        let (sum, over) = (!spaces).overflowing_add(letters);
        let (sum, carried) = sum.overflowing_add(u64::from(self.open));
        self.count += (sum & spaces).count_ones();
        self.open = over || carried;
    }

    /// How many there are.
    #[inline]
    pub(crate) fn count(&self) -> u32 {
        self.count + u32::from(self.open)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masks_have_a_bit_for_each_byte() {
        let mut chunks = 0;
        Chunk::each("Ab 9\t!".repeat(12).as_bytes(), |chunk| {
            for at in 0..CHUNK {
                let byte = if chunks * CHUNK + at < 72 { b"Ab 9\t!"[(chunks * CHUNK + at) % 6] } else { b' ' };
                let bit = |mask: u64| mask >> at & 1 == 1;
                assert_eq!(bit(chunk.equal(b'9')), byte == b'9');
                assert_eq!(bit(chunk.within(b'a', b'z')), byte == b'b');
                assert_eq!(bit(chunk.lowered().within(b'a', b'z')), byte.is_ascii_alphabetic());
                assert_eq!(bit(chunk.spaces()), byte.is_ascii_whitespace());
            }
            chunks += 1;
        });
        assert_eq!(chunks, 2);
    }

    #[test]
    fn signs_are_those_of_the_text() {
        for lead in 0..130 {
            let text = format!("{}-z (é) [9]~", "A".repeat(lead));
            let expected = text.bytes().filter(|byte| byte.is_ascii_punctuation() || byte.is_ascii_digit());
            let expected = expected.fold(0, |signs, byte| signs | 1u128 << byte);
            assert_eq!(signs(text.as_bytes()) & !COPYRIGHT, expected, "{lead}");
            assert_ne!(signs(format!("{text} ©").as_bytes()) & COPYRIGHT, 0, "{lead}");
        }
    }

    #[test]
    fn words_are_counted_across_chunks() {
        for lead in 0..130 {
            let text = format!("{}word - two x", "-".repeat(lead));
            let mut words = Words::default();
            Chunk::each(text.as_bytes(), |chunk| words.add(chunk.spaces(), chunk.lowered().within(b'a', b'z')));
            assert_eq!(words.count(), 3, "{lead}");
        }
    }
}
