//! Rows that hold the same for all instances of a cell: each instance has a copy, and what one leaves the others find.

use super::rows::{Rows, Run};
use crate::kernel::{Common, MechanismCode};
use crate::vm::program::Program;

/// What programs leave for other instances.
#[derive(Clone, Debug, Default)]
pub struct Leaves {
    /// Rows that they write.
    pub rows: Vec<u16>,
    /// Whether an instance reads what the one before it writes: then they act one after the other.
    pub in_turn: bool,
    /// Whether it reads that where initial values find it.
    pub before: bool,
}

impl Leaves {
    /// Of programs that each instance runs one after the other.
    pub fn of(mechanism: &MechanismCode, programs: &[&Program]) -> Leaves {
        let written: Vec<&Common> = mechanism.common.iter().filter(|c| programs.iter().any(|p| p.writes(c.row))).collect();
        let reads = |row: u16| programs.iter().any(|p| p.reads(row));
        let before = |c: &Common| c.before.is_some_and(|(row, _)| reads(row));
        Leaves {
            rows: written.iter().map(|c| c.row).collect(),
            in_turn: written.iter().any(|c| reads(c.row) || before(c)),
            before: written.iter().any(|c| before(c)),
        }
    }
}

/// Who has rows in common with whom.
pub struct Cells {
    /// How many cells there are. Instance i is of cell i % lanes, or, scattered, of that of its position.
    lanes: usize,
    /// Parts of the pool with at most one instance of a cell each, in order.
    turns: Vec<Run>,
    common: Vec<Common>,
    /// For each common row, by cell, what the last instance has left.
    left: Vec<f64>,
}

impl Cells {
    /// Of a pool in so many lanes; nothing where no row is common.
    pub fn new(mechanism: &MechanismCode, lanes: usize, runs: &[Run], positions: &[u32]) -> Option<Box<Cells>> {
        if mechanism.common.is_empty() {
            return None;
        }
        let mut turns: Vec<Run> = runs.iter().flat_map(|run| run.parts(lanes)).collect();
        if !positions.is_empty() {
            let lane = |position: &u32| *position as usize % lanes;
            let mut first = 0;
            let chunks = positions.chunk_by(|a, b| lane(a) < lane(b));
            let run = |chunk: &[u32]| {
                first += chunk.len();
                Run { first: first - chunk.len(), position: 0, count: chunk.len() }
            };
            turns = chunks.map(run).collect();
        }
        let common = mechanism.common.clone();
        Some(Box::new(Cells { lanes, turns, left: vec![0.0; common.len() * lanes], common }))
    }
}

impl Rows {
    /// How many turns there are in which instances of a cell act one after the other.
    pub fn turns(&self) -> usize {
        self.cells.as_ref().map_or(0, |cells| cells.turns.len())
    }

    /// The instances of a turn.
    pub fn turn(&self, number: usize) -> Run {
        self.cells.as_ref().map_or(Run { first: 0, position: 0, count: 0 }, |cells| cells.turns[number])
    }

    /// The cell of an instance, of so many.
    fn cell_of(&self, lanes: usize, instance: usize) -> usize {
        self.positions().get(instance).map_or(instance, |position| *position as usize) % lanes
    }

    /// Before initial values: what the first instance finds.
    pub fn first_common(&mut self) {
        let Some(cells) = self.cells.take() else { return };
        for (common, (before, first)) in cells.common.iter().filter_map(|c| Some((c, c.before?))) {
            self.row_mut(common.row).fill(first);
            self.row_mut(before).fill(first);
        }
        self.cells = Some(cells);
    }

    /// Before the turns of a program. All instances of a cell have the same.
    pub fn begin_turns(&mut self) {
        let Some(mut cells) = self.cells.take() else { return };
        let lanes = cells.lanes;
        for (common, left) in cells.common.iter().zip(cells.left.chunks_mut(lanes)) {
            for (i, x) in self.row(common.row).iter().enumerate() {
                left[self.cell_of(lanes, i)] = *x;
            }
        }
        self.cells = Some(cells);
    }

    /// The instances of a turn find what those before them have left.
    pub fn hand_in(&mut self, turn: Run, leaves: &Leaves) {
        let Some(cells) = self.cells.take() else { return };
        let lanes = cells.lanes;
        for (common, left) in cells.common.iter().zip(cells.left.chunks(lanes)) {
            for i in turn.instances() {
                let found = left[self.cell_of(lanes, i)];
                self.set(common.row, i, found);
                if let Some((before, _)) = common.before.filter(|_| leaves.before) {
                    self.set(before, i, found);
                }
            }
        }
        self.cells = Some(cells);
    }

    /// What the instances of a turn have left.
    pub fn hand_out(&mut self, turn: Run) {
        let Some(mut cells) = self.cells.take() else { return };
        let lanes = cells.lanes;
        for (common, left) in cells.common.iter().zip(cells.left.chunks_mut(lanes)) {
            for i in turn.instances() {
                left[self.cell_of(lanes, i)] = self.get(common.row, i);
            }
        }
        self.cells = Some(cells);
    }

    /// All instances of a cell get what the last of them has left in these rows.
    pub fn spread(&mut self, rows: &[u16]) {
        let Some(mut cells) = self.cells.take_if(|_| !rows.is_empty()) else { return };
        let (lanes, count) = (cells.lanes, self.count());
        for row in rows {
            if self.positions().is_empty() {
                let (others, last) = self.row_mut(*row).split_at_mut(count.saturating_sub(lanes));
                others.chunks_exact_mut(lanes).for_each(|values| values.copy_from_slice(last));
                continue;
            }
            let left = &mut cells.left[..lanes];
            for i in 0..count {
                left[self.cell_of(lanes, i)] = self.get(*row, i);
            }
            for i in 0..count {
                self.set(*row, i, left[self.cell_of(lanes, i)]);
            }
        }
        self.cells = Some(cells);
    }

    /// All instances of a cell get what one of them has left in these rows.
    pub fn spread_from(&mut self, instance: usize, rows: &[u16]) {
        let Some(lanes) = self.cells.as_ref().filter(|_| !rows.is_empty()).map(|cells| cells.lanes) else { return };
        let cell = self.cell_of(lanes, instance);
        for row in rows {
            let left = self.get(*row, instance);
            for i in (0..self.count()).filter(|i| self.cell_of(lanes, *i) == cell).collect::<Vec<_>>() {
                self.set(*row, i, left);
            }
        }
    }
}
