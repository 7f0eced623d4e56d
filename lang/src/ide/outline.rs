//! The declarations of a text as a tree, and the blocks that an editor can fold.

use super::{Document, Kind, SymbolId};
use bouton_syntax::lexer::lex;
use bouton_syntax::token::{Sign, Tok};
use bouton_syntax::{Diagnostics, Span};
use std::collections::HashMap;

/// A declaration with those inside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: Kind,
    /// Where the name stands.
    pub span: Span,
    /// The whole declaration.
    pub whole: Span,
    /// What is declared in it.
    pub inside: Vec<Entry>,
}

impl Document {
    /// The declarations of the text, in its order.
    #[must_use]
    pub fn outline(&self) -> Vec<Entry> {
        let mut inside: HashMap<Option<SymbolId>, Vec<SymbolId>> = HashMap::new();
        let own = self.table.symbols.iter().enumerate();
        let shown = own.filter(|(_, one)| one.span.file == self.file && one.kind != Kind::Variable && !one.name.is_empty());
        shown.for_each(|(id, one)| inside.entry(one.parent).or_default().push(id));
        self.entries(None, &inside)
    }

    fn entries(&self, parent: Option<SymbolId>, inside: &HashMap<Option<SymbolId>, Vec<SymbolId>>) -> Vec<Entry> {
        let entry = |id: &SymbolId| {
            let one = self.table.get(*id)?;
            let inside = self.entries(Some(*id), inside);
            Some(Entry { name: one.name.to_string(), kind: one.kind, span: one.span, whole: one.whole, inside })
        };
        inside.get(&parent).into_iter().flatten().filter_map(entry).collect()
    }

    /// Braces and comments of more than a line.
    #[must_use]
    pub fn folds(&self) -> Vec<Span> {
        let source = self.source();
        let line = |offset: u32| source.position(offset).line;
        let mut silent = Diagnostics::new();
        let tokens = lex(source, self.file, &mut silent).tokens;
        let mut open: Vec<Span> = Vec::new();
        let mut folds: Vec<Span> = Vec::new();
        for token in tokens.iter() {
            match token.kind {
                Tok::Sign(Sign::BraceOpen | Sign::BracketOpen | Sign::ParenOpen) => open.push(token.span),
                Tok::Sign(sign) if sign.closes() => folds.extend(open.pop().map(|begin| begin.to(token.span))),
                _ => {}
            }
        }
        let mut run: Option<Span> = None;
        for comment in &self.parsed.tree.comments {
            let follows = |run: &Span| line(run.end) + 1 == line(comment.span.start);
            run = match run {
                Some(before) if follows(&before) => Some(before.to(comment.span)),
                before => {
                    folds.extend(before);
                    Some(comment.span)
                }
            };
        }
        folds.extend(run);
        folds.retain(|fold| line(fold.start) < line(fold.end));
        folds.sort_by_key(|fold| (fold.start, fold.end));
        folds
    }
}
