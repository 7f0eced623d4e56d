//! Angles and signs from the operations that there are, step by step as `bouton_model::math` has them.

use super::Lowering;
use crate::kernel::graph::NodeId;
use crate::vm::program::Op;
use std::f64::consts::PI;

impl Lowering<'_> {
    /// atan(x / sqrt((1 - x) (1 + x)))
    pub(super) fn asin(&mut self, x: NodeId) -> NodeId {
        let g = &mut *self.graph;
        let one = g.constant(1.0);
        let (less, more) = (g.binary(Op::Sub, one, x), g.binary(Op::Add, one, x));
        let product = g.binary(Op::Mul, less, more);
        let root = g.unary(Op::Sqrt, product);
        let tangent = g.binary(Op::Div, x, root);
        g.unary(Op::Atan, tangent)
    }

    /// 2 atan(sqrt((1 - x) / (1 + x)))
    pub(super) fn acos(&mut self, x: NodeId) -> NodeId {
        let g = &mut *self.graph;
        let (one, two) = (g.constant(1.0), g.constant(2.0));
        let (less, more) = (g.binary(Op::Sub, one, x), g.binary(Op::Add, one, x));
        let ratio = g.binary(Op::Div, less, more);
        let tangent = g.unary(Op::Sqrt, ratio);
        let half = g.unary(Op::Atan, tangent);
        g.binary(Op::Mul, two, half)
    }

    /// Twice the angle that is seen from the far side of the circle, for x >= 0; beyond it from pi or -pi back.
    pub(super) fn atan2(&mut self, y: NodeId, x: NodeId) -> NodeId {
        let g = &mut *self.graph;
        let (zero, two, up, down) = (g.constant(0.0), g.constant(2.0), g.constant(PI), g.constant(-PI));
        let (beside, above) = (g.unary(Op::Abs, x), g.unary(Op::Abs, y));
        let size = g.binary(Op::Max, beside, above);
        let (a, b) = (g.binary(Op::Div, x, size), g.binary(Op::Div, y, size));
        let (aa, bb) = (g.binary(Op::Mul, a, a), g.binary(Op::Mul, b, b));
        let sum = g.binary(Op::Add, aa, bb);
        let (root, near) = (g.unary(Op::Sqrt, sum), g.unary(Op::Abs, a));
        let far = g.binary(Op::Add, root, near);
        let tangent = g.binary(Op::Div, b, far);
        let half = g.unary(Op::Atan, tangent);
        let angle = g.binary(Op::Mul, two, half);
        let is_below = g.binary(Op::Lt, y, zero);
        let turn = g.select(is_below, down, up);
        let back = g.binary(Op::Sub, turn, angle);
        let is_left = g.binary(Op::Lt, x, zero);
        let angle = g.select(is_left, back, angle);
        let is_none = g.binary(Op::Eq, size, zero);
        g.select(is_none, zero, angle)
    }

    /// -1, 0 or 1
    pub(super) fn sign(&mut self, x: NodeId) -> NodeId {
        let g = &mut *self.graph;
        let (zero, one, minus) = (g.constant(0.0), g.constant(1.0), g.constant(-1.0));
        let (is_above, is_below) = (g.binary(Op::Lt, zero, x), g.binary(Op::Lt, x, zero));
        let rest = g.select(is_below, minus, zero);
        g.select(is_above, one, rest)
    }
}
