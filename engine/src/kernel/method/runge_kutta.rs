//! The classical Runge-Kutta method of fourth order.
//!
//! The potential stands still during the step. In mechanisms on membrane time goes from the end of the step half a step and a step
//! further, as it does in NEURON's `runge`; in cells without a body it goes from the beginning of the step to its end.

use super::super::KernelError;
use super::super::graph::{Leaf, NodeId};
use super::super::lower::Lowering;
use crate::vm::program::Op;
use bouton_model::ir::{Equation, Expr, Known, MechanismKind, Var};

/// Advances all states. With `second_order` by half a step, and then as far again along the last of the four slopes.
///
/// # Errors
/// Something that no kernel can compute.
pub fn advance(l: &mut Lowering, equations: &[Equation], second_order: bool) -> Result<(), KernelError> {
    let Some(first) = equations.first() else { return Ok(()) };
    let dt = l.expr_at(&Expr::Var(Var::Known(Known::Dt)), first.span)?;
    let one_half = l.graph.constant(0.5);
    let h = if second_order { l.graph.binary(Op::Mul, dt, one_half) } else { dt };
    let half = l.graph.binary(Op::Mul, h, one_half);
    let end = l.graph.leaf(Leaf::T);
    let begin = if l.mechanism.kind == MechanismKind::Free { l.graph.binary(Op::Sub, end, dt) } else { end };
    let (middle, last) = (l.graph.binary(Op::Add, begin, half), l.graph.binary(Op::Add, begin, h));

    let x: Vec<NodeId> = equations.iter().map(|e| l.state(e.state)).collect();
    let k1 = slopes(l, equations, begin)?;
    go(l, equations, &x, half, &k1);
    let k2 = slopes(l, equations, middle)?;
    go(l, equations, &x, half, &k2);
    let k3 = slopes(l, equations, middle)?;
    go(l, equations, &x, h, &k3);
    let k4 = slopes(l, equations, last)?;
    l.set_time(end);

    let (two, sixth) = (l.graph.constant(2.0), l.graph.constant(6.0));
    let sixth = l.graph.binary(Op::Div, h, sixth);
    for (i, e) in equations.iter().enumerate() {
        let inner = l.graph.binary(Op::Add, k2[i], k3[i]);
        let inner = l.graph.binary(Op::Mul, two, inner);
        let outer = l.graph.binary(Op::Add, k1[i], k4[i]);
        let sum = l.graph.binary(Op::Add, outer, inner);
        let change = l.graph.binary(Op::Mul, sixth, sum);
        let mut new = l.graph.binary(Op::Add, x[i], change);
        if second_order {
            let further = l.graph.binary(Op::Mul, h, k4[i]);
            new = l.graph.binary(Op::Add, new, further);
        }
        l.assign(e.state, new);
    }
    Ok(())
}

/// The derivatives as the states are now, at a time.
fn slopes(l: &mut Lowering, equations: &[Equation], time: NodeId) -> Result<Vec<NodeId>, KernelError> {
    l.set_time(time);
    equations.iter().map(|e| l.expr_at(&e.rate, e.span)).collect()
}

/// From x so far along the slopes.
fn go(l: &mut Lowering, equations: &[Equation], x: &[NodeId], far: NodeId, slopes: &[NodeId]) {
    for ((e, x), k) in equations.iter().zip(x).zip(slopes) {
        let change = l.graph.binary(Op::Mul, far, *k);
        let new = l.graph.binary(Op::Add, *x, change);
        l.assign(e.state, new);
    }
}
