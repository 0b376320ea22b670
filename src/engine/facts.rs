//! What is known of every block of a document before any rule looks at it.
//!
//! All blocks are folded one after the other into a single buffer, so that one scan finds the literals of all rules, and measured
//! once. Buffers are kept in [`Scratch`] and used again for the next document.

use std::cell::RefCell;
use std::ops::Range;

use super::memo::{Memo, Seen};
use super::signature::Signature;
use super::{probe, score};
use crate::document::{Block, Document, Standing};
use crate::rules::clues::COMPARED_BYTES;
use crate::rules::{Shape, Shapes};
use crate::text::{fold, masks, shape};

/// Fewest words of a block that may say the same twice.
const DOUBLED_WORDS: u32 = 6;

/// Fewest words of a block that the next one may extend.
const EXTENDED_WORDS: u32 = 4;

/// How many times as long as the block before it an extension may be. A longer one is a paragraph that opens with the words of its
/// own heading.
const EXTENDED_TIMES: usize = 2;

/// Most blocks of a paragraph that begins with a pair.
///
/// Extractors that write alternative texts put a picture's right above its caption, with no blank line between, and often a dateline or credit
/// below; a stanza that begins by saying a line twice goes on for longer.
const PAIR_BLOCKS: usize = 3;

/// Words of a name that the note on a writer begins with.
const INTRODUCED_WORDS: std::ops::RangeInclusive<usize> = 2..=4;

/// Most words of a line that names the writer, such as `By Jane van der Meer`.
const NAMING_WORDS: u32 = 6;

/// Most words of the note on a writer.
const NOTE_WORDS: u32 = 150;

/// Words before the name of a writer, folded.
const NAMED_AFTER: &[&str] = &[
    "by ",
    "written by ",
    "words by ",
    "author ",
    "von ",
    "par ",
    "por ",
    "di ",
    "de ",
    "door ",
    "av ",
    "af ",
    "tekst ",
    "text ",
    "autor ",
    "autorin ",
];

/// Titles before names, folded.
const TITLES: &[&str] = &["prof. dr. ", "prof. ", "professor ", "dr. ", "dr ", "mr. ", "mrs. ", "ms. "];

/// Most words of one of these.
const WORDS_BEFORE_NAME: usize = 2;

/// One block.
#[derive(Clone, Debug)]
pub(crate) struct Facts {
    /// Its folded text in [`Scratch::folded`].
    pub(crate) folded: Range<usize>,
    /// The same without outer punctuation.
    pub(crate) core: Range<usize>,
    /// Number of words.
    pub(crate) words: u32,
    /// Its shapes.
    pub(crate) shapes: Shapes,
    /// Signs in its folded text, as [`masks::signs`] has them; none where it was not measured.
    pub(crate) signs: u128,
    /// Hash of the core, zero for long blocks.
    pub(crate) hash: u64,
    /// Whether it lies outside of the main content, with nothing of that beside it, and not all rules are tried on it.
    pub(crate) is_far: bool,
    /// Its place among the lines that come again, if it is one of them.
    pub(crate) kept: Option<u32>,
    /// Whether it is known from there which rules match it.
    pub(crate) is_decided: bool,
}

impl Facts {
    /// The same for a text in which it begins so much further on.
    fn moved(&self, by: usize) -> Self {
        let moved = |range: &Range<usize>| range.start.wrapping_add(by)..range.end.wrapping_add(by);
        Self { folded: moved(&self.folded), core: moved(&self.core), ..self.clone() }
    }

    /// Whether the rules are to be tried on it.
    pub(crate) fn is_tried(&self) -> bool {
        !self.is_far && !self.is_decided
    }
}

/// What becomes of blocks outside of the main content that have nothing of it beside them. They go, and no rule for a place looks
/// at them; what they say may be said again in the story.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Far {
    /// All rules are tried on them.
    Ruled,
    /// They are measured, and a few rules are tried on them.
    Measured,
    /// No rule is tried on them: they are compared with others, and not measured.
    Folded,
}

/// Buffers that serve one document after another.
///
/// One for each thread saves the allocations of every document; see [`Engine::clean_with`](crate::Engine::clean_with).
#[derive(Default)]
pub struct Scratch {
    pub(crate) folded: String,
    pub(crate) facts: Vec<Facts>,
    pub(crate) candidates: Vec<(u32, u32)>,
    order: Vec<(u64, u32)>,
    /// Of the block that rules are tried on.
    pub(crate) signature: Signature,
    /// For searching its text for patterns.
    pub(crate) translated: RefCell<Vec<u8>>,
    /// For the words of lines, and those of them that the story has.
    pub(crate) hashes: [RefCell<Vec<u64>>; 2],
    /// For the columns of lines.
    pub(crate) columns: RefCell<score::Table>,
    /// Lines of earlier documents.
    pub(super) memo: Memo,
    /// For measuring blocks.
    plain: Vec<u8>,
    named: Vec<(u64, u32)>,
}

impl Scratch {
    /// Folded text of a block.
    pub(crate) fn folded(&self, block: usize) -> &str {
        &self.folded[self.facts[block].folded.clone()]
    }

    /// Folded text of a block, without outer punctuation.
    pub(crate) fn core(&self, block: usize) -> &str {
        &self.folded[self.facts[block].core.clone()]
    }

    /// Folds and measures all blocks, but for those far outside as `far` says.
    pub(crate) fn read(&mut self, document: &Document<'_>, far: Far) {
        self.folded.clear();
        self.facts.clear();
        self.candidates.clear();
        self.folded.extend(std::iter::repeat_n('\n', probe::PADDING));
        let blocks = document.blocks();
        let is_outside = |at: usize| blocks.get(at).is_none_or(|block| block.standing == Standing::Outside);
        for (at, block) in blocks.iter().enumerate() {
            let is_far = far != Far::Ruled && is_outside(at) && is_outside(at + 1) && at.checked_sub(1).is_none_or(is_outside);
            let text = block.span.of(document.source());
            let start = self.folded.len();
            let kept = match if is_far { Seen::Nothing } else { self.memo.look_up(text) } {
                Seen::Before(folded, known, place) => {
                    self.folded.push_str(folded);
                    self.folded.push('\n');
                    self.facts.push(Facts { kept: Some(place), ..known.moved(start) });
                    continue;
                }
                Seen::Again(place) => Some(place),
                Seen::Nothing => None,
            };
            fold::fold_into(text, &mut self.folded);
            let folded = start..self.folded.len();
            let all = &self.folded[folded.clone()];
            let core = fold::core(all);
            let core_start = if core.is_empty() { start } else { start + (core.as_ptr() as usize - all.as_ptr() as usize) };
            let core = core_start..core_start + core.len();
            let is_measured = !is_far || far == Far::Measured;
            let (words, shapes) = if is_measured { shape::measure(text, &mut self.plain) } else { (0, Shapes::default()) };
            let signs = if is_measured { masks::signs(all.as_bytes()) } else { 0 };
            let hash = if core.len() <= COMPARED_BYTES { hash(self.folded[core.clone()].as_bytes()) } else { 0 };
            let facts = Facts { folded, core, words, shapes, signs, hash, is_far, kept: None, is_decided: false };
            if let Some(place) = kept {
                self.memo.keep(place, text, &self.folded[start..], facts.moved(start.wrapping_neg()));
            }
            self.facts.push(Facts { kept, ..facts });
            // No phrase has a line feed, so none is found across two blocks.
            self.folded.push('\n');
        }
        self.folded.extend(std::iter::repeat_n('\n', probe::PADDING));
        self.compare();
        self.find_pairs(blocks);
        self.find_extensions();
        self.find_doubled();
        self.find_introductions(document, far);
        for facts in &mut self.facts {
            facts.is_decided = facts.kept.is_some_and(|place| self.memo.is_decided(place, facts.shapes));
        }
        self.memo.end();
    }

    /// Sets the shapes of blocks that stand more than once.
    fn compare(&mut self) {
        self.order.clear();
        self.order.extend(
            self.facts
                .iter()
                .enumerate()
                .filter(|(_, facts)| facts.hash != 0 && !facts.core.is_empty())
                .map(|(at, facts)| (facts.hash, at as u32)),
        );
        self.order.sort_unstable();
        let mut at = 0;
        while at < self.order.len() {
            let same = self.order[at..].iter().take_while(|entry| entry.0 == self.order[at].0).count();
            if same > 1 {
                for place in at..at + same {
                    let block = self.order[place].1 as usize;
                    let shapes = &mut self.facts[block].shapes;
                    shapes.insert(Shape::Twice);
                    if place > at {
                        shapes.insert(Shape::Again);
                    }
                    let beside = |other: usize| other < at + same && self.order[other].1.abs_diff(block as u32) == 1;
                    if beside(place + 1) || (place > at && beside(place - 1)) {
                        shapes.insert(Shape::Echo);
                    }
                }
            }
            at += same;
        }
    }

    /// Sets the shape of two blocks that say the same and stand at the beginning of a paragraph of few blocks.
    fn find_pairs(&mut self, blocks: &[Block]) {
        let paragraph = |at: usize| blocks.get(at).map(|block| block.paragraph);
        for at in 1..self.facts.len() {
            let (first, second) = (&self.facts[at - 1], &self.facts[at]);
            let own = paragraph(at);
            if first.hash != 0
                && first.hash == second.hash
                && !second.core.is_empty()
                && paragraph(at - 1) == own
                && (at == 1 || paragraph(at - 2) != own)
                && paragraph(at - 1 + PAIR_BLOCKS) != own
            {
                self.facts[at - 1].shapes.insert(Shape::Paired);
                self.facts[at].shapes.insert(Shape::Paired);
            }
        }
    }

    /// Sets the shape of blocks that begin with the whole block before them and go on for as long again at most.
    fn find_extensions(&mut self) {
        for at in 1..self.facts.len() {
            let (before, own) = (&self.facts[at - 1], &self.facts[at]);
            let (short, long) = (before.core.clone(), own.core.clone());
            if before.words >= EXTENDED_WORDS
                && before.hash != 0
                && short.len() < long.len()
                && long.len() <= short.len() * EXTENDED_TIMES
                && self.folded[long].starts_with(&self.folded[short])
            {
                self.facts[at].shapes.insert(Shape::Extends);
            }
        }
    }
}

impl Scratch {
    /// Sets the shape of blocks that say their words twice.
    fn find_doubled(&mut self) {
        for facts in self.facts.iter_mut().filter(|facts| facts.hash != 0 && facts.words >= DOUBLED_WORDS) {
            let text = self.folded[facts.folded.clone()].trim();
            let half = text.len() / 2;
            let halves = text.len() % 2 == 1 && text.as_bytes()[half] == b' ' && text.as_bytes()[..half] == text.as_bytes()[half + 1..];
            if halves {
                facts.shapes.insert(Shape::Doubled);
            }
        }
    }
}

impl Scratch {
    /// Sets the shape of prose that begins with a name which stands alone above it.
    fn find_introductions(&mut self, document: &Document<'_>, far: Far) {
        let mut named = std::mem::take(&mut self.named);
        named.clear();
        for (at, facts) in self.facts.iter().enumerate().filter(|(_, facts)| is_naming(facts.words, facts.shapes)) {
            named.extend(self.name_in(facts).map(|name| (name, at as u32)));
        }
        if far == Far::Folded {
            self.add_far_names(document, &mut named);
        }
        named.sort_unstable();
        let (folded, facts) = (&self.folded, &mut self.facts);
        for (at, facts) in facts.iter_mut().enumerate().filter(|(_, facts)| may_introduce(facts) && !named.is_empty()) {
            let introduces = openings(&folded[facts.core.clone()]).any(|name| {
                let first = named.partition_point(|entry| entry.0 < name);
                named.get(first).is_some_and(|entry| entry.0 == name && (entry.1 as usize) < at)
            });
            if introduces {
                facts.shapes.insert(Shape::Introduces);
            }
        }
        self.named = named;
    }

    /// Adds the names of blocks that were not measured, where some prose begins with them.
    fn add_far_names(&mut self, document: &Document<'_>, named: &mut Vec<(u64, u32)>) {
        let prose = self.facts.iter().filter(|facts| may_introduce(facts));
        let mut wanted: Vec<u64> = prose.flat_map(|facts| openings(&self.folded[facts.core.clone()])).collect();
        wanted.sort_unstable();
        for (at, facts) in self.facts.iter().enumerate().filter(|(_, facts)| facts.is_far) {
            let Some(name) = self.name_in(facts).filter(|name| wanted.binary_search(name).is_ok()) else { continue };
            let (words, shapes) = shape::measure(document.blocks()[at].span.of(document.source()), &mut self.plain);
            if is_naming(words, shapes) {
                named.push((name, at as u32));
            }
        }
    }

    /// The hash of the name that a block may be, or be after a word like `by`.
    fn name_in(&self, facts: &Facts) -> Option<u64> {
        let line = &self.folded[facts.core.clone()];
        // Degrees stand behind the name: `Jane Doe, MD`.
        let line = line.split_once(',').map_or(line, |(name, _)| name);
        let spaces = line.bytes().filter(|&byte| byte == b' ').count();
        if spaces + 1 < *INTRODUCED_WORDS.start() || spaces >= *INTRODUCED_WORDS.end() + WORDS_BEFORE_NAME {
            return None;
        }
        let name = without_title(NAMED_AFTER.iter().find_map(|word| line.strip_prefix(word)).unwrap_or(line));
        INTRODUCED_WORDS.contains(&(name.matches(' ').count() + 1)).then(|| hash(name.as_bytes()))
    }
}

/// Whether a line may name the writer.
fn is_naming(words: u32, shapes: Shapes) -> bool {
    let entry = [Shape::Bullet, Shape::Title].into_iter().collect();
    words <= NAMING_WORDS && (shapes.has(Shape::Name) || shapes.has_all(entry) && !shapes.has(Shape::Digits))
}

/// Whether a block may be the note on a writer.
fn may_introduce(facts: &Facts) -> bool {
    facts.words <= NOTE_WORDS && facts.shapes.has(Shape::Prose)
}

/// The name without a title before it.
fn without_title(name: &str) -> &str {
    TITLES.iter().find_map(|title| name.strip_prefix(title)).unwrap_or(name)
}

/// Hashes of the first words of a text, of one and of more.
fn openings(text: &str) -> impl Iterator<Item = u64> {
    let text = without_title(text);
    let ends = text.bytes().enumerate().filter(|(_, byte)| matches!(byte, b' ' | b',')).map(|(end, _)| end);
    ends.take(*INTRODUCED_WORDS.end() + 1).map(|end| hash(&text.as_bytes()[..end]))
}

/// An odd number whose product with another spreads over all bits.
pub(super) const MIX: u64 = 0x517c_c1b7_2722_0a95;

/// Hash of a short text: multiply and rotate over words of eight bytes, the last of which may have bytes of the one before it. Same bits on
/// every platform.
pub(crate) fn hash(bytes: &[u8]) -> u64 {
    let mut state = bytes.len() as u64 ^ MIX;
    let mut add = |word: u64| state = (state.rotate_left(5) ^ word).wrapping_mul(MIX);
    if let Some(last) = bytes.last_chunk::<8>() {
        bytes[..bytes.len() - 1].as_chunks::<8>().0.iter().for_each(|word| add(u64::from_le_bytes(*word)));
        add(u64::from_le_bytes(*last));
    } else if let (Some(first), Some(last)) = (bytes.first_chunk::<4>(), bytes.last_chunk::<4>()) {
        add(u64::from(u32::from_le_bytes(*first)) | u64::from(u32::from_le_bytes(*last)) << 32);
    } else {
        add(bytes.iter().fold(0, |word, &byte| word << 8 | u64::from(byte)));
    }
    (state ^ (state >> 32)).max(1)
}
