//! Does a rule match a block? Everything but its place in the document.
//!
//! The tests run from cheap to dear and stop at the first that fails; the failing key is what `explain --rule` shows.

use std::cell::{OnceCell, RefCell};

use memchr::memmem::Finder;

use super::compile::CompiledRule;
use super::facts::{Facts, Scratch};
use super::signature::{Groups, Signature};
use crate::document::Document;
use crate::rules::{Action, Edges, Fold, Media, Rule, Tag};
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
    /// What phrases it may have.
    signature: &'a Signature,
    /// For the patterns' searches.
    buffer: &'a RefCell<Vec<u8>>,
    document: &'a Document<'a>,
    block: usize,
}

impl<'a> View<'a> {
    /// Looks at one block.
    pub(crate) fn new(document: &'a Document<'a>, scratch: &'a Scratch, block: usize) -> Self {
        let span = document.blocks()[block].span;
        scratch.signature.next_block();
        Self {
            text: span.of(document.source()),
            span,
            folded: scratch.folded(block),
            core: scratch.core(block),
            facts: &scratch.facts[block],
            signed: OnceCell::new(),
            signature: &scratch.signature,
            buffer: &scratch.translated,
            document,
            block,
        }
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

/// Tests a rule on a block, without its place, and says which key fails.
pub(crate) fn explained(rule: &CompiledRule, view: &View<'_>, media: Media) -> Result<Found, Failed> {
    matches(rule, view, media, None).map_err(|key| {
        let found = match key {
            "scope.media" => media.to_string(),
            "where.max_words" | "where.min_words" => format!("{} words", view.facts.words),
            "match.shape" => "another shape".to_owned(),
            "match.not_shape" => "one of these shapes".to_owned(),
            "match.css" if media == Media::Text => "no element: plain text".to_owned(),
            "match.css" => "not in such an element".to_owned(),
            "match.regex" => "no match".to_owned(),
            "match" => "no span to cut".to_owned(),
            _ => Phrases::new(rule, view).instead(key),
        };
        (key, found)
    })
}

/// Tests a rule on a block, without its place; the first key that does not hold, if one does not. `known` is a key that is known to.
pub(crate) fn matches(rule: &CompiledRule, view: &View<'_>, media: Media, known: Option<&str>) -> Result<Found, &'static str> {
    let wants = &rule.rule;
    let facts = view.facts;
    if wants.scope.media.is_some_and(|scope| scope != media) {
        return Err("scope.media");
    }
    if wants.place.max_words.is_some_and(|most| facts.words > most) {
        return Err("where.max_words");
    }
    if wants.place.min_words.is_some_and(|least| facts.words < least) {
        return Err("where.min_words");
    }
    if !facts.shapes.has_all(wants.matcher.shape) {
        return Err("match.shape");
    }
    if facts.shapes.has_any(wants.matcher.not_shape) {
        return Err("match.not_shape");
    }
    if wants.matcher.css.as_ref().is_some_and(|css| !view.document.is_selected(view.block, css)) {
        return Err("match.css");
    }
    let phrases = Phrases::new(rule, view);
    phrases.hold(known)?;
    found(rule, view, &phrases)
}

/// What the rule matched, once all phrases hold; the pattern is tried last. Of a cut that names the group `cut` only that goes.
fn found(rule: &CompiledRule, view: &View<'_>, phrases: &Phrases<'_>) -> Result<Found, &'static str> {
    let whole = Found { span: view.span, groups: Vec::new() };
    if rule.rule.matcher.regex.is_none() {
        if rule.rule.action == Action::Cut {
            return phrases.span().map(|span| Found { span, groups: Vec::new() }).ok_or("match");
        }
        return Ok(whole);
    }
    let missing = "match.regex";
    if !rule.may_match(view.text, view.folded, view.facts.signs, view.signature) {
        return Err(missing);
    }
    let at = |range: std::ops::Range<usize>| ByteSpan::new(view.span.start + range.start, view.span.start + range.end);
    let (range, groups) = rule.search().and_then(|search| search.find(view.text, &mut view.buffer.borrow_mut())).ok_or(missing)?;
    let span = if rule.claims { view.span } else { at(range) };
    let groups = groups.into_iter().map(|(tag, range)| (tag, at(range))).filter(|(_, span)| !span.is_empty()).collect();
    Ok(Found { span, groups })
}

/// Whether folded text without outer punctuation begins with a phrase of a rule.
pub(super) fn begins(rule: &Rule, phrase: &str, core: &str) -> bool {
    core.starts_with(phrase) && is_edge(rule.matcher.edges, core, phrase.len())
}

/// Whether folded text without outer punctuation ends with a phrase of a rule.
pub(super) fn stops(rule: &Rule, phrase: &str, core: &str) -> bool {
    core.ends_with(phrase) && is_edge(rule.matcher.edges, core, core.len() - phrase.len())
}

/// Whether a phrase may begin or end at this place of `text`.
fn is_edge(edges: Edges, text: &str, at: usize) -> bool {
    if edges == Edges::Any {
        return true;
    }
    let before = text[..at].chars().next_back();
    let after = text[at..].chars().next();
    let joins = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() && !words::is_unspaced(c));
    !(joins(before) && joins(after))
}

/// Lists from this length are looked up, shorter ones tried phrase by phrase.
const LONG_LIST: usize = 12;

/// A long list of phrases, ready for look-ups.
pub(crate) struct Index {
    /// Places of the phrases, sorted by phrase.
    sorted: Vec<u32>,
    /// Lengths of the phrases in bytes, each once.
    lengths: Vec<usize>,
    /// Whether one of the phrases has a number sign.
    numbered: bool,
}

/// Whether a phrase has a number sign.
fn is_numbered(phrases: &[String]) -> bool {
    phrases.iter().any(|phrase| phrase.contains('#'))
}

impl Index {
    fn new(phrases: &[String]) -> Self {
        let mut sorted: Vec<u32> = (0..phrases.len() as u32).collect();
        sorted.sort_unstable_by_key(|&at| phrases[at as usize].as_str());
        let mut lengths: Vec<usize> = phrases.iter().map(String::len).collect();
        lengths.sort_unstable();
        lengths.dedup();
        Self { sorted, lengths, numbered: is_numbered(phrases) }
    }

    fn has(&self, phrases: &[String], text: &str) -> bool {
        self.sorted.binary_search_by_key(&text, |&at| phrases[at as usize].as_str()).is_ok()
    }
}

/// Look-ups for the long lists of a rule, made when first needed.
#[derive(Default)]
pub(crate) struct Indexes {
    is: once_cell::sync::OnceCell<Index>,
    starts: once_cell::sync::OnceCell<Index>,
    ends: once_cell::sync::OnceCell<Index>,
    /// The phrases of `has`, `not`, `count` and the lists of `all`, one list after the other.
    inside: once_cell::sync::OnceCell<[Sought; INSIDE]>,
}

/// What finds some phrases that may stand anywhere.
pub(crate) struct Sought {
    /// Close together in memory, since most are ruled out by them.
    groups: Vec<Groups>,
    /// Made when a phrase is first searched for: most never are, and some two hundred bytes each are more than all phrases take.
    finders: Vec<once_cell::sync::OnceCell<Box<Finder<'static>>>>,
}

impl Sought {
    pub(crate) fn new<'p>(phrases: impl Iterator<Item = &'p String>) -> Self {
        let groups: Vec<Groups> = phrases.map(|phrase| Groups::of(phrase)).collect();
        let finders = groups.iter().map(|_| once_cell::sync::OnceCell::new()).collect();
        Self { groups, finders }
    }

    /// What finds the phrase at a place, which is given.
    fn finder(&self, at: usize, phrase: &str) -> &Finder<'static> {
        self.finders[at].get_or_init(|| Box::new(Finder::new(phrase).into_owned()))
    }

    /// Whether a block has one of the phrases, which are given, with any edges.
    pub(crate) fn any_stands_in(&self, phrases: &[String], folded: &str, signature: &Signature) -> bool {
        let stands = |(at, phrase): (usize, &String)| {
            signature.may_have(self.groups[at], folded) && self.finder(at, phrase).find(folded.as_bytes()).is_some()
        };
        phrases.iter().enumerate().any(stands)
    }
}

/// Lists whose phrases stand anywhere: `has`, `not`, `count`, and all lists of `all` together.
const INSIDE: usize = 4;

/// A list whose phrases stand anywhere.
#[derive(Clone, Copy)]
enum List {
    Has,
    Not,
    Count,
    /// The one of `all` before whose phrases so many of other lists stand.
    All(usize),
}

/// The phrases of a rule against a block.
struct Phrases<'a> {
    rule: &'a CompiledRule,
    text: &'a str,
    span: ByteSpan,
    folded: &'a str,
    core: &'a str,
    signed: &'a OnceCell<Option<String>>,
    signature: &'a Signature,
}

impl<'a> Phrases<'a> {
    fn new(rule: &'a CompiledRule, view: &'a View<'_>) -> Self {
        Self {
            rule,
            text: view.text,
            span: view.span,
            folded: view.folded,
            core: view.core,
            signed: &view.signed,
            signature: view.signature,
        }
    }

    /// Whether all keys hold; else the first that does not.
    fn hold(&self, known: Option<&str>) -> Result<(), &'static str> {
        let matcher = &self.rule.rule.matcher;
        if !matcher.is.is_empty() && known != Some("match.is") && !self.any_is() {
            return Err("match.is");
        }
        if !matcher.starts.is_empty() && known != Some("match.starts") && !self.any_edge(&matcher.starts, &self.rule.indexes.starts, true) {
            return Err("match.starts");
        }
        if !matcher.ends.is_empty() && known != Some("match.ends") && !self.any_edge(&matcher.ends, &self.rule.indexes.ends, false) {
            return Err("match.ends");
        }
        if !matcher.has.is_empty() && !self.any_has(&matcher.has, List::Has) {
            return Err("match.has");
        }
        if !self.all_have() {
            return Err("match.all");
        }
        if let Some(count) = &matcher.count
            && self.occurring(&count.of, List::Count, count.min) < count.min
        {
            return Err("match.count");
        }
        if !matcher.not.is_empty() && self.any_has(&matcher.not, List::Not) { Err("match.not") } else { Ok(()) }
    }

    /// What was found in the stead of a key that does not hold.
    fn instead(&self, failed: &str) -> String {
        let matcher = &self.rule.rule.matcher;
        let found = match failed {
            "match.all" => matcher
                .all
                .iter()
                .find(|group| !group.iter().any(|phrase| self.has(phrase)))
                .map(|group| format!("none of {}", group.join(", "))),
            "match.count" => {
                matcher.count.as_ref().map(|count| format!("{} of its phrases", count.of.iter().filter(|phrase| self.has(phrase)).count()))
            }
            "match.not" => matcher.not.iter().find(|phrase| self.has(phrase)).map(|phrase| format!("\"{phrase}\"")),
            _ => None,
        };
        found.unwrap_or_else(|| "none of its phrases".to_owned())
    }

    /// Whether long lists may be looked up: they hold folded phrases, to be compared with folded text.
    fn is_long(&self, phrases: &[String]) -> bool {
        phrases.len() >= LONG_LIST && self.rule.rule.matcher.fold == Fold::Full
    }

    /// Folded text with number signs, where it has digits.
    fn signed(&self) -> Option<&str> {
        self.signed.get_or_init(|| fold::with_number_signs(self.folded)).as_deref()
    }

    /// The texts that phrases of a long list are compared with: folded, and with number signs where that has digits and the list
    /// such signs.
    fn texts(&self, numbered: bool) -> impl Iterator<Item = (&str, bool)> {
        let signed = std::iter::once_with(move || numbered.then(|| self.signed()).flatten()).flatten();
        std::iter::once((self.folded, false)).chain(signed.map(|signed| (signed, true)))
    }

    fn any_is(&self) -> bool {
        let phrases = &self.rule.rule.matcher.is;
        if !self.is_long(phrases) {
            return phrases.iter().any(|phrase| self.is(phrase));
        }
        let index = self.rule.indexes.is.get_or_init(|| Index::new(phrases));
        !self.core.contains('#') && index.has(phrases, self.core)
            || index.numbered && self.signed().map(fold::core).is_some_and(|core| core.contains('#') && index.has(phrases, core))
    }

    /// Whether the block begins, or ends, with one of the phrases.
    fn any_edge(&self, phrases: &[String], index: &once_cell::sync::OnceCell<Index>, start: bool) -> bool {
        if !self.is_long(phrases) {
            return phrases.iter().any(|phrase| if start { self.starts(phrase) } else { self.ends(phrase) });
        }
        let index = index.get_or_init(|| Index::new(phrases));
        self.texts(index.numbered).any(|(text, signed)| {
            let core = fold::core(text);
            index.lengths.iter().take_while(|&&length| length <= core.len()).any(|&length| {
                let border = if start { length } else { core.len() - length };
                if !core.is_char_boundary(border) {
                    return false;
                }
                let part = if start { &core[..border] } else { &core[border..] };
                // Phrases without a number sign are compared with the text as it is.
                part.contains('#') == signed && self.edge(core, border) && index.has(phrases, part)
            })
        })
    }

    /// How many of the phrases of a list occur, `most` at most.
    fn occurring(&self, phrases: &[String], list: List, most: usize) -> usize {
        let matcher = &self.rule.rule.matcher;
        if matcher.fold != Fold::Full {
            return phrases.iter().filter(|phrase| self.has(phrase)).take(most).count();
        }
        // The signature is that of the folded text.
        let lists = self.rule.indexes.inside.get_or_init(|| {
            let count = matcher.count.as_ref().map_or(&[][..], |count| &count.of);
            [
                Sought::new(matcher.has.iter()),
                Sought::new(matcher.not.iter()),
                Sought::new(count.iter()),
                Sought::new(matcher.all.iter().flatten()),
            ]
        });
        let (sought, first) = match list {
            List::Has => (&lists[0], 0),
            List::Not => (&lists[1], 0),
            List::Count => (&lists[2], 0),
            List::All(before) => (&lists[3], before),
        };
        let occurs = |&at: &usize| {
            self.signature.may_have(sought.groups[first + at], self.folded)
                && self.text(&phrases[at]).is_some_and(|text| self.position(&text, sought.finder(first + at, &phrases[at])).is_some())
        };
        (0..phrases.len()).filter(occurs).take(most).count()
    }

    /// Whether one of the phrases of a list occurs.
    fn any_has(&self, phrases: &[String], list: List) -> bool {
        self.occurring(phrases, list, 1) > 0
    }

    /// Whether of each list of `all` one phrase occurs.
    fn all_have(&self) -> bool {
        let mut before = 0;
        self.rule.rule.matcher.all.iter().all(|group| {
            let list = List::All(before);
            before += group.len();
            self.any_has(group, list)
        })
    }

    /// The text that phrases are compared with, whole.
    fn text(&self, phrase: &str) -> Option<std::borrow::Cow<'_, str>> {
        use std::borrow::Cow;
        match self.rule.rule.matcher.fold {
            Fold::Full if phrase.contains('#') => self.signed().map(Cow::Borrowed),
            Fold::Full => Some(Cow::Borrowed(self.folded)),
            Fold::Case => Some(Cow::Owned(self.text.to_lowercase())),
            Fold::None => Some(Cow::Borrowed(self.text)),
        }
    }

    fn is(&self, phrase: &str) -> bool {
        if self.rule.rule.matcher.fold == Fold::Full && !phrase.contains('#') {
            return self.core == phrase;
        }
        self.text(phrase).is_some_and(|text| fold::core(&text) == phrase)
    }

    fn starts(&self, phrase: &str) -> bool {
        self.text(phrase).is_some_and(|text| {
            let core = fold::core(&text);
            begins(&self.rule.rule, phrase, core)
        })
    }

    fn ends(&self, phrase: &str) -> bool {
        self.text(phrase).is_some_and(|text| {
            let core = fold::core(&text);
            stops(&self.rule.rule, phrase, core)
        })
    }

    fn has(&self, phrase: &str) -> bool {
        self.text(phrase).is_some_and(|text| self.position(&text, &Finder::new(phrase)).is_some())
    }

    /// First place in `text` where the phrase stands between edges.
    fn position(&self, text: &str, phrase: &Finder<'_>) -> Option<usize> {
        let length = phrase.needle().len();
        phrase.find_iter(text.as_bytes()).find(|&at| self.edge(text, at) && self.edge(text, at + length))
    }

    fn edge(&self, text: &str, at: usize) -> bool {
        is_edge(self.rule.rule.matcher.edges, text, at)
    }

    /// Where in the source the phrase that matched stands, for cuts.
    fn span(&self) -> Option<ByteSpan> {
        let matcher = &self.rule.rule.matcher;
        let (folded, map) = fold::fold_with_map(self.text);
        let core = fold::core(&folded);
        let offset = folded.find(core)?;
        let place = |start: usize, end: usize| {
            // The end of the last character, not the start of the next one kept: dropped marks between belong to neither.
            let stop = (end..map.len()).map(|at| map[at]).next()?;
            Some(ByteSpan::new(self.span.start + map[start], self.span.start + stop))
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
        matcher.has.iter().find_map(|phrase| self.position(&folded, &Finder::new(phrase)).and_then(|at| place(at, at + phrase.len())))
    }
}
