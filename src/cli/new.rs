//! `bouton new`: a small script that runs and draws, to begin with.

use super::Exit;
use crate::cli::say::say;
use std::fs::OpenOptions;
use std::io::Write;
use std::path::PathBuf;

/// Its arguments.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The script's name; `.net` is put behind it
    name: PathBuf,
}

const SCRIPT: &str = include_str!("new.net");

/// Writes the script; one that is there stays as it is.
pub(super) fn new(args: &Args) -> Exit {
    let file = if args.name.extension().is_some_and(|end| end == "net") {
        args.name.clone()
    } else {
        args.name.with_added_extension("net")
    };
    let written =
        OpenOptions::new().write(true).create_new(true).open(&file).and_then(|mut open| open.write_all(SCRIPT.as_bytes()));
    match written {
        Ok(()) => {
            say!("{0} is written; `bouton run {0}` runs it", file.display());
            Exit::Done
        }
        Err(why) => {
            anstream::eprintln!("error[E0602]: cannot write {}: {why}", file.display());
            Exit::Outside
        }
    }
}
