//! The packed form of a built-in file: its rules as the build has read them.
//!
//! Reading TOML, folding phrases and looking for the literals of patterns is most of what a first text would wait for, and comes out
//! the same each time. So the build does it once (`pack`, a part of the build script alone), and the binary carries what came out beside
//! the text. Tests and comments are left out; who wants those reads the text.
//!
//! The form is text too. A number is written in digits of six bits, lowest first, each a character below 128, of which all but the last
//! have bit 6 set. A string is its length and itself, a list its length and its items, and what may be missing begins with 0 or 1. So the
//! form needs no check but that of the compiler, which takes nothing but UTF-8 for a text, and strings are slices of it.
//!
//! ```text
//! 300  =  4 * 64 + 44  =  "l\u{4}"            44 | 64, then 4
//! ["ad", "más"]  =  "\u{2}\u{2}ad\u{4}más"
//! ```

pub(crate) mod pattern;

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use super::clues::{Clues, Literal};
use super::lists::List;
use super::raw::{MediaScope, Vocabulary};
use super::rule::{Category, Count, Match, Origin, Rule, RuleId, Run, Scope, Section, Shape, Shapes, Tag, Target, Tests, Where};
use super::source::RuleFile;

use pattern::PackedPattern;

/// The rules of a file from its packed form.
pub(super) fn rules(file: &RuleFile, packed: &'static str) -> Vec<Rule> {
    let mut reader = Reader::new(packed);
    reader.text(); // The lists: they are in the rules too.
    let pack: Arc<str> = reader.text().into();
    reader.list(|reader| reader.rule(file, &pack))
}

/// The lists of a file from its packed form, with their names.
pub(super) fn lists(file: &RuleFile, packed: &'static str) -> Vec<(&'static str, List)> {
    let mut reader = Reader::new(Reader::new(packed).text());
    reader.list(|reader| (reader.text(), List::new(file.clone(), reader.span(), reader.list(|reader| (reader.owned(), reader.span())))))
}

/// A packed form, read up to a place.
struct Reader {
    packed: &'static str,
    at: usize,
}

impl Reader {
    fn new(packed: &'static str) -> Self {
        Self { packed, at: 0 }
    }

    fn number(&mut self) -> u64 {
        let (mut value, mut shift) = (0, 0);
        loop {
            let digit = self.packed.as_bytes()[self.at];
            self.at += 1;
            value |= u64::from(digit & 63) << shift;
            shift += 6;
            if digit & 64 == 0 {
                return value;
            }
        }
    }

    fn short(&mut self) -> u32 {
        self.number() as u32
    }

    fn length(&mut self) -> usize {
        self.number() as usize
    }

    fn flag(&mut self) -> bool {
        self.number() == 1
    }

    fn text(&mut self) -> &'static str {
        let end = self.length() + self.at;
        let text = &self.packed[self.at..end];
        self.at = end;
        text
    }

    fn owned(&mut self) -> String {
        self.text().to_owned()
    }

    fn span(&mut self) -> Range<usize> {
        let start = self.length();
        start..start + self.length()
    }

    /// A set of signs, each as the character of its bit.
    fn signs(&mut self) -> u128 {
        self.text().bytes().fold(0, |set, sign| set | 1 << sign)
    }

    fn optional<T>(&mut self, read: impl FnOnce(&mut Self) -> T) -> Option<T> {
        self.flag().then(|| read(self))
    }

    fn list<T>(&mut self, mut read: impl FnMut(&mut Self) -> T) -> Vec<T> {
        (0..self.length()).map(|_| read(self)).collect()
    }

    fn texts(&mut self) -> Vec<String> {
        self.list(Self::owned)
    }

    fn word<T: Vocabulary>(&mut self) -> T {
        T::all()[self.length()]
    }

    fn rule(&mut self, file: &RuleFile, pack: &Arc<str>) -> Rule {
        Rule {
            id: RuleId::new(self.text()),
            was: self.texts(),
            category: self.word(),
            about: self.owned(),
            because: self.optional(Self::owned),
            since: self.optional(Self::owned),
            status: self.word(),
            action: self.word(),
            tag: self.optional(Self::word),
            scope: self.scope(),
            matcher: self.matcher(),
            place: self.place(),
            section: self.optional(|reader| Section { max_blocks: reader.length(), max_words: reader.short() }),
            level: self.word(),
            priority: i32::from_le_bytes(self.short().to_le_bytes()),
            tests: Tests::default(),
            layer: self.word(),
            pack: Arc::clone(pack),
            origin: Origin { file: file.shared_name(), line: self.short() },
            clues: Some(self.clues()),
            pattern: self.optional(Self::pattern),
        }
    }

    fn scope(&mut self) -> Scope {
        let host = |reader: &mut Self| reader.text().parse().expect("a pattern for hosts prints as it is written");
        Scope {
            hosts: self.list(host),
            not_hosts: self.list(host),
            lang: self.texts(),
            media: self.word::<MediaScope>().0,
            without_language: self.flag(),
        }
    }

    fn matcher(&mut self) -> Match {
        Match {
            is: self.texts(),
            starts: self.texts(),
            ends: self.texts(),
            has: self.texts(),
            all: self.list(Self::texts),
            not: self.texts(),
            count: self.optional(|reader| Count { min: reader.length(), of: reader.texts() }),
            regex: self.optional(Self::owned),
            css: self.optional(Self::owned),
            shape: self.shapes(),
            not_shape: self.shapes(),
            fold: self.word(),
            edges: self.word(),
            anchor: self.texts(),
        }
    }

    fn shapes(&mut self) -> Shapes {
        self.list(Self::word::<Shape>).into_iter().collect()
    }

    fn place(&mut self) -> Where {
        Where {
            zone: self.word(),
            max_words: self.optional(Self::short),
            min_words: self.optional(Self::short),
            before: self.list(Self::target),
            after: self.list(Self::target),
            same_paragraph: self.flag(),
            overlap: self.optional(Self::share),
            run: self.optional(|reader| Run { min: reader.length(), max_words: reader.short() }),
            score: self.optional(Self::share),
        }
    }

    fn target(&mut self) -> Target {
        if self.flag() {
            return Target::Prose;
        }
        if self.flag() { Target::Tag(self.word::<Tag>()) } else { Target::Category(self.word::<Category>()) }
    }

    fn share(&mut self) -> f32 {
        f32::from_bits(self.short())
    }

    fn pattern(&mut self) -> PackedPattern {
        PackedPattern { signs: self.text(), demands: self.text(), alphabet: self.text(), graph: self.text() }
    }

    fn clues(&mut self) -> Clues {
        let literal = |reader: &mut Self| Literal { text: Cow::Borrowed(reader.text()), is_edged: reader.flag() };
        Clues { literals: self.optional(|reader| reader.list(literal)), signs: self.signs() }
    }
}
