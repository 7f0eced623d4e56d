//! The cable equation of a tree of nodes, for all lanes at once. Currents and time are others' matter.
//!
//! Rows have a value for each node and lane, that of node n in lane l at n * lanes + l. All lanes share the tree, and mostly its coefficients.

mod order;
mod outside;
mod row;
mod solve;
mod threshold;

pub use outside::Outside;
pub use threshold::crossings;

use crate::simd::Isa;
use order::Link;

/// A tree made ready for solving.
#[derive(Clone, Debug, Default)]
pub struct Cable {
    nodes: usize,
    roots: Vec<u32>,
    /// Nodes other than roots, children before parents, and the same the other way round.
    inward: Vec<Link>,
    outward: Vec<Link>,
    /// Coefficients of each node and lane, where they differ between lanes.
    own: Option<Own>,
}

/// Coefficients as rows.
#[derive(Clone, Debug)]
struct Own {
    lanes: usize,
    a: Vec<f64>,
    b: Vec<f64>,
}

/// The rows of a block of cells.
#[derive(Debug)]
pub struct CableRows<'a> {
    /// Potential (mV).
    pub v: &'a mut [f64],
    /// Right-hand side: minus the currents; becomes the change of the potential.
    pub rhs: &'a mut [f64],
    /// The diagonal; becomes its inverse.
    pub d: &'a mut [f64],
}

impl Cable {
    /// The tree in which node `n` hangs on `parent[n]` (`u32::MAX` for a root), with the coefficient `a[n]` in the parent's row and `b[n]` in its own,
    /// both negative; a and b are rows where they differ between lanes. `order` names every node once, children before parents. Nothing if it does not, or
    /// lengths do not fit.
    pub fn new(parent: &[u32], order: &[u32], a: &[f64], b: &[f64]) -> Option<Cable> {
        let nodes = parent.len();
        let lanes = a.len() / nodes.max(1);
        if a.len() != nodes * lanes || a.len() < nodes || b.len() != a.len() || !order::is_inward(parent, order) {
            return None;
        }
        let own = (lanes > 1).then(|| Own { lanes, a: a.to_vec(), b: b.to_vec() });
        let link = |&node: &u32| {
            let n = node as usize;
            Link::new(node, parent[n], a[n * lanes], b[n * lanes])
        };
        let inner = |node: &&u32| parent[**node as usize] != u32::MAX;
        let inward: Vec<Link> = order.iter().filter(inner).map(link).collect();
        let mut inward = order::take_turns(&inward, nodes);
        let mut outward: Vec<Link> = inward.iter().rev().copied().collect();
        order::hold_inward(&mut inward);
        order::hold_outward(&mut outward);
        let roots = order.iter().rev().copied().filter(|&node| parent[node as usize] == u32::MAX).collect();
        Some(Cable { nodes, roots, inward, outward, own })
    }

    /// How many nodes it has.
    pub fn nodes(&self) -> usize {
        self.nodes
    }

    /// The beginning of a step: no currents yet, and of the diagonal what no current changes, given for each node, or as a row where the coefficients are.
    ///
    /// # Panics
    /// Where a row is shorter than nodes * lanes.
    pub fn begin(&self, isa: Isa, lanes: usize, diagonal: &[f64], rows: &mut CableRows<'_>) {
        assert!(diagonal.len() >= self.nodes, "the diagonal is too short");
        self.check(lanes, rows);
        if self.own.is_some() {
            let count = self.nodes * lanes;
            rows.rhs[..count].fill(0.0);
            rows.d[..count].copy_from_slice(&diagonal[..count]);
            return;
        }
        solve::begin(isa, lanes, &diagonal[..self.nodes], rows);
    }

    /// Adds the axial currents, solves, and adds `factor` times the solution to the potentials (1, or 2 where the step solved was half of the step).
    /// For each lane that then has a potential which is no number, or beyond 1e6 mV, sets its bit in `faults` (lane l is bit l % 64 of word l / 64).
    /// Whether there is such a lane.
    ///
    /// # Panics
    /// Where a row is shorter than nodes * lanes, or `faults` than the lanes.
    pub fn step(&self, isa: Isa, lanes: usize, factor: f64, rows: &mut CableRows<'_>, faults: &mut [u64]) -> bool {
        assert!(faults.len() * 64 >= lanes, "more lanes than bits for faults");
        self.check(lanes, rows);
        solve::step(self, isa, lanes, factor, rows, faults)
    }

    fn check(&self, lanes: usize, rows: &CableRows<'_>) {
        let count = self.nodes.checked_mul(lanes).expect("a row fits into memory");
        assert!(rows.v.len() >= count && rows.rhs.len() >= count && rows.d.len() >= count, "a row is too short");
        assert!(self.own.as_ref().is_none_or(|own| own.lanes == lanes), "coefficients are given for another number of lanes");
    }
}
