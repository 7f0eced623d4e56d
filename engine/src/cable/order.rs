//! The order in which nodes are eliminated, and which values the next one finds in registers. No arithmetic.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

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

/// Links between a link and the first one that may use its result, so that no division is waited for.
const APART: usize = 8;

/// The same links in an order in which independent branches take turns: the next one is among those whose children were eliminated some links ago
/// the one farthest from the root. Each parent hears its children in the same order as before, so sums have the same bits.
pub(super) fn take_turns(links: &[Link], nodes: usize) -> Vec<Link> {
    let none = usize::MAX;
    // The link of each node, how far it is from its root, and the last link that adds to the node.
    let (mut own, mut depth, mut last) = (vec![none; nodes], vec![0usize; nodes], vec![none; nodes]);
    for (k, link) in links.iter().enumerate() {
        own[link.node as usize] = k;
    }
    for link in links.iter().rev() {
        depth[link.node as usize] = depth[link.parent as usize] + 1;
    }
    // How many links each one has to wait for: the next of the same parent, and the parent's own, wait for a link.
    let (mut waits, mut sibling) = (vec![0u32; links.len()], vec![none; links.len()]);
    for (k, link) in links.iter().enumerate() {
        let before = std::mem::replace(&mut last[link.parent as usize], k);
        if before != none {
            sibling[before] = k;
            waits[k] += 1;
        }
        waits[k] += u32::from(last[link.node as usize] != none);
    }
    // Those that wait for nothing but time, by time; and those that can go, the farthest first, then as they were.
    let mut soon: BinaryHeap<Reverse<(usize, usize)>> = BinaryHeap::new();
    let mut ready: BinaryHeap<(usize, Reverse<usize>)> = BinaryHeap::new();
    soon.extend((0..links.len()).filter(|k| waits[*k] == 0).map(|k| Reverse((0, k))));
    let mut out = Vec::with_capacity(links.len());
    while out.len() < links.len() {
        let now = out.len();
        while let Some(&Reverse((time, k))) = soon.peek()
            && (time <= now || ready.is_empty())
        {
            soon.pop();
            ready.push((depth[links[k].node as usize], Reverse(k)));
        }
        let Some((_, Reverse(k))) = ready.pop() else { break };
        out.push(links[k]);
        let parent = links[k].parent as usize;
        let after = if last[parent] == k { (own[parent], APART) } else { (sibling[k], 1) };
        if after.0 != none {
            waits[after.0] -= 1;
            if waits[after.0] == 0 {
                soon.push(Reverse((now + after.1, after.0)));
            }
        }
    }
    out
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
