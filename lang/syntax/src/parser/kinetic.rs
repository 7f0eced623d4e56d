//! Kinetic schemes: reactions and what is conserved.

use chumsky::prelude::*;

use super::block::{Bracketed, Kind, block, bracketed};
use super::common::*;
use super::input::*;
use super::skip::{Separator, unexpected, unknown_line};
use crate::ast::*;
use crate::diagnostic::{Code, Diagnostic};
use crate::token::{Keyword, Sign, Tok};

const SCHEME: Kind = Kind { separator: Separator::Line, outer: |word| OUTER.contains(&word) };

/// What begins a line around a scheme and never in it.
const OUTER: &[Keyword] = {
    use Keyword::*;
    &[
        Param, State, Input, Output, Let, Ion, Electrode, Current, Method, Table, On, Section, Insert, Fn, Mechanism, Point,
        Cell, Circuit, Population, Synapse, Connect, Stimulate, Simulation, Record, Sweep, Optimize, Run, Plot,
    ]
};

/// `kinetic { ... }`
pub(super) fn kinetic<'src>(common: &Common<'src>) -> Rule<'src, MemberKind> {
    let rows = vec![
        (Keyword::Conserve, conserve(common)),
        (
            Keyword::Compartment,
            species_list(common, Keyword::Compartment, |size, species| KineticKind::Compartment { size, species }),
        ),
        (
            Keyword::Diffusion,
            species_list(common, Keyword::Diffusion, |constant, species| KineticKind::Diffusion { constant, species }),
        ),
    ];
    let rates = bracketed(Sign::ParenOpen, common.expr.clone());
    let other = move |input: &mut Reader<'src, '_>, words: &[Keyword]| {
        let next = look(input, 1);
        let alone = matches!(next, None | Some(Tok::Break | Tok::Sign(Sign::BraceClose)));
        if alone && matches!(peek(input), Some(Tok::Word(Keyword::Steady))) {
            input.skip();
            return Ok(KineticKind::Steady);
        }
        let begins = matches!(peek(input), Some(Tok::Number(_) | Tok::Ident(_) | Tok::Word(_) | Tok::Sign(Sign::Arrow)))
            && !matches!(next, Some(Tok::Sign(Sign::Assign | Sign::Prime | Sign::BraceOpen)));
        if !begins || !has_arrow(input) {
            unknown_line(input, Separator::Line, "`kinetic`", words);
            return Ok(KineticKind::Error);
        }
        reaction(input, &rates)
    };
    let line = lines_of(rows, other, |_, kind, span| KineticLine { kind, span });
    word(Keyword::Kinetic).ignore_then(block(SCHEME, line)).map(MemberKind::Kinetic).boxed()
}

/// Whether an arrow stands on this line.
fn has_arrow(input: &mut Reader) -> bool {
    let mut at = 0;
    loop {
        match look(input, at) {
            None | Some(Tok::Break | Tok::Sign(Sign::BraceClose | Sign::BraceOpen)) => return false,
            Some(Tok::Sign(Sign::Arrow | Sign::Exchange)) => return true,
            Some(_) => at += 1,
        }
    }
}

/// `2 A + B <-> C (k1, k2)`; of `->` one side may be missing: `-> ca (flux)` is a source, `ca -> (k)` a loss.
fn reaction<'src>(input: &mut Reader<'src, '_>, rates: &Rule<'src, Bracketed<Expr>>) -> Result<KineticKind, Problem> {
    let left = if at_sign(input, Sign::Arrow) { Vec::new() } else { side(input) };
    let both = match peek(input) {
        Some(Tok::Sign(Sign::Exchange)) => true,
        Some(Tok::Sign(Sign::Arrow)) => false,
        _ => {
            let diagnostic = unexpected(input, "`+`, `->` or `<->`");
            complain(input, diagnostic);
            return Ok(KineticKind::Error);
        }
    };
    input.skip();
    let lost = !both && !left.is_empty() && at_sign(input, Sign::ParenOpen);
    let right = if lost { Vec::new() } else { side(input) };
    if !at_sign(input, Sign::ParenOpen) {
        let what = if both { "the two rates in parentheses" } else { "the rate in parentheses" };
        missing(input, Code::MissingPart, what);
        let error = Expr { kind: ExprKind::Error, span: behind(input) };
        return Ok(KineticKind::Reaction { left, right, backward: both.then(|| error.clone()), forward: error });
    }
    let Bracketed { items, span, .. } = input.parse(rates)?;
    let wanted = if both { 2 } else { 1 };
    if items.len() != wanted {
        let message = if both { "`<->` has two rates: forward and back" } else { "`->` has one rate" };
        complain(input, Diagnostic::new(Code::MissingPart, span, message));
    }
    let mut rates = items.into_iter();
    let mut rate = || rates.next().unwrap_or(Expr { kind: ExprKind::Error, span });
    let forward = rate();
    let backward = both.then(rate);
    Ok(KineticKind::Reaction { left, right, forward, backward })
}

/// `2 A + B`
fn side(input: &mut Reader) -> Vec<Species> {
    let mut all = vec![species(input)];
    while take_sign(input, Sign::Plus).is_some() {
        all.push(species(input));
    }
    all
}

fn species(input: &mut Reader) -> Species {
    let start = index(input);
    let count = match peek(input) {
        Some(Tok::Number(count)) => {
            input.skip();
            count
        }
        _ => 1.0,
    };
    let name = expect_name(input, "a state");
    Species { count, name, span: since(input, start) }
}

/// `conserve C + O = 1`
fn conserve<'src>(common: &Common<'src>) -> Rule<'src, KineticKind> {
    let expr = common.expr.clone();
    rule(move |input| {
        expect_word(input, Keyword::Conserve);
        let sum = side(input);
        let has_value = takes_value(input, true);
        let total = if has_value { input.parse(&expr)? } else { Expr { kind: ExprKind::Error, span: behind(input) } };
        Ok(KineticKind::Conserve { sum, total })
    })
}

/// `compartment volume { ca, buffer }`
fn species_list<'src>(common: &Common<'src>, key: Keyword, make: fn(Expr, Vec<Name>) -> KineticKind) -> Rule<'src, KineticKind> {
    let kind = Kind { separator: Separator::Comma, outer: |word| OUTER.contains(&word) };
    let species = rule(|input| {
        let name = expect_name(input, "a state");
        Ok(name)
    });
    word(key)
        .ignore_then(common.expr.clone())
        .then(block(kind, species))
        .map(move |(value, species)| make(value, species.items))
        .boxed()
}
