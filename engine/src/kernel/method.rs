//! How states advance, one method a file.

pub mod cnexp;
pub mod derivimplicit;
pub mod euler;

use bouton_model::algebra;
use bouton_model::ir::{Mechanism, Method, Var};

/// The method of a mechanism: what it says, else cnexp where all equations are linear in their own state, else derivimplicit.
pub fn of(mechanism: &Mechanism) -> Method {
    let linear = || mechanism.equations.iter().all(|e| algebra::linear_in(mechanism, &e.rate, Var::Own(e.state)).is_some());
    mechanism.method.unwrap_or_else(|| if linear() { Method::Cnexp } else { Method::Derivimplicit })
}
