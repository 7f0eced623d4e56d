//! Diagnostics with the lines of the text they speak of, drawn by ariadne. The only file that knows ariadne.

use std::collections::HashMap;

use ariadne::{Cache, Color, Config, IndexType, Label, Report, ReportKind};

use super::{clamped, file_name, rest};
use crate::diagnostic::{Diagnostic, Diagnostics, Severity};
use crate::source::{Source, SourceMap};
use crate::span::{FileId, Span};

/// A line longer than this is not drawn: it would fill the screen with itself.
const LONGEST_LINE: usize = 1000;

/// Behind so many drawings nobody reads on.
const MOST_DRAWN: usize = 100;

/// All diagnostics in the order of the text, coloured or not.
#[must_use]
pub fn pretty(found: &Diagnostics, sources: &SourceMap, colour: bool) -> String {
    let mut drawn = Drawn { sources, texts: HashMap::new() };
    let mut out = Vec::new();
    for one in found.iter().take(MOST_DRAWN) {
        let mut text = Vec::new();
        match report(one, sources, colour) {
            Some(report) if report.write(&mut drawn, &mut text).is_ok() => out.append(&mut text),
            _ => out.extend(plain(one, sources).bytes()),
        }
    }
    let more = found.len().saturating_sub(MOST_DRAWN) + found.dropped();
    String::from_utf8_lossy(&out).into_owned() + &rest(more)
}

type Place = (FileId, std::ops::Range<usize>);

/// None if a line is too long to draw or a file is not there.
fn report<'a>(one: &'a Diagnostic, sources: &SourceMap, colour: bool) -> Option<Report<'a, Place>> {
    let mut labels: Vec<(Span, &str, i32)> = vec![(one.span, one.label.as_str(), 0)];
    labels.extend(one.labels.iter().map(|(span, label)| (*span, label.as_str(), 1)));
    // ariadne draws labels in the order given and loses its lines when that is not the order of the text.
    labels.sort_by_key(|(span, ..)| *span);
    let (kind, main) = match one.severity {
        Severity::Error => (ReportKind::Error, Color::Red),
        Severity::Warning => (ReportKind::Warning, Color::Yellow),
    };
    let config = Config::new().with_color(colour).with_index_type(IndexType::Byte);
    let mut report =
        Report::build(kind, place(one.span, sources)?).with_config(config).with_code(one.code).with_message(&one.message);
    for (span, text, order) in labels {
        let label = Label::new(place(span, sources)?).with_color(if order == 0 { main } else { Color::Blue });
        // Without words ariadne does not underline.
        report = report.with_label(label.with_message(if text.is_empty() { "here" } else { text }));
    }
    for help in &one.helps {
        report = report.with_help(help);
    }
    Some(report.finish())
}

fn place(span: Span, sources: &SourceMap) -> Option<Place> {
    let source = sources.get(span.file)?;
    let span = clamped(source, span);
    let lines = source.position(span.start).line..=source.position(span.end).line;
    let short = lines.take(2).all(|line| source.line(line).is_none_or(|text| text.len() <= LONGEST_LINE));
    short.then(|| (span.file, span.range()))
}

/// The same without the text.
fn plain(one: &Diagnostic, sources: &SourceMap) -> String {
    let place = sources.position(one.span).map_or(String::new(), |place| format!(":{}:{}", place.line, place.column));
    let mut text =
        format!("[{}] {}: {}\n  at {}{place}\n", one.code, one.severity.word(), one.message, file_name(sources, one.span));
    for help in &one.helps {
        text.push_str(&format!("  help: {help}\n"));
    }
    text
}

/// The texts in ariadne's form, each made when first needed.
struct Drawn<'a> {
    sources: &'a SourceMap,
    texts: HashMap<FileId, ariadne::Source<&'a str>>,
}

impl<'a> Cache<FileId> for Drawn<'a> {
    type Storage = &'a str;

    fn fetch(&mut self, id: &FileId) -> Result<&ariadne::Source<Self::Storage>, impl std::fmt::Debug> {
        let source: Option<&Source> = self.sources.get(*id);
        source
            .map(|source| &*self.texts.entry(*id).or_insert_with(|| ariadne::Source::from(source.text.as_str())))
            .ok_or("no such file")
    }

    fn display<'b>(&self, id: &'b FileId) -> Option<impl std::fmt::Display + 'b> {
        self.sources.get(*id).map(|source| source.name.clone())
    }
}
