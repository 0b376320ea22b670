//! Gates: what rules out most candidates, close together in memory.
//!
//! A rule with its lists and its pattern lies about in a dozen places of memory, and most candidates fail at the first things that are
//! asked. So these stand in one short row a rule: what it asks of size, shapes and signs, and how its pattern begins.

use once_cell::sync::OnceCell;

use super::bounds::Bounds;
use super::compile::CompiledRule;
use super::facts::Facts;
use crate::rules::pattern::Lead;
use crate::rules::{Action, Media};

/// Sets of signs that are asked for; patterns seldom have more.
const SETS: usize = 3;

/// What a candidate is asked first.
#[expect(clippy::struct_excessive_bools, reason = "facts of a rule, each asked by itself")]
pub(crate) struct Gate {
    bounds: Bounds,
    media: Option<Media>,
    /// Whether the rule holds on some hosts only.
    pub(crate) has_hosts: bool,
    has_pattern: bool,
    /// Whether the rule keeps what it covers, and waits for others that want it.
    pub(crate) protects: bool,
    /// Whether more than the block tells whether it matches, or it waits, so that it is tried on each block anew.
    pub(crate) is_tried_anew: bool,
    /// Sets of signs, empty where there are no more: the pattern cannot match without one of each. Known once the rule was tried.
    signs: OnceCell<[u128; SETS]>,
    lead: OnceCell<Lead>,
}

impl Gate {
    pub(super) fn new(rule: &CompiledRule) -> Self {
        let scope = &rule.rule.scope;
        let has_hosts = !(scope.hosts.is_empty() && scope.not_hosts.is_empty());
        let protects = rule.rule.action == Action::Protect;
        Self {
            bounds: Bounds::new(&rule.rule),
            media: scope.media,
            has_hosts,
            has_pattern: rule.rule.matcher.regex.is_some(),
            protects,
            is_tried_anew: has_hosts || protects || rule.rule.matcher.css.is_some(),
            signs: OnceCell::new(),
            lead: OnceCell::new(),
        }
    }

    /// Whether a rule may match a block, whose text is given.
    #[inline]
    pub(crate) fn admits(&self, rule: &CompiledRule, facts: &Facts, text: &str, media: Media) -> bool {
        self.bounds.hold(facts)
            && self.media.is_none_or(|own| own == media)
            && (!self.has_pattern || self.has_signs(rule, facts) && self.may_begin(rule, text))
    }

    /// Which signs a pattern needs is quick to test once it is known, and slow to find out: few patterns are ever come to.
    fn has_signs(&self, rule: &CompiledRule, facts: &Facts) -> bool {
        let sets = self.signs.get().or_else(|| {
            let known = rule.known_signs()?;
            Some(self.signs.get_or_init(|| {
                let mut sets = [0; SETS];
                sets.iter_mut().zip(known).for_each(|(set, &known)| *set = known);
                sets
            }))
        });
        sets.is_none_or(|sets| sets.iter().all(|&set| set == 0 || set & facts.signs != 0))
    }

    /// The same of what it begins with.
    fn may_begin(&self, rule: &CompiledRule, text: &str) -> bool {
        match self.lead.get() {
            Some(lead) => lead.may_begin(text),
            None => rule.known_lead().is_none_or(|lead| self.lead.get_or_init(|| lead).may_begin(text)),
        }
    }
}
