//! Connections of values: what flows into whose input. Cells that take part advance together, stage by stage.

use super::{Wiring, no_port};
use crate::build::draft::Draft;
use crate::build::range::Told;
use crate::build::statement::Statement;
use crate::build::streams::Drawn;
use bouton_engine::kernel::method::explicit::Explicit;
use bouton_engine::kernel::{Input, Place, Solving};
use bouton_engine::plan::{Class, Drive, Probe, ProbeValue};
use bouton_model::ir::{CellId, Connection, Port, Program, Solver, VarId, VariableKind};
use std::collections::HashMap;

/// A value that flows, before pools are made: class, lane and variable of both ends.
struct Flowing {
    from: (usize, u32, VarId),
    to: (usize, u32, VarId),
    weight: f64,
}

/// All of them.
#[derive(Default)]
pub struct Flows {
    all: Vec<Flowing>,
}

/// How cells of equations advance that are by themselves.
pub fn alone(solver: Option<Solver>) -> Solving {
    solver.map_or(Solving::Own, |solver| Solving::Whole(explicit(solver)))
}

/// How those advance that hear of others.
fn together(solver: Option<Solver>) -> Solving {
    Solving::Stages(solver.map_or(Explicit::Rk4, explicit))
}

fn explicit(solver: Solver) -> Explicit {
    match solver {
        Solver::Euler => Explicit::Euler,
        Solver::Heun => Explicit::Heun,
        Solver::Rk4 => Explicit::Rk4,
    }
}

impl Wiring<'_> {
    /// What a statement lets flow.
    ///
    /// # Errors
    /// A target without such an input.
    pub(super) fn flows(&mut self, statement: &Statement, connection: &Connection, drawn: &Drawn) -> Result<(), Told> {
        let solver = self.making.program.simulation.solver;
        let inputs: Vec<(CellId, VarId)> =
            connection.ports.iter().filter_map(|(cell, port)| input_of(port).map(|input| (*cell, input))).collect();
        let inlets = self.part(&inputs, solver, |draft, variable| draft.drives_input(variable));
        let program = self.making.program;
        let outlets = self.part(&connection.outputs, solver, |draft, variable| draft.shows(program, variable));
        let mut ends = Vec::with_capacity(drawn.len());
        drawn.each_end(|pre, post| ends.push((pre, post)));
        for (k, (pre, post)) in ends.into_iter().enumerate() {
            let lane = |cell: u32| self.classes.lane(self.making.world.cells, cell).ok_or_else(|| no_port(statement));
            let ((from, pre), (to, post)) = (lane(pre)?, lane(post)?);
            let (Some(output), Some(input)) = (outlets.get(&from), inlets.get(&to)) else { return Err(no_port(statement)) };
            self.flowing.all.push(Flowing { from: (from, pre, *output), to: (to, post, *input), weight: drawn.weight.at(k) });
        }
        Ok(())
    }

    /// The variable of each class that takes part, which is told so.
    fn part(
        &mut self,
        variables: &[(CellId, VarId)],
        solver: Option<Solver>,
        tell: impl Fn(&mut Draft, VarId),
    ) -> HashMap<usize, VarId> {
        let mut of_class = HashMap::new();
        for (cell, variable) in variables {
            for class in self.classes.classes(*cell) {
                if let Some(draft) = self.drafts.get_mut(*class) {
                    draft.solving = together(solver);
                    tell(draft, *variable);
                    of_class.insert(*class, *variable);
                }
            }
        }
        of_class
    }
}

impl Draft {
    /// Something drives this input of the cells.
    fn drives_input(&mut self, variable: VarId) {
        if let Some(own) = &self.own {
            self.driven.insert((own.mechanism, variable));
        }
    }

    /// Others are driven by this variable of the cells.
    fn shows(&mut self, program: &Program, variable: VarId) {
        let Some(own) = &self.own else { return };
        let declared = program.mechanisms.get(own.mechanism.index()).and_then(|m| m.variables.get(variable.index()));
        if declared.is_some_and(|one| matches!(one.kind, VariableKind::Let { .. })) {
            self.shown.insert((own.mechanism, variable));
        }
    }
}

fn input_of(port: &Port) -> Option<VarId> {
    if let Port::Input { input } = port { Some(*input) } else { None }
}

impl Flows {
    /// Who drives whom, now that pools are made.
    pub fn links(&self, classes: &[Class]) -> Vec<Drive> {
        let link = |flow: &Flowing| {
            let ((from, pre, output), (to, lane, input)) = (flow.from, flow.to);
            let source = &classes.get(from)?.pools.first()?.code;
            let value = match source.value(output).or_else(|| driven(source, output))? {
                Place::Fixed(x) => ProbeValue::Fixed(x),
                Place::Row(row) => ProbeValue::Row { pool: 0, row, instance: pre },
            };
            let inputs = &classes.get(to)?.pools.first()?.code.inputs;
            let input = inputs.iter().position(|(known, _)| *known == Input::Driven(input))? as u16;
            let source = Probe { class: from as u16, value };
            Some(Drive { source, class: to as u16, pool: 0, input, instance: lane, weight: flow.weight })
        };
        self.all.iter().filter_map(link).collect()
    }
}

/// The row of an input that is driven.
fn driven(code: &bouton_engine::kernel::MechanismCode, variable: VarId) -> Option<Place> {
    code.inputs.iter().find(|(input, _)| *input == Input::Driven(variable)).map(|(_, row)| Place::Row(*row))
}
