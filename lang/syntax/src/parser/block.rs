//! Brackets and braces with what stands inside: lists, blocks and their missing closers. Knows no particular line.

use super::input::*;
use super::skip::*;
use crate::ast::Block;
use crate::diagnostic::{Code, Diagnostic};
use crate::span::Span;
use crate::token::{Keyword, Role, Sign, Tok};

/// What stood between two brackets.
pub(super) struct Bracketed<Item> {
    /// In order.
    pub items: Vec<Item>,
    /// Whether a comma stood behind the last.
    pub trailing: bool,
    /// Both brackets included.
    pub span: Span,
}

/// `(a, b)` or `[a, b]`. Fails without taking anything if the opener is not next.
pub(super) fn bracketed<'src, Item: 'src>(open: Sign, item: Rule<'src, Item>) -> Rule<'src, Bracketed<Item>> {
    rule(move |input| {
        let start = index(input);
        let Some(opener) = take_sign(input, open) else { return not_here(input) };
        input.state().open.push(open);
        let mut items = Vec::new();
        let (mut trailing, mut told) = (false, false);
        while next_element(input, open, opener) {
            let before = index(input);
            items.push(input.parse(&item)?);
            if index(input) == before {
                skip_one(input);
            }
            trailing = end_element(input, open, &mut told);
            // What stands in the brackets has no parts there, so they were to be closed: `soma(0.5.v`.
            if at_sign(input, Sign::Dot) {
                missing_closer(input, open, opener);
                break;
            }
        }
        input.state().open.pop();
        Ok(Bracketed { items, trailing, span: since(input, start) })
    })
}

/// Whether another element follows; takes or reports the closer if not.
fn next_element(input: &mut Reader, open: Sign, opener: Span) -> bool {
    let close = closer(open);
    loop {
        match peek(input) {
            Some(Tok::Sign(sign)) if sign == close => {
                input.skip();
                return false;
            }
            Some(Tok::Sign(Sign::Comma)) => {
                missing(input, Code::MissingValue, "a value before the comma");
                input.skip();
            }
            Some(_) if at_value(input) => return true,
            Some(token) if ends_brackets(token) => {
                missing_closer(input, open, opener);
                return false;
            }
            None => {
                missing_closer(input, open, opener);
                return false;
            }
            Some(_) => {
                let diagnostic = unexpected(input, &format!("a value or `{}`", close.text()));
                complain(input, diagnostic);
                skip_one(input);
                skip_element(input);
                if at_sign(input, Sign::Comma) {
                    input.skip();
                }
            }
        }
    }
}

/// Takes the comma behind an element, and says whether there was one. One that is missing is told once for all of the
/// brackets, because it is mostly their closer that was forgotten, lines before.
fn end_element(input: &mut Reader, open: Sign, told: &mut bool) -> bool {
    if take_sign(input, Sign::Comma).is_some() {
        return true;
    }
    match peek(input) {
        None => false,
        Some(Tok::Sign(sign)) if sign == closer(open) => false,
        Some(token) if ends_brackets(token) || token == Tok::Sign(Sign::Dot) => false,
        Some(_) => {
            let what = format!("`,` or `{}`", closer(open).text());
            let place = behind(input);
            if at_value(input) {
                let diagnostic = missing_here(input, Code::MissingPart, &what).fix(place, ",", "insert `,`");
                if !std::mem::replace(told, true) {
                    complain(input, diagnostic);
                }
            } else {
                let defines = at_sign(input, Sign::Assign);
                let diagnostic = unexpected(input, &what);
                complain(input, diagnostic);
                skip_one(input);
                skip_element(input);
                // What has an `=` stood outside: a closer was forgotten, and the rest of the line is not of these brackets.
                while take_sign(input, Sign::Comma).is_some() && defines {
                    skip_element(input);
                }
            }
            false
        }
    }
}

/// Whether brackets cannot go on behind it, so that their closer is missing.
fn ends_brackets(token: Tok) -> bool {
    match token {
        Tok::Break | Tok::ValueClose | Tok::TextClose | Tok::Format(_) => true,
        Tok::Word(word) => {
            word.role() != Role::Reserved || matches!(word, Keyword::Else | Keyword::For | Keyword::While | Keyword::In)
        }
        Tok::Sign(sign) => sign.closes() || matches!(sign, Sign::BraceOpen | Sign::Arrow | Sign::Exchange),
        _ => false,
    }
}

/// Reports a missing closer; takes a wrong one that stands in its place.
pub(super) fn missing_closer(input: &mut Reader, open: Sign, opener: Span) {
    let close = closer(open).text();
    let wrong = match peek(input) {
        Some(Tok::Sign(sign)) if sign.closes() && sign != Sign::BraceClose => {
            let around = input.state().open.len().saturating_sub(1);
            let wanted = input.state().open.iter().take(around).any(|&outer| closer(outer) == sign);
            (!wanted).then_some(sign)
        }
        _ => None,
    };
    if let Some(sign) = wrong {
        let opened = format!("`{}` is opened here", open.text());
        let message = format!("`{}` is closed by `{}` instead of `{close}`", open.text(), sign.text());
        let span = here(input);
        let diagnostic = Diagnostic::new(Code::MissingCloser, span, message)
            .label(format!("expected `{close}`"))
            .also(opener, opened)
            .fix(span, close, format!("write `{close}`"));
        complain(input, diagnostic);
        input.skip();
        return;
    }
    let place = behind(input);
    closer_at(input, open, opener, place);
}

/// Reports that the closer of an opener is missing at a place.
fn closer_at(input: &mut Reader, open: Sign, opener: Span, place: Span) {
    let close = closer(open).text();
    // A block whose lines stand below its header ends on a line of its own.
    let inserted = if open == Sign::BraceOpen { format!("\n{close}") } else { close.to_owned() };
    let diagnostic = Diagnostic::new(Code::MissingCloser, place, format!("`{close}` is missing"))
        .label(format!("expected `{close}`"))
        .also(opener, format!("`{}` is opened here", open.text()))
        .fix(place, inserted, format!("insert `{close}`"));
    complain(input, diagnostic);
}

fn closer(open: Sign) -> Sign {
    match open {
        Sign::ParenOpen => Sign::ParenClose,
        Sign::BracketOpen => Sign::BracketClose,
        _ => Sign::BraceClose,
    }
}

/// What kind of block it is, for messages and for finding its end when the `}` is missing.
#[derive(Clone, Copy)]
pub(super) struct Kind {
    /// What stands between its lines.
    pub separator: Separator,
    /// Whether a word begins a line around it and never in it: before such a one a missing `}` is seen.
    pub outer: fn(Keyword) -> bool,
}

/// `{ lines }`, which must stand here. `line` always takes something.
pub(super) fn block<'src, Line: 'src>(kind: Kind, line: Rule<'src, Line>) -> Rule<'src, Block<Line>> {
    rule(move |input| {
        let start = index(input);
        let Some(opener) = open_block(input) else {
            return Ok(Block { items: Vec::new(), span: behind(input) });
        };
        let around = std::mem::take(&mut input.state().open);
        let mut items = Vec::new();
        while next_line(input, kind, opener) {
            let before = index(input);
            items.push(input.parse(&line)?);
            end_line(input, kind.separator);
            if index(input) == before {
                skip_one(input);
            }
        }
        input.state().open = around;
        Ok(Block { items, span: since(input, start) })
    })
}

/// Takes the `{` of a block, also from the next line, where it is told to be wrong. None, reported, if there is none.
fn open_block(input: &mut Reader) -> Option<Span> {
    if let Some(span) = take_sign(input, Sign::BraceOpen) {
        return Some(span);
    }
    if peek(input) == Some(Tok::Break) && look(input, 1) == Some(Tok::Sign(Sign::BraceOpen)) {
        let place = behind(input);
        input.skip();
        let span = here(input);
        let diagnostic = Diagnostic::new(Code::UnexpectedText, span, "the `{` of a block stands on the line of its header")
            .label("belongs on the line before")
            .also(place, "here");
        complain(input, diagnostic);
        input.skip();
        return Some(span);
    }
    let diagnostic = missing_here(input, Code::MissingPart, "`{`");
    let place = behind(input);
    complain(input, diagnostic.fix(place, " {", "insert `{`"));
    // Where a `}` is left over, it is this block's, and its lines are read as such.
    let memory = input.state();
    memory.lone_braces = memory.lone_braces.checked_sub(1)?;
    Some(place)
}

/// Whether another line follows; takes or reports the `}` if not.
fn next_line(input: &mut Reader, kind: Kind, opener: Span) -> bool {
    skip_separators(input, kind.separator);
    match peek(input) {
        None => {
            let end = behind(input);
            let (opener, place) = input.state().unclosed.take().unwrap_or((opener, end));
            closer_at(input, Sign::BraceOpen, opener, place);
            input.state().open_braces = 0;
            false
        }
        Some(Tok::Sign(Sign::BraceClose)) => {
            input.skip();
            false
        }
        Some(Tok::Word(word)) if (kind.outer)(word) && input.state().open_braces > 0 => {
            missing_closer(input, Sign::BraceOpen, opener);
            input.state().open_braces -= 1;
            false
        }
        Some(_) => true,
    }
}

/// One line of a block: the rule of its first word, or `other`. `wrap` adds place and documentation.
pub(super) fn line<'src, Kind: 'src, Line: 'src>(
    rows: Vec<(Keyword, Rule<'src, Kind>)>,
    other: Rule<'src, Kind>,
    wrap: fn(&mut Reader<'src, '_>, Kind, Span) -> Line,
) -> Rule<'src, Line> {
    rule(move |input| {
        let start = index(input);
        let row = match peek(input) {
            Some(Tok::Word(word)) => rows.iter().find(|(key, _)| *key == word).map(|(_, rule)| rule),
            _ => None,
        };
        let kind = input.parse(row.unwrap_or(&other))?;
        let span = since(input, start);
        Ok(wrap(input, kind, span))
    })
}
