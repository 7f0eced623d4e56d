//! Exact derivatives of values of a graph by something that comes from outside: forward through all nodes, each once.

use super::graph::{Graph, Leaf, Node, NodeId};
use crate::vm::program::Op;

/// The derivatives of these values by a leaf; nothing where one does not depend on it.
///
/// # Errors
/// A table or a draw that depends on it: they have no derivative.
pub fn derivatives(graph: &mut Graph, roots: &[NodeId], by: Leaf) -> Result<Vec<Option<NodeId>>, String> {
    let nodes = graph.nodes().to_vec();
    let mut slopes: Vec<Option<NodeId>> = Vec::with_capacity(nodes.len());
    for (id, node) in (0..).zip(&nodes) {
        let slope = match *node {
            Node::Leaf(leaf) if leaf == by => Some(graph.constant(1.0)),
            Node::Op(op, operands) => Rule { graph, id, operands, slopes: operands.map(|o| slopes[o as usize]) }.of(op),
            Node::Table { argument, .. } if slopes[argument as usize].is_some() => {
                return Err("a value that is read off a table has no derivative: set `tables = off`".into());
            }
            Node::Curve { arguments, .. } if arguments.iter().any(|x| slopes[*x as usize].is_some()) => {
                return Err("a value of a table that is given has no derivative".into());
            }
            Node::Poisson { mean, .. } if slopes[mean as usize].is_some() => {
                return Err("a random number has no derivative".into());
            }
            Node::Constant(_)
            | Node::Leaf(_)
            | Node::Table { .. }
            | Node::Curve { .. }
            | Node::Draw { .. }
            | Node::Poisson { .. } => None,
        };
        slopes.push(slope);
    }
    Ok(roots.iter().map(|root| slopes[*root as usize]).collect())
}

/// A node whose derivative is sought, and those of its operands.
struct Rule<'g> {
    graph: &'g mut Graph,
    id: NodeId,
    operands: [NodeId; 3],
    slopes: [Option<NodeId>; 3],
}

impl Rule<'_> {
    fn of(mut self, op: Op) -> Option<NodeId> {
        let ([x, y, _], [a, b, c]) = (self.operands, self.slopes);
        match op {
            Op::Copy | Op::Store => a,
            Op::Add => self.add(a, b),
            Op::Sub => self.sub(a, b),
            Op::Mul | Op::MulFlush => self.product(x, y, a, b),
            // (a - (x/y) b) / y
            Op::Div => {
                let whole = self.id;
                let through = self.times(b, whole);
                let rest = self.sub(a, through)?;
                Some(self.graph.binary(Op::Div, rest, y))
            }
            Op::Fma => {
                let product = self.product(x, y, a, b);
                self.add(product, c)
            }
            Op::Fnma => {
                let product = self.product(x, y, a, b);
                self.sub(c, product)
            }
            Op::Fms => {
                let product = self.product(x, y, a, b);
                self.sub(product, c)
            }
            Op::Neg => a.map(|a| self.graph.unary(Op::Neg, a)),
            Op::Abs => {
                let below = self.below_zero(x);
                let minus = a.map(|a| self.graph.unary(Op::Neg, a));
                self.choose(below, minus, a)
            }
            Op::Min => {
                let other = self.graph.binary(Op::Lt, y, x);
                self.choose(other, b, a)
            }
            Op::Max => {
                let other = self.graph.binary(Op::Lt, x, y);
                self.choose(other, b, a)
            }
            Op::Select => self.choose(x, b, c),
            Op::Pow => self.power(x, y, a, b),
            // Steps are flat where they have a derivative.
            Op::Floor | Op::Ceil | Op::Round => None,
            Op::Lt | Op::Le | Op::Eq | Op::Ne | Op::And | Op::Or | Op::Not | Op::Table | Op::Curve | Op::Draw | Op::Poisson => {
                None
            }
            _ => {
                let a = a?;
                let outer = self.outer(op, x)?;
                Some(self.graph.binary(Op::Mul, outer, a))
            }
        }
    }

    /// The derivative of a function of one variable.
    fn outer(&mut self, op: Op, x: NodeId) -> Option<NodeId> {
        let (g, whole) = (&mut *self.graph, self.id);
        let one = g.constant(1.0);
        Some(match op {
            Op::Sqrt => {
                let half = g.constant(0.5);
                g.binary(Op::Div, half, whole)
            }
            Op::Exp => whole,
            Op::Log => g.binary(Op::Div, one, x),
            Op::Log10 => {
                let scale = g.constant(std::f64::consts::LOG10_E);
                g.binary(Op::Div, scale, x)
            }
            Op::Sin => g.unary(Op::Cos, x),
            Op::Cos => {
                let sine = g.unary(Op::Sin, x);
                g.unary(Op::Neg, sine)
            }
            Op::Tan => {
                let square = g.binary(Op::Mul, whole, whole);
                g.binary(Op::Add, one, square)
            }
            Op::Atan => {
                let square = g.binary(Op::Mul, x, x);
                let below = g.binary(Op::Add, one, square);
                g.binary(Op::Div, one, below)
            }
            Op::Sinh => g.unary(Op::Cosh, x),
            Op::Cosh => g.unary(Op::Sinh, x),
            Op::Tanh => {
                let square = g.binary(Op::Mul, whole, whole);
                g.binary(Op::Sub, one, square)
            }
            _ => return None,
        })
    }

    /// x^y: y x^(y - 1) x' + ln(x) x^y y'.
    fn power(&mut self, x: NodeId, y: NodeId, a: Option<NodeId>, b: Option<NodeId>) -> Option<NodeId> {
        let whole = self.id;
        let of_base = a.map(|a| {
            let one = self.graph.constant(1.0);
            let less = self.graph.binary(Op::Sub, y, one);
            let power = self.graph.binary(Op::Pow, x, less);
            let outer = self.graph.binary(Op::Mul, y, power);
            self.graph.binary(Op::Mul, outer, a)
        });
        let of_exponent = b.map(|b| {
            let log = self.graph.unary(Op::Log, x);
            let outer = self.graph.binary(Op::Mul, log, whole);
            self.graph.binary(Op::Mul, outer, b)
        });
        self.add(of_base, of_exponent)
    }

    fn product(&mut self, x: NodeId, y: NodeId, a: Option<NodeId>, b: Option<NodeId>) -> Option<NodeId> {
        let (left, right) = (self.times(a, y), self.times(b, x));
        self.add(left, right)
    }

    fn times(&mut self, slope: Option<NodeId>, factor: NodeId) -> Option<NodeId> {
        slope.map(|slope| self.graph.binary(Op::Mul, slope, factor))
    }

    fn add(&mut self, a: Option<NodeId>, b: Option<NodeId>) -> Option<NodeId> {
        match (a, b) {
            (Some(a), Some(b)) => Some(self.graph.binary(Op::Add, a, b)),
            (a, b) => a.or(b),
        }
    }

    fn sub(&mut self, a: Option<NodeId>, b: Option<NodeId>) -> Option<NodeId> {
        match (a, b) {
            (Some(a), Some(b)) => Some(self.graph.binary(Op::Sub, a, b)),
            (None, Some(b)) => Some(self.graph.unary(Op::Neg, b)),
            (a, None) => a,
        }
    }

    fn below_zero(&mut self, x: NodeId) -> NodeId {
        let zero = self.graph.constant(0.0);
        self.graph.binary(Op::Lt, x, zero)
    }

    fn choose(&mut self, mask: NodeId, yes: Option<NodeId>, no: Option<NodeId>) -> Option<NodeId> {
        yes.or(no)?;
        let zero = self.graph.constant(0.0);
        Some(self.graph.select(mask, yes.unwrap_or(zero), no.unwrap_or(zero)))
    }
}
