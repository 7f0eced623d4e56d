//! A pool: the instances of one mechanism in a block, and what they do.

use super::common::Leaves;
use super::connections::Connections;
use super::diffusion::Neighbours;
use super::handler::Handler;
use super::newton::Iteration;
use super::ready::Ready;
use super::rows::{Portion, Rows, Run};
use super::{Nodes, Worker, additive};
use crate::inbound::Fan;
use crate::kernel::{Advance, HandlerCode, MechanismCode, Mirror};
use crate::plan::StreamKey;
use crate::random::Stream;
use crate::simd::{Isa, are_finite};
use crate::vm::program::Program;
use std::sync::Arc;

/// A mechanism's programs made ready for the machine. All pools of the mechanism share them.
pub struct Programs {
    pub(super) mechanism: Arc<MechanismCode>,
    prepare: Ready,
    init: Ready,
    current: Option<Ready>,
    steady: Option<Ready>,
    pub(super) advance: Option<Ready>,
    /// What follows an iteration, and what both leave for other instances.
    pub(super) after: Option<Ready>,
    pub(super) iteration: Leaves,
    pub(super) conditions: Vec<Ready>,
    publish: Option<Ready>,
    /// Before diffusion and after it.
    pub(super) diffusion: Option<(Ready, Ready)>,
    pub(super) handlers: Vec<Handler>,
    pub(super) start: Option<Handler>,
    /// What connections keep at the start.
    pub(super) connections: Option<Ready>,
    lagging: Option<Ready>,
    present: Option<Ready>,
    step: Option<Ready>,
    /// The stages of a step, for pools that flow.
    stages: Vec<Ready>,
    shown: Option<Ready>,
    pub(super) field: Option<Ready>,
}

impl Programs {
    /// Of this mechanism.
    ///
    /// # Errors
    /// A program that is not one; none of the compiler's is.
    pub fn new(mechanism: &Arc<MechanismCode>) -> Result<Programs, String> {
        let ready = |p: &Program| Ready::new(mechanism, p);
        let handler = |h: &HandlerCode| Handler::new(mechanism, h);
        let advance = match &mechanism.advance {
            Advance::None | Advance::Stages(..) | Advance::Adaptive(_) => None,
            Advance::Program(p) => Some(ready(p)?),
            Advance::Newton(n) => Some(iterating(mechanism, &n.program, &n.states)?),
            Advance::Iterated(i) => Some(iterating(mechanism, &i.program, &i.states)?),
        };
        let after = match &mechanism.advance {
            Advance::Iterated(i) => i.after.as_ref(),
            Advance::Newton(n) => n.after.as_ref(),
            Advance::Program(_) | Advance::None | Advance::Stages(..) | Advance::Adaptive(_) => None,
        };
        let iteration: Vec<&Program> = match &mechanism.advance {
            Advance::Iterated(i) => std::iter::once(&i.program).chain(after).collect(),
            Advance::Newton(n) => std::iter::once(&n.program).chain(after).collect(),
            Advance::Program(_) | Advance::None | Advance::Stages(..) | Advance::Adaptive(_) => Vec::new(),
        };
        let stages = match &mechanism.advance {
            Advance::Stages(_, programs) => programs.iter().map(ready).collect::<Result<_, _>>()?,
            Advance::Adaptive(adaptive) => adaptive.programs.iter().map(ready).collect::<Result<_, _>>()?,
            _ => Vec::new(),
        };
        Ok(Programs {
            mechanism: Arc::clone(mechanism),
            prepare: ready(&mechanism.prepare)?,
            init: ready(&mechanism.init)?,
            current: mechanism.current.as_ref().map(ready).transpose()?,
            steady: mechanism.steady.as_ref().map(ready).transpose()?,
            advance,
            iteration: Leaves::of(mechanism, &iteration),
            after: after.map(ready).transpose()?,
            publish: mechanism.publish.as_ref().map(ready).transpose()?,
            diffusion: mechanism
                .diffusion
                .as_ref()
                .map(|s| Ok::<_, String>((ready(&s.program)?, ready(&s.after)?)))
                .transpose()?,
            conditions: mechanism.conditions.iter().map(|c| ready(&c.test)).collect::<Result<_, _>>()?,
            handlers: mechanism.handlers.iter().map(handler).collect::<Result<_, _>>()?,
            start: mechanism.start.as_ref().map(handler).transpose()?,
            connections: mechanism.connections.as_ref().map(|c| ready(&c.init)).transpose()?,
            lagging: mechanism.observed.lagging.as_ref().map(ready).transpose()?,
            present: mechanism.observed.present.as_ref().map(ready).transpose()?,
            step: mechanism.step.as_ref().map(|s| ready(&s.program)).transpose()?,
            stages,
            shown: mechanism.shown.program.as_ref().map(ready).transpose()?,
            field: mechanism.field.as_ref().map(|f| ready(&f.program)).transpose()?,
        })
    }
}

/// A round of an iteration: all states are taken from the nodes, whether or not a round reads them.
fn iterating(mechanism: &MechanismCode, program: &Program, states: &[u16]) -> Result<Ready, String> {
    let mut round = Ready::new(mechanism, program)?;
    let read = |m: &&Mirror| states.contains(&m.row) || round.exchange.reads.contains(m);
    round.exchange.reads = mechanism.mirrors.iter().filter(read).copied().collect();
    Ok(round)
}

/// What a pool is made of.
pub struct Parts {
    /// What its instances run.
    pub programs: Arc<Programs>,
    /// How many there are.
    pub count: usize,
    /// Where they are; empty for scattered pools and cells without a body.
    pub runs: Vec<Run>,
    /// Where they are, of scattered pools.
    pub positions: Vec<u32>,
    /// How many lanes the block has.
    pub lanes: usize,
    /// Values of the code's inputs.
    pub inputs: Vec<Vec<f64>>,
    /// Their random streams, or nothing.
    pub keys: Vec<StreamKey>,
    /// Their spike sources, or nothing.
    pub sources: Vec<u32>,
    /// Their numbers in the order of simultaneous events; nothing where they send none.
    pub numbers: Vec<u32>,
}

/// Instances of one mechanism.
pub struct Pool {
    pub(super) programs: Arc<Programs>,
    pub(super) rows: Rows,
    pub(super) newton: Iteration,
    /// The first instance whose scheme did not converge in the last step.
    pub(super) unconverged: Option<usize>,
    keys: Vec<StreamKey>,
    pub(super) streams: Vec<Stream>,
    sources: Vec<u32>,
    /// Of instances that send events to themselves: numbers in the order of simultaneous events, and how many each has sent.
    numbers: Vec<u32>,
    sent: Vec<u64>,
    /// Instances of which lets and currents are recorded, rising.
    observed: Vec<u32>,
    observed_late: bool,
    /// What connections to it have for themselves.
    pub(super) connections: Option<Connections>,
    moved: Vec<Moved>,
    /// Where events to itself bring numbers: of each instance those on their way, with how many it had sent before.
    flags: Vec<Vec<(u64, f64)>>,
    /// Whom its instances exchange with, where something diffuses.
    pub(super) neighbours: Option<Neighbours>,
}

/// Events that instances have moved.
struct Moved {
    /// To which handler.
    handler: u16,
    /// For each instance how many events it had sent to itself before it moved the last one: of those before, none to this handler counts any more.
    before: Vec<u64>,
}

/// A handler of a pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// `on start`.
    Start,
    /// By number.
    Number(u16),
}

impl Pool {
    /// Rows with the inputs in them.
    pub fn new(parts: Parts) -> Pool {
        let Parts { programs, count, runs, positions, lanes, inputs, keys, sources, numbers } = parts;
        let code = &programs.mechanism;
        let mut rows = Rows::new(code.rows, count, runs, positions, code.scattered);
        if code.electrode {
            rows.electrodes();
        }
        rows.share(code, lanes);
        for ((_, row), values) in code.inputs.iter().zip(&inputs) {
            rows.fill(*row, values);
        }
        let connections = code.connections.as_ref().map(|c| Connections::new(c.columns.len().max(1)));
        Pool {
            programs,
            rows,
            newton: Iteration::default(),
            unconverged: None,
            keys,
            streams: Vec::new(),
            sources,
            numbers,
            sent: Vec::new(),
            connections,
            observed: Vec::new(),
            observed_late: false,
            moved: Vec::new(),
            flags: Vec::new(),
            neighbours: None,
        }
    }

    /// Its instances at these nodes add the slopes of their currents once, by [`Pool::settle`].
    pub fn fix(&mut self, lanes: usize, fixed: &[bool]) {
        self.rows.fix(lanes, fixed);
    }

    /// What its instances run.
    pub fn code(&self) -> &MechanismCode {
        &self.programs.mechanism
    }

    /// How many instances there are.
    pub fn count(&self) -> usize {
        self.rows.count()
    }

    /// Its rows.
    pub fn rows(&self) -> &Rows {
        &self.rows
    }

    /// Its rows.
    pub fn rows_mut(&mut self) -> &mut Rows {
        &mut self.rows
    }

    /// How many values its rows have.
    pub fn size(&self) -> usize {
        self.rows.count() * usize::from(self.programs.mechanism.rows).max(1)
    }

    /// Spike source of an instance.
    pub fn source(&self, instance: usize) -> Option<u32> {
        self.sources.get(instance).copied()
    }

    /// Spike sources of the instances, or nothing.
    pub fn sources(&self) -> &[u32] {
        &self.sources
    }

    /// Number of an instance, and of the event that it sends to itself now.
    pub fn next_send(&mut self, instance: usize) -> (u32, u64) {
        let count = self.sent[instance];
        self.sent[instance] += 1;
        (self.numbers[instance], count)
    }

    /// How many events an instance has sent to itself.
    pub fn sent(&self, instance: usize) -> u64 {
        self.sent.get(instance).copied().unwrap_or(0)
    }

    /// Its random stream.
    pub fn stream(&self, instance: usize) -> Option<&Stream> {
        self.streams.get(instance)
    }

    /// Sets how many events an instance has sent to itself, and how many words it has drawn.
    pub fn set_counts(&mut self, instance: usize, sent: u64, drawn: Option<u64>) {
        if let Some(slot) = self.sent.get_mut(instance) {
            *slot = sent;
        }
        if let (Some(stream), Some(drawn)) = (self.streams.get_mut(instance), drawn) {
            stream.go_to(drawn);
        }
    }

    /// A number goes with the event that an instance has sent after so many others.
    pub fn flag(&mut self, instance: usize, count: u64, flag: f64) {
        if let Some(list) = self.flags.get_mut(instance) {
            list.push((count, flag));
        }
    }

    /// The number that goes with an event; 0 where none was sent.
    pub fn flag_of(&self, instance: usize, (number, count): (u32, u64)) -> f64 {
        let own = self.flags.get(instance).filter(|_| self.numbers[instance] == number);
        own.and_then(|list| list.iter().find(|one| one.0 == count)).map_or(0.0, |one| one.1)
    }

    /// The same, of an event that has arrived.
    pub fn take_flag(&mut self, instance: usize, (number, count): (u32, u64)) -> f64 {
        let own = self.flags.get_mut(instance).filter(|_| self.numbers[instance] == number);
        let Some(list) = own else { return 0.0 };
        let at = list.iter().position(|one| one.0 == count);
        at.map_or(0.0, |at| list.swap_remove(at).1)
    }

    /// From now on nothing counts that the instance has sent to this handler of its own before event `count`.
    pub fn forget(&mut self, handler: u16, instance: usize, count: u64) {
        if let Some(moved) = self.moved.iter_mut().find(|m| m.handler == handler) {
            moved.before[instance] = count;
        }
    }

    /// Whether an event, by its number and count, is one of the instance's own that it has moved since.
    #[inline]
    pub fn is_stale(&self, handler: u16, instance: usize, (number, count): (u32, u64)) -> bool {
        let stale = |m: &Moved| m.handler == handler && count < m.before[instance] && number == self.numbers[instance];
        self.moved.iter().any(stale)
    }

    /// Streams from their beginning; rows that depend on inputs alone. No state has a value yet: 0 is what others see of it.
    pub fn prepare(&mut self, w: &mut Worker, nodes: &mut Nodes) {
        let Pool { programs, rows, .. } = self;
        for (_, state) in &programs.mechanism.states {
            rows.row_mut(*state).fill(0.0);
        }
        programs.prepare.run(rows, w, nodes, &programs.mechanism.tables, 0.0);
        self.streams = self.keys.iter().map(|k| Stream::new(*k, 0)).collect();
        let count = self.rows.count();
        self.sent = vec![0; self.numbers.len()];
        self.moved = self.programs.mechanism.moves.iter().map(|h| Moved { handler: *h, before: vec![0; count] }).collect();
        self.flags = if self.programs.mechanism.flags { vec![Vec::new(); count] } else { Vec::new() };
    }

    /// Initial values.
    pub fn init(&mut self, w: &mut Worker, nodes: &mut Nodes) {
        let Pool { programs, rows, .. } = self;
        for c in &programs.mechanism.conditions {
            rows.row_mut(c.before).fill(0.0);
        }
        rows.first_common();
        programs.init.run(rows, w, nodes, &programs.mechanism.tables, 0.0);
        self.publish(w, nodes, 0.0);
    }

    /// Definitions that it writes to ions.
    pub(super) fn publish(&mut self, w: &mut Worker, nodes: &mut Nodes, t: f64) {
        let Pool { programs, rows, .. } = self;
        if let Some(program) = &programs.publish {
            program.run(rows, w, nodes, &programs.mechanism.tables, t);
        }
    }

    /// Adds its currents to the nodes. Whether it has any.
    pub fn current(&mut self, w: &mut Worker, nodes: &mut Nodes, t: f64) -> bool {
        let Pool { programs, rows, .. } = self;
        let (Some(program), tables) = (&programs.current, &programs.mechanism.tables) else { return false };
        match programs.steady.as_ref().filter(|_| rows.is_fixed()) {
            Some(steady) => {
                rows.run_portion(Portion::Moving, w, nodes, &program.code, tables, t);
                rows.run_portion(Portion::Fixed, w, nodes, &steady.code, tables, t);
            }
            None => program.run(rows, w, nodes, tables, t),
        }
        true
    }

    /// Has a row computed for this instance if it is there for records only. Whether that is done for each sample.
    pub fn watch(&mut self, row: u16, instance: u32) -> bool {
        let observed = &self.programs.mechanism.observed;
        let (late, present) = (observed.lagging_rows.contains(&row), observed.present_rows.contains(&row));
        if let (true, Err(at)) = (late || present, self.observed.binary_search(&instance)) {
            self.observed.insert(at, instance);
        }
        self.observed_late |= late;
        present
    }

    /// Whether currents, or what they are computed of, are recorded of some instance.
    pub fn is_observed_late(&self) -> bool {
        self.observed_late
    }

    /// Computes what is recorded of its currents; in a step this comes with the currents.
    pub fn observe_late(&mut self, w: &mut Worker, nodes: &mut Nodes, t: f64) {
        let Pool { programs, rows, observed, observed_late, .. } = self;
        if let (Some(program), true) = (&programs.lagging, *observed_late) {
            program.run_for(observed, rows, w, nodes, &programs.mechanism.tables, t);
        }
    }

    /// Computes what else is recorded, for a sample.
    pub fn observe(&mut self, w: &mut Worker, nodes: &mut Nodes, t: f64) {
        let Pool { programs, rows, observed, .. } = self;
        if let Some(program) = &programs.present {
            program.run_for(observed, rows, w, nodes, &programs.mechanism.tables, t);
        }
    }

    /// Adds slopes to the diagonals that are fixed.
    pub fn settle(&mut self, w: &mut Worker, nodes: &mut Nodes) {
        let Pool { programs, rows, .. } = self;
        if let Some(program) = programs.current.as_ref().filter(|_| rows.is_fixed()) {
            rows.run_portion(Portion::Fixed, w, nodes, &program.code, &programs.mechanism.tables, 0.0);
        }
    }

    /// Whether it changes by itself: by equations, or by what it writes to ions.
    pub fn advances(&self) -> bool {
        self.programs.advance.is_some() || self.programs.publish.is_some() || self.flows()
    }

    /// Whether its states advance together with those of other pools: see [`crate::flow`].
    pub fn flows(&self) -> bool {
        !self.programs.stages.is_empty()
    }

    /// Whether its inputs are brought up to date between two stages: its states advance by them, or it has none and only passes values on.
    pub fn is_inner(&self) -> bool {
        self.flows() || matches!(self.code().advance, Advance::None)
    }

    /// One stage of a step, with the slopes at a time (ms).
    pub fn stage(&mut self, number: usize, w: &mut Worker, nodes: &mut Nodes, t: f64) {
        let Pool { programs, rows, .. } = self;
        if let Some(stage) = programs.stages.get(number) {
            stage.run(rows, w, nodes, &programs.mechanism.tables, t);
        }
    }

    /// Computes what others are driven by (ms).
    pub fn show(&mut self, w: &mut Worker, nodes: &mut Nodes, t: f64) {
        let Pool { programs, rows, .. } = self;
        if let Some(program) = &programs.shown {
            program.run(rows, w, nodes, &programs.mechanism.tables, t);
        }
    }

    /// Advances its states. Nothing if it has none; else whether an iteration did not converge.
    pub fn advance(&mut self, w: &mut Worker, nodes: &mut Nodes, t: f64) -> Option<bool> {
        if !self.advances() {
            return None;
        }
        let failed = match &self.programs.mechanism.advance {
            Advance::Newton(_) | Advance::Iterated(_) => self.iterate(w, nodes, t),
            Advance::Program(_) | Advance::None | Advance::Stages(..) | Advance::Adaptive(_) => {
                let Pool { programs, rows, .. } = self;
                if let Some(program) = &programs.advance {
                    program.run(rows, w, nodes, &programs.mechanism.tables, t);
                }
                false
            }
        };
        self.publish(w, nodes, t);
        Some(failed)
    }

    /// Whether something happens at the end of every step.
    pub fn steps(&self) -> bool {
        self.programs.step.is_some()
    }

    /// What happens at the end of a step, but for what it causes. Whether anything does.
    pub fn step(&mut self, w: &mut Worker, nodes: &mut Nodes, t: f64) -> bool {
        let Pool { programs, rows, streams, .. } = self;
        let Some(program) = &programs.step else { return false };
        program.run_with(rows, w, nodes, &programs.mechanism.tables, t, streams);
        true
    }

    /// The first instance whose iteration did not converge.
    pub fn unconverged(&self) -> Option<usize> {
        self.newton.unconverged().or(self.unconverged)
    }

    /// Whether a state is not a finite number; it is asked in every step.
    pub fn overflows(&self, isa: Isa) -> bool {
        self.programs.mechanism.states.iter().any(|(_, row)| !are_finite(isa, self.rows.row(*row)))
    }

    /// Whether some state of an instance is not a finite number, or did not converge in the last step.
    pub fn is_lost(&self, instance: usize) -> bool {
        let unconverged = match &self.programs.mechanism.advance {
            Advance::Newton(_) => self.newton.is_unconverged(instance),
            Advance::Iterated(method) => self.unconverged.is_some() && self.rows.get(method.active, instance).to_bits() != 0,
            _ => false,
        };
        unconverged || self.programs.mechanism.states.iter().any(|(_, row)| !self.rows.get(*row, instance).is_finite())
    }

    /// States of an instance that are not finite become 0.
    pub fn heal(&mut self, instance: usize) {
        for (_, row) in &self.programs.mechanism.states {
            if !self.rows.get(*row, instance).is_finite() {
                self.rows.set(*row, instance, 0.0);
            }
        }
    }

    /// The first instance with a state that is not a finite number, the state, and its value.
    pub fn overflow(&self) -> Option<(usize, &str, f64)> {
        let states = self.programs.mechanism.states.iter();
        let found = states.filter_map(|(name, row)| {
            let row = self.rows.row(*row);
            let instance = row.iter().position(|x| !x.is_finite())?;
            Some((instance, name.as_str(), row[instance]))
        });
        found.min_by_key(|(instance, ..)| *instance)
    }

    /// Events of connections, if the handler only adds multiples of the weight to states. Whether it does.
    pub fn add(&mut self, isa: Isa, fan: &Fan) -> bool {
        let Pool { programs, rows, .. } = self;
        let handler = programs.mechanism.handlers.get(usize::from(fan.handler));
        let Some(additions) = handler.and_then(|h| h.additive.as_ref()) else { return false };
        additive::add(isa, rows, additions, fan);
        true
    }

    /// What its connections have for themselves, where they do.
    pub fn connections(&self) -> Option<&Connections> {
        self.connections.as_ref()
    }

    /// What its connections have for themselves, where they do.
    pub fn connections_mut(&mut self) -> Option<&mut Connections> {
        self.connections.as_mut()
    }
}
