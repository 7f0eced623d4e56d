//! Populations, synapses, connections, stimuli and circuits.

use chumsky::prelude::*;

use super::block::{Kind, block};
use super::cell::count;
use super::common::*;
use super::input::*;
use super::skip::Separator;
use crate::ast::*;
use crate::diagnostic::{Code, Diagnostic};
use crate::span::Span;
use crate::token::{Keyword, Sign, Tok};

const CIRCUIT: Kind = Kind { separator: Separator::Line, outer: |word| AROUND_CIRCUIT.contains(&word) };

/// What begins a line around a circuit and never in it.
const AROUND_CIRCUIT: &[Keyword] = {
    use Keyword::*;
    &[
        Use, Import, Mechanism, Point, Cell, Simulation, Record, Run, Restart, Restore, Set, Print, Plot, Save, Assert, Apply,
        Sweep, Optimize,
    ]
};

/// `population E: PYR[800] in box(300 um, 1 mm, 300 um) { ... }`
pub(super) fn population<'src>(common: &Common<'src>) -> Rule<'src, Population> {
    word(Keyword::Population)
        .ignore_then(name("a name for the population"))
        .then_ignore(sign(Sign::Colon))
        .then(common.path.clone())
        .then(count(common))
        .then(clause(Keyword::In, common.operand.clone()))
        .then(common.attrs.clone())
        .map(|((((name, cell), size), layout), attrs)| Population { name, cell, size, layout, attrs })
        .boxed()
}

/// `synapse exc = Exp2Syn { }`, `synapse nmda: Exp2Syn at dend(0.5) { }`
pub(super) fn synapse<'src>(common: &Common<'src>) -> Rule<'src, Synapse> {
    let joint = rule(|input| {
        if take_sign(input, Sign::Colon).is_some() {
            return Ok(Joint::Colon);
        }
        if take_sign(input, Sign::Assign).is_none() {
            missing(input, Code::MissingPart, "`=`, or `:` in a cell");
        }
        Ok(Joint::Equals)
    });
    word(Keyword::Synapse)
        .ignore_then(name("a name for the synapse"))
        .then(joint)
        .then(common.path.clone())
        .then(clause(Keyword::At, common.operand.clone()))
        .then(common.attrs.clone())
        .map(|((((name, joint), mechanism), at), attrs)| Synapse { name, joint, mechanism, at, attrs })
        .boxed()
}

/// `connect SM: S -> M via exc at soma(0.5) { ... }`
pub(super) fn connect<'src>(common: &Common<'src>) -> Rule<'src, Connect> {
    let sets = comma_list(common.expr.clone());
    word(Keyword::Connect)
        .ignore_then(label())
        .then(sets.clone())
        .then_ignore(arrow())
        .then(sets)
        .then(header(common))
        .map(|(((label, sources), targets), header)| Connect { label, sources, targets, header })
        .boxed()
}

fn arrow<'src>() -> Rule<'src, ()> {
    rule(|input| {
        if let Some(Tok::Word(Keyword::To)) = peek(input) {
            let span = here(input);
            let diagnostic = Diagnostic::new(Code::UnexpectedText, span, "a connection is written with an arrow").fix(
                span,
                "->",
                "write `->`",
            );
            complain(input, diagnostic);
            input.skip();
            return Ok(());
        }
        expect_sign(input, Sign::Arrow);
        Ok(())
    })
}

/// `stimulate D: S, M with NetStim { rate = 10 Hz } via exc { ... }`
pub(super) fn stimulate<'src>(common: &Common<'src>) -> Rule<'src, Stimulate> {
    word(Keyword::Stimulate)
        .ignore_then(label())
        .then(comma_list(common.expr.clone()))
        .then_ignore(rule(|input| {
            expect_word(input, Keyword::With);
            Ok(())
        }))
        .then(common.expr.clone())
        .then(common.attrs.clone())
        .then(header(common))
        .map(|((((label, targets), source), source_attrs), header)| Stimulate { label, targets, source, source_attrs, header })
        .boxed()
}

/// The name before a colon, if there is one.
fn label<'src>() -> Rule<'src, Option<Name>> {
    rule(|input| {
        if look(input, 1) != Some(Tok::Sign(Sign::Colon)) {
            return Ok(None);
        }
        let name = expect_name(input, "a name for the connection");
        take_sign(input, Sign::Colon);
        Ok(Some(name).filter(|name| !name.is_missing()))
    })
}

/// The clauses behind a connection or a stimulus, and its braces.
fn header<'src>(common: &Common<'src>) -> Rule<'src, Header> {
    let Common { path, operand, attrs, .. } = common.clone();
    rule(move |input| {
        let mut header = Header::default();
        loop {
            let span = here(input);
            match peek(input) {
                Some(Tok::Word(Keyword::Via)) => {
                    once(input, span, header.via.is_some());
                    header.via = Some(input.parse(&path)?);
                }
                Some(Tok::Word(Keyword::From)) => {
                    once(input, span, header.from.is_some());
                    header.from = Some(input.parse(&operand)?);
                }
                Some(Tok::Word(Keyword::At)) => {
                    once(input, span, header.at.is_some());
                    header.at = Some(input.parse(&operand)?);
                }
                Some(Tok::Word(Keyword::Per)) => {
                    once(input, span, header.per_connection.is_some());
                    expect_word(input, Keyword::Connection);
                    header.per_connection = Some(span.to(behind(input)));
                }
                Some(Tok::Sign(Sign::BraceOpen)) if header.attrs.is_none() => header.attrs = input.parse(&attrs)?,
                _ => return Ok(header),
            }
        }
    })
}

/// Takes the word of a clause; reports it if the clause has been given before.
fn once(input: &mut Reader, span: Span, given: bool) {
    if let Some(Tok::Word(word)) = peek(input).filter(|_| given) {
        let message = format!("`{}` is given twice", word.text());
        complain(input, Diagnostic::new(Code::TwiceGiven, span, message).label("the second"));
    }
    input.skip();
}

/// `circuit JRC { ... }` or `circuit a: JRC { C = 120 }`
pub(super) fn circuit<'src>(common: &Common<'src>, line: Rule<'src, Item>) -> Rule<'src, ItemKind> {
    let Common { path, attrs, .. } = common.clone();
    let body = block(CIRCUIT, line);
    rule(move |input| {
        expect_word(input, Keyword::Circuit);
        let name = expect_name(input, "a name for the circuit");
        if take_sign(input, Sign::Colon).is_some() {
            let circuit = input.parse(&path)?;
            let attrs = input.parse(&attrs)?;
            return Ok(ItemKind::CircuitUse(CircuitUse { name, circuit, attrs }));
        }
        let body = input.parse(&body)?;
        Ok(ItemKind::Circuit(Circuit { name, body }))
    })
}
