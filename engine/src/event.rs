//! Events and the queue of a group. Times are exact; phases are only where events are delivered. What an event does is `group`'s matter.
//!
//! A step delivers twice: up to its middle, and up to its end. The limits of these phases accumulate by half a step, as NEURON's time does.

use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;

/// What settles the order of events: the same for any window, group or batch.
///
/// It is first in, first out. Of two events of one time that is the one whose sender acted first; where both acted at one time, the one whose sender heard
/// first that it should, and so on: the times of sending of all that led to an event, compared one by one from the last to the first.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Key {
    /// When it is delivered (ms).
    pub time: f64,
    /// When it was sent (ms).
    pub sent: f64,
    /// What made its sender act.
    pub cause: Cause,
    /// Number of the spike source, or of the instance that sent it to itself.
    pub number: u32,
    /// [`place_in_source`] of a connection, or how many the instance had sent before.
    pub count: u64,
}

/// The event that made a sender act, as far as it settles the order of what was sent then.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cause {
    /// When that event was sent (ms).
    pub sent: f64,
    /// Sources that spike at an interval may have acted at equal times for long: what tells them apart is where that began (ms). One whose interval was
    /// shorter before comes first if it began early; one whose interval was longer before, which has a minus here, if it began late.
    pub since: f64,
}

impl Cause {
    /// What is sent at the start comes before all else.
    pub const START: Cause = Cause { sent: f64::NEG_INFINITY, since: 0.0 };

    /// A step, by itself, at its time (ms): what was sent before comes before.
    pub fn step(t: f64) -> Cause {
        Cause { sent: t, since: t }
    }

    /// An event with this key.
    pub fn of(key: &Key) -> Cause {
        let (interval, before) = (key.time - key.sent, key.sent - key.cause.sent);
        // Times of sending accumulate, so that equal intervals differ by rounding.
        let since = if (before - interval).abs() <= 4.0 * f64::EPSILON * key.time {
            key.cause.since
        } else if before > interval {
            -key.sent
        } else {
            key.sent
        };
        Cause { sent: key.sent, since }
    }

    /// Sent earlier, and as it is said of `since`.
    pub fn order(&self, other: &Cause) -> Ordering {
        self.sent.total_cmp(&other.sent).then(self.since.total_cmp(&other.since))
    }
}

/// The place of connections among those of their source: a row comes after those before it, and in a row a connection after those before it.
pub fn place_in_source(row: u32, connection: u32) -> u64 {
    u64::from(row) << 32 | u64::from(connection)
}

impl Key {
    /// Earlier, sent earlier, caused earlier, from a lower number, a lower count.
    pub fn order(&self, other: &Key) -> Ordering {
        let times = self.time.total_cmp(&other.time).then(self.sent.total_cmp(&other.sent));
        times.then(self.cause.order(&other.cause)).then(self.number.cmp(&other.number)).then(self.count.cmp(&other.count))
    }
}

/// Whom an event reaches, within a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Target {
    /// Instance in the block's pool.
    pub instance: u32,
    /// Block of the group.
    pub block: u16,
    /// Pool of the block.
    pub pool: u16,
    /// Handler of its code.
    pub handler: u16,
}

/// An event.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Event {
    /// Its place in the order.
    pub key: Key,
    /// How often it happens at once.
    pub times: u32,
    /// Whom it reaches.
    pub to: To,
}

/// Whom an event reaches.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum To {
    /// The instance that sent it.
    Itself(Target),
    /// The instance that sent it while it handled an event of a connection: the connection's number stands for the instance's.
    Connection(Target),
    /// Those of a row of connections that have one delay: the first is the low half of the key's count.
    Row(u32),
    /// The connections of sources that have one each: all of them are one event, with the key of the first source.
    Salvo {
        /// Which sources: index into the group's singles.
        singles: u32,
        /// Number of the list that says which of them have spiked, and how often.
        list: u32,
    },
}

impl Eq for Event {}

impl Ord for Event {
    fn cmp(&self, other: &Event) -> Ordering {
        // Where a source spikes twice at one time the keys are the same.
        self.key.order(&other.key).then(self.times.cmp(&other.times))
    }
}

impl PartialOrd for Event {
    fn partial_cmp(&self, other: &Event) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Most phases of the ring.
const MOST_PHASES: usize = 2048;

/// Phases of the ring before an event is sent farther.
const PHASES: usize = 8;

/// Events to come. The phase that is delivered next, or is being delivered, is `now`.
pub struct Queue {
    half: f64,
    /// Phase `now + k` is slot `first + k` of a ring of 2^n slots: as many as the farthest event needed.
    first: usize,
    slots: Vec<Vec<Event>>,
    /// Memory of slots that have been delivered: there is as much as events were ever on their way at once.
    spare: Vec<Vec<Event>>,
    limits: Vec<f64>,
    /// Beyond the ring.
    later: BinaryHeap<Reverse<Event>>,
    /// Time of the first of them.
    soonest_later: f64,
    /// Events of the phase being delivered, last one first.
    running: Vec<Event>,
    /// What came to the phase while it was being delivered.
    added: BinaryHeap<Reverse<Event>>,
    delivering: bool,
}

impl Queue {
    /// Empty; the phase that comes next is that of the start, with limit 0.
    pub fn new(dt: f64) -> Queue {
        Queue::from(dt, 0.0)
    }

    /// Empty; the phase that comes next is the first of the step from this time on.
    pub fn after(dt: f64, time: f64) -> Queue {
        Queue::from(dt, time + 0.5 * dt)
    }

    /// Empty, with the limit of the next phase.
    fn from(dt: f64, limit: f64) -> Queue {
        let half = 0.5 * dt;
        let mut limits = vec![limit; PHASES];
        accumulate(&mut limits, 1, half);
        Queue {
            half,
            first: 0,
            slots: vec![Vec::new(); PHASES],
            spare: Vec::new(),
            limits,
            later: BinaryHeap::new(),
            soonest_later: f64::INFINITY,
            running: Vec::new(),
            added: BinaryHeap::new(),
            delivering: false,
        }
    }

    /// Up to which time the phase delivers.
    pub fn limit(&self) -> f64 {
        self.limits[self.first]
    }

    /// All events, in any order; none is being delivered.
    pub fn events(&self) -> impl Iterator<Item = &Event> {
        self.slots.iter().flatten().chain(self.later.iter().map(|e| &e.0))
    }

    /// Queues an event. One whose time has passed comes next.
    pub fn push(&mut self, event: Event) {
        match self.phase(event.key.time) {
            Some(0) if self.delivering => self.added.push(Reverse(event)),
            Some(k) => {
                let at = self.slot(k);
                let slot = &mut self.slots[at];
                if slot.capacity() == 0 {
                    *slot = self.spare.pop().unwrap_or_default();
                }
                slot.push(event);
            }
            None => {
                self.soonest_later = self.soonest_later.min(event.key.time);
                self.later.push(Reverse(event));
            }
        }
    }

    /// The slot of a phase after `now`.
    fn slot(&self, k: usize) -> usize {
        (self.first + k) & (self.slots.len() - 1)
    }

    /// How many phases after `now` an event of this time is delivered, if that lies in the ring, which grows for it.
    fn phase(&mut self, time: f64) -> Option<usize> {
        let ahead = (time - self.limit()) / self.half;
        if ahead >= (MOST_PHASES - 2) as f64 {
            return None;
        }
        if ahead >= (self.slots.len() - 2) as f64 {
            self.grow(ahead as usize + 3);
        }
        let limit = |k: usize| self.limits[self.slot(k)];
        let mut k = if ahead > 0.0 { ahead as usize } else { 0 };
        while k > 0 && limit(k - 1) >= time {
            k -= 1;
        }
        while limit(k) < time {
            k += 1;
        }
        Some(k)
    }

    /// The ring gets so many phases at least.
    fn grow(&mut self, phases: usize) {
        self.slots.rotate_left(self.first);
        self.limits.rotate_left(self.first);
        self.first = 0;
        let (known, phases) = (self.slots.len(), phases.next_power_of_two());
        self.slots.resize_with(phases, Vec::new);
        self.limits.resize(phases, 0.0);
        accumulate(&mut self.limits, known, self.half);
    }

    /// Begins to deliver the phase.
    pub fn begin(&mut self) {
        self.delivering = true;
        std::mem::swap(&mut self.running, &mut self.slots[self.first]);
        // Events of a slot come in any order; `pop` takes from the end.
        self.running.sort_unstable_by(|a, b| b.cmp(a));
    }

    /// Time of the next event of the phase.
    pub fn next_time(&self) -> Option<f64> {
        let times = (self.running.last().map(|e| e.key.time), self.added.peek().map(|e| e.0.key.time));
        match times {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        }
    }

    /// The next event of the phase.
    pub fn pop(&mut self) -> Option<Event> {
        let from_added = match (self.running.last(), self.added.peek()) {
            (Some(r), Some(a)) => a.0 < *r,
            (None, Some(_)) => true,
            _ => false,
        };
        if from_added { self.added.pop().map(|e| e.0) } else { self.running.pop() }
    }

    /// What is likely to come after the event that was just taken.
    pub fn coming(&self) -> Option<&Event> {
        self.running.last()
    }

    /// Whether the phase has nothing to deliver.
    pub fn is_idle(&self) -> bool {
        self.slots[self.first].is_empty()
    }

    /// Ends the phase: the next one is `now`.
    pub fn end(&mut self) {
        self.delivering = false;
        // Memory that is used again; phases that only sample have none.
        let running = std::mem::take(&mut self.running);
        if running.capacity() > 0 {
            self.spare.push(running);
        }
        self.pass();
    }

    /// Goes on to the next phase, from one that has nothing to deliver.
    pub fn pass(&mut self) {
        let phases = self.slots.len();
        self.limits[self.first] = self.limits[self.slot(phases - 1)] + self.half;
        self.first = self.slot(1);
        let horizon = self.limits[self.slot(phases - 3)];
        if self.soonest_later > horizon {
            return;
        }
        while self.later.peek().is_some_and(|e| e.0.key.time <= horizon) {
            if let Some(Reverse(event)) = self.later.pop() {
                self.push(event);
            }
        }
        self.soonest_later = self.later.peek().map_or(f64::INFINITY, |e| e.0.key.time);
    }
}

/// Limits of phases from this one on, each half a step after the one before.
fn accumulate(limits: &mut [f64], from: usize, half: f64) {
    for k in from..limits.len() {
        limits[k] = limits[k - 1] + half;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(time: f64, number: u32) -> Event {
        let target = Target { instance: 0, block: 0, pool: 0, handler: 0 };
        Event { key: Key { time, sent: 0.0, cause: Cause::START, number, count: 0 }, times: 1, to: To::Itself(target) }
    }

    /// Who hears only of what comes soon keeps little; what is on its way when the ring grows stays in its phase.
    #[test]
    fn the_ring_is_as_long_as_needed() {
        let mut q = Queue::new(0.025);
        let run = |q: &mut Queue, phases: usize| {
            let mut got = Vec::new();
            for _ in 0..phases {
                q.begin();
                while let Some(e) = q.pop() {
                    assert!(e.key.time <= q.limit() && e.key.time > q.limit() - 0.0125);
                    got.push(e.key.number);
                }
                q.end();
            }
            got
        };
        q.push(event(1e3, 9));
        assert!(run(&mut q, 21).is_empty());
        assert_eq!((q.slots.len(), q.spare.len()), (PHASES, 0));
        (0..4).for_each(|k| q.push(event(0.27 + 0.0125 * f64::from(k), k)));
        (4..7).for_each(|k| q.push(event(5.0 + 0.0125 * f64::from(k), k)));
        assert_eq!((q.slots.len(), q.limits.len()), (512, 512));
        assert_eq!(run(&mut q, 10), [0, 1, 2, 3]);
        assert_eq!(run(&mut q, 500), [4, 5, 6]);
        assert_eq!(run(&mut q, 80_000), [9]);
    }

    /// Everything is delivered in order, in the phase whose limit is the first not before its time.
    #[test]
    fn phases_and_order() {
        let mut q = Queue::new(0.025);
        let times = [0.0, 0.0125, 0.0125000001, 0.3, 0.3, 51.2, 25.6, 25.5875, 1000.0, 0.025];
        for (n, t) in times.iter().enumerate() {
            q.push(event(*t, n as u32));
        }
        let mut got = Vec::new();
        let mut below = f64::NEG_INFINITY;
        for _ in 0..80_010 {
            q.begin();
            while let Some(e) = q.pop() {
                assert!(e.key.time <= q.limit() && e.key.time > below);
                if e.key.number == 4 {
                    q.push(event(e.key.time, 100));
                }
                got.push((e.key.time, e.key.number));
            }
            below = q.limit();
            q.end();
        }
        let mut expected: Vec<(f64, u32)> = times.iter().zip(0..).map(|(t, n)| (*t, n)).collect();
        expected.push((0.3, 100));
        expected.sort_by(|a, b| a.partial_cmp(b).unwrap());
        assert_eq!(got, expected);
    }
}
