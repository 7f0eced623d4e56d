//! Junctions: a point mechanism at each end of each connection, driven by the potential of the other end.
//!
//! The rule makes the end on the cell that receives, and the other end behind everything else, as NetPyNE does.

use super::{Wiring, made_for, no_port};
use crate::build::column::Column;
use crate::build::group::Group;
use crate::build::points::{In, Point};
use crate::build::pools::Addresses;
use crate::build::range::{Told, not_a_number};
use crate::build::scope::Around;
use crate::build::statement::Statement;
use crate::build::streams::Drawn;
use crate::build::synapses::{Given, settings};
use bouton_engine::kernel::Input;
use bouton_engine::plan::{Class, Drive, Probe, ProbeValue};
use bouton_model::ir::{CellId, Connection, Place, Port, SynapseId, VarId};
use std::collections::BTreeMap;

/// A driven input, before pools are made.
struct Wire {
    class: usize,
    /// Index into the draft's points, and number within the point.
    point: usize,
    number: u32,
    input: VarId,
    source: Probe,
}

/// Driven inputs, and other ends of junctions that are still to be put on their cells.
#[derive(Default)]
pub struct Wires {
    all: Vec<Wire>,
    mirrored: Vec<Ends>,
}

/// What the junctions of a statement are.
#[derive(Clone, Copy)]
struct What {
    synapse: SynapseId,
    input: VarId,
    weight: Option<VarId>,
}

/// The ends of a statement's junctions on one class, all at one node.
struct Ends {
    class: usize,
    section: usize,
    node: u32,
    synapse: SynapseId,
    input: VarId,
    /// The statement, in keys.
    label: String,
    lanes: Vec<u32>,
    /// What is set of each, variable by variable.
    set: Vec<(VarId, Vec<f64>)>,
    /// What drives each.
    sources: Vec<Probe>,
}

impl Wiring<'_> {
    /// Both ends of each pair's junction.
    ///
    /// # Errors
    /// A value that is none.
    pub(super) fn junctions(&mut self, statement: &Statement, connection: &Connection, drawn: &Drawn) -> Result<(), Told> {
        let Some((_, Port::Junction { synapse, input, weight, .. })) = connection.ports.first() else {
            return Err(no_port(statement));
        };
        let what = What { synapse: *synapse, input: *input, weight: *weight };
        let places = connection.ports.iter().filter_map(|(cell, port)| match port {
            Port::Junction { place, .. } => Some((*cell, place)),
            _ => None,
        });
        let mut near = self.ends(statement, what, places)?;
        let mut far = self.ends(statement, what, connection.from.iter().map(|(cell, place)| (*cell, place)))?;
        let mut pairs = Vec::with_capacity(drawn.len());
        drawn.each_end(|pre, post| pairs.push((pre, post)));
        for (k, (pre, post)) in pairs.into_iter().enumerate() {
            let set = self.set_of(connection, what, (pre, post), drawn.weight.at(k))?;
            let lane = |cell: u32| self.classes.lane(self.making.world.cells, cell).ok_or_else(|| no_port(statement));
            let ((here, lane_here), (there, lane_there)) = (lane(post)?, lane(pre)?);
            let (Some(here), Some(there)) = (near.get_mut(&here), far.get_mut(&there)) else { return Err(no_port(statement)) };
            let (potential_here, potential_there) = (here.potential(lane_here), there.potential(lane_there));
            here.add(lane_here, potential_there, &set);
            there.add(lane_there, potential_here, &set);
        }
        self.wires.mirrored.extend(far.into_values());
        near.into_values().try_for_each(|ends| self.settle(ends))
    }

    /// Puts the other ends on their cells.
    ///
    /// # Errors
    /// A value that is none.
    pub fn mirror(&mut self) -> Result<(), Told> {
        std::mem::take(&mut self.wires.mirrored).into_iter().try_for_each(|ends| self.settle(ends))
    }

    /// Nothing yet on each class that has a place.
    fn ends<'p>(
        &self,
        statement: &Statement,
        what: What,
        places: impl Iterator<Item = (CellId, &'p Place)>,
    ) -> Result<BTreeMap<usize, Ends>, Told> {
        let mut all = BTreeMap::new();
        for (cell, place) in places {
            for class in self.classes.classes(cell).iter().copied() {
                let Some(draft) = self.drafts.get(class) else { continue };
                let ends = Ends {
                    class,
                    section: place.section.index(),
                    node: draft.node(place, self.making.world.constants)?,
                    synapse: what.synapse,
                    input: what.input,
                    label: made_for(statement),
                    lanes: Vec::new(),
                    set: Vec::new(),
                    sources: Vec::new(),
                };
                all.insert(class, ends);
            }
        }
        Ok(all)
    }

    /// What the connection sets of the mechanism at both ends.
    fn set_of(&self, connection: &Connection, what: What, pair: (u32, u32), weight: f64) -> Result<Vec<(VarId, f64)>, Told> {
        let mut around = Around { world: self.making.world, pre: Some(pair.0), post: Some(pair.1), row: None, draws: None };
        let mut set = Vec::with_capacity(connection.settings.len() + 1);
        for setting in &connection.settings {
            let value = around.number(&setting.value)?;
            if value.is_nan() {
                return Err(not_a_number("setting", value, setting.value.span));
            }
            set.push((setting.variable, value));
        }
        if connection.weight.is_some() {
            set.extend(what.weight.map(|variable| (variable, weight)));
        }
        Ok(set)
    }

    fn settle(&mut self, ends: Ends) -> Result<(), Told> {
        let (Some(synapse), Some(draft)) = (self.synapse(ends.synapse), self.drafts.get_mut(ends.class)) else { return Ok(()) };
        let (lanes, numbers) = In::exactly(ends.lanes, draft.lanes());
        let mut group = Group {
            mechanism: synapse.mechanism,
            label: format!("{} {}", synapse.name, ends.label),
            settings: settings(self.making, &Given::Synapse(ends.synapse, ends.label), &lanes, &draft.cells)?,
            section: ends.section,
            span: synapse.span,
        };
        for (variable, column) in ends.set {
            let mut by_number = column.clone();
            numbers.iter().zip(&column).for_each(|(number, value)| by_number[*number as usize] = *value);
            group.settings.push((variable, Column::of(by_number)));
        }
        draft.driven.insert((group.mechanism, ends.input));
        let (class, point, input) = (ends.class, draft.points.len(), ends.input);
        draft.points.push(Point { group, node: ends.node, lanes });
        let wires = numbers.into_iter().zip(ends.sources);
        self.wires.all.extend(wires.map(|(number, source)| Wire { class, point, number, input, source }));
        Ok(())
    }
}

impl Ends {
    /// The potential there.
    fn potential(&self, lane: u32) -> Probe {
        Probe { class: self.class as u16, value: ProbeValue::Voltage { node: self.node, lane } }
    }

    fn add(&mut self, lane: u32, source: Probe, set: &[(VarId, f64)]) {
        self.lanes.push(lane);
        self.sources.push(source);
        if self.set.is_empty() {
            self.set = set.iter().map(|(variable, _)| (*variable, Vec::new())).collect();
        }
        self.set.iter_mut().zip(set).for_each(|((_, column), (_, value))| column.push(*value));
    }
}

impl Wires {
    /// Who drives whom, now that pools are made.
    pub fn drives(&self, addresses: &[Addresses], classes: &[Class]) -> Vec<Drive> {
        let drive = |wire: &Wire| {
            let (pool, instance) = addresses.get(wire.class)?.points.get(wire.point)?.of(wire.number)?;
            let inputs = &classes.get(wire.class)?.pools.get(usize::from(pool))?.code.inputs;
            let input = inputs.iter().position(|(input, _)| *input == Input::Driven(wire.input))?;
            let (class, input) = (wire.class as u16, input as u16);
            Some(Drive { source: wire.source, class, pool, input, instance, weight: 1.0, delay: 0.0 })
        };
        self.all.iter().filter_map(drive).collect()
    }
}
