//! Literals that begin at a word: the prefilter for nearly all phrases.
//!
//! A phrase stands between the edges of words, and even a piece of a pattern mostly has a space in it. So it need not be looked for
//! at every byte of a text: one of its words begins where a word of the text begins. Each literal is entered under one of its words,
//! the one that is likely to be rarest, by the eight bytes that begin there, spaces and next words included, or by a whole word
//! where fewer are left:
//!
//! ```text
//! sign up for our newsletter        newslett
//! read more                         read mor
//! by reuters                        reuters, as a whole word
//! ```
//!
//! The text is walked from word to word, found sixty-four bytes at a time, with two looks at bitmaps for each. Characters of scripts
//! without spaces, and all others that are not known to be letters of European words, count as words of their own, so that no edge
//! is missed.

use std::ops::Range;

use crate::text::masks::{CHUNK, Chunk};

/// Bytes that stand before and after the text that is searched, none of them of a word.
pub(crate) const PADDING: usize = CHUNK + KEY;

/// Bytes of a window before and after those whose words are looked at: a character, and a key.
const BEFORE: usize = 2;
const AFTER: usize = KEY;

/// Bytes of the longest key.
const KEY: usize = 8;

/// Bytes of the key of characters that are words of their own: two, mostly.
const KEY_OF_OTHERS: usize = 6;

/// Literals under their keys, with what goes with each.
pub(crate) struct Probes {
    eights: Table<2048>,
    words: Table<512>,
    /// All literals, one after the other.
    text: Vec<u8>,
}

/// A literal under one of its words.
#[derive(Clone, Copy)]
struct Entry {
    key: u64,
    /// What follows the key in the literal, up to eight bytes, and a mask of them: most literals under a key are told apart by that, without
    /// a look at them.
    next: u64,
    mask: u64,
    /// Where in [`Probes::text`] the literal stands.
    start: u32,
    end: u32,
    /// Where in the literal the word stands.
    offset: u32,
    /// What the literal stands for.
    value: u32,
}

/// Entries by key, with a bitmap of so many words before them since most words of a text are in none.
struct Table<const WORDS: usize> {
    bitmap: Box<[u64; WORDS]>,
    /// Those of slot `s` are `entries[slots[s]..slots[s + 1]]`.
    slots: Vec<u32>,
    entries: Vec<Entry>,
}

/// A key, and where in a literal its word stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Key {
    Eight(usize),
    Word(usize, usize),
}

/// Whether a literal can be found by a word of it. `is_edged` says that it stands between the edges of words wherever it counts.
/// Words that stand in any text give nothing away.
pub(crate) fn is_probed(literal: &str, is_edged: bool) -> bool {
    !is_common(literal.as_bytes()) && keys(literal.as_bytes(), is_edged).next().is_some()
}

/// The keys under which a literal may be entered.
fn keys(literal: &[u8], is_edged: bool) -> impl Iterator<Item = Key> {
    let len = literal.len();
    (0..len).filter_map(move |at| {
        let length = match letter(&literal[at..]) {
            0 if literal[at] < 0xc2 => return None,
            0 => KEY_OF_OTHERS,
            // At the very start of a literal without edges a word may be the rest of a longer one, and so may one at its end.
            _ if at == 0 && !is_edged || ends_in_letter(&literal[..at]) => return None,
            _ => word(&literal[at..]),
        };
        if len - at >= KEY {
            return Some(Key::Eight(at));
        }
        let is_whole = if letter(&literal[at..]) == 0 { at + length <= len } else { at + length < len || is_edged };
        (is_whole && length < KEY).then_some(Key::Word(at, length))
    })
}

/// Bytes of the letter or digit of a European word that a text begins with; none where it begins with something else. The same as
/// [`Marks`] say.
fn letter(text: &[u8]) -> usize {
    match text {
        [b'a'..=b'z' | b'0'..=b'9', ..] => 1,
        [0xc3, 0x97 | 0xb7, ..] => 0,
        [0xc3..=0xc5 | 0xd0 | 0xd1, ..] => 2,
        _ => 0,
    }
}

fn ends_in_letter(text: &[u8]) -> bool {
    let ends_in = |length: usize| text.len() >= length && letter(&text[text.len() - length..]) == length;
    ends_in(1) || ends_in(2)
}

/// Bytes of the word that a text begins with.
fn word(text: &[u8]) -> usize {
    let mut length = 0;
    loop {
        match letter(&text[length..]) {
            0 => return length,
            more => length += more,
        }
    }
}

/// The first eight bytes, or fewer, as a number.
fn number(bytes: &[u8]) -> u64 {
    let mut eight = [0; KEY];
    let length = bytes.len().min(KEY);
    eight[..length].copy_from_slice(&bytes[..length]);
    u64::from_le_bytes(eight)
}

impl Probes {
    /// Prepares the search for literals, each of which [`is_probed`], with what it stands for and whether it has edges.
    pub(crate) fn new<'l>(literals: impl Iterator<Item = (&'l str, bool, u32)>) -> Self {
        let (mut eights, mut words, mut text) = (Vec::new(), Vec::new(), Vec::new());
        for (literal, is_edged, value) in literals {
            let literal = literal.as_bytes();
            let (start, end) = (text.len() as u32, (text.len() + literal.len()) as u32);
            let best = keys(literal, is_edged).min_by_key(|&key| cost(literal, key));
            let Some(best) = best else { continue };
            text.extend_from_slice(literal);
            let entry = |key: &[u8], offset: usize| {
                let rest = &literal[offset + key.len()..];
                let mask = if rest.len() < KEY { (1 << (8 * rest.len())) - 1 } else { u64::MAX };
                Entry { key: number(key), next: number(rest), mask, start, end, offset: offset as u32, value }
            };
            match best {
                Key::Eight(at) => eights.push(entry(&literal[at..at + KEY], at)),
                Key::Word(at, length) => words.push(entry(&literal[at..at + length], at)),
            }
        }
        Self { eights: Table::new(eights), words: Table::new(words), text }
    }

    /// Calls `found` with what each literal in the range of `text` stands for, once for each place at least. [`PADDING`] bytes of no word
    /// stand before and after the whole text, and one beside the range.
    pub(crate) fn find(&self, text: &[u8], range: Range<usize>, mut found: impl FnMut(u32)) {
        for (base, inside) in windows(range.clone()) {
            let base = base - BEFORE;
            let window: &[u8; CHUNK + KEY] = text[base..].first_chunk().expect("texts are padded");
            let marks = Marks::of(Chunk::at(window, 0));
            let mut starts = marks.starts & inside;
            while starts != 0 {
                // No more than the window has, which saves a look at its length.
                let bit = starts.trailing_zeros() % CHUNK as u32;
                starts &= starts - 1;
                let eight = u64::from_le_bytes(*window[bit as usize..].first_chunk::<KEY>().expect("the window is longer"));
                let length = marks.length(bit);
                let word = eight & MASKS[length];
                if self.eights.may_have(eight) {
                    self.confirm(&self.eights, text, &range, (base + bit as usize, KEY), eight, &mut found);
                }
                if self.words.may_have(word) {
                    self.confirm(&self.words, text, &range, (base + bit as usize, length), word, &mut found);
                }
            }
        }
    }

    /// Compares the literals under a key.
    fn confirm<const WORDS: usize>(
        &self,
        table: &Table<WORDS>,
        text: &[u8],
        range: &Range<usize>,
        (at, length): (usize, usize),
        key: u64,
        found: &mut impl FnMut(u32),
    ) {
        let (slot, next) = (table.slot(key), text[at + length..].first_chunk::<KEY>().map_or(0, |next| u64::from_le_bytes(*next)));
        for entry in slot.iter().filter(|entry| entry.key == key && (entry.next ^ next) & entry.mask == 0) {
            let literal = &self.text[entry.start as usize..entry.end as usize];
            let start = at.wrapping_sub(entry.offset as usize);
            if start >= range.start && start <= at && text[start..range.end].starts_with(literal) {
                found(entry.value);
            }
        }
    }
}

/// Masks of the bytes of a word of so many; longer ones have their key in the other table.
const MASKS: [u64; 65] = {
    let mut masks = [0; 65];
    let mut length = 1;
    while length < KEY {
        masks[length] = (1 << (8 * length)) - 1;
        length += 1;
    }
    masks
};

/// Where windows of sixty-four bytes begin, moved by [`BEFORE`], and the bits of those whose words are looked at.
fn windows(range: Range<usize>) -> impl Iterator<Item = (usize, u64)> {
    const SEEN: usize = 64 - BEFORE - AFTER;
    let end = range.end;
    range.step_by(SEEN).map(move |base| {
        let seen = SEEN.min(end - base);
        (base, ((1u64 << seen) - 1) << BEFORE)
    })
}

/// Which bytes of a window are of words, and where words begin.
struct Marks {
    words: u64,
    starts: u64,
    others: u64,
}

impl Marks {
    #[inline]
    fn of(chunk: Chunk) -> Self {
        let letters = chunk.within(b'a', b'z') | chunk.within(b'0', b'9');
        if chunk.within(0x80, 0xff) == 0 {
            return Self { words: letters, starts: letters & !(letters << 1), others: 0 };
        }
        Self::with_others(chunk, letters)
    }

    /// Letters of two bytes are those of Latin-1, Latin Extended-A and the first half of Cyrillic. `×` and `÷` are none.
    fn with_others(chunk: Chunk, letters: u64) -> Self {
        let signs = chunk.equal(0xc3) & (chunk.equal(0x97) | chunk.equal(0xb7)) >> 1;
        let leads = (chunk.within(0xc3, 0xc5) | chunk.within(0xd0, 0xd1)) & !signs;
        let words = letters | leads | leads << 1;
        let others = chunk.within(0xc2, 0xff) & !leads;
        Self { words, starts: words & !(words << 1) | others, others }
    }

    /// Bytes of the key of the word that begins at a bit.
    #[inline]
    fn length(&self, bit: u32) -> usize {
        if self.others >> bit & 1 == 1 {
            return KEY_OF_OTHERS;
        }
        (!(self.words >> bit)).trailing_zeros() as usize
    }
}

impl<const WORDS: usize> Table<WORDS> {
    fn new(entries: Vec<Entry>) -> Self {
        let mut bitmap = Box::new([0u64; WORDS]);
        for entry in &entries {
            let (word, bit) = Self::place_of(entry.key);
            bitmap[word] |= 1 << bit;
        }
        let slot_bits = (entries.len().max(2) as u32).next_power_of_two().trailing_zeros();
        let slot = |entry: &Entry| (hash(entry.key) >> (64 - slot_bits)) as usize;
        // Slots are counted one place further on, so that they have moved to their starts once all entries are placed.
        let mut slots = vec![0u32; (1 << slot_bits) + 2];
        for entry in &entries {
            slots[slot(entry) + 2] += 1;
        }
        for slot in 2..slots.len() {
            slots[slot] += slots[slot - 1];
        }
        let mut placed = entries.clone();
        for entry in entries {
            let next = &mut slots[slot(&entry) + 1];
            placed[*next as usize] = entry;
            *next += 1;
        }
        slots.pop();
        Self { bitmap, slots, entries: placed }
    }

    /// The word of the bitmap in which a key has its bit, and that bit.
    #[inline]
    fn place_of(key: u64) -> (usize, u64) {
        let place = hash(key) >> (64 - 6 - WORDS.trailing_zeros());
        ((place >> 6) as usize % WORDS, place & 63)
    }

    #[inline]
    fn may_have(&self, key: u64) -> bool {
        let (word, bit) = Self::place_of(key);
        self.bitmap[word] >> bit & 1 == 1
    }

    /// The entries among which those under a key are.
    fn slot(&self, key: u64) -> &[Entry] {
        let slot = (hash(key) >> (64 - (self.slots.len() - 1).trailing_zeros())) as usize;
        &self.entries[self.slots[slot] as usize..self.slots[slot + 1] as usize]
    }
}

#[inline]
fn hash(key: u64) -> u64 {
    key.wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

/// Whether a word stands in any text.
fn is_common(word: &[u8]) -> bool {
    matches!(
        word,
        b"a" | b"an"
            | b"and"
            | b"all"
            | b"about"
            | b"are"
            | b"as"
            | b"at"
            | b"be"
            | b"been"
            | b"by"
            | b"can"
            | b"for"
            | b"from"
            | b"get"
            | b"has"
            | b"have"
            | b"he"
            | b"her"
            | b"his"
            | b"i"
            | b"if"
            | b"in"
            | b"is"
            | b"it"
            | b"its"
            | b"more"
            | b"not"
            | b"of"
            | b"on"
            | b"or"
            | b"our"
            | b"out"
            | b"s"
            | b"t"
            | b"that"
            | b"the"
            | b"their"
            | b"they"
            | b"this"
            | b"to"
            | b"use"
            | b"was"
            | b"we"
            | b"will"
            | b"with"
            | b"you"
            | b"your"
            | b"das"
            | b"den"
            | b"der"
            | b"des"
            | b"die"
            | b"ein"
            | b"mit"
            | b"und"
            | b"von"
            | b"zu"
            | b"les"
            | b"le"
            | b"la"
            | b"de"
            | b"du"
            | b"et"
            | b"en"
            | b"un"
            | b"une"
            | b"pour"
            | b"dans"
            | b"que"
            | b"del"
            | b"el"
            | b"los"
            | b"las"
            | b"con"
            | b"por"
            | b"para"
            | b"una"
            | b"per"
            | b"di"
            | b"il"
            | b"do"
            | b"da"
            | b"e"
            | b"o"
            | b"y"
            | b"og"
            | b"av"
            | b"af"
            | b"och"
            | b"att"
            | b"van"
            | b"het"
            | b"een"
            | b"voor"
            | b"na"
            | b"w"
            | b"z"
    )
}

/// How common a key is likely to be. Only the order matters, and only for speed.
fn cost(literal: &[u8], key: Key) -> u32 {
    /// How common letters are in European prose, roughly, in parts of a thousand.
    const LETTERS: [u32; 26] = [83, 15, 32, 42, 143, 15, 19, 32, 72, 4, 7, 45, 26, 78, 62, 24, 5, 65, 71, 78, 34, 12, 14, 3, 9, 7];
    let (at, length) = match key {
        Key::Eight(at) => (at, KEY),
        Key::Word(at, length) => (at, length),
    };
    let bytes = &literal[at..at + length];
    let first = bytes.split(|&byte| byte == b' ').next().unwrap_or_default();
    // A product of frequencies, as a sum of logarithms.
    let rare: u32 = bytes
        .iter()
        .map(|&byte| match byte {
            b'a'..=b'z' => 40 - 4 * (LETTERS[usize::from(byte - b'a')] + 1).ilog2(),
            b' ' => 6,
            _ => 40,
        })
        .sum();
    let common = match key {
        Key::Word(..) if is_common(first) => 800,
        Key::Word(_, 1) => 200,
        Key::Eight(_) if is_common(first) => 10 * first.len() as u32,
        Key::Word(..) | Key::Eight(_) => 0,
    };
    1000 - rare.min(900) + common
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(literals: &[(&str, bool)], text: &str) -> Vec<u32> {
        let probes = Probes::new(literals.iter().zip(0..).map(|(&(literal, is_edged), at)| (literal, is_edged, at)));
        let mut padded = vec![b'\n'; PADDING];
        padded.extend_from_slice(text.as_bytes());
        padded.extend([b'\n'; PADDING]);
        let mut found = Vec::new();
        probes.find(&padded, PADDING..PADDING + text.len(), |value| found.push(value));
        found.sort_unstable();
        found.dedup();
        found
    }

    #[test]
    fn literals_between_edges_are_found_everywhere() {
        let literals = [
            "newsletter",
            "sign up for our newsletter",
            "am",
            "ap photo",
            "photo",
            "écoutez",
            "écouter la radio",
            "фото",
            "фото агентства",
            "写真",
            "写真提供",
            "사진",
            "사진 제공",
            "© afp",
            "(c) dpa",
            "read more",
            "a.m.",
            "ş",
            "x",
            "για",
            "e-mail",
            "7 days",
            "d'ici",
        ];
        let all: Vec<(&str, bool)> = literals.iter().map(|&literal| (literal, true)).collect();
        for (at, literal) in literals.iter().enumerate() {
            assert!(is_probed(literal, true), "{literal}");
            for lead in 0..130 {
                for (before, after) in [(" ", " "), ("(", ")"), ("×", "÷"), ("写", "写"), ("©", "…"), ("\u{301}", "\u{301}"), ("", "")]
                {
                    let filler = if before.is_empty() { " ".repeat(lead) } else { "-".repeat(lead) };
                    let text = format!("{filler}{before}{literal}{after} and more");
                    assert!(find(&all, &text).contains(&(at as u32)), "{literal:?} in {text:?}");
                }
            }
        }
    }

    #[test]
    fn literals_without_edges_are_found_by_an_inner_word() {
        for (literal, is_probed_at_all) in
            [("scribe to our", true), ("scribe", false), ("-19", false), ("(photo)", true), ("写真", true), ("写", false), ("é", false)]
        {
            assert_eq!(is_probed(literal, false), is_probed_at_all, "{literal}");
            if is_probed_at_all {
                for lead in 0..70 {
                    let text = format!("{}sub{literal}xyz", "-".repeat(lead));
                    assert_eq!(find(&[(literal, false)], &text), [0], "{text:?}");
                }
            }
        }
    }

    #[test]
    fn words_of_literals_are_those_of_texts() {
        for c in ('\0'..=char::MAX).filter(|c| !c.is_uppercase()) {
            for text in [format!(" {c} "), format!("x{c} "), format!(" {c}x"), format!(" é{c}é ")] {
                let mut padded = vec![b'\n'; BEFORE];
                padded.extend_from_slice(text.as_bytes());
                padded.extend([b'\n'; PADDING]);
                let marks = Marks::of(Chunk::at(&padded, 0));
                let starts = keys(text.as_bytes(), true).map(|key| match key {
                    Key::Eight(at) | Key::Word(at, _) => at,
                });
                for at in starts {
                    assert_eq!(marks.starts >> (at + BEFORE) & 1, 1, "{text:?}");
                }
                let lengths = keys(text.as_bytes(), true).filter_map(|key| match key {
                    Key::Eight(_) => None,
                    Key::Word(at, length) => Some((at, length)),
                });
                for (at, length) in lengths {
                    assert_eq!(marks.length((at + BEFORE) as u32), length, "{text:?}");
                }
            }
        }
    }

    #[test]
    fn other_words_are_no_matches() {
        assert!(find(&[("photo", true), ("newsletters", true), ("by the way", true)], "the photos of a newsletter, by the").is_empty());
    }
}
