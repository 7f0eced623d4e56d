//! Tokens: what the lexer hands to the parser. Where lines matter is decided in `layout`, not here.

mod keyword;

pub use keyword::{Keyword, Role};

use crate::span::Span;

/// A token with its place.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Token<'src> {
    /// What it is.
    pub kind: Tok<'src>,
    /// Where.
    pub span: Span,
}

/// All kinds of tokens. The parts of a text with values in it follow each other in the one stream:
/// `TextOpen Letters ValueOpen ... Format ValueClose Letters TextClose`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Tok<'src> {
    /// A newline that ends something, or `;`.
    Break,
    /// A name.
    Ident(&'src str),
    /// A word that is a keyword where one fits, and a name elsewhere.
    Word(Keyword),
    /// A name right after a number.
    Unit(&'src str),
    /// A number.
    Number(f64),
    /// The quote before a text.
    TextOpen,
    /// A piece of a text as written, escapes and doubled braces included.
    Letters(&'src str),
    /// `{` in a text.
    ValueOpen,
    /// What stands after the colon of `{expr:.2f}`.
    Format(&'src str),
    /// `}` in a text.
    ValueClose,
    /// The quote behind a text, also where it is missing.
    TextClose,
    /// Anything of signs.
    Sign(Sign),
    /// Unreadable, already reported.
    Error,
}

/// All signs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "`text` says what each one looks like")]
pub enum Sign {
    ParenOpen,
    ParenClose,
    BracketOpen,
    BracketClose,
    BraceOpen,
    BraceClose,
    Comma,
    Colon,
    Dot,
    Range,
    Prime,
    Assign,
    AddAssign,
    SubAssign,
    MulAssign,
    DivAssign,
    Equal,
    NotEqual,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    Plus,
    Minus,
    Star,
    Slash,
    Caret,
    Arrow,
    Exchange,
}

impl Sign {
    /// As written.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            Sign::ParenOpen => "(",
            Sign::ParenClose => ")",
            Sign::BracketOpen => "[",
            Sign::BracketClose => "]",
            Sign::BraceOpen => "{",
            Sign::BraceClose => "}",
            Sign::Comma => ",",
            Sign::Colon => ":",
            Sign::Dot => ".",
            Sign::Range => "..",
            Sign::Prime => "'",
            Sign::Assign => "=",
            Sign::AddAssign => "+=",
            Sign::SubAssign => "-=",
            Sign::MulAssign => "*=",
            Sign::DivAssign => "/=",
            Sign::Equal => "==",
            Sign::NotEqual => "!=",
            Sign::Less => "<",
            Sign::LessEqual => "<=",
            Sign::Greater => ">",
            Sign::GreaterEqual => ">=",
            Sign::Plus => "+",
            Sign::Minus => "-",
            Sign::Star => "*",
            Sign::Slash => "/",
            Sign::Caret => "^",
            Sign::Arrow => "->",
            Sign::Exchange => "<->",
        }
    }

    /// Whether it stands between two operands, so that a line that ends with it goes on.
    #[must_use]
    pub fn joins(self) -> bool {
        use Sign::*;
        matches!(
            self,
            Plus | Minus
                | Star
                | Slash
                | Caret
                | Range
                | Arrow
                | Exchange
                | Equal
                | NotEqual
                | Less
                | LessEqual
                | Greater
                | GreaterEqual
        )
    }

    /// Whether it opens what another sign closes.
    #[must_use]
    pub fn opens(self) -> bool {
        matches!(self, Sign::ParenOpen | Sign::BracketOpen | Sign::BraceOpen)
    }

    /// Whether it closes what another sign opened.
    #[must_use]
    pub fn closes(self) -> bool {
        matches!(self, Sign::ParenClose | Sign::BracketClose | Sign::BraceClose)
    }
}

impl Tok<'_> {
    /// How a message names it: "`{`", "the number 5", "the end of the line".
    #[must_use]
    pub fn describe(self) -> String {
        match self {
            Tok::Break => "the end of the line".to_owned(),
            Tok::Ident(text) | Tok::Unit(text) => format!("`{}`", shortened(text)),
            Tok::Word(word) => format!("`{}`", word.text()),
            Tok::Number(value) => format!("the number {value}"),
            Tok::TextOpen => "a text".to_owned(),
            Tok::Letters(_) => "letters of a text".to_owned(),
            Tok::ValueOpen => "`{`".to_owned(),
            Tok::Format(_) => "a format".to_owned(),
            Tok::ValueClose => "`}`".to_owned(),
            Tok::TextClose => "the end of the text".to_owned(),
            Tok::Sign(sign) => format!("`{}`", sign.text()),
            Tok::Error => "something unreadable".to_owned(),
        }
    }

    /// Whether a value can begin with it.
    #[must_use]
    pub fn starts_value(self) -> bool {
        match self {
            Tok::Ident(_) | Tok::Number(_) | Tok::TextOpen | Tok::Error => true,
            Tok::Word(word) => word.starts_value(),
            Tok::Sign(sign) => matches!(sign, Sign::ParenOpen | Sign::BracketOpen | Sign::Minus),
            _ => false,
        }
    }
}

/// A name no longer than a message bears.
fn shortened(text: &str) -> String {
    const MOST: usize = 40;
    match text.char_indices().nth(MOST) {
        Some((cut, _)) => format!("{}...", text.get(..cut).unwrap_or(text)),
        None => text.to_owned(),
    }
}
