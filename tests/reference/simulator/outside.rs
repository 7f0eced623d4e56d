//! Points 4, 6 and 7 of a step for cells with extracellular space: a dense system of three unknowns a node, eliminated node by node.
//! Unknown 0 is the change of the inner potential against ground, 1 and 2 those of the layers around.

use super::state::{CellState, Node};
use bouton_engine::plan::{Body, Extracellular, Plan};
use bouton_engine::vm::program::NodeRow;

const V: usize = NodeRow::V as usize;
const RHS: usize = NodeRow::Rhs as usize;
const D: usize = NodeRow::D as usize;

/// What is around a node.
#[derive(Clone, Copy, Debug, Default)]
pub struct Around {
    /// Potentials of the layers (mV).
    pub v: [f64; 2],
    /// Minus the currents of electrodes, and their slopes.
    pub injected: f64,
    pub slope: f64,
    /// Current through the membrane, that of its capacitance included.
    pub membrane: f64,
}

/// Point 4: no currents yet; of the diagonal the capacitance of the membrane alone.
pub fn clear(plan: &Plan, body: &Body, cell: &mut CellState) {
    for (node, capacitance) in cell.nodes.iter_mut().zip(&body.capacitance) {
        (node[RHS], node[D]) = (0.0, capacitance * rate(plan));
    }
    cell.around.iter_mut().for_each(|around| (around.injected, around.slope) = (0.0, 0.0));
}

fn rate(plan: &Plan) -> f64 {
    if plan.second_order { 2.0 / plan.dt } else { 1.0 / plan.dt }
}

/// Points 6 and 7: new potentials of the layers. Leaves the change of that of the membrane in rhs.
pub fn solve(plan: &Plan, body: &Body, space: &Extracellular, cell: &mut CellState) {
    let a = [&body.a, &space.a[0], &space.a[1]];
    let b = [&body.b, &space.b[0], &space.b[1]];
    let count = body.parent.len();
    let mut matrix: Vec<[[f64; 3]; 3]> = (0..count).map(|i| block(plan, space, cell, i)).collect();
    let mut r: Vec<[f64; 3]> = (0..count).map(|i| currents(space, cell, i)).collect();
    let inner = |i: usize| potentials(&cell.nodes[i], &cell.around[i]);
    let parent = |i: usize| (body.parent[i] != u32::MAX).then_some(body.parent[i] as usize);
    for &i in body.order.iter().rev() {
        let i = i as usize;
        let Some(p) = parent(i) else { continue };
        let (here, there) = (inner(i), inner(p));
        for j in 0..3 {
            let dv = there[j] - here[j];
            r[i][j] -= b[j][i] * dv;
            r[p][j] += a[j][i] * dv;
            matrix[i][j][j] -= b[j][i];
            matrix[p][j][j] -= a[j][i];
        }
    }
    for &i in &body.order {
        let i = i as usize;
        let Some(p) = parent(i) else { continue };
        let own = by_itself(&matrix[i], r[i]);
        for j in 0..3 {
            r[p][j] -= a[j][i] * own[j];
        }
        for k in 0..3 {
            let mut column = [0.0; 3];
            column[k] = b[k][i];
            let column = by_itself(&matrix[i], column);
            for j in 0..3 {
                matrix[p][j][k] -= a[j][i] * column[j];
            }
        }
    }
    let mut x = vec![[0.0; 3]; count];
    let factor = if plan.second_order { 2.0 } else { 1.0 };
    for &i in body.order.iter().rev() {
        let i = i as usize;
        let mut rest = r[i];
        if let Some(p) = parent(i) {
            (0..3).for_each(|j| rest[j] -= b[j][i] * x[p][j]);
        }
        x[i] = by_itself(&matrix[i], rest);
        let change = x[i][0] - x[i][1];
        let (node, around) = (&mut cell.nodes[i], &mut cell.around[i]);
        around.membrane = node[D] * change - node[RHS];
        node[RHS] = change;
        around.v[0] += factor * x[i][1];
        around.v[1] += factor * x[i][2];
    }
}

fn potentials(node: &Node, around: &Around) -> [f64; 3] {
    [node[V] + around.v[0], around.v[0], around.v[1]]
}

/// A node by itself: the membrane lies between inside and layer 0, then come the two layers and ground.
fn block(plan: &Plan, space: &Extracellular, cell: &CellState, i: usize) -> [[f64; 3]; 3] {
    let m = [0, 1].map(|k| space.g[k][i] + space.c[k][i] * rate(plan));
    let d = cell.nodes[i][D];
    [[d + cell.around[i].slope, -d, 0.0], [-d, d + m[0], -m[0]], [0.0, -m[0], m[0] + m[1]]]
}

/// Currents into a node that do not come from its neighbours.
fn currents(space: &Extracellular, cell: &CellState, i: usize) -> [f64; 3] {
    let around = &cell.around[i];
    let between = space.g[0][i] * (around.v[0] - around.v[1]);
    let ground = space.g[1][i] * (around.v[1] - space.e[i]);
    [cell.nodes[i][RHS] + around.injected, -cell.nodes[i][RHS] - between, between - ground]
}

/// Gauss' elimination without exchange of rows; divisors are inverted first.
fn by_itself(m: &[[f64; 3]; 3], mut r: [f64; 3]) -> [f64; 3] {
    let mut m = *m;
    let mut inverse = [0.0; 3];
    for k in 0..3 {
        inverse[k] = 1.0 / m[k][k];
        let above = m[k];
        for i in k + 1..3 {
            let l = m[i][k] * inverse[k];
            m[i].iter_mut().zip(above).skip(k + 1).for_each(|(m, above)| *m -= l * above);
            r[i] -= l * r[k];
        }
    }
    for k in (0..3).rev() {
        for j in k + 1..3 {
            r[k] -= m[k][j] * r[j];
        }
        r[k] *= inverse[k];
    }
    r
}
