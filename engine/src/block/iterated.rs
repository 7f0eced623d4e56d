//! Iterations over the instances of a pool; that of a kinetic scheme, where the program does one round of those that are not done yet.

use super::pool::Pool;
use super::rows::{Rows, Run};
use super::{Nodes, Worker};
use crate::kernel::Advance;
use crate::kernel::method::sparse::Iterated;
use std::sync::Arc;

impl Pool {
    /// Advances its states by rounds, run by run; meanwhile nothing moves but the rows of the pool. Whether some instance did not converge.
    pub(super) fn iterate(&mut self, w: &mut Worker, nodes: &mut Nodes, t: f64) -> bool {
        self.unconverged = None;
        self.newton.restart();
        let mut failed = false;
        let programs = Arc::clone(&self.programs);
        let tables = &programs.mechanism.tables;
        if programs.iteration.in_turn {
            self.rows.begin_turns();
            for k in 0..self.rows.turns() {
                let turn = self.rows.turn(k);
                self.rows.hand_in(turn, &programs.iteration);
                failed |= self.iterate_part(turn, w, nodes, t);
                if let Some(after) = &programs.after {
                    after.run_part(turn, &mut self.rows, w, nodes, tables, t, &mut []);
                }
                self.rows.hand_out(turn);
            }
            self.rows.spread(&programs.iteration.rows);
            return failed;
        }
        for k in 0..self.rows.runs() {
            failed |= self.iterate_part(self.rows.at(k), w, nodes, t);
        }
        if let Some(after) = &programs.after {
            after.run(&mut self.rows, w, nodes, tables, t);
        }
        failed
    }

    fn iterate_part(&mut self, run: Run, w: &mut Worker, nodes: &mut Nodes, t: f64) -> bool {
        let Pool { programs, rows, newton, unconverged, .. } = self;
        let (mechanism, Some(program)) = (&programs.mechanism, &programs.advance) else { return false };
        rows.gather(run, nodes, &program.exchange);
        let mut round = |rows: &mut Rows, part: Run| rows.run(part, w, nodes, &program.code, &mechanism.tables, t, &mut []);
        let (failed, states) = match &mechanism.advance {
            Advance::Newton(method) => (newton.advance(rows, run, method, &mut round), &method.states),
            Advance::Iterated(method) => {
                let left = advance(rows, run, method, &mut |rows| round(rows, run));
                *unconverged = unconverged.or(left);
                (left.is_some(), &method.states)
            }
            Advance::Program(_) | Advance::None | Advance::Stages(..) | Advance::Adaptive(_) => return false,
        };
        rows.write_back_all(run, nodes, mechanism.mirrors.iter().filter(|m| states.contains(&m.row)));
        failed
    }
}

/// Advances the instances of a run; `round` runs the program for them. The first instance that did not converge.
fn advance(rows: &mut Rows, run: Run, method: &Iterated, round: &mut dyn FnMut(&mut Rows)) -> Option<usize> {
    let within = run.instances();
    for (state, old) in method.states.iter().zip(&method.old) {
        for k in within.clone() {
            rows.set(*old, k, rows.get(*state, k));
        }
    }
    rows.row_mut(method.active)[within.clone()].fill(f64::from_bits(u64::MAX));
    let mut left = None;
    for _ in 0..Iterated::MOST {
        round(rows);
        let active = &rows.row(method.active)[within.clone()];
        left = active.iter().position(|mask| mask.to_bits() != 0).map(|k| within.start + k);
        if left.is_none() {
            break;
        }
    }
    if method.extrapolate {
        for (state, old) in method.states.iter().zip(&method.old) {
            for k in within.clone() {
                let (x, from) = (rows.get(*state, k), rows.get(*old, k));
                rows.set(*state, k, x + (x - from));
            }
        }
    }
    left
}
