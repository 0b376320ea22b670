//! Patterns over an alphabet of their own: a byte for each kind of character that a pattern tells apart.
//!
//! `\p{Lu}\w+ said` is a small pattern, but in UTF-8 its two classes are trees of some thousand states, several times over where they
//! are repeated, and `\b` beside letters that are not ASCII is more than a lazy automaton can do. Yet the pattern tells only a
//! handful of kinds of characters apart:
//!
//! ```text
//! a | d | i | s | other small letters, digits and marks | capitals | space | everything else
//! ```
//!
//! So each kind gets a byte, the text is translated character by character, and the pattern, with its classes turned into sets of
//! these bytes, runs on that. It matches at the same characters, takes a tenth of the memory and compiles in a fraction of the time.
//! A kind that has an ASCII character is called by it, so ASCII text hardly changes, and where a pattern asks for the edge of a word,
//! kinds of word characters are called by letters and digits: an ASCII edge in the translation is an edge in the text.

use std::borrow::Cow;

use regex_automata::nfa::thompson::{self, NFA};
use regex_syntax::hir::{Capture, Class, ClassBytes, ClassBytesRange, ClassUnicode, ClassUnicodeRange, Hir, HirKind, Look, Repetition};

use super::pattern::SIZE_LIMIT;

/// Code points with a place of their own in the table: all up to the dashes and quotation marks of print.
const LOW: usize = 0x2070;

/// A pattern over an alphabet of its own.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Translation {
    pub(crate) alphabet: Alphabet,
    /// The pattern, whose classes and literals are bytes of the alphabet.
    pub(crate) hir: Hir,
}

impl Translation {
    /// Translates a pattern; `None` when it tells too many kinds of characters apart, or asks for edges in two ways.
    pub(crate) fn of(hir: &Hir) -> Option<Self> {
        let mut kinds = Kinds::default();
        kinds.collect(hir)?;
        let (alphabet, classes) = kinds.alphabet()?;
        let hir = alphabet.translated(hir, &classes)?;
        Some(Self { alphabet, hir })
    }

    /// The pattern as a graph; `None` when that is too large.
    pub(crate) fn graph(&self) -> Option<NFA> {
        let config = thompson::Config::new().utf8(false).nfa_size_limit(Some(SIZE_LIMIT));
        NFA::compiler().configure(config).build_from_hir(&self.hir).ok()
    }
}

/// Bytes of a graph from which searching it by backtracking does not pay, and automata over it take long to make.
pub(crate) const LARGE_GRAPH: usize = SIZE_LIMIT / 16;

/// Whether a well-formed pattern is so large that its first search takes long.
pub(super) fn is_large(pattern: &str) -> bool {
    let Ok(hir) = regex_syntax::parse(pattern) else { return false };
    match Translation::of(&hir) {
        Some(translation) => translation.graph().is_none_or(|graph| graph.memory_usage() > LARGE_GRAPH),
        None => NFA::compiler().configure(thompson::Config::new().nfa_size_limit(Some(LARGE_GRAPH))).build_from_hir(&hir).is_err(),
    }
}

/// Which byte stands for each character.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Alphabet {
    low: Box<[u8; LOW]>,
    /// First characters of runs of one kind, and its byte; a run ends where the next begins.
    pub(super) runs: Vec<(u32, u8)>,
}

impl Alphabet {
    /// The alphabet with these runs, of which the first begins with the first character.
    pub(super) fn new(mut runs: Vec<(u32, u8)>) -> Self {
        runs.dedup_by_key(|run| run.1);
        let mut low = Box::new([0; LOW]);
        for (at, &(first, byte)) in runs.iter().enumerate().take_while(|(_, run)| (run.0 as usize) < LOW) {
            let until = runs.get(at + 1).map_or(LOW, |next| (next.0 as usize).min(LOW));
            low[first as usize..until].fill(byte);
        }
        runs.shrink_to_fit();
        Self { low, runs }
    }

    /// The characters that some bytes stand for.
    pub(super) fn class(&self, bytes: &[u8]) -> ClassUnicode {
        let mut wanted = [false; 256];
        for &byte in bytes {
            wanted[usize::from(byte)] = true;
        }
        // Neighbours are one range, which needs no sorting then.
        let mut ranges: Vec<(u32, u32)> = Vec::new();
        for (at, &(first, _)) in self.runs.iter().enumerate().filter(|(_, run)| wanted[usize::from(run.1)]) {
            let end = self.runs.get(at + 1).map_or(u32::from(char::MAX) + 1, |next| next.0);
            match ranges.last_mut() {
                Some(last) if last.1 == first => last.1 = end,
                _ => ranges.push((first, end)),
            }
        }
        let range = |&(first, end): &(u32, u32)| {
            // No character is a surrogate, though runs may begin or end among them, and one may begin behind the last character.
            let first = if (0xd800..0xe000).contains(&first) { '\u{e000}' } else { char::from_u32(first)? };
            let last = char::from_u32(end - 1).unwrap_or('\u{d7ff}');
            (first <= last).then(|| ClassUnicodeRange::new(first, last))
        };
        ClassUnicode::new(ranges.iter().filter_map(range))
    }

    pub(super) fn byte(&self, c: u32) -> u8 {
        match self.low.get(c as usize) {
            Some(&byte) => byte,
            None => self.runs[self.run(c)].1,
        }
    }

    /// The run that a character lies in.
    fn run(&self, c: u32) -> usize {
        self.runs.partition_point(|&(first, _)| first <= c) - 1
    }

    /// Writes the bytes for a text, one a character.
    pub(crate) fn translate(&self, text: &str, out: &mut Vec<u8>) {
        out.clear();
        if text.is_ascii() {
            out.extend(text.bytes().map(|byte| self.low[usize::from(byte)]));
            return;
        }
        // Characters beyond the table mostly stand beside others of their run.
        let mut last = (u32::MAX, u32::MAX, 0);
        out.extend(text.chars().map(|c| {
            let c = u32::from(c);
            if let Some(&byte) = self.low.get(c as usize) {
                return byte;
            }
            if !(last.0..last.1).contains(&c) {
                let run = self.run(c);
                last = (self.runs[run].0, self.runs.get(run + 1).map_or(u32::MAX, |next| next.0), self.runs[run].1);
            }
            last.2
        }));
    }

    /// The pattern over this alphabet.
    fn translated(&self, hir: &Hir, classes: &Classes<'_>) -> Option<Hir> {
        let all = |parts: &[Hir]| parts.iter().map(|part| self.translated(part, classes)).collect::<Option<Vec<_>>>();
        Some(match hir.kind() {
            HirKind::Empty => Hir::empty(),
            HirKind::Literal(literal) => {
                let bytes: Vec<u8> = std::str::from_utf8(&literal.0).ok()?.chars().map(|c| self.byte(c.into())).collect();
                Hir::literal(bytes)
            }
            HirKind::Class(class) => {
                let class = unicode(class)?;
                let (_, bytes) = classes.iter().find(|(known, _)| *known == class)?;
                Hir::class(Class::Bytes(ClassBytes::new(bytes.iter().map(|&byte| ClassBytesRange::new(byte, byte)))))
            }
            HirKind::Look(look) => Hir::look(ascii(*look)),
            HirKind::Repetition(own) => Hir::repetition(Repetition {
                sub: Box::new(self.translated(&own.sub, classes)?),
                min: own.min,
                max: own.max,
                greedy: own.greedy,
            }),
            HirKind::Capture(own) => {
                Hir::capture(Capture { sub: Box::new(self.translated(&own.sub, classes)?), index: own.index, name: own.name.clone() })
            }
            HirKind::Concat(parts) => Hir::concat(all(parts)?),
            HirKind::Alternation(parts) => Hir::alternation(all(parts)?),
        })
    }
}

/// The classes of a pattern, and the bytes that each has become.
type Classes<'h> = Vec<(Cow<'h, ClassUnicode>, Vec<u8>)>;

/// How a pattern asks for the edges of words.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Edges {
    Ascii,
    Unicode,
}

/// What a pattern tells apart.
#[derive(Default)]
struct Kinds<'h> {
    /// Sets of characters, each once.
    sets: Vec<Cow<'h, ClassUnicode>>,
    literals: Vec<char>,
    edges: Option<Edges>,
}

/// Most sets of characters, single ones among them, that are told apart.
const MOST_SETS: usize = 512;

/// The sets that a character is in, as bits.
type Inside = [u64; MOST_SETS / 64];

/// A kind of characters: the sets that they are in, and their byte once they have one.
type Kind = (Inside, Option<u8>);

impl<'h> Kinds<'h> {
    /// Collects the sets of a pattern; `None` when it cannot be translated.
    fn collect(&mut self, hir: &'h Hir) -> Option<()> {
        match hir.kind() {
            HirKind::Empty => Some(()),
            HirKind::Literal(literal) => {
                self.literals.extend(std::str::from_utf8(&literal.0).ok()?.chars());
                Some(())
            }
            HirKind::Class(class) => {
                let class = unicode(class)?;
                if !self.sets.contains(&class) {
                    self.sets.push(class);
                }
                Some(())
            }
            HirKind::Look(look) => self.look(*look),
            HirKind::Repetition(own) => self.collect(&own.sub),
            HirKind::Capture(own) => self.collect(&own.sub),
            HirKind::Concat(parts) | HirKind::Alternation(parts) => parts.iter().try_for_each(|part| self.collect(part)),
        }
    }

    fn look(&mut self, look: Look) -> Option<()> {
        let edges = match look {
            Look::Start | Look::End | Look::StartLF | Look::EndLF | Look::StartCRLF | Look::EndCRLF => return Some(()),
            _ if ascii(look) == look => Edges::Ascii,
            _ => Edges::Unicode,
        };
        (*self.edges.get_or_insert(edges) == edges).then_some(())
    }

    /// Gives each kind of characters a byte; `None` when there are too many kinds.
    fn alphabet(mut self) -> Option<(Alphabet, Classes<'h>)> {
        // The ends of lines keep their bytes, whatever the pattern asks of them.
        self.literals.extend(['\n', '\r']);
        self.literals.sort_unstable();
        self.literals.dedup();
        let words = self.edges.map(|edges| match edges {
            Edges::Ascii => ClassUnicode::new([('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z')].map(|(a, z)| ClassUnicodeRange::new(a, z))),
            Edges::Unicode => word_characters(),
        });
        // Where each set begins and ends; the set is told by its place. Word characters are the first.
        let of_edges = usize::from(words.is_some());
        let sets = words.iter().chain(self.sets.iter().map(|set| &**set));
        let mut borders: Vec<(u32, usize)> = Vec::new();
        for (place, set) in sets.enumerate() {
            borders.extend(set.ranges().iter().flat_map(|range| [(u32::from(range.start()), place), (u32::from(range.end()) + 1, place)]));
        }
        let first_literal = of_edges + self.sets.len();
        borders.extend((first_literal..).zip(&self.literals).flat_map(|(place, &c)| [(u32::from(c), place), (u32::from(c) + 1, place)]));
        if first_literal + self.literals.len() > MOST_SETS {
            return None;
        }
        borders.sort_unstable();
        let (mut kinds, runs, mut pool) = self.kinds(&borders);
        let mut named = Vec::with_capacity(runs.len());
        for (first, kind) in runs {
            let (inside, name) = &mut kinds[kind];
            if name.is_none() {
                *name = Some(pool.take(inside[0] & 1 == 1)?);
            }
            named.push((first, (*name)?));
        }
        let bytes_of = |place: usize| {
            let of_set = kinds.iter().filter(move |(inside, _)| inside[place / 64] >> (place % 64) & 1 == 1);
            of_set.filter_map(|&(_, name)| name).collect()
        };
        let classes = self.sets.into_iter().enumerate().map(|(at, set)| (set, bytes_of(of_edges + at))).collect();
        Some((Alphabet::new(named), classes))
    }

    /// The kinds of characters between the borders of all sets, those with ASCII characters named; and where runs of each begin.
    fn kinds(&self, borders: &[(u32, usize)]) -> (Vec<Kind>, Vec<(u32, usize)>, Pool) {
        let mut pool = Pool { taken: [false; 256], has_edges: self.edges.is_some() };
        let mut kinds: Vec<Kind> = Vec::new();
        let mut runs: Vec<(u32, usize)> = Vec::new();
        let mut inside: Inside = [0; MOST_SETS / 64];
        let mut next = borders.iter().peekable();
        let mut from = 0;
        loop {
            while let Some(&(_, set)) = next.next_if(|border| border.0 == from) {
                inside[set / 64] ^= 1 << (set % 64);
            }
            let kind = kinds.iter().position(|kind| kind.0 == inside).unwrap_or_else(|| {
                kinds.push((inside, None));
                kinds.len() - 1
            });
            // A kind is called by its first ASCII character, where it has one.
            if kinds[kind].1.is_none() && from < 0x80 {
                kinds[kind].1 = Some(from as u8);
                pool.taken[from as usize] = true;
            }
            if runs.last().is_none_or(|last| last.1 != kind) {
                runs.push((from, kind));
            }
            match next.peek() {
                Some(border) => from = border.0,
                None => return (kinds, runs, pool),
            }
        }
    }
}

/// Bytes that are yet to be given to kinds.
struct Pool {
    taken: [bool; 256],
    has_edges: bool,
}

impl Pool {
    /// A byte for a kind without ASCII characters: that of a word character where the pattern asks for edges and the kind is one.
    fn take(&mut self, is_word: bool) -> Option<u8> {
        let fits = |byte: &u8| !self.has_edges || is_word == (byte.is_ascii_alphanumeric() || *byte == b'_');
        let byte = (0..=u8::MAX).rev().filter(fits).find(|&byte| !self.taken[usize::from(byte)])?;
        self.taken[usize::from(byte)] = true;
        Some(byte)
    }
}

/// A class as one of characters; `None` when it has bytes that are no characters.
fn unicode(class: &Class) -> Option<Cow<'_, ClassUnicode>> {
    match class {
        Class::Unicode(class) => Some(Cow::Borrowed(class)),
        Class::Bytes(class) => class.to_unicode_class().map(Cow::Owned),
    }
}

/// What the pattern `\w` is, which is what edges go by.
fn word_characters() -> ClassUnicode {
    match regex_syntax::parse(r"\w").map(Hir::into_kind) {
        Ok(HirKind::Class(Class::Unicode(class))) => class,
        _ => unreachable!("the class is built into the library"),
    }
}

/// The same question about bytes.
fn ascii(look: Look) -> Look {
    match look {
        Look::WordUnicode => Look::WordAscii,
        Look::WordUnicodeNegate => Look::WordAsciiNegate,
        Look::WordStartUnicode => Look::WordStartAscii,
        Look::WordEndUnicode => Look::WordEndAscii,
        Look::WordStartHalfUnicode => Look::WordStartHalfAscii,
        Look::WordEndHalfUnicode => Look::WordEndHalfAscii,
        _ => look,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn size_is_that_of_the_graph_over_kinds_of_characters() {
        for (pattern, large) in [(r"\w{100}", false), (r"(?:[a-z]{1,90} ){300}", true), (r"\b(?-u:\b)\w{900}", true), ("(", false)] {
            assert_eq!(is_large(pattern), large, "{pattern}");
        }
    }
}
