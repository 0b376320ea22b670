//! The reading stage: cuts inputs into pieces of work, without looking at what is in them.
//!
//! Lines are cut off by the quarter of a megabyte and read by whoever gets them; of other forms the reader makes records. Everything
//! gets a number in the order of the input, by which the writer sorts.

use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use crossbeam_channel::Sender;

use super::budget::Budget;
use super::progress::Taken;
use super::source::{Opened, Source};
use super::{Limits, Position};
use crate::io::form::Form;
use crate::io::job::{Body, Raw};
use crate::io::problem::ProblemKind;

mod lines;
mod table;
mod values;
mod warc;

pub(super) use table::names;

/// Bytes of lines, or of records, that go to a worker at once, unless memory is short.
const PIECE: usize = 256 << 10;
/// The same, however short it is.
const SMALLEST_PIECE: usize = 4 << 10;
/// What a piece costs at least, so that a million empty ones do not pile up.
const LEAST: usize = 1 << 10;

/// What a worker does at once.
pub(super) struct Task {
    pub(super) number: u64,
    pub(super) cost: usize,
    pub(super) input: Arc<Input>,
    pub(super) work: Work,
    /// Where the input stands behind it.
    pub(super) after: Position,
}

/// The input that a task is of.
#[derive(Debug)]
pub(super) struct Input {
    pub(super) source: Source,
    pub(super) name: String,
    pub(super) form: Form,
}

/// Work for one worker.
pub(super) enum Work {
    /// Whole lines, the first of which has this number.
    Lines { bytes: Vec<u8>, first: u64 },
    /// Records.
    Records(Vec<Raw>),
    /// A whole feed.
    Feed(Vec<u8>),
}

/// What the writer gets, sorted by its number.
pub(super) struct Event {
    pub(super) number: u64,
    pub(super) cost: usize,
    pub(super) what: What,
}

/// What has happened.
pub(super) enum What {
    /// An input begins.
    Open(Arc<Input>),
    /// A task is done.
    Done(Box<super::desk::Outcome>, Position),
    /// An input ends, or cannot be read on.
    Close(Arc<Input>, Option<io::Error>, Position),
    /// An input cannot be opened.
    Unopened(Source, io::Error, Position),
}

/// The reading stage.
pub(super) struct Feeder {
    pub(super) tasks: Sender<Task>,
    pub(super) events: Sender<Event>,
    pub(super) budget: Arc<Budget>,
    pub(super) stop: Arc<AtomicBool>,
    /// How many events will come of what has been sent.
    pub(super) issued: Arc<AtomicU64>,
    pub(super) limits: Limits,
    /// Bytes that go to a worker at once; from [`piece_for`].
    pub(super) piece: usize,
    pub(super) form: Option<Form>,
    pub(super) taken: Taken,
    pub(super) position: Position,
    /// Records that wait for a piece to become full.
    pub(super) gathered: Vec<Raw>,
    pub(super) gathered_bytes: usize,
}

/// How large pieces are when there is this much memory for all that is under way.
pub(super) fn piece_for(memory: usize) -> usize {
    (memory / 16).clamp(SMALLEST_PIECE, PIECE)
}

/// Why reading ends before its time.
enum Halt {
    /// Somebody wants it to.
    Stopped,
    /// The input cannot be read.
    Input(io::Error),
}

impl From<io::Error> for Halt {
    fn from(error: io::Error) -> Self {
        Self::Input(error)
    }
}

impl Feeder {
    /// Reads all inputs; the first may have been opened before. Reading begins at `from`.
    pub(super) fn run(mut self, first: Option<Opened>, sources: &mut dyn Iterator<Item = Source>, from: Position) {
        let mut input = 0;
        let mut first = first;
        loop {
            let opened = match first.take() {
                Some(opened) => Ok(opened),
                None => match sources.next() {
                    Some(source) => {
                        if input < from.input {
                            input += 1;
                            continue;
                        }
                        Opened::open(source.clone(), self.form, self.limits.expansion, &self.taken).map_err(|error| (source, error))
                    }
                    None => return,
                },
            };
            if input < from.input {
                input += 1;
                continue;
            }
            let start = if input == from.input { from } else { Position { input, ..Position::default() } };
            if self.one(opened, start).is_err() {
                return;
            }
            input += 1;
        }
    }

    fn one(&mut self, opened: Result<Opened, (Source, io::Error)>, start: Position) -> Result<(), Halt> {
        let mut opened = match opened {
            Ok(opened) => opened,
            Err((source, error)) => return self.event(What::Unopened(source, error, start.next())),
        };
        let input = Arc::new(Input { name: opened.source.name(), source: opened.source.clone(), form: opened.form });
        self.position = start;
        self.event(What::Open(Arc::clone(&input)))?;
        let read = self.read(&input, &mut opened);
        let flushed = if matches!(read, Err(Halt::Stopped)) { Ok(()) } else { self.flush(&input) };
        match (read, flushed) {
            (Ok(()), Ok(())) => self.event(What::Close(input, None, start.next())),
            (Err(Halt::Input(error)), Ok(())) | (Ok(()), Err(Halt::Input(error))) => {
                self.event(What::Close(input, Some(error), start.next()))
            }
            _ => Err(Halt::Stopped),
        }
    }

    fn read(&mut self, input: &Arc<Input>, opened: &mut Opened) -> Result<(), Halt> {
        let reader = &mut opened.reader;
        match opened.form {
            Form::JsonLines => self.lines(input, reader),
            Form::Json => self.values(input, reader),
            Form::Csv => self.table(input, reader, None),
            Form::Tsv => self.table(input, reader, Some(b'\t')),
            Form::Text => self.whole(input, reader, Body::Text),
            Form::Html => self.whole(input, reader, |bytes| Body::Html { bytes, charset: None }),
            Form::Feed => match self.all_of(reader)? {
                Ok(feed) => {
                    let cost = feed.len();
                    self.position.records = 1;
                    self.send(input, Work::Feed(feed), cost)
                }
                Err(kind) => self.add(input, Raw { number: None, fields: Vec::new(), body: Body::Failed(kind) }),
            },
            Form::Warc => self.archive(input, reader),
            Form::Parquet => self.rows(input),
        }
    }

    /// The rows of a Parquet file as lines.
    #[cfg(feature = "parquet")]
    fn rows(&mut self, input: &Arc<Input>) -> Result<(), Halt> {
        if input.source.is_stdin() {
            return Err(Halt::Input(io::Error::new(
                io::ErrorKind::Unsupported,
                "Parquet is read from files only: its index is at its end",
            )));
        }
        let skipped = std::mem::take(&mut self.position.records);
        for rows in crate::io::parquet::read(input.source.path())? {
            let rows = rows.map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))?;
            let first = self.position.records + 1;
            self.position.records += rows.num_rows() as u64;
            if self.position.records > skipped {
                let bytes = crate::io::parquet::lines(&rows)?;
                let cost = bytes.len();
                self.send(input, Work::Lines { bytes, first }, cost)?;
            }
        }
        Ok(())
    }

    #[cfg(not(feature = "parquet"))]
    #[expect(clippy::unused_self, reason = "with the feature it is used")]
    fn rows(&mut self, _: &Arc<Input>) -> Result<(), Halt> {
        let message = "it is Parquet, which this program was built without (feature `parquet`)";
        Err(Halt::Input(io::Error::new(io::ErrorKind::Unsupported, message)))
    }

    /// A file that is one record.
    fn whole(&mut self, input: &Arc<Input>, reader: &mut dyn Read, body: impl FnOnce(Vec<u8>) -> Body) -> Result<(), Halt> {
        let mut fields = crate::io::job::Fields::default();
        if !input.source.is_stdin() {
            fields.text("id", &input.name);
        }
        let body = match self.all_of(reader)? {
            Ok(bytes) => body(bytes),
            Err(kind) => Body::Failed(kind),
        };
        self.add(input, Raw { number: None, fields: fields.finish(), body })
    }

    /// All bytes, unless there are more than a record may have.
    fn all_of(&self, reader: &mut dyn Read) -> io::Result<Result<Vec<u8>, ProblemKind>> {
        let limit = self.limits.record;
        let mut bytes = Vec::new();
        reader.take(limit as u64 + 1).read_to_end(&mut bytes)?;
        let len = bytes.len() as u64;
        Ok(if bytes.len() > limit { Err(ProblemKind::TooLarge { len, limit }) } else { Ok(bytes) })
    }

    /// Adds a record to those that will go to a worker together.
    fn add(&mut self, input: &Arc<Input>, raw: Raw) -> Result<(), Halt> {
        self.gathered_bytes += raw.size() + size_of::<Raw>();
        self.gathered.push(raw);
        if self.gathered_bytes >= self.piece { self.flush(input) } else { Ok(()) }
    }

    /// Sends the records that were gathered.
    fn flush(&mut self, input: &Arc<Input>) -> Result<(), Halt> {
        if self.gathered.is_empty() {
            return Ok(());
        }
        let cost = std::mem::take(&mut self.gathered_bytes);
        let records = std::mem::take(&mut self.gathered);
        self.send(input, Work::Records(records), cost)
    }

    fn send(&mut self, input: &Arc<Input>, work: Work, bytes: usize) -> Result<(), Halt> {
        let (number, cost) = self.number(bytes)?;
        let task = Task { number, cost, input: Arc::clone(input), work, after: self.position };
        self.tasks.send(task).map_err(|_| Halt::Stopped)
    }

    fn event(&mut self, what: What) -> Result<(), Halt> {
        let (number, cost) = self.number(0)?;
        self.events.send(Event { number, cost, what }).map_err(|_| Halt::Stopped)
    }

    /// The number of the next event, once there is room for it.
    fn number(&mut self, bytes: usize) -> Result<(u64, usize), Halt> {
        let cost = bytes.max(LEAST);
        self.budget.take(cost);
        if self.stop.load(Ordering::Relaxed) {
            return Err(Halt::Stopped);
        }
        Ok((self.issued.fetch_add(1, Ordering::SeqCst), cost))
    }
}

fn read_some(reader: &mut dyn Read, buffer: &mut Vec<u8>, want: usize) -> io::Result<usize> {
    let len = buffer.len();
    buffer.resize(len + want, 0);
    let result = loop {
        match reader.read(&mut buffer[len..]) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            result => break result,
        }
    };
    buffer.truncate(len + result.as_ref().map_or(0, |read| *read));
    result
}
