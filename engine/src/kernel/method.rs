//! How states advance, one method a file.

pub mod cnexp;
pub mod derivimplicit;
pub mod euler;
pub mod explicit;
pub mod runge_kutta;
pub mod sparse;

use bouton_model::algebra;
use bouton_model::ir::{Mechanism, Method, Var};

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
