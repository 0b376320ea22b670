//! `copydesk rules test`.

use std::ops::RangeInclusive;
use std::path::PathBuf;

use super::lint::{print, summary};
use crate::cli::exit::Exit;
use crate::cli::messages::{Messages, counted};
use crate::cli::options::RuleArgs;
use crate::document::Document;
use crate::engine::{BlockTrace, Decision, Engine};
use crate::rules::lint::{Judge, run_tests};
use crate::rules::{Action, Media, Mode, Rule, RuleId, RuleSetBuilder, Severity};
use crate::span::ByteSpan;

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Args {
    /// Files or folders of rules; without any, those of --rules, else the built-in rules
    paths: Vec<PathBuf>,
    /// Only tests of these rules, or of those whose names begin with this and a dot; of built-in rules warnings are shown with this alone
    #[arg(long, value_name = "ID")]
    rule: Vec<String>,
    #[command(flatten)]
    rules: RuleArgs,
}

pub(super) fn run(args: &Args, messages: Messages) -> anyhow::Result<Exit> {
    let paths: Vec<&PathBuf> = args.paths.iter().chain(&args.rules.rules).collect();
    let set = args.paths.iter().fold(args.rules.set().keep_tests(true), RuleSetBuilder::add_path).build()?;
    let rules = set.all()?;
    let own: Vec<_> = set.files().into_iter().filter(|file| paths.is_empty() || !file.is_builtin()).collect();
    let wanted = rules.iter().filter(|rule| rule.scope.media != Some(Media::Html) && rule.matcher.css.is_none());
    let wanted = wanted.filter(|rule| own.iter().any(|file| file.name() == *rule.origin.file) && args.wants(rule));
    let judge = EngineJudge::new(args, &paths)?;
    let report = run_tests(&set, wanted, &judge);
    // Of all packs together the warnings are many: lines that several rules know are the rule there.
    let is_whole = paths.is_empty() && args.rule.is_empty();
    let shown = report.diagnostics.iter().filter(|diagnostic| !is_whole || diagnostic.severity == Severity::Error);
    print(shown)?;
    let (rules, tests) = (counted(report.rules, "rule", "rules"), counted(report.tests, "test", "tests"));
    messages.note(format_args!("{tests} of {rules}: {}", summary(&report.diagnostics)));
    let failed = report.diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error);
    Ok(if failed { Exit::Found } else { Exit::Done })
}

impl Args {
    fn wants(&self, rule: &Rule) -> bool {
        let id = rule.id.as_str();
        let is_named = |name: &String| id.strip_prefix(name.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
        self.rule.is_empty() || self.rule.iter().any(is_named)
    }
}

/// Answers from an engine with all rules of all levels.
struct EngineJudge {
    engine: Engine,
}

impl EngineJudge {
    fn new(args: &Args, paths: &[&PathBuf]) -> anyhow::Result<Self> {
        let builder = Engine::builder().mode(Mode::Thorough).builtin(!args.rules.no_builtin).guard(1.0);
        let engine = paths.iter().fold(builder, |builder, path| builder.rules_path(path)).build()?;
        Ok(Self { engine })
    }

    /// What happened to each block of a text under the rule's scope, with the lines that it covers.
    fn trace(&self, rule: &Rule, text: &str) -> Vec<(RangeInclusive<usize>, BlockTrace)> {
        let blocks = self.engine.explain(&document(rule, text)).blocks.into_iter();
        blocks.map(|block| (lines(text, block.span), block)).collect()
    }

    /// Lines that a protecting rule would keep: it runs only where others want to take something.
    fn protected(&self, rule: &Rule, text: &str) -> Vec<usize> {
        let near = self.engine.why_not(&document(rule, text), rule.id.as_str()).unwrap_or_default();
        near.iter().filter(|near| near.matched).flat_map(|near| lines(text, near.span)).collect()
    }
}

/// A text under the rule's scope.
fn document<'t>(rule: &Rule, text: &'t str) -> Document<'t> {
    let mut document = Document::from_text(text);
    if let Some(lang) = rule.scope.lang.first() {
        document = document.with_language(lang);
    }
    if let Some(host) = rule.scope.hosts.first() {
        // A host that the pattern covers: `=a.com` is written for `a.com`, `a.*` for `a.com` and others.
        document = document.with_host(&host.to_string().trim_start_matches('=').replace(".*", ".com"));
    }
    document
}

/// The lines, counted from 0, that a span of a text covers.
fn lines(text: &str, span: ByteSpan) -> RangeInclusive<usize> {
    let line = |at: usize| text[..at].matches('\n').count();
    line(span.start)..=line(span.end)
}

impl Judge for EngineJudge {
    fn claims(&self, rule: &Rule, text: &str) -> Vec<usize> {
        if rule.action == Action::Protect {
            return self.protected(rule, text);
        }
        let blocks = self.trace(rule, text).into_iter();
        let claimed = blocks.filter(|(_, block)| block.decisions.iter().any(|decision| decision.rule == rule.id));
        claimed.flat_map(|(lines, _)| lines).collect()
    }

    fn removes(&self, rule: &Rule, text: &str) -> Vec<(usize, RuleId)> {
        let takes = |decision: &Decision| decision.applied && matches!(decision.action, Action::Remove | Action::Cut);
        let mut removed = Vec::new();
        for (lines, block) in self.trace(rule, text) {
            for decision in block.decisions.iter().filter(|decision| takes(decision)) {
                removed.extend(lines.clone().map(|line| (line, decision.rule.clone())));
            }
        }
        removed
    }
}
