//! Handlers of one instance: their programs one after the other, and what follows from each within the block.

use super::connections::Connections;
use super::pool::{Pool, Which};
use super::ready::Ready;
use super::rows::{OneCall, Rows};
use super::{Nodes, Worker};
use crate::kernel::{Effect, HandlerCode, MechanismCode};
use crate::random::Stream;
use crate::vm::program::TableData;

/// A handler made ready.
pub(super) struct Handler {
    first: Ready,
    parts: Vec<Ready>,
}

impl Handler {
    /// # Errors
    /// A program that is not one; none of the compiler's is.
    pub fn new(mechanism: &MechanismCode, handler: &HandlerCode) -> Result<Handler, String> {
        let code = |program| Ready::new(mechanism, program);
        let parts = handler.parts.iter().map(|p| code(&p.program)).collect::<Result<_, _>>()?;
        Ok(Handler { first: code(&handler.program)?, parts })
    }
}

/// What a handler answers: for which instance, with what, when.
#[derive(Clone, Copy, Debug)]
pub struct Happening<'a> {
    /// Which instance.
    pub instance: usize,
    /// What the event brings.
    pub brought: Brought<'a>,
    /// Its time (ms).
    pub t: f64,
    /// The number that it brings where the mechanism sent it to itself, else 0.
    pub flag: f64,
}

/// What an event brings.
#[derive(Clone, Copy, Debug)]
pub enum Brought<'a> {
    /// Its arguments.
    Arguments(&'a [f64]),
    /// The line of a connection, by its number in the pool.
    Connection(u32),
}

/// Memory of handlers that is used again and again.
#[derive(Debug, Default)]
pub struct Buffers {
    arguments: Vec<f64>,
    carried: Vec<f64>,
}

impl Pool {
    /// Connections as they are at the start; states have their initial values.
    pub fn connect(&mut self, w: &mut Worker, nodes: &mut Nodes) {
        let Pool { programs, rows, connections, .. } = self;
        let (Some(connections), Some(program)) = (connections, &programs.connections) else { return };
        connections.restart();
        let kept = programs.mechanism.connections.as_ref().map_or(&[][..], |c| &c.kept);
        let mut given = Vec::new();
        for number in (0..connections.len() as u32).filter(|_| !kept.is_empty()) {
            let instance = connections.instance(number) as usize;
            // An initial value may be made of what was given; what was not given is 0, as in NEURON.
            given.clear();
            given.extend(connections.line(number).iter().map(|x| if x.is_nan() { 0.0 } else { *x }));
            let call = OneCall { instance, arguments: &given, t: 0.0, streams: &mut [] };
            rows.run_one(w, nodes, program, &programs.mechanism.tables, call);
            for (column, initial) in kept.iter().zip(w.scratch.outputs()) {
                if connections.line(number).get(usize::from(*column)).is_some_and(|x| x.is_nan()) {
                    connections.set(number, *column, *initial);
                }
            }
        }
    }

    /// Runs a handler for one instance; adds to `caused` what it caused.
    pub fn handle(&mut self, w: &mut Worker, nodes: &mut Nodes, which: Which, event: Happening, caused: &mut Vec<Caused>) {
        let Pool { programs, rows, streams, connections, .. } = self;
        let mechanism = &programs.mechanism;
        let pair: Option<(&HandlerCode, &Handler)> = match which {
            Which::Start => mechanism.start.as_ref().zip(programs.start.as_ref()),
            Which::Number(h) => mechanism.handlers.get(usize::from(h)).zip(programs.handlers.get(usize::from(h))),
        };
        let Some((handler, ready)) = pair else { return };
        let Happening { instance, brought, t, flag } = event;
        let tables = &mechanism.tables;
        w.buffers.carried.clear();
        w.buffers.carried.extend(mechanism.flags.then_some(flag));
        let mut one = One { instance, t, rows, nodes, streams, connections: connections.as_mut(), tables, caused };
        one.part(w, &ready.first, &handler.effects, brought);
        for (part, code) in handler.parts.iter().zip(&ready.parts) {
            if !part.each {
                one.part(w, code, &part.effects, brought);
                continue;
            }
            for k in 0..one.connections.as_ref().map_or(0, |c| c.count_of(instance)) {
                let number = one.connections.as_ref().map_or(0, |c| c.of(instance, k));
                one.part(w, code, &part.effects, Brought::Connection(number));
            }
        }
        for program in std::iter::once(&ready.first).chain(&ready.parts) {
            one.rows.spread_from(instance, &program.leaves.rows);
        }
    }

    /// Adds to `caused` what the end of a step has caused, by instance and in order; with or without spikes.
    pub fn stepped(&self, spikes: bool, caused: &mut Vec<(u32, Caused)>) {
        let Some(code) = &self.code().step else { return };
        let effects = || code.effects.iter().filter(|e| spikes || !matches!(e, Effect::Spike { .. }));
        if effects().next().is_none() {
            return;
        }
        for i in 0..self.count() {
            let value = |row: u16| self.rows.get(row, i);
            caused.extend(effects().filter_map(|e| Some((i as u32, effect(*e, value)?))));
        }
    }

    /// Adds the instances that the end of a step has made spike, and how often; there is one effect at most that does.
    pub fn spikes(&self, out: &mut Vec<(u32, u32)>) {
        let effects = self.code().step.iter().flat_map(|code| &code.effects);
        for e in effects.filter(|e| matches!(e, Effect::Spike { .. })) {
            let spikes = |i: u32| match effect(*e, |row| self.rows.get(row, i as usize)) {
                Some(Caused::Spikes(times)) => Some((i, times)),
                _ => None,
            };
            out.extend((0..self.count() as u32).filter_map(spikes));
        }
    }
}

/// One instance while its handler runs.
struct One<'a> {
    instance: usize,
    t: f64,
    rows: &'a mut Rows,
    nodes: &'a mut Nodes,
    streams: &'a mut [Stream],
    connections: Option<&'a mut Connections>,
    tables: &'a [TableData],
    caused: &'a mut Vec<Caused>,
}

impl One<'_> {
    /// One program of the handler, and its effects.
    fn part(&mut self, w: &mut Worker, code: &Ready, effects: &[Effect], brought: Brought) {
        self.run(w, code, brought);
        let Worker { scratch, buffers, .. } = w;
        let output = |k: u16| scratch.outputs().get(usize::from(k)).copied().unwrap_or(0.0);
        for one in effects {
            match *one {
                Effect::Potential { value } => self.nodes.set_v(self.rows.position(self.instance), output(value)),
                Effect::Keep { column, value } => {
                    if let (Brought::Connection(number), Some(connections)) = (brought, self.connections.as_mut()) {
                        connections.set(number, column, output(value));
                    }
                }
                Effect::Carry { value } => buffers.carried.push(output(value)),
                one => self.caused.extend(effect(one, output)),
            }
        }
    }

    fn run(&mut self, w: &mut Worker, code: &Ready, brought: Brought) {
        let One { instance, t, .. } = *self;
        let line = match (brought, self.connections.as_ref()) {
            (Brought::Connection(number), Some(connections)) => connections.line(number),
            (Brought::Arguments(arguments), _) => arguments,
            (Brought::Connection(_), None) => &[],
        };
        let mut all = std::mem::take(&mut w.buffers.arguments);
        let arguments = match w.buffers.carried.as_slice() {
            [] => line,
            carried => {
                let columns = self.connections.as_ref().map_or(1, |c| c.columns());
                all.clear();
                all.extend(line.iter().copied().chain(std::iter::repeat(0.0)).take(columns).chain(carried.iter().copied()));
                &all
            }
        };
        self.rows.run_one(w, self.nodes, code, self.tables, OneCall { instance, arguments, t, streams: self.streams });
        w.buffers.arguments = all;
    }
}

/// What a handler has caused.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Caused {
    /// So many spikes of the instance's source.
    Spikes(u32),
    /// An event to itself.
    Send {
        /// ms
        delay: f64,
        /// To this handler.
        handler: u16,
        /// In place of those that are still to come.
        moves: bool,
        /// A number that goes with it, or 0.
        flag: f64,
    },
}

/// What follows from an effect, if anything does, with the values of its numbers.
fn effect(e: Effect, value: impl Fn(u16) -> f64) -> Option<Caused> {
    let set = |k: u16| value(k).to_bits() != 0;
    match e {
        Effect::Spike { when, times } if set(when) => {
            // A number below 1 and NaN become 0.
            let times = times.map_or(1, |k| value(k) as u32);
            (times > 0).then_some(Caused::Spikes(times))
        }
        Effect::Send { when, delay, handler, moves, flag } if set(when) => {
            // Also for NaN: such a delay counts as none.
            let delay = if value(delay) > 0.0 { value(delay) } else { 0.0 };
            Some(Caused::Send { delay, handler, moves, flag: flag.map_or(0.0, &value) })
        }
        Effect::Spike { .. } | Effect::Send { .. } => None,
        // Set by the block.
        Effect::Potential { .. } | Effect::Keep { .. } | Effect::Carry { .. } => None,
    }
}
