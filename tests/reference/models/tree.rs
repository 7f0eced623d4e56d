//! Random bodies: trees of nodes with coefficients that conductances and areas could have.

use super::dice::Dice;
use bouton_engine::plan::{Body, Extracellular};

/// A tree of at most so many nodes, for so many cells. Nodes without area are branching points or ends; at least one has area. Cells may differ in size.
pub fn random(dice: &mut Dice, values: &mut Dice, most: usize, lanes: usize) -> Body {
    let n = dice.within(1, most);
    // Where each node of the tree, parents first, is stored.
    let mut stored: Vec<usize> = (0..n).collect();
    if dice.percent(60) {
        dice.shuffle(&mut stored);
    }
    let mut parent = vec![u32::MAX; n];
    for i in 1..n {
        let near = if dice.percent(50) { i - 1 } else { dice.below(i) };
        parent[stored[i]] = stored[near] as u32;
    }
    let with_area = dice.below(n);
    let area: Vec<f64> =
        (0..n).map(|i| if i != with_area && dice.percent(20) { 0.0 } else { values.scale(5e-7, 2e-5) }).collect();
    let body = Body { order: order(dice, &parent), parent, area, ..Body::default() };
    if lanes > 1 && dice.percent(30) {
        return differing(values, &body, lanes);
    }
    coefficients(values, body)
}

/// Cells of one tree, each with its own areas and coefficients.
fn differing(values: &mut Dice, body: &Body, lanes: usize) -> Body {
    let mut resized = || {
        let area = body.area.iter().map(|area| area * values.between(0.5, 2.0)).collect();
        coefficients(values, Body { area, ..body.clone() })
    };
    let cells: Vec<Body> = (0..lanes).map(|_| resized()).collect();
    let row = |of: fn(&Body) -> &Vec<f64>| {
        (0..body.parent.len()).flat_map(|node| cells.iter().map(move |cell| of(cell)[node])).collect::<Vec<f64>>()
    };
    Body {
        a: row(|cell| &cell.a),
        b: row(|cell| &cell.b),
        capacitance: row(|cell| &cell.capacitance),
        area: row(|cell| &cell.area),
        names: cells[0].names.clone(),
        ..body.clone()
    }
}

/// Axial conductances over areas; where there is no area, the conductances themselves.
fn coefficients(values: &mut Dice, mut body: Body) -> Body {
    let per_area = |g: f64, area: f64| if area > 0.0 { -(g / area) } else { -g };
    for (i, &p) in body.parent.iter().enumerate() {
        let g = values.scale(2e-8, 2e-6);
        let root = p == u32::MAX;
        body.a.push(if root { 0.0 } else { per_area(g, body.area[p as usize]) });
        body.b.push(if root { 0.0 } else { per_area(g, body.area[i]) });
        body.capacitance.push(if body.area[i] > 0.0 { values.between(0.0008, 0.0015) } else { 0.0 });
        body.names.push(format!("n{i}"));
    }
    body
}

/// Any order in which every node comes before its parent.
fn order(dice: &mut Dice, parent: &[u32]) -> Vec<u32> {
    let mut order = Vec::new();
    let mut left: Vec<u32> = (0..parent.len() as u32).collect();
    while !left.is_empty() {
        let is_leaf = |i: &u32| !left.iter().any(|&child| parent[child as usize] == *i);
        let leaves: Vec<u32> = left.iter().copied().filter(is_leaf).collect();
        let next = leaves[dice.below(leaves.len())];
        left.retain(|&i| i != next);
        order.push(next);
    }
    order
}

/// Extracellular space around a body: from nearly ground to nearly none.
pub fn space(dice: &mut Dice, values: &mut Dice, body: &Body) -> Extracellular {
    let nodes = body.parent.len();
    let area = |i: u32| (i != u32::MAX).then(|| body.of(&body.area, i as usize, 0)).filter(|area| *area > 0.0);
    let mut space =
        Extracellular { nodes, e: (0..nodes).map(|_| values.between(-3.0, 3.0)).collect(), ..Extracellular::default() };
    for layer in 0..2 {
        let (tight, leaky) = (dice.percent(30), dice.percent(50));
        for (i, &p) in body.parent.iter().enumerate() {
            let g = if tight { 1e-13 } else { values.scale(1e-8, 1e-5) };
            let root = p == u32::MAX;
            space.a[layer].push(if root { 0.0 } else { -g / area(p).unwrap_or(1.0) });
            space.b[layer].push(if root { 0.0 } else { -g / area(i as u32).unwrap_or(1.0) });
            let inside = area(i as u32).is_some();
            let conductance = if leaky { values.scale(1e-4, 1.0) } else { 1e9 };
            space.g[layer].push(if inside { conductance } else { 0.0 });
            space.c[layer].push(if inside && leaky { values.between(0.0, 0.001) } else { 0.0 });
        }
    }
    space
}
