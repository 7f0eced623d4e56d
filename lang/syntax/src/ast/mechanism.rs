//! Mechanisms: equations, kinetic schemes and events. What a cell has beside these is in `cell`.

use super::{Binding, Bindings, Block, Doc, Expr, Fn, InGroup, Insert, Name, Path, Section, SpikeAt, Synapse, UnitExpr};
use crate::span::Span;

/// `mechanism kv { }`, `point mechanism stdp { }`, `mechanism b per s extends a { }`.
#[derive(Clone, Debug, PartialEq)]
pub struct Mechanism {
    /// The name.
    pub name: Name,
    /// `point mechanism`: at one place instead of over membrane.
    pub point: bool,
    /// The unit after `per`: derivatives are per this, without units.
    pub per: Option<UnitExpr>,
    /// The mechanism after `extends`.
    pub base: Option<Path>,
    /// What stands in the braces.
    pub body: Block<Member>,
}

/// One line of a mechanism or a cell.
#[derive(Clone, Debug, PartialEq)]
pub struct Member {
    /// What the `///` lines before it say.
    pub doc: Option<Doc>,
    /// What it is.
    pub kind: MemberKind,
    /// The whole, without the doc.
    pub span: Span,
}

/// What can stand in a mechanism or a cell. Those from `Section` on are of cells only, `Rename` and `Voltage` of imported
/// cells; the parser sees to the first, the checker to the second.
#[derive(Clone, Debug, PartialEq)]
pub enum MemberKind {
    /// Unreadable, already reported.
    Error,
    /// `param gbar = 5 pS/um2, tau: ms`
    Param(Bindings),
    /// `state n = a / (a + b), g: uS`
    State(Bindings),
    /// `let q10 = 2.3`
    Let(Bindings),
    /// `input I = base, u: Hz`
    Input(Bindings),
    /// `output m = expr`
    Output(Bindings),
    /// `fn f(x) = x^2`
    Fn(Fn),
    /// `ion k reads ek writes ik`
    Ion(Ion),
    /// `current i = g * (v - e)`, `electrode current i = ...`
    Current {
        /// Injected rather than flowing out.
        electrode: bool,
        /// The currents.
        currents: Bindings,
    },
    /// `method cnexp`
    Method(Name),
    /// `kinetic { }`
    Kinetic(Block<KineticLine>),
    /// `table v in -100 mV .. 100 mV by 1 mV`
    Table(Table),
    /// `on v > v_thr { }`
    Handler(Handler),
    /// `n' = ...`
    Equation(Equation),
    /// `ik = gbar * (v - ek)`: a current or concentration that `ion ... writes`; in a cell also a knob of one of its parts.
    Assign(Assign),
    /// `section soma { }`
    Section(Section),
    /// `insert exc: alpha_kernel { }`
    Insert(Insert),
    /// `synapse nmda: Exp2Syn at dend(0.5) { }`
    Synapse(Synapse),
    /// `spike at soma(0.5) above 10 mV`
    SpikeAt(SpikeAt),
    /// `in apical { }`
    In(InGroup),
    /// `rename sec -> soma`
    Rename {
        /// The foreign name.
        from: Expr,
        /// The new one.
        to: Name,
    },
    /// `voltage is Izhi2007a_0.V`
    Voltage(Expr),
    /// `ignore topology`
    Ignore(Name),
}

/// `ion ca reads cai, cao writes ica valence 2`.
#[derive(Clone, Debug, PartialEq)]
pub struct Ion {
    /// The ion.
    pub name: Name,
    /// The field's names after `reads`: `ek`, `ki`.
    pub reads: Vec<Name>,
    /// Those after `writes`.
    pub writes: Vec<Name>,
    /// For an ion of one's own.
    pub valence: Option<Expr>,
}

/// `n' = q10 * (a * (1 - n) - b * n)`.
#[derive(Clone, Debug, PartialEq)]
pub struct Equation {
    /// The state.
    pub name: Name,
    /// Its derivative.
    pub value: Expr,
}

/// `target = value`, `target += value`, ...
#[derive(Clone, Debug, PartialEq)]
pub struct Assign {
    /// Built of `Name`, `Field`, `Index` and `Call` only.
    pub target: Expr,
    /// Which sign.
    pub op: AssignOp,
    /// Right of it.
    pub value: Expr,
    /// The whole.
    pub span: Span,
}

/// How an assignment changes its target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AssignOp {
    /// `=`
    Set,
    /// `+=`
    Add,
    /// `-=`
    Sub,
    /// `*=`
    Mul,
    /// `/=`
    Div,
}

impl AssignOp {
    /// As written.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            AssignOp::Set => "=",
            AssignOp::Add => "+=",
            AssignOp::Sub => "-=",
            AssignOp::Mul => "*=",
            AssignOp::Div => "/=",
        }
    }
}

/// `table v in -100 mV .. 100 mV by 1 mV for minf, mtau`.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// The variable that the tabulated depend on.
    pub variable: Name,
    /// Its range, a `Range` unless broken.
    pub range: Expr,
    /// After `for`: what it holds; nothing: all that depends on the variable alone.
    pub names: Vec<Name>,
}

/// A line of `kinetic { }`.
#[derive(Clone, Debug, PartialEq)]
pub struct KineticLine {
    /// What it is.
    pub kind: KineticKind,
    /// The whole.
    pub span: Span,
}

/// What can stand in `kinetic { }`.
#[derive(Clone, Debug, PartialEq)]
pub enum KineticKind {
    /// Unreadable, already reported.
    Error,
    /// `C <-> O (alpha, beta)`, `2 A -> B (k)`
    Reaction {
        /// What goes in; nothing: a source.
        left: Vec<Species>,
        /// What comes out; nothing: a loss.
        right: Vec<Species>,
        /// The rate from left to right.
        forward: Expr,
        /// The rate back, for `<->`.
        backward: Option<Expr>,
    },
    /// `conserve C + O = 1`
    Conserve {
        /// The sum.
        sum: Vec<Species>,
        /// What it always is.
        total: Expr,
    },
    /// `compartment volume { ca, buffer }`
    Compartment {
        /// The volume that the species are in.
        size: Expr,
        /// The species.
        species: Vec<Name>,
    },
    /// `steady`: the states begin where the scheme comes to rest.
    Steady,
    /// `diffusion D { ca }`
    Diffusion {
        /// The diffusion constant along the section.
        constant: Expr,
        /// The species.
        species: Vec<Name>,
    },
}

/// `2 A` of a reaction or a sum.
#[derive(Clone, Debug, PartialEq)]
pub struct Species {
    /// How many; 1 where none is written.
    pub count: f64,
    /// Which state.
    pub name: Name,
    /// The whole.
    pub span: Span,
}

/// `on TRIGGER { ... }`.
#[derive(Clone, Debug, PartialEq)]
pub struct Handler {
    /// When.
    pub trigger: Trigger,
    /// What then happens.
    pub body: Block<Action>,
}

/// When a handler acts.
#[derive(Clone, Debug, PartialEq)]
pub enum Trigger {
    /// `on start`: at the beginning of a run.
    Start(Span),
    /// `on spike`: the cell that carries the mechanism fires.
    Spike(Span),
    /// `on step`: the end of every step.
    Step(Span),
    /// `on currents`: each time when the currents are looked at.
    Currents(Span),
    /// `on states`: the states of the mechanism have advanced by a step.
    States(Span),
    /// `on each times`: each of the times that a parameter lists.
    Each(Name),
    /// `on event(weight: uS)`, `on recover`: a spike that arrives, a self-event.
    Event {
        /// The port.
        name: Name,
        /// What it brings, or what each connection keeps.
        params: Vec<Binding>,
    },
    /// `on v > 30 mV`: becomes true.
    Condition(Expr),
}

/// A step of a handler or a function.
#[derive(Clone, Debug, PartialEq)]
pub struct Action {
    /// What it is.
    pub kind: ActionKind,
    /// The whole.
    pub span: Span,
}

/// What can stand in a handler or a function.
#[derive(Clone, Debug, PartialEq)]
pub enum ActionKind {
    /// Unreadable, already reported.
    Error,
    /// `u += d`
    Assign(Assign),
    /// `let y = x^2`
    Let(Bindings),
    /// `spike`, `spike n`
    Spike(Option<Expr>),
    /// `after 2 ms send refractory`, `after 2 ms move next`
    Send {
        /// How long after now.
        after: Expr,
        /// In place of those that are pending.
        moves: bool,
        /// Which event.
        event: Name,
    },
    /// `if c { } else { }`
    If(IfAction),
    /// `for each connection { }`
    ForEachConnection(Block<Action>),
    /// `return y + 1`
    Return(Expr),
}

/// `if c { } else if d { } else { }` among actions.
#[derive(Clone, Debug, PartialEq)]
pub struct IfAction {
    /// The condition.
    pub condition: Expr,
    /// Done if true.
    pub then: Block<Action>,
    /// Done if false; for `else if` a block whose only action is that `If`.
    pub otherwise: Option<Block<Action>>,
}
