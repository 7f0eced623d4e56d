//! Exponential Euler, exact for equations linear in their own state while the rest stands still; one equation after the other.
//! With x' = B - k x and its target B / k: target + (x - target) e^(-k dt), which is NMODL's `cnexp` up to rounding.

use super::super::KernelError;
use super::super::graph::NodeId;
use super::super::lower::Lowering;
use crate::vm::program::Op;
use bouton_model::algebra::{self, Linear};
use bouton_model::ir::{Binary, Equation, Expr, Known, Var};

/// Advances one state.
///
/// # Errors
/// An equation whose form does not show that it is linear in its state.
pub fn advance(l: &mut Lowering, equation: &Equation) -> Result<(), KernelError> {
    let var = Var::Own(equation.state);
    let Some(Linear { slope, rest }) = algebra::linear_in(l.mechanism, &equation.rate, var) else {
        let message = "cnexp needs an equation that is linear in its own state".to_owned();
        return Err(KernelError { message, span: equation.span });
    };
    let x = l.state(equation.state);
    let new =
        if algebra::is(&slope, 0.0) { drift(l, x, &rest, equation)? } else { relax(l, x, algebra::neg(slope), rest, equation)? };
    l.assign(equation.state, new);
    Ok(())
}

/// x + dt B
fn drift(l: &mut Lowering, x: NodeId, rest: &Expr, equation: &Equation) -> Result<NodeId, KernelError> {
    let dt = l.expr_at(&Expr::Var(Var::Known(Known::Dt)), equation.span)?;
    let rest = l.expr_at(rest, equation.span)?;
    let change = l.graph.binary(Op::Mul, dt, rest);
    Ok(l.graph.binary(Op::Add, x, change))
}

fn relax(l: &mut Lowering, x: NodeId, k: Expr, rest: Expr, equation: &Equation) -> Result<NodeId, KernelError> {
    let dt = Expr::Var(Var::Known(Known::Dt));
    // -dt / tau rather than dt * (-1 / tau): one division.
    let exponent = match &k {
        Expr::Binary(Binary::Div, n, d) => algebra::neg(algebra::div(algebra::mul(dt, (**n).clone()), (**d).clone())),
        k => algebra::neg(algebra::mul(dt, k.clone())),
    };
    let exponent = l.expr_at(&exponent, equation.span)?;
    let decay = l.graph.unary(Op::Exp, exponent);
    if algebra::is(&rest, 0.0) {
        return Ok(l.graph.binary(Op::MulFlush, x, decay));
    }
    let safe = never_zero(&k);
    let target = l.expr_at(&algebra::ratio(rest.clone(), k.clone()), equation.span)?;
    let way = l.graph.binary(Op::Sub, x, target);
    let left = l.graph.binary(Op::Mul, way, decay);
    let relaxed = l.graph.binary(Op::Add, target, left);
    if safe {
        return Ok(relaxed);
    }
    // Where k is 0 at this moment the target is nowhere: the state drifts.
    let drifted = drift(l, x, &rest, equation)?;
    let k = l.expr_at(&k, equation.span)?;
    let zero = l.graph.constant(0.0);
    let stands = l.graph.binary(Op::Eq, k, zero);
    Ok(l.graph.select(stands, drifted, relaxed))
}

/// A number other than 0 over something is never 0.
fn never_zero(k: &Expr) -> bool {
    matches!(k, Expr::Binary(Binary::Div, n, _) if matches!(**n, Expr::Number(x) if x != 0.0))
        || matches!(k, Expr::Number(x) if *x != 0.0)
}
