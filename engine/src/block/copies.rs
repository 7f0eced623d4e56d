//! Node rows of a pool whose runs are short, copied side by side, so that one call of a program does for all of them.

use super::Nodes;
use super::rows::Run;
use crate::simd::{Rows, WIDEST};
use crate::vm::code::Code;
use crate::vm::program::NodeRow;

/// Runs of fewer instances, on average, are copied: a copy costs less than a call.
const SHORT: usize = 16;

/// A value for each instance, of each node row.
pub struct Copies([Rows; NodeRow::COUNT]);

impl Copies {
    /// Nothing where runs are few or long, or where a place occurs twice: sums there go one after the other.
    pub fn new(count: usize, runs: &[Run]) -> Option<Box<Copies>> {
        let mut sorted = runs.to_vec();
        sorted.sort_unstable_by_key(|run| run.position);
        let once = sorted.windows(2).all(|w| w[0].position + w[0].count <= w[1].position);
        let short = runs.len() > 1 && count < SHORT * runs.len();
        (once && short).then(|| Box::new(Copies(std::array::from_fn(|_| Rows::new(0.0, count + WIDEST)))))
    }

    /// The rows, as programs number them.
    pub fn rows(&mut self) -> [&mut [f64]; NodeRow::COUNT] {
        self.0.each_mut().map(|row| &mut row[..])
    }

    /// Takes what the program reads or writes.
    pub fn take(&mut self, runs: &[Run], nodes: &mut Nodes, code: &Code) {
        for ((copy, row), _) in self.0.iter_mut().zip(nodes.rows().0).zip(code.uses()).filter(|(_, used)| *used) {
            for run in runs {
                copy[run.first..run.first + run.count].copy_from_slice(&row[run.position..run.position + run.count]);
            }
        }
    }

    /// Gives back what it has written.
    pub fn give(&self, runs: &[Run], nodes: &mut Nodes, code: &Code) {
        for ((copy, row), _) in self.0.iter().zip(nodes.rows().0).zip(code.writes()).filter(|(_, written)| *written) {
            for run in runs {
                row[run.position..run.position + run.count].copy_from_slice(&copy[run.first..run.first + run.count]);
            }
        }
    }
}
