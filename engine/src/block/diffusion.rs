//! Longitudinal diffusion: after the states of a step, what diffuses is exchanged between neighbouring instances, implicitly and along the tree.

use super::pool::Pool;
use super::rows::Rows;
use super::{Nodes, Worker};
use std::collections::HashMap;

/// Whom each instance exchanges with: the nearest instance of its mechanism toward the root.
pub struct Neighbours {
    /// Instances and their parents, children before parents.
    pairs: Vec<(usize, usize)>,
    /// All instances, children before parents, each with its place in `pairs` if it has a parent.
    order: Vec<(usize, Option<usize>)>,
    diagonal: Vec<f64>,
    rest: Vec<f64>,
    /// By pair: coefficient of the instance in its parent's row, and of the parent in the instance's.
    couplings: Vec<(f64, f64)>,
}

impl Neighbours {
    /// Of instances at these nodes and lanes.
    pub fn new(places: &[(usize, usize)], parent: &[u32], order: &[u32]) -> Neighbours {
        let instances: HashMap<(usize, usize), usize> = places.iter().enumerate().map(|(i, place)| (*place, i)).collect();
        let lanes = places.iter().map(|(_, lane)| lane + 1).max().unwrap_or(0);
        let above = |node: usize, lane: usize| {
            let mut at = parent.get(node).copied().unwrap_or(u32::MAX);
            while at != u32::MAX {
                if let Some(found) = instances.get(&(at as usize, lane)) {
                    return Some(*found);
                }
                at = parent.get(at as usize).copied().unwrap_or(u32::MAX);
            }
            None
        };
        let (mut pairs, mut all) = (Vec::new(), Vec::new());
        for (node, lane) in order.iter().flat_map(|node| (0..lanes).map(move |lane| (*node as usize, lane))) {
            let Some(instance) = instances.get(&(node, lane)) else { continue };
            let pair = above(node, lane).map(|parent| {
                pairs.push((*instance, parent));
                pairs.len() - 1
            });
            all.push((*instance, pair));
        }
        let (count, number) = (places.len(), pairs.len());
        Neighbours { pairs, order: all, diagonal: vec![0.0; count], rest: vec![0.0; count], couplings: vec![(0.0, 0.0); number] }
    }

    /// A step of backward Euler of what is in the first of five rows; the others are its diffusion constant, its volume, and what segments count by.
    pub fn exchange(&mut self, rows: &mut Rows, first: u16, dt: f64) {
        let Neighbours { pairs, order, diagonal, rest, couplings } = self;
        let inverse = 1.0 / dt;
        diagonal.fill(inverse);
        rest.iter_mut().zip(rows.row(first)).for_each(|(rest, x)| *rest = x * inverse);
        let [constant, volume, toward, back] = [1, 2, 3, 4].map(|k| rows.row(first + k));
        for ((i, parent), coupling) in pairs.iter().zip(couplings.iter_mut()) {
            let mean = 0.5 * (constant[*i] + constant[*parent]);
            *coupling = (-toward[*i] * mean / volume[*parent], -back[*i] * mean / volume[*i]);
            diagonal[*i] -= coupling.1;
            diagonal[*parent] -= coupling.0;
        }
        for ((i, parent), (lower, upper)) in pairs.iter().zip(couplings.iter()) {
            let factor = lower / diagonal[*i];
            diagonal[*parent] -= factor * upper;
            rest[*parent] -= factor * rest[*i];
        }
        for (i, pair) in order.iter().rev() {
            if let Some(pair) = pair {
                rest[*i] -= couplings[*pair].1 * rest[pairs[*pair].1];
            }
            rest[*i] /= diagonal[*i];
        }
        rows.row_mut(first).copy_from_slice(rest);
    }
}

impl Pool {
    /// Where something diffuses, learns the tree: parents of nodes, and an order with children before parents.
    pub fn join(&mut self, lanes: usize, parent: &[u32], order: &[u32]) {
        if self.programs.diffusion.is_some() {
            let nodes: Vec<(usize, usize)> =
                (0..self.count()).map(|i| (self.rows.position(i) / lanes, self.rows.position(i) % lanes)).collect();
            self.neighbours = Some(Neighbours::new(&nodes, parent, order));
        }
    }

    /// Diffuses for a step. Whether something does.
    pub fn diffuse(&mut self, w: &mut Worker, nodes: &mut Nodes, t: f64) -> bool {
        let Pool { programs, rows, neighbours, .. } = self;
        let (Some((before, after)), Some(neighbours)) = (&programs.diffusion, neighbours) else { return false };
        let tables = &programs.mechanism.tables;
        before.run(rows, w, nodes, tables, t);
        if let Some(diffusion) = &programs.mechanism.diffusion {
            diffusion.rows.iter().for_each(|first| neighbours.exchange(rows, *first, diffusion.dt));
        }
        after.run(rows, w, nodes, tables, t);
        self.publish(w, nodes, t);
        true
    }
}
