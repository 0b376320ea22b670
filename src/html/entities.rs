//! Character references: `&amp;`, `&#8217;`, `&notin` and the standard's ways with each.
//!
//! Nothing is decoded while parsing; text and attributes are decoded when read. The table holds all
//! 2,231 names of the standard. 106 of them are also good without their semicolon, for the sake of
//! old pages, so `&copy2024` is "©2024" — but not in an attribute, where `?a=1&copy=2` is an
//! address.

mod table;

use table::NAMED;

/// The longest name of the table, its semicolon included.
const LONGEST_NAME: usize = 32;
/// The longest name that needs no semicolon.
const LONGEST_BARE_NAME: usize = 6;

/// A character reference at the start of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reference {
    /// How many bytes of the source it takes, the `&` included.
    pub length: usize,
    expansion: Expansion,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Expansion {
    Named(&'static str),
    Numeric(char),
}

impl Reference {
    /// Appends the characters that it stands for.
    pub fn push_to(&self, text: &mut String) {
        match self.expansion {
            Expansion::Named(characters) => text.push_str(characters),
            Expansion::Numeric(character) => text.push(character),
        }
    }

    /// Returns the only character it stands for that is ASCII white space, if it is one.
    #[must_use]
    pub fn as_space(&self) -> Option<char> {
        let character = match self.expansion {
            Expansion::Named(characters) => characters.chars().next()?,
            Expansion::Numeric(character) => character,
        };
        matches!(character, '\t' | '\n' | '\x0C' | '\r' | ' ').then_some(character)
    }
}

/// Reads the reference at the start of `text`, which is a `&`; `None` if it is just that.
#[must_use]
pub fn read(text: &str, is_attribute: bool) -> Option<Reference> {
    let bytes = text.as_bytes();
    debug_assert_eq!(bytes.first(), Some(&b'&'));
    match bytes.get(1)? {
        b'#' => read_number(bytes),
        b if b.is_ascii_alphanumeric() => read_name(text, is_attribute),
        _ => None,
    }
}

fn read_name(text: &str, is_attribute: bool) -> Option<Reference> {
    let bytes = text.as_bytes();
    let letters = bytes[1..].iter().take(LONGEST_NAME).take_while(|b| b.is_ascii_alphanumeric());
    let end = 1 + letters.count();
    if bytes.get(end) == Some(&b';')
        && let Some(characters) = named(&text[1..=end])
    {
        return Some(Reference { length: end + 1, expansion: Expansion::Named(characters) });
    }
    for stop in (3..=end.min(1 + LONGEST_BARE_NAME)).rev() {
        let Some(characters) = named(&text[1..stop]) else {
            continue;
        };
        let is_part_of_more = bytes.get(stop).is_some_and(|&b| b == b'=' || b.is_ascii_alphanumeric());
        if is_attribute && is_part_of_more {
            return None;
        }
        return Some(Reference { length: stop, expansion: Expansion::Named(characters) });
    }
    None
}

/// Looks a name up.
fn named(name: &str) -> Option<&'static str> {
    // These five are nearly all there is on most pages.
    match name {
        "amp;" => Some("&"),
        "nbsp;" => Some("\u{A0}"),
        "quot;" => Some("\""),
        "lt;" => Some("<"),
        "gt;" => Some(">"),
        _ => {
            let index = NAMED.binary_search_by_key(&name, |&(known, _)| known).ok()?;
            Some(NAMED[index].1)
        }
    }
}

fn read_number(bytes: &[u8]) -> Option<Reference> {
    let (radix, start) = match bytes.get(2) {
        Some(b'x' | b'X') => (16, 3),
        _ => (10, 2),
    };
    let mut end = start;
    let mut number: u32 = 0;
    while let Some(digit) = bytes.get(end).and_then(|&b| char::from(b).to_digit(radix)) {
        number = number.saturating_mul(radix).saturating_add(digit);
        end += 1;
    }
    if end == start {
        return None;
    }
    let length = end + usize::from(bytes.get(end) == Some(&b';'));
    Some(Reference { length, expansion: Expansion::Numeric(character(number)) })
}

/// What the numbers 0x80 to 0x9F mean on the web: the characters of windows-1252.
const WINDOWS_1252: [char; 32] = [
    '\u{20AC}', '\u{81}', '\u{201A}', '\u{0192}', '\u{201E}', '\u{2026}', '\u{2020}', '\u{2021}', '\u{02C6}', '\u{2030}', '\u{0160}',
    '\u{2039}', '\u{0152}', '\u{8D}', '\u{017D}', '\u{8F}', '\u{90}', '\u{2018}', '\u{2019}', '\u{201C}', '\u{201D}', '\u{2022}',
    '\u{2013}', '\u{2014}', '\u{02DC}', '\u{2122}', '\u{0161}', '\u{203A}', '\u{0153}', '\u{9D}', '\u{017E}', '\u{0178}',
];

/// The character of a number, by the standard's replacements.
fn character(number: u32) -> char {
    match number {
        0 => char::REPLACEMENT_CHARACTER,
        0x80..=0x9F => WINDOWS_1252[(number - 0x80) as usize],
        _ => char::from_u32(number).unwrap_or(char::REPLACEMENT_CHARACTER),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(text: &str, is_attribute: bool) -> Option<(String, usize)> {
        read(text, is_attribute).map(|reference| {
            let mut characters = String::new();
            reference.push_to(&mut characters);
            (characters, reference.length)
        })
    }

    #[test]
    fn table_is_sorted_and_its_bounds_hold() {
        assert!(NAMED.is_sorted_by(|a, b| a.0 < b.0));
        let bare = NAMED.iter().filter(|(name, _)| !name.ends_with(';'));
        assert_eq!(bare.clone().count(), 106);
        assert!(bare.into_iter().all(|(name, _)| (2..=LONGEST_BARE_NAME).contains(&name.len())));
        assert_eq!(NAMED.iter().map(|(name, _)| name.len()).max(), Some(LONGEST_NAME));
    }

    #[test]
    fn references_take_the_longest_name() {
        for (text, characters, length) in [
            ("&amp;lt;", "&", 5),
            ("&notit;", "\u{AC}", 4),
            ("&notin;", "\u{2209}", 7),
            ("&copy2024", "\u{A9}", 5),
            ("&AMP", "&", 4),
            ("&#x2019;s", "\u{2019}", 8),
            ("&#146 ", "\u{2019}", 5),
            ("&#0;", "\u{FFFD}", 4),
            ("&#xD800;", "\u{FFFD}", 8),
            ("&#99999999999;", "\u{FFFD}", 14),
            ("&#13;", "\r", 5),
            ("&NotEqualTilde;", "\u{2242}\u{338}", 15),
        ] {
            assert_eq!(decoded(text, false), Some((characters.to_owned(), length)), "{text}");
        }
    }

    #[test]
    fn ampersands_that_are_no_reference() {
        for text in ["&", "& ", "&;", "&#;", "&#x;", "&#", "&#xg", "&unknown;", "&a", "&\u{e9}"] {
            assert_eq!(decoded(text, false), None, "{text}");
        }
    }

    #[test]
    fn bare_names_in_attributes_are_left_alone_before_letters_and_equals() {
        assert_eq!(decoded("&copy=2", true), None);
        assert_eq!(decoded("&copyx", true), None);
        assert_eq!(decoded("&copy=2", false), Some(("\u{A9}".to_owned(), 5)));
        assert_eq!(decoded("&copy;=2", true), Some(("\u{A9}".to_owned(), 6)));
        assert_eq!(decoded("&copy", true), Some(("\u{A9}".to_owned(), 5)));
    }
}
