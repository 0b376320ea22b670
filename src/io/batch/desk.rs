//! The working stage: each worker takes pieces of work as they come and knows of no other.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, Sender};

use super::feeder::{Event, Input, Task, What, Work};
use super::{Limits, Wishes};
use crate::article::Article;
use crate::document::Document;
use crate::io::feed::entries;
use crate::io::job::{Body, Raw};
use crate::io::json::string::write_string;
use crate::io::jsonl::{Place, Watch, Worker, text_of};
use crate::io::pages::Pages;
use crate::io::print::Format;
use crate::io::problem::{Problem, ProblemKind};
use crate::io::stats::Stats;
use crate::io::write::write_removed;

/// What has become of a piece of work.
#[derive(Debug, Default)]
pub(super) struct Outcome {
    pub(super) pages: Pages,
    /// Lines for the list of removals.
    pub(super) removed: Vec<u8>,
    /// Lines for the list of failures.
    pub(super) errors: Vec<u8>,
    pub(super) problems: Vec<Problem>,
    /// Texts that have changed, by name, and in how many places.
    pub(super) changes: Vec<(String, usize)>,
    pub(super) stats: Stats,
}

/// A worker and what it knows.
pub(super) struct Desk {
    pub(super) worker: Worker,
    pub(super) limits: Limits,
    pub(super) wishes: Wishes,
}

impl Desk {
    /// Works until there are no more tasks.
    pub(super) fn run(mut self, tasks: &Receiver<Task>, events: &Sender<Event>) {
        for Task { number, cost, input, work, after } in tasks {
            let mut outcome = Box::<Outcome>::default();
            match work {
                Work::Lines { bytes, first } => self.lines(&input, &bytes, first, &mut outcome),
                Work::Records(records) => records.iter().for_each(|raw| self.record(&input, raw, &mut outcome)),
                Work::Feed(feed) => self.feed(&input, &feed, &mut outcome),
            }
            if events.send(Event { number, cost, what: What::Done(outcome, after) }).is_err() {
                return;
            }
        }
    }

    fn lines(&mut self, input: &Input, bytes: &[u8], first: u64, outcome: &mut Outcome) {
        let mut start = 0;
        let ends = memchr::memchr_iter(b'\n', bytes).chain((bytes.last() != Some(&b'\n')).then_some(bytes.len()));
        for (number, end) in (first..).zip(ends) {
            let line = &bytes[start..end];
            start = end + 1;
            let place = Place { file: &input.name, line: Some(number) };
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            if line.len() > self.limits.record {
                let kind = ProblemKind::TooLong { len: line.len() as u64, limit: self.limits.record };
                self.guarded(place, line, outcome, |_, _, notes| notes.problem(&place.problem(None, kind)));
                continue;
            }
            self.guarded(place, line, outcome, |worker, pages, notes| {
                if let Some(text) = text_of(line, place, notes) {
                    worker.record(place, &text, pages, notes);
                }
            });
        }
    }

    fn feed(&mut self, input: &Input, feed: &[u8], outcome: &mut Outcome) {
        let place = Place { file: &input.name, line: None };
        if self.worker.press.printer.format() == Format::Feed {
            return self.guarded(place, feed, outcome, |worker, pages, notes| worker.feed(place, feed, pages, notes));
        }
        match entries(feed) {
            Ok(records) => records.iter().for_each(|raw| self.record(input, raw, outcome)),
            Err(kind) => {
                let raw = Raw { number: None, fields: Vec::new(), body: Body::Failed(kind) };
                self.guarded(place, feed, outcome, |worker, pages, notes| worker.raw(place, &raw, pages, notes));
            }
        }
    }

    fn record(&mut self, input: &Input, raw: &Raw, outcome: &mut Outcome) {
        let place = Place { file: &input.name, line: raw.number };
        let bytes = match &raw.body {
            Body::Text(bytes) | Body::Html { bytes, .. } | Body::Http(bytes) => bytes,
            Body::Field | Body::Failed(_) => &raw.fields,
        };
        self.guarded(place, bytes, outcome, |worker, pages, notes| worker.raw(place, raw, pages, notes));
    }

    /// Does one record, so that neither a fault nor a record that takes too long reaches the others. Time is looked at when the
    /// record is done: cleaning takes time in proportion to its input and cannot be stopped in the middle.
    fn guarded(
        &mut self,
        place: Place<'_>,
        bytes: &[u8],
        outcome: &mut Outcome,
        clean: impl FnOnce(&mut Worker, &mut Pages, &mut Notes<'_>),
    ) {
        let began = self.limits.time.map(|limit| (limit, Instant::now()));
        let Outcome { pages, removed, errors, problems, changes, stats } = outcome;
        let (known, whole) = (problems.len(), pages.len());
        let mut own = Stats::default();
        let mut notes = Notes { wishes: self.wishes, removed, problems, changes, stats: if began.is_some() { &mut own } else { stats } };
        let (removals, texts) = (notes.removed.len(), notes.changes.len());
        let result = catch_unwind(AssertUnwindSafe(|| clean(&mut self.worker, pages, &mut notes)));
        let slow = began.and_then(|(limit, began)| too_slow(limit, began.elapsed()));
        let failure = if result.is_err() { Some(ProblemKind::Fault) } else { slow };
        let Some(kind) = failure else {
            if began.is_some() {
                stats.add(&own);
            }
            return note_failures(&problems[known..], bytes, self.wishes, errors);
        };
        if result.is_err() {
            self.worker.start_afresh();
        }
        // What it has said and written so far does not count.
        problems.truncate(known);
        removed.truncate(removals);
        changes.truncate(texts);
        pages.truncate(whole);
        let raw = Raw { number: place.line, fields: Vec::new(), body: Body::Failed(kind) };
        let mut notes = Notes { wishes: self.wishes, removed, problems, changes, stats };
        self.worker.raw(place, &raw, pages, &mut notes);
        note_failures(&problems[known..], bytes, self.wishes, errors);
    }
}

fn too_slow(limit: Duration, took: Duration) -> Option<ProblemKind> {
    let millis = |time: Duration| u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
    (took > limit).then(|| ProblemKind::TooSlow { millis: millis(took), limit: millis(limit) })
}

/// A line for each failure, with the bytes of the record as they came in.
fn note_failures(problems: &[Problem], bytes: &[u8], wishes: Wishes, out: &mut Vec<u8>) {
    if !wishes.errors {
        return;
    }
    for problem in problems.iter().filter(|problem| !problem.is_warning()) {
        write_failure(problem, bytes, out);
    }
}

/// `{"file":…,"line":…,"id":…,"status":…,"error":…,"record":…}`, with the record as a string, or in hexadecimal digits as
/// `record_hex` when it is not UTF-8.
pub(super) fn write_failure(problem: &Problem, bytes: &[u8], out: &mut Vec<u8>) {
    use std::io::Write as _;
    out.extend_from_slice(b"{\"file\":");
    write_string(out, &problem.file);
    if let Some(line) = problem.line {
        write!(out, ",\"line\":{line}").expect("writing to memory does not fail");
    }
    let mut text = |name: &str, value: &str| {
        out.extend_from_slice(name.as_bytes());
        write_string(out, value);
    };
    if let Some(id) = &problem.id {
        text(",\"id\":", id);
    }
    text(",\"status\":", problem.kind.status());
    text(",\"error\":", &problem.kind.to_string());
    match std::str::from_utf8(bytes) {
        Ok(record) => text(",\"record\":", record),
        Err(_) => text(",\"record_hex\":", &hexadecimal(bytes)),
    }
    out.extend_from_slice(b"}\n");
}

fn hexadecimal(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digit = |byte: u8| char::from(DIGITS[usize::from(byte)]);
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

/// What is noted about records.
struct Notes<'o> {
    wishes: Wishes,
    removed: &'o mut Vec<u8>,
    problems: &'o mut Vec<Problem>,
    changes: &'o mut Vec<(String, usize)>,
    stats: &'o mut Stats,
}

impl Watch for Notes<'_> {
    fn article(&mut self, name: &str, document: &Document<'_>, article: &Article<'_>) {
        self.stats.article(document.host(), document.source().len(), article);
        if article.dropped.is_empty() {
            return;
        }
        if self.wishes.changes {
            self.changes.push((name.to_owned(), article.dropped.len()));
        }
        if self.wishes.removed {
            write_removed(self.removed, name, article);
        }
    }

    fn problem(&mut self, problem: &Problem) {
        if !problem.is_warning() {
            self.stats.status(problem.kind.status());
        }
        self.problems.push(problem.clone());
    }
}
