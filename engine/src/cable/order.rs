//! The order in which nodes are eliminated, and which values the next one finds in registers. No arithmetic.

/// A node and its parent.
#[derive(Clone, Copy, Debug)]
pub(super) struct Link {
    pub node: u32,
    pub parent: u32,
    pub a: f64,
    pub b: f64,
    /// What of this link is at hand from the one before.
    pub before: Held,
    /// What of this link the one after it goes on with.
    pub after: Held,
}

/// The end of a link that two neighbours in the order have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Held {
    Neither,
    Node,
    Parent,
}

impl Link {
    pub fn new(node: u32, parent: u32, a: f64, b: f64) -> Link {
        Link { node, parent, a, b, before: Held::Neither, after: Held::Neither }
    }
}

/// Whether the order names every node once, children before parents, and parents exist.
pub(super) fn is_inward(parent: &[u32], order: &[u32]) -> bool {
    let mut done = vec![false; parent.len()];
    for &node in order {
        let Some(&up) = parent.get(node as usize) else { return false };
        let parent_done = match up {
            u32::MAX => false,
            up => done.get(up as usize).copied().unwrap_or(true),
        };
        if done[node as usize] || parent_done {
            return false;
        }
        done[node as usize] = true;
    }
    order.len() == parent.len()
}

/// Towards the root a link leaves its parent's sums behind: the next one may be the parent itself or another child of it.
pub(super) fn hold_inward(links: &mut [Link]) {
    for k in 1..links.len() {
        let (last, next) = (links[k - 1], links[k]);
        links[k].before = if next.node == last.parent {
            Held::Node
        } else if next.parent == last.parent {
            Held::Parent
        } else {
            Held::Neither
        };
        links[k - 1].after = if links[k].before == Held::Neither { Held::Neither } else { Held::Parent };
    }
}

/// From the root outward the next link may be a child of this node or of this node's parent.
pub(super) fn hold_outward(links: &mut [Link]) {
    for k in 1..links.len() {
        let (last, next) = (links[k - 1], links[k]);
        links[k - 1].after = if next.parent == last.node {
            Held::Node
        } else if next.parent == last.parent {
            Held::Parent
        } else {
            Held::Neither
        };
        links[k].before = if links[k - 1].after == Held::Neither { Held::Neither } else { Held::Parent };
    }
}
