//! `bouton import FOLDER`: what is in a folder of a model, what of it runs here, and what does not, and why.

use crate::cli::files::Disk;
use crate::cli::say::say;
use crate::cli::{Allow, Exit};
use bouton_lang::World;
use bouton_lang::import::{Wanted, describe, report};
use bouton_syntax::{Diagnostics, Severity, SourceMap};
use std::collections::HashSet;
use std::path::Path;

/// How deep folders are looked into, and how many files are told.
const MOST_DEEP: usize = 6;
const MOST_FILES: usize = 5000;

/// One thing that a file holds.
struct Found {
    file: String,
    /// `mechanism`, `template OLM`, `cell`, `morphology`, `class Cell`.
    what: String,
    /// Nothing where that was not tried.
    runs: Option<bool>,
    /// How large it is, or why it does not run.
    said: String,
}

/// Tells of all files below a folder.
pub(super) fn tell(folder: &str, json: bool, allow: Option<Allow>) -> Exit {
    let mut files = Vec::new();
    if let Err(why) = listed(Path::new(folder), 0, &mut files) {
        anstream::eprintln!("error[E0601]: cannot read {folder}: {why}");
        return Exit::Outside;
    }
    files.sort_unstable();
    let world = Disk { python: Allow::python(allow), ..Disk::default() };
    let mut all = Vec::new();
    // A cell has the mechanisms that run; of several of a name the first.
    let (mut mechanisms, mut names) = (Vec::new(), HashSet::new());
    for file in files.iter().filter(|file| ends(file, ".mod")) {
        let found = mechanism(file, &world, &mut names);
        if found.runs == Some(true) {
            mechanisms.push(file.clone());
        }
        all.push(found);
    }
    for file in files.iter().filter(|file| !ends(file, ".mod")) {
        cells(file, &mechanisms, &world, &mut all);
    }
    if all.is_empty() {
        anstream::eprintln!("error[E0601]: {folder} holds no files of mechanisms, cells or morphologies");
        return Exit::Outside;
    }
    if json {
        let rows: Vec<String> = all.iter().map(Found::json).collect();
        say!("{{\"folder\": {}, \"found\": [{}]}}", quoted(folder), rows.join(", "));
    } else {
        show(folder, &all);
    }
    Exit::Done
}

/// Files below a folder; links are not followed.
fn listed(folder: &Path, depth: usize, files: &mut Vec<String>) -> Result<(), String> {
    for entry in std::fs::read_dir(folder).map_err(|why| why.to_string())? {
        let entry = entry.map_err(|why| why.to_string())?;
        let kind = entry.file_type().map_err(|why| why.to_string())?;
        let hidden = entry.file_name().to_string_lossy().starts_with('.');
        if kind.is_dir() && depth < MOST_DEEP && !hidden {
            listed(&entry.path(), depth + 1, files)?;
        } else if kind.is_file() && !hidden && files.len() < MOST_FILES {
            files.push(entry.path().display().to_string());
        }
    }
    Ok(())
}

fn ends(file: &str, ending: &str) -> bool {
    file.to_ascii_lowercase().ends_with(ending)
}

fn mechanism(file: &str, world: &Disk, names: &mut HashSet<String>) -> Found {
    let found = |what: String, runs: bool, said: String| Found { file: file.to_owned(), what, runs: Some(runs), said };
    match describe(file, world, false) {
        Ok(told) => {
            let kind = told.rows.first().map_or("mechanism", |(kind, _)| kind);
            let name = told.name.clone().unwrap_or_default();
            let what = format!("{kind} {name}");
            if told.runs && !names.insert(name) {
                return found(what, false, "another file has a mechanism of this name".to_owned());
            }
            let said = if told.runs { String::new() } else { first(&told.diagnostics, &told.sources) };
            found(what, told.runs, said)
        }
        Err(why) => found("mechanism".to_owned(), false, why),
    }
}

/// What a file holds in cells.
fn cells(file: &str, mechanisms: &[String], world: &Disk, all: &mut Vec<Found>) {
    let text = || world.bytes(file).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default();
    if ends(file, ".swc") || ends(file, ".asc") {
        all.push(tried(file, "morphology", &Wanted::default(), mechanisms, world));
    } else if ends(file, ".nml") || ends(file, ".xml") && text().contains("<neuroml") {
        let text = text();
        for id in text.split("<cell ").skip(1).filter_map(|rest| after(rest.split('>').next().unwrap_or(""), "id=\"")) {
            let wanted = Wanted { template: Some(id.clone()), ..Wanted::default() };
            all.push(tried(file, &format!("cell {id}"), &wanted, mechanisms, world));
        }
    } else if [".hoc", ".tem", ".oc"].iter().any(|ending| ends(file, ending)) {
        let text = text();
        let words = |line: &str| {
            line.trim_start().strip_prefix("begintemplate").and_then(|rest| rest.split_whitespace().next().map(str::to_owned))
        };
        let templates: Vec<String> = text.lines().filter_map(words).collect();
        for name in &templates {
            let wanted = Wanted { template: Some(name.clone()), ..Wanted::default() };
            all.push(tried(file, &format!("template {name}"), &wanted, mechanisms, world));
        }
        if templates.is_empty() {
            all.push(tried(file, "script", &Wanted::default(), mechanisms, world));
        }
    } else if ends(file, ".py") && text().contains("neuron") {
        for name in text().lines().filter_map(|line| line.strip_prefix("class ")) {
            let name: String = name.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            let said = format!("`bouton import {file} --class {name} --allow python` reads it; a class may need arguments");
            all.push(Found { file: file.to_owned(), what: format!("class {name}"), runs: None, said });
        }
    } else if ends(file, ".ses") {
        let said = "a session of windows: followed where a file loads it, and by itself as a file to import".to_owned();
        all.push(Found { file: file.to_owned(), what: "session".to_owned(), runs: None, said });
    }
}

fn after(text: &str, mark: &str) -> Option<String> {
    let start = text.find(mark)? + mark.len();
    text.get(start..)?.split('"').next().map(str::to_owned)
}

/// Follows a file, and checks the script that would use it.
fn tried(file: &str, what: &str, wanted: &Wanted, mechanisms: &[String], world: &Disk) -> Found {
    let found = |runs: Option<bool>, said: String| Found { file: file.to_owned(), what: what.to_owned(), runs, said };
    let no_mechanisms = [String::from("/dev/null")];
    let patterns = if mechanisms.is_empty() { &no_mechanisms[..] } else { mechanisms };
    let told = match report(file, wanted, patterns, world) {
        Ok(told) => told,
        // A file that builds nothing is no fault: others load it.
        Err(why) if is_nothing(&why) => return found(None, "it builds no sections".to_owned()),
        Err(why) => return found(Some(false), why),
    };
    let Some(rows) = told.rows else {
        let why = first(&told.diagnostics, &told.sources);
        let nothing = is_nothing(&why);
        return if nothing { found(None, "it builds no sections".to_owned()) } else { found(Some(false), why) };
    };
    let row = |heading: &str| rows.iter().find(|(other, _)| other == heading).map_or("", |(_, line)| line);
    let size = format!("{} sections, {} segments, {}", row("sections"), row("segments"), row("area"));
    let left = rows.iter().filter(|(heading, _)| heading == "left out").count();
    let left = if left > 0 { format!("; {left} left out") } else { String::new() };
    let imports: String = mechanisms.iter().map(|file| format!("import mechanisms \"{file}\"\n")).collect();
    let which = wanted.template.as_ref().map_or(String::new(), |name| format!(" template {name}"));
    let script = format!("{imports}cell C = import \"{file}\"{which}\npopulation p: C\n");
    let checked = bouton_lang::check("script", &script, world);
    match checked.diagnostics.has_errors() {
        false => found(Some(true), size + &left),
        true => found(Some(false), format!("{size}; {}", first(&checked.diagnostics, &checked.sources))),
    }
}

/// What is said of a file that builds nothing by itself.
fn is_nothing(why: &str) -> bool {
    ["no section was created", "builds nothing by itself"].iter().any(|text| why.contains(text))
}

/// The first error in a line, with its place.
fn first(diagnostics: &Diagnostics, sources: &SourceMap) -> String {
    let error = diagnostics.iter().find(|one| one.severity == Severity::Error);
    error.map_or(String::new(), |one| match sources.position(one.span) {
        Some(at) => format!("{}:{}: {}", sources.get(one.span.file).map_or("", |source| &*source.name), at.line, one.message),
        None => one.message.clone(),
    })
}

fn show(folder: &str, all: &[Found]) {
    let count = |wanted: Option<bool>| all.iter().filter(|one| one.runs == wanted).count();
    say!("{folder}: {} run, {} do not", count(Some(true)), count(Some(false)));
    let mut last = "";
    for one in all {
        if one.file != last {
            say!("{}", one.file);
            last = &one.file;
        }
        let state = match one.runs {
            Some(true) => "runs",
            Some(false) => "refused",
            None => "",
        };
        say!("{}", format!("  {:<24} {state:<9} {}", one.what, one.said).trim_end());
    }
}

impl Found {
    fn json(&self) -> String {
        let runs = self.runs.map_or("null".to_owned(), |runs| runs.to_string());
        format!(
            "{{\"file\": {}, \"what\": {}, \"runs\": {runs}, \"said\": {}}}",
            quoted(&self.file),
            quoted(&self.what),
            quoted(&self.said)
        )
    }
}

/// A text of JSON.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
