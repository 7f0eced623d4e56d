//! Diagnostics as text: for people (ariadne), one line each, and JSON. Siblings over `Diagnostic`; none decides what is told.

mod json;
mod line;
mod pretty;

pub use json::json;
pub use line::lines;
pub use pretty::pretty;

use crate::diagnostic::Diagnostics;
use crate::source::{Source, SourceMap};
use crate::span::Span;

/// How diagnostics are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// With the lines of the text, in colour or not.
    Pretty {
        /// Whether to colour; the caller knows the terminal.
        colour: bool,
    },
    /// One line each.
    Lines,
    /// One JSON object a line.
    Json,
}

/// All diagnostics in the order of the text.
#[must_use]
pub fn render(found: &Diagnostics, sources: &SourceMap, style: Style) -> String {
    match style {
        Style::Pretty { colour } => pretty(found, sources, colour),
        Style::Lines => lines(found, sources),
        Style::Json => json(found, sources),
    }
}

/// A line for `more` findings that are not shown; nothing for none.
fn rest(more: usize) -> String {
    if more == 0 { String::new() } else { format!("... and {more} more\n") }
}

/// The span inside its text, on borders of characters, and not inverted: renderers panic on anything else.
fn clamped(source: &Source, span: Span) -> Span {
    let bound = |offset: u32| u32::try_from(source.floor(offset as usize)).unwrap_or(u32::MAX);
    Span::new(span.file, bound(span.start), bound(span.end))
}

/// The name of the file that a span lies in.
fn file_name(sources: &SourceMap, span: Span) -> &str {
    sources.get(span.file).map_or("?", |source| source.name.as_str())
}
