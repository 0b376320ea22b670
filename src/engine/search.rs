//! Searching for a pattern, over an [`Alphabet`] of its own where it has one.
//!
//! What searches long texts fastest, lazy automata in both directions, takes a millisecond or more to make, and of the patterns that
//! the texts of a run come upon most are searched for in a few lines. So the first texts of each are searched by backtracking, with bounds that
//! keep it linear: that needs no more than the pattern as a graph. It finds the same matches.

use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};

use once_cell::sync::OnceCell;
use regex_automata::nfa::thompson::NFA;
use regex_automata::nfa::thompson::backtrack::{BoundedBacktracker, Cache};
use regex_automata::util::captures::Captures;
use regex_automata::{Anchored, Input, meta};
use regex_syntax::hir::Hir;

use crate::rules::alphabet::{Alphabet, LARGE_GRAPH, Translation};
use crate::rules::packed::pattern::PackedPattern;
use crate::rules::pattern::{self, SIZE_LIMIT};
use crate::rules::{CUT_GROUP, Tag};

/// Bytes that a lazy automaton may keep of a pattern, for each thread.
const CACHE: usize = 1 << 20;

/// Bytes of text after which automata are made: by then backtracking has taken as long as that does.
const FIRST_BYTES: usize = 8 << 10;

/// Where a pattern matched, or what it names as the part to cut, and its named groups.
pub(super) type Matched = (Range<usize>, Vec<(Tag, Range<usize>)>);

/// A pattern, ready to be searched for.
pub(super) struct Search(Form);

enum Form {
    Translated(Box<Translated>),
    /// Over UTF-8: what tells too many kinds of characters apart, or asks for edges in two ways.
    Plain(regex::Regex),
}

impl Search {
    /// Prepares a pattern, which may be parsed already; `None` when it is malformed or too large.
    pub(super) fn new(text: &str, parsed: Option<Hir>) -> Option<Self> {
        let hir = parsed.or_else(|| regex_syntax::parse(text).ok())?;
        let translated = Translation::of(&hir).and_then(|translation| Translated::new(text, translation.graph()?, translation.alphabet));
        let form = translated.map(|translated| Form::Translated(Box::new(translated)));
        form.map(Self).or_else(|| Self::plain(text))
    }

    fn plain(text: &str) -> Option<Self> {
        pattern::compile(text).ok().map(Form::Plain).map(Self)
    }

    /// Prepares a built-in pattern; `None` when it is too large.
    pub(super) fn packed(text: &str, packed: &PackedPattern) -> Option<Self> {
        if !packed.is_translated() {
            return Self::plain(text);
        }
        let translated = Translated::new(text, packed.graph(), packed.alphabet())?;
        Some(Self(Form::Translated(Box::new(translated))))
    }

    /// The first match in a text, or the part of it that the pattern calls `cut`. `buffer` is used for the translation.
    pub(super) fn find(&self, text: &str, buffer: &mut Vec<u8>) -> Option<Matched> {
        match &self.0 {
            Form::Translated(translated) => translated.find(text, buffer),
            Form::Plain(regex) => {
                let first = regex.find(text)?;
                if regex.captures_len() == 1 {
                    return Some((first.range(), Vec::new()));
                }
                let captures = regex.captures_at(text, first.start())?;
                let group = |&tag: &Tag| captures.name(tag.as_str()).map(|group| (tag, group.range()));
                let span = captures.name(CUT_GROUP).map_or(first.range(), |cut| cut.range());
                Some((span, Tag::ALL.iter().filter_map(group).collect()))
            }
        }
    }
}

/// A pattern over its own alphabet.
struct Translated {
    alphabet: Alphabet,
    /// For the first texts.
    first: BoundedBacktracker,
    /// Bytes of the texts so far.
    searched: AtomicUsize,
    /// For all further texts.
    regex: OnceCell<meta::Regex>,
    /// The pattern, of which that is made.
    pattern: Box<str>,
}

impl Translated {
    /// Wraps the graph of a pattern; `None` when automata are needed at once, and are too large.
    fn new(pattern: &str, graph: NFA, alphabet: Alphabet) -> Option<Self> {
        let regex = if graph.memory_usage() > LARGE_GRAPH { OnceCell::with_value(automata(pattern)?) } else { OnceCell::new() };
        let first = BoundedBacktracker::new_from_nfa(graph).ok()?;
        Some(Self { alphabet, first, searched: AtomicUsize::new(0), regex, pattern: pattern.into() })
    }

    fn find(&self, text: &str, buffer: &mut Vec<u8>) -> Option<Matched> {
        self.alphabet.translate(text, buffer);
        let (whole, groups) = match self.regex.get() {
            None if self.is_among_first(buffer) => self.backtracked(buffer)?,
            _ => by_automata(self.automata(), buffer)?,
        };
        let place = |range| Places { text, at: 0, byte: 0 }.range(range);
        let Some(groups) = groups else { return Some((place(whole), Vec::new())) };
        let span = groups.get_group_by_name(CUT_GROUP).map_or(whole, |cut| cut.range());
        Some((place(span), named(&groups).map(|(tag, range)| (tag, place(range))).collect()))
    }

    /// Whether a text is one of the first, and short enough to be searched by backtracking.
    fn is_among_first(&self, text: &[u8]) -> bool {
        text.len() <= self.first.max_haystack_len() && self.searched.fetch_add(text.len(), Ordering::Relaxed) < FIRST_BYTES
    }

    fn backtracked(&self, text: &[u8]) -> Option<(Range<usize>, Option<Captures>)> {
        let groups = self.first.get_nfa().group_info();
        let has_groups = groups.all_group_len() > 1;
        let mut captures = if has_groups { Captures::all(groups.clone()) } else { Captures::matches(groups.clone()) };
        let searched = self.first.try_captures(&mut Cache::new(&self.first), text, &mut captures);
        searched.expect("the text is short enough");
        Some((captures.get_match()?.range(), has_groups.then_some(captures)))
    }

    fn automata(&self) -> &meta::Regex {
        self.regex.get_or_init(|| automata(&self.pattern).expect("its graph is far below the limit"))
    }
}

/// The automata of a pattern over its alphabet; `None` when they are too large.
fn automata(pattern: &str) -> Option<meta::Regex> {
    let Translation { hir, .. } = Translation::of(&regex_syntax::parse(pattern).ok()?)?;
    let config = meta::Config::new().utf8_empty(false).nfa_size_limit(Some(SIZE_LIMIT)).hybrid_cache_capacity(CACHE);
    meta::Builder::new().configure(config).build_from_hir(&hir).ok()
}

/// The first match, and its groups where the pattern has some.
fn by_automata(regex: &meta::Regex, text: &[u8]) -> Option<(Range<usize>, Option<Captures>)> {
    let first = regex.find(Input::new(text))?;
    // Groups cost several times what a match does, and most candidates have none.
    let groups = (regex.captures_len() > 1).then(|| {
        let mut captures = regex.create_captures();
        regex.captures(Input::new(text).range(first.range()).anchored(Anchored::Yes), &mut captures);
        captures
    });
    Some((first.range(), groups))
}

/// Groups that bear the name of a tag and took part in the match.
fn named(captures: &Captures) -> impl Iterator<Item = (Tag, Range<usize>)> {
    Tag::ALL.iter().filter_map(|&tag| captures.get_group_by_name(tag.as_str()).map(|span| (tag, span.range())))
}

/// Leads from characters, counted, to bytes.
struct Places<'t> {
    text: &'t str,
    /// A character and its place, from which later ones are counted.
    at: usize,
    byte: usize,
}

impl Places<'_> {
    fn range(&mut self, range: Range<usize>) -> Range<usize> {
        self.byte(range.start)..self.byte(range.end)
    }

    fn byte(&mut self, at: usize) -> usize {
        let rest = &self.text[self.byte..];
        self.byte += rest.char_indices().nth(at - self.at).map_or(rest.len(), |(byte, _)| byte);
        self.at = at;
        self.byte
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is found in a text that is among the first, and in one that is not. The searches are of one pattern, the second never
    /// used for a first text.
    fn both([first, later]: &[Search; 2], text: &str, buffer: &mut Vec<u8>) -> [Option<Matched>; 2] {
        let searched = |search: &Search, bytes: usize| {
            if let Form::Translated(own) = &search.0 {
                own.searched.store(bytes, Ordering::Relaxed);
            }
        };
        searched(first, 0);
        searched(later, FIRST_BYTES);
        [first.find(text, buffer), later.find(text, buffer)]
    }

    fn searches(pattern: &str) -> [Search; 2] {
        [0, 1].map(|_| Search::new(pattern, None).expect("the pattern is well formed"))
    }

    /// What the library finds in UTF-8.
    fn plain(pattern: &str, text: &str) -> Option<Matched> {
        Search(Form::Plain(regex::Regex::new(pattern).expect("the pattern is well formed"))).find(text, &mut Vec::new())
    }

    #[test]
    fn patterns_match_as_they_do_in_utf8() {
        let patterns = [
            r"\b\w+\b",
            r"(?i)straße",
            r"(?i)k",
            r"\p{Lu}\w+ (?P<byline>\p{Lu}[\w'’.-]+)",
            r"^\s*(?P<dateline>[^,\n]+), ",
            r"(?m)^\w+$",
            r"(?-u:\b)\w+",
            r"\B.",
            r"[^a-z]+?é",
            r"(?P<credit>AFP|dpa)?/?$",
            r"\w\. (?P<cut>(?P<credit>\p{Lu}\w+)!?) ",
            r"月\d+日",
            r"(?s).{2,5}ж",
            r"",
            r"x*",
            r"(?mR)^.$",
            r"\b{start}[a-zé]+\b{end}",
            r"(?x) [[:upper:]]{2,} \s - ",
            r"[\u{1F300}-\u{1FAFF}]",
            r"(?-u:[a-f])+",
            r"$",
            r"\b",
            "(?P<caption>.*?)\\s*[\u{2013}-] (?P<credit>[^.]+)",
        ];
        let texts = [
            "",
            "a",
            "é",
            "Straße und STRASSE",
            "\u{212a}elvin k",
            "Éa Jane O’Neill said",
            "LONDON, a b",
            "one\ntwo é\r\nthree",
            "x AFP/dpa",
            "7月12日、橋",
            "щука жук",
            "naïve café a-b_c",
            "NEW - x",
            "😀 rocket 🚀",
            "aéb\u{301}c",
            "a caption \u{2013} Jane Doe/AFP. More",
            "\u{2028}x\u{85}y",
            "ﬁn ǅ ß ẞ",
            "xxxy",
        ];
        for pattern in patterns {
            let searches = searches(pattern);
            assert!(matches!(searches[0].0, Form::Translated(_)), "{pattern}");
            for text in texts {
                let expected = plain(pattern, text);
                assert_eq!(both(&searches, text, &mut Vec::new()), [expected.clone(), expected], "{pattern} in {text:?}");
            }
        }
    }

    #[test]
    fn what_cannot_be_translated_runs_as_it_is() {
        let many: String = (0x4e00..0x4e80).filter_map(char::from_u32).collect();
        for pattern in [format!(r"\b{many}"), r"\b(?-u:\b)x".to_owned()] {
            assert!(matches!(Search::new(&pattern, None), Some(Search(Form::Plain(_)))), "{pattern}");
        }
        assert!(Search::new(&many, None).is_some_and(|search| matches!(search.0, Form::Translated(_))));
        assert!(Search::new("(", None).is_none());
    }

    #[test]
    fn automata_are_made_once_much_text_was_searched() {
        let search = Search::new(r"\w+ said", None).expect("the pattern is well formed");
        let Form::Translated(own) = &search.0 else { panic!("it can be translated") };
        let line = "x ".repeat(FIRST_BYTES / 4);
        for made in [false, false, true] {
            assert_eq!(search.find(&(line.clone() + "he said"), &mut Vec::new()), Some((line.len()..line.len() + 7, Vec::new())));
            assert_eq!(own.regex.get().is_some(), made);
        }
        let long = "x ".repeat(1 << 20);
        assert_eq!(
            searches(r"\w+ said")[0].find(&(long.clone() + "he said"), &mut Vec::new()),
            Some((long.len()..long.len() + 7, Vec::new()))
        );
    }

    #[test]
    fn the_packs_patterns_match_as_they_do_in_utf8() {
        let set = crate::rules::RuleSet::builder().keep_tests(true).build().expect("nothing is read from disk");
        let rules = set.all().expect("the packs are right");
        let texts: Vec<&str> = rules
            .iter()
            .flat_map(|rule| rule.tests.hit.iter().chain(&rule.tests.miss).take(2))
            .flat_map(|test| test.text.lines())
            .collect();
        let mut buffer = Vec::new();
        for (at, rule) in rules.iter().enumerate() {
            let Some(pattern) = rule.matcher.regex.as_deref() else { continue };
            let searches = searches(pattern);
            let plain = Search(Form::Plain(pattern::compile(pattern).expect("it compiles")));
            let own = rule.tests.hit.iter().chain(&rule.tests.miss).flat_map(|test| test.text.lines());
            for text in own.chain(texts.iter().skip(at % 29).step_by(29).copied()) {
                let expected = plain.find(text, &mut Vec::new());
                assert_eq!(both(&searches, text, &mut buffer), [expected.clone(), expected], "{} in {text:?}", rule.id);
            }
        }
    }
}
