//! Looking at eight bytes at a time.
//!
//! Between two tags there are a few spaces, and in quotes a word or two: too short for a call of
//! `memchr` to pay, too long to go byte by byte. Eight bytes fit in a `u64`, and a few operations
//! tell where in it a byte is.

use memchr::memchr;

const ONES: u64 = u64::from_ne_bytes([1; 8]);
const LOW: u64 = u64::from_ne_bytes([0x7F; 8]);

/// Eight bytes, the first in the lowest bits.
#[inline]
fn word_at(bytes: &[u8], at: usize) -> Option<u64> {
    bytes.get(at..)?.first_chunk().map(|chunk| u64::from_le_bytes(*chunk))
}

/// Sets the high bit of each byte of the word that is `byte`.
#[inline]
fn places_of(byte: u8, word: u64) -> u64 {
    let difference = word ^ (ONES * u64::from(byte));
    !(((difference & LOW) + LOW) | difference | LOW)
}

/// The index of the first byte whose high bit is set.
#[inline]
fn first_of(places: u64) -> usize {
    places.trailing_zeros() as usize / 8
}

/// Finds a byte that is likely to be near.
#[inline]
pub(super) fn find_near(byte: u8, bytes: &[u8]) -> Option<usize> {
    for at in [0, 8, 16, 24] {
        let Some(word) = word_at(bytes, at) else {
            return memchr(byte, bytes);
        };
        let places = places_of(byte, word);
        if places != 0 {
            return Some(at + first_of(places));
        }
    }
    Some(32 + memchr(byte, &bytes[32..])?)
}

/// Whether a short text has nothing to decode: no `&`, no carriage return, no NUL.
#[inline]
pub(super) fn is_verbatim(bytes: &[u8]) -> bool {
    let odd = |word: u64| places_of(b'&', word) | places_of(b'\r', word) | places_of(0, word);
    let (words, rest) = bytes.as_chunks::<8>();
    let found = words.iter().fold(0, |found, word| found | odd(u64::from_le_bytes(*word)));
    found == 0 && !rest.iter().any(|&byte| matches!(byte, b'&' | b'\r' | 0))
}

/// Finds the `<` behind which only spaces, tabs and line feeds lie, counted from the start; none
/// if there is something else before it.
#[inline]
pub(super) fn blank_until_tag(bytes: &[u8]) -> Option<usize> {
    let mut at = 0;
    loop {
        let word = word_at(bytes, at)?;
        let blank = places_of(b' ', word) | places_of(b'\n', word) | places_of(b'\t', word);
        let other = !(blank | LOW);
        if other != 0 {
            let first = at + first_of(other);
            return (bytes[first] == b'<').then_some(first);
        }
        at += 8;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_bytes_are_found_wherever_they_are() {
        for length in 0..40 {
            let mut bytes = vec![b'x'; 40];
            assert_eq!(find_near(b'"', &bytes[..length]), None);
            bytes[length] = b'"';
            assert_eq!(find_near(b'"', &bytes), Some(length));
            assert_eq!(find_near(b'"', &bytes[..=length]), Some(length));
        }
        // The neighbours in value must not be taken for it.
        assert_eq!(find_near(b'"', b"!#\xA2!#!#!\"#######"), Some(8));
    }

    #[test]
    fn what_is_to_be_decoded_is_seen_wherever_it_is() {
        for length in 0..30 {
            let mut bytes = vec![b'%'; length];
            assert!(is_verbatim(&bytes));
            for at in 0..length {
                for byte in [b'&', b'\r', 0] {
                    bytes[at] = byte;
                    assert!(!is_verbatim(&bytes));
                }
                bytes[at] = b'\n';
            }
        }
    }

    #[test]
    fn blanks_end_at_a_tag_or_not_at_all() {
        assert_eq!(blank_until_tag(b"\n\t  <p>12345678"), Some(4));
        assert_eq!(blank_until_tag(b"<p>12345678"), Some(0));
        assert_eq!(blank_until_tag(b"          \n\n\n<b>1234567"), Some(13));
        assert_eq!(blank_until_tag(b"  x <p>12345678"), None);
        assert_eq!(blank_until_tag(b" \r<p>12345678"), None);
        assert_eq!(blank_until_tag(b"  <p>"), None, "too near the end to bother");
        assert_eq!(blank_until_tag(b""), None);
    }
}
