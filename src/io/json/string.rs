//! Strings of JSON, in and out.

/// Whether a byte cannot stand as itself in a string of JSON.
const fn is_special(byte: u8) -> bool {
    byte < 0x20 || byte == b'"' || byte == b'\\'
}

/// Index of the first byte that is a quotation mark, a backslash or a control character; the length when there is none.
pub(super) fn find_special(bytes: &[u8]) -> usize {
    bytes.iter().position(|&byte| is_special(byte)).unwrap_or(bytes.len())
}

/// Index of the first quotation mark or backslash; the length when there is none.
pub(super) fn find_mark(bytes: &[u8]) -> usize {
    memchr::memchr2(b'"', b'\\', bytes).unwrap_or(bytes.len())
}

/// Whether there are control characters other than `but`. No early exit: so the compiler makes vector instructions of it.
pub(super) fn has_control(bytes: &[u8], but: u8) -> bool {
    bytes.iter().fold(0, |found, &byte| found | (u8::from(byte < 0x20) & u8::from(byte != but))) != 0
}

/// Appends `text` as a string of JSON. Only what must be escaped is.
pub(crate) fn write_string(out: &mut Vec<u8>, text: &str) {
    out.reserve(text.len() + text.len() / 64 + 2);
    out.push(b'"');
    let bytes = text.as_bytes();
    let mut done = 0;
    let mut write = |at: usize| {
        out.extend_from_slice(&bytes[done..at]);
        write_escape(out, bytes[at]);
        done = at + 1;
    };
    if has_control(bytes, b'\n') {
        (0..bytes.len()).filter(|&at| is_special(bytes[at])).for_each(&mut write);
    } else {
        memchr::memchr3_iter(b'"', b'\\', b'\n', bytes).for_each(&mut write);
    }
    out.extend_from_slice(&bytes[done..]);
    out.push(b'"');
}

fn write_escape(out: &mut Vec<u8>, byte: u8) {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    let short = match byte {
        b'\n' => b'n',
        b'"' | b'\\' => byte,
        b'\t' => b't',
        b'\r' => b'r',
        0x08 => b'b',
        0x0c => b'f',
        _ => {
            let digits = [HEX[usize::from(byte >> 4)], HEX[usize::from(byte & 15)]];
            out.extend_from_slice(b"\\u00");
            out.extend_from_slice(&digits);
            return;
        }
    };
    out.extend_from_slice(&[b'\\', short]);
}

/// Appends what the inside of a string means and tells whether half of a surrogate pair had to be replaced by U+FFFD.
///
/// `raw` is what stands between the quotation marks, as [`super::scan`] has checked it; of an escape that it would have refused
/// nothing is left.
pub(crate) fn unescape(raw: &str, out: &mut String) -> bool {
    let mut replaced = false;
    let mut rest = raw;
    while let Some(at) = memchr::memchr(b'\\', rest.as_bytes()) {
        out.push_str(&rest[..at]);
        let escape = &rest[at..];
        let (char, len) = match escape.as_bytes().get(1) {
            Some(b'u') => unicode_escape(escape),
            Some(&letter) if letter.is_ascii() => (short_escape(letter), 2),
            _ => (None, 1),
        };
        replaced |= char == Some(char::REPLACEMENT_CHARACTER) && !escape[..len].eq_ignore_ascii_case("\\ufffd");
        out.extend(char);
        rest = &escape[len..];
    }
    out.push_str(rest);
    replaced
}

const fn short_escape(letter: u8) -> Option<char> {
    Some(match letter {
        b'n' => '\n',
        b't' => '\t',
        b'r' => '\r',
        b'b' => '\u{8}',
        b'f' => '\u{c}',
        b'"' | b'\\' | b'/' => letter as char,
        _ => return None,
    })
}

/// The character of `\u` and four digits, or of two of them that are a pair, and the bytes they take.
fn unicode_escape(escape: &str) -> (Option<char>, usize) {
    let Some(first) = hex_unit(escape) else { return (None, 1) };
    let second = escape.get(6..).and_then(hex_unit);
    let pair = second.and_then(|second| char::decode_utf16([first, second]).next()?.ok().filter(|char| char.len_utf16() == 2));
    match pair {
        Some(char) => (Some(char), 12),
        None => (Some(char::from_u32(u32::from(first)).unwrap_or(char::REPLACEMENT_CHARACTER)), 6),
    }
}

fn hex_unit(escape: &str) -> Option<u16> {
    let [b'\\', b'u', digits @ ..] = escape.as_bytes() else { return None };
    digits.first_chunk::<4>()?.iter().try_fold(0, |unit, &digit| Some(unit << 4 | char::from(digit).to_digit(16)? as u16))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn written(text: &str) -> String {
        let mut out = Vec::new();
        write_string(&mut out, text);
        String::from_utf8(out).expect("strings stay UTF-8")
    }

    fn read(raw: &str) -> (String, bool) {
        let mut out = String::new();
        let replaced = unescape(raw, &mut out);
        (out, replaced)
    }

    #[test]
    fn only_what_must_be_escaped_is() {
        assert_eq!(written("a/b é \u{2028}\u{7f}"), "\"a/b é \u{2028}\u{7f}\"");
        assert_eq!(written("\"\\\n\r\t\u{8}\u{c}\u{0}\u{1f}"), r#""\"\\\n\r\t\b\f\u0000\u001f""#);
    }

    #[test]
    fn escapes_of_every_kind_are_read() {
        assert_eq!(read(r#"a\"b\\c\/d\n\t\r\b\f"#), ("a\"b\\c/d\n\t\r\u{8}\u{c}".to_owned(), false));
        assert_eq!(read(r"caf\u00e9 \ud83d\ude00!"), ("café 😀!".to_owned(), false));
        assert_eq!(read(r"\ufffd"), ("\u{fffd}".to_owned(), false));
    }

    #[test]
    fn half_a_surrogate_pair_is_replaced_and_told() {
        assert_eq!(read(r"\ud83d!"), ("\u{fffd}!".to_owned(), true));
        assert_eq!(read(r"\ude00\ud83d"), ("\u{fffd}\u{fffd}".to_owned(), true));
        assert_eq!(read(r"\ud83d\u0041"), ("\u{fffd}A".to_owned(), true));
    }

    #[test]
    fn what_the_scanner_would_refuse_does_no_harm() {
        for raw in ["\\", "\\u", "\\u12", "\\é", "\\u+123", "\\ud83d\\u12"] {
            read(raw);
        }
    }

    proptest! {
        #[test]
        fn strings_come_back(text in any::<String>()) {
            let json = written(&text);
            prop_assert_eq!(&serde_json::from_str::<String>(&json).unwrap(), &text);
            prop_assert_eq!(read(&json[1..json.len() - 1]), (text, false));
        }
    }
}
