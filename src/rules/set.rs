//! Rule sets: the built-in packs and the user's files together.
//!
//! The user's files are read once, when the set is built. Built-in packs are read when rules for a language are asked for, and only
//! those of that language: `any` and `sites` always, `en` for English, and so on.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::{fs, io};

use super::builtin;
use super::diagnostics::{Code, Diagnostic, RulesError};
use super::language::canonical_language;
use super::lists::Lists;
use super::overrides::{self, Documents, Override};
use super::packed;
use super::parse::{self, ParseOptions};
use super::raw;
use super::rule::Rule;
use super::source::RuleFile;
use super::threads;

/// Collects rule files. Made by [`RuleSet::builder`].
#[derive(Clone, Debug)]
#[must_use]
pub struct RuleSetBuilder {
    builtin: bool,
    options: ParseOptions,
    sources: Vec<Source>,
}

#[derive(Clone, Debug)]
enum Source {
    File(RuleFile),
    Path(PathBuf),
}

impl Default for RuleSetBuilder {
    fn default() -> Self {
        Self { builtin: true, options: ParseOptions::default(), sources: Vec::new() }
    }
}

impl RuleSetBuilder {
    /// Whether the built-in packs take part; they do unless this says otherwise.
    pub fn builtin(mut self, builtin: bool) -> Self {
        self.builtin = builtin;
        self
    }

    /// Whether rules keep their tests; they do not unless this says so.
    pub fn keep_tests(mut self, keep: bool) -> Self {
        self.options.keep_tests = keep;
        self
    }

    /// Adds a rule file that the caller holds; diagnostics call it `name`.
    pub fn add_text(mut self, name: &str, text: &str) -> Self {
        self.sources.push(Source::File(RuleFile::new(name, text)));
        self
    }

    /// Adds a rule file, or all files below a folder whose names end in `.toml`. It is read when the set is built.
    pub fn add_path(mut self, path: impl AsRef<Path>) -> Self {
        self.sources.push(Source::Path(path.as_ref().to_owned()));
        self
    }

    /// Reads the files that were added.
    pub(super) fn read(&self) -> Result<Vec<RuleFile>, RulesError> {
        let mut files = Vec::new();
        for source in &self.sources {
            match source {
                Source::File(file) => files.push(file.clone()),
                Source::Path(path) => {
                    for path in rule_files(path).map_err(|source| RulesError::Read { path: path.clone(), source })? {
                        files.push(RuleFile::read(&path)?);
                    }
                }
            }
        }
        Ok(files)
    }

    /// Whether the built-in packs take part.
    pub(super) fn has_builtin(&self) -> bool {
        self.builtin
    }

    /// Reads and checks the files that were added.
    ///
    /// # Errors
    /// When a file cannot be read, or one of them has errors; all errors of all files are reported together.
    pub fn build(self) -> Result<RuleSet, RulesError> {
        let files = self.read()?;
        let mut errors = Vec::new();
        // Only files that are given may ask for lists of any language; to look for those in all packs takes milliseconds.
        let base = (self.builtin && !files.is_empty()).then(builtin::lists);
        let own = load(&files, base, self.options, &mut errors);
        let own = RulesError::unless_empty(own, errors)?;
        let set = RuleSet { builtin: self.builtin, options: self.options, files, own };
        set.check()?;
        Ok(set)
    }

    /// [`build`](Self::build) and [`RuleSet::build_for`] in one.
    ///
    /// # Errors
    /// As those two.
    pub fn build_for(self, lang: Option<&str>) -> Result<Vec<Rule>, RulesError> {
        self.build()?.build_for(lang)
    }
}

/// The rule files at a path, sorted: itself, or those below it.
fn rule_files(path: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    if path.is_dir() {
        collect(path, &mut files, 0)?;
        files.sort();
    } else {
        files.push(path.to_owned());
    }
    Ok(files)
}

/// Depth of folders at which a circle of links is given up.
const DEEPEST: usize = 16;

fn collect(folder: &Path, files: &mut Vec<PathBuf>, depth: usize) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            if depth < DEEPEST {
                collect(&path, files, depth + 1)?;
            }
        } else if path.extension() == Some(OsStr::new("toml")) {
            files.push(path);
        }
    }
    Ok(())
}

/// Rules and overrides, as read.
#[derive(Clone, Debug, Default)]
pub(super) struct Loaded {
    pub(super) rules: Vec<Rule>,
    pub(super) overrides: Vec<Override>,
}

/// Reads files together, so that each knows the lists of all. `base` holds the lists of built-in packs; without it those of
/// all `files` count.
pub(super) fn load(files: &[RuleFile], base: Option<&'static Lists>, options: ParseOptions, errors: &mut Vec<Diagnostic>) -> Loaded {
    let raws = with_errors(files, errors, raw::read);
    let raws: Vec<raw::RawFile<'_>> = raws.into_iter().flatten().collect();
    let mut lists = Lists::above(base);
    for raw in raws.iter().filter(|raw| base.is_none() || !raw.file.is_builtin()) {
        lists.add_file(raw, errors);
    }
    lists.check(errors);
    let mut loaded = Loaded::default();
    for parsed in with_errors(&raws, errors, |raw, errors| parse::parse(raw, &lists, options, errors)) {
        loaded.rules.extend(parsed.rules.into_iter().flatten());
        loaded.overrides.extend(parsed.overrides);
    }
    loaded
}

/// Reads built-in files: their packed forms, unless their tests are wanted too.
fn load_packs(packs: &[RuleFile], options: ParseOptions, errors: &mut Vec<Diagnostic>) -> Loaded {
    let packed: Option<Vec<(&RuleFile, &'static str)>> = packs.iter().map(|file| Some((file, file.packed()?))).collect();
    match packed {
        Some(packed) if !options.keep_tests => {
            let rules = threads::map(&packed, |&(file, packed)| packed::rules(file, packed));
            Loaded { rules: rules.into_iter().flatten().collect(), overrides: Vec::new() }
        }
        _ => load(packs, None, options, errors),
    }
}

/// What `each` makes of every item, on several threads; errors in the order of the items.
fn with_errors<'i, T: Sync, R: Send>(
    items: &'i [T],
    errors: &mut Vec<Diagnostic>,
    each: impl Fn(&'i T, &mut Vec<Diagnostic>) -> R + Sync,
) -> Vec<R> {
    let results = threads::map(items, |item| {
        let mut errors = Vec::new();
        (each(item, &mut errors), errors)
    });
    let keep = |(result, own): (R, Vec<Diagnostic>)| {
        errors.extend(own);
        result
    };
    results.into_iter().map(keep).collect()
}

/// Reports names that two rules share, and names that one has and another had before. The rules are sorted by name.
pub(super) fn check_ids(rules: &[Rule], files: &dyn Fn(&Rule) -> Option<RuleFile>, errors: &mut Vec<Diagnostic>) {
    for pair in rules.windows(2) {
        let [first, second] = pair else { continue };
        if first.id != second.id {
            continue;
        }
        let (Some(file), Some(first_file)) = (files(second), files(first)) else { continue };
        let message = format!("two rules are called `{}`", second.id);
        let error = Diagnostic::error(Code::DuplicateId, &file, line_range(&file, second.origin.line), message);
        let error = error.label("the second").related(&first_file, line_range(&first_file, first.origin.line), "the first");
        errors.push(error.help("to change a rule of another file, write an `[[override]]`; to replace the built-in packs, leave them out"));
    }
}

/// The bytes of a line, counted from 1.
pub(super) fn line_range(file: &RuleFile, line: u32) -> std::ops::Range<usize> {
    let text = file.text();
    let start = (1..line).try_fold(0, |at, _| text[at..].find('\n').map(|newline| at + newline + 1)).unwrap_or(text.len());
    let end = text[start..].find('\n').map_or(text.len(), |newline| start + newline);
    start..end
}

/// What an engine is made from: the built-in packs and the user's files.
#[derive(Clone, Debug)]
pub struct RuleSet {
    builtin: bool,
    options: ParseOptions,
    files: Vec<RuleFile>,
    own: Loaded,
}

impl RuleSet {
    /// Starts a set with the built-in packs.
    pub fn builder() -> RuleSetBuilder {
        RuleSetBuilder::default()
    }

    /// The rules that hold for a language, sorted by name, overrides applied. `None` is a document whose language is not known:
    /// rules for all languages, and those of packs that say they are safe then.
    ///
    /// A name occurs more than once when an override with a scope has split its rule; the scopes then exclude each other.
    ///
    /// # Errors
    /// When two rules have one name, or a built-in pack has errors (which its tests exclude).
    pub fn build_for(&self, lang: Option<&str>) -> Result<Vec<Rule>, RulesError> {
        let lang = lang.map(canonical_language);
        let lang = lang.as_deref();
        let files = if self.builtin { builtin::files_for(lang) } else { Vec::new() };
        let mut rules = self.together(&files)?;
        let overrides = std::mem::take(&mut rules.overrides);
        rules.rules.retain(|rule| holds_for(rule, lang));
        overrides::apply(&mut rules.rules, &overrides, lang.map_or(Documents::WithoutLanguage, Documents::In));
        Ok(rules.rules)
    }

    /// Checks that no rule of the user's has the name of another: the packs of a language are read when a document first needs them,
    /// and then it is too late to complain. Names of built-in rules begin with their folder, which a test holds them to.
    fn check(&self) -> Result<(), RulesError> {
        let begins = |folder: &str| self.own.rules.iter().any(|rule| rule.id.as_str().split('.').next() == Some(folder));
        let packs = if self.builtin { builtin::files_in(begins) } else { Vec::new() };
        self.together(&packs).map(drop)
    }

    /// The selectors of the user's rules, each once. Built-in packs have none, which a test holds them to.
    pub(crate) fn selectors(&self) -> Vec<String> {
        let mut selectors: Vec<String> = self.own.rules.iter().filter_map(|rule| rule.matcher.css.clone()).collect();
        selectors.sort();
        selectors.dedup();
        selectors
    }

    /// All rules of all languages, sorted by name, overrides applied.
    ///
    /// # Errors
    /// As [`build_for`](Self::build_for).
    pub fn all(&self) -> Result<Vec<Rule>, RulesError> {
        let files = if self.builtin { builtin::files() } else { Vec::new() };
        let mut rules = self.together(&files)?;
        overrides::apply(&mut rules.rules, &rules.overrides, Documents::All);
        Ok(rules.rules)
    }

    /// The files of the set: built-in ones, then the user's.
    pub fn files(&self) -> Vec<RuleFile> {
        let mut files = if self.builtin { builtin::files() } else { Vec::new() };
        files.extend(self.files.iter().cloned());
        files
    }

    /// The given built-in files and the user's, rules sorted by name and checked against each other.
    fn together(&self, packs: &[RuleFile]) -> Result<Loaded, RulesError> {
        let mut errors = Vec::new();
        let options = ParseOptions { check_regex: false, ..self.options };
        // A pack names lists of its own language and of those for all, so those of its own files will do.
        let mut loaded = load_packs(packs, options, &mut errors);
        loaded.rules.extend(self.own.rules.iter().cloned());
        loaded.overrides.extend(self.own.overrides.iter().cloned());
        sort_by_id(&mut loaded.rules);
        let file_of = |rule: &Rule| packs.iter().chain(&self.files).find(|file| file.name() == *rule.origin.file).cloned();
        check_ids(&loaded.rules, &file_of, &mut errors);
        RulesError::unless_empty(loaded, errors)
    }
}

/// Sorts by name; rules that wrongly share one, by place, so that reports do not depend on the order of files.
pub(super) fn sort_by_id(rules: &mut [Rule]) {
    rules.sort_by(|a, b| (&a.id, &a.origin.file, a.origin.line).cmp(&(&b.id, &b.origin.file, b.origin.line)));
}

/// Whether a rule holds for documents of a language.
fn holds_for(rule: &Rule, lang: Option<&str>) -> bool {
    match lang {
        Some(lang) => rule.scope.lang.is_empty() || rule.scope.lang.iter().any(|code| code == lang),
        None => rule.scope.without_language,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::{HostPattern, Layer, Level, Status, Zone};

    fn head(pack: &str) -> String {
        format!("format = 1\n[pack]\nid = 'my'\n{pack}\n")
    }

    fn rule(id: &str, keys: &str) -> String {
        format!("[[rule]]\nid = '{id}'\ncategory = 'other'\nabout = 'x'\naction = 'remove'\nmatch.is = ['one', 'two']\n{keys}\n")
    }

    fn own() -> RuleSetBuilder {
        RuleSet::builder().builtin(false)
    }

    fn right<T>(result: Result<T, RulesError>) -> T {
        result.unwrap_or_else(|error| panic!("{error}"))
    }

    fn ids(rules: &[Rule]) -> Vec<&str> {
        rules.iter().map(|rule| rule.id.as_str()).collect()
    }

    fn codes(error: &RulesError) -> Vec<&str> {
        error.diagnostics().iter().map(|diagnostic| diagnostic.code.as_str()).collect()
    }

    #[test]
    fn rules_hold_for_their_languages() {
        let set = own()
            .add_text("all.toml", &(head("") + &rule("my.all", "") + &rule("my.de", "scope.lang = ['de']")))
            .add_text("en.toml", &(head("lang = ['en']\nwithout_language = true") + &rule("my.en", "")));
        let set = right(set.build());
        let cases: [(Option<&str>, &[&str]); 5] = [
            (Some("en"), &["my.all", "my.en"]),
            (Some("en-GB"), &["my.all", "my.en"]),
            (Some("de"), &["my.all", "my.de"]),
            (Some("xx"), &["my.all"]),
            (None, &["my.all", "my.en"]),
        ];
        for (lang, expected) in cases {
            assert_eq!(ids(&right(set.build_for(lang))), expected, "{lang:?}");
        }
        assert_eq!(ids(&right(set.all())), ["my.all", "my.de", "my.en"]);
    }

    #[test]
    fn the_order_of_files_does_not_matter() {
        let overrides = "[[override]]\nrule = 'my.*'\nlevel = 'guess'\n[[override]]\nrule = 'my.a'\nlevel = 'likely'\n";
        let texts = [
            ("a.toml", head("") + &rule("my.b", "match.has = ['@words']")),
            ("b.toml", head("") + &rule("my.a", "") + "[lists]\nwords = ['three']\n"),
            ("c.toml", head("") + overrides),
            ("d.toml", head("") + "[[override]]\nrule = 'my.a'\npriority = 1\n"),
        ];
        let build = |order: [usize; 4]| {
            let builder = order.iter().fold(own(), |builder, &index| builder.add_text(texts[index].0, &texts[index].1));
            right(builder.build_for(None))
        };
        let expected = build([0, 1, 2, 3]);
        assert_eq!((expected[0].level, expected[0].priority, expected[1].level), (Level::Likely, 1, Level::Guess));
        for order in [[3, 2, 1, 0], [2, 0, 3, 1]] {
            assert_eq!(format!("{:?}", build(order)), format!("{expected:?}"));
        }
    }

    #[test]
    fn a_list_has_one_place() {
        let first = head("") + &rule("my.a", "") + "[lists]\nwords = ['three']\n";
        let second = head("") + "[lists]\nwords = ['four']\n";
        let error = own().add_text("a.toml", &first).add_text("b.toml", &second).build().expect_err("the list is there twice");
        assert_eq!(codes(&error), ["duplicate_list"]);
        let shown = error.diagnostics()[0].render(false);
        assert!(shown.contains("b.toml:6:1") && shown.contains("a.toml:13:1"), "{shown}");
    }

    #[test]
    fn a_rule_has_one_place() {
        let text = head("") + &rule("my.a", "");
        let error = own().add_text("b.toml", &text).add_text("a.toml", &text).build_for(None).expect_err("the rule is there twice");
        assert_eq!(codes(&error), ["duplicate_id"]);
        assert_eq!(error.to_string(), "b.toml:5:1: two rules are called `my.a`");
        // Engines build their rules when a document needs them: what is wrong must show before.
        assert!(own().add_text("b.toml", &text).add_text("a.toml", &text).build().is_err());
        let text = head("").replace("'my'", "'de'") + &rule("de.ad.marker", "");
        let error = RuleSet::builder().add_text("a.toml", &text).build().expect_err("a pack has this name");
        assert_eq!(codes(&error), ["duplicate_id"]);
    }

    #[test]
    fn lists_of_packs_are_known_and_cannot_be_taken() {
        let with = |text: String| RuleSet::builder().add_text("a.toml", &text).build();
        assert!(with(head("") + &rule("my.a", "match.has = ['@credit_labels']")).is_ok());
        let error = with(head("") + "[lists]\ncredit_labels = ['x']\n").expect_err("a pack has this list");
        assert_eq!(codes(&error), ["duplicate_list"]);
    }

    fn changed(keys: &str) -> Vec<Rule> {
        let text = head("") + &rule("my.a", "where.max_words = 9\nwas = ['my.old']") + &rule("my.b", "");
        let change = head("") + "[[override]]\n" + keys;
        right(own().add_text("a.toml", &text).add_text("b.toml", &change).build_for(Some("en")))
    }

    #[test]
    fn overrides_change_what_they_name() {
        let rules = changed("rule = 'my.a'\nstatus = 'off'\nlevel = 'guess'\npriority = 3\nwhere.zone = 'tail'");
        assert_eq!((rules[0].status, rules[0].level, rules[0].priority), (Status::Off, Level::Guess, 3));
        assert_eq!((rules[0].place.zone, rules[0].place.max_words), (Zone::Tail, Some(9)));
        assert_eq!((rules[1].status, rules[1].place.zone), (Status::Stable, Zone::Any));
        assert!(changed("rule = 'my.*'\nstatus = 'off'").iter().all(|rule| rule.status == Status::Off));
        assert_eq!(changed("rule = 'my.old'\nstatus = 'off'")[0].status, Status::Off);
    }

    #[test]
    fn overrides_add_and_drop_phrases() {
        let is = |keys: &str| changed(keys)[0].matcher.is.clone();
        assert_eq!(is("rule = 'my.a'\nmatch.add.is = ['Three', 'one']"), ["one", "two", "three"]);
        assert_eq!(is("rule = 'my.a'\nmatch.drop.is = ['“Two”']"), ["one"]);
        let emptied = changed("rule = 'my.a'\nmatch.drop.is = ['one', 'two']");
        assert_eq!(emptied[0].status, Status::Off, "a rule that has lost its phrases would match anything");
    }

    #[test]
    fn what_is_known_of_a_built_in_rule_is_forgotten_when_its_phrases_change() {
        let changed = |keys: &str| {
            let text = format!("format = 1\n[pack]\nid = 'my'\n[[override]]\nrule = 'en.ad.marker'\n{keys}\n");
            let rules = right(RuleSet::builder().add_text("my.toml", &text).build_for(Some("en")));
            rules.into_iter().find(|rule| rule.id.as_str() == "en.ad.marker").expect("the pack has this rule")
        };
        assert!(changed("level = 'guess'").clues.is_some());
        for keys in ["match.add.is = ['my own marker']", "match.drop.is = ['advertisement']"] {
            assert!(changed(keys).clues.is_none(), "{keys}");
        }
    }

    #[test]
    fn an_override_with_a_scope_splits_the_rule() {
        let rules = changed("rule = 'my.a'\nlevel = 'guess'\nscope.hosts = ['example.com']");
        let hosts = |patterns: &[HostPattern]| patterns.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
        let parts = rules.iter().map(|rule| (rule.level, hosts(&rule.scope.hosts), hosts(&rule.scope.not_hosts)));
        let expected = [
            (Level::Sure, String::new(), "example.com".to_owned()),
            (Level::Guess, "example.com".to_owned(), String::new()),
            (Level::Sure, String::new(), String::new()),
        ];
        assert!(parts.eq(expected));
        assert_eq!(ids(&rules), ["my.a", "my.a", "my.b"]);

        let rules = changed("rule = 'my.a'\nlevel = 'guess'\nscope = { hosts = ['a.com'], not_hosts = ['b.a.com'], media = 'html' }");
        assert_eq!(ids(&rules), ["my.a", "my.a", "my.a", "my.a", "my.b"]);
        assert_eq!(rules.iter().filter(|rule| rule.level == Level::Guess).count(), 1);
    }

    #[test]
    fn an_override_for_a_language_holds_in_that_language() {
        assert_eq!(changed("rule = 'my.a'\nlevel = 'guess'\nscope.lang = ['en']")[0].level, Level::Guess);
        assert_eq!(changed("rule = 'my.a'\nlevel = 'guess'\nscope.lang = ['de']")[0].level, Level::Sure);
    }

    #[test]
    fn layers_are_as_the_file_says() {
        let layer = |pack: &str| right(own().add_text("a.toml", &(head(pack) + &rule("my.a", ""))).build_for(None))[0].layer;
        assert_eq!((layer(""), layer("layer = 'site'")), (Layer::User, Layer::Site));
    }

    #[test]
    fn folders_are_read_whole_and_what_is_missing_is_said() {
        let folder = std::env::temp_dir().join(format!("copydesk-set-{}", std::process::id()));
        fs::create_dir_all(folder.join("inner")).expect("a folder can be made");
        fs::write(folder.join("a.toml"), head("") + &rule("my.a", "")).expect("a file can be written");
        fs::write(folder.join("inner/b.toml"), head("") + &rule("my.b", "")).expect("a file can be written");
        fs::write(folder.join("notes.md"), "not a rule").expect("a file can be written");
        assert_eq!(ids(&right(own().add_path(&folder).build_for(None))), ["my.a", "my.b"]);
        let error = own().add_path(folder.join("none.toml")).build().expect_err("there is no such file");
        assert!(matches!(&error, RulesError::Read { path, .. } if path.ends_with("none.toml")));
        assert!(error.diagnostics().is_empty());
        fs::remove_dir_all(folder).expect("the folder can be removed");
    }

    #[test]
    fn all_errors_of_all_files_are_reported_in_order() {
        let error = own().add_text("b.toml", "x").add_text("a.toml", "format = 2\nfoo = 1").build().expect_err("both are wrong");
        let places: Vec<(String, u32)> = error.diagnostics().iter().map(|found| (found.file.display().to_string(), found.line)).collect();
        assert_eq!(places, [("a.toml".into(), 1), ("a.toml".into(), 1), ("a.toml".into(), 2), ("b.toml".into(), 1)]);
        assert!(error.to_string().ends_with("(and 3 more)"), "{error}");
    }

    #[test]
    fn shared_types_cross_threads() {
        fn crosses<T: Send + Sync>() {}
        crosses::<RuleSet>();
        crosses::<Rule>();
        crosses::<Diagnostic>();
        crosses::<RulesError>();
    }
}
