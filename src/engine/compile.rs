//! From rules to look-up tables.
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
//! | a neighbour | shapes and what is claimed beside the block | only where something may be claimed |
//! | an element | `css` | only on the blocks that the selectors of a page's rules select |
//! | none | shapes alone, and very short literals | a test of bits a block |

use std::borrow::Cow;
use std::cell::OnceCell;
use std::collections::BTreeMap;

use aho_corasick::{AhoCorasick, packed};
use once_cell::sync;

use super::facts::{self, Facts, Far};
use super::gate::Gate;
use super::grams::GramFilter;
use super::lean::Leaning;
use super::matching::{self, Indexes, Sought};
use super::probe::{self, Probes};
use super::search::Search;
use super::signature::Signature;
use crate::document::Document;
use crate::rules::clues::{self, Clues, GOOD_LITERAL, entry};
use crate::rules::packed::pattern::PackedPattern;
use crate::rules::pattern::{Demands, Lead, sign_sets};
use crate::rules::threads;
use crate::rules::{Action, Edges, Fold, Rule, Shape, Shapes, Tag, Zone};
use crate::text::{fold, masks};

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

/// Most bounds of rules that a block is compared with before it is searched.
const MOST_BOUNDS: usize = 48;

/// Most bytes at the start or end of a phrase that make its key.
const KEY_BYTES: usize = 7;

/// A rule with what matching it needs.
pub(crate) struct CompiledRule {
    pub(crate) rule: Rule,
    /// Compiled when first needed: most documents need few.
    search: sync::OnceCell<Option<Search>>,
    /// Sets of signs: the pattern cannot match without one of each.
    signs: sync::OnceCell<Vec<u128>>,
    /// What else a block must have for the pattern to be tried, and what finds the literals among that.
    demands: sync::OnceCell<(Demands, Sought)>,
    /// Whether its place depends on what other rules claim.
    pub(crate) positional: bool,
    /// Whether it claims whole blocks.
    pub(crate) claims: bool,
    /// Whether its block must be (or must not be) the headline.
    pub(crate) headline: Option<bool>,
    /// The key that candidates are known to hold.
    pub(crate) entry: Option<&'static str>,
    /// Look-ups for its long lists.
    pub(crate) indexes: Indexes,
}

/// What a rule asks of a block's size and shapes, close together in memory: most candidates fail here.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Bounds {
    min_words: u32,
    max_words: u32,
    shape: Shapes,
    not_shape: Shapes,
}

impl Bounds {
    pub(super) fn new(rule: &CompiledRule) -> Self {
        let (matcher, place) = (&rule.rule.matcher, &rule.rule.place);
        Self {
            min_words: place.min_words.unwrap_or(0),
            max_words: place.max_words.unwrap_or(u32::MAX),
            shape: matcher.shape,
            not_shape: matcher.not_shape,
        }
    }

    /// All is asked at once: which of it fails first, if any, no processor can guess.
    #[expect(clippy::needless_bitwise_bool, reason = "branches that go either way cost more than what they save")]
    #[inline]
    pub(crate) fn hold(&self, facts: &Facts) -> bool {
        (self.min_words <= facts.words)
            & (facts.words <= self.max_words)
            & facts.shapes.has_all(self.shape)
            & !facts.shapes.has_any(self.not_shape)
    }
}

impl Bounds {
    /// The bounds of rules, each once; none when they are so many that looking at a block tells little.
    fn distinct(rules: &[u32], bounds: &[Self]) -> Vec<Self> {
        let mut distinct = Vec::new();
        for bounds in rules.iter().map(|&rule| bounds[rule as usize]) {
            if !distinct.contains(&bounds) {
                distinct.push(bounds);
                if distinct.len() > MOST_BOUNDS {
                    return Vec::new();
                }
            }
        }
        distinct
    }
}

impl CompiledRule {
    fn new(mut rule: Rule) -> Self {
        let entry = entry(&rule);
        let matcher = &mut rule.matcher;
        let headline = match (matcher.shape.has(Shape::Headline), matcher.not_shape.has(Shape::Headline)) {
            (true, _) => Some(true),
            (_, true) => Some(false),
            _ => None,
        };
        // Which line is the headline depends on what is claimed above it, so it is a matter of place.
        matcher.shape = matcher.shape.without(Shape::Headline);
        matcher.not_shape = matcher.not_shape.without(Shape::Headline);
        let place = &rule.place;
        let positional = place.zone != Zone::Any
            || !place.before.is_empty()
            || !place.after.is_empty()
            || place.run.is_some()
            || place.score.is_some()
            || rule.section.is_some()
            || headline.is_some();
        let claims = match rule.action {
            Action::Protect | Action::Cut => false,
            Action::Remove => true,
            Action::Tag => !(matches!(rule.tag, Some(Tag::Dateline | Tag::Agency)) && rule.matcher.regex.is_some()),
        };
        Self {
            rule,
            search: sync::OnceCell::new(),
            demands: sync::OnceCell::new(),
            signs: sync::OnceCell::new(),
            positional,
            claims,
            headline,
            entry,
            indexes: Indexes::default(),
        }
    }

    /// The rule's pattern. `None` when it has none, or when a built-in one does not compile, which the packs' tests rule out.
    pub(super) fn search(&self) -> Option<&Search> {
        let pattern = self.rule.matcher.regex.as_deref()?;
        self.search.get_or_init(|| match &self.rule.pattern {
            Some(packed) => Search::packed(pattern, packed),
            None => Search::new(pattern, None),
        });
        self.search.get().and_then(Option::as_ref)
    }

    /// Whether the pattern may match a block: most candidates are told apart by less than running it.
    pub(crate) fn may_match(&self, text: &str, folded: &str, signs: u128, signature: &Signature) -> bool {
        let Some(pattern) = self.rule.matcher.regex.as_deref() else { return true };
        let packed = self.rule.pattern.as_ref();
        let sets = || packed.map_or_else(|| sign_sets(pattern), PackedPattern::sign_sets);
        if !self.signs.get_or_init(sets).iter().all(|set| set & signs != 0) {
            return false;
        }
        let mut parsed = None;
        let (demands, sought) = self.demands.get_or_init(|| {
            let (demands, hir) = packed.map_or_else(|| Demands::of(pattern), |packed| (packed.demands(), None));
            parsed = hir;
            let sought = Sought::new(demands.literals.iter());
            (demands, sought)
        });
        let has_literal = || demands.literals.is_empty() || sought.any_stands_in(&demands.literals, folded, signature);
        let may_match = demands.may_begin(text) && has_literal();
        if may_match && parsed.is_some() {
            // It is searched for next, and a pattern is dear to parse.
            self.search.get_or_init(|| Search::new(pattern, parsed));
        }
        may_match
    }

    /// Sets of signs that its pattern needs, once they are known.
    pub(crate) fn known_signs(&self) -> Option<&[u128]> {
        self.signs.get().map(Vec::as_slice)
    }

    /// What its pattern begins with, once that is known.
    pub(crate) fn known_lead(&self) -> Option<Lead> {
        self.demands.get().map(|(demands, _)| demands.ascii_lead())
    }

    /// Whether it says something of the article even where its block lies far outside of the main content. Others only name what
    /// goes anyway.
    fn matters_outside(&self) -> bool {
        self.rule.action == Action::Protect || self.rule.action == Action::Tag && !self.claims && !self.positional
    }

    /// Whether it takes its block out of the text.
    pub(crate) fn drops(&self) -> bool {
        match self.rule.action {
            Action::Remove => true,
            Action::Tag => matches!(self.rule.tag, Some(Tag::Caption | Tag::Credit | Tag::Alt | Tag::Timestamp | Tag::AuthorBio)),
            Action::Protect | Action::Cut => false,
        }
    }
}

/// A phrase under a key: its rule, and its place in the rule's list.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Keyed {
    key: u64,
    rule: u32,
    phrase: u32,
}

/// Phrases by a key, with a bitmap before the table since most keys of a document are in no rule.
#[derive(Default)]
struct KeyTable {
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
    fn find_firsts<'b>(&self, bytes: impl Iterator<Item = &'b u8>, mut found: impl FnMut(&Keyed)) {
        let mut key = 0;
        for (length, &byte) in (1u64..).zip(bytes.take(KEY_BYTES)) {
            key = key << 8 | u64::from(byte);
            if self.lengths >> length & 1 == 1 {
                self.find(key | length << 56, &mut found);
            }
        }
    }

    #[inline]
    fn find(&self, key: u64, found: impl FnMut(&Keyed)) {
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

/// All rules that a language's documents see, ready to run.
pub(crate) struct CompiledRules {
    pub(crate) rules: Vec<CompiledRule>,
    tables: Tables,
    /// Look-ups for blocks that lie far outside of the main content, of the rules that matter there; made when there first are some.
    outside: Option<sync::OnceCell<Tables>>,
    /// Rules tried beside what others claim.
    pub(crate) leaning: Vec<Leaning>,
    /// Rules by their selectors, tried on the blocks that those select.
    styled: BTreeMap<String, Vec<u32>>,
    pub(crate) bounds: Vec<Bounds>,
    pub(crate) gates: Vec<Gate>,
}

/// Look-ups that give the rules which may match a block.
struct Tables {
    is: KeyTable,
    starts: KeyTable,
    ends: KeyTable,
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
    fn find(&self, scratch: &facts::Scratch, far: bool, mut found: impl FnMut(usize, u32)) {
        if self.rules.rules.is_empty() {
            return;
        }
        for (block, facts) in scratch.facts.iter().enumerate() {
            if facts.is_far != far || !self.bounds.is_empty() && !self.bounds.iter().any(|bounds| bounds.hold(facts)) {
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
    fn find(&self, folded: &str, facts: &[Facts], far: bool, mut found: impl FnMut(usize, u32)) {
        if self.rules.rules.is_empty() {
            return;
        }
        let mut first = 0;
        while first < facts.len() {
            let fits = |facts: &Facts| self.bounds.is_empty() || self.bounds.iter().any(|bounds| bounds.hold(facts));
            let admits = |facts: &Facts| facts.is_far == far && fits(facts);
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
struct Entries<'r> {
    is: Vec<Keyed>,
    starts: Vec<Keyed>,
    ends: Vec<Keyed>,
    /// Literals with a word of their own, whether they stand between edges, and their rules.
    probed: Vec<(&'r str, bool, u32)>,
    long: Vec<(&'r str, u32)>,
    middle: Vec<(&'r str, u32)>,
    loose: Vec<(&'r str, u32)>,
    short: Vec<(&'r str, u32)>,
    styled: BTreeMap<String, Vec<u32>>,
    scanned: Vec<(u32, u128)>,
    leaning: Vec<Leaning>,
}

impl Tables {
    fn new(entries: Entries<'_>, bounds: &[Bounds]) -> Self {
        Self {
            is: KeyTable::new(entries.is),
            starts: KeyTable::new(entries.starts),
            ends: KeyTable::new(entries.ends),
            probes: Probes::new(entries.probed.into_iter()),
            long: Literals::new(entries.long, bounds),
            middle: Packed::new(entries.middle, bounds),
            loose: Packed::new(entries.loose, bounds),
            short: Automaton::new(entries.short),
            scanned: entries.scanned.iter().map(|&(rule, signs)| Scanned { rule, bounds: bounds[rule as usize], signs }).collect(),
        }
    }
}

impl CompiledRules {
    /// Compiles rules, which are sorted by id. `names_outside` says that what lies outside of the main content goes under the names of
    /// the rules that know it.
    pub(crate) fn new(mut rules: Vec<Rule>, names_outside: bool) -> Self {
        let mut unknown: Vec<&mut Rule> = rules.iter_mut().filter(|rule| rule.clues.is_none()).collect();
        let clues = threads::map(&unknown, |rule| Clues::of(rule));
        unknown.iter_mut().zip(clues).for_each(|(rule, clues)| rule.clues = Some(clues));
        let rules: Vec<CompiledRule> = rules.into_iter().map(CompiledRule::new).collect();
        let bounds: Vec<Bounds> = rules.iter().map(Bounds::new).collect();
        // What is protected comes back, and is a matter for all rules.
        let is_whole = names_outside || rules.iter().any(|rule| rule.rule.action == Action::Protect);
        let mut entries = Entries::default();
        for (index, rule) in (0..).zip(&rules) {
            entries.add(index, &rule.rule);
        }
        let leaning = std::mem::take(&mut entries.leaning);
        let styled = std::mem::take(&mut entries.styled);
        let tables = Tables::new(entries, &bounds);
        let gates = rules.iter().map(Gate::new).collect();
        Self { outside: (!is_whole).then(sync::OnceCell::new), leaning, styled, tables, gates, rules, bounds }
    }

    /// What becomes of the blocks that lie far outside of the main content.
    pub(crate) fn far(&self) -> Far {
        match &self.outside {
            None => Far::Ruled,
            Some(_) if self.rules.iter().any(CompiledRule::matters_outside) => Far::Measured,
            Some(_) => Far::Folded,
        }
    }

    /// Collects the pairs of block and rule that may match, sorted. Where a rule is entered by `is`, `starts` or `ends`, that key holds.
    pub(crate) fn candidates(&self, scratch: &mut facts::Scratch) {
        let mut candidates = std::mem::take(&mut scratch.candidates);
        self.look_up(&self.tables, scratch, false, &mut candidates);
        if let Some(outside) = &self.outside
            && self.far() == Far::Measured
            && scratch.facts.iter().any(|facts| facts.is_far)
        {
            let tables = outside.get_or_init(|| self.outside_tables());
            self.look_up(tables, scratch, true, &mut candidates);
        }
        candidates.sort_unstable();
        candidates.dedup();
        scratch.candidates = candidates;
    }

    fn outside_tables(&self) -> Tables {
        let mut entries = Entries::default();
        for (index, rule) in (0..).zip(&self.rules).filter(|(_, rule)| rule.matters_outside()) {
            entries.add(index, &rule.rule);
        }
        Tables::new(entries, &self.bounds)
    }

    /// Collects the pairs that some tables give, for the blocks that are far outside or for all others.
    fn look_up(&self, tables: &Tables, scratch: &facts::Scratch, far: bool, candidates: &mut Vec<(u32, u32)>) {
        let mut signed = String::new();
        let blocks = || scratch.facts.iter().enumerate().filter(|(_, facts)| facts.is_far == far);
        for (block, facts) in blocks() {
            let core = scratch.core(block);
            if !core.is_empty() {
                let add = |rule: u32| candidates.push((block as u32, rule));
                self.by_phrase(tables, core, facts, &mut signed, add);
            }
        }
        for (block, facts) in blocks() {
            let mut add = |rule: u32| {
                if self.bounds[rule as usize].hold(facts) {
                    candidates.push((block as u32, rule));
                }
            };
            if facts.words <= SHORT_WORDS
                && let Some(short) = &tables.short
            {
                short.find(scratch.folded(block), &mut add);
            }
            for scanned in &tables.scanned {
                if scanned.admits(facts) {
                    candidates.push((block as u32, scanned.rule));
                }
            }
            let add = |rule: u32| {
                if self.bounds[rule as usize].hold(facts) {
                    candidates.push((block as u32, rule));
                }
            };
            tables.probes.find(scratch.folded.as_bytes(), facts.folded.clone(), add);
        }
        let mut add = |block: usize, rule: u32| {
            if self.bounds[rule as usize].hold(&scratch.facts[block]) {
                candidates.push((block as u32, rule));
            }
        };
        tables.long.find(&scratch.folded, &scratch.facts, far, &mut add);
        tables.middle.find(scratch, far, &mut add);
        tables.loose.find(scratch, far, &mut add);
    }

    /// Adds the rules whose selectors select a block.
    pub(crate) fn styled_candidates(&self, document: &Document<'_>, scratch: &mut facts::Scratch) {
        let before = scratch.candidates.len();
        for (block, selector) in document.selected() {
            let is_far = scratch.facts[block].is_far;
            let own = self.styled.get(selector).into_iter().flatten();
            let own = own.filter(|&&rule| !is_far || self.rules[rule as usize].matters_outside());
            scratch.candidates.extend(own.map(|&rule| (block as u32, rule)));
        }
        if scratch.candidates.len() > before {
            scratch.candidates.sort_unstable();
            scratch.candidates.dedup();
        }
    }

    /// Every pair of block and rule, for the test that the tables lose none.
    #[cfg(test)]
    pub(crate) fn all_pairs(&self, scratch: &mut facts::Scratch) {
        let rules = self.rules.len() as u32;
        scratch.candidates = (0..scratch.facts.len() as u32).flat_map(|block| (0..rules).map(move |rule| (block, rule))).collect();
    }

    /// Rules that look for this text, or its beginning or end. `buffer` is used for the text with number signs.
    fn by_phrase(&self, tables: &Tables, core: &str, facts: &Facts, buffer: &mut String, mut add: impl FnMut(u32)) {
        // Whether long blocks have digits was not looked at, but for their ends.
        let has_edge = || [core.bytes().next(), core.bytes().next_back()].into_iter().flatten().any(|byte| byte.is_ascii_digit());
        let has_signs = (facts.shapes.has(Shape::Digits) || has_edge()) && fold::number_signs_into(core, buffer);
        let signed: &str = if has_signs { buffer } else { "" };
        let later = OnceCell::new();
        let signed_text = || if has_signs { Some(signed) } else { later.get_or_init(|| fold::with_number_signs(core)).as_deref() };
        let mut confirm = |entry: &Keyed, phrases: fn(&Rule) -> &[String], holds: fn(&Rule, &str, &str) -> bool| {
            if self.bounds[entry.rule as usize].hold(facts) {
                let rule = &self.rules[entry.rule as usize].rule;
                let phrase = phrases(rule)[entry.phrase as usize].as_str();
                let text = if phrase.contains('#') { signed_text() } else { Some(core) };
                if text.is_some_and(|text| holds(rule, phrase, text)) {
                    add(entry.rule);
                }
            }
        };
        let mut is = |entry: &Keyed| confirm(entry, |rule| &rule.matcher.is, |_, phrase, core| core == phrase);
        if facts.hash != 0 {
            tables.is.find(facts.hash, &mut is);
        }
        if has_signs {
            tables.is.find(facts::hash(signed.as_bytes()), &mut is);
        }
        let mut starts = |entry: &Keyed| confirm(entry, |rule| &rule.matcher.starts, matching::begins);
        tables.starts.find_firsts(core.as_bytes().iter(), &mut starts);
        // Keys that do not begin with a sign have none, and are those of the text as it is.
        if signed.starts_with('#') {
            tables.starts.find_firsts(signed.as_bytes().iter(), &mut starts);
        }
        let mut ends = |entry: &Keyed| confirm(entry, |rule| &rule.matcher.ends, matching::stops);
        tables.ends.find_firsts(core.as_bytes().iter().rev(), &mut ends);
        if signed.ends_with('#') {
            tables.ends.find_firsts(signed.as_bytes().iter().rev(), &mut ends);
        }
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
    fn add(&mut self, index: u32, rule: &'r Rule) {
        let matcher = &rule.matcher;
        if let Some(css) = &matcher.css {
            self.styled.entry(css.clone()).or_default().push(index);
            return;
        }
        match entry(rule) {
            Some("match.is") => self.is.extend(keyed(index, &matcher.is, |phrase| facts::hash(phrase.as_bytes()))),
            Some("match.starts") => self.starts.extend(keyed(index, &matcher.starts, |phrase| key(phrase.as_bytes().iter()))),
            Some(_) => self.ends.extend(keyed(index, &matcher.ends, |phrase| key(phrase.as_bytes().iter().rev()))),
            None => match rule.clues.as_ref().and_then(|clues| clues.literals.as_deref()) {
                Some(literals) => self.add_literals(index, rule, literals),
                None => match Leaning::new(index, rule) {
                    Some(leaning) => self.leaning.push(leaning),
                    None => self.scanned.push((index, signs_of(rule, &[]))),
                },
            },
        }
    }

    /// Enters a rule under literals of which one occurs wherever it matches.
    fn add_literals(&mut self, index: u32, rule: &Rule, literals: &'r [Cow<'static, str>]) {
        let is_edged = are_edged(rule, literals);
        let is_about_short = rule.place.max_words.is_some_and(|most| most <= SHORT_WORDS);
        let (probed, mut others): (Vec<&str>, Vec<&str>) =
            literals.iter().map(AsRef::as_ref).partition(|literal| probe::is_probed(literal, is_edged));
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
        self.probed.extend(probed.into_iter().map(|literal| (literal, is_edged, index)));
    }
}

/// Whether literals of a rule stand between edges of words wherever it matches: they are phrases of one of its lists, whole.
fn are_edged(rule: &Rule, literals: &[Cow<'static, str>]) -> bool {
    let matcher = &rule.matcher;
    let is_list = |list: &Vec<String>| list.iter().eq(literals) && !list.iter().any(|phrase| phrase.contains('#'));
    matcher.edges == Edges::Word && matcher.fold == Fold::Full && matcher.anchor.is_empty() && clues::lists(rule).any(is_list)
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
