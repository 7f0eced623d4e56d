//! Which lets a mechanism's tables hold, and what stands in them.

use super::graph::NodeId;
use super::rewrite::{Rooted, value_at};
use super::{Input, KernelError, Mode};
use crate::vm::program::{TableData, TableRow};
use bouton_model::algebra;
use bouton_model::curve::Curve;
use bouton_model::ir::{Expr, Known, Mechanism, Span, Table, Var, VarId, VariableKind};
use std::collections::HashMap;
use std::sync::Arc;

/// How many columns a table has at most: an entry is a cache line.
const COLUMNS: usize = 8;

/// Where a definition is looked up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Looked {
    /// Number of the table.
    pub table: u16,
    /// Column.
    pub column: u8,
    /// Which of [`Mechanism::lookups`] has the argument; nothing: it is `v`.
    pub lookup: Option<usize>,
}

/// The tables of a mechanism.
#[derive(Debug, Default)]
pub struct Tables {
    /// Definitions that are looked up.
    pub looked: HashMap<VarId, Looked>,
    /// Range and number of columns of each.
    pub ranges: Vec<(Table, usize)>,
    /// Those of them that were read from files.
    samples: HashMap<usize, Arc<[f64]>>,
    /// Tables that the mechanism was given, by their numbers, and the variables that stand for them.
    curves: HashMap<usize, Arc<Curve>>,
    given: HashMap<VarId, u16>,
    /// What stands in the columns, all tables one after the other, as functions of `v`.
    pub contents: Vec<Expr>,
}

impl Tables {
    /// Those that the mechanism has with these inputs; none where tables are off. What does not depend on its argument and constants alone is computed exactly.
    pub fn of(mechanism: &Mechanism, on: bool, mode: &dyn Fn(Input) -> Mode) -> Tables {
        let mut tables = Tables::default();
        for (at, lookup) in mechanism.lookups.iter().enumerate() {
            if let Some(samples) = &lookup.samples {
                tables.samples.insert(tables.ranges.len(), samples.clone());
                tables.add(lookup.range, Some(at), &lookup.outputs);
            }
        }
        for (id, variable) in (0..).map(VarId).zip(&mechanism.variables) {
            if let VariableKind::Table { curve: Some(curve), .. } = &variable.kind {
                tables.given.insert(id, tables.ranges.len() as u16);
                tables.curves.insert(tables.ranges.len(), curve.clone());
                tables.ranges.push((Table { lo: 0.0, hi: 1.0, intervals: 1 }, 0));
            }
        }
        if !on {
            return tables;
        }
        if let Some(range) = mechanism.table {
            let list: Vec<(VarId, Expr)> = tabulated(mechanism).into_iter().map(|id| (id, Expr::Var(Var::Own(id)))).collect();
            tables.add(range, None, &list);
        }
        for (at, lookup) in mechanism.lookups.iter().enumerate() {
            let switched_off = |id: VarId| !matches!(mode(Input::Variable(id)), Mode::Fixed(on) if on != 0.0);
            if lookup.switch.is_some_and(switched_off) {
                continue;
            }
            if lookup.samples.is_none() && lookup.outputs.iter().all(|(_, content)| is_fixed(mechanism, content, mode)) {
                tables.add(lookup.range, Some(at), &lookup.outputs);
            }
        }
        tables
    }

    fn add(&mut self, range: Table, lookup: Option<usize>, list: &[(VarId, Expr)]) {
        for part in list.chunks(COLUMNS) {
            let table = self.ranges.len() as u16;
            self.ranges.push((range, part.len()));
            for (column, (id, content)) in part.iter().enumerate() {
                self.looked.insert(*id, Looked { table, column: column as u8, lookup });
                self.contents.push(content.clone());
            }
        }
    }

    /// The number of a table that the mechanism was given.
    pub fn given(&self, id: VarId) -> Option<u16> {
        self.given.get(&id).copied()
    }

    /// How many columns a table has.
    pub fn columns(&self, table: u16) -> usize {
        self.ranges.get(usize::from(table)).map_or(0, |(_, columns)| *columns)
    }
}

/// Whether a value depends on `v` and on what is the same for all instances through a run alone.
fn is_fixed(mechanism: &Mechanism, value: &Expr, mode: &dyn Fn(Input) -> Mode) -> bool {
    let foreign = |x: Var| match x {
        Var::Own(id) => {
            let is_given = matches!(mechanism.variables.get(id.index()).map(|v| &v.kind), Some(VariableKind::Param { .. }));
            let fixed = is_given && matches!(mode(Input::Variable(id)), Mode::Fixed(_));
            !fixed && algebra::definition(mechanism, id).is_none()
        }
        Var::Known(k) => !matches!(k, Known::V | Known::Celsius | Known::Dt),
        Var::Local(_) => false,
        _ => true,
    };
    !algebra::mentions(mechanism, value, &foreign) && !algebra::draws(mechanism, value)
}

/// Lets that depend on `v`, constants and the temperature alone and are used outside such lets, in order of declaration.
fn tabulated(mechanism: &Mechanism) -> Vec<VarId> {
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

/// What the programs look up. `exact` are the values of [`Tables::contents`].
///
/// # Errors
/// A value that is not a function of `v` alone after all.
pub fn build(tables: &Tables, bound: &Rooted, exact: &[NodeId], span: Span) -> Result<Vec<TableData>, KernelError> {
    let mut first = 0;
    let mut all = Vec::with_capacity(tables.ranges.len());
    for (number, (range, columns)) in tables.ranges.iter().enumerate() {
        let columns = exact.get(first..first + columns).unwrap_or_default();
        first += columns.len();
        if let Some(curve) = tables.curves.get(&number) {
            all.push(TableData { lo: 0.0, scale: 0.0, n: 0, rows: Vec::new(), curve: Some(curve.clone()) });
            continue;
        }
        all.push(match tables.samples.get(&number) {
            Some(samples) => of_samples(range, samples),
            None => entries(range, bound, columns, span)?,
        });
    }
    Ok(all)
}

/// The table of a file.
fn of_samples(table: &Table, samples: &[f64]) -> TableData {
    let row = |x: &f64| TableRow([*x, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]);
    let rows = samples.iter().chain(samples.last()).map(row).collect();
    TableData { lo: table.lo, scale: table.intervals as f64 / (table.hi - table.lo), n: table.intervals, rows, curve: None }
}

fn entries(table: &Table, bound: &Rooted, columns: &[NodeId], span: Span) -> Result<TableData, KernelError> {
    let step = (table.hi - table.lo) / table.intervals as f64;
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
    Ok(TableData { lo: table.lo, scale: 1.0 / step, n: table.intervals, rows, curve: None })
}
