//! Which `{` has no `}`: what lines are indented by says it, where the signs alone do not. Only for messages; blocks end where their `}` stands.

use crate::span::Span;
use crate::token::{Sign, Tok, Token};

/// The opener whose block ends, as its lines are indented, before its `}` comes; and the place behind the last line of the block.
pub(super) fn find(text: &str, tokens: &[Token]) -> Option<(Span, Span)> {
    let mut open: Vec<(Span, usize)> = Vec::new();
    let mut indent = 0;
    let mut last: Option<Span> = None;
    for token in tokens.iter().filter(|token| token.kind != Tok::Break) {
        let closes = token.kind == Tok::Sign(Sign::BraceClose);
        if let Some(column) = first_of_line(text, token.span, last) {
            indent = column;
            if let Some((opener, outer)) = open.last().copied()
                && (column < outer || column == outer && !closes)
            {
                return Some((opener, last.unwrap_or(opener).behind()));
            }
        }
        match token.kind {
            Tok::Sign(Sign::BraceOpen) => open.push((token.span, indent)),
            _ if closes => drop(open.pop()),
            _ => {}
        }
        last = Some(token.span);
    }
    None
}

/// How many characters stand before a token that is the first of its line.
fn first_of_line(text: &str, token: Span, last: Option<Span>) -> Option<usize> {
    let before = text.get(last.map_or(0, |last| last.end as usize)..token.start as usize)?;
    match before.rsplit_once('\n') {
        Some((_, lead)) => Some(lead.chars().count()),
        None => last.is_none().then(|| before.chars().count()),
    }
}
