//! What events reach, what handlers cause, and how spikes become events.

use super::{Group, Moment, Volley};
use crate::block::{Block, Brought, Caused, Happening, Which};
use crate::event::{Cause, Event, Key, Target, To, place_in_source};
use crate::inbound::{Arguments, Fan, Inbound};
use crate::kernel::Effect;
use crate::salvo::Singles;

impl Group {
    /// An event that an instance sent itself, unless it has moved it since.
    pub(super) fn itself(&mut self, target: Target, key: Key) {
        let pool = &mut self.blocks[usize::from(target.block)].pools[usize::from(target.pool)];
        let flag = pool.take_flag(target.instance as usize, (key.number, key.count));
        if !pool.is_stale(target.handler, target.instance as usize, (key.number, key.count)) {
            self.run_handler(target, Which::Number(target.handler), (Brought::Arguments(&[1.0]), flag), Moment::of(key));
        }
    }

    /// An event that an instance sent itself on behalf of a connection, unless it has moved it since.
    pub(super) fn of_connection(&mut self, to: Target, key: Key) {
        let Some(target) = self.owner(to) else { return };
        let pool = &mut self.blocks[usize::from(to.block)].pools[usize::from(to.pool)];
        let flag = pool.take_flag(target.instance as usize, (key.number, key.count));
        if !pool.is_stale(to.handler, target.instance as usize, (key.number, key.count)) {
            self.run_handler(target, Which::Number(to.handler), (Brought::Connection(to.instance), flag), Moment::of(key));
        }
    }

    /// The connections of a row from the one of this key on that have its delay; those with the next delay are queued.
    pub(super) fn fan(&mut self, row: u32, key: Key, times: u32) {
        let (range, next) = self.inbound.alike(row, key.count as u32);
        if let Some((connection, delay)) = next {
            let count = key.count >> 32 << 32 | u64::from(connection);
            self.queue.push(Event { key: Key { time: key.sent + delay, count, ..key }, times, to: To::Row(row) });
        }
        let fan = self.inbound.fan(row, range.clone(), times);
        let isa = self.worker.machine.isa();
        let reached = &mut self.blocks[usize::from(fan.block)].pools[usize::from(fan.pool)];
        if reached.connections().is_some() || !reached.add(isa, &fan) {
            let part = self.inbound.part(row);
            range.for_each(|at| self.one(part, at, times, Moment::of(key)));
        }
    }

    /// Spikes of sources that have one connection each.
    pub(super) fn salvo(&mut self, singles: u32, list: u32, key: Key) {
        let Singles { part, at, .. } = &self.singles[singles as usize].1;
        let part = *part;
        let spikes = self.salvos.take(list);
        let mut listed = std::mem::take(&mut self.buffers.listed);
        self.inbound.listed(part, spikes.iter().map(|(k, times)| (at[*k as usize], *times)), &mut listed);
        let (block, pool, handler) = self.inbound.reached(part);
        let fan = Fan { block, pool, handler, targets: &listed.0, weight: Arguments::Listed(&listed.1), times: 1 };
        let isa = self.worker.machine.isa();
        let reached = &mut self.blocks[usize::from(block)].pools[usize::from(pool)];
        if reached.connections().is_some() || !reached.add(isa, &fan) {
            for (k, times) in &spikes {
                let at = self.singles[singles as usize].1.at[*k as usize];
                self.one(part, at, *times, Moment::of(key));
            }
        }
        self.buffers.listed = listed;
        self.salvos.close(spikes);
    }

    /// Whom an event reaches; of several the last.
    pub(super) fn whom(&self, e: &Event) -> Option<Target> {
        let of = |part: u32, at: u32| {
            let (block, pool, handler) = self.inbound.reached(part);
            Target { instance: self.inbound.target(part, at), block, pool, handler }
        };
        match e.to {
            To::Itself(target) => Some(target),
            To::Connection(to) => self.owner(to),
            To::Row(row) => self.inbound.alike(row, e.key.count as u32).0.last().map(|at| of(self.inbound.part(row), at)),
            To::Salvo { singles, .. } => {
                let Singles { part, at, .. } = &self.singles.get(singles as usize)?.1;
                at.last().map(|at| of(*part, *at))
            }
        }
    }

    /// The instance that has a connection.
    fn owner(&self, to: Target) -> Option<Target> {
        let pool = self.blocks.get(usize::from(to.block))?.pools.get(usize::from(to.pool))?;
        Some(Target { instance: pool.connections()?.instance(to.instance), ..to })
    }

    /// Spikes some of whose events are on their way; how often each happened. A spike has an event for each row that it reaches, and two that are alike
    /// have each of these twice.
    pub fn volleys(&self) -> Vec<(Volley, usize)> {
        /// Spikes, and one of their events: its time, whom it reaches.
        type Sent = (Volley, (u64, u64, u64));
        let mut all: Vec<Sent> = Vec::new();
        for Event { key: Key { time, sent, cause, number, count }, times, to } in self.events() {
            match *to {
                To::Itself(_) | To::Connection(_) => {}
                To::Row(row) => {
                    let volley = Volley { time: *sent, cause: *cause, source: *number, times: *times };
                    all.push((volley, (time.to_bits(), u64::from(row), *count)));
                }
                To::Salvo { singles, list } => {
                    let first = self.singles[singles as usize].1.first;
                    let event = (time.to_bits(), u64::from(singles), u64::MAX);
                    let volley = |k: u32, times: u32| Volley { time: *sent, cause: *cause, source: first + k, times };
                    all.extend(self.salvos.get(list).iter().map(|(k, times)| (volley(*k, *times), event)));
                }
            }
        }
        let order = |a: &Sent, b: &Sent| a.0.order(&b.0).then(a.1.cmp(&b.1));
        all.sort_unstable_by(order);
        all.chunk_by(|a, b| order(a, b).is_eq()).map(|alike| (alike[0].0, alike.len())).collect()
    }

    /// So many events at once of one connection of a part.
    fn one(&mut self, part: u32, at: u32, times: u32, now: Moment) {
        let (block, pool, handler) = self.inbound.reached(part);
        let reached = &self.blocks[usize::from(block)].pools[usize::from(pool)];
        let target = |instance| Target { instance, block, pool, handler };
        if reached.connections().is_some() {
            let (instance, number) = self.inbound.kept(part, at);
            for _ in 0..times {
                self.run_handler(target(instance), Which::Number(handler), (Brought::Connection(number), 0.0), now);
            }
            return;
        }
        let mut arguments = std::mem::take(&mut self.buffers.arguments);
        let instance = self.inbound.one(part, at, &mut arguments);
        for _ in 0..times {
            self.run_handler(target(instance), Which::Number(handler), (Brought::Arguments(&arguments), 0.0), now);
        }
        self.buffers.arguments = arguments;
    }

    /// Runs a handler with what an event brings: arguments or a connection, and the number that goes with it.
    pub(super) fn run_handler(&mut self, target: Target, which: Which, (brought, flag): (Brought, f64), now: Moment) {
        let (b, p, instance) = (usize::from(target.block), usize::from(target.pool), target.instance as usize);
        let mut list = std::mem::take(&mut self.buffers.caused);
        self.blocks[b].handle(&mut self.worker, p, which, Happening { instance, brought, t: now.time, flag }, &mut list);
        list.drain(..).for_each(|caused| self.cause(target, brought, caused, now));
        self.buffers.caused = list;
    }

    /// What an instance has caused at this time.
    pub(super) fn cause(&mut self, target: Target, brought: Brought, caused: Caused, now: Moment) {
        let pool = &mut self.blocks[usize::from(target.block)].pools[usize::from(target.pool)];
        let instance = target.instance as usize;
        match caused {
            Caused::Spikes(times) => {
                if let Some(source) = pool.source(instance) {
                    self.spike(source, now, times);
                }
            }
            Caused::Send { delay, handler, moves, flag } => {
                let (number, count) = pool.next_send(instance);
                pool.flag(instance, count, flag);
                if moves {
                    pool.forget(handler, instance, count);
                }
                let key = Key { time: now.time + delay, sent: now.time, cause: now.cause, number, count };
                let target = Target { handler, ..target };
                let to = match brought {
                    Brought::Connection(number) => To::Connection(Target { instance: number, ..target }),
                    Brought::Arguments(_) => To::Itself(target),
                };
                self.queue.push(Event { key, times: 1, to });
            }
        }
    }

    pub(super) fn spike(&mut self, source: u32, Moment { time, cause }: Moment, times: u32) {
        let volley = Volley { time, cause, source, times };
        if is_shown(&self.shown, source) {
            self.spikes.push(volley);
        }
        self.receive(&volley);
    }

    /// Queues the events of spikes of other groups.
    pub fn hear(&mut self, volleys: &[Volley], is_other: impl Fn(u32) -> bool) {
        volleys.iter().filter(|v| is_other(v.source)).for_each(|v| self.receive(v));
    }

    fn receive(&mut self, volley: &Volley) {
        let Volley { time: sent, cause, source: number, times } = *volley;
        for ((row, connection, delay), place) in self.inbound.rows(number).zip(0..) {
            let key = Key { time: sent + delay, sent, cause, number, count: place_in_source(place, connection) };
            self.queue.push(Event { key, times, to: To::Row(row) });
        }
    }

    /// Spikes of sources that have one connection each become one event.
    pub(super) fn fire(&mut self, k: usize, t: f64) {
        let ((b, p), Singles { first, delay, shown, .. }) = &self.singles[k];
        let (number, delay) = (*first, *delay);
        let mut spikes = self.salvos.open();
        self.blocks[*b].pools[*p].spikes(&mut spikes);
        if *shown {
            let all =
                spikes.iter().map(|(k, times)| Volley { time: t, cause: Cause::step(t), source: number + k, times: *times });
            self.spikes.extend(all.filter(|v| is_shown(&self.shown, v.source)));
        }
        if spikes.is_empty() {
            self.salvos.close(spikes);
            return;
        }
        let key = Key { time: t + delay, sent: t, cause: Cause::step(t), number, count: 0 };
        let list = self.salvos.send(spikes);
        self.queue.push(Event { key, times: 1, to: To::Salvo { singles: k as u32, list } });
    }
}

fn is_shown(shown: &[bool], source: u32) -> bool {
    shown.get(source as usize).is_none_or(|shown| *shown)
}

/// Pools whose sources have one connection each, with their blocks.
pub(super) fn singles(blocks: &[Block], inbound: &Inbound, shown: &[bool]) -> Vec<((usize, usize), Singles)> {
    let pools =
        blocks.iter().enumerate().flat_map(|(b, block)| block.pools.iter().enumerate().map(move |(p, pool)| ((b, p), pool)));
    let spikes = |effects: &[Effect]| effects.iter().filter(|e| matches!(e, Effect::Spike { .. })).count();
    // Those that spike at most once at a time.
    let apt = pools.filter(|(_, pool)| {
        let code = pool.code();
        let mut others = code.handlers.iter().chain(&code.start);
        code.step.as_ref().is_some_and(|s| spikes(&s.effects) == 1) && others.all(|h| spikes(&h.effects) == 0)
    });
    let is_shown = |source: &u32| is_shown(shown, *source);
    apt.filter_map(|(place, pool)| Some((place, Singles::of(inbound, pool.sources(), is_shown)?))).collect()
}
