//! Features of voltage traces: `ap_count(v)`, `ap_amplitude(v, threshold = -30 mV)`, `sag(v, start = 100 ms, stop = 600 ms)`.

use super::measure::ran;
use super::series::{Listed, call_of, series};
use crate::check::View;
use crate::check::attributes::suggest;
use crate::check::expr::{Ctx, Typed};
use crate::check::value::quantity;
use bouton_model::ir::{Cut, Expr, Feature, Measure, Series};
use bouton_model::unit::Dimension;
use bouton_syntax::ast::{self, Arg};
use bouton_syntax::{Code, Diagnostic};

/// A feature as it is called.
struct Row {
    name: &'static str,
    feature: Feature,
    /// Name, dimension and default of what it takes beside the trace; without a default it must be given.
    args: &'static [(&'static str, Dimension, Option<f64>)],
    result: Dimension,
}

/// A peak is above -20 mV, as in eFEL.
const THRESHOLD: (&str, Dimension, Option<f64>) = ("threshold", Dimension::VOLTAGE, Some(-20.0));
const START: (&str, Dimension, Option<f64>) = ("start", Dimension::TIME, None);
const STOP: (&str, Dimension, Option<f64>) = ("stop", Dimension::TIME, None);

const fn row(
    name: &'static str,
    feature: Feature,
    args: &'static [(&'static str, Dimension, Option<f64>)],
    result: Dimension,
) -> Row {
    Row { name, feature, args, result }
}

const ROWS: &[Row] = &[
    row("ap_count", Feature::Count, &[THRESHOLD], Dimension::NONE),
    row("ap_times", Feature::Times, &[THRESHOLD], Dimension::TIME),
    row("ap_amplitude", Feature::Amplitude, &[THRESHOLD], Dimension::VOLTAGE),
    row("ap_width", Feature::Width, &[THRESHOLD], Dimension::TIME),
    row("ahp_depth", Feature::Depth, &[THRESHOLD, ("rest", Dimension::VOLTAGE, Some(0.0))], Dimension::VOLTAGE),
    row("isi_cv", Feature::IntervalCv, &[THRESHOLD], Dimension::NONE),
    row("adaptation", Feature::Adaptation, &[THRESHOLD], Dimension::NONE),
    row("rest", Feature::Rest, &[], Dimension::VOLTAGE),
    row("sag", Feature::Sag, &[START, STOP], Dimension::NONE),
    row("input_resistance", Feature::Resistance, &[START, STOP, ("current", Dimension::CURRENT, None)], Dimension::RESISTANCE),
];

/// Whether a call is of a feature that has a value for each spike.
pub(super) fn is_list(view: &View<'_>, expr: &ast::Expr) -> bool {
    found(view, expr).is_some_and(|(row, _)| row.feature.is_list())
}

/// The list that a feature is; nothing where an expression is something else.
pub(super) fn list(view: &View<'_>, expr: &ast::Expr, ctx: &mut Ctx<'_>) -> Option<Option<Listed>> {
    let (row, args) = found(view, expr).filter(|(row, _)| row.feature.is_list())?;
    let checked = check(row, args, view, expr, ctx);
    Some(checked.map(|(cut, args)| (Series::Features(row.feature, cut, args), row.result)))
}

/// The number that a feature is; nothing where an expression is something else.
pub(super) fn number(view: &View<'_>, expr: &ast::Expr, ctx: &mut Ctx<'_>) -> Option<Typed> {
    let (row, args) = found(view, expr)?;
    if row.feature.is_list() {
        let list = Diagnostic::new(Code::NotAResult, expr.span, format!("`{}` gives a list, not one number", row.name));
        return Some(ctx.fail(list.help(format!("take one: `{0}(v)[0]`, `mean({0}(v))`", row.name))));
    }
    Some(match check(row, args, view, expr, ctx) {
        Some((cut, args)) => {
            Typed::number(Expr::Measure(Box::new(Measure::Feature(row.feature, cut, args))), row.result, expr.span)
        }
        None => Typed::error(expr.span),
    })
}

fn found<'e>(view: &View<'_>, expr: &'e ast::Expr) -> Option<(&'static Row, &'e [Arg])> {
    ROWS.iter().find_map(|row| Some((row, call_of(view, expr, row.name)?)))
}

/// The trace, and the values of the row's arguments in its order.
fn check(row: &Row, args: &[Arg], view: &View<'_>, whole: &ast::Expr, ctx: &mut Ctx<'_>) -> Option<(Cut, Vec<Expr>)> {
    let Some((trace, rest)) = args.split_first().filter(|(trace, _)| trace.name.is_none()) else {
        let none = Diagnostic::new(Code::WrongArguments, whole.span, format!("`{}` of which trace?", row.name));
        ctx.sink.push(none.help(format!("name a record of a potential: `{}(v)`", row.name)));
        return None;
    };
    let cut = match series(view, &trace.value, ctx) {
        Some(Some((Series::Samples(cut), Dimension::VOLTAGE))) => Some(cut),
        Some(None) => None,
        _ => {
            let wrong = Diagnostic::new(Code::NotAResult, trace.value.span, "this is not the trace of a potential");
            ctx.sink.push(wrong.help("name a record of `v` of one cell"));
            None
        }
    };
    let mut given: Vec<Option<Expr>> = row.args.iter().map(|(.., default)| default.map(Expr::Number)).collect();
    let mut sound = true;
    for arg in rest {
        let name = arg.name.as_ref().map_or("", |name| &*name.text);
        let at = row.args.iter().position(|(known, ..)| *known == name);
        let Some((at, (_, dimension, _))) = at.and_then(|at| Some((at, row.args.get(at)?))) else {
            let span = arg.name.as_ref().map_or(arg.value.span, |name| name.span);
            let names: Vec<&str> = row.args.iter().map(|(known, ..)| *known).collect();
            let unknown = Diagnostic::new(Code::WrongArguments, span, format!("`{}` takes no such argument", row.name));
            ctx.sink.push(suggest(unknown, name, span, &names));
            sound = false;
            continue;
        };
        let value = quantity(&arg.value, *dimension, &format!("`{name}`"), ctx);
        sound &= value.is_some();
        if let (Some(slot), Some(value)) = (given.get_mut(at), value) {
            *slot = Some(value.value);
        }
    }
    let missing = row.args.iter().zip(&given).filter(|(_, value)| value.is_none()).map(|((name, ..), _)| format!("`{name}`"));
    let missing: Vec<String> = missing.collect();
    if sound && !missing.is_empty() {
        let message = format!("`{}` needs {}", row.name, missing.join(", "));
        let lacks = Diagnostic::new(Code::WrongArguments, whole.span, message);
        ctx.sink.push(lacks.help(match row.feature {
            Feature::Resistance => {
                "of which step of current? `input_resistance(v, start = 100 ms, stop = 600 ms, current = -50 pA)`"
            }
            _ => "of which step of current? `sag(v, start = 100 ms, stop = 600 ms)`",
        }));
        return None;
    }
    let values = given.into_iter().collect::<Option<Vec<_>>>().filter(|_| sound)?;
    cut.filter(|_| ran(view, whole.span, ctx)).map(|cut| (cut, values))
}
