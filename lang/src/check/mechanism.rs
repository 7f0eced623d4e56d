//! Mechanisms and cells without a body: declarations and equations in, a checked mechanism out.

use super::declare::Home;
use super::scope::Scope;
use bouton_model::ir::{self, MechanismKind};
use bouton_syntax::ast::{self, Member, Name};
use bouton_syntax::{Diagnostics, Span};

/// Checks a mechanism of the script (or of the library, by `home`). With errors in it the result is of use for its names only.
pub(crate) fn check_mechanism(
    mechanism: &ast::Mechanism,
    span: Span,
    home: Home,
    scope: &Scope<'_>,
    sink: &mut Diagnostics,
) -> ir::Mechanism {
    let kind = if mechanism.point { MechanismKind::Point } else { MechanismKind::Density };
    check(&mechanism.name, span, kind, &mechanism.body.items, home, scope, sink)
}

/// Checks the equations of a cell without sections: a mechanism of kind `Free`. Members that only a body can have are not looked at.
pub(crate) fn check_point_cell(
    cell: &ast::Cell,
    span: Span,
    home: Home,
    scope: &Scope<'_>,
    sink: &mut Diagnostics,
) -> ir::Mechanism {
    let members = cell.body.as_ref().map_or(&[][..], |body| &body.items);
    check(&cell.name, span, MechanismKind::Free, members, home, scope, sink)
}

fn check(
    name: &Name,
    span: Span,
    kind: MechanismKind,
    _members: &[Member],
    _home: Home,
    _scope: &Scope<'_>,
    _sink: &mut Diagnostics,
) -> ir::Mechanism {
    ir::Mechanism {
        name: name.text.clone(),
        span,
        kind,
        variables: Vec::new(),
        equations: Vec::new(),
        method: None,
        currents: Vec::new(),
        handlers: Vec::new(),
        conditions: Vec::new(),
        table: None,
        locals: 0,
    }
}
