//! What a text consists of for the formatter: tokens, whole texts in quotes, and comments, in order.

use bouton_syntax::lexer::lex;
use bouton_syntax::token::Tok;
use bouton_syntax::{Diagnostics, FileId, Source};

/// A part of the text that stays as it is.
pub(super) struct Piece<'s> {
    pub kind: Kind<'s>,
    pub text: &'s str,
    pub start: usize,
    pub end: usize,
    /// How many characters stand before it on its line.
    pub column: usize,
    /// Whether something ended before it, by a newline or `;`.
    pub separated: bool,
    /// How many newlines stand before it.
    pub newlines: usize,
}

#[derive(Clone, Copy, PartialEq)]
pub(super) enum Kind<'s> {
    /// A token; `TextOpen` stands for a whole text, with the values in it.
    Token(Tok<'s>),
    /// `/* ... */`
    BlockComment,
    /// `// ...`, or a line of documentation
    LineComment,
}

impl<'s> Piece<'s> {
    pub fn token(&self) -> Option<Tok<'s>> {
        match self.kind {
            Kind::Token(token) => Some(token),
            _ => None,
        }
    }
}

/// The pieces of a text that can be read.
pub(super) fn pieces(source: &Source, file: FileId) -> Vec<Piece<'_>> {
    let text = source.text.as_str();
    let tokens = lex(source, file, &mut Diagnostics::new());
    let mut parts = texts_joined(tokens.tokens.iter().map(|token| (token.span.range(), token.kind)));
    parts.extend(tokens.comments.iter().map(|comment| comment_part(text, comment.span.range())));
    parts.extend(tokens.docs.iter().flat_map(|(_, doc)| doc_lines(text, doc.span.range())));
    parts.sort_by_key(|(range, _)| range.start);
    let mut pieces: Vec<Piece> = Vec::with_capacity(parts.len());
    let (mut separated, mut before) = (false, 0);
    for (range, kind) in parts {
        let Some(kind) = kind else {
            separated = true;
            continue;
        };
        // A comment in a value of a text is a part of that text.
        if range.start < before {
            continue;
        }
        let newlines = text.get(before..range.start).unwrap_or("").matches('\n').count();
        before = range.end;
        let line = text.get(..range.start).unwrap_or("");
        let column = line.get(line.rfind('\n').map_or(0, |at| at + 1)..).unwrap_or("").chars().count();
        let piece = text.get(range.clone()).unwrap_or("");
        pieces.push(Piece { kind, text: piece, start: range.start, end: range.end, column, separated, newlines });
        separated = false;
    }
    pieces
}

/// A range of the text and what it is; nothing for what ends a line.
type Part<'s> = (std::ops::Range<usize>, Option<Kind<'s>>);

/// Tokens with each text in one part.
fn texts_joined<'s>(tokens: impl Iterator<Item = (std::ops::Range<usize>, Tok<'s>)>) -> Vec<Part<'s>> {
    let mut parts: Vec<Part> = Vec::new();
    let mut depth = 0usize;
    for (range, token) in tokens {
        if depth == 0 {
            parts.push((range.clone(), (token != Tok::Break).then_some(Kind::Token(token))));
        } else if let Some((whole, _)) = parts.last_mut() {
            whole.end = range.end;
        }
        match token {
            Tok::TextOpen => depth += 1,
            Tok::TextClose => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    parts
}

fn comment_part<'s>(text: &'s str, range: std::ops::Range<usize>) -> Part<'s> {
    let written = text.get(range.clone()).unwrap_or("");
    if written.starts_with("/*") {
        return (range, Some(Kind::BlockComment));
    }
    (range.start..range.start + written.trim_end().len(), Some(Kind::LineComment))
}

/// Each line of documentation by itself.
fn doc_lines<'s>(text: &'s str, range: std::ops::Range<usize>) -> impl Iterator<Item = Part<'s>> {
    let mut start = range.start;
    let lines = text.get(range).unwrap_or("").split_inclusive('\n');
    lines.filter_map(move |line| {
        let begins = start + line.len() - line.trim_start().len();
        start += line.len();
        let ends = begins + line.trim().len();
        (begins < ends).then_some((begins..ends, Some(Kind::LineComment)))
    })
}
