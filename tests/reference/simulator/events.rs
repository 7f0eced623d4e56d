//! Events: their order, their delivery, what they do and what causes them.

use super::Simulator;
use super::coupling::read;
use super::state::ClassState;
use crate::reference::interpreter::is_set;
use bouton_engine::kernel::{Advance, Effect, HandlerCode, Place};
use bouton_engine::plan::Projection;
use bouton_engine::run::Spike;
use bouton_engine::vm::program::{NodeRow, Program};
use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;

/// One queue for everybody, the event with the least key on top.
pub type Queue = BinaryHeap<Reverse<Event>>;

/// An instance: class, pool, index.
type Target = (usize, usize, usize);

/// An event on its way. Two with equal keys are the same event twice.
#[derive(Clone, Debug)]
pub struct Event {
    /// When it is due (ms).
    pub time: f64,
    /// When it was sent (ms).
    pub sent_time: f64,
    /// What made its sender act.
    pub cause: Cause,
    /// Of the spike source, or the entity number of an instance that sent it to itself.
    pub number: u32,
    /// How many the instance had sent before; or of a connection the projection, the delay (its bits: those of delays that are not negative
    /// are in their order), which spike of the source at this time it is (those with fewer at once first), and its number in the projection.
    pub count: [u64; 4],
    /// Who handles it.
    pub target: Target,
    /// With which of its handlers.
    pub handler: usize,
    /// What it brings.
    pub brought: Brought,
    /// The number that goes with one that an instance has sent to itself.
    pub flag: f64,
    /// How often it happens at once.
    pub times: u32,
}

/// When the event was sent that made a sender act (ms), and the beginning of the row of equal intervals, as of a rhythmic source, that led there: with
/// a minus if the interval before was longer.
#[derive(Clone, Copy, Debug)]
pub struct Cause(f64, f64);

/// When something acts (ms), and what makes it act.
#[derive(Clone, Copy, Debug)]
struct Moment(f64, Cause);

/// At the start nobody was made to act.
const START: Cause = Cause(f64::NEG_INFINITY, 0.0);

impl Event {
    fn moment(&self) -> Moment {
        Moment(self.time, self.causes())
    }

    /// What it tells of itself to what it causes.
    fn causes(&self) -> Cause {
        let Cause(before, since) = self.cause;
        let (last, one_before) = (self.time - self.sent_time, self.sent_time - before);
        if (one_before - last).abs() <= 4.0 * f64::EPSILON * self.time {
            Cause(self.sent_time, since)
        } else {
            Cause(self.sent_time, if one_before > last { -self.sent_time } else { self.sent_time })
        }
    }
}

/// What an event brings.
#[derive(Clone, Debug)]
pub enum Brought {
    /// Its arguments.
    Arguments(Vec<f64>),
    /// The line of a connection, as it is when the event is handled: projection and number in it.
    Line(usize, usize),
}

/// The key (time, sent_time, cause, number, count), in lexicographic order.
impl Ord for Event {
    fn cmp(&self, other: &Event) -> Ordering {
        let times = self.time.total_cmp(&other.time).then(self.sent_time.total_cmp(&other.sent_time));
        let causes = self.cause.0.total_cmp(&other.cause.0).then(self.cause.1.total_cmp(&other.cause.1));
        times.then(causes).then(self.number.cmp(&other.number)).then(self.count.cmp(&other.count))
    }
}

impl PartialOrd for Event {
    fn partial_cmp(&self, other: &Event) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Event {
    fn eq(&self, other: &Event) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Event {}

impl Simulator {
    /// Whatever is due at or before the limit, in order of time; a sample comes before an event of the same time.
    /// Events that are queued meanwhile take part.
    pub(super) fn deliver(&mut self, limit: f64) {
        loop {
            let event = self.queue.peek().map(|e| e.0.time).filter(|time| *time <= limit);
            let sample = self.next_sample(limit);
            match (event, sample) {
                (None, None) => return,
                (Some(_), None) => self.handle_next(),
                (Some(event), Some((sample, _))) if event < sample => self.handle_next(),
                (_, Some((_, recorder))) => self.sample_due(recorder),
            }
        }
    }

    fn handle_next(&mut self) {
        let Some(Reverse(event)) = self.queue.pop() else { return };
        let (class, pool, _) = event.target;
        let code = self.plan.classes[class].pools[pool].code.clone();
        let instance = &self.classes[class].pools[pool].instances[event.target.2];
        // What the instance has sent to itself and then moved does not happen.
        let own = event.number == instance.entity;
        if own && instance.moved.get(&event.handler).is_some_and(|count| event.count[0] < *count) {
            return;
        }
        let handler = &code.handlers[event.handler];
        match (&handler.additive, &event.brought) {
            (Some(_), Brought::Arguments(list)) => {
                let at_once = list.iter().map(|a| f64::from(event.times) * a).collect();
                self.handle(handler, event.target, event.moment(), &Brought::Arguments(at_once), event.flag);
            }
            _ => (0..event.times).for_each(|_| self.handle(handler, event.target, event.moment(), &event.brought, event.flag)),
        }
    }

    /// Runs the parts of a handler for one instance at a moment, each once or for each connection that reaches the instance.
    fn handle(&mut self, handler: &HandlerCode, target: Target, now: Moment, brought: &Brought, flag: f64) {
        read(&self.plan, target.0, target.1, Some(target.2), &mut self.classes[target.0]);
        // The flag is the first that is carried.
        let mut carried = if self.plan.classes[target.0].pools[target.1].code.flags { vec![flag] } else { Vec::new() };
        self.part(&handler.program, &handler.effects, target, now, brought, &mut carried);
        for part in &handler.parts {
            let lines = if part.each { self.reaching(target) } else { vec![brought.clone()] };
            for line in lines {
                self.part(&part.program, &part.effects, target, now, &line, &mut carried);
            }
        }
    }

    /// The connections that reach an instance: by projection, then by sender, then as created.
    fn reaching(&self, (class, pool, i): Target) -> Vec<Brought> {
        let projections = self.plan.projections.iter().enumerate();
        let here = projections.filter(|(_, p)| (usize::from(p.class), usize::from(p.pool)) == (class, pool));
        let lines = here.flat_map(|(number, p)| {
            let targets = p.targets.iter().enumerate();
            targets.filter(|(_, target)| **target as usize == i).map(move |(c, _)| Brought::Line(number, c))
        });
        lines.collect()
    }

    /// Runs one program, then its effects in order, each where its mask is set.
    fn part(
        &mut self,
        program: &Program,
        effects: &[Effect],
        target: Target,
        now: Moment,
        brought: &Brought,
        carried: &mut Vec<f64>,
    ) {
        let (class, pool, i) = target;
        let code = self.plan.classes[class].pools[pool].code.clone();
        let columns = code.connections.as_ref().map_or(1, |c| c.columns.len().max(1));
        let mut arguments = match brought {
            Brought::Arguments(list) => list.clone(),
            Brought::Line(projection, c) => self.lines[*projection][*c].clone(),
        };
        if !carried.is_empty() {
            arguments.resize(columns, 0.0);
            arguments.extend(carried.iter());
        }
        let state = &mut self.classes[class];
        let instance = &mut state.pools[pool].instances[i];
        let outputs = instance.act(&code, program, now.0, &arguments, &mut state.cells);
        self.cause(effects, target, now, brought, carried, &|k| outputs[usize::from(k)]);
    }

    /// Effects in order, each where its mask is set.
    fn cause(
        &mut self,
        effects: &[Effect],
        target: Target,
        now: Moment,
        brought: &Brought,
        carried: &mut Vec<f64>,
        output: &dyn Fn(u16) -> f64,
    ) {
        let source = self.classes[target.0].pools[target.1].instances[target.2].source;
        for effect in effects {
            match *effect {
                Effect::Spike { when, times } if is_set(output(when)) => {
                    let times = times.map_or(1.0, output).floor();
                    if times >= 1.0 {
                        self.spike(now, source.expect("an instance that spikes is a source"), times as u32);
                    }
                }
                Effect::Send { when, delay, handler, moves, flag } if is_set(output(when)) => {
                    let flag = flag.map_or(0.0, output);
                    self.send(target, now, output(delay), (usize::from(handler), moves, flag), brought);
                }
                Effect::Potential { value: potential } => {
                    let (lane, node) = self.at(target);
                    self.classes[target.0].cells[lane].nodes[node][NodeRow::V as usize] = output(potential);
                }
                Effect::Keep { column, value } => {
                    let Brought::Line(projection, c) = *brought else { panic!("a connection is at hand") };
                    self.lines[projection][c][usize::from(column)] = output(value);
                }
                Effect::Carry { value } => carried.push(output(value)),
                Effect::Spike { .. } | Effect::Send { .. } => {}
            }
        }
    }

    /// What connections have for themselves, when states have their initial values: as the plan says, else by the program of the mechanism.
    pub(super) fn connect(&mut self) {
        let plan = self.plan.clone();
        self.lines = plan.projections.iter().map(|p| self.lines_of(p)).collect();
    }

    fn lines_of(&mut self, p: &Projection) -> Vec<Vec<f64>> {
        let (class, pool) = (usize::from(p.class), usize::from(p.pool));
        let code = self.plan.classes[class].pools[pool].code.clone();
        let Some(of_connections) = &code.connections else { return Vec::new() };
        let line = |(c, target): (usize, &u32)| {
            let mut line: Vec<f64> = p.arguments.iter().map(|a| a.at(c)).collect();
            line.resize(of_connections.columns.len().max(1), f64::NAN);
            let state = &mut self.classes[class];
            read(&self.plan, class, pool, None, state);
            let instance = &mut state.pools[pool].instances[*target as usize];
            let given: Vec<f64> = line.iter().map(|x| if x.is_nan() { 0.0 } else { *x }).collect();
            let initial = instance.act(&code, &of_connections.init, 0.0, &given, &mut state.cells);
            for (column, x) in of_connections.kept.iter().zip(initial) {
                let slot = &mut line[usize::from(*column)];
                *slot = if slot.is_nan() { x } else { *slot };
            }
            line
        };
        p.targets.iter().enumerate().map(line).collect()
    }

    /// Lane and node of an instance that has one.
    fn at(&self, (class, pool, i): Target) -> (usize, usize) {
        let instance = &self.classes[class].pools[pool].instances[i];
        (instance.lane, instance.node.expect("an instance on a node"))
    }

    /// An instance sends an event to itself at this moment. A delay that is negative or not a number counts as 0. Moved, it comes in place of all that the
    /// instance has sent to the handler so far.
    fn send(&mut self, target: Target, now: Moment, delay: f64, (handler, moves, flag): (usize, bool, f64), brought: &Brought) {
        let (class, pool, i) = target;
        let instance = &mut self.classes[class].pools[pool].instances[i];
        let (number, count) = (instance.entity, instance.sent);
        instance.sent += 1;
        if moves {
            instance.moved.insert(handler, count);
        }
        let delay = if delay > 0.0 { delay } else { 0.0 };
        let count = [count, 0, 0, 0];
        let brought = match brought {
            Brought::Arguments(_) => Brought::Arguments(vec![1.0]),
            line => line.clone(),
        };
        let event = Event {
            time: now.0 + delay,
            sent_time: now.0,
            cause: now.1,
            number,
            count,
            target,
            handler,
            brought,
            flag,
            times: 1,
        };
        self.queue.push(Reverse(event));
    }

    /// A source spikes so many times at once: each is recorded with its stamp, and there is an event for each of its connections.
    fn spike(&mut self, Moment(stamp, cause): Moment, source: u32, times: u32) {
        if source < self.plan.sources - self.plan.unrecorded {
            self.recording.spikes.extend((0..times).map(|_| Spike { time: stamp, source }));
        }
        let (last, before) = self.spiked.entry(source).or_insert((stamp, 0));
        *before = if *last == stamp { *before + 1 } else { 0 };
        *last = stamp;
        // Those with fewer at once come first, those with equally many in their order.
        let volley = u64::from(times) << 32 | *before;
        let plan = self.plan.clone();
        for (number, p) in (0..).zip(&plan.projections) {
            for c in p.row(source) {
                let delay = p.delay.at(c);
                self.queue.push(Reverse(Event {
                    time: stamp + delay,
                    sent_time: stamp,
                    cause,
                    number: source,
                    count: [number, delay.to_bits(), volley, c as u64],
                    target: (usize::from(p.class), usize::from(p.pool), p.targets[c] as usize),
                    handler: usize::from(p.handler),
                    brought: match plan.classes[usize::from(p.class)].pools[usize::from(p.pool)].code.connections {
                        Some(_) => Brought::Line(number as usize, c),
                        None => Brought::Arguments(p.arguments.iter().map(|a| a.at(c)).collect()),
                    },
                    flag: 0.0,
                    times,
                }));
            }
        }
    }

    /// Point 1, detectors: a spike stamped t_n + 1e-10 where the potential has come above the threshold.
    pub(super) fn detect(&mut self) {
        let plan = self.plan.clone();
        for (c, class) in plan.classes.iter().enumerate() {
            for (k, detector) in class.detectors.iter().enumerate() {
                for lane in 0..class.lanes() {
                    let v = self.classes[c].cells[lane].nodes[detector.node as usize][NodeRow::V as usize];
                    let above = v > detector.threshold.at(lane);
                    let was_above = std::mem::replace(&mut self.classes[c].above[k][lane], above);
                    if above && !was_above {
                        self.spike(Moment(self.t + 1e-10, Cause(self.t, self.t)), detector.sources[lane], 1);
                    }
                }
            }
        }
    }

    /// Point 1, conditions: an event of exactly t_n where one has become true.
    pub(super) fn look_at_conditions(&mut self) {
        let t = self.t;
        for target in self.pools() {
            let code = self.plan.classes[target.0].pools[target.1].code.clone();
            if !code.conditions.is_empty() {
                read(&self.plan, target.0, target.1, None, &mut self.classes[target.0]);
            }
            for condition in &code.conditions {
                for i in 0..self.classes[target.0].pools[target.1].instances.len() {
                    let state = &mut self.classes[target.0];
                    let instance = &mut state.pools[target.1].instances[i];
                    instance.act(&code, &condition.test, t, &[], &mut state.cells);
                    let now = instance.rows[usize::from(condition.now)];
                    let before = std::mem::replace(&mut instance.rows[usize::from(condition.before)], now);
                    if is_set(now) && !is_set(before) {
                        let nothing = Brought::Arguments(vec![1.0]);
                        self.send(
                            (target.0, target.1, i),
                            Moment(t, Cause(t, t)),
                            0.0,
                            (usize::from(condition.handler), false, 0.0),
                            &nothing,
                        );
                    }
                }
            }
        }
    }

    /// Point 9, after the states: what happens at the end of a step, by class, pool, instance. All programs run before all effects.
    pub(super) fn end_step(&mut self) {
        let t = self.t;
        for (class, pool) in self.pools() {
            let code = self.plan.classes[class].pools[pool].code.clone();
            let Some(step) = &code.step else { continue };
            if matches!(code.advance, Advance::Stages(..)) {
                continue;
            }
            read(&self.plan, class, pool, None, &mut self.classes[class]);
            let ClassState { pools, cells, .. } = &mut self.classes[class];
            pools[pool].run_all(&code, &step.program, t, cells);
        }
        self.flow(t, true);
        for (class, pool) in self.pools() {
            let code = self.plan.classes[class].pools[pool].code.clone();
            let Some(step) = &code.step else { continue };
            for i in 0..self.classes[class].pools[pool].instances.len() {
                let rows = self.classes[class].pools[pool].instances[i].rows.clone();
                let nothing = Brought::Arguments(Vec::new());
                self.cause(&step.effects, (class, pool, i), Moment(t, Cause(t, t)), &nothing, &mut Vec::new(), &|row| {
                    rows[usize::from(row)]
                });
            }
        }
    }

    /// `on start` by class, pool, instance, at time 0.
    pub(super) fn start_handlers(&mut self) {
        for (class, pool) in self.pools() {
            let code = self.plan.classes[class].pools[pool].code.clone();
            for (handler, places) in &code.times {
                for i in 0..self.classes[class].pools[pool].instances.len() {
                    places.iter().for_each(|place| self.schedule((class, pool, i), usize::from(*handler), *place));
                }
            }
            let Some(handler) = &code.start else { continue };
            for i in 0..self.classes[class].pools[pool].instances.len() {
                self.handle(handler, (class, pool, i), Moment(0.0, START), &Brought::Arguments(vec![1.0]), 0.0);
            }
        }
    }

    /// An event of an instance to itself at a time that is known at the start.
    fn schedule(&mut self, target: Target, handler: usize, at: Place) {
        let instance = &mut self.classes[target.0].pools[target.1].instances[target.2];
        let time = match at {
            Place::Fixed(time) => time,
            Place::Row(row) => instance.rows[usize::from(row)],
        };
        let (number, count) = (instance.entity, [instance.sent, 0, 0, 0]);
        instance.sent += 1;
        let event = Event {
            time,
            sent_time: 0.0,
            cause: START,
            number,
            count,
            target,
            handler,
            brought: Brought::Arguments(vec![1.0]),
            flag: 0.0,
            times: 1,
        };
        self.queue.push(Reverse(event));
    }

    /// Class and index of all pools in order.
    fn pools(&self) -> Vec<(usize, usize)> {
        let classes = self.plan.classes.iter().enumerate();
        classes.flat_map(|(c, class)| (0..class.pools.len()).map(move |p| (c, p))).collect()
    }
}
