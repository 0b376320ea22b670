//! `copydesk schema`: JSON Schemas for tools and editors.

use std::io::{self, Write};

use clap::ValueEnum;

use super::exit::Exit;
use crate::io::article_schema;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Of what
    #[arg(default_value = "output")]
    of: Of,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Of {
    /// Results: copydesk.article/1
    #[value(alias = "article")]
    Output,
    /// Rule files
    Rules,
}

pub(super) fn run(args: &Args) -> anyhow::Result<Exit> {
    let schema = match args.of {
        Of::Output => article_schema(),
        Of::Rules => crate::rules::schema(),
    };
    print(&schema)
}

/// Prints a text that ends in one line end.
pub(super) fn print(text: &str) -> anyhow::Result<Exit> {
    writeln!(io::stdout(), "{}", text.trim_end())?;
    Ok(Exit::Done)
}
