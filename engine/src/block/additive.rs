//! Events that only add a multiple of their weight to states, many at a time: the very operations of the handler's program.

use super::rows::Rows;
use crate::inbound::Arguments;
use crate::kernel::{Addition, Place, Term};

/// One event for each of these instances, in order.
pub fn add(rows: &mut Rows, additions: &[Addition], targets: &[u32], weight: Arguments) {
    match weight {
        Arguments::Same(weight) => each(rows, additions, targets.iter().map(|i| (*i, weight))),
        Arguments::Each { values, connections } => {
            let weights = connections.iter().map(|c| values[*c as usize]);
            each(rows, additions, targets.iter().copied().zip(weights));
        }
    }
}

/// Loops for what most synapses do: a single addition.
fn each(rows: &mut Rows, additions: &[Addition], events: impl Iterator<Item = (u32, f64)>) {
    match additions {
        [Addition { row, term: Term::Weight }] => {
            let values = rows.row_mut(*row);
            events.for_each(|(i, weight)| values[i as usize] += weight);
        }
        [Addition { row, term: Term::Product(Place::Row(factor)) }] if row != factor => {
            let (values, factors) = rows.two(*row, *factor);
            events.for_each(|(i, weight)| values[i as usize] += factors[i as usize] * weight);
        }
        [Addition { row, term: Term::Fused(Place::Row(factor)) }] if row != factor => {
            let (values, factors) = rows.two(*row, *factor);
            events.for_each(|(i, weight)| values[i as usize] = factors[i as usize].mul_add(weight, values[i as usize]));
        }
        _ => events.for_each(|(i, weight)| one(rows, additions, i as usize, weight)),
    }
}

/// One event.
#[inline]
pub fn one(rows: &mut Rows, additions: &[Addition], instance: usize, weight: f64) {
    for Addition { row, term } in additions {
        let old = rows.get(*row, instance);
        let factor = |place: &Place| match place {
            Place::Fixed(x) => *x,
            Place::Row(r) => rows.get(*r, instance),
        };
        let new = match term {
            Term::Weight => old + weight,
            Term::Product(place) => old + factor(place) * weight,
            Term::Fused(place) => factor(place).mul_add(weight, old),
        };
        rows.set(*row, instance, new);
    }
}
