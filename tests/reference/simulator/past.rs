//! What values were: everything is kept, from the start on.

use super::Simulator;
use super::flow::{felt, is_late};
use bouton_engine::kernel::Advance;
use bouton_engine::kernel::method::delayed::{Lag, Piece, QUARTERS};
use bouton_engine::plan::{Drive, Probe, ProbeValue};
use std::collections::HashMap;

/// Class, pool, row, lane.
type Outlet = (usize, usize, u16, usize);

/// Of each value that some link takes with a delay.
#[derive(Default)]
pub struct Past {
    of: HashMap<Outlet, Story>,
    /// Values are asked for at the middle of a step.
    pub half: bool,
    /// Nothing has been sent yet.
    silent: bool,
}

#[derive(Default)]
struct Story {
    before: f64,
    /// At the beginning of each step.
    steps: Vec<f64>,
    /// Beginning, length and course of each step of its own.
    pieces: Vec<(f64, f64, Piece)>,
    last: f64,
}

impl Simulator {
    fn late(&self) -> Vec<(Outlet, Probe)> {
        let mut all: Vec<(Outlet, Probe)> = Vec::new();
        for link in felt(&self.plan).filter(|link| is_late(link)) {
            let outlet = outlet(link);
            if !all.iter().any(|(known, _)| *known == outlet) {
                all.push((outlet, link.source));
            }
        }
        all
    }

    /// The value of each of them now, as inputs are.
    fn now(&mut self, t: f64) -> Vec<(Outlet, f64)> {
        let mut all = Vec::new();
        for (outlet, probe) in self.late() {
            self.show(outlet.0, outlet.1, outlet.3, t);
            all.push((outlet, self.value(&probe)));
        }
        all
    }

    /// At the start: before it values were what they are when nothing has been sent.
    pub(super) fn begin_past(&mut self) {
        self.past = Past { silent: true, ..Past::default() };
        self.flow(0.0, true);
        for (outlet, before) in self.now(0.0) {
            self.past.of.insert(outlet, Story { before, ..Story::default() });
        }
        self.past.silent = false;
    }

    /// At the beginning of a step.
    pub(super) fn note_step(&mut self) {
        for (outlet, value) in self.now(self.t) {
            self.past.of.entry(outlet).or_default().steps.push(value);
        }
    }

    /// Where a system begins.
    pub(super) fn note_first(&mut self, members: &[(usize, usize, usize)]) {
        for (outlet, value) in self.now(f64::NAN) {
            if members.contains(&(outlet.0, outlet.1, outlet.3)) {
                self.past.of.entry(outlet).or_default().last = value;
            }
        }
    }

    /// A step that a system made.
    pub(super) fn note_own(&mut self, members: &[(usize, usize, usize)], (begin, length): (f64, f64)) {
        let mine: Vec<Outlet> =
            self.late().into_iter().map(|(outlet, _)| outlet).filter(|o| members.contains(&(o.0, o.1, o.3))).collect();
        if mine.is_empty() {
            return;
        }
        let mut seen: HashMap<Outlet, Vec<f64>> = mine.iter().map(|o| (*o, vec![self.past.of[o].last])).collect();
        for quarter in QUARTERS {
            self.look_at(members, begin + quarter * length);
            self.flow(f64::NAN, false);
            for (outlet, value) in self.now(f64::NAN) {
                seen.entry(outlet).and_modify(|values| values.push(value));
            }
        }
        for outlet in mine {
            let values: [f64; 5] = seen[&outlet].clone().try_into().expect("five");
            let story = self.past.of.entry(outlet).or_default();
            story.pieces.push((begin, length, Piece::through(values)));
            story.last = values[4];
        }
    }

    /// What a link brings.
    pub(super) fn recall(&mut self, link: &Drive) -> f64 {
        if self.past.silent {
            return 0.0;
        }
        let outlet = outlet(link);
        let code = self.plan.classes[outlet.0].pools[outlet.1].code.clone();
        if let Advance::Adaptive(adaptive) = &code.advance {
            let t = *self.row((outlet.0, outlet.1, outlet.3), adaptive.rows.time) - link.delay;
            let story = &self.past.of[&outlet];
            let piece = story.pieces.iter().rev().find(|(begin, ..)| *begin <= t).or(story.pieces.first());
            return match piece {
                _ if t < 0.0 => story.before,
                Some((begin, length, piece)) => piece.at((t - begin) / length),
                None => story.last,
            };
        }
        let story = &self.past.of[&outlet];
        let lag = Lag::new(link.delay, self.plan.dt, if self.past.half { 0.5 } else { 1.0 });
        lag.read(story.steps.len() as i64 - 1, story.before, |step| story.steps[step as usize])
    }

    /// The shortest delay in a system (ms).
    pub(super) fn shortest_delay(&self, members: &[(usize, usize, usize)]) -> f64 {
        let mine = |link: &&Drive| {
            let (class, pool, _, lane) = outlet(link);
            members.contains(&(class, pool, lane))
        };
        let late = felt(&self.plan).filter(|link| is_late(link)).filter(mine);
        late.map(|link| link.delay).fold(f64::INFINITY, f64::min)
    }
}

fn outlet(link: &Drive) -> Outlet {
    match link.source.value {
        ProbeValue::Row { pool, row, instance } => (usize::from(link.source.class), usize::from(pool), row, instance as usize),
        other => panic!("{other:?} has no past"),
    }
}
