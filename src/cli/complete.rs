//! `copydesk completions` and `copydesk man`: what shells and `man` know of the command line.

use std::io::{self, Write};

use anyhow::Context;
use clap_complete::Shell;

use super::exit::Exit;

#[derive(Debug, clap::Args)]
pub(super) struct Completions {
    /// For which shell
    shell: Shell,
}

#[derive(Debug, clap::Args)]
pub(super) struct Man {
    /// Of one command, such as `clean`
    command: Option<String>,
}

/// Prints completions.
pub(super) fn completions(args: &Completions, mut cli: clap::Command) -> anyhow::Result<Exit> {
    let mut out = Vec::new();
    clap_complete::generate(args.shell, &mut cli, "copydesk", &mut out);
    io::stdout().write_all(&out)?;
    Ok(Exit::Done)
}

/// Prints a manual page.
pub(super) fn man(args: &Man, mut cli: clap::Command) -> anyhow::Result<Exit> {
    cli.build();
    let command = match &args.command {
        Some(name) => cli.find_subcommand(name).cloned().with_context(|| format!("no command `{name}`"))?,
        None => cli,
    };
    let mut out = Vec::new();
    clap_mangen::Man::new(command).render(&mut out)?;
    io::stdout().write_all(&out)?;
    Ok(Exit::Done)
}
