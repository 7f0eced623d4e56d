//! What an editor writes between the words: dimensions that nobody had to write.

use super::{Document, Kind};
use bouton_model::unit::quantity;
use bouton_syntax::Span;

/// A few letters at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hint {
    /// Behind what they stand.
    pub span: Span,
    /// `: mV`
    pub text: String,
}

impl Document {
    /// Units of definitions and results that have none written.
    #[must_use]
    pub fn hints(&self) -> Vec<Hint> {
        let own = self.table.symbols.iter().filter(|one| one.span.file == self.file && one.kind == Kind::Let);
        let mut hints: Vec<Hint> = own
            .filter_map(|one| {
                let dimension = self.dimension(one).filter(|dimension| !dimension.is_none())?;
                Some(Hint { span: one.span, text: format!(": {}", quantity::unit_text(&dimension)) })
            })
            .collect();
        hints.sort_by_key(|hint| hint.span.start);
        hints
    }
}
