//! From bytes to text.

use std::borrow::Cow;

/// A text as it was decoded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decoded<'b> {
    /// The text, without its byte order mark.
    pub text: Cow<'b, str>,
    /// How many pieces could not be decoded and are U+FFFD now.
    pub replaced: usize,
}

/// Decodes UTF-8, or UTF-16 when a byte order mark says so. What cannot be decoded becomes U+FFFD.
///
/// ```
/// let decoded = copydesk::io::decode(b"\xef\xbb\xbfcaf\xe9.");
/// assert_eq!((&*decoded.text, decoded.replaced), ("caf\u{fffd}.", 1));
/// ```
pub fn decode(bytes: &[u8]) -> Decoded<'_> {
    match bytes {
        [0xff, 0xfe, units @ ..] => utf16(units, u16::from_le_bytes),
        [0xfe, 0xff, units @ ..] => utf16(units, u16::from_be_bytes),
        _ => utf8(without_mark(bytes)),
    }
}

/// The bytes without UTF-8's byte order mark.
pub(super) fn without_mark(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)
}

/// Decodes UTF-8, byte order mark and all.
pub(super) fn utf8(bytes: &[u8]) -> Decoded<'_> {
    // Much faster than looking for what is invalid.
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Decoded { text: Cow::Borrowed(text), replaced: 0 };
    }
    let replaced = bytes.utf8_chunks().filter(|chunk| !chunk.invalid().is_empty()).count();
    Decoded { text: String::from_utf8_lossy(bytes), replaced }
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Decoded<'static> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    let mut text = String::with_capacity(bytes.len());
    let mut replaced = 0;
    for char in char::decode_utf16(pairs.iter().map(|&pair| unit(pair))) {
        replaced += usize::from(char.is_err());
        text.push(char.unwrap_or(char::REPLACEMENT_CHARACTER));
    }
    if !rest.is_empty() {
        replaced += 1;
        text.push(char::REPLACEMENT_CHARACTER);
    }
    Decoded { text: Cow::Owned(text), replaced }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(bytes: &[u8]) -> (String, usize) {
        let Decoded { text, replaced } = decode(bytes);
        (text.into_owned(), replaced)
    }

    #[test]
    fn what_is_not_utf8_is_replaced_and_counted() {
        assert_eq!(decoded(b"a\xffb\xc3"), ("a\u{fffd}b\u{fffd}".to_owned(), 2));
        assert_eq!(decoded("é".as_bytes()), ("é".to_owned(), 0));
    }

    #[test]
    fn byte_order_marks_are_heeded_and_dropped() {
        assert_eq!(decoded(b"\xef\xbb\xbfa"), ("a".to_owned(), 0));
        assert_eq!(decoded(b"\xff\xfea\0=\xd8\0\xde"), ("a😀".to_owned(), 0));
        assert_eq!(decoded(b"\xfe\xff\0a\0"), ("a\u{fffd}".to_owned(), 1));
    }
}
