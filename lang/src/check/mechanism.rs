//! Mechanisms and cells without a body: declarations and equations in, a checked mechanism out.

mod body;
mod collect;
mod columns;
mod equation;
mod event;
mod handler;
mod ion;
mod kinetic;
mod method;
mod order;
mod table;
mod value;

use super::declare::Home;
use super::expr::Ctx;
use super::function;
use super::scope::Scope;
use super::unsupported::{Construct, refuse};
use bouton_model::ir::{self, MechanismKind, VarId};
use bouton_syntax::ast::{self, Member, Name};
use bouton_syntax::{Diagnostics, Span};

/// A checked mechanism, and what is known to be wrong with it, so that its users stay silent about that.
#[derive(Clone, Debug)]
pub(crate) struct Checked {
    /// The mechanism. With errors in it, of use for its names and dimensions only.
    pub mechanism: ir::Mechanism,
    /// Variables whose dimension is not known because their declaration is wrong.
    pub broken: Vec<VarId>,
    /// It uses a construct that hides even its names (`extends`, `per`): nothing that a user asks of it can be told wrong.
    pub refused: bool,
}

/// What is checked, and where it stands.
struct Source<'a> {
    name: &'a Name,
    span: Span,
    kind: MechanismKind,
    members: &'a [Member],
    home: Home,
    /// `extends` or `per`, with the construct's name.
    hides: Option<Construct>,
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
    let hides = hides(mechanism.base.is_some(), mechanism.per.is_some());
    let members = &mechanism.body.items;
    check(&Source { name: &mechanism.name, span, kind, members, home, hides }, scope, sink)
}

/// Checks the equations of a cell without sections: a mechanism of kind `Free`. Members that only a body can have are not looked at.
pub(crate) fn check_point_cell(cell: &ast::Cell, span: Span, home: Home, scope: &Scope<'_>, sink: &mut Diagnostics) -> Checked {
    let members = cell.body.as_ref().map_or(&[][..], |body| &body.items);
    let hides = hides(cell.base.is_some(), cell.per.is_some());
    check(&Source { name: &cell.name, span, kind: MechanismKind::Free, members, home, hides }, scope, sink)
}

fn hides(extends: bool, per: bool) -> Option<Construct> {
    match (extends, per) {
        (true, _) => Some(Construct::Extends),
        (_, true) => Some(Construct::PerUnit),
        _ => None,
    }
}

fn check(source: &Source<'_>, scope: &Scope<'_>, sink: &mut Diagnostics) -> Checked {
    if let Some(construct) = source.hides {
        refuse(construct, source.name.span, sink);
        return Checked { mechanism: empty(source), broken: Vec::new(), refused: true };
    }
    let before = sink.len();
    let body = collect::collect(source, sink);
    let ctx = &mut Ctx::new(scope, &body, &body.locals, sink).at_home(source.home);
    let (variables, broken) = value::variables(&body, ctx);
    let currents = equation::currents(&body, ctx);
    let kinetic = kinetic::schemes(&body, ctx);
    let equations = equation::equations(&body, bouton_model::algebra::kinetic::rates(&kinetic), ctx);
    let method = method::name(&body, ctx.sink);
    let table = table::check(&body, ctx);
    for function in &body.functions {
        function::check_alone(function, ctx);
    }
    let writes = body.writes.clone();
    let mut mechanism = ir::Mechanism { variables, currents, equations, kinetic, method, table, writes, ..empty(source) };
    order::check(&body, &mechanism, ctx);
    let event::Checked { handlers, conditions, columns } = event::check(&body, ctx);
    mechanism.locals = body.locals.get();
    if ctx.sink.len() == before {
        // Only now are definitions free of cycles.
        method::fits(&body, &mechanism, ctx.sink);
    }
    Checked { mechanism: ir::Mechanism { handlers, conditions, columns, ..mechanism }, broken, refused: !body.refused.is_empty() }
}

fn empty(source: &Source<'_>) -> ir::Mechanism {
    ir::Mechanism {
        name: source.name.text.clone(),
        span: source.span,
        kind: source.kind,
        variables: Vec::new(),
        equations: Vec::new(),
        kinetic: ir::Kinetic::default(),
        method: None,
        currents: Vec::new(),
        writes: Vec::new(),
        handlers: Vec::new(),
        conditions: Vec::new(),
        table: None,
        columns: Vec::new(),
        locals: 0,
        times: Vec::new(),
    }
}

#[cfg(test)]
mod tests;
