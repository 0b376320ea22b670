//! JSON Lines through the engine: a record in, a record out.

use std::borrow::Cow;
use std::fmt;
use std::io::{self, Read, Write};
use std::sync::Arc;

use super::decode::{Decoded, utf8, without_mark};
use super::lines::{Line, Lines};
use super::output::Output;
use super::pages::Pages;
use super::print::Printer;
use super::problem::{Problem, ProblemKind};
use super::record::{FieldNames, Splitter};
use super::write::Head;
use crate::article::Article;
use crate::document::Document;
use crate::engine::{Engine, Scratch};
use crate::html::PageReader;

/// Longest line that is read unless more is allowed.
const MAX_RECORD: usize = 256 << 20;
/// Bytes of a record after which no memory is kept for the next: every worker would come to keep that of the largest.
pub(super) const LARGE: usize = 16 << 20;

/// Is told what happens to records.
pub trait Watch {
    /// A document was cleaned.
    fn article(&mut self, name: &str, document: &Document<'_>, article: &Article<'_>) {
        let _ = (name, document, article);
    }

    /// Something is wrong with a record.
    fn problem(&mut self, problem: &Problem);
}

/// Collects what is wrong.
impl Watch for Vec<Problem> {
    fn problem(&mut self, problem: &Problem) {
        self.push(problem.clone());
    }
}

/// Why a run ended before its input did.
#[derive(Debug, thiserror::Error)]
pub enum Halt {
    /// The input could not be read.
    #[error("cannot read")]
    Read(#[source] io::Error),
    /// The output could not be written.
    #[error("cannot write")]
    Write(#[source] io::Error),
}

/// Cleans a text field of records of JSON Lines, or the page of those that have no such field.
///
/// ```
/// use copydesk::{Engine, io::{Format, JsonLines, Printer, Problem}};
///
/// let engine = Engine::builder().build()?;
/// let printer = Printer::new(Format::JsonLines, engine.rules_hash());
/// let mut problems: Vec<Problem> = Vec::new();
/// let mut output = printer.output(Vec::new(), true);
/// let input = "{\"id\": 1, \"text\": \"A story.\", \"score\": 1.50}\n{oops\n";
/// JsonLines::new(engine, printer).run("in.jsonl", input.as_bytes(), &mut output, &mut problems)?;
///
/// let lines = String::from_utf8(output.finish()?)?;
/// assert!(lines.starts_with(r#"{"schema":"copydesk.article/1","id": 1,"score": 1.50,"text":"A story.","#));
/// assert_eq!(problems[0].to_string(), "in.jsonl:2: not a JSON object: expected the name of a field at byte 2");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct JsonLines {
    worker: Worker,
    max_record: usize,
    pages: Pages,
}

impl JsonLines {
    /// Cleans the field `text`, or else the page in `html`.
    pub fn new(engine: Engine, printer: Printer) -> Self {
        let opener = Opener { pages: PageReader::default().with_selectors(engine.selectors()), ..Opener::default() };
        Self { worker: Worker::new(engine, printer, opener), max_record: MAX_RECORD, pages: Pages::default() }
    }

    /// Names of the fields that are looked at.
    #[must_use]
    pub fn names(mut self, names: FieldNames) -> Self {
        self.worker.opener.names = names;
        self
    }

    /// Language of records that do not say theirs.
    #[must_use]
    pub fn lang(mut self, lang: &str) -> Self {
        self.worker.opener.lang = Some(lang.to_owned());
        self
    }

    /// Host of records that do not say theirs.
    #[must_use]
    pub fn host(mut self, host: &str) -> Self {
        self.worker.opener.host = Some(host.to_owned());
        self
    }

    /// What reads the pages of records that have one instead of a text; it gets the selectors of the engine's rules.
    #[must_use]
    pub fn pages(mut self, reader: PageReader) -> Self {
        let Worker { press, opener } = &mut self.worker;
        opener.pages = reader.with_selectors(press.engine.selectors()).with_markup(press.printer.needs_markup());
        self
    }

    /// Longest line that is read, in bytes; 256 MiB unless set.
    #[must_use]
    pub fn max_record(self, bytes: usize) -> Self {
        Self { max_record: bytes, ..self }
    }

    /// Cleans all records of `input`, whose name in messages is `file`.
    ///
    /// # Errors
    /// When the input cannot be read or the output cannot be written. What is wrong with records goes to `watch`.
    pub fn run<W: Write>(&mut self, file: &str, input: impl Read, output: &mut Output<W>, watch: &mut dyn Watch) -> Result<(), Halt> {
        let mut lines = Lines::new(input, self.max_record);
        loop {
            if !lines.is_ready() {
                // Somebody may be waiting at the other end of a pipe.
                output.flush().map_err(Halt::Write)?;
            }
            match next_record(&mut lines, file, watch).map_err(Halt::Read)? {
                Next::Record(place, line) => self.worker.record(place, &line, &mut self.pages, watch),
                Next::Nothing => {}
                Next::End => return Ok(()),
            }
            output.put(&self.pages).map_err(Halt::Write)?;
            self.pages.clear();
        }
    }
}

/// Where a record stands.
#[derive(Clone, Copy)]
pub(super) struct Place<'p> {
    pub(super) file: &'p str,
    /// The line or the number of the record, from 1; `None` where the file is the record.
    pub(super) line: Option<u64>,
}

impl Place<'_> {
    pub(super) fn problem(self, id: Option<&str>, kind: ProblemKind) -> Problem {
        Problem { file: self.file.to_owned(), line: self.line, id: id.map(str::to_owned), kind }
    }
}

impl fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.file)?;
        self.line.map_or(Ok(()), |line| write!(f, ":{line}"))
    }
}

/// What the next line is.
enum Next<'p, 'b> {
    Record(Place<'p>, Cow<'b, str>),
    /// A blank line, or one that had to be passed over.
    Nothing,
    End,
}

fn next_record<'p, 'b, R: Read>(lines: &'b mut Lines<R>, file: &'p str, watch: &mut dyn Watch) -> io::Result<Next<'p, 'b>> {
    let number = lines.number() + 1;
    let place = Place { file, line: Some(number) };
    let limit = lines.limit();
    match lines.next_line()? {
        None => Ok(Next::End),
        Some(Line::TooLong(len)) => {
            watch.problem(&place.problem(None, ProblemKind::TooLong { len, limit }));
            Ok(Next::Nothing)
        }
        Some(Line::Whole(line)) => Ok(text_of(line, place, watch).map_or(Next::Nothing, |text| Next::Record(place, text))),
    }
}

/// The text of a line; `None` when it is blank.
pub(super) fn text_of<'b>(line: &'b [u8], place: Place<'_>, watch: &mut dyn Watch) -> Option<Cow<'b, str>> {
    let line = if place.line == Some(1) { without_mark(line) } else { line };
    if line.trim_ascii_start().is_empty() {
        return None;
    }
    let Decoded { text, replaced } = utf8(line);
    if replaced > 0 {
        watch.problem(&place.problem(None, ProblemKind::InvalidUtf8 { count: replaced }));
    }
    Some(text)
}

/// A document that a record held, for those who want to look at it themselves; see [`Batch::account`](super::Batch::account).
#[derive(Clone, Copy, Debug)]
pub struct Told<'t> {
    /// The input.
    pub file: &'t str,
    /// The line or the number of the record in it, from 1; `None` where the file is the record.
    pub line: Option<u64>,
    /// The record's `id`, else its place.
    pub name: &'t str,
    /// What would be cleaned.
    pub document: &'t Document<'t>,
}

/// Writes something about a document.
pub(super) type Account = Arc<dyn Fn(&Engine, Told<'_>, &mut Vec<u8>) + Send + Sync>;

/// Cleans documents and writes what comes of it, or writes about them.
pub(super) struct Press {
    pub(super) engine: Engine,
    pub(super) printer: Printer,
    pub(super) scratch: Scratch,
    pub(super) account: Option<Account>,
}

impl Press {
    /// Adds what is to be written of a document to `pages`.
    pub(super) fn write(&mut self, place: Place<'_>, head: &Head<'_>, document: &Document<'_>, pages: &mut Pages, watch: &mut dyn Watch) {
        if let [first, others @ ..] = document.problems() {
            let kind = ProblemKind::PageData { first: first.clone(), more: others.len() };
            watch.problem(&place.problem(head.record.id().as_deref(), kind));
        }
        let Self { engine, printer, scratch, account } = self;
        if let Some(account) = account {
            let told = Told { file: place.file, line: place.line, name: head.heading, document };
            return pages.add(|out| account(engine, told, out));
        }
        let article = cleaned(engine, document, scratch);
        pages.add(|out| printer.write(out, head, &article));
        watch.article(head.heading, document, &article);
    }

    /// Adds a record that failed, where there is room for it.
    pub(super) fn write_failure(&self, head: &Head<'_>, error: &str, pages: &mut Pages) {
        if self.account.is_none() && self.printer.has_failures() {
            pages.add(|out| self.printer.write_failure(out, head, error));
        }
    }
}

/// Cleans one record at a time and knows of no other: what several threads would each have one of.
pub(super) struct Worker {
    pub(super) press: Press,
    pub(super) opener: Opener,
}

impl Worker {
    pub(super) fn new(engine: Engine, printer: Printer, mut opener: Opener) -> Self {
        opener.pages = opener.pages.with_markup(printer.needs_markup());
        Self { press: Press { engine, printer, scratch: Scratch::default(), account: None }, opener }
    }

    /// Forgets what a record that has failed may have left behind.
    pub(super) fn start_afresh(&mut self) {
        self.press.scratch = Scratch::default();
        self.opener.splitter = Splitter::default();
    }

    /// Cleans a record and adds it to `pages`.
    pub(super) fn record(&mut self, place: Place<'_>, line: &str, pages: &mut Pages, watch: &mut dyn Watch) {
        match self.opener.open(place, line, watch) {
            Opened::Text(head, document) => self.press.write(place, &head, &document, pages, watch),
            Opened::Failed(head, error) => self.press.write_failure(&head, &error, pages),
            Opened::Nothing => {}
        }
        if line.len() > LARGE {
            self.opener.text = String::new();
            self.opener.pages = self.opener.pages.afresh();
        }
    }
}

/// The article in a document; memory that a large one took is given back before the article is written.
pub(super) fn cleaned<'d>(engine: &Engine, document: &'d Document<'_>, scratch: &mut Scratch) -> Article<'d> {
    let article = engine.clean_with(document, scratch);
    if document.source().len() > LARGE {
        *scratch = Scratch::default();
    }
    article
}

/// Makes documents of lines.
#[derive(Debug, Default)]
pub(super) struct Opener {
    pub(super) names: FieldNames,
    pub(super) lang: Option<String>,
    pub(super) host: Option<String>,
    pub(super) splitter: Splitter,
    text: String,
    heading: String,
    url: String,
    pub(super) pages: PageReader,
    /// Bytes that a compressed page in an archive may become.
    pub(super) max_page: usize,
}

/// What a line holds.
enum Opened<'r> {
    Text(Head<'r>, Document<'r>),
    /// A record without a text, and why.
    Failed(Head<'r>, String),
    /// No record.
    Nothing,
}

impl Opener {
    fn open<'r>(&'r mut self, place: Place<'_>, line: &'r str, watch: &mut dyn Watch) -> Opened<'r> {
        let record = match self.splitter.split(line) {
            Ok(record) => record,
            Err(error) => {
                let spread = line.trim_end().ends_with(['{', '[', ',']) || line.trim_start().starts_with(['}', ']']);
                watch.problem(&place.problem(None, ProblemKind::Json { error, spread }));
                return Opened::Nothing;
            }
        };
        let id = record.id();
        self.heading = id.as_deref().map_or_else(|| place.to_string(), str::to_owned);
        self.url = record.first_string(&self.names.url).unwrap_or_default().into_owned();
        let url = Some(self.url.as_str()).filter(|url| !url.is_empty());
        let is_page = !record.has(&self.names.text) && record.has(&self.names.html);
        let field = if is_page { &self.names.html } else { &self.names.text };
        let head = Head { id: None, url, heading: &self.heading, record, consumed: field };
        let opened = record.text(field, &mut self.text).and_then(|(text, replaced)| {
            let document = if is_page { self.pages.read(text, url)? } else { Document::from_text(text) };
            Ok((document, replaced))
        });
        match opened {
            Ok((mut document, replaced)) => {
                if replaced {
                    watch.problem(&place.problem(id.as_deref(), ProblemKind::LoneSurrogate));
                }
                if let Some(lang) = record.first_string(&self.names.lang).as_deref().or(self.lang.as_deref()) {
                    document = document.with_language(lang);
                }
                if let Some(host) = record.first_string(&self.names.host).as_deref().or(self.host.as_deref()) {
                    document = document.with_host(host);
                }
                Opened::Text(head, document)
            }
            Err(kind) => {
                let error = kind.to_string();
                watch.problem(&place.problem(id.as_deref(), kind));
                Opened::Failed(head, error)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::io::Format;

    fn run_with(input: &[u8], change: impl FnOnce(JsonLines) -> JsonLines) -> (Vec<String>, Vec<String>) {
        let engine = Engine::builder().builtin(false).build().unwrap();
        let printer = Printer::new(Format::JsonLines, "");
        let mut output = printer.output(Vec::new(), true);
        let mut problems: Vec<Problem> = Vec::new();
        change(JsonLines::new(engine, printer)).run("in", input, &mut output, &mut problems).unwrap();
        let lines = String::from_utf8(output.finish().unwrap()).unwrap();
        let tail = r#","copydesk":{"version":"0.1.0"}}"#;
        let lines = lines.lines().map(|line| line.strip_suffix(tail).unwrap().replace(r#"{"schema":"copydesk.article/1","#, ""));
        (lines.collect(), problems.iter().map(ToString::to_string).collect())
    }

    fn run(input: &[u8]) -> (Vec<String>, Vec<String>) {
        run_with(input, |lines| lines)
    }

    #[test]
    fn broken_data_of_a_page_is_told_and_the_page_is_cleaned() {
        let script = |json: &str| format!("<script type=application/ld+json>{json}</script>");
        let page = format!(
            "<head>{}{}</head><article><h1>Ferry back</h1><p>The first ferry in eleven weeks left the harbour on Friday, the board said.</article>",
            script("{oops"),
            script("[1")
        );
        let line = serde_json::json!({ "id": "a", "html": page }).to_string();
        let (lines, problems) = run(line.as_bytes());
        assert!(lines[0].contains("\"status\":\"ok\""), "{lines:?}");
        assert_eq!(problems, ["in:1 (id a): JSON-LD is left out: key must be a string at line 1 column 2 (and 1 more)"]);
    }

    #[test]
    fn records_come_out_in_order_whatever_the_line_ends() {
        let (lines, problems) = run(b"\xef\xbb\xbf{\"id\":1,\"text\":\"a\"}\r\n\n  \n{\"text\":\"b\\n\",\"id\":2}");
        assert_eq!(lines, [r#""id":1,"text":"a","captions":[],"status":"ok""#, r#""id":2,"text":"b\n","captions":[],"status":"ok""#]);
        assert_eq!(problems, [""; 0]);
    }

    #[test]
    fn a_bad_record_is_told_and_the_others_are_written() {
        let (lines, problems) = run(b"{\"text\":\"a\"}\n{\"text\":\n[1]\n{\"id\":\"x\",\"k\":1}\n{\"text\":\"b\"}\n");
        assert_eq!(
            lines,
            [
                r#""text":"a","captions":[],"status":"ok""#,
                r#""id":"x","k":1,"text":"","captions":[],"status":"error","error":"no field `text`""#,
                r#""text":"b","captions":[],"status":"ok""#,
            ]
        );
        assert_eq!(
            problems,
            [
                "in:2: not a JSON object: the line ends before the object does at byte 9",
                "in:3: not a JSON object: expected an object at byte 1",
                "in:4 (id x): no field `text`",
            ]
        );
    }

    #[test]
    fn an_object_over_several_lines_gets_a_hint() {
        let (lines, problems) = run(b"{\n\"text\":\"a\"\n}\n");
        assert!(lines.is_empty());
        assert!(problems[0].ends_with("; JSON Lines has one whole object a line"), "{problems:?}");
    }

    #[test]
    fn invalid_utf8_and_half_pairs_are_replaced_and_told() {
        let (lines, problems) = run(b"{\"text\":\"a\xff\"}\n{\"text\":\"\\ud83d!\"}\n");
        assert_eq!(lines[0], "\"text\":\"a\u{fffd}\",\"captions\":[],\"status\":\"ok\"");
        assert_eq!(lines[1], "\"text\":\"\u{fffd}!\",\"captions\":[],\"status\":\"ok\"");
        assert_eq!(
            problems,
            ["in:1: invalid UTF-8 in 1 place, replaced by U+FFFD", "in:2: half of a surrogate pair in the text, replaced by U+FFFD",]
        );
    }

    #[test]
    fn a_record_without_a_text_may_have_a_page() {
        let input = br#"{"id":1,"html":"<p>One<p>Two &amp; three"}
{"id":2,"text":"own","html":"<p>kept"}
{"id":3,"text":null,"html":"<p>x"}"#;
        let (lines, problems) = run(input);
        assert_eq!(lines[0], r#""id":1,"text":"One\n\nTwo & three","captions":[],"status":"ok""#);
        assert_eq!(lines[1], r#""id":2,"html":"<p>kept","text":"own","captions":[],"status":"ok""#);
        assert_eq!(lines[2], r#""id":3,"text":"x","captions":[],"status":"ok""#);
        assert_eq!(problems, [""; 0]);
    }

    #[test]
    fn a_reader_of_pages_gets_the_selectors_of_the_rules() {
        let rules = "format = 1\n[pack]\nid = \"mine\"\n[[rule]]\nid = \"mine.box\"\ncategory = \"other\"\nabout = \"A box.\"\n\
            action = \"remove\"\nmatch.css = \".box\"\n";
        let engine = Engine::builder().builtin(false).rules_text("r", rules).build().unwrap();
        let printer = Printer::new(Format::JsonLines, "");
        let mut output = printer.output(Vec::new(), true);
        let mut problems: Vec<Problem> = Vec::new();
        let input = &b"{\"html\":\"<article><p>The first ferry in eleven weeks left on Friday, the harbour board said.\
            <p class=box>The board has met.</article>\"}\n"[..];
        JsonLines::new(engine, printer).pages(PageReader::default()).run("in", input, &mut output, &mut problems).unwrap();
        let written = String::from_utf8(output.finish().unwrap()).unwrap();
        assert!(written.contains("The first ferry") && !written.contains("The board has met."), "{written}");
    }

    #[test]
    fn a_line_over_the_limit_is_told() {
        let (lines, problems) = run_with(b"{\"text\":\"aaaaaaaaaaaaaaaaa\"}\n{\"text\":\"b\"}", |lines| lines.max_record(16));
        assert_eq!(lines, [r#""text":"b","captions":[],"status":"ok""#]);
        assert_eq!(problems, ["in:1: line of 28 bytes; at most 16 are allowed (--max-record)"]);
    }

    #[test]
    fn fields_may_have_other_names() {
        let names = FieldNames { text: "body".to_owned(), url: vec!["link".to_owned()], ..FieldNames::default() };
        let (lines, _) = run_with(b"{\"link\":\"https://a.example/\",\"text\":\"gone\",\"body\":\"b\"}", |lines| lines.names(names));
        let expected = r#""link":"https://a.example/","url":"https://a.example/","text":"b","captions":[],"status":"ok""#;
        assert_eq!(lines, [expected]);
    }

    #[test]
    fn every_broken_pipe_and_full_disk_is_told_apart_from_bad_input() {
        struct Full;
        impl Write for Full {
            fn write(&mut self, _: &[u8]) -> io::Result<usize> {
                Err(io::ErrorKind::StorageFull.into())
            }
            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        let engine = Engine::builder().builtin(false).build().unwrap();
        let printer = Printer::new(Format::JsonLines, "");
        let mut output = printer.output(Full, true);
        let mut problems: Vec<Problem> = Vec::new();
        let result = JsonLines::new(engine, printer).run("in", &b"{\"text\":\"a\"}\n"[..], &mut output, &mut problems);
        assert!(matches!(result, Err(Halt::Write(error)) if error.kind() == io::ErrorKind::StorageFull));
    }
}
