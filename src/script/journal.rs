//! The journal of a search or a sweep: a line for each candidate, written as soon as it is known, from which what was interrupted is taken up again.

use super::candidates::Outcome;
use super::files::refused;
use super::{Console, Runner, Stop};
use crate::record::{Lines, Provenance, WriteError};
use bouton_model::ir::Span;
use bouton_syntax::diagnostic::{Code, Diagnostic};
use serde::{Deserialize, Serialize};

/// The first line: which search or sweep this is.
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
    told: Vec<Told>,
    violation: f64,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    failed: Option<String>,
}

/// A number; JSON has none for what is not finite, which a sweep may report.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
enum Told {
    Finite(f64),
    Other(String),
}

impl From<f64> for Told {
    fn from(x: f64) -> Told {
        if x.is_finite() { Told::Finite(x) } else { Told::Other(x.to_string()) }
    }
}

impl From<Told> for f64 {
    fn from(told: Told) -> f64 {
        match told {
            Told::Finite(x) => x,
            Told::Other(text) => text.parse().unwrap_or(f64::NAN),
        }
    }
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
    pub(super) fn begin(runner: &Runner, (of, span): (&str, Span), console: &mut dyn Console) -> Result<Journal, Stop> {
        let name = format!("{of}.journal.jsonl");
        let out = &runner.settings.out;
        let head = head(runner, of);
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
            console.note(&format!("{of}: {} candidates are known from {name}", known.len()));
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
            let told = line.told.into_iter().map(f64::from).collect();
            found.push(Outcome { told, violation: line.violation, failed: line.failed, ..Outcome::default() });
        }
        Ok(found)
    }

    /// Adds a candidate.
    ///
    /// # Errors
    /// It cannot be written.
    pub(super) fn add(&mut self, point: &[f64], outcome: &Outcome) -> Result<(), Stop> {
        let failed = outcome.failed.clone();
        let told = if failed.is_some() { Vec::new() } else { outcome.told.iter().copied().map(Told::from).collect() };
        let violation = if failed.is_some() { 0.0 } else { outcome.violation };
        let line = text(&Line { knobs: point.to_vec(), told, violation, failed });
        self.lines.add(&line).map_err(|error| refused(&self.name, self.span, &error.into()).into())
    }
}

fn head(runner: &Runner, of_what: &str) -> Head {
    let texts = runner.settings.texts.iter().map(String::as_str);
    let of = Provenance::new(&runner.settings.script, texts, u64::from(runner.experiment.constants().seed));
    Head {
        bouton: of.version,
        script: of.script,
        hash: of.hash,
        seed: of.seed,
        search: of_what.to_owned(),
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
        console.note(&format!("{name} has no whole line: all begins anew"));
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

/// What is told of a search or a sweep that was interrupted.
pub(super) fn resumable(stop: Stop) -> Stop {
    match stop {
        Stop::Outside(told) if told.code == Code::Interrupted => {
            Stop::Outside(Box::new(told.help("`--resume` goes on from its journal")))
        }
        other => other,
    }
}

fn other(name: &str, why: &str, span: Span) -> Stop {
    let told = Diagnostic::new(Code::CannotRead, span, format!("{name} cannot be taken up: {why}"));
    told.help("run without `--resume` to begin anew; the journal is then overwritten").into()
}
