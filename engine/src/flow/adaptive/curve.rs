//! States at many times: read off the steps that their systems have made, step by step.

use super::{Adaptive, Member};
use crate::block::Block;
use crate::kernel::method::adaptive::{BENDS, Within};
use crate::simd::{Function, Isa, map};
use bouton_model::math::Real;

/// How many values are kept of a step, for each state.
const KEPT: usize = 1 + BENDS;

/// A state of a system.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Curve {
    /// Number of the system: the curves of one should follow one another.
    pub system: usize,
    /// Which of its states.
    number: usize,
    pool: usize,
    instance: usize,
    row: u16,
}

/// Which part of a step has passed at a time (ms).
struct Part {
    begin: f64,
    length: f64,
}

impl Function for Part {
    #[inline(always)]
    fn of<R: Real>(&self, t: R) -> R {
        t.sub(R::splat(self.begin)).div(R::splat(self.length))
    }
}

impl Adaptive {
    /// Of block, pool, row and instance, if that is a state.
    pub fn curve(&self, (block, pool, row, instance): (usize, usize, u16, usize)) -> Option<Curve> {
        let pool = self.pools.iter().position(|of| (of.block, of.pool) == (block, pool))?;
        let state = self.pools[pool].states.iter().position(|state| state.state == row)?;
        let system = *self.of_member.get(pool)?.get(instance)?;
        let before = |m: &&Member| (m.pool, m.instance) != (pool, instance);
        let states = |m: &Member| self.pools[m.pool].states.len();
        let first: usize = self.systems[system].members.iter().take_while(before).map(states).sum();
        Some(Curve { system, number: first + state, pool, instance, row })
    }

    /// Values of curves at rising times (ms), behind those that `out` has.
    pub fn read_off(&self, blocks: &[Block], isa: Isa, curves: &[Curve], times: &[f64], out: &mut [Vec<f64>]) {
        let mut parts = vec![0.0; times.len()];
        // For each step the times in it.
        let mut ranges = Vec::new();
        let mut of = None;
        for (curve, out) in curves.iter().zip(out) {
            let history = &self.systems[curve.system].history;
            if of != Some(curve.system) {
                of = Some(curve.system);
                history.ranges(times, &mut ranges);
                for (step, range) in &ranges {
                    let (begin, length, _) = history.step_at(*step);
                    map(isa, &times[range.clone()], &mut parts[range.clone()], &Part { begin, length });
                }
            }
            if ranges.is_empty() {
                // It has made no step yet.
                let of = &self.pools[curve.pool];
                let value = blocks[of.block].pools[of.pool].rows().get(curve.row, curve.instance);
                out.resize(out.len() + times.len(), value);
                continue;
            }
            let known = out.len();
            out.resize(known + times.len(), 0.0);
            for (step, range) in &ranges {
                let (_, length, values) = history.step_at(*step);
                let [last, a, b, c, d] = std::array::from_fn(|k| values[KEPT * curve.number + k]);
                let to = &mut out[known + range.start..known + range.end];
                map(isa, &parts[range.clone()], to, &Within { last, bends: [a, b, c, d], step: length });
            }
        }
    }
}
