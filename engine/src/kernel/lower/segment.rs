//! Handlers that go over connections are cut: what is done before the loop, in each round of it, and behind it are programs of their own.

use super::{Caused, Lowering};
use crate::kernel::KernelError;
use crate::kernel::graph::{Graph, Leaf, Node, NodeId};
use bouton_model::ir::VarId;

/// How many arguments a program takes at most.
const MOST: usize = 250;

/// What one program of a handler computes.
#[derive(Debug, Default)]
pub struct Segment {
    /// Done for each connection.
    pub each: bool,
    /// Draws, in order.
    pub drawn: Vec<NodeId>,
    /// States.
    pub states: Vec<(VarId, NodeId)>,
    /// Columns of the connection.
    pub kept: Vec<(u8, NodeId)>,
    /// Potential of the node.
    pub potential: Option<NodeId>,
    /// Events and spikes, in order.
    pub caused: Vec<Caused>,
    /// Values that later segments take as arguments.
    pub carried: Vec<NodeId>,
}

impl Lowering<'_> {
    /// Ends a segment. What is known outside the states goes on as an argument; rounds of a loop hand nothing on.
    ///
    /// # Errors
    /// More values than there are arguments for.
    pub(super) fn cut(&mut self, each: bool) -> Result<(), KernelError> {
        let mut segment = self.segment(each);
        if each {
            // Everything is again what it was before the loop; names of the loop are not used behind it.
            let (graph, columns) = (&*self.graph, self.columns());
            self.locals.retain(|_, node| !varies(graph, columns, *node));
        } else {
            let columns = self.columns();
            let mut locals: Vec<_> = self.locals.iter_mut().collect();
            locals.sort_unstable_by_key(|(id, _)| **id);
            let values = std::iter::once(&mut self.mask).chain(&mut self.held).chain(locals.into_iter().map(|(_, node)| node));
            for node in values {
                if !varies(self.graph, columns, *node) {
                    continue;
                }
                let carried = &mut segment.carried;
                let at = carried.iter().position(|one| one == node).unwrap_or_else(|| {
                    carried.push(*node);
                    carried.len() - 1
                });
                *node = self.graph.leaf(Leaf::Argument((self.arguments + at).min(MOST) as u8));
            }
            self.arguments += segment.carried.len();
            if self.arguments > MOST {
                return self.error("a handler that goes over connections has too many values");
            }
        }
        self.parts.push(segment);
        Ok(())
    }

    fn columns(&self) -> usize {
        self.mechanism.columns.len().max(1)
    }

    /// Everything since the last cut.
    pub fn segment(&mut self, each: bool) -> Segment {
        let v = self.graph.leaf(Leaf::V);
        let segment = Segment {
            each,
            drawn: std::mem::take(&mut self.drawn),
            states: self.assigned(),
            kept: std::mem::take(&mut self.kept).into_iter().collect(),
            potential: (self.v != v).then_some(self.v),
            caused: std::mem::take(&mut self.caused),
            carried: Vec::new(),
        };
        self.states.clear();
        self.set_v(v);
        segment
    }
}

/// Whether a value may be another behind a cut: all but what stays the same through a handler, and what was carried before.
fn varies(graph: &Graph, columns: usize, node: NodeId) -> bool {
    match graph.node(node) {
        Node::Constant(_) | Node::Leaf(Leaf::Input(_) | Leaf::Dt | Leaf::Celsius | Leaf::T) => false,
        Node::Leaf(Leaf::Argument(k)) => usize::from(k) < columns,
        _ => true,
    }
}
