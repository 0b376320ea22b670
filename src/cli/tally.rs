//! Counts of what happened, for `--stats` and `--check`.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::messages::{Messages, counted, grouped};
use crate::article::{Article, Status};
use crate::io::{Problem, Watch};
use crate::rules::{Category, RuleId};

/// Watches records and counts.
#[derive(Debug)]
pub(super) struct Tally {
    messages: Messages,
    /// Whether every text that would change is named.
    names_changes: bool,
    ok: usize,
    empty: usize,
    refused: usize,
    failed: usize,
    changed: usize,
    captions: usize,
    bytes_in: usize,
    bytes_out: usize,
    rules: BTreeMap<(Category, RuleId), Count>,
}

#[derive(Debug, Default)]
struct Count {
    pieces: usize,
    bytes: usize,
}

impl Tally {
    pub(super) fn new(messages: Messages, names_changes: bool) -> Self {
        Self {
            messages,
            names_changes,
            ok: 0,
            empty: 0,
            refused: 0,
            failed: 0,
            changed: 0,
            captions: 0,
            bytes_in: 0,
            bytes_out: 0,
            rules: BTreeMap::new(),
        }
    }

    /// Records that could not be cleaned.
    pub(super) fn failed(&self) -> usize {
        self.failed
    }

    /// Texts that did not come out as they came in.
    pub(super) fn changed(&self) -> usize {
        self.changed
    }

    /// A table for people.
    pub(super) fn table(&self) -> String {
        let records = self.ok + self.empty + self.refused + self.failed;
        let mut out = counted(records, "record", "records");
        let parts = [("ok", self.ok), ("empty", self.empty), ("refused", self.refused), ("failed", self.failed)];
        let parts: Vec<_> =
            parts.iter().filter(|(_, count)| *count > 0).map(|(word, count)| format!("{} {word}", grouped(*count))).collect();
        if !parts.is_empty() {
            let _ = write!(out, " ({})", parts.join(", "));
        }
        let _ = writeln!(
            out,
            ", {} changed, {}; {} bytes of text in, {} out",
            grouped(self.changed),
            counted(self.captions, "caption", "captions"),
            grouped(self.bytes_in),
            grouped(self.bytes_out)
        );
        out.push_str(&self.rule_table());
        out
    }

    /// Categories and rules, those that took most pieces first.
    fn rule_table(&self) -> String {
        let mut rows: Vec<_> = self.rules.iter().collect();
        rows.sort_by_key(|(_, count)| std::cmp::Reverse(count.pieces));
        let width = rows.iter().map(|((category, _), _)| category.as_str().len()).max().unwrap_or(0);
        let mut out = String::new();
        if !rows.is_empty() {
            let _ = write!(out, "\n{:>9} {:>12}  {:<width$}  rule\n", "pieces", "bytes", "category");
        }
        for ((category, rule), count) in rows {
            let _ = writeln!(out, "{:>9} {:>12}  {:<width$}  {rule}", grouped(count.pieces), grouped(count.bytes), category.as_str());
        }
        out.truncate(out.trim_end().len());
        out
    }
}

impl Watch for Tally {
    fn article(&mut self, name: &str, source: &str, article: &Article<'_>) {
        match article.status {
            Status::Ok => self.ok += 1,
            Status::Empty => self.empty += 1,
            Status::Refused => self.refused += 1,
        }
        self.captions += article.captions.len();
        self.bytes_in += source.len();
        self.bytes_out += article.text.len();
        if !article.dropped.is_empty() {
            self.changed += 1;
            if self.names_changes {
                self.messages.note(format_args!("{name}: {} would go", counted(article.dropped.len(), "piece", "pieces")));
            }
        }
        for piece in &article.dropped {
            let count = self.rules.entry((piece.category, piece.rule.clone())).or_default();
            count.pieces += 1;
            count.bytes += piece.text.len();
        }
    }

    fn problem(&mut self, problem: &Problem) {
        self.failed += usize::from(!problem.is_warning());
        self.messages.problem(problem);
    }
}
