//! Expressions and actions of a mechanism become values of a graph. What programs there are is `jobs`' matter.

mod angle;
mod call;
mod draw;
pub mod segment;

use super::graph::{Graph, Leaf, Node, NodeId};
use super::table::{Looked, Tables};
use super::{Input, KernelError};
use crate::vm::program::Op;
use bouton_model::algebra;
use bouton_model::ir::{Action, Binary, Expr, HandlerId, Known, LocalId, Mechanism, Span, Unary, Var, VarId, VariableKind};
use segment::Segment;
use std::collections::{BTreeMap, HashMap};

/// What an action causes outside the states.
#[derive(Clone, Copy, Debug)]
pub enum Caused {
    /// The source spikes.
    Spike {
        /// Mask.
        when: NodeId,
        /// How many times; nothing: once.
        times: Option<NodeId>,
    },
    /// An event to the mechanism itself.
    Send {
        /// Mask.
        when: NodeId,
        /// ms
        delay: NodeId,
        /// To this handler.
        handler: HandlerId,
        /// In place of what is pending.
        moves: bool,
        /// A number that goes with it.
        flag: Option<NodeId>,
    },
}

/// Lowers expressions as they read at one point of a program.
pub struct Lowering<'a> {
    /// Whose expressions.
    pub mechanism: &'a Mechanism,
    /// Receives the values.
    pub graph: &'a mut Graph,
    /// Lets that are looked up in tables.
    pub tables: &'a Tables,
    /// The membrane potential that is in force.
    pub v: NodeId,
    /// The time that is in force.
    t: NodeId,
    states: HashMap<VarId, NodeId>,
    lets: HashMap<VarId, NodeId>,
    locals: HashMap<LocalId, NodeId>,
    mask: NodeId,
    /// Columns of the connection that were set.
    kept: BTreeMap<u8, NodeId>,
    /// Values that must outlive a cut.
    held: Vec<NodeId>,
    /// How many arguments there are: columns, the flag of an event, then what was carried.
    arguments: usize,
    /// Parts behind which the handler was cut.
    pub parts: Vec<Segment>,
    /// Draws that were met, in order.
    drawn: Vec<NodeId>,
    /// What actions caused, in order.
    caused: Vec<Caused>,
    /// The place that errors name.
    span: Span,
}

impl<'a> Lowering<'a> {
    /// At the beginning of a program.
    pub fn new(mechanism: &'a Mechanism, graph: &'a mut Graph, tables: &'a Tables) -> Lowering<'a> {
        let (v, t) = (graph.leaf(Leaf::V), graph.leaf(Leaf::T));
        let mask = graph.mask(true);
        Lowering {
            mechanism,
            graph,
            tables,
            v,
            t,
            states: HashMap::new(),
            lets: HashMap::new(),
            locals: HashMap::new(),
            mask,
            kept: BTreeMap::new(),
            held: Vec::new(),
            arguments: mechanism.columns.len().max(1) + usize::from(mechanism.has_flags()),
            parts: Vec::new(),
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

    /// From here on it is another time.
    pub fn set_time(&mut self, t: NodeId) {
        self.t = t;
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
            Expr::List(_) | Expr::PerCell(_) => return self.error("a list is no number"),
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
            Var::Argument(k) => match self.kept.get(&k) {
                Some(node) => *node,
                None => self.graph.leaf(Leaf::Argument(k)),
            },
            Var::Known(Known::V) => self.v,
            Var::Known(Known::T) => self.t,
            Var::Known(Known::Dt) => self.graph.leaf(Leaf::Dt),
            Var::Known(Known::Celsius) => self.graph.leaf(Leaf::Celsius),
            Var::Known(Known::Area) => self.graph.leaf(Leaf::Input(Input::Area)),
            Var::Known(Known::Diam) => self.graph.leaf(Leaf::Input(Input::Diam)),
            Var::Pre(_) | Var::Post(_) | Var::Distance | Var::Cell(_) | Var::Place(_) | Var::Listed(_) => {
                return self.error("a mechanism knows neither the cells of a connection nor its place on the tree");
            }
        })
    }

    fn own(&mut self, id: VarId) -> Result<NodeId, KernelError> {
        let mechanism = self.mechanism;
        if let Some(Looked { table, column, lookup }) = self.tables.looked.get(&id).copied() {
            let argument = match lookup.and_then(|at| mechanism.lookups.get(at)) {
                Some(lookup) => self.expr(&lookup.argument)?,
                None => self.v,
            };
            return Ok(self.graph.add(Node::Table { table, k: column, argument }));
        }
        match self.mechanism.variables.get(id.index()).map(|v| &v.kind) {
            Some(VariableKind::Param { .. } | VariableKind::Ion { .. }) => Ok(self.graph.leaf(Leaf::Input(Input::Variable(id)))),
            Some(VariableKind::Input { .. }) => Ok(self.graph.leaf(Leaf::Input(Input::Driven(id)))),
            Some(VariableKind::State { .. }) => Ok(self.state(id)),
            Some(VariableKind::Let { .. } | VariableKind::Current { .. }) => self.defined(id),
            Some(VariableKind::Table { .. }) => self.error("a table is no number"),
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
            Action::Potential(e) => {
                let value = self.expr(e)?;
                let new = self.graph.select(self.mask, value, self.v);
                self.set_v(new);
            }
            Action::Let(id, e) => {
                let value = self.expr(e)?;
                self.locals.insert(*id, value);
            }
            Action::If(condition, yes, no) => {
                let (span, held) = (self.span, self.held.len());
                let mask = self.expr(condition)?;
                let opposite = self.graph.not(mask);
                let then = self.graph.both(self.mask, mask);
                let otherwise = self.graph.both(self.mask, opposite);
                // Held, for a cut inside makes other values of them.
                self.held.extend([self.mask, otherwise]);
                self.mask = then;
                self.actions(yes, span)?;
                self.mask = self.held[held + 1];
                self.actions(no, span)?;
                self.mask = self.held[held];
                self.held.truncate(held);
            }
            Action::Keep(column, e) => {
                let (value, old) = (self.expr(e)?, self.var(Var::Argument(*column))?);
                let new = self.graph.select(self.mask, value, old);
                self.kept.insert(*column, new);
            }
            Action::EachConnection(inner) => {
                self.cut(false)?;
                let span = self.span;
                self.actions(inner, span)?;
                self.cut(true)?;
            }
            Action::Spike(times) => {
                let times = times.as_ref().map(|e| self.expr(e)).transpose()?;
                self.caused.push(Caused::Spike { when: self.mask, times });
            }
            Action::Send { delay, handler, moves, flag } => {
                let delay = self.expr(delay)?;
                let flag = flag.as_ref().map(|e| self.expr(e)).transpose()?;
                self.caused.push(Caused::Send { when: self.mask, delay, handler: *handler, moves: *moves, flag });
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
