//! What can be wrong with a record.

use std::fmt;

use super::json::scan::JsonError;
use crate::html::TooLong;

/// Something wrong with one record; the others are not touched by it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The file, `-` for standard input.
    pub file: String,
    /// The line, from 1; `None` when it is about a whole file.
    pub line: Option<u64>,
    /// The record's `id`, where it has one.
    pub id: Option<String>,
    /// What is wrong.
    pub kind: ProblemKind,
}

impl Problem {
    /// Whether the record was cleaned all the same.
    pub fn is_warning(&self) -> bool {
        matches!(self.kind, ProblemKind::InvalidUtf8 { .. } | ProblemKind::LoneSurrogate)
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        if let Some(id) = &self.id {
            write!(f, " (id {id})")?;
        }
        write!(f, ": {}", self.kind)
    }
}

/// What is wrong with a record.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ProblemKind {
    /// The line is not an object of JSON.
    #[error("not a JSON object: {error}{hint}", hint = if *.spread { "; JSON Lines has one whole object a line" } else { "" })]
    Json {
        /// What is wrong, and where.
        #[source]
        error: JsonError,
        /// Whether it looks like the start of an object that goes over several lines.
        spread: bool,
    },
    /// The field that is to be cleaned is not there.
    #[error("no field `{field}`")]
    NoText {
        /// Its name.
        field: String,
    },
    /// The field that is to be cleaned is not a string.
    #[error("field `{field}` is {found}, not a string")]
    NotText {
        /// Its name.
        field: String,
        /// What it is.
        found: &'static str,
    },
    /// The line is longer than allowed.
    #[error("line of {len} bytes; at most {limit} are allowed (--max-record)")]
    TooLong {
        /// Its length in bytes.
        len: u64,
        /// The limit in bytes.
        limit: usize,
    },
    /// Bytes that are not UTF-8 were replaced.
    #[error("invalid UTF-8 in {count} {places}, replaced by U+FFFD", places = if *.count == 1 { "place" } else { "places" })]
    InvalidUtf8 {
        /// In how many places.
        count: usize,
    },
    /// The page is longer than a parser can take.
    #[error(transparent)]
    Page(#[from] TooLong),
    /// Halves of surrogate pairs were replaced.
    #[error("half of a surrogate pair in the text, replaced by U+FFFD")]
    LoneSurrogate,
}
