//! `bouton fmt`: lays scripts out in the one way there is.

use super::{Exit, Shower, files};
use crate::cli::say::say;
use bouton_lang::format::format;
use bouton_syntax::{FileId, Source, SourceMap};
use std::path::{Path, PathBuf};

/// Its arguments.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The scripts
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// Change nothing; name the scripts that would be changed
    #[arg(long)]
    check: bool,
}

/// Lays out all scripts; the worst of them decides.
pub(super) fn fmt(args: &Args, shower: &Shower) -> Exit {
    let ends = args.files.iter().map(|file| one(file, args.check, shower).err().unwrap_or(Exit::Done));
    ends.max_by_key(|exit| *exit as u8).unwrap_or(Exit::Done)
}

fn one(file: &Path, check: bool, shower: &Shower) -> Result<(), Exit> {
    let text = files::exact(file).map_err(|why| outside("read", file, &why))?;
    let source = Source::new(file.display().to_string(), text);
    let laid_out = match format(&source, FileId(0)) {
        Ok(laid_out) => laid_out,
        Err(found) => {
            let mut sources = SourceMap::new();
            sources.add(source);
            shower.show(&found, &sources);
            return Err(Exit::Refused);
        }
    };
    if laid_out == source.text {
        return Ok(());
    }
    if check {
        say!("{}", file.display());
        return Err(Exit::Refused);
    }
    std::fs::write(file, laid_out).map_err(|why| outside("write", file, &why.to_string()))
}

fn outside(what: &str, file: &Path, why: &str) -> Exit {
    let code = if what == "read" { "E0601" } else { "E0602" };
    anstream::eprintln!("error[{code}]: cannot {what} {}: {why}", file.display());
    Exit::Outside
}
