//! The patterns of tokens for logos. Texts and block comments are read by hand from their first sign on.

use logos::Logos;

use crate::token::Sign;

/// A token before anything is known of its surroundings.
#[derive(Logos, Clone, Copy, Debug, PartialEq)]
// A byte order mark and no-break spaces come in with pasted text and mean nothing.
#[logos(skip r"[ \t\r\f\u{A0}\u{202F}\u{2009}\u{FEFF}]+")]
pub(super) enum Raw {
    #[token("\n")]
    Newline,
    #[token(";")]
    Semicolon,
    // `////` and more is a line of a drawing, not documentation.
    #[regex(r"//[^\n]*", priority = 2, allow_greedy = true)]
    LineComment,
    #[regex(r"///([^/\n][^\n]*)?", priority = 10, allow_greedy = true)]
    DocComment,
    #[token("/*")]
    CommentOpen,
    #[token("\"")]
    Quote,
    #[regex(r"[A-Za-z_][A-Za-z0-9_]*")]
    Ident,
    #[regex(r"[0-9][0-9_]*(\.[0-9][0-9_]*)?([eE][+-]?[0-9][0-9_]*)?")]
    Number,
    #[regex(r"[0-9][0-9_]*\.[0-9][0-9_]*(\.[0-9][0-9_]*)+")]
    BadNumber,
    // Of other languages; told apart from two products.
    #[token("**")]
    Power,
    #[token("(", |_| Sign::ParenOpen)]
    #[token(")", |_| Sign::ParenClose)]
    #[token("[", |_| Sign::BracketOpen)]
    #[token("]", |_| Sign::BracketClose)]
    #[token("{", |_| Sign::BraceOpen)]
    #[token("}", |_| Sign::BraceClose)]
    #[token(",", |_| Sign::Comma)]
    #[token(":", |_| Sign::Colon)]
    #[token(".", |_| Sign::Dot)]
    #[token("..", |_| Sign::Range)]
    #[token("'", |_| Sign::Prime)]
    #[token("=", |_| Sign::Assign)]
    #[token("+=", |_| Sign::AddAssign)]
    #[token("-=", |_| Sign::SubAssign)]
    #[token("*=", |_| Sign::MulAssign)]
    #[token("/=", |_| Sign::DivAssign)]
    #[token("==", |_| Sign::Equal)]
    #[token("!=", |_| Sign::NotEqual)]
    #[token("<", |_| Sign::Less)]
    #[token("<=", |_| Sign::LessEqual)]
    #[token(">", |_| Sign::Greater)]
    #[token(">=", |_| Sign::GreaterEqual)]
    #[token("+", |_| Sign::Plus)]
    #[token("-", |_| Sign::Minus)]
    #[token("*", |_| Sign::Star)]
    #[token("/", |_| Sign::Slash)]
    #[token("^", |_| Sign::Caret)]
    #[token("->", |_| Sign::Arrow)]
    #[token("<->", |_| Sign::Exchange)]
    Sign(Sign),
}
