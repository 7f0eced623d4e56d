//! What values were: a connection with a delay brings what its source was so long ago. Cells that advance in steps of the group keep their values at the
//! beginnings of steps, systems with steps of their own a polynomial for each step that they made.

use crate::kernel::method::delayed::{Lag, Piece};

/// Values that somebody takes with a delay, as far back as somebody does.
#[derive(Default)]
pub struct Past {
    /// Numbers of those among the values of the exchange.
    pub kept: Vec<Kept>,
    /// What is taken of them.
    pub slots: Vec<Slot>,
    /// Where the slots stand among the values of the exchange.
    pub first: usize,
    /// Values before the start; nothing before these are known.
    before: Option<Vec<f64>>,
    memory: Memory,
}

/// A value that is kept.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Kept {
    /// Its number among the values of the exchange.
    pub value: usize,
    /// To which system it belongs, where there are systems.
    pub system: usize,
}

/// A value of some time ago.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Slot {
    /// Which of those that are kept.
    pub kept: usize,
    /// How long ago (ms).
    pub delay: f64,
}

/// How it is kept.
enum Memory {
    Steps(Ring),
    Systems(Vec<Pieces>),
}

impl Default for Memory {
    fn default() -> Memory {
        Memory::Steps(Ring::default())
    }
}

/// Values at the beginnings of the last steps.
#[derive(Default)]
struct Ring {
    /// Step (ms).
    dt: f64,
    /// A row for each step; the values of step n are in row n modulo their number.
    rows: Vec<f64>,
    depth: usize,
    /// How many steps have begun.
    count: i64,
    /// How each slot is read, at the middle and at the end of a step.
    lags: Vec<[Lag; 2]>,
}

impl Ring {
    fn row(&self, step: i64, width: usize) -> &[f64] {
        let row = step.rem_euclid(self.depth as i64) as usize;
        &self.rows[row * width..(row + 1) * width]
    }
}

/// Steps that a system has made, one after the other.
#[derive(Default)]
struct Pieces {
    /// Numbers of its values among those that are kept.
    members: Vec<usize>,
    /// Numbers of its slots.
    slots: Vec<usize>,
    /// Its longest delay (ms).
    longest: f64,
    /// Its shortest one (ms).
    shortest: f64,
    /// Where each step begins, and its length (ms).
    steps: Vec<(f64, f64)>,
    /// For each step those of each value.
    pieces: Vec<Piece>,
    /// The values at the end of the last step.
    last: Vec<f64>,
}

impl Past {
    /// In steps of a group (ms).
    pub fn of_steps(kept: Vec<Kept>, slots: Vec<Slot>, first: usize, dt: f64) -> Past {
        let lags: Vec<[Lag; 2]> = slots.iter().map(|slot| [0.5, 1.0].map(|place| Lag::new(slot.delay, dt, place))).collect();
        let depth = lags.iter().flatten().map(Lag::depth).max().unwrap_or(1);
        let ring = Ring { dt, rows: vec![0.0; depth * kept.len()], depth, count: 0, lags };
        Past { kept, slots, first, before: None, memory: Memory::Steps(ring) }
    }

    /// In steps of so many systems.
    pub fn of_systems(kept: Vec<Kept>, slots: Vec<Slot>, first: usize, systems: usize) -> Past {
        let mut all: Vec<Pieces> = (0..systems).map(|_| Pieces { shortest: f64::INFINITY, ..Pieces::default() }).collect();
        for (number, one) in kept.iter().enumerate() {
            all[one.system].members.push(number);
            all[one.system].last.push(0.0);
        }
        for (number, slot) in slots.iter().enumerate() {
            let system = &mut all[kept[slot.kept].system];
            system.slots.push(number);
            (system.longest, system.shortest) = (system.longest.max(slot.delay), system.shortest.min(slot.delay));
        }
        Past { kept, slots, first, before: None, memory: Memory::Systems(all) }
    }

    /// Nobody takes a value with a delay.
    pub fn is_empty(&self) -> bool {
        self.slots.is_empty()
    }

    /// Forgets all.
    pub fn clear(&mut self) {
        self.before = None;
        match &mut self.memory {
            Memory::Steps(ring) => ring.count = 0,
            Memory::Systems(systems) => systems.iter_mut().for_each(|system| {
                system.steps.clear();
                system.pieces.clear();
            }),
        }
    }

    /// Whether it is known what was before the start.
    pub fn is_begun(&self) -> bool {
        self.before.is_some()
    }

    /// Nothing has been sent yet.
    pub fn silence(&self, values: &mut [f64]) {
        values[self.first..].fill(0.0);
    }

    /// Before the start values were as they are now.
    pub fn begin(&mut self, values: &[f64]) {
        let now: Vec<f64> = self.kept.iter().map(|one| values[one.value]).collect();
        if let Memory::Systems(systems) = &mut self.memory {
            systems.iter_mut().for_each(|system| system.note_last(&now));
        }
        self.before = Some(now);
    }

    /// The values of a step that begins.
    pub fn note_step(&mut self, values: &[f64]) {
        let width = self.kept.len();
        let Memory::Steps(ring) = &mut self.memory else { return };
        if width == 0 {
            return;
        }
        let row = ring.count.rem_euclid(ring.depth as i64) as usize;
        let row = &mut ring.rows[row * width..(row + 1) * width];
        row.iter_mut().zip(&self.kept).for_each(|(noted, one)| *noted = values[one.value]);
        ring.count += 1;
    }

    /// What was so long before the middle of the step that began last, or before its end.
    pub fn recall_step(&self, half: bool, values: &mut [f64]) {
        let (Memory::Steps(ring), Some(before)) = (&self.memory, &self.before) else { return };
        let (width, newest) = (self.kept.len(), ring.count - 1);
        for ((slot, lags), value) in self.slots.iter().zip(&ring.lags).zip(&mut values[self.first..]) {
            let lag = lags[usize::from(!half)];
            *value = lag.read(newest, before[slot.kept], |step| ring.row(step, width)[slot.kept]);
        }
    }

    /// The longest step that a system may make (ms): what it takes has to be there.
    pub fn shortest(&self, system: usize) -> f64 {
        if let Memory::Systems(systems) = &self.memory { systems[system].shortest } else { f64::INFINITY }
    }

    /// What was so long before a time (ms) of a system.
    pub fn recall(&self, system: usize, t: f64, values: &mut [f64]) {
        let (Memory::Systems(systems), Some(before)) = (&self.memory, &self.before) else { return };
        let of = &systems[system];
        for number in &of.slots {
            let slot = self.slots[*number];
            let member = of.members.partition_point(|kept| *kept < slot.kept);
            values[self.first + number] = of.at(member, t - slot.delay, before[slot.kept]);
        }
    }

    /// Whether anything of a system is taken with a delay.
    pub fn concerns(&self, system: usize) -> bool {
        matches!(&self.memory, Memory::Systems(systems) if !systems[system].slots.is_empty())
    }

    /// The values of a system now.
    pub fn of_system(&self, system: usize, values: &[f64]) -> Vec<f64> {
        let Memory::Systems(systems) = &self.memory else { return Vec::new() };
        systems[system].members.iter().map(|kept| values[self.kept[*kept].value]).collect()
    }

    /// The values where a system begins.
    pub fn note_first(&mut self, system: usize, now: Vec<f64>) {
        if let Memory::Systems(systems) = &mut self.memory {
            systems[system].last = now;
        }
    }

    /// A step (ms) that a system made, with the values at each quarter of it.
    pub fn note(&mut self, system: usize, (begin, length): (f64, f64), quarters: [Vec<f64>; 4]) {
        let Memory::Systems(systems) = &mut self.memory else { return };
        let of = &mut systems[system];
        of.steps.push((begin, length));
        for (k, last) in of.last.iter().enumerate() {
            of.pieces.push(Piece::through([*last, quarters[0][k], quarters[1][k], quarters[2][k], quarters[3][k]]));
        }
        let [_, _, _, last] = quarters;
        of.last = last;
    }

    /// Steps are no longer needed that end so long before a time (ms) of a system that nobody asks for them.
    pub fn forget(&mut self, system: usize, t: f64) {
        let Memory::Systems(systems) = &mut self.memory else { return };
        let of = &mut systems[system];
        let old = of.steps.partition_point(|(begin, length)| begin + length < t - of.longest);
        of.steps.drain(..old);
        of.pieces.drain(..old * of.members.len());
    }

    /// All that is known of one of the values, as numbers.
    pub fn told(&self, kept: usize) -> Vec<f64> {
        let Some(before) = &self.before else { return Vec::new() };
        match &self.memory {
            Memory::Steps(ring) => {
                let known = ring.count.min(ring.depth as i64);
                let steps = (1..=known).map(|back| ring.row(ring.count - back, self.kept.len())[kept]);
                [ring.dt, before[kept], ring.count as f64].into_iter().chain(steps).collect()
            }
            Memory::Systems(systems) => {
                let of = &systems[self.kept[kept].system];
                let member = of.members.partition_point(|one| *one < kept);
                let pieces = of.pieces.iter().skip(member).step_by(of.members.len());
                let steps = of.steps.iter().zip(pieces);
                let steps = steps.flat_map(|(step, piece)| [step.0, step.1].into_iter().chain(piece.0));
                [0.0, before[kept], of.last[member]].into_iter().chain(steps).collect()
            }
        }
    }

    /// Takes up what was told of one of them. What is older than was told is as the oldest of it.
    pub fn take_up(&mut self, kept: usize, told: &[f64]) {
        let [_, start, now, steps @ ..] = told else { return };
        let width = self.kept.len();
        self.before.get_or_insert_with(|| vec![0.0; width])[kept] = *start;
        match &mut self.memory {
            Memory::Steps(ring) => {
                ring.count = *now as i64;
                for back in 1..=ring.count.min(ring.depth as i64) {
                    let known = steps.get(back as usize - 1).or(steps.last());
                    let row = (ring.count - back).rem_euclid(ring.depth as i64) as usize;
                    ring.rows[row * width + kept] = known.copied().unwrap_or(*start);
                }
            }
            Memory::Systems(systems) => {
                let of = &mut systems[self.kept[kept].system];
                let (member, members) = (of.members.partition_point(|one| *one < kept), of.members.len());
                of.last[member] = *now;
                if let [step, ..] = steps {
                    let all = steps.chunks_exact(7);
                    of.steps = all.clone().map(|step| (step[0], step[1])).collect();
                    of.pieces.resize(of.steps.len() * members, Piece([*step, 0.0, 0.0, 0.0, 0.0]));
                    for (piece, step) in of.pieces.iter_mut().skip(member).step_by(members).zip(all) {
                        *piece = Piece([step[2], step[3], step[4], step[5], step[6]]);
                    }
                }
            }
        }
    }
}

impl Pieces {
    fn note_last(&mut self, now: &[f64]) {
        self.last = self.members.iter().map(|kept| now[*kept]).collect();
    }

    /// One of its values at a time (ms).
    fn at(&self, member: usize, t: f64, before: f64) -> f64 {
        if t < 0.0 {
            return before;
        }
        let after = self.steps.partition_point(|(begin, _)| *begin <= t);
        let number = after.saturating_sub(1);
        match self.steps.get(number) {
            Some((begin, length)) => self.pieces[number * self.members.len() + member].at((t - begin) / length),
            None => self.last[member],
        }
    }
}
