//! One JSON object a line, for programs: byte offsets and, for people behind them, lines and columns from 1.

use serde::Serialize;

use super::file_name;
use crate::diagnostic::{Diagnostic, Diagnostics, Fix};
use crate::source::SourceMap;
use crate::span::Span;

#[derive(Serialize)]
struct Record<'a> {
    code: &'static str,
    severity: &'static str,
    message: &'a str,
    #[serde(flatten)]
    place: Place<'a>,
    label: &'a str,
    labels: Vec<Labelled<'a>>,
    helps: &'a [String],
    fix: Option<Change<'a>>,
}

#[derive(Serialize)]
struct Place<'a> {
    file: &'a str,
    start: u32,
    end: u32,
    line: u32,
    column: u32,
    end_line: u32,
    end_column: u32,
}

#[derive(Serialize)]
struct Labelled<'a> {
    #[serde(flatten)]
    place: Place<'a>,
    label: &'a str,
}

#[derive(Serialize)]
struct Change<'a> {
    #[serde(flatten)]
    place: Place<'a>,
    replacement: &'a str,
    message: &'a str,
}

/// All diagnostics, one object a line, in the order of the text.
#[must_use]
pub fn json(found: &Diagnostics, sources: &SourceMap) -> String {
    let lines = found.iter().filter_map(|one| serde_json::to_string(&record(one, sources)).ok());
    lines.map(|line| line + "\n").collect()
}

fn record<'a>(one: &'a Diagnostic, sources: &'a SourceMap) -> Record<'a> {
    Record {
        code: one.code.text(),
        severity: one.severity.word(),
        message: &one.message,
        place: place(one.span, sources),
        label: &one.label,
        labels: one.labels.iter().map(|(span, label)| Labelled { place: place(*span, sources), label }).collect(),
        helps: &one.helps,
        fix: one.fix.as_ref().map(|fix| change(fix, sources)),
    }
}

fn change<'a>(fix: &'a Fix, sources: &'a SourceMap) -> Change<'a> {
    Change { place: place(fix.span, sources), replacement: &fix.replacement, message: &fix.message }
}

fn place(span: Span, sources: &SourceMap) -> Place<'_> {
    let position = |span| sources.position(span).map_or((0, 0), |place| (place.line, place.column));
    let ((line, column), (end_line, end_column)) = (position(span), position(span.behind()));
    Place { file: file_name(sources, span), start: span.start, end: span.end, line, column, end_line, end_column }
}
