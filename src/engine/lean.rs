//! Rules that lean on a neighbour: tried only beside blocks that others may claim.
//!
//! "A line before a caption is its alternative text" would make a candidate of nearly every line of every text. Most texts have no
//! caption, so such rules wait until the hits of all others are known. A hit tells under which names its block may be claimed;
//! where a leaning rule waits for one of these beside the block, it is tried there, and its own hit may call up others in turn.

use super::compile::CompiledRules;
use super::facts::Scratch;
use super::matching::View;
use super::place::{Hit, claimed_names, wanted_names};
use super::resolve::try_rule;
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
    let mut untried = Untried::new(rules, scratch);
    let mut called: Vec<usize> = (0..names.len()).filter(|&block| names[block] != 0).collect();
    while let Some(caller) = called.pop() {
        for block in [caller.checked_sub(1), caller.checked_add(1)].into_iter().flatten() {
            if block >= names.len() {
                continue;
            }
            for word in 0..untried.words {
                let mut rest = untried.masks[block * untried.words + word];
                while rest != 0 {
                    let bit = rest.trailing_zeros() as usize;
                    rest &= rest - 1;
                    let leaning = &rules.leaning[word * 64 + bit];
                    if !leaning.may_hold(block, &names) {
                        continue;
                    }
                    untried.masks[block * untried.words + word] &= !(1 << bit);
                    let index = leaning.rule as usize;
                    if let Some(hit) = try_rule(rules, document, &View::new(document, scratch, block), block, index, true) {
                        hits.push(hit);
                        let own = names[block] | claimed_names(&rules.rules[index]);
                        if own != names[block] {
                            names[block] = own;
                            called.push(block);
                        }
                    }
                }
            }
        }
    }
    hits.sort_by_key(|hit| (hit.block, hit.rule));
}

/// Which leaning rules are yet to be tried on each block: those that its size and shapes admit, a bit each.
struct Untried {
    words: usize,
    /// As many as `words` for each block.
    masks: Vec<u64>,
}

impl Untried {
    fn new(rules: &CompiledRules, scratch: &Scratch) -> Self {
        let words = rules.leaning.len().div_ceil(64);
        let mut masks = Vec::with_capacity(words * scratch.facts.len());
        for facts in &scratch.facts {
            let fits = |leaning: &Leaning| u64::from(!facts.is_far && rules.bounds[leaning.rule as usize].hold(facts));
            let mask = |some: &[Leaning]| some.iter().zip(0..).fold(0, |mask, (leaning, bit)| mask | fits(leaning) << bit);
            masks.extend(rules.leaning.chunks(64).map(mask));
        }
        Self { words, masks }
    }
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
