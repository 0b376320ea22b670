//! The prefilter over a whole document: where does any of some thousand literals stand?
//!
//! With grams of five bytes and steps of three, every literal gets a window of seven bytes. The three grams of five bytes at its offsets 0, 1 and 2 go into a bitmap. The
//! text is then looked at in steps of three bytes only: wherever the literal stands, exactly one of its three grams lies on a
//! step. For the window `wslette` of `newsletter`:
//!
//! ```text
//! text   o u r   n e w s l e t t e r
//! step   |     |     |     |     |        a step is every third byte
//! grams            w s l e t              one of wslet, slett, lette lies on a step
//! ```
//!
//! A gram that is in the bitmap is looked up and the literal compared. Long windows matter: grams of four bytes are so common
//! in prose that confirming them costs more than the scan.

use std::ops::Range;

/// Bytes read past the end of a text; texts are padded by as many.
pub(crate) const PADDING: usize = 8;

/// A set of literals to be found in folded text, by grams of `GRAM` bytes (eight at most) at every `STEP`th byte.
///
/// The bitmap has `WORDS` words, a power of two. Every gram sets two bits of one word, so that other grams seldom pass.
pub(crate) struct GramFilter<const GRAM: usize, const STEP: usize, const WORDS: usize> {
    bitmap: Vec<u64>,
    /// Entries by slot: those of slot `s` are `entries[slots[s]..slots[s + 1]]`.
    slots: Vec<u32>,
    entries: Vec<Entry>,
    /// All literals, one after the other.
    text: Vec<u8>,
}

/// A gram, the literal it belongs to and where in it the gram stands.
#[derive(Clone, Copy)]
struct Entry {
    gram: u64,
    literal: u32,
    offset: u32,
    /// Where in [`GramFilter::text`] the literal stands.
    start: u32,
    end: u32,
}

impl<const GRAM: usize, const STEP: usize, const WORDS: usize> GramFilter<GRAM, STEP, WORDS> {
    /// Shortest literal that is found wherever it stands.
    pub(crate) const SHORTEST: usize = GRAM + STEP - 1;

    /// Prepares the search. Each literal has [`Self::SHORTEST`] bytes or more; its index is what [`Self::find`] reports.
    pub(crate) fn new<S: AsRef<[u8]>>(literals: &[S]) -> Self {
        if literals.is_empty() {
            return Self { bitmap: Vec::new(), slots: Vec::new(), entries: Vec::new(), text: Vec::new() };
        }
        let mut bitmap = vec![0u64; WORDS];
        let mut entries = Vec::with_capacity(literals.len() * STEP);
        let mut text = Vec::with_capacity(literals.iter().map(|literal| literal.as_ref().len()).sum());
        for (index, literal) in literals.iter().map(AsRef::as_ref).enumerate() {
            let place = text.len() as u32..(text.len() + literal.len()) as u32;
            text.extend_from_slice(literal);
            let window = rarest_window(literal, GRAM, Self::SHORTEST);
            for offset in window..window + STEP {
                let mut eight = [0; 8];
                eight[..GRAM].copy_from_slice(&literal[offset..offset + GRAM]);
                let gram = u64::from_le_bytes(eight);
                let (word, bits) = Self::place_of(hash(gram));
                bitmap[word] |= bits;
                entries.push(Entry { gram, literal: index as u32, offset: offset as u32, start: place.start, end: place.end });
            }
        }
        let slot_bits = (entries.len().max(2) as u32).next_power_of_two().trailing_zeros();
        let slot_of = |entry: &Entry| (hash(entry.gram) >> (64 - slot_bits)) as usize;
        entries.sort_unstable_by_key(|entry| (slot_of(entry), entry.gram, entry.literal, entry.offset));
        let mut slots = vec![0u32; (1 << slot_bits) + 1];
        for entry in &entries {
            slots[slot_of(entry) + 1] += 1;
        }
        for slot in 1..slots.len() {
            slots[slot] += slots[slot - 1];
        }
        Self { bitmap, slots, entries, text }
    }

    /// Calls `found(literal, start)` for every place in the range of `text` where a literal begins. [`PADDING`] bytes stand after the
    /// range. Places of one literal come in order.
    pub(crate) fn find(&self, text: &[u8], range: Range<usize>, mut found: impl FnMut(usize, usize)) {
        let Ok(bitmap) = <&[u64; WORDS]>::try_from(self.bitmap.as_slice()) else { return };
        let text = &text[..range.end + PADDING];
        let mut at = range.start;
        while let Some(eight) = text.get(at..at + 8) {
            let word = u64::from_le_bytes(eight.try_into().expect("eight bytes"));
            let hash = hash(word << (64 - 8 * GRAM) >> (64 - 8 * GRAM));
            let (place, bits) = Self::place_of(hash);
            if bitmap[place] & bits == bits {
                self.confirm(text, at, word, hash, &mut found);
            }
            at += STEP;
        }
    }

    /// The word of the bitmap in which a gram has its bits, and these two bits.
    #[inline]
    fn place_of(hash: u64) -> (usize, u64) {
        ((hash >> (64 - WORDS.trailing_zeros())) as usize, 1 << (hash >> 32 & 63) | 1 << (hash >> 26 & 63))
    }

    /// Looks up the gram at a place and compares its literals.
    #[inline(never)]
    fn confirm(&self, text: &[u8], at: usize, word: u64, hash: u64, found: &mut impl FnMut(usize, usize)) {
        let gram = word << (64 - 8 * GRAM) >> (64 - 8 * GRAM);
        let slot = (hash >> (64 - (self.slots.len() - 1).trailing_zeros())) as usize;
        let entries = &self.entries[self.slots[slot] as usize..self.slots[slot + 1] as usize];
        for entry in entries.iter().filter(|entry| entry.gram == gram) {
            let literal = &self.text[entry.start as usize..entry.end as usize];
            if let Some(start) = at.checked_sub(entry.offset as usize)
                && text[start..].starts_with(literal)
            {
                found(entry.literal as usize, start);
            }
        }
    }
}

/// Hash of a gram; its upper bits are the slot.
#[inline]
fn hash(gram: u64) -> u64 {
    gram.wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

/// How common letters are in European prose, roughly, in parts of a thousand; everything else is rare. Only their order matters, and only for speed.
const LETTERS: [u32; 26] = [83, 15, 32, 42, 143, 15, 19, 32, 72, 4, 7, 45, 26, 78, 62, 24, 5, 65, 71, 78, 34, 12, 14, 3, 9, 7];

/// Bytes at the start of a literal in which its window is looked for.
const SEARCHED: usize = 48;

/// Offset of the window of `width` bytes whose grams are likely to be rarest in prose.
fn rarest_window(literal: &[u8], gram: usize, width: usize) -> usize {
    let searched = &literal[..literal.len().min(SEARCHED)];
    // Sums of logarithms are products of frequencies: `sums[i]` is that of the first `i` bytes.
    let mut sums = [0u32; SEARCHED + 1];
    // Bytes from here on belong to no common group seen so far.
    let mut common = 0;
    for (at, &byte) in searched.iter().enumerate() {
        if searched.get(at..at + 3).is_some_and(is_common) {
            common = at + 3;
        }
        let cost = match byte {
            _ if at < common => 200,
            b'a'..=b'z' => LETTERS[(byte - b'a') as usize],
            b' ' => 160,
            _ => 6,
        };
        sums[at + 1] = sums[at] + (cost + 1).ilog2() * 16 + cost / 8;
    }
    // The commonest gram of a window counts.
    let cost = |start: usize| (start..=start + width - gram).map(|at| sums[at + gram] - sums[at]).max();
    (0..=searched.len() - width).min_by_key(|&start| cost(start)).unwrap_or(0)
}

/// Whether three bytes stand in many English words, among them some of the commonest.
fn is_common(three: &[u8]) -> bool {
    matches!(
        three,
        b"the"
            | b"and"
            | b"ing"
            | b"for"
            | b"ith"
            | b"wit"
            | b"fro"
            | b"rom"
            | b"tha"
            | b"hat"
            | b"you"
            | b"our"
            | b"ion"
            | b"ent"
            | b"abo"
            | b"out"
            | b"ove"
            | b"ver"
            | b"thi"
            | b"his"
            | b"int"
            | b"nte"
            | b"all"
            | b"are"
            | b"was"
            | b"ate"
            | b"her"
            | b"com"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(literals: &[&str], text: &str) -> Vec<(usize, usize)> {
        let filter = GramFilter::<5, 3, 1024>::new(literals);
        let mut padded = text.as_bytes().to_vec();
        padded.extend([0; PADDING]);
        let mut places = Vec::new();
        filter.find(&padded, 0..text.len(), |literal, start| places.push((start, literal)));
        places.sort_unstable();
        places
    }

    #[test]
    fn a_literal_is_found_at_every_alignment_and_at_the_borders() {
        for lead in 0..7 {
            let text = format!("{}newsletter", "x".repeat(lead));
            assert_eq!(find(&["newsletter", "advertisement"], &text), [(lead, 0)]);
        }
    }

    #[test]
    fn the_same_places_as_a_plain_search() {
        let literals = ["sign up", "sign up for", "our news", "für unseren", "広告枠です", "aaaaaaa", "newsletter"];
        let text = "sign up for our newsletter; melden für unseren 広告枠です aaaaaaaaa sign upsign up for";
        let mut expected: Vec<(usize, usize)> = literals
            .iter()
            .enumerate()
            .flat_map(|(index, literal)| {
                (0..text.len()).filter(move |&at| text.as_bytes()[at..].starts_with(literal.as_bytes())).map(move |at| (at, index))
            })
            .collect();
        expected.sort_unstable();
        assert_eq!(find(&literals, text), expected);
    }

    #[test]
    fn nothing_is_found_without_literals() {
        assert_eq!(find(&[], "newsletter"), []);
    }
}
