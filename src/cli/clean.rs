//! `copydesk clean`: articles in, articles out.

use std::io::{self, BufRead, IsTerminal};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use anyhow::Context;
use clap::ValueEnum;

use super::exit::Exit;
use super::messages::{Messages, answer, counted, error};
use super::options::{EngineArgs, InputArgs, bytes};
use super::tally;
use crate::engine::Engine;
use crate::io::{
    Batch, BatchSink, BatchWatch, CaptionPlace, Compression, FolderSink, Form, Format, Nowhere, OneSink, Printer, Problem, Run, SideFile,
    Source, Stats, Target, Wishes,
};
use crate::rules::Action;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Files, folders and patterns such as 'news/**/*.html'; `-` or none is standard input
    files: Vec<PathBuf>,
    #[command(flatten)]
    input: InputArgs,
    #[command(flatten)]
    limits: LimitArgs,
    #[command(flatten)]
    engine: EngineArgs,
    #[command(flatten)]
    output: OutputArgs,
}

#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Input")]
struct LimitArgs {
    /// Read names of further inputs from a file, one a line; `-` is standard input
    #[arg(long, value_name = "FILE")]
    files_from: Option<PathBuf>,
    /// How many threads clean [default: as many as there are processors]
    #[arg(short, long, visible_alias = "parallel", value_name = "NUMBER")]
    jobs: Option<usize>,
    /// A record fails when cleaning it has taken longer than this, in milliseconds
    #[arg(long, value_name = "MS")]
    max_time: Option<u64>,
    /// How many times its size a compressed input may become
    #[arg(long, value_name = "TIMES", default_value_t = 1000)]
    max_expansion: u64,
    /// Bytes of input that may be in memory at once, besides a record that is larger; K, M and G may follow [default: 4M, and 4M a thread]
    #[arg(long, value_name = "BYTES", value_parser = bytes)]
    memory: Option<usize>,
}

#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Output")]
struct OutputArgs {
    /// What is written [default: text for texts and pages, jsonl for all else]
    #[arg(long, visible_alias = "format", value_name = "FORM")]
    to: Option<ToArg>,
    /// Where captions go in text and Markdown
    #[arg(long, value_name = "WHERE", default_value = "data")]
    captions: CaptionsArg,
    /// List everything that was removed: in the results (json, jsonl), or with `=FILE` in a file of its own
    #[arg(long, value_name = "FILE", num_args = 0..=1, require_equals = true)]
    #[expect(clippy::option_option, reason = "not given, given, given with a file")]
    removed: Option<Option<PathBuf>>,
    /// Write records that failed to a file, as they came in
    #[arg(long, value_name = "FILE")]
    errors: Option<PathBuf>,
    /// Write to a file, which appears when it is whole, or to a folder, with a file for each input; compressed when the name says so
    #[arg(short, long, value_name = "PATH")]
    output: Option<PathBuf>,
    /// Count by rule and category, on standard error; `=json` for programs
    #[arg(long, value_name = "FORM", num_args = 0..=1, require_equals = true, default_missing_value = "table")]
    stats: Option<StatsArg>,
    /// Write nothing; exit with 1 when a text would change
    #[arg(long, conflicts_with = "output")]
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

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum StatsArg {
    /// For people
    Table,
    /// For programs
    Json,
}

pub(super) fn run(args: &Args, messages: Messages) -> anyhow::Result<Exit> {
    let began = Instant::now();
    let Some(paths) = args.paths()? else { return super::print_help_of("clean") };
    let engine = args.engine.engine()?;
    let mut reporter = args.reporter(messages)?;
    let mut sources = reporter.expand(&paths);
    let stop = stop_on_signals()?;
    let first = sources.first().and_then(|source| args.batch(&engine, &args.printer(&engine, Format::Text, false)).peek(source).ok());
    let form = first.as_ref().map_or(Form::Text, crate::io::First::form);
    let several = sources.len() > 1 || !matches!(form, Form::Text | Form::Html);
    let printer = args.printer(&engine, args.format(form), several);
    let mut sink = args.sink(&printer, several)?;
    if first.is_some() {
        sources.remove(0);
    }
    let batch = args.batch(&engine, &printer).stop_when(stop);
    let result = batch.run_with(first, sources, sink.as_dyn(), &mut reporter);
    let run = result.map_err(|unwritable| args.unwritable(unwritable.0))?;
    let is_whole = !run.stopped;
    sink.end(is_whole).map_err(|error| args.unwritable(error))?;
    let unreadable = reporter.unreadable;
    reporter.end(is_whole)?;
    args.show_stats(&run.stats, began.elapsed())?;
    Ok(args.exit(&run, unreadable, messages))
}

impl Args {
    /// The inputs given, or standard input; `None` when nobody has given any.
    fn paths(&self) -> anyhow::Result<Option<Vec<PathBuf>>> {
        let mut paths = self.files.clone();
        if let Some(list) = &self.limits.files_from {
            let name = list.display();
            let reader: Box<dyn BufRead> = if list == Path::new("-") {
                Box::new(io::stdin().lock())
            } else {
                Box::new(io::BufReader::new(std::fs::File::open(list).with_context(|| format!("cannot read {name}"))?))
            };
            for line in reader.lines() {
                let line = line.with_context(|| format!("cannot read {name}"))?;
                paths.extend(Some(line.trim_end_matches('\r')).filter(|line| !line.is_empty()).map(PathBuf::from));
            }
            return Ok(Some(paths));
        }
        if paths.is_empty() && !io::stdin().is_terminal() {
            paths.push(PathBuf::from("-"));
        }
        Ok(Some(paths).filter(|paths| !paths.is_empty()))
    }

    fn format(&self, form: Form) -> Format {
        match self.output.to {
            Some(ToArg::Markdown) => Format::Markdown,
            Some(ToArg::Json) => Format::Json,
            Some(ToArg::Jsonl) => Format::JsonLines,
            Some(ToArg::Text) => Format::Text,
            None if matches!(form, Form::Text | Form::Html) => Format::Text,
            None => Format::JsonLines,
        }
    }

    fn printer(&self, engine: &Engine, format: Format, several: bool) -> Printer {
        let captions = match self.output.captions {
            CaptionsArg::Data => CaptionPlace::Data,
            CaptionsArg::Inline => CaptionPlace::Inline,
            CaptionsArg::End => CaptionPlace::End,
        };
        let removed = matches!(self.output.removed, Some(None));
        Printer::new(format, engine.rules_hash()).captions(captions).removed(removed).headings(several)
    }

    fn batch(&self, engine: &Engine, printer: &Printer) -> Batch {
        let Self { input, limits, output, .. } = self;
        let wishes = Wishes { removed: matches!(output.removed, Some(Some(_))), errors: output.errors.is_some(), changes: output.check };
        let own = input.clone();
        let pages = move || own.pages();
        let mut batch = Batch::new(engine.clone(), printer.clone())
            .names(input.names())
            .pages(pages)
            .max_record(input.max_record)
            .max_expansion(limits.max_expansion)
            .wishes(wishes);
        if let Some(form) = input.from.form() {
            batch = batch.form(form);
        }
        if let Some(jobs) = limits.jobs {
            batch = batch.jobs(jobs);
        }
        if let Some(bytes) = limits.memory {
            batch = batch.memory(bytes);
        }
        if let Some(millis) = limits.max_time {
            batch = batch.max_time(Duration::from_millis(millis));
        }
        if let Some(lang) = &input.lang {
            batch = batch.lang(lang);
        }
        match &input.host {
            Some(host) => batch.host(host),
            None => batch,
        }
    }

    fn reporter(&self, messages: Messages) -> anyhow::Result<Reporter> {
        let side = |path: &Path| SideFile::new(path).with_context(|| format!("cannot write {}", path.display()));
        let removed = self.output.removed.as_ref().and_then(Option::as_deref).map(side).transpose()?;
        let errors = self.output.errors.as_deref().map(side).transpose()?;
        Ok(Reporter { messages, removed, errors, unreadable: 0 })
    }

    fn sink(&self, printer: &Printer, several: bool) -> anyhow::Result<Sink> {
        if self.output.check {
            return Ok(Sink::Nowhere(Nowhere));
        }
        let Some(path) = &self.output.output else {
            return Ok(Sink::One(OneSink::new(Target::stdout(), printer, several)?, Keep::Always));
        };
        if is_folder(path) {
            return Ok(Sink::Folder(FolderSink::new(path, Compression::None, printer)));
        }
        let target = Target::file(path).map_err(|error| self.unwritable(error))?;
        let compression = Compression::of_name(path).0;
        Ok(Sink::One(OneSink::packed(target, compression, printer, several)?, Keep::WhenWhole))
    }

    fn unwritable(&self, source: io::Error) -> anyhow::Error {
        let name = self.output.output.as_ref().map_or_else(|| "standard output".to_owned(), |path| path.display().to_string());
        anyhow::Error::new(source).context(format!("cannot write {name}"))
    }

    fn show_stats(&self, stats: &Stats, took: Duration) -> anyhow::Result<()> {
        match self.output.stats {
            None => {}
            Some(StatsArg::Table) => answer(tally::table(stats)),
            Some(StatsArg::Json) => answer(tally::object(stats, took.as_secs_f64(), &self.never_removed(stats)?)),
        }
        Ok(())
    }

    /// Rules that could have removed something and have not.
    fn never_removed(&self, stats: &Stats) -> anyhow::Result<Vec<String>> {
        let removes = |action: Action| matches!(action, Action::Remove | Action::Cut);
        let fired = |id: &str| stats.rules.values().any(|rules| rules.contains_key(id));
        let rules = self.engine.rules().set().build()?.all()?;
        let mut never: Vec<String> =
            rules.iter().filter(|rule| removes(rule.action)).map(|rule| rule.id.to_string()).filter(|id| !fired(id)).collect();
        never.sort();
        never.dedup();
        Ok(never)
    }

    fn exit(&self, run: &Run, unreadable: usize, messages: Messages) -> Exit {
        if run.stopped {
            let records = counted(usize::try_from(run.stats.records()).unwrap_or(usize::MAX), "record", "records");
            messages.note(format_args!("interrupted after {records}"));
            return Exit::Interrupted;
        }
        let found = if self.output.check && run.stats.changed > 0 { Exit::Found } else { Exit::Done };
        let failed = if run.stats.failed() > 0 { Exit::SomeFailed } else { Exit::Done };
        let unreadable = if unreadable > 0 { Exit::Failed } else { Exit::Done };
        found.worst(failed).worst(unreadable)
    }
}

/// Whether results go to a folder: it is one, or its name ends as those of folders do.
fn is_folder(path: &Path) -> bool {
    path.is_dir() || path.as_os_str().to_string_lossy().ends_with(['/', std::path::MAIN_SEPARATOR])
}

/// Becomes true when somebody wants the run to end. Who says so twice ends it at once.
fn stop_on_signals() -> anyhow::Result<Arc<AtomicBool>> {
    let stop = Arc::new(AtomicBool::new(false));
    for signal in [signal_hook::consts::SIGINT, signal_hook::consts::SIGTERM] {
        signal_hook::flag::register_conditional_shutdown(signal, i32::from(Exit::Interrupted.code()), Arc::clone(&stop))?;
        signal_hook::flag::register(signal, Arc::clone(&stop))?;
    }
    Ok(stop)
}

/// Where results go.
enum Sink {
    One(OneSink, Keep),
    Folder(FolderSink),
    Nowhere(Nowhere),
}

/// When an output is put where it belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Keep {
    Always,
    WhenWhole,
}

impl Sink {
    fn as_dyn(&mut self) -> &mut dyn BatchSink {
        match self {
            Self::One(sink, _) => sink,
            Self::Folder(sink) => sink,
            Self::Nowhere(sink) => sink,
        }
    }

    fn end(self, is_whole: bool) -> io::Result<()> {
        match self {
            Self::One(sink, keep) if is_whole || keep == Keep::Always => sink.commit(),
            _ => Ok(()),
        }
    }
}

/// Tells what is wrong and writes the files beside the results.
struct Reporter {
    messages: Messages,
    removed: Option<SideFile>,
    errors: Option<SideFile>,
    /// Inputs that could not be read, or not to their end.
    unreadable: usize,
}

impl Reporter {
    /// The inputs that paths stand for; those that stand for none are told.
    fn expand(&mut self, paths: &[PathBuf]) -> Vec<Source> {
        let mut sources = Vec::new();
        for path in paths {
            match Source::expand(path) {
                Ok(found) => sources.extend(found),
                Err(error) => self.unreadable(&path.display().to_string(), &error),
            }
        }
        sources
    }

    fn end(self, is_whole: bool) -> anyhow::Result<()> {
        for side in [self.removed, self.errors].into_iter().flatten().filter(|_| is_whole) {
            side.commit().context("cannot write a file beside the results")?;
        }
        Ok(())
    }
}

impl BatchWatch for Reporter {
    fn problem(&mut self, problem: &Problem) {
        self.messages.problem(problem);
    }

    fn unreadable(&mut self, name: &str, cause: &io::Error) {
        self.unreadable += 1;
        error(format_args!("cannot read {name}: {cause}"));
    }

    fn changed(&mut self, name: &str, pieces: usize) {
        self.messages.note(format_args!("{name}: {} would go", counted(pieces, "piece", "pieces")));
    }

    fn removed(&mut self, lines: &[u8]) -> io::Result<()> {
        self.removed.as_mut().map_or(Ok(()), |side| side.put(lines))
    }

    fn errors(&mut self, lines: &[u8]) -> io::Result<()> {
        self.errors.as_mut().map_or(Ok(()), |side| side.put(lines))
    }
}
