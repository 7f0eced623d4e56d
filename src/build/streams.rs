//! Where the random numbers of a network come from: who is connected with whom, what is drawn for whom, where cells lie.
//! Two implementations of one interface: Bouton's own, keyed by names, and NetPyNE's.

mod drawn;
mod listed;
pub mod netpyne;
pub mod own;

pub use drawn::{Drawn, Pair, Part, Side};
pub use listed::{Listed, Row};

use super::cells::Cells;
use super::constants::Constants;
use super::range::{self, Told};
use super::scope::{Around, constant, draws};
use crate::value::NoValue;
use bouton_engine::plan::StreamKey;
use bouton_engine::random::{Stream, distribution};
use bouton_model::ir::{Attribute, Draw, Rule, Span};
use bouton_syntax::diagnostic::{Code, Diagnostic};

/// Numbers of distributions, drawn one after the other.
pub trait Draws {
    /// The next one.
    ///
    /// # Errors
    /// A number of arguments that the checker lets nobody write.
    fn draw(&mut self, draw: Draw, arguments: &[f64]) -> Result<f64, NoValue>;
}

/// Draws of one stream.
#[derive(Clone, Debug)]
pub struct Sampler {
    stream: Stream,
    neuron: bool,
}

impl Sampler {
    /// By Bouton's samplers.
    pub fn own(stream: Stream) -> Sampler {
        Sampler { stream, neuron: false }
    }

    /// By those of NEURON's `Random`; each draw is one of a fresh distribution.
    pub fn neuron(stream: Stream) -> Sampler {
        Sampler { stream, neuron: true }
    }
}

impl Draws for Sampler {
    fn draw(&mut self, draw: Draw, arguments: &[f64]) -> Result<f64, NoValue> {
        let s = &mut self.stream;
        Ok(match (draw, arguments) {
            (Draw::Uniform, &[a, b]) if self.neuron => distribution::uniform(s, a.min(b), a.max(b)),
            (Draw::Uniform, &[a, b]) => distribution::uniform(s, a, b),
            (Draw::Normal, &[mean, sd]) => distribution::normal(s, mean, sd),
            (Draw::Lognormal, &[mean, sd]) => distribution::lognormal(s, mean, sd),
            (Draw::Exponential, &[mean]) => distribution::exponential(s, mean),
            (Draw::Poisson, &[mean]) if self.neuron && mean <= 700.0 => distribution::poisson_by_product(s, mean),
            (Draw::Poisson, &[mean]) => distribution::poisson(s, mean),
            _ => return Err(NoValue::Kind),
        })
    }
}

/// What a draw belongs to: names that stay when something is added to the network.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Identity {
    /// The statement's label, or what it acts on.
    pub name: String,
    /// How many statements before it bear the same name and join the same populations.
    pub ordinal: u32,
}

/// The cells of a network and what is known of them.
#[derive(Clone, Copy)]
pub struct World<'a> {
    /// Parameters.
    pub constants: &'a Constants,
    /// Cells.
    pub cells: &'a Cells,
}

impl World<'_> {
    /// The value of an attribute that is the same for all cells.
    ///
    /// # Errors
    /// It names one cell, or draws.
    pub fn number(&self, attribute: &Attribute) -> Result<f64, Told> {
        Around { world: *self, pre: None, post: None, row: None, draws: None }.number(attribute)
    }
}

/// Who is to be connected with whom, and how.
pub struct Question<'a> {
    /// Of the draws.
    pub identity: &'a Identity,
    /// Sending cells.
    pub pre: &'a [u32],
    /// Receiving cells.
    pub post: &'a [u32],
    /// The rule.
    pub rule: &'a Rule,
    /// 1 where it is not given.
    pub weight: Option<&'a Attribute>,
    /// 1 ms where it is not given.
    pub delay: Option<&'a Attribute>,
    /// Whether a cell may be connected with itself.
    pub autapses: bool,
    /// Whether two cells may be connected more than once.
    pub multapses: bool,
    /// Where the statement stands.
    pub span: Span,
}

/// Attributes of one thing for each of many cells: a stimulus, an electrode, a cell's own parameters.
pub struct Spread<'a> {
    /// Of the draws.
    pub identity: &'a Identity,
    /// What the attributes belong to.
    pub kind: Kind<'a>,
    /// For which cells.
    pub cells: &'a [u32],
    /// Names and values, in order.
    pub attributes: &'a [(String, &'a Attribute)],
}

/// What attributes belong to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind<'a> {
    /// A stimulus of this type.
    Stimulus(&'a str),
    /// The cell itself, or a synapse on it.
    Cell,
}

/// The interface of both.
pub trait Streams: Sync {
    /// Positions of a population's cells in the unit cube.
    fn positions(&self, population: &str, first: u32, count: u32) -> Vec<[f64; 3]>;

    /// All connections of a rule, in order of creation.
    ///
    /// # Errors
    /// A value out of range.
    fn connect(&self, world: World, question: &Question) -> Result<Drawn, Told>;

    /// For each attribute its value for each cell. Values are not checked here.
    ///
    /// # Errors
    /// An attribute without a value.
    fn spread(&self, world: World, spread: &Spread) -> Result<Vec<Vec<f64>>, Told>;

    /// Draws for a part of a cell that bears this name.
    fn of_cell(&self, cells: &Cells, name: &str, cell: u32) -> Sampler;

    /// The stream from which a thing of this kind draws while it runs, for or on this cell.
    fn running(&self, cells: &Cells, kind: &str, identity: &Identity, cell: u32) -> StreamKey;

    /// Whether every connection has a synapse of its own, and stimuli are connected last.
    fn one_synapse_a_connection(&self) -> bool;
}

/// The streams that a script asks for.
pub fn streams(constants: &Constants) -> Box<dyn Streams> {
    match constants.streams {
        bouton_model::ir::Streams::Own => Box::new(own::Own::new(constants.seed)),
        bouton_model::ir::Streams::Netpyne => Box::new(netpyne::Netpyne::new(constants.seed)),
    }
}

/// An attribute of a connection: once for all where it says the same for all.
pub enum PairValue<'a> {
    /// The same for all.
    Same(f64),
    /// Evaluated for each pair.
    Each(&'a Attribute, Accept),
}

/// Tells whether a value is in range.
pub type Accept = fn(f64, Span) -> Result<f64, Told>;

impl<'a> PairValue<'a> {
    /// Of an attribute that may be missing.
    ///
    /// # Errors
    /// It is the same for all and out of range.
    pub fn of(given: Option<&'a Attribute>, default: f64, world: World, accept: Accept) -> Result<PairValue<'a>, Told> {
        match given {
            None => Ok(PairValue::Same(default)),
            Some(a) if constant(&a.value) => accept(world.number(a)?, a.span).map(PairValue::Same),
            Some(a) => Ok(PairValue::Each(a, accept)),
        }
    }

    /// For a pair; `None` where only one of the cells is known.
    ///
    /// # Errors
    /// It is out of range.
    pub fn at(&self, world: World, pre: Option<u32>, post: Option<u32>, draws: &mut dyn Draws) -> Result<f64, Told> {
        self.around(Around { world, pre, post, row: None, draws: Some(draws) })
    }

    /// For a pair of a list.
    ///
    /// # Errors
    /// It is out of range.
    pub fn listed(&self, world: World, pair: &Listed, draws: &mut dyn Draws) -> Result<f64, Told> {
        self.around(Around { world, pre: Some(pair.pre), post: Some(pair.post), row: pair.row, draws: Some(draws) })
    }

    fn around(&self, mut around: Around) -> Result<f64, Told> {
        match self {
            PairValue::Same(x) => Ok(*x),
            PairValue::Each(a, accept) => accept(around.number(a)?, a.span),
        }
    }

    /// Where it is the same for all.
    pub fn same(&self) -> Option<f64> {
        if let PairValue::Same(x) = self { Some(*x) } else { None }
    }

    /// Whether its value is drawn.
    pub fn draws(&self) -> bool {
        matches!(self, PairValue::Each(a, _) if draws(&a.value))
    }
}

/// The probability of a rule: from 0 to 1 where all pairs have one; of a function of the pair what is above 1 is certain.
fn probability<'a>(given: &'a Attribute, world: World) -> Result<PairValue<'a>, Told> {
    let accept: Accept = match constant(&given.value) {
        true => |x, span| range::PROBABILITY.fraction(x, span),
        false => |x, span| range::PROBABILITY.chance(x, span),
    };
    PairValue::of(Some(given), 1.0, world, accept)
}

/// A weight is any finite number.
fn weight_in_range(x: f64, span: Span) -> Result<f64, Told> {
    if x.is_finite() { Ok(x) } else { Err(range::not_a_number("weight", x, span)) }
}

/// Two sets that are to be joined one to one differ in size.
fn unequal(pre: usize, post: usize, span: Span) -> Told {
    let message = format!("`one_to_one` joins sets of one size, but {pre} cells send and {post} receive");
    Box::new(Diagnostic::new(Code::ValueOutOfRange, span, message))
}

/// Weight and delay of a rule.
///
/// # Errors
/// One is the same for all and out of range.
pub fn weight_and_delay<'a>(world: World, q: &Question<'a>) -> Result<(PairValue<'a>, PairValue<'a>), Told> {
    let weight = PairValue::of(q.weight, 1.0, world, weight_in_range)?;
    let delay = PairValue::of(q.delay, 1.0, world, |x, span| range::DELAY.not_negative(x, span))?;
    Ok((weight, delay))
}

#[cfg(test)]
pub(in crate::build) mod tests;
