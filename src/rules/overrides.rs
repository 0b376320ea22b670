//! Overrides: changes that one file makes to the rules of another.
//!
//! They are applied in a fixed order: by the name they aim at, prefixes (`en.ad.*`) before the names below them, then by file
//! and line. So neither the order of files nor that of loading matters, and what is said of one rule holds against what is said
//! of its group.
//!
//! An override with a scope splits a rule in two: one with the change, that holds inside the scope, and one without, outside.
//! Both bear the rule's name.

use std::ops::Range;

use super::host::HostPattern;
use super::rule::{Level, Match, Media, Origin, Rule, Run, Scope, Status, Target, Where, Zone};
use super::source::RuleFile;
use crate::rules::Fold;
use crate::text::fold;

/// A change to one rule or to all rules whose names have a prefix.
#[derive(Clone, Debug)]
pub(super) struct Override {
    /// The name of a rule, one that it had before, or a prefix that ends in `.*`.
    pub(super) target: String,
    /// Where the change holds; `None` for everywhere.
    pub(super) scope: Option<Scope>,
    pub(super) status: Option<Status>,
    pub(super) level: Option<Level>,
    pub(super) priority: Option<i32>,
    pub(super) place: Option<WhereChange>,
    pub(super) add: Phrases,
    pub(super) drop: Phrases,
    pub(super) origin: Origin,
    pub(super) file: RuleFile,
    /// Place of the target in the file.
    pub(super) span: Range<usize>,
}

/// Phrases for the keys of a rule, as written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Phrases {
    pub(super) is: Vec<String>,
    pub(super) starts: Vec<String>,
    pub(super) ends: Vec<String>,
    pub(super) has: Vec<String>,
}

/// The keys of `where` that are given.
#[derive(Clone, Debug, Default)]
pub(super) struct WhereChange {
    pub(super) zone: Option<Zone>,
    pub(super) max_words: Option<u32>,
    pub(super) min_words: Option<u32>,
    pub(super) before: Option<Vec<Target>>,
    pub(super) after: Option<Vec<Target>>,
    pub(super) same_paragraph: Option<bool>,
    pub(super) overlap: Option<f32>,
    pub(super) run: Option<Run>,
    pub(super) score: Option<f32>,
}

impl WhereChange {
    /// Puts the given keys in place of those of `place`.
    pub(super) fn apply(&self, place: &mut Where) {
        fn set<T: Clone>(to: &mut T, from: Option<&T>) {
            if let Some(value) = from {
                to.clone_from(value);
            }
        }
        set(&mut place.zone, self.zone.as_ref());
        set(&mut place.before, self.before.as_ref());
        set(&mut place.after, self.after.as_ref());
        set(&mut place.same_paragraph, self.same_paragraph.as_ref());
        place.max_words = self.max_words.or(place.max_words);
        place.min_words = self.min_words.or(place.min_words);
        place.overlap = self.overlap.or(place.overlap);
        place.run = self.run.or(place.run);
        place.score = self.score.or(place.score);
    }
}

impl Phrases {
    /// The phrases beside the lists of a rule that they go to.
    fn beside<'m>(&self, matcher: &'m mut Match) -> [(&Vec<String>, &'m mut Vec<String>); 4] {
        [(&self.is, &mut matcher.is), (&self.starts, &mut matcher.starts), (&self.ends, &mut matcher.ends), (&self.has, &mut matcher.has)]
    }

    fn add_to(&self, matcher: &mut Match) -> bool {
        let how = matcher.fold;
        let mut changed = false;
        for (phrases, list) in self.beside(matcher) {
            for phrase in folded(phrases, how) {
                if !list.contains(&phrase) {
                    list.push(phrase);
                    changed = true;
                }
            }
        }
        changed
    }

    fn drop_from(&self, matcher: &mut Match) -> bool {
        let how = matcher.fold;
        let mut changed = false;
        for (phrases, list) in self.beside(matcher) {
            let phrases: Vec<String> = folded(phrases, how).collect();
            let before = list.len();
            list.retain(|phrase| !phrases.contains(phrase));
            changed |= list.len() < before;
        }
        changed
    }
}

fn folded(phrases: &[String], how: Fold) -> impl Iterator<Item = String> + '_ {
    phrases.iter().map(move |phrase| fold::phrase(phrase, how)).filter(|phrase| !phrase.is_empty())
}

impl Override {
    /// Whether nothing would be changed by it.
    pub(super) fn is_empty(&self) -> bool {
        self.status.is_none()
            && self.level.is_none()
            && self.priority.is_none()
            && self.place.is_none()
            && self.add == Phrases::default()
            && self.drop == Phrases::default()
    }

    /// Whether it aims at `rule`.
    pub(super) fn aims_at(&self, rule: &Rule) -> bool {
        match self.target.strip_suffix('*') {
            Some(prefix) => rule.id.as_str().starts_with(prefix),
            None => rule.id.as_str() == self.target || rule.was.contains(&self.target),
        }
    }

    /// Changes a rule.
    fn change(&self, rule: &mut Rule) -> Outcome {
        rule.status = self.status.unwrap_or(rule.status);
        rule.level = self.level.unwrap_or(rule.level);
        rule.priority = self.priority.unwrap_or(rule.priority);
        if let Some(place) = &self.place {
            place.apply(&mut rule.place);
        }
        let had_phrases = has_phrases(&rule.matcher);
        let dropped = self.drop.drop_from(&mut rule.matcher);
        let added = self.add.add_to(&mut rule.matcher);
        if dropped || added {
            rule.clues = None;
        }
        // A list that has become empty no longer holds a rule back, and would let it match anything.
        if dropped && is_emptied(had_phrases, has_phrases(&rule.matcher)) {
            rule.status = Status::Off;
        }
        Outcome { aimed: true, dropped }
    }
}

/// Which of `is`, `starts`, `ends`, `has` have phrases.
fn has_phrases(matcher: &Match) -> [bool; 4] {
    [&matcher.is, &matcher.starts, &matcher.ends, &matcher.has].map(|list| !list.is_empty())
}

fn is_emptied(before: [bool; 4], after: [bool; 4]) -> bool {
    before.into_iter().zip(after).any(|(before, after)| before && !after)
}

/// What came of an override.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Outcome {
    /// A rule has the name that it aims at.
    pub(super) aimed: bool,
    /// A phrase that it drops was there.
    pub(super) dropped: bool,
}

/// The documents that rules are wanted for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Documents<'l> {
    /// Those in every language.
    All,
    /// Those in one language.
    In(&'l str),
    /// Those whose language is not known.
    WithoutLanguage,
}

/// Applies overrides to rules and says what came of each, in the order given.
pub(super) fn apply(rules: &mut Vec<Rule>, overrides: &[Override], documents: Documents<'_>) -> Vec<Outcome> {
    let mut outcomes = vec![Outcome::default(); overrides.len()];
    let mut order: Vec<usize> = (0..overrides.len()).collect();
    order.sort_by_key(|&index| {
        let change = &overrides[index];
        (&change.target, &change.origin.file, change.origin.line)
    });
    for index in order {
        let change = &overrides[index];
        let scope = match in_language(change.scope.clone(), documents) {
            Holds::Never => continue,
            Holds::Always => None,
            Holds::In(scope) => Some(scope),
        };
        let outcome = &mut outcomes[index];
        let mut next = Vec::with_capacity(rules.len());
        for mut rule in rules.drain(..) {
            if !change.aims_at(&rule) {
                next.push(rule);
                continue;
            }
            if let Some(scope) = &scope {
                next.extend(outside(&rule, scope));
                let Some(inner) = inside(&rule.scope, scope) else { continue };
                rule.scope = inner;
            }
            let this = change.change(&mut rule);
            outcome.aimed |= this.aimed;
            outcome.dropped |= this.dropped;
            next.push(rule);
        }
        *rules = next;
    }
    outcomes
}

/// Where an override holds once the language is known.
enum Holds {
    Always,
    Never,
    In(Scope),
}

fn in_language(scope: Option<Scope>, documents: Documents<'_>) -> Holds {
    let Some(mut scope) = scope else { return Holds::Always };
    match documents {
        Documents::All => {}
        Documents::In(lang) if scope.lang.is_empty() || scope.lang.iter().any(|code| code == lang) => scope.lang.clear(),
        Documents::WithoutLanguage if scope.lang.is_empty() => {}
        Documents::In(_) | Documents::WithoutLanguage => return Holds::Never,
    }
    if scope.hosts.is_empty() && scope.not_hosts.is_empty() && scope.lang.is_empty() && scope.media.is_none() {
        return Holds::Always;
    }
    Holds::In(scope)
}

/// The part of a rule's scope that lies in `scope`.
fn inside(rule: &Scope, scope: &Scope) -> Option<Scope> {
    Some(Scope {
        hosts: common(&rule.hosts, &scope.hosts, |host, other| narrower(host, other).cloned())?,
        not_hosts: rule.not_hosts.iter().chain(&scope.not_hosts).cloned().collect(),
        lang: common(&rule.lang, &scope.lang, |code, other| (code == other).then(|| code.clone()))?,
        media: common_media(rule.media, scope.media)?,
        without_language: rule.without_language && scope.lang.is_empty(),
    })
}

/// What two lists, in which nothing means everything, have in common; `None` when that is nothing.
fn common<T: Clone>(one: &[T], other: &[T], meet: impl Fn(&T, &T) -> Option<T>) -> Option<Vec<T>> {
    if one.is_empty() || other.is_empty() {
        return Some(one.iter().chain(other).cloned().collect());
    }
    let both: Vec<T> = one.iter().flat_map(|a| other.iter().filter_map(|b| meet(a, b)).collect::<Vec<_>>()).collect();
    (!both.is_empty()).then_some(both)
}

fn narrower<'h>(one: &'h HostPattern, other: &'h HostPattern) -> Option<&'h HostPattern> {
    if one.covers(other) {
        Some(other)
    } else if other.covers(one) {
        Some(one)
    } else {
        None
    }
}

/// The medium that both mean; the outer `None` when they exclude each other.
#[expect(clippy::option_option, reason = "`None` inside means both media, as in `Scope`")]
fn common_media(one: Option<Media>, other: Option<Media>) -> Option<Option<Media>> {
    match (one, other) {
        (Some(one), Some(other)) => (one == other).then_some(Some(one)),
        (one, other) => Some(one.or(other)),
    }
}

/// The rule where `scope` does not hold: a copy for each way of lying outside, each inside of the ways before it.
fn outside(rule: &Rule, scope: &Scope) -> Vec<Rule> {
    let mut parts = Vec::new();
    let mut rest = rule.scope.clone();
    let mut part = |scope: Scope| parts.push(Rule { scope, ..rule.clone() });
    if !scope.hosts.is_empty() {
        let not_hosts = rest.not_hosts.iter().chain(&scope.hosts).cloned().collect();
        part(Scope { not_hosts, ..rest.clone() });
        let Some(hosts) = common(&rest.hosts, &scope.hosts, |host, other| narrower(host, other).cloned()) else { return parts };
        rest.hosts = hosts;
    }
    if !scope.not_hosts.is_empty() {
        if let Some(hosts) = common(&rest.hosts, &scope.not_hosts, |host, other| narrower(host, other).cloned()) {
            part(Scope { hosts, ..rest.clone() });
        }
        rest.not_hosts.extend_from_slice(&scope.not_hosts);
    }
    if let Some(media) = scope.media {
        let other = if media == Media::Text { Media::Html } else { Media::Text };
        if rest.media != Some(media) {
            part(Scope { media: Some(other), ..rest.clone() });
        }
        rest.media = Some(media);
    }
    if !scope.lang.is_empty() {
        let lang: Vec<String> = rest.lang.iter().filter(|code| !scope.lang.contains(code)).cloned().collect();
        // A rule for all languages has no list to take some from; it is kept as it is. Rules for one language never come here.
        if rest.lang.is_empty() || !lang.is_empty() {
            part(Scope { lang, ..rest });
        }
    }
    parts
}
