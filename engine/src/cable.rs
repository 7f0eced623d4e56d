//! The cable equation of a tree of nodes, for all lanes at once. Currents and time are others' matter.
//!
//! Rows have a value for each node and lane, that of node n in lane l at n * lanes + l. All lanes share the tree, and mostly its coefficients.

mod order;
mod outside;
mod row;
mod solve;
mod threshold;

pub use outside::Outside;
pub use threshold::{crossings, crossings_each};

use crate::simd::Isa;
use order::{Link, Passes, take_turns};
use std::ops::Range;

/// A tree made ready for solving.
#[derive(Clone, Debug, Default)]
pub struct Cable {
    nodes: usize,
    roots: Vec<u32>,
    /// For many lanes: branch after branch.
    many: Passes,
    /// For few lanes: independent branches take turns.
    few: Passes,
    /// Runs of nodes whose diagonal is not fixed.
    moving: Vec<Range<usize>>,
    fixed: Vec<bool>,
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
        let links: Vec<Link> = order.iter().filter(inner).map(link).collect();
        let roots = order.iter().rev().copied().filter(|&node| parent[node as usize] == u32::MAX).collect();
        let mut cable = Cable { nodes, roots, own, ..Cable::default() };
        cable.pass(links, &vec![false; nodes]);
        Some(cable)
    }

    /// The diagonal of these nodes stays as it is from step to step: they are eliminated once, by [`Cable::settle`]. A node is fixed only if its
    /// children are.
    ///
    /// # Panics
    /// Where a child is not.
    pub fn fix(&mut self, fixed: &[bool]) {
        assert!(fixed.len() == self.nodes, "as many as there are nodes");
        let is = |node: u32| fixed[node as usize];
        let mut links = std::mem::take(&mut self.many).inward.into_links();
        assert!(links.iter().all(|link| is(link.node) || !is(link.parent)), "the children of fixed nodes are fixed");
        for link in &mut links {
            (link.fixed, link.parent_fixed) = (is(link.node), is(link.parent));
        }
        self.pass(links, fixed);
    }

    /// Passes through links, children before parents, that know which nodes are fixed.
    fn pass(&mut self, links: Vec<Link>, fixed: &[bool]) {
        self.few = Passes::new(take_turns(&links, self.nodes));
        self.many = Passes::new(links);
        let edges = |node: &usize| *node == 0 || fixed[*node] != fixed[*node - 1];
        let mut edges: Vec<usize> = (0..self.nodes).filter(edges).collect();
        edges.push(self.nodes);
        self.moving = edges.windows(2).filter(|w| !fixed[w[0]]).map(|w| w[0]..w[1]).collect();
        self.fixed = fixed.to_vec();
    }

    /// Once before the first step: `d` has the whole diagonal of the fixed nodes, but for their children, and has its inverse afterwards, where it stays.
    ///
    /// # Panics
    /// Where a row is shorter than nodes * lanes.
    pub fn settle(&self, lanes: usize, rows: &mut CableRows<'_>) {
        self.check(lanes, rows);
        let d = &mut *rows.d;
        for lane in 0..lanes {
            let at = |node: u32| node as usize * lanes + lane;
            for link in self.many.inward.links().iter().filter(|link| link.fixed) {
                let inverse = 1.0 / d[at(link.node)];
                d[at(link.node)] = inverse;
                if link.parent_fixed {
                    let own = self.own.as_ref().map(|own| (own.a[at(link.node)], own.b[at(link.node)]));
                    let (a, b) = own.unwrap_or((link.a, link.b));
                    d[at(link.parent)] = (-(a * inverse)).mul_add(b, d[at(link.parent)]);
                }
            }
            for &root in self.roots.iter().filter(|root| self.fixed[**root as usize]) {
                d[at(root)] = 1.0 / d[at(root)];
            }
        }
    }

    /// How many nodes it has.
    pub fn nodes(&self) -> usize {
        self.nodes
    }

    /// The beginning of a step: no currents yet, and of the diagonal what no current changes, given for each node, or as a row where the coefficients are.
    /// Fixed nodes keep theirs.
    ///
    /// # Panics
    /// Where a row is shorter than nodes * lanes.
    pub fn begin(&self, isa: Isa, lanes: usize, diagonal: &[f64], rows: &mut CableRows<'_>) {
        assert!(diagonal.len() >= self.nodes, "the diagonal is too short");
        self.check(lanes, rows);
        if self.own.is_some() {
            rows.rhs[..self.nodes * lanes].fill(0.0);
            for nodes in &self.moving {
                let values = nodes.start * lanes..nodes.end * lanes;
                rows.d[values.clone()].copy_from_slice(&diagonal[values]);
            }
            return;
        }
        solve::begin(isa, lanes, &diagonal[..self.nodes], &self.moving, rows);
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
