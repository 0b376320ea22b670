//! `copydesk clean`: articles in, articles out.

use std::collections::BTreeMap;
use std::io::{self, BufRead, IsTerminal};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use clap::ValueEnum;

use super::bar::Bar;
use super::exit::Exit;
use super::messages::{Messages, answer, counted, error};
use super::options::{EngineArgs, InputArgs, bytes};
use super::tally;
use crate::engine::Engine;
#[cfg(feature = "parquet")]
use crate::io::ParquetSink;
use crate::io::{
    Batch, BatchSink, BatchWatch, CaptionPlace, Compression, First, FolderSink, Form, Format, Manifest, Nowhere, OneSink, Position,
    Printer, Problem, RichField, Run, SideFile, Source, Stats, Target, Wishes,
};
use crate::render::Rich;
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
#[expect(clippy::struct_excessive_bools, reason = "each is an option of its own")]
struct OutputArgs {
    /// What is written [default: text for texts and pages, jsonl for all else]
    #[arg(long, visible_alias = "format", value_name = "FORM")]
    to: Option<ToArg>,
    /// Where captions go in text, Markdown and HTML
    #[arg(long, value_name = "WHERE", default_value = "data")]
    captions: CaptionsArg,
    /// JSON: the story in another form too, in a field of that name
    #[arg(long, value_name = "FORM")]
    rich: Option<RichArg>,
    /// Markdown and HTML of pages: links keep where they lead
    #[arg(long)]
    links: bool,
    /// Markdown and HTML of pages: tables stay tables; otherwise each row is a line
    #[arg(long)]
    tables: bool,
    /// Markdown and HTML of pages: pictures of the story where they stood, with caption and credit
    #[arg(long)]
    images: bool,
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
    /// Go on with a run over the same inputs that has not come to its end, or begin one that can be gone on with
    #[arg(long, requires = "output")]
    resume: bool,
    /// With --resume: how often it is noted down how far the run is, in milliseconds
    #[arg(long, value_name = "MS", default_value_t = 1000, requires = "resume")]
    note_every: u64,
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
    /// The story as HTML that is safe to show
    Html,
    /// copydesk.article/1, indented; several are an array
    Json,
    /// copydesk.article/1, one object a line
    Jsonl,
    /// Comma-separated values, the columns of the first input before ours
    Csv,
    /// Tab-separated values, the same
    Tsv,
    /// Apache Parquet: the columns of the first input and ours, captions as structs
    #[cfg(feature = "parquet")]
    Parquet,
    /// Feeds as they came in, with cleaned bodies and captions as an extension
    Feed,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum RichArg {
    /// In `markdown`
    Markdown,
    /// In `html`
    Html,
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
    // Whoever goes on with a run may ask for more than whoever began it.
    let names_outside = args.output.removed.is_some() || args.output.stats.is_some() || args.output.resume;
    let engine = args.engine.engine(names_outside)?;
    let mut reporter = Reporter { messages, progress: Bar::hidden(), side: Side::default(), journal: None, unreadable: 0 };
    let sources = reporter.expand(&paths);
    let stop = stop_on_signals()?;
    let first = sources.first().and_then(|source| args.batch(&engine, &args.printer(&engine, Format::Text, false)).peek(source).ok());
    let form = first.as_ref().map_or(Form::Text, First::form);
    args.check_rich(args.format(form))?;
    let several = sources.len() > 1 || !matches!(form, Form::Text | Form::Html);
    let columns = first.as_ref().map(|first| first.columns().to_vec()).unwrap_or_default();
    let names = args.input.names();
    let printer = args.printer(&engine, args.format(form), several).columns(&columns, &[&names.text, &names.html]);
    #[cfg(feature = "parquet")]
    let printer = args.for_parquet(printer, first.as_ref());
    reporter.journal = args.journal(&engine, &sources, &columns)?;
    let reached = reporter.journal.as_ref().map(|journal| journal.manifest.clone()).unwrap_or_default();
    if reached.done {
        return args.put_in_place(&reached).map(|()| args.exit(&reached.stats, reached.unreadable));
    }
    reporter.unreadable += reached.unreadable;
    reporter.side = args.side(&reached)?;
    reporter.progress = args.bar(&sources, messages);
    let mut sink = args.sink(&printer, several, &reached, &sources)?;
    let batch = args.batch(&engine, &printer).stop_when(stop).from(reached.position).stats(reached.stats);
    let rest = sources.into_iter().skip(usize::from(first.is_some())).collect();
    let result = batch.run_with(first, rest, sink.as_dyn(), &mut reporter);
    reporter.progress.clear();
    let run = result.map_err(|unwritable| args.unwritable(unwritable.0))?;
    let unreadable = reporter.unreadable;
    reporter.note_end(&run, sink.as_dyn()).map_err(|error| args.unwritable(error))?;
    sink.end(!run.stopped).map_err(|error| args.unwritable(error))?;
    reporter.end(!run.stopped)?;
    args.show_stats(&run.stats, began.elapsed())?;
    if run.stopped {
        let records = counted(usize::try_from(run.stats.records()).unwrap_or(usize::MAX), "record", "records");
        let hint = if args.output.resume { "; --resume goes on from there" } else { "" };
        messages.note(format_args!("interrupted after {records}{hint}"));
        return Ok(Exit::Interrupted);
    }
    Ok(args.exit(&run.stats, unreadable))
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

    /// Only JSON has a field for another form.
    fn check_rich(&self, format: Format) -> anyhow::Result<()> {
        let has_field = matches!(format, Format::Json | Format::JsonLines);
        if self.output.rich.is_some() && !has_field {
            anyhow::bail!("--rich adds a field to json and jsonl; --to markdown and --to html write the form itself");
        }
        Ok(())
    }

    fn format(&self, form: Form) -> Format {
        match self.output.to {
            Some(ToArg::Markdown) => Format::Markdown,
            Some(ToArg::Html) => Format::Html,
            Some(ToArg::Json) => Format::Json,
            Some(ToArg::Jsonl) => Format::JsonLines,
            Some(ToArg::Csv) => Format::Csv,
            Some(ToArg::Tsv) => Format::Tsv,
            #[cfg(feature = "parquet")]
            Some(ToArg::Parquet) => Format::Parquet,
            Some(ToArg::Feed) => Format::Feed,
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
        let field = self.output.rich.map(|form| match form {
            RichArg::Markdown => RichField::Markdown,
            RichArg::Html => RichField::Html,
        });
        let OutputArgs { links, tables, images, .. } = self.output;
        Printer::new(format, engine.rules_hash())
            .rich(Rich { links, tables, images, captions })
            .rich_field(field)
            .removed(removed)
            .headings(several)
    }

    fn batch(&self, engine: &Engine, printer: &Printer) -> Batch {
        let Self { input, limits, output, .. } = self;
        let wishes = Wishes { removed: matches!(output.removed, Some(Some(_))), errors: output.errors.is_some(), changes: output.check };
        let mut batch = input.batch(engine, printer).max_expansion(limits.max_expansion).wishes(wishes);
        if let Some(jobs) = limits.jobs {
            batch = batch.jobs(jobs);
        }
        if let Some(bytes) = limits.memory {
            batch = batch.memory(bytes);
        }
        if let Some(millis) = limits.max_time {
            batch = batch.max_time(Duration::from_millis(millis));
        }
        batch
    }

    #[cfg(feature = "parquet")]
    fn for_parquet(&self, printer: Printer, first: Option<&First>) -> Printer {
        if printer.format() != Format::Parquet {
            return printer;
        }
        let schema = first.and_then(First::schema);
        let names = self.input.names();
        let consumed =
            if schema.as_ref().is_some_and(|schema| schema.field_with_name(&names.text).is_ok()) { names.text } else { names.html };
        printer.parquet_columns(schema.as_deref(), &[&consumed])
    }

    /// The files beside the results.
    fn side(&self, reached: &Manifest) -> anyhow::Result<Side> {
        let open = |path: &Path| {
            let bytes = reached.side.get(&path.display().to_string()).copied().unwrap_or(0);
            let file = if self.output.resume { SideFile::part(path, bytes) } else { SideFile::new(path) };
            let name = path.display().to_string();
            file.with_context(|| format!("cannot write {name}")).map(|file| (file, name))
        };
        Ok(Side { removed: self.removed_file().map(open).transpose()?, errors: self.output.errors.as_deref().map(open).transpose()? })
    }

    fn removed_file(&self) -> Option<&Path> {
        self.output.removed.as_ref()?.as_deref()
    }

    fn sink(&self, printer: &Printer, several: bool, reached: &Manifest, sources: &[Source]) -> anyhow::Result<Sink> {
        if self.output.check {
            return Ok(Sink::Nowhere(Nowhere));
        }
        #[cfg(feature = "parquet")]
        if printer.format() == Format::Parquet {
            return self.parquet_sink(printer);
        }
        let Some(path) = &self.output.output else {
            return Ok(Sink::One(OneSink::new(Target::stdout(), printer, several)?, Keep::Always));
        };
        if is_folder(path) {
            let mut sink = FolderSink::new(path, Compression::None, printer);
            let done = usize::try_from(reached.position.input)?;
            sources.iter().take(done).for_each(|source| sink.skip(source));
            return Ok(Sink::Folder(sink));
        }
        let target = if self.output.resume { Target::part(path, reached.output.bytes) } else { Target::file(path) };
        let target = target.map_err(|error| self.unwritable(error))?;
        let compression = Compression::of_name(path).0;
        Ok(Sink::One(OneSink::resumed(target, compression, printer, several, reached.output.articles)?, Keep::WhenWhole))
    }

    #[cfg(feature = "parquet")]
    fn parquet_sink(&self, printer: &Printer) -> anyhow::Result<Sink> {
        let target = match self.output.output.as_deref() {
            _ if self.output.resume => bail!("a run that writes Parquet cannot be resumed: the file has its index at its end"),
            Some(path) if is_folder(path) => bail!("Parquet is written to one file; `-o` names a folder"),
            Some(path) => Target::file(path).map_err(|error| self.unwritable(error))?,
            None => Target::stdout(),
        };
        Ok(Sink::Parquet(Box::new(ParquetSink::new(target, printer).map_err(|error| self.unwritable(error))?)))
    }

    /// What an earlier run has noted down, or room for notes; `None` when nobody wants any.
    fn journal(&self, engine: &Engine, sources: &[Source], columns: &[String]) -> anyhow::Result<Option<Journal>> {
        let Some(output) = self.output.output.as_deref().filter(|_| self.output.resume) else { return Ok(None) };
        if sources.iter().any(Source::is_stdin) {
            bail!("a run over standard input cannot be resumed");
        }
        if is_folder(output) {
            std::fs::create_dir_all(output).map_err(|error| self.unwritable(error))?;
        }
        let OutputArgs { to, captions, rich, links, tables, images, removed, errors, .. } = &self.output;
        let limits = (self.limits.max_expansion, self.limits.memory, self.limits.max_time);
        let settings =
            format!("{:?}", (&self.input, &self.engine, limits, (to, captions, removed, errors), (rich, links, tables, images), columns));
        let path = Manifest::path_for(output);
        let manifest = Manifest::begin(engine.rules_hash(), &settings, sources).resumed(&path)?;
        let files = [Some(output), self.removed_file(), errors.as_deref()];
        let is_packed = files.into_iter().flatten().any(|path| Compression::of_name(path).0 != Compression::None);
        let every = if is_packed { Every::Pieces(PACKED_PIECES) } else { Every::Time(Duration::from_millis(self.output.note_every)) };
        Ok(Some(Journal { path, manifest, every, last: Instant::now(), pieces: 0, position: Position::default() }))
    }

    /// Ends a run that was killed when all was written.
    fn put_in_place(&self, reached: &Manifest) -> anyhow::Result<()> {
        let output = self.output.output.as_deref().filter(|path| !is_folder(path)).map(|path| (path, reached.output.bytes));
        let side = reached.side.iter().map(|(name, bytes)| (Path::new(name), *bytes));
        for (path, bytes) in output.into_iter().chain(side) {
            // What is not there any more is where it belongs.
            if let Some(target) = Target::part_left(path, bytes).with_context(|| format!("cannot write {}", path.display()))? {
                target.commit().with_context(|| format!("cannot write {}", path.display()))?;
            }
        }
        self.output
            .output
            .as_deref()
            .map_or(Ok(()), |path| std::fs::remove_file(Manifest::path_for(path)))
            .context("cannot remove the note")
    }

    fn bar(&self, sources: &[Source], messages: Messages) -> Bar {
        let is_shown = !messages.is_quiet() && !self.output.check && (self.output.output.is_some() || !io::stdout().is_terminal());
        if !is_shown || !io::stderr().is_terminal() {
            return Bar::hidden();
        }
        let sizes =
            sources.iter().map(|source| std::fs::metadata(source.path()).ok().filter(std::fs::Metadata::is_file).map(|about| about.len()));
        Bar::new(sizes.sum())
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

    fn exit(&self, stats: &Stats, unreadable: usize) -> Exit {
        let found = if self.output.check && stats.changed > 0 { Exit::Found } else { Exit::Done };
        let failed = if stats.failed() > 0 { Exit::SomeFailed } else { Exit::Done };
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
    #[cfg(feature = "parquet")]
    Parquet(Box<ParquetSink>),
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
            #[cfg(feature = "parquet")]
            Self::Parquet(sink) => &mut **sink,
            Self::Nowhere(sink) => sink,
        }
    }

    fn end(self, is_whole: bool) -> io::Result<()> {
        match self {
            Self::One(sink, keep) if is_whole || keep == Keep::Always => sink.commit(),
            #[cfg(feature = "parquet")]
            Self::Parquet(sink) if is_whole => sink.commit(),
            _ => Ok(()),
        }
    }
}

/// Pieces of input after which a run with compressed outputs is noted down: what is noted begins a new member, and members must
/// not depend on how fast the machine is.
const PACKED_PIECES: u32 = 16;

/// Notes about how far a run is.
struct Journal {
    path: PathBuf,
    manifest: Manifest,
    every: Every,
    last: Instant,
    pieces: u32,
    /// The last place that was reached, noted or not.
    position: Position,
}

/// How often it is noted down.
#[derive(Clone, Copy)]
enum Every {
    Time(Duration),
    Pieces(u32),
}

impl Journal {
    fn is_due(&self) -> bool {
        match self.every {
            Every::Time(time) => self.last.elapsed() >= time,
            Every::Pieces(pieces) => self.pieces >= pieces,
        }
    }

    fn note(&mut self, stats: &Stats, unreadable: usize, side: &mut Side, sink: &mut dyn BatchSink) -> io::Result<()> {
        let Some(output) = sink.mark()? else { return Ok(()) };
        let Manifest { position, output: bytes, side: files, stats: counts, unreadable: count, .. } = &mut self.manifest;
        (*position, *bytes, *count) = (self.position, output, unreadable);
        counts.clone_from(stats);
        *files = side.mark()?;
        (self.last, self.pieces) = (Instant::now(), 0);
        self.manifest.write(&self.path)
    }
}

/// The files beside the results.
#[derive(Default)]
struct Side {
    removed: Option<(SideFile, String)>,
    errors: Option<(SideFile, String)>,
}

impl Side {
    /// Settles them on the disk; answers with their lengths, by name.
    fn mark(&mut self) -> io::Result<BTreeMap<String, u64>> {
        let files = [&mut self.removed, &mut self.errors].into_iter().flatten();
        files.map(|(file, name)| Ok((name.clone(), file.mark()?))).collect()
    }
}

/// Tells what is wrong, shows how far the run is, notes it down, and writes the files beside the results.
struct Reporter {
    messages: Messages,
    progress: Bar,
    side: Side,
    journal: Option<Journal>,
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

    /// Notes down where the run has ended, so that it can be gone on with or only has to be put in place.
    fn note_end(&mut self, run: &Run, sink: &mut dyn BatchSink) -> io::Result<()> {
        let Some(journal) = &mut self.journal else { return Ok(()) };
        journal.manifest.done = !run.stopped;
        journal.note(&run.stats, self.unreadable, &mut self.side, sink)
    }

    fn end(self, is_whole: bool) -> anyhow::Result<()> {
        if !is_whole {
            return Ok(());
        }
        for (file, name) in [self.side.removed, self.side.errors].into_iter().flatten() {
            file.commit().with_context(|| format!("cannot write {name}"))?;
        }
        self.journal.map_or(Ok(()), |journal| std::fs::remove_file(journal.path)).context("cannot remove the note about the run")
    }
}

impl BatchWatch for Reporter {
    fn problem(&mut self, problem: &Problem) {
        self.progress.aside(|| self.messages.problem(problem));
    }

    fn unreadable(&mut self, name: &str, cause: &io::Error) {
        self.unreadable += 1;
        self.progress.aside(|| error(format_args!("cannot read {name}: {cause}")));
    }

    fn changed(&mut self, name: &str, pieces: usize) {
        self.progress.aside(|| self.messages.note(format_args!("{name}: {} would go", counted(pieces, "piece", "pieces"))));
    }

    fn removed(&mut self, lines: &[u8]) -> io::Result<()> {
        self.side.removed.as_mut().map_or(Ok(()), |(file, _)| file.put(lines))
    }

    fn errors(&mut self, lines: &[u8]) -> io::Result<()> {
        self.side.errors.as_mut().map_or(Ok(()), |(file, _)| file.put(lines))
    }

    fn reached(&mut self, position: Position, run: &Run, sink: &mut dyn BatchSink) -> io::Result<()> {
        self.progress.show(&run.progress);
        let Some(journal) = &mut self.journal else { return Ok(()) };
        journal.position = position;
        journal.pieces += 1;
        if journal.is_due() {
            journal.note(&run.stats, self.unreadable, &mut self.side, sink)?;
        }
        Ok(())
    }
}
