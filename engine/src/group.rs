//! A group: blocks that advance in lock step, with their queue, probes and the connections that reach them. It is the unit of threading.
//! One step is transcribed here; what is computed in a block is `block`'s matter.

mod events;
mod field;
mod own_steps;
mod rationed;
mod window;

use crate::block::{Block, BlockFault, Brought, Caused, Pool, Which, Worker};
use crate::crew::Crew;
use crate::event::{Cause, Event, Key, Queue, Target, To, place_in_source};
use crate::field::Initial;
use crate::flow::{Flow, Span};
use crate::inbound::Inbound;
use crate::kernel;
use crate::plan::Plan;
use crate::probe::Sampler;
use crate::profile::{Phase, Profile};
use crate::ration::Ration;
use crate::salvo::{Salvos, Singles};
use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Instant;

/// Added to the time of the step in which a threshold was found crossed (ms), as NEURON stamps spikes.
const STAMP: f64 = 1e-10;

/// More events than this in half a step never end: a handler sends itself events without delay.
const ENDLESS: usize = 20_000_000;

/// Where a connection is: block, pool, number among the connections to the pool.
pub type Place = (u16, u16, u32);

/// When something acts, and what makes it act.
#[derive(Clone, Copy, Debug)]
struct Moment {
    /// ms
    time: f64,
    cause: Cause,
}

impl Moment {
    /// By a step, at its time (ms).
    fn step(time: f64) -> Moment {
        Moment { time, cause: Cause::step(time) }
    }

    /// By an event.
    fn of(key: Key) -> Moment {
        Moment { time: key.time, cause: Cause::of(&key) }
    }
}

/// Spikes of a source at one time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Volley {
    /// ms
    pub time: f64,
    /// What made the source spike.
    pub cause: Cause,
    /// Number of the source.
    pub source: u32,
    /// How many.
    pub times: u32,
}

impl Volley {
    /// By time, cause, source, number of spikes.
    pub fn order(&self, other: &Volley) -> Ordering {
        let times = self.time.total_cmp(&other.time).then(self.cause.order(&other.cause));
        times.then(self.source.cmp(&other.source)).then(self.times.cmp(&other.times))
    }
}

/// What a group is made of.
pub struct Members {
    /// In order.
    pub blocks: Vec<Block>,
    /// Connections that reach them.
    pub inbound: Inbound,
    /// Its probes.
    pub samplers: Vec<Sampler>,
    /// Whether anybody outside of its group hears of each source.
    pub shown: Arc<[bool]>,
    /// Cells of equations that advance together.
    pub flow: Option<Flow>,
}

/// Blocks in lock step.
pub struct Group {
    /// Its blocks.
    pub blocks: Vec<Block>,
    /// Connections that reach it.
    pub inbound: Inbound,
    /// Its probes.
    pub samplers: Vec<Sampler>,
    /// Whether anybody outside of the group hears of a source.
    shown: Arc<[bool]>,
    /// Spikes of the window that somebody outside hears of.
    pub spikes: Vec<Volley>,
    /// Time spent.
    pub profile: Option<Box<Profile>>,
    queue: Queue,
    worker: Worker,
    /// For blocks that are coupled, or worked on by several threads.
    crew: Option<Crew>,
    /// Cells of equations that advance together.
    flow: Option<Flow>,
    /// Of which pools of which blocks the sources have one connection each.
    singles: Vec<((usize, usize), Singles)>,
    salvos: Salvos,
    dt: f64,
    time: f64,
    /// The end of the last step is still to be delivered.
    open: bool,
    /// When a sampler with an interval is due next.
    next_sample: f64,
    /// What has steps of its own has gone ahead to the end of the window.
    ahead: bool,
    /// Currents are recorded here.
    observed: bool,
    /// Some sampler has no interval.
    every_step: bool,
    /// Nothing changes but by events.
    passive: bool,
    faulty: bool,
    /// Where faults only end the lane in which they are: class and lane of those.
    lost: Option<BTreeSet<(usize, usize)>>,
    /// How many events may be delivered, and to whom none are any more.
    ration: Option<Ration>,
    /// There were more.
    spent: bool,
    v_init: f64,
    /// Who sends itself events without end.
    endless: Option<Target>,
    buffers: Buffers,
}

/// Memory that is used again and again.
#[derive(Default)]
struct Buffers {
    crossed: Vec<u32>,
    conditions: Vec<(u16, u32)>,
    caused: Vec<Caused>,
    stepped: Vec<(u32, Caused)>,
    arguments: Vec<f64>,
    listed: (Vec<u32>, Vec<f64>),
}

impl Group {
    /// Blocks that were just laid out.
    pub fn new(members: Members, worker: Worker, crew: Option<Crew>, dt: f64) -> Group {
        let Members { mut blocks, inbound, mut samplers, shown, flow } = members;
        samplers.iter_mut().for_each(|s| s.watch(&mut blocks));
        flow.iter().filter(|flow| flow.is_adaptive()).for_each(|flow| samplers.iter_mut().for_each(|s| s.follow(flow)));
        let observed = blocks.iter().any(|b| b.pools.iter().any(Pool::is_observed_late));
        let (queue, buffers) = (Queue::new(dt), Buffers::default());
        let every_step = samplers.iter().any(Sampler::is_every_step);
        let calm = match &flow {
            // What steps by itself changes nothing else, as long as nothing else is there.
            Some(flow) => flow.is_adaptive() && blocks.iter().all(Block::only_flows),
            None => crew.is_none() && blocks.iter().all(Block::is_passive),
        };
        let passive = calm && !every_step;
        let (spikes, profile) = (Vec::new(), None);
        let singles = events::singles(&blocks, &inbound, &shown);
        Group {
            blocks,
            inbound,
            samplers,
            shown,
            spikes,
            profile,
            queue,
            worker,
            crew,
            flow,
            singles,
            salvos: Salvos::default(),
            dt,
            time: 0.0,
            open: false,
            next_sample: f64::INFINITY,
            ahead: false,
            observed,
            every_step,
            passive,
            faulty: false,
            lost: None,
            ration: None,
            spent: false,
            v_init: 0.0,
            endless: None,
            buffers,
        }
    }

    /// Model time (ms).
    pub fn time(&self) -> f64 {
        self.time
    }

    /// Whether a value was found that is none.
    pub fn is_faulty(&self) -> bool {
        self.faulty || self.spent || self.endless.is_some()
    }

    /// From now on a fault ends the lane in which it is, and nothing else.
    pub fn forgive(&mut self) {
        self.lost.get_or_insert_default();
    }

    /// Class and lane of those that were ended.
    pub fn lost(&self) -> impl Iterator<Item = (usize, usize)> {
        self.lost.iter().flatten().copied()
    }

    /// Ends lanes with values that are none.
    fn lose(&mut self) {
        let Some(lost) = &mut self.lost else { return };
        for block in &mut self.blocks {
            for lane in block.faulty_lanes() {
                lost.insert((block.class, block.first_lane + lane));
                block.heal(lane, self.v_init);
            }
        }
        self.faulty = false;
    }

    /// The first value that is none, or who sends itself events without end: block and place in it.
    pub fn fault(&self) -> Option<(&Block, BlockFault)> {
        if let Some(target) = self.endless {
            let block = self.blocks.get(usize::from(target.block))?;
            let pool = block.pools.get(usize::from(target.pool))?;
            return Some((block, BlockFault { endless: true, ..block.place(pool, target.instance as usize, "") }));
        }
        if let Some(failed) = self.flow.as_ref().and_then(Flow::failed) {
            let block = &self.blocks[failed.block];
            let pool = &block.pools[failed.pool];
            let name = pool.code().states.iter().find(|(_, row)| *row == failed.row).map_or("", |(name, _)| name);
            return Some((block, BlockFault { value: failed.value, ..block.place(pool, failed.instance, name) }));
        }
        self.blocks.iter().find_map(|b| Some((b, b.fault()?)))
    }

    /// Initial values, `on start`, events of time 0, first samples.
    pub fn start(&mut self, v_init: f64, initial: Option<&Initial>) {
        self.time = 0.0;
        self.faulty = false;
        (self.endless, self.spent) = (None, false);
        self.lost.iter_mut().for_each(BTreeSet::clear);
        self.ration.iter_mut().for_each(Ration::forgive);
        self.v_init = v_init;
        self.open = true;
        self.queue = Queue::new(self.dt);
        self.salvos = Salvos::default();
        self.spikes.clear();
        self.samplers.iter_mut().for_each(Sampler::rewind);
        self.next_sample = next_sample(&self.samplers);
        for block in &mut self.blocks {
            block.prepare(&mut self.worker, v_init);
        }
        self.exchange();
        self.flow.iter_mut().for_each(|flow| flow.reset(&mut self.blocks));
        for block in &mut self.blocks {
            block.init(&mut self.worker);
        }
        initial.into_iter().for_each(|initial| self.begin_at(initial));
        // Now that states have values, those that drive an input reach it.
        self.exchange();
        self.flow_now(0.0);
        for block in &mut self.blocks {
            block.connect(&mut self.worker);
        }
        for b in 0..self.blocks.len() {
            for p in 0..self.blocks[b].pools.len() {
                self.start_pool(b, p);
            }
        }
        // What was drawn at the start reaches inputs at once.
        self.flow_now(0.0);
        self.deliver_first();
        self.open = false;
        self.flow.iter_mut().for_each(Flow::disturb);
        self.sample(0.0);
    }

    fn exchange(&mut self) {
        if let Some(crew) = &mut self.crew {
            crew.exchange(&mut self.blocks);
        }
    }

    /// How many threads can work on it at the same time.
    pub fn hands(&self) -> usize {
        self.crew.as_ref().map_or(1, Crew::hands)
    }

    /// Begins to keep times.
    pub fn keep_times(&mut self) {
        self.profile = Some(Box::default());
        self.crew.iter_mut().for_each(Crew::keep_times);
    }

    /// Times that were kept.
    pub fn profiles(&self) -> impl Iterator<Item = &Profile> {
        self.profile.as_deref().into_iter().chain(self.crew.iter().flat_map(Crew::profiles))
    }

    /// What is recorded of currents, as far as no step has computed it.
    pub fn observe_again(&mut self, t: f64) {
        self.blocks.iter_mut().for_each(|b| b.observe_first(&mut self.worker, t));
    }

    /// All events on their way. It is asked between steps.
    pub fn events(&self) -> impl Iterator<Item = &Event> {
        self.queue.events()
    }

    /// Goes to another time, without events.
    pub fn resume(&mut self, time: f64, dt: f64) {
        self.queue = Queue::after(dt, time);
        (self.time, self.open, self.faulty, self.spent, self.endless) = (time, false, false, false, None);
        self.flow.iter_mut().for_each(|flow| flow.resume(&self.blocks));
        self.spikes.clear();
    }

    /// The number that goes with an event of an instance to itself.
    pub fn flag(&mut self, target: Target, count: u64, flag: f64) {
        self.blocks[usize::from(target.block)].pools[usize::from(target.pool)].flag(target.instance as usize, count, flag);
    }

    /// One more event of an instance to itself.
    pub fn enqueue(&mut self, key: Key, to: To) {
        self.queue.push(Event { key, times: 1, to });
    }

    /// Connections of each projection that reach it, with their places: block, pool, number among the connections to that pool. Only those that
    /// have something for themselves.
    pub fn connections(&self, plan: &Plan) -> Vec<Vec<(u32, Place)>> {
        let mut all = vec![Vec::new(); plan.projections.len()];
        for part in self.inbound.parts() {
            let pool = plan.projections[part.projection].pool;
            let own = self.blocks[usize::from(part.block)].pools[usize::from(pool)].connections().is_some();
            if own {
                let places = part.connections.iter().zip(part.first..);
                all[part.projection].extend(places.map(|(connection, number)| (*connection, (part.block, pool, number))));
            }
        }
        all
    }

    /// Queues the events of a spike that reach this group and are due after a time.
    pub fn receive_rest(&mut self, Volley { time: stamp, cause, source, times }: Volley, after: f64) {
        let mut rest = Vec::new();
        for ((row, mut connection, mut delay), place) in self.inbound.rows(source).zip(0..) {
            while stamp + delay <= after {
                let Some(next) = self.inbound.alike(row, connection).1 else { break };
                (connection, delay) = next;
            }
            if stamp + delay > after {
                let count = place_in_source(place, connection);
                let key = Key { time: stamp + delay, sent: stamp, cause, number: source, count };
                rest.push(Event { key, times, to: To::Row(row) });
            }
        }
        rest.into_iter().for_each(|event| self.queue.push(event));
    }

    /// Looks when the next sample is due.
    pub fn count_samples(&mut self) {
        self.next_sample = next_sample(&self.samplers);
    }

    /// Events of time 0; samples of it come after them, and after the currents that they see.
    fn deliver_first(&mut self) {
        let due = std::mem::replace(&mut self.next_sample, f64::INFINITY);
        self.deliver();
        self.blocks.iter_mut().for_each(|b| b.first_currents(&mut self.worker));
        self.next_sample = due;
        while self.next_sample <= 0.0 {
            self.take_due();
        }
    }

    /// Queues what happens at times that are known.
    fn schedule(&mut self, b: usize, p: usize) {
        let pool = &mut self.blocks[b].pools[p];
        for k in 0..pool.code().times.len() {
            let (handler, count) = (pool.code().times[k].0, pool.code().times[k].1.len());
            for instance in 0..pool.count() {
                let target = Target { instance: instance as u32, block: b as u16, pool: p as u16, handler };
                for at in 0..count {
                    let time = match pool.code().times[k].1[at] {
                        kernel::Place::Fixed(time) => time,
                        kernel::Place::Row(row) => pool.rows().get(row, instance),
                    };
                    let (number, count) = pool.next_send(instance);
                    let key = Key { time, sent: 0.0, cause: Cause::START, number, count };
                    self.queue.push(Event { key, times: 1, to: To::Itself(target) });
                }
            }
        }
    }

    fn start_pool(&mut self, b: usize, p: usize) {
        self.schedule(b, p);
        if self.blocks[b].pools[p].code().start.is_none() {
            return;
        }
        for instance in 0..self.blocks[b].pools[p].count() {
            let target = Target { instance: instance as u32, block: b as u16, pool: p as u16, handler: 0 };
            self.run_handler(target, Which::Start, (Brought::Arguments(&[1.0]), 0.0), Moment { time: 0.0, cause: Cause::START });
        }
    }

    fn step(&mut self) {
        let t = self.time;
        self.look(t);
        self.deliver();
        let half = t + 0.5 * self.dt;
        let end = half + 0.5 * self.dt;
        if self.observed {
            // What is recorded of currents is computed where a sample can fall before the currents of the next step.
            let late = self.every_step || self.next_sample <= end + self.dt;
            self.blocks.iter_mut().for_each(|b| b.observes = late);
        }
        if let Some(flow) = &mut self.flow {
            self.faulty |= flow.step(&mut self.blocks, &mut self.worker, Span { begin: t, half, end });
        }
        self.faulty |= match &mut self.crew {
            Some(crew) => crew.step(&mut self.blocks, half, end),
            None => {
                let (blocks, w, profile) = (&mut self.blocks, &mut self.worker, &mut self.profile);
                blocks.iter_mut().fold(false, |faulty, b| b.step(w, half, end, profile.as_deref_mut()) | faulty)
            }
        };
        if self.faulty {
            self.lose();
        }
        self.fail(end);
        self.flow_now(end);
        self.stepped(end);
        self.time = end;
        self.sample(end);
        self.open = true;
    }

    /// What the end of the step has caused.
    fn stepped(&mut self, t: f64) {
        let mut list = std::mem::take(&mut self.buffers.stepped);
        for b in 0..self.blocks.len() {
            for p in 0..self.blocks[b].pools.len() {
                if !self.blocks[b].pools[p].steps() {
                    continue;
                }
                let single = self.singles.iter().position(|(place, _)| *place == (b, p));
                single.iter().for_each(|k| self.fire(*k, t));
                self.blocks[b].pools[p].stepped(single.is_none(), &mut list);
                for (instance, caused) in list.drain(..) {
                    let target = Target { instance, block: b as u16, pool: p as u16, handler: 0 };
                    self.cause(target, Brought::Arguments(&[]), caused, Moment::step(t));
                }
            }
        }
        self.buffers.stepped = list;
    }

    /// Thresholds and conditions, at the beginning of a step.
    fn look(&mut self, t: f64) {
        let timer = self.profile.as_ref().map(|_| Instant::now());
        let mut crossed = std::mem::take(&mut self.buffers.crossed);
        let isa = self.worker.machine.isa();
        self.blocks.iter_mut().for_each(|b| b.crossed(isa, &mut crossed));
        crossed.drain(..).for_each(|source| self.spike(source, Moment { time: t + STAMP, cause: Cause::step(t) }, 1));
        self.buffers.crossed = crossed;
        for b in 0..self.blocks.len() {
            for p in 0..self.blocks[b].watching() {
                self.conditions(b, p, t);
            }
        }
        self.note(timer, Phase::Look);
    }

    fn conditions(&mut self, b: usize, p: usize, t: f64) {
        let mut found = std::mem::take(&mut self.buffers.conditions);
        self.blocks[b].conditions(&mut self.worker, p, t, &mut found);
        for (handler, instance) in found.drain(..) {
            let (number, count) = self.blocks[b].pools[p].next_send(instance as usize);
            let target = Target { instance, block: b as u16, pool: p as u16, handler };
            let key = Key { time: t, sent: t, cause: Cause::step(t), number, count };
            self.queue.push(Event { key, times: 1, to: To::Itself(target) });
        }
        self.buffers.conditions = found;
    }

    fn note(&mut self, timer: Option<Instant>, phase: Phase) {
        if let (Some(start), Some(profile)) = (timer, self.profile.as_deref_mut()) {
            profile.add(phase, start.elapsed(), 0);
        }
    }

    /// One phase: events and samples up to its limit, in order.
    fn deliver(&mut self) {
        let limit = self.queue.limit();
        if self.queue.is_idle() && self.next_sample > limit {
            self.queue.pass();
            return;
        }
        let timer = self.profile.as_ref().map(|_| Instant::now());
        self.flow.iter_mut().for_each(Flow::disturb);
        self.queue.begin();
        let mut delivered = 0;
        loop {
            let event = self.queue.next_time();
            let sample = self.next_sample;
            if sample <= limit && event.is_none_or(|t| sample <= t) {
                self.take_due();
            } else if let Some(e) = self.queue.pop() {
                delivered += 1;
                if let Some(Event { key, to: To::Row(row), .. }) = self.queue.coming() {
                    self.inbound.fetch(*row, key.count as u32);
                }
                if self.is_due(&e) {
                    match e.to {
                        To::Itself(target) => self.itself(target, e.key),
                        To::Connection(target) => self.of_connection(target, e.key),
                        To::Row(row) => self.fan(row, e.key, e.times),
                        To::Salvo { singles, list } => self.salvo(singles, list, e.key),
                    }
                }
                if delivered > ENDLESS {
                    delivered = 0;
                    self.end_endless(&e);
                }
                if self.is_faulty() {
                    break;
                }
            } else {
                break;
            }
        }
        self.queue.end();
        self.note(timer, Phase::Events);
    }
}

fn next_sample(samplers: &[Sampler]) -> f64 {
    samplers.iter().map(Sampler::next).fold(f64::INFINITY, f64::min)
}
