//! Where records come from: files, folders, patterns, standard input.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Cursor, Read};
use std::path::{Component, Path, PathBuf};

use globset::{GlobBuilder, GlobMatcher};
use ignore::WalkBuilder;

use crate::io::compress::{Compression, unpack};
use crate::io::form::{Form, HEAD, needs_more};

/// One input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    path: PathBuf,
    /// Where it lies in the folder that it was found in.
    inner: PathBuf,
}

impl Source {
    /// A file; `-` is standard input.
    pub fn file(path: impl Into<PathBuf>) -> Self {
        let path = path.into();
        let inner = path.file_name().map_or_else(|| path.clone(), PathBuf::from);
        Self { path, inner }
    }

    /// A file found in a folder.
    fn found(path: PathBuf, root: &Path) -> Self {
        let inner = path.strip_prefix(root).unwrap_or(&path);
        let inner = inner.components().filter(|part| matches!(part, Component::Normal(_))).collect();
        Self { path, inner }
    }

    /// Its name in messages and results.
    pub fn name(&self) -> String {
        self.path.display().to_string()
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Where it lies in the folder that it was found in: the way to it in a folder of results. It leads nowhere else.
    pub fn inner(&self) -> &Path {
        &self.inner
    }

    /// Whether it is standard input.
    pub fn is_stdin(&self) -> bool {
        self.path == Path::new("-")
    }

    /// The inputs that a path stands for: the file itself; all files of known forms in a folder and the folders in it; all files
    /// that a pattern such as `news/**/*.txt` fits, when there is no file of that name. In the order of their names; hidden files
    /// only when they are named.
    ///
    /// # Errors
    /// When a folder cannot be read, a pattern is wrong, or nothing is found.
    pub fn expand(path: &Path) -> io::Result<Vec<Self>> {
        if path == Path::new("-") {
            return Ok(vec![Self::file(path)]);
        }
        if path.is_dir() {
            return walk(path, |path| Form::of_name(path).is_some());
        }
        match Pattern::of(path)? {
            Some(Pattern { root, matcher }) if !path.exists() => walk(&root, |path| matcher.is_match(path)),
            _ => Ok(vec![Self::file(path)]),
        }
    }
}

fn walk(root: &Path, takes: impl Fn(&Path) -> bool) -> io::Result<Vec<Source>> {
    let mut found = Vec::new();
    let walk = WalkBuilder::new(root).standard_filters(false).hidden(true).sort_by_file_name(Ord::cmp).build();
    for entry in walk {
        match entry {
            // Neither folders nor what is no file at all, such as a pipe; links to files are.
            Ok(entry) if entry.path().is_file() && takes(entry.path()) => found.push(Source::found(entry.into_path(), root)),
            Ok(_) => {}
            // A folder that cannot be read is told when its turn comes, and the others are read.
            Err(error) => found.push(Source::found(path_of(&error).unwrap_or(root).to_owned(), root)),
        }
    }
    if found.is_empty() {
        return Err(io::Error::new(io::ErrorKind::NotFound, "no file that can be read was found in it"));
    }
    Ok(found)
}

/// What an error of a walk is about.
fn path_of(error: &ignore::Error) -> Option<&Path> {
    match error {
        ignore::Error::WithPath { path, .. } | ignore::Error::Loop { child: path, .. } => Some(path),
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => path_of(err),
        _ => None,
    }
}

/// A path with wildcards.
struct Pattern {
    root: PathBuf,
    matcher: GlobMatcher,
}

impl Pattern {
    /// `None` when there is no wildcard.
    fn of(path: &Path) -> io::Result<Option<Self>> {
        let Some(text) = path.to_str().filter(|text| text.contains(['*', '?', '[', '{'])) else { return Ok(None) };
        let glob = GlobBuilder::new(text).literal_separator(true).build();
        let matcher = glob.map_err(|error| io::Error::new(io::ErrorKind::InvalidInput, error))?.compile_matcher();
        let plain = |part: &Component<'_>| !part.as_os_str().to_string_lossy().contains(['*', '?', '[', '{']);
        let root: PathBuf = path.components().take_while(plain).collect();
        let root = if root.as_os_str().is_empty() { PathBuf::from(".") } else { root };
        let matcher = if root == Path::new(".") && !text.starts_with('.') { relative(text)? } else { matcher };
        Ok(Some(Self { root, matcher }))
    }
}

/// A pattern for paths that begin with `./`, as walking gives them.
fn relative(text: &str) -> io::Result<GlobMatcher> {
    let glob = GlobBuilder::new(&format!("./{text}")).literal_separator(true).build();
    glob.map(|glob| glob.compile_matcher()).map_err(|error| io::Error::new(io::ErrorKind::InvalidInput, error))
}

/// The way to a result in a folder, with no two the same.
#[derive(Debug, Default)]
pub(super) struct Ways {
    /// Ways that are taken, with the number that the next one of that name would have.
    taken: BTreeMap<PathBuf, usize>,
}

impl Ways {
    pub(super) fn way(&mut self, source: &Source, extension: Option<&str>) -> PathBuf {
        let inner = if source.is_stdin() { Path::new("stdin") } else { source.inner() };
        let plain = Compression::of_name(inner).1;
        let named = |stem: &Path| extension.map_or_else(|| stem.to_owned(), |extension| stem.with_extension(extension));
        let first = named(plain);
        let mut way = first.clone();
        let mut number = self.taken.get(&first).copied().unwrap_or(1);
        while self.taken.contains_key(&way) {
            number += 1;
            let stem = plain.file_stem().unwrap_or_default().to_string_lossy();
            let old = plain.extension().map(|old| format!(".{}", old.to_string_lossy())).unwrap_or_default();
            way = named(&plain.with_file_name(format!("{stem}-{number}{old}")));
        }
        self.taken.insert(way.clone(), 1);
        self.taken.insert(first, number);
        way
    }
}

/// An input that has been opened and looked at.
pub(super) struct Opened {
    pub(super) source: Source,
    pub(super) form: Form,
    pub(super) reader: Box<dyn Read + Send>,
    /// Names of its columns, or of the fields of its first record, as far as its first bytes tell.
    pub(super) columns: Vec<String>,
    /// Its size on the disk in bytes, where it is known.
    pub(super) size: Option<u64>,
}

impl Opened {
    /// Opens an input and finds out what it is, unless that is known. `taken` is told how many bytes of it have been read.
    pub(super) fn open(source: Source, form: Option<Form>, expansion: u64, taken: &super::progress::Taken) -> io::Result<Self> {
        let mut size = None;
        let raw: Box<dyn Read + Send> = if source.is_stdin() {
            Box::new(io::stdin())
        } else {
            let file = File::open(&source.path)?;
            let about = file.metadata()?;
            if about.is_dir() {
                return Err(io::ErrorKind::IsADirectory.into());
            }
            size = about.is_file().then_some(about.len());
            Box::new(file)
        };
        let mut raw = taken.count(raw);
        let head = read_head(&mut raw, |head| head.is_empty() || form.is_none() && needs_more(head))?;
        let compression = Compression::of_bytes(&head);
        let mut reader = unpack(Cursor::new(head).chain(raw), compression, expansion);
        let more = |head: &[u8]| head.is_empty() || form.is_none() && needs_more(head);
        let head = read_head(&mut reader, more).or_else(|error| if is_damaged(&error) { Ok(Vec::new()) } else { Err(error) })?;
        let form = form.unwrap_or_else(|| Form::of(&head, &source.path));
        let columns = columns(&head, form);
        Ok(Self { source, form, columns, reader: Box::new(Cursor::new(head).chain(reader)), size })
    }
}

/// Names of columns, or of the fields of a first record, that stand whole in the first bytes.
fn columns(head: &[u8], form: Form) -> Vec<String> {
    match form {
        Form::Csv => super::feeder::names(head, None),
        Form::Tsv => super::feeder::names(head, Some(b'\t')),
        Form::JsonLines => {
            let line = memchr::memchr(b'\n', head).map_or(head, |end| &head[..end]);
            let record: Option<serde_json::Map<String, serde_json::Value>> = serde_json::from_slice(line).ok();
            record.map(|record| record.into_iter().map(|(name, _)| name).collect()).unwrap_or_default()
        }
        _ => Vec::new(),
    }
}

/// A file that is broken from its first bytes on is told when it is read.
fn is_damaged(error: &io::Error) -> bool {
    crate::io::compress::Damage::of(error).is_some()
}

fn read_head(reader: &mut impl Read, more: impl Fn(&[u8]) -> bool) -> io::Result<Vec<u8>> {
    let mut head = vec![0; HEAD];
    let mut len = 0;
    while len < HEAD && more(&head[..len]) {
        match reader.read(&mut head[len..]) {
            Ok(0) => break,
            Ok(read) => len += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    head.truncate(len);
    Ok(head)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn folders_and_patterns_give_files_in_the_order_of_their_names() {
        let root = std::env::temp_dir().join(format!("copydesk-source-{}", std::process::id()));
        fs::create_dir_all(root.join("b/c")).unwrap();
        for name in ["z.txt", "b/c/a.html.gz", "b/x.txt", ".hidden.txt", "b/picture.jpg"] {
            fs::write(root.join(name), "x").unwrap();
        }
        let ways = |path: &Path| -> Vec<String> {
            Source::expand(path).unwrap().iter().map(|source| source.inner().display().to_string()).collect()
        };
        assert_eq!(ways(&root), ["b/c/a.html.gz", "b/x.txt", "z.txt"]);
        assert_eq!(ways(&root.join("**/*.txt")), ["b/x.txt", "z.txt"]);
        assert_eq!(ways(&root.join("*/*.jpg")), ["b/picture.jpg"]);
        assert!(Source::expand(&root.join("*.pdf")).is_err());
        assert_eq!(ways(&root.join("nowhere.txt")), ["nowhere.txt"]);
        fs::remove_dir_all(&root).unwrap();
    }

    #[test]
    fn no_two_results_have_one_way() {
        let mut ways = Ways::default();
        let mut way = |path: &str| ways.way(&Source::file(path), Some("txt")).display().to_string();
        assert_eq!([way("a/x.html.gz"), way("b/x.txt"), way("../x.md"), way("-")], ["x.txt", "x-2.txt", "x-3.txt", "stdin.txt"]);
        assert_eq!([way("x-4.txt"), way("c/x.txt"), way("c/x-2.txt")], ["x-4.txt", "x-5.txt", "x-2-2.txt"]);
    }
}
