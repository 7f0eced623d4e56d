//! Mechanisms, and the lines that cells share with them.

use chumsky::prelude::*;

use super::action::{assign, assigns, steps};
use super::block::{Kind, block};
use super::common::*;
use super::input::*;
use super::kinetic::kinetic;
use super::skip::{Separator, unknown_line};
use crate::ast::*;
use crate::diagnostic::{Code, Diagnostic};
use crate::token::{Keyword, Sign, Tok};

pub(super) type Rows<'src> = Vec<(Keyword, Rule<'src, MemberKind>)>;

const MECHANISM: Kind = Kind { separator: Separator::Line, outer: |word| OUTER.contains(&word) };

/// What begins a line around a mechanism or a cell and never in it.
pub(super) const OUTER: &[Keyword] = {
    use Keyword::*;
    &[
        Use, Import, Mechanism, Point, Cell, Circuit, Population, Connect, Stimulate, Simulation, Record, Run, Restart, Restore,
        Set, Print, Plot, Save, Assert, Apply, Sweep, Optimize,
    ]
};

/// `mechanism kv { }`, `point mechanism stdp { }`.
pub(super) fn mechanism<'src>(common: &Common<'src>) -> Rule<'src, Mechanism> {
    let head = head(common);
    let body = block(MECHANISM, members(common, member_rows(common), "a mechanism"));
    rule(move |input| {
        let point = take_word(input, Keyword::Point).is_some();
        expect_word(input, Keyword::Mechanism);
        let name = expect_name(input, "a name for the mechanism");
        let (per, base) = input.parse(&head)?;
        let body = input.parse(&body)?;
        Ok(Mechanism { name, point, per, base, body })
    })
}

/// `per s` and `extends a`, in either order.
pub(super) fn head<'src>(common: &Common<'src>) -> Rule<'src, (Option<UnitExpr>, Option<Path>)> {
    let Common { unit, path, .. } = common.clone();
    rule(move |input| {
        let (mut per, mut base) = (None, None);
        loop {
            if take_word(input, Keyword::Per).is_some() {
                per = Some(input.parse(&unit)?);
            } else if take_word(input, Keyword::Extends).is_some() {
                base = Some(input.parse(&path)?);
            } else {
                return Ok((per, base));
            }
        }
    })
}

/// Lines of a mechanism or a cell.
pub(super) fn members<'src>(common: &Common<'src>, rows: Rows<'src>, place: &'static str) -> Rule<'src, Member> {
    let assign = assign(common);
    let expr = common.expr.clone();
    let other = move |input: &mut Reader<'src, '_>, words: &[Keyword]| {
        if starts_name(input) && look(input, 1) == Some(Tok::Sign(Sign::Prime)) {
            return equation(input, &expr);
        }
        if assigns(input) {
            return input.parse(&assign).map(MemberKind::Assign);
        }
        unknown_line(input, Separator::Line, place, words);
        Ok(MemberKind::Error)
    };
    lines_of(rows, other, |input, kind, span| Member { doc: input.state().doc(span.start), kind, span })
}

/// `n' = ...`
fn equation<'src>(input: &mut Reader<'src, '_>, expr: &Rule<'src, Expr>) -> Result<MemberKind, Problem> {
    let name = expect_name(input, "a state");
    input.skip();
    while at_sign(input, Sign::Prime) {
        let span = here(input);
        let diagnostic = Diagnostic::new(Code::UnexpectedText, span, "only first derivatives have equations")
            .help("give the first derivative a state of its own: `x' = y` and `y' = ...`");
        complain(input, diagnostic);
        input.skip();
    }
    let has_value = takes_value(input, true);
    let value = if has_value { input.parse(expr)? } else { Expr { kind: ExprKind::Error, span: behind(input) } };
    Ok(MemberKind::Equation(Equation { name, value }))
}

/// What mechanisms and cells both have.
pub(super) fn member_rows<'src>(common: &Common<'src>) -> Rows<'src> {
    let steps = steps(common);
    let declare = |key, make: fn(Bindings) -> MemberKind| (key, word(key).ignore_then(common.bindings.clone()).map(make).boxed());
    let define =
        |key, make: fn(Bindings) -> MemberKind| (key, word(key).ignore_then(common.definitions.clone()).map(make).boxed());
    vec![
        (Keyword::Param, word(Keyword::Param).ignore_then(comma_list(given(common))).map(MemberKind::Param).boxed()),
        declare(Keyword::State, MemberKind::State),
        declare(Keyword::Input, MemberKind::Input),
        define(Keyword::Let, MemberKind::Let),
        define(Keyword::Output, MemberKind::Output),
        (Keyword::Fn, function(common, steps.clone()).map(MemberKind::Fn).boxed()),
        (Keyword::Ion, ion(common)),
        define(Keyword::Current, |currents| MemberKind::Current { electrode: false, currents }),
        (Keyword::Electrode, electrode(common)),
        (Keyword::Method, word(Keyword::Method).ignore_then(name("the name of a method")).map(MemberKind::Method).boxed()),
        (Keyword::Kinetic, kinetic(common)),
        (Keyword::Table, table(common)),
        (Keyword::On, handler(common, steps)),
    ]
}

fn electrode<'src>(common: &Common<'src>) -> Rule<'src, MemberKind> {
    word(Keyword::Electrode)
        .ignore_then(rule(|input| {
            expect_word(input, Keyword::Current);
            Ok(())
        }))
        .ignore_then(common.definitions.clone())
        .map(|currents| MemberKind::Current { electrode: true, currents })
        .boxed()
}

/// `ion ca reads cai, cao writes ica valence 2`
fn ion<'src>(common: &Common<'src>) -> Rule<'src, MemberKind> {
    let expr = common.expr.clone();
    rule(move |input| {
        expect_word(input, Keyword::Ion);
        let name = expect_name(input, "the name of an ion");
        let mut ion = Ion { name, reads: Vec::new(), writes: Vec::new(), valence: None };
        loop {
            if take_word(input, Keyword::Reads).is_some() {
                names(input, &mut ion.reads);
            } else if take_word(input, Keyword::Writes).is_some() {
                names(input, &mut ion.writes);
            } else if take_word(input, Keyword::Valence).is_some() {
                ion.valence = Some(input.parse(&expr)?);
            } else {
                return Ok(MemberKind::Ion(ion));
            }
            // `reads ek, writes ik`: the comma is as good as none.
            if at_sign(input, Sign::Comma) && matches!(look(input, 1), Some(Tok::Word(Keyword::Reads | Keyword::Writes))) {
                input.skip();
            }
        }
    })
}

fn names(input: &mut Reader, list: &mut Vec<Name>) {
    list.push(expect_name(input, "a variable of the ion"));
    while at_sign(input, Sign::Comma)
        && !matches!(look(input, 1), Some(Tok::Word(Keyword::Reads | Keyword::Writes | Keyword::Valence)))
    {
        input.skip();
        list.push(expect_name(input, "a variable of the ion"));
    }
}

/// `table v in -100 mV .. 100 mV by 1 mV for minf, mtau`
fn table<'src>(common: &Common<'src>) -> Rule<'src, MemberKind> {
    word(Keyword::Table)
        .ignore_then(name("the variable to tabulate over"))
        .then_ignore(rule(|input| {
            expect_word(input, Keyword::In);
            Ok(())
        }))
        .then(common.expr.clone())
        .then(rule(|input| {
            let mut list = Vec::new();
            if take_word(input, Keyword::For).is_some() {
                list.push(expect_name(input, "a definition"));
                while take_sign(input, Sign::Comma).is_some() {
                    list.push(expect_name(input, "a definition"));
                }
            }
            Ok(list)
        }))
        .map(|((variable, range), names)| MemberKind::Table(Table { variable, range, names }))
        .boxed()
}

/// `on TRIGGER { ... }`
fn handler<'src>(common: &Common<'src>, steps: Rule<'src, Block<Action>>) -> Rule<'src, MemberKind> {
    let trigger = trigger(common);
    word(Keyword::On)
        .ignore_then(trigger)
        .then(steps)
        .map(|(trigger, body)| MemberKind::Handler(Handler { trigger, body }))
        .boxed()
}

/// A name, alone or with parameters, is an event; anything with an operator is a condition. `each` goes before a parameter.
fn trigger<'src>(common: &Common<'src>) -> Rule<'src, Trigger> {
    let Common { parameters, expr, .. } = common.clone();
    rule(move |input| {
        let start = index(input);
        if at_word(input, Keyword::Each) && !ends_header(look(input, 1)) && !matches!(look(input, 1), Some(Tok::Sign(_))) {
            input.skip();
            return Ok(Trigger::Each(expect_name(input, "a parameter that lists times")));
        }
        let is_event = match look(input, 1) {
            Some(Tok::Sign(Sign::ParenOpen)) => ends_header(behind_parentheses(input, 1)),
            next => ends_header(next),
        };
        if !is_event || !starts_name(input) {
            return input.parse(&expr).map(Trigger::Condition);
        }
        let name = expect_name(input, "an event");
        let params = if at_sign(input, Sign::ParenOpen) { Some(input.parse(&parameters)?) } else { None };
        let span = since(input, start);
        Ok(match (&*name.text, params) {
            ("start", None) => Trigger::Start(span),
            ("spike", None) => Trigger::Spike(span),
            ("step", None) => Trigger::Step(span),
            ("currents", None) => Trigger::Currents(span),
            ("states", None) => Trigger::States(span),
            (_, params) => Trigger::Event { name, params: params.unwrap_or_default() },
        })
    })
}

fn ends_header(token: Option<Tok>) -> bool {
    matches!(token, None | Some(Tok::Break | Tok::Sign(Sign::BraceOpen | Sign::BraceClose)))
}

/// The token behind the parentheses that open `ahead` of here.
fn behind_parentheses<'src>(input: &mut Reader<'src, '_>, ahead: usize) -> Option<Tok<'src>> {
    let mut depth = 0usize;
    let mut at = ahead;
    loop {
        match look(input, at)? {
            Tok::Break => return Some(Tok::Break),
            Tok::Sign(sign) if sign.opens() => depth += 1,
            Tok::Sign(sign) if sign.closes() => depth = depth.saturating_sub(1),
            _ => {}
        }
        at += 1;
        if depth == 0 {
            return look(input, at);
        }
    }
}
