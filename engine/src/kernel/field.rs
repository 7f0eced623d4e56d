//! The vector field of cells of equations: slopes of all states, and their exact derivatives by states and by what drives the cell. Like what is recorded
//! they have a program of their own, over a graph of their own.

use super::derive::derivatives;
use super::graph::{Graph, Leaf, Node, NodeId};
use super::lower::Lowering;
use super::method::sparse;
use super::observe::rows;
use super::rewrite::{Rooted, bind, contract, reciprocals, share};
use super::table::Tables;
use super::{Input, KernelError, MechanismCode, Mode, Place, Setting};
use crate::vm::program::{Operand, Program, Uniform};
use bouton_model::ir::{Expr, HandlerKind, Mechanism, MechanismKind, Var, VarId, VariableKind};

/// The program of a field and its rows. Numbers of what is derived by are those of the states, then those of the inputs.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// Writes all rows.
    pub program: Program,
    /// Names and rows of the states that have an equation.
    pub states: Vec<(String, u16)>,
    /// Rows of the inputs that are driven.
    pub inputs: Vec<u16>,
    /// The slope of each state.
    pub slopes: Vec<Partial>,
    /// Each definition by which others are driven.
    pub shown: Vec<Partial>,
}

/// A value and its derivatives.
#[derive(Clone, Debug, PartialEq)]
pub struct Partial {
    /// Its row.
    pub row: u16,
    /// By what, and the row; those that are left out are 0.
    pub by: Vec<(usize, u16)>,
}

/// Adds rows and a program for the field to the code of a mechanism that was compiled with the same setting and modes.
///
/// # Errors
/// Something that no kernel can compute, or that has no derivative.
pub fn field(
    code: &mut MechanismCode,
    mechanism: &Mechanism,
    setting: &Setting,
    mode: &dyn Fn(Input) -> Mode,
) -> Result<(), KernelError> {
    if mechanism.kind != MechanismKind::Free {
        return Ok(());
    }
    refuse(mechanism)?;
    let tables = Tables::of(mechanism, setting.tables, mode);
    let mut graph = Graph::default();
    let mut lowering = Lowering::new(mechanism, &mut graph, &tables);
    let shown: Vec<VarId> = of_rows(code, &code.shown.rows.iter().map(|(row, _)| *row).collect::<Vec<_>>());
    let slopes = mechanism.equations.iter().map(|e| lowering.expr_at(&e.rate, e.span));
    let mut values: Vec<NodeId> = slopes.collect::<Result<_, _>>()?;
    for id in &shown {
        values.push(lowering.expr_at(&Expr::Var(Var::Own(*id)), mechanism.span)?);
    }
    if graph.nodes().iter().any(|node| matches!(node, Node::Draw { .. } | Node::Poisson { .. })) {
        return Err(none(mechanism, "it draws random numbers"));
    }
    let states: Vec<(VarId, u16)> =
        mechanism.equations.iter().filter_map(|e| Some((e.state, row(code.value(e.state)?)?))).collect();
    let inputs: Vec<(VarId, u16)> = (0..)
        .map(VarId)
        .zip(&mechanism.variables)
        .filter(|(_, v)| matches!(v.kind, VariableKind::Input { .. }))
        .filter_map(|(id, _)| code.inputs.iter().find(|(input, _)| *input == Input::Driven(id)).map(|(_, row)| (id, *row)))
        .collect();
    let leaves =
        states.iter().map(|(id, _)| Leaf::State(*id)).chain(inputs.iter().map(|(id, _)| Leaf::Input(Input::Driven(*id))));
    let (mut roots, mut places) = (values.clone(), Vec::new());
    for (number, leaf) in leaves.enumerate() {
        let found = derivatives(&mut graph, &values, leaf);
        let found = found.map_err(|message| KernelError { message, span: mechanism.span })?;
        for (value, slope) in found.into_iter().enumerate() {
            let Some(slope) = slope else { continue };
            places.push((value, number, roots.len()));
            roots.push(slope);
        }
    }
    let bound = bind(&contract(&reciprocals(&share(&Rooted::of(graph, roots), mode))), setting, mode);
    let (program, rows) = rows(code, &tables, &bound, Operand::Uniform(Uniform::T));
    let by = |value: usize| places.iter().filter(|p| p.0 == value).map(|p| (p.1, rows[p.2])).collect();
    let mut all: Vec<Partial> = (0..values.len()).map(|value| Partial { row: rows[value], by: by(value) }).collect();
    for (partial, id) in all[states.len()..].iter_mut().zip(&shown) {
        partial.row = code.value(*id).and_then(row).unwrap_or(partial.row);
    }
    let shown = all.split_off(states.len());
    let name = |id: VarId| mechanism.variables.get(id.index()).map_or_else(String::new, |v| v.name.to_string());
    code.field = Some(Field {
        program,
        states: states.into_iter().map(|(id, row)| (name(id), row)).collect(),
        inputs: inputs.into_iter().map(|(_, row)| row).collect(),
        slopes: all,
        shown,
    });
    Ok(())
}

/// What changes states in other ways than by equations has no field.
fn refuse(mechanism: &Mechanism) -> Result<(), KernelError> {
    let error = |why: &str| Err(none(mechanism, why));
    match () {
        () if !sparse::states(&mechanism.kinetic).is_empty() => error("it has a kinetic scheme"),
        () if mechanism.handlers.iter().any(|h| h.kind == HandlerKind::Step) => error("it changes at every step"),
        () if !mechanism.ahead.is_empty() || !mechanism.after.is_empty() => error("its states are set at each step"),
        () => Ok(()),
    }
}

fn none(mechanism: &Mechanism, why: &str) -> KernelError {
    KernelError { message: format!("`{}` has no steady state: {why}", mechanism.name), span: mechanism.span }
}

fn row(place: Place) -> Option<u16> {
    if let Place::Row(row) = place { Some(row) } else { None }
}

/// The variables in these rows.
fn of_rows(code: &MechanismCode, rows: &[u16]) -> Vec<VarId> {
    rows.iter().filter_map(|row| code.values.iter().find(|(_, place)| *place == Place::Row(*row)).map(|(id, _)| *id)).collect()
}
