//! Rules that lean on a neighbour: tried only beside blocks that others may claim.
//!
//! "A line before a caption is its alternative text" would make a candidate of nearly every line of every text. Most texts have no
//! caption, so such rules wait until the hits of all others are known. A hit tells under which names its block may be claimed;
//! where a leaning rule waits for one of these beside the block, it is tried there, and its own hit may call up others in turn.

use super::compile::CompiledRules;
use super::facts::Scratch;
use super::matching::View;
use super::place::{claimed_names, wanted_names};
use super::trial::{Hit, try_rule};
use crate::document::Document;
use crate::rules::{Action, Rule, Target};

/// A rule without phrases or pattern of its own that waits for a neighbour.
pub(crate) struct Leaning {
    rule: u32,
    /// Names that the next block is to be claimed under, as bits; none when any will do.
    before: u64,
    /// The same of the previous block.
    after: u64,
}

impl Leaning {
    /// The rule as a leaning one, if it is. Protection knows no place, and a paragraph of the story calls up nothing.
    pub(crate) fn new(index: u32, rule: &Rule) -> Option<Self> {
        let wanted = |targets: &[Target]| if targets.contains(&Target::Prose) { 0 } else { wanted_names(targets) };
        let (before, after) = (wanted(&rule.place.before), wanted(&rule.place.after));
        (before | after != 0 && rule.action != Action::Protect).then_some(Self { rule: index, before, after })
    }

    /// Whether it may hold on a block, given the names under which all blocks may be claimed.
    fn may_hold(&self, block: usize, names: &[u64]) -> bool {
        let beside = |wanted: u64, other: Option<usize>| {
            wanted == 0 || other.and_then(|other| names.get(other)).is_some_and(|names| names & wanted != 0)
        };
        beside(self.before, block.checked_add(1)) && beside(self.after, block.checked_sub(1))
    }
}

/// Adds the hits of leaning rules to those of all others, sorted by block and rule.
pub(crate) fn add_hits(rules: &CompiledRules, document: &Document<'_>, scratch: &Scratch, hits: &mut Vec<Hit>) {
    if rules.leaning.is_empty() || !hits.iter().any(|hit| rules.rules[hit.rule].claims) {
        return;
    }
    let mut names = names(rules, scratch.facts.len(), hits);
    let words = rules.leaning.len().div_ceil(64);
    // As many as `words` for each block.
    let mut tried = vec![0u64; words * names.len()];
    let all = rules.leaning.iter().fold((0, 0), |(before, after), leaning| (before | leaning.before, after | leaning.after));
    let mut called: Vec<usize> = (0..names.len()).filter(|&block| names[block] & (all.0 | all.1) != 0).collect();
    while let Some(caller) = called.pop() {
        for (block, is_above) in [(caller.checked_sub(1), true), (caller.checked_add(1), false)] {
            if names[caller] & if is_above { all.0 } else { all.1 } == 0 {
                continue;
            }
            let Some((block, facts)) = block.and_then(|block| Some((block, scratch.facts.get(block)?))) else { continue };
            for (place, leaning) in rules.leaning.iter().enumerate() {
                let wanted = if is_above { leaning.before } else { leaning.after };
                let (own, bit) = (block * words + place / 64, 1 << (place % 64));
                let is_called = wanted & names[caller] != 0 && tried[own] & bit == 0;
                let index = leaning.rule as usize;
                if !is_called || facts.is_far || !rules.bounds[index].hold(facts) || !leaning.may_hold(block, &names) {
                    continue;
                }
                tried[own] |= bit;
                if let Some(hit) = try_rule(rules, document, &View::new(document, scratch, block), block, index, true) {
                    hits.push(hit);
                    let all = names[block] | claimed_names(&rules.rules[index]);
                    if all != names[block] {
                        names[block] = all;
                        called.push(block);
                    }
                }
            }
        }
    }
    hits.sort_by_key(|hit| (hit.block, hit.rule));
}

/// Names under which each block may be claimed: by its own hits, and by sections that begin above it. The hits are sorted.
fn names(rules: &CompiledRules, blocks: usize, hits: &[Hit]) -> Vec<u64> {
    let mut names = vec![0; blocks];
    let mut hits = hits.iter().filter(|hit| rules.rules[hit.rule].claims).peekable();
    let mut sections = 0;
    for (block, names) in names.iter_mut().enumerate() {
        *names = sections;
        while let Some(hit) = hits.next_if(|hit| hit.block == block) {
            let rule = &rules.rules[hit.rule];
            *names |= claimed_names(rule);
            sections |= if rule.rule.section.is_some() { claimed_names(rule) } else { 0 };
        }
    }
    names
}
