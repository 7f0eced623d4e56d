//! How deeply a text may nest, checked on its tokens so that no later stage can run out of stack. Reads no grammar.

use super::Tokens;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::token::{Keyword, Sign, Tok};

/// The most brackets, braces and texts inside each other.
pub const MOST_NESTED: usize = 200;

/// The most operators, counted along the way from the outermost bracket to the innermost: the depth of the tree.
pub const MOST_OPERATORS: usize = 1000;

/// The tokens, or none and a message if they nest too deeply.
pub(super) fn check<'src>(tokens: Tokens<'src>, found: &mut Diagnostics) -> Tokens<'src> {
    let Some((at, message, help)) = too_deep(&tokens) else { return tokens };
    found.push(Diagnostic::new(Code::TooDeep, at, message).help(help));
    Tokens { tokens: Vec::new(), docs: Vec::new(), open_braces: 0, lone_braces: 0, ..tokens }
}

fn too_deep(tokens: &Tokens) -> Option<(crate::span::Span, String, &'static str)> {
    // One counter of operators for each open bracket; their sum is the depth of the tree at this point.
    let mut levels: Vec<usize> = vec![0];
    let mut depth = 0usize;
    for token in &tokens.tokens {
        match weight(token.kind) {
            Weight::Open => levels.push(0),
            Weight::Close => {
                if levels.len() > 1 {
                    depth -= levels.pop().unwrap_or(0);
                }
                // What is closed can be called, indexed or have parts: `f(1)(2)(3)`.
                count(&mut levels, &mut depth);
            }
            Weight::End => {
                if let Some(last) = levels.last_mut() {
                    depth -= std::mem::take(last);
                }
            }
            Weight::Operator => count(&mut levels, &mut depth),
            Weight::None => {}
        }
        if levels.len() > MOST_NESTED {
            let message = format!("brackets are nested more than {MOST_NESTED} deep");
            return Some((token.span, message, "give the inner parts names with `let`"));
        }
        if depth > MOST_OPERATORS {
            let message = format!("an expression has more than {MOST_OPERATORS} operators");
            return Some((token.span, message, "give parts of it names with `let`, or use `sum([...])`"));
        }
    }
    None
}

fn count(levels: &mut [usize], depth: &mut usize) {
    if let Some(last) = levels.last_mut() {
        *last += 1;
        *depth += 1;
    }
}

enum Weight {
    Open,
    Close,
    End,
    Operator,
    None,
}

fn weight(kind: Tok) -> Weight {
    match kind {
        Tok::Break => Weight::End,
        Tok::TextOpen | Tok::ValueOpen => Weight::Open,
        Tok::TextClose | Tok::ValueClose => Weight::Close,
        Tok::Sign(sign) if sign.opens() => Weight::Open,
        Tok::Sign(sign) if sign.closes() => Weight::Close,
        Tok::Sign(Sign::Comma) => Weight::End,
        Tok::Sign(_) => Weight::Operator,
        Tok::Word(word) => word_weight(word),
        _ => Weight::None,
    }
}

fn word_weight(word: Keyword) -> Weight {
    use Keyword::*;
    match word {
        // `else if` nests a tree as an operator does, though its braces close.
        And | Or | Not | In | If | Else | After | Before | Where | By | Steps | Log => Weight::Operator,
        _ => Weight::None,
    }
}
