//! Explicit methods of a fixed step for cells of equations: forward Euler, Heun's, the classical Runge-Kutta method. As one program where a cell is by
//! itself; in stages where values of other cells drive it, which are exchanged between them.

use super::super::KernelError;
use super::super::graph::{Leaf, NodeId};
use super::super::jobs::Goal;
use super::super::lower::Lowering;
use super::runge_kutta;
use crate::vm::program::Op;
use bouton_model::ir::{Equation, Expr, Known, Var};

/// A method of a fixed step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Explicit {
    /// x + h f(t, x)
    Euler,
    /// The mean of the slopes at both ends.
    Heun,
    /// The classical method of fourth order.
    Rk4,
}

impl Explicit {
    /// Where in the step each stage evaluates the slopes, from 0 to 1.
    #[must_use]
    pub fn places(self) -> &'static [f64] {
        match self {
            Explicit::Euler => &[0.0],
            Explicit::Heun => &[0.0, 1.0],
            Explicit::Rk4 => &[0.0, 0.5, 0.5, 1.0],
        }
    }
}

/// Advances all states by a step that ends now.
///
/// # Errors
/// Something that no kernel can compute.
pub fn whole(l: &mut Lowering, equations: &[Equation], method: Explicit) -> Result<(), KernelError> {
    let Some(first) = equations.first() else { return Ok(()) };
    if method == Explicit::Rk4 {
        return runge_kutta::advance(l, equations, false);
    }
    let dt = step(l, first)?;
    let end = l.graph.leaf(Leaf::T);
    let begin = l.graph.binary(Op::Sub, end, dt);
    l.set_time(begin);
    let old: Vec<NodeId> = equations.iter().map(|e| l.state(e.state)).collect();
    let first_slopes = slopes(l, equations)?;
    for ((e, x), k) in equations.iter().zip(&old).zip(&first_slopes) {
        let new = along(l, *x, dt, *k);
        l.assign(e.state, new);
    }
    if method == Explicit::Heun {
        l.set_time(end);
        let second_slopes = slopes(l, equations)?;
        let half = half(l, dt);
        for (((e, x), k), last) in equations.iter().zip(&old).zip(&first_slopes).zip(second_slopes) {
            let both = l.graph.binary(Op::Add, *k, last);
            let new = along(l, *x, half, both);
            l.assign(e.state, new);
        }
    }
    l.set_time(end);
    Ok(())
}

/// One stage: where the states go from here, what the step began with and the sum of slopes as far as later stages need them.
///
/// # Errors
/// Something that no kernel can compute.
pub fn stage(
    l: &mut Lowering,
    equations: &[Equation],
    method: Explicit,
    number: usize,
) -> Result<Vec<(Goal, NodeId)>, KernelError> {
    let Some(first) = equations.first() else { return Ok(Vec::new()) };
    let dt = step(l, first)?;
    let slopes = slopes(l, equations)?;
    let last = number + 1 == method.places().len();
    let mut goals = Vec::new();
    for (e, k) in equations.iter().zip(slopes) {
        let from = match number {
            0 => l.state(e.state),
            _ => l.graph.leaf(Leaf::Old(e.state)),
        };
        let sum = l.graph.leaf(Leaf::Slopes(e.state));
        let inner = method == Explicit::Rk4 && (number == 1 || number == 2);
        let sum = match (number, inner) {
            (0, _) => k,
            (_, true) => {
                let two = l.graph.constant(2.0);
                along(l, sum, two, k)
            }
            (_, false) => l.graph.binary(Op::Add, sum, k),
        };
        let new = match (method, number) {
            (Explicit::Euler, _) => along(l, from, dt, k),
            (Explicit::Heun, 0) | (Explicit::Rk4, 2) => along(l, from, dt, k),
            (Explicit::Heun, _) => {
                let half = half(l, dt);
                along(l, from, half, sum)
            }
            (Explicit::Rk4, 0 | 1) => {
                let half = half(l, dt);
                along(l, from, half, k)
            }
            (Explicit::Rk4, _) => {
                let six = l.graph.constant(6.0);
                let sixth = l.graph.binary(Op::Div, dt, six);
                along(l, from, sixth, sum)
            }
        };
        goals.push((Goal::State(e.state), new));
        if number == 0 && !last {
            goals.push((Goal::Old(e.state), from));
        }
        if !last {
            goals.push((Goal::Slopes(e.state), sum));
        }
    }
    Ok(goals)
}

fn step(l: &mut Lowering, first: &Equation) -> Result<NodeId, KernelError> {
    l.expr_at(&Expr::Var(Var::Known(Known::Dt)), first.span)
}

fn half(l: &mut Lowering, dt: NodeId) -> NodeId {
    let one_half = l.graph.constant(0.5);
    l.graph.binary(Op::Mul, dt, one_half)
}

/// The derivatives as states and time are now.
fn slopes(l: &mut Lowering, equations: &[Equation]) -> Result<Vec<NodeId>, KernelError> {
    equations.iter().map(|e| l.expr_at(&e.rate, e.span)).collect()
}

/// x + far * slope
fn along(l: &mut Lowering, x: NodeId, far: NodeId, slope: NodeId) -> NodeId {
    let change = l.graph.binary(Op::Mul, far, slope);
    l.graph.binary(Op::Add, x, change)
}
