//! Rule files: a name and a text, shared cheaply with everything that points into them.

use std::fs;
use std::ops::{Deref, Range};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::diagnostics::RulesError;

/// Text of a rule file: in the binary, or read and shared.
#[derive(Clone, Debug)]
pub(super) enum Text {
    /// Part of the binary, with its packed form.
    Builtin(&'static str, Option<&'static str>),
    /// Read from disk or given by the caller.
    Read(Arc<str>),
}

impl Deref for Text {
    type Target = str;

    fn deref(&self) -> &str {
        match self {
            Self::Builtin(text, _) => text,
            Self::Read(text) => text,
        }
    }
}

/// A rule file: its name and its text. Cheap to clone.
#[derive(Clone, Debug)]
pub struct RuleFile {
    name: Arc<PathBuf>,
    text: Text,
}

impl RuleFile {
    /// Takes a text that the caller holds; `name` is what diagnostics call it.
    pub fn new(name: impl Into<PathBuf>, text: impl Into<Arc<str>>) -> Self {
        Self { name: Arc::new(name.into()), text: Text::Read(text.into()) }
    }

    /// Reads a file.
    ///
    /// # Errors
    /// When the file cannot be read or is not UTF-8.
    pub fn read(path: &Path) -> Result<Self, RulesError> {
        let text = fs::read_to_string(path).map_err(|source| RulesError::Read { path: path.to_owned(), source })?;
        Ok(Self::new(path, text))
    }

    /// Wraps a file that is part of the binary, and its packed form where the build has made one.
    pub(super) fn builtin(path: &str, text: &'static str, packed: Option<&'static str>) -> Self {
        Self { name: Arc::new(path.into()), text: Text::Builtin(text, packed) }
    }

    /// What diagnostics call the file; for built-in packs the path below `rules/`.
    pub fn name(&self) -> &Path {
        &self.name
    }

    /// The whole text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether the file is part of the binary.
    pub fn is_builtin(&self) -> bool {
        matches!(self.text, Text::Builtin(..))
    }

    /// The packed form.
    pub(super) fn packed(&self) -> Option<&'static str> {
        match self.text {
            Text::Builtin(_, packed) => packed,
            Text::Read(_) => None,
        }
    }

    /// The name, shared.
    pub(super) fn shared_name(&self) -> Arc<PathBuf> {
        Arc::clone(&self.name)
    }

    /// `range` moved onto character borders inside the text.
    pub(super) fn clamp(&self, range: Range<usize>) -> Range<usize> {
        let start = self.border(range.start);
        start..self.border(range.end).max(start)
    }

    /// The last character border at or before `at`.
    fn border(&self, at: usize) -> usize {
        let text = self.text();
        (0..=at.min(text.len())).rev().find(|&border| text.is_char_boundary(border)).unwrap_or(0)
    }

    /// Line and column of a byte, both from 1, the column in characters.
    pub(super) fn line_column(&self, at: usize) -> (u32, u32) {
        let before = &self.text()[..self.border(at)];
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let line = memchr::memchr_iter(b'\n', before.as_bytes()).count() + 1;
        (line as u32, before[line_start..].chars().count() as u32 + 1)
    }
}

/// Line numbers of rising offsets in a text, counted on from the last one asked for.
pub(super) struct Lines<'t> {
    text: &'t str,
    at: usize,
    line: u32,
}

impl<'t> Lines<'t> {
    /// Starts at the first byte, in line 1.
    pub(super) fn new(text: &'t str) -> Self {
        Self { text, at: 0, line: 1 }
    }

    /// Line of the byte at `offset`, from 1.
    pub(super) fn line(&mut self, offset: usize) -> u32 {
        let offset = offset.min(self.text.len());
        if offset < self.at {
            *self = Self::new(self.text);
        }
        self.line += memchr::memchr_iter(b'\n', &self.text.as_bytes()[self.at..offset]).count() as u32;
        self.at = offset;
        self.line
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_columns_count_from_one_in_characters() {
        let file = RuleFile::new("x.toml", "ab\nä = é\n");
        let cases = [(0, (1, 1)), (2, (1, 3)), (3, (2, 1)), (8, (2, 5)), (400, (3, 1))];
        for (at, place) in cases {
            assert_eq!(file.line_column(at), place, "{at}");
        }
    }

    #[test]
    fn lines_may_be_asked_for_in_any_order() {
        let mut lines = Lines::new("a\nb\nc\n");
        assert_eq!([lines.line(0), lines.line(4), lines.line(2), lines.line(99)], [1, 3, 2, 4]);
    }
}
