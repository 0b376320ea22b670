//! `copydesk rules`: rules listed, shown, checked, tested and written out.

mod export;
mod lint;
mod list;
mod show;
mod test;

use super::exit::Exit;
use super::messages::Messages;

#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// List rules
    List(list::Args),
    /// Show a rule as it is written
    Show(show::Args),
    /// Check rules: exit code 1 when there are findings
    Lint(lint::Args),
    /// Run the tests in rules: exit code 1 when one fails
    Test(test::Args),
    /// Print the JSON Schema of rule files
    Schema,
    /// Write the built-in rules into a folder
    Export(export::Args),
}

pub(super) fn run(command: &Command, messages: Messages) -> anyhow::Result<Exit> {
    match command {
        Command::List(args) => list::run(args, messages),
        Command::Show(args) => show::run(args),
        Command::Lint(args) => lint::run(args, messages),
        Command::Test(args) => test::run(args, messages),
        Command::Schema => super::schema::print(&crate::rules::schema()),
        Command::Export(args) => export::run(args, messages),
    }
}
