//! `bouton import`: what a cell of a foreign file is made of, and the same cell as text of the language.

use super::files::Disk;
use super::{Exit, Shower};
use bouton_lang::import::{Argument, Wanted, report};

/// Its arguments.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// A file of hoc
    file: String,
    /// The template, with what it is made with: `--template 'pyr3'`, `--template 'cell(0, "a")'`
    #[arg(long, value_name = "NAME(ARGUMENTS)")]
    template: Option<String>,
    /// Files of mechanisms; without it those beside the file and in the usual folders
    #[arg(long = "mod", value_name = "PATTERN")]
    mods: Vec<String>,
    /// Pass over calls of this procedure or function
    #[arg(long, value_name = "NAME")]
    ignore: Vec<String>,
    /// One JSON object instead of lines
    #[arg(long)]
    json: bool,
    /// The cell as text of the language instead of the report
    #[arg(long, conflicts_with = "json")]
    to_net: bool,
}

/// Reads the cell and tells of it.
pub(super) fn import(args: &Args, shower: &Shower) -> Exit {
    let mut wanted = Wanted { ignored: args.ignore.clone(), ..Wanted::default() };
    if let Some(template) = &args.template {
        match split(template) {
            Some((name, arguments)) => (wanted.template, wanted.arguments) = (Some(name), arguments),
            None => {
                anstream::eprintln!("error: `{template}` is no template with arguments: write NAME or NAME(1, \"text\")");
                return Exit::Usage;
            }
        }
    }
    match report(&args.file, &wanted, &args.mods, &Disk::default()) {
        Ok(report) => {
            shower.show(&report.diagnostics, &report.sources);
            let Some(rows) = report.rows else { return Exit::Refused };
            if args.json {
                anstream::println!("{}", report.json);
            } else if args.to_net {
                anstream::print!("{}", report.text);
            } else {
                anstream::println!("{}", args.file);
                rows.iter().for_each(|(heading, line)| anstream::println!("  {heading:<16}{line}"));
            }
            Exit::Done
        }
        Err(why) => {
            anstream::eprintln!("error[E0601]: cannot import {}: {why}", args.file);
            Exit::Outside
        }
    }
}

/// `name(1, "text")`
fn split(text: &str) -> Option<(String, Vec<Argument>)> {
    let Some((name, rest)) = text.split_once('(') else { return Some((text.trim().to_owned(), Vec::new())) };
    let body = rest.trim_end().strip_suffix(')')?;
    let parts = body.split(',').map(str::trim).filter(|part| !part.is_empty());
    let one = |part: &str| match part.strip_prefix('"').and_then(|part| part.strip_suffix('"')) {
        Some(text) => Some(Argument::Text(text.to_owned())),
        None => part.parse().ok().map(Argument::Number),
    };
    Some((name.trim().to_owned(), parts.map(one).collect::<Option<_>>()?))
}
