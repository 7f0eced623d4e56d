//! What stands between two pieces of one line: a space, or nothing.

use super::lines::Lines;
use super::piece::Piece;
use bouton_model::unit::table;
use bouton_syntax::ast::split_exponent;
use bouton_syntax::token::{Keyword, Sign, Tok};
use std::collections::HashSet;

/// Goes along the pieces and says of each whether a space stands before it.
pub(super) struct Flow<'a> {
    /// Tokens alone, each with its place among the pieces.
    tokens: Vec<Tok<'a>>,
    /// What the text declares or sets: no units, whatever they are called.
    names: HashSet<&'a str>,
    /// The next token.
    at: usize,
    pieces: &'a [Piece<'a>],
    /// Whether a space stands before the piece.
    pub spaced: bool,
    /// Whether no space stands before the piece as yet.
    joined: bool,
    /// What is known of the tokens before.
    known: Known,
    /// What is known behind the piece.
    next: Known,
}

/// What is known of the tokens before a piece.
#[derive(Clone, Copy)]
struct Known {
    /// What they are a part of.
    chain: Chain,
    /// Whether the last takes what follows without a space, as a sign before a number does.
    binds: bool,
    /// Whether a value ends with the last, so that `-` behind it is a difference and `(` a call.
    value: bool,
}

const NOTHING: Known = Known { chain: Chain::None, binds: false, value: false };

/// What a product may go on with that has no spaces: `0.1/ms/mV`, `uA/cm^2`, `Hz^(1/2)`.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Chain {
    /// Nothing.
    None,
    /// A place that takes a unit.
    Start,
    /// A number.
    Number,
    /// A unit.
    Unit,
    /// `^` behind a unit.
    Exponent,
    /// An exponent in parentheses.
    Fraction,
}

impl<'a> Flow<'a> {
    pub fn new(pieces: &'a [Piece<'a>]) -> Flow<'a> {
        let tokens: Vec<Tok> = pieces.iter().filter_map(Piece::token).collect();
        let names = names(&tokens);
        Flow { tokens, names, at: 0, pieces, spaced: false, joined: false, known: NOTHING, next: NOTHING }
    }

    /// Looks at a piece.
    pub fn meet(&mut self, piece: usize, lines: &Lines) {
        let Some(next) = self.pieces.get(piece).and_then(Piece::token) else {
            self.spaced = !matches!(self.before(1), Some(Tok::Sign(Sign::ParenOpen | Sign::BracketOpen)));
            return;
        };
        let last = piece.checked_sub(1).and_then(|at| self.pieces.get(at));
        let commented = last.is_some_and(|last| last.token().is_none());
        self.joined = last.map(|last| last.end) == self.pieces.get(piece).map(|piece| piece.start);
        let before = if lines.first { None } else { self.before(1) };
        let tight = !commented && self.is_tight(next, before);
        self.spaced = match before {
            _ if commented => true,
            None => true,
            Some(_) if self.known.binds => false,
            Some(before) => !tight && self.parted(before, next, lines),
        };
        let after_value = before.is_some() && self.known.value;
        let sign = next == Tok::Sign(Sign::Minus) && !after_value;
        let value = ends_value(next, before.is_some() && !after_value);
        self.next = Known { chain: self.chain_behind(next, tight), binds: tight || sign, value };
    }

    /// Goes on behind a piece.
    pub fn pass(&mut self, piece: usize) {
        if self.pieces.get(piece).and_then(Piece::token).is_some() {
            (self.at, self.known) = (self.at + 1, self.next);
        }
    }

    fn before(&self, back: usize) -> Option<Tok<'a>> {
        self.at.checked_sub(back).and_then(|at| self.tokens.get(at)).copied()
    }

    fn ahead(&self, ahead: usize) -> Option<Tok<'a>> {
        self.tokens.get(self.at + ahead).copied()
    }

    /// Whether an operator has no spaces around it.
    fn is_tight(&self, next: Tok, before: Option<Tok>) -> bool {
        let Tok::Sign(sign) = next else { return false };
        let simple = |token| matches!(token, Some(Tok::Ident(_) | Tok::Unit(_) | Tok::Number(_)));
        let called = matches!(self.ahead(2), Some(Tok::Sign(Sign::ParenOpen | Sign::BracketOpen | Sign::Dot | Sign::Prime)));
        match sign {
            Sign::Caret if self.known.chain == Chain::Unit => true,
            Sign::Caret => {
                let closes = matches!(before, Some(Tok::Sign(Sign::ParenClose | Sign::BracketClose)));
                (simple(before) || closes) && simple(self.ahead(1)) && !called
            }
            Sign::Slash if self.known.chain == Chain::Fraction => true,
            Sign::Slash if self.known.chain == Chain::Number && is_plain(self.ahead(1), self.ahead(2)) => true,
            Sign::Slash if self.known.chain == Chain::Number => self.at_unit() && (self.joined || !self.at_name()) && !called,
            Sign::Slash | Sign::Star if self.known.chain == Chain::Unit => self.at_unit() && !called,
            _ => false,
        }
    }

    /// Whether a unit's name follows the operator.
    fn at_unit(&self) -> bool {
        match self.ahead(1) {
            Some(Tok::Ident(text) | Tok::Unit(text)) => table::find(split_exponent(text).0).is_some(),
            _ => false,
        }
    }

    /// Whether the text declares what follows the operator. Then `1/s` is by a second or by that `s`: as its author wrote it.
    fn at_name(&self) -> bool {
        matches!(self.ahead(1), Some(Tok::Ident(text)) if self.names.contains(text))
    }

    fn chain_behind(&self, next: Tok, tight: bool) -> Chain {
        match (self.known.chain, next) {
            (Chain::Unit, Tok::Sign(Sign::Caret)) => Chain::Exponent,
            (Chain::Exponent, Tok::Number(_)) | (Chain::Fraction, Tok::Sign(Sign::ParenClose)) => Chain::Unit,
            (Chain::Exponent, Tok::Sign(Sign::Minus)) => Chain::Exponent,
            (Chain::Exponent, Tok::Sign(Sign::ParenOpen)) | (Chain::Fraction, _) => Chain::Fraction,
            (Chain::Start, Tok::Ident(_) | Tok::Word(_)) | (_, Tok::Unit(_)) => Chain::Unit,
            (_, Tok::Number(_)) => Chain::Number,
            (Chain::Number | Chain::Unit, Tok::Sign(Sign::Slash | Sign::Star)) if tight => Chain::Start,
            (_, Tok::Sign(Sign::Colon) | Tok::Word(Keyword::In | Keyword::Per)) => Chain::Start,
            _ => Chain::None,
        }
    }

    /// Whether a space stands between two tokens, of which neither is an operator without spaces.
    fn parted(&self, before: Tok, next: Tok, lines: &Lines) -> bool {
        use Sign::*;
        match (before, next) {
            (Tok::Number(_), Tok::Sign(Dot)) => true,
            (Tok::Sign(ParenOpen | BracketOpen | Dot), _)
            | (_, Tok::Sign(ParenClose | BracketClose | Dot | Comma | Colon | Prime)) => false,
            (_, Tok::Sign(ParenOpen)) if lines.in_reaction() => true,
            (_, Tok::Sign(ParenOpen | BracketOpen)) => !(self.known.value && takes_brackets(before)),
            _ => true,
        }
    }
}

/// What stands before `=`, `:` or `'`.
fn names<'a>(tokens: &[Tok<'a>]) -> HashSet<&'a str> {
    let pairs = tokens.windows(2).filter_map(|pair| match pair {
        [Tok::Ident(text), Tok::Sign(Sign::Assign | Sign::Colon | Sign::Prime)] => Some(*text),
        _ => None,
    });
    pairs.collect()
}

/// Whether a value ends with a token. A word that can be a name is one where a value is wanted: behind an operator, an opener, a word.
fn ends_value(token: Tok, wanted: bool) -> bool {
    match token {
        Tok::Word(Keyword::True | Keyword::False) => true,
        Tok::Word(word) => wanted && word.is_name(),
        Tok::Sign(sign) => sign.closes() || sign == Sign::Prime,
        _ => true,
    }
}

/// Whether `(` or `[` behind a value that ends so belongs to it.
fn takes_brackets(before: Tok) -> bool {
    match before {
        Tok::Ident(_) | Tok::Word(_) => true,
        Tok::Sign(sign) => matches!(sign, Sign::ParenClose | Sign::BracketClose),
        _ => false,
    }
}

/// Whether a number stands there that no unit follows.
fn is_plain(token: Option<Tok>, behind: Option<Tok>) -> bool {
    matches!(token, Some(Tok::Number(_))) && !matches!(behind, Some(Tok::Unit(_)))
}
