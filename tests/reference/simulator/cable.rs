//! Points 4 to 7 of a step: the cable equation of every cell of a class, from the static diagonal to the new potentials.

use super::coupling::{Taken, hand_on, read};
use super::outside;
use super::state::{CellState, ClassState, Node, PoolState};
use bouton_engine::kernel::Scattered;
use bouton_engine::plan::{Body, Class, Plan, Pool, RowKind};
use bouton_engine::run::Fault;
use bouton_engine::vm::program::NodeRow;

const V: usize = NodeRow::V as usize;
const RHS: usize = NodeRow::Rhs as usize;
const D: usize = NodeRow::D as usize;

/// Potentials from t_n (`beginning`) to t_n+1; currents are those of the middle of the step. Classes without a body have none.
pub fn advance(plan: &Plan, number: usize, state: &mut ClassState, beginning: f64) -> Result<(), Box<Fault>> {
    let class = &plan.classes[number];
    let Some(body) = &class.body else { return Ok(()) };
    evaluate(plan, number, state, beginning + 0.5 * plan.dt);
    for (lane, (cell, name)) in state.cells.iter_mut().zip(class.cells.iter()).enumerate() {
        let body = &body.part(lane, 1);
        match &class.extracellular {
            Some(space) => outside::solve(plan, body, &space.part(lane, 1), cell),
            None => {
                axial(body, &mut cell.nodes);
                solve(body, &mut cell.nodes);
            }
        }
        extrapolate(class, cell);
        update(plan, &mut cell.nodes);
        check(body, &cell.nodes, &name, beginning + 0.5 * plan.dt + 0.5 * plan.dt)?;
    }
    Ok(())
}

/// Points 4 and 5, also at the start with T = 0: sums are cleared, then the currents of all pools in order.
pub fn evaluate(plan: &Plan, number: usize, state: &mut ClassState, t: f64) {
    let class = &plan.classes[number];
    let Some(body) = &class.body else { return };
    for (lane, cell) in state.cells.iter_mut().enumerate() {
        let body = &body.part(lane, 1);
        match class.extracellular {
            Some(_) => outside::clear(plan, body, cell),
            None => clear(plan, body, &mut cell.nodes),
        }
        for (k, _) in class.shared.iter().enumerate().filter(|(_, row)| row.kind != RowKind::Value) {
            cell.shared.iter_mut().for_each(|values| values[k] = 0.0);
        }
    }
    for (k, pool) in class.pools.iter().enumerate() {
        read(plan, number, k, None, state);
        currents(pool, &mut state.pools[k], t, &mut state.cells);
        if let Some(program) = &pool.code.observed.lagging {
            state.pools[k].run_all(&pool.code, program, t, &mut state.cells);
        }
        hand_on(plan, number, k, state, Taken::Currents, t);
    }
}

/// Point 7: sums that have slopes are moved to the potentials of the middle of the step.
fn extrapolate(class: &Class, cell: &mut CellState) {
    for (k, row) in class.shared.iter().enumerate() {
        let RowKind::Slope { of } = row.kind else { continue };
        for (values, node) in cell.shared.iter_mut().zip(&cell.nodes) {
            values[usize::from(of)] += values[k] * node[RHS];
        }
    }
}

/// The parent of a node.
fn parent(body: &Body, i: usize) -> Option<usize> {
    (body.parent[i] != u32::MAX).then_some(body.parent[i] as usize)
}

/// Nodes with their parents, parents before children.
fn outward(body: &Body) -> impl Iterator<Item = (usize, usize)> {
    body.order.iter().rev().filter_map(|&i| Some((i as usize, parent(body, i as usize)?)))
}

/// Point 4: rhs = 0, d = static diagonal.
fn clear(plan: &Plan, body: &Body, nodes: &mut [Node]) {
    let cj = if plan.second_order { 2.0 / plan.dt } else { 1.0 / plan.dt };
    for (node, capacitance) in nodes.iter_mut().zip(&body.capacitance) {
        node[RHS] = 0.0;
        node[D] = capacitance * cj;
    }
    for (i, p) in outward(body) {
        nodes[i][D] -= body.b[i];
        nodes[p][D] -= body.a[i];
    }
}

/// Point 5: the currents of a pool, instance by instance in order.
fn currents(pool: &Pool, instances: &mut PoolState, t: f64, cells: &mut [CellState]) {
    let Some(program) = &pool.code.current else { return };
    instances.run_all(&pool.code, program, t, cells);
    if let Some(scattered) = pool.code.scattered {
        scatter(scattered, pool.code.electrode, instances, cells);
    }
}

/// Point 5, scattered pools: what the program left in rows goes to the nodes.
fn scatter(scattered: Scattered, electrode: bool, instances: &PoolState, cells: &mut [CellState]) {
    for instance in &instances.instances {
        let Some(node) = instance.node else { continue };
        let (current, slope) = (instance.rows[usize::from(scattered.current)], instance.rows[usize::from(scattered.slope)]);
        let cell = &mut cells[instance.lane];
        match cell.around.get_mut(node) {
            Some(around) if electrode => {
                around.injected -= current;
                around.slope += slope;
            }
            _ => {
                cell.nodes[node][RHS] -= current;
                cell.nodes[node][D] += slope;
            }
        }
    }
}

/// Point 6: axial currents.
fn axial(body: &Body, nodes: &mut [Node]) {
    for (i, p) in outward(body) {
        let dv = nodes[p][V] - nodes[i][V];
        nodes[i][RHS] = (-body.b[i]).mul_add(dv, nodes[i][RHS]);
        nodes[p][RHS] = body.a[i].mul_add(dv, nodes[p][RHS]);
    }
}

/// Point 7: elimination from the leaves to the root, and back. Leaves the change of the potentials in rhs.
fn solve(body: &Body, nodes: &mut [Node]) {
    let mut inv = vec![0.0; nodes.len()];
    for &i in &body.order {
        let i = i as usize;
        inv[i] = 1.0 / nodes[i][D];
        if let Some(p) = parent(body, i) {
            let r = body.a[i] * inv[i];
            nodes[p][D] = (-r).mul_add(body.b[i], nodes[p][D]);
            nodes[p][RHS] = (-r).mul_add(nodes[i][RHS], nodes[p][RHS]);
        } else {
            nodes[i][RHS] *= inv[i];
        }
    }
    for (i, p) in outward(body) {
        nodes[i][RHS] = (-body.b[i]).mul_add(nodes[p][RHS], nodes[i][RHS]) * inv[i];
    }
}

/// Point 7: new potentials.
fn update(plan: &Plan, nodes: &mut [Node]) {
    for node in nodes {
        node[V] += if plan.second_order { 2.0 * node[RHS] } else { node[RHS] };
    }
}

/// Point 7: a fault where a potential is out of bounds.
fn check(body: &Body, nodes: &[Node], cell: &str, time: f64) -> Result<(), Box<Fault>> {
    let sane = |node: &Node| node[V].abs() < 1e6;
    let Some(i) = nodes.iter().position(|node| !sane(node)) else { return Ok(()) };
    Err(Box::new(Fault {
        time,
        cell: cell.into(),
        place: body.names[i].clone(),
        variable: "v".into(),
        value: nodes[i][V],
        endless: false,
        mechanism: String::new(),
        values: Vec::new(),
    }))
}
