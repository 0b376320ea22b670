//! Writes the [packed form](super::packed) of built-in files: a part of the build script alone.

mod pattern;

use std::ops::Range;

use pattern::Patterns;

use super::clues::Clues;
use super::diagnostics::Diagnostic;
use super::host::HostPattern;
use super::lists::Lists;
use super::parse::{self, ParseOptions};
use super::raw::{self, MediaScope, RawFile, RawList, Vocabulary};
use super::rule::{Match, Rule, Scope, Shape, Shapes, Target, Where};
use super::source::RuleFile;

/// What goes into the binary.
pub(crate) struct Packs {
    /// The packed form of each file. `None` of those with errors, which are told of when rules are read, and of those with overrides.
    pub(crate) files: Vec<Option<String>>,
    /// The kinds of characters that their patterns tell apart.
    pub(crate) atoms: String,
}

/// Packs files, given by name and text.
pub(crate) fn packs(files: &[(String, String)]) -> Packs {
    let files: Vec<RuleFile> = files.iter().map(|(name, text)| RuleFile::builtin(name, text.clone().leak(), None)).collect();
    let mut errors = Vec::new();
    let mut lists = Lists::above(None);
    let raws: Vec<Option<RawFile<'_>>> = files.iter().map(|file| without_errors(|errors| raw::read(file, errors))).collect();
    raws.iter().flatten().for_each(|raw| lists.add_file(raw, &mut errors));
    lists.check(&mut errors);
    let rules: Vec<Option<Vec<Rule>>> = raws.iter().map(|raw| rules(raw.as_ref().filter(|_| errors.is_empty())?, &lists)).collect();
    let patterns = Patterns::of(rules.iter().flatten().flatten());
    let pack = |(raw, rules): (Option<RawFile<'_>>, Option<Vec<Rule>>)| Some(file(&raw?, &rules?, &patterns));
    Packs { files: raws.into_iter().zip(rules).map(pack).collect(), atoms: patterns.packed_atoms() }
}

/// What comes of reading when nothing is wrong.
fn without_errors<T>(read: impl FnOnce(&mut Vec<Diagnostic>) -> Option<T>) -> Option<T> {
    let mut errors = Vec::new();
    read(&mut errors).filter(|_| errors.is_empty())
}

/// The rules of a file that has no overrides.
fn rules(raw: &RawFile<'_>, lists: &Lists) -> Option<Vec<Rule>> {
    let options = ParseOptions { keep_tests: false, check_regex: false };
    let parsed = without_errors(|errors| Some(parse::parse(raw, lists, options, errors)))?;
    parsed.overrides.is_empty().then(|| parsed.rules.into_iter().flatten().collect())
}

fn file(raw: &RawFile<'_>, rules: &[Rule], patterns: &Patterns) -> String {
    let mut lists = Writer::default();
    lists.list(&raw.lists, Writer::raw_list);
    let mut writer = Writer::default();
    writer.text(&lists.packed);
    writer.text(raw.pack.id.as_str());
    writer.list(rules, |writer, rule| writer.rule(rule, patterns));
    writer.packed
}

#[derive(Default)]
struct Writer {
    packed: String,
}

impl Writer {
    fn number(&mut self, mut value: u64) {
        while value >= 64 {
            self.packed.push(char::from((value & 63) as u8 | 64));
            value >>= 6;
        }
        self.packed.push(char::from(value as u8));
    }

    fn short(&mut self, value: u32) {
        self.number(value.into());
    }

    fn length(&mut self, value: usize) {
        self.number(value as u64);
    }

    fn flag(&mut self, value: bool) {
        self.number(value.into());
    }

    fn text(&mut self, text: &str) {
        self.length(text.len());
        self.packed.push_str(text);
    }

    fn span(&mut self, span: &Range<usize>) {
        self.length(span.start);
        self.length(span.len());
    }

    fn signs(&mut self, set: u128) {
        let signs: String = (0..128u8).filter(|sign| set >> sign & 1 == 1).map(char::from).collect();
        self.text(&signs);
    }

    fn optional<T>(&mut self, value: Option<T>, write: impl FnOnce(&mut Self, T)) {
        self.flag(value.is_some());
        if let Some(value) = value {
            write(self, value);
        }
    }

    fn list<T>(&mut self, items: &[T], write: impl Fn(&mut Self, &T)) {
        self.length(items.len());
        for item in items {
            write(self, item);
        }
    }

    fn texts<S: AsRef<str>>(&mut self, texts: &[S]) {
        self.list(texts, |writer, text| writer.text(text.as_ref()));
    }

    fn word<T: Vocabulary>(&mut self, word: T) {
        self.length(T::all().iter().position(|known| known.word() == word.word()).expect("a vocabulary has all its words"));
    }

    fn raw_list(&mut self, list: &RawList<'_>) {
        self.text(&list.name);
        self.span(&list.span);
        self.list(&list.entries, |writer, entry| {
            writer.text(entry.as_str());
            writer.span(&entry.span());
        });
    }

    fn rule(&mut self, rule: &Rule, patterns: &Patterns) {
        self.text(rule.id.as_str());
        self.texts(&rule.was);
        self.word(rule.category);
        self.text(&rule.about);
        self.optional(rule.because.as_deref(), Self::text);
        self.optional(rule.since.as_deref(), Self::text);
        self.word(rule.status);
        self.word(rule.action);
        self.optional(rule.tag, Self::word);
        self.scope(&rule.scope);
        self.matcher(&rule.matcher);
        self.place(&rule.place);
        self.optional(rule.section, |writer, section| {
            writer.length(section.max_blocks);
            writer.short(section.max_words);
        });
        self.word(rule.level);
        self.short(u32::from_le_bytes(rule.priority.to_le_bytes()));
        self.word(rule.layer);
        self.short(rule.origin.line);
        self.clues(&Clues::of(rule));
        self.optional(rule.matcher.regex.as_deref(), |writer, regex| patterns.write(regex, writer));
    }

    fn scope(&mut self, scope: &Scope) {
        let host = |writer: &mut Self, host: &HostPattern| writer.text(&host.to_string());
        self.list(&scope.hosts, host);
        self.list(&scope.not_hosts, host);
        self.texts(&scope.lang);
        self.word(MediaScope(scope.media));
        self.flag(scope.without_language);
    }

    fn matcher(&mut self, matcher: &Match) {
        for phrases in [&matcher.is, &matcher.starts, &matcher.ends, &matcher.has] {
            self.texts(phrases);
        }
        self.list(&matcher.all, |writer, phrases| writer.texts(phrases));
        self.texts(&matcher.not);
        self.optional(matcher.count.as_ref(), |writer, count| {
            writer.length(count.min);
            writer.texts(&count.of);
        });
        self.optional(matcher.regex.as_deref(), Self::text);
        self.optional(matcher.css.as_deref(), Self::text);
        self.shapes(matcher.shape);
        self.shapes(matcher.not_shape);
        self.word(matcher.fold);
        self.word(matcher.edges);
        self.texts(&matcher.anchor);
    }

    fn shapes(&mut self, shapes: Shapes) {
        let all: Vec<Shape> = Shape::ALL.iter().copied().filter(|&shape| shapes.has(shape)).collect();
        self.list(&all, |writer, &shape| writer.word(shape));
    }

    fn place(&mut self, place: &Where) {
        self.word(place.zone);
        self.optional(place.max_words, Self::short);
        self.optional(place.min_words, Self::short);
        self.list(&place.before, |writer, target| writer.target(*target));
        self.list(&place.after, |writer, target| writer.target(*target));
        self.flag(place.same_paragraph);
        self.optional(place.overlap, Self::share);
        self.optional(place.run, |writer, run| {
            writer.length(run.min);
            writer.short(run.max_words);
        });
        self.optional(place.score, Self::share);
    }

    fn target(&mut self, target: Target) {
        self.flag(target == Target::Prose);
        match target {
            Target::Prose => {}
            Target::Category(category) => {
                self.flag(false);
                self.word(category);
            }
            Target::Tag(tag) => {
                self.flag(true);
                self.word(tag);
            }
        }
    }

    fn share(&mut self, share: f32) {
        self.short(share.to_bits());
    }

    fn clues(&mut self, clues: &Clues) {
        self.optional(clues.literals.as_deref(), |writer, literals| {
            writer.list(literals, |writer, literal| {
                writer.text(&literal.text);
                writer.flag(literal.is_edged);
            });
        });
        self.signs(clues.signs);
    }
}
