//! Values that nothing needs but a record: lets and currents. They have a program of their own, over a graph of their own, so that what is recorded
//! changes no bit of anything else, and what is not recorded costs nothing.

use super::emit::{Sink, emit};
use super::graph::{Graph, Leaf, Node, NodeId};
use super::lower::Lowering;
use super::rewrite::{Rooted, bind, contract, reciprocals, share};
use super::table::Tables;
use super::{Input, KernelError, MechanismCode, Mode, Place, Setting};
use crate::vm::program::{NodeRow, Operand, Program, Uniform};
use bouton_model::algebra;
use bouton_model::ir::{Expr, Mechanism, Var, VarId, VariableKind};
use std::collections::BTreeMap;

/// Programs that write recorded lets and currents to rows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Observed {
    /// Currents and what they are computed of, as they are in a step: run with the currents. A sample at the end of the step sees them a step late.
    pub lagging: Option<Program>,
    /// The rows that it writes.
    pub lagging_rows: Vec<u16>,
    /// Everything else: run when a sample is taken.
    pub present: Option<Program>,
    /// The rows that it writes.
    pub present_rows: Vec<u16>,
    /// The first row that is there for records only, if there is one.
    pub first_row: Option<u16>,
}

/// Adds rows and programs for these variables to the code of a mechanism that was compiled with the same setting and modes.
///
/// # Errors
/// Something that no kernel can compute.
pub fn observe(
    code: &mut MechanismCode,
    mechanism: &Mechanism,
    setting: &Setting,
    mode: &dyn Fn(Input) -> Mode,
    wanted: &[VarId],
) -> Result<(), KernelError> {
    let (late, present): (Vec<VarId>, Vec<VarId>) = wanted
        .iter()
        .filter(|id| code.value(**id).is_none() && shared_row(code, **id).is_none())
        .partition(|id| is_of_currents(mechanism, **id));
    let tables = Tables::of(mechanism, setting.tables, mode);
    let mut observed = Observed { first_row: Some(code.rows), ..Observed::default() };
    for (list, is_late) in [(late, true), (present, false)] {
        if list.is_empty() {
            continue;
        }
        let mut graph = Graph::default();
        let mut lowering = Lowering::new(mechanism, &mut graph, &tables);
        let value = |id: &VarId| lowering.expr_at(&Expr::Var(Var::Own(*id)), mechanism.span);
        let roots = list.iter().map(value).collect::<Result<Vec<_>, _>>()?;
        let bound = bind(&contract(&reciprocals(&share(&Rooted::of(graph, roots), mode))), setting, mode);
        let program = program(code, &tables, &bound, &list, Operand::Uniform(Uniform::T));
        let rows = list.iter().filter_map(|id| row_of(code, *id)).collect();
        match is_late {
            true => (observed.lagging, observed.lagging_rows) = (Some(program), rows),
            false => (observed.present, observed.present_rows) = (Some(program), rows),
        }
    }
    code.observed = observed;
    Ok(())
}

fn row_of(code: &MechanismCode, id: VarId) -> Option<u16> {
    match code.value(id)? {
        Place::Row(row) => Some(row),
        Place::Fixed(_) => None,
    }
}

fn shared_row(code: &MechanismCode, id: VarId) -> Option<u16> {
    code.shared.iter().find(|(known, _)| *known == id).map(|(_, row)| *row)
}

/// Where programs find what is shared with other mechanisms.
fn shared(code: &MechanismCode, id: VarId) -> Option<Operand> {
    let shared = shared_row(code, id)?;
    let mirror = code.mirrors.iter().find(|m| m.shared == shared && !m.adds);
    Some(mirror.map_or(Operand::Shared(shared), |m| Operand::Row(m.row)))
}

/// Whether a variable is a current, or one that a current is computed of.
fn is_of_currents(mechanism: &Mechanism, id: VarId) -> bool {
    let is_current = matches!(mechanism.variables.get(id.index()).map(|v| &v.kind), Some(VariableKind::Current { .. }));
    is_current || mechanism.currents.iter().any(|c| algebra::depends_on(mechanism, &c.value, Var::Own(id)))
}

/// Gives the values rows behind all others, and inputs that nothing else of the mechanism needs as well.
pub(super) fn program(code: &mut MechanismCode, tables: &Tables, bound: &Rooted, list: &[VarId], time: Operand) -> Program {
    let (program, rows) = rows(code, tables, bound, time);
    code.values.extend(list.iter().copied().zip(rows.into_iter().map(Place::Row)));
    program
}

/// A program that writes all wanted values to rows behind all others, and these rows.
pub(super) fn rows(code: &mut MechanismCode, tables: &Tables, bound: &Rooted, time: Operand) -> (Program, Vec<u16>) {
    let mut inputs: BTreeMap<Input, u16> = code.inputs.iter().copied().collect();
    for node in bound.graph.nodes() {
        if let Node::Leaf(Leaf::Input(input)) = node
            && !inputs.contains_key(input)
        {
            inputs.insert(*input, code.rows);
            code.inputs.push((*input, code.rows));
            code.rows += 1;
        }
    }
    let mut sinks: Vec<(Sink, NodeId)> = Vec::new();
    for root in &bound.roots {
        sinks.push((Sink::Row(code.rows), *root));
        code.rows += 1;
    }
    let written = sinks.iter().filter_map(|(sink, _)| if let Sink::Row(row) = sink { Some(*row) } else { None }).collect();
    let places = &*code;
    let place = |id: NodeId| {
        let Node::Leaf(leaf) = bound.graph.node(id) else { return None };
        match leaf {
            Leaf::Input(input) => inputs.get(&input).map(|row| Operand::Row(*row)),
            Leaf::State(id) => shared(places, id).or_else(|| row_of(places, id).map(Operand::Row)),
            Leaf::Shared(id) => shared(places, id),
            Leaf::V => Some(match places.scattered {
                Some(scattered) => Operand::Row(scattered.v),
                None => Operand::Node(NodeRow::V),
            }),
            Leaf::T => Some(time),
            // Arguments belong to events, some leaves to methods; the others are constants by now.
            Leaf::Argument(_)
            | Leaf::Old(_)
            | Leaf::Active
            | Leaf::Slopes(_)
            | Leaf::Kept(_)
            | Leaf::Diffused(_)
            | Leaf::Dt
            | Leaf::Celsius => None,
        }
    };
    (emit(&bound.graph, &sinks, &place, &|table| tables.columns(table)), written)
}
