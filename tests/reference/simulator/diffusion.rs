//! Longitudinal diffusion: of each lane the matrix of a step, eliminated from the leaves to the root.

use super::state::ClassState;
use bouton_engine::plan::{Body, Class, Placement};

/// Diffuses what diffuses, pools in order.
pub fn advance(class: &Class, state: &mut ClassState, t: f64) {
    for (pool, instances) in class.pools.iter().zip(&mut state.pools) {
        let (Some(diffusion), Some(body), Placement::Nodes(nodes)) = (&pool.code.diffusion, &class.body, &pool.placement) else {
            continue;
        };
        instances.run_all(&pool.code, &diffusion.program, t, &mut state.cells);
        for lane in 0..class.lanes() {
            let at = |node: u32| nodes.iter().position(|n| *n == node).map(|k| k * class.lanes() + lane);
            for first in &diffusion.rows {
                let row = |i: usize, k: u16| instances.instances[i].rows[usize::from(first + k)];
                let new = exchanged(body, &at, &row, diffusion.dt);
                for (i, x) in new {
                    instances.instances[i].rows[usize::from(*first)] = x;
                }
            }
        }
        instances.run_all(&pool.code, &diffusion.after, t, &mut state.cells);
        instances.publish(&pool.code, t, &mut state.cells);
    }
}

/// The nearest instance above a node.
fn above(body: &Body, at: &dyn Fn(u32) -> Option<usize>, node: u32) -> Option<usize> {
    let parent = body.parent[node as usize];
    if parent == u32::MAX { None } else { at(parent).or_else(|| above(body, at, parent)) }
}

/// Instances of a lane with their new values.
fn exchanged(body: &Body, at: &dyn Fn(u32) -> Option<usize>, row: &dyn Fn(usize, u16) -> f64, dt: f64) -> Vec<(usize, f64)> {
    /// A row of the matrix.
    struct Line {
        instance: usize,
        parent: Option<usize>,
        lower: f64,
        upper: f64,
        diagonal: f64,
        rest: f64,
    }
    let mut lines: Vec<Line> = Vec::new();
    for node in &body.order {
        let Some(instance) = at(*node) else { continue };
        let (diagonal, rest) = (1.0 / dt, row(instance, 0) * (1.0 / dt));
        let mut line = Line { instance, parent: above(body, at, *node), lower: 0.0, upper: 0.0, diagonal, rest };
        if let Some(parent) = line.parent {
            let mean = 0.5 * (row(instance, 1) + row(parent, 1));
            line.lower = -row(instance, 3) * mean / row(parent, 2);
            line.upper = -row(instance, 4) * mean / row(instance, 2);
        }
        lines.push(line);
    }
    let place = |lines: &[Line], parent: Option<usize>| parent.and_then(|p| lines.iter().position(|line| line.instance == p));
    for k in 0..lines.len() {
        let Some(p) = place(&lines, lines[k].parent) else { continue };
        lines[k].diagonal -= lines[k].upper;
        lines[p].diagonal -= lines[k].lower;
    }
    for k in 0..lines.len() {
        let Some(p) = place(&lines, lines[k].parent) else { continue };
        let factor = lines[k].lower / lines[k].diagonal;
        lines[p].diagonal -= factor * lines[k].upper;
        lines[p].rest -= factor * lines[k].rest;
    }
    for k in (0..lines.len()).rev() {
        if let Some(p) = place(&lines, lines[k].parent) {
            lines[k].rest -= lines[k].upper * lines[p].rest;
        }
        lines[k].rest /= lines[k].diagonal;
    }
    lines.iter().map(|line| (line.instance, line.rest)).collect()
}
