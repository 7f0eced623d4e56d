//! The journal of a search: a line for each candidate, written as soon as it is known, from which an interrupted search is taken up again.

use super::super::candidates::Outcome;
use super::super::files::refused;
use super::super::{Console, Runner, Stop};
use crate::record::{Lines, Provenance, WriteError};
use bouton_model::ir::{Search, Span};
use bouton_syntax::diagnostic::{Code, Diagnostic};
use serde::{Deserialize, Serialize};

/// The first line: which search this is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Head {
    bouton: String,
    script: String,
    hash: String,
    seed: u64,
    search: String,
    /// What else its results depend on: parameters set from outside or before.
    parameters: String,
}

/// A line: a candidate.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Line {
    knobs: Vec<f64>,
    told: Vec<f64>,
    violation: f64,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    failed: Option<String>,
}

/// Candidates that are known already, and the file to which more are added.
pub(super) struct Journal {
    name: String,
    span: Span,
    known: std::vec::IntoIter<Line>,
    lines: Lines,
}

impl Journal {
    /// Begins the file anew, or takes it up where the run is to be resumed and there is one.
    ///
    /// # Errors
    /// It is of another search, or cannot be read or written.
    pub(super) fn begin(runner: &Runner, search: &Search, console: &mut dyn Console) -> Result<Journal, Stop> {
        let span = search.span;
        let name = format!("{}.journal.jsonl", search.name);
        let out = &runner.settings.out;
        let head = head(runner, search);
        let mut known = Vec::new();
        if runner.settings.resume {
            match out.read(&name) {
                Ok(bytes) => known = read(&bytes, &head, &name, span, console)?,
                Err(WriteError::System(error)) if error.kind() == std::io::ErrorKind::NotFound => {}
                Err(error) => return Err(refused(&name, span, &error).into()),
            }
        }
        let lines = std::iter::once(text(&head)).chain(known.iter().map(text));
        let lines = out.lines(&name, &lines.collect::<String>()).map_err(|error| refused(&name, span, &error))?;
        if !known.is_empty() {
            console.note(&format!("{}: {} candidates are known from {name}", search.name, known.len()));
        }
        Ok(Journal { name, span, known: known.into_iter(), lines })
    }

    /// What is known of the first of these candidates.
    ///
    /// # Errors
    /// The journal has others.
    pub(super) fn known(&mut self, points: &[Vec<f64>]) -> Result<Vec<Outcome>, Stop> {
        let mut found = Vec::new();
        for (point, line) in points.iter().zip(self.known.by_ref().take(points.len())) {
            if line.knobs != *point {
                return Err(other(&self.name, "its candidates are others", self.span));
            }
            found.push(Outcome { told: line.told, violation: line.violation, failed: line.failed, ..Outcome::default() });
        }
        Ok(found)
    }

    /// Adds a candidate.
    ///
    /// # Errors
    /// It cannot be written.
    pub(super) fn add(&mut self, point: &[f64], outcome: &Outcome) -> Result<(), Stop> {
        let failed = outcome.failed.clone();
        // JSON has no infinities: a candidate that failed tells nothing.
        let told = if failed.is_some() { Vec::new() } else { outcome.told.clone() };
        let violation = if failed.is_some() { 0.0 } else { outcome.violation };
        let line = text(&Line { knobs: point.to_vec(), told, violation, failed });
        self.lines.add(&line).map_err(|error| refused(&self.name, self.span, &error.into()).into())
    }
}

fn head(runner: &Runner, search: &Search) -> Head {
    let texts = runner.settings.texts.iter().map(String::as_str);
    let of = Provenance::new(&runner.settings.script, texts, u64::from(runner.experiment.constants().seed));
    Head {
        bouton: of.version,
        script: of.script,
        hash: of.hash,
        seed: of.seed,
        search: search.name.to_string(),
        parameters: runner.experiment.fingerprint(),
    }
}

fn text(line: &impl Serialize) -> String {
    // Lines are made of texts and finite numbers, which can always be written.
    serde_json::to_string(line).unwrap_or_default() + "\n"
}

/// The candidates of a journal. What follows a line that is not whole was never there.
fn read(bytes: &[u8], head: &Head, name: &str, span: Span, console: &mut dyn Console) -> Result<Vec<Line>, Stop> {
    let text = String::from_utf8_lossy(bytes);
    let mut lines = text.split_inclusive('\n');
    let first = lines.next().filter(|line| line.ends_with('\n')).and_then(|line| serde_json::from_str::<Head>(line).ok());
    let Some(first) = first else {
        console.note(&format!("{name} has no whole line: the search begins anew"));
        return Ok(Vec::new());
    };
    if first != *head {
        let why = match () {
            () if (&first.script, &first.hash) != (&head.script, &head.hash) => {
                "it is of another script, or of an earlier state of it"
            }
            () if first.seed != head.seed => "it has another seed",
            () if first.bouton != head.bouton => "it is of another version of Bouton",
            () => "parameters had other values",
        };
        return Err(other(name, why, span));
    }
    let mut known = Vec::new();
    for line in lines {
        match serde_json::from_str::<Line>(line).ok().filter(|_| line.ends_with('\n')) {
            Some(line) => known.push(line),
            None => {
                console.note(&format!("the last line of {name} was not whole: its candidate is run again"));
                break;
            }
        }
    }
    Ok(known)
}

fn other(name: &str, why: &str, span: Span) -> Stop {
    let told = Diagnostic::new(Code::CannotRead, span, format!("{name} cannot be taken up: {why}"));
    told.help("run without `--resume` to begin anew; the journal is then overwritten").into()
}
