//! Populations, connections and stimuli.

use super::{
    Attribute, CellId, CellParamId, Expr, HandlerId, MechanismId, Name, Place, PopulationId, SectionAttribute, SectionId,
    Setting, Span, SynapseId, VarId,
};
use std::sync::Arc;

/// Many copies of one cell.
#[derive(Clone, Debug)]
pub struct Population {
    /// Its name.
    pub name: Name,
    /// Where it is declared.
    pub span: Span,
    /// Of what.
    pub cell: CellId,
    /// How many; nothing: one cell that needs no index.
    pub count: Option<Attribute>,
    /// Where its cells lie.
    pub layout: Layout,
    /// What differs from the cell's declaration; values may use `Post` attributes and draws.
    pub settings: Vec<CellSetting>,
    /// Attributes of sections that differ likewise.
    pub sections: Vec<(SectionId, SectionAttribute, Attribute)>,
    /// The cell's parameters that are set.
    pub params: Vec<(CellParamId, Attribute)>,
}

/// Where the cells of a population lie (cm).
#[derive(Clone, Debug, Default)]
pub enum Layout {
    /// Anywhere in a cube of 100 um, as in NetPyNE.
    #[default]
    Cube,
    /// Anywhere in a box.
    Box([Extent; 3]),
    /// Anywhere in a sphere around the origin, of this radius.
    Sphere(Attribute),
    /// On a grid from the origin on, the last count fastest.
    Grid {
        /// How many in each direction.
        counts: [Attribute; 3],
        /// How far apart in each direction.
        spacing: [Attribute; 3],
        /// Where it stands.
        span: Span,
    },
    /// At these places, one for each cell.
    Places(Arc<[[f64; 3]]>, Span),
}

/// A range of positions (cm).
#[derive(Clone, Debug)]
pub struct Extent {
    /// From here, or from 0.
    pub from: Option<Attribute>,
    /// To here.
    pub to: Attribute,
}

/// Pairs of cells from a file.
#[derive(Clone, Debug, PartialEq)]
pub struct PairList {
    /// Index of the sending cell among the sources, of each pair.
    pub pre: Vec<u32>,
    /// Index of the receiving cell among the targets.
    pub post: Vec<u32>,
    /// Names of further columns, and their values.
    pub columns: Vec<(Name, Vec<f64>)>,
    /// Number of targets and of sources, where the file is a matrix.
    pub shape: Option<(usize, usize)>,
    /// The file, for messages.
    pub file: Name,
}

/// A parameter of a cell that was set for a population.
#[derive(Clone, Debug)]
pub struct CellSetting {
    /// Of which mechanism of the cell.
    pub at: SettingPlace,
    /// What.
    pub setting: Setting,
}

/// Which mechanism of a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SettingPlace {
    /// The equations of a cell without a body.
    Own,
    /// Of a section: index into its inserts.
    Insert(SectionId, usize),
    /// Index into the cell's synapses.
    Synapse(usize),
}

/// `synapse NAME = MECHANISM { ... }` of the file: one instance for each place on a cell that `via` names.
#[derive(Clone, Debug)]
pub struct Synapse {
    /// Its name.
    pub name: Name,
    /// Where it is declared.
    pub span: Span,
    /// A point mechanism.
    pub mechanism: MechanismId,
    /// Parameters and initial values that were set.
    pub settings: Vec<Setting>,
}

/// A set of cells.
#[derive(Clone, Debug)]
pub struct Set {
    /// In order; a cell that occurs twice counts once.
    pub members: Vec<Member>,
    /// Where it stands.
    pub span: Span,
}

/// Cells of one population.
#[derive(Clone, Debug)]
pub struct Member {
    /// Which.
    pub population: PopulationId,
    /// Which of its cells; nothing: all.
    pub indices: Option<Vec<Indices>>,
    /// `where`: asked of each cell; uses `Post` attributes.
    pub filter: Option<Expr>,
    /// Where it stands.
    pub span: Span,
}

/// Part of an index.
#[derive(Clone, Debug)]
pub enum Indices {
    /// One cell.
    One(Attribute),
    /// From, to, both included.
    Range(Attribute, Attribute),
}

/// Connections of one statement.
#[derive(Clone, Debug)]
pub struct Connection {
    /// Its label.
    pub label: Option<Name>,
    /// Where it stands.
    pub span: Span,
    /// Who sends.
    pub source: Source,
    /// Who receives.
    pub targets: Set,
    /// On what it acts, for each kind of cell among the targets.
    pub ports: Vec<(CellId, Port)>,
    /// Where values flow, which one is taken of each kind of cell among the sources; nothing where events are sent.
    pub outputs: Vec<(CellId, VarId)>,
    /// Through which mechanisms each value flows, one after the other.
    pub edges: Vec<Edge>,
    /// Where it begins on each kind of cell that sends: where a port is a junction, and where spikes leave elsewhere than the cell says.
    pub from: Vec<(CellId, Place)>,
    /// What is set of a mechanism that each connection has for itself; may use `Pre`, `Post` and `Distance`.
    pub settings: Vec<Setting>,
    /// Who is connected with whom.
    pub rule: Rule,
    /// First argument of the event; 1 where the event takes none or is not given.
    pub weight: Option<Attribute>,
    /// ms; 1 if not given
    pub delay: Option<Attribute>,
    /// What else was set of each connection.
    pub values: Vec<ConnectionSetting>,
    /// Cells may be connected with themselves.
    pub autapses: bool,
    /// Two cells may be connected more than once.
    pub multapses: bool,
    /// One synapse for each connection.
    pub per_connection: bool,
    /// How many synapses each connection makes; 1 if not given.
    pub synapses: Option<Attribute>,
    /// It may reach nothing.
    pub allow_empty: bool,
}

/// A mechanism through which each value of a statement flows: one instance for each connection.
#[derive(Clone, Debug)]
pub struct Edge {
    /// Of kind `Free`.
    pub mechanism: MechanismId,
    /// The input that takes the value.
    pub source: VarId,
    /// What is delivered.
    pub output: VarId,
    /// What is set of it; may use `Pre`, `Post` and `Distance`.
    pub settings: Vec<Setting>,
    /// Inputs that take other values of the two cells.
    pub wires: Vec<EdgeWire>,
    /// The parameter that is the delay of the connection.
    pub delay: Option<VarId>,
}

/// An input of a mechanism on a connection, and what it takes.
#[derive(Clone, Debug)]
pub struct EdgeWire {
    /// Of the mechanism.
    pub input: VarId,
    /// Of the sending cell, else of the receiving one.
    pub of_sender: bool,
    /// Which variable of each kind of cell.
    pub of: Vec<(CellId, VarId)>,
}

/// A value that was set of each connection of a statement.
#[derive(Clone, Debug)]
pub struct ConnectionSetting {
    /// Its name.
    pub name: Name,
    /// What it is for each kind of cell among the targets.
    pub of: Vec<(CellId, ConnectionValue)>,
    /// The value; may use `Pre`, `Post`, `Distance` and draws.
    pub value: Attribute,
}

/// What can be set of a connection beside weight and delay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConnectionValue {
    /// What its events bring, or what it keeps at the start: a column of the mechanism that it reaches.
    Column(u8),
    /// A parameter or a state of the synapse that it has for itself.
    Variable(VarId),
}

/// Who sends events.
#[derive(Clone, Debug)]
pub enum Source {
    /// Cells that spike.
    Cells(Set),
    /// A copy of a body-less cell for each target; settings may use `Post` attributes and draws.
    Generator {
        /// `NetStim`, say.
        cell: CellId,
        /// Its parameters.
        settings: Vec<Setting>,
        /// Where it stands.
        span: Span,
    },
}

/// On what an event acts.
#[derive(Clone, Debug)]
pub enum Port {
    /// A synapse of the cell (index into [`super::Tree::synapses`]).
    CellSynapse {
        /// Which.
        synapse: usize,
        /// Its handler.
        handler: HandlerId,
    },
    /// A synapse of the file at a place of the cell.
    Synapse {
        /// Which.
        synapse: SynapseId,
        /// Where.
        place: Place,
        /// Where `at` names several sections: those along which places are drawn by length, instead of the one place.
        along: Vec<SectionId>,
        /// Its handler.
        handler: HandlerId,
    },
    /// A handler of a body-less cell.
    Own {
        /// Which.
        handler: HandlerId,
    },
    /// No event: a value flows into an input of a body-less cell.
    Input {
        /// Which.
        input: VarId,
    },
    /// No event: a point mechanism at each end of each connection, which knows the potential of the other end.
    Junction {
        /// Which, with what is set of it.
        synapse: SynapseId,
        /// Where on the cell that receives.
        place: Place,
        /// What the other end drives.
        input: VarId,
        /// What the connection's weight sets.
        weight: Option<VarId>,
    },
}

/// Who is connected with whom.
#[derive(Clone, Debug)]
pub enum Rule {
    /// Everyone with everyone.
    All,
    /// Each pair with this probability.
    Probability(Attribute),
    /// Each target from so many sources.
    Convergence(Attribute),
    /// Each source to so many targets.
    Divergence(Attribute),
    /// The first with the first, the second with the second, ...
    OneToOne,
    /// These: index among the sources, index among the targets.
    Pairs(Vec<(Attribute, Attribute)>),
    /// Those of a file.
    Listed(Arc<PairList>, Span),
}

/// A point mechanism on each cell of a set.
#[derive(Clone, Debug)]
pub struct Electrode {
    /// Its label.
    pub label: Option<Name>,
    /// Where it stands.
    pub span: Span,
    /// On whom.
    pub targets: Set,
    /// Which.
    pub mechanism: MechanismId,
    /// Its parameters; may use `Post` attributes and draws.
    pub settings: Vec<Setting>,
    /// Where, for each kind of cell among the targets.
    pub places: Vec<(CellId, Place)>,
}
