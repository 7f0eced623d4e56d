//! What is told of the name under the cursor: how it is declared, of what dimension it is, what its documentation says.

use super::manual;
use super::symbol::{Kind, Symbol};
use super::{Document, SymbolId};
use bouton_model::builtin;
use bouton_model::unit::{Dimension, quantity, table};
use bouton_syntax::ast::split_exponent;
use bouton_syntax::lexer::lex;
use bouton_syntax::token::Tok;
use bouton_syntax::{Diagnostics, Span};

/// What is told of something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Card {
    /// Of what in the text.
    pub span: Span,
    /// A line or more of the language; empty where there is none to show.
    pub code: String,
    /// Sentences about it.
    pub text: String,
}

impl super::Ide {
    /// All that is known of a word without a text: what the language has under this name, a declaration of the library, the manual's line.
    #[must_use]
    pub fn about(&self, word: &str) -> Option<String> {
        let empty = self.document("", "", &crate::NoFiles, None);
        let declared = self.table.top.get(word).and_then(|id| empty.card_of(*id, Span::default()));
        let declared = declared.map(|card| (card.code, card.text));
        let mut parts: Vec<String> = Vec::new();
        for (code, text) in
            declared.into_iter().chain(builtin_card(word)).chain(manual::entry(word).map(|text| (String::new(), text)))
        {
            parts.extend([code, text].into_iter().filter(|part| !part.is_empty()));
        }
        parts.dedup();
        (!parts.is_empty()).then(|| parts.join("\n\n"))
    }
}

impl Document {
    /// What is known of the name, unit or word at a place.
    #[must_use]
    pub fn card(&self, offset: u32) -> Option<Card> {
        if let Some(found) = self.at(offset) {
            return self.card_of(found.symbol, found.span);
        }
        let mut silent = Diagnostics::new();
        let tokens = lex(self.source(), self.file, &mut silent).tokens;
        let token = tokens.iter().rev().find(|token| token.span.touches(offset) && !token.span.is_empty())?;
        let (code, text) = match token.kind {
            Tok::Ident(name) | Tok::Unit(name) => builtin_card(name)?,
            Tok::Word(word) => builtin_card(word.text())?,
            _ => return None,
        };
        Some(Card { span: token.span, code, text })
    }

    /// The dimension of the name at a place, and its value where that needs no run.
    #[must_use]
    pub fn value_at(&self, offset: u32) -> Option<String> {
        let id = self.at(offset)?.symbol;
        self.value(id, self.table.get(id)?)
    }

    fn card_of(&self, id: SymbolId, span: Span) -> Option<Card> {
        let symbol = self.table.get(id)?;
        let mut parts: Vec<String> = Vec::new();
        parts.extend(self.value(id, symbol));
        parts.extend(symbol.doc.as_deref().map(str::to_owned));
        parts.extend(self.origin(symbol));
        Some(Card { span, code: self.header(symbol), text: parts.join("\n\n") })
    }

    /// How a symbol is declared, its block left out.
    pub(super) fn header(&self, symbol: &Symbol) -> String {
        let whole = self.sources.slice(symbol.whole);
        let line = match symbol.kind {
            Kind::Function => whole,
            _ => whole.split('{').next().unwrap_or(whole),
        };
        let line = line.split_whitespace().collect::<Vec<_>>().join(" ");
        let word = symbol.kind.word();
        let is_bare = matches!(
            symbol.kind,
            Kind::Param | Kind::Let | Kind::State | Kind::Input | Kind::Output | Kind::Current | Kind::Record | Kind::Variable
        );
        if is_bare && !line.starts_with(&format!("{word} ")) { format!("{word} {line}") } else { line }
    }

    /// The dimension of a symbol that stands for a value, and the value where that is a constant.
    fn value(&self, id: SymbolId, symbol: &Symbol) -> Option<String> {
        let own = symbol.value.and_then(|span| self.note(span));
        let used = || self.mentions.iter().filter(|one| one.symbol == id).find_map(|one| self.note(one.span));
        let note = own.or_else(used)?;
        let dimension = quantity::describe(&note.dimension);
        Some(match note.value {
            Some(value) => format!("{dimension}: {}", quantity::show(value, &note.dimension)),
            None => dimension,
        })
    }

    /// Where a symbol comes from, if not from this text.
    fn origin(&self, symbol: &Symbol) -> Option<String> {
        let source = self.sources.get(symbol.span.file).filter(|_| symbol.span.file != self.file)?;
        Some(format!("declared in {}", source.name))
    }

    /// The dimension of a declared value.
    pub(super) fn dimension(&self, symbol: &Symbol) -> Option<Dimension> {
        Some(self.note(symbol.value?)?.dimension)
    }
}

/// A function, constant, unit, keyword or attribute of the language.
fn builtin_card(name: &str) -> Option<(String, String)> {
    if let Some(row) = builtin::FUNCTIONS.iter().find(|row| row.name == name) {
        return Some((format!("{name}({})", super::signature::arguments(row.arity)), row.doc.to_owned()));
    }
    if let Some(constant) = builtin::find_constant(name) {
        return Some((format!("{name} = {}", quantity::show(constant.value, &constant.dimension)), constant.doc.to_owned()));
    }
    let shape = super::complete::shape(name);
    if let Some(text) = manual::entry(name) {
        return Some((shape.unwrap_or_default(), text));
    }
    if let Some(shape) = shape {
        return Some((shape, String::new()));
    }
    let (base, _) = split_exponent(name);
    let unit = table::find(base)?;
    let of = quantity::describe(&unit.dimension);
    let shown = quantity::show(unit.coherent(1.0), &unit.dimension);
    let itself = format!("1 {base}");
    let value = if shown == itself { itself } else { format!("{itself} = {shown}") };
    Some((value, format!("a unit: {of}")))
}
