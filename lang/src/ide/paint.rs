//! What each word of a text is, for colours.

use super::{Document, Kind};
use bouton_syntax::lexer::lex;
use bouton_syntax::token::{Keyword, Tok};
use bouton_syntax::{Diagnostics, Span};

/// What a stroke shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "their names say it")]
pub enum Paint {
    Keyword,
    Number,
    Unit,
    Text,
    Comment,
    Parameter,
    Variable,
    Property,
    Function,
    Type,
    Namespace,
}

/// A part of a line in one colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stroke {
    /// Where; never over the end of a line.
    pub span: Span,
    /// What stands there.
    pub paint: Paint,
    /// Whether a name is declared here.
    pub declares: bool,
}

impl Document {
    /// All words of the text in order, none over another.
    #[must_use]
    pub fn strokes(&self) -> Vec<Stroke> {
        let mut silent = Diagnostics::new();
        let tokens = lex(self.source(), self.file, &mut silent).tokens;
        let plain = |span, paint| Stroke { span, paint, declares: false };
        let mut all: Vec<Stroke> = self.parsed.tree.comments.iter().map(|one| plain(one.span, Paint::Comment)).collect();
        for token in tokens.iter() {
            let found = match token.kind {
                Tok::Ident(_) => self.stroke(token.span).or(Some(plain(token.span, Paint::Property))),
                Tok::Word(word) => self.stroke(token.span).or(Some(plain(token.span, word_paint(word)))),
                Tok::Number(_) => Some(plain(token.span, Paint::Number)),
                Tok::Unit(_) => Some(plain(token.span, Paint::Unit)),
                Tok::TextOpen | Tok::Letters(_) | Tok::TextClose | Tok::Format(_) => Some(plain(token.span, Paint::Text)),
                _ => None,
            };
            all.extend(found);
        }
        all.sort_by_key(|one| (one.span.start, one.span.end));
        let mut lines: Vec<Stroke> = Vec::with_capacity(all.len());
        for stroke in all {
            let from = lines.last().map_or(0, |last| last.span.end).max(stroke.span.start);
            self.each_line(Span::new(stroke.span.file, from, stroke.span.end), |span| lines.push(Stroke { span, ..stroke }));
        }
        lines
    }

    /// The name at a place, if it is one of the text's symbols.
    fn stroke(&self, span: Span) -> Option<Stroke> {
        let at = self.mentions.partition_point(|one| one.span.start < span.start);
        let found = self.mentions.get(at).filter(|one| one.span == span)?;
        let symbol = self.table.get(found.symbol)?;
        let paint = match symbol.kind {
            Kind::Param | Kind::Input => Paint::Parameter,
            Kind::Function => Paint::Function,
            Kind::Mechanism | Kind::PointMechanism | Kind::Cell | Kind::Circuit => Paint::Type,
            Kind::File => Paint::Namespace,
            Kind::Section | Kind::Insert | Kind::Synapse | Kind::Ion | Kind::Event => Paint::Property,
            _ => Paint::Variable,
        };
        Some(Stroke { span, paint, declares: symbol.span == span })
    }

    /// The parts of a place that lie in one line each.
    fn each_line(&self, span: Span, mut each: impl FnMut(Span)) {
        let mut from = span.start;
        for line in self.source().slice(span).split_inclusive('\n') {
            let length = |text: &str| u32::try_from(text.len()).unwrap_or(u32::MAX);
            let end = from.saturating_add(length(line.trim_end_matches(['\n', '\r'])));
            if end > from {
                each(Span::new(span.file, from, end));
            }
            from = from.saturating_add(length(line));
        }
    }
}

fn word_paint(word: Keyword) -> Paint {
    match word {
        Keyword::True | Keyword::False => Paint::Number,
        _ => Paint::Keyword,
    }
}
