//! The order in which nodes are eliminated, and what is known of neighbours in it. No arithmetic.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// A node and its parent.
#[derive(Clone, Copy, Debug)]
pub(super) struct Link {
    pub node: u32,
    pub parent: u32,
    pub a: f64,
    pub b: f64,
    /// The node's diagonal stays as it is: its row of `d` has the inverse already.
    pub fixed: bool,
    /// So does the parent's.
    pub parent_fixed: bool,
}

impl Link {
    pub fn new(node: u32, parent: u32, a: f64, b: f64) -> Link {
        Link { node, parent, a, b, fixed: false, parent_fixed: false }
    }
}

/// Links in the order of a pass, cut into stretches.
#[derive(Clone, Debug, Default)]
pub(super) struct Pass {
    links: Vec<Link>,
    stretches: Vec<Stretch>,
}

/// Links one after another of which a pass may know something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Stretch {
    end: usize,
    kind: Kind,
}

/// What a pass knows of the links of a stretch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Kind {
    /// Each one goes on where the one before ended: what they share stays in registers.
    pub chain: bool,
    /// The nodes are fixed ones.
    pub fixed: bool,
}

/// Shorter chains are not worth a stretch of their own.
const SHORTEST: usize = 4;

impl Pass {
    /// `follows` says whether a link goes on where another ended.
    fn new(links: Vec<Link>, follows: fn(&Link, &Link) -> bool) -> Pass {
        let mut stretches: Vec<Stretch> = Vec::new();
        let mut start = 0;
        while start < links.len() {
            let fixed = links[start].fixed;
            let ends = |w: &[Link]| !follows(&w[0], &w[1]) || w[1].fixed != fixed;
            let length = links[start..].windows(2).position(ends).map_or(links.len() - start, |k| k + 1);
            let kind = Kind { chain: length >= SHORTEST, fixed };
            match stretches.last_mut() {
                Some(last) if last.kind == kind && !kind.chain => last.end = start + length,
                _ => stretches.push(Stretch { end: start + length, kind }),
            }
            start += length;
        }
        Pass { links, stretches }
    }

    /// All of them in order.
    pub fn links(&self) -> &[Link] {
        &self.links
    }

    /// All of them in order.
    pub fn into_links(self) -> Vec<Link> {
        self.links
    }

    /// The stretches in order.
    pub fn stretches(&self) -> impl Iterator<Item = (Kind, &[Link])> {
        let starts = std::iter::once(0).chain(self.stretches.iter().map(|s| s.end));
        starts.zip(&self.stretches).map(|(start, s)| (s.kind, self.links.get(start..s.end).unwrap_or_default()))
    }
}

/// The passes of a solution.
#[derive(Clone, Debug, Default)]
pub(super) struct Passes {
    /// Children before parents.
    pub inward: Pass,
    /// The same the other way round.
    pub outward: Pass,
}

impl Passes {
    /// Of links with children before parents.
    pub fn new(inward: Vec<Link>) -> Passes {
        let outward = inward.iter().rev().copied().collect();
        Passes {
            inward: Pass::new(inward, |last, next| next.node == last.parent),
            outward: Pass::new(outward, |last, next| next.parent == last.node),
        }
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
