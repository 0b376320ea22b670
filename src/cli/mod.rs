//! The command line: reads options, calls the library, prints. One file a command.
//!
//! Only data goes to standard output; messages go to standard error. Exit codes are in `exit`.

mod bar;
mod clean;
mod complete;
mod exit;
mod explain;
mod messages;
mod options;
mod rules;
mod schema;
#[cfg(feature = "serve")]
mod serve;
mod tally;

use std::io::{self, Write};
use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};

use crate::engine::Engine;
use exit::Exit;
use messages::{Messages, failure};
use options::ColorArg;

/// Strips boilerplate and ads from scraped articles; keeps the story and its captions, and says why each line went.
#[derive(Debug, Parser)]
#[command(name = "copydesk", disable_version_flag = true, max_term_width = 100, after_help = EXIT_CODES)]
struct Cli {
    /// Print the version and the hash of the built-in rules
    #[arg(short = 'V', long)]
    version: bool,
    /// Colours: on terminals, always or never
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    color: ColorArg,
    /// No messages but errors
    #[arg(short, long, global = true)]
    quiet: bool,
    #[command(subcommand)]
    command: Option<Command>,
}

const EXIT_CODES: &str = "Exit codes: 0 done; 1 a check found something; 2 usage, configuration, input or output; \
                          3 some records failed, the rest are written; 130 interrupted.";

#[derive(Debug, Subcommand)]
enum Command {
    /// Clean articles
    Clean(clean::Args),
    /// Show an article with what went, which rule did it, and why
    Explain(explain::Args),
    /// List, show, check, test and export rules
    #[command(subcommand)]
    Rules(rules::Command),
    /// Clean over HTTP
    #[cfg(feature = "serve")]
    Serve(serve::Args),
    /// Print completions for a shell
    Completions(complete::Completions),
    /// Print the manual page, in the format of man(7)
    Man(complete::Man),
    /// Print the JSON Schema of results or of rule files
    Schema(schema::Args),
}

/// Runs the command line and answers with its exit code.
pub fn run() -> ExitCode {
    let cli = Cli::parse();
    cli.color.make_global();
    let messages = Messages::new(cli.quiet);
    let result = match &cli.command {
        _ if cli.version => print_version(),
        Some(Command::Clean(args)) => clean::run(args, messages),
        Some(Command::Explain(args)) => explain::run(args, messages),
        Some(Command::Rules(command)) => rules::run(command, messages),
        #[cfg(feature = "serve")]
        Some(Command::Serve(args)) => serve::run(args, messages),
        Some(Command::Completions(args)) => complete::completions(args, Cli::command()),
        Some(Command::Man(args)) => complete::man(args, Cli::command()),
        Some(Command::Schema(args)) => schema::run(args),
        None => print_help(),
    };
    result.unwrap_or_else(|error| failed(&error)).into()
}

/// A reader that has gone away is no failure; all else is told.
fn failed(error: &anyhow::Error) -> Exit {
    if is_closed(error) {
        return Exit::Done;
    }
    failure(error);
    Exit::Failed
}

/// Whether the reader of our output has gone away.
fn is_closed(error: &anyhow::Error) -> bool {
    let mut causes = error.chain().filter_map(|cause| cause.downcast_ref::<io::Error>());
    causes.any(|error| error.kind() == io::ErrorKind::BrokenPipe)
}

/// `copydesk 0.1.0 (rules 0123456789abcdef)`
fn print_version() -> anyhow::Result<Exit> {
    let engine = Engine::builder().build()?;
    writeln!(io::stdout(), "copydesk {} (rules {})", env!("CARGO_PKG_VERSION"), engine.rules_hash())?;
    Ok(Exit::Done)
}

/// What is said to somebody who gave no command.
fn print_help() -> anyhow::Result<Exit> {
    write!(anstream::stderr(), "{}", Cli::command().render_help().ansi())?;
    Ok(Exit::Failed)
}

/// The same for one command.
fn print_help_of(command: &str) -> anyhow::Result<Exit> {
    let mut cli = Cli::command();
    cli.build();
    let help = cli.find_subcommand_mut(command).map(clap::Command::render_help).unwrap_or_default();
    write!(anstream::stderr(), "{}", help.ansi())?;
    Ok(Exit::Failed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_well_formed() {
        Cli::command().debug_assert();
    }
}
