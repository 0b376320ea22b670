//! Rules, ready to run.

use std::cell::OnceCell;
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use once_cell::sync;

use super::bounds::{Bounds, is_long_prose};
use super::facts::{self, Facts, Far};
use super::gate::Gate;
use super::lean::Leaning;
use super::matching::{self, Indexes, Sought};
use super::search::Search;
use super::signature::Signature;
use super::tables::{Entries, KeyTables, Keyed, Tables};
use crate::document::Document;
use crate::rules::clues::{Clues, entry};
use crate::rules::packed::pattern::PackedPattern;
use crate::rules::pattern::{Demands, Lead, sign_sets};
use crate::rules::threads;
use crate::rules::{Action, Layer, Rule, RuleId, Shape, Tag, Zone};
use crate::text::fold;

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
        self.brings_back() || self.rule.action == Action::Tag && !self.claims && !self.positional
    }

    /// Whether it keeps what it covers outside of the main content too.
    pub(crate) fn brings_back(&self) -> bool {
        self.rule.action == Action::Protect && brings_back(self.rule.layer)
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

/// Whether what a protecting rule of this layer covers is the article's wherever it stands. Packs for languages only keep it from other rules.
pub(crate) fn brings_back(layer: Layer) -> bool {
    layer <= Layer::Site
}

/// Rules that hold in all languages: each is compiled once, and so are the automata of its pattern.
#[derive(Default)]
pub(crate) struct Common(Mutex<HashMap<RuleId, Arc<CompiledRule>>>);

impl Common {
    /// Compiles rules, but for those that are here already. An override may change a rule for some languages.
    fn compile(&self, rules: Vec<Rule>) -> Vec<Arc<CompiledRule>> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let compiled = rules.into_iter().map(|rule| Arc::new(CompiledRule::new(rule)));
        compiled
            .map(|own| {
                if !own.rule.scope.lang.is_empty() {
                    return own;
                }
                let same = known.entry(own.rule.id.clone()).or_insert_with(|| own.clone());
                if same.rule == own.rule { same.clone() } else { own }
            })
            .collect()
    }
}

/// All rules that a language's documents see, ready to run.
pub(crate) struct CompiledRules {
    pub(crate) rules: Vec<Arc<CompiledRule>>,
    keys: KeyTables,
    tables: Tables,
    /// Those of the rules that may hold on long prose; made when there first is some.
    long_prose: sync::OnceCell<Tables>,
    /// Look-ups for blocks that lie far outside of the main content, of the rules that matter there; made when there first are some.
    outside: Option<sync::OnceCell<(KeyTables, Tables)>>,
    /// Rules tried beside what others claim.
    pub(crate) leaning: Vec<Leaning>,
    /// Rules that ask for the line score, tried on lines that no other took.
    pub(crate) scored: Vec<u32>,
    /// Rules by their selectors, tried on the blocks that those select.
    styled: BTreeMap<String, Vec<u32>>,
    pub(crate) bounds: Vec<Bounds>,
    pub(crate) gates: Vec<Gate>,
}

impl CompiledRules {
    /// Compiles rules, which are sorted by id. `names_outside` says that what lies outside of the main content goes under the names of
    /// the rules that know it.
    pub(crate) fn new(mut rules: Vec<Rule>, names_outside: bool, common: &Common) -> Self {
        let mut unknown: Vec<&mut Rule> = rules.iter_mut().filter(|rule| rule.clues.is_none()).collect();
        let clues = threads::map(&unknown, |rule| Clues::of(rule));
        unknown.iter_mut().zip(clues).for_each(|(rule, clues)| rule.clues = Some(clues));
        let rules = common.compile(rules);
        let bounds: Vec<Bounds> = rules.iter().map(|rule| Bounds::new(&rule.rule)).collect();
        // What comes back is a matter for all rules.
        let is_whole = names_outside || rules.iter().any(|rule| rule.brings_back());
        let mut entries = Entries::default();
        for (index, rule) in (0..).zip(&rules) {
            entries.add(index, &rule.rule);
        }
        let leaning = std::mem::take(&mut entries.leaning);
        let scored = std::mem::take(&mut entries.scored);
        let styled = std::mem::take(&mut entries.styled);
        let keys = KeyTables::new(&mut entries);
        let tables = Tables::new(entries, &bounds);
        let gates = rules.iter().map(|rule| Gate::new(rule)).collect();
        let long_prose = sync::OnceCell::new();
        Self { outside: (!is_whole).then(sync::OnceCell::new), leaning, scored, styled, keys, tables, long_prose, gates, rules, bounds }
    }

    /// What becomes of the blocks that lie far outside of the main content.
    pub(crate) fn far(&self) -> Far {
        match &self.outside {
            None => Far::Ruled,
            Some(_) if self.rules.iter().any(|rule| rule.matters_outside()) => Far::Measured,
            Some(_) => Far::Folded,
        }
    }

    /// Collects the pairs of block and rule that may match, sorted. Where a rule is entered by `is`, `starts` or `ends`, that key holds.
    pub(crate) fn candidates(&self, scratch: &mut facts::Scratch) {
        let mut candidates = std::mem::take(&mut scratch.candidates);
        self.by_keys(&self.keys, scratch, Facts::is_tried, &mut candidates);
        self.tables.find(scratch, |facts| facts.is_tried() && !is_long_prose(facts), &self.bounds, &mut candidates);
        let is_long_prose = |facts: &Facts| facts.is_tried() && is_long_prose(facts);
        if scratch.facts.iter().any(is_long_prose) {
            let tables = self.long_prose.get_or_init(|| self.tables_of(|rule| self.bounds[rule].may_hold_on_long_prose()).1);
            tables.find(scratch, is_long_prose, &self.bounds, &mut candidates);
        }
        if let Some(outside) = &self.outside
            && self.far() == Far::Measured
            && scratch.facts.iter().any(|facts| facts.is_far)
        {
            let (keys, tables) = outside.get_or_init(|| self.tables_of(|rule| self.rules[rule].matters_outside()));
            self.by_keys(keys, scratch, |facts| facts.is_far, &mut candidates);
            tables.find(scratch, |facts| facts.is_far, &self.bounds, &mut candidates);
        }
        scratch.add_untried(&mut candidates);
        candidates.sort_unstable();
        candidates.dedup();
        scratch.candidates = candidates;
    }

    /// The tables of some of the rules.
    fn tables_of(&self, has: impl Fn(usize) -> bool) -> (KeyTables, Tables) {
        let mut entries = Entries::default();
        for (index, rule) in (0..).zip(&self.rules).filter(|(index, _)| has(*index as usize)) {
            entries.add(index, &rule.rule);
        }
        (KeyTables::new(&mut entries), Tables::new(entries, &self.bounds))
    }

    /// Collects the pairs that the keys of whole blocks, of their starts and of their ends give, for the blocks that are these keys' own.
    fn by_keys(&self, keys: &KeyTables, scratch: &facts::Scratch, is_own: impl Fn(&Facts) -> bool, candidates: &mut Vec<(u32, u32)>) {
        let mut signed = String::new();
        for (block, facts) in scratch.facts.iter().enumerate().filter(|(_, facts)| is_own(facts)) {
            let core = scratch.core(block);
            if !core.is_empty() {
                let add = |rule: u32| candidates.push((block as u32, rule));
                self.by_phrase(keys, core, facts, &mut signed, add);
            }
        }
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
    fn by_phrase(&self, tables: &KeyTables, core: &str, facts: &Facts, buffer: &mut String, mut add: impl FnMut(u32)) {
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
