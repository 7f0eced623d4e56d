//! Tokens of hoc become its tree. A statement that cannot be read is an error where it would be executed, and what follows its line is read.

mod expr;
mod statement;

use super::token::{Tok, Token, tokens};
use super::tree::{File, Name, Stmt, StmtKind};
use bouton_syntax::span::FileId;
use bouton_syntax::{Diagnostics, Span};
use std::collections::HashSet;

/// How deep brackets and statements may nest.
const MOST_DEEP: usize = 80;

/// Reads a text.
pub fn parse(text: &str, file: FileId, sink: &mut Diagnostics) -> File {
    let tokens = tokens(text, file, sink);
    let mut parser = Parser { tokens, at: 0, depth: 0, brackets: 0, assigned: vec![HashSet::new()] };
    let mut body = Vec::new();
    while !parser.is(&Tok::End) {
        body.push(parser.recovering());
    }
    let assigned = parser.assigned.pop().unwrap_or_default();
    File { body, assigned: sorted(assigned) }
}

fn sorted(names: HashSet<Name>) -> Vec<Name> {
    let mut all: Vec<Name> = names.into_iter().collect();
    all.sort_unstable();
    all
}

/// Why a statement cannot be read, and where.
struct Unreadable(Span, String);

type Read<T> = Result<T, Unreadable>;

struct Parser {
    tokens: Vec<Token>,
    at: usize,
    depth: usize,
    /// Open brackets in an expression, inside which lines do not end.
    brackets: usize,
    /// Names that are assigned to: of the file, and of the template that is being read.
    assigned: Vec<HashSet<Name>>,
}

impl Parser {
    fn token(&self) -> &Token {
        // There is always an `End`, which is never passed.
        &self.tokens[self.at.min(self.tokens.len() - 1)]
    }

    fn peek(&self, ahead: usize) -> &Token {
        &self.tokens[(self.at + ahead).min(self.tokens.len() - 1)]
    }

    fn is(&self, kind: &Tok) -> bool {
        self.token().kind == *kind
    }

    fn is_sign(&self, sign: &str) -> bool {
        matches!(self.token().kind, Tok::Sign(other) if other == sign)
    }

    /// A sign that goes on with what stands before it, on the same line.
    fn continues(&self, sign: &str) -> bool {
        self.is_sign(sign) && !self.ends()
    }

    /// Whether the statement ends before the next token.
    fn ends(&self) -> bool {
        self.is(&Tok::End) || self.token().first && self.brackets == 0
    }

    fn is_word(&self, word: &str) -> bool {
        matches!(&self.token().kind, Tok::Name(name) if &**name == word)
    }

    fn step(&mut self) -> Token {
        let token = self.token().clone();
        if token.kind != Tok::End {
            self.at += 1;
        }
        token
    }

    fn take_sign(&mut self, sign: &str) -> bool {
        let found = self.is_sign(sign);
        if found {
            self.at += 1;
        }
        found
    }

    fn take_word(&mut self, word: &str) -> bool {
        let found = self.is_word(word);
        if found {
            self.at += 1;
        }
        found
    }

    fn expect_sign(&mut self, sign: &str) -> Read<()> {
        if self.take_sign(sign) { Ok(()) } else { self.unreadable(format!("expected `{sign}`")) }
    }

    fn name(&mut self) -> Read<Name> {
        match &self.token().kind {
            Tok::Name(name) => {
                let name = name.clone();
                self.at += 1;
                Ok(name)
            }
            _ => self.unreadable("expected a name".to_owned()),
        }
    }

    fn unreadable<T>(&self, message: String) -> Read<T> {
        Err(Unreadable(self.token().span, message))
    }

    /// One level deeper, as far as that goes.
    fn deeper<T>(&mut self, read: impl FnOnce(&mut Parser) -> Read<T>) -> Read<T> {
        if self.depth >= MOST_DEEP {
            return self.unreadable(format!("nested more than {MOST_DEEP} deep"));
        }
        self.depth += 1;
        let found = read(self);
        self.depth -= 1;
        found
    }

    fn since(&self, start: Span) -> Span {
        let last = self.tokens.get(self.at.saturating_sub(1)).map_or(start, |token| token.span);
        start.to(last)
    }

    /// A statement; where there is none to be read, the rest of its line is passed over.
    fn recovering(&mut self) -> Stmt {
        let (from, start) = (self.at, self.token().span);
        let brackets = std::mem::take(&mut self.brackets);
        match self.statement() {
            Ok(stmt) => {
                self.brackets = brackets;
                stmt
            }
            Err(Unreadable(span, why)) => {
                self.brackets = 0;
                if self.at == from {
                    self.step();
                }
                while !self.token().first && !self.is_sign("}") && !self.is(&Tok::End) {
                    self.step();
                }
                self.brackets = brackets;
                let _ = start;
                Stmt { kind: StmtKind::Error(why.into()), span }
            }
        }
    }
}
