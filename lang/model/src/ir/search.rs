//! Searches: statements that are done once for each candidate, until good ones are found.

use super::{Attribute, Axis, Expr, LocalId, Name, Span, Statement, TableColumn};

/// `optimize NAME { ... }`.
#[derive(Clone, Debug)]
pub struct Search {
    /// Under which its table is kept.
    pub id: LocalId,
    /// Its name.
    pub name: Name,
    /// Where it stands.
    pub span: Span,
    /// What is varied.
    pub axes: Vec<Axis>,
    /// The value of the unit in which the range of each ends, 1 where it has none: a search counts in it.
    pub units: Vec<f64>,
    /// What a candidate may take.
    pub limits: CandidateLimits,
    /// Done for each candidate, in a model of its own.
    pub body: Vec<Statement>,
    /// The columns of its table: what is varied, then the losses.
    pub columns: Vec<TableColumn>,
    /// How.
    pub evolve: Evolve,
}

/// What all runs of one candidate may take together; one that takes more has failed.
#[derive(Clone, Debug, Default)]
pub struct CandidateLimits {
    /// `max_steps = 40_000`
    pub steps: Option<Attribute>,
    /// `max_events = 1e6`
    pub events: Option<Attribute>,
}

/// `evolve METHOD { ... }`.
#[derive(Clone, Debug)]
pub struct Evolve {
    /// `genetic`
    pub method: Name,
    /// Where it stands.
    pub span: Span,
    /// Its settings, whose names and kinds have been checked.
    pub settings: Vec<MethodSetting>,
}

/// A setting of a method, or of a part of it.
#[derive(Clone, Debug)]
pub struct MethodSetting {
    /// Its name.
    pub name: Name,
    /// Its value.
    pub value: MethodValue,
}

/// The value of a setting.
#[derive(Clone, Debug)]
pub enum MethodValue {
    /// A number.
    Number(Attribute),
    /// Two numbers.
    Range(Attribute, Attribute),
    /// `true`
    Truth(bool),
    /// `tournament(size = 2)`, or a word alone.
    Part(Name, Vec<MethodSetting>),
    /// `[uniform_crossover, gaussian_mutation]`
    List(Vec<MethodValue>),
    /// `[[1 mV, 2], [3 mV, 4]]`: a value for each knob.
    Points(Vec<Vec<Attribute>>),
}

/// By how much something that must hold does not.
#[derive(Clone, Debug)]
pub enum Violation {
    /// The first is larger than the second.
    Above(Expr, Expr),
    /// It is not true.
    Not(Expr),
}

/// A number of a search's result.
#[derive(Clone, Copy, Debug)]
pub enum SearchNumber {
    /// Of the best candidate: this column.
    Best(usize),
    /// How many candidates there were.
    Evaluations,
    /// How many of them failed.
    Failed,
}

/// Which candidates of a search.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rows {
    /// All, in the order in which they were run.
    All,
    /// Those that no other dominates.
    Front,
    /// Those that were alive at the end.
    Population,
}

/// What of the candidates of a search is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SearchPicture {
    /// Losses over evaluations: of all candidates, the best so far, median and worst of each generation.
    Losses,
    /// One loss over another, and what no other candidate dominates.
    Front,
    /// What was varied, over evaluations.
    Parameters,
    /// A line for each candidate across axes of knobs and losses.
    Parallel,
    /// Each knob over each other.
    Pairs,
}
