//! What can be wrong with a record.

use std::fmt;

use super::compress::Damage;
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
        matches!(self.kind, ProblemKind::InvalidUtf8 { .. } | ProblemKind::LoneSurrogate | ProblemKind::PageData { .. })
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
    /// The line, or the record, is longer than allowed.
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
    /// Some of what a page says of itself cannot be read.
    #[error("{first}{others}", others = if *.more > 0 { format!(" (and {more} more)") } else { String::new() })]
    PageData {
        /// What is wrong with the first such place.
        first: String,
        /// How many more there are.
        more: usize,
    },
    /// A record that is no line is longer than allowed.
    #[error("record of {len} bytes or more; at most {limit} are allowed (--max-record)")]
    TooLarge {
        /// Its length in bytes, as far as it was read.
        len: u64,
        /// The limit in bytes.
        limit: usize,
    },
    /// Cleaning took longer than allowed.
    #[error("took {millis} ms; at most {limit} are allowed (--max-time)")]
    TooSlow {
        /// How long it took.
        millis: u64,
        /// The limit.
        limit: u64,
    },
    /// A line of a table has more or fewer cells than the table has columns.
    #[error("{cells} cells where the first line names {columns}")]
    Cells {
        /// How many it has.
        cells: usize,
        /// How many there should be.
        columns: usize,
    },
    /// The input cannot be read on.
    #[error("{0}; what came before is written")]
    Damaged(
        /// What is wrong.
        #[source]
        Damage,
    ),
    /// The input, or a record in it, is not what it should be.
    #[error("{0}")]
    Malformed(
        /// What is wrong, and where.
        String,
    ),
    /// Cleaning the record has failed in a way that nobody has thought of.
    #[error("cleaning it has failed; this is a fault of copydesk")]
    Fault,
}

impl ProblemKind {
    /// One word for it, as statistics have it.
    pub const fn status(&self) -> &'static str {
        match self {
            Self::Json { .. } | Self::Malformed(_) => "malformed",
            Self::NoText { .. } | Self::NotText { .. } => "no_text",
            Self::TooLong { .. } | Self::TooLarge { .. } | Self::Page(_) => "too_long",
            Self::TooSlow { .. } => "too_slow",
            Self::Cells { .. } => "cells",
            Self::InvalidUtf8 { .. } | Self::LoneSurrogate => "replaced",
            Self::PageData { .. } => "page_data",
            Self::Damaged(Damage::Expansion { .. }) => "too_expanded",
            Self::Damaged(Damage::Truncated { .. }) => "truncated",
            Self::Damaged(Damage::Broken { .. }) => "broken",
            Self::Fault => "fault",
        }
    }
}
