//! A group: blocks that advance in lock step, with their queue, probes and the links that reach them. It is the unit of threading.
//! One step is transcribed here; what is computed in a block is `block`'s matter.

use crate::block::{Block, BlockFault, Which, Worker};
use crate::crew::Crew;
use crate::event::{Event, Key, Queue, Target};
use crate::kernel::Effect;
use crate::probe::Sampler;
use crate::profile::{Phase, Profile};
use crate::run::Spike;
use std::time::Instant;

/// Added to the time of the step in which a threshold was found crossed (ms), as NEURON stamps spikes.
const STAMP: f64 = 1e-10;

/// More events than this in half a step never end: a handler sends itself events without delay.
const ENDLESS: usize = 20_000_000;

/// Links by source: those of source `s` are `entries[start[s]..start[s + 1]]`.
#[derive(Clone, Debug, Default)]
pub struct Links {
    /// One more than there are sources.
    pub start: Vec<u32>,
    /// Sorted by source, then as created.
    pub entries: Vec<LinkEntry>,
}

/// A link into the group.
#[derive(Clone, Copy, Debug)]
pub struct LinkEntry {
    /// ms
    pub delay: f64,
    /// First argument of its events.
    pub weight: f64,
    /// Whom it reaches.
    pub target: Target,
    /// Its number among all links of its source.
    pub number: u32,
}

impl Links {
    fn of(&self, source: u32) -> &[LinkEntry] {
        let at = source as usize;
        match (self.start.get(at), self.start.get(at + 1)) {
            (Some(a), Some(b)) => self.entries.get(*a as usize..*b as usize).unwrap_or_default(),
            _ => &[],
        }
    }
}

/// Blocks in lock step.
pub struct Group {
    /// Its blocks.
    pub blocks: Vec<Block>,
    /// Links that reach it.
    pub links: Links,
    /// Its probes.
    pub samplers: Vec<Sampler>,
    /// Spikes of the window.
    pub spikes: Vec<Spike>,
    /// Time spent.
    pub profile: Option<Box<Profile>>,
    queue: Queue,
    worker: Worker,
    /// For blocks that are coupled, or worked on by several threads.
    crew: Option<Crew>,
    dt: f64,
    time: f64,
    /// The end of the last step is still to be delivered.
    open: bool,
    /// When a sampler with an interval is due next.
    next_sample: f64,
    /// Nothing changes but by events.
    passive: bool,
    faulty: bool,
    /// Who sends itself events without end.
    endless: Option<Target>,
    buffers: Buffers,
}

/// Memory that is used again and again.
#[derive(Default)]
struct Buffers {
    crossed: Vec<u32>,
    conditions: Vec<(u16, u32)>,
    caused: Vec<(Effect, f64)>,
}

impl Group {
    /// Blocks that were just laid out.
    pub fn new(blocks: Vec<Block>, links: Links, samplers: Vec<Sampler>, worker: Worker, crew: Option<Crew>, dt: f64) -> Group {
        let (queue, buffers) = (Queue::new(dt), Buffers::default());
        let passive = crew.is_none() && blocks.iter().all(Block::is_passive) && !samplers.iter().any(Sampler::is_every_step);
        let (spikes, profile) = (Vec::new(), None);
        Group {
            blocks,
            links,
            samplers,
            spikes,
            profile,
            queue,
            worker,
            crew,
            dt,
            time: 0.0,
            open: false,
            next_sample: f64::INFINITY,
            passive,
            faulty: false,
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
        self.faulty || self.endless.is_some()
    }

    /// The first value that is none, or who sends itself events without end: block and place in it.
    pub fn fault(&self) -> Option<(&Block, BlockFault)> {
        if let Some(target) = self.endless {
            let block = self.blocks.get(usize::from(target.block))?;
            let pool = block.pools.get(usize::from(target.pool))?;
            return Some((block, BlockFault { endless: true, ..block.place(pool, target.instance as usize, "") }));
        }
        self.blocks.iter().find_map(|b| Some((b, b.fault()?)))
    }

    /// Initial values, `on start`, events of time 0, first samples.
    pub fn start(&mut self, v_init: f64) {
        self.time = 0.0;
        self.faulty = false;
        self.endless = None;
        self.open = true;
        self.queue = Queue::new(self.dt);
        self.spikes.clear();
        self.samplers.iter_mut().for_each(Sampler::rewind);
        self.next_sample = next_sample(&self.samplers);
        for block in &mut self.blocks {
            block.prepare(&mut self.worker, v_init);
        }
        self.exchange();
        for block in &mut self.blocks {
            block.init(&mut self.worker);
        }
        // Now that states have values, those that drive an input reach it.
        self.exchange();
        for b in 0..self.blocks.len() {
            for p in 0..self.blocks[b].pools.len() {
                self.start_pool(b, p);
            }
        }
        self.deliver();
        self.open = false;
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

    fn start_pool(&mut self, b: usize, p: usize) {
        if self.blocks[b].pools[p].code().start.is_none() {
            return;
        }
        for instance in 0..self.blocks[b].pools[p].count() {
            let target = Target { instance: instance as u32, block: b as u16, pool: p as u16, handler: 0 };
            self.run_handler(target, Which::Start, 1.0, 0.0);
        }
    }

    /// Advances by so many steps. The end of the last one stays open until the next window begins or [`Group::close`] is called.
    pub fn window(&mut self, steps: usize) {
        for _ in 0..steps {
            if self.is_faulty() {
                return;
            }
            self.close();
            if self.passive { self.wait() } else { self.step() }
        }
    }

    /// Delivers what is due at the end of the last step.
    pub fn close(&mut self) {
        if self.open {
            self.deliver();
            self.open = false;
        }
    }

    /// A step in which only events can happen.
    fn wait(&mut self) {
        self.deliver();
        self.time = (self.time + 0.5 * self.dt) + 0.5 * self.dt;
        self.open = true;
    }

    fn step(&mut self) {
        let t = self.time;
        self.look(t);
        self.deliver();
        let half = t + 0.5 * self.dt;
        let end = half + 0.5 * self.dt;
        self.faulty |= match &mut self.crew {
            Some(crew) => crew.step(&mut self.blocks, half, end),
            None => {
                let (blocks, w, profile) = (&mut self.blocks, &mut self.worker, &mut self.profile);
                blocks.iter_mut().fold(false, |faulty, b| b.step(w, half, end, profile.as_deref_mut()) | faulty)
            }
        };
        self.time = end;
        self.sample(end);
        self.open = true;
    }

    /// Thresholds and conditions, at the beginning of a step.
    fn look(&mut self, t: f64) {
        let timer = self.profile.as_ref().map(|_| Instant::now());
        let mut crossed = std::mem::take(&mut self.buffers.crossed);
        let isa = self.worker.machine.isa();
        self.blocks.iter_mut().for_each(|b| b.crossed(isa, &mut crossed));
        crossed.drain(..).for_each(|source| self.spike(source, t + STAMP));
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
            self.queue.push(Event { key: Key { time: t, sent: t, number, count }, weight: 1.0, target });
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
        self.queue.begin();
        let mut delivered = 0;
        loop {
            let event = self.queue.next_time();
            let sample = self.next_sample;
            if sample <= limit && event.is_none_or(|t| sample <= t) {
                self.samplers.iter_mut().filter(|s| s.next() == sample).for_each(|s| s.take_due(&self.blocks));
                self.next_sample = next_sample(&self.samplers);
            } else if let Some(e) = self.queue.pop() {
                self.handle(e.target, e.weight, e.key.time);
                delivered += 1;
                if delivered > ENDLESS {
                    self.endless = Some(e.target);
                    break;
                }
            } else {
                break;
            }
        }
        self.queue.end();
        self.note(timer, Phase::Events);
    }

    fn handle(&mut self, target: Target, weight: f64, time: f64) {
        let pool = &mut self.blocks[usize::from(target.block)].pools[usize::from(target.pool)];
        if !pool.add(target.handler, target.instance as usize, weight) {
            self.run_handler(target, Which::Number(target.handler), weight, time);
        }
    }

    fn run_handler(&mut self, target: Target, which: Which, weight: f64, time: f64) {
        let (b, p, instance) = (usize::from(target.block), usize::from(target.pool), target.instance as usize);
        let mut caused = std::mem::take(&mut self.buffers.caused);
        self.blocks[b].handle(&mut self.worker, p, which, (instance, weight, time), &mut caused);
        for (effect, delay) in caused.drain(..) {
            match effect {
                Effect::Spike { .. } => {
                    if let Some(source) = self.blocks[b].pools[p].source(instance) {
                        self.spike(source, time);
                    }
                }
                // Set by the block.
                Effect::Potential { .. } => {}
                Effect::Send { handler, .. } => {
                    let (number, count) = self.blocks[b].pools[p].next_send(instance);
                    // Also for NaN: such a delay counts as none.
                    let delay = if delay > 0.0 { delay } else { 0.0 };
                    let key = Key { time: time + delay, sent: time, number, count };
                    self.queue.push(Event { key, weight: 1.0, target: Target { handler, ..target } });
                }
            }
        }
        self.buffers.caused = caused;
    }

    fn spike(&mut self, source: u32, stamp: f64) {
        self.spikes.push(Spike { time: stamp, source });
        self.receive(source, stamp);
    }

    /// Queues the events of a spike that reach this group.
    pub fn receive(&mut self, source: u32, stamp: f64) {
        for link in self.links.of(source) {
            let key = Key { time: stamp + link.delay, sent: stamp, number: source, count: link.number };
            self.queue.push(Event { key, weight: link.weight, target: link.target });
        }
    }

    fn sample(&mut self, t: f64) {
        for s in self.samplers.iter_mut().filter(|s| s.is_every_step()) {
            s.take(t, &self.blocks);
        }
    }
}

fn next_sample(samplers: &[Sampler]) -> f64 {
    samplers.iter().map(Sampler::next).fold(f64::INFINITY, f64::min)
}
