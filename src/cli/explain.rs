//! `copydesk explain`: an article with margins.
//!
//! ```text
//! kept                  │ Rockets hit near embassy
//! gone  ad_marker       │ Advertisement
//!                       ╰ en.ad.marker: match.is = "advertisement"  (en/ads.toml:12)
//! ```

use std::fmt::Write as _;
use std::io::{self, Read, Write};
use std::path::PathBuf;

use anstyle::{AnsiColor, Style};
use anyhow::{Context, anyhow, bail};
use serde_json::{Map, Value, json};

use super::exit::Exit;
use super::messages::{Messages, counted, failure};
use super::options::{EngineArgs, Input, InputArgs, inputs};
use super::tally::Tally;
use crate::article::{Article, Caption};
use crate::document::Document;
use crate::engine::{BlockTrace, Decision, Engine, Explanation, Near};
use crate::io::{Format, Halt, Head, JsonLines, Printer, decode};
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
    /// Files to explain; `-` or none is standard input
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
    /// JSON Lines: explain the record with this id or on this line only
    #[arg(long, value_name = "ID")]
    record: Option<String>,
    /// Print JSON, one object an article
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &Args, messages: Messages) -> anyhow::Result<Exit> {
    let Some(files) = inputs(&args.files) else { return super::print_help_of("explain") };
    let engine = args.engine.engine()?;
    let mut explainer = Explainer { args, engine, out: anstream::stdout(), shown: 0 };
    let mut exit = Exit::Done;
    for path in files {
        let result = Input::open(&path, args.input.from).and_then(|input| explainer.explain_input(input, messages));
        match result {
            Ok(end) => exit = exit.worst(end),
            Err(error) if error.is::<NoRule>() || super::is_closed(&error) => return Err(error),
            Err(error) => {
                failure(&error);
                exit = Exit::Failed;
            }
        }
    }
    if let (0, Some(record), Exit::Done) = (explainer.shown, &args.record, exit) {
        bail!("no record `{record}`");
    }
    Ok(exit)
}

/// There is no rule of that name for the document.
#[derive(Debug, thiserror::Error)]
#[error("no rule `{rule}` takes part in cleaning {name} ({language}); see `copydesk rules list`")]
struct NoRule {
    rule: String,
    name: String,
    language: String,
}

struct Explainer<'a> {
    args: &'a Args,
    engine: Engine,
    out: anstream::AutoStream<io::Stdout>,
    shown: usize,
}

impl Explainer<'_> {
    fn explain_input(&mut self, mut input: Input, messages: Messages) -> anyhow::Result<Exit> {
        if input.is_jsonl {
            return self.explain_records(input, messages);
        }
        let mut bytes = Vec::new();
        input.reader.read_to_end(&mut bytes).with_context(|| format!("cannot read {}", input.name))?;
        let decoded = decode(&bytes);
        let mut document = Document::from_text(&decoded.text);
        if let Some(lang) = &self.args.input.lang {
            document = document.with_language(lang);
        }
        if let Some(host) = &self.args.input.host {
            document = document.with_host(host);
        }
        self.explain(&input.name, &document)?;
        Ok(Exit::Done)
    }

    fn explain_records(&mut self, input: Input, messages: Messages) -> anyhow::Result<Exit> {
        let options = &self.args.input;
        let printer = Printer::new(Format::JsonLines, "");
        let mut lines = JsonLines::new(self.engine.clone(), printer).names(options.names()).max_record(options.max_record);
        if let Some(lang) = &options.lang {
            lines = lines.lang(lang);
        }
        if let Some(host) = &options.host {
            lines = lines.host(host);
        }
        let mut tally = Tally::new(messages);
        let mut failure = None;
        let result = lines.documents(&input.name, input.reader, &mut tally, &mut |line, name, document| {
            if self.args.record.as_ref().is_some_and(|record| record != name && *record != line.to_string()) {
                return Ok(());
            }
            self.explain(name, document).map_err(|error| {
                failure = Some(error);
                io::ErrorKind::Other.into()
            })
        });
        match (result, failure) {
            (_, Some(error)) => Err(error),
            (Err(Halt::Read(error) | Halt::Write(error)), None) => Err(anyhow!(error).context(format!("cannot read {}", input.name))),
            (Ok(()), None) if tally.failed() > 0 => Ok(Exit::SomeFailed),
            (Ok(()), None) => Ok(Exit::Done),
        }
    }

    fn explain(&mut self, name: &str, document: &Document<'_>) -> anyhow::Result<()> {
        if self.shown > 0 && !self.args.json {
            writeln!(self.out)?;
        }
        self.shown += 1;
        let text = match (&self.args.rule, self.args.json) {
            (None, false) => article_text(name, document, &self.engine.explain(document)),
            (None, true) => article_json(name, document, &self.engine.explain(document)),
            (Some(rule), is_json) => {
                let near = self.engine.why_not(document, rule).ok_or_else(|| self.no_rule(rule, name, document))?;
                let near = nearest(near, self.args.nearest);
                if is_json { near_json(name, rule, document, &near) } else { near_text(name, rule, document, &near) }
            }
        };
        self.out.write_all(text.as_bytes())?;
        Ok(())
    }

    fn no_rule(&self, rule: &str, name: &str, document: &Document<'_>) -> NoRule {
        let language = self.engine.clean_document(document).language.unwrap_or_else(|| "language not known".to_owned());
        NoRule { rule: rule.to_owned(), name: name.to_owned(), language }
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
    fn of(block: &BlockTrace) -> Self {
        let deciding = block.decisions.iter().find(|decision| decision.applied);
        let category = deciding.map_or("", |decision| decision.category.as_str());
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
        write_block(&mut out, document, block);
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

fn write_block(out: &mut String, document: &Document<'_>, block: &BlockTrace) {
    let Margin { word, category, style } = Margin::of(block);
    let text = block.span.of(document.source());
    for (index, line) in text.lines().enumerate() {
        let margin = if index == 0 { format!("{word:<5} {category}") } else { String::new() };
        let _ = writeln!(out, "{style}{margin:<WIDTH$}{style:#}{DIM}│{DIM:#} {style}{}{style:#}", line.trim());
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
    let blocks: Vec<Value> = explanation.blocks.iter().map(|block| block_json(document, block)).collect();
    format!("{}\n", json!({ "id": name, "article": article, "blocks": blocks }))
}

fn block_json(document: &Document<'_>, block: &BlockTrace) -> Value {
    let decisions: Vec<Value> = block.decisions.iter().map(decision_json).collect();
    json!({
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
