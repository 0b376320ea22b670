//! Tables that tell which rules may match a block.
//!
//! A rule is only looked at where it may match. For that each rule gets one *entry*, the cheapest way in that cannot miss:
//!
//! | entry | rules | cost |
//! | --- | --- | --- |
//! | whole block | `is` | one look-up in a hash table a block |
//! | first or last bytes | `starts`, `ends` | seven look-ups a block |
//! | literals with a word of their own | `has`, `all`, `count`, `anchor`, literals of `regex` | two looks at a table a word ([`Probes`]) |
//! | other long literals | the same | one scan of the blocks that the rules admit ([`GramFilter`]) |
//! | others of four to six bytes | the same | a search for all of them in the blocks that the rules admit |
//! | shorter ones | the same, for rules about short blocks | an automaton, over short blocks only |
//! | signs | literals that are or have a sign | a test of bits a block |
//! | the line score | `where.score` | only on lines of the story that no other rule took |
//! | a neighbour | shapes and what is claimed beside the block | only where something may be claimed |
//! | an element | `css` | only on the blocks that the selectors of a page's rules select |
//! | none | shapes alone, and very short literals | a test of bits a block |

use std::collections::BTreeMap;

use aho_corasick::{AhoCorasick, packed};

use super::bounds::Bounds;
use super::facts::{self, Facts, Scratch};
use super::grams::GramFilter;
use super::lean::Leaning;
use super::probe::{self, Probes};
use crate::rules::clues::{GOOD_LITERAL, Literal, entry};
use crate::rules::{Rule, Shape};
use crate::text::masks;

/// Blocks up to this many words see literals of less than four bytes.
const SHORT_WORDS: u32 = 16;

/// Literals of this length are looked for in blocks of any length.
const MIDDLE_LITERAL: usize = 4;

/// Rules about blocks of so many words are tried on all of them that have the signs, if literals of theirs have no word of their own.
const FEW_WORDS: u32 = 5;

/// From as many such literals on, short ones are looked for in the blocks.
const MANY_LITERALS: usize = 16;

const _: () = assert!(GOOD_LITERAL == GramFilter::<5, 3, 2048>::SHORTEST);

/// Most short literals that are compared with each other.
const MOST_COMPARED: usize = 1_000;

/// Most bytes at the start or end of a phrase that make its key.
const KEY_BYTES: usize = 7;

/// A phrase under a key: its rule, and its place in the rule's list.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Keyed {
    key: u64,
    pub(super) rule: u32,
    pub(super) phrase: u32,
}

/// Phrases by a key, with a bitmap before the table since most keys of a document are in no rule.
#[derive(Default)]
pub(super) struct KeyTable {
    bitmap: Vec<u64>,
    /// Lengths of the keys that are the first bytes of phrases, a bit each.
    lengths: u8,
    /// Entries by slot: those of slot `s` are `entries[slots[s]..slots[s + 1]]`.
    slots: Vec<u32>,
    entries: Vec<Keyed>,
}

impl KeyTable {
    /// The bitmap has two to this many bits.
    const BITS: u32 = 17;

    /// There are two to this many slots.
    const SLOT_BITS: u32 = 12;

    fn new(entries: Vec<Keyed>) -> Self {
        if entries.is_empty() {
            return Self::default();
        }
        let slot = |entry: &Keyed| Self::bit(entry.key) >> (Self::BITS - Self::SLOT_BITS);
        let mut bitmap = vec![0; 1 << (Self::BITS - 6)];
        // Slots are counted one place further on, so that they have moved to their starts once all entries are placed.
        let mut slots = vec![0u32; (1 << Self::SLOT_BITS) + 2];
        let lengths = entries.iter().fold(0, |lengths, entry| lengths | 1 << (entry.key >> 56 & 7));
        for entry in &entries {
            let bit = Self::bit(entry.key);
            bitmap[bit >> 6] |= 1u64 << (bit & 63);
            slots[slot(entry) + 2] += 1;
        }
        for slot in 2..slots.len() {
            slots[slot] += slots[slot - 1];
        }
        let mut placed = vec![Keyed { key: 0, rule: 0, phrase: 0 }; entries.len()];
        for entry in entries {
            let next = &mut slots[slot(&entry) + 1];
            placed[*next as usize] = entry;
            *next += 1;
        }
        Self { bitmap, lengths, slots, entries: placed }
    }

    #[inline]
    fn bit(key: u64) -> usize {
        (key.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (64 - Self::BITS)) as usize
    }

    /// Calls `found` with the phrases under the first bytes of a text, by each of the lengths that there are.
    #[inline]
    pub(super) fn find_firsts<'b>(&self, bytes: impl Iterator<Item = &'b u8>, mut found: impl FnMut(&Keyed)) {
        let mut key = 0;
        for (length, &byte) in (1u64..).zip(bytes.take(KEY_BYTES)) {
            key = key << 8 | u64::from(byte);
            if self.lengths >> length & 1 == 1 {
                self.find(key | length << 56, &mut found);
            }
        }
    }

    #[inline]
    pub(super) fn find(&self, key: u64, found: impl FnMut(&Keyed)) {
        let bit = Self::bit(key);
        if self.bitmap.get(bit >> 6).is_some_and(|word| word & (1 << (bit & 63)) != 0) {
            let slot = bit >> (Self::BITS - Self::SLOT_BITS);
            let entries = &self.entries[self.slots[slot] as usize..self.slots[slot + 1] as usize];
            entries.iter().filter(|entry| entry.key == key).for_each(found);
        }
    }
}

/// The rules of each of some literals, which are told by their numbers.
#[derive(Default)]
struct RulesOf {
    /// Those of literal `l` are `rules[starts[l]..starts[l + 1]]`.
    starts: Vec<u32>,
    rules: Vec<u32>,
}

impl RulesOf {
    /// The literals, each once, and the rules of each.
    fn new(mut pairs: Vec<(&str, u32)>) -> (Vec<&str>, Self) {
        pairs.sort_unstable();
        pairs.dedup();
        let mut literals: Vec<&str> = Vec::with_capacity(pairs.len());
        let mut starts = Vec::with_capacity(pairs.len() + 1);
        for (&(literal, _), at) in pairs.iter().zip(0..) {
            if literals.last() != Some(&literal) {
                literals.push(literal);
                starts.push(at);
            }
        }
        starts.push(pairs.len() as u32);
        (literals, Self { starts, rules: pairs.into_iter().map(|(_, rule)| rule).collect() })
    }

    #[inline]
    fn of(&self, literal: usize) -> &[u32] {
        &self.rules[self.starts[literal] as usize..self.starts[literal + 1] as usize]
    }
}

/// An Aho-Corasick automaton and the rules of each of its literals.
struct Automaton {
    search: AhoCorasick,
    rules: RulesOf,
}

impl Automaton {
    fn new(literals: Vec<(&str, u32)>) -> Option<Self> {
        let (texts, rules) = RulesOf::new(literals);
        // Overlapping search needs the standard match kind; it cannot fail for literals far below its limits.
        let search = (!texts.is_empty()).then(|| AhoCorasick::new(&texts).ok()).flatten()?;
        Some(Self { search, rules })
    }

    fn find(&self, text: &str, mut found: impl FnMut(u32)) {
        for hit in self.search.find_overlapping_iter(text) {
            self.rules.of(hit.pattern().as_usize()).iter().copied().for_each(&mut found);
        }
    }
}

/// Look-ups that give the rules which begin, end or agree with a block.
pub(super) struct KeyTables {
    pub(super) is: KeyTable,
    pub(super) starts: KeyTable,
    pub(super) ends: KeyTable,
}

/// Look-ups that give the rules of which something stands in a block.
pub(super) struct Tables {
    probes: Probes,
    long: Literals<5, 3, 2048>,
    middle: Packed,
    loose: Packed,
    short: Option<Automaton>,
    scanned: Vec<Scanned>,
}

/// A rule that is tried on every block of the right size and shape that has one of the signs, if some are given.
struct Scanned {
    rule: u32,
    bounds: Bounds,
    signs: u128,
}

impl Scanned {
    #[expect(clippy::needless_bitwise_bool, reason = "as for bounds")]
    #[inline]
    fn admits(&self, facts: &Facts) -> bool {
        ((self.signs == 0) | (self.signs & facts.signs != 0)) & self.bounds.hold(facts)
    }
}

/// A few short literals that are looked for in blocks of all kinds, and the rules of each.
#[derive(Default)]
struct Packed {
    search: Option<packed::Searcher>,
    /// For processors without vectors, and for more literals than they take.
    fallback: Option<Automaton>,
    rules: RulesOf,
    bounds: Vec<Bounds>,
}

impl Packed {
    fn new(mut pairs: Vec<(&str, u32)>, bounds: &[Bounds]) -> Self {
        let mut literals: Vec<&str> = pairs.iter().map(|(literal, _)| *literal).collect();
        literals.sort_unstable_by_key(|literal| (literal.len(), *literal));
        literals.dedup();
        // Only the literals that hold no other are looked for, with the rules of all that hold them. So many that to compare them takes long
        // are more than vectors take, with or without those that hold another.
        if literals.len() <= MOST_COMPARED {
            for (literal, _) in &mut pairs {
                *literal = literals.iter().find(|inner| literal.contains(**inner)).unwrap_or(literal);
            }
        }
        let (literals, rules) = RulesOf::new(pairs.clone());
        let search = (!literals.is_empty()).then(|| packed::Searcher::new(literals)).flatten();
        let fallback = if search.is_none() { Automaton::new(pairs) } else { None };
        Self { search, fallback, bounds: Bounds::distinct(&rules.rules, bounds), rules }
    }

    /// Calls `found(block, rule)` wherever a literal of a rule stands in a block of the right size and shape.
    fn find(&self, scratch: &Scratch, is_own: impl Fn(&Facts) -> bool, mut found: impl FnMut(usize, u32)) {
        if self.rules.rules.is_empty() {
            return;
        }
        for (block, facts) in scratch.facts.iter().enumerate() {
            if !is_own(facts) || !self.bounds.is_empty() && !self.bounds.iter().any(|bounds| bounds.hold(facts)) {
                continue;
            }
            let folded = scratch.folded(block);
            if let Some(fallback) = &self.fallback {
                fallback.find(folded, |rule| found(block, rule));
            }
            let Some(search) = &self.search else { continue };
            let mut from = 0;
            while let Some(hit) = search.find_in(folded.as_bytes(), (from..folded.len()).into()) {
                self.rules.of(hit.pattern().as_usize()).iter().for_each(|&rule| found(block, rule));
                // Literals may overlap.
                from = hit.start() + 1;
            }
        }
    }
}

/// Literals of one filter, and the rules of each.
struct Literals<const GRAM: usize, const STEP: usize, const WORDS: usize> {
    filter: GramFilter<GRAM, STEP, WORDS>,
    rules: RulesOf,
    /// Sizes and shapes of blocks that the rules may match, each once; none when there are many.
    bounds: Vec<Bounds>,
}

impl<const GRAM: usize, const STEP: usize, const WORDS: usize> Literals<GRAM, STEP, WORDS> {
    fn new(pairs: Vec<(&str, u32)>, bounds: &[Bounds]) -> Self {
        let (literals, rules) = RulesOf::new(pairs);
        Self { filter: GramFilter::new(&literals), bounds: Bounds::distinct(&rules.rules, bounds), rules }
    }

    /// Calls `found(block, rule)` wherever a literal of a rule stands in a block of the right size.
    fn find(&self, folded: &str, facts: &[Facts], is_own: impl Fn(&Facts) -> bool, mut found: impl FnMut(usize, u32)) {
        if self.rules.rules.is_empty() {
            return;
        }
        let mut first = 0;
        while first < facts.len() {
            let fits = |facts: &Facts| self.bounds.is_empty() || self.bounds.iter().any(|bounds| bounds.hold(facts));
            let admits = |facts: &Facts| is_own(facts) && fits(facts);
            let run = facts[first..].iter().position(|facts| !admits(facts)).unwrap_or(facts.len() - first);
            if run > 0 {
                let range = facts[first].folded.start..facts[first + run - 1].folded.end;
                let mut block = first;
                self.filter.find(folded.as_bytes(), range, |literal, start| {
                    // Grams are found in steps, so starts rise but for a few bytes; a step back stays within a block's text.
                    while block + 1 < facts.len() && facts[block].folded.end <= start {
                        block += 1;
                    }
                    while facts[block].folded.start > start {
                        block -= 1;
                    }
                    self.rules.of(literal).iter().for_each(|&rule| found(block, rule));
                });
            }
            first += run + 1;
        }
    }
}

/// Tables while they are being filled.
#[derive(Default)]
pub(super) struct Entries<'r> {
    is: Vec<Keyed>,
    starts: Vec<Keyed>,
    ends: Vec<Keyed>,
    /// Literals with a word of their own, whether they stand between edges, and their rules.
    probed: Vec<(&'r str, bool, u32)>,
    long: Vec<(&'r str, u32)>,
    middle: Vec<(&'r str, u32)>,
    loose: Vec<(&'r str, u32)>,
    short: Vec<(&'r str, u32)>,
    pub(super) styled: BTreeMap<String, Vec<u32>>,
    scanned: Vec<(u32, u128)>,
    pub(super) leaning: Vec<Leaning>,
    pub(super) scored: Vec<u32>,
}

impl KeyTables {
    pub(super) fn new(entries: &mut Entries<'_>) -> Self {
        let [is, starts, ends] =
            [&mut entries.is, &mut entries.starts, &mut entries.ends].map(|keyed| KeyTable::new(std::mem::take(keyed)));
        Self { is, starts, ends }
    }
}

impl Tables {
    pub(super) fn new(entries: Entries<'_>, bounds: &[Bounds]) -> Self {
        Self {
            probes: Probes::new(entries.probed.into_iter()),
            long: Literals::new(entries.long, bounds),
            middle: Packed::new(entries.middle, bounds),
            loose: Packed::new(entries.loose, bounds),
            short: Automaton::new(entries.short),
            scanned: entries.scanned.iter().map(|&(rule, signs)| Scanned { rule, bounds: bounds[rule as usize], signs }).collect(),
        }
    }

    /// Adds the pairs of block and rule that may match, for the blocks that are these tables' own. `bounds` are those of all rules.
    pub(super) fn find(&self, scratch: &Scratch, is_own: impl Fn(&Facts) -> bool, bounds: &[Bounds], candidates: &mut Vec<(u32, u32)>) {
        for (block, facts) in scratch.facts.iter().enumerate().filter(|(_, facts)| is_own(facts)) {
            let mut add = |rule: u32| {
                if bounds[rule as usize].hold(facts) {
                    candidates.push((block as u32, rule));
                }
            };
            if facts.words <= SHORT_WORDS
                && let Some(short) = &self.short
            {
                short.find(scratch.folded(block), &mut add);
            }
            for scanned in &self.scanned {
                if scanned.admits(facts) {
                    candidates.push((block as u32, scanned.rule));
                }
            }
            let add = |rule: u32| {
                if bounds[rule as usize].hold(facts) {
                    candidates.push((block as u32, rule));
                }
            };
            self.probes.find(scratch.folded.as_bytes(), facts.folded.clone(), add);
        }
        let mut add = |block: usize, rule: u32| {
            if bounds[rule as usize].hold(&scratch.facts[block]) {
                candidates.push((block as u32, rule));
            }
        };
        self.long.find(&scratch.folded, &scratch.facts, &is_own, &mut add);
        self.middle.find(scratch, &is_own, &mut add);
        self.loose.find(scratch, &is_own, &mut add);
    }
}

/// Key of the first bytes of a phrase, up to a number sign unless that is the first, and how many there are. Ends are read backwards.
fn key<'b>(mut bytes: impl Iterator<Item = &'b u8>) -> u64 {
    let first = bytes.next().copied().unwrap_or_default();
    let others = bytes.take(KEY_BYTES - 1).take_while(|&&byte| first == b'#' || byte != b'#');
    let (key, length) = others.fold((u64::from(first), 1u64), |(key, length), &byte| (key << 8 | u64::from(byte), length + 1));
    key | length << 56
}

/// The phrases of a rule under their keys.
fn keyed(rule: u32, phrases: &[String], key: impl Fn(&str) -> u64) -> impl Iterator<Item = Keyed> {
    (0..).zip(phrases).map(move |(phrase, text)| Keyed { key: key(text), rule, phrase })
}

impl<'r> Entries<'r> {
    /// Gives a rule, whose clues are known, its entry.
    pub(super) fn add(&mut self, index: u32, rule: &'r Rule) {
        let matcher = &rule.matcher;
        if let Some(css) = &matcher.css {
            self.styled.entry(css.clone()).or_default().push(index);
            return;
        }
        if rule.place.score.is_some() {
            self.scored.push(index);
            return;
        }
        match entry(rule) {
            Some("match.is") => self.is.extend(keyed(index, &matcher.is, |phrase| facts::hash(phrase.as_bytes()))),
            Some("match.starts") => self.starts.extend(keyed(index, &matcher.starts, |phrase| key(phrase.as_bytes().iter()))),
            Some(_) => self.ends.extend(keyed(index, &matcher.ends, |phrase| key(phrase.as_bytes().iter().rev()))),
            None => {
                let literals = rule.clues.as_ref().and_then(|clues| clues.literals.as_deref());
                // A sign or a letter stands in most blocks; what waits for a neighbour has better reasons to be tried.
                let is_rare = literals.is_some_and(|literals| literals.iter().all(|literal| literal.text.len() > 1));
                match (Leaning::new(index, rule), literals) {
                    (Some(leaning), _) if !is_rare => self.leaning.push(leaning),
                    (_, Some(literals)) => self.add_literals(index, rule, literals),
                    (_, None) => self.scanned.push((index, signs_of(rule, &[]))),
                }
            }
        }
    }

    /// Enters a rule under literals of which one occurs wherever it matches.
    fn add_literals(&mut self, index: u32, rule: &Rule, literals: &'r [Literal]) {
        let is_about_short = rule.place.max_words.is_some_and(|most| most <= SHORT_WORDS);
        let (probed, others): (Vec<&Literal>, Vec<&Literal>) =
            literals.iter().partition(|literal| probe::is_probed(&literal.text, literal.is_edged));
        let mut others: Vec<&str> = others.iter().map(|literal| literal.text.as_ref()).collect();
        let shortest = others.iter().map(|literal| literal.len()).min().unwrap_or(usize::MAX);
        let most = rule.place.max_words.unwrap_or(u32::MAX);
        if shortest < MIDDLE_LITERAL || most <= FEW_WORDS && !others.is_empty() {
            let signs = signs_of(rule, &others);
            if shortest == 0 || signs != 0 || others.len() < MANY_LITERALS || !is_about_short {
                self.scanned.push((index, signs));
                if signs == 0 {
                    return;
                }
                others.clear();
            }
        }
        for literal in others {
            let table = match literal.len() {
                GramFilter::<5, 3, 2048>::SHORTEST.. => &mut self.long,
                _ if is_about_short => &mut self.short,
                MIDDLE_LITERAL.. if !rule.matcher.shape.has(Shape::Open) => &mut self.loose,
                MIDDLE_LITERAL.. => &mut self.middle,
                _ => &mut self.short,
            };
            table.push((literal, index));
        }
        self.probed.extend(probed.iter().map(|literal| (literal.text.as_ref(), literal.is_edged, index)));
    }
}

/// Signs of which a block has one when a literal of some stands there, as bits; none when they need not have one. A sign that the rule's
/// pattern asks for does for all.
fn signs_of(rule: &Rule, literals: &[&str]) -> u128 {
    let required = rule.clues.as_ref().map_or(0, |clues| clues.signs);
    if required != 0 {
        return 1 << required.trailing_zeros();
    }
    let sign = |literal: &&str| {
        let sign = literal.chars().find(|c| *c == '©' || c.is_ascii_punctuation() || c.is_ascii_digit())?;
        Some(if sign == '©' { masks::COPYRIGHT } else { 1 << u32::from(sign) })
    };
    literals.iter().map(sign).try_fold(0, |all, own| own.map(|own| all | own)).unwrap_or(0)
}
