//! Networks: populations, synapses, connections, stimuli and circuits.

use super::{AttrBlock, Block, Expr, Item, Name, Path};
use crate::span::Span;

/// `population E: PYR[800] in box(300 um, 1 mm, 300 um) { ... }`.
#[derive(Clone, Debug, PartialEq)]
pub struct Population {
    /// The name.
    pub name: Name,
    /// Copies of which cell.
    pub cell: Path,
    /// How many; without it one, reached without an index.
    pub size: Option<Expr>,
    /// The call after `in`.
    pub layout: Option<Expr>,
    /// Parameters and initial values.
    pub attrs: Option<AttrBlock>,
}

/// `synapse exc = Exp2Syn { }` of a file or circuit; `synapse nmda: Exp2Syn at dend(0.5) { }` of a cell;
/// `synapse AMPA: Izhi2007a_0.wAMPA` of an imported cell.
#[derive(Clone, Debug, PartialEq)]
pub struct Synapse {
    /// The name.
    pub name: Name,
    /// `:` makes one, `=` says what the name stands for.
    pub joint: Joint,
    /// The point mechanism, or the event argument of a port.
    pub mechanism: Path,
    /// The place after `at`.
    pub at: Option<Expr>,
    /// Its parameters.
    pub attrs: Option<AttrBlock>,
}

/// The sign between a name and a thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Joint {
    /// `:` makes one.
    Colon,
    /// `=` says what the name stands for.
    Equals,
}

/// `connect SM: S -> M via exc from dend(1) at soma(0.5) per connection { ... }`.
#[derive(Clone, Debug, PartialEq)]
pub struct Connect {
    /// The name before the colon.
    pub label: Option<Name>,
    /// Sets, or outputs of them, left of the arrow.
    pub sources: Vec<Expr>,
    /// Sets, or inputs of them, right of it.
    pub targets: Vec<Expr>,
    /// The clauses and braces behind.
    pub header: Header,
}

/// `stimulate D: S, M with NetStim { rate = 10 Hz } via exc at soma(0.5) { ... }`.
#[derive(Clone, Debug, PartialEq)]
pub struct Stimulate {
    /// The name before the colon.
    pub label: Option<Name>,
    /// Sets, or inputs of them.
    pub targets: Vec<Expr>,
    /// A source of the library or the file, or an expression of `t`.
    pub source: Expr,
    /// The source's own parameters: the braces right after it.
    pub source_attrs: Option<AttrBlock>,
    /// The clauses and braces behind.
    pub header: Header,
}

/// What `connect` and `stimulate` share.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Header {
    /// `via exc`: a synapse, an event handler or a mechanism.
    pub via: Option<Path>,
    /// `from dend(1)`: the place on the sending side.
    pub from: Option<Expr>,
    /// `at soma(0.5)`: the place on the receiving side.
    pub at: Option<Expr>,
    /// Where `per connection` stands: a synapse for each connection.
    pub per_connection: Option<Span>,
    /// The connection's braces: weight, delay, rule.
    pub attrs: Option<AttrBlock>,
}

/// `circuit JRC { ... }`.
#[derive(Clone, Debug, PartialEq)]
pub struct Circuit {
    /// The name.
    pub name: Name,
    /// What stands in the braces.
    pub body: Block<Item>,
}

/// `circuit a: JRC { C = 120 }`.
#[derive(Clone, Debug, PartialEq)]
pub struct CircuitUse {
    /// The name.
    pub name: Name,
    /// A copy of which circuit.
    pub circuit: Path,
    /// Its parameters.
    pub attrs: Option<AttrBlock>,
}
