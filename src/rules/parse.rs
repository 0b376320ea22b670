//! From the written shape to rules: words become types, phrases are folded, lists and scopes are filled in.
//!
//! Everything that is wrong is reported with its place, so that one run shows all errors of a file.

use std::ops::Range;
use std::sync::Arc;

use super::diagnostics::{Code, Diagnostic};
use super::host::HostPattern;
use super::language::canonical_language;
use super::lists::{self, Lists};
use super::overrides::{Override, Phrases, WhereChange};
use super::pattern;
use super::raw::{
    Number, PROSE_WORD, RawCount, RawFile, RawMatch, RawOverride, RawPhrases, RawRule, RawRun, RawScope, RawSection, RawTests, RawWhere,
    Share, TargetWord, Text, Vocabulary, Word, target_words,
};
use super::rule::{
    Action, CUT_GROUP, Category, Count, Edges, Fold, Layer, Level, Match, Media, Origin, Rule, RuleId, RuleTest, Run, Scope, Section,
    Shapes, Status, Tag, Target, Tests, Where, Zone,
};
use super::source::{Lines, RuleFile};
use super::suggest::{nearest, one_of};
use crate::html::selector;
use crate::text::fold;

/// How much of a rule file is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ParseOptions {
    /// Whether rules keep their tests. Engines have no use for them.
    pub keep_tests: bool,
    /// Whether regular expressions are compiled to see that they do. Built-in packs are checked by their tests.
    pub check_regex: bool,
}

impl Default for ParseOptions {
    fn default() -> Self {
        Self { keep_tests: false, check_regex: true }
    }
}

/// What `[pack]` says, checked.
struct Pack {
    id: Arc<str>,
    layer: Layer,
    lang: Vec<String>,
    hosts: Vec<HostPattern>,
    without_language: bool,
}

/// What a file holds.
pub(super) struct ParsedFile {
    /// A rule for each of the raw file's, `None` where it has errors.
    pub(super) rules: Vec<Option<Rule>>,
    /// Its overrides that have no errors.
    pub(super) overrides: Vec<Override>,
}

/// Reads the rules and overrides of a file.
pub(super) fn parse(raw: &RawFile<'_>, lists: &Lists, options: ParseOptions, errors: &mut Vec<Diagnostic>) -> ParsedFile {
    let mut parser = Parser { file: raw.file, lists, options, errors, lines: Lines::new(raw.file.text()) };
    let pack = parser.pack(raw);
    let rules = raw.rules.iter().map(|(span, rule)| parser.rule(&pack, span, rule)).collect();
    let overrides = raw.overrides.iter().filter_map(|(span, change)| parser.change(span, change)).collect();
    ParsedFile { rules, overrides }
}

struct Parser<'p> {
    file: &'p RuleFile,
    lists: &'p Lists,
    options: ParseOptions,
    errors: &'p mut Vec<Diagnostic>,
    lines: Lines<'p>,
}

impl Parser<'_> {
    fn error(&mut self, code: Code, span: Range<usize>, message: impl Into<String>) {
        self.errors.push(Diagnostic::error(code, self.file, span, message));
    }

    fn error_help(&mut self, code: Code, span: Range<usize>, message: impl Into<String>, help: impl Into<String>) {
        self.errors.push(Diagnostic::error(code, self.file, span, message).help(help));
    }

    fn pack(&mut self, raw: &RawFile<'_>) -> Pack {
        let pack = &raw.pack;
        if !is_id(pack.id.as_str()) {
            let message = format!("`{}` is no name for a pack", pack.id.as_str());
            self.error_help(Code::BadId, pack.id.span(), message, "use lower-case letters, digits and `_`, parts joined by dots");
        }
        let layer = pack.layer.as_ref().and_then(|layer| self.word(layer));
        Pack {
            id: pack.id.as_str().into(),
            layer: layer.unwrap_or(if raw.file.is_builtin() { Layer::Core } else { Layer::User }),
            lang: self.languages(pack.lang.as_deref()),
            hosts: self.hosts(pack.hosts.as_deref()),
            without_language: pack.without_language.unwrap_or(false),
        }
    }

    fn rule(&mut self, pack: &Pack, span: &Range<usize>, raw: &RawRule<'_>) -> Option<Rule> {
        let errors = self.errors.len();
        self.check_id(pack, &raw.id);
        let category: Option<Category> = self.word(&raw.category);
        let action: Option<Action> = self.word(&raw.action);
        let tag = raw.tag.as_ref().and_then(|tag| self.word(tag));
        let status = self.word_or(raw.status.as_ref(), Status::Stable);
        let level = self.word_or(raw.level.as_ref(), Level::Sure);
        let scope = self.scope(pack, raw.scope.as_ref());
        let matcher = raw.r#match.as_ref().map(|raw| self.matcher(raw)).unwrap_or_default();
        if self.errors.len() == errors {
            self.check_empty(raw, &matcher);
        }
        let place = raw.r#where.as_ref().map(|raw| self.place(raw)).unwrap_or_default();
        let section = raw.section.as_ref().map(|raw| self.section(raw));
        self.check_score(raw, action, &scope, section.is_some());
        if let Some(action) = action {
            self.check_tag(raw, action, &matcher);
        }
        let priority = self.priority(raw);
        let rule = Rule {
            id: RuleId::new(raw.id.as_str()),
            was: self.former_ids(raw),
            category: category?,
            about: raw.about.as_str().to_owned(),
            because: raw.because.as_ref().map(|text| text.as_str().to_owned()),
            since: raw.since.as_ref().map(|text| text.as_str().to_owned()),
            status,
            action: action?,
            tag,
            scope,
            matcher,
            place,
            section,
            level,
            priority,
            tests: self.tests(raw.test.as_ref()),
            layer: pack.layer,
            pack: Arc::clone(&pack.id),
            origin: self.origin(span),
            clues: None,
            pattern: None,
        };
        (self.errors.len() == errors).then_some(rule)
    }

    fn origin(&mut self, span: &Range<usize>) -> Origin {
        Origin { file: self.file.shared_name(), line: self.lines.line(span.start) }
    }

    fn check_id(&mut self, pack: &Pack, id: &Text<'_>) {
        let name = id.as_str();
        if !is_id(name) {
            let message = format!("`{name}` is no name for a rule");
            self.error_help(Code::BadId, id.span(), message, "use lower-case letters, digits and `_`, parts joined by dots");
        } else if !name.strip_prefix(&*pack.id).is_some_and(|rest| rest.starts_with('.')) {
            let message = format!("the name of a rule begins with its pack, `{}.`", pack.id);
            self.error(Code::BadId, id.span(), message);
        }
    }

    fn former_ids(&mut self, raw: &RawRule<'_>) -> Vec<String> {
        let mut names = Vec::new();
        for name in raw.was.iter().flatten() {
            if !is_id(name.as_str()) {
                self.error(Code::BadId, name.span(), format!("`{}` is no name for a rule", name.as_str()));
            }
            names.push(name.as_str().to_owned());
        }
        names
    }

    fn priority(&mut self, raw: &RawRule<'_>) -> i32 {
        let Some(Number(number)) = &raw.priority else { return 0 };
        if raw.because.is_none() {
            self.error_help(Code::MissingKey, number.span(), "`priority` needs `because`", "say which conflict the priority decides");
        }
        self.signed(number)
    }

    fn signed(&mut self, number: &toml::Spanned<i64>) -> i32 {
        i32::try_from(*number.get_ref()).unwrap_or_else(|_| {
            self.error(Code::BadValue, number.span(), "this number is too large");
            0
        })
    }

    /// A key without phrases would hold nothing back, though it reads as if it did.
    fn check_empty(&mut self, raw: &RawRule<'_>, matcher: &Match) {
        let Some(written) = &raw.r#match else { return };
        let keys = [
            ("is", written.is.is_some(), matcher.is.is_empty()),
            ("starts", written.starts.is_some(), matcher.starts.is_empty()),
            ("ends", written.ends.is_some(), matcher.ends.is_empty()),
            ("has", written.has.is_some(), matcher.has.is_empty()),
            ("all", written.all.is_some(), matcher.all.is_empty() || matcher.all.iter().any(Vec::is_empty)),
            ("not", written.not.is_some(), matcher.not.is_empty()),
            ("shape", written.shape.is_some(), matcher.shape.is_empty()),
            ("anchor", written.anchor.is_some(), matcher.anchor.is_empty()),
        ];
        for (key, _, _) in keys.into_iter().filter(|&(_, given, empty)| given && empty) {
            self.error(Code::BadValue, raw.id.span(), format!("`match.{key}` of this rule is empty"));
        }
    }

    /// The line score was trained on lines of text, and is asked once other rules are through.
    fn check_score(&mut self, raw: &RawRule<'_>, action: Option<Action>, scope: &Scope, has_section: bool) {
        let Some(Share(least)) = raw.r#where.as_ref().and_then(|raw| raw.score.as_ref()) else { return };
        if scope.media != Some(Media::Text) {
            self.error(Code::BadValue, least.span(), "`where.score` needs `scope.media = \"text\"`");
        }
        if has_section || action.is_some_and(|action| action != Action::Remove) {
            self.error(Code::BadValue, least.span(), "`where.score` is for rules with `action = \"remove\"` and no section");
        }
    }

    fn check_tag(&mut self, raw: &RawRule<'_>, action: Action, matcher: &Match) {
        let groups = matcher.regex.as_deref().map(pattern::named_groups).unwrap_or_default();
        if action != Action::Cut && groups.contains(&CUT_GROUP) {
            let message = format!("the action `{action}` has no use for the group `{CUT_GROUP}`");
            self.error_help(Code::UnusedTag, raw.action.text.span(), message, "write `action = \"cut\"`, or name no group");
        }
        let named = !groups.is_empty();
        match (&raw.tag, action) {
            (None, Action::Tag) if !named => {
                let message = "the action `tag` needs a `tag`, or a regular expression with named groups";
                self.error_help(Code::UnusedTag, raw.action.text.span(), message, format!("`tag` is {}", words::<Tag>()));
            }
            (Some(tag), Action::Remove | Action::Cut | Action::Protect) => {
                let help = "write `action = \"tag\"`, or drop the tag";
                self.error_help(Code::UnusedTag, tag.text.span(), format!("the action `{action}` takes no tag"), help);
            }
            _ => {}
        }
    }

    /// The value of a word; reports words that are not known.
    fn word<T: Vocabulary>(&mut self, word: &Word<'_, T>) -> Option<T> {
        let written = word.text.as_str();
        let found = T::all().iter().copied().find(|known| known.word() == written);
        if found.is_none() {
            let known = T::all().iter().map(|known| known.word());
            self.unknown_word(&word.text, T::WHAT, known);
        }
        found
    }

    fn word_or<T: Vocabulary>(&mut self, word: Option<&Word<'_, T>>, default: T) -> T {
        word.and_then(|word| self.word(word)).unwrap_or(default)
    }

    fn unknown_word<'w>(&mut self, text: &Text<'_>, what: &str, known: impl Iterator<Item = &'w str> + Clone) {
        let message = format!("unknown {what} `{}`", text.as_str());
        let error = Diagnostic::error(Code::UnknownWord, self.file, text.span(), message);
        self.errors.push(match nearest(text.as_str(), known.clone()) {
            Some(word) => error.suggest(Some(word)),
            None => error.help(format!("it is one of {}", one_of(known))),
        });
    }

    fn languages(&mut self, texts: Option<&[Text<'_>]>) -> Vec<String> {
        let mut languages = Vec::new();
        for text in texts.unwrap_or_default() {
            let code = text.as_str();
            if !(2..=3).contains(&code.len()) || !code.bytes().all(|byte| byte.is_ascii_lowercase()) {
                let message = format!("`{code}` is no language code");
                self.error_help(Code::BadValue, text.span(), message, "use the two letters of ISO 639-1, such as `en`");
            }
            languages.push(canonical_language(code));
        }
        languages.sort_unstable();
        languages.dedup();
        languages
    }

    fn hosts(&mut self, texts: Option<&[Text<'_>]>) -> Vec<HostPattern> {
        let mut hosts = Vec::new();
        for text in texts.unwrap_or_default() {
            match text.as_str().parse::<HostPattern>() {
                Ok(host) => hosts.push(host),
                Err(error) => self.error(Code::BadHost, text.span(), error.to_string()),
            }
        }
        hosts.sort_unstable();
        hosts.dedup();
        hosts
    }

    /// The scope of a rule; what it leaves open, the pack says.
    fn scope(&mut self, pack: &Pack, raw: Option<&RawScope<'_>>) -> Scope {
        let written = self.written_scope(raw);
        let lang = if raw.is_some_and(|raw| raw.lang.is_some()) { written.lang } else { pack.lang.clone() };
        let hosts = if raw.is_some_and(|raw| raw.hosts.is_some()) { written.hosts } else { pack.hosts.clone() };
        let without_language = pack.without_language || lang.is_empty();
        Scope { hosts, not_hosts: written.not_hosts, lang, media: written.media, without_language }
    }

    /// The scope as written, without the pack's.
    fn written_scope(&mut self, raw: Option<&RawScope<'_>>) -> Scope {
        let Some(raw) = raw else { return Scope::default() };
        Scope {
            hosts: self.hosts(raw.hosts.as_deref()),
            not_hosts: self.hosts(raw.not_hosts.as_deref()),
            lang: self.languages(raw.lang.as_deref()),
            media: raw.media.as_ref().and_then(|media| self.word(media)).and_then(|media| media.0),
            without_language: false,
        }
    }

    fn matcher(&mut self, raw: &RawMatch<'_>) -> Match {
        let fold = self.word_or(raw.fold.as_ref(), Fold::Full);
        let all = raw.all.as_ref().map(|groups| groups.iter().map(|group| self.inner_phrases(Some(group), fold)).collect());
        Match {
            is: self.phrases(raw.is.as_deref(), fold),
            starts: self.phrases(raw.starts.as_deref(), fold),
            ends: self.phrases(raw.ends.as_deref(), fold),
            has: self.inner_phrases(raw.has.as_deref(), fold),
            all: all.unwrap_or_default(),
            not: self.inner_phrases(raw.not.as_deref(), fold),
            count: raw.count.as_ref().map(|count| self.count(count, fold)),
            regex: raw.regex.as_ref().map(|regex| self.regex(regex)),
            css: raw.css.as_ref().map(|css| self.css(css)),
            shape: self.shapes(raw.shape.as_deref()),
            not_shape: self.shapes(raw.not_shape.as_deref()),
            fold,
            edges: self.word_or(raw.edges.as_ref(), Edges::Word),
            anchor: self.anchors(raw.anchor.as_deref()),
        }
    }

    /// Phrases for the inside of a block: as [`phrases`](Self::phrases), but one that is all punctuation (`?`, `|`) stands for itself.
    fn inner_phrases(&mut self, texts: Option<&[Text<'_>]>, how: Fold) -> Vec<String> {
        self.folded(texts, how, |text| {
            let phrase = fold::phrase(text, how);
            if phrase.is_empty() { fold::fold(text.trim(), how).trim().to_owned() } else { phrase }
        })
    }

    /// Anchors, with the spaces and signs at their ends.
    fn anchors(&mut self, texts: Option<&[Text<'_>]>) -> Vec<String> {
        self.folded(texts, Fold::Full, |text| Some(fold::fold(text, Fold::Full)).filter(|text| !text.trim().is_empty()).unwrap_or_default())
    }

    /// The phrases of a list of phrases, folded, without outer punctuation, with lists put in.
    fn phrases(&mut self, texts: Option<&[Text<'_>]>, how: Fold) -> Vec<String> {
        self.folded(texts, how, |text| fold::phrase(text, how))
    }

    /// The texts of a list, folded, with lists put in.
    fn folded(&mut self, texts: Option<&[Text<'_>]>, how: Fold, fold: impl Fn(&str) -> String) -> Vec<String> {
        let Some(texts) = texts else { return Vec::new() };
        let mut phrases = Vec::with_capacity(texts.len());
        for text in texts {
            if let Some(name) = lists::reference(text.as_str()) {
                self.list(name, text, how, &mut phrases);
                continue;
            }
            let phrase = fold(text.as_str());
            if phrase.is_empty() {
                self.errors.push(lists::empty_phrase(self.file, text.span()));
            } else {
                phrases.push(phrase);
            }
        }
        phrases
    }

    fn list(&mut self, name: &str, text: &Text<'_>, how: Fold, phrases: &mut Vec<String>) {
        let lists = self.lists;
        let known = if how == Fold::Full {
            lists.folded(name).map(|list| phrases.extend_from_slice(list))
        } else {
            lists.written(name).map(|list| {
                phrases.extend(list.into_iter().map(|phrase| fold::phrase(phrase, how)).filter(|phrase| !phrase.is_empty()));
            })
        };
        if known.is_none() {
            self.errors.push(lists::undefined(lists, self.file, text.span(), name));
        }
    }

    fn count(&mut self, raw: &RawCount<'_>, how: Fold) -> Count {
        let min = self.number(&raw.min, 1) as usize;
        let mut of = self.inner_phrases(Some(&raw.of), how);
        of.sort_unstable();
        of.dedup();
        if of.len() < min {
            let message = format!("there are only {} different phrases", of.len());
            self.error(Code::BadValue, raw.min.0.span(), message);
        }
        Count { min, of }
    }

    fn regex(&mut self, raw: &Text<'_>) -> String {
        let written = raw.as_str();
        if written.len() > pattern::LENGTH_LIMIT {
            let message = format!("a regular expression of {} bytes; {} are allowed", written.len(), pattern::LENGTH_LIMIT);
            self.error_help(Code::BadRegex, raw.span(), message, "move its alternatives into phrases or lists, or split the rule");
        }
        let expanded = pattern::expand(written, self.lists);
        for (name, range) in &expanded.undefined {
            let place = self.place_in(raw, range.clone());
            self.errors.push(lists::undefined(self.lists, self.file, place, name));
        }
        if self.options.check_regex && expanded.undefined.is_empty() {
            self.check_regex(raw, &expanded);
        }
        expanded.pattern
    }

    fn check_regex(&mut self, raw: &Text<'_>, expanded: &pattern::Expanded) {
        if let Some((range, message)) = pattern::syntax_error(&expanded.pattern) {
            let start = expanded.written(range.start);
            let end = expanded.written(range.end).max(start);
            let place = self.place_in(raw, start..end);
            self.error(Code::BadRegex, place, format!("malformed regular expression: {message}"));
            return;
        }
        match pattern::compile(&expanded.pattern) {
            Ok(regex) => {
                for name in regex.capture_names().flatten().filter(|name| Tag::from_word(name).is_none() && *name != CUT_GROUP) {
                    let start = raw.as_str().find(&format!("<{name}>")).map_or(0, |at| at + 1);
                    let place = self.place_in(raw, start..start + name.len());
                    let error = Diagnostic::error(Code::UnknownWord, self.file, place, format!("no tag is called `{name}`"));
                    let known = Tag::ALL.iter().map(|tag| tag.as_str());
                    self.errors.push(match nearest(name, known) {
                        Some(word) => error.suggest(Some(word)),
                        None => error.help(format!("named groups become fields: {}", words::<Tag>())),
                    });
                }
            }
            Err(regex::Error::CompiledTooBig(limit)) => {
                let message = format!("this regular expression compiles to more than {} MB", limit >> 20);
                let help = "`\\w` and `\\p{L}` under a counted repetition take the most room";
                self.error_help(Code::BadRegex, raw.span(), message, help);
            }
            Err(error) => self.error(Code::BadRegex, raw.span(), error.to_string()),
        }
    }

    /// The place in the file of a part of a string. Strings with escapes are marked as a whole.
    fn place_in(&self, text: &Text<'_>, part: Range<usize>) -> Range<usize> {
        let span = text.span();
        match self.file.text().get(span.clone()).and_then(|written| written.find(text.as_str())) {
            Some(offset) => span.start + offset + part.start..span.start + offset + part.end,
            None => span,
        }
    }

    fn css(&mut self, raw: &Text<'_>) -> String {
        let selector = raw.as_str().trim();
        if let Err(error) = selector::check(selector) {
            let start = raw.as_str().len() - raw.as_str().trim_start().len() + error.at;
            let length = raw.as_str()[start..].chars().next().map_or(0, char::len_utf8);
            let place = if selector.is_empty() { raw.span() } else { self.place_in(raw, start..start + length) };
            self.error(Code::BadSelector, place, error.message);
        }
        selector.to_owned()
    }

    fn shapes(&mut self, raw: Option<&[Word<'_, super::rule::Shape>]>) -> Shapes {
        raw.unwrap_or_default().iter().filter_map(|word| self.word(word)).collect()
    }

    fn place(&mut self, raw: &RawWhere<'_>) -> Where {
        let mut place = Where::default();
        self.where_change(raw).apply(&mut place);
        self.check_relation(raw, &place);
        place
    }

    /// The keys of `where` that are written.
    fn where_change(&mut self, raw: &RawWhere<'_>) -> WhereChange {
        WhereChange {
            zone: raw.zone.as_ref().map(|zone| self.word_or(Some(zone), Zone::Any)),
            max_words: raw.max_words.as_ref().map(|number| self.number(number, 1)),
            min_words: raw.min_words.as_ref().map(|number| self.number(number, 0)),
            before: raw.before.as_ref().map(|words| self.targets(words)),
            after: raw.after.as_ref().map(|words| self.targets(words)),
            same_paragraph: raw.same_paragraph.as_ref().map(|flag| *flag.0.get_ref()),
            overlap: raw.overlap.as_ref().map(|share| self.share(share)),
            run: raw.run.as_ref().map(|run| self.run(run)),
            score: raw.score.as_ref().map(|share| self.share(share)),
        }
    }

    fn check_relation(&mut self, raw: &RawWhere<'_>, place: &Where) {
        if !place.before.is_empty() || !place.after.is_empty() {
            return;
        }
        let flag = raw.same_paragraph.as_ref().map(|flag| ("same_paragraph", flag.0.span()));
        let share = raw.overlap.as_ref().map(|share| ("overlap", share.0.span()));
        for (key, span) in flag.into_iter().chain(share) {
            self.error(Code::BadValue, span, format!("`where.{key}` needs `where.before` or `where.after`"));
        }
    }

    /// Categories and tags; a word that is both means both.
    fn targets(&mut self, words: &[TargetWord<'_>]) -> Vec<Target> {
        let mut targets = Vec::new();
        for TargetWord(text) in words {
            let category = Category::from_word(text.as_str()).map(Target::Category);
            let tag = Tag::from_word(text.as_str()).map(Target::Tag);
            let prose = (text.as_str() == PROSE_WORD).then_some(Target::Prose);
            if category.is_none() && tag.is_none() && prose.is_none() {
                self.unknown_word(text, "category or tag", target_words().into_iter());
            }
            targets.extend(category.into_iter().chain(tag).chain(prose));
        }
        targets
    }

    fn run(&mut self, raw: &RawRun) -> Run {
        Run { min: self.number(&raw.min, 1) as usize, max_words: self.number(&raw.max_words, 1) }
    }

    fn section(&mut self, raw: &RawSection) -> Section {
        Section { max_blocks: self.number(&raw.max_blocks, 1) as usize, max_words: self.number(&raw.max_words, 1) }
    }

    fn number(&mut self, Number(number): &Number, least: u32) -> u32 {
        match u32::try_from(*number.get_ref()) {
            Ok(value) if value >= least => value,
            _ => {
                let message = format!("expected a whole number from {least} to {}", u32::MAX);
                self.error(Code::BadValue, number.span(), message);
                least
            }
        }
    }

    fn share(&mut self, Share(share): &Share) -> f32 {
        if !(0.0..=1.0).contains(share.get_ref()) {
            self.error(Code::BadValue, share.span(), "a share lies between 0 and 1");
        }
        *share.get_ref() as f32
    }

    fn tests(&mut self, raw: Option<&RawTests<'_>>) -> Tests {
        match raw {
            Some(raw) if self.options.keep_tests => Tests {
                hit: self.samples(raw.hit.as_deref()),
                miss: self.samples(raw.miss.as_deref()),
                gap: self.samples(raw.gap.as_deref()),
            },
            _ => Tests::default(),
        }
    }

    fn samples(&mut self, raw: Option<&[Text<'_>]>) -> Vec<RuleTest> {
        let texts = raw.unwrap_or_default().iter();
        texts
            .map(|text| RuleTest { text: text.as_str().to_owned(), line: self.lines.line(text.span().start), span: text.span().into() })
            .collect()
    }

    fn change(&mut self, span: &Range<usize>, raw: &RawOverride<'_>) -> Option<Override> {
        let errors = self.errors.len();
        let target = raw.rule.as_str();
        if !is_id(target.strip_suffix(".*").unwrap_or(target)) {
            let message = format!("`{target}` is neither the name of a rule nor a prefix that ends in `.*`");
            self.error(Code::BadId, raw.rule.span(), message);
        }
        let change = raw.r#match.as_ref();
        let made = Override {
            target: target.to_owned(),
            scope: raw.scope.as_ref().map(|scope| self.written_scope(Some(scope))),
            status: raw.status.as_ref().and_then(|word| self.word(word)),
            level: raw.level.as_ref().and_then(|word| self.word(word)),
            priority: raw.priority.as_ref().map(|number| self.signed(&number.0)),
            place: raw.r#where.as_ref().map(|raw| self.where_change(raw)),
            add: self.change_phrases(change.and_then(|change| change.add.as_ref())),
            drop: self.change_phrases(change.and_then(|change| change.drop.as_ref())),
            origin: self.origin(span),
            file: self.file.clone(),
            span: raw.rule.span(),
        };
        if made.is_empty() {
            let message = "this override changes nothing";
            self.error_help(Code::DeadOverride, raw.rule.span(), message, "give a `status`, `level`, `priority`, `where` or `match`");
        }
        (self.errors.len() == errors).then_some(made)
    }

    fn change_phrases(&mut self, raw: Option<&RawPhrases<'_>>) -> Phrases {
        let Some(raw) = raw else { return Phrases::default() };
        Phrases {
            is: self.written_phrases(raw.is.as_deref()),
            starts: self.written_phrases(raw.starts.as_deref()),
            ends: self.written_phrases(raw.ends.as_deref()),
            has: self.written_phrases(raw.has.as_deref()),
        }
    }

    /// Phrases as written, with lists put in; the rule that they go to says how they are folded.
    fn written_phrases(&mut self, texts: Option<&[Text<'_>]>) -> Vec<String> {
        let mut phrases = Vec::new();
        for text in texts.unwrap_or_default() {
            match lists::reference(text.as_str()) {
                Some(name) => match self.lists.written(name) {
                    Some(list) => phrases.extend(list.into_iter().map(str::to_owned)),
                    None => self.errors.push(lists::undefined(self.lists, self.file, text.span(), name)),
                },
                None if fold::phrase(text.as_str(), Fold::Full).is_empty() => {
                    self.errors.push(lists::empty_phrase(self.file, text.span()));
                }
                None => phrases.push(text.as_str().to_owned()),
            }
        }
        phrases
    }
}

/// Whether `name` can name a rule or a pack: parts of lower-case letters, digits, `_` and `-`, joined by dots.
fn is_id(name: &str) -> bool {
    name.split('.').all(|part| {
        !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'_' | b'-'))
    })
}

/// All words of a vocabulary in a sentence.
fn words<T: Vocabulary>() -> String {
    one_of(T::all().iter().map(|word| word.word()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::{HostPattern, RuleSet, RulesError, Shape};

    /// A file with one rule, whose other keys are given.
    fn file(keys: &str) -> String {
        format!(
            "format = 1\n[pack]\nid = 'my'\nlang = ['en']\nhosts = ['example.com']\n[lists]\nmonths = ['May', '@short']\n\
             short = ['Jan.', 'dec']\n\n[[rule]]\nid = 'my.rule'\ncategory = 'other'\nabout = 'x'\n{keys}\n"
        )
    }

    fn only(rules: Result<Vec<Rule>, RulesError>) -> Rule {
        rules.unwrap_or_else(|error| panic!("{error}")).remove(0)
    }

    fn rule(keys: &str) -> Rule {
        only(RuleSet::builder().builtin(false).keep_tests(true).add_text("my.toml", &file(keys)).build_for(Some("en")))
    }

    fn messages(keys: &str) -> String {
        let rules = RuleSet::builder().builtin(false).add_text("my.toml", &file(keys)).build_for(Some("en"));
        rules.map_or_else(|error| error.to_string(), |_| String::new())
    }

    #[test]
    fn what_is_left_out_has_a_default() {
        let rule = rule("action = 'remove'\nmatch.is = ['one']");
        assert_eq!((rule.level, rule.status, rule.layer, rule.priority), (Level::Sure, Status::Stable, Layer::User, 0));
        assert_eq!((rule.matcher.fold, rule.matcher.edges, rule.place.zone), (Fold::Full, Edges::Word, Zone::Any));
        assert_eq!((rule.scope.lang.as_slice(), rule.scope.media), (&["en".to_owned()][..], None));
        assert!(!rule.scope.without_language && rule.section.is_none() && rule.place.max_words.is_none());
        assert_eq!(rule.scope.hosts[0].to_string(), "example.com");
        assert_eq!((rule.origin.line, rule.origin.file.to_str()), (10, Some("my.toml")));
    }

    #[test]
    fn phrases_are_folded_and_lists_put_in() {
        let cases: [(&str, &[&str]); 5] = [
            ("match.is = ['“Follow US”…', '12 Comments', 'Page # of #']", &["follow us", "12 comments", "page # of #"]),
            ("match.is = ['one', '@months']", &["one", "may", "jan", "dec"]),
            ("match.is = ['“Follow US”', '@months']\nmatch.fold = 'none'", &["Follow US", "May", "Jan", "dec"]),
            ("match.is = ['“Follow’s US”']\nmatch.fold = 'case'", &["follow’s us"]),
            ("match.is = ['@ home', 'a@b']", &["@ home", "a@b"]),
        ];
        for (keys, expected) in cases {
            assert_eq!(rule(&format!("action = 'remove'\n{keys}")).matcher.is, expected, "{keys}");
        }
    }

    #[test]
    fn punctuation_alone_stands_for_itself_inside_a_block() {
        let matcher = rule("action = 'remove'\nmatch.all = [['?', 'Photo:'], ['|']]\nmatch.not = ['…']").matcher;
        assert_eq!(matcher.all, [vec!["?", "photo"], vec!["|"]]);
        assert_eq!(matcher.not, ["..."]);
    }

    #[test]
    fn phrases_of_every_key_arrive() {
        let matcher = rule(
            "action = 'remove'\nmatch.starts = ['a']\nmatch.ends = ['b']\nmatch.has = ['c']\nmatch.all = [['d'], ['e', 'f']]\n\
             match.not = ['g']\nmatch.count = { min = 2, of = ['x', 'X', 'y'] }\nmatch.anchor = ['By']",
        )
        .matcher;
        assert_eq!([matcher.starts, matcher.ends, matcher.has, matcher.not], [["a"], ["b"], ["c"], ["g"]]);
        assert_eq!(matcher.all, [vec!["d"], vec!["e", "f"]]);
        assert_eq!(matcher.count.map(|count| (count.min, count.of)), Some((2, vec!["x".to_owned(), "y".to_owned()])));
        assert_eq!(matcher.anchor, ["by"]);
    }

    #[test]
    fn other_keys_of_match_arrive() {
        let matcher = rule(
            "action = 'remove'\nmatch.regex = '(?i)by {{short}}'\nmatch.css = ' .byline '\nmatch.shape = ['open', 'title']\n\
             match.not_shape = ['long']\nmatch.edges = 'any'",
        )
        .matcher;
        assert_eq!((matcher.regex.as_deref(), matcher.css.as_deref()), (Some(r"(?i)by (?:Jan\.|dec)"), Some(".byline")));
        assert!(matcher.shape.has(Shape::Open) && matcher.shape.has(Shape::Title) && !matcher.shape.has(Shape::Long));
        assert!(matcher.not_shape.has(Shape::Long));
        assert_eq!(matcher.edges, Edges::Any);
    }

    #[test]
    fn what_a_rule_is_arrives() {
        let rule = rule(
            "action = 'tag'\ntag = 'byline'\nwas = ['my.old']\nbecause = 'y'\nsince = '0.1.0'\nstatus = 'preview'\nlevel = 'guess'\n\
             priority = -2\nsection = { max_blocks = 4, max_words = 5 }",
        );
        assert_eq!((rule.action, rule.tag, rule.status), (Action::Tag, Some(Tag::Byline), Status::Preview));
        assert_eq!((rule.level, rule.priority, rule.was), (Level::Guess, -2, vec!["my.old".to_owned()]));
        assert_eq!((rule.because.as_deref(), rule.since.as_deref()), (Some("y"), Some("0.1.0")));
        assert_eq!(rule.section.map(|section| (section.max_blocks, section.max_words)), Some((4, 5)));
    }

    #[test]
    fn scope_and_place_arrive() {
        let rule = rule(
            "action = 'remove'\n\
             scope = { hosts = ['yahoo.*', '=a.com'], not_hosts = ['b.a.com'], lang = ['nb', 'nn', 'en'], media = 'html' }\n\
             where = { zone = 'head', max_words = 9, min_words = 2, before = ['caption', 'credit'], after = ['other'], \
             same_paragraph = true, overlap = 0.5, run = { min = 3, max_words = 6 } }",
        );
        let hosts = |hosts: &[HostPattern]| hosts.iter().map(ToString::to_string).collect::<Vec<_>>();
        assert_eq!(
            (hosts(&rule.scope.hosts), hosts(&rule.scope.not_hosts)),
            (vec!["=a.com".into(), "yahoo.*".into()], vec!["b.a.com".into()])
        );
        assert_eq!((rule.scope.lang, rule.scope.media), (vec!["en".to_owned(), "no".to_owned()], Some(Media::Html)));
        let place = rule.place;
        assert_eq!((place.zone, place.max_words, place.min_words, place.same_paragraph), (Zone::Head, Some(9), Some(2), true));
        assert_eq!(place.before, [Target::Category(Category::Caption), Target::Tag(Tag::Caption), Target::Tag(Tag::Credit)]);
        assert_eq!(place.after, [Target::Category(Category::Other)]);
        assert_eq!((place.overlap, place.run.map(|run| (run.min, run.max_words))), (Some(0.5), Some((3, 6))));
    }

    #[test]
    fn the_line_score_is_for_lines_of_text_that_go() {
        let written = |keys: &str| format!("{keys}\nwhere.score = 0.755\nmatch.shape = ['open']");
        assert_eq!(rule(&written("action = 'remove'\nscope.media = 'text'")).place.score, Some(0.755));
        for keys in [
            "action = 'remove'",
            "action = 'protect'\nscope.media = 'text'",
            "action = 'remove'\nscope.media = 'text'\nsection = { max_blocks = 4, max_words = 5 }",
        ] {
            assert!(messages(&written(keys)).contains("`where.score`"), "{keys}");
        }
    }

    #[test]
    fn tests_know_their_lines_and_are_kept_on_request() {
        let keys = "action = 'remove'\nmatch.is = ['a']\ntest.hit = [\n'a',\n'A',\n]\ntest.gap = ['b']";
        let kept = rule(keys).tests;
        assert_eq!(kept.hit.iter().map(|test| (test.line, test.text.as_str())).collect::<Vec<_>>(), [(17, "a"), (18, "A")]);
        assert_eq!((kept.miss.len(), kept.gap.len()), (0, 1));
        let without = only(RuleSet::builder().builtin(false).add_text("my.toml", &file(keys)).build_for(Some("en")));
        assert!(without.tests.hit.is_empty());
    }

    #[test]
    fn named_groups_stand_in_for_a_tag() {
        let rule = rule("action = 'tag'\nmatch.regex = 'By (?P<byline>.{1,40})'");
        assert_eq!((rule.action, rule.tag), (Action::Tag, None));
    }

    #[test]
    fn a_cut_may_name_its_part() {
        let rule = rule("action = 'cut'\nmatch.regex = 'One (?P<cut>.{1,4}) two'");
        assert_eq!(rule.action, Action::Cut);
        let text = file("action = 'remove'\nmatch.regex = 'One (?P<cut>.{1,4}) two'");
        let errors = RuleSet::builder().builtin(false).add_text("my.toml", &text).build_for(Some("en")).expect_err("no cut").to_string();
        assert!(errors.contains("no use for the group `cut`"), "{errors}");
    }

    #[test]
    fn files_may_have_a_byte_order_mark_and_any_line_ends() {
        let text = format!("\u{feff}{}", file("action = 'remove'\nmatch.is = ['one']").replace('\n', "\r\n"));
        let rule = only(RuleSet::builder().builtin(false).add_text("my.toml", &text).build_for(Some("en")));
        assert_eq!(rule.origin.line, 10);
    }
}
