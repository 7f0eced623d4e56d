//! Conditions of a pool: which have become true since they were looked at last.

use super::pool::Pool;
use super::{Nodes, Worker};

impl Pool {
    /// Adds to `found` handler and instance of each condition that has just become true.
    pub fn conditions(&mut self, w: &mut Worker, nodes: &mut Nodes, t: f64, found: &mut Vec<(u16, u32)>) {
        let Pool { programs, rows, .. } = self;
        for (condition, program) in programs.mechanism.conditions.iter().zip(&programs.conditions) {
            program.run(rows, w, nodes, &programs.mechanism.tables, t);
            let (before, now) = rows.two(condition.before, condition.now);
            risen(before, now, |i| found.push((condition.handler, i)));
            before.copy_from_slice(now);
        }
    }
}

/// Calls for each mask that is set now and was not before. Most of the time there is none: many are looked at at once.
fn risen(before: &[f64], now: &[f64], mut act: impl FnMut(u32)) {
    const MANY: usize = 32;
    for ((before, now), first) in before.chunks(MANY).zip(now.chunks(MANY)).zip((0u32..).step_by(MANY)) {
        let risen = |(b, n): (&f64, &f64)| n.to_bits() & !b.to_bits();
        if before.iter().zip(now).fold(0, |any, pair| any | risen(pair)) != 0 {
            let all = before.iter().zip(now).zip(first..);
            all.filter(|(pair, _)| risen(*pair) != 0).for_each(|(_, i)| act(i));
        }
    }
}
