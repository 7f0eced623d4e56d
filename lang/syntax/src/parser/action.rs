//! The steps of handlers and functions.

use chumsky::prelude::*;

use super::block::{Kind, block};
use super::common::*;
use super::input::*;
use super::skip::{Separator, unknown_line};
use crate::ast::*;
use crate::diagnostic::Code;
use crate::token::{Keyword, Sign, Tok};

const STEPS: Kind = Kind { separator: Separator::Line, outer: |word| OUTER.contains(&word) };

/// What begins a line around a handler or a function and never in it.
const OUTER: &[Keyword] = {
    use Keyword::*;
    &[
        Param, State, Input, Output, Ion, Electrode, Current, Method, Kinetic, Table, On, Section, Insert, Fn, Mechanism, Point,
        Cell, Circuit, Population, Synapse, Connect, Stimulate, Simulation, Record, Sweep, Optimize, Run, Plot, Import, Use,
    ]
};

/// `{ ... }` of a handler or a function.
pub(super) fn steps<'src>(common: &Common<'src>) -> Rule<'src, Block<Action>> {
    let common = common.clone();
    recursive(move |steps| {
        let steps = steps.boxed();
        let rows = vec![
            (Keyword::Let, word(Keyword::Let).ignore_then(common.definitions.clone()).map(ActionKind::Let).boxed()),
            (Keyword::Spike, spike(&common)),
            (Keyword::After, send(&common)),
            (Keyword::If, condition(&common, steps.clone())),
            (Keyword::For, each_connection(steps)),
            (Keyword::Return, word(Keyword::Return).ignore_then(common.expr.clone()).map(ActionKind::Return).boxed()),
        ];
        let assign = assign(&common);
        let other = move |input: &mut Reader<'src, '_>, words: &[Keyword]| {
            if !assigns(input) {
                unknown_line(input, Separator::Line, "a handler or a function", words);
                return Ok(ActionKind::Error);
            }
            input.parse(&assign).map(ActionKind::Assign)
        };
        block(STEPS, lines_of(rows, other, |_, kind, span| Action { kind, span }))
    })
    .boxed()
}

/// `spike`, `spike n`
fn spike<'src>(common: &Common<'src>) -> Rule<'src, ActionKind> {
    let expr = common.expr.clone();
    rule(move |input| {
        expect_word(input, Keyword::Spike);
        let counted = at_value(input);
        Ok(ActionKind::Spike(if counted { Some(input.parse(&expr)?) } else { None }))
    })
}

/// `after 2 ms send refractory`, `after 2 ms move next`
fn send<'src>(common: &Common<'src>) -> Rule<'src, ActionKind> {
    word(Keyword::After)
        .ignore_then(common.expr.clone())
        .then(rule(|input| {
            let moves = take_word(input, Keyword::Move).is_some();
            if !moves {
                expect_word(input, Keyword::Send);
            }
            Ok(moves)
        }))
        .then(name("the name of an event"))
        .map(|((after, moves), event)| ActionKind::Send { after, moves, event })
        .boxed()
}

fn condition<'src>(common: &Common<'src>, steps: Rule<'src, Block<Action>>) -> Rule<'src, ActionKind> {
    fn action((condition, then, otherwise): Branches<Action>) -> ActionKind {
        ActionKind::If(IfAction { condition, then, otherwise })
    }
    branches(common.expr.clone(), steps, |inner, span| Action { kind: action(inner), span }).map(action).boxed()
}

/// `for each connection { ... }`
fn each_connection<'src>(steps: Rule<'src, Block<Action>>) -> Rule<'src, ActionKind> {
    word(Keyword::For)
        .ignore_then(rule(|input| {
            if take_word(input, Keyword::Each).is_none() {
                let diagnostic = missing_here(input, Code::MissingPart, "`each connection`")
                    .help("a handler goes over the connections that reach it, over nothing else");
                complain(input, diagnostic);
                while !matches!(peek(input), None | Some(Tok::Break | Tok::Sign(Sign::BraceOpen | Sign::BraceClose))) {
                    input.skip();
                }
                return Ok(());
            }
            expect_word(input, Keyword::Connection);
            Ok(())
        }))
        .ignore_then(steps)
        .map(ActionKind::ForEachConnection)
        .boxed()
}

/// `target = value`, `target += value`, ...
pub(super) fn assign<'src>(common: &Common<'src>) -> Rule<'src, Assign> {
    let Common { operand, expr, .. } = common.clone();
    rule(move |input| {
        let start = index(input);
        let target = input.parse(&operand)?;
        let op = assign_op(input);
        let value = match op {
            Some(_) => input.parse(&expr)?,
            None => Expr { kind: ExprKind::Error, span: behind(input) },
        };
        Ok(Assign { target, op: op.unwrap_or(AssignOp::Set), value, span: since(input, start) })
    })
}

fn assign_op(input: &mut Reader) -> Option<AssignOp> {
    let op = match peek(input) {
        Some(Tok::Sign(Sign::AddAssign)) => AssignOp::Add,
        Some(Tok::Sign(Sign::SubAssign)) => AssignOp::Sub,
        Some(Tok::Sign(Sign::MulAssign)) => AssignOp::Mul,
        Some(Tok::Sign(Sign::DivAssign)) => AssignOp::Div,
        _ => return takes_value(input, true).then_some(AssignOp::Set),
    };
    input.skip();
    Some(op)
}

/// Whether the line is an assignment, or was meant as one: a name, and not two in a row.
pub(super) fn assigns(input: &mut Reader) -> bool {
    starts_name(input)
        && match look(input, 1) {
            None | Some(Tok::Ident(_) | Tok::Number(_) | Tok::TextOpen | Tok::Word(_)) => false,
            Some(Tok::Sign(sign)) => !matches!(sign, Sign::BraceOpen | Sign::Colon | Sign::Prime | Sign::Comma),
            Some(_) => true,
        }
}
