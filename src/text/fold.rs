//! Folding: making spellings of one phrase alike before they are compared.
//!
//! `“Follow  US” – today…` folds to `"follow us" - today...`. The same function folds rules and documents, so a phrase is
//! found wherever it stands, whatever quotes, dashes, widths or capitals the page used. ASCII text, the common case, only has
//! its capitals lowered; typographic signs come from a small table; NFKC runs on rare characters alone, since normalising
//! whole texts costs more than all rules together.
//!
//! Folding may change lengths, so [`fold_with_map`] also says where in the source each folded byte came from.

use unicode_normalization::UnicodeNormalization;

use super::masks::{CHUNK, Chunk};
use crate::rules::Fold;

/// Folds `text` fully and appends the result to `out`.
///
/// Characters that only need their capitals lowered, or nothing, are copied in runs; the others are found sixty-four bytes at a time.
pub(crate) fn fold_into(text: &str, out: &mut String) {
    // Phrases of rules are short, and there are many.
    if text.len() < CHUNK && is_plain(text.as_bytes()) {
        return lower_into(text, out);
    }
    out.reserve(text.len());
    // Up to here the text is in `out`, and up to there its characters have been looked at.
    let (mut copied, mut seen, mut base) = (0, 0, 0);
    // Whether a space would stand at the start, or after a space or something odd: what it becomes depends on `out`.
    let mut after_odd = true;
    Chunk::each(text.as_bytes(), |chunk| {
        let spaces = chunk.equal(b' ');
        let odd = !chunk.within(b' ', b'~') | chunk.equal(b'`');
        let mut places = odd | spaces & ((odd | spaces) << 1 | u64::from(after_odd));
        after_odd = (odd | spaces) >> (CHUNK - 1) == 1;
        while places != 0 {
            let at = base + places.trailing_zeros() as usize;
            places &= places - 1;
            if at >= text.len() {
                break;
            }
            if at < seen {
                continue;
            }
            let rest = &text[at..];
            let c = rest.chars().next().expect("it is below the length, on a border");
            seen = at + c.len_utf8();
            let is_plain = if c == ' ' { at > copied && !text[..at].ends_with(' ') } else { is_folded(c) && !followed_by_mark(c, rest) };
            if is_plain {
                continue;
            }
            lower_into(&text[copied..at], out);
            fold_char(c, rest, out);
            copied = seen;
        }
        base += CHUNK;
    });
    lower_into(&text[copied..], out);
}

/// Whether a text folds by lowering its capitals alone: printable ASCII, and no space at the start or after a space.
#[expect(clippy::needless_bitwise_bool, reason = "one look at all bytes costs less than a branch at each")]
fn is_plain(text: &[u8]) -> bool {
    let mut before = b' ';
    !text.iter().fold(false, |is_odd, &byte| {
        let is_pair = byte == b' ' && before == b' ';
        before = byte;
        is_odd | (byte.wrapping_sub(b' ') > b'~' - b' ') | (byte == b'`') | is_pair
    })
}

/// Appends a text with its ASCII capitals lowered.
fn lower_into(text: &str, out: &mut String) {
    let start = out.len();
    out.push_str(text);
    out[start..].make_ascii_lowercase();
}

/// Whether a character that is not ASCII is one of the common ones that fold to themselves, unless a mark follows.
fn is_folded(c: char) -> bool {
    matches!(c, '\u{df}'..='\u{f6}' | '\u{f8}'..='\u{ff}' | '\u{430}'..='\u{45f}' | '\u{3001}'..='\u{3098}' | '\u{30a1}'..='\u{30fe}'
        | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}')
}

/// Folds one character that is not plain ASCII, or a space whose neighbour is not known.
fn fold_char(c: char, rest: &str, out: &mut String) {
    match c {
        _ if c.is_whitespace() || c == '\u{7f}' || c < ' ' => {
            if !out.ends_with(' ') {
                out.push(' ');
            }
        }
        '\u{2018}' | '\u{2019}' | '\u{201a}' | '\u{201b}' | '\u{2032}' | '\u{02bc}' | '\u{ff07}' | '`' | '\u{b4}' => out.push('\''),
        '\u{201c}'..='\u{201f}' | '\u{2033}' | '\u{ab}' | '\u{bb}' | '\u{ff02}' => out.push('"'),
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{2e3a}' | '\u{2e3b}' => out.push('-'),
        '\u{2026}' => out.push_str("..."),
        // Zero-width and directional marks, soft hyphen, byte order mark, variation selectors.
        '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{feff}' | '\u{fe00}'..='\u{fe0f}' => {}
        '\u{ff01}'..='\u{ff5e}' => {
            let ascii = char::from_u32(c as u32 - 0xfee0).expect("full-width forms mirror ASCII");
            out.push(ascii.to_ascii_lowercase());
        }
        // Han, kana and Hangul syllables fold to themselves.
        '\u{3001}'..='\u{3098}' | '\u{309d}'..='\u{30fe}' | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}' => out.push(c),
        '\u{660}'..='\u{669}' | '\u{6f0}'..='\u{6f9}' | '\u{966}'..='\u{96f}' => out.extend(ascii_digit(c)),
        _ if is_simple(c) && !followed_by_mark(c, rest) => out.extend(c.to_lowercase()),
        _ => out.extend(std::iter::once(c).nfkc().flat_map(char::to_lowercase).filter(|c| !matches!(c, '\u{200b}'))),
    }
}

/// A digit of the Arabic scripts, of Devanagari or of full width as one of ASCII.
pub(crate) fn ascii_digit(c: char) -> Option<char> {
    let zero = match c {
        '\u{660}'..='\u{669}' => 0x660,
        '\u{6f0}'..='\u{6f9}' => 0x6f0,
        '\u{966}'..='\u{96f}' => 0x966,
        '\u{ff10}'..='\u{ff19}' => 0xff10,
        _ => return None,
    };
    char::from_digit(c as u32 - zero, 10)
}

/// Letters of the Latin, Greek and Cyrillic blocks that NFKC leaves alone.
fn is_simple(c: char) -> bool {
    matches!(c, '\u{c0}'..='\u{131}' | '\u{134}'..='\u{13e}' | '\u{141}'..='\u{148}' | '\u{14a}'..='\u{17e}'
        | '\u{386}'..='\u{3ce}' | '\u{400}'..='\u{481}' | '\u{48a}'..='\u{52f}')
        || c.is_ascii()
}

/// Whether a combining mark follows `c`, so that the pair may compose.
fn followed_by_mark(c: char, rest: &str) -> bool {
    rest[c.len_utf8()..].chars().next().is_some_and(|next| ('\u{300}'..='\u{36f}').contains(&next))
}

/// Folds `text` as `fold` says.
pub(crate) fn fold(text: &str, fold: Fold) -> String {
    let mut out = String::new();
    match fold {
        Fold::Full => fold_into(text, &mut out),
        Fold::Case => out = text.to_lowercase(),
        Fold::None => out.push_str(text),
    }
    out
}

/// Folds `text` fully; the second part holds, for every byte of the result and one past its end, the byte of `text` it came from.
pub(crate) fn fold_with_map(text: &str) -> (String, Vec<usize>) {
    let mut out = String::with_capacity(text.len());
    let mut map = Vec::with_capacity(text.len() + 1);
    for (at, c) in text.char_indices() {
        if c.is_ascii() && (' '..='~').contains(&c) && c != '`' {
            if !(c == ' ' && out.ends_with(' ')) {
                out.push(c.to_ascii_lowercase());
            }
        } else {
            fold_char(c, &text[at..], &mut out);
        }
        map.resize(out.len(), at);
    }
    map.push(text.len());
    (out, map)
}

/// Folds a phrase of a rule and drops its outer punctuation, so that it compares with [`core`] of a block.
pub(crate) fn phrase(text: &str, how: Fold) -> String {
    let folded = fold(text, how);
    core(&folded).to_owned()
}

/// The part of `folded` between its first and last letter, digit or sign that carries meaning (`#`, `+`, `%`, `&`, currency).
pub(crate) fn core(folded: &str) -> &str {
    let is_inner = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
    if is_inner(folded.as_bytes().first()) && is_inner(folded.as_bytes().last()) {
        return folded;
    }
    folded.trim_matches(is_outer)
}

/// Whether a character at the border of a block says nothing: space, punctuation, bullets, brackets, arrows.
fn is_outer(c: char) -> bool {
    if c.is_ascii() {
        return !c.is_ascii_alphanumeric() && !matches!(c, '#' | '+' | '%' | '&' | '$' | '@');
    }
    !c.is_alphanumeric() && !matches!(c, '©' | '®' | '€' | '£' | '¥' | '°' | '†')
}

/// `folded` with every run of digits (with `.`, `,` or `:` between digits) replaced by `#`, where it has digits.
pub(crate) fn with_number_signs(folded: &str) -> Option<String> {
    let mut out = String::new();
    number_signs_into(folded, &mut out).then_some(out)
}

/// As [`with_number_signs`], with `out` in place of a new string; false where there are no digits.
pub(crate) fn number_signs_into(folded: &str, out: &mut String) -> bool {
    out.clear();
    let bytes = folded.as_bytes();
    let is_digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let (mut start, mut base) = (0, 0);
    Chunk::each(bytes, |chunk| {
        let mut digits = chunk.within(b'0', b'9');
        while digits != 0 {
            let digit = base + digits.trailing_zeros() as usize;
            digits &= digits - 1;
            if digit < start {
                continue;
            }
            out.push_str(&folded[start..digit]);
            out.push('#');
            start = digit + 1;
            while is_digit(start) || (matches!(bytes.get(start), Some(b'.' | b',' | b':')) && is_digit(start + 1)) {
                start += 1;
            }
        }
        base += CHUNK;
    });
    if start > 0 {
        out.push_str(&folded[start..]);
    }
    start > 0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn full(text: &str) -> String {
        fold(text, Fold::Full)
    }

    #[test]
    fn spellings_of_one_phrase_fold_alike() {
        let cases = [
            ("Follow US", "follow us"),
            ("  two  spaces \t here ", " two spaces here "),
            ("“Photo”: it’s", "\"photo\": it's"),
            ("a – b — c", "a - b - c"),
            ("more…", "more..."),
            ("soft\u{ad}hyphen and zero\u{200b}width", "softhyphen and zerowidth"),
            ("no\u{a0}break", "no break"),
            ("ＡＤ：広告　枠", "ad:広告 枠"),
            ("ÜBER Straße ÉTÉ", "über straße été"),
            ("ﬁnal №5", "final no5"),
            ("ФОТО", "фото"),
        ];
        for (text, folded) in cases {
            assert_eq!(full(text), folded, "{text:?}");
        }
    }

    #[test]
    fn every_character_folds_alike_wherever_it_stands() {
        let one_by_one = |text: &str| fold_with_map(text).0;
        for c in (0..=0x0010_ffff).filter_map(char::from_u32) {
            assert!(!is_folded(c) || one_by_one(&c.to_string()) == c.to_string(), "{c:?}");
        }
        let odd = [
            "A",
            " ",
            "  ",
            "`",
            "é",
            "É",
            "e\u{301}",
            "é\u{301}",
            "か",
            "か\u{3099}",
            "ｶﾞ",
            "한",
            "ж",
            "Ж",
            "й\u{306}",
            "“",
            "…",
            "\u{ad}",
            "\t",
            "\u{a0}",
        ];
        for lead in (0..4).chain(58..70) {
            for one in odd {
                for other in odd {
                    let text = format!("{}{one}{other}b {one}", "x".repeat(lead));
                    assert_eq!(full(&text), one_by_one(&text), "{text:?}");
                }
            }
        }
    }

    #[test]
    fn the_map_points_into_the_source() {
        for text in ["Plain text", "“Photo”  of an İ…", "ＡＤ　枠", "\u{200b}x\u{ad}y", "a  b"] {
            let (folded, map) = fold_with_map(text);
            assert_eq!(folded, full(text), "{text:?}");
            assert_eq!(map.len(), folded.len() + 1);
            assert!(map.windows(2).all(|pair| pair[0] <= pair[1]));
            assert!(map.iter().all(|&at| text.is_char_boundary(at)));
        }
    }

    #[test]
    fn outer_punctuation_says_nothing() {
        assert_eq!(phrase("[ Advertisement ]", Fold::Full), "advertisement");
        assert_eq!(phrase("• Read more »", Fold::Full), "read more");
        assert_eq!(phrase("© 2024", Fold::Full), "© 2024");
    }

    #[test]
    fn digits_of_other_scripts_are_digits() {
        assert_eq!(phrase("٠١٢٣٤٥٦٧٨٩", Fold::Full), "0123456789");
        assert_eq!(phrase("۰۱۲۳۴۵۶۷۸۹", Fold::Full), "0123456789");
        assert_eq!(phrase("०१२३४५६७८९", Fold::Full), "0123456789");
        assert_eq!(phrase("قراءة ٣ دقائق", Fold::Full), "قراءة 3 دقائق");
    }

    #[test]
    fn runs_of_digits_become_one_sign() {
        assert_eq!(with_number_signs("image 1 of 12").as_deref(), Some("image # of #"));
        assert_eq!(with_number_signs("1,204 shares at 10:45.").as_deref(), Some("# shares at #."));
        assert_eq!(with_number_signs("none"), None);
    }
}
