//! Random draws of mechanisms, from the uniform numbers of the instance's stream.

use super::super::KernelError;
use super::super::graph::{Node, NodeId};
use super::Lowering;
use crate::vm::program::Op;
use bouton_model::ir::{Draw, Expr};

impl Lowering<'_> {
    /// One uniform number of the instance's stream.
    fn uniform(&mut self) -> NodeId {
        let n = self.drawn.len() as u32;
        let node = self.graph.add(Node::Draw { n, when: self.mask });
        self.drawn.push(node);
        node
    }

    /// Samplers of mechanisms: uniform a + (b - a) U; exponential -mean ln U; normal by Box and Muller (1958), both draws taken each time;
    /// Poisson numbers are an operation of the machine.
    pub(super) fn draw(&mut self, d: Draw, list: &[Expr]) -> Result<NodeId, KernelError> {
        let args = list.iter().map(|e| self.expr(e)).collect::<Result<Vec<_>, _>>()?;
        match (d, args.as_slice()) {
            (Draw::Uniform, &[a, b]) => {
                let u = self.uniform();
                let g = &mut *self.graph;
                let width = g.binary(Op::Sub, b, a);
                let part = g.binary(Op::Mul, width, u);
                Ok(g.binary(Op::Add, a, part))
            }
            (Draw::Exponential, &[mean]) => {
                let u = self.uniform();
                let g = &mut *self.graph;
                let log = g.unary(Op::Log, u);
                let minus = g.unary(Op::Neg, log);
                Ok(g.binary(Op::Mul, minus, mean))
            }
            (Draw::Normal, &[mean, sd]) => {
                let (u, w) = (self.uniform(), self.uniform());
                let g = &mut *self.graph;
                let (two, turn) = (g.constant(-2.0), g.constant(std::f64::consts::TAU));
                let log = g.unary(Op::Log, u);
                let square = g.binary(Op::Mul, two, log);
                let radius = g.unary(Op::Sqrt, square);
                let angle = g.binary(Op::Mul, turn, w);
                let cosine = g.unary(Op::Cos, angle);
                let unit = g.binary(Op::Mul, radius, cosine);
                let part = g.binary(Op::Mul, sd, unit);
                Ok(g.binary(Op::Add, mean, part))
            }
            (Draw::Poisson, &[mean]) => {
                let (n, when) = (self.drawn.len() as u32, self.mask);
                let g = &mut *self.graph;
                let minus = g.unary(Op::Neg, mean);
                let none = g.unary(Op::Exp, minus);
                let node = g.add(Node::Poisson { n, when, mean, none });
                self.drawn.push(node);
                Ok(node)
            }
            _ => self.error("mechanisms draw uniform, exponential, normal and Poisson numbers only"),
        }
    }
}
