//! Events that only add a multiple of their weight to states, many at a time: the very operations of the handler's program.

use super::rows::Rows;
use crate::inbound::Arguments;
use crate::kernel::{Addition, Place, Term};
use crate::simd::{Isa, add_fused};

/// One event for each of these instances, in order.
pub fn add(isa: Isa, rows: &mut Rows, additions: &[Addition], targets: &[u32], weight: Arguments) {
    // Additions to different states do not depend on each other.
    for addition in additions {
        match weight {
            Arguments::Same(weight) => one(isa, rows, *addition, targets.iter().map(|i| (*i, weight))),
            Arguments::Each { values, connections } => {
                let weights = connections.iter().map(|c| values[*c as usize]);
                one(isa, rows, *addition, targets.iter().copied().zip(weights));
            }
        }
    }
}

/// Instances and weights.
fn one(isa: Isa, rows: &mut Rows, addition: Addition, events: impl Iterator<Item = (u32, f64)>) {
    let Addition { row, term } = addition;
    match term {
        Term::Weight => {
            let values = rows.row_mut(row);
            events.for_each(|(i, weight)| values[i as usize] += weight);
        }
        Term::Product(Place::Fixed(factor)) => {
            let values = rows.row_mut(row);
            events.for_each(|(i, weight)| values[i as usize] += factor * weight);
        }
        Term::Product(Place::Row(factor)) => {
            let (values, factors) = rows.two(row, factor);
            events.for_each(|(i, weight)| values[i as usize] += factors[i as usize] * weight);
        }
        Term::Fused(Place::Fixed(factor)) => add_fused(isa, rows.row_mut(row), |_| factor, events),
        Term::Fused(Place::Row(factor)) => {
            let (values, factors) = rows.two(row, factor);
            add_fused(isa, values, |i| factors[i], events);
        }
    }
}
