//! Patterns in packed form: taken apart, and translated into [alphabets](crate::rules::alphabet) of their own.
//!
//! An alphabet says of every character which byte it is. All alphabets together tell some hundred *atoms* apart, such as "letters that are
//! small in all of them"; where the runs of each atom begin is written down once, and an alphabet is a byte for each atom. The pattern over its
//! alphabet is there as the graph that it is searched for with.

use std::fmt;
use std::sync::{Arc, OnceLock};

use regex_automata::nfa::thompson::{Builder, NFA, Transition};
use regex_automata::util::look::Look;
use regex_automata::util::primitives::StateID;
use regex_syntax::hir::{ClassUnicode, ClassUnicodeRange};

use super::Reader;
use crate::rules::alphabet::Alphabet;
use crate::rules::embedded::ATOMS;
use crate::rules::pattern::Demands;

/// The ways of asking for a place, by their numbers.
pub(in crate::rules) const LOOKS: [Look; 12] = [
    Look::Start,
    Look::End,
    Look::StartLF,
    Look::EndLF,
    Look::StartCRLF,
    Look::EndCRLF,
    Look::WordAscii,
    Look::WordAsciiNegate,
    Look::WordStartAscii,
    Look::WordEndAscii,
    Look::WordStartHalfAscii,
    Look::WordEndHalfAscii,
];

/// What the build has found out about a pattern. Each part is read when it is asked for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct PackedPattern {
    pub(super) signs: &'static str,
    pub(super) demands: &'static str,
    pub(super) alphabet: &'static str,
    pub(super) graph: &'static str,
}

impl fmt::Debug for PackedPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PackedPattern").finish_non_exhaustive()
    }
}

impl PackedPattern {
    /// What [`sign_sets`](crate::rules::pattern::sign_sets) finds.
    pub(crate) fn sign_sets(&self) -> Vec<u128> {
        Reader::new(self.signs).list(Reader::signs)
    }

    /// What [`Demands::of`] finds.
    pub(crate) fn demands(&self) -> Demands {
        let mut reader = Reader::new(self.demands);
        let literals = reader.texts();
        if !self.is_translated() {
            return Demands { literals, lead: reader.list(Reader::class) };
        }
        let lead: Vec<Vec<u8>> = reader.list(Reader::bytes);
        if lead.is_empty() {
            return Demands { literals, lead: Vec::new() };
        }
        let alphabet = self.alphabet();
        Demands { literals, lead: lead.iter().map(|bytes| alphabet.class(bytes)).collect() }
    }

    /// Whether the pattern can be translated; otherwise it has neither alphabet nor graph.
    pub(crate) fn is_translated(&self) -> bool {
        !self.graph.is_empty()
    }

    /// The alphabet that [`Translation::of`](crate::rules::alphabet::Translation::of) finds.
    pub(crate) fn alphabet(&self) -> Alphabet {
        let mut reader = Reader::new(self.alphabet);
        let mut bytes = Vec::new();
        while reader.at < self.alphabet.len() {
            let byte = reader.byte();
            bytes.resize(bytes.len() + reader.length(), byte);
        }
        let mut runs: Vec<(u32, u8)> = Vec::new();
        for &(first, atom) in atoms() {
            let byte = bytes[usize::from(atom)];
            if runs.last().is_none_or(|last| last.1 != byte) {
                runs.push((first, byte));
            }
        }
        Alphabet::new(runs)
    }

    /// The graph of the translation.
    pub(crate) fn graph(&self) -> NFA {
        let mut reader = Reader::new(self.graph);
        let names: Vec<Option<Arc<str>>> = reader.list(|reader| reader.optional(|reader| reader.text().into()));
        let [anchored, unanchored] = [0; 2].map(|_| reader.state());
        let mut builder = Builder::new();
        builder.start_pattern().expect("there is one pattern");
        for at in 0..reader.length() {
            reader.node(at, &names, &mut builder);
        }
        builder.finish_pattern(anchored).expect("there is one pattern");
        builder.build(anchored, unanchored).expect("the graph was built within the limits")
    }
}

/// First characters of runs of one atom, and the atom.
fn atoms() -> &'static [(u32, u16)] {
    static READ: OnceLock<Vec<(u32, u16)>> = OnceLock::new();
    READ.get_or_init(|| {
        let mut first = 0;
        Reader::new(ATOMS).list(|reader| {
            first += reader.short();
            (first, reader.number() as u16)
        })
    })
}

impl Reader {
    /// A byte, written as the character of this number.
    fn byte(&mut self) -> u8 {
        let [first, second] = [0, 1].map(|next| self.packed.as_bytes().get(self.at + next).copied().unwrap_or_default());
        // Characters below 256 are two bytes in UTF-8 at most, of which the first has their upper two bits.
        let is_ascii = first < 0x80;
        self.at += if is_ascii { 1 } else { 2 };
        if is_ascii { first } else { first << 6 | second & 0x3f }
    }

    fn bytes(&mut self) -> Vec<u8> {
        self.list(Self::byte)
    }

    fn class(&mut self) -> ClassUnicode {
        let range = |reader: &mut Self| {
            let start = reader.short();
            let [start, end] = [start, start + reader.short()].map(|c| char::from_u32(c).expect("a class has characters"));
            ClassUnicodeRange::new(start, end)
        };
        ClassUnicode::new(self.list(range))
    }

    fn state(&mut self) -> StateID {
        StateID::must(self.length())
    }

    /// A state told by how far it lies from another: twice that, and one more where it lies before.
    fn next(&mut self, from: usize) -> StateID {
        let steps = self.length();
        StateID::must(if steps & 1 == 0 { from + steps / 2 } else { from - steps / 2 })
    }

    fn step(&mut self, from: usize) -> Transition {
        let start = self.byte();
        Transition { start, end: start + self.number() as u8, next: self.next(from) }
    }

    /// Adds the next state to a graph.
    fn node(&mut self, at: usize, names: &[Option<Arc<str>>], graph: &mut Builder) {
        let added = match self.number() {
            0 => graph.add_range(self.step(at)),
            1 => graph.add_sparse(self.list(|reader| reader.step(at))),
            2 => graph.add_union(self.list(|reader| reader.next(at))),
            3 => {
                let look = LOOKS[self.length()];
                graph.add_look(self.next(at), look)
            }
            4 => {
                let group = self.short();
                graph.add_capture_start(self.next(at), group, names[group as usize].clone())
            }
            5 => {
                let group = self.short();
                graph.add_capture_end(self.next(at), group)
            }
            6 => graph.add_match(),
            _ => graph.add_fail(),
        };
        added.expect("the graph was built within the limits");
    }
}
