//! The one input type of all parsers and what they do with single tokens: look, take, complain. No grammar.

use std::sync::Arc;

use chumsky::error::{Error, LabelError};
use chumsky::extra::{Full, SimpleState};
use chumsky::input::InputRef;
use chumsky::prelude::*;
use chumsky::util::MaybeRef;

use super::again::{Mark, Ready};
use crate::ast::{Doc, Name};
use crate::diagnostic::{Code, Diagnostic};
use crate::lexer::MOST_TOLD;
use crate::span::{FileId, Span};
use crate::token::{Keyword, Sign, Tok, Token};

pub(super) type Stream<'src> = &'src [Token<'src>];
pub(super) type Extra<'src> = Full<Problem, SimpleState<Memory>, ()>;
pub(super) type Reader<'src, 'parse> = InputRef<'src, 'parse, Stream<'src>, Extra<'src>>;
/// Every rule has this one type: unboxed, the grammar takes minutes to compile.
pub(super) type Rule<'src, Out> = Boxed<'src, 'src, Stream<'src>, Out, Extra<'src>>;

/// What rules know beside the tokens. Nothing in it is undone when a rule is tried in vain, so rules look before they take.
pub(super) struct Memory {
    /// The file of all tokens.
    pub file: FileId,
    /// The empty place at the end of the text.
    pub end: Span,
    /// Documentation by the offset of what it stands before, taken by the declaration that begins there.
    pub docs: Vec<(u32, Option<Doc>)>,
    /// How many `{` have no `}`.
    pub open_braces: usize,
    /// Which of them, and where its `}` was to be, as lines are indented.
    pub unclosed: Option<(Span, Span)>,
    /// How many `}` have no `{`.
    pub lone_braces: usize,
    /// The brackets around this point.
    pub open: Vec<Sign>,
    /// Whether lines of a block whose `{` is missing are being read outside of it, which has been told.
    pub orphaned: bool,
    /// How many problems have been told.
    pub told: usize,
    /// Items that are what they were when the text was read before.
    pub ready: Ready,
    /// Where items were read that need not be read again.
    pub marks: Vec<Mark>,
}

impl Memory {
    /// The documentation of what begins at `offset`.
    pub fn doc(&mut self, offset: u32) -> Option<Doc> {
        let at = self.docs.binary_search_by_key(&offset, |(place, _)| *place).ok()?;
        self.docs.get_mut(at)?.1.take()
    }
}

/// What chumsky carries: a finished diagnostic, or nothing where a rule merely did not begin.
pub(super) struct Problem {
    /// The token where it was found: of several at one token the first is told.
    pub at: usize,
    /// What to tell.
    pub diagnostic: Option<Box<Diagnostic>>,
}

impl<'src> Error<'src, Stream<'src>> for Problem {}

impl<'src, Label> LabelError<'src, Stream<'src>, Label> for Problem {
    fn expected_found<Labels: IntoIterator<Item = Label>>(
        _: Labels,
        _: Option<MaybeRef<'src, Token<'src>>>,
        span: SimpleSpan<usize>,
    ) -> Problem {
        Problem { at: span.start, diagnostic: None }
    }
}

/// A rule that is written as a function.
pub(super) fn rule<'src, Out: 'src>(read: impl Fn(&mut Reader<'src, '_>) -> Result<Out, Problem> + 'src) -> Rule<'src, Out> {
    custom(read).boxed()
}

/// The number of the next token.
pub(super) fn index(input: &Reader) -> usize {
    *input.cursor().inner()
}

/// The next token but `ahead`.
pub(super) fn look<'src>(input: &mut Reader<'src, '_>, ahead: usize) -> Option<Tok<'src>> {
    let at = index(input) + ahead;
    input.full_slice().get(at).map(|token| token.kind)
}

/// The next token.
pub(super) fn peek<'src>(input: &mut Reader<'src, '_>) -> Option<Tok<'src>> {
    look(input, 0)
}

/// The token before the next.
pub(super) fn last<'src>(input: &mut Reader<'src, '_>) -> Option<Token<'src>> {
    let at = index(input).checked_sub(1)?;
    input.full_slice().get(at).copied()
}

/// Goes on at a token further on.
pub(super) fn skip_to(input: &mut Reader, to: usize) {
    while index(input) < to && peek(input).is_some() {
        input.skip();
    }
}

/// The place of the next token, or the end of the text.
pub(super) fn here(input: &mut Reader) -> Span {
    let at = index(input);
    let end = input.state().end;
    input.full_slice().get(at).map_or(end, |token| token.span)
}

/// The empty place behind the last token that is no newline.
pub(super) fn behind(input: &mut Reader) -> Span {
    let file = input.state().file;
    let at = index(input);
    let taken = input.full_slice().get(..at).unwrap_or(&[]);
    taken.iter().rev().find(|token| token.kind != Tok::Break).map_or(Span::at(file, 0), |token| token.span.behind())
}

/// From the token of a number to the last one taken; the place behind that if none was.
pub(super) fn since(input: &mut Reader, start: usize) -> Span {
    let behind = behind(input);
    match input.full_slice().get(start).filter(|_| start < index(input)) {
        Some(first) => first.span.to(behind),
        None => behind,
    }
}

/// Whether the next token is this sign.
pub(super) fn at_sign(input: &mut Reader, sign: Sign) -> bool {
    peek(input) == Some(Tok::Sign(sign))
}

/// Whether the next token is this word.
pub(super) fn at_word(input: &mut Reader, word: Keyword) -> bool {
    peek(input) == Some(Tok::Word(word))
}

/// Takes the sign if it is next, and says where it was.
pub(super) fn take_sign(input: &mut Reader, sign: Sign) -> Option<Span> {
    at_sign(input, sign).then(|| take(input))
}

/// Takes the word if it is next, and says where it was.
pub(super) fn take_word(input: &mut Reader, word: Keyword) -> Option<Span> {
    at_word(input, word).then(|| take(input))
}

/// Takes the next token and says where it was.
pub(super) fn take(input: &mut Reader) -> Span {
    let span = here(input);
    input.skip();
    span
}

/// Takes the next token if it can be a name.
pub(super) fn take_name(input: &mut Reader) -> Option<Name> {
    let text = name_text(peek(input)?, look(input, 1))?;
    let span = take(input);
    Some(Name { text: Arc::from(text), span })
}

/// The text of a token that is a name here: a keyword too, unless something follows that only follows a keyword.
pub(super) fn name_text<'src>(token: Tok<'src>, next: Option<Tok>) -> Option<&'src str> {
    match token {
        Tok::Ident(text) | Tok::Unit(text) => Some(text),
        Tok::Word(word) if word.is_name() && !matches!(next, Some(Tok::Ident(_) | Tok::Number(_))) => Some(word.text()),
        _ => None,
    }
}

/// Whether a value begins here.
pub(super) fn at_value(input: &mut Reader) -> bool {
    match peek(input) {
        Some(token @ Tok::Word(word)) if word.is_name() => name_text(token, look(input, 1)).is_some(),
        Some(token) => token.starts_value(),
        None => false,
    }
}

/// The rule did not begin; nothing was taken.
pub(super) fn not_here<Out>(input: &Reader) -> Result<Out, Problem> {
    Err(Problem { at: index(input), diagnostic: None })
}

/// Tells a problem with the next token and goes on.
pub(super) fn complain(input: &mut Reader, diagnostic: Diagnostic) {
    let at = index(input);
    // The rest of the line went into a text that does not end, which has been told.
    let swallowed =
        last(input).is_some_and(|token| matches!(token.kind, Tok::TextClose | Tok::ValueClose) && token.span.is_empty());
    let memory = input.state();
    memory.told += 1;
    if swallowed || memory.told > MOST_TOLD {
        return;
    }
    input.emit(Problem { at, diagnostic: Some(Box::new(diagnostic)) });
}

/// Tells that something is missing before the next token and goes on without it.
pub(super) fn missing(input: &mut Reader, code: Code, what: &str) {
    let diagnostic = missing_here(input, code, what);
    complain(input, diagnostic);
}

/// What `missing` tells, for those who have something to add.
pub(super) fn missing_here(input: &mut Reader, code: Code, what: &str) -> Diagnostic {
    let found = peek(input);
    let name = found.map_or_else(|| "the end of the text".to_owned(), Tok::describe);
    let message = format!("expected {what}, found {name}");
    Diagnostic::new(code, gap(input), message).label(format!("expected {what}"))
}

/// Where something missing is shown: at what stands there instead, or behind the last word of the line.
pub(super) fn gap(input: &mut Reader) -> Span {
    match peek(input) {
        None | Some(Tok::Break | Tok::TextClose | Tok::ValueClose) => behind(input),
        Some(Tok::Sign(sign)) if sign.closes() => behind(input),
        Some(_) => here(input),
    }
}

/// A name that must stand here; an empty one, reported, if none does.
pub(super) fn expect_name(input: &mut Reader, what: &str) -> Name {
    if let Some(name) = take_name(input) {
        return name;
    }
    if let Some(Tok::Word(word)) = peek(input).filter(|_| defines(look(input, 1))) {
        let message = format!("`{}` is a reserved word and cannot be a name", word.text());
        let diagnostic = Diagnostic::new(Code::ReservedName, here(input), message).help("choose another name for it");
        complain(input, diagnostic);
        let span = take(input);
        return Name { text: Arc::from(""), span };
    }
    if peek(input) == Some(Tok::Error) {
        let span = take(input);
        return Name { text: Arc::from(""), span };
    }
    missing(input, Code::MissingPart, what);
    Name { text: Arc::from(""), span: behind(input) }
}

/// Whether it follows a name that is being declared.
fn defines(next: Option<Tok>) -> bool {
    use Sign::*;
    matches!(next, Some(Tok::Sign(Assign | Colon | Prime | BraceOpen | Comma)))
}

/// A sign that must stand here; reported if it does not.
pub(super) fn expect_sign(input: &mut Reader, sign: Sign) -> Option<Span> {
    let taken = take_sign(input, sign);
    if taken.is_none() {
        let diagnostic = missing_here(input, Code::MissingPart, &format!("`{}`", sign.text()));
        let place = behind(input);
        complain(input, diagnostic.fix(place, format!(" {}", sign.text()), format!("insert `{}`", sign.text())));
    }
    taken
}

/// A word that must stand here; reported if it does not.
pub(super) fn expect_word(input: &mut Reader, word: Keyword) {
    if take_word(input, word).is_none() {
        missing(input, Code::MissingPart, &format!("`{}`", word.text()));
    }
}
