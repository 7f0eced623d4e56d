//! The nodes of a tree of sections in NEURON's order, and which ends can be left out.

use super::{Cable, Layout, Location, NodeKind, SectionNodes, TreeError};

/// Sections in the order of their nodes: breadth-first, siblings by place on the parent, of equal places the later one first.
pub(super) fn breadth_first(cables: &[Cable]) -> Result<Vec<usize>, TreeError> {
    let mut roots = (0..cables.len()).filter(|s| cables[*s].parent.is_none());
    let root = match (roots.next(), roots.next()) {
        (_, Some(second)) => return Err(TreeError::TwoRoots(second)),
        (Some(root), None) => root,
        (None, None) if cables.is_empty() => return Err(TreeError::Empty),
        (None, None) => return Err(TreeError::Detached(0)),
    };
    let children = siblings(cables)?;
    let mut order = vec![root];
    let mut next = 0;
    while let Some(section) = order.get(next).copied() {
        next += 1;
        order.extend(children[section].iter().map(|(_, child)| child));
    }
    let mut reached = vec![false; cables.len()];
    order.iter().for_each(|s| reached[*s] = true);
    match reached.iter().position(|r| !r) {
        Some(detached) => Err(TreeError::Detached(detached)),
        None => Ok(order),
    }
}

/// The children of each section: NEURON puts a new one before the first whose place is not below its own.
fn siblings(cables: &[Cable]) -> Result<Vec<Vec<(f64, usize)>>, TreeError> {
    let mut children: Vec<Vec<(f64, usize)>> = vec![Vec::new(); cables.len()];
    for (section, cable) in cables.iter().enumerate() {
        let Some(attachment) = cable.parent else { continue };
        let list = children.get_mut(attachment.section).ok_or(TreeError::Detached(section))?;
        list.push((attachment.x, section));
    }
    for list in &mut children {
        list.sort_by(|(x, a), (y, b)| x.total_cmp(y).then(b.cmp(a)));
    }
    Ok(children)
}

/// All nodes, idle ends included.
pub(super) fn nodes(cables: &[Cable], order: &[usize]) -> Result<Layout, TreeError> {
    let count: u64 = 1 + cables.iter().map(|c| u64::from(c.segments) + 1).sum::<u64>();
    let count = usize::try_from(count).ok().filter(|c| *c < u32::MAX as usize).ok_or(TreeError::TooMany)?;
    let mut layout = Layout {
        kinds: Vec::with_capacity(count),
        parent: Vec::with_capacity(count),
        dropped: 0,
        ends: vec![SectionNodes::default(); cables.len()],
    };
    layout.push(NodeKind::Root, None);
    for &section in order {
        let cable = &cables[section];
        let origin = cable.parent.map_or(0, |a| layout.ends[a.section].node(a.x));
        layout.section(section, cable, origin);
    }
    Ok(layout)
}

impl Layout {
    fn push(&mut self, kind: NodeKind, parent: Option<u32>) -> u32 {
        self.kinds.push(kind);
        self.parent.push(parent);
        (self.kinds.len() - 1) as u32
    }

    /// The nodes of one section, from the root outward.
    fn section(&mut self, section: usize, cable: &Cable, origin: u32) {
        let by_end = cable.parent.is_some_and(|a| a.by_end);
        let first = self.kinds.len() as u32;
        let mut before = origin;
        for k in 0..cable.segments {
            let segment = if by_end { cable.segments - 1 - k } else { k };
            before = self.push(NodeKind::Segment { section, segment }, Some(before));
        }
        let far = self.push(NodeKind::End { section }, Some(before));
        self.ends[section] = SectionNodes { origin, first, segments: cable.segments, far, by_end };
    }
}

/// Leaves out ends on which nothing is: no child and no occupant. Of the root, only where nothing but its first segment hangs on it.
/// What reads such an end reads its neighbour, whose potential is the same because no current flows between them.
pub(super) fn without_idle_ends(full: Layout, occupied: &[Location]) -> Layout {
    let mut taken = vec![false; full.len()];
    for node in occupied.iter().filter_map(|place| full.node(*place)) {
        taken[node as usize] = true;
    }
    let mut children = vec![0u32; full.len()];
    for parent in full.parent.iter().flatten() {
        children[*parent as usize] += 1;
    }
    let idle = |node: usize| {
        !taken[node]
            && match full.kinds[node] {
                NodeKind::Root => children[node] == 1,
                NodeKind::End { .. } => children[node] == 0,
                NodeKind::Segment { .. } => false,
            }
    };
    let keep: Vec<bool> = (0..full.len()).map(|node| !idle(node)).collect();
    full.only(&keep)
}

impl Layout {
    /// The same tree with some ends left out.
    fn only(self, keep: &[bool]) -> Layout {
        let mut number = vec![0u32; keep.len()];
        let mut kept = 0;
        for (node, keep) in keep.iter().enumerate() {
            number[node] = kept;
            kept += u32::from(*keep);
        }
        // The new number of a node, or of what stands in for it: its parent, or for the root its only child, which becomes number 0.
        let renumbered = |node: u32| {
            let stand_in = if keep[node as usize] { Some(node) } else { self.parent[node as usize] };
            stand_in.map_or(0, |n| number[n as usize])
        };
        let parent_of = |node: usize| self.parent[node].filter(|p| keep[*p as usize]).map(renumbered);
        let ends = self.ends.iter().map(|e| SectionNodes {
            origin: renumbered(e.origin),
            first: renumbered(e.first),
            far: renumbered(e.far),
            ..*e
        });
        let nodes: Vec<usize> = (0..keep.len()).filter(|n| keep[*n]).collect();
        Layout {
            kinds: nodes.iter().map(|n| self.kinds[*n]).collect(),
            parent: nodes.iter().map(|n| parent_of(*n)).collect(),
            dropped: keep.len() - nodes.len(),
            ends: ends.collect(),
        }
    }
}
