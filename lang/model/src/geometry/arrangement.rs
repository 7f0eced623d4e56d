//! A layout stored in another order: nodes with equal mechanism sets side by side, those without area last.

use super::{Layout, Location};

/// A tree of nodes in storage order, with the coefficients of the cable equation.
#[derive(Clone, Debug, PartialEq)]
pub struct Arranged {
    /// For each stored node its number in the layout.
    pub stored: Vec<u32>,
    /// For each node of the layout where it is stored.
    pub position: Vec<u32>,
    /// Parent of each stored node.
    pub parent: Vec<Option<u32>>,
    /// Elimination order: children before parents, the reverse of NEURON's order.
    pub order: Vec<u32>,
    /// Coefficient of the node in its parent's row: -g / area of the parent (S/cm2), -g (S) where that has none.
    pub a: Vec<f64>,
    /// Coefficient of the parent in the node's row: -g / area of the node, -g where it has none.
    pub b: Vec<f64>,
}

impl Layout {
    /// Stores nodes by rank, the layout's order among equals; nodes without area come last whatever their rank.
    pub fn arranged(&self, rank: &dyn Fn(u32) -> usize) -> Arranged {
        let count = self.len() as u32;
        let mut stored: Vec<u32> = (0..count).collect();
        stored.sort_by_key(|node| match self.has_area(*node) {
            true => rank(*node),
            false => usize::MAX,
        });
        let mut position = vec![0; self.len()];
        for (place, node) in (0..).zip(&stored) {
            position[*node as usize] = place;
        }
        let to_parent = |node: &u32| match self.parent[*node as usize] {
            Some(parent) => -self.conductance[*node as usize] / self.row_area(parent),
            None => 0.0,
        };
        Arranged {
            parent: stored.iter().map(|n| self.parent[*n as usize].map(|p| position[p as usize])).collect(),
            order: (0..count).rev().map(|n| position[n as usize]).collect(),
            a: stored.iter().map(to_parent).collect(),
            // + 0.0 turns the root's -0 into 0.
            b: stored.iter().map(|n| -self.conductance[*n as usize] / self.row_area(*n) + 0.0).collect(),
            stored,
            position,
        }
    }

    /// Whether a node is the middle of a segment.
    pub fn has_area(&self, node: u32) -> bool {
        self.area.get(node as usize).is_some_and(|a| *a > 0.0)
    }

    /// What divides absolute currents in a node's row: its area, or 1 where it has none.
    fn row_area(&self, node: u32) -> f64 {
        if self.has_area(node) { self.area[node as usize] } else { 1.0 }
    }
}

impl Arranged {
    /// Where a place of the layout is stored.
    pub fn node(&self, layout: &Layout, place: Location) -> Option<u32> {
        self.position.get(layout.node(place)? as usize).copied()
    }
}
