//! How the parser goes on after something it cannot read: what it skips, and where it stops. Reads no grammar.

use super::input::{Reader, behind, complain, gap, here, index, last, look, missing_here, peek};
use crate::diagnostic::{Code, Diagnostic, did_you_mean};
use crate::token::{Keyword, Role, Sign, Tok};

/// What stands between the lines of a block.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Separator {
    /// A newline or `;`.
    Line,
    /// A newline, `;` or a comma, as between attributes.
    Comma,
}

impl Separator {
    /// Whether a token separates.
    pub fn is(self, token: Tok) -> bool {
        match token {
            Tok::Break => true,
            Tok::Sign(Sign::Comma) => self == Separator::Comma,
            _ => false,
        }
    }
}

/// Takes all separators that are next.
pub(super) fn skip_separators(input: &mut Reader, separator: Separator) {
    while peek(input).is_some_and(|token| separator.is(token)) {
        input.skip();
    }
}

/// Skips the rest of a line, over whole brackets, up to a separator, a closer of the block around or the next keyword line.
pub(super) fn skip_line(input: &mut Reader, separator: Separator) {
    while let Some(token) = peek(input) {
        if separator.is(token) || token == Tok::Sign(Sign::BraceClose) || (index(input) > 0 && begins_line(input)) {
            return;
        }
        skip_one(input);
    }
}

/// Skips to the next comma or closer in brackets.
pub(super) fn skip_element(input: &mut Reader) {
    while let Some(token) = peek(input) {
        match token {
            Tok::Break | Tok::ValueClose | Tok::TextClose | Tok::Format(_) | Tok::Sign(Sign::Comma) => return,
            Tok::Sign(sign) if sign.closes() => return,
            _ => skip_one(input),
        }
    }
}

/// Skips one token, or everything between it and its closer.
pub(super) fn skip_one(input: &mut Reader) {
    let mut depth = 0usize;
    loop {
        match peek(input) {
            None => return,
            Some(Tok::TextOpen | Tok::ValueOpen) => depth += 1,
            Some(Tok::TextClose | Tok::ValueClose) => depth = depth.saturating_sub(1),
            Some(Tok::Sign(sign)) if sign.opens() => depth += 1,
            Some(Tok::Sign(sign)) if sign.closes() => depth = depth.saturating_sub(1),
            Some(_) => {}
        }
        input.skip();
        if depth == 0 {
            return;
        }
    }
}

/// Whether the next tokens can only begin a line: a keyword and what it is followed by.
fn begins_line(input: &mut Reader) -> bool {
    let Some(Tok::Word(word)) = peek(input) else { return false };
    word.role() == Role::Item && matches!(look(input, 1), Some(Tok::Ident(_) | Tok::TextOpen))
}

/// Ends a line: a separator or a closing brace follows, or a block has just been closed; reports and skips anything else.
pub(super) fn end_line(input: &mut Reader, separator: Separator) {
    let Some(token) = peek(input) else { return };
    if separator.is(token) || token == Tok::Sign(Sign::BraceClose) {
        return;
    }
    match last(input).map(|token| token.kind) {
        Some(Tok::Sign(Sign::BraceClose)) if !matches!(token, Tok::Sign(_)) => return,
        // A block without its `}` has ended before this line.
        Some(Tok::Break) => return,
        _ => {}
    }
    if token == Tok::Error || last(input).is_some_and(|token| token.kind == Tok::Error) {
        return skip_line(input, separator);
    }
    let begins = begins_line(input) || (at_definition(input) && last(input).is_some_and(|last| ends_value(last.kind)));
    if begins {
        return missing_separator(input, separator);
    }
    let diagnostic = unexpected(input, "the end of the line");
    complain(input, diagnostic);
    skip_line(input, separator);
}

/// Two lines on one, without anything between them.
fn missing_separator(input: &mut Reader, separator: Separator) {
    let (what, sign) = match separator {
        Separator::Line => ("a new line or `;`", ";"),
        Separator::Comma => ("a comma or a new line", ","),
    };
    let place = behind(input);
    let diagnostic = missing_here(input, Code::MissingPart, what).fix(place, sign, format!("insert `{sign}`"));
    complain(input, diagnostic);
}

/// Whether `name =` or `name' =` is next.
pub(super) fn at_definition(input: &mut Reader) -> bool {
    matches!(peek(input), Some(Tok::Ident(_) | Tok::Word(_)))
        && matches!(look(input, 1), Some(Tok::Sign(Sign::Assign | Sign::Prime)))
}

fn ends_value(token: Tok) -> bool {
    match token {
        Tok::Ident(_) | Tok::Word(_) | Tok::Unit(_) | Tok::Number(_) | Tok::TextClose | Tok::Error => true,
        Tok::Sign(sign) => sign.closes(),
        _ => false,
    }
}

/// What is told of a token that fits nowhere.
pub(super) fn unexpected(input: &mut Reader, wanted: &str) -> Diagnostic {
    let found = peek(input).map_or_else(|| "the end of the text".to_owned(), Tok::describe);
    let before = last(input).map(|token| token.kind);
    let (span, place) = (gap(input), behind(input));
    let diagnostic =
        Diagnostic::new(Code::UnexpectedText, span, format!("expected {wanted}, found {found}")).label("not expected here");
    match (before, peek(input)) {
        (Some(Tok::Number(_) | Tok::Unit(_)), Some(Tok::Sign(Sign::ParenOpen))) => {
            diagnostic.help("a product is written `*`").fix(place, " *", "insert `*`")
        }
        (Some(Tok::Sign(Sign::ParenClose)), Some(Tok::Ident(_) | Tok::Number(_) | Tok::Sign(Sign::ParenOpen))) => {
            diagnostic.help("a product is written `*`")
        }
        (Some(Tok::Unit(_)), Some(Tok::Ident(_))) => diagnostic.help("a product of units is written `*`, as in `ohm*cm`"),
        (_, Some(Tok::Sign(Sign::Prime))) => diagnostic.help("texts stand in double quotes `\"`; `x' = ...` is a derivative"),
        (_, Some(Tok::Sign(Sign::Equal))) => diagnostic.help("a value is given with one `=`; `==` compares"),
        (_, Some(Tok::Sign(Sign::Star))) => diagnostic.help("a power is written `^`"),
        _ => diagnostic,
    }
}

/// Reports and skips a line that begins with nothing known here. `place` names the block: "a mechanism".
pub(super) fn unknown_line(input: &mut Reader, separator: Separator, place: &str, words: &[Keyword]) {
    if peek(input) != Some(Tok::Error) {
        let diagnostic = unknown(input, place, words);
        complain(input, diagnostic);
    }
    skip_one(input);
    skip_line(input, separator);
}

fn unknown(input: &mut Reader, place: &str, words: &[Keyword]) -> Diagnostic {
    let span = here(input);
    match peek(input) {
        Some(Tok::Word(word)) if word.role() == Role::Item => {
            let message = format!("`{}` does not stand in {place}", word.text());
            let diagnostic = Diagnostic::new(Code::WrongPlace, span, message).label("not here");
            match home(word) {
                Some(home) => diagnostic.help(format!("`{}` stands in {home}", word.text())),
                None => diagnostic,
            }
        }
        Some(Tok::Word(Keyword::While)) => Diagnostic::new(Code::WrongPlace, span, "there is no `while`")
            .help("`for` goes over a list or a range, `sweep` over the values of a knob"),
        Some(Tok::Sign(sign)) if sign.joins() => {
            let message = format!("a line cannot begin with `{}`", sign.text());
            let help = format!("put the `{}` at the end of the line before", sign.text());
            Diagnostic::new(Code::LeadingOperator, span, message).label("begins the line").help(help)
        }
        Some(Tok::Sign(Sign::BraceOpen)) => Diagnostic::new(Code::UnexpectedText, span, "a block without its header")
            .help("the `{` of a block stands on the line of its header"),
        Some(Tok::Ident(text)) => {
            let words: Vec<&str> = words.iter().map(|word| word.text()).collect();
            let diagnostic = unexpected_word(text, span, place).candidates(words.iter().copied());
            match did_you_mean(text, &words) {
                Some(near) => diagnostic.fix(span, near, format!("write `{near}`")).help(format!("did you mean `{near}`?")),
                None => diagnostic,
            }
        }
        _ => unexpected(input, &format!("a line of {place}")),
    }
}

fn unexpected_word(text: &str, span: crate::span::Span, place: &str) -> Diagnostic {
    let message = format!("{} begins nothing that stands in {place}", Tok::Ident(text).describe());
    Diagnostic::new(Code::UnexpectedText, span, message).label("not a word of the language")
}

/// Where a keyword belongs.
fn home(word: Keyword) -> Option<&'static str> {
    use Keyword::*;
    Some(match word {
        State | Input | Ion | Electrode | Current | Method | Kinetic | Table | On => "a mechanism or a cell",
        Output => "a mechanism, a cell or a circuit",
        Section | Spike | Rename | Voltage | Ignore => "a cell",
        Insert => "a cell or a section",
        Conserve | Compartment | Diffusion => "the braces of `kinetic`",
        Return => "the braces of a function",
        Vary | Report => "`sweep` or `optimize`",
        Minimize | Maximize | Constrain | Evolve => "`optimize`",
        Population | Connect | Stimulate | Synapse | Circuit => "the script or a circuit",
        Use | Import | Mechanism | Point | Cell | Simulation | Record => "the script itself, outside of all braces",
        Run | Restart | Restore | Set | Print | Plot | Save | Assert | Apply | Sweep | Optimize => "the script itself",
        _ => return None,
    })
}
