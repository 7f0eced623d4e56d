//! The currents of a mechanism and their slopes.

use crate::kernel::KernelError;
use crate::kernel::graph::NodeId;
use crate::kernel::lower::Lowering;
use crate::vm::program::Op;
use bouton_model::algebra;
use bouton_model::ir::{Action, CurrentKind, Expr, Mechanism, Span, Var, VarId};

pub(super) fn is_electrode(kind: &CurrentKind) -> bool {
    *kind == CurrentKind::Electrode
}

/// The sum of the currents in order, an electrode's negative.
pub(super) fn total(l: &mut Lowering) -> Result<NodeId, KernelError> {
    let mechanism = l.mechanism;
    let list: Vec<(Expr, Span, bool)> =
        mechanism.currents.iter().map(|c| (Expr::Var(Var::Own(c.variable)), c.span, is_electrode(&c.kind))).collect();
    let list: Vec<(&Expr, Span, bool)> = list.iter().map(|(e, s, b)| (e, *s, *b)).collect();
    sum(l, &list)
}

pub(super) fn sum(l: &mut Lowering, list: &[(&Expr, Span, bool)]) -> Result<NodeId, KernelError> {
    let mut total: Option<NodeId> = None;
    for (e, span, negative) in list {
        if algebra::is(e, 0.0) {
            continue;
        }
        let x = l.expr_at(e, *span)?;
        let signed = if *negative { l.graph.unary(Op::Neg, x) } else { x };
        total = Some(match total {
            Some(t) => l.graph.binary(Op::Add, t, signed),
            None => signed,
        });
    }
    Ok(total.unwrap_or_else(|| l.graph.constant(0.0)))
}

/// Exact slopes of the currents, where all of them are affine in v.
pub(super) fn slopes(mechanism: &Mechanism) -> Option<Vec<Expr>> {
    let v = Var::Known(bouton_model::ir::Known::V);
    mechanism.currents.iter().map(|c| Some(algebra::linear_in(mechanism, &c.value, v)?.slope)).collect()
}

/// Whether a look at the currents sets what another one reads.
pub(super) fn hands_on(mechanism: &Mechanism) -> bool {
    let set = |id: VarId| mechanism.during.iter().any(|a| matches!(a, Action::Assign(other, _) if *other == id));
    let reads = |e: &Expr| algebra::mentions(mechanism, e, &|var| matches!(var, Var::Own(id) if set(id)));
    let mut found = mechanism.currents.iter().any(|c| reads(&c.value));
    algebra::visit_actions(&mechanism.during, &mut |e| found |= reads(e));
    found
}

/// Value and slope of what is not affine in v: NEURON's secant over 0.001 mV. After each of the two looks `each` is done.
pub(super) fn secant(
    l: &mut Lowering,
    value: &dyn Fn(&mut Lowering) -> Result<NodeId, KernelError>,
    each: &[Action],
) -> Result<(NodeId, NodeId), KernelError> {
    let (v, width, span) = (l.v, l.graph.constant(0.001), l.mechanism.span);
    let above = l.graph.binary(Op::Add, v, width);
    l.set_v(above);
    let high = value(l)?;
    l.actions(each, span)?;
    l.set_v(v);
    let current = value(l)?;
    l.actions(each, span)?;
    let rise = l.graph.binary(Op::Sub, high, current);
    Ok((current, l.graph.binary(Op::Div, rise, width)))
}
