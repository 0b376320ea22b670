//! `copydesk clean`: articles in, articles out.

use std::io::{self, Read, Write};
use std::path::PathBuf;

use anyhow::{Context, anyhow};
use clap::ValueEnum;

use super::exit::Exit;
use super::messages::{Messages, answer, failure};
use super::options::{EngineArgs, Input, InputArgs, inputs};
use super::tally::Tally;
use crate::document::Document;
use crate::engine::{Engine, Scratch};
use crate::io::{CaptionPlace, Format, Halt, Head, JsonLines, Output, Printer, Problem, ProblemKind, Target, Watch, decode};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Files to clean; `-` or none is standard input
    files: Vec<PathBuf>,
    #[command(flatten)]
    input: InputArgs,
    #[command(flatten)]
    engine: EngineArgs,
    /// What is written [default: as the first input: text or jsonl]
    #[arg(long, visible_alias = "format", value_name = "FORM", help_heading = "Output")]
    to: Option<ToArg>,
    /// Where captions go in text and Markdown
    #[arg(long, value_name = "WHERE", default_value = "data", help_heading = "Output")]
    captions: CaptionsArg,
    /// List everything that was removed (json, jsonl)
    #[arg(long, help_heading = "Output")]
    removed: bool,
    /// Write to a file, which appears when it is whole
    #[arg(short, long, value_name = "FILE", help_heading = "Output")]
    output: Option<PathBuf>,
    /// Count by rule and category, on standard error
    #[arg(long, help_heading = "Output")]
    stats: bool,
    /// Write nothing; exit with 1 when a text would change
    #[arg(long, help_heading = "Output", conflicts_with = "output")]
    check: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum ToArg {
    /// The story
    Text,
    /// The story as Markdown
    Markdown,
    /// copydesk.article/1, indented; several are an array
    Json,
    /// copydesk.article/1, one object a line
    Jsonl,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum CaptionsArg {
    /// Not in the text
    Data,
    /// Where they stood
    Inline,
    /// Behind the story
    End,
}

impl Args {
    fn format(&self, first_is_jsonl: bool) -> Format {
        match self.to {
            Some(ToArg::Markdown) => Format::Markdown,
            Some(ToArg::Json) => Format::Json,
            Some(ToArg::Jsonl) => Format::JsonLines,
            None if first_is_jsonl => Format::JsonLines,
            Some(ToArg::Text) | None => Format::Text,
        }
    }

    fn printer(&self, engine: &Engine, format: Format, several: bool) -> Printer {
        let captions = match self.captions {
            CaptionsArg::Data => CaptionPlace::Data,
            CaptionsArg::Inline => CaptionPlace::Inline,
            CaptionsArg::End => CaptionPlace::End,
        };
        Printer::new(format, engine.rules_hash()).captions(captions).removed(self.removed).headings(several)
    }
}

pub(super) fn run(args: &Args, messages: Messages) -> anyhow::Result<Exit> {
    let Some(files) = inputs(&args.files) else { return super::print_help_of("clean") };
    let engine = args.engine.engine()?;
    let mut opened = files.iter().map(|path| Input::open(path, args.input.from)).peekable();
    let first_is_jsonl = matches!(opened.peek(), Some(Ok(input)) if input.is_jsonl);
    let several = files.len() > 1 || first_is_jsonl;
    let printer = args.printer(&engine, args.format(first_is_jsonl), several);
    let mut run = Run {
        output: printer.output(args.target()?, several),
        lines: args.lines(&engine, &printer),
        tally: Tally::new(messages, args.check),
        engine,
        printer,
        args,
    };
    let mut exit = Exit::Done;
    for input in opened {
        match input.and_then(|input| run.clean(input)) {
            Ok(()) => {}
            Err(error) if error.is::<Unwritable>() => return Err(error),
            Err(error) => {
                failure(&error);
                exit = Exit::Failed;
            }
        }
    }
    run.finish().map(|end| exit.worst(end))
}

/// The output cannot be written: there is no use in going on.
#[derive(Debug, thiserror::Error)]
#[error("cannot write {name}")]
struct Unwritable {
    name: String,
    source: io::Error,
}

impl Args {
    fn target(&self) -> anyhow::Result<Sink> {
        match &self.output {
            _ if self.check => Ok(Sink::Nowhere),
            None => Ok(Sink::To(Target::stdout())),
            Some(path) => Ok(Sink::To(Target::file(path).map_err(|error| self.unwritable(error))?)),
        }
    }

    fn lines(&self, engine: &Engine, printer: &Printer) -> JsonLines {
        let mut lines = JsonLines::new(engine.clone(), printer.clone())
            .names(self.input.names())
            .max_record(self.input.max_record)
            .pages(self.input.pages());
        if let Some(lang) = &self.input.lang {
            lines = lines.lang(lang);
        }
        if let Some(host) = &self.input.host {
            lines = lines.host(host);
        }
        lines
    }

    fn unwritable(&self, source: io::Error) -> Unwritable {
        let name = self.output.as_ref().map_or_else(|| "standard output".to_owned(), |path| path.display().to_string());
        Unwritable { name, source }
    }
}

/// Where results go, or nowhere with `--check`.
#[derive(Debug)]
enum Sink {
    To(Target),
    Nowhere,
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::To(target) => target.write(bytes),
            Self::Nowhere => Ok(bytes.len()),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::To(target) => target.flush(),
            Self::Nowhere => Ok(()),
        }
    }
}

struct Run<'a> {
    args: &'a Args,
    engine: Engine,
    printer: Printer,
    lines: JsonLines,
    output: Output<Sink>,
    tally: Tally,
}

impl Run<'_> {
    fn clean(&mut self, input: Input) -> anyhow::Result<()> {
        if !input.is_jsonl {
            return self.clean_text(input);
        }
        let result = self.lines.run(&input.name, input.reader, &mut self.output, &mut self.tally);
        result.map_err(|halt| match halt {
            Halt::Read(error) => anyhow!(error).context(format!("cannot read {}", input.name)),
            Halt::Write(error) => self.args.unwritable(error).into(),
        })
    }

    fn clean_text(&mut self, mut input: Input) -> anyhow::Result<()> {
        let mut bytes = Vec::new();
        input.reader.read_to_end(&mut bytes).with_context(|| format!("cannot read {}", input.name))?;
        let decoded = decode(&bytes);
        if decoded.replaced > 0 {
            let kind = ProblemKind::InvalidUtf8 { count: decoded.replaced };
            self.tally.problem(&Problem { file: input.name.clone(), line: None, id: None, kind });
        }
        let mut document = Document::from_text(&decoded.text);
        if let Some(lang) = &self.args.input.lang {
            document = document.with_language(lang);
        }
        if let Some(host) = &self.args.input.host {
            document = document.with_host(host);
        }
        let article = self.engine.clean_with(&document, &mut Scratch::default());
        let head = if input.is_stdin { Head::unnamed("-") } else { Head::named(&input.name) };
        self.printer.write(self.output.begin(), &head, &article);
        self.tally.article(&input.name, &decoded.text, &article);
        self.output.end().map_err(|error| self.args.unwritable(error).into())
    }

    fn finish(self) -> anyhow::Result<Exit> {
        let Self { args, output, tally, .. } = self;
        let unwritable = |error| args.unwritable(error);
        if let Sink::To(target) = output.finish().map_err(unwritable)? {
            target.commit().map_err(unwritable)?;
        }
        if args.stats {
            answer(tally.table());
        }
        let found = if args.check && tally.changed() > 0 { Exit::Found } else { Exit::Done };
        let failed = if tally.failed() > 0 { Exit::SomeFailed } else { Exit::Done };
        Ok(found.worst(failed))
    }
}
