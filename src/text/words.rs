//! Words: what counts as one, in scripts with and without spaces.
//!
//! Limits in rules are in words. Chinese, Japanese and Thai write no spaces; there two characters count as one word, close to
//! the mean length of a word in newspaper Chinese and Japanese.

use super::masks::{CHUNK, Chunk, Words};
use super::plain;

/// Characters of an unspaced script that count as one word.
pub(crate) const CHARS_A_WORD: u32 = 2;

/// Whether `c` belongs to a script written without spaces between words.
pub(crate) fn is_unspaced(c: char) -> bool {
    matches!(c,
        '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{ff66}'..='\u{ff9f}'
        | '\u{0e00}'..='\u{0eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' | '\u{20000}'..='\u{3ffff}')
}

/// Number of words in `text`: runs of letters and digits between spaces; two characters of an unspaced script.
///
/// Signs that stand alone (`-`, `|`, `•`) are no words.
pub(crate) fn count(text: &str) -> u32 {
    let mut plain = Vec::new();
    count_plain(plain::of(text, &mut plain))
}

/// As [`count`], of a text with a byte for each character.
pub(crate) fn count_plain(plain: &[u8]) -> u32 {
    let (mut words, mut unspaced) = (Words::default(), 0);
    Chunk::each(plain, |chunk| {
        words.add(chunk.spaces(), plain::letters(chunk));
        unspaced += plain::unspaced(chunk).count_ones();
    });
    words.count() + u32::div_ceil(unspaced, CHARS_A_WORD)
}

/// The long words of `folded` (five letters or more, or pairs of characters of an unspaced script), sorted, each once. Two texts about
/// the same picture share them.
pub(crate) fn long_words(folded: &str) -> Vec<&str> {
    let mut found = Vec::new();
    each_long(folded, |word| found.push(word));
    found.sort_unstable();
    found.dedup();
    found
}

/// Calls `found` with each long word of `folded`, in order.
pub(crate) fn each_long<'t>(folded: &'t str, mut found: impl FnMut(&'t str)) {
    each_run(folded, |run| {
        if run.is_ascii() {
            found(run);
            return;
        }
        // Starts of the word, of the character before this one if the word is of an unspaced script, and of this one.
        let (mut start, mut before, mut is_unspaced_word) = (None, None, false);
        for (at, c) in run.char_indices() {
            if !is_of_word(c) {
                close(run, start.take(), at, is_unspaced_word, &mut found);
            } else if start.is_none() {
                (start, before, is_unspaced_word) = (Some(at), Some(at), is_unspaced(c));
            } else if is_unspaced_word {
                let end = at + c.len_utf8();
                before.replace(at).into_iter().for_each(|before| found(&run[before..end]));
            }
        }
        close(run, start, run.len(), is_unspaced_word, &mut found);
    });
}

/// Calls `found` with a word that has ended, if it is long and of a script with spaces.
fn close<'t>(run: &'t str, start: Option<usize>, end: usize, is_unspaced_word: bool, found: &mut impl FnMut(&'t str)) {
    if let Some(start) = start.filter(|start| !is_unspaced_word && end - start >= LONG) {
        found(&run[start..end]);
    }
}

/// Whether a character is a letter or a digit. The letters of the commonest scripts are told without a look at the tables of Unicode.
fn is_of_word(c: char) -> bool {
    matches!(c, '\u{4e00}'..='\u{9fff}' | '\u{400}'..='\u{481}' | '\u{ac00}'..='\u{d7a3}' | '\u{3041}'..='\u{3096}' | '\u{30a1}'..='\u{30fa}' | '\u{d8}'..='\u{f6}')
        || c.is_alphanumeric()
}

/// Bytes of a long word.
const LONG: usize = 5;

/// Calls `found` with each run of ASCII letters, ASCII digits and characters beyond ASCII that may hold a long word.
fn each_run<'t>(text: &'t str, mut found: impl FnMut(&'t str)) {
    let (mut base, mut open) = (0, None);
    let mut close = |start: usize, end: usize| {
        if end - start >= LONG || !text.as_bytes()[start].is_ascii() {
            found(&text[start..end]);
        }
    };
    Chunk::each(text.as_bytes(), |chunk| {
        let inside = chunk.within(b'a', b'z') | chunk.within(b'0', b'9') | chunk.within(b'A', b'Z') | chunk.within(0x80, 0xff);
        let mut borders = inside ^ (inside << 1 | u64::from(open.is_some()));
        while borders != 0 {
            let at = base + borders.trailing_zeros() as usize;
            borders &= borders - 1;
            match open.take() {
                None => open = Some(at),
                Some(start) => close(start, at),
            }
        }
        base += CHUNK;
    });
    if let Some(start) = open {
        close(start, text.len());
    }
}

/// How much longer one text may be than another that says the same.
const LONGER: usize = 3;

/// Share of long words that two folded texts have in common, over the text with fewer. Zero when one has none, or when one is
/// [`LONGER`] times as long as the other: a paragraph has the words of a short line by chance.
pub(crate) fn overlap(one: &str, other: &str) -> f32 {
    overlap_of(&long_words(one), &long_words(other))
}

/// The same of sorted words, each once.
pub(crate) fn overlap_of<W: Ord>(one: &[W], other: &[W]) -> f32 {
    let fewer = one.len().min(other.len());
    if fewer == 0 || one.len().max(other.len()) > LONGER * fewer {
        return 0.0;
    }
    let common = one.iter().filter(|word| other.binary_search(word).is_ok()).count();
    common as f32 / fewer as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_counted_in_every_script() {
        let cases = [
            ("", 0),
            ("Follow us on Facebook", 4),
            ("- | •", 0),
            ("It’s über-gut – ja", 3),
            ("広告", 1),
            ("気象庁は13日、津波注意報を出した。", 8),
            ("이재명 후보는 15일", 3),
        ];
        for (text, words) in cases {
            assert_eq!(count(text), words, "{text:?}");
        }
    }

    #[test]
    fn long_words_are_found_in_every_script() {
        let cases: [(&str, &[&str]); 6] = [
            ("", &[]),
            ("- the mills, 1968 - and über-großen cafés2", &["mills", "über", "großen", "cafés2"]),
            ("北海道", &["北海", "海道"]),
            ("北 海道 x", &["海道"]),
            ("(北海a)", &["北海", "海a"]),
            ("été—hiver…", &["été", "hiver"]),
        ];
        for (text, words) in cases {
            let mut found = Vec::new();
            each_long(text, |word| found.push(word));
            assert_eq!(found, words, "{text:?}");
            for lead in 0..=CHUNK {
                let (padded, mut found) = (format!("{}{text}", "-".repeat(lead)), Vec::new());
                each_long(&padded, |word| found.push(word));
                assert_eq!(found, words, "{padded:?}");
            }
        }
    }

    #[test]
    fn letters_and_digits_are_of_words() {
        assert!(('\0'..=char::MAX).all(|c| is_of_word(c) == c.is_alphanumeric()));
    }

    #[test]
    fn overlap_is_over_the_shorter() {
        let alt = "a woman in a yellow coat carries a swan across the frozen canal";
        let caption = "a volunteer carries a swan off the frozen canal";
        assert!(overlap(alt, caption) > 0.5);
        assert!(overlap(alt, "prices rose again in october") < 0.1);
        assert!(overlap("", caption).abs() < f32::EPSILON);
    }
}
