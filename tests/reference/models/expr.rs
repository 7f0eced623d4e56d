//! Mechanisms written down in Rust: expressions with operators, and what a mechanism consists of one call each.

use bouton_model::builtin::Function;
use bouton_model::curve::{Axis, Curve};
use bouton_model::ir::*;
use bouton_model::unit::Dimension;
use std::ops::{Add, Div, Mul, Neg, Sub};
use std::sync::Arc;

/// An expression.
#[derive(Clone, Debug)]
pub struct E(pub Expr);

/// A variable, which is an expression too.
#[derive(Clone, Copy, Debug)]
pub struct X(pub Var);

/// Membrane potential.
pub const V: X = X(Var::Known(Known::V));
/// Time.
pub const T: X = X(Var::Known(Known::T));
/// Temperature.
pub const CELSIUS: X = X(Var::Known(Known::Celsius));
/// Diameter of the segment.
pub const DIAM: X = X(Var::Known(Known::Diam));
/// Area of the segment.
pub const AREA: X = X(Var::Known(Known::Area));
/// Weight of the event.
pub const WEIGHT: X = X(Var::Argument(0));

impl X {
    /// The variable of the mechanism that it is.
    pub fn id(self) -> VarId {
        match self.0 {
            Var::Own(id) => id,
            other => panic!("{other:?} is not the mechanism's own"),
        }
    }
}

impl From<X> for E {
    fn from(x: X) -> E {
        E(Expr::Var(x.0))
    }
}

impl From<f64> for E {
    fn from(x: f64) -> E {
        E(Expr::Number(x))
    }
}

fn binary(op: Binary, a: impl Into<E>, b: impl Into<E>) -> E {
    E(Expr::Binary(op, Box::new(a.into().0), Box::new(b.into().0)))
}

macro_rules! operators {
    ($($left:ty),*; $($tr:ident $f:ident),*) => {
        operators!(@each [$($left),*] $($tr $f),*);
    };
    (@each $lefts:tt $($tr:ident $f:ident),*) => { $(operators!(@one $lefts $tr $f);)* };
    (@one [$($left:ty),*] $tr:ident $f:ident) => {
        $(impl<R: Into<E>> $tr<R> for $left {
            type Output = E;
            fn $f(self, other: R) -> E {
                binary(Binary::$tr, self, other)
            }
        })*
        impl $tr<E> for f64 {
            type Output = E;
            fn $f(self, other: E) -> E {
                binary(Binary::$tr, self, other)
            }
        }
        impl $tr<X> for f64 {
            type Output = E;
            fn $f(self, other: X) -> E {
                binary(Binary::$tr, self, other)
            }
        }
    };
}
operators!(E, X; Add add, Sub sub, Mul mul, Div div);

impl Neg for E {
    type Output = E;
    fn neg(self) -> E {
        E(Expr::Unary(Unary::Neg, Box::new(self.0)))
    }
}

/// a < b
pub fn less(a: impl Into<E>, b: impl Into<E>) -> E {
    binary(Binary::Lt, a, b)
}

/// a <= b
pub fn at_most(a: impl Into<E>, b: impl Into<E>) -> E {
    binary(Binary::Le, a, b)
}

/// a and b
pub fn both(a: E, b: E) -> E {
    binary(Binary::And, a, b)
}

/// a^b
pub fn power(a: impl Into<E>, b: impl Into<E>) -> E {
    binary(Binary::Pow, a, b)
}

/// A function of one argument.
pub fn call(function: Function, a: impl Into<E>) -> E {
    E(Expr::Call(function, vec![a.into().0]))
}

/// A function of several arguments.
pub fn call_of<const N: usize>(function: Function, arguments: [E; N]) -> E {
    E(Expr::Call(function, arguments.map(|a| a.0).to_vec()))
}

/// e^a
pub fn exp(a: impl Into<E>) -> E {
    call(Function::Exp, a)
}

/// `if` condition, value, else value
pub fn choose(condition: E, yes: impl Into<E>, no: impl Into<E>) -> E {
    E(Expr::If(Box::new(condition.0), Box::new(yes.into().0), Box::new(no.into().0)))
}

/// A random number.
pub fn draw<const N: usize>(distribution: Draw, arguments: [E; N]) -> E {
    E(Expr::Draw(distribution, arguments.map(|a| a.0).to_vec()))
}

/// state = value
pub fn assign(state: X, value: impl Into<E>) -> Action {
    Action::Assign(state.id(), value.into().0)
}

/// v = value
pub fn assign_v(value: impl Into<E>) -> Action {
    Action::Potential(value.into().0)
}

/// An event to the mechanism itself.
pub fn send(delay: impl Into<E>, handler: u32) -> Action {
    Action::Send { delay: delay.into().0, handler: HandlerId(handler), moves: false, flag: None }
}

/// An event to the mechanism itself, with a number that goes with it.
pub fn send_with(flag: impl Into<E>, delay: impl Into<E>, handler: u32) -> Action {
    Action::Send { delay: delay.into().0, handler: HandlerId(handler), moves: false, flag: Some(flag.into().0) }
}

/// An event to the mechanism itself, in place of those that are to come.
pub fn moved(delay: impl Into<E>, handler: u32) -> Action {
    Action::Send { delay: delay.into().0, handler: HandlerId(handler), moves: true, flag: None }
}

/// So many spikes at once.
pub fn spikes(times: impl Into<E>) -> Action {
    Action::Spike(Some(times.into().0))
}

/// if
pub fn when(condition: E, yes: Vec<Action>, no: Vec<Action>) -> Action {
    Action::If(condition.0, yes, no)
}

/// A mechanism and numbers that make sense in it.
#[derive(Clone, Debug)]
pub struct Specimen {
    /// The mechanism.
    pub mechanism: Mechanism,
    /// A typical value of each parameter, ion value and state.
    pub typical: Vec<(VarId, f64)>,
    /// A typical weight of its events, for mechanisms that connections may reach.
    pub weight: Option<f64>,
    /// A typical weight of a potential that drives its input, for mechanisms that have one.
    pub drive: Option<f64>,
}

impl Specimen {
    /// An empty mechanism.
    pub fn new(name: &str, kind: MechanismKind) -> Specimen {
        let mechanism = Mechanism::empty(name.into(), Span::default(), kind);
        Specimen { mechanism, typical: Vec::new(), weight: None, drive: None }
    }

    fn variable(&mut self, name: &str, kind: VariableKind) -> X {
        let id = VarId(self.mechanism.variables.len() as u32);
        let (name, span, dimension) = (name.into(), Span::default(), Dimension::NONE);
        self.mechanism.variables.push(Variable { name, span, dimension, kind });
        X(Var::Own(id))
    }

    /// A parameter and a typical value of it.
    pub fn param(&mut self, name: &str, typical: f64) -> X {
        let x = self.variable(name, VariableKind::Param { default: Some(Expr::Number(typical)) });
        self.typical.push((x.id(), typical));
        x
    }

    /// A table that was given.
    pub fn given(&mut self, name: &str, axes: Vec<Axis>, values: Vec<f64>) -> X {
        let arguments = vec![Dimension::NONE; axes.len()];
        let curve = Curve::new(axes, values).map(Arc::new);
        self.variable(name, VariableKind::Table { arguments, curve })
    }

    /// What others drive: its base, which is typical, and what a potential is multiplied with before it is added.
    pub fn input(&mut self, name: &str, base: f64, weight: f64) -> X {
        let x = self.variable(name, VariableKind::Input { base: Expr::Number(base) });
        self.typical.push((x.id(), base));
        self.drive = Some(weight);
        x
    }

    /// The reversal potential of an ion.
    pub fn reversal(&mut self, ion: &str, typical: f64) -> X {
        self.read(ion, IonQuantity::Reversal, typical)
    }

    /// A value of an ion.
    pub fn read(&mut self, ion: &str, quantity: IonQuantity, typical: f64) -> X {
        let x = self.variable(&quantity.name(ion), VariableKind::Ion { ion: ion.into(), quantity });
        self.typical.push((x.id(), typical));
        x
    }

    /// A state, its initial value, and a typical value.
    pub fn state(&mut self, name: &str, initial: impl Into<E>, typical: f64) -> X {
        let x = self.variable(name, VariableKind::State { initial: initial.into().0 });
        self.typical.push((x.id(), typical));
        x
    }

    /// A state that the instances of a cell have in common.
    pub fn common(&mut self, state: X) {
        self.mechanism.common.push(Common { variable: state.id(), before: None });
    }

    /// A state that the instances of a cell have in common, whose initial value follows from what the one before has left; the first one finds `first`.
    pub fn counted(&mut self, name: &str, first: f64, initial: impl Fn(X) -> E, typical: f64) -> X {
        let before = self.variable(&format!("{name}_before"), VariableKind::State { initial: Expr::Number(0.0) });
        let VariableKind::State { initial: own } = &mut self.mechanism.variables[before.id().index()].kind else {
            unreachable!()
        };
        *own = Expr::Var(before.0);
        let state = self.state(name, initial(before), typical);
        self.mechanism.common.push(Common { variable: state.id(), before: Some((before.id(), first)) });
        state
    }

    /// A definition.
    pub fn define(&mut self, name: &str, value: impl Into<E>) -> X {
        self.variable(name, VariableKind::Let { value: value.into().0 })
    }

    /// state' = rate
    pub fn equation(&mut self, state: X, rate: impl Into<E>) {
        self.mechanism.equations.push(Equation { state: state.id(), rate: rate.into().0, span: Span::default() });
    }

    /// left <-> right, of so many each.
    pub fn reaction(&mut self, left: &[(X, u32)], right: &[(X, u32)], forward: E, backward: Option<E>) {
        let side = |side: &[(X, u32)]| side.iter().map(|(x, n)| Species { count: f64::from(*n), state: x.id() }).collect();
        let (left, right, backward) = (side(left), side(right), backward.map(|b| b.0));
        self.mechanism.kinetic.reactions.push(Reaction { left, right, forward: forward.0, backward, span: Span::default() });
    }

    /// A state diffuses along the cell.
    pub fn diffusion(&mut self, state: X, volume: impl Into<E>, constant: impl Into<E>) {
        let (state, volume, constant) = (state.id(), volume.into().0, constant.into().0);
        self.mechanism.kinetic.diffusing.push(Diffusing { state, volume, constant, span: Span::default() });
    }

    /// The sum of these states stays so.
    pub fn conserve(&mut self, states: &[X], total: f64) {
        let sum = states.iter().map(|x| Species { count: 1.0, state: x.id() }).collect();
        self.mechanism.kinetic.conserved.push(Conserved { sum, total: Expr::Number(total), span: Span::default() });
    }

    /// The reactions become equations, before those that are there.
    pub fn scheme(&mut self) {
        let rates = bouton_model::algebra::kinetic::rates(&self.mechanism.kinetic);
        self.mechanism.equations.splice(0..0, rates);
    }

    /// A current.
    pub fn current(&mut self, name: &str, kind: CurrentKind, value: impl Into<E>) {
        let current = self.mechanism.currents.len();
        let variable = self.variable(name, VariableKind::Current { current }).id();
        self.mechanism.currents.push(Current { variable, kind, value: value.into().0, span: Span::default() });
    }

    /// `on start`, `on event` or `on NAME`.
    pub fn on(&mut self, name: &str, kind: HandlerKind, body: Vec<Action>) {
        let weight = Argument { name: "weight".into(), column: 0, dimension: Dimension::NONE };
        let arguments = if name == "event" { vec![weight] } else { Vec::new() };
        self.mechanism.handlers.push(Handler { name: name.into(), kind, arguments, body, span: Span::default() });
    }

    /// `on CONDITION`.
    pub fn condition(&mut self, when: E, body: Vec<Action>) {
        self.mechanism.conditions.push(Condition { when: when.0, body, span: Span::default() });
    }
}
