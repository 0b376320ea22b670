//! Does a rule match a block? Everything but its place in the document.
//!
//! The tests run from cheap to dear and stop at the first that fails; the failing key is what `explain --rule` shows.

use std::cell::OnceCell;

use super::compile::CompiledRule;
use super::facts::{Facts, Scratch};
use crate::document::Document;
use crate::rules::{Action, Edges, Fold, Media, Tag};
use crate::span::ByteSpan;
use crate::text::{fold, words};

/// A block as rules see it.
pub(crate) struct View<'a> {
    /// Its text in the source.
    pub(crate) text: &'a str,
    /// Where that stands.
    pub(crate) span: ByteSpan,
    /// Folded text.
    pub(crate) folded: &'a str,
    /// Folded text without outer punctuation.
    pub(crate) core: &'a str,
    /// What is known of it.
    pub(crate) facts: &'a Facts,
    /// Folded text with number signs.
    signed: OnceCell<Option<String>>,
}

impl<'a> View<'a> {
    /// Looks at one block.
    pub(crate) fn new(document: &Document<'a>, scratch: &'a Scratch, block: usize) -> Self {
        let span = document.blocks()[block].span;
        Self {
            text: span.of(document.source()),
            span,
            folded: scratch.folded(block),
            core: scratch.core(block),
            facts: &scratch.facts[block],
            signed: OnceCell::new(),
        }
    }

    /// Folded text with runs of digits as `#`, where it has digits.
    fn signed(&self) -> Option<&str> {
        self.signed.get_or_init(|| fold::with_number_signs(self.folded)).as_deref()
    }
}

/// What of a block a rule matched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Found {
    /// The matched part of the source: the block, or the span of a cut or of a tag without a block.
    pub(crate) span: ByteSpan,
    /// Named groups of the pattern.
    pub(crate) groups: Vec<(Tag, ByteSpan)>,
}

/// The key of a rule that does not hold, and what was found in its stead.
pub(crate) type Failed = (&'static str, String);

/// Tests a rule on a block, without its place.
pub(crate) fn matches(rule: &CompiledRule, view: &View<'_>, media: Media) -> Result<Found, Failed> {
    let wants = &rule.rule;
    let facts = view.facts;
    if wants.scope.media.is_some_and(|scope| scope != media) {
        return Err(("scope.media", media.to_string()));
    }
    if wants.place.max_words.is_some_and(|most| facts.words > most) {
        return Err(("where.max_words", format!("{} words", facts.words)));
    }
    if wants.place.min_words.is_some_and(|least| facts.words < least) {
        return Err(("where.min_words", format!("{} words", facts.words)));
    }
    if !facts.shapes.has_all(wants.matcher.shape) {
        return Err(("match.shape", "another shape".to_owned()));
    }
    if facts.shapes.has_any(wants.matcher.not_shape) {
        return Err(("match.not_shape", "one of these shapes".to_owned()));
    }
    if wants.matcher.css.is_some() {
        return Err(("match.css", "no element: plain text".to_owned()));
    }
    let phrases = Phrases { rule, view };
    phrases.hold()?;
    found(rule, view, &phrases)
}

/// What the rule matched, once all phrases hold; the pattern is tried last.
fn found(rule: &CompiledRule, view: &View<'_>, phrases: &Phrases<'_>) -> Result<Found, Failed> {
    let whole = Found { span: view.span, groups: Vec::new() };
    if rule.rule.matcher.regex.is_none() {
        if rule.rule.action == Action::Cut {
            return phrases.span().map(|span| Found { span, groups: Vec::new() }).ok_or(("match", "no span to cut".to_owned()));
        }
        return Ok(whole);
    }
    let captures = rule.regex().and_then(|regex| regex.captures(view.text)).ok_or_else(|| ("match.regex", "no match".to_owned()))?;
    let at = |range: std::ops::Range<usize>| ByteSpan::new(view.span.start + range.start, view.span.start + range.end);
    let groups = Tag::ALL.iter().filter_map(|&tag| captures.name(tag.as_str()).map(|group| (tag, at(group.range())))).filter(|(_, span)| !span.is_empty()).collect();
    let span = if rule.claims { view.span } else { at(captures.get(0).map_or(0..0, |all| all.range())) };
    Ok(Found { span, groups })
}

/// The phrases of a rule against a block.
struct Phrases<'a> {
    rule: &'a CompiledRule,
    view: &'a View<'a>,
}

impl Phrases<'_> {
    /// Whether all phrase keys hold.
    fn hold(&self) -> Result<(), Failed> {
        let matcher = &self.rule.rule.matcher;
        let missing = |key: &'static str| Err((key, "none of its phrases".to_owned()));
        if !matcher.is.is_empty() && !self.any(&matcher.is, Self::is) {
            return missing("match.is");
        }
        if !matcher.starts.is_empty() && !self.any(&matcher.starts, Self::starts) {
            return missing("match.starts");
        }
        if !matcher.ends.is_empty() && !self.any(&matcher.ends, Self::ends) {
            return missing("match.ends");
        }
        if !matcher.has.is_empty() && !self.any(&matcher.has, Self::has) {
            return missing("match.has");
        }
        if let Some(group) = matcher.all.iter().find(|group| !self.any(group, Self::has)) {
            return Err(("match.all", format!("none of {}", group.join(", "))));
        }
        if let Some(count) = &matcher.count {
            let found = count.of.iter().filter(|phrase| Self::has(self, phrase)).take(count.min).count();
            if found < count.min {
                return Err(("match.count", format!("{found} of its phrases")));
            }
        }
        match matcher.not.iter().find(|phrase| Self::has(self, phrase)) {
            Some(phrase) => Err(("match.not", format!("\"{phrase}\""))),
            None => Ok(()),
        }
    }

    fn any(&self, phrases: &[String], test: fn(&Self, &str) -> bool) -> bool {
        phrases.iter().any(|phrase| test(self, phrase))
    }

    /// The text that phrases are compared with, whole.
    fn text(&self, phrase: &str) -> Option<std::borrow::Cow<'_, str>> {
        use std::borrow::Cow;
        match self.rule.rule.matcher.fold {
            Fold::Full if phrase.contains('#') => self.view.signed().map(Cow::Borrowed),
            Fold::Full => Some(Cow::Borrowed(self.view.folded)),
            Fold::Case => Some(Cow::Owned(self.view.text.to_lowercase())),
            Fold::None => Some(Cow::Borrowed(self.view.text)),
        }
    }

    fn is(&self, phrase: &str) -> bool {
        if self.rule.rule.matcher.fold == Fold::Full && !phrase.contains('#') {
            return self.view.core == phrase;
        }
        self.text(phrase).is_some_and(|text| fold::core(&text) == phrase)
    }

    fn starts(&self, phrase: &str) -> bool {
        self.text(phrase).is_some_and(|text| {
            let core = fold::core(&text);
            core.starts_with(phrase) && self.edge(core, phrase.len(), phrase)
        })
    }

    fn ends(&self, phrase: &str) -> bool {
        self.text(phrase).is_some_and(|text| {
            let core = fold::core(&text);
            core.ends_with(phrase) && self.edge(core, core.len() - phrase.len(), phrase)
        })
    }

    fn has(&self, phrase: &str) -> bool {
        self.text(phrase).is_some_and(|text| self.position(&text, phrase).is_some())
    }

    /// First place in `text` where the phrase stands between edges.
    fn position(&self, text: &str, phrase: &str) -> Option<usize> {
        memchr::memmem::find_iter(text.as_bytes(), phrase.as_bytes()).find(|&at| self.edge(text, at, phrase) && self.edge(text, at + phrase.len(), phrase))
    }

    /// Whether a phrase may begin or end at this place of `text`.
    fn edge(&self, text: &str, at: usize, _phrase: &str) -> bool {
        if self.rule.rule.matcher.edges == Edges::Any {
            return true;
        }
        let before = text[..at].chars().next_back();
        let after = text[at..].chars().next();
        let joins = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() && !words::is_unspaced(c));
        !(joins(before) && joins(after))
    }

    /// Where in the source the phrase that matched stands, for cuts.
    fn span(&self) -> Option<ByteSpan> {
        let matcher = &self.rule.rule.matcher;
        let (folded, map) = fold::fold_with_map(self.view.text);
        let core = fold::core(&folded);
        let offset = folded.find(core)?;
        let place = |start: usize, end: usize| {
            // The end of the last character, not the start of the next one kept: dropped marks between belong to neither.
            let stop = (end..map.len()).map(|at| map[at]).next()?;
            Some(ByteSpan::new(self.view.span.start + map[start], self.view.span.start + stop))
        };
        let starts = matcher.starts.iter().find(|phrase| self.starts(phrase)).filter(|phrase| core.starts_with(phrase.as_str()));
        if let Some(phrase) = starts {
            let after = &folded[offset + phrase.len()..];
            let separators = after.len() - after.trim_start_matches([' ', ':', '|', '-', ',', '.']).len();
            return place(offset, offset + phrase.len() + separators);
        }
        let ends = matcher.ends.iter().find(|phrase| self.ends(phrase)).filter(|phrase| core.ends_with(phrase.as_str()));
        if let Some(phrase) = ends {
            let end = offset + core.len();
            return place(end - phrase.len(), end);
        }
        matcher.has.iter().find_map(|phrase| self.position(&folded, phrase).and_then(|at| place(at, at + phrase.len())))
    }
}
