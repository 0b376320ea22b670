//! `copydesk explain`: an article with margins.
//!
//! ```text
//! kept                  │ Rockets hit near embassy
//! gone  ad_marker       │ Advertisement
//!                       ╰ en.ad.marker: match.is = "advertisement"  (en/ads.toml:12)
//! ```

use std::fmt::Write as _;
use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use anstyle::{AnsiColor, Style};
use anyhow::bail;
use serde_json::{Map, Value, json};

use super::exit::Exit;
use super::messages::{Messages, counted, error};
use super::options::{EngineArgs, InputArgs, inputs};
use crate::article::{Article, Caption, Dropped};
use crate::document::Document;
use crate::engine::{BlockTrace, Decision, Engine, Explanation, Near};
use crate::io::{BatchSink, BatchWatch, Form, Format, Head, Pages, Printer, Problem, Source, Told};
use crate::rules::Action;

/// Blocks shown by `--rule` unless more are asked for.
const NEAREST: usize = 5;

const GONE: Style = AnsiColor::Red.on_default();
const TAGGED: Style = AnsiColor::Cyan.on_default();
const HELD: Style = AnsiColor::Green.on_default();
const DIM: Style = Style::new().dimmed();
const BOLD: Style = Style::new().bold();

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Files, folders or patterns to explain; `-` or none is standard input
    files: Vec<PathBuf>,
    #[command(flatten)]
    input: InputArgs,
    #[command(flatten)]
    engine: EngineArgs,
    /// Show which conditions of this rule held and which did not, on the blocks that came nearest
    #[arg(long, value_name = "ID")]
    rule: Option<String>,
    /// With --rule: how many blocks are shown
    #[arg(long, value_name = "NUMBER", default_value_t = NEAREST, requires = "rule")]
    nearest: usize,
    /// Explain the record with this id, or on this line or place of its input, only
    #[arg(long, value_name = "ID")]
    record: Option<String>,
    /// Print JSON, one object an article
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &Args, messages: Messages) -> anyhow::Result<Exit> {
    let Some(files) = inputs(&args.files) else { return super::print_help_of("explain") };
    let engine = args.engine.engine(true)?;
    let mut reporter = Reporter { messages, failed: 0, unreadable: 0 };
    let mut sources = Vec::new();
    for path in files {
        match Source::expand(&path) {
            Ok(found) => sources.extend(found),
            Err(error) => reporter.unreadable(&path.display().to_string(), &error),
        }
    }
    let stop = Arc::new(AtomicBool::new(false));
    let explainer = Arc::new(Explainer {
        rule: args.rule.clone(),
        nearest: args.nearest,
        record: args.record.clone(),
        is_json: args.json,
        stop: Arc::clone(&stop),
        shown: AtomicUsize::new(0),
        no_rule: Mutex::default(),
    });
    let own = Arc::clone(&explainer);
    // One thread: articles are numbered as they are shown.
    let batch = args.input.batch(&engine, &Printer::new(Format::JsonLines, "")).jobs(1).stop_when(stop);
    let batch = batch.account(move |engine, told, out| own.explain(engine, told, out));
    let result = batch.run(sources, &mut Screen { out: anstream::stdout() }, &mut reporter);
    if let Some(no_rule) = explainer.no_rule.lock().ok().and_then(|mut no_rule| no_rule.take()) {
        return Err(no_rule.into());
    }
    result.map_err(|unwritable| unwritable.0)?;
    match (&args.record, reporter) {
        (_, Reporter { unreadable: 1.., .. }) => Ok(Exit::Failed),
        (_, Reporter { failed: 1.., .. }) => Ok(Exit::SomeFailed),
        (Some(record), _) if explainer.shown.load(Ordering::Relaxed) == 0 => bail!("no record `{record}`"),
        _ => Ok(Exit::Done),
    }
}

/// Tells what is wrong and counts it.
struct Reporter {
    messages: Messages,
    failed: usize,
    unreadable: usize,
}

impl BatchWatch for Reporter {
    fn problem(&mut self, problem: &Problem) {
        self.failed += usize::from(!problem.is_warning());
        self.messages.problem(problem);
    }

    fn unreadable(&mut self, name: &str, cause: &io::Error) {
        self.unreadable += 1;
        error(format_args!("cannot read {name}: {cause}"));
    }
}

/// Standard output, with colours where they are wanted.
struct Screen {
    out: anstream::AutoStream<io::Stdout>,
}

impl BatchSink for Screen {
    fn open(&mut self, _: &Source, _: Form) -> io::Result<()> {
        Ok(())
    }

    fn put(&mut self, pages: &Pages) -> io::Result<()> {
        self.out.write_all(pages.bytes())
    }

    fn close(&mut self) -> io::Result<()> {
        self.out.flush()
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// There is no rule of that name for the document.
#[derive(Debug, thiserror::Error)]
#[error("no rule `{rule}` takes part in cleaning {name} ({language}); see `copydesk rules list`")]
struct NoRule {
    rule: String,
    name: String,
    language: String,
}

struct Explainer {
    rule: Option<String>,
    nearest: usize,
    record: Option<String>,
    is_json: bool,
    stop: Arc<AtomicBool>,
    shown: AtomicUsize,
    no_rule: Mutex<Option<NoRule>>,
}

impl Explainer {
    fn explain(&self, engine: &Engine, told: Told<'_>, out: &mut Vec<u8>) {
        let Told { line, name, document, .. } = told;
        let is_asked = |record: &String| record == name || line.is_some_and(|line| *record == line.to_string());
        if !self.record.as_ref().is_none_or(is_asked) || self.stop.load(Ordering::Relaxed) {
            return;
        }
        let text = match (&self.rule, self.is_json) {
            (None, false) => article_text(name, document, &engine.explain(document)),
            (None, true) => article_json(name, document, &engine.explain(document)),
            (Some(rule), is_json) => {
                let Some(near) = engine.why_not(document, rule) else {
                    let language = engine.clean_document(document).language.unwrap_or_else(|| "language not known".to_owned());
                    if let Ok(mut no_rule) = self.no_rule.lock() {
                        *no_rule = Some(NoRule { rule: rule.clone(), name: name.to_owned(), language });
                    }
                    return self.stop.store(true, Ordering::Relaxed);
                };
                let near = nearest(near, self.nearest);
                if is_json { near_json(name, rule, document, &near) } else { near_text(name, rule, document, &near) }
            }
        };
        if self.shown.fetch_add(1, Ordering::Relaxed) > 0 && !self.is_json {
            out.push(b'\n');
        }
        out.extend_from_slice(text.as_bytes());
    }
}

/// What the margin says of a block.
#[derive(Clone, Copy)]
struct Margin {
    word: &'static str,
    category: &'static str,
    style: Style,
}

impl Margin {
    fn of(block: &BlockTrace, by_page: Option<&Dropped<'_>>) -> Self {
        let deciding = block.decisions.iter().find(|decision| decision.applied);
        let category = deciding.map(|decision| decision.category).or(by_page.map(|dropped| dropped.category));
        let category = category.map_or("", |category| category.as_str());
        let (word, style) = match deciding.map(|decision| decision.action) {
            _ if !block.kept => ("gone", GONE),
            Some(Action::Cut | Action::Remove) => ("part", GONE),
            Some(Action::Tag) => ("kept", TAGGED),
            Some(Action::Protect) => ("kept", HELD),
            None => ("kept", Style::new()),
        };
        Self { word, category, style }
    }
}

/// Columns of the margin.
const WIDTH: usize = 25;

fn article_text(name: &str, document: &Document<'_>, explanation: &Explanation<'_>) -> String {
    let mut out = title(name, explanation);
    let mut paragraph = 0;
    for block in &explanation.blocks {
        if block.paragraph != paragraph {
            let _ = writeln!(out, "{:WIDTH$}{DIM}│{DIM:#}", "");
            paragraph = block.paragraph;
        }
        write_block(&mut out, document, block, by_page(&explanation.article, block));
    }
    write_captions(&mut out, &explanation.article);
    out
}

fn title(name: &str, explanation: &Explanation<'_>) -> String {
    let article = &explanation.article;
    let gone = explanation.blocks.iter().filter(|block| !block.kept).count();
    let language = article.language.as_deref().unwrap_or("language not known");
    let captions = counted(article.captions.len(), "caption", "captions");
    let status = article.status.as_str();
    let all = counted(explanation.blocks.len(), "block", "blocks");
    format!("{BOLD}{name}{BOLD:#}: {status}, {language}, {gone} of {all} gone, {captions}\n")
}

/// What has become of a block that went because of where it stands on its page, and not by a rule.
fn by_page<'a>(article: &'a Article<'_>, block: &BlockTrace) -> Option<&'a Dropped<'a>> {
    if block.kept || block.decisions.iter().any(|decision| decision.applied) {
        return None;
    }
    let at = article.dropped.partition_point(|dropped| dropped.span.end <= block.span.start);
    article.dropped.get(at).filter(|dropped| dropped.span.start <= block.span.start)
}

fn write_block(out: &mut String, document: &Document<'_>, block: &BlockTrace, by_page: Option<&Dropped<'_>>) {
    let Margin { word, category, style } = Margin::of(block, by_page);
    let text = block.span.of(document.source());
    for (index, line) in text.lines().enumerate() {
        let margin = if index == 0 { format!("{word:<5} {category}") } else { String::new() };
        let _ = writeln!(out, "{style}{margin:<WIDTH$}{style:#}{DIM}│{DIM:#} {style}{}{style:#}", line.trim());
    }
    if let Some(dropped) = by_page {
        let _ = writeln!(out, "{:WIDTH$}{DIM}╰{DIM:#} {}", "", dropped.rule);
    }
    for decision in &block.decisions {
        write_decision(out, document, block, decision);
    }
}

fn write_decision(out: &mut String, document: &Document<'_>, block: &BlockTrace, decision: &Decision) {
    let Decision { rule, file, line, .. } = decision;
    let _ = write!(out, "{:WIDTH$}{DIM}╰ ", "");
    if !decision.applied {
        out.push_str("not applied: ");
    }
    let _ = write!(out, "{DIM:#}{rule}{DIM}");
    if decision.span != block.span {
        let _ = write!(out, " on {:?}", short(decision.span.of(document.source()), 60));
    }
    if !decision.because.is_empty() {
        let because: Vec<_> = decision.because.iter().map(|(key, value)| format!("{key} = {:?}", short(value, 60))).collect();
        let _ = write!(out, ": {}", because.join("; "));
    }
    if !decision.shadowed.is_empty() {
        let shadowed: Vec<_> = decision.shadowed.iter().map(ToString::to_string).collect();
        let _ = write!(out, "; before {}", shadowed.join(", "));
    }
    let _ = writeln!(out, "  ({file}:{line}){DIM:#}");
}

fn write_captions(out: &mut String, article: &Article<'_>) {
    if article.captions.is_empty() {
        return;
    }
    let _ = writeln!(out, "\n{BOLD}captions{BOLD:#}");
    for (index, caption) in article.captions.iter().enumerate() {
        write_caption(out, index + 1, caption);
    }
}

fn write_caption(out: &mut String, number: usize, caption: &Caption) {
    let times = if caption.count > 1 { format!(", {} times", caption.count) } else { String::new() };
    let rule = caption.rule.as_ref().map(|rule| format!(", {rule}")).unwrap_or_default();
    let place = format!("after paragraph {}{times}{rule}", caption.after_paragraph);
    let _ = writeln!(out, "{number:>4}  {TAGGED}{}{TAGGED:#} {}  {DIM}({place}){DIM:#}", caption.kind.as_str(), caption.text);
    let raw = caption.credit_raw.as_deref().filter(|raw| Some(*raw) != caption.credit.as_deref());
    let credit = caption.credit.as_deref().map(|credit| raw.map_or_else(|| credit.to_owned(), |raw| format!("{credit} ({raw})")));
    for (label, value) in [("credit", credit.as_deref()), ("alt", caption.alt.as_deref())] {
        if let Some(value) = value {
            let _ = writeln!(out, "      {DIM}{label}{DIM:#} {value}");
        }
    }
}

pub(super) fn article_json(name: &str, document: &Document<'_>, explanation: &Explanation<'_>) -> String {
    let article = Printer::new(Format::JsonLines, "").removed(true).print(&Head::named(name), &explanation.article);
    let article: Value = serde_json::from_str(&article).unwrap_or_default();
    let blocks: Vec<Value> =
        explanation.blocks.iter().map(|block| block_json(document, block, by_page(&explanation.article, block))).collect();
    format!("{}\n", json!({ "id": name, "article": article, "blocks": blocks }))
}

fn block_json(document: &Document<'_>, block: &BlockTrace, by_page: Option<&Dropped<'_>>) -> Value {
    let decisions: Vec<Value> = block.decisions.iter().map(decision_json).collect();
    json!({
        "by_page": by_page.map(|dropped| dropped.rule.as_str()),
        "span": [block.span.start, block.span.end],
        "paragraph": block.paragraph,
        "words": block.words,
        "kept": block.kept,
        "text": block.span.of(document.source()),
        "decisions": decisions,
    })
}

fn decision_json(decision: &Decision) -> Value {
    let because: Vec<Value> = decision.because.iter().map(|(key, value)| json!({ "key": key, "value": value })).collect();
    let shadowed: Vec<&str> = decision.shadowed.iter().map(crate::rules::RuleId::as_str).collect();
    json!({
        "rule": decision.rule.as_str(),
        "category": decision.category.as_str(),
        "action": decision.action.as_str(),
        "tag": decision.tag.map(crate::rules::Tag::as_str),
        "file": decision.file,
        "line": decision.line,
        "span": [decision.span.start, decision.span.end],
        "because": because,
        "applied": decision.applied,
        "shadowed": shadowed,
    })
}

/// The blocks that came nearest to matching, in the order of the text; matches before all others.
fn nearest(mut near: Vec<Near>, count: usize) -> Vec<Near> {
    near.sort_by_key(|near| std::cmp::Reverse((near.matched, near.held.len())));
    near.truncate(count);
    near.sort_by_key(|near| near.span);
    near
}

fn near_text(name: &str, rule: &str, document: &Document<'_>, near: &[Near]) -> String {
    let matched = near.iter().filter(|near| near.matched).count();
    let verdict = if matched == 0 {
        "matches no block; the nearest are".to_owned()
    } else {
        format!("matches {}", counted(matched, "block", "blocks"))
    };
    let mut out = format!("{BOLD}{name}{BOLD:#}: {rule} {verdict}\n");
    for near in near {
        let style = if near.matched { HELD } else { Style::new() };
        let _ = writeln!(out, "\n  {style}{}{style:#}", short(near.span.of(document.source()), 90));
        for key in &near.held {
            let _ = writeln!(out, "    {HELD}held{HELD:#}    {key}");
        }
        if let Some((key, found)) = &near.failed {
            let _ = writeln!(out, "    {GONE}failed{GONE:#}  {key}: {}", short(found, 120));
        }
        if let Some(rule) = &near.decided_by {
            let _ = writeln!(out, "    {DIM}decided by {rule}{DIM:#}");
        }
    }
    out
}

fn near_json(name: &str, rule: &str, document: &Document<'_>, near: &[Near]) -> String {
    let blocks: Vec<Value> = near.iter().map(|near| near_block_json(document, near)).collect();
    format!("{}\n", json!({ "id": name, "rule": rule, "blocks": blocks }))
}

fn near_block_json(document: &Document<'_>, near: &Near) -> Value {
    let mut block = Map::new();
    block.insert("span".to_owned(), json!([near.span.start, near.span.end]));
    block.insert("text".to_owned(), near.span.of(document.source()).into());
    block.insert("matched".to_owned(), near.matched.into());
    block.insert("held".to_owned(), near.held.clone().into());
    if let Some((key, found)) = &near.failed {
        block.insert("failed".to_owned(), json!({ "key": key, "found": found }));
    }
    if let Some(rule) = &near.decided_by {
        block.insert("decided_by".to_owned(), rule.as_str().into());
    }
    block.into()
}

/// The beginning of a text, on one line.
fn short(text: &str, most: usize) -> String {
    let mut chars = text.split_whitespace().collect::<Vec<_>>().join(" ").chars().collect::<Vec<_>>();
    if chars.len() > most {
        chars.truncate(most - 1);
        chars.push('…');
    }
    chars.into_iter().collect()
}
