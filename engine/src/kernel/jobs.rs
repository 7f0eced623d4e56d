//! The programs of a mechanism as values and sinks, before anything is known of its inputs.

mod currents;
mod diffusion;

use super::graph::{Graph, Leaf, NodeId};
use super::lower::segment::Segment;
use super::lower::{Caused, Lowering};
use super::method::adaptive::{self, Tolerance};
use super::method::explicit::{self, Explicit};
use super::method::{cnexp, euler, of, runge_kutta, solving, sparse};
use super::rewrite::Rooted;
use super::table::Tables;
use super::{Input, KernelError, Mode, Setting, Solving};
use crate::vm::program::Op;
use bouton_model::ir::{
    Action, Expr, HandlerId, HandlerKind, Mechanism, MechanismKind, Method, Span, Var, VarId, VariableKind, WritePhase,
};
use currents::{hands_on, is_electrode, secant, slopes, sum, total};
use std::collections::HashMap;

/// Which program a job is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Initial values.
    Init,
    /// Currents and slopes.
    Current,
    /// The states of the next step.
    Advance,
    /// Definitions that go to ions after initial values and states.
    Publish,
    /// Derivatives, for Newton's iteration.
    Rates,
    /// A round of a scheme's iteration.
    Round,
    /// What diffusion needs.
    Diffusion,
    /// What diffusion leaves.
    Diffused,
    /// A stage of a method of a fixed step.
    Stage(Explicit, usize),
    /// A program of a method with steps of its own.
    Adaptive(adaptive::Part),
    /// A condition's mask.
    Condition(usize),
    /// A handler; those of conditions come after the mechanism's own.
    Handler(usize),
    /// What happens at the start.
    Start,
    /// A later part of the handler before it.
    Part {
        /// Of what happens at the start.
        of_start: bool,
        /// Once for each connection.
        each: bool,
    },
    /// What connections keep, at the start.
    Connections,
    /// What happens at the end of every step.
    Step,
    /// Times at which a handler acts.
    Times(usize),
    /// The exact values of tabulated lets.
    Exact,
}

/// Where a value of a job goes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Goal {
    /// A state.
    State(VarId),
    /// The sum of currents, times the factor of point mechanisms.
    Current,
    /// Its slope.
    Slope,
    /// One current, or its slope, as it is added to the total of its ion.
    Total(VarId),
    /// See [`Goal::Total`].
    TotalSlope(VarId),
    /// A definition that is written to an ion.
    Written(VarId),
    /// The derivative of the n-th equation.
    Rate(usize),
    /// The condition's mask, or an output.
    Value,
    /// The mask of the instances that go on iterating.
    Active,
    /// A state as it was at the beginning of the step.
    Old(VarId),
    /// The sum of a state's slopes over the stages so far.
    Slopes(VarId),
    /// What a method with steps of its own keeps.
    Kept(adaptive::Keep),
    /// Of a state that diffuses, one of the rows of [`super::Diffusion`].
    Diffusion(VarId, u16),
    /// Computed for its effect.
    Effect,
}

impl Goal {
    /// Whether nothing that the mechanism computes depends on it: see [`Rooted::onlookers`].
    fn looks_on(self) -> bool {
        matches!(self, Goal::Total(_) | Goal::TotalSlope(_))
    }
}

/// The step (ms) after which a scheme has come to rest, as NEURON has it.
const REST: f64 = 1e9;

/// One program to be.
#[derive(Clone, Debug)]
pub struct Job {
    /// Which.
    pub kind: Kind,
    /// Its name, for messages.
    pub name: String,
    /// Where its values go, in the order of its roots.
    pub goals: Vec<Goal>,
    /// Its roots are `rooted.roots[first..first + goals.len()]`.
    pub first: usize,
    /// What it causes; masks and delays count its `Value` goals.
    pub effects: Vec<super::Effect>,
}

/// All programs of a mechanism over one graph.
pub struct Jobs {
    /// Values.
    pub rooted: Rooted,
    /// Programs.
    pub list: Vec<Job>,
    /// Lets in tables.
    pub tables: Tables,
    /// How many handlers are the mechanism's own (without `on start`): the first of the conditions' has this number.
    pub own_handlers: usize,
}

struct Maker<'a> {
    mechanism: &'a Mechanism,
    graph: Graph,
    /// Of each job.
    roots: Vec<Vec<NodeId>>,
    list: Vec<Job>,
    tables: Tables,
    numbers: HashMap<HandlerId, u16>,
    mode: &'a dyn Fn(Input) -> Mode,
    second_order: bool,
    solving: Solving,
}

/// Lowers everything.
///
/// # Errors
/// Something that no kernel can compute.
pub fn jobs(mechanism: &Mechanism, setting: &Setting, mode: &dyn Fn(Input) -> Mode) -> Result<Jobs, KernelError> {
    let second_order = setting.second_order;
    let solving = solving(mechanism, setting);
    let tables = Tables::of(mechanism, setting.tables, mode);
    let numbers: HashMap<HandlerId, u16> = mechanism.reached().enumerate().map(|(n, (id, _))| (id, n as u16)).collect();
    let own_handlers = numbers.len();
    let mut m = Maker {
        mechanism,
        graph: Graph::default(),
        roots: Vec::new(),
        list: Vec::new(),
        tables,
        numbers,
        mode,
        second_order,
        solving,
    };
    m.init()?;
    m.current()?;
    m.advance()?;
    m.diffusion()?;
    m.publish()?;
    m.handlers()?;
    m.conditions(own_handlers)?;
    if mechanism.keeps() {
        m.connections()?;
    }
    m.times()?;
    m.exact()?;
    // The last values of the graph, so that the numbers of all others are the same without them.
    m.look_on()?;
    Ok(m.finish(own_handlers))
}

impl<'a> Maker<'a> {
    fn job(&mut self, kind: Kind, name: &str, values: Vec<(Goal, NodeId)>, effects: Vec<super::Effect>) {
        let goals = values.iter().map(|(g, _)| *g).collect();
        self.roots.push(values.iter().map(|(_, n)| *n).collect());
        self.list.push(Job { kind, name: name.to_owned(), goals, first: 0, effects });
    }

    fn finish(mut self, own_handlers: usize) -> Jobs {
        let mut first = 0;
        for job in &mut self.list {
            job.first = first;
            first += job.goals.len();
        }
        let onlookers = self.list.iter().flat_map(|job| &job.goals).map(|goal| goal.looks_on()).collect();
        let rooted = Rooted { graph: self.graph, roots: self.roots.concat(), onlookers };
        Jobs { rooted, list: self.list, tables: self.tables, own_handlers }
    }

    fn lowering<'b>(mechanism: &'b Mechanism, graph: &'b mut Graph, tables: &'b Tables) -> Lowering<'b> {
        Lowering::new(mechanism, graph, tables)
    }

    fn init(&mut self) -> Result<(), KernelError> {
        let mut l = Self::lowering(self.mechanism, &mut self.graph, &self.tables);
        for (id, v) in (0..).map(VarId).zip(&self.mechanism.variables) {
            if let VariableKind::State { initial } = &v.kind {
                let given = Input::Initial(id);
                let own = Expr::Var(Var::Own(id));
                let value = match (self.mode)(given) {
                    mode if mode.is_set() => {
                        // Where it was not set it is not a number.
                        let (given, own) = (l.graph.leaf(Leaf::Input(given)), l.expr_at(initial, v.span)?);
                        let is_given = l.graph.binary(Op::Eq, given, given);
                        l.graph.select(is_given, given, own)
                    }
                    // It begins as its ion is.
                    _ if *initial == own => continue,
                    _ => l.expr_at(initial, v.span)?,
                };
                l.assign(id, value);
            }
        }
        if self.mechanism.steady {
            let rest = l.graph.constant(REST);
            sparse::rest(&mut l, rest)?;
        }
        let values = l.assigned().into_iter().map(|(id, n)| (Goal::State(id), n)).collect();
        self.job(Kind::Init, "init", values, Vec::new());
        Ok(())
    }

    fn current(&mut self) -> Result<(), KernelError> {
        let mechanism = self.mechanism;
        let mut values = self.written(WritePhase::Currents)?;
        if !mechanism.currents.is_empty() && mechanism.kind != MechanismKind::Free {
            let mut l = Self::lowering(mechanism, &mut self.graph, &self.tables);
            let (current, slope) = match slopes(mechanism) {
                // What is handed on from one evaluation to the next is handed on between the two of a secant, too.
                _ if hands_on(mechanism) => secant(&mut l, &total, &mechanism.during)?,
                Some(slopes) => {
                    let slopes: Vec<(&Expr, Span, bool)> =
                        slopes.iter().zip(&mechanism.currents).map(|(s, c)| (s, c.span, is_electrode(&c.kind))).collect();
                    let slope = sum(&mut l, &slopes)?;
                    (total(&mut l)?, slope)
                }
                None => secant(&mut l, &total, &[])?,
            };
            if !hands_on(mechanism) {
                l.actions(&mechanism.during, mechanism.span)?;
            }
            let set = l.assigned();
            for (goal, mut n) in [(Goal::Current, current), (Goal::Slope, slope)] {
                if mechanism.kind == MechanismKind::Point {
                    let factor = self.graph.leaf(Leaf::Input(Input::Factor));
                    n = self.graph.binary(Op::Mul, n, factor);
                }
                values.push((goal, n));
            }
            values.extend(set.into_iter().map(|(id, n)| (Goal::State(id), n)));
        }
        if !values.is_empty() {
            self.job(Kind::Current, "current", values, Vec::new());
        }
        Ok(())
    }

    /// Values of definitions that go to ions in this phase.
    fn written(&mut self, phase: WritePhase) -> Result<Vec<(Goal, NodeId)>, KernelError> {
        let mechanism = self.mechanism;
        let mut l = Self::lowering(mechanism, &mut self.graph, &self.tables);
        let definitions = mechanism.writes.iter().filter(|w| w.phase == phase).filter_map(|w| {
            let variable = mechanism.variables.get(w.variable.index())?;
            matches!(variable.kind, VariableKind::Let { .. }).then_some((w.variable, variable.span))
        });
        definitions.map(|(id, span)| Ok((Goal::Written(id), l.expr_at(&Expr::Var(Var::Own(id)), span)?))).collect()
    }

    fn publish(&mut self) -> Result<(), KernelError> {
        let values = self.written(WritePhase::States)?;
        if !values.is_empty() {
            self.job(Kind::Publish, "publish", values, Vec::new());
        }
        Ok(())
    }

    /// Adds to the program of the currents what each gives to the total of its ion.
    fn look_on(&mut self) -> Result<(), KernelError> {
        let mechanism = self.mechanism;
        let Some(at) = self.list.iter().position(|job| job.kind == Kind::Current) else { return Ok(()) };
        let slopes = slopes(mechanism);
        for (k, c) in mechanism.currents.iter().enumerate() {
            let (id, own) = (c.variable, Expr::Var(Var::Own(c.variable)));
            let mut l = Self::lowering(mechanism, &mut self.graph, &self.tables);
            let current = l.expr_at(&own, c.span)?;
            let mut values = Vec::new();
            if matches!((self.mode)(Input::Variable(id)), Mode::Shared(_)) {
                values.push((Goal::Total(id), current));
            }
            if matches!((self.mode)(Input::Slope(id)), Mode::Shared(_)) {
                let slope = match slopes.as_ref().and_then(|all| all.get(k)) {
                    Some(slope) => l.expr_at(slope, c.span)?,
                    None => secant(&mut l, &|l| l.expr_at(&own, c.span), &[])?.1,
                };
                values.push((Goal::TotalSlope(id), slope));
            }
            if mechanism.kind == MechanismKind::Point && !values.is_empty() {
                // Totals are per area, also where a node has none: its conventional area is not 0.
                let (one, area) = (self.graph.constant(1.0), self.graph.leaf(Leaf::Input(Input::Area)));
                let factor = self.graph.binary(Op::Div, one, area);
                values.iter_mut().for_each(|(_, n)| *n = self.graph.binary(Op::Mul, *n, factor));
            }
            for (goal, node) in values {
                self.list[at].goals.push(goal);
                self.roots[at].push(node);
            }
        }
        Ok(())
    }

    fn advance(&mut self) -> Result<(), KernelError> {
        let mechanism = self.mechanism;
        if let Solving::Adaptive(tolerance) = self.solving {
            return self.adaptive(tolerance);
        }
        if mechanism.equations.is_empty() && mechanism.after.is_empty() {
            return Ok(());
        }
        if let Solving::Stages(method) = self.solving {
            return self.stages(method);
        }
        let mut l = Self::lowering(mechanism, &mut self.graph, &self.tables);
        let ahead: Vec<Action> = mechanism.ahead.iter().map(|(id, e)| Action::Let(*id, e.clone())).collect();
        l.actions(&ahead, mechanism.span)?;
        if let Solving::Whole(method) = self.solving {
            explicit::whole(&mut l, &mechanism.equations, method)?;
            let assigned = l.assigned();
            return self.advanced(&assigned);
        }
        match of(mechanism) {
            _ if mechanism.equations.is_empty() => {}
            Method::Cnexp => mechanism.equations.iter().try_for_each(|e| cnexp::advance(&mut l, e))?,
            Method::Euler => euler::advance(&mut l, &mechanism.equations)?,
            Method::RungeKutta => {
                // Without a membrane there is nothing that the states would have to stand half a step behind.
                let second = self.second_order && mechanism.kind != MechanismKind::Free;
                runge_kutta::advance(&mut l, &mechanism.equations, second)?;
            }
            Method::Sparse => {
                if !sparse::is_linear(&mechanism.kinetic) {
                    return self.iteration();
                }
                sparse::solve(&mut l, self.second_order)?;
                beside(&mut l)?;
            }
            Method::Derivimplicit | Method::Newton => {
                let rates = mechanism.equations.iter().map(|e| l.expr_at(&e.rate, e.span)).collect::<Result<Vec<_>, _>>()?;
                let values = rates.into_iter().enumerate().map(|(n, r)| (Goal::Rate(n), r)).collect();
                self.job(Kind::Rates, "advance", values, Vec::new());
                return self.after();
            }
        }
        l.actions(&mechanism.after, mechanism.span)?;
        let values = l.assigned().into_iter().map(|(id, n)| (Goal::State(id), n)).collect();
        self.job(Kind::Advance, "advance", values, Vec::new());
        Ok(())
    }

    fn advanced(&mut self, assigned: &[(VarId, NodeId)]) -> Result<(), KernelError> {
        let values = assigned.iter().map(|(id, n)| (Goal::State(*id), *n)).collect();
        self.job(Kind::Advance, "advance", values, Vec::new());
        Ok(())
    }

    /// A program for each stage.
    fn stages(&mut self, method: Explicit) -> Result<(), KernelError> {
        for number in 0..method.places().len() {
            let mut l = Self::lowering(self.mechanism, &mut self.graph, &self.tables);
            let values = explicit::stage(&mut l, &self.mechanism.equations, method, number)?;
            self.job(Kind::Stage(method, number), "advance", values, Vec::new());
        }
        Ok(())
    }

    /// The programs of a method with steps of its own.
    fn adaptive(&mut self, tolerance: Tolerance) -> Result<(), KernelError> {
        for part in tolerance.method.parts() {
            let mut l = Self::lowering(self.mechanism, &mut self.graph, &self.tables);
            let values = adaptive::part(&mut l, &self.mechanism.equations, tolerance, part)?;
            self.job(Kind::Adaptive(part), "advance", values, Vec::new());
        }
        Ok(())
    }

    /// What is done behind an iteration.
    fn after(&mut self) -> Result<(), KernelError> {
        let mut l = Self::lowering(self.mechanism, &mut self.graph, &self.tables);
        l.actions(&self.mechanism.after, self.mechanism.span)?;
        let values: Vec<(Goal, NodeId)> = l.assigned().into_iter().map(|(id, n)| (Goal::State(id), n)).collect();
        if !values.is_empty() {
            self.job(Kind::Advance, "advance", values, Vec::new());
        }
        Ok(())
    }

    /// A scheme that is not linear; what stands beside it follows.
    fn iteration(&mut self) -> Result<(), KernelError> {
        let mut l = Self::lowering(self.mechanism, &mut self.graph, &self.tables);
        let goes_on = sparse::iterate(&mut l, self.second_order)?;
        let mut values: Vec<(Goal, NodeId)> = l.assigned().into_iter().map(|(id, n)| (Goal::State(id), n)).collect();
        values.push((Goal::Active, goes_on));
        self.job(Kind::Round, "round", values, Vec::new());
        let mut l = Self::lowering(self.mechanism, &mut self.graph, &self.tables);
        beside(&mut l)?;
        l.actions(&self.mechanism.after, self.mechanism.span)?;
        let values: Vec<(Goal, NodeId)> = l.assigned().into_iter().map(|(id, n)| (Goal::State(id), n)).collect();
        if !values.is_empty() {
            self.job(Kind::Advance, "advance", values, Vec::new());
        }
        Ok(())
    }

    fn handlers(&mut self) -> Result<(), KernelError> {
        let mechanism = self.mechanism;
        for h in mechanism.handlers.iter().filter(|h| h.kind == HandlerKind::Start) {
            self.handler(Kind::Start, &h.name, &h.body, h.span)?;
        }
        for h in mechanism.handlers.iter().filter(|h| h.kind == HandlerKind::Step) {
            self.handler(Kind::Step, &h.name, &h.body, h.span)?;
        }
        for (n, (_, h)) in mechanism.reached().enumerate() {
            self.handler(Kind::Handler(n), &h.name, &h.body, h.span)?;
        }
        Ok(())
    }

    /// Of a parameter of which nothing is set that lists times, its own value.
    fn times(&mut self) -> Result<(), KernelError> {
        let mechanism = self.mechanism;
        for (n, (id, h)) in mechanism.reached().enumerate() {
            let HandlerKind::Each(parameter) = h.kind else { continue };
            let set = mechanism.times.iter().find(|(handler, _)| *handler == id);
            let own = [Expr::Var(Var::Own(parameter))];
            let list = set.map_or(&own[..], |(_, list)| list);
            let mut l = Self::lowering(mechanism, &mut self.graph, &self.tables);
            let values = list.iter().map(|e| Ok((Goal::Value, l.expr_at(e, h.span)?))).collect::<Result<_, _>>()?;
            self.job(Kind::Times(n), &h.name, values, Vec::new());
        }
        Ok(())
    }

    fn conditions(&mut self, own: usize) -> Result<(), KernelError> {
        for (n, c) in self.mechanism.conditions.iter().enumerate() {
            let mut l = Self::lowering(self.mechanism, &mut self.graph, &self.tables);
            let mask = l.expr_at(&c.when, c.span)?;
            self.job(Kind::Condition(n), "condition", vec![(Goal::Value, mask)], Vec::new());
            self.handler(Kind::Handler(own + n), "condition", &c.body, c.span)?;
        }
        Ok(())
    }

    fn handler(&mut self, kind: Kind, name: &str, body: &[Action], span: Span) -> Result<(), KernelError> {
        let mut l = Self::lowering(self.mechanism, &mut self.graph, &self.tables);
        l.actions(body, span)?;
        let last = l.segment(false);
        let mut parts = std::mem::take(&mut l.parts);
        parts.push(last);
        for (n, part) in parts.into_iter().enumerate() {
            let kind = match n {
                0 => kind,
                _ => Kind::Part { of_start: kind == Kind::Start, each: part.each },
            };
            self.part(kind, name, part, span)?;
        }
        Ok(())
    }

    fn part(&mut self, kind: Kind, name: &str, part: Segment, span: Span) -> Result<(), KernelError> {
        let mut values: Vec<(Goal, NodeId)> = part.drawn.iter().map(|d| (Goal::Effect, *d)).collect();
        values.extend(part.states.into_iter().map(|(id, n)| (Goal::State(id), n)));
        let mut effects = Vec::new();
        let mut output = 0;
        let mut give = |node: NodeId| {
            values.push((Goal::Value, node));
            output += 1;
            output - 1
        };
        for caused in part.caused {
            effects.push(match caused {
                Caused::Spike { when, times } => super::Effect::Spike { when: give(when), times: times.map(&mut give) },
                Caused::Send { when, delay, handler, moves, flag } => {
                    let number = self.numbers.get(&handler).copied();
                    let Some(handler) = number else {
                        return Err(KernelError { message: "an event is sent to nobody".into(), span });
                    };
                    super::Effect::Send { when: give(when), delay: give(delay), handler, moves, flag: flag.map(&mut give) }
                }
            });
        }
        effects.extend(part.kept.into_iter().map(|(column, n)| super::Effect::Keep { column, value: give(n) }));
        effects.extend(part.potential.map(|v| super::Effect::Potential { value: give(v) }));
        effects.extend(part.carried.into_iter().map(|n| super::Effect::Carry { value: give(n) }));
        self.job(kind, name, values, effects);
        Ok(())
    }

    /// What connections keep, where they do not say it.
    fn connections(&mut self) -> Result<(), KernelError> {
        let mut l = Self::lowering(self.mechanism, &mut self.graph, &self.tables);
        let columns = &self.mechanism.columns;
        let initial = columns.iter().filter_map(|column| Some((column.initial.as_ref()?, column.span)));
        let values = initial.map(|(e, span)| Ok((Goal::Value, l.expr_at(e, span)?))).collect::<Result<_, _>>()?;
        self.job(Kind::Connections, "connections", values, Vec::new());
        Ok(())
    }

    fn exact(&mut self) -> Result<(), KernelError> {
        let none = Tables::default();
        let mut l = Self::lowering(self.mechanism, &mut self.graph, &none);
        let span = self.mechanism.span;
        let contents = self.tables.contents.iter();
        let values = contents.map(|content| Ok((Goal::Value, l.expr_at(content, span)?))).collect::<Result<_, _>>()?;
        self.job(Kind::Exact, "table", values, Vec::new());
        Ok(())
    }
}

/// Equations of states that do not react: exact, one after the other.
fn beside(l: &mut Lowering) -> Result<(), KernelError> {
    let mechanism = l.mechanism;
    let reacting = sparse::states(&mechanism.kinetic);
    mechanism.equations.iter().filter(|e| reacting.binary_search(&e.state).is_err()).try_for_each(|e| cnexp::advance(l, e))
}
