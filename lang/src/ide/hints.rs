//! What an editor writes between the words: dimensions that nobody had to write, and values in the units of files of others.

use super::{Document, Kind, SymbolId};
use bouton_model::unit::quantity;
use bouton_syntax::Span;

/// A few letters at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hint {
    /// Behind what they stand.
    pub span: Span,
    /// `: mV`, ` = 300 pS/um2`
    pub text: String,
}

impl Document {
    /// Units of definitions and results that have none written, and what values come to in the units of the files whose parameters they are for.
    #[must_use]
    pub fn hints(&self) -> Vec<Hint> {
        let own = self.table.symbols.iter().filter(|one| one.span.file == self.file && one.kind == Kind::Let);
        let mut hints: Vec<Hint> = own
            .filter_map(|one| {
                let dimension = self.dimension(one).filter(|dimension| !dimension.is_none())?;
                Some(Hint { span: one.span, text: format!(": {}", quantity::unit_text(&dimension)) })
            })
            .collect();
        hints.extend(self.settings.iter().filter_map(|(symbol, value)| self.converted(*symbol, *value)));
        hints.sort_by_key(|hint| hint.span.start);
        hints
    }

    /// What a value is in the unit of a file of others, if it is not written so.
    fn converted(&self, symbol: SymbolId, value: Span) -> Option<Hint> {
        let unit = self.table.units.get(&symbol)?;
        let note = self.note(value).filter(|note| note.dimension == unit.dimension)?;
        let number = quantity::six_digits(note.value? / unit.factor);
        let written = self.source().slice(value);
        let same = written.strip_prefix(&number).is_some_and(|rest| rest.trim() == unit.text);
        (!same && !unit.dimension.is_none()).then(|| Hint { span: value, text: format!(" = {number} {}", unit.text) })
    }
}
