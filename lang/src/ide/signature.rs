//! The call that the cursor stands in.

use super::Document;
use crate::check::draws;
use bouton_model::builtin;
use bouton_syntax::Diagnostics;
use bouton_syntax::lexer::lex;
use bouton_syntax::token::{Sign, Tok};

/// A function with its parameters, and which of them is being written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature {
    /// `linoid(x, k)`
    pub label: String,
    /// The parameters as they stand in the label.
    pub params: Vec<String>,
    /// Which one, from 0.
    pub active: usize,
    /// What the function does.
    pub doc: String,
}

impl Document {
    /// The innermost call around a place.
    #[must_use]
    pub fn signature(&self, offset: u32) -> Option<Signature> {
        let mut silent = Diagnostics::new();
        let tokens = lex(self.source(), self.file, &mut silent).tokens;
        let before = tokens.iter().rev().skip_while(|token| token.span.end > offset);
        let (mut depth, mut active) = (0usize, 0);
        let mut rest = before.peekable();
        while let Some(token) = rest.next() {
            match token.kind {
                Tok::Sign(sign) if sign.closes() => depth += 1,
                Tok::Sign(Sign::ParenOpen) if depth == 0 => {
                    let name = rest.peek()?;
                    let known = match name.kind {
                        Tok::Ident(text) => self.of_function(text, name.span.start),
                        Tok::Word(word) => self.of_function(word.text(), name.span.start),
                        _ => None,
                    };
                    // `soma(0.5)` is a place and no call, `(a, b)` a list.
                    return known.map(|known| Signature { active, ..known });
                }
                Tok::Sign(sign) if sign.opens() => depth = depth.checked_sub(1)?,
                Tok::Sign(Sign::Comma) if depth == 0 => active += 1,
                Tok::Break if depth == 0 => return None,
                _ => {}
            }
        }
        None
    }

    fn of_function(&self, name: &str, at: u32) -> Option<Signature> {
        let own = self.at(at).map(|found| found.symbol).or_else(|| self.table.top.get(name).copied());
        if let Some(symbol) = own.and_then(|id| self.table.get(id)).filter(|one| one.kind == super::Kind::Function) {
            let params: Vec<String> = symbol.params.iter().map(|one| one.to_string()).collect();
            let doc = symbol.doc.as_deref().unwrap_or_default().to_owned();
            return Some(Signature { label: format!("{name}({})", params.join(", ")), params, active: 0, doc });
        }
        if let Some((_, params)) = draws().find(|(draw, _)| *draw == name) {
            let params: Vec<String> = params.iter().map(|one| (*one).to_owned()).collect();
            return Some(Signature {
                label: format!("{name}({})", params.join(", ")),
                params,
                active: 0,
                doc: "a random draw".to_owned(),
            });
        }
        let row = builtin::FUNCTIONS.iter().find(|row| row.name == name)?;
        let list = arguments(row.arity);
        let params = list.split(", ").map(str::to_owned).collect();
        Some(Signature { label: format!("{name}({list})"), params, active: 0, doc: row.doc.to_owned() })
    }
}

/// The parameters of a function with so many arguments.
pub(super) fn arguments((least, most): (usize, usize)) -> String {
    const NAMES: [&str; 4] = ["x", "y", "z", "w"];
    let mut all: Vec<&str> = NAMES.into_iter().take(least).collect();
    if most > least {
        all.push("...");
    }
    all.join(", ")
}
