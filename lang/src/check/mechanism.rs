//! Mechanisms and cells without a body: declarations and equations in, a checked mechanism out.

mod body;
mod collect;
mod columns;
mod equation;
mod event;
pub(super) mod given;
mod handler;
mod ion;
mod kinetic;
mod method;
mod order;
mod past;
mod still;
mod table;
mod value;

use super::declare::Home;
use super::expr::{Ctx, Plain, unit_of};
use super::function;
use super::scope::Scope;
use bouton_model::ir::{self, MechanismKind, VarId};
use bouton_model::unit::Dimension;
use bouton_syntax::ast::{self, Member, Name};
use bouton_syntax::{Code, Diagnostic, Diagnostics, Span};

/// A checked mechanism, and what is known to be wrong with it, so that its users stay silent about that.
#[derive(Clone, Debug)]
pub(crate) struct Checked {
    /// The mechanism. With errors in it, of use for its names and dimensions only.
    pub mechanism: ir::Mechanism,
    /// Variables whose dimension is not known because their declaration is wrong.
    pub broken: Vec<VarId>,
    /// It hides even its names (what it extends is not there): nothing that a user asks of it can be told wrong.
    pub refused: bool,
}

/// What is checked, and where it stands.
struct Source<'a> {
    name: &'a Name,
    span: Span,
    kind: MechanismKind,
    members: &'a [Member],
    home: Home,
    /// What it extends is not there, which has been told.
    hidden: bool,
    /// The unit of time (ms) after `per`.
    per: Option<f64>,
}

/// Checks a mechanism of the script (or of the library, by `home`).
pub(crate) fn check_mechanism(
    mechanism: &ast::Mechanism,
    span: Span,
    home: Home,
    scope: &Scope<'_>,
    sink: &mut Diagnostics,
) -> Checked {
    let kind = if mechanism.point { MechanismKind::Point } else { MechanismKind::Density };
    let (hidden, per) = (mechanism.base.is_some(), per(mechanism.per.as_ref(), scope, sink));
    let members = &mechanism.body.items;
    check(&Source { name: &mechanism.name, span, kind, members, home, hidden, per }, scope, sink)
}

/// Checks a mechanism for a connection: without membrane, as the equations of a cell without sections.
pub(crate) fn check_edge(
    mechanism: &ast::Mechanism,
    span: Span,
    home: Home,
    scope: &Scope<'_>,
    sink: &mut Diagnostics,
) -> Checked {
    let (hidden, per) = (mechanism.base.is_some(), per(mechanism.per.as_ref(), scope, sink));
    let (kind, members) = (MechanismKind::Free, mechanism.body.items.as_slice());
    check(&Source { name: &mechanism.name, span, kind, members, home, hidden, per }, scope, sink)
}

/// Checks the equations of a cell without sections: a mechanism of kind `Free`. Members that only a body can have are not looked at.
pub(crate) fn check_point_cell(cell: &ast::Cell, span: Span, home: Home, scope: &Scope<'_>, sink: &mut Diagnostics) -> Checked {
    let members = cell.body.as_ref().map_or(&[][..], |body| &body.items);
    let (hidden, per) = (cell.base.is_some(), per(cell.per.as_ref(), scope, sink));
    check(&Source { name: &cell.name, span, kind: MechanismKind::Free, members, home, hidden, per }, scope, sink)
}

/// The unit of time in ms. A unit that is none is told, and taken for 1 ms.
fn per(unit: Option<&ast::UnitExpr>, scope: &Scope<'_>, sink: &mut Diagnostics) -> Option<f64> {
    let written = unit?;
    let unit = unit_of(written, &mut Ctx::new(scope, &Plain, &scope.locals, sink));
    match unit {
        Some(unit) if unit.dimension == Dimension::TIME => Some(unit.factor()),
        Some(_) => {
            let wrong = Diagnostic::new(Code::DimensionMismatch, written.span, "what stands after `per` is a unit of time");
            sink.push(wrong.help("write `per ms` or `per s`: derivatives are per this, and times plain numbers of it"));
            Some(1.0)
        }
        None => Some(1.0),
    }
}

fn check(source: &Source<'_>, scope: &Scope<'_>, sink: &mut Diagnostics) -> Checked {
    let empty = ir::Mechanism::empty(source.name.text.clone(), source.span, source.kind);
    if source.hidden {
        return Checked { mechanism: empty, broken: Vec::new(), refused: true };
    }
    let before = sink.error_count();
    let body = collect::collect(source, sink);
    let ctx = &mut Ctx::new(scope, &body, &body.locals, sink).at_home(source.home);
    let (variables, broken) = value::variables(&body, ctx);
    let currents = equation::currents(&body, ctx);
    let kinetic = kinetic::schemes(&body, ctx);
    let equations = equation::equations(&body, bouton_model::algebra::kinetic::rates(&kinetic), ctx);
    let method = method::name(&body, ctx.sink);
    let table::Checked { table, lookups } = table::check(&body, ctx);
    let steady = kinetic::steady(&body);
    for function in &body.functions {
        function::check_alone(function, ctx);
    }
    let writes = body.writes.clone();
    let mut mechanism =
        ir::Mechanism { variables, currents, equations, kinetic, method, table, writes, lookups, steady, ..empty };
    body.hidden.first.set(body.declared.len());
    body.hidden.add_to(&mut mechanism);
    order::check(&body, &mechanism, ctx);
    let event::Checked { handlers, conditions, columns, during, after } = event::check(&body, ctx);
    mechanism.locals = body.locals.get();
    // Handlers may have called for more.
    body.hidden.add_to(&mut mechanism);
    if ctx.sink.error_count() == before {
        // Only now are definitions free of cycles.
        body.hidden_fits(&mechanism, ctx.sink);
        method::fits(&body, &mechanism, ctx.sink);
        still::warn(source, ctx);
    }
    let mut mechanism = ir::Mechanism { handlers, conditions, columns, during, after, ..mechanism };
    body.hidden.draw_in(&mut mechanism);
    kinetic::rests(&body, &mechanism, ctx.sink);
    event::looked_at(&body, &mechanism, ctx.sink);
    Checked { mechanism, broken, refused: !body.refused.is_empty() }
}

#[cfg(test)]
mod tests;
