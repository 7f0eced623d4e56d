//! Mechanisms become programs of the kernel machine: what each mechanism's code consists of, and how it is asked for.

mod compile;
mod derive;
mod emit;
mod field;
mod fold;
mod graph;
mod jobs;
mod lower;
pub mod method;
mod observe;
mod rewrite;
mod show;
mod table;

pub use field::{Field, Partial, field};
pub use observe::{Observed, observe};
pub use show::{Shown, show};

use crate::vm::program::{Program, TableData};
use bouton_model::ir::{Mechanism, VarId};

/// What a mechanism takes from outside, once for each instance; but for [`Input::Driven`] it stays as it is through a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Input {
    /// A parameter, or a value of an ion; of what is written to an ion, and of a current that is summed, where it goes.
    Variable(VarId),
    /// What an `input` is where nothing drives it; the row is written through the run (see [`crate::plan::Drive`]).
    Driven(VarId),
    /// Where the slope of a current goes that is summed.
    Slope(VarId),
    /// The initial value of a state, where one was set; where none was, its mode is [`Mode::UNSET`], or of some instances only, not a number.
    Initial(VarId),
    /// A parameter of the script that the mechanism uses.
    Global(bouton_model::ir::ParamId),
    /// Membrane area of the segment (cm2).
    Area,
    /// Diameter of the segment (cm).
    Diam,
    /// Of longitudinal diffusion, with dx the length of a segment: 2 / (dx of the parent) / (dx + dx of the parent) (1/cm2), by which what moves between
    /// the two counts in the parent; 0 where there is no parent.
    Toward,
    /// 2 / dx / (dx + dx of the parent) (1/cm2), by which it counts in the segment itself.
    Back,
    /// What turns a point mechanism's current (mA) into the unit of its node's row: 1 / area, or 1 where there is no area.
    Factor,
}

/// How an input is given.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Mode {
    /// The same for all instances: a constant of the programs.
    Fixed(f64),
    /// A row of the pool.
    PerInstance,
    /// A row that all mechanisms of a place share, by its number in the class: [`crate::plan::Class::shared`].
    Shared(u16),
}

impl Mode {
    /// Of an [`Input::Initial`] that was not set: the mechanism's own expression is used.
    pub const UNSET: Mode = Mode::Fixed(f64::NAN);

    /// Whether a value was given.
    pub fn is_set(self) -> bool {
        !matches!(self, Mode::Fixed(x) if x.is_nan())
    }
}

/// What programs are made for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Setting {
    /// ms
    pub dt: f64,
    /// K
    pub celsius: f64,
    /// Rates are interpolated where the mechanism has a table.
    pub tables: bool,
    /// See [`crate::plan::Plan::second_order`].
    pub second_order: bool,
    /// The pool's instances are scattered: potentials are copied to a row before, currents are written to rows.
    pub scattered: bool,
    /// How cells of equations advance whose mechanism names no method.
    pub solving: Solving,
}

/// How the equations of a cell without a body advance, where its mechanism names no method.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Solving {
    /// As those of any mechanism.
    #[default]
    Own,
    /// By a method of a fixed step, in one program: nothing drives the cell while it steps.
    Whole(method::explicit::Explicit),
    /// By a method of a fixed step, stage by stage.
    Stages(method::explicit::Explicit),
    /// By steps of its own length, within a tolerance.
    Adaptive(method::adaptive::Tolerance),
}

/// The programs of a mechanism and the rows of its pool.
#[derive(Clone, Debug, PartialEq)]
pub struct MechanismCode {
    /// Of the mechanism.
    pub name: String,
    /// How many rows an instance has.
    pub rows: u16,
    /// Which row each `PerInstance` input fills, in the order of [`crate::plan::Pool::inputs`].
    pub inputs: Vec<(Input, u16)>,
    /// Where the variables are.
    pub values: Vec<(VarId, Place)>,
    /// Variables that are in shared rows, and in which.
    pub shared: Vec<(VarId, u16)>,
    /// Rows of the pool that stand for shared ones: copied before a program that reads them, and back after one that writes them.
    pub mirrors: Vec<Mirror>,
    /// Rows that hold the same for all instances of a cell: what one leaves there the next one finds.
    pub common: Vec<Common>,
    /// Names and rows of the states, but for those that are in shared rows.
    pub states: Vec<(String, u16)>,
    /// Computes the rows that depend on inputs alone; run once, and after a change of inputs.
    pub prepare: Program,
    /// Initial values of the states.
    pub init: Program,
    /// Adds currents to `Rhs` and slopes to `D`; or, scattered, writes them to [`Scattered::current`] and [`Scattered::slope`].
    pub current: Option<Program>,
    /// The same without slopes, where these stay as they are through a run.
    pub steady: Option<Program>,
    /// Rows of a scattered pool.
    pub scattered: Option<Scattered>,
    /// Advances the states by a step.
    pub advance: Advance,
    /// Diffusion between segments, after the states have advanced.
    pub diffusion: Option<Diffusion>,
    /// Writes definitions to shared rows: after the initial values, and after the states have advanced.
    pub publish: Option<Program>,
    /// Whether instances at one place act one after the other.
    pub turns: bool,
    /// Whether its initial values are written to shared rows.
    pub writes_shared: bool,
    /// Whether its currents are values of ions that follow from others: they are looked at again whenever initial values were written.
    pub follows: bool,
    /// Looked at at the beginning of each step.
    pub conditions: Vec<ConditionCode>,
    /// What events do; links and sends name them by index. `on start` is [`MechanismCode::start`].
    pub handlers: Vec<HandlerCode>,
    /// What happens at the start.
    pub start: Option<HandlerCode>,
    /// What happens at the end of every step.
    pub step: Option<StepCode>,
    /// Tables that the programs look up.
    pub tables: Vec<TableData>,
    /// Number of the handler that answers the spikes of the instance's own cell.
    pub hears: Option<u16>,
    /// What is computed because it is recorded; see [`observe`].
    pub observed: Observed,
    /// What is computed because others are driven by it; see [`show`].
    pub shown: Shown,
    /// Slopes and their derivatives, where they were asked for; see [`field`].
    pub field: Option<Field>,
    /// What its connections bring and keep, where that is more than a weight that stays. Its handlers then read the connection's columns as arguments.
    pub connections: Option<ConnectionCode>,
    /// Whether it has an electrode: then its potential is that of the inside against ground, and its currents do not come through the membrane.
    pub electrode: bool,
    /// Whether some handler draws random numbers.
    pub draws: bool,
    /// Whether some handler spikes.
    pub spikes: bool,
    /// Handlers that act at times known from the start, and where those are (ms).
    pub times: Vec<(u16, Vec<Place>)>,
    /// Handlers to which the mechanism moves events of its own, in order.
    pub moves: Vec<u16>,
    /// Whether events to the mechanism itself bring a number: the first that is carried to the parts of a handler, 0 where none was sent.
    pub flags: bool,
}

impl MechanismCode {
    /// Whether scattered instances stand in the order in which they act, whatever their places.
    pub fn has_order(&self) -> bool {
        self.turns || !self.common.is_empty()
    }

    /// Whether instances send events to themselves.
    pub fn sends(&self) -> bool {
        let handlers = self.handlers.iter().chain(&self.start);
        let of_handlers = handlers.flat_map(|h| h.effects.iter().chain(h.parts.iter().flat_map(|part| &part.effects)));
        let mut effects = of_handlers.chain(self.step.iter().flat_map(|step| &step.effects));
        !self.times.is_empty() || !self.conditions.is_empty() || effects.any(|e| matches!(e, Effect::Send { .. }))
    }
}

/// Longitudinal diffusion. Of each state that diffuses five rows follow one another: the state, its diffusion constant, its volume, [`Input::Toward`] and
/// [`Input::Back`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Diffusion {
    /// Writes the rows.
    pub program: Program,
    /// First row of each state.
    pub rows: Vec<u16>,
    /// ms
    pub dt: f64,
    /// Takes the states back from the rows.
    pub after: Program,
}

/// Where the value of a variable is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Place {
    /// The same for all instances.
    Fixed(f64),
    /// In this row.
    Row(u16),
}

/// A row of the pool that stands for a shared one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mirror {
    /// Row of the pool.
    pub row: u16,
    /// The shared row.
    pub shared: u16,
    /// It is what the instance adds to the shared row.
    pub adds: bool,
}

/// A row that holds the same for all instances of a cell. They act in the order of the pool, and each finds what the one before has left.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Common {
    /// Row of the pool.
    pub row: u16,
    /// Row in which the program of initial values finds what the instance before has left, and what the first one finds.
    pub before: Option<(u16, f64)>,
}

/// Rows through which a scattered pool meets its nodes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scattered {
    /// Potential of each instance's node.
    pub v: u16,
    /// Current of each instance, times its factor.
    pub current: u16,
    /// Slope of the current, times its factor.
    pub slope: u16,
}

/// How states advance.
#[derive(Clone, Debug, PartialEq)]
pub enum Advance {
    /// There are no equations.
    None,
    /// One program for all.
    Program(Program),
    /// Backward Euler by Newton's iteration.
    Newton(method::derivimplicit::Newton),
    /// Backward Euler of a kinetic scheme that is not linear.
    Iterated(Box<method::sparse::Iterated>),
    /// In stages, between which values are exchanged: a program each.
    Stages(method::explicit::Explicit, Vec<Program>),
    /// In steps of its own length.
    Adaptive(Box<method::adaptive::Adaptive>),
}

/// A condition.
#[derive(Clone, Debug, PartialEq)]
pub struct ConditionCode {
    /// Writes the mask to row `now`.
    pub test: Program,
    /// The mask of this step.
    pub now: u16,
    /// The mask of the step before; all clear at the start.
    pub before: u16,
    /// What happens where `now` is set and `before` is not: index into [`MechanismCode::handlers`].
    pub handler: u16,
}

/// What the connections to a mechanism have for themselves.
#[derive(Clone, Debug, PartialEq)]
pub struct ConnectionCode {
    /// Names of the columns; the first is the weight.
    pub columns: Vec<String>,
    /// Columns that are kept, in the order of the outputs of `init`.
    pub kept: Vec<u8>,
    /// What they are at the start where the connection does not say, of one instance.
    pub init: Program,
    /// Whether handlers go over the connections of an instance.
    pub visited: bool,
}

/// A part of a handler behind the first.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// Once for each connection that reaches the instance, with its columns as arguments; else once, with those of the connection that is handled.
    pub each: bool,
    /// Like [`HandlerCode::program`]; behind the columns its arguments are what [`Effect::Carry`] gave, in order.
    pub program: Program,
    /// In order.
    pub effects: Vec<Effect>,
}

/// What happens at an event, for one instance.
#[derive(Clone, Debug, PartialEq)]
pub struct HandlerCode {
    /// For messages.
    pub name: String,
    /// Writes states, leaves in `outputs` what `effects` name.
    pub program: Program,
    /// In order.
    pub effects: Vec<Effect>,
    /// What follows.
    pub parts: Vec<Part>,
    /// If all it does is to add multiples of the weight to states.
    pub additive: Option<Vec<Addition>>,
}

/// What happens at the end of every step, for all instances at once.
#[derive(Clone, Debug, PartialEq)]
pub struct StepCode {
    /// Writes states and the rows that `effects` name.
    pub program: Program,
    /// In order; masks and numbers are rows.
    pub effects: Vec<Effect>,
}

/// What an additive handler does to a state: the very operations of its program.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Addition {
    /// The state.
    pub row: u16,
    /// What is added to it.
    pub term: Term,
}

/// A multiple of the weight.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Term {
    /// row + weight
    Weight,
    /// row + factor * weight, rounded twice
    Product(Place),
    /// fma(factor, weight, row)
    Fused(Place),
}

/// What a handler causes outside its states. Numbers are indices into [`Program::outputs`], of a [`StepCode`] rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// The instance's source spikes.
    Spike {
        /// Mask: whether.
        when: u16,
        /// How many times: the integer part, and none below 1 or for NaN. Nothing: once.
        times: Option<u16>,
    },
    /// The node of the instance gets this potential.
    Potential {
        /// mV
        value: u16,
    },
    /// A column of the connection gets this value.
    Keep {
        /// Which.
        column: u8,
        /// The value.
        value: u16,
    },
    /// A value that later parts take as an argument.
    Carry {
        /// The value.
        value: u16,
    },
    /// An event to the instance itself. One whose handler takes values of a connection has those of the connection that is handled.
    Send {
        /// Mask: whether.
        when: u16,
        /// After so many ms; what is not above 0 counts as 0.
        delay: u16,
        /// To this handler.
        handler: u16,
        /// In place of all that the instance has sent to this handler and that are still to come.
        moves: bool,
        /// A number that goes with it.
        flag: Option<u16>,
    },
}

impl Effect {
    /// The same effect with other numbers.
    fn renumbered(self, number: impl Fn(u16) -> u16) -> Effect {
        match self {
            Effect::Spike { when, times } => Effect::Spike { when: number(when), times: times.map(number) },
            Effect::Potential { value } => Effect::Potential { value: number(value) },
            Effect::Keep { column, value } => Effect::Keep { column, value: number(value) },
            Effect::Carry { value } => Effect::Carry { value: number(value) },
            Effect::Send { when, delay, handler, moves, flag } => {
                Effect::Send { when: number(when), delay: number(delay), handler, moves, flag: flag.map(number) }
            }
        }
    }
}

/// Why no code could be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KernelError {
    /// In the words of the user.
    pub message: String,
    /// The place in the source.
    pub span: bouton_model::ir::Span,
}

impl MechanismCode {
    /// Where a variable's value is; nothing for what is computed where used.
    pub fn value(&self, variable: VarId) -> Option<Place> {
        self.values.iter().find(|(v, _)| *v == variable).map(|(_, p)| *p)
    }
}

/// The code of a mechanism whose inputs are given as `mode` says.
///
/// # Errors
/// An equation that its method cannot integrate, a script parameter or draw where there may be none.
pub fn compile(mechanism: &Mechanism, setting: &Setting, mode: &dyn Fn(Input) -> Mode) -> Result<MechanismCode, KernelError> {
    compile::compile(mechanism, setting, mode)
}
