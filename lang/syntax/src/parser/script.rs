//! Statements: what a script executes.

use chumsky::prelude::*;

use super::block::{Kind, block};
use super::common::*;
use super::input::*;
use super::skip::{Separator, unknown_line};
use crate::ast::*;
use crate::diagnostic::Code;
use crate::token::{Keyword, Sign, Tok};

type Rows<'src> = Vec<(Keyword, Rule<'src, StmtKind>)>;

const BODY: Kind = Kind { separator: Separator::Comma, outer: |word| OUTER.contains(&word) };

/// What begins a line around a sweep and never in it.
const OUTER: &[Keyword] = {
    use Keyword::*;
    &[
        Use, Import, Mechanism, Point, Cell, Circuit, Population, Synapse, Connect, Stimulate, Simulation, Record, Param, Sweep,
        Optimize, Continue,
    ]
};

/// Statements of the script itself, by their first words.
pub(super) fn statement_rows<'src>(common: &Common<'src>) -> Rows<'src> {
    rows(common, body(common))
}

/// `{ ... }` of `sweep`, `optimize`, `for` and `if`.
fn body<'src>(common: &Common<'src>) -> Rule<'src, Block<Stmt>> {
    let common = common.clone();
    recursive(move |body| {
        let mut rows = rows(&common, body.boxed());
        rows.extend(study_rows(&common));
        let attr = common.attr.clone();
        let other = move |input: &mut Reader<'src, '_>, words: &[Keyword]| {
            if starts_name(input) && matches!(look(input, 1), Some(Tok::Sign(Sign::Assign | Sign::Equal | Sign::Dot))) {
                return input.parse(&attr).map(StmtKind::Attr);
            }
            unknown_line(input, Separator::Comma, "these braces", words);
            Ok(StmtKind::Error)
        };
        block(BODY, lines_of(rows, other, |_, kind, span| Stmt { kind, span }))
    })
    .boxed()
}

fn rows<'src>(common: &Common<'src>, body: Rule<'src, Block<Stmt>>) -> Rows<'src> {
    let Common { expr, operand, .. } = common.clone();
    vec![
        (Keyword::Run, run(common)),
        (Keyword::Restart, word(Keyword::Restart).map(|_| StmtKind::Restart).boxed()),
        (Keyword::Restore, word(Keyword::Restore).ignore_then(common.text.clone()).map(StmtKind::Restore).boxed()),
        (Keyword::Set, word(Keyword::Set).ignore_then(comma_list(common.attr.clone())).map(StmtKind::Set).boxed()),
        (Keyword::Let, word(Keyword::Let).ignore_then(common.definitions.clone()).map(StmtKind::Let).boxed()),
        (Keyword::Print, word(Keyword::Print).ignore_then(comma_list(expr.clone())).map(StmtKind::Print).boxed()),
        (Keyword::Plot, show(common, Keyword::Plot, StmtKind::Plot)),
        (Keyword::Save, show(common, Keyword::Save, StmtKind::Save)),
        (Keyword::Assert, assertion(common)),
        (Keyword::Apply, word(Keyword::Apply).ignore_then(operand).map(StmtKind::Apply).boxed()),
        (Keyword::Steady, steady(body.clone())),
        (Keyword::Continue, study(Keyword::Continue, body.clone(), StmtKind::Continue)),
        (Keyword::Sweep, study(Keyword::Sweep, body.clone(), StmtKind::Sweep)),
        (Keyword::Optimize, study(Keyword::Optimize, body.clone(), StmtKind::Optimize)),
        (Keyword::For, for_each(common, body.clone())),
        (Keyword::If, condition(expr, body)),
    ]
}

/// What stands in `sweep` and `optimize` beside other statements.
fn study_rows<'src>(common: &Common<'src>) -> Rows<'src> {
    let evolve = word(Keyword::Evolve)
        .ignore_then(name("the name of a method"))
        .then(common.attrs.clone())
        .map(|(method, attrs)| StmtKind::Evolve(Evolve { method, attrs }));
    vec![
        (Keyword::Vary, vary(common)),
        (Keyword::Report, word(Keyword::Report).ignore_then(comma_list(report(common))).map(StmtKind::Report).boxed()),
        (Keyword::Minimize, aim(common, Keyword::Minimize, Aim::Minimize)),
        (Keyword::Maximize, aim(common, Keyword::Maximize, Aim::Maximize)),
        (Keyword::Constrain, aim(common, Keyword::Constrain, Aim::Constrain)),
        (Keyword::Evolve, evolve.boxed()),
    ]
}

/// `minimize x`, `maximize x`, `constrain x < 1`
fn aim<'src>(common: &Common<'src>, key: Keyword, aim: Aim) -> Rule<'src, StmtKind> {
    word(key).ignore_then(common.expr.clone()).map(move |value| StmtKind::Aim(aim, value)).boxed()
}

/// `run`, `run 200 ms`
fn run<'src>(common: &Common<'src>) -> Rule<'src, StmtKind> {
    let expr = common.expr.clone();
    rule(move |input| {
        expect_word(input, Keyword::Run);
        let duration = at_value(input);
        Ok(StmtKind::Run(if duration { Some(input.parse(&expr)?) } else { None }))
    })
}

/// `plot X, Y "file.svg" { options }`
fn show<'src>(common: &Common<'src>, key: Keyword, make: fn(Show) -> StmtKind) -> Rule<'src, StmtKind> {
    word(key)
        .ignore_then(comma_list(common.expr.clone()))
        .then(common.text.clone().or_not())
        .then(common.attrs.clone())
        .map(move |((subjects, file), options)| make(Show { subjects, file, options }))
        .boxed()
}

/// `assert rate(M) > 5 Hz, "M is silent"`
fn assertion<'src>(common: &Common<'src>) -> Rule<'src, StmtKind> {
    let Common { expr, text, .. } = common.clone();
    rule(move |input| {
        expect_word(input, Keyword::Assert);
        let condition = input.parse(&expr)?;
        let message = match take_sign(input, Sign::Comma) {
            Some(_) if peek(input) == Some(Tok::TextOpen) => Some(input.parse(&text)?),
            Some(_) => {
                missing(input, Code::MissingPart, "a text that says what is wrong");
                None
            }
            None => None,
        };
        Ok(StmtKind::Assert { condition, message })
    })
}

/// `sweep drive { ... }`
fn study<'src>(key: Keyword, body: Rule<'src, Block<Stmt>>, make: fn(Study) -> StmtKind) -> Rule<'src, StmtKind> {
    word(key).ignore_then(name("a name for the result")).then(body).map(move |(name, body)| make(Study { name, body })).boxed()
}

/// `steady state rest`, `steady state rest { p.r = 1 }`
fn steady<'src>(body: Rule<'src, Block<Stmt>>) -> Rule<'src, StmtKind> {
    rule(move |input| {
        expect_word(input, Keyword::Steady);
        expect_word(input, Keyword::State);
        let name = expect_name(input, "a name for the result");
        let body = match peek(input) == Some(Tok::Sign(Sign::BraceOpen)) {
            true => input.parse(&body)?,
            false => Block { items: Vec::new(), span: name.span },
        };
        Ok(StmtKind::Steady(Study { name, body }))
    })
}

/// `vary w in 0.001 uS .. 0.1 uS steps 20 log`
fn vary<'src>(common: &Common<'src>) -> Rule<'src, StmtKind> {
    let Common { operand, expr, .. } = common.clone();
    rule(move |input| {
        expect_word(input, Keyword::Vary);
        let knob = input.parse(&operand)?;
        expect_word(input, Keyword::In);
        let values = input.parse(&expr)?;
        let integer = take_word(input, Keyword::Integer).is_some();
        Ok(StmtKind::Vary(Vary { knob, values, integer }))
    })
}

/// `m = rate(M)` or `x`
fn report<'src>(common: &Common<'src>) -> Rule<'src, Report> {
    let expr = common.expr.clone();
    rule(move |input| {
        let start = index(input);
        let named = look(input, 1) == Some(Tok::Sign(Sign::Assign));
        let name = if named { Some(expect_name(input, "a name for the column")) } else { None };
        if named {
            take_sign(input, Sign::Assign);
        }
        let value = input.parse(&expr)?;
        Ok(Report { name, value, span: since(input, start) })
    })
}

/// `for x in LIST { ... }`
fn for_each<'src>(common: &Common<'src>, body: Rule<'src, Block<Stmt>>) -> Rule<'src, StmtKind> {
    word(Keyword::For)
        .ignore_then(name("a variable"))
        .then_ignore(rule(|input| {
            expect_word(input, Keyword::In);
            Ok(())
        }))
        .then(common.expr.clone())
        .then(body)
        .map(|((variable, values), body)| StmtKind::For(For { variable, values, body }))
        .boxed()
}

fn condition<'src>(expr: Rule<'src, Expr>, body: Rule<'src, Block<Stmt>>) -> Rule<'src, StmtKind> {
    fn statement((condition, then, otherwise): Branches<Stmt>) -> StmtKind {
        StmtKind::If(If { condition, then, otherwise })
    }
    branches(expr, body, |inner, span| Stmt { kind: statement(inner), span }).map(statement).boxed()
}
