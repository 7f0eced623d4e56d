//! Handlers that only add multiples of the weight to states: they are applied without a program.

use super::Writer;
use crate::kernel::graph::{Leaf, Node, NodeId};
use crate::kernel::jobs::{Goal, Job, Kind};
use crate::kernel::{Addition, Input, Place, Term};
use crate::vm::program::Op;
use bouton_model::ir::VarId;

impl Writer<'_> {
    /// Whether all that the handler does is to add multiples of the weight to states.
    pub(super) fn additive(&self, job: &Job) -> Option<Vec<Addition>> {
        if !job.effects.is_empty() || job.kind == Kind::Start || self.mechanism.keeps() {
            return None;
        }
        let roots = self.bound.roots.get(job.first..job.first + job.goals.len())?;
        let addition = |(goal, root): (&Goal, &NodeId)| match goal {
            Goal::State(id) => self.addition(&job.goals, *id, *root),
            _ => None,
        };
        job.goals.iter().zip(roots).map(addition).collect()
    }

    fn addition(&self, goals: &[Goal], state: VarId, root: NodeId) -> Option<Addition> {
        let graph = &self.bound.graph;
        let common = self.mechanism.common.iter().any(|c| c.variable == state);
        if common || self.rows.shared.contains_key(&Input::Variable(state)) {
            return None;
        }
        let row = *self.rows.states.get(&state)?;
        let is_state = |id: NodeId| graph.node(id) == Node::Leaf(Leaf::State(state));
        let term = match graph.node(root) {
            Node::Op(Op::Add, [a, b, _]) if is_state(a) => self.term(goals, b)?,
            Node::Op(Op::Add, [a, b, _]) if is_state(b) => self.term(goals, a)?,
            Node::Op(Op::Fma, [a, b, c]) if is_state(c) => Term::Fused(self.multiple(goals, a, b)?),
            _ => return None,
        };
        Some(Addition { row, term })
    }

    /// The weight, or a product with it.
    fn term(&self, goals: &[Goal], id: NodeId) -> Option<Term> {
        match self.bound.graph.node(id) {
            Node::Leaf(Leaf::Argument(0)) => Some(Term::Weight),
            Node::Op(Op::Mul, [a, b, _]) => Some(Term::Product(self.multiple(goals, a, b)?)),
            _ => None,
        }
    }

    /// Of two factors of which one is the weight the other, if the handler leaves it as it is.
    fn multiple(&self, goals: &[Goal], a: NodeId, b: NodeId) -> Option<Place> {
        let graph = &self.bound.graph;
        let is_weight = |id: NodeId| graph.node(id) == Node::Leaf(Leaf::Argument(0));
        let factor = match (is_weight(a), is_weight(b)) {
            (true, false) => b,
            (false, true) => a,
            _ => return None,
        };
        match graph.node(factor) {
            Node::Leaf(Leaf::State(id)) if goals.contains(&Goal::State(id)) => None,
            Node::Leaf(Leaf::State(id)) => self.rows.states.get(&id).map(|r| Place::Row(*r)),
            _ => self.lasting(factor),
        }
    }
}
