//! `table v in -100 mV .. 100 mV by 1 mV`: the range in which what depends on `v` alone is tabulated, or what the table names.

use super::body::{Body, Role};
use crate::check::expr::{Ctx, check_expr};
use crate::check::unsupported::{Construct, refuse};
use crate::check::{constant, dimension};
use bouton_model::ir::{Expr, Known, Lookup, MechanismKind, Table, Var, VarId};
use bouton_model::unit::Dimension;
use bouton_syntax::ast::{self, ExprKind, Spacing};
use bouton_syntax::{Code, Diagnostic, Span};

/// The most entries of a table.
const MOST_ENTRIES: f64 = 1e6;

/// What a mechanism tabulates.
pub(super) struct Checked {
    /// All that depends on `v` alone.
    pub table: Option<Table>,
    /// Definitions that tables name.
    pub lookups: Vec<Lookup>,
}

/// The tables of a mechanism.
pub(super) fn check(body: &Body<'_>, ctx: &mut Ctx<'_>) -> Checked {
    let mut checked = Checked { table: None, lookups: Vec::new() };
    let mut first: Option<Span> = None;
    for (table, span) in &body.tables {
        if table.names.is_empty() {
            if let Some(first) = first {
                let message = "a mechanism has one table of all that depends on `v`";
                ctx.sink.push(Diagnostic::new(Code::AttributeTwice, *span, message).also(first, "first given here"));
                continue;
            }
            first = Some(*span);
        }
        if table.variable.is_missing() {
            continue;
        }
        let of_membrane = body.kind != MechanismKind::Free && body.find("v").is_none();
        if &*table.variable.text != "v" || !of_membrane {
            refuse(Construct::OtherTable, table.variable.span, ctx.sink);
            continue;
        }
        let range = range(&table.range, ctx);
        if table.names.is_empty() {
            checked.table = range;
            continue;
        }
        let outputs = table.names.iter().filter_map(|name| Some((definition(name, body, ctx)?, name)));
        let outputs = outputs.map(|(id, _)| (id, Expr::Var(Var::Own(id)))).collect();
        let argument = Expr::Var(Var::Known(Known::V));
        checked.lookups.extend(range.map(|range| Lookup { range, argument, outputs, samples: None, switch: None }));
    }
    checked
}

/// The definition that a table names.
fn definition(name: &ast::Name, body: &Body<'_>, ctx: &mut Ctx<'_>) -> Option<VarId> {
    if name.is_missing() {
        return None;
    }
    match body.find(&name.text) {
        Some((id, declared)) if declared.role == Role::Let => Some(id),
        Some((_, declared)) => {
            let message = format!("`{}` is {}, and a table holds definitions", name.text, declared.role.what());
            ctx.sink.push(Diagnostic::new(Code::BrokenTable, name.span, message).also(declared.name.span, "declared here"));
            None
        }
        None => {
            ctx.sink.push(Diagnostic::new(Code::UnknownVariable, name.span, format!("there is no definition `{}`", name.text)));
            None
        }
    }
}

fn range(written: &ast::Expr, ctx: &mut Ctx<'_>) -> Option<Table> {
    let ExprKind::Range(range) = &written.kind else {
        if !matches!(written.kind, ExprKind::Error) {
            ctx.sink.push(broken("a table needs a range of voltages", written.span));
        }
        return None;
    };
    let lo = number(&range.start, Dimension::VOLTAGE, ctx);
    let hi = number(&range.end, Dimension::VOLTAGE, ctx);
    let spacing = match &range.spacing {
        Some(Spacing::By(step)) => number(step, Dimension::VOLTAGE, ctx).zip(lo.zip(hi)).map(|(step, (lo, hi))| (hi - lo) / step),
        Some(Spacing::Steps(count)) => number(count, Dimension::NONE, ctx).map(|count| count - 1.0),
        None => {
            ctx.sink.push(broken("a table needs the distance of its entries", written.span));
            None
        }
    };
    let (lo, hi, intervals) = (lo?, hi?, spacing?.round());
    if range.log || lo >= hi || !(1.0..=MOST_ENTRIES).contains(&intervals) {
        ctx.sink.push(broken("this range has no entries, too many, or entries at unequal distances", written.span));
        return None;
    }
    Some(Table { lo, hi, intervals: intervals as usize })
}

/// A number that is known now; nothing where it is not, which has been reported.
fn number(written: &ast::Expr, wanted: Dimension, ctx: &mut Ctx<'_>) -> Option<f64> {
    let value = check_expr(written, ctx);
    if value.is_error() {
        return None;
    }
    let before = ctx.sink.len();
    let expr = dimension::expect(value, wanted, "the table", ctx);
    if ctx.sink.len() > before {
        return None;
    }
    let number = constant::value(&expr).filter(|number| number.is_finite());
    if number.is_none() {
        let message = "the range of a table must be constant";
        ctx.sink.push(Diagnostic::new(Code::NotConstant, written.span, message).label("this can change"));
    }
    number
}

fn broken(message: &str, span: Span) -> Diagnostic {
    Diagnostic::new(Code::BrokenTable, span, message).help("write `table v in -100 mV .. 100 mV by 1 mV`")
}
