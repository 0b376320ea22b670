//! `copydesk rules show`.

use std::io::Write;

use anstyle::Style;
use anyhow::bail;

use super::list::rule_json;
use crate::cli::exit::Exit;
use crate::cli::options::RuleArgs;
use crate::rules::{Rule, RuleFile, RuleSet};

const DIM: Style = Style::new().dimmed();

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Args {
    /// Names of rules, now or before
    #[arg(required = true, value_name = "ID")]
    ids: Vec<String>,
    /// Print JSON, one object a rule
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    rules: RuleArgs,
}

pub(super) fn run(args: &Args) -> anyhow::Result<Exit> {
    let set = args.rules.set().build()?;
    let rules = set.all()?;
    let mut out = anstream::stdout();
    for (index, id) in args.ids.iter().enumerate() {
        let rule = find(&rules, id)?;
        if args.json {
            writeln!(out, "{}", rule_json(rule))?;
            continue;
        }
        if index > 0 {
            writeln!(out)?;
        }
        let (file, line) = (rule.origin.file.display(), rule.origin.line);
        writeln!(out, "{DIM}# {file}:{line}{DIM:#}\n{}", source(&set, rule))?;
    }
    Ok(Exit::Done)
}

fn find<'r>(rules: &'r [Rule], id: &str) -> anyhow::Result<&'r Rule> {
    if let Some(rule) = rules.iter().find(|rule| rule.id.as_str() == id || rule.was.iter().any(|was| was == id)) {
        return Ok(rule);
    }
    let last = id.rsplit('.').next().unwrap_or(id);
    let alike: Vec<&str> =
        rules.iter().map(|rule| rule.id.as_str()).filter(|name| name.contains(id) || name.ends_with(&format!(".{last}"))).take(5).collect();
    if alike.is_empty() {
        bail!("no rule `{id}`; see `copydesk rules list`");
    }
    bail!("no rule `{id}`; there are {}", alike.join(", "))
}

/// The rule as it is written, up to the next table of the file.
fn source(set: &RuleSet, rule: &Rule) -> String {
    let files = set.files();
    let text = files.iter().find(|file| file.name() == *rule.origin.file).map(RuleFile::text).unwrap_or_default();
    let mut lines = text.lines().skip(rule.origin.line.saturating_sub(1) as usize);
    let first = lines.next().unwrap_or_default();
    let rest = lines.take_while(|line| !line.starts_with("[["));
    let lines: Vec<&str> = std::iter::once(first).chain(rest).collect();
    // Comments above the next rule belong to that one.
    let end = lines.iter().rposition(|line| !line.trim().is_empty() && !line.starts_with('#')).map_or(0, |last| last + 1);
    lines[..end].join("\n")
}
