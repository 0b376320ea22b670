//! What the text of a block says about it, whatever the language.

use super::tokens;

/// Counts over the text of one block.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Facts {
    /// Words; two ideographs count as one.
    pub(super) words: u32,
    /// Words outside of links, going by bytes.
    pub(super) free_words: u32,
    pub(super) letters: u32,
    pub(super) digits: u32,
    pub(super) capitals: u32,
    /// Full stops and the like at the end of a word.
    pub(super) stops: u32,
    pub(super) commas: u32,
    /// Arrows, bars, bullets and other characters that stand between links.
    pub(super) dividers: u32,
    pub(super) money: u32,
    pub(super) ends_stop: bool,
    pub(super) ends_ellipsis: bool,
    pub(super) has_at: bool,
    /// Hash of the letters and digits.
    pub(super) hash: u32,
}

/// A block of at least this many words outside of links, with a full stop, is prose.
pub(super) const PROSE_WORDS: u32 = 12;

impl Facts {
    /// Reads the text of a block. The hash of each run of letters and digits is added to `runs`, where they are wanted.
    pub(super) fn read(text: &str, link_bytes: u32, runs: Option<&mut Vec<u32>>) -> Self {
        let mut facts = Self { hash: tokens::hash(b""), ..Self::default() };
        match runs {
            Some(runs) => Reader::<true>::read(text, runs, &mut facts),
            None => Reader::<false>::read(text, &mut Vec::new(), &mut facts),
        }
        facts.end(text);
        let free = u64::from(facts.words) * (text.len() as u64).saturating_sub(u64::from(link_bytes));
        facts.free_words = (free / (text.len() as u64).max(1)) as u32;
        facts
    }

    fn end(&mut self, text: &str) {
        let text = text.trim_end_matches(['"', '\u{201D}', '\u{2019}', '\'', ')', '\u{BB}', ']', '\u{300D}']);
        self.ends_stop = text.ends_with(is_stop);
        self.stops += u32::from(self.ends_stop);
        self.ends_ellipsis = text.ends_with('\u{2026}') || text.ends_with("...");
    }

    /// Says whether two texts have the same letters and digits, as far as counts and a hash can tell.
    pub(super) fn is_same_text(&self, other: &Self) -> bool {
        (self.hash, self.words, self.letters, self.digits) == (other.hash, other.words, other.letters, other.digits)
    }

    /// Says whether the block reads like running text.
    pub(super) fn is_prose(&self) -> bool {
        self.free_words >= PROSE_WORDS && self.stops > 0
    }
}

/// Reads a text; `RUNS` says whether runs are hashed.
struct Reader<'r, const RUNS: bool> {
    in_word: bool,
    ideographs: u32,
    /// Whether the last character was a letter or a number.
    after_word: bool,
    before_stop: bool,
    /// The hash of the letters and digits since the last other character.
    run: Option<u32>,
    runs: &'r mut Vec<u32>,
}

/// Letters and digits in lower case; 0 for other bytes.
static LOWER: [u8; 256] = {
    let mut lower = [0; 256];
    let mut byte = 0_u8;
    while byte < 128 {
        if byte.is_ascii_alphanumeric() {
            lower[byte as usize] = byte.to_ascii_lowercase();
        }
        byte += 1;
    }
    lower
};

impl<'r, const RUNS: bool> Reader<'r, RUNS> {
    fn read(text: &str, runs: &'r mut Vec<u32>, facts: &mut Facts) {
        let mut reader = Self { in_word: false, ideographs: 0, after_word: false, before_stop: false, run: None, runs };
        let bytes = text.as_bytes();
        let mut at = 0;
        while let Some(&byte) = bytes.get(at) {
            if LOWER[usize::from(byte)] != 0 {
                at += reader.ascii_word(&bytes[at..], facts);
            } else if byte == b' ' {
                reader.space(facts);
                at += 1;
            } else if byte.is_ascii() {
                reader.other(char::from(byte), facts);
                at += 1;
            } else {
                let c = text[at..].chars().next().unwrap_or_default();
                reader.beyond_ascii(c, facts);
                at += c.len_utf8();
            }
        }
        reader.end_run();
        facts.words += reader.ideographs.div_ceil(2);
    }

    /// Reads the letters and digits that the bytes begin with; says how many they are.
    #[inline]
    fn ascii_word(&mut self, bytes: &[u8], facts: &mut Facts) -> usize {
        facts.words += u32::from(!self.in_word);
        let (mut hash, mut run) = (facts.hash, self.run.unwrap_or(tokens::NO_BYTES));
        let (mut digits, mut capitals) = (0, 0);
        let mut len = 0;
        for &byte in bytes {
            let lower = LOWER[usize::from(byte)];
            if lower == 0 {
                break;
            }
            digits += u32::from(byte < b'A');
            capitals += u32::from(byte != lower);
            hash = tokens::add_lower(hash, lower);
            if RUNS {
                run = tokens::add_lower(run, lower);
            }
            len += 1;
        }
        facts.letters += len as u32 - digits;
        facts.digits += digits;
        facts.capitals += capitals;
        facts.hash = hash;
        if RUNS {
            self.run = Some(run);
        }
        (self.in_word, self.after_word, self.before_stop) = (true, true, false);
        len
    }

    #[inline]
    fn end_run(&mut self) {
        if RUNS {
            self.runs.extend(self.run.take());
        }
    }

    /// Reads a space, as [`other`](Self::other) would.
    #[inline]
    fn space(&mut self, facts: &mut Facts) {
        self.end_run();
        facts.stops += u32::from(self.before_stop);
        (self.in_word, self.after_word, self.before_stop) = (false, false, false);
    }

    fn beyond_ascii(&mut self, c: char, facts: &mut Facts) {
        if !c.is_alphanumeric() {
            self.other(c, facts);
            return;
        }
        if c.is_alphabetic() {
            facts.letters += 1;
        } else {
            facts.digits += 1;
        }
        let is_ideograph = c.is_alphabetic() && is_ideograph(c);
        if is_ideograph {
            self.ideographs += 1;
        } else {
            facts.capitals += u32::from(c.is_uppercase());
            facts.words += u32::from(!self.in_word);
        }
        facts.hash = mix(facts.hash, c);
        let mut bytes = [0; 4];
        if RUNS {
            let bytes = c.encode_utf8(&mut bytes).bytes();
            self.run = Some(bytes.fold(self.run.unwrap_or(tokens::NO_BYTES), tokens::add));
        }
        (self.in_word, self.after_word, self.before_stop) = (!is_ideograph, true, false);
    }

    fn other(&mut self, c: char, facts: &mut Facts) {
        self.end_run();
        // A stop counts where a space follows it, and at the end, which is looked at by itself.
        if c.is_whitespace() && self.before_stop {
            facts.stops += 1;
        }
        self.before_stop = is_stop(c) && self.after_word;
        self.after_word = false;
        // An apostrophe or a hyphen is inside a word.
        self.in_word &= matches!(c, '\'' | '\u{2019}' | '-' | '\u{AD}');
        match c {
            '\u{3002}' | '\u{FF01}' | '\u{FF1F}' => facts.stops += 1,
            ',' | ';' | '\u{3001}' | '\u{FF0C}' | '\u{60C}' => facts.commas += 1,
            '|' | '\u{BB}' | '\u{AB}' | '\u{203A}' | '>' | '/' | '\u{2022}' | '\u{B7}' | '\u{2192}' => facts.dividers += 1,
            '$' | '\u{20AC}' | '\u{A3}' | '\u{A5}' | '\u{20B9}' => facts.money += 1,
            '@' => facts.has_at = true,
            _ => {}
        }
    }
}

fn mix(hash: u32, c: char) -> u32 {
    (hash ^ u32::from(c)).wrapping_mul(0x0100_0193)
}

fn is_stop(c: char) -> bool {
    matches!(c, '.' | '!' | '?' | '\u{3002}' | '\u{FF01}' | '\u{FF1F}' | '\u{964}' | '\u{6D4}' | '\u{61F}' | '\u{2026}')
}

/// Scripts without spaces between words.
fn is_ideograph(c: char) -> bool {
    matches!(c, '\u{2E80}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}' | '\u{E00}'..='\u{EFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, link_bytes: u32) -> Facts {
        Facts::read(text, link_bytes, None)
    }

    #[test]
    fn words_stops_and_commas_are_counted() {
        let facts = read("It's over, they said. Don't wait 3.5 hours!", 0);
        assert_eq!((facts.words, facts.stops, facts.commas, facts.digits), (9, 2, 1, 2));
        assert!(facts.ends_stop);
        let facts = read("消防隊は火を消した。住民は無事だった。", 0);
        assert_eq!(facts.words, 9);
        assert!(facts.stops >= 2);
    }

    #[test]
    fn words_in_links_are_not_free() {
        let facts = read("read all about it", 17);
        assert_eq!((facts.words, facts.free_words), (4, 0));
    }

    #[test]
    fn runs_are_hashed_on_request_and_change_nothing() {
        for text in ["It's over, they said.", "消防隊は火 Ärger-12 x", ""] {
            let mut runs = Vec::new();
            let facts = Facts::read(text, 3, Some(&mut runs));
            assert_eq!(format!("{facts:?}"), format!("{:?}", read(text, 3)));
            assert_eq!(runs.len(), text.split(|c: char| !c.is_alphanumeric()).filter(|run| !run.is_empty()).count());
        }
    }

    #[test]
    fn the_same_words_have_the_same_hash() {
        assert_eq!(read("Read more!", 0).hash, read("READ  MORE", 0).hash);
    }
}
