//! From rules to look-up tables.
//!
//! A rule is only looked at where it may match. For that each rule gets one *entry*, the cheapest way in that cannot miss:
//!
//! | entry | rules | cost |
//! | --- | --- | --- |
//! | whole block | `is` | one look-up in a hash table a block |
//! | first or last bytes | `starts`, `ends` | four look-ups a block |
//! | long literals | `has`, `all`, `count`, `anchor`, literals of `regex` | one scan of the document ([`GramFilter`]) |
//! | short literals | the same, where nothing longer is at hand | an automaton, over short blocks only where the rule is bounded |
//! | none | shapes alone | a test of bits a block |

use std::collections::BTreeMap;

use aho_corasick::AhoCorasick;
use once_cell::sync::OnceCell;
use regex::Regex;

use super::facts;
use super::grams::{self, GramFilter};
use crate::rules::{Action, Fold, Rule, Shape, Tag, Zone};
use crate::text::fold;

/// Blocks up to this many words see the short literals of bounded rules.
pub(crate) const SHORT_WORDS: u32 = 16;

/// Most bytes at the start or end of a phrase that make its key.
const KEY_BYTES: usize = 4;

/// A rule with what matching it needs.
pub(crate) struct CompiledRule {
    pub(crate) rule: Rule,
    /// Compiled when first needed: most documents need few.
    regex: OnceCell<Regex>,
    /// Whether its place depends on what other rules claim.
    pub(crate) positional: bool,
    /// Whether it claims whole blocks.
    pub(crate) claims: bool,
    /// Whether its block must be (or must not be) the headline.
    pub(crate) headline: Option<bool>,
}

impl CompiledRule {
    fn new(mut rule: Rule) -> Self {
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
            || rule.section.is_some()
            || headline.is_some();
        let claims = match rule.action {
            Action::Protect | Action::Cut => false,
            Action::Remove => true,
            Action::Tag => !(matches!(rule.tag, Some(Tag::Dateline | Tag::Agency)) && rule.matcher.regex.is_some()),
        };
        Self { rule, regex: OnceCell::new(), positional, claims, headline }
    }

    /// The rule's pattern. `None` when it has none, or when a built-in one does not compile, which the packs' tests rule out.
    pub(crate) fn regex(&self) -> Option<&Regex> {
        let pattern = self.rule.matcher.regex.as_deref()?;
        self.regex.get_or_try_init(|| crate::rules::pattern::compile(pattern)).ok()
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

/// Rules by a key, with a bitmap before the table since most keys of a document are in no rule.
#[derive(Default)]
struct KeyTable {
    bitmap: Vec<u64>,
    entries: Vec<(u64, u32)>,
}

impl KeyTable {
    const BITS: u32 = 16;

    fn new(mut entries: Vec<(u64, u32)>) -> Self {
        entries.sort_unstable();
        entries.dedup();
        let mut bitmap = vec![0; 1 << (Self::BITS - 6)];
        for &(key, _) in &entries {
            let bit = Self::bit(key);
            bitmap[bit >> 6] |= 1u64 << (bit & 63);
        }
        Self { bitmap, entries }
    }

    fn bit(key: u64) -> usize {
        (key.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (64 - Self::BITS)) as usize
    }

    fn rules(&self, key: u64) -> impl Iterator<Item = u32> + '_ {
        let bit = Self::bit(key);
        let entries = if self.bitmap[bit >> 6] & (1 << (bit & 63)) == 0 {
            &[]
        } else {
            let first = self.entries.partition_point(|entry| entry.0 < key);
            &self.entries[first..]
        };
        entries.iter().take_while(move |entry| entry.0 == key).map(|entry| entry.1)
    }
}

/// An Aho-Corasick automaton and the rules of each of its literals.
struct Automaton {
    search: AhoCorasick,
    rules: Vec<Vec<u32>>,
}

impl Automaton {
    fn new(literals: BTreeMap<String, Vec<u32>>) -> Option<Self> {
        let (texts, rules): (Vec<String>, Vec<Vec<u32>>) = literals.into_iter().unzip();
        // Overlapping search needs the standard match kind; it cannot fail for literals far below its limits.
        let search = (!texts.is_empty()).then(|| AhoCorasick::new(&texts).ok()).flatten()?;
        Some(Self { search, rules })
    }

    fn find(&self, text: &str, mut found: impl FnMut(u32)) {
        for hit in self.search.find_overlapping_iter(text) {
            self.rules[hit.pattern().as_usize()].iter().copied().for_each(&mut found);
        }
    }
}

/// All rules that a language's documents see, ready to run.
pub(crate) struct CompiledRules {
    pub(crate) rules: Vec<CompiledRule>,
    is: KeyTable,
    starts: KeyTable,
    ends: KeyTable,
    grams: GramFilter,
    gram_rules: Vec<Vec<u32>>,
    short: Option<Automaton>,
    wide: Option<Automaton>,
    scanned: Vec<u32>,
}

/// Tables while they are being filled.
#[derive(Default)]
struct Entries {
    is: Vec<(u64, u32)>,
    starts: Vec<(u64, u32)>,
    ends: Vec<(u64, u32)>,
    long: BTreeMap<String, Vec<u32>>,
    short: BTreeMap<String, Vec<u32>>,
    wide: BTreeMap<String, Vec<u32>>,
    scanned: Vec<u32>,
}

impl CompiledRules {
    /// Compiles rules, which are sorted by id.
    pub(crate) fn new(rules: Vec<Rule>) -> Self {
        let mut entries = Entries::default();
        for (index, rule) in rules.iter().enumerate() {
            entries.add(index as u32, rule);
        }
        let (literals, gram_rules): (Vec<_>, Vec<_>) = entries.long.into_iter().map(|(text, rules)| (text.into_bytes().into_boxed_slice(), rules)).unzip();
        Self {
            rules: rules.into_iter().map(CompiledRule::new).collect(),
            is: KeyTable::new(entries.is),
            starts: KeyTable::new(entries.starts),
            ends: KeyTable::new(entries.ends),
            grams: GramFilter::new(literals),
            gram_rules,
            short: Automaton::new(entries.short),
            wide: Automaton::new(entries.wide),
            scanned: entries.scanned,
        }
    }

    /// Collects the pairs of block and rule that may match, sorted.
    pub(crate) fn candidates(&self, scratch: &mut facts::Scratch) {
        let mut candidates = std::mem::take(&mut scratch.candidates);
        for (block, facts) in scratch.facts.iter().enumerate() {
            let mut add = |rule: u32| candidates.push((block as u32, rule));
            let core = scratch.core(block).as_bytes();
            self.by_key(core, facts.hash, &mut add);
            if facts.shapes.has(Shape::Digits)
                && let Some(signed) = fold::with_number_signs(scratch.core(block))
            {
                self.by_key(signed.as_bytes(), facts::hash(signed.as_bytes()), &mut add);
            }
            if facts.words <= SHORT_WORDS
                && let Some(short) = &self.short
            {
                short.find(scratch.folded(block), &mut add);
            }
            if let Some(wide) = &self.wide {
                wide.find(scratch.folded(block), &mut add);
            }
            for &rule in &self.scanned {
                let matcher = &self.rules[rule as usize].rule.matcher;
                let place = &self.rules[rule as usize].rule.place;
                if facts.shapes.has_all(matcher.shape)
                    && !facts.shapes.has_any(matcher.not_shape)
                    && place.max_words.is_none_or(|most| facts.words <= most)
                    && place.min_words.is_none_or(|least| facts.words >= least)
                {
                    add(rule);
                }
            }
        }
        let mut block = 0;
        self.grams.find(scratch.folded.as_bytes(), |literal, start| {
            // Grams are found in steps, so starts rise but for a few bytes; a step back stays within a block's text.
            while block + 1 < scratch.facts.len() && scratch.facts[block].folded.end <= start {
                block += 1;
            }
            while scratch.facts[block].folded.start > start {
                block -= 1;
            }
            candidates.extend(self.gram_rules[literal].iter().map(|&rule| (block as u32, rule)));
        });
        candidates.sort_unstable();
        candidates.dedup();
        scratch.candidates = candidates;
    }

    /// Every pair of block and rule, for the test that the tables lose none.
    #[cfg(test)]
    pub(crate) fn all_pairs(&self, scratch: &mut facts::Scratch) {
        let rules = self.rules.len() as u32;
        scratch.candidates = (0..scratch.facts.len() as u32).flat_map(|block| (0..rules).map(move |rule| (block, rule))).collect();
    }

    /// Rules that look for this very text, or for its beginning or end.
    fn by_key(&self, core: &[u8], hash: u64, add: &mut impl FnMut(u32)) {
        if core.is_empty() {
            return;
        }
        if hash != 0 {
            self.is.rules(hash).for_each(&mut *add);
        }
        for length in 1..=KEY_BYTES.min(core.len()) {
            self.starts.rules(key(&core[..length])).for_each(&mut *add);
            self.ends.rules(key(&core[core.len() - length..])).for_each(&mut *add);
        }
    }
}

/// Key of up to four bytes: the bytes and how many there are.
fn key(bytes: &[u8]) -> u64 {
    bytes.iter().fold(bytes.len() as u64, |key, &byte| key << 8 | u64::from(byte))
}

impl Entries {
    /// Gives a rule its entry.
    fn add(&mut self, index: u32, rule: &Rule) {
        let matcher = &rule.matcher;
        if matcher.css.is_some() {
            return;
        }
        if !matcher.anchor.is_empty() {
            return self.add_literals(index, rule, matcher.anchor.iter().map(|text| fold::fold(text, Fold::Full)).collect());
        }
        let plain = matcher.fold == Fold::Full;
        if !matcher.is.is_empty() && plain {
            self.is.extend(matcher.is.iter().map(|phrase| (facts::hash(phrase.as_bytes()), index)));
        } else if !matcher.starts.is_empty() && plain {
            self.starts.extend(matcher.starts.iter().map(|phrase| (key(&phrase.as_bytes()[..phrase.len().min(KEY_BYTES)]), index)));
        } else if !matcher.ends.is_empty() && plain {
            self.ends.extend(matcher.ends.iter().map(|phrase| (key(&phrase.as_bytes()[phrase.len().saturating_sub(KEY_BYTES)..]), index)));
        } else if let Some(literals) = best_literals(rule) {
            self.add_literals(index, rule, literals);
        } else {
            self.scanned.push(index);
        }
    }

    /// Enters a rule under literals of which one occurs wherever it matches.
    fn add_literals(&mut self, index: u32, rule: &Rule, literals: Vec<String>) {
        let shortest = literals.iter().map(String::len).min().unwrap_or(0);
        if shortest == 0 {
            self.scanned.push(index);
            return;
        }
        let table = if shortest >= grams::SHORTEST {
            &mut self.long
        } else if rule.place.max_words.is_some_and(|most| most <= SHORT_WORDS) {
            &mut self.short
        } else {
            &mut self.wide
        };
        for literal in literals {
            table.entry(literal).or_default().push(index);
        }
    }
}

/// Of all groups of literals of which one must occur, the one whose shortest literal is longest.
fn best_literals(rule: &Rule) -> Option<Vec<String>> {
    let matcher = &rule.matcher;
    let groups = [&matcher.is, &matcher.starts, &matcher.ends, &matcher.has].into_iter().chain(&matcher.all).chain(matcher.count.iter().map(|count| &count.of));
    let from_phrases = groups.filter(|group| !group.is_empty()).map(|group| group.iter().map(|phrase| longest_piece(phrase)).collect::<Vec<_>>());
    let from_regex = matcher.regex.as_deref().and_then(crate::rules::pattern::literals);
    from_phrases.chain(from_regex).max_by_key(|literals| literals.iter().map(String::len).min())
}

/// The longest part of a phrase between number signs, folded as documents are.
fn longest_piece(phrase: &str) -> String {
    let folded = fold::fold(phrase, Fold::Full);
    folded.split('#').map(str::trim).max_by_key(|piece| piece.len()).unwrap_or_default().to_owned()
}
