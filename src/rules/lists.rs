//! Lists: words that several rules share.
//!
//! `[lists]` names them once, in any file; `"@months"` puts the list into a list of phrases (also into another list), and
//! `{{months}}` puts it into a regular expression. Names are known in all files, so all lists are collected before any rule
//! is read.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::OnceLock;

use super::diagnostics::{Code, Diagnostic};
use super::raw::RawFile;
use super::rule::Fold;
use super::source::RuleFile;
use super::suggest::nearest;
use crate::text::fold;

/// One list.
#[derive(Debug)]
pub(super) struct List {
    /// Phrases and references as written, each with its place in the file.
    pub(super) entries: Vec<(String, Range<usize>)>,
    /// The file.
    pub(super) file: RuleFile,
    /// Place of the name in the file.
    pub(super) span: Range<usize>,
    /// The phrases, references resolved, folded fully; made when first asked for.
    folded: OnceLock<Vec<String>>,
}

impl List {
    pub(super) fn new(file: RuleFile, span: Range<usize>, entries: Vec<(String, Range<usize>)>) -> Self {
        Self { entries, file, span, folded: OnceLock::new() }
    }
}

/// All lists by name.
#[derive(Debug, Default)]
pub(super) struct Lists {
    /// Lists of the built-in packs, which know no others.
    base: Option<&'static Lists>,
    own: BTreeMap<String, List>,
}

impl Lists {
    /// No lists but those of `base`.
    pub(super) fn above(base: Option<&'static Lists>) -> Self {
        Self { base, own: BTreeMap::new() }
    }

    /// Adds the lists of a file. A name that is taken is an error that shows both places.
    pub(super) fn add_file(&mut self, raw: &RawFile<'_>, errors: &mut Vec<Diagnostic>) {
        for list in &raw.lists {
            if !is_name(&list.name) {
                let message = format!("`{}` is no name for a list", list.name);
                let error = Diagnostic::error(Code::BadValue, raw.file, list.span.clone(), message);
                errors.push(error.help("use lower-case letters, digits and `_`"));
                continue;
            }
            if let Some(first) = self.get(&list.name) {
                errors.push(duplicate(raw.file, list.span.clone(), &list.name, first));
                continue;
            }
            let entries = list.entries.iter().map(|entry| (entry.as_str().to_owned(), entry.span())).collect();
            self.insert(&list.name, List::new(raw.file.clone(), list.span.clone(), entries));
        }
    }

    /// Adds a list whose name is free.
    pub(super) fn insert(&mut self, name: &str, list: List) {
        self.own.insert(name.to_owned(), list);
    }

    /// The list with this name.
    pub(super) fn get(&self, name: &str) -> Option<&List> {
        self.own.get(name).or_else(|| self.base?.get(name))
    }

    /// The lists of the files themselves, sorted by name.
    pub(super) fn own(&self) -> impl Iterator<Item = (&str, &List)> {
        self.own.iter().map(|(name, list)| (name.as_str(), list))
    }

    /// The name most like one that is not known.
    pub(super) fn suggestion(&self, name: &str) -> Option<&str> {
        let base = self.base.into_iter().flat_map(|base| base.own.keys());
        nearest(name, self.own.keys().chain(base).map(String::as_str))
    }

    /// The phrases of a list as written, references resolved. What is wrong inside lists is reported by [`check`](Self::check) and
    /// left out here. `None` when there is no such list.
    pub(super) fn written(&self, name: &str) -> Option<Vec<&str>> {
        let mut phrases = Vec::new();
        self.get(name)?;
        self.expand(name, &mut Vec::new(), &mut phrases);
        Some(phrases)
    }

    /// The phrases of a list, folded fully.
    pub(super) fn folded(&self, name: &str) -> Option<&[String]> {
        let list = self.get(name)?;
        Some(list.folded.get_or_init(|| {
            let written = self.written(name).unwrap_or_default();
            written.into_iter().map(|phrase| fold::phrase(phrase, Fold::Full)).filter(|phrase| !phrase.is_empty()).collect()
        }))
    }

    /// Collects phrases; `path` holds the names of the lists that are being expanded.
    fn expand<'l>(&'l self, name: &str, path: &mut Vec<String>, out: &mut Vec<&'l str>) {
        let Some(list) = self.get(name) else { return };
        if path.iter().any(|outer| outer == name) {
            return;
        }
        path.push(name.to_owned());
        for (entry, _) in &list.entries {
            match reference(entry) {
                Some(inner) => self.expand(inner, path, out),
                None => out.push(entry),
            }
        }
        path.pop();
    }

    /// Reports what is wrong inside the lists: names that are not known, circles, phrases of which nothing is left.
    pub(super) fn check(&self, errors: &mut Vec<Diagnostic>) {
        for (name, list) in self.own() {
            for (entry, span) in &list.entries {
                match reference(entry) {
                    Some(inner) if self.get(inner).is_none() => {
                        errors.push(undefined(self, &list.file, span.clone(), inner));
                    }
                    Some(inner) if self.reaches(inner, name, &mut Vec::new()) => {
                        let message = format!("the list `{name}` contains itself");
                        errors.push(Diagnostic::error(Code::ListCycle, &list.file, span.clone(), message).label("by way of this"));
                    }
                    None if fold::phrase(entry, Fold::Full).is_empty() => {
                        errors.push(empty_phrase(&list.file, span.clone()));
                    }
                    _ => {}
                }
            }
        }
    }

    /// Whether the list `from` is, or contains, the list `to`.
    fn reaches<'l>(&'l self, from: &'l str, to: &str, seen: &mut Vec<&'l str>) -> bool {
        if from == to {
            return true;
        }
        if seen.contains(&from) {
            return false;
        }
        seen.push(from);
        let Some(list) = self.get(from) else { return false };
        list.entries.iter().filter_map(|(entry, _)| reference(entry)).any(|inner| self.reaches(inner, to, seen))
    }
}

/// The name in `"@name"`. Other phrases may begin with `@` too: `"@ home"`.
pub(super) fn reference(phrase: &str) -> Option<&str> {
    phrase.strip_prefix('@').filter(|name| is_name(name))
}

/// Whether `name` can name a list.
pub(super) fn is_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
}

/// The error for a list that no file defines.
pub(super) fn undefined(lists: &Lists, file: &RuleFile, span: Range<usize>, name: &str) -> Diagnostic {
    let error = Diagnostic::error(Code::UndefinedList, file, span, format!("there is no list `{name}`"));
    match lists.suggestion(name) {
        Some(list) => error.suggest(Some(list)),
        None => error.note("`@` and a word name a list; to look for the word itself, leave the `@` out"),
    }
}

/// The error for a phrase that folds to nothing.
pub(super) fn empty_phrase(file: &RuleFile, span: Range<usize>) -> Diagnostic {
    Diagnostic::error(Code::EmptyPhrase, file, span, "nothing is left of this phrase")
        .note("outer punctuation and white space are dropped from phrases")
        .help("for punctuation use `match.shape` (`question`, `colon`, `quoted`, ...) or `match.regex`")
}

fn duplicate(file: &RuleFile, span: Range<usize>, name: &str, first: &List) -> Diagnostic {
    Diagnostic::error(Code::DuplicateList, file, span, format!("the list `{name}` is defined twice"))
        .label("defined again")
        .related(&first.file, first.span.clone(), "first defined here")
        .note("a list is known in all files, so its name must be unique; begin it with the name of the pack")
}
