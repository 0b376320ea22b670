//! `copydesk rules export`.

use std::path::PathBuf;

use anyhow::Context;

use crate::cli::exit::Exit;
use crate::cli::messages::{Messages, counted};
use crate::rules::builtin;

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Args {
    /// The folder; files that are there are not overwritten
    folder: PathBuf,
}

pub(super) fn run(args: &Args, messages: Messages) -> anyhow::Result<Exit> {
    let folder = args.folder.display();
    let written = builtin::export(&args.folder).with_context(|| format!("cannot write into {folder}"))?;
    messages.note(format_args!("{} written into {folder}", counted(written.len(), "file", "files")));
    Ok(Exit::Done)
}
