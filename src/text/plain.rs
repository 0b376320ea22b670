//! Plain copies: a text with one byte for each character, enough to measure it.
//!
//! Sizes and shapes ask of a character whether it is a letter, a capital, a space; not which one. So a text that is not ASCII is
//! measured in a copy where `é` is `e`, `“` is `;` and a no-break space is a space, and the masks of [`super::masks`] serve for all.

use super::masks::{CHUNK, Chunk};
use super::words::is_unspaced;

/// A letter of a script without spaces.
const UNSPACED_LETTER: u8 = 0x80;

/// Another character of such a script.
const UNSPACED_SIGN: u8 = 0x81;

/// A digit of such a script.
const UNSPACED_DIGIT: u8 = 0x82;

/// A letter that is neither small nor a capital.
const CASELESS: u8 = 0x83;

/// A letter that is a number: `〇`.
const NUMERAL: u8 = 0x84;

/// The same, small: `ⅳ`.
const SMALL_NUMERAL: u8 = 0x85;

/// The plain copy of a text, made in `buffer` where the text is not its own.
pub(crate) fn of<'t>(text: &'t str, buffer: &'t mut Vec<u8>) -> &'t [u8] {
    if text.is_ascii() {
        return text.as_bytes();
    }
    buffer.clear();
    buffer.reserve(text.len());
    let (mut seen, mut base) = (0, 0);
    Chunk::each(text.as_bytes(), |chunk| {
        let mut places = chunk.within(0x80, 0xff);
        while places != 0 {
            let at = base + places.trailing_zeros() as usize;
            places &= places - 1;
            if at >= seen {
                buffer.extend_from_slice(&text.as_bytes()[seen..at]);
                let c = text[at..].chars().next().expect("a character begins here");
                buffer.push(kind(c));
                seen = at + c.len_utf8();
            }
        }
        base += CHUNK;
    });
    buffer.extend_from_slice(&text.as_bytes()[seen..]);
    buffer
}

/// The byte that stands for a character that is not ASCII.
fn kind(c: char) -> u8 {
    match c {
        '\u{2019}' => b'\'',
        '·' | '•' | '｜' => b'|',
        '\u{2010}'..='\u{2027}' | '«' | '»' | '\u{3001}'..='\u{3003}' | '\u{3008}'..='\u{3011}' | '\u{ff01}'..='\u{ff0f}' => b';',
        '\u{df}'..='\u{f6}' | '\u{f8}'..='\u{ff}' | 'а'..='џ' => b'e',
        '\u{c0}'..='\u{d6}' | '\u{d8}'..='\u{de}' | 'Ѐ'..='Я' => b'E',
        '\u{3041}'..='\u{3096}' | '\u{30a1}'..='\u{30fa}' | '\u{4e00}'..='\u{9fff}' => UNSPACED_LETTER,
        '\u{ac00}'..='\u{d7a3}' => CASELESS,
        _ => rare_kind(c),
    }
}

/// The same, by the tables of Unicode.
fn rare_kind(c: char) -> u8 {
    let (letter, number) = (c.is_alphabetic(), c.is_numeric());
    if is_unspaced(c) {
        return match (letter, number) {
            (_, true) => UNSPACED_DIGIT,
            (true, false) => UNSPACED_LETTER,
            (false, false) => UNSPACED_SIGN,
        };
    }
    match (letter, number) {
        _ if c.is_uppercase() => b'E',
        (_, true) if c.is_lowercase() => SMALL_NUMERAL,
        _ if c.is_lowercase() => b'e',
        (true, true) => NUMERAL,
        (true, false) => CASELESS,
        (false, true) => b'0',
        (false, false) if c.is_whitespace() => b' ',
        (false, false) => b';',
    }
}

/// Which characters make words: letters and digits of scripts with spaces.
#[inline]
pub(crate) fn letters(chunk: Chunk) -> u64 {
    chunk.lowered().within(b'a', b'z') | chunk.within(b'0', b'9') | chunk.within(CASELESS, SMALL_NUMERAL)
}

/// Which characters are of scripts without spaces.
#[inline]
pub(crate) fn unspaced(chunk: Chunk) -> u64 {
    chunk.within(UNSPACED_LETTER, UNSPACED_DIGIT)
}

/// What the characters of a chunk are, a bit each.
pub(crate) struct Kinds {
    /// Capitals.
    pub(crate) upper: u64,
    /// Small letters.
    pub(crate) lower: u64,
    /// Letters of all kinds.
    pub(crate) letters: u64,
    /// Digits and other numbers.
    pub(crate) digits: u64,
    /// What a word of a title may begin with.
    pub(crate) capitals: u64,
    /// White space.
    pub(crate) spaces: u64,
    /// What makes words.
    pub(crate) words: u64,
    /// Characters of scripts without spaces.
    pub(crate) unspaced: u64,
}

impl Kinds {
    /// Looks at a chunk.
    #[inline]
    pub(crate) fn of(chunk: Chunk) -> Self {
        let (upper, lower, digits) = (chunk.within(b'A', b'Z'), chunk.within(b'a', b'z'), chunk.within(b'0', b'9'));
        let letters = upper | lower;
        let (capitals, words) = (upper | digits, letters | digits);
        let plain = Self { upper, lower, letters, digits, capitals, spaces: chunk.spaces(), words, unspaced: 0 };
        if chunk.within(UNSPACED_LETTER, SMALL_NUMERAL) == 0 { plain } else { plain.with_others(chunk) }
    }

    fn with_others(self, chunk: Chunk) -> Self {
        let unspaced = unspaced(chunk);
        let (unspaced_letter, unspaced_digit) = (chunk.equal(UNSPACED_LETTER), chunk.equal(UNSPACED_DIGIT));
        let (caseless, numeral, small) = (chunk.equal(CASELESS), chunk.equal(NUMERAL), chunk.equal(SMALL_NUMERAL));
        Self {
            upper: self.upper,
            lower: self.lower | small,
            letters: self.letters | unspaced_letter | caseless | numeral | small,
            digits: self.digits | unspaced_digit | numeral,
            capitals: self.capitals | unspaced_digit | numeral | small,
            spaces: self.spaces,
            words: self.words | caseless | numeral | small,
            unspaced,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_character_has_the_kind_that_unicode_says() {
        for c in (0x80..=0x0010_ffff).filter_map(char::from_u32).filter(|c| !matches!(c, '\u{2019}' | '·' | '•' | '｜')) {
            let mut buffer = Vec::new();
            let text = c.to_string();
            let mut chunk = None;
            Chunk::each(of(&text, &mut buffer), |own| chunk = Some(own));
            let kinds = Kinds::of(chunk.expect("one character"));
            let first = |mask: u64| mask & 1 == 1;
            let unspaced = is_unspaced(c);
            let digit = c.is_numeric() && !c.is_uppercase() && !c.is_lowercase();
            assert_eq!(first(kinds.upper), c.is_uppercase(), "{c:?}");
            assert_eq!(first(kinds.lower), c.is_lowercase(), "{c:?}");
            assert_eq!(first(kinds.letters), c.is_alphabetic(), "{c:?}");
            assert_eq!(first(kinds.digits), digit, "{c:?}");
            assert_eq!(first(kinds.capitals), c.is_uppercase() || c.is_numeric(), "{c:?}");
            assert_eq!(first(kinds.unspaced), unspaced, "{c:?}");
            assert_eq!(first(kinds.words), c.is_alphanumeric() && !unspaced, "{c:?}");
            assert_eq!(first(kinds.spaces), c.is_whitespace(), "{c:?}");
            assert_eq!(first(unspaced_mask(&text)), unspaced, "{c:?}");
        }
    }

    fn unspaced_mask(text: &str) -> u64 {
        let (mut buffer, mut mask) = (Vec::new(), 0);
        Chunk::each(of(text, &mut buffer), |chunk| mask = unspaced(chunk));
        mask
    }
}
