//! Which newlines end something, which names are words or units, and which comments document. Reports nothing.

use super::unclosed;
use crate::ast::{Comment, CommentKind, Doc};
use crate::span::{FileId, Span};
use crate::token::{Keyword, Role, Sign, Tok, Token};

/// What the parser reads.
#[derive(Clone, Debug)]
pub struct Tokens<'src> {
    /// The stream.
    pub tokens: Vec<Token<'src>>,
    /// Documentation, each with the offset of the token it stands before, in order.
    pub docs: Vec<(u32, Doc)>,
    /// All other comments, in order.
    pub comments: Vec<Comment>,
    /// How many `{` have no `}`: only then is a `}` thought missing inside the file.
    pub open_braces: usize,
    /// The `{` that has no `}`, as lines are indented, and where that `}` was to be.
    pub unclosed: Option<(Span, Span)>,
    /// How many `}` have no `{`: only then is a block read on whose `{` is missing.
    pub lone_braces: usize,
    /// Whether the text ends inside brackets or braces, or in a line that goes on.
    pub unfinished: bool,
    /// The empty place at the end of the text.
    pub end: Span,
}

impl Tokens<'_> {
    /// No tokens at all.
    pub(super) fn empty(file: FileId) -> Self {
        Tokens {
            tokens: Vec::new(),
            docs: Vec::new(),
            comments: Vec::new(),
            open_braces: 0,
            unclosed: None,
            lone_braces: 0,
            unfinished: false,
            end: Span::at(file, 0),
        }
    }
}

/// Turns raw tokens and comments into what the parser reads.
pub(super) fn arrange<'src>(text: &str, mut raw: Vec<Token<'src>>, comments: Vec<Comment>, end: Span) -> Tokens<'src> {
    name_words(&mut raw);
    let open = unmatched(&raw);
    let (tokens, lone_braces) = drop_newlines(&raw, &open);
    let open_braces = open.iter().filter(|(_, one)| *one == Open::Brace).count();
    let unclosed = if open_braces > 0 { unclosed::find(text, &raw) } else { None };
    let unfinished = !open.is_empty() || tokens.last().is_some_and(|token| goes_on(token.kind));
    let (docs, comments) = split_docs(text, &raw, comments);
    Tokens { tokens, docs, comments, open_braces, unclosed, lone_braces, unfinished, end }
}

/// Makes keywords and units of names, by what stands beside them.
fn name_words(tokens: &mut [Token]) {
    let mut before = None;
    for at in 0..tokens.len() {
        let next = tokens.get(at + 1).map(|token| token.kind);
        let Some(token) = tokens.get_mut(at) else { return };
        if let Tok::Ident(text) = token.kind {
            let word = Keyword::from_text(text);
            token.kind = match word {
                _ if matches!(before, Some(Tok::Number(_))) && is_unit(word, next) => Tok::Unit(text),
                Some(word) if word.role() == Role::Reserved || !is_defined(next) => Tok::Word(word),
                _ => token.kind,
            };
        }
        before = Some(token.kind);
    }
}

fn is_unit(word: Option<Keyword>, next: Option<Tok>) -> bool {
    // Two names in a row: the first begins a line whose separator was forgotten.
    let declares = word.is_some_and(|word| word.role() == Role::Item)
        && matches!(next, Some(Tok::Ident(text)) if Keyword::from_text(text).is_none());
    !declares
        && !word.is_some_and(Keyword::follows_number)
        && !matches!(next, Some(Tok::Sign(Sign::Assign | Sign::Prime | Sign::Colon | Sign::ParenOpen)))
}

/// Whether the name before it is assigned to or has parts, and so is no keyword.
fn is_defined(next: Option<Tok>) -> bool {
    use Sign::*;
    matches!(next, Some(Tok::Sign(Assign | AddAssign | SubAssign | MulAssign | DivAssign | Prime | Dot)))
}

/// What is open around a token.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Open {
    Paren,
    Bracket,
    Brace,
    Value,
}

impl Open {
    fn opened_by(kind: Tok) -> Option<Open> {
        match kind {
            Tok::Sign(Sign::ParenOpen) => Some(Open::Paren),
            Tok::Sign(Sign::BracketOpen) => Some(Open::Bracket),
            Tok::Sign(Sign::BraceOpen) => Some(Open::Brace),
            Tok::ValueOpen => Some(Open::Value),
            _ => None,
        }
    }

    fn closed_by(kind: Tok) -> Option<Open> {
        match kind {
            Tok::Sign(Sign::ParenClose) => Some(Open::Paren),
            Tok::Sign(Sign::BracketClose) => Some(Open::Bracket),
            Tok::Sign(Sign::BraceClose) => Some(Open::Brace),
            Tok::ValueClose => Some(Open::Value),
            _ => None,
        }
    }
}

/// What is opened and never closed, with its places among the tokens.
fn unmatched(raw: &[Token]) -> Vec<(usize, Open)> {
    let mut open: Vec<(usize, Open)> = Vec::new();
    let mut lost = Vec::new();
    for (at, token) in raw.iter().enumerate() {
        open.extend(Open::opened_by(token.kind).map(|one| (at, one)));
        if let Some(from) = Open::closed_by(token.kind).and_then(|closed| partner(&open, closed)) {
            lost.extend(open.drain(from..).skip(1));
        }
    }
    lost.extend(open);
    lost.sort_unstable_by_key(|(at, _)| *at);
    lost
}

/// Keeps the newlines that end something; says how many braces close nothing. A bracket that is never closed ends with its line.
fn drop_newlines<'src>(raw: &[Token<'src>], unmatched: &[(usize, Open)]) -> (Vec<Token<'src>>, usize) {
    let mut kept: Vec<Token> = Vec::with_capacity(raw.len());
    let mut open: Vec<(usize, Open)> = Vec::new();
    let mut lone_braces = 0;
    let mut rest = raw;
    let is_closed = |at: usize| unmatched.binary_search_by_key(&at, |(at, _)| *at).is_err();
    while let Some((token, behind)) = rest.split_first() {
        rest = behind;
        if token.kind == Tok::Break {
            // A run of newlines is looked at once, or a text of nothing else would take forever.
            let run = rest.iter().take_while(|token| token.kind == Tok::Break).count();
            rest = rest.get(run..).unwrap_or(&[]);
            if kept.last().is_some_and(|last| ends_something(&mut open, last.kind, rest)) {
                kept.push(*token);
            }
            continue;
        }
        let at = raw.len() - rest.len() - 1;
        open.extend(Open::opened_by(token.kind).map(|one| (at, one)).filter(|(at, one)| *one == Open::Brace || is_closed(*at)));
        if let Some(closed) = Open::closed_by(token.kind) {
            match partner(&open, closed) {
                Some(at) => open.truncate(at),
                None => lone_braces += usize::from(closed == Open::Brace),
            }
        }
        kept.push(*token);
    }
    (kept, lone_braces)
}

/// Which of what is open is closed. A brace also ends the brackets that were left open inside it; `)` and `]` end nothing but their own.
fn partner(open: &[(usize, Open)], closed: Open) -> Option<usize> {
    match closed {
        Open::Brace | Open::Value => open.iter().rposition(|(_, one)| *one == closed),
        Open::Paren | Open::Bracket => open.len().checked_sub(1).filter(|_| open.last().is_some_and(|(_, one)| *one == closed)),
    }
}

/// Whether a newline after `last` and before `after` ends something.
fn ends_something(open: &mut Vec<(usize, Open)>, last: Tok, after: &[Token]) -> bool {
    let mut rest = after.iter().map(|token| token.kind);
    let (next, second) = (rest.next(), rest.next());
    if next == Some(Tok::Word(Keyword::Else)) {
        return false;
    }
    let begins = begins_item(next, second);
    if open.last().is_some_and(|(_, one)| *one != Open::Brace) {
        if begins {
            // A declaration cannot stand in brackets: they were left open on a line before.
            let outside = open.iter().rposition(|(_, one)| *one == Open::Brace).map_or(0, |at| at + 1);
            open.truncate(outside);
        }
        return begins;
    }
    begins || !goes_on(last)
}

/// Whether a line that ends with it goes on in the next one.
fn goes_on(last: Tok) -> bool {
    match last {
        // Behind an opener only where that is never closed: in other brackets no newline ends anything.
        Tok::Sign(sign) => sign == Sign::Comma || sign.joins() || matches!(sign, Sign::ParenOpen | Sign::BracketOpen),
        Tok::Word(word) => matches!(word, Keyword::And | Keyword::Or),
        _ => false,
    }
}

/// Whether two tokens can only be the beginning of a declaration or statement: a keyword and what no name has behind it.
fn begins_item(first: Option<Tok>, second: Option<Tok>) -> bool {
    let Some(Tok::Word(word)) = first else { return false };
    let item = word.role() == Role::Item
        && matches!(second, Some(Tok::Ident(_) | Tok::Number(_) | Tok::TextOpen | Tok::Sign(Sign::BraceOpen)));
    // No line begins with an operator, so this is no `in mV` but the `in soma { }` of a cell.
    item || (word == Keyword::In && matches!(second, Some(Tok::Ident(_))))
}

/// Takes the `///` lines that stand before something out of the comments.
///
/// From the last to the first: what a comment stands before is what the next comment stands before, unless a token comes first.
fn split_docs(text: &str, raw: &[Token], comments: Vec<Comment>) -> (Vec<(u32, Doc)>, Vec<Comment>) {
    if !comments.iter().any(|comment| comment.kind == CommentKind::Doc) {
        return (Vec::new(), comments);
    }
    let words: Vec<Token> = raw.iter().filter(|token| token.kind != Tok::Break).copied().collect();
    let mut before: Vec<Option<u32>> = Vec::with_capacity(comments.len());
    let mut following: Option<(Span, Option<u32>)> = None;
    for comment in comments.iter().rev() {
        let next = words.get(words.partition_point(|token| token.span.start < comment.span.start));
        let (border, target) = match (next, following) {
            (Some(token), Some((span, _))) if token.span.start < span.start => (token.span, target(token)),
            (_, Some((span, target))) => (span, target),
            (Some(token), None) => (token.span, target(token)),
            (None, None) => (comment.span.behind(), None),
        };
        let between = text.get(comment.span.end as usize..border.start as usize).unwrap_or("");
        // A blank line parts a remark from the declaration behind it.
        let target = target.filter(|_| !has_blank_line(between));
        following = Some((comment.span, target));
        before.push(target.filter(|_| comment.kind == CommentKind::Doc && stands_first(text, comment.span)));
    }
    part_docs(text, comments, before)
}

fn part_docs(text: &str, comments: Vec<Comment>, before: Vec<Option<u32>>) -> (Vec<(u32, Doc)>, Vec<Comment>) {
    let mut docs: Vec<(u32, Doc)> = Vec::new();
    let mut others = Vec::with_capacity(comments.len());
    for (comment, target) in comments.into_iter().zip(before.into_iter().rev()) {
        match target {
            Some(offset) => add_doc(&mut docs, offset, doc_line(text, comment.span), comment.span),
            None => others.push(comment),
        }
    }
    (docs, others)
}

/// The offset of what a doc before `token` would document: nothing, if that only closes a block.
fn target(token: &Token) -> Option<u32> {
    (token.kind != Tok::Sign(Sign::BraceClose)).then_some(token.span.start)
}

/// Whether nothing stands before it on its line.
fn stands_first(text: &str, span: Span) -> bool {
    let before = text.get(..span.start as usize).unwrap_or("");
    before.rsplit('\n').next().is_some_and(is_empty)
}

/// Whether a line says nothing; a `;` ends nothing there.
fn is_empty(line: &str) -> bool {
    line.trim_matches(|letter: char| letter.is_whitespace() || letter == ';').is_empty()
}

fn has_blank_line(between: &str) -> bool {
    let mut lines = between.split('\n');
    lines.next();
    let mut lines: Vec<&str> = lines.collect();
    lines.pop();
    lines.iter().any(|line| is_empty(line))
}

fn doc_line(text: &str, span: Span) -> &str {
    let line = text.get(span.range()).unwrap_or("").trim_start_matches('/').trim_end();
    line.strip_prefix(' ').unwrap_or(line)
}

fn add_doc(docs: &mut Vec<(u32, Doc)>, offset: u32, line: &str, span: Span) {
    match docs.last_mut() {
        Some((known, doc)) if *known == offset => {
            doc.text.push('\n');
            doc.text.push_str(line);
            doc.span = doc.span.to(span);
        }
        _ => docs.push((offset, Doc { text: line.to_owned(), span })),
    }
}
