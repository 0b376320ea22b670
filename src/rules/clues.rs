//! Clues: what a text has for certain wherever a rule matches it, found out from the rule alone.
//!
//! A rule whose whole block, first or last words are given is looked up by these. Any other is looked for by *literals* of which one
//! stands in every match, such as `continues below` of a pattern around these words. To find them in a pattern takes longer than to use
//! them, so for built-in rules the build has done it, and they come with the [`packed`](super::packed) form.

use std::borrow::Cow;

use super::pattern::{self, required_signs};
use super::rule::{Fold, Rule};
use crate::text::fold;

/// Blocks above this many bytes are paragraphs: they are not compared with each other, nor with whole phrases.
pub(crate) const COMPARED_BYTES: usize = 400;

/// Literals of this length are rare enough; no longer ones are looked for in a pattern.
pub(crate) const GOOD_LITERAL: usize = 7;

/// Bytes of a pattern, lists put in, from which its literals are not looked for: that takes a millisecond, and they are too many.
const LARGE_PATTERN: usize = 1_500;

/// What a text has for certain wherever a rule matches.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Clues {
    /// Folded literals of which one occurs; `None` when there are none, and for rules that are looked up by a key of their own.
    pub(crate) literals: Option<Vec<Cow<'static, str>>>,
    /// Signs that occur in the folded text because the pattern asks for them, as the bits of [`masks::signs`](crate::text::masks::signs).
    pub(crate) signs: u128,
}

impl Clues {
    /// Finds out the clues of a rule.
    pub(crate) fn of(rule: &Rule) -> Self {
        let matcher = &rule.matcher;
        if entry(rule).is_some() || matcher.css.is_some() {
            return Self::default();
        }
        let literals = if matcher.anchor.is_empty() {
            best_literals(rule)
        } else {
            Some(matcher.anchor.iter().map(|text| fold::fold(text, Fold::Full)).collect())
        };
        let literals = literals.map(|literals| literals.into_iter().map(Cow::Owned).collect());
        Self { literals, signs: matcher.regex.as_deref().map_or(0, required_signs) }
    }
}

/// The key of a rule by which it is looked up, when that is one of `is`, `starts` and `ends`: candidates need not be tested for it.
pub(crate) fn entry(rule: &Rule) -> Option<&'static str> {
    let matcher = &rule.matcher;
    if !matcher.anchor.is_empty()
        || matcher.fold != Fold::Full
        || matcher.css.is_some()
        || !matcher.is.iter().all(|phrase| has_hash(phrase))
    {
        return None;
    }
    let keys = [("match.is", &matcher.is), ("match.starts", &matcher.starts), ("match.ends", &matcher.ends)];
    keys.into_iter().find(|(_, phrases)| !phrases.is_empty()).map(|(key, _)| key)
}

/// Whether blocks that are this phrase have a hash to be looked up. Those with digits may be longer than the phrase, and are looked up
/// while they are short enough for their digits to be known.
fn has_hash(phrase: &str) -> bool {
    phrase.len() <= if phrase.contains('#') { COMPARED_BYTES / 4 } else { COMPARED_BYTES }
}

/// The lists of phrases of a rule of which one must occur.
pub(crate) fn lists(rule: &Rule) -> impl Iterator<Item = &Vec<String>> {
    let matcher = &rule.matcher;
    let lists = [&matcher.is, &matcher.starts, &matcher.ends, &matcher.has];
    lists.into_iter().chain(&matcher.all).chain(matcher.count.iter().map(|count| &count.of))
}

/// Of all groups of literals of which one must occur, the one whose shortest literal is longest.
fn best_literals(rule: &Rule) -> Option<Vec<String>> {
    let matcher = &rule.matcher;
    let from_phrases =
        lists(rule).filter(|group| !group.is_empty()).map(|group| group.iter().map(|phrase| longest_piece(phrase)).collect::<Vec<_>>());
    let shortest = |literals: &Vec<String>| literals.iter().map(String::len).min();
    let best = from_phrases.max_by_key(shortest);
    if best.as_ref().and_then(shortest) >= Some(GOOD_LITERAL) {
        return best;
    }
    let from_regex = matcher.regex.as_deref().filter(|pattern| pattern.len() <= LARGE_PATTERN).and_then(pattern::literals);
    best.into_iter().chain(from_regex).max_by_key(shortest)
}

/// The longest part of a phrase between number signs, folded as documents are.
fn longest_piece(phrase: &str) -> String {
    let folded = fold::fold(phrase, Fold::Full);
    folded.split('#').map(str::trim).max_by_key(|piece| piece.len()).unwrap_or_default().to_owned()
}
