//! A checked program becomes a plan: cells, positions, rules, draws. Nothing is stepped here, and no file is read.
//!
//! In this order: parameters (`constants`), how many cells (`cells`), where they lie, their sections in numbers (`bodies`, `form`, `part`), which are stepped
//! together (`classes`), whether all of it fits (`estimate`), whom statements reach (`sets`, `statement`), trees and what is on them (`shape`, `draft`, `settings`, `synapses`), who is connected with whom (`wiring` asks
//! `streams`), pools and their programs (`pools`), recorders (`records`).

mod bodies;
mod cells;
mod classes;
mod column;
mod connections;
mod constants;
mod describe;
mod draft;
mod estimate;
mod form;
mod group;
mod ions;
mod layout;
mod network;
mod part;
mod pointers;
mod points;
mod pools;
mod range;
mod records;
mod scope;
mod sets;
mod settings;
mod shape;
mod statement;
mod streams;
mod synapses;
mod wiring;

pub use cells::{Cells, Members};
pub use connections::Tabled;
pub use constants::Constants;
pub use estimate::{Estimate, bytes};
pub use network::{Network, SpikeSource};
pub use records::{Recorded, Traced};

use crate::value::NoValue;
use bodies::Bodies;
use bouton_engine::plan::{Class, Plan};
use bouton_model::geometry::Location;
use bouton_model::ir::{Mechanism, ParamId, Port, Program, Source, Span};
use bouton_syntax::diagnostic::{Code, Diagnostic, Diagnostics};
use classes::Classes;
use connections::OfStatements;
use draft::{Draft, Making};
use pools::Addresses;
pub use pools::Codes;
use range::Told;
use shape::location;
use statement::{Statement, What};
use std::sync::Arc;
use streams::{Streams, World};
use synapses::Shared;
use wiring::{Bundle, Flows, Wires, Wiring};

/// What is set from outside before a network is built.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Knobs {
    /// Parameters with other values than the script's.
    pub params: Vec<(ParamId, f64)>,
    /// Seed instead of the simulation's.
    pub seed: Option<u32>,
    /// Bytes that the network may take; nothing: as much as it likes.
    pub memory: Option<u64>,
    /// With the slopes of cells of equations and their derivatives, to be looked at instead of being run.
    pub field: bool,
}

/// Builds a network. The same program, knobs and seed give the same network, bit for bit, on any machine.
///
/// # Errors
/// Values out of range that a knob or a draw brought, and networks that do not fit the memory.
pub fn build(program: &Program, knobs: &Knobs) -> Result<Network, Vec<Diagnostic>> {
    build_with(program, knobs, &Codes::default())
}

/// Builds a network with code that others were built with, where it fits.
///
/// # Errors
/// Those of [`build`].
pub fn build_with(program: &Program, knobs: &Knobs, codes: &Codes) -> Result<Network, Vec<Diagnostic>> {
    let mut built = build_together(&[(program, knobs)], codes);
    built.pop().unwrap_or_else(|| Err(Vec::new()))
}

/// Builds networks of programs that differ in values alone, or of one with several knobs, so that they can be run side by side
/// ([`bouton_engine::batch`]): what differs between them is no constant of their programs. Each has the results that it has when it is built by itself.
/// What was compiled before is taken from `codes`.
///
/// # Errors
/// Of each network by itself, those of [`build`].
pub fn build_together(models: &[(&Program, &Knobs)], codes: &Codes) -> Vec<Result<Network, Vec<Diagnostic>>> {
    let assembled: Vec<Result<Assembled, Vec<Told>>> = models.iter().map(|(program, knobs)| assemble(program, knobs)).collect();
    let ready: Vec<&Assembled> = assembled.iter().flatten().collect();
    let mut classes = finished(&ready, codes).into_iter();
    let finished: Vec<Result<_, Vec<Told>>> = assembled
        .iter()
        .map(|one| one.as_ref().map_or_else(|told| Err(told.clone()), |_| classes.next().unwrap_or(Err(Vec::new()))))
        .collect();
    let networks = assembled.into_iter().zip(finished).map(|(one, classes)| one.and_then(|one| one.network(classes?)));
    networks.map(|network| network.map_err(listed)).collect()
}

fn listed(list: Vec<Told>) -> Vec<Diagnostic> {
    let mut all = Diagnostics::new();
    list.into_iter().for_each(|told| all.push(*told));
    all.iter().cloned().collect()
}

/// A network before its pools are made.
struct Assembled<'p> {
    program: &'p Program,
    constants: Constants,
    cells: Cells,
    streams: Box<dyn Streams>,
    classes: Classes,
    drafts: Vec<Draft>,
    shared: Shared,
    sources: u32,
    bundles: Vec<Bundle>,
    wires: Wires,
    flows: Flows,
    estimate: Estimate,
}

fn assemble<'p>(program: &'p Program, knobs: &Knobs) -> Result<Assembled<'p>, Vec<Told>> {
    let mut diagnostics = Diagnostics::new();
    let constants = Constants::of(program, knobs, &mut diagnostics);
    let mut cells = Cells::count(program, &constants, &mut diagnostics);
    settled(diagnostics)?;
    let mut estimate = Estimate::default();
    estimate.bare(&cells);
    let whole = program.populations.first().map_or(Span::default(), |p| p.span);
    estimate.fits(knobs.memory, whole).map_err(one)?;

    let streams = streams::streams(&constants);
    cells.lay_out(program, &constants, streams.as_ref()).map_err(one)?;
    let world = World { constants: &constants, cells: &cells };
    let mut nodes = 0.0;
    let bodies = Bodies::of(program, world, streams.as_ref(), &mut |more| {
        nodes += more;
        estimate.room(nodes, knobs.memory, whole)
    })?;
    let classes = Classes::of(&cells, &bodies);
    estimate.bodies(program, &classes, &bodies, &cells);
    estimate.fits(knobs.memory, whole).map_err(one)?;
    let statements = statement::statements(program, world)?;
    let making = Making { program, world, streams: streams.as_ref() };
    links_fit(&mut estimate, making, &statements, knobs.memory)?;

    let mut drafts = drafts(making, &classes, &bodies, &statements)?;
    let shared = Shared::of(making, &classes, &statements, &mut drafts).map_err(one)?;
    let mut wiring = Wiring::new(making, &classes, drafts, shared.clone());
    wire(&mut wiring, &statements)?;
    let (drafts, sources, bundles, (wires, flows)) = wiring.into_parts();
    flows.without_circle(program, &drafts).map_err(one)?;
    if drafts.len() > usize::from(u16::MAX) {
        return Err(one(Box::new(Diagnostic::new(
            Code::TooMuchMemory,
            whole,
            "the network has more kinds of cells than can be numbered",
        ))));
    }
    Ok(Assembled { program, constants, cells, streams, classes, drafts, shared, sources, bundles, wires, flows, estimate })
}

type Finished = (Vec<Class>, Vec<Addresses>);

/// The classes of each of some networks.
fn finished(networks: &[&Assembled], codes: &Codes) -> Vec<Result<Finished, Vec<Told>>> {
    let mut all: Vec<Result<Finished, Vec<Told>>> = networks.iter().map(|_| Ok(Finished::default())).collect();
    let most = networks.iter().map(|one| one.drafts.len()).max().unwrap_or(0);
    for class in 0..most {
        let here = networks.iter().enumerate().filter_map(|(k, one)| Some((k, one.making(), one.drafts.get(class)?)));
        let (numbers, copies): (Vec<usize>, Vec<_>) = here.map(|(k, making, draft)| (k, (making, draft))).unzip();
        for (k, made) in numbers.into_iter().zip(Making::finish(&copies, codes)) {
            match (&mut all[k], made) {
                (Ok((classes, addresses)), Ok((class, address))) => {
                    classes.push(class);
                    addresses.push(address);
                }
                (Err(known), Err(told)) => known.extend(told),
                (done, Err(told)) => *done = Err(told),
                (Err(_), Ok(_)) => {}
            }
        }
    }
    all
}

impl Assembled<'_> {
    fn world(&self) -> World<'_> {
        World { constants: &self.constants, cells: &self.cells }
    }

    fn making(&self) -> Making<'_> {
        Making { program: self.program, world: self.world(), streams: self.streams.as_ref() }
    }

    /// The plan, now that there are pools.
    fn network(mut self, (made, addresses): Finished) -> Result<Network, Vec<Told>> {
        let bundles = std::mem::take(&mut self.bundles);
        let Assembled { program, drafts, classes, shared, wires, flows, .. } = &self;
        let (projections, statements) = Wiring::finish(bundles, drafts, &made, &addresses);
        let connections = OfStatements { projections: &projections, statements: &statements, classes: &made, drafts };
        let (world, addresses, connections) = (self.world(), &addresses, &connections);
        let found = records::Found { world, classes, drafts, made: &made, addresses, shared, connections };
        let (recorders, records, tables) = found.recorders(program)?;
        let drives = wires.drives(addresses, &made);
        let links = flows.links(&made);
        let pointers = found.pointers(program, classes)?;
        let plan = Plan {
            dt: self.constants.dt,
            second_order: self.constants.second_order,
            v_init: self.constants.v_init,
            sources: self.sources,
            unrecorded: self.sources.saturating_sub(self.cells.len()),
            projections,
            drives,
            links,
            pointers,
            classes: made,
            recorders,
        };
        let dropped = drafts.iter().map(|d| d.shape.as_ref().map_or(0, |s| s.dropped)).collect();
        let Assembled { estimate, constants, cells, .. } = self;
        Ok(Network { plan: Arc::new(plan), records, tables, dropped, estimate, constants, cells })
    }
}

fn one(told: Told) -> Vec<Told> {
    vec![told]
}

fn settled(diagnostics: Diagnostics) -> Result<(), Vec<Told>> {
    match diagnostics.has_errors() {
        true => Err(diagnostics.iter().cloned().map(Box::new).collect()),
        false => Ok(()),
    }
}

/// Results of which all errors are wanted.
fn all<T>(results: impl Iterator<Item = Result<T, Vec<Told>>>) -> Result<Vec<T>, Vec<Told>> {
    let (mut good, mut errors) = (Vec::new(), Vec::new());
    for result in results {
        match result {
            Ok(x) => good.push(x),
            Err(told) => errors.extend(told),
        }
    }
    if errors.is_empty() { Ok(good) } else { Err(errors) }
}

fn links_fit(estimate: &mut Estimate, making: Making, statements: &[Statement], memory: Option<u64>) -> Result<(), Vec<Told>> {
    for statement in statements {
        let What::Connection(connection) = statement.what else { continue };
        let own = own_synapse(making, connection);
        estimate.connection(making.world, connection, (&statement.pre, &statement.post), own).map_err(one)?;
        estimate.fits(memory, connection.span).map_err(one)?;
    }
    Ok(())
}

/// The synapse that each connection has for itself.
fn own_synapse<'p>(making: Making<'p>, connection: &bouton_model::ir::Connection) -> Option<&'p Mechanism> {
    let (synapse, always) = match connection.ports.first() {
        Some((_, Port::Synapse { synapse, .. })) => (synapse, false),
        Some((_, Port::Junction { synapse, .. })) => (synapse, true),
        _ => return None,
    };
    if !always && !connection.per_connection && !making.streams.one_synapse_a_connection() {
        return None;
    }
    let mechanism = making.program.synapses.get(synapse.index())?.mechanism;
    making.program.mechanisms.get(mechanism.index())
}

fn drafts(making: Making, classes: &Classes, bodies: &Bodies, statements: &[Statement]) -> Result<Vec<Draft>, Vec<Told>> {
    all(classes.list.iter().map(|lanes| {
        let places = occupied(making, statements, lanes.cell).map_err(one)?;
        making.class(lanes, bodies, &places)
    }))
}

/// Places of a kind of cell at which statements put something.
fn occupied(making: Making, statements: &[Statement], cell: bouton_model::ir::CellId) -> Result<Vec<Location>, Told> {
    let places = statements.iter().flat_map(|statement| match statement.what {
        What::Connection(c) => c
            .ports
            .iter()
            .filter(|(of, _)| *of == cell)
            .filter_map(|(_, port)| match port {
                Port::Synapse { place, .. } | Port::Junction { place, .. } => Some(place),
                Port::CellSynapse { .. } | Port::Own { .. } | Port::Input { .. } => None,
            })
            .chain(c.from.iter().filter(|(of, _)| *of == cell).map(|(_, place)| place))
            .collect::<Vec<_>>(),
        What::Electrode(e) => e.places.iter().filter(|(of, _)| *of == cell).map(|(_, place)| place).collect(),
    });
    places.map(|place| location(place, making.world.constants)).collect()
}

/// Statements in order; with one synapse a connection stimuli come behind, as in NetPyNE.
fn wire(wiring: &mut Wiring, statements: &[Statement]) -> Result<(), Vec<Told>> {
    let late = |s: &Statement| match s.what {
        What::Connection(c) => matches!(c.source, Source::Generator { .. }),
        What::Electrode(_) => true,
    };
    let mut ordered: Vec<&Statement> = statements.iter().collect();
    if wiring.stimuli_last() {
        ordered.sort_by_key(|s| late(s));
    }
    all(ordered.into_iter().map(|statement| match statement.what {
        What::Connection(connection) => wiring.connection(statement, connection).map_err(one),
        What::Electrode(_) => wiring.electrode(statement).map_err(one),
    }))?;
    wiring.pasts().map_err(one)?;
    wiring.mirror().map_err(one)
}

/// What the user is told where an expression has no value.
fn told(none: NoValue, span: Span) -> Told {
    let message = match none {
        NoValue::Told(diagnostic) => return diagnostic,
        NoValue::Draw => "a random number is drawn where all cells share one value",
        NoValue::Measure => "the result of a run is read where nothing has been run",
        NoValue::Variable(_) => "a name that has no value at this place",
        NoValue::Kind => "a number stands where a truth value belongs, or the other way round",
    };
    Box::new(Diagnostic::new(Code::NoValue, span, message))
}
