//! Backward Euler by Newton's iteration with a numerical Jacobian, by NEURON's stopping rules.

use crate::vm::program::Program;

/// What the iteration needs. The algorithm, for each instance by itself: x_old = x; up to 50 times: while the last relative change
/// was above 0.05 the Jacobian of F(x) = rates(x) - (x - x_old) / dt is made anew by central differences; then J d = -F, x += d;
/// it ends when the relative change is at most 1e-6 and no |F| is above 1e-8.
#[derive(Clone, Debug, PartialEq)]
pub struct Newton {
    /// Writes the derivatives of the states to `rates`, from the states as they are.
    pub program: Program,
    /// Rows of the states.
    pub states: Vec<u16>,
    /// Rows of the derivatives.
    pub rates: Vec<u16>,
    /// Rows that keep the states of the step's beginning.
    pub old: Vec<u16>,
    /// ms (half the step where the simulation is of second order)
    pub dt: f64,
    /// Second order: the states then go as far again, x + (x - old).
    pub extrapolate: bool,
    /// What is done at the end.
    pub after: Option<Program>,
}
