//! One way to lay out a script: text in, text out. Knows tokens and comments only, so it can change nothing but the space between them.
//!
//! Lines stay where their author ended them. What is decided here is how deep a line is indented, what space stands between two tokens, how
//! many empty lines there are (one at most), and where comments behind lines begin.

mod lines;
mod piece;
mod space;

use bouton_syntax::{Diagnostics, FileId, Source, Span, parse};

/// A change to a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// What is replaced: space and `;` only, mostly nothing.
    pub span: Span,
    /// What stands there then.
    pub replacement: String,
}

/// The changes that lay a script out, in the order of the text; those within a part of it lay out that part.
///
/// # Errors
/// What is wrong with the text: what cannot be read is not laid out.
pub fn edits(source: &Source, file: FileId) -> Result<Vec<Edit>, Diagnostics> {
    let (_, found) = parse(source, file);
    if found.has_errors() {
        return Err(found);
    }
    let pieces = piece::pieces(source, file);
    let mut gaps = lines::gaps(&pieces);
    lines::align_comments(&pieces, &mut gaps);
    let mut edits = Vec::new();
    let mut start = 0;
    let ends = pieces.iter().map(|piece| (piece.start, piece.end)).chain([(source.text.len(), source.text.len())]);
    for ((next, end), gap) in ends.zip(gaps) {
        if source.text.get(start..next) != Some(gap.as_str()) {
            edits.push(Edit { span: Span::new(file, offset(start), offset(next)), replacement: gap });
        }
        start = end;
    }
    Ok(edits)
}

/// A script laid out. Doing it twice changes nothing more, and the tree stays as it is.
///
/// # Errors
/// What is wrong with the text.
pub fn format(source: &Source, file: FileId) -> Result<String, Diagnostics> {
    Ok(apply(&source.text, &edits(source, file)?))
}

/// A text with changes made, which stand in its order.
#[must_use]
pub fn apply(text: &str, edits: &[Edit]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut from = 0;
    for edit in edits {
        let range = edit.span.range();
        out.push_str(text.get(from..range.start).unwrap_or(""));
        out.push_str(&edit.replacement);
        from = range.end;
    }
    out.push_str(text.get(from..).unwrap_or(""));
    out
}

fn offset(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}
