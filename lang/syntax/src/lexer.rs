//! Text to tokens. Knows nothing of lines and words: `layout` does; reports what no token begins with, once.

mod layout;
mod limit;
mod raw;
mod text;
mod unclosed;
mod unknown;

pub use layout::Tokens;
pub(crate) use text::unescape;

use logos::Logos;

use crate::ast::{Comment, CommentKind};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::source::Source;
use crate::span::{FileId, Span};
use crate::token::{Sign, Tok, Token};
use raw::Raw;

/// The longest text that is read, 16 MiB: about 400,000 lines.
pub const LONGEST: usize = 16 << 20;

/// Behind this many findings no more are told: such a text is no script.
pub(crate) const MOST_TOLD: usize = 1000;

/// Tokens of a text, comments and documentation apart, ready for the parser.
pub fn lex<'src>(source: &'src Source, file: FileId, found: &mut Diagnostics) -> Tokens<'src> {
    let text = source.text.as_str();
    if text.len() > LONGEST {
        let message = format!("the text has {} bytes, more than the {LONGEST} that are read", text.len());
        found.push(
            Diagnostic::new(Code::TooLarge, Span::at(file, 0), message).help("split it into files and join them with `use`"),
        );
        return Tokens::empty(file);
    }
    let mut lexer =
        Lexer { text, file, at: 0, modes: Vec::new(), tokens: Vec::with_capacity(text.len() / 4), comments: Vec::new(), found };
    lexer.run();
    let Lexer { tokens, comments, found, .. } = lexer;
    let end = Span::at(file, offset(text.len()));
    let tokens = layout::arrange(text, tokens, comments, end);
    limit::check(tokens, found)
}

/// Where in the text the lexer is.
#[derive(Clone, Copy)]
enum Mode {
    /// Between the quotes of a text that began here.
    Text(u32),
    /// In the braces of a value within a text, with so many braces open in it.
    Value(u32),
}

struct Lexer<'src, 'found> {
    text: &'src str,
    file: FileId,
    at: usize,
    modes: Vec<Mode>,
    tokens: Vec<Token<'src>>,
    comments: Vec<Comment>,
    found: &'found mut Diagnostics,
}

impl<'src> Lexer<'src, '_> {
    fn run(&mut self) {
        // A text begins anew after each quote and brace, so logos is started again there; between those it runs on.
        while self.at < self.text.len() {
            match self.modes.last() {
                Some(Mode::Text(_)) => self.letters(),
                _ => self.signs(),
            }
        }
        self.close_texts();
    }

    /// Tokens up to the next border of a text, or to the end.
    fn signs(&mut self) {
        let rest = self.text.get(self.at..).unwrap_or("");
        let base = self.at;
        for (raw, range) in Raw::lexer(rest).spanned() {
            let (start, end) = (base + range.start, base + range.end);
            self.at = end;
            let span = self.span(start, end);
            match raw {
                Ok(Raw::Quote) => {
                    self.push(Tok::TextOpen, span);
                    self.modes.push(Mode::Text(span.start));
                    return;
                }
                Ok(Raw::CommentOpen) => {
                    self.block_comment(start);
                    return;
                }
                Ok(raw) => {
                    if self.token(raw, span) {
                        return;
                    }
                }
                Err(()) => {
                    self.unknown(start);
                    return;
                }
            }
        }
        self.at = self.text.len();
    }

    /// Takes one token; true if the text's other mode begins behind it.
    fn token(&mut self, raw: Raw, span: Span) -> bool {
        match raw {
            Raw::Newline if !self.modes.is_empty() => {
                self.close_texts();
                self.push(Tok::Break, span);
                return true;
            }
            Raw::Newline | Raw::Semicolon => self.push(Tok::Break, span),
            Raw::LineComment => self.comment(CommentKind::Line, span),
            Raw::DocComment => self.comment(CommentKind::Doc, span),
            Raw::Ident => {
                let text = self.text.get(span.range()).unwrap_or("");
                self.push(Tok::Ident(text), span);
            }
            Raw::Number => self.number(span),
            Raw::BadNumber => self.bad_number(span),
            Raw::Power => {
                let diagnostic = Diagnostic::new(Code::UnknownCharacter, span, "`**` has no meaning here");
                self.refuse(diagnostic.help("a power is written `^`").fix(span, "^", "write `^`"));
            }
            Raw::Sign(sign) => return self.sign(sign, span),
            Raw::Quote | Raw::CommentOpen => {}
        }
        false
    }

    fn sign(&mut self, sign: Sign, span: Span) -> bool {
        let Some(Mode::Value(depth)) = self.modes.last_mut() else {
            self.push(Tok::Sign(sign), span);
            return false;
        };
        match sign {
            Sign::BraceClose if *depth == 0 => {
                self.modes.pop();
                self.push(Tok::ValueClose, span);
                return true;
            }
            Sign::Colon if *depth == 0 => {
                self.format(span);
                return true;
            }
            Sign::BraceOpen => *depth += 1,
            Sign::BraceClose => *depth -= 1,
            _ => {}
        }
        self.push(Tok::Sign(sign), span);
        false
    }

    fn number(&mut self, span: Span) {
        let written = self.text.get(span.range()).unwrap_or("");
        let plain: String = written.chars().filter(|&letter| letter != '_').collect();
        match plain.parse::<f64>() {
            Ok(value) if value.is_finite() => self.push(Tok::Number(value), span),
            _ => {
                let message = format!("{written} is larger than any number the language has, about 1.8e308");
                self.refuse(Diagnostic::new(Code::BadNumber, span, message).label("too large"));
            }
        }
    }

    fn bad_number(&mut self, span: Span) {
        let message = "a number has one decimal point";
        let help = "a range is written `a .. b`, digits are grouped by `_` as in `10_000`";
        self.refuse(Diagnostic::new(Code::BadNumber, span, message).label("not a number").help(help));
    }

    fn comment(&mut self, kind: CommentKind, span: Span) {
        self.comments.push(Comment { kind, span });
    }

    /// A comment `/* ... */`, which may hold others.
    fn block_comment(&mut self, start: usize) {
        let mut depth = 0usize;
        let bytes = self.text.as_bytes();
        let mut at = start;
        while at < bytes.len() {
            match bytes.get(at..at + 2) {
                Some(b"/*") => (depth, at) = (depth + 1, at + 2),
                Some(b"*/") => (depth, at) = (depth - 1, at + 2),
                _ => at += 1,
            }
            if depth == 0 {
                break;
            }
        }
        self.at = at;
        self.comment(CommentKind::Block, self.span(start, at));
        if depth > 0 {
            let span = self.span(start, start + 2);
            let missing = if depth == 1 { "`*/`".to_owned() } else { format!("{depth} times `*/`, because comments nest") };
            let message = format!("this comment does not end: {missing} is missing");
            self.tell(Diagnostic::new(Code::UnclosedComment, span, message).label("begins here"));
        }
    }

    fn push(&mut self, kind: Tok<'src>, span: Span) {
        self.tokens.push(Token { kind, span });
    }

    /// Reports and leaves an error token in its place.
    fn refuse(&mut self, diagnostic: Diagnostic) {
        let span = diagnostic.span;
        self.tell(diagnostic);
        self.push(Tok::Error, span);
    }

    /// Reports, unless so much has been told that the text is no script.
    fn tell(&mut self, diagnostic: Diagnostic) {
        if self.found.len() < MOST_TOLD {
            self.found.push(diagnostic);
        }
    }

    fn span(&self, start: usize, end: usize) -> Span {
        Span::new(self.file, offset(start), offset(end))
    }
}

fn offset(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}
