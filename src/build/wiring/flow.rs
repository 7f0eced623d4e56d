//! Connections of values: what flows into whose input. Cells that take part advance together, stage by stage.

use super::{Wiring, no_port};
use crate::build::column::Column;
use crate::build::draft::{Draft, Making};
use crate::build::group::{self, Group};
use crate::build::range::{self, Told, not_a_number};
use crate::build::scope::Around;
use crate::build::statement::Statement;
use crate::build::streams::Drawn;
use bouton_engine::kernel::method::adaptive::Tolerance;
use bouton_engine::kernel::method::explicit::Explicit;
use bouton_engine::kernel::{Input, Place, Solving};
use bouton_engine::plan::{Class, Drive, Probe, ProbeValue, Values};
use bouton_model::ir::{CellId, Connection, Edge, Port, Program, Solver, Source, Span, VarId, VariableKind};
use bouton_syntax::diagnostic::{Code, Diagnostic};
use std::collections::HashMap;

/// Class, lane and variable, before pools are made.
pub(super) type End = (usize, u32, VarId);

/// A value that flows.
struct Flowing {
    from: End,
    to: End,
    weight: f64,
    /// ms
    delay: f64,
    /// The statement.
    span: Span,
}

/// All of them.
#[derive(Default)]
pub struct Flows {
    all: Vec<Flowing>,
}

/// How cells of equations advance.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stepping {
    /// What the script says.
    pub solver: Option<Solver>,
    /// Of steps of their own.
    pub tolerance: Tolerance,
}

impl Stepping {
    /// Of cells that are by themselves.
    pub fn alone(self) -> Solving {
        self.with(Solving::Own, Solving::Whole)
    }

    /// Whether steps are those of the simulation.
    fn is_fixed(self) -> bool {
        !matches!(self.solver, Some(Solver::Dopri5 | Solver::Rosenbrock))
    }

    /// Of those that hear of others.
    fn together(self) -> Solving {
        self.with(Solving::Stages(Explicit::Rk4), Solving::Stages)
    }

    fn with(self, none: Solving, fixed: impl Fn(Explicit) -> Solving) -> Solving {
        match self.solver {
            None => none,
            Some(Solver::Euler) => fixed(Explicit::Euler),
            Some(Solver::Heun) => fixed(Explicit::Heun),
            Some(Solver::Rk4) => fixed(Explicit::Rk4),
            Some(Solver::Dopri5 | Solver::Rosenbrock) => Solving::Adaptive(self.tolerance),
        }
    }
}

impl Wiring<'_> {
    /// What a statement lets flow.
    ///
    /// # Errors
    /// A target without such an input.
    pub(super) fn flows(&mut self, statement: &Statement, connection: &Connection, drawn: &Drawn) -> Result<(), Told> {
        let stepping = self.making.world.constants.stepping;
        let inputs: Vec<(CellId, VarId)> =
            connection.ports.iter().filter_map(|(cell, port)| input_of(port).map(|input| (*cell, input))).collect();
        let inlets = self.part(&inputs, stepping, |draft, variable| draft.drives_input(variable));
        let program = self.making.program;
        let outlets = match connection.source {
            Source::Cells(_) => self.part(&connection.outputs, stepping, |draft, variable| draft.shows(program, variable)),
            Source::Generator { .. } => HashMap::new(),
        };
        let mut ends = Vec::with_capacity(drawn.len());
        drawn.each_end(|pre, post| ends.push((pre, post)));
        let generator = matches!(connection.source, Source::Generator { .. });
        if generator && !ends.is_empty() {
            self.show_last(connection);
        }
        let mut pairs = Vec::with_capacity(ends.len());
        for (k, (pre, post)) in ends.iter().enumerate() {
            let (from, to) = match generator {
                true => ((self.drafts.len() + self.generators.len() - 1, k as u32), self.lane(statement, *post)?),
                false => (self.lane(statement, *pre)?, self.lane(statement, *post)?),
            };
            let output = if generator { connection.outputs.first().map(|(_, id)| id) } else { outlets.get(&from.0) };
            let (Some(output), Some(input)) = (output, inlets.get(&to.0)) else { return Err(no_port(statement)) };
            pairs.push(((from.0, from.1, *output), (to.0, to.1, *input)));
        }
        // What stands on a connection takes the delayed value.
        let mut delays = self.delays(connection, drawn)?;
        for edge in &connection.edges {
            let froms = self.edge(statement, connection, edge, (&ends, &drawn.delay))?;
            for (k, ((from, _), through)) in pairs.iter_mut().zip(froms).enumerate() {
                let delay = std::mem::take(&mut delays[k]);
                self.flowing.all.push(Flowing {
                    from: *from,
                    to: (through.0, through.1, edge.source),
                    weight: 1.0,
                    delay,
                    span: connection.span,
                });
                *from = (through.0, through.1, edge.output);
            }
        }
        for (k, (from, to)) in pairs.into_iter().enumerate() {
            self.flowing.all.push(Flowing { from, to, weight: drawn.weight.at(k), delay: delays[k], span: connection.span });
        }
        Ok(())
    }

    /// How long ago the value of each connection is taken (ms); where nothing else is said, at once.
    fn delays(&self, connection: &Connection, drawn: &Drawn) -> Result<Vec<f64>, Told> {
        let Some(delay) = connection.delay.as_ref().filter(|_| matches!(connection.source, Source::Cells(_))) else {
            return Ok(vec![0.0; drawn.len()]);
        };
        let one = |k: usize| match (drawn.delay.at(k), drawn.weight.at(k)) {
            (x, 0.0) => Ok(x),
            (x, _) => self.long_enough(x, delay.span),
        };
        (0..drawn.len()).map(one).collect()
    }

    /// A delay (ms) of some steps, or none.
    fn long_enough(&self, delay: f64, span: Span) -> Result<f64, Told> {
        let constants = self.making.world.constants;
        if delay == 0.0 || delay >= constants.dt * (1.0 - 1e-9) || !constants.stepping.is_fixed() {
            return Ok(delay);
        }
        let message = format!("a delay of {delay} ms is shorter than the step of {} ms", constants.dt);
        let wrong = Diagnostic::new(Code::ValueOutOfRange, span, message);
        Err(Box::new(wrong.help("take a smaller `dt`, no delay, or a solver with steps of its own")))
    }

    /// What cells, mechanisms on connections and stimuli take of their own past.
    ///
    /// # Errors
    /// A delay out of range.
    pub fn pasts(&mut self) -> Result<(), Told> {
        let Making { program, world, .. } = self.making;
        let mut taken = Vec::new();
        for (class, draft) in self.drafts.iter_mut().chain(&mut self.generators).enumerate() {
            let Some(own) = draft.own.clone() else { continue };
            let Some(mechanism) = program.mechanisms.get(own.mechanism.index()) else { continue };
            for past in &mechanism.pasts {
                draft.solving = world.constants.stepping.together();
                draft.drives_input(past.input);
                draft.shows(program, past.of);
                let span = mechanism.variables.get(past.delay.index()).map_or(own.span, |one| one.span);
                let delays = group::Values::of(mechanism, &own, (&[], 0), world.constants).column(past.delay)?;
                for lane in 0..draft.names.len() {
                    let delay = range::DELAY.not_negative(delays.at(lane), span)?;
                    let (from, to) = ((class, lane as u32, past.of), (class, lane as u32, past.input));
                    taken.push((Flowing { from, to, weight: 1.0, delay, span }, span));
                }
            }
        }
        for (flowing, span) in taken {
            self.long_enough(flowing.delay, span)?;
            self.flowing.all.push(flowing);
        }
        Ok(())
    }

    fn lane(&self, statement: &Statement, cell: u32) -> Result<(usize, u32), Told> {
        self.classes.lane(self.making.world.cells, cell).ok_or_else(|| no_port(statement))
    }

    /// What the last of the stimuli shows.
    fn show_last(&mut self, connection: &Connection) {
        let program = self.making.program;
        if let (Some(draft), Some((_, output))) = (self.generators.last_mut(), connection.outputs.first()) {
            draft.solving = self.making.world.constants.stepping.together();
            draft.shows(program, *output);
        }
    }

    /// The instances of a mechanism on connections, one for each: class and lane.
    fn edge(
        &mut self,
        statement: &Statement,
        connection: &Connection,
        edge: &Edge,
        (ends, delays): (&[(u32, u32)], &Values),
    ) -> Result<Vec<(usize, u32)>, Told> {
        let Making { program, world, .. } = self.making;
        let stepping = world.constants.stepping;
        if ends.is_empty() {
            return Ok(Vec::new());
        }
        let mut settings = Vec::new();
        for setting in &edge.settings {
            let value = |(pre, post): &(u32, u32)| {
                let mut around = Around { world, pre: Some(*pre), post: Some(*post), row: None, draws: None };
                let x = around.number(&setting.value)?;
                if x.is_nan() { Err(not_a_number("", x, setting.value.span)) } else { Ok(x) }
            };
            settings.push((setting.variable, Column::of(ends.iter().map(value).collect::<Result<_, _>>()?)));
        }
        settings.extend(edge.delay.map(|id| (id, Column::of((0..ends.len()).map(|k| delays.at(k)).collect()))));
        let mechanism = program.mechanisms.get(edge.mechanism.index()).map_or("", |one| &one.name);
        let name = |(pre, post): &(u32, u32)| format!("{mechanism} of {} -> {}", world.cells.name(*pre), world.cells.name(*post));
        let names = ends.iter().map(name).collect();
        let group = Group { mechanism: edge.mechanism, label: String::new(), settings, section: 0, span: connection.span };
        let running = (mechanism.to_owned(), statement.identity.clone());
        let cells = ends.iter().map(|(_, post)| *post).collect();
        let mut draft = Draft::free(mechanism, names, cells, Vec::new(), group, running);
        draft.solving = stepping.together();
        draft.drives_input(edge.source);
        draft.shows(program, edge.output);
        edge.wires.iter().for_each(|wire| draft.drives_input(wire.input));
        let class = self.drafts.len() + self.generators.len();
        self.generators.push(draft);
        for wire in &edge.wires {
            let outlets = self.part(&wire.of, stepping, |draft, variable| draft.shows(program, variable));
            for (lane, (pre, post)) in (0..).zip(ends) {
                let (from, of) = self.lane(statement, if wire.of_sender { *pre } else { *post })?;
                let output = *outlets.get(&from).ok_or_else(|| no_port(statement))?;
                self.flowing.all.push(Flowing {
                    from: (from, of, output),
                    to: (class, lane, wire.input),
                    weight: 1.0,
                    delay: 0.0,
                    span: connection.span,
                });
            }
        }
        Ok((0..ends.len() as u32).map(|lane| (class, lane)).collect())
    }

    /// The variable of each class that takes part, which is told so.
    fn part(
        &mut self,
        variables: &[(CellId, VarId)],
        stepping: Stepping,
        tell: impl Fn(&mut Draft, VarId),
    ) -> HashMap<usize, VarId> {
        let mut of_class = HashMap::new();
        for (cell, variable) in variables {
            for class in self.classes.classes(*cell) {
                if let Some(draft) = self.drafts.get_mut(*class) {
                    draft.solving = stepping.together();
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
    /// What flows without a delay, and by which statement.
    pub(super) fn at_once(&self) -> impl Iterator<Item = (End, End, Span)> {
        self.all.iter().filter(|one| one.delay == 0.0).map(|one| (one.from, one.to, one.span))
    }

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
            Some(Drive { source, class: to as u16, pool: 0, input, instance: lane, weight: flow.weight, delay: flow.delay })
        };
        self.all.iter().filter_map(link).collect()
    }
}

/// The row of an input that is driven.
fn driven(code: &bouton_engine::kernel::MechanismCode, variable: VarId) -> Option<Place> {
    code.inputs.iter().find(|(input, _)| *input == Input::Driven(variable)).map(|(_, row)| Place::Row(*row))
}
