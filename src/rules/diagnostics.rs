//! What is wrong in a rule file, and where: shown the way the Rust compiler shows it.
//!
//! ```text
//! error[unknown_key]: unknown key `mach`
//!  --> mine.toml:9:1
//!   |
//! 9 | mach.is = ["advertisement"]
//!   | ^^^^ not a key of `[[rule]]`
//!   |
//!   = help: did you mean `match`?
//! ```

use std::fmt;
use std::io;
use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;

use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Renderer, Snippet, normalize_untrusted_str};

use super::source::RuleFile;
use crate::span::ByteSpan;

/// How bad a diagnostic is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The rules cannot be used, or must not be.
    Error,
    /// The rules can be used; one of them is unwise.
    Warning,
}

/// Declares [`Code`] with the word and meaning of each.
macro_rules! codes {
    ($($(#[doc = $doc:literal])* $variant:ident = $word:literal,)+) => {
        /// What kind of thing is wrong; the word in brackets of a diagnostic.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Code { $($(#[doc = $doc])* $variant,)+ }

        impl Code {
            /// All codes.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The word in brackets.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }

            /// What it finds, in one sentence.
            pub const fn about(self) -> &'static str {
                match self { $(Self::$variant => concat!($($doc,)*).trim_ascii(),)+ }
            }
        }
    };
}

codes! {
    /// The file is not well-formed TOML.
    Syntax = "syntax",
    /// A key that the format does not have.
    UnknownKey = "unknown_key",
    /// A key that must be there is not.
    MissingKey = "missing_key",
    /// A value of another type than its key takes.
    WrongType = "wrong_type",
    /// A word that is not one of those that its key takes.
    UnknownWord = "unknown_word",
    /// A value that its key cannot take.
    BadValue = "bad_value",
    /// A rule's name that is malformed or does not begin with its pack.
    BadId = "bad_id",
    /// Two rules with one name.
    DuplicateId = "duplicate_id",
    /// A malformed host pattern.
    BadHost = "bad_host",
    /// A regular expression that does not compile, or is too large.
    BadRegex = "bad_regex",
    /// A malformed CSS selector.
    BadSelector = "bad_selector",
    /// A phrase of which folding leaves nothing.
    EmptyPhrase = "empty_phrase",
    /// An `@list` or `{{list}}` that no file defines.
    UndefinedList = "undefined_list",
    /// A list that contains itself.
    ListCycle = "list_cycle",
    /// Two lists with one name.
    DuplicateList = "duplicate_list",
    /// A `tag` on a rule whose action is not `tag`, or the reverse.
    UnusedTag = "unused_tag",
    /// No literal by which the engine could find candidates quickly.
    SlowPattern = "slow_pattern",
    /// A removal that nothing bounds.
    BroadRemove = "broad_remove",
    /// A rule without a hit or without a miss.
    NoTests = "no_tests",
    /// A hit that does not match, a miss that does, a gap that does now.
    TestFailed = "test_failed",
    /// Another rule takes this hit.
    StolenHit = "stolen_hit",
    /// Some rule removes this miss.
    HarmedMiss = "harmed_miss",
    /// Two rules that look for one phrase.
    EqualPhrases = "equal_phrases",
    /// Conditions that cannot all hold.
    Unreachable = "unreachable",
    /// An override that changes nothing.
    DeadOverride = "dead_override",
    /// A rule that leans on a category that nothing can claim before it.
    Cycle = "cycle",
    /// A list that nothing uses.
    UnusedList = "unused_list",
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A second place that a diagnostic points at, such as the first of two definitions.
#[derive(Clone, Debug)]
pub struct Place {
    /// The file.
    pub file: Arc<PathBuf>,
    /// Byte range in the file.
    pub span: ByteSpan,
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
    /// What there is to see.
    pub label: String,
    source: RuleFile,
}

/// Something wrong in a rule file.
#[derive(Clone, Debug)]
pub struct Diagnostic {
    /// What kind of thing.
    pub code: Code,
    /// How bad.
    pub severity: Severity,
    /// One sentence, lower case, no full stop.
    pub message: String,
    /// The file; for built-in packs the path below `rules/`.
    pub file: Arc<PathBuf>,
    /// Byte range in the file.
    pub span: ByteSpan,
    /// Line of its start, from 1.
    pub line: u32,
    /// Column of its start in characters, from 1.
    pub column: u32,
    /// What stands under the marked place; may be empty.
    pub label: String,
    /// What to do about it.
    pub help: Option<String>,
    /// What else there is to know.
    pub notes: Vec<String>,
    /// Other places that have to do with it.
    pub related: Vec<Place>,
    source: RuleFile,
}

impl Diagnostic {
    /// An error at `range` of `file`.
    pub(super) fn error(code: Code, file: &RuleFile, range: Range<usize>, message: impl Into<String>) -> Self {
        let range = file.clamp(range);
        let (line, column) = file.line_column(range.start);
        Self {
            code,
            severity: Severity::Error,
            message: message.into(),
            file: file.shared_name(),
            span: range.into(),
            line,
            column,
            label: String::new(),
            help: None,
            notes: Vec::new(),
            related: Vec::new(),
            source: file.clone(),
        }
    }

    /// A warning at `range` of `file`.
    pub(super) fn warning(code: Code, file: &RuleFile, range: Range<usize>, message: impl Into<String>) -> Self {
        Self::error(code, file, range, message).severity(Severity::Warning)
    }

    pub(super) fn severity(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }

    pub(super) fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    pub(super) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// "did you mean …?", when there is something to suggest.
    pub(super) fn suggest(self, word: Option<&str>) -> Self {
        match word {
            Some(word) => self.help(format!("did you mean `{word}`?")),
            None => self,
        }
    }

    pub(super) fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    pub(super) fn related(mut self, file: &RuleFile, range: Range<usize>, label: impl Into<String>) -> Self {
        let range = file.clamp(range);
        let (line, column) = file.line_column(range.start);
        let (name, span) = (file.shared_name(), range.into());
        self.related.push(Place { file: name, span, line, column, label: label.into(), source: file.clone() });
        self
    }

    /// Whether the file is part of the binary.
    pub fn is_builtin(&self) -> bool {
        self.source.is_builtin()
    }

    /// The diagnostic as text of several lines, without a final line break; in colour for terminals if asked.
    pub fn render(&self, colour: bool) -> String {
        let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
        let level = match self.severity {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
        };
        let mut group = level.primary_title(normalize_untrusted_str(&self.message)).id(self.code.as_str()).elements(self.snippets());
        for note in &self.notes {
            group = group.element(Level::NOTE.message(normalize_untrusted_str(note)));
        }
        if let Some(help) = &self.help {
            group = group.element(Level::HELP.message(normalize_untrusted_str(help)));
        }
        let report: &[Group<'_>] = &[group];
        renderer.render(report)
    }

    /// The marked lines of each file, the file of the diagnostic first.
    fn snippets(&self) -> Vec<Snippet<'_, Annotation<'_>>> {
        let (here, elsewhere): (Vec<&Place>, Vec<&Place>) = self.related.iter().partition(|place| place.file == self.file);
        let main = Mark { kind: AnnotationKind::Primary, span: self.span, label: &self.label };
        let marks = here.into_iter().map(Mark::context);
        let mut snippets = vec![snippet(&self.source, &std::iter::once(main).chain(marks).collect::<Vec<_>>())];
        snippets.extend(elsewhere.into_iter().map(|place| snippet(&place.source, &[Mark::context(place)])));
        snippets
    }
}

impl fmt::Display for Diagnostic {
    /// The diagnostic without colour.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.render(false))
    }
}

/// A marked range with a label.
struct Mark<'d> {
    kind: AnnotationKind,
    span: ByteSpan,
    label: &'d str,
}

impl<'d> Mark<'d> {
    fn context(place: &'d Place) -> Self {
        Self { kind: AnnotationKind::Context, span: place.span, label: &place.label }
    }
}

/// The lines of `file` from the first to the last mark.
fn snippet<'d>(file: &'d RuleFile, marks: &[Mark<'d>]) -> Snippet<'d, Annotation<'d>> {
    let text = file.text();
    let first = marks.iter().map(|mark| mark.span.start).min().unwrap_or(0);
    let last = marks.iter().map(|mark| mark.span.end).max().unwrap_or(0);
    let start = text[..first].rfind('\n').map_or(0, |newline| newline + 1);
    let end = text[last..].find('\n').map_or(text.len(), |newline| last + newline);
    let annotations = marks.iter().map(|mark| {
        let annotation = mark.kind.span(mark.span.start - start..mark.span.end - start);
        if mark.label.is_empty() { annotation } else { annotation.label(normalize_untrusted_str(mark.label)) }
    });
    Snippet::source(&text[start..end])
        .line_start(file.line_column(start).0 as usize)
        .path(file.name().to_string_lossy())
        .annotations(annotations)
}

/// Why rules could not be loaded.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RulesError {
    /// A file or folder could not be read.
    #[error("cannot read {}", path.display())]
    Read {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Files have errors; there is at least one.
    #[error("{}", summary(diagnostics))]
    Invalid {
        /// What is wrong, in the order of files and lines.
        diagnostics: Vec<Diagnostic>,
    },
}

impl RulesError {
    /// What is wrong in which file; empty when the reason is another.
    pub fn diagnostics(&self) -> &[Diagnostic] {
        match self {
            Self::Invalid { diagnostics } => diagnostics,
            Self::Read { .. } => &[],
        }
    }

    /// `Ok(value)` when there are no errors among the diagnostics.
    pub(super) fn unless_empty<T>(value: T, mut diagnostics: Vec<Diagnostic>) -> Result<T, Self> {
        if diagnostics.is_empty() {
            return Ok(value);
        }
        sort(&mut diagnostics);
        Err(Self::Invalid { diagnostics })
    }
}

/// Sorts by file, place and code, so that output never depends on the order of loading.
pub(super) fn sort(diagnostics: &mut [Diagnostic]) {
    diagnostics.sort_by(|a, b| (&a.file, a.span, a.code, &a.message).cmp(&(&b.file, b.span, b.code, &b.message)));
}

/// The first diagnostic in one line, and how many more there are.
fn summary(diagnostics: &[Diagnostic]) -> String {
    let Some(first) = diagnostics.first() else { return "invalid rules".to_owned() };
    let more = match diagnostics.len() {
        1 => String::new(),
        count => format!(" (and {} more)", count - 1),
    };
    format!("{}:{}:{}: {}{more}", first.file.display(), first.line, first.column, first.message)
}
