//! Which lets a mechanism's table holds, and what stands in it.

use super::KernelError;
use super::graph::NodeId;
use super::rewrite::{Rooted, value_at};
use crate::vm::program::{TableData, TableRow};
use bouton_model::algebra;
use bouton_model::ir::{Expr, Known, Mechanism, Span, Table, Var, VarId, VariableKind};

/// Lets that depend on `v`, constants and the temperature alone and are used outside such lets, in order of declaration.
pub fn tabulated(mechanism: &Mechanism) -> Vec<VarId> {
    let inside: Vec<bool> =
        mechanism.variables.iter().map(|v| matches!(&v.kind, VariableKind::Let { value } if fits(mechanism, value))).collect();
    let mut wanted = vec![false; inside.len()];
    let mut note = |e: &Expr| {
        algebra::visit(e, &mut |x| {
            if let Expr::Var(Var::Own(id)) = x
                && let Some(w) = wanted.get_mut(id.index())
            {
                *w = true;
            }
        });
    };
    for (v, inside) in mechanism.variables.iter().zip(&inside) {
        match &v.kind {
            VariableKind::Let { value } if !inside => note(value),
            VariableKind::State { initial } => note(initial),
            _ => {}
        }
    }
    mechanism.equations.iter().for_each(|e| note(&e.rate));
    mechanism.currents.iter().for_each(|c| note(&c.value));
    mechanism.handlers.iter().for_each(|h| algebra::visit_actions(&h.body, &mut note));
    for c in &mechanism.conditions {
        note(&c.when);
        algebra::visit_actions(&c.body, &mut note);
    }
    (0..).map(VarId).zip(inside.iter().zip(&wanted)).filter(|(_, (i, w))| **i && **w).map(|(id, _)| id).collect()
}

/// Depends on `v`, and on nothing else that may differ from instance to instance or change.
fn fits(mechanism: &Mechanism, value: &Expr) -> bool {
    let v = Var::Known(Known::V);
    let foreign = |x: Var| match x {
        Var::Own(id) => algebra::definition(mechanism, id).is_none(),
        Var::Known(k) => !matches!(k, Known::V | Known::Celsius),
        Var::Local(_) => false,
        _ => true,
    };
    algebra::depends_on(mechanism, value, v)
        && !algebra::mentions(mechanism, value, &foreign)
        && !algebra::draws(mechanism, value)
}

/// Tables of eight columns each. `exact` are the values to tabulate, in the order of [`tabulated`].
///
/// # Errors
/// A value that is not a function of `v` alone after all.
pub fn build(table: &Table, bound: &Rooted, exact: &[NodeId], span: Span) -> Result<Vec<TableData>, KernelError> {
    let step = (table.hi - table.lo) / table.intervals as f64;
    exact
        .chunks(8)
        .map(|columns| {
            let mut rows = Vec::with_capacity(table.intervals + 2);
            // The argument accumulates as NMODL's does.
            let mut x = table.lo;
            for _ in 0..=table.intervals {
                let mut row = TableRow::default();
                for (cell, id) in row.0.iter_mut().zip(columns) {
                    *cell = value_at(&bound.graph, *id, x)
                        .ok_or_else(|| KernelError { message: "a tabulated value depends on more than v".into(), span })?;
                }
                rows.push(row);
                x += step;
            }
            rows.extend(rows.last().copied());
            Ok(TableData { lo: table.lo, scale: 1.0 / step, n: table.intervals, rows })
        })
        .collect()
}
