//! `bouton mod`: what NMODL files declare, how they run, and what of them is not supported.

use super::Exit;
use super::files::Disk;
use crate::cli::say::{self, say};
use bouton_lang::World;
use bouton_lang::import::{Described, Rewritten, describe, rewritten};
use bouton_syntax::render::{Style, render};
use std::path::{Path, PathBuf};

/// Its arguments.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Files, or folders of them
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// One JSON object a file, instead of a table
    #[arg(long)]
    json: bool,
    /// Tells where the units of a file contradict each other; the numbers are NEURON's all the same
    #[arg(long)]
    units: bool,
    /// Writes the mechanisms in the language instead
    #[arg(long, conflicts_with = "json")]
    to_net: bool,
}

/// Describes all files; the worst of them decides.
pub(super) fn mods(args: &Args) -> Exit {
    let mut worst = Exit::Done;
    let mut first = true;
    for place in &args.files {
        let files = match listed(place) {
            Ok(files) => files,
            Err(why) => {
                anstream::eprintln!("error[E0601]: cannot read {}: {why}", place.display());
                return Exit::Outside;
            }
        };
        for file in files {
            let world = Disk::default();
            if args.to_net {
                let how = written(&file, &world);
                worst = if how == Exit::Done { worst } else { how };
                continue;
            }
            match describe(&file, &world, args.units) {
                Ok(described) if args.json => say!("{}", json(&file, &described)),
                Ok(described) => {
                    if !std::mem::take(&mut first) {
                        say!("");
                    }
                    table(&file, &described);
                    worst = if described.runs { worst } else { Exit::Refused };
                }
                Err(why) => {
                    anstream::eprintln!("error[E0601]: cannot read {file}: {why}");
                    worst = Exit::Outside;
                }
            }
        }
    }
    worst
}

/// Prints a file's mechanism in the language.
fn written(file: &str, world: &Disk) -> Exit {
    match rewritten(file, world) {
        Ok(Rewritten { text: Some(text), .. }) => {
            say::text(text.as_bytes());
            Exit::Done
        }
        Ok(Rewritten { missing: Some((line, what)), .. }) => {
            anstream::eprintln!("error[E0902]: {file}:{line}: the language cannot say this yet: {what}");
            Exit::Refused
        }
        Ok(Rewritten { diagnostics, sources, .. }) => {
            anstream::eprint!("{}", render(&diagnostics, &sources, Style::Lines));
            Exit::Refused
        }
        Err(why) => {
            anstream::eprintln!("error[E0601]: cannot read {file}: {why}");
            Exit::Outside
        }
    }
}

/// The file itself, or the `.mod` files of a folder.
fn listed(place: &Path) -> Result<Vec<String>, String> {
    let path = place.display().to_string();
    match place.is_dir() {
        true => Disk::default().list(&format!("{}/*.mod", path.trim_end_matches('/'))),
        false => Ok(vec![path]),
    }
}

fn table(file: &str, described: &Described) {
    say!("{file}");
    for (heading, line) in &described.rows {
        say!("  {heading:<16}{line}");
    }
}

/// One object a file: its rows under their headings, as lists.
fn json(file: &str, described: &Described) -> String {
    let mut headings: Vec<&str> = Vec::new();
    for (heading, _) in &described.rows {
        if !headings.contains(heading) {
            headings.push(heading);
        }
    }
    let lines = |heading: &str| {
        let of = described.rows.iter().filter(|(other, _)| *other == heading);
        of.map(|(_, line)| text(line)).collect::<Vec<_>>().join(",")
    };
    let rows: Vec<String> = headings.iter().map(|heading| format!("{}:[{}]", text(heading), lines(heading))).collect();
    format!("{{\"file\":{},\"runs\":{},{}}}", text(file), described.runs, rows.join(","))
}

/// A text of JSON.
fn text(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
