//! Events that only add a multiple of their weight to states, many at a time: the very operations of the handler's program.

use super::rows::Rows;
use crate::inbound::{Arguments, Fan};
use crate::kernel::{Addition, Place, Term};
use crate::simd::{Isa, add_fused};

/// One event for each of these connections, in order; several at once are one of as many times the weight.
pub fn add(isa: Isa, rows: &mut Rows, additions: &[Addition], fan: &Fan) {
    let (targets, times) = (fan.targets, f64::from(fan.times));
    // Additions to different states do not depend on each other.
    for addition in additions {
        match fan.weight {
            Arguments::Same(weight) => {
                let weight = times * weight;
                one(isa, rows, *addition, targets.iter().map(|i| (*i, weight)));
            }
            Arguments::Listed(weights) => one(isa, rows, *addition, targets.iter().copied().zip(weights.iter().copied())),
            Arguments::Each { values, connections } => {
                let weights = connections.iter().map(|c| times * values[*c as usize]);
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
