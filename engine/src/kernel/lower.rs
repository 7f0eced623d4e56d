//! Expressions and actions of a mechanism become values of a graph. What programs there are is `jobs`' matter.

use super::graph::{Graph, Leaf, Node, NodeId};
use super::{Input, KernelError};
use crate::vm::program::Op;
use bouton_model::algebra;
use bouton_model::builtin::Function;
use bouton_model::ir::{Action, Binary, Draw, Expr, HandlerId, Known, LocalId, Mechanism, Span, Unary, Var, VarId, VariableKind};
use std::collections::HashMap;

/// Molar gas constant (J/mol/K) and Faraday constant (C/mol), CODATA 2018.
const GAS_CONSTANT: f64 = 8.314_462_618_153_24;
const FARADAY: f64 = 96_485.332_123_310_01;

/// What an action causes outside the states.
#[derive(Clone, Copy, Debug)]
pub enum Caused {
    /// The source spikes where the mask is set.
    Spike(NodeId),
    /// An event to the mechanism itself.
    Send {
        /// Mask.
        when: NodeId,
        /// ms
        delay: NodeId,
        /// To this handler.
        handler: HandlerId,
    },
}

/// Lowers expressions as they read at one point of a program.
pub struct Lowering<'a> {
    /// Whose expressions.
    pub mechanism: &'a Mechanism,
    /// Receives the values.
    pub graph: &'a mut Graph,
    /// Lets that are looked up in tables: number of the table, output.
    pub tabulated: &'a HashMap<VarId, (u16, u8)>,
    /// The membrane potential that is in force.
    pub v: NodeId,
    states: HashMap<VarId, NodeId>,
    lets: HashMap<VarId, NodeId>,
    locals: HashMap<LocalId, NodeId>,
    mask: NodeId,
    /// Draws that were met, in order.
    pub drawn: Vec<NodeId>,
    /// What actions caused, in order.
    pub caused: Vec<Caused>,
    /// The place that errors name.
    span: Span,
}

impl<'a> Lowering<'a> {
    /// At the beginning of a program.
    pub fn new(mechanism: &'a Mechanism, graph: &'a mut Graph, tabulated: &'a HashMap<VarId, (u16, u8)>) -> Lowering<'a> {
        let v = graph.leaf(Leaf::V);
        let mask = graph.mask(true);
        Lowering {
            mechanism,
            graph,
            tabulated,
            v,
            states: HashMap::new(),
            lets: HashMap::new(),
            locals: HashMap::new(),
            mask,
            drawn: Vec::new(),
            caused: Vec::new(),
            span: mechanism.span,
        }
    }

    /// The value of a state at this point.
    pub fn state(&mut self, id: VarId) -> NodeId {
        match self.states.get(&id) {
            Some(node) => *node,
            None => self.graph.leaf(Leaf::State(id)),
        }
    }

    /// From here on the state has this value; what was defined with it is defined anew.
    pub fn assign(&mut self, id: VarId, value: NodeId) {
        self.states.insert(id, value);
        self.lets.clear();
    }

    /// From here on the potential is another.
    pub fn set_v(&mut self, v: NodeId) {
        self.v = v;
        self.lets.clear();
    }

    /// The states that were assigned, in order of declaration.
    pub fn assigned(&self) -> Vec<(VarId, NodeId)> {
        let mut list: Vec<_> = self.states.iter().map(|(id, n)| (*id, *n)).collect();
        list.sort_unstable();
        list
    }

    /// The value of an expression that stands at `span`.
    ///
    /// # Errors
    /// Something that no kernel can compute.
    pub fn expr_at(&mut self, e: &Expr, span: Span) -> Result<NodeId, KernelError> {
        self.span = span;
        self.expr(e)
    }

    fn error<T>(&self, message: &str) -> Result<T, KernelError> {
        Err(KernelError { message: message.to_owned(), span: self.span })
    }

    fn expr(&mut self, e: &Expr) -> Result<NodeId, KernelError> {
        Ok(match e {
            Expr::Number(x) => self.graph.constant(*x),
            Expr::Bool(b) => self.graph.mask(*b),
            Expr::Var(v) => self.var(*v)?,
            Expr::Unary(Unary::Neg, a) => {
                let a = self.expr(a)?;
                self.graph.unary(Op::Neg, a)
            }
            Expr::Unary(Unary::Not, a) => {
                let a = self.expr(a)?;
                self.graph.not(a)
            }
            Expr::Binary(op, a, b) => self.binary(*op, a, b)?,
            Expr::Call(f, list) => self.call(*f, list)?,
            Expr::Draw(d, list) => self.draw(*d, list)?,
            Expr::If(condition, yes, no) => self.choose(condition, yes, no)?,
            Expr::Let(id, value, body) => {
                let value = self.expr(value)?;
                self.locals.insert(*id, value);
                self.expr(body)?
            }
            Expr::Measure(_) => return self.error("a mechanism cannot read what a run gave"),
        })
    }

    fn var(&mut self, v: Var) -> Result<NodeId, KernelError> {
        Ok(match v {
            Var::Own(id) => self.own(id)?,
            Var::Local(id) => match self.locals.get(&id) {
                Some(node) => *node,
                None => return self.error("a local value is used before it is given"),
            },
            Var::Param(id) => self.graph.leaf(Leaf::Input(Input::Global(id))),
            Var::Argument(k) => self.graph.leaf(Leaf::Argument(k)),
            Var::Known(Known::V) => self.v,
            Var::Known(Known::T) => self.graph.leaf(Leaf::T),
            Var::Known(Known::Dt) => self.graph.leaf(Leaf::Dt),
            Var::Known(Known::Celsius) => self.graph.leaf(Leaf::Celsius),
            Var::Known(Known::Area) => self.graph.leaf(Leaf::Input(Input::Area)),
            Var::Known(Known::Diam) => self.graph.leaf(Leaf::Input(Input::Diam)),
            Var::Pre(_) | Var::Post(_) | Var::Distance => {
                return self.error("a mechanism does not know the cells of a connection");
            }
        })
    }

    fn own(&mut self, id: VarId) -> Result<NodeId, KernelError> {
        if let Some((table, k)) = self.tabulated.get(&id) {
            return Ok(self.graph.add(Node::Table { table: *table, k: *k, argument: self.v }));
        }
        match self.mechanism.variables.get(id.index()).map(|v| &v.kind) {
            Some(VariableKind::Param { .. } | VariableKind::Ion { .. }) => Ok(self.graph.leaf(Leaf::Input(Input::Variable(id)))),
            Some(VariableKind::State { .. }) => Ok(self.state(id)),
            Some(VariableKind::Let { .. } | VariableKind::Current { .. }) => self.defined(id),
            None => self.error("an unknown variable"),
        }
    }

    fn defined(&mut self, id: VarId) -> Result<NodeId, KernelError> {
        if let Some(node) = self.lets.get(&id) {
            return Ok(*node);
        }
        let mechanism = self.mechanism;
        let Some(value) = algebra::definition(mechanism, id) else { return self.error("a value without a definition") };
        let node = self.expr(value)?;
        self.lets.insert(id, node);
        Ok(node)
    }

    fn binary(&mut self, op: Binary, a: &Expr, b: &Expr) -> Result<NodeId, KernelError> {
        if let (Binary::Pow, Some(n)) = (op, small_integer(b)) {
            let a = self.expr(a)?;
            return Ok(self.power(a, n));
        }
        let (a, b) = (self.expr(a)?, self.expr(b)?);
        let g = &mut *self.graph;
        Ok(match op {
            Binary::Add => g.binary(Op::Add, a, b),
            Binary::Sub => g.binary(Op::Sub, a, b),
            Binary::Mul => g.binary(Op::Mul, a, b),
            Binary::Div => g.binary(Op::Div, a, b),
            Binary::Pow => g.binary(Op::Pow, a, b),
            Binary::Lt => g.binary(Op::Lt, a, b),
            Binary::Le => g.binary(Op::Le, a, b),
            Binary::Gt => g.binary(Op::Lt, b, a),
            Binary::Ge => g.binary(Op::Le, b, a),
            Binary::Eq => g.binary(Op::Eq, a, b),
            Binary::Ne => g.binary(Op::Ne, a, b),
            Binary::And => g.both(a, b),
            Binary::Or => g.binary(Op::Or, a, b),
        })
    }

    /// Small integer powers are products: of the square, where there is one.
    fn power(&mut self, a: NodeId, n: i32) -> NodeId {
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

    fn call(&mut self, f: Function, list: &[Expr]) -> Result<NodeId, KernelError> {
        let args = list.iter().map(|e| self.expr(e)).collect::<Result<Vec<_>, _>>()?;
        let Some(&a) = args.first() else { return self.error("a function without arguments") };
        let g = &mut *self.graph;
        Ok(match f {
            Function::Exp => g.unary(Op::Exp, a),
            Function::Log => g.unary(Op::Log, a),
            Function::Log10 => {
                let log = g.unary(Op::Log, a);
                let c = g.constant(std::f64::consts::LOG10_E);
                g.binary(Op::Mul, log, c)
            }
            Function::Sqrt => g.unary(Op::Sqrt, a),
            Function::Abs => g.unary(Op::Abs, a),
            Function::Min => args[1..].iter().fold(a, |x, y| g.binary(Op::Min, x, *y)),
            Function::Max => args[1..].iter().fold(a, |x, y| g.binary(Op::Max, x, *y)),
            Function::Sin => g.unary(Op::Sin, a),
            Function::Cos => g.unary(Op::Cos, a),
            Function::Tan => {
                let (s, c) = (g.unary(Op::Sin, a), g.unary(Op::Cos, a));
                g.binary(Op::Div, s, c)
            }
            Function::Sinh => self.half_exponentials(a, Op::Sub),
            Function::Cosh => self.half_exponentials(a, Op::Add),
            Function::Tanh => g.unary(Op::Tanh, a),
            Function::Sigmoid => {
                let minus = g.unary(Op::Neg, a);
                let e = g.unary(Op::Exp, minus);
                let one = g.constant(1.0);
                let below = g.binary(Op::Add, one, e);
                g.binary(Op::Div, one, below)
            }
            Function::Floor => g.unary(Op::Floor, a),
            Function::Ceil => g.unary(Op::Ceil, a),
            Function::Round => g.unary(Op::Round, a),
            Function::Nernst => self.nernst(&args)?,
            Function::Ghk => self.ghk(&args)?,
        })
    }

    fn half_exponentials(&mut self, a: NodeId, op: Op) -> NodeId {
        let g = &mut *self.graph;
        let minus = g.unary(Op::Neg, a);
        let (up, down) = (g.unary(Op::Exp, a), g.unary(Op::Exp, minus));
        let sum = g.binary(op, up, down);
        let half = g.constant(0.5);
        g.binary(Op::Mul, sum, half)
    }

    /// RT/F (mV).
    fn thermal_voltage(&mut self) -> NodeId {
        let k = self.graph.constant(1e3 * GAS_CONSTANT / FARADAY);
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

    /// One uniform number of the instance's stream.
    fn uniform(&mut self) -> NodeId {
        let n = self.drawn.len() as u32;
        let node = self.graph.add(Node::Draw { n, when: self.mask });
        self.drawn.push(node);
        node
    }

    /// Samplers of mechanisms: uniform a + (b - a) U; exponential -mean ln U; normal by Box and Muller (1958), both draws taken each time.
    fn draw(&mut self, d: Draw, list: &[Expr]) -> Result<NodeId, KernelError> {
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
            _ => self.error("mechanisms draw uniform, exponential and normal numbers only"),
        }
    }

    fn choose(&mut self, condition: &Expr, yes: &Expr, no: &Expr) -> Result<NodeId, KernelError> {
        let mask = self.expr(condition)?;
        let yes = self.under(mask, |s| s.expr(yes))?;
        let opposite = self.graph.not(mask);
        let no = self.under(opposite, |s| s.expr(no))?;
        Ok(self.graph.select(mask, yes, no))
    }

    /// Runs `f` where `mask` is set, too.
    fn under<T>(&mut self, mask: NodeId, f: impl FnOnce(&mut Self) -> Result<T, KernelError>) -> Result<T, KernelError> {
        let before = self.mask;
        self.mask = self.graph.both(before, mask);
        let result = f(self);
        self.mask = before;
        result
    }

    /// Actions of a handler, in order.
    ///
    /// # Errors
    /// Something that no kernel can compute.
    pub fn actions(&mut self, actions: &[Action], span: Span) -> Result<(), KernelError> {
        self.span = span;
        actions.iter().try_for_each(|a| self.action(a))
    }

    fn action(&mut self, action: &Action) -> Result<(), KernelError> {
        match action {
            Action::Assign(id, e) => {
                let (value, old) = (self.expr(e)?, self.state(*id));
                let new = self.graph.select(self.mask, value, old);
                self.assign(*id, new);
            }
            Action::Let(id, e) => {
                let value = self.expr(e)?;
                self.locals.insert(*id, value);
            }
            Action::If(condition, yes, no) => {
                let mask = self.expr(condition)?;
                let span = self.span;
                self.under(mask, |s| s.actions(yes, span))?;
                let opposite = self.graph.not(mask);
                self.under(opposite, |s| s.actions(no, span))?;
            }
            Action::Spike => self.caused.push(Caused::Spike(self.mask)),
            Action::Send { delay, handler } => {
                let delay = self.expr(delay)?;
                self.caused.push(Caused::Send { when: self.mask, delay, handler: *handler });
            }
        }
        Ok(())
    }
}

fn small_integer(e: &Expr) -> Option<i32> {
    match e {
        Expr::Number(x) if x.fract() == 0.0 && x.abs() <= 8.0 => Some(*x as i32),
        Expr::Unary(Unary::Neg, a) => small_integer(a).map(|n| -n),
        _ => None,
    }
}
