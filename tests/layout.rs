//! The layout of the source: imports run one way.
//!
//! Each area may use the areas before it in [`ORDER`] and itself. What bends that rule is listed in [`EXCEPTIONS`], each with its reason,
//! and an exception that nothing uses any more is an error too.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Areas from the ground up.
const ORDER: &[&str] = &["span", "text", "forest", "document", "html", "rules", "engine", "captions", "clean", "render", "io", "cli"];

/// What an area uses though it stands above it: area, item, reason.
///
/// `article` is plain data at the end of the way, written by `captions` and `clean` and handed out by `engine::explain`. It stands
/// beside the order: it may use `span`, `document` and `rules` only, and anyone from `engine` on may use it.
const EXCEPTIONS: &[(&str, &str, &str)] = &[
    ("text", "rules::Fold", "the word of the rule format for how much is folded"),
    ("text", "rules::Shape", "shapes are words of the rule format; `text` measures them"),
    ("text", "rules::Shapes", "a set of those"),
    ("document", "rules::Media", "the word of the rule format for where a document came from"),
    ("document", "rules::host_of", "hosts are read in one place, so that documents and rules agree on them"),
    ("engine", "captions::Labels", "words before a credit are read from the rules once, with the engine"),
];

/// Areas that `article` uses, and the first of those that may use it.
const ARTICLE_USES: &[&str] = &["span", "document", "rules"];
const ARTICLE_FROM: &str = "engine";

/// One `crate::area::Item` somewhere in the source.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Import {
    from: String,
    area: String,
    item: String,
    file: PathBuf,
}

#[test]
fn imports_run_one_way() {
    let mut bent = BTreeSet::new();
    let mut wrong = Vec::new();
    for import in imports() {
        if is_allowed(&import) {
            continue;
        }
        let path = format!("{}::{}", import.area, import.item);
        match EXCEPTIONS.iter().position(|(from, item, _)| *from == import.from && *item == path) {
            Some(exception) => drop(bent.insert(exception)),
            None => wrong.push(format!("{}: `{}` uses `{path}`", import.file.display(), import.from)),
        }
    }
    assert!(wrong.is_empty(), "imports against the order {ORDER:?}:\n{}", wrong.join("\n"));
    let unused: Vec<_> = (0..EXCEPTIONS.len()).filter(|index| !bent.contains(index)).map(|index| EXCEPTIONS[index]).collect();
    assert!(unused.is_empty(), "exceptions that nothing needs: {unused:?}");
}

#[test]
fn every_area_has_its_place() {
    let areas: BTreeSet<String> = files().iter().map(|file| area_of(file)).collect();
    let known = ORDER.iter().copied().chain(["article", "lib", "main"]).map(str::to_owned).collect();
    assert_eq!(areas, known);
}

fn is_allowed(import: &Import) -> bool {
    let rank = |area: &str| ORDER.iter().position(|&known| known == area);
    match (import.from.as_str(), import.area.as_str()) {
        ("lib" | "main", _) => true,
        (from, area) if from == area => true,
        ("article", area) => ARTICLE_USES.contains(&area),
        (from, "article") => rank(from) >= rank(ARTICLE_FROM),
        (from, area) => rank(area).is_some() && rank(area) < rank(from),
    }
}

/// Every `crate::` path in code, tests at the end of files left out.
fn imports() -> BTreeSet<Import> {
    let mut imports = BTreeSet::new();
    for file in files() {
        let text = fs::read_to_string(source().join(&file)).unwrap();
        let code = text.split("#[cfg(test)]\nmod tests").next().unwrap();
        let code = code.lines().filter(|line| !is_comment(line)).collect::<Vec<_>>().join("\n").replace("pub(in crate::", "pub(in ");
        for path in code.split("crate::").skip(1) {
            let (area, rest) = path.split_once("::").filter(|(area, _)| is_word(area)).unwrap_or_else(|| {
                let start: String = path.chars().take(40).collect();
                panic!("{}: `crate::{start}` names no area; write `crate::area::Item`", file.display())
            });
            for item in items(rest) {
                imports.insert(Import { from: area_of(&file), area: area.to_owned(), item, file: file.clone() });
            }
        }
    }
    assert!(imports.len() > 20, "the source was not read");
    imports
}

fn is_comment(line: &str) -> bool {
    line.trim_start().starts_with("//")
}

fn is_word(text: &str) -> bool {
    text.chars().all(|c| c.is_ascii_lowercase() || c == '_')
}

/// The names behind `crate::area::`: one, or those of a list in braces.
fn items(rest: &str) -> Vec<String> {
    let name = |text: &str| text.trim().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
    match rest.strip_prefix('{').and_then(|rest| rest.split_once('}')) {
        Some((list, _)) => list.split(',').map(name).filter(|name| !name.is_empty()).collect(),
        None => vec![name(rest)],
    }
}

/// The area that a file belongs to: the first part of its path.
fn area_of(file: &Path) -> String {
    let first = file.iter().next().unwrap();
    Path::new(first).file_stem().unwrap().to_string_lossy().into_owned()
}

fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// All files of the source, by their paths in it.
fn files() -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![source()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                files.push(path.strip_prefix(source()).unwrap().to_owned());
            }
        }
    }
    files.sort();
    files
}
