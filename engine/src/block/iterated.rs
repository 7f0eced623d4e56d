//! The iteration of a kinetic scheme over the instances of a pool: the program does one round of those that are not done yet.

use super::rows::Rows;
use crate::kernel::method::sparse::Iterated;

/// Advances the instances of a run; `round` runs the program for them. The first instance that did not converge.
pub fn advance(rows: &mut Rows, run: usize, method: &Iterated, round: &mut dyn FnMut(&mut Rows)) -> Option<usize> {
    let within = rows.within(run);
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
