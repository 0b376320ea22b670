//! The built-in packs: rule files that are part of the binary, as text.
//!
//! `build.rs` lists `rules/**/*.toml` and packs each; nothing is read before it is needed. The first folder of a file's path says for which
//! language it is needed: `any` and `sites` for all, otherwise a language code. That a pack's `lang` says the same is held by a test.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::{fs, io};

use toml::de::{DeTable, DeValue};

use super::embedded::{FILES, File};
use super::lists::{List, Lists, is_name};
use super::packed;
use super::source::RuleFile;

impl File {
    fn open(&self) -> RuleFile {
        RuleFile::builtin(self.path, self.text, self.packed)
    }
}

/// Folders whose files are needed for every language.
const ALWAYS: [&str; 2] = ["any", "sites"];

/// All built-in files, sorted by path.
pub fn files() -> Vec<RuleFile> {
    FILES.iter().map(File::open).collect()
}

/// The built-in files that a language needs; those that are safe without one for `None`.
pub fn files_for(lang: Option<&str>) -> Vec<RuleFile> {
    let needed = |file: &&File| {
        let folder = folder_of(file.path);
        ALWAYS.contains(&folder) || lang.map_or_else(|| is_safe_without_language(file.text), |lang| folder == lang)
    };
    FILES.iter().filter(needed).map(File::open).collect()
}

/// The built-in files in some folders.
pub(super) fn files_in(wanted: impl Fn(&str) -> bool) -> Vec<RuleFile> {
    FILES.iter().filter(|file| wanted(folder_of(file.path))).map(File::open).collect()
}

/// The codes of the languages that have packs, sorted.
pub fn languages() -> Vec<&'static str> {
    let mut folders: Vec<&str> = FILES.iter().map(|file| folder_of(file.path)).filter(|folder| !ALWAYS.contains(folder)).collect();
    folders.dedup();
    folders
}

/// The phrases of a list of the packs for all languages, folded; none when there is no such list.
pub fn list(name: &str) -> &'static [String] {
    static SHARED: OnceLock<Lists> = OnceLock::new();
    SHARED.get_or_init(|| lists_of(|folder| ALWAYS.contains(&folder))).folded(name).unwrap_or_default()
}

/// Lists that the engine asks for by name.
pub(super) const ENGINE_LISTS: [&str; 2] = ["credit_labels", "agency_labels"];

/// Writes all built-in files below `folder`, and the schema for editors beside them. Returns the paths written.
///
/// # Errors
/// When a file exists already or cannot be written.
pub fn export(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut written = Vec::new();
    let schema = super::schema();
    for (path, text) in FILES.iter().map(|file| (file.path, file.text)).chain([("schema.json", schema.as_str())]) {
        let path = folder.join(path);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        let mut file = fs::OpenOptions::new().write(true).create_new(true).open(&path)?;
        io::Write::write_all(&mut file, text.as_bytes())?;
        written.push(path);
    }
    Ok(written)
}

/// The first folder of a path.
fn folder_of(path: &str) -> &str {
    path.split('/').next().unwrap_or(path)
}

/// Whether the head of a file says that its rules are safe when the language is not known.
fn is_safe_without_language(text: &str) -> bool {
    let head = text.find("\n[[").map_or(text, |end| &text[..end]);
    head.lines().any(|line| {
        let value = line.trim_start().strip_prefix("without_language").and_then(|rest| rest.trim_start().strip_prefix('='));
        value.is_some_and(|value| value.trim_start().starts_with("true"))
    })
}

/// The lists of all built-in files. Only the `[lists]` of each file are read, so that a list is known in all languages at little
/// cost.
pub(super) fn lists() -> &'static Lists {
    static LISTS: OnceLock<Lists> = OnceLock::new();
    LISTS.get_or_init(|| lists_of(|_| true))
}

/// The lists of the files in some folders.
fn lists_of(wanted: impl Fn(&str) -> bool) -> Lists {
    let mut lists = Lists::above(None);
    for file in FILES.iter().filter(|file| wanted(folder_of(file.path))).map(File::open) {
        match file.packed() {
            Some(packed) => packed::lists(&file, packed).into_iter().for_each(|(name, list)| lists.insert(name, list)),
            None => add_lists(&mut lists, &file),
        }
    }
    lists
}

/// Adds the lists of a file that is not packed. What is malformed is left out; the lint of built-in packs reports it.
fn add_lists(lists: &mut Lists, file: &RuleFile) {
    let Some((offset, part)) = lists_part(file.text()) else { return };
    let Ok(table) = DeTable::parse(part) else { return };
    let Some(DeValue::Table(table)) = table.into_inner().remove("lists").map(toml::Spanned::into_inner) else { return };
    let moved = |span: std::ops::Range<usize>| span.start + offset..span.end + offset;
    for (name, entries) in table {
        let DeValue::Array(entries) = entries.get_ref() else { continue };
        let entries = entries.iter().filter_map(|entry| Some((entry.get_ref().as_str()?.to_owned(), moved(entry.span())))).collect();
        let (span, name) = (moved(name.span()), name.get_ref().as_ref());
        if is_name(name) && lists.get(name).is_none() {
            lists.insert(name, List::new(file.clone(), span, entries));
        }
    }
}

/// The part of a file from `[lists]` to the next heading, and where it begins.
fn lists_part(text: &str) -> Option<(usize, &str)> {
    let start = if text.starts_with("[lists]") { 0 } else { text.find("\n[lists]")? + 1 };
    let end = text[start + 1..].find("\n[").map_or(text.len(), |end| start + 1 + end + 1);
    Some((start, &text[start..end]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::alphabet::Translation;
    use crate::rules::clues::Clues;
    use crate::rules::pattern::{Demands, sign_sets};
    use crate::rules::set::load;
    use crate::rules::{Layer, ParseOptions, Rule, RuleSet, Severity, raw};

    #[test]
    fn packs_have_no_errors() {
        let found = RuleSet::builder().lint().expect("nothing is read from disk");
        let errors = found.iter().filter(|found| found.severity == Severity::Error);
        let errors: Vec<String> = errors.map(|found| format!("{}\n\n", found.render(false))).collect();
        assert!(errors.is_empty(), "{}", errors.concat());
    }

    #[test]
    fn folders_say_the_language_that_packs_say() {
        for &File { path, text, .. } in FILES {
            let file = RuleFile::builtin(path, text, None);
            let Some(raw) = raw::read(&file, &mut Vec::new()) else { panic!("{path} cannot be read") };
            let lang: Vec<&str> = raw.pack.lang.iter().flatten().map(raw::Text::as_str).collect();
            match folder_of(path) {
                "any" | "sites" => assert!(lang.is_empty(), "{path} is for all languages, its pack for {lang:?}"),
                folder => assert!(lang.contains(&folder), "{path} is for {folder}, its pack for {lang:?}"),
            }
            assert_eq!(is_safe_without_language(text), raw.pack.without_language == Some(true), "{path}");
        }
    }

    #[test]
    fn a_rule_is_for_no_language_whose_folder_is_not_read() {
        let set = RuleSet::builder().build().expect("nothing is read from disk");
        for rule in set.all().unwrap_or_else(|error| panic!("{error}")) {
            let folder = folder_of(rule.origin.file.to_str().expect("paths of packs are plain")).to_owned();
            assert!(ALWAYS.contains(&folder.as_str()) || rule.scope.lang == [folder.clone()], "{}", rule.id);
            assert_eq!(rule.id.as_str().split('.').next(), Some(folder.as_str()), "names begin with the folder");
            assert_ne!(rule.layer, Layer::User, "{}", rule.id);
        }
    }

    #[test]
    fn lists_are_found_without_reading_the_rest() {
        let files = files();
        let mut whole = Lists::above(None);
        for raw in files.iter().filter_map(|file| raw::read(file, &mut Vec::new())) {
            whole.add_file(&raw, &mut Vec::new());
        }
        let names = |lists: &Lists| lists.own().map(|(name, _)| name.to_owned()).collect::<Vec<_>>();
        assert_eq!(names(lists()), names(&whole));
        let mut parts = Lists::above(None);
        for file in &files {
            add_lists(&mut parts, file);
        }
        for (name, list) in whole.own() {
            for found in [lists().get(name), parts.get(name)] {
                let found = found.unwrap_or_else(|| panic!("{name} is missing"));
                assert_eq!((&found.entries, &found.span, found.file.name()), (&list.entries, &list.span, list.file.name()), "{name}");
            }
        }
    }

    #[test]
    fn packed_files_hold_the_rules_of_their_texts() {
        let files = files();
        let mut errors = Vec::new();
        let mut read = load(&files, None, ParseOptions { check_regex: false, keep_tests: false }, &mut errors).rules;
        assert!(errors.is_empty());
        let packed = files.iter().flat_map(|file| packed::rules(file, file.packed().expect("a file without errors is packed")));
        let packed: Vec<Rule> = packed.collect();
        assert_eq!(packed.len(), read.len());
        for (mut packed, read) in packed.into_iter().zip(&mut read) {
            assert!(read.clues.is_none() && read.pattern.is_none());
            read.clues = Some(Clues::of(read));
            let pattern = packed.pattern.take();
            assert_eq!(format!("{packed:?}"), format!("{read:?}"));
            let Some(regex) = &read.matcher.regex else {
                assert!(pattern.is_none());
                continue;
            };
            let pattern = pattern.unwrap_or_else(|| panic!("the pattern of {} is not packed", read.id));
            let (demands, hir) = Demands::of(regex);
            assert_eq!(pattern.sign_sets(), sign_sets(regex), "{}", read.id);
            assert_eq!(pattern.demands(), demands, "{}", read.id);
            let translation = Translation::of(&hir.expect("it is well formed"));
            assert_eq!(pattern.is_translated(), translation.is_some(), "{}", read.id);
            let Some(translation) = translation else { continue };
            assert_eq!(pattern.alphabet(), translation.alphabet, "{}", read.id);
            let [graph, expected] = [pattern.graph(), translation.graph().expect("it is small enough")];
            assert_eq!(format!("{graph:?}"), format!("{expected:?}"), "{}", read.id);
            assert!(graph.group_info().all_names().eq(expected.group_info().all_names()), "{}", read.id);
        }
    }

    #[test]
    fn packs_use_lists_of_their_own_and_of_those_for_all() {
        // With their tests, packs are read as text.
        let set = RuleSet::builder().keep_tests(true).build().expect("nothing is read from disk");
        for lang in languages().into_iter().map(Some).chain([None]) {
            assert!(set.build_for(lang).is_ok(), "{lang:?}");
        }
    }

    #[test]
    fn the_lists_that_the_engine_needs_are_there() {
        for name in ENGINE_LISTS {
            assert!(!list(name).is_empty(), "{name}");
        }
        assert!(list("no_such_list").is_empty());
    }

    #[test]
    fn each_language_reads_its_own_folder() {
        let files = files_for(Some("en"));
        let folders: Vec<&str> = files.iter().map(|file| folder_of(file.name().to_str().expect("paths of packs are plain"))).collect();
        assert!(folders.iter().all(|folder| ["any", "en", "sites"].contains(folder)) && folders.contains(&"en"));
        assert!(languages().contains(&"en") && !languages().contains(&"any"));
    }

    #[test]
    fn exported_packs_are_the_built_in_ones_and_nothing_is_overwritten() {
        let folder = std::env::temp_dir().join(format!("copydesk-export-{}", std::process::id()));
        let written = export(&folder).expect("the folder can be written");
        assert_eq!(written.len(), FILES.len() + 1);
        for File { path, text, .. } in FILES {
            assert_eq!(&fs::read_to_string(folder.join(path)).expect("it was written"), text);
        }
        assert_eq!(export(&folder).expect_err("the files are there").kind(), io::ErrorKind::AlreadyExists);
        fs::remove_dir_all(folder).expect("the folder can be removed");
    }
}
