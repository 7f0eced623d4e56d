//! How states advance, one method a file.

pub mod adaptive;
pub mod cnexp;
pub mod delayed;
pub mod derivimplicit;
pub mod euler;
pub mod explicit;
pub mod rosenbrock;
pub mod runge_kutta;
pub mod sparse;

use super::{Setting, Solving};
use bouton_model::algebra;
use bouton_model::ir::{Mechanism, MechanismKind, Method, Var};

/// The method of a mechanism: what it says, else sparse where there is a kinetic scheme, cnexp where all equations are linear in their own state, else derivimplicit.
pub fn of(mechanism: &Mechanism) -> Method {
    let linear = || mechanism.equations.iter().all(|e| algebra::linear_in(mechanism, &e.rate, Var::Own(e.state)).is_some());
    let fitting = || match () {
        () if !sparse::states(&mechanism.kinetic).is_empty() => Method::Sparse,
        () if linear() => Method::Cnexp,
        () => Method::Derivimplicit,
    };
    mechanism.method.unwrap_or_else(fitting)
}

/// How the equations of a mechanism advance: a method of its own comes first, and schemes have theirs. Steps of their own are for what events leave alone.
pub fn solving(mechanism: &Mechanism, setting: &Setting) -> Solving {
    let plain = mechanism.ahead.is_empty() && mechanism.after.is_empty() && sparse::states(&mechanism.kinetic).is_empty();
    let free = mechanism.kind == MechanismKind::Free && mechanism.method.is_none();
    let solved = free && !mechanism.equations.is_empty();
    let quiet = mechanism.handlers.is_empty() && mechanism.conditions.is_empty();
    match setting.solving {
        // What only depends on time has the time of those whom it drives.
        Solving::Adaptive(_) if free && plain && quiet => setting.solving,
        Solving::Adaptive(_) => Solving::Own,
        solving if solved && plain => solving,
        _ => Solving::Own,
    }
}
