//! `bouton check`: diagnostics of scripts, nothing else.

use super::files::Leave;
use super::{Exit, Shower, load};
use std::path::PathBuf;

/// Its arguments.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The scripts
    #[arg(required = true)]
    files: Vec<PathBuf>,
}

/// Checks all scripts; the worst of them decides.
pub(super) fn check(args: &Args, shower: &Shower) -> Exit {
    let ends = args.files.iter().map(|file| load(file, &[], Leave::Recall, shower).err().unwrap_or(Exit::Done));
    ends.max_by_key(|exit| *exit as u8).unwrap_or(Exit::Done)
}
