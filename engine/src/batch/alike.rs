//! Whether plans are of one kind: then what they differ in stands in rows of numbers.

use crate::plan::{Body, Class, Detector, Placement, Plan, Pool, Projection, Recorder, SharedRow};
use std::sync::Arc;

/// Whether two plans can be copies side by side.
pub fn alike(a: &Plan, b: &Plan) -> bool {
    let numbers = |p: &Plan| (p.dt.to_bits(), p.v_init.to_bits(), p.second_order, p.sources, p.unrecorded);
    numbers(a) == numbers(b)
        && pairs(&a.classes, &b.classes, classes)
        && pairs(&a.projections, &b.projections, projections)
        && pairs(&a.recorders, &b.recorders, |a: &Recorder, b: &Recorder| a.every == b.every)
}

fn pairs<T>(a: &[T], b: &[T], alike: impl Fn(&T, &T) -> bool) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| alike(a, b))
}

fn classes(a: &Class, b: &Class) -> bool {
    let rows = |a: &SharedRow, b: &SharedRow| a.name == b.name && a.kind == b.kind;
    let spaces = match (&a.extracellular, &b.extracellular) {
        (Some(a), Some(b)) => a == b,
        (a, b) => a.is_none() && b.is_none(),
    };
    let bodies = match (&a.body, &b.body) {
        (Some(a), Some(b)) => trees(a, b),
        (a, b) => a.is_none() && b.is_none(),
    };
    a.lanes() == b.lanes()
        && bodies
        && spaces
        && pairs(&a.shared, &b.shared, rows)
        && pairs(&a.pools, &b.pools, pools)
        && pairs(&a.detectors, &b.detectors, |a: &Detector, b: &Detector| a == b)
}

fn trees(a: &Body, b: &Body) -> bool {
    a.parent == b.parent && a.order == b.order
}

fn pools(a: &Pool, b: &Pool) -> bool {
    let places = match (&a.placement, &b.placement) {
        (Placement::Nodes(a), Placement::Nodes(b)) => a == b,
        // Those that act by turns stand in another order.
        (Placement::Scattered(_), Placement::Scattered(_)) => !a.code.turns,
        (Placement::Free, Placement::Free) => true,
        _ => false,
    };
    places && Arc::ptr_eq(&a.code, &b.code) && a.streams.is_empty() == b.streams.is_empty()
}

fn projections(a: &Projection, b: &Projection) -> bool {
    (a.class, a.pool, a.handler, a.arguments.len()) == (b.class, b.pool, b.handler, b.arguments.len())
}
