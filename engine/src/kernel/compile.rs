//! Jobs become a mechanism's code: rows are given to what is stored, inputs are bound, programs are written.

mod additive;

use super::emit::{Sink, emit};
use super::graph::{Leaf, Node, NodeId, operands};
use super::jobs::{Goal, Job, Jobs, Kind, jobs};
use super::method::adaptive::{self, Adaptive, BENDS, Keep, StateRows, Steps};
use super::method::derivimplicit::Newton;
use super::method::sparse::{self, Iterated};
use super::rewrite::{Rooted, bind, contract, invariants, reciprocals, share};
use super::table::Tables;
use super::{
    Advance, Common, ConditionCode, ConnectionCode, Diffusion, Effect, HandlerCode, Input, KernelError, MechanismCode, Mirror,
    Mode, Observed, Part, Place, Scattered, Setting, Shown, Solving, StepCode, table,
};
use crate::vm::program::{NodeRow, Op, Operand, Program, TableData, Uniform};
use bouton_model::ir::{CurrentKind, HandlerKind, Mechanism, Method, VarId, Variable, VariableKind, WritePhase};
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn compile(
    mechanism: &Mechanism,
    setting: &Setting,
    mode: &dyn Fn(Input) -> Mode,
) -> Result<MechanismCode, KernelError> {
    let Jobs { rooted, list, tables: looked, own_handlers } = jobs(mechanism, setting, mode)?;
    let bound = bind(&contract(&reciprocals(&share(&rooted, mode))), setting, mode);
    let rows = Rows::of(mechanism, setting, mode, &bound, &list);
    let tables = tables(mechanism, &looked, &bound, &list)?;
    let w = Writer { mechanism, setting, bound: &bound, rows: &rows, tables: &looked };
    let prepare = w.prepare();
    let mut code = MechanismCode {
        name: mechanism.name.to_string(),
        rows: rows.count,
        inputs: rows.inputs.iter().map(|(i, r)| (*i, *r)).collect(),
        values: rows.values(mechanism, mode),
        shared: shared(mechanism, mode),
        mirrors: rows.mirrors.clone(),
        common: rows.common(mechanism),
        states: rows
            .states
            .iter()
            .filter(|(id, _)| !rows.shared.contains_key(&Input::Variable(**id)))
            .filter_map(|(id, r)| Some((mechanism.variables.get(id.index())?.name.to_string(), *r)))
            .collect(),
        prepare,
        init: Program::default(),
        current: None,
        steady: None,
        scattered: setting.scattered.then_some(rows.scattered),
        advance: Advance::None,
        diffusion: None,
        publish: None,
        turns: mechanism.acts_by_turns(),
        writes_shared: mechanism.writes.iter().any(|w| w.phase == WritePhase::States),
        follows: mechanism.writes.iter().any(|w| w.phase == WritePhase::Currents),
        conditions: Vec::new(),
        handlers: Vec::new(),
        start: None,
        step: None,
        tables,
        hears: mechanism.reached().position(|(_, h)| h.kind == HandlerKind::Spike).map(|n| n as u16),
        observed: Observed::default(),
        shown: Shown::default(),
        field: None,
        connections: None,
        electrode: mechanism.currents.iter().any(|c| c.kind == CurrentKind::Electrode),
        draws: false,
        spikes: false,
        times: Vec::new(),
        moves: Vec::new(),
        flags: mechanism.has_flags(),
    };
    for job in &list {
        w.job(job, own_handlers, &mut code);
    }
    let at_events = || code.handlers.iter().chain(&code.start);
    let of_parts = at_events().flat_map(|h| std::iter::once(&h.program).chain(h.parts.iter().map(|p| &p.program)));
    let mut programs = of_parts.chain(code.step.iter().map(|s| &s.program));
    let draws = programs.any(|p| p.code.iter().any(|i| matches!(i.op, Op::Draw | Op::Poisson)));
    let of_parts = || at_events().flat_map(|h| h.effects.iter().chain(h.parts.iter().flat_map(|p| &p.effects)));
    let effects = || of_parts().chain(code.step.iter().flat_map(|s| &s.effects));
    let spikes = effects().any(|e| matches!(e, Effect::Spike { .. }));
    let moved = effects().filter_map(|e| if let Effect::Send { handler, moves: true, .. } = e { Some(*handler) } else { None });
    let moves = moved.collect::<BTreeSet<u16>>().into_iter().collect();
    Ok(MechanismCode { draws, spikes, moves, ..code })
}

fn tables(mechanism: &Mechanism, looked: &Tables, bound: &Rooted, list: &[Job]) -> Result<Vec<TableData>, KernelError> {
    let exact = list.iter().find(|j| j.kind == Kind::Exact).and_then(|j| bound.roots.get(j.first..j.first + j.goals.len()));
    table::build(looked, bound, exact.unwrap_or_default(), mechanism.span)
}

/// The input that a variable is, if it comes from outside.
fn given(id: VarId, kind: &VariableKind) -> Option<Input> {
    match kind {
        VariableKind::Param { .. } | VariableKind::Ion { .. } => Some(Input::Variable(id)),
        VariableKind::Input { .. } => Some(Input::Driven(id)),
        VariableKind::State { .. } | VariableKind::Let { .. } | VariableKind::Current { .. } | VariableKind::Table { .. } => None,
    }
}

/// Which rows a pool has.
struct Rows {
    count: u16,
    inputs: BTreeMap<Input, u16>,
    states: BTreeMap<VarId, u16>,
    /// Where programs find what is shared with other mechanisms: the shared row itself, or a row of the pool that stands for it.
    shared: BTreeMap<Input, Operand>,
    mirrors: Vec<Mirror>,
    /// Values computed once from inputs.
    derived: BTreeMap<NodeId, u16>,
    scattered: Scattered,
    /// Of each condition: now, before.
    conditions: Vec<(u16, u16)>,
    /// Of each equation, for Newton's iteration: rate, old.
    newton: Vec<(u16, u16)>,
    /// Of a scheme's iteration: the states at the step's beginning, and the mask.
    old: BTreeMap<VarId, u16>,
    active: u16,
    /// The sum of slopes over the stages of a step.
    slopes: BTreeMap<VarId, u16>,
    /// Of a method with steps of its own.
    kept: BTreeMap<Keep, u16>,
    /// First of the five rows of each state that diffuses.
    diffusion: BTreeMap<VarId, u16>,
    /// What the end of a step causes, by number of the output.
    step: Vec<u16>,
}

impl Rows {
    fn of(mechanism: &Mechanism, setting: &Setting, mode: &dyn Fn(Input) -> Mode, bound: &Rooted, list: &[Job]) -> Rows {
        let mut next = 0;
        let mut row = || {
            next += 1;
            next - 1
        };
        let ids = || (0..).map(VarId).zip(&mechanism.variables);
        let is_state = |v: &Variable| matches!(v.kind, VariableKind::State { .. });
        let newton = list.iter().any(|j| j.kind == Kind::Rates);
        let iterates = newton || list.iter().any(|j| j.kind == Kind::Round);
        let (mut shared, mut mirrors) = (BTreeMap::new(), Vec::new());
        for (id, v) in ids() {
            for input in [Input::Variable(id), Input::Slope(id)] {
                let Mode::Shared(number) = mode(input) else { continue };
                // An iteration works on rows of the pool.
                let operand = if setting.scattered || (iterates && is_state(v)) {
                    let row = row();
                    mirrors.push(Mirror { row, shared: number, adds: matches!(v.kind, VariableKind::Current { .. }) });
                    Operand::Row(row)
                } else {
                    Operand::Shared(number)
                };
                shared.insert(input, operand);
            }
        }
        let own_row = |id| match shared.get(&Input::Variable(id)) {
            None => Some(None),
            Some(Operand::Row(row)) => Some(Some(*row)),
            Some(_) => None,
        };
        let states: Vec<(VarId, Option<u16>)> =
            ids().filter(|(_, v)| is_state(v)).filter_map(|(id, _)| Some((id, own_row(id)?))).collect();
        let states = states.into_iter().map(|(id, there)| (id, there.unwrap_or_else(&mut row))).collect();
        let mut wanted: Vec<Input> = ids().filter_map(|(id, v)| given(id, &v.kind)).collect();
        wanted
            .extend(bound.graph.nodes().iter().filter_map(|n| if let Node::Leaf(Leaf::Input(i)) = n { Some(*i) } else { None }));
        wanted.retain(|i| mode(*i) == Mode::PerInstance);
        wanted.sort_unstable();
        wanted.dedup();
        let inputs = wanted.into_iter().map(|i| (i, row())).collect();
        let derived = derived(bound, list).into_iter().map(|n| (n, row())).collect();
        let scattered = match setting.scattered {
            true => Scattered { v: row(), current: row(), slope: row() },
            false => Scattered { v: 0, current: 0, slope: 0 },
        };
        let conditions = mechanism.conditions.iter().map(|_| (row(), row())).collect();
        let newton = match newton {
            true => mechanism.equations.iter().map(|_| (row(), row())).collect(),
            false => Vec::new(),
        };
        let outputs = |j: &Job| j.goals.iter().filter(|g| **g == Goal::Value).count();
        let step = (0..list.iter().find(|j| j.kind == Kind::Step).map_or(0, outputs)).map(|_| row()).collect();
        let round = list.iter().any(|j| j.kind == Kind::Round);
        let reacting = if round { sparse::states(&mechanism.kinetic) } else { Vec::new() };
        let stages = list.iter().filter(|j| matches!(j.kind, Kind::Stage(..))).count();
        let staged = || mechanism.equations.iter().map(|e| e.state).filter(|_| stages > 1);
        let old = reacting.into_iter().chain(staged()).map(|state| (state, row())).collect();
        let active = if round { row() } else { 0 };
        let slopes = staged().map(|state| (state, row())).collect();
        let kept = kept(list).into_iter().map(|keep| (keep, row())).collect();
        let five = |state: &VarId| (*state, std::array::from_fn::<u16, 5, _>(|_| row())[0]);
        let diffusing = mechanism.kinetic.diffusing.iter();
        let diffusion = diffusing.map(|one| &one.state).map(five).collect();
        Rows {
            count: next,
            inputs,
            states,
            shared,
            mirrors,
            derived,
            scattered,
            conditions,
            newton,
            old,
            active,
            slopes,
            kept,
            diffusion,
            step,
        }
    }

    fn values(&self, mechanism: &Mechanism, mode: &dyn Fn(Input) -> Mode) -> Vec<(VarId, Place)> {
        (0..)
            .map(VarId)
            .zip(&mechanism.variables)
            .filter_map(|(id, v)| {
                let input = given(id, &v.kind).unwrap_or(Input::Variable(id));
                let place = match (&v.kind, mode(input)) {
                    (_, Mode::Shared(_))
                    | (VariableKind::Let { .. } | VariableKind::Current { .. } | VariableKind::Table { .. }, _) => return None,
                    (VariableKind::State { .. }, _) => Place::Row(*self.states.get(&id)?),
                    (_, Mode::Fixed(x)) => Place::Fixed(x),
                    (_, Mode::PerInstance) => Place::Row(*self.inputs.get(&input)?),
                };
                Some((id, place))
            })
            .collect()
    }
}

/// What a method with steps of its own keeps, if it is one.
fn kept(list: &[Job]) -> BTreeSet<Keep> {
    let goals = list.iter().flat_map(|job| &job.goals);
    let written: BTreeSet<Keep> = goals.filter_map(|goal| if let Goal::Kept(keep) = goal { Some(*keep) } else { None }).collect();
    // Those that are written from outside.
    let given = [Keep::Step, Keep::Next, Keep::Made].into_iter().filter(|_| !written.is_empty());
    given.chain(written.iter().copied()).collect()
}

/// Variables that are in shared rows; a current has its own row or none.
fn shared(mechanism: &Mechanism, mode: &dyn Fn(Input) -> Mode) -> Vec<(VarId, u16)> {
    let ids = (0..).map(VarId).zip(&mechanism.variables);
    let values = ids.filter(|(_, v)| !matches!(v.kind, VariableKind::Current { .. }));
    values.filter_map(|(id, _)| if let Mode::Shared(row) = mode(Input::Variable(id)) { Some((id, row)) } else { None }).collect()
}

impl Rows {
    /// Rows that hold the same for all instances of a cell.
    fn common(&self, mechanism: &Mechanism) -> Vec<Common> {
        let row = |id: VarId| self.states.get(&id).copied();
        let before = |(id, first): (VarId, f64)| Some((row(id)?, first));
        let common = mechanism.common.iter();
        common.filter_map(|c| Some(Common { row: row(c.variable)?, before: c.before.and_then(before) })).collect()
    }

    /// Where a state is.
    fn state(&self, id: VarId) -> Option<Operand> {
        self.shared.get(&Input::Variable(id)).copied().or_else(|| self.states.get(&id).map(|r| Operand::Row(*r)))
    }
}

/// Invariant values that programs use: operands of varying values, and roots.
fn derived(bound: &Rooted, list: &[Job]) -> Vec<NodeId> {
    let graph = &bound.graph;
    let invariant = invariants(graph);
    let computed = |id: NodeId| invariant[id as usize] && !matches!(graph.node(id), Node::Constant(_) | Node::Leaf(_));
    let mut seen = vec![false; graph.nodes().len()];
    let mut stack: Vec<NodeId> = list
        .iter()
        .filter(|j| j.kind != Kind::Exact)
        .flat_map(|j| &bound.roots[j.first..j.first + j.goals.len()])
        .copied()
        .collect();
    let mut found = Vec::new();
    while let Some(id) = stack.pop() {
        if std::mem::replace(&mut seen[id as usize], true) {
            continue;
        }
        if computed(id) {
            found.push(id);
        } else {
            stack.extend(operands(&graph.node(id)));
        }
    }
    found.sort_unstable();
    found
}

struct Writer<'a> {
    mechanism: &'a Mechanism,
    setting: &'a Setting,
    bound: &'a Rooted,
    rows: &'a Rows,
    tables: &'a Tables,
}

impl Writer<'_> {
    /// Where a program of the job finds a value: a method with steps of its own has a time of its own.
    fn place_in(&self, kind: Kind, id: NodeId) -> Option<Operand> {
        match (kind, self.bound.graph.node(id)) {
            (Kind::Adaptive(_), Node::Leaf(Leaf::T)) => self.rows.kept.get(&Keep::Time).map(|row| Operand::Row(*row)),
            _ => self.place(id),
        }
    }

    fn place(&self, id: NodeId) -> Option<Operand> {
        if let Some(row) = self.rows.derived.get(&id) {
            return Some(Operand::Row(*row));
        }
        self.leaf(id)
    }

    fn leaf(&self, id: NodeId) -> Option<Operand> {
        let Node::Leaf(leaf) = self.bound.graph.node(id) else { return None };
        match leaf {
            Leaf::Input(i) => self.rows.inputs.get(&i).map(|r| Operand::Row(*r)),
            Leaf::State(id) => self.rows.state(id),
            Leaf::Shared(id) => self.rows.shared.get(&Input::Variable(id)).copied(),
            Leaf::V if self.setting.scattered => Some(Operand::Row(self.rows.scattered.v)),
            Leaf::V => Some(Operand::Node(NodeRow::V)),
            Leaf::T => Some(Operand::Uniform(Uniform::T)),
            Leaf::Argument(k) => Some(Operand::Uniform(Uniform::Argument(k))),
            Leaf::Old(id) => self.rows.old.get(&id).map(|r| Operand::Row(*r)),
            Leaf::Active => Some(Operand::Row(self.rows.active)),
            Leaf::Slopes(id) => self.rows.slopes.get(&id).map(|r| Operand::Row(*r)),
            Leaf::Diffused(id) => self.rows.diffusion.get(&id).map(|r| Operand::Row(*r)),
            Leaf::Kept(keep) => self.rows.kept.get(&keep).map(|r| Operand::Row(*r)),
            // Both are constants by now.
            Leaf::Dt | Leaf::Celsius => None,
        }
    }

    fn columns(&self, table: u16) -> usize {
        self.tables.columns(table)
    }

    fn prepare(&self) -> Program {
        let roots: Vec<(Sink, NodeId)> = self.rows.derived.iter().map(|(id, row)| (Sink::Row(*row), *id)).collect();
        emit(&self.bound.graph, &roots, &|id| self.leaf(id), &|t| self.columns(t))
    }

    fn program(&self, job: &Job) -> Program {
        let roots = self.bound.roots.get(job.first..job.first + job.goals.len()).unwrap_or_default();
        let mut outputs = self.rows.step.iter();
        let sinks: Vec<(Sink, NodeId)> = (job.goals.iter().zip(roots))
            .map(|(goal, root)| match (goal, job.kind) {
                (Goal::Value, Kind::Step) => (outputs.next().map_or(Sink::Effect, |row| Sink::Row(*row)), *root),
                _ => (self.sink(job, *goal), *root),
            })
            .collect();
        emit(&self.bound.graph, &sinks, &|id| self.place_in(job.kind, id), &|t| self.columns(t))
    }

    fn sink(&self, job: &Job, goal: Goal) -> Sink {
        let row = |r: Option<u16>| r.map_or(Sink::Effect, Sink::Row);
        let shared = |input| match self.rows.shared.get(&input) {
            Some(Operand::Row(r)) => Sink::Row(*r),
            Some(Operand::Shared(s)) => Sink::Shared(*s),
            _ => Sink::Effect,
        };
        let summed = |input| if let Sink::Shared(s) = shared(input) { Sink::Sum(s) } else { shared(input) };
        match (goal, job.kind) {
            (Goal::State(id), _) if self.rows.shared.contains_key(&Input::Variable(id)) => shared(Input::Variable(id)),
            (Goal::State(id), _) => row(self.rows.states.get(&id).copied()),
            (Goal::Written(id), _) => shared(Input::Variable(id)),
            (Goal::Total(id), _) => summed(Input::Variable(id)),
            (Goal::TotalSlope(id), _) => summed(Input::Slope(id)),
            (Goal::Current, _) if self.setting.scattered => Sink::Row(self.rows.scattered.current),
            (Goal::Slope, _) if self.setting.scattered => Sink::Row(self.rows.scattered.slope),
            (Goal::Current, _) => Sink::Current,
            (Goal::Slope, _) => Sink::Slope,
            (Goal::Rate(n), _) => row(self.rows.newton.get(n).map(|r| r.0)),
            (Goal::Value, Kind::Condition(n)) => row(self.rows.conditions.get(n).map(|r| r.0)),
            (Goal::Value, _) => Sink::Output,
            (Goal::Active, _) => Sink::Row(self.rows.active),
            (Goal::Old(id), _) => row(self.rows.old.get(&id).copied()),
            (Goal::Slopes(id), _) => row(self.rows.slopes.get(&id).copied()),
            (Goal::Kept(keep), _) => row(self.rows.kept.get(&keep).copied()),
            (Goal::Diffusion(id, k), _) => row(self.rows.diffusion.get(&id).map(|first| first + k)),
            (Goal::Effect, _) => Sink::Effect,
        }
    }

    fn job(&self, job: &Job, own_handlers: usize, code: &mut MechanismCode) {
        match job.kind {
            Kind::Init => code.init = self.program(job),
            Kind::Current => {
                code.current = Some(self.program(job));
                code.steady = self.steady(job);
            }
            Kind::Advance => match &mut code.advance {
                Advance::Iterated(scheme) => scheme.after = Some(self.program(job)),
                Advance::Newton(newton) => newton.after = Some(self.program(job)),
                _ => code.advance = Advance::Program(self.program(job)),
            },
            Kind::Diffusion => {
                let diffusing = self.mechanism.kinetic.diffusing.iter();
                let rows = diffusing.filter_map(|one| self.rows.diffusion.get(&one.state).copied());
                let program = self.program(job);
                code.diffusion =
                    Some(Diffusion { program, rows: rows.collect(), dt: self.setting.dt, after: Program::default() });
            }
            Kind::Diffused => {
                let after = self.program(job);
                code.diffusion.iter_mut().for_each(|diffusion| diffusion.after.clone_from(&after));
            }
            Kind::Round => code.advance = Advance::Iterated(Box::new(self.iterated(job))),
            Kind::Stage(method, _) => {
                let program = self.program(job);
                match &mut code.advance {
                    Advance::Stages(_, programs) => programs.push(program),
                    advance => *advance = Advance::Stages(method, vec![program]),
                }
            }
            Kind::Adaptive(_) => {
                let program = self.program(job);
                match &mut code.advance {
                    Advance::Adaptive(adaptive) => adaptive.programs.push(program),
                    advance => *advance = Advance::Adaptive(Box::new(self.adaptive(program))),
                }
            }
            Kind::Publish => code.publish = Some(self.program(job)),
            Kind::Rates => code.advance = Advance::Newton(self.newton(job)),
            Kind::Condition(n) => {
                let (now, before) = self.rows.conditions.get(n).copied().unwrap_or_default();
                let handler = (own_handlers + n) as u16;
                code.conditions.push(ConditionCode { test: self.program(job), now, before, handler });
            }
            Kind::Handler(_) => code.handlers.push(self.handler(job)),
            Kind::Start => code.start = Some(self.handler(job)),
            Kind::Part { of_start, each } => {
                let handler = if of_start { code.start.as_mut() } else { code.handlers.last_mut() };
                let part = Part { each, program: self.program(job), effects: job.effects.clone() };
                handler.into_iter().for_each(|h| h.parts.push(part.clone()));
            }
            Kind::Connections => code.connections = Some(self.connections(job)),
            Kind::Step => {
                let row = |output: u16| self.rows.step.get(usize::from(output)).copied().unwrap_or_default();
                let effects = job.effects.iter().map(|e| e.renumbered(row)).collect();
                code.step = Some(StepCode { program: self.program(job), effects });
            }
            Kind::Times(n) => {
                let roots = self.bound.roots.get(job.first..job.first + job.goals.len()).unwrap_or_default();
                code.times.push((n as u16, roots.iter().filter_map(|root| self.lasting(*root)).collect()));
            }
            Kind::Exact => {}
        }
    }

    /// The currents without their slope, if that stays the same through a run, and nothing but they goes to the nodes.
    fn steady(&self, job: &Job) -> Option<Program> {
        let roots = self.bound.roots.get(job.first..job.first + job.goals.len())?;
        let invariant = invariants(&self.bound.graph);
        let varies = |(goal, root): (&Goal, &NodeId)| *goal == Goal::Slope && !invariant[*root as usize];
        let others = job.goals.iter().any(|goal| !matches!(goal, Goal::Current | Goal::Slope));
        let exchanges = self.setting.scattered || !self.rows.mirrors.is_empty();
        if exchanges || others || job.goals.iter().zip(roots).any(varies) {
            return None;
        }
        let currents = job.goals.iter().zip(roots).filter(|(goal, _)| **goal != Goal::Slope);
        let sinks: Vec<(Sink, NodeId)> = currents.map(|(goal, root)| (self.sink(job, *goal), *root)).collect();
        Some(emit(&self.bound.graph, &sinks, &|id| self.place(id), &|t| self.columns(t)))
    }

    fn newton(&self, job: &Job) -> Newton {
        let states = self.mechanism.equations.iter().filter_map(|e| self.rows.states.get(&e.state).copied()).collect();
        // Where nothing is integrated the step is without end: F is the rate alone.
        let algebraic = self.mechanism.method == Some(Method::Newton);
        let second = self.setting.second_order && !algebraic;
        let dt = match (algebraic, second) {
            (true, _) => f64::INFINITY,
            (_, true) => 0.5 * self.setting.dt,
            _ => self.setting.dt,
        };
        Newton {
            program: self.program(job),
            states,
            rates: self.rows.newton.iter().map(|r| r.0).collect(),
            old: self.rows.newton.iter().map(|r| r.1).collect(),
            dt,
            extrapolate: second,
            after: None,
        }
    }

    fn adaptive(&self, first: Program) -> Adaptive {
        let row = |keep: Keep| self.rows.kept.get(&keep).copied().unwrap_or_default();
        let state = |id: VarId| StateRows {
            state: self.rows.states.get(&id).copied().unwrap_or_default(),
            old: row(Keep::Old(id)),
            slope: row(Keep::Slope(id, 0)),
            last: row(Keep::Last(id)),
            bends: std::array::from_fn::<u16, BENDS, _>(|power| row(Keep::Bend(id, power as u8))),
        };
        let rows = Steps {
            time: row(Keep::Time),
            begin: row(Keep::Begin),
            step: row(Keep::Step),
            next: row(Keep::Next),
            made: row(Keep::Made),
            sum: row(Keep::Sum),
            other: row(Keep::Other),
            last_begin: row(Keep::LastBegin),
            last_step: row(Keep::LastStep),
        };
        let states = self.mechanism.equations.iter().map(|e| state(e.state)).collect();
        let (longest, method) = match self.setting.solving {
            Solving::Adaptive(tolerance) => (tolerance.longest, tolerance.method),
            _ => (f64::INFINITY, adaptive::Method::default()),
        };
        Adaptive { method, programs: vec![first], rows, states, longest }
    }

    fn iterated(&self, job: &Job) -> Iterated {
        let reacting = sparse::states(&self.mechanism.kinetic);
        Iterated {
            program: self.program(job),
            states: reacting.iter().filter_map(|s| self.rows.states.get(s).copied()).collect(),
            old: self.rows.old.values().copied().collect(),
            active: self.rows.active,
            extrapolate: self.setting.second_order,
            after: None,
        }
    }

    fn connections(&self, job: &Job) -> ConnectionCode {
        let columns = &self.mechanism.columns;
        let numbered = (0u8..).zip(columns).filter(|(_, column)| column.initial.is_some());
        ConnectionCode {
            columns: columns.iter().map(|column| column.name.to_string()).collect(),
            kept: numbered.map(|(number, _)| number).collect(),
            init: self.program(job),
            visited: self.mechanism.visits(),
        }
    }

    fn handler(&self, job: &Job) -> HandlerCode {
        HandlerCode {
            name: job.name.clone(),
            program: self.program(job),
            effects: job.effects.clone(),
            parts: Vec::new(),
            additive: self.additive(job),
        }
    }

    /// Where a value is that stays the same through a run.
    fn lasting(&self, id: NodeId) -> Option<Place> {
        match self.bound.graph.node(id) {
            Node::Constant(bits) => Some(Place::Fixed(f64::from_bits(bits))),
            Node::Leaf(Leaf::Input(input)) => self.rows.inputs.get(&input).map(|r| Place::Row(*r)),
            _ => self.rows.derived.get(&id).map(|r| Place::Row(*r)),
        }
    }
}
