//! Packs patterns: takes them apart and translates them, and finds the atoms of their alphabets.

use std::collections::BTreeMap;

use regex_automata::PatternID;
use regex_automata::nfa::thompson::{NFA, State, Transition};
use regex_automata::util::primitives::StateID;
use regex_syntax::hir::ClassUnicode;

use super::Writer;
use crate::rules::alphabet::{Alphabet, Translation};
use crate::rules::packed::pattern::LOOKS;
use crate::rules::pattern::{Demands, sign_sets};
use crate::rules::rule::Rule;

/// The patterns of all rules, taken apart.
pub(super) struct Patterns {
    taken: BTreeMap<String, Taken>,
    atoms: Vec<Atom>,
    /// First characters of runs of one atom, and the atom.
    runs: Vec<(u32, usize)>,
}

/// A pattern taken apart.
struct Taken {
    demands: Demands,
    translated: Option<Translated>,
}

/// A pattern that can be translated.
struct Translated {
    /// The characters of the lead as bytes of the alphabet.
    lead: Vec<Vec<u8>>,
    alphabet: Alphabet,
    graph: NFA,
}

/// The byte of an atom in each alphabet, in the order of the patterns.
type Atom = Vec<u8>;

impl Patterns {
    pub(super) fn of<'r>(rules: impl Iterator<Item = &'r Rule>) -> Self {
        let patterns = rules.filter_map(|rule| rule.matcher.regex.as_deref());
        let taken: BTreeMap<String, Taken> = patterns.map(|pattern| (pattern.to_owned(), Taken::of(pattern))).collect();
        let alphabets = || taken.values().filter_map(|taken| Some(&taken.translated.as_ref()?.alphabet));
        let mut firsts: Vec<u32> = alphabets().flat_map(|alphabet| &alphabet.runs).map(|run| run.0).collect();
        firsts.sort_unstable();
        firsts.dedup();
        let atom = |&first: &u32| alphabets().map(|alphabet| alphabet.byte(first)).collect::<Atom>();
        let of_runs: Vec<Atom> = firsts.iter().map(atom).collect();
        let mut atoms = of_runs.clone();
        atoms.sort_unstable();
        atoms.dedup();
        let place = |atom: &Atom| atoms.binary_search(atom).expect("all atoms are there");
        let mut runs: Vec<(u32, usize)> = firsts.into_iter().zip(of_runs.iter().map(place)).collect();
        runs.dedup_by_key(|run| run.1);
        Self { taken, atoms, runs }
    }

    /// The atoms, packed.
    pub(super) fn packed_atoms(&self) -> String {
        let mut writer = Writer::default();
        let mut last = 0;
        writer.length(self.runs.len());
        for &(first, atom) in &self.runs {
            writer.short(first - last);
            writer.length(atom);
            last = first;
        }
        writer.packed
    }

    /// Writes what there is to know of a pattern.
    pub(super) fn write(&self, pattern: &str, writer: &mut Writer) {
        let taken = &self.taken[pattern];
        let mut signs = Writer::default();
        signs.list(&sign_sets(pattern), |writer, &set| writer.signs(set));
        let mut demands = Writer::default();
        demands.texts(&taken.demands.literals);
        let (mut alphabet, mut graph) = (Writer::default(), Writer::default());
        match &taken.translated {
            Some(translated) => {
                demands.list(&translated.lead, |writer, bytes| writer.bytes(bytes));
                let before = self.taken.iter().take_while(|(known, _)| *known != pattern);
                let at = before.filter(|(_, taken)| taken.translated.is_some()).count();
                for equal in self.atoms.chunk_by(|one, next| one[at] == next[at]) {
                    alphabet.byte(equal[0][at]);
                    alphabet.length(equal.len());
                }
                graph.graph(&translated.graph);
            }
            None => demands.list(&taken.demands.lead, Writer::class),
        }
        for part in [signs, demands, alphabet, graph] {
            writer.text(&part.packed);
        }
    }
}

impl Taken {
    fn of(pattern: &str) -> Self {
        let (demands, hir) = Demands::of(pattern);
        let translation = hir.and_then(|hir| Translation::of(&hir));
        let translated = translation.and_then(|translation| {
            let graph = translation.graph()?;
            let alphabet = translation.alphabet;
            let lead = demands.lead.iter().map(|class| bytes_of(&alphabet, class)).collect::<Option<_>>()?;
            Some(Translated { lead, alphabet, graph })
        });
        Self { demands, translated }
    }
}

/// The bytes that stand for the characters of a class and for no others.
fn bytes_of(alphabet: &Alphabet, class: &ClassUnicode) -> Option<Vec<u8>> {
    let is_in = |c: u32| class.ranges().iter().any(|range| (u32::from(range.start())..=u32::from(range.end())).contains(&c));
    let mut bytes: Vec<u8> = alphabet.runs.iter().filter(|run| is_in(run.0)).map(|run| run.1).collect();
    bytes.sort_unstable();
    bytes.dedup();
    (alphabet.class(&bytes) == *class).then_some(bytes)
}

impl Writer {
    fn byte(&mut self, byte: u8) {
        self.packed.push(byte.into());
    }

    fn bytes(&mut self, bytes: &[u8]) {
        self.list(bytes, |writer, &byte| writer.byte(byte));
    }

    fn class(&mut self, class: &ClassUnicode) {
        self.list(class.ranges(), |writer, range| {
            writer.short(range.start().into());
            writer.short(u32::from(range.end()) - u32::from(range.start()));
        });
    }

    fn graph(&mut self, graph: &NFA) {
        let names: Vec<Option<&str>> = graph.group_info().pattern_names(PatternID::ZERO).collect();
        self.list(&names, |writer, name| writer.optional(*name, Self::text));
        self.length(graph.start_anchored().as_usize());
        self.length(graph.start_unanchored().as_usize());
        self.length(graph.states().len());
        graph.states().iter().enumerate().for_each(|(at, state)| self.node(at, state));
    }

    fn node(&mut self, at: usize, state: &State) {
        match state {
            State::ByteRange { trans } => {
                self.number(0);
                self.step(at, *trans);
            }
            State::Sparse(steps) => {
                self.number(1);
                self.list(&steps.transitions, |writer, step| writer.step(at, *step));
            }
            State::Union { alternates } => {
                self.number(2);
                self.list(alternates, |writer, next| writer.next(at, *next));
            }
            State::BinaryUnion { alt1, alt2 } => {
                self.number(2);
                self.list(&[*alt1, *alt2], |writer, next| writer.next(at, *next));
            }
            State::Look { look, next } => {
                self.number(3);
                self.length(LOOKS.iter().position(|known| known == look).expect("edges are translated into those of ASCII"));
                self.next(at, *next);
            }
            State::Capture { next, group_index, slot, .. } => {
                self.number(if slot.as_usize() % 2 == 0 { 4 } else { 5 });
                self.length(group_index.as_usize());
                self.next(at, *next);
            }
            State::Match { .. } => self.number(6),
            State::Fail => self.number(7),
            State::Dense(_) => unreachable!("graphs of patterns have no such states"),
        }
    }

    fn step(&mut self, from: usize, step: Transition) {
        self.byte(step.start);
        self.number((step.end - step.start).into());
        self.next(from, step.next);
    }

    fn next(&mut self, from: usize, next: StateID) {
        let next = next.as_usize();
        self.length(if next >= from { (next - from) * 2 } else { (from - next) * 2 + 1 });
    }
}
