//! Clues: what a text has for certain wherever a rule matches it, found out from the rule alone.
//!
//! A rule whose whole block, first or last words are given is looked up by these. Any other is looked for by *literals* of which one
//! stands in every match, such as `continues below` of a pattern around these words. To find them in a pattern takes longer than to use
//! them, so for built-in rules the build has done it, and they come with the [`packed`](super::packed) form.

use std::borrow::Cow;

use super::pattern::{self, required_signs};
use super::rule::{Edges, Fold, Rule};
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
    pub(crate) literals: Option<Vec<Literal>>,
    /// Signs that occur in the folded text because the pattern asks for them, as the bits of [`masks::signs`](crate::text::masks::signs).
    pub(crate) signs: u128,
}

/// A folded literal.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Literal {
    pub(crate) text: Cow<'static, str>,
    /// Whether no letter or digit stands right before or after it, of the scripts whose words have edges.
    pub(crate) is_edged: bool,
}

impl Literal {
    /// What an anchor says: one that begins and ends with a space or a sign stands between the edges of words.
    pub(super) fn of_anchor(anchor: &str) -> Self {
        let core = fold::core(anchor);
        let text = if core.is_empty() { anchor.trim() } else { core };
        Self { text: text.to_owned().into(), is_edged: !anchor.starts_with(is_of_word) && !anchor.ends_with(is_of_word) }
    }

    /// The longest part of a phrase between number signs, folded as documents are. `is_edged` says that the whole phrase has edges.
    fn of_phrase(phrase: &str, is_edged: bool) -> Self {
        let folded = fold::fold(phrase, Fold::Full);
        let pieces = folded.split('#');
        let (at, piece) = pieces.enumerate().max_by_key(|(_, piece)| piece.trim().len()).unwrap_or_default();
        let (is_first, is_last) = (at == 0, at == folded.matches('#').count());
        let is_edged = is_edged && (is_first || !piece.starts_with(is_of_word)) && (is_last || !piece.ends_with(is_of_word));
        Self { text: piece.trim().to_owned().into(), is_edged }
    }
}

fn is_of_word(c: char) -> bool {
    c.is_alphanumeric()
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
            Some(matcher.anchor.iter().map(|anchor| Literal::of_anchor(anchor)).collect())
        };
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

/// Of all groups of literals of which one must occur, the one whose shortest literal is longest. Literals without edges count half: to find
/// them takes a scan of its own.
fn best_literals(rule: &Rule) -> Option<Vec<Literal>> {
    let matcher = &rule.matcher;
    let is_edged = matcher.edges == Edges::Word && matcher.fold == Fold::Full;
    let from_phrases = lists(rule)
        .filter(|group| !group.is_empty())
        .map(|group| group.iter().map(|phrase| Literal::of_phrase(phrase, is_edged)).collect::<Vec<_>>());
    let shortest = |literals: &Vec<Literal>| {
        let value = |literal: &Literal| if literal.is_edged { literal.text.len() } else { literal.text.len() / 2 };
        literals.iter().map(value).min()
    };
    let best = from_phrases.max_by_key(shortest);
    if best.as_ref().and_then(shortest) >= Some(GOOD_LITERAL) {
        return best;
    }
    let from_regex = matcher.regex.as_deref().filter(|pattern| pattern.len() <= LARGE_PATTERN).and_then(pattern::literals);
    let from_regex = from_regex.map(|literals| literals.into_iter().map(|text| Literal { text: text.into(), is_edged: false }).collect());
    from_regex.into_iter().chain(best).max_by_key(shortest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn anchors_have_edges_where_they_end_in_signs_or_spaces() {
        let cases = [
            (" foto: ", "foto", true),
            ("(photo/", "photo", true),
            (" reklam", "reklam", false),
            ("foto: ", "foto", false),
            ("dpa)", "dpa", false),
            (" » ", "»", true),
            ("day, jan", "day, jan", false),
        ];
        for (anchor, text, is_edged) in cases {
            assert_eq!(Literal::of_anchor(anchor), Literal { text: text.into(), is_edged }, "{anchor:?}");
        }
    }

    #[test]
    fn parts_of_phrases_have_edges_but_beside_a_number() {
        let cases = [
            ("join # readers", "readers", true),
            ("#k followers", "k followers", false),
            ("# followers", "followers", true),
            ("page # of", "page", true),
            ("in#sight", "sight", false),
            ("sign up", "sign up", true),
        ];
        for (phrase, text, is_edged) in cases {
            assert_eq!(Literal::of_phrase(phrase, true), Literal { text: text.into(), is_edged }, "{phrase:?}");
            assert!(!Literal::of_phrase(phrase, false).is_edged);
        }
    }
}
