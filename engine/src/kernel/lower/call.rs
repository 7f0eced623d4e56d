//! Functions of the language as operations of the machine.

use super::super::KernelError;
use super::super::graph::{Leaf, Node, NodeId};
use super::Lowering;
use crate::vm::program::Op;
use bouton_model::builtin::{FARADAY, Function, GAS_CONSTANT};
use bouton_model::ir::{Expr, Var};

impl Lowering<'_> {
    /// Small integer powers are products: of the square, where there is one.
    pub(super) fn power(&mut self, a: NodeId, n: i32) -> NodeId {
        let product = match n.unsigned_abs() {
            0 => return self.graph.constant(1.0),
            1 => a,
            n => {
                let square = self.graph.binary(Op::Mul, a, a);
                let even = self.power(square, (n / 2) as i32);
                if n % 2 == 0 { even } else { self.graph.binary(Op::Mul, even, a) }
            }
        };
        if n < 0 { self.over(1.0, product) } else { product }
    }

    fn over(&mut self, x: f64, y: NodeId) -> NodeId {
        let x = self.graph.constant(x);
        self.graph.binary(Op::Div, x, y)
    }

    pub(super) fn call(&mut self, f: Function, list: &[Expr]) -> Result<NodeId, KernelError> {
        if f == Function::Table {
            return self.curve(list);
        }
        let args = list.iter().map(|e| self.expr(e)).collect::<Result<Vec<_>, _>>()?;
        let Some(&a) = args.first() else { return self.error("a function without arguments") };
        let g = &mut *self.graph;
        Ok(match f {
            Function::Exp => g.unary(Op::Exp, a),
            Function::Log => g.unary(Op::Log, a),
            Function::Log10 => g.unary(Op::Log10, a),
            Function::Sqrt => g.unary(Op::Sqrt, a),
            Function::Abs => g.unary(Op::Abs, a),
            Function::Min => args[1..].iter().fold(a, |x, y| g.binary(Op::Min, x, *y)),
            Function::Max => args[1..].iter().fold(a, |x, y| g.binary(Op::Max, x, *y)),
            Function::Sin => g.unary(Op::Sin, a),
            Function::Cos => g.unary(Op::Cos, a),
            Function::Tan => g.unary(Op::Tan, a),
            Function::Asin => self.asin(a),
            Function::Acos => self.acos(a),
            Function::Atan => g.unary(Op::Atan, a),
            Function::Atan2 => match args.as_slice() {
                [y, x] => self.atan2(*y, *x),
                _ => return self.error("atan2 takes two arguments"),
            },
            Function::Sinh => g.unary(Op::Sinh, a),
            Function::Cosh => g.unary(Op::Cosh, a),
            Function::Tanh => g.unary(Op::Tanh, a),
            Function::Sigmoid => {
                let minus = g.unary(Op::Neg, a);
                let e = g.unary(Op::Exp, minus);
                let one = g.constant(1.0);
                let below = g.binary(Op::Add, one, e);
                g.binary(Op::Div, one, below)
            }
            Function::Sign => self.sign(a),
            Function::Floor => g.unary(Op::Floor, a),
            Function::Ceil => g.unary(Op::Ceil, a),
            Function::Round => g.unary(Op::Round, a),
            Function::Nernst => self.nernst(&args)?,
            Function::Ghk => self.ghk(&args)?,
            Function::Table => return self.error("a table that is not given"),
        })
    }

    /// What a table that the mechanism was given holds.
    fn curve(&mut self, list: &[Expr]) -> Result<NodeId, KernelError> {
        let [Expr::Var(Var::Own(id)), arguments @ ..] = list else { return self.error("a table without a name") };
        let Some(table) = self.tables.given(*id) else { return self.error("a table that is not given") };
        let arguments = arguments.iter().map(|e| self.expr(e)).collect::<Result<Vec<_>, _>>()?;
        match arguments.as_slice() {
            [x] => Ok(self.graph.add(Node::Curve { table, arguments: [*x, *x] })),
            [x, y] => Ok(self.graph.add(Node::Curve { table, arguments: [*x, *y] })),
            _ => self.error("a table of one argument or two"),
        }
    }

    /// RT/F (mV).
    fn thermal_voltage(&mut self) -> NodeId {
        let k = self.graph.constant(GAS_CONSTANT / FARADAY);
        let t = self.graph.leaf(Leaf::Celsius);
        self.graph.binary(Op::Mul, k, t)
    }

    /// RT/(zF) ln(out/in); 0 for z = 0, 1e6 and -1e6 mV where nothing is inside or outside, as NEURON has it.
    fn nernst(&mut self, args: &[NodeId]) -> Result<NodeId, KernelError> {
        let &[inside, outside, z] = args else { return self.error("nernst takes three arguments") };
        let ktf = self.thermal_voltage();
        let g = &mut *self.graph;
        let scale = g.binary(Op::Div, ktf, z);
        let ratio = g.binary(Op::Div, outside, inside);
        let log = g.unary(Op::Log, ratio);
        let e = g.binary(Op::Mul, scale, log);
        let (zero, high, low) = (g.constant(0.0), g.constant(1e6), g.constant(-1e6));
        let none_outside = g.binary(Op::Le, outside, zero);
        let e = g.select(none_outside, low, e);
        let none_inside = g.binary(Op::Le, inside, zero);
        let e = g.select(none_inside, high, e);
        let uncharged = g.binary(Op::Eq, z, zero);
        Ok(g.select(uncharged, zero, e))
    }

    /// z F (in f(-x) - out f(x)) with x = z v F/(RT), f(x) = x / (e^x - 1), near 0 its first terms, as NEURON has it.
    fn ghk(&mut self, args: &[NodeId]) -> Result<NodeId, KernelError> {
        let &[v, inside, outside, z] = args else { return self.error("ghk takes four arguments") };
        let ktf = self.thermal_voltage();
        let zv = self.graph.binary(Op::Mul, z, v);
        let x = self.graph.binary(Op::Div, zv, ktf);
        let minus = self.graph.unary(Op::Neg, x);
        let (up, down) = (self.efun(minus), self.efun(x));
        let g = &mut *self.graph;
        let (out, back) = (g.binary(Op::Mul, inside, up), g.binary(Op::Mul, outside, down));
        let net = g.binary(Op::Sub, out, back);
        let faraday = g.constant(FARADAY);
        let charge = g.binary(Op::Mul, z, faraday);
        Ok(g.binary(Op::Mul, charge, net))
    }

    fn efun(&mut self, x: NodeId) -> NodeId {
        let g = &mut *self.graph;
        let (one, half, small) = (g.constant(1.0), g.constant(0.5), g.constant(1e-4));
        let xh = g.binary(Op::Mul, x, half);
        let near = g.binary(Op::Sub, one, xh);
        let e = g.unary(Op::Exp, x);
        let below = g.binary(Op::Sub, e, one);
        let far = g.binary(Op::Div, x, below);
        let size = g.unary(Op::Abs, x);
        let close = g.binary(Op::Lt, size, small);
        g.select(close, near, far)
    }
}
