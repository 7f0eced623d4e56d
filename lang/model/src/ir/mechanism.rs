//! Mechanisms: equations on membrane, at a place, or by themselves.

use super::{Expr, HandlerId, LocalId, Name, Span, Var, VarId};
use crate::curve::Curve;
use crate::unit::Dimension;
use std::sync::Arc;

/// A mechanism, or the equations of a cell without a body.
#[derive(Clone, Debug, PartialEq)]
pub struct Mechanism {
    /// Its name.
    pub name: Name,
    /// Where it is declared.
    pub span: Span,
    /// Where it can be.
    pub kind: MechanismKind,
    /// Everything that has a name in it.
    pub variables: Vec<Variable>,
    /// Derivative equations in the order written (a later one sees the states that earlier ones have advanced).
    pub equations: Vec<Equation>,
    /// Reactions between states. Their rates are in [`Mechanism::equations`], too.
    pub kinetic: Kinetic,
    /// How they are integrated, where the script says so.
    pub method: Option<Method>,
    /// Currents in the order of declaration: the order in which they are summed.
    pub currents: Vec<Current>,
    /// Concentrations and reversal potentials that it writes.
    pub writes: Vec<Write>,
    /// `on start`, `on spike`, `on event`, `on NAME`.
    pub handlers: Vec<Handler>,
    /// `on CONDITION`.
    pub conditions: Vec<Condition>,
    /// `table v in lo .. hi by step`.
    pub table: Option<Table>,
    /// What connections bring and keep: column 0 is the weight, whatever the handlers call it. Empty where no event takes a value.
    pub columns: Vec<Column>,
    /// How many [`LocalId`]s its expressions use.
    pub locals: u32,
    /// For handlers of kind [`HandlerKind::Each`] the times that their parameters list (ms), where such were set.
    pub times: Vec<(HandlerId, Vec<Expr>)>,
    /// Whether the states of its scheme begin where that comes to rest, which is looked for from their initial values.
    pub steady: bool,
    /// States that all instances of a cell have in common, as NEURON has a GLOBAL variable that a file sets.
    pub common: Vec<Common>,
    /// Definitions that are interpolated, each group at an argument of its own.
    pub lookups: Vec<Lookup>,
    /// Values of a step's beginning that its equations use.
    pub ahead: Vec<(LocalId, Expr)>,
    /// What is done each time when the currents are looked at: lets and assignments of states.
    pub during: Vec<Action>,
    /// What is done when the states have advanced: lets and assignments of states.
    pub after: Vec<Action>,
    /// What it takes of the past of its own variables.
    pub pasts: Vec<Past>,
    /// Whether it draws noise at each step, beside what its handlers draw.
    pub noisy: bool,
}

/// A state that all instances of a cell have in common: what one of them sets the next one finds. They act in NEURON's order of nodes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Common {
    /// The state.
    pub variable: VarId,
    /// Of a state whose initial value follows from what the instance before has left: a state in which that is found, and what the first one finds.
    pub before: Option<(VarId, f64)>,
}

/// A variable drives an input of the same instance some time later.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Past {
    /// The input.
    pub input: VarId,
    /// What drives it.
    pub of: VarId,
    /// The parameter that says how much later (ms).
    pub delay: VarId,
}

/// Definitions that are interpolated between values which were computed once, as NMODL's TABLE does.
#[derive(Clone, Debug, PartialEq)]
pub struct Lookup {
    /// Of the argument, whatever it is.
    pub range: Table,
    /// Where it is looked up.
    pub argument: Expr,
    /// `Let`s, and what the table holds for them, with `v` in place of the argument.
    pub outputs: Vec<(VarId, Expr)>,
    /// What the table holds for the only output, where that was read from a file; it is always looked up.
    pub samples: Option<Arc<[f64]>>,
    /// A parameter by which the mechanism has no table where it is 0.
    pub switch: Option<VarId>,
}

/// A value that each connection to the mechanism has. Handlers that give it the same name share it.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// Its name.
    pub name: Name,
    /// Where it is declared.
    pub span: Span,
    /// Its dimension.
    pub dimension: Dimension,
    /// What it is at the start where the connection does not say; then it is kept, and handlers may set it.
    pub initial: Option<Expr>,
}

impl Mechanism {
    /// One that has nothing and does nothing yet.
    pub fn empty(name: Name, span: Span, kind: MechanismKind) -> Mechanism {
        Mechanism {
            name,
            span,
            kind,
            variables: Vec::new(),
            equations: Vec::new(),
            kinetic: Kinetic::default(),
            method: None,
            currents: Vec::new(),
            writes: Vec::new(),
            handlers: Vec::new(),
            conditions: Vec::new(),
            table: None,
            columns: Vec::new(),
            locals: 0,
            times: Vec::new(),
            steady: false,
            common: Vec::new(),
            lookups: Vec::new(),
            ahead: Vec::new(),
            during: Vec::new(),
            after: Vec::new(),
            pasts: Vec::new(),
            noisy: false,
        }
    }

    /// Whether it reads or writes anything of an ion.
    pub fn uses_ion(&self, ion: &str) -> bool {
        let read = |v: &Variable| matches!(&v.kind, VariableKind::Ion { ion: other, .. } if **other == *ion);
        let carried = |c: &Current| matches!(&c.kind, CurrentKind::Ion(other) if **other == *ion);
        self.variables.iter().any(read) || self.currents.iter().any(carried) || self.writes.iter().any(|w| *w.ion == *ion)
    }

    /// How its instances are advanced, in words. `place` tells where something stands.
    pub fn runs(&self, place: &dyn Fn(&Span) -> String) -> String {
        let variables = self.common.iter().filter_map(|common| self.variables.get(common.variable.index()));
        let told = |v: &Variable| format!("{} ({})", v.name.split('\'').next().unwrap_or_default(), place(&v.span));
        let common: Vec<String> = variables.map(told).collect();
        match common.is_empty() {
            true => "in lanes".to_owned(),
            false => format!("in lanes, all instances of a cell with one {}", common.join(", ")),
        }
    }

    /// Whether it writes this value of an ion.
    pub fn writes_ion(&self, ion: &str, quantity: IonQuantity) -> bool {
        self.writes.iter().any(|w| *w.ion == *ion && w.quantity == quantity)
    }

    /// Whether it reads this value of an ion.
    pub fn reads_ion(&self, ion: &str, quantity: IonQuantity) -> bool {
        let read = |v: &Variable| matches!(&v.kind, VariableKind::Ion { ion: other, quantity: of } if **other == *ion && *of == quantity);
        self.variables.iter().any(read)
    }

    /// Whether of two instances at one place the second finds there what the first has left: it writes values of an ion, or adds to a total current
    /// that it reads.
    pub fn acts_by_turns(&self) -> bool {
        let reads_own = |c: &Current| matches!(&c.kind, CurrentKind::Ion(ion) if self.reads_ion(ion, IonQuantity::Current));
        !self.writes.is_empty() || self.currents.iter().any(reads_own)
    }

    /// Whether it writes a concentration: then it acts before those that do not.
    pub fn writes_concentration(&self) -> bool {
        self.writes.iter().any(|w| w.quantity.is_concentration())
    }
}

/// Where a mechanism can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MechanismKind {
    /// Spread over membrane; currents per area.
    Density,
    /// At one place; currents absolute.
    Point,
    /// A cell by itself: has no membrane around it, `v` is a state of its own.
    Free,
}

/// Something that has a name.
#[derive(Clone, Debug, PartialEq)]
pub struct Variable {
    /// Its name.
    pub name: Name,
    /// Where it is declared.
    pub span: Span,
    /// Its dimension.
    pub dimension: Dimension,
    /// What it is.
    pub kind: VariableKind,
}

/// What a variable is.
#[derive(Clone, Debug, PartialEq)]
pub enum VariableKind {
    /// Settable. A default may use other parameters, `celsius`, `dt`.
    Param {
        /// Nothing: must be given.
        default: Option<Expr>,
    },
    /// What other parts of the network drive continuously.
    Input {
        /// Its value where nothing drives it; what drives it is added. As a default of a parameter.
        base: Expr,
    },
    /// Integrated, or changed by events.
    State {
        /// At the start; may use `v`, parameters, lets, and states declared before it.
        initial: Expr,
    },
    /// A definition; may use lets declared anywhere (no cycles).
    Let {
        /// What it stands for.
        value: Expr,
    },
    /// A function whose values are given where the mechanism is used. Only [`crate::builtin::Function::Table`] reads it.
    Table {
        /// Dimensions of its arguments, one or two.
        arguments: Vec<Dimension>,
        /// What it was given; nothing: must be given.
        curve: Option<Arc<Curve>>,
    },
    /// A value of an ion at the place of the mechanism.
    Ion {
        /// `k` of `ek`.
        ion: Name,
        /// Which of its values.
        quantity: IonQuantity,
    },
    /// The name of one of the mechanism's currents, readable like a let.
    Current {
        /// Index into [`Mechanism::currents`].
        current: usize,
    },
}

/// Values of an ion.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum IonQuantity {
    /// `ek` (mV)
    Reversal,
    /// `ki` (mM)
    Inside,
    /// `ko` (mM)
    Outside,
    /// `ik` (mA/cm2): the sum over all mechanisms of the place
    Current,
}

impl IonQuantity {
    /// How the value of an ion is called: `ek`, `ki`, `ko`, `ik`.
    pub fn name(self, ion: &str) -> String {
        match self {
            IonQuantity::Reversal => format!("e{ion}"),
            IonQuantity::Inside => format!("{ion}i"),
            IonQuantity::Outside => format!("{ion}o"),
            IonQuantity::Current => format!("i{ion}"),
        }
    }

    /// Which value of the ion a name is.
    pub fn of(name: &str, ion: &str) -> Option<IonQuantity> {
        if ion.is_empty() {
            return None;
        }
        [IonQuantity::Reversal, IonQuantity::Inside, IonQuantity::Outside, IonQuantity::Current]
            .into_iter()
            .find(|quantity| quantity.name(ion) == name)
    }

    /// Whether it is one of the two concentrations.
    pub fn is_concentration(self) -> bool {
        matches!(self, IonQuantity::Inside | IonQuantity::Outside)
    }
}

/// A value of an ion that a mechanism sets at its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Write {
    /// A `State`, which then lives with the ion, or a `Let`, whose value goes to the ion.
    pub variable: VarId,
    /// `ca` of `cai`.
    pub ion: Name,
    /// Which of its values: not the current.
    pub quantity: IonQuantity,
    /// When a `Let` goes to the ion.
    pub phase: WritePhase,
}

/// When a definition that is written to an ion is evaluated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WritePhase {
    /// After the states of the mechanism have advanced, and after its initial values.
    States,
    /// Before the currents of a step: what ions do by themselves.
    Currents,
}

/// x' = rate
#[derive(Clone, Debug, PartialEq)]
pub struct Equation {
    /// The state.
    pub state: VarId,
    /// Its derivative, per ms.
    pub rate: Expr,
    /// Where it stands.
    pub span: Span,
}

/// Reactions between states, all kinetic schemes of a mechanism together.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Kinetic {
    /// In order.
    pub reactions: Vec<Reaction>,
    /// Sums that stay what they are. Each takes the place of the balance of the last state in it whose balance still stands.
    pub conserved: Vec<Conserved>,
    /// Volumes of states that are amounts per volume; the rates of their reactions are then amounts per time.
    pub volumes: Vec<(VarId, Expr)>,
    /// States that diffuse along the cell.
    pub diffusing: Vec<Diffusing>,
}

/// A state that diffuses between neighbouring segments which have the mechanism: after the states of all mechanisms have advanced, for a step, implicitly.
#[derive(Clone, Debug, PartialEq)]
pub struct Diffusing {
    /// Which.
    pub state: VarId,
    /// Volume per length in which it is, in any unit: a cross-section.
    pub volume: Expr,
    /// The diffusion constant (cm2/ms) times that volume.
    pub constant: Expr,
    /// Where it stands.
    pub span: Span,
}

impl Diffusing {
    /// Both values.
    pub fn values(&self) -> [&Expr; 2] {
        [&self.volume, &self.constant]
    }
}

/// left <-> right: the flux from left to right is forward * (product of the left states) - backward * (product of the right states).
#[derive(Clone, Debug, PartialEq)]
pub struct Reaction {
    /// What goes in. Nothing: the forward rate is a flux by itself.
    pub left: Vec<Species>,
    /// What comes out. May be nothing.
    pub right: Vec<Species>,
    /// Forward rate.
    pub forward: Expr,
    /// Backward rate, where there is one.
    pub backward: Option<Expr>,
    /// Where it stands.
    pub span: Span,
}

/// A state in a reaction or a sum.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Species {
    /// How many of it; in reactions a whole number.
    pub count: f64,
    /// Which.
    pub state: VarId,
}

/// The sum of these stays `total`.
#[derive(Clone, Debug, PartialEq)]
pub struct Conserved {
    /// At least one.
    pub sum: Vec<Species>,
    /// What it is.
    pub total: Expr,
    /// Where it stands.
    pub span: Span,
}

/// Integration methods of a mechanism.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Method {
    /// Exact for equations linear in their own state, one after the other.
    Cnexp,
    /// Backward Euler by Newton's iteration, all states of the mechanism at once.
    Derivimplicit,
    /// Forward Euler.
    Euler,
    /// The classical Runge-Kutta method of fourth order.
    RungeKutta,
    /// Backward Euler of a kinetic scheme: the linear equations are eliminated once if the scheme is linear, else Newton's iteration.
    Sparse,
    /// No integration: the states are what brings all rates to 0, found by Newton's iteration from where they were.
    Newton,
}

/// A current.
#[derive(Clone, Debug, PartialEq)]
pub struct Current {
    /// Its variable.
    pub variable: VarId,
    /// What carries it.
    pub kind: CurrentKind,
    /// mA/cm2 of a density mechanism, mA of a point mechanism.
    pub value: Expr,
    /// Where it stands.
    pub span: Span,
}

/// What carries a current.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CurrentKind {
    /// An ion, out of the cell.
    Ion(Name),
    /// Nothing in particular, out of the cell.
    Nonspecific,
    /// An electrode, into the cell.
    Electrode,
}

/// What happens at an event.
#[derive(Clone, Debug, PartialEq)]
pub struct Handler {
    /// `event`, or the name that `send` and `via` use.
    pub name: Name,
    /// What it answers.
    pub kind: HandlerKind,
    /// What it takes of its connection.
    pub arguments: Vec<Argument>,
    /// In order.
    pub body: Vec<Action>,
    /// Where it stands.
    pub span: Span,
}

/// A value that a handler takes of its connection.
#[derive(Clone, Debug, PartialEq)]
pub struct Argument {
    /// Its name.
    pub name: Name,
    /// Index into [`Mechanism::columns`]; 0 is the weight.
    pub column: u8,
    /// Its dimension.
    pub dimension: Dimension,
}

impl Handler {
    /// The dimension of the weight that it takes.
    #[must_use]
    pub fn weight(&self) -> Option<Dimension> {
        self.arguments.iter().find(|one| one.column == 0).map(|one| one.dimension)
    }
}

/// What a handler answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HandlerKind {
    /// The start of a simulation, after all initial values.
    Start,
    /// The end of every step, after the states have advanced.
    Step,
    /// Events: from connections, or sent by the mechanism to itself.
    Event,
    /// The spikes of the cell that carries the mechanism.
    Spike,
    /// Each of the times that this parameter lists.
    Each(VarId),
}

impl Mechanism {
    /// The handlers that are reached while a simulation runs, in the order of their numbers in the mechanism's code: all but `on start` and `on step`.
    pub fn reached(&self) -> impl Iterator<Item = (HandlerId, &Handler)> {
        (0..).map(HandlerId).zip(&self.handlers).filter(|(_, one)| !matches!(one.kind, HandlerKind::Start | HandlerKind::Step))
    }

    /// Whether some handler or condition fires.
    #[must_use]
    pub fn fires(&self) -> bool {
        self.bodies().any(|body| some(body, &|action| matches!(action, Action::Spike(_))))
    }

    /// Whether each connection has values of its own beside its weight, or one that changes.
    #[must_use]
    pub fn keeps(&self) -> bool {
        self.columns.len() > 1 || self.columns.iter().any(|one| one.initial.is_some()) || self.visits()
    }

    /// Whether some handler goes over the connections of its instance.
    #[must_use]
    pub fn visits(&self) -> bool {
        self.bodies().any(|body| some(body, &|action| matches!(action, Action::EachConnection(_))))
    }

    /// Whether events to the mechanism itself bring a number of their own. Where they do every handler has it as an argument: 0 where none was sent.
    #[must_use]
    pub fn has_flags(&self) -> bool {
        self.bodies().any(|body| some(body, &|action| matches!(action, Action::Send { flag: Some(_), .. })))
    }

    /// The argument that such a number is.
    #[must_use]
    pub fn flag(&self) -> Var {
        Var::Argument(u8::try_from(self.columns.len().max(1)).unwrap_or(u8::MAX))
    }

    fn bodies(&self) -> impl Iterator<Item = &[Action]> {
        let handlers = self.handlers.iter().map(|one| one.body.as_slice());
        handlers.chain(self.conditions.iter().map(|one| one.body.as_slice()))
    }

    /// Whether a parameter lists times.
    #[must_use]
    pub fn lists(&self, parameter: VarId) -> bool {
        self.handlers.iter().any(|one| one.kind == HandlerKind::Each(parameter))
    }

    /// Whether it hears of the spikes of the cell that carries it.
    #[must_use]
    pub fn hears(&self) -> bool {
        self.handlers.iter().any(|one| one.kind == HandlerKind::Spike)
    }
}

/// Whether some action is of a kind, or holds one.
fn some(body: &[Action], kind: &dyn Fn(&Action) -> bool) -> bool {
    body.iter().any(|action| {
        kind(action)
            || match action {
                Action::If(_, then, otherwise) => some(then, kind) || some(otherwise, kind),
                Action::EachConnection(inner) => some(inner, kind),
                Action::Assign(..)
                | Action::Potential(_)
                | Action::Keep(..)
                | Action::Let(..)
                | Action::Spike(_)
                | Action::Send { .. } => false,
            }
    })
}

/// What happens when a condition becomes true.
#[derive(Clone, Debug, PartialEq)]
pub struct Condition {
    /// Looked at at the beginning of each step.
    pub when: Expr,
    /// In order.
    pub body: Vec<Action>,
    /// Where it stands.
    pub span: Span,
}

/// What handlers do.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// state = value (`+=` and its like are written out)
    Assign(VarId, Expr),
    /// v = value (mV): the potential of the place where a point mechanism sits.
    Potential(Expr),
    /// A column of the connection = value.
    Keep(u8, Expr),
    /// For each connection that reaches the instance, with its columns as arguments. Inside are no events and nothing of the cell.
    EachConnection(Vec<Action>),
    /// A local value for what follows in the handler.
    Let(LocalId, Expr),
    /// if
    If(Expr, Vec<Action>, Vec<Action>),
    /// The cell fires now, once or so many times (the integer part; nothing below 1).
    Spike(Option<Expr>),
    /// An event to the mechanism itself.
    Send {
        /// After so many ms (negative values count as 0).
        delay: Expr,
        /// To this handler.
        handler: HandlerId,
        /// In place of all that the mechanism has sent to this handler and that are still to come.
        moves: bool,
        /// A number that goes with it: to the handler it is the argument behind the columns (see [`Mechanism::flag`]).
        flag: Option<Expr>,
    },
}

/// Lets that depend on `v` and constants alone, and are used outside such lets, are interpolated in a table.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Table {
    /// First entry (mV).
    pub lo: f64,
    /// Last entry (mV).
    pub hi: f64,
    /// Number of intervals.
    pub intervals: usize,
}
