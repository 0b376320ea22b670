//! `copydesk rules list`.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io::Write;

use anstyle::{AnsiColor, Style};
use serde_json::{Value, json};

use crate::cli::exit::Exit;
use crate::cli::messages::{Messages, counted};
use crate::cli::options::{RuleArgs, category};
use crate::rules::{Category, HostPattern, Rule, canonical_language};

const ID: Style = AnsiColor::Cyan.on_default();
const DIM: Style = Style::new().dimmed();

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Args {
    /// Only rules that hold for this language
    #[arg(long, value_name = "CODE")]
    lang: Option<String>,
    /// Only rules of this category; may be given more than once
    #[arg(long, value_name = "CATEGORY", value_parser = category(Category::ALL))]
    category: Vec<Category>,
    /// Only rules of this pack; may be given more than once
    #[arg(long, value_name = "PACK")]
    pack: Vec<String>,
    /// Print JSON, one object a rule
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    rules: RuleArgs,
}

pub(super) fn run(args: &Args, messages: Messages) -> anyhow::Result<Exit> {
    let set = args.rules.set().build()?;
    let mut rules = set.all()?;
    rules.retain(|rule| args.wants(rule));
    let text = if args.json { as_json(&rules) } else { as_table(&rules) };
    let mut out = anstream::stdout();
    out.write_all(text.as_bytes())?;
    out.flush()?;
    if !args.json {
        let packs: BTreeSet<&str> = rules.iter().map(|rule| &*rule.pack).collect();
        messages.note(format_args!("{} in {}", counted(rules.len(), "rule", "rules"), counted(packs.len(), "pack", "packs")));
    }
    Ok(Exit::Done)
}

impl Args {
    fn wants(&self, rule: &Rule) -> bool {
        let lang = self.lang.as_deref().map(canonical_language);
        lang.is_none_or(|lang| rule.scope.lang.is_empty() || rule.scope.lang.contains(&lang))
            && (self.category.is_empty() || self.category.contains(&rule.category))
            && (self.pack.is_empty() || self.pack.iter().any(|pack| **pack == *rule.pack))
    }
}

fn as_table(rules: &[Rule]) -> String {
    let width = |of: fn(&Rule) -> usize| rules.iter().map(of).max().unwrap_or(0);
    let (id, category) = (width(|rule| rule.id.as_str().len()), width(|rule| rule.category.as_str().len()));
    let mut out = String::new();
    for rule in rules {
        let (name, what, action, level) = (rule.id.as_str(), rule.category.as_str(), rule.action.as_str(), rule.level.as_str());
        let status = if rule.status == crate::rules::Status::Stable { String::new() } else { format!("[{}] ", rule.status) };
        let _ = writeln!(out, "{ID}{name:<id$}{ID:#}  {what:<category$}  {action:<7}  {level:<6}  {DIM}{status}{}{DIM:#}", rule.about);
    }
    out
}

fn as_json(rules: &[Rule]) -> String {
    let lines: Vec<String> = rules.iter().map(|rule| rule_json(rule).to_string() + "\n").collect();
    lines.concat()
}

/// What a rule says of itself.
pub(super) fn rule_json(rule: &Rule) -> Value {
    let hosts = |hosts: &[HostPattern]| hosts.iter().map(ToString::to_string).collect::<Vec<_>>();
    let mut value = json!({
        "id": rule.id.as_str(),
        "was": rule.was,
        "pack": &*rule.pack,
        "layer": rule.layer.as_str(),
        "category": rule.category.as_str(),
        "action": rule.action.as_str(),
        "tag": rule.tag.map(crate::rules::Tag::as_str),
        "level": rule.level.as_str(),
        "status": rule.status.as_str(),
        "about": rule.about,
        "because": rule.because,
        "since": rule.since,
        "lang": rule.scope.lang,
        "hosts": hosts(&rule.scope.hosts),
        "not_hosts": hosts(&rule.scope.not_hosts),
        "file": rule.origin.file.display().to_string(),
        "line": rule.origin.line,
    });
    if let Some(fields) = value.as_object_mut() {
        fields.retain(|_, value| !value.is_null() && value.as_array().is_none_or(|items| !items.is_empty()));
    }
    value
}
