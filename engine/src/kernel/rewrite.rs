//! Passes over a graph. Those that change bits (reciprocals, contraction) act on the general graph, before anything is known of the
//! inputs, so that a value has the same bits whether an input is a constant or a row. Folding comes last and changes none.

use super::fold;
use super::graph::{Graph, Leaf, Node, NodeId, operands};
use super::{Mode, Setting};
use crate::vm::program::Op;

/// A graph and the values that are wanted of it.
#[derive(Clone, Debug, Default)]
pub struct Rooted {
    /// The values.
    pub graph: Graph,
    /// The wanted ones, in the order of their sinks.
    pub roots: Vec<NodeId>,
    /// Those of them that are only looked on at: how often a value is used is counted without them, so that no recording changes a bit.
    pub onlookers: Vec<bool>,
}

/// Whether each node stays the same through a run: computed from inputs, step and temperature alone.
pub fn invariants(graph: &Graph) -> Vec<bool> {
    let mut out: Vec<bool> = Vec::with_capacity(graph.nodes().len());
    for node in graph.nodes() {
        out.push(match node {
            Node::Constant(_) => true,
            Node::Leaf(leaf) => leaf.is_constant(),
            Node::Draw { .. } | Node::Poisson { .. } => false,
            _ => operands(node).all(|o| out[o as usize]),
        });
    }
    out
}

/// What is shared with other mechanisms may change at any time: it is no input.
pub fn share(from: &Rooted, mode: &dyn Fn(super::Input) -> Mode) -> Rooted {
    rebuild(from, |_, new, node, o| match node {
        Node::Leaf(Leaf::Input(input @ super::Input::Variable(id))) if matches!(mode(input), Mode::Shared(_)) => {
            new.leaf(Leaf::Shared(id))
        }
        _ => keep(new, node, o),
    })
}

/// Division of a varying value by an invariant one becomes a product with its reciprocal, which is computed once; x / (1 / y) becomes x * y.
pub fn reciprocals(from: &Rooted) -> Rooted {
    let invariant = invariants(&from.graph);
    rebuild(from, |old, new, node, o| match node {
        Node::Op(Op::Div, [a, b, _]) if !invariant[a as usize] && invariant[b as usize] => {
            let one = new.constant(1.0);
            let inverse = new.binary(Op::Div, one, o[1]);
            new.binary(Op::Mul, o[0], inverse)
        }
        Node::Op(Op::Div, [_, b, _]) => match old.node(b) {
            Node::Op(Op::Div, [one, _, _]) if old.node(one) == Node::Constant(1f64.to_bits()) => {
                // The new form of b is still 1 / y or, with y invariant, a value of its own.
                match new.node(o[1]) {
                    Node::Op(Op::Div, [_, y, _]) => new.binary(Op::Mul, o[0], y),
                    _ => new.binary(Op::Div, o[0], o[1]),
                }
            }
            _ => new.binary(Op::Div, o[0], o[1]),
        },
        _ => keep(new, node, o),
    })
}

/// A varying product that is used only in one sum becomes part of it: one rounding less.
pub fn contract(from: &Rooted) -> Rooted {
    let invariant = invariants(&from.graph);
    let uses = uses(from);
    let single = |id: NodeId| match from.graph.node(id) {
        Node::Op(Op::Mul, [a, b, _]) if uses[id as usize] == 1 && !invariant[id as usize] => Some((a, b)),
        _ => None,
    };
    // Products are known by their old numbers; their factors by the new ones.
    let mut renamed: Vec<NodeId> = Vec::with_capacity(from.graph.nodes().len());
    let mut new = Graph::default();
    for node in from.graph.nodes() {
        let id = match *node {
            Node::Op(Op::Add, [a, b, _]) => match (single(a), single(b)) {
                (_, Some((x, y))) => new.ternary(Op::Fma, renamed[x as usize], renamed[y as usize], renamed[a as usize]),
                (Some((x, y)), None) => new.ternary(Op::Fma, renamed[x as usize], renamed[y as usize], renamed[b as usize]),
                _ => new.binary(Op::Add, renamed[a as usize], renamed[b as usize]),
            },
            Node::Op(Op::Sub, [a, b, _]) => match (single(a), single(b)) {
                (_, Some((x, y))) => new.ternary(Op::Fnma, renamed[x as usize], renamed[y as usize], renamed[a as usize]),
                (Some((x, y)), None) => new.ternary(Op::Fms, renamed[x as usize], renamed[y as usize], renamed[b as usize]),
                _ => new.binary(Op::Sub, renamed[a as usize], renamed[b as usize]),
            },
            other => {
                let o = renumber(&other, &renamed);
                keep(&mut new, other, o)
            }
        };
        renamed.push(id);
    }
    from.renamed(new, &renamed)
}

impl Rooted {
    /// Of a graph of which all wanted values count.
    pub fn of(graph: Graph, roots: Vec<NodeId>) -> Rooted {
        Rooted { onlookers: vec![false; roots.len()], graph, roots }
    }

    fn renamed(&self, graph: Graph, names: &[NodeId]) -> Rooted {
        let roots = self.roots.iter().map(|r| names[*r as usize]).collect();
        Rooted { graph, roots, onlookers: self.onlookers.clone() }
    }
}

/// Fixed inputs, the step and the temperature become constants, and what follows from constants alone is computed.
pub fn bind(from: &Rooted, setting: &Setting, mode: &dyn Fn(super::Input) -> Mode) -> Rooted {
    rebuild(from, |_, new, node, o| match node {
        Node::Leaf(Leaf::Dt) => new.constant(setting.dt),
        Node::Leaf(Leaf::Celsius) => new.constant(setting.celsius),
        Node::Leaf(Leaf::Input(input)) => match mode(input) {
            Mode::Fixed(x) => new.constant(x),
            Mode::PerInstance | Mode::Shared(_) => new.add(node),
        },
        Node::Op(Op::Select, _) => new.select(o[0], o[1], o[2]),
        Node::Op(Op::And, _) => new.both(o[0], o[1]),
        Node::Op(op, _) => fold_op(new, op, o).or_else(|| exact(new, op, o)).unwrap_or_else(|| keep(new, node, o)),
        _ => keep(new, node, o),
    })
}

/// Identities that change no bit: a factor of 1, and signs that another operation can carry.
fn exact(g: &mut Graph, op: Op, [a, b, c]: [NodeId; 3]) -> Option<NodeId> {
    let number = |g: &Graph, id| match g.node(id) {
        Node::Constant(bits) => Some(f64::from_bits(bits)),
        _ => None,
    };
    let negated = |g: &Graph, id| match g.node(id) {
        Node::Op(Op::Neg, [x, ..]) => Some(x),
        _ => None,
    };
    if matches!(op, Op::Mul | Op::Fma | Op::Fnma | Op::Fms)
        && let Some((k, x)) = scaled(g, a, b).or_else(|| scaled(g, b, a))
    {
        let k = g.constant(k);
        return Some(if op == Op::Mul { g.binary(op, k, x) } else { g.ternary(op, k, x, c) });
    }
    match op {
        Op::Mul => match (number(g, a), number(g, b), negated(g, a), negated(g, b)) {
            (Some(1.0), ..) => Some(b),
            (_, Some(1.0), ..) => Some(a),
            (Some(x), _, _, Some(y)) | (_, Some(x), Some(y), _) => {
                let x = g.constant(-x);
                Some(g.binary(Op::Mul, x, y))
            }
            _ => None,
        },
        Op::Div if number(g, b) == Some(1.0) => Some(a),
        Op::Neg => match g.node(a) {
            Node::Op(Op::Neg, [x, ..]) => Some(x),
            Node::Op(Op::Mul, [x, y, _]) => {
                let (x, y) = if number(g, x).is_some() { (x, y) } else { (y, x) };
                let x = number(g, x).map(|x| g.constant(-x))?;
                Some(g.binary(Op::Mul, x, y))
            }
            Node::Op(Op::Div, [x, y, _]) => {
                let x = number(g, x).map(|x| g.constant(-x))?;
                Some(g.binary(Op::Div, x, y))
            }
            _ => None,
        },
        Op::Add => match (negated(g, a), negated(g, b)) {
            (_, Some(y)) => Some(g.binary(Op::Sub, a, y)),
            (Some(x), None) => Some(g.binary(Op::Sub, b, x)),
            _ => None,
        },
        // x - 0 is x, also for -0; the zero must be +0.
        Op::Sub if g.node(b) == Node::Constant(0) => Some(a),
        Op::Sub => negated(g, b).map(|y| g.binary(Op::Add, a, y)),
        Op::Fma => {
            negated(g, a).map(|x| g.ternary(Op::Fnma, x, b, c)).or_else(|| negated(g, b).map(|y| g.ternary(Op::Fnma, a, y, c)))
        }
        _ => None,
    }
}

/// Of a number and a product with a power of two: the number times that, and what else is in the product. It rounds nothing.
fn scaled(g: &Graph, number: NodeId, product: NodeId) -> Option<(f64, NodeId)> {
    let constant = |id| match g.node(id) {
        Node::Constant(bits) => Some(f64::from_bits(bits)),
        _ => None,
    };
    let Node::Op(Op::Mul, [p, x, _]) = g.node(product) else { return None };
    let (k, (p, x)) = (constant(number)?, constant(p).map(|p| (p, x)).or_else(|| Some((constant(x)?, p)))?);
    let power = [0.125, 0.25, 0.5, 2.0, 4.0, 8.0].contains(&p.abs());
    (power && (k * p).is_normal()).then_some((k * p, x))
}

fn fold_op(graph: &mut Graph, op: Op, o: [NodeId; 3]) -> Option<NodeId> {
    let value = |id| match graph.node(id) {
        Node::Constant(bits) => Some(f64::from_bits(bits)),
        _ => None,
    };
    let n = super::graph::arity(op);
    let mut numbers = [0.0; 3];
    for (slot, id) in numbers.iter_mut().zip(o).take(n) {
        *slot = value(id)?;
    }
    let result = fold::evaluate(op, numbers)?;
    Some(graph.add(Node::Constant(result.to_bits())))
}

/// The value of a node where the potential is `v` and everything else is constant.
pub fn value_at(graph: &Graph, id: NodeId, v: f64) -> Option<f64> {
    let mut values: Vec<Option<f64>> = Vec::with_capacity(id as usize + 1);
    for node in graph.nodes().iter().take(id as usize + 1) {
        values.push(match node {
            Node::Constant(bits) => Some(f64::from_bits(*bits)),
            Node::Leaf(Leaf::V) => Some(v),
            Node::Op(op, o) => {
                let x = |k: usize| values[o[k] as usize];
                x(0).and_then(|a| fold::evaluate(*op, [a, x(1)?, x(2)?]))
            }
            _ => None,
        });
    }
    values.pop().flatten()
}

/// How often each node is used, by reachable nodes and as a root, onlookers apart.
fn uses(rooted: &Rooted) -> Vec<u32> {
    let nodes = rooted.graph.nodes();
    let mut uses = vec![0u32; nodes.len()];
    for (r, onlooker) in rooted.roots.iter().zip(&rooted.onlookers) {
        uses[*r as usize] += u32::from(!onlooker);
    }
    for (i, node) in nodes.iter().enumerate().rev() {
        if uses[i] > 0 {
            operands(node).for_each(|o| uses[o as usize] += 1);
        }
    }
    uses
}

fn rebuild(from: &Rooted, mut f: impl FnMut(&Graph, &mut Graph, Node, [NodeId; 3]) -> NodeId) -> Rooted {
    let mut new = Graph::default();
    let mut renamed: Vec<NodeId> = Vec::with_capacity(from.graph.nodes().len());
    for node in from.graph.nodes() {
        let o = renumber(node, &renamed);
        renamed.push(f(&from.graph, &mut new, *node, o));
    }
    from.renamed(new, &renamed)
}

fn renumber(node: &Node, renamed: &[NodeId]) -> [NodeId; 3] {
    let mut o = [0; 3];
    for (slot, id) in o.iter_mut().zip(operands(node)) {
        *slot = renamed[id as usize];
    }
    o
}

fn keep(graph: &mut Graph, node: Node, o: [NodeId; 3]) -> NodeId {
    match node {
        Node::Op(op, _) => match super::graph::arity(op) {
            1 => graph.unary(op, o[0]),
            2 => graph.binary(op, o[0], o[1]),
            _ => graph.ternary(op, o[0], o[1], o[2]),
        },
        Node::Table { table, k, .. } => graph.add(Node::Table { table, k, argument: o[0] }),
        Node::Curve { table, .. } => graph.add(Node::Curve { table, arguments: [o[0], o[1]] }),
        Node::Draw { n, .. } => graph.add(Node::Draw { n, when: o[0] }),
        Node::Poisson { n, .. } => graph.add(Node::Poisson { n, when: o[0], mean: o[1], none: o[2] }),
        Node::Constant(_) | Node::Leaf(_) => graph.add(node),
    }
}

#[cfg(test)]
mod tests {
    use super::{exact, scaled};
    use crate::kernel::graph::{Graph, Leaf, Node};
    use crate::vm::program::Op;

    #[test]
    fn a_power_of_two_goes_into_a_constant() {
        let mut g = Graph::default();
        let (x, y) = (g.leaf(Leaf::V), g.leaf(Leaf::T));
        let (two, three, tenth) = (g.constant(2.0), g.constant(3.0), g.constant(0.1));
        let (twice, thrice) = (g.binary(Op::Mul, two, x), g.binary(Op::Mul, three, x));
        assert_eq!((scaled(&g, tenth, twice), scaled(&g, tenth, thrice), scaled(&g, y, twice)), (Some((0.2, x)), None, None));
        let sum = exact(&mut g, Op::Fnma, [twice, tenth, y]).expect("another form");
        let fifth = g.constant(0.2);
        assert_eq!(g.node(sum), Node::Op(Op::Fnma, [fifth, x, y]));
    }
}
