//! `bouton import`: what a cell of a foreign file is made of, and the same cell as text of the language.

mod folder;

use super::files::Disk;
use super::{Allow, Exit, Shower};
use crate::cli::say::{self, say};
use crate::plot::Morphology;
use crate::record::Provenance;
use bouton_lang::import::{Argument, Wanted, report};

/// Its arguments.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// A file of hoc, Python, NeuroML, or of a morphology; of a folder what is in it, and what of that runs
    file: String,
    /// The template, with what it is made with: `--template 'pyr3'`, `--template 'cell(0, "a")'`
    #[arg(long, value_name = "NAME(ARGUMENTS)")]
    template: Option<String>,
    /// The class or function of a Python file, with what it is made with: `--class 'Cell(kind="RS")'`
    #[arg(long, value_name = "NAME(ARGUMENTS)", conflicts_with = "template")]
    class: Option<String>,
    /// What importing may do: start Python
    #[arg(long, value_enum, value_name = "WHAT")]
    allow: Option<Allow>,
    /// Files of mechanisms; without it those beside the file and in the usual folders
    #[arg(long = "mod", value_name = "PATTERN")]
    mods: Vec<String>,
    /// Pass over calls of this procedure or function
    #[arg(long, value_name = "NAME")]
    ignore: Vec<String>,
    /// One JSON object instead of lines
    #[arg(long)]
    json: bool,
    /// Draws the cell as it is seen from the side: x to the right, y upward; as SVG or PNG by the end of the name
    #[arg(long, value_name = "FILE")]
    picture: Option<String>,
    /// The cell as text of the language instead of the report
    #[arg(long, conflicts_with = "json")]
    to_net: bool,
}

/// Reads the cell and tells of it.
pub(super) fn import(args: &Args, shower: &Shower) -> Exit {
    if std::path::Path::new(&args.file).is_dir() {
        return folder::tell(args.file.trim_end_matches('/'), args.json, args.allow);
    }
    let mut wanted = Wanted { ignored: args.ignore.clone(), ..Wanted::default() };
    if let Some(template) = args.template.as_ref().or(args.class.as_ref()) {
        match split(template) {
            Some((name, arguments)) => {
                wanted.arguments = arguments;
                match args.class {
                    Some(_) => wanted.class = Some(name),
                    None => wanted.template = Some(name),
                }
            }
            None => {
                anstream::eprintln!("error: `{template}` is no template with arguments: write NAME or NAME(1, \"text\")");
                return Exit::Usage;
            }
        }
    }
    match report(&args.file, &wanted, &args.mods, &Disk { python: Allow::python(args.allow), ..Disk::default() }) {
        Ok(report) => {
            shower.show(&report.diagnostics, &report.sources);
            let Some(rows) = report.rows else { return Exit::Refused };
            if let Some(file) = &args.picture
                && let Err(why) = draw(file, &args.file, report.drawn)
            {
                anstream::eprintln!("error[E0602]: cannot write {file}: {why}");
                return Exit::Outside;
            }
            if args.json {
                say!("{}", report.json);
            } else if args.to_net {
                say::text(report.text.as_bytes());
            } else {
                say!("{}", args.file);
                rows.iter().for_each(|(heading, line)| say!("  {heading:<16}{line}"));
            }
            Exit::Done
        }
        Err(why) => {
            anstream::eprintln!("error[E0601]: cannot import {}: {why}", args.file);
            Exit::Outside
        }
    }
}

/// Writes the picture of a cell.
fn draw(file: &str, of: &str, sections: Vec<(String, Vec<[f64; 4]>)>) -> Result<(), String> {
    let sections = sections.into_iter().map(|(name, points)| (name, points.into_iter().map(|[x, y, _, d]| [x, y, d]).collect()));
    let title = of.rsplit('/').next().unwrap_or(of).to_owned();
    let picture = Morphology { title, sections: sections.collect() };
    let bytes = std::fs::read(of).map_err(|why| why.to_string())?;
    let origin = Provenance::new(of, [&*String::from_utf8_lossy(&bytes)], 0);
    let bytes = match file.rsplit('.').next() {
        Some("svg") => picture.svg(&origin).into_bytes(),
        Some("png") => picture.png(&origin)?,
        _ => return Err("a picture ends in .svg or .png".to_owned()),
    };
    std::fs::write(file, bytes).map_err(|why| why.to_string())
}

/// An argument, with its name where it has one.
type Given = (Option<String>, Argument);

/// `name(1, "text", key=2)`
fn split(text: &str) -> Option<(String, Vec<Given>)> {
    let Some((name, rest)) = text.split_once('(') else { return Some((text.trim().to_owned(), Vec::new())) };
    let body = rest.trim_end().strip_suffix(')')?;
    let one = |part: &str| {
        let (name, value) = match part.split_once('=') {
            Some((name, value)) if !part.starts_with(QUOTES) => (Some(name.trim().to_owned()), value.trim()),
            _ => (None, part),
        };
        let quoted = |quote: char| value.strip_prefix(quote)?.strip_suffix(quote);
        let value = match (value, QUOTES.into_iter().find_map(quoted)) {
            (_, Some(text)) => Argument::Text(text.to_owned()),
            ("true" | "True", None) => Argument::Truth(true),
            ("false" | "False", None) => Argument::Truth(false),
            (number, None) => Argument::Number(number.parse().ok()?),
        };
        Some((name, value))
    };
    let parts = parts(body).into_iter().map(str::trim).filter(|part| !part.is_empty());
    Some((name.trim().to_owned(), parts.map(one).collect::<Option<_>>()?))
}

/// What begins and ends a text: hoc's, and the one of Python that a shell leaves alone.
const QUOTES: [char; 2] = ['"', '\''];

/// What stands between commas that are in no text.
fn parts(body: &str) -> Vec<&str> {
    let (mut found, mut from, mut open) = (Vec::new(), 0, None);
    for (at, c) in body.char_indices() {
        match open {
            Some(quote) if c == quote => open = None,
            None if QUOTES.contains(&c) => open = Some(c),
            None if c == ',' => {
                found.push(&body[from..at]);
                from = at + 1;
            }
            _ => {}
        }
    }
    found.push(&body[from..]);
    found
}
