//! Whether plans are of one kind: then what they differ in stands in rows of numbers.

use crate::plan::{Body, Class, Detector, Placement, Plan, Pool, Projection, Recorder, SharedRow};
use std::sync::Arc;

/// In what two plans differ that copies side by side must have in common, in words of users; nothing where they can be copies.
pub fn difference(a: &Plan, b: &Plan) -> Option<&'static str> {
    let settings = |p: &Plan| (p.v_init.to_bits(), p.second_order);
    let counts = |p: &Plan| (p.classes.len(), p.sources, p.unrecorded);
    let every = |class: &[Class], other: &[Class], alike: fn(&Class, &Class) -> bool| pairs(class, other, alike);
    let all = [
        (a.dt.to_bits() != b.dt.to_bits(), "the step (`dt`)"),
        (settings(a) != settings(b), "`v_init` or the method of the cable equation"),
        (counts(a) != counts(b) || !every(&a.classes, &b.classes, |a, b| a.lanes() == b.lanes()), "numbers of cells"),
        (!every(&a.classes, &b.classes, shapes), "numbers of segments, or how they are joined"),
        (
            !every(&a.classes, &b.classes, contents),
            "the programs of mechanisms (`celsius`, a table of rates), or where mechanisms are",
        ),
        (!pairs(&a.projections, &b.projections, projections), "the kinds of connections"),
        (!pairs(&a.recorders, &b.recorders, |a: &Recorder, b: &Recorder| a.every == b.every), "the intervals of records"),
    ];
    all.into_iter().find(|(differs, _)| *differs).map(|(_, what)| what)
}

fn pairs<T>(a: &[T], b: &[T], alike: impl Fn(&T, &T) -> bool) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| alike(a, b))
}

/// Trees of bodies.
fn shapes(a: &Class, b: &Class) -> bool {
    match (&a.body, &b.body) {
        (Some(a), Some(b)) => trees(a, b),
        (a, b) => a.is_none() && b.is_none(),
    }
}

/// What bodies, and cells without one, consist of.
fn contents(a: &Class, b: &Class) -> bool {
    let rows = |a: &SharedRow, b: &SharedRow| a.name == b.name && a.kind == b.kind;
    let spaces = match (&a.extracellular, &b.extracellular) {
        (Some(a), Some(b)) => a == b,
        (a, b) => a.is_none() && b.is_none(),
    };
    spaces
        && pairs(&a.shared, &b.shared, rows)
        && pairs(&a.pools, &b.pools, pools)
        && pairs(&a.detectors, &b.detectors, |a: &Detector, b: &Detector| (a.node, &a.sources) == (b.node, &b.sources))
}

fn trees(a: &Body, b: &Body) -> bool {
    a.parent == b.parent && a.order == b.order
}

fn pools(a: &Pool, b: &Pool) -> bool {
    let places = match (&a.placement, &b.placement) {
        (Placement::Nodes(a), Placement::Nodes(b)) => a == b,
        // Those that act one after the other stand in another order.
        (Placement::Scattered(_), Placement::Scattered(_)) => !a.code.has_order(),
        (Placement::Free, Placement::Free) => true,
        _ => false,
    };
    places && Arc::ptr_eq(&a.code, &b.code) && a.streams.is_empty() == b.streams.is_empty()
}

fn projections(a: &Projection, b: &Projection) -> bool {
    (a.class, a.pool, a.handler, a.arguments.len()) == (b.class, b.pool, b.handler, b.arguments.len())
}
