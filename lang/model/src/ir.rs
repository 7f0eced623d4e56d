//! The checked program: no names to look up, no units to convert. Numbers stand in ms, mV, mA, cm, umol, K.

pub mod cell;
pub mod expr;
pub mod knob;
pub mod mechanism;
pub mod network;
pub mod script;
pub mod search;

pub use bouton_syntax::span::Span;
pub use cell::*;
pub use expr::*;
pub use knob::*;
pub use mechanism::*;
pub use network::*;
pub use script::*;
pub use search::*;

use crate::unit::Dimension;
use std::sync::Arc;

/// A name as the user wrote it.
pub type Name = Arc<str>;

macro_rules! ids {
    ($($(#[$doc:meta])* $id:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $id(pub u32);
        impl $id {
            /// As an index.
            pub fn index(self) -> usize {
                self.0 as usize
            }
        }
    )*};
}
ids!(
    /// Into [`Program::params`].
    ParamId,
    /// Into [`Program::mechanisms`].
    MechanismId,
    /// Into [`Program::cells`].
    CellId,
    /// Into [`Tree::sections`].
    SectionId,
    /// Into [`Tree::params`].
    CellParamId,
    /// Into [`Program::populations`].
    PopulationId,
    /// Into [`Program::synapses`].
    SynapseId,
    /// Into [`Program::records`].
    RecordId,
    /// Into [`Program::tables`].
    TableId,
    /// Into [`Mechanism::variables`].
    VarId,
    /// Into [`Mechanism::handlers`].
    HandlerId,
    /// A local value of an expression, a handler or a script; unique within its mechanism or within the script.
    LocalId,
);

/// A checked script.
#[derive(Clone, Debug, Default)]
pub struct Program {
    /// Top-level `param`s: the knobs.
    pub params: Vec<Param>,
    /// Those that are used, the library's included; candidates of a search, whose programs differ in settings, share them.
    pub mechanisms: Arc<Vec<Mechanism>>,
    /// Those that are used, the library's included; shared as mechanisms are.
    pub cells: Arc<Vec<Cell>>,
    /// Ions that mechanisms name.
    pub ions: Vec<Ion>,
    /// In order of declaration.
    pub populations: Vec<Population>,
    /// Synapses of the file.
    pub synapses: Vec<Synapse>,
    /// `connect` and `stimulate ... with` a source of events, in order of declaration.
    pub connections: Vec<Connection>,
    /// `stimulate ... with` a point mechanism, in order of declaration.
    pub electrodes: Vec<Electrode>,
    /// Attributes of `simulation`.
    pub simulation: Simulation,
    /// What is recorded.
    pub records: Vec<Record>,
    /// Values of connections that statements read.
    pub tables: Vec<ConnectionTable>,
    /// Files to which samples go.
    pub record_files: Vec<RecordFile>,
    /// In order.
    pub statements: Vec<Statement>,
}

/// An ion.
#[derive(Clone, Debug, PartialEq)]
pub struct Ion {
    /// `ca`
    pub name: Name,
    /// Its charge in elementary charges.
    pub valence: f64,
}

/// A top-level parameter.
#[derive(Clone, Debug)]
pub struct Param {
    /// Its name.
    pub name: Name,
    /// Where it is declared.
    pub span: Span,
    /// Its dimension.
    pub dimension: Dimension,
    /// Its value in the script; may use parameters declared anywhere (no cycles).
    pub value: Expr,
}

/// An attribute's value and its place.
#[derive(Clone, Debug)]
pub struct Attribute {
    /// The value.
    pub value: Expr,
    /// Where it was written.
    pub span: Span,
}

/// Attributes of `simulation`, each where it was given.
#[derive(Clone, Debug, Default)]
pub struct Simulation {
    /// ms
    pub duration: Option<Attribute>,
    /// ms; 0.025 if not given
    pub dt: Option<Attribute>,
    /// K (absolute); 279.45 (6.3 degC) if not given
    pub celsius: Option<Attribute>,
    /// mV; -65 if not given
    pub v_init: Option<Attribute>,
    /// 1 if not given
    pub seed: Option<Attribute>,
    /// Number of threads; all cores if not given.
    pub threads: Option<Attribute>,
    /// Whether steps are centred.
    pub second_order: SecondOrder,
    /// How cells of equations advance; as each mechanism says or needs if not given.
    pub solver: Option<Solver>,
    /// Error that a solver with steps of its own allows, of each state; 1e-3 if not given.
    pub rtol: Option<Attribute>,
    /// The same in units of the state; 1e-6 if not given.
    pub atol: Option<Attribute>,
    /// Its longest step (ms); as long as errors allow if not given.
    pub max_step: Option<Attribute>,
    /// Evaluate tabulated rates exactly.
    pub tables_off: bool,
    /// Which random streams the network is built with.
    pub streams: Streams,
}

/// Which values are those of a step of second order, like Crank and Nicolson's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SecondOrder {
    /// None: backward Euler (NEURON's `secondorder = 0`).
    #[default]
    Off,
    /// Potentials and states; the total currents of ions are those of the beginning of the step (`secondorder = 1`).
    Potentials,
    /// These, too (`secondorder = 2`).
    On,
}

/// How cells of equations advance together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Solver {
    /// Forward Euler.
    Euler,
    /// Heun's method of second order.
    Heun,
    /// The classical Runge-Kutta method of fourth order.
    Rk4,
    /// The method of Dormand and Prince, in steps of its own.
    Dopri5,
    /// Rosenbrock and Wanner's with the coefficients ROS34PW2, implicit, in steps of its own.
    Rosenbrock,
}

/// Random streams of a network.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Streams {
    /// Bouton's: each draw keyed by what it is drawn for.
    #[default]
    Own,
    /// NetPyNE's, in its drawing order, with one synapse for each connection.
    Netpyne,
}
