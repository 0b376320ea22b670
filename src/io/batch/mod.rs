//! Many records from many inputs through many threads, in the order in which they came.
//!
//! ```text
//! inputs ──feeder──> pieces ──desks──> pages ──writer──> sink
//!          1 thread           n threads        caller's thread
//! ```
//!
//! The *feeder* reads (a compressed input is unpacked in a thread of its own) and cuts the input into pieces of about a quarter of
//! a megabyte, each with a number. *Desks* clean what they get, one piece at a time, and never wait for each other. The *writer*
//! brings the pages into the order of the numbers. At most [`Batch::memory`] bytes are under way at once, a piece that is larger
//! goes alone: so memory is bounded by that and by a few times the largest record, however long the input is.
//!
//! ```
//! use copydesk::{Engine, io::{Batch, BatchSink, Format, OneSink, Printer, Problem, Source, Target}};
//!
//! let folder = std::env::temp_dir().join(format!("copydesk-doc-{}", std::process::id()));
//! std::fs::create_dir_all(&folder)?;
//! std::fs::write(folder.join("a.txt"), "Advertisement\n\nThe vote was close, the office said.\n")?;
//!
//! let engine = Engine::builder().build()?;
//! let printer = Printer::new(Format::JsonLines, engine.rules_hash());
//! let out = folder.join("out.jsonl");
//! let mut sink = OneSink::new(Target::file(&out)?, &printer, true)?;
//! let mut problems: Vec<Problem> = Vec::new();
//! let run = Batch::new(engine, printer).jobs(2).run(Source::expand(&folder)?, &mut sink, &mut problems)?;
//! sink.commit()?;
//!
//! assert_eq!(run.stats.records(), 1);
//! assert!(std::fs::read_to_string(&out)?.contains(r#""text":"The vote was close, the office said.\n""#));
//! # std::fs::remove_dir_all(&folder)?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod budget;
#[cfg(feature = "parquet")]
mod columns;
mod desk;
mod feeder;
mod progress;
mod resume;
mod sink;
mod source;

use std::collections::BTreeMap;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use crossbeam_channel::{Receiver, RecvTimeoutError, bounded};
use serde::{Deserialize, Serialize};

use super::compress::Damage;
use super::form::Form;
use super::jsonl::{Account, Opener, Told, Worker};
use super::print::Printer;
use super::problem::{Problem, ProblemKind};
use super::record::FieldNames;
use super::stats::Stats;
use crate::engine::Engine;
use crate::html::PageReader;
use budget::Budget;
use desk::{Desk, Outcome};
use feeder::{Event, Feeder, What};
use progress::Taken;
use source::Opened;

#[cfg(feature = "parquet")]
pub use columns::ParquetSink;
pub use progress::Progress;
pub use resume::{Manifest, ResumeError};
pub use sink::{BatchSink, FolderSink, Mark, Nowhere, OneSink, SideFile};
pub use source::Source;

/// Bytes under way for each worker, unless set otherwise.
const MEMORY: usize = 4 << 20;
/// Bytes of a record, unless set otherwise.
const MAX_RECORD: usize = 256 << 20;
/// How many times its size a compressed input may become, unless set otherwise.
const MAX_EXPANSION: u64 = 1000;
/// How often the writer looks whether it shall stop.
const LOOK: Duration = Duration::from_millis(100);

/// What one input or record may cost.
#[derive(Clone, Copy, Debug)]
struct Limits {
    record: usize,
    time: Option<Duration>,
    expansion: u64,
}

/// What is noted beside results.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Wishes {
    /// Everything that was removed; goes to [`BatchWatch::removed`].
    pub removed: bool,
    /// Records that failed, as they came in; goes to [`BatchWatch::errors`].
    pub errors: bool,
    /// Texts that have changed; goes to [`BatchWatch::changed`].
    pub changes: bool,
}

/// A place in the inputs, between two records.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Position {
    /// Number of the input, from 0.
    pub input: u64,
    /// Bytes of it, unpacked, that lie before; counted for JSON Lines only.
    pub offset: u64,
    /// Lines or records of it that lie before.
    pub records: u64,
}

impl Position {
    /// The beginning of the next input.
    const fn next(self) -> Self {
        Self { input: self.input + 1, offset: 0, records: 0 }
    }
}

/// Is told how a run goes, in the order of the input.
pub trait BatchWatch {
    /// Something is wrong with a record, or with the rest of an input.
    fn problem(&mut self, problem: &Problem);

    /// An input cannot be read, or not to its end.
    fn unreadable(&mut self, name: &str, error: &io::Error) {
        let _ = (name, error);
    }

    /// A text has lost this many pieces.
    fn changed(&mut self, name: &str, pieces: usize) {
        let _ = (name, pieces);
    }

    /// Lines of JSON about what was removed.
    ///
    /// # Errors
    /// When they cannot be written.
    fn removed(&mut self, lines: &[u8]) -> io::Result<()> {
        let _ = lines;
        Ok(())
    }

    /// Lines of JSON about records that failed.
    ///
    /// # Errors
    /// When they cannot be written.
    fn errors(&mut self, lines: &[u8]) -> io::Result<()> {
        let _ = lines;
        Ok(())
    }

    /// All before this place has been given to the sink.
    ///
    /// # Errors
    /// When it cannot be noted down.
    fn reached(&mut self, position: Position, run: &Run, sink: &mut dyn BatchSink) -> io::Result<()> {
        let _ = (position, run, sink);
        Ok(())
    }
}

/// Collects what is wrong.
impl BatchWatch for Vec<Problem> {
    fn problem(&mut self, problem: &Problem) {
        self.push(problem.clone());
    }

    fn unreadable(&mut self, name: &str, error: &io::Error) {
        let kind = ProblemKind::Malformed(error.to_string());
        self.push(Problem { file: name.to_owned(), line: None, id: None, kind });
    }
}

/// How a run has ended.
#[derive(Clone, Debug, Default)]
pub struct Run {
    /// What happened to the records.
    pub stats: Stats,
    /// How far it went.
    pub progress: Progress,
    /// Whether it was stopped before the end of the inputs.
    pub stopped: bool,
}

/// Why a run ended before its input did: the output cannot be written.
#[derive(Debug, thiserror::Error)]
#[error("cannot write")]
pub struct Unwritable(#[source] pub io::Error);

/// Cleans many records, of one input or many, on several threads, in the order in which they came.
pub struct Batch {
    engine: Engine,
    printer: Printer,
    names: FieldNames,
    lang: Option<String>,
    host: Option<String>,
    pages: Box<dyn Fn() -> PageReader>,
    form: Option<Form>,
    jobs: usize,
    memory: usize,
    limits: Limits,
    wishes: Wishes,
    from: Position,
    stats: Stats,
    stop: Arc<AtomicBool>,
    account: Option<Account>,
}

impl Batch {
    /// Cleans with this engine and writes with this printer, with as many threads as there are processors.
    pub fn new(engine: Engine, printer: Printer) -> Self {
        Self {
            engine,
            printer,
            names: FieldNames::default(),
            lang: None,
            host: None,
            pages: Box::new(PageReader::default),
            form: None,
            jobs: thread::available_parallelism().map_or(1, usize::from),
            memory: 0,
            limits: Limits { record: MAX_RECORD, time: None, expansion: MAX_EXPANSION },
            wishes: Wishes::default(),
            from: Position::default(),
            stats: Stats::default(),
            stop: Arc::default(),
            account: None,
        }
    }

    /// What all inputs are, whatever they look like.
    #[must_use]
    pub fn form(self, form: Form) -> Self {
        Self { form: Some(form), ..self }
    }

    /// Names of the fields that are looked at.
    #[must_use]
    pub fn names(self, names: FieldNames) -> Self {
        Self { names, ..self }
    }

    /// What makes the readers of pages, of which each thread has one.
    #[must_use]
    pub fn pages(self, reader: impl Fn() -> PageReader + 'static) -> Self {
        Self { pages: Box::new(reader), ..self }
    }

    /// Language of records that do not say theirs.
    #[must_use]
    pub fn lang(self, lang: &str) -> Self {
        Self { lang: Some(lang.to_owned()), ..self }
    }

    /// Host of records that do not say theirs.
    #[must_use]
    pub fn host(self, host: &str) -> Self {
        Self { host: Some(host.to_owned()), ..self }
    }

    /// How many threads clean; at least one. Reading and writing have their own.
    #[must_use]
    pub fn jobs(self, jobs: usize) -> Self {
        Self { jobs: jobs.max(1), ..self }
    }

    /// Bytes of input that may be under way at once; four mebibytes and as many for each thread unless set.
    #[must_use]
    pub fn memory(self, bytes: usize) -> Self {
        Self { memory: bytes, ..self }
    }

    /// Longest record that is read, in bytes; 256 MiB unless set.
    #[must_use]
    pub fn max_record(mut self, bytes: usize) -> Self {
        self.limits.record = bytes;
        self
    }

    /// Longest time that cleaning a record may take; without limit unless set. A record that has taken longer fails; it cannot be
    /// stopped in the middle.
    #[must_use]
    pub fn max_time(mut self, time: Duration) -> Self {
        self.limits.time = Some(time);
        self
    }

    /// How many times its size a compressed input may become, from 64 MiB on; 1000 unless set.
    #[must_use]
    pub fn max_expansion(mut self, times: u64) -> Self {
        self.limits.expansion = times.max(1);
        self
    }

    /// What is noted beside results.
    #[must_use]
    pub fn wishes(self, wishes: Wishes) -> Self {
        Self { wishes, ..self }
    }

    /// Counts on from an earlier run.
    #[must_use]
    pub fn stats(self, stats: Stats) -> Self {
        Self { stats, ..self }
    }

    /// Begins at this place, which an earlier run over the same inputs has [reached](BatchWatch::reached).
    #[must_use]
    pub fn from(self, position: Position) -> Self {
        Self { from: position, ..self }
    }

    /// Ends the run soon after this becomes true: what is under way is written, nothing more is read.
    #[must_use]
    pub fn stop_when(self, stop: Arc<AtomicBool>) -> Self {
        Self { stop, ..self }
    }

    /// Cleans nothing and writes what `account` says of each document, which may be nothing.
    #[must_use]
    pub fn account(self, account: impl Fn(&Engine, Told<'_>, &mut Vec<u8>) + Send + Sync + 'static) -> Self {
        Self { account: Some(Arc::new(account)), ..self }
    }

    fn worker(&self) -> Worker {
        let mut opener = Opener::default();
        opener.names = self.names.clone();
        opener.lang.clone_from(&self.lang);
        opener.host.clone_from(&self.host);
        opener.pages = (self.pages)().with_selectors(self.engine.selectors());
        opener.max_page = self.limits.record;
        let mut worker = Worker::new(self.engine.clone(), self.printer.clone(), opener);
        worker.press.account.clone_from(&self.account);
        worker
    }

    /// What the first input is, as far as can be told without reading more of it than its first bytes.
    ///
    /// # Errors
    /// When it cannot be opened or read.
    pub fn peek(&self, source: &Source) -> io::Result<First> {
        let taken = Taken::default();
        Opened::open(source.clone(), self.form, self.limits.expansion, &taken).map(|opened| First { opened, taken })
    }

    /// Cleans all records of all inputs.
    ///
    /// # Errors
    /// When the sink cannot be written. What is wrong with inputs and records goes to `watch`.
    pub fn run(&self, sources: Vec<Source>, sink: &mut dyn BatchSink, watch: &mut dyn BatchWatch) -> Result<Run, Unwritable> {
        self.run_with(None, sources, sink, watch)
    }

    /// Cleans all records of `first`, which has been looked at before, and of all further inputs.
    ///
    /// # Errors
    /// When the sink cannot be written. What is wrong with inputs and records goes to `watch`.
    pub fn run_with(
        &self,
        first: Option<First>,
        sources: Vec<Source>,
        sink: &mut dyn BatchSink,
        watch: &mut dyn BatchWatch,
    ) -> Result<Run, Unwritable> {
        let (first, taken) = first.map_or_else(Default::default, |First { opened, taken }| (Some(opened), taken));
        let memory = if self.memory > 0 { self.memory } else { MEMORY * (self.jobs + 1) };
        let budget = Arc::new(Budget::new(memory));
        let issued = Arc::new(AtomicU64::new(0));
        let (task_sender, tasks) = bounded(2 * self.jobs);
        let (event_sender, events) = bounded(4 * self.jobs + 4);
        for _ in 0..self.jobs {
            let worker = self.worker();
            let desk = Desk { worker, limits: self.limits, wishes: self.wishes };
            let (tasks, events) = (tasks.clone(), event_sender.clone());
            thread::spawn(move || desk.run(&tasks, &events));
        }
        let feeder = Feeder {
            tasks: task_sender,
            events: event_sender,
            budget: Arc::clone(&budget),
            stop: Arc::clone(&self.stop),
            issued: Arc::clone(&issued),
            limits: self.limits,
            piece: feeder::piece_for(if self.memory > 0 { self.memory } else { usize::MAX }),
            form: self.form,
            taken: taken.clone(),
            position: Position::default(),
            gathered: Vec::new(),
            gathered_bytes: 0,
        };
        let from = self.from;
        // It may wait for standard input for ever, so nobody waits for it when the run is stopped.
        let reader = thread::spawn(move || feeder.run(first, &mut sources.into_iter(), from));
        let mut writer = Writer { sink, watch, budget: &budget, run: Run { stats: self.stats.clone(), ..Run::default() }, taken };
        let result = writer.write_all(&events, &self.stop, &issued);
        let Writer { mut run, .. } = writer;
        run.stopped = self.stop.load(Ordering::Relaxed);
        // All threads find that nobody wants their work any more, and end.
        budget.end();
        result.map_err(Unwritable)?;
        // Else it has said its last, and only its end shows whether it was at the end of its inputs.
        if !run.stopped && reader.join().is_err() {
            return Err(Unwritable(fault()));
        }
        Ok(run)
    }
}

/// What is said when a thread has not come to the end of its work.
fn fault() -> io::Error {
    io::Error::other("a thread has ended before its work was done; this is a fault of copydesk")
}

/// An input that has been opened and looked at.
pub struct First {
    opened: Opened,
    taken: Taken,
}

impl First {
    /// What it is.
    pub fn form(&self) -> Form {
        self.opened.form
    }

    /// Names of its columns, or of the fields of its first record, as far as they stand in its first bytes.
    pub fn columns(&self) -> &[String] {
        &self.opened.columns
    }

    /// Its columns, when it is Parquet.
    #[cfg(feature = "parquet")]
    pub fn schema(&self) -> Option<arrow_schema::SchemaRef> {
        (self.form() == Form::Parquet).then(|| super::parquet::schema_of(self.opened.source.path()).ok()).flatten()
    }

    /// Its size on the disk in bytes, where it is known.
    pub fn size(&self) -> Option<u64> {
        self.opened.size
    }
}

/// The writing stage: brings events into their order and hands on what they hold.
struct Writer<'r> {
    sink: &'r mut dyn BatchSink,
    watch: &'r mut dyn BatchWatch,
    budget: &'r Budget,
    run: Run,
    taken: Taken,
}

impl Writer<'_> {
    fn write_all(&mut self, events: &Receiver<Event>, stop: &AtomicBool, issued: &AtomicU64) -> io::Result<()> {
        let mut early: BTreeMap<u64, Event> = BTreeMap::new();
        let mut next = 0;
        loop {
            if events.is_empty() {
                // Somebody may be waiting at the other end of a pipe.
                self.sink.flush()?;
            }
            match events.recv_timeout(LOOK) {
                Ok(event) => drop(early.insert(event.number, event)),
                Err(RecvTimeoutError::Disconnected) if next < issued.load(Ordering::SeqCst) => {
                    return Err(fault());
                }
                Err(RecvTimeoutError::Disconnected) => return Ok(()),
                // The reader may still wait for its input; what it gave out before has all come.
                Err(RecvTimeoutError::Timeout) if stop.load(Ordering::Relaxed) && next == issued.load(Ordering::SeqCst) => return Ok(()),
                Err(RecvTimeoutError::Timeout) => {}
            }
            while let Some(event) = early.remove(&next) {
                next += 1;
                self.event(event)?;
            }
        }
    }

    fn event(&mut self, event: Event) -> io::Result<()> {
        match event.what {
            What::Open(input) => self.sink.open(&input.source, input.form)?,
            What::Done(outcome, after) => self.outcome(&outcome, after)?,
            What::Close(input, error, after) => {
                if let Some(error) = error {
                    self.unreadable(&input.name, &error)?;
                }
                self.sink.close()?;
                self.reached(after)?;
            }
            What::Unopened(source, error, after) => {
                self.unreadable(&source.name(), &error)?;
                self.sink.skip(&source);
                self.reached(after)?;
            }
        }
        self.budget.give_back(event.cost);
        Ok(())
    }

    fn outcome(&mut self, outcome: &Outcome, after: Position) -> io::Result<()> {
        self.sink.put(&outcome.pages)?;
        outcome.problems.iter().for_each(|problem| self.watch.problem(problem));
        outcome.changes.iter().for_each(|(name, pieces)| self.watch.changed(name, *pieces));
        if !outcome.removed.is_empty() {
            self.watch.removed(&outcome.removed)?;
        }
        if !outcome.errors.is_empty() {
            self.watch.errors(&outcome.errors)?;
        }
        self.run.stats.add(&outcome.stats);
        self.reached(after)
    }

    fn reached(&mut self, after: Position) -> io::Result<()> {
        self.run.progress = Progress {
            records: self.run.stats.records(),
            bytes_read: self.taken.get(),
            text_in: self.run.stats.bytes_in,
            text_out: self.run.stats.bytes_out,
        };
        self.watch.reached(after, &self.run, self.sink)
    }

    fn unreadable(&mut self, name: &str, error: &io::Error) -> io::Result<()> {
        let kind = match (Damage::of(error), error.kind()) {
            (Some(damage), _) => ProblemKind::Damaged(damage.clone()),
            (None, io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof) => ProblemKind::Malformed(error.to_string()),
            _ => {
                self.watch.unreadable(name, error);
                return Ok(());
            }
        };
        self.run.stats.status(kind.status());
        let problem = Problem { file: name.to_owned(), line: None, id: None, kind };
        self.watch.problem(&problem);
        let mut line = Vec::new();
        desk::write_failure(&problem, b"", &mut line);
        self.watch.errors(&line)
    }
}
