//! Statements become projections and point mechanisms. Projections name lanes or numbers within a point until pools are made.

mod bundle;
mod by_source;
mod circle;
pub(super) mod flow;
mod from;
mod junction;
pub(super) mod listeners;
mod spots;
mod stimulus;
mod values;

use super::classes::Classes;
use super::draft::{Draft, Making};
use super::group::Group;
use super::points::{In, Point};
use super::pools::Addresses;
use super::range::Told;
use super::settings::columns;
use super::statement::{Statement, What};
use super::streams::{Drawn, Kind, Question, Side};
use super::synapses::{Given, Shared};
use bouton_engine::plan::{Class, Projection};
use bouton_model::ir::{Connection, HandlerId, Mechanism, MechanismId, Port, SectionId, Source, Synapse};
use bouton_syntax::diagnostic::{Code, Diagnostic};
pub use bundle::Bundle;
pub use flow::Flows;
pub use junction::Wires;
pub(super) use spots::Spot;
use std::collections::HashMap;

/// Projections and what they need, while statements are gone through.
pub struct Wiring<'a> {
    pub(super) making: Making<'a>,
    classes: &'a Classes,
    shared: Shared,
    /// Of the cells.
    pub drafts: Vec<Draft>,
    /// Of the stimuli, behind them.
    pub generators: Vec<Draft>,
    /// How many spike sources there are.
    pub sources: u32,
    bundles: Vec<Bundle>,
    wires: Wires,
    flowing: Flows,
}

/// On what the connections of a statement act in a class.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Target {
    /// The cell's own equations.
    Own,
    /// Index into the draft's points.
    Point(usize),
}

/// A port of a class while a statement is gone through.
struct Reached {
    target: Target,
    handler: u16,
    numbers: Numbers,
}

/// How instances are numbered.
enum Numbers {
    /// By lane.
    Lane,
    /// For each lane its instance's.
    Of(Vec<u32>),
    /// A new one for each connection.
    New(New),
}

/// Synapses that a statement makes for its connections.
struct New {
    node: u32,
    group: Group,
    given: Given,
}

impl<'a> Wiring<'a> {
    /// With the drafts of all classes, and the synapses that connections share.
    pub fn new(making: Making<'a>, classes: &'a Classes, drafts: Vec<Draft>, shared: Shared) -> Wiring<'a> {
        let (generators, bundles) = (Vec::new(), Vec::new());
        let (sources, wires, flowing) = (making.world.cells.len(), Wires::default(), Flows::default());
        Wiring { making, classes, shared, drafts, generators, sources, bundles, wires, flowing }
    }

    /// Whether stimuli are connected behind everything else.
    pub fn stimuli_last(&self) -> bool {
        self.making.streams.one_synapse_a_connection()
    }

    /// A `connect`, or a `stimulate` with a source of events.
    ///
    /// # Errors
    /// A value out of range.
    pub fn connection(&mut self, statement: &Statement, connection: &Connection) -> Result<(), Told> {
        let is_junction = connection.ports.iter().any(|(_, port)| matches!(port, Port::Junction { .. }));
        let mut drawn = match &connection.source {
            Source::Cells(_) => {
                let question = Question {
                    identity: &statement.identity,
                    pre: &statement.pre,
                    post: &statement.post,
                    rule: &connection.rule,
                    weight: connection.weight.as_ref(),
                    delay: connection.delay.as_ref(),
                    autapses: connection.autapses,
                    multapses: connection.multapses,
                    span: connection.span,
                };
                // A rule that may reach nothing is not asked when there is nobody.
                match statement.pre.is_empty() || statement.post.is_empty() {
                    true => Drawn::new(Side::Post, None, None),
                    false => self.making.streams.connect(self.making.world, &question)?,
                }
            }
            Source::Generator { cell, settings, span } => {
                let stimulus = stimulus::Stimulus { cell: *cell, settings, span: *span };
                self.stimulus(statement, connection, &stimulus)?
            }
        };
        if connection.ports.iter().any(|(_, port)| matches!(port, Port::Input { .. })) {
            return self.flows(statement, connection, &drawn);
        }
        let set = self.settings_of(statement, connection, &drawn)?;
        match is_junction {
            true => self.junctions(statement, connection, &drawn),
            false => {
                self.sent_from(statement, connection, &mut drawn)?;
                self.synapses(statement, connection, drawn, &set)
            }
        }
    }

    /// An electrode: one instance on each target.
    ///
    /// # Errors
    /// A value out of range.
    pub fn electrode(&mut self, statement: &Statement) -> Result<(), Told> {
        let What::Electrode(electrode) = statement.what else { return Ok(()) };
        let Making { program, world, streams } = self.making;
        let Some(mechanism) = program.mechanisms.get(electrode.mechanism.index()) else { return Ok(()) };
        let mut settings: Vec<_> = electrode.settings.iter().collect();
        settings.sort_by_key(|s| s.variable);
        let named: Vec<_> = settings.iter().map(|s| (name_of(mechanism, s.variable), &s.value)).collect();
        let kind = (Kind::Stimulus(&mechanism.name), &statement.identity);
        let all = columns(world, streams, kind, &statement.post, &named)?;
        let mut by_class: HashMap<usize, (Vec<usize>, Vec<u32>)> = HashMap::new();
        for (k, cell) in statement.post.iter().enumerate() {
            if let Some((class, lane)) = self.classes.lane(world.cells, *cell) {
                let (numbers, lanes) = by_class.entry(class).or_default();
                numbers.push(k);
                lanes.push(lane);
            }
        }
        let mut by_class: Vec<_> = by_class.into_iter().collect();
        by_class.sort_by_key(|(class, _)| *class);
        for (class, (numbers, lanes)) in by_class {
            let Some(draft) = self.drafts.get_mut(class) else { continue };
            let place = self.classes.list.get(class).and_then(|l| electrode.places.iter().find(|(cell, _)| *cell == l.cell));
            let Some((_, place)) = place else { return Err(no_port(statement)) };
            let (lanes, order) = In::exactly(lanes, draft.lanes());
            // `order` says which number each instance gets; what is set is wanted the other way round.
            let mut set = numbers.clone();
            order.iter().zip(&numbers).for_each(|(new, k)| set[*new as usize] = *k);
            let settings = settings
                .iter()
                .zip(&all)
                .map(|(s, column)| (s.variable, super::column::Column::of(set.iter().map(|k| column.at(*k)).collect())));
            let group = Group {
                mechanism: electrode.mechanism,
                label: made_for(statement),
                settings: settings.collect(),
                section: place.section.index(),
                span: electrode.span,
            };
            let node = draft.node(place, world.constants)?;
            draft.points.push(Point { group, node, lanes });
        }
        Ok(())
    }

    /// What a connection acts on, in each class among its targets; at a spot, where it has several.
    fn ports(&self, statement: &Statement, connection: &Connection, spot: Option<Spot>) -> Result<HashMap<usize, Reached>, Told> {
        let mut reached = HashMap::new();
        for (cell, port) in &connection.ports {
            for class in self.classes.classes(*cell).iter().copied() {
                if let Some(draft) = self.drafts.get(class)
                    && self.is_reached(statement, *cell, class)
                {
                    reached.extend(self.port(statement, connection, (class, draft), port, spot)?.map(|one| (class, one)));
                }
            }
        }
        Ok(reached)
    }

    /// Whether a class may be asked for: one of several of its kind of cell has no synapse where none of its cells is among the targets.
    fn is_reached(&self, statement: &Statement, kind: bouton_model::ir::CellId, class: usize) -> bool {
        let of = |cell: &u32| self.classes.lane(self.making.world.cells, *cell).is_some_and(|(of, _)| of == class);
        self.classes.classes(kind).len() == 1 || statement.post.iter().any(of)
    }

    /// Nothing where the class has no such spot.
    fn port(
        &self,
        statement: &Statement,
        c: &Connection,
        (class, draft): (usize, &Draft),
        port: &Port,
        spot: Option<Spot>,
    ) -> Result<Option<Reached>, Told> {
        let handler = |mechanism, id| self.handler(mechanism, id).ok_or_else(|| no_port(statement));
        Ok(Some(match port {
            // Takes no events, and is not asked.
            Port::Junction { .. } | Port::Input { .. } => return Err(no_port(statement)),
            Port::Own { handler: id } => {
                let mechanism = draft.own.as_ref().map(|g| g.mechanism).ok_or_else(|| no_port(statement))?;
                Reached { target: Target::Own, handler: handler(mechanism, *id)?, numbers: Numbers::Lane }
            }
            Port::CellSynapse { synapse, handler: id } => {
                let point = draft.points.get(*synapse).ok_or_else(|| no_port(statement))?;
                let handler = handler(point.group.mechanism, *id)?;
                match c.per_connection {
                    true => {
                        let (node, mut group) = (point.node, point.group.clone());
                        group.label = format!("{} {}", group.label, made_for(statement));
                        let given = Given::ByLane(group.settings.clone());
                        let numbers = Numbers::New(New { node, group, given });
                        Reached { target: Target::Point(draft.points.len()), handler, numbers }
                    }
                    false => Reached { target: Target::Point(*synapse), handler, numbers: Numbers::Lane },
                }
            }
            Port::Synapse { synapse: id, place, handler: handler_id, .. } => {
                let synapse = self.synapse(*id).ok_or_else(|| no_port(statement))?;
                let (section, node) = match spot {
                    Some(spot) => match spot.node(draft) {
                        Some(node) => (spot.section, node),
                        None => return Ok(None),
                    },
                    None => (place.section, draft.node(place, self.making.world.constants)?),
                };
                let handler = handler(synapse.mechanism, *handler_id)?;
                if c.per_connection || self.making.streams.one_synapse_a_connection() {
                    let given = Given::Synapse(*id, made_for(statement));
                    let mut group = group_of(synapse, section);
                    group.label = format!("{} {}", group.label, made_for(statement));
                    let numbers = Numbers::New(New { node, group, given });
                    return Ok(Some(Reached { target: Target::Point(draft.points.len()), handler, numbers }));
                }
                let point = self.shared.at(class, *id, node).ok_or_else(|| no_port(statement))?;
                let numbers = match draft.points.get(point).map(|p| &p.lanes) {
                    Some(lanes @ In::Some(_)) => Numbers::Of(lanes.numbers(draft.lanes())),
                    _ => Numbers::Lane,
                };
                Reached { target: Target::Point(point), handler, numbers }
            }
        }))
    }

    fn synapse(&self, id: bouton_model::ir::SynapseId) -> Option<&'a Synapse> {
        self.making.program.synapses.get(id.index())
    }

    /// The number of a handler in its mechanism's code: `on start` is not counted.
    fn handler(&self, mechanism: MechanismId, id: HandlerId) -> Option<u16> {
        let mechanism = self.making.program.mechanisms.get(mechanism.index())?;
        mechanism.reached().position(|(own, _)| own == id).map(|n| n as u16)
    }

    /// The projections, now that everything has its place. Behind them come those by which mechanisms hear of the spikes of their own cell.
    /// With the statement of each, as far as they have one.
    pub fn finish(
        bundles: Vec<Bundle>,
        drafts: &[Draft],
        classes: &[Class],
        addresses: &[Addresses],
    ) -> (Vec<Projection>, Vec<usize>) {
        let statements = bundles.iter().map(|b| b.statement).collect();
        let made = bundles.into_iter().map(|b| b.finish(addresses));
        (made.chain(listeners::projections(drafts, classes)).collect(), statements)
    }

    /// Drafts, generators, number of sources, projections and wires to finish.
    pub fn into_parts(self) -> (Vec<Draft>, u32, Vec<Bundle>, (Wires, Flows)) {
        let mut drafts = self.drafts;
        drafts.extend(self.generators);
        (drafts, self.sources, self.bundles, (self.wires, self.flowing))
    }
}

/// A group of one synapse of the file, its settings still to be evaluated.
pub(super) fn group_of(synapse: &Synapse, section: SectionId) -> Group {
    Group {
        mechanism: synapse.mechanism,
        label: synapse.name.to_string(),
        settings: Vec::new(),
        section: section.index(),
        span: synapse.span,
    }
}

pub(super) fn name_of(mechanism: &Mechanism, id: bouton_model::ir::VarId) -> String {
    mechanism.variables.get(id.index()).map_or(String::new(), |v| v.name.to_string())
}

/// What is said of things that a statement makes for itself, so that those of two statements draw apart.
fn made_for(statement: &Statement) -> String {
    format!("for {} {}", statement.identity.name, statement.identity.ordinal)
}

fn no_port(statement: &Statement) -> Told {
    Box::new(Diagnostic::new(
        Code::TakesNoEvents,
        statement.span(),
        "a target of this statement has nothing that it could act on",
    ))
}
