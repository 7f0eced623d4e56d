//! `bouton doc`: what is known of a word, from the language, its library and its manual.

use super::{Exit, explain};
use crate::cli::say::say;
use bouton_lang::Code;
use bouton_lang::ide::{Ide, topics};
use bouton_syntax::did_you_mean;

/// Its arguments.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// A function, constant, unit, attribute, mechanism, cell or code; without it, all words with an entry of their own
    name: Option<String>,
}

/// Prints what is known.
pub(super) fn doc(args: &Args) -> Exit {
    let Some(name) = &args.name else {
        topics().iter().for_each(|topic| say!("{topic}"));
        return Exit::Done;
    };
    if Code::from_text(&name.to_ascii_uppercase()).is_some() {
        return explain::page(name);
    }
    match Ide::new().about(name) {
        Some(text) => {
            say!("{text}");
            Exit::Done
        }
        None => {
            let near = did_you_mean(name, topics()).map(|near| format!("; did you mean `{near}`?"));
            anstream::eprintln!("error: nothing is known of `{name}`{}", near.unwrap_or_default());
            Exit::Usage
        }
    }
}
