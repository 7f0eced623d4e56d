//! Mechanisms and cells without a body: declarations and equations in, a checked mechanism out.

use super::declare::Home;
use super::scope::Scope;
use bouton_model::ir::{self, MechanismKind, VarId};
use bouton_model::unit::Dimension;
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

impl Checked {
    /// A variable by name. Nothing: there is none, which is an error unless [`Checked::refused`].
    pub fn find(&self, name: &str) -> Option<VarId> {
        let at = self.mechanism.variables.iter().position(|variable| &*variable.name == name)?;
        Some(VarId(u32::try_from(at).ok()?))
    }

    /// The dimension of a variable; nothing where it is not known, which has been reported.
    pub fn dimension(&self, id: VarId) -> Option<Dimension> {
        let variable = self.mechanism.variables.get(id.index())?;
        if self.broken.contains(&id) { None } else { Some(variable.dimension) }
    }
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
    check(&mechanism.name, span, kind, &mechanism.body.items, home, scope, sink)
}

/// Checks the equations of a cell without sections: a mechanism of kind `Free`. Members that only a body can have are not looked at.
pub(crate) fn check_point_cell(cell: &ast::Cell, span: Span, home: Home, scope: &Scope<'_>, sink: &mut Diagnostics) -> Checked {
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
) -> Checked {
    let mechanism = ir::Mechanism {
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
    };
    Checked { mechanism, broken: Vec::new(), refused: false }
}
