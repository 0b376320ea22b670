//! `copydesk rules lint`.

use std::io::Write;
use std::path::PathBuf;

use crate::cli::exit::Exit;
use crate::cli::messages::{Messages, counted};
use crate::cli::options::RuleArgs;
use crate::rules::{Diagnostic, RuleSetBuilder, Severity};

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Args {
    /// Files or folders of rules; without any, those of --rules, else the built-in rules
    paths: Vec<PathBuf>,
    /// Only errors, no warnings
    #[arg(long)]
    errors: bool,
    #[command(flatten)]
    rules: RuleArgs,
}

pub(super) fn run(args: &Args, messages: Messages) -> anyhow::Result<Exit> {
    let set = args.paths.iter().fold(args.rules.set(), RuleSetBuilder::add_path);
    let mut found = set.lint()?;
    found.retain(|diagnostic| !args.errors || diagnostic.severity == Severity::Error);
    print(&found)?;
    messages.note(summary(&found));
    Ok(if found.is_empty() { Exit::Done } else { Exit::Found })
}

/// What was found is what was asked for: it goes to standard output.
pub(super) fn print<'d>(found: impl IntoIterator<Item = &'d Diagnostic>) -> anyhow::Result<()> {
    let mut out = anstream::stdout();
    for diagnostic in found {
        // Colours are taken out again where they are not wanted.
        writeln!(out, "{}\n", diagnostic.render(true))?;
    }
    Ok(())
}

/// `2 errors, 1 warning`
pub(super) fn summary(found: &[Diagnostic]) -> String {
    let count = |severity: Severity| found.iter().filter(|diagnostic| diagnostic.severity == severity).count();
    let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
    format!("{}, {}", counted(errors, "error", "errors"), counted(warnings, "warning", "warnings"))
}
