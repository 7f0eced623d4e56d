//! Values by which others are driven: definitions, computed at every exchange. Like what is recorded they have a program of their own, over a graph
//! of their own.

use super::graph::Graph;
use super::lower::Lowering;
use super::observe::program;
use super::rewrite::{Rooted, bind, contract, reciprocals, share};
use super::table::Tables;
use super::{Advance, Input, KernelError, MechanismCode, Mode, Place, Setting};
use crate::vm::program::{Operand, Program, Uniform};
use bouton_model::algebra;
use bouton_model::ir::{Expr, Mechanism, Var, VarId, VariableKind};

/// The program that computes shown definitions, and their rows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Shown {
    /// Writes all of them.
    pub program: Option<Program>,
    /// The row of each, and the rows of the driven inputs on which it depends.
    pub rows: Vec<(u16, Vec<u16>)>,
}

/// Adds rows and a program for these definitions to the code of a mechanism that was compiled with the same setting and modes.
///
/// # Errors
/// Something that no kernel can compute.
pub fn show(
    code: &mut MechanismCode,
    mechanism: &Mechanism,
    setting: &Setting,
    mode: &dyn Fn(Input) -> Mode,
    wanted: &[VarId],
) -> Result<(), KernelError> {
    let list: Vec<VarId> = wanted.iter().copied().filter(|id| code.value(*id).is_none()).collect();
    if list.is_empty() {
        return Ok(());
    }
    let tables = Tables::of(mechanism, setting.tables, mode);
    let mut graph = Graph::default();
    let mut lowering = Lowering::new(mechanism, &mut graph, &tables);
    let own = |id: VarId| Expr::Var(Var::Own(id));
    let roots = list.iter().map(|id| lowering.expr_at(&own(*id), mechanism.span)).collect::<Result<Vec<_>, _>>()?;
    let bound = bind(&contract(&reciprocals(&share(&Rooted::of(graph, roots), mode))), setting, mode);
    let time = match &code.advance {
        // Such cells have a time of their own.
        Advance::Adaptive(adaptive) => Operand::Row(adaptive.rows.time),
        _ => Operand::Uniform(Uniform::T),
    };
    let program = program(code, &tables, &bound, &list, time);
    let inputs: Vec<(VarId, u16)> = (0..)
        .map(VarId)
        .zip(&mechanism.variables)
        .filter(|(_, v)| matches!(v.kind, VariableKind::Input { .. }))
        .filter_map(|(id, _)| code.inputs.iter().find(|(input, _)| *input == Input::Driven(id)).map(|(_, row)| (id, *row)))
        .collect();
    let mut rows = Vec::new();
    for id in &list {
        let Some(Place::Row(row)) = code.value(*id) else { continue };
        let depends = |(input, _): &&(VarId, u16)| algebra::depends_on(mechanism, &own(*id), Var::Own(*input));
        rows.push((row, inputs.iter().filter(depends).map(|(_, row)| *row).collect()));
    }
    code.shown = Shown { program: Some(program), rows };
    Ok(())
}
