//! `bouton explain`: the page of a code, or the table of what is not supported yet.

use super::Exit;
use crate::cli::say::say;
use bouton_lang::{Code, UNSUPPORTED, explain};

/// Its arguments.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// A code (E0301), or `unsupported`
    code: String,
}

/// Prints the page.
pub(super) fn explain(args: &Args) -> Exit {
    if args.code == "unsupported" {
        for row in UNSUPPORTED {
            say!("{}: {}", row.name, row.note);
        }
        return Exit::Done;
    }
    page(&args.code)
}

/// Prints the page of a code.
pub(super) fn page(code: &str) -> Exit {
    match Code::from_text(&code.to_ascii_uppercase()).and_then(explain::page) {
        Some(page) => {
            say!("{}", page.trim_end());
            Exit::Done
        }
        None => {
            anstream::eprintln!("error: there is no code `{}`; codes look like E0301 or W0401", code);
            Exit::Usage
        }
    }
}
