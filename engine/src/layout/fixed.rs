//! Which nodes have a diagonal that stays the same through a run, so that they are eliminated once. No result depends on it.

use crate::plan::{Body, Class, Placement};

/// A run of instances that is cut in two costs another call: each must spare so many divisions.
const WORTH: usize = 32;

/// For each node whether nothing but potentials changes in its row: passive membrane at the node and at all beyond it. Nothing where that is not worth
/// the calls that it costs in a block of so many lanes.
pub fn fixed_nodes(class: &Class, lanes: usize) -> Option<Vec<bool>> {
    // With extracellular space all potentials of a node are solved for at once, elsewhere.
    let body = class.body.as_ref().filter(|_| class.extracellular.is_none())?;
    let fixed = spread(body, still(class, body));
    let count = fixed.iter().filter(|x| **x).count();
    let cuts: usize = class.pools.iter().filter(|p| p.code.current.is_some()).map(|p| cuts(&p.placement, &fixed)).sum();
    (count > 0 && count * lanes >= WORTH * cuts).then_some(fixed)
}

/// Nodes at which all slopes stay the same.
fn still(class: &Class, body: &Body) -> Vec<bool> {
    let mut still = vec![true; body.parent.len()];
    let moves = class.pools.iter().filter(|p| p.code.current.is_some() && p.code.steady.is_none());
    for node in moves.flat_map(|p| nodes(&p.placement)) {
        if let Some(at) = still.get_mut(node as usize) {
            *at = false;
        }
    }
    still
}

fn nodes(placement: &Placement) -> Vec<u32> {
    match placement {
        Placement::Nodes(nodes) => nodes.clone(),
        Placement::Scattered(places) => places.iter().map(|(node, _)| *node).collect(),
        Placement::Free => Vec::new(),
    }
}

/// What changes changes all that is nearer to the root.
fn spread(body: &Body, mut fixed: Vec<bool>) -> Vec<bool> {
    for &node in &body.order {
        let parent = body.parent[node as usize];
        if parent != u32::MAX && !fixed[node as usize] {
            fixed[parent as usize] = false;
        }
    }
    fixed
}

/// How often the instances change from fixed nodes to others where they would otherwise be one run.
fn cuts(placement: &Placement, fixed: &[bool]) -> usize {
    let Placement::Nodes(nodes) = placement else { return 0 };
    nodes.windows(2).filter(|w| w[1] == w[0] + 1 && fixed[w[0] as usize] != fixed[w[1] as usize]).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A root with two children, of which the first has two more.
    fn body() -> Body {
        Body { parent: vec![u32::MAX, 0, 0, 1, 1], order: vec![4, 3, 2, 1, 0], ..Body::default() }
    }

    #[test]
    fn a_node_is_fixed_with_all_beyond_it() {
        let all = |moving: usize| spread(&body(), (0..5).map(|n| n != moving).collect());
        assert_eq!(all(3), [false, false, true, false, true]);
        assert_eq!(all(0), [false, true, true, true, true]);
        assert_eq!(all(9), [true; 5]);
    }

    #[test]
    fn cuts_are_counted_within_runs() {
        let fixed = [true, true, false, false, true];
        assert_eq!(cuts(&Placement::Nodes(vec![0, 1, 2, 3, 4]), &fixed), 2);
        assert_eq!(cuts(&Placement::Nodes(vec![0, 1, 3, 4]), &fixed), 1);
        assert_eq!(cuts(&Placement::Nodes(vec![0, 2, 4]), &fixed), 0);
    }
}
