//! A layout stored in another order: nodes with equal mechanism sets side by side, those without area last. And the coefficients of its nodes.

use super::{Layout, Location, NodeKind, Segment, Solid};

/// A tree of nodes in storage order.
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
}

/// The cable equation of the nodes of one cell, in storage order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Coefficients {
    /// Coefficient of the node in its parent's row: -g / area of the parent (S/cm2), -g (S) where that has none.
    pub a: Vec<f64>,
    /// Coefficient of the parent in the node's row: -g / area of the node, -g where it has none.
    pub b: Vec<f64>,
    /// mA ms/mV/cm2; 0 at ends.
    pub capacitance: Vec<f64>,
    /// Membrane area (cm2); 0 at ends.
    pub area: Vec<f64>,
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
        Arranged {
            parent: stored.iter().map(|n| self.parent[*n as usize].map(|p| position[p as usize])).collect(),
            order: (0..count).rev().map(|n| position[n as usize]).collect(),
            stored,
            position,
        }
    }

    /// Whether a node is the middle of a segment.
    pub fn has_area(&self, node: u32) -> bool {
        matches!(self.kinds.get(node as usize), Some(NodeKind::Segment { .. }))
    }

    /// The section in whose segment a node is; nothing for nodes without area.
    pub fn section_of(&self, node: u32) -> Option<usize> {
        match self.kinds.get(node as usize)? {
            NodeKind::Segment { section, .. } => Some(*section),
            NodeKind::Root | NodeKind::End { .. } => None,
        }
    }

    /// The segment whose middle a node is.
    pub fn segment<'s>(&self, solids: &'s [Solid], node: u32) -> Option<&'s Segment> {
        match self.kinds.get(node as usize)? {
            NodeKind::Segment { section, segment } => solids.get(*section)?.segments.get(*segment as usize),
            NodeKind::Root | NodeKind::End { .. } => None,
        }
    }

    /// Conductance of a node to its parent (S); 0 for the first. The parent's side adds no resistance but to the next segment of the same section.
    fn conductance(&self, solids: &[Solid], node: u32) -> f64 {
        if self.parent[node as usize].is_none() {
            return 0.0;
        }
        let (section, last) = match self.kinds[node as usize] {
            NodeKind::Root => return 0.0,
            NodeKind::Segment { section, segment } => (section, Some(segment)),
            NodeKind::End { section } => (section, None),
        };
        let (by_end, segments) = (self.ends[section].by_end, &solids[section].segments);
        // From the root outward: what lies before a segment's middle, and behind it.
        let outward = |k: usize| if by_end { segments.len() - 1 - k } else { k };
        let before = |k: usize| if by_end { segments[outward(k)].right } else { segments[outward(k)].left };
        let behind = |k: usize| if by_end { segments[outward(k)].left } else { segments[outward(k)].right };
        match last.map(|segment| outward(segment as usize)) {
            Some(0) => 1.0 / before(0),
            Some(k) => 1.0 / (before(k) + behind(k - 1)),
            None => 1.0 / behind(segments.len() - 1),
        }
    }
}

impl Arranged {
    /// Where a place of the layout is stored.
    pub fn node(&self, layout: &Layout, place: Location) -> Option<u32> {
        self.position.get(layout.node(place)? as usize).copied()
    }

    /// The coefficients of a cell of this layout with sections of these sizes.
    ///
    /// # Panics
    /// Where a section has another number of segments than in the layout.
    pub fn coefficients(&self, layout: &Layout, solids: &[Solid]) -> Coefficients {
        let area = |node: u32| layout.segment(solids, node).map_or(0.0, |s| s.area);
        // What divides absolute currents in a node's row: its area, or 1 where it has none.
        let row = |node: u32| if layout.has_area(node) { area(node) } else { 1.0 };
        let conductance: Vec<f64> = self.stored.iter().map(|n| layout.conductance(solids, *n)).collect();
        let to_parent = |(node, g): (&u32, &f64)| layout.parent[*node as usize].map_or(0.0, |parent| -g / row(parent));
        let links = || self.stored.iter().zip(&conductance);
        Coefficients {
            a: links().map(to_parent).collect(),
            // + 0.0 turns the root's -0 into 0.
            b: links().map(|(n, g)| -g / row(*n) + 0.0).collect(),
            capacitance: self.stored.iter().map(|n| layout.segment(solids, *n).map_or(0.0, |s| s.capacitance)).collect(),
            area: self.stored.iter().map(|n| area(*n)).collect(),
        }
    }
}
