//! Trying rules on blocks: everything but what others claim.

use super::compile::{CompiledRule, CompiledRules};
use super::facts::Scratch;
use super::matching::{self, Found, View};
use crate::document::Document;

/// A match of a rule on a block.
#[derive(Clone, Debug)]
pub(crate) struct Hit {
    /// The block.
    pub(crate) block: usize,
    /// Index of the rule.
    pub(crate) rule: usize,
    /// What was matched.
    pub(crate) found: Found,
    /// Whether its place holds, so that it counts.
    pub(crate) fired: bool,
    /// The heading, when the block was claimed by a section.
    pub(crate) heading: Option<usize>,
    /// The line score, in thousandths, once a rule asked for it.
    pub(crate) score: Option<u16>,
}

/// Confirms the candidates that do not depend on the hits of others.
pub(super) fn confirm(rules: &CompiledRules, document: &Document<'_>, scratch: &Scratch, entered: bool) -> Vec<Hit> {
    let mut hits = Vec::new();
    for own in scratch.candidates.chunk_by(|one, other| one.0 == other.0) {
        let block = own[0].0 as usize;
        let view = View::new(document, scratch, block);
        let own = own.iter().filter(|&&(_, rule)| !rules.gates[rule as usize].protects);
        hits.extend(own.filter_map(|&(_, rule)| try_rule(rules, document, &view, block, rule as usize, entered)));
    }
    hits
}

/// Tries the rules that protect on the blocks that they are wanted on.
pub(super) fn try_protecting(
    rules: &CompiledRules,
    document: &Document<'_>,
    scratch: &Scratch,
    entered: bool,
    is_wanted: impl Fn(usize, u32) -> bool,
) -> Vec<Hit> {
    let mut hits = Vec::new();
    let mut view: Option<(usize, View<'_>)> = None;
    for &(block, rule) in
        scratch.candidates.iter().filter(|&&(block, rule)| rules.gates[rule as usize].protects && is_wanted(block as usize, rule))
    {
        let block = block as usize;
        let view = match &mut view {
            Some((own, view)) if *own == block => view,
            other => &mut other.insert((block, View::new(document, scratch, block))).1,
        };
        hits.extend(try_rule(rules, document, view, block, rule as usize, entered));
    }
    hits
}

/// The hit of a rule on a block, if it matches there, but for its place.
pub(crate) fn try_rule(
    rules: &CompiledRules,
    document: &Document<'_>,
    view: &View<'_>,
    block: usize,
    rule: usize,
    entered: bool,
) -> Option<Hit> {
    let (compiled, gate) = (&rules.rules[rule], &rules.gates[rule]);
    if !gate.admits(compiled, view.facts, view.text, document.reads_as()) || gate.has_hosts && !in_scope(compiled, document) {
        return None;
    }
    let found = matching::matches(compiled, view, document.reads_as(), compiled.entry.filter(|_| entered)).ok()?;
    Some(Hit { block, rule, found, fired: false, heading: None, score: None })
}

/// Whether a rule holds on the host of the document. Languages were chosen when the rules were compiled.
pub(crate) fn in_scope(rule: &CompiledRule, document: &Document<'_>) -> bool {
    let scope = &rule.rule.scope;
    if scope.hosts.is_empty() && scope.not_hosts.is_empty() {
        return true;
    }
    match document.host() {
        Some(host) => {
            (scope.hosts.is_empty() || scope.hosts.iter().any(|pattern| pattern.matches(host)))
                && !scope.not_hosts.iter().any(|pattern| pattern.matches(host))
        }
        None => scope.hosts.is_empty(),
    }
}
