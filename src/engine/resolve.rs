//! From hits to decisions: one winner a block, cuts that do not overlap, tags of spans.

use std::collections::BTreeMap;

use super::Engine;
use super::compile::{CompiledRule, CompiledRules};
use super::facts::Scratch;
use super::lean;
use super::place::{Claims, SECTION_REACH, rank};
use super::trial::{Hit, confirm, try_protecting};
use crate::document::{Block, Document, Standing};
use crate::rules::{Action, Category, RuleId, Shape, Tag};
use crate::span::ByteSpan;

/// What was decided about a document.
pub(crate) struct Outcome<'e> {
    rules: &'e CompiledRules,
    /// All hits, also those that did not count.
    pub(crate) hits: Vec<Hit>,
    /// The hit that decides about each block, if any.
    pub(crate) winners: Vec<Option<usize>>,
    /// Whether each block leaves the text.
    pub(crate) dropped: Vec<bool>,
    /// Hits that cut a span out of a block, in order, not overlapping.
    pub(crate) cuts: Vec<usize>,
    /// Hits that tag a span and leave it where it is.
    pub(crate) spans: Vec<usize>,
    /// Words of all prose of the story, and of that which leaves.
    pub(crate) prose: (u64, u64),
}

/// A decision as the article needs it.
pub(crate) struct Piece<'o> {
    pub(crate) category: Category,
    pub(crate) tag: Option<Tag>,
    pub(crate) rule: &'o RuleId,
    pub(crate) span: ByteSpan,
    pub(crate) groups: &'o [(Tag, ByteSpan)],
}

impl Engine {
    /// Decides about every block of a document.
    pub(crate) fn decide(&self, document: &Document<'_>, language: Option<&str>, scratch: &mut Scratch) -> Outcome<'_> {
        let rules = self.rules(language);
        self.begin(document, language, scratch);
        let hits = read_hits(rules, document, scratch);
        self.decide_hits(rules, document, scratch, hits)
    }

    /// Calls `found` with each line that a rule with `where.score` may judge, in order: its block and its columns, which are named by
    /// [`LINE_COLUMNS`](super::LINE_COLUMNS). Rules of which `is_known` says no are left out, as those are that a site not seen would need.
    /// For training.
    pub fn each_line(
        &self,
        document: &Document<'_>,
        scratch: &mut Scratch,
        is_known: impl Fn(&RuleId) -> bool,
        mut found: impl FnMut(usize, &[i16]),
    ) {
        let rules = self.rules(Self::language(document).as_deref());
        let mut hits = read_hits(rules, document, scratch);
        hits.retain(|hit| {
            let rule = &rules.rules[hit.rule].rule;
            rule.place.score.is_none() && is_known(&rule.id)
        });
        let mut claims = Claims::new(rules, scratch, document, hits);
        let lines = claims.lines(document);
        let mut columns = Vec::new();
        for block in 0..document.blocks().len() {
            if lines.may_score(block) {
                lines.columns(block, &mut columns);
                found(block, &columns);
            }
        }
    }

    /// Decides, with the hits already found.
    fn decide_hits<'e>(&'e self, rules: &'e CompiledRules, document: &Document<'_>, scratch: &Scratch, hits: Vec<Hit>) -> Outcome<'e> {
        let claims = Claims::new(rules, scratch, document, hits);
        let brought_back = claims.brought_back();
        let mut outcome = Outcome {
            rules,
            hits: claims.hits,
            winners: vec![None; document.blocks().len()],
            dropped: vec![false; document.blocks().len()],
            cuts: Vec::new(),
            spans: Vec::new(),
            prose: (0, 0),
        };
        outcome.pick_winners();
        outcome.drop_blocks(|category| self.removes(category));
        outcome.follow_page(document.blocks(), &brought_back);
        outcome.pick_spans();
        outcome.weigh(scratch, document.blocks());
        outcome
    }

    /// The same decisions with the look-up tables left aside: every rule is tried on every block.
    #[cfg(test)]
    pub(crate) fn decide_without_prefilter(&self, document: &Document<'_>, language: Option<&str>, scratch: &mut Scratch) -> Outcome<'_> {
        let rules = self.rules(language);
        scratch.read(document, rules.far());
        rules.all_pairs(scratch);
        let hits = find_hits(rules, document, scratch, false);
        self.decide_hits(rules, document, scratch, hits)
    }
}

/// Reads a document and finds all hits, but for their place.
fn read_hits(rules: &CompiledRules, document: &Document<'_>, scratch: &mut Scratch) -> Vec<Hit> {
    scratch.read(document, rules.far());
    rules.candidates(scratch);
    rules.styled_candidates(document, scratch);
    let mut hits = confirm(rules, document, scratch, true);
    scratch.add_known_hits(document, &mut hits);
    scratch.keep_hits(rules, document, &hits);
    add_dependent(rules, document, scratch, true, &mut hits);
    hits
}

/// Confirms all candidates, but for their place. `entered` says that they come from the look-up tables: then the key by which a rule
/// is entered is known to hold, and rules that lean on a neighbour are yet to be tried.
pub(crate) fn find_hits(rules: &CompiledRules, document: &Document<'_>, scratch: &Scratch, entered: bool) -> Vec<Hit> {
    let mut hits = confirm(rules, document, scratch, entered);
    add_dependent(rules, document, scratch, entered, &mut hits);
    hits
}

/// Adds the hits of rules that wait for those of others.
fn add_dependent(rules: &CompiledRules, document: &Document<'_>, scratch: &Scratch, entered: bool, hits: &mut Vec<Hit>) {
    if entered {
        lean::add_hits(rules, document, scratch, hits);
    }
    add_protection(rules, document, scratch, entered, hits);
}

/// Adds the hits of rules that protect, on blocks that others may want, themselves or as part of a section, and on those outside of the main
/// content that come back for them. They know the words of stories, which most blocks have.
fn add_protection(rules: &CompiledRules, document: &Document<'_>, scratch: &Scratch, entered: bool, hits: &mut Vec<Hit>) {
    let mut wanted = vec![false; document.blocks().len()];
    for hit in hits.iter() {
        wanted[hit.block] = true;
        if let Some(section) = rules.rules[hit.rule].rule.section {
            let end = wanted.len().min(hit.block + 1 + section.max_blocks + SECTION_REACH);
            wanted[hit.block..end].fill(true);
        }
    }
    let is_wanted = |block: usize, rule: u32| {
        wanted[block] || document.blocks()[block].standing != Standing::Story && rules.rules[rule as usize].brings_back()
    };
    let found = try_protecting(rules, document, scratch, entered, is_wanted);
    if !found.is_empty() {
        hits.extend(found);
        hits.sort_by_key(|hit| (hit.block, hit.rule));
    }
}

impl<'e> Outcome<'e> {
    /// The rule of a hit.
    pub(crate) fn rule(&self, hit: usize) -> &'e CompiledRule {
        &self.rules.rules[self.hits[hit].rule]
    }

    /// A hit as the article needs it.
    pub(crate) fn piece(&self, hit: usize) -> Piece<'_> {
        let rule = &self.rule(hit).rule;
        let Hit { found, heading, .. } = &self.hits[hit];
        let in_section = heading.is_some();
        Piece { category: rule.category, tag: rule.tag.filter(|_| !in_section), rule: &rule.id, span: found.span, groups: &found.groups }
    }

    /// Whether a hit cuts or tags a span.
    pub(crate) fn is_carried_out(&self, hit: usize) -> bool {
        let start = self.hits[hit].found.span.start;
        [&self.cuts, &self.spans].into_iter().any(|picked| {
            let first = picked.partition_point(|&at| self.hits[at].found.span.start < start);
            picked.get(first) == Some(&hit)
        })
    }

    fn pick_winners(&mut self) {
        for at in 0..self.hits.len() {
            let rule = self.rule(at);
            if !self.hits[at].fired || !rule.claims {
                continue;
            }
            let block = self.hits[at].block;
            let better = self.winners[block].is_none_or(|other| rank(rule, &self.hits[at]) < rank(self.rule(other), &self.hits[other]));
            if better {
                self.winners[block] = Some(at);
            }
        }
    }

    fn drop_blocks(&mut self, removes: impl Fn(Category) -> bool) {
        for (block, winner) in self.winners.iter().enumerate() {
            if let Some(hit) = *winner {
                let rule = &self.rules.rules[self.hits[hit].rule];
                self.dropped[block] = self.hits[hit].heading.is_some() || rule.drops() || removes(rule.rule.category);
            }
        }
    }

    /// Drops what stands outside the main content, and captions by markup. Of rules on a caption only those count that remove it, such
    /// as a label of advertisements, and those that tell its parts apart, whatever they say about its place: the place is known.
    fn follow_page(&mut self, blocks: &[Block], brought_back: &[bool]) {
        for (block, own) in blocks.iter().enumerate() {
            match own.standing {
                Standing::Story => {}
                Standing::Outside | Standing::Comment => {
                    self.dropped[block] = !brought_back[block];
                    // A tag outside of the story says nothing about the story.
                    self.winners[block] = self.winners[block].filter(|&hit| self.rule(hit).rule.tag.is_none() && self.dropped[block]);
                }
                Standing::Figure => {
                    self.dropped[block] = true;
                    self.winners[block] = self.winners[block].filter(|&hit| self.rule(hit).rule.action == Action::Remove);
                }
            }
        }
        let removed: Vec<bool> = self.winners.iter().map(Option::is_some).collect();
        for at in 0..self.hits.len() {
            let (hit, rule) = (&self.hits[at], self.rule(at));
            let is_credit = rule.rule.tag == Some(Tag::Credit) && !rule.positional;
            let names_credit = rule.rule.tag.is_some() && hit.found.groups.iter().any(|group| group.0 == Tag::Credit);
            let is_caption = blocks[hit.block].standing == Standing::Figure && !removed[hit.block];
            if !is_caption || hit.heading.is_some() || !(is_credit || names_credit) {
                continue;
            }
            if self.winners[hit.block].is_none_or(|other| rank(rule, hit) < rank(self.rule(other), &self.hits[other])) {
                self.winners[hit.block] = Some(at);
            }
        }
    }

    /// Picks cuts and tagged spans by rank; none overlaps another of its kind.
    fn pick_spans(&mut self) {
        let mut order: Vec<usize> = (0..self.hits.len())
            .filter(|&at| self.hits[at].fired && !self.rule(at).claims && self.rule(at).rule.action != Action::Protect)
            .collect();
        order.sort_by_key(|&at| rank(self.rule(at), &self.hits[at]));
        let (mut cut_ends, mut span_ends) = (BTreeMap::new(), BTreeMap::new());
        for at in order {
            let is_cut = self.rule(at).rule.action == Action::Cut;
            let ends = if is_cut { &mut cut_ends } else { &mut span_ends };
            let span = self.hits[at].found.span;
            // Spans taken so far do not overlap, so only the last that begins before this one's end can reach into it.
            let taken = ends.range(..span.end).next_back().is_some_and(|(_, &end)| end > span.start);
            if span.is_empty() || taken {
                continue;
            }
            ends.insert(span.start, span.end);
            if is_cut {
                self.cuts.push(at);
            } else {
                self.spans.push(at);
            }
        }
        let start = |hits: &[Hit], at: &usize| hits[*at].found.span.start;
        self.cuts.sort_by_key(|at| start(&self.hits, at));
        self.spans.sort_by_key(|at| start(&self.hits, at));
    }

    /// Counts the words of prose, for the guard.
    fn weigh(&mut self, scratch: &Scratch, blocks: &[Block]) {
        for (block, facts) in scratch.facts.iter().enumerate() {
            if facts.shapes.has(Shape::Prose) && blocks[block].standing == Standing::Story {
                let words = u64::from(facts.words);
                self.prose.0 += words;
                let kept_as_data = self.winners[block].is_some_and(|hit| self.rule(hit).rule.category == Category::Caption);
                self.prose.1 += if self.dropped[block] && !kept_as_data { words } else { 0 };
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_prefilter_changes_no_decision() {
        let engine = Engine::builder().build().expect("built-in rules");
        for (text, language) in
            [(include_str!("../../fixtures/articles/harbour.txt"), "en"), (include_str!("../../fixtures/articles/hafen.txt"), "de")]
        {
            let document = Document::from_text(text);
            let decide = |all: bool| {
                let mut scratch = Scratch::default();
                let outcome = if all {
                    engine.decide_without_prefilter(&document, Some(language), &mut scratch)
                } else {
                    engine.decide(&document, Some(language), &mut scratch)
                };
                // Rules that protect are tried where others may want something, and without the tables more of them may.
                let counts = |hit: &&Hit| hit.fired && outcome.rules.rules[hit.rule].rule.action != Action::Protect;
                let mut fired: Vec<(usize, usize)> = outcome.hits.iter().filter(counts).map(|hit| (hit.block, hit.rule)).collect();
                fired.sort_unstable();
                (fired, outcome.dropped.clone())
            };
            assert_eq!(decide(false), decide(true));
        }
    }

    #[test]
    fn long_blocks_are_found_by_whole_phrases_and_by_numbers_at_their_ends() {
        let long = "this notice says once more what all the others said ".repeat(9);
        let rule = |name: &str, key: &str| {
            format!("[[rule]]\nid = \"mine.{name}\"\ncategory = \"other\"\nabout = \"x\"\naction = \"remove\"\n{key}\n")
        };
        let rules = [
            rule("is", &format!("match.is = [\"{}\"]", long.trim())),
            rule("starts", "match.starts = [\"# minutes ago\"]"),
            rule("ends", "match.ends = [\"page #\"]"),
        ];
        let rules = format!("format = 1\n[pack]\nid = \"mine\"\n{}", rules.concat());
        let engine = Engine::builder().builtin(false).rules_text("mine.toml", &rules).build().expect("the rules are well formed");
        for block in [format!("{long}."), format!("12 minutes ago {long}"), format!("{long} page 3")] {
            let source = format!("The ferry left on Friday.\n\n{block}\n\nIt was full.");
            let document = Document::from_text(&source);
            assert!(engine.decide(&document, None, &mut Scratch::default()).dropped[1], "{block}");
            assert!(engine.decide_without_prefilter(&document, None, &mut Scratch::default()).dropped[1], "{block}");
        }
    }
}
