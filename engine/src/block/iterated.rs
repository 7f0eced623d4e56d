//! The iteration of a kinetic scheme over the instances of a pool: the program does one round of those that are not done yet.

use super::rows::Rows;
use crate::kernel::method::sparse::Iterated;

/// Advances all instances; `round` runs the program. The first instance that did not converge.
pub fn advance(rows: &mut Rows, method: &Iterated, round: &mut dyn FnMut(&mut Rows)) -> Option<usize> {
    for (state, old) in method.states.iter().zip(&method.old) {
        for k in 0..rows.count() {
            rows.set(*old, k, rows.get(*state, k));
        }
    }
    rows.row_mut(method.active).fill(f64::from_bits(u64::MAX));
    let mut left = None;
    for _ in 0..Iterated::MOST {
        round(rows);
        left = rows.row(method.active).iter().position(|mask| mask.to_bits() != 0);
        if left.is_none() {
            break;
        }
    }
    if method.extrapolate {
        for (state, old) in method.states.iter().zip(&method.old) {
            for k in 0..rows.count() {
                let (x, from) = (rows.get(*state, k), rows.get(*old, k));
                rows.set(*state, k, x + (x - from));
            }
        }
    }
    left
}
