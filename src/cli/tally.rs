//! Counts of what happened, for `--stats`.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::messages::{counted, grouped};
use crate::io::{Pieces, Stats};

/// Hosts that are listed.
const HOSTS: usize = 20;

/// Counts as a table for people.
pub(super) fn table(stats: &Stats) -> String {
    let mut out = counted(size(stats.records()), "record", "records");
    let good = ["ok", "empty", "refused"].map(|status| (status, stats.statuses.get(status).copied().unwrap_or_default()));
    let parts = good.iter().copied().chain([("failed", stats.failed())]).filter(|(_, count)| *count > 0);
    let parts: Vec<_> = parts.map(|(word, count)| format!("{} {word}", grouped(size(count)))).collect();
    if !parts.is_empty() {
        let _ = write!(out, " ({})", parts.join(", "));
    }
    let _ = writeln!(
        out,
        ", {} changed, {}; {} bytes of text in, {} out",
        grouped(size(stats.changed)),
        counted(size(stats.captions), "caption", "captions"),
        grouped(size(stats.bytes_in)),
        grouped(size(stats.bytes_out))
    );
    out.push_str(&rule_table(stats));
    out
}

/// Categories and rules, those that took most pieces first.
fn rule_table(stats: &Stats) -> String {
    let rows = rules(stats);
    let width = rows.iter().map(|(category, ..)| category.len()).max().unwrap_or(0);
    let mut out = String::new();
    if !rows.is_empty() {
        let _ = write!(out, "\n{:>9} {:>12}  {:<width$}  rule\n", "pieces", "bytes", "category");
    }
    for (category, rule, Pieces { pieces, bytes }) in rows {
        let _ = writeln!(out, "{:>9} {:>12}  {category:<width$}  {rule}", grouped(size(pieces)), grouped(size(bytes)));
    }
    out.truncate(out.trim_end().len());
    out
}

/// Counts for programs; `never` are the rules that have removed nothing.
pub(super) fn object(stats: &Stats, seconds: f64, never: &[String]) -> Value {
    let rules: Vec<Value> = rules(stats)
        .iter()
        .map(|(category, rule, Pieces { pieces, bytes })| json!({ "category": category, "rule": rule, "pieces": pieces, "bytes": bytes }))
        .collect();
    let mut hosts: Vec<(&String, &Pieces)> = stats.hosts.iter().collect();
    hosts.sort_by_key(|(_, count)| std::cmp::Reverse(count.pieces));
    hosts.truncate(HOSTS);
    let hosts: Vec<Value> =
        hosts.iter().map(|(host, Pieces { pieces, bytes })| json!({ "host": host, "pieces": pieces, "bytes": bytes })).collect();
    json!({
        "records": stats.records(),
        "statuses": stats.statuses,
        "changed": stats.changed,
        "captions": stats.captions,
        "bytes_in": stats.bytes_in,
        "bytes_out": stats.bytes_out,
        "seconds": (seconds * 1000.0).round() / 1000.0,
        "removed": rules,
        "hosts": hosts,
        "never_removed": never,
    })
}

/// Category, rule and count, those that took most pieces first.
fn rules(stats: &Stats) -> Vec<(&str, &str, Pieces)> {
    let all = stats.rules.iter().flat_map(|(category, rules)| rules.iter().map(move |(rule, count)| (&**category, &**rule, *count)));
    let mut rows: Vec<_> = all.collect();
    rows.sort_by_key(|(.., count)| std::cmp::Reverse(count.pieces));
    rows
}

fn size(count: u64) -> usize {
    usize::try_from(count).unwrap_or(usize::MAX)
}
