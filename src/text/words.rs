//! Words: what counts as one, in scripts with and without spaces.
//!
//! Limits in rules are in words. Chinese, Japanese and Thai write no spaces; there two characters count as one word, close to
//! the mean length of a word in newspaper Chinese and Japanese.

use super::masks::{Chunk, Words};
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
    for token in folded.split(|c: char| !c.is_alphanumeric()) {
        if token.chars().next().is_some_and(is_unspaced) {
            let starts: Vec<usize> = token.char_indices().map(|(at, _)| at).chain([token.len()]).collect();
            found.extend(starts.windows(3).map(|pair| &token[pair[0]..pair[2]]));
        } else if token.len() >= 5 {
            found.push(token);
        }
    }
    found.sort_unstable();
    found.dedup();
    found
}

/// How much longer one text may be than another that says the same.
const LONGER: usize = 3;

/// Share of long words that two folded texts have in common, over the text with fewer. Zero when one has none, or when one is
/// [`LONGER`] times as long as the other: a paragraph has the words of a short line by chance.
pub(crate) fn overlap(one: &str, other: &str) -> f32 {
    let (one, other) = (long_words(one), long_words(other));
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
    fn overlap_is_over_the_shorter() {
        let alt = "a woman in a yellow coat carries a swan across the frozen canal";
        let caption = "a volunteer carries a swan off the frozen canal";
        assert!(overlap(alt, caption) > 0.5);
        assert!(overlap(alt, "prices rose again in october") < 0.1);
        assert!(overlap("", caption).abs() < f32::EPSILON);
    }
}
