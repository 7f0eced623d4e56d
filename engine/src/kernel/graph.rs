//! A graph of values, each computed once however often it is used. Nodes are numbered so that operands come before their users.

use super::Input;
use super::method::adaptive::Keep;
use crate::vm::program::Op;
use bouton_model::ir::VarId;
use std::collections::HashMap;

/// A value of the graph.
pub type NodeId = u32;

/// How a value comes about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Node {
    /// The number of these bits.
    Constant(u64),
    /// From outside.
    Leaf(Leaf),
    /// An operation; operands that it does not use repeat the first.
    Op(Op, [NodeId; 3]),
    /// Output `k` of a table at an argument.
    Table {
        /// Number of the table.
        table: u16,
        /// Which of its outputs.
        k: u8,
        /// At this value.
        argument: NodeId,
    },
    /// What a curve holds.
    Curve {
        /// Number of the table.
        table: u16,
        /// At these values; of one argument both are it.
        arguments: [NodeId; 2],
    },
    /// The n-th draw of a handler, taken where the mask is set.
    Draw {
        /// Its number: draws are taken in this order.
        n: u32,
        /// Whether it is taken.
        when: NodeId,
    },
    /// The n-th draw of a handler, a Poisson number.
    Poisson {
        /// Its number among the draws.
        n: u32,
        /// Whether it is taken.
        when: NodeId,
        /// Its mean.
        mean: NodeId,
        /// e^-mean, which may be the same for all.
        none: NodeId,
    },
}

/// What comes from outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Leaf {
    /// Given once for each instance.
    Input(Input),
    /// As it is at the beginning of the program.
    State(VarId),
    /// A value that mechanisms of a place share, as it is at the beginning of the program.
    Shared(VarId),
    /// Potential of the node (mV).
    V,
    /// Time (ms).
    T,
    /// Argument of the event.
    Argument(u8),
    /// Step (ms).
    Dt,
    /// Temperature (K).
    Celsius,
    /// A state as it was at the beginning of the step, in an iteration.
    Old(VarId),
    /// Mask of the instances that go on, in an iteration.
    Active,
    /// The sum of a state's slopes over the stages before this one.
    Slopes(VarId),
    /// What a method with steps of its own keeps.
    Kept(Keep),
    /// A state after it has diffused.
    Diffused(VarId),
}

impl Leaf {
    /// Whether it stays the same through a run.
    pub fn is_constant(self) -> bool {
        match self {
            Leaf::Input(input) => !matches!(input, Input::Driven(_)),
            Leaf::Dt | Leaf::Celsius => true,
            Leaf::State(_)
            | Leaf::Shared(_)
            | Leaf::V
            | Leaf::T
            | Leaf::Argument(_)
            | Leaf::Old(_)
            | Leaf::Active
            | Leaf::Slopes(_)
            | Leaf::Kept(_)
            | Leaf::Diffused(_) => false,
        }
    }
}

/// The bits of a set mask.
pub const TRUE: u64 = u64::MAX;

/// Values and how they come about.
#[derive(Clone, Debug, Default)]
pub struct Graph {
    nodes: Vec<Node>,
    numbers: HashMap<Node, NodeId>,
}

impl Graph {
    /// All nodes, operands before users.
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// How the value comes about.
    pub fn node(&self, id: NodeId) -> Node {
        self.nodes[id as usize]
    }

    /// The value of this node: an old one if there is one.
    pub fn add(&mut self, node: Node) -> NodeId {
        *self.numbers.entry(node).or_insert_with(|| {
            self.nodes.push(node);
            (self.nodes.len() - 1) as NodeId
        })
    }

    /// A number.
    pub fn constant(&mut self, x: f64) -> NodeId {
        self.add(Node::Constant(x.to_bits()))
    }

    /// A truth value.
    pub fn mask(&mut self, set: bool) -> NodeId {
        self.add(Node::Constant(if set { TRUE } else { 0 }))
    }

    /// Something from outside.
    pub fn leaf(&mut self, leaf: Leaf) -> NodeId {
        self.add(Node::Leaf(leaf))
    }

    /// An operation of one operand.
    pub fn unary(&mut self, op: Op, a: NodeId) -> NodeId {
        self.add(Node::Op(op, [a, a, a]))
    }

    /// An operation of two operands. Commutative ones have one form.
    pub fn binary(&mut self, op: Op, a: NodeId, b: NodeId) -> NodeId {
        let swap = matches!(op, Op::Add | Op::Mul | Op::Eq | Op::Ne | Op::And | Op::Or) && b < a;
        let (a, b) = if swap { (b, a) } else { (a, b) };
        self.add(Node::Op(op, [a, b, a]))
    }

    /// An operation of three operands.
    pub fn ternary(&mut self, op: Op, a: NodeId, b: NodeId, c: NodeId) -> NodeId {
        self.add(Node::Op(op, [a, b, c]))
    }

    /// Constant masks are decided at once, so that `if true` leaves nothing behind.
    pub fn select(&mut self, mask: NodeId, yes: NodeId, no: NodeId) -> NodeId {
        match self.node(mask) {
            _ if yes == no => yes,
            Node::Constant(TRUE) => yes,
            Node::Constant(_) => no,
            _ => self.ternary(Op::Select, mask, yes, no),
        }
    }

    /// Both masks.
    pub fn both(&mut self, a: NodeId, b: NodeId) -> NodeId {
        match (self.node(a), self.node(b)) {
            (Node::Constant(TRUE), _) => b,
            (_, Node::Constant(TRUE)) => a,
            (Node::Constant(_), _) => a,
            (_, Node::Constant(_)) => b,
            _ => self.binary(Op::And, a, b),
        }
    }

    /// The opposite mask.
    pub fn not(&mut self, a: NodeId) -> NodeId {
        match self.node(a) {
            Node::Constant(bits) => self.add(Node::Constant(!bits)),
            _ => self.unary(Op::Not, a),
        }
    }
}

/// The operands that an operation uses.
pub fn operands(node: &Node) -> impl Iterator<Item = NodeId> {
    let (list, n) = match node {
        Node::Constant(_) | Node::Leaf(_) => ([0; 3], 0),
        Node::Op(op, list) => (*list, arity(*op)),
        Node::Table { argument, .. } => ([*argument; 3], 1),
        Node::Curve { arguments: [x, y], .. } => ([*x, *y, *y], 2),
        Node::Draw { when, .. } => ([*when; 3], 1),
        Node::Poisson { when, mean, none, .. } => ([*when, *mean, *none], 3),
    };
    list.into_iter().take(n)
}

/// How many operands an operation has.
pub fn arity(op: Op) -> usize {
    match op {
        Op::Fma | Op::Fnma | Op::Fms | Op::Select | Op::Poisson => 3,
        Op::Add | Op::Sub | Op::Mul | Op::Div | Op::MulFlush | Op::Min | Op::Max | Op::Pow | Op::Curve => 2,
        Op::Lt | Op::Le | Op::Eq | Op::Ne | Op::And | Op::Or => 2,
        Op::Copy | Op::Store | Op::Neg | Op::Abs | Op::Sqrt | Op::Floor | Op::Ceil | Op::Round => 1,
        Op::Exp | Op::Log | Op::Log10 | Op::Sin | Op::Cos | Op::Tan | Op::Atan | Op::Sinh | Op::Cosh | Op::Tanh => 1,
        Op::Not | Op::Table | Op::Draw => 1,
    }
}
