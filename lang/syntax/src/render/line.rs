//! One line a diagnostic, as compilers and editors understand it: `file:line:column: error[E0101]: message`.

use std::fmt::Write;

use super::{file_name, rest};
use crate::diagnostic::Diagnostics;
use crate::source::SourceMap;

/// All diagnostics, one line each, in the order of the text.
#[must_use]
pub fn lines(found: &Diagnostics, sources: &SourceMap) -> String {
    let mut out = String::new();
    for one in found.iter() {
        let (line, column) = sources.position(one.span).map_or((0, 0), |place| (place.line, place.column));
        let name = file_name(sources, one.span);
        // Writing to a string cannot fail.
        let _ = writeln!(out, "{name}:{line}:{column}: {}[{}]: {}", one.severity.word(), one.code, one.message);
    }
    out.push_str(&rest(found.dropped()));
    out
}
