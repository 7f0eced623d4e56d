//! Forward Euler: all derivatives first, then every state.

use super::super::KernelError;
use super::super::lower::Lowering;
use crate::vm::program::Op;
use bouton_model::ir::{Equation, Expr, Known, Var};

/// Advances all states: x + dt x'.
///
/// # Errors
/// Something that no kernel can compute.
pub fn advance(l: &mut Lowering, equations: &[Equation]) -> Result<(), KernelError> {
    let rates = equations.iter().map(|e| l.expr_at(&e.rate, e.span)).collect::<Result<Vec<_>, _>>()?;
    for (equation, rate) in equations.iter().zip(rates) {
        let dt = l.expr_at(&Expr::Var(Var::Known(Known::Dt)), equation.span)?;
        let x = l.state(equation.state);
        let change = l.graph.binary(Op::Mul, dt, rate);
        let new = l.graph.binary(Op::Add, x, change);
        l.assign(equation.state, new);
    }
    Ok(())
}
