//! Synapses of the file on cells: one instance for each place that `via` names, shared by all connections to it; and what is set of them.

use super::classes::Classes;
use super::column::Column;
use super::draft::{Draft, Making};
use super::group::Group;
use super::points::{In, Point};
use super::range::Told;
use super::settings::columns;
use super::statement::{Statement, What};
use super::streams::{Identity, Kind};
use super::wiring::{Spot, group_of, name_of};
use bouton_model::ir::{Attribute, Port, SynapseId, VarId};
use std::collections::{BTreeMap, HashMap};

/// Which synapse on which node of which class.
type Key = (usize, SynapseId, u32);

/// The shared synapses of a network.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Shared(HashMap<Key, usize>);

impl Shared {
    /// Those that the statements name, put on the drafts. Which cells have one follows from the sets alone, not from what is drawn.
    ///
    /// # Errors
    /// A value out of range.
    pub fn of(making: Making, classes: &Classes, statements: &[Statement], drafts: &mut [Draft]) -> Result<Shared, Told> {
        let mut wanted: BTreeMap<Key, (Vec<u32>, Group)> = BTreeMap::new();
        let mut order = Vec::new();
        for statement in statements {
            let What::Connection(connection) = statement.what else { continue };
            if connection.per_connection || making.streams.one_synapse_a_connection() {
                continue;
            }
            for (cell, port) in &connection.ports {
                let Port::Synapse { synapse, place, along, .. } = port else { continue };
                for class in classes.classes(*cell).iter().copied() {
                    let (Some(draft), Some(declared)) = (drafts.get(class), making.program.synapses.get(synapse.index())) else {
                        continue;
                    };
                    let places = match along.is_empty() {
                        true => vec![(place.section, draft.node(place, making.world.constants)?)],
                        false => Spot::nodes(along, draft),
                    };
                    let lanes = statement.post.iter().filter_map(|cell| classes.lane(making.world.cells, *cell));
                    let lanes: Vec<u32> = lanes.filter(|(c, _)| *c == class).map(|(_, lane)| lane).collect();
                    if lanes.is_empty() && classes.classes(*cell).len() > 1 {
                        continue;
                    }
                    for (section, node) in places {
                        let key = (class, *synapse, node);
                        let (all, _) = wanted.entry(key).or_insert_with(|| {
                            order.push(key);
                            (Vec::new(), group_of(declared, section))
                        });
                        all.extend(&lanes);
                    }
                }
            }
        }
        let mut shared = Shared::default();
        for key in order {
            let (Some((lanes, group)), Some(draft)) = (wanted.remove(&key), drafts.get_mut(key.0)) else { continue };
            let lanes = In::at_least_half(lanes, draft.lanes());
            let settings = settings(making, &Given::Synapse(key.1, String::new()), &lanes, &draft.cells)?;
            shared.0.insert(key, draft.points.len());
            draft.points.push(Point { group: Group { settings, ..group }, node: key.2, lanes });
        }
        Ok(shared)
    }

    /// Which point of its class a synapse is.
    pub fn at(&self, class: usize, synapse: SynapseId, node: u32) -> Option<usize> {
        self.0.get(&(class, synapse, node)).copied()
    }
}

/// Where the settings of a synapse stand.
#[derive(Clone, Debug, PartialEq)]
pub enum Given {
    /// In the declaration of one of the file; made for this statement, where it is not shared.
    Synapse(SynapseId, String),
    /// With the cell, by lane.
    ByLane(Vec<(VarId, Column)>),
}

/// What is set of synapses, by number. Several on one cell draw apart.
///
/// # Errors
/// A value that is not a number.
pub fn settings(making: Making, given: &Given, lanes: &In, cells: &[u32]) -> Result<Vec<(VarId, Column)>, Told> {
    let lanes: Vec<u32> = match lanes {
        In::Every => (0..cells.len() as u32).collect(),
        In::Some(lanes) => lanes.clone(),
    };
    match given {
        Given::ByLane(columns) => {
            let by_number = |column: &Column| Column::of(lanes.iter().map(|lane| column.at(*lane as usize)).collect());
            Ok(columns.iter().map(|(id, column)| (*id, by_number(column))).collect())
        }
        Given::Synapse(id, statement) => declared(making, *id, statement, &lanes, cells),
    }
}

fn declared(making: Making, id: SynapseId, statement: &str, lanes: &[u32], cells: &[u32]) -> Result<Vec<(VarId, Column)>, Told> {
    let Some(synapse) = making.program.synapses.get(id.index()) else { return Ok(Vec::new()) };
    let Some(mechanism) = making.program.mechanisms.get(synapse.mechanism.index()) else { return Ok(Vec::new()) };
    let attributes: Vec<(String, &Attribute)> =
        synapse.settings.iter().map(|s| (name_of(mechanism, s.variable), &s.value)).collect();
    let mut rows = vec![vec![0.0; lanes.len()]; attributes.len()];
    for (ordinal, numbers) in rounds(lanes) {
        let these = numbers.iter().filter_map(|k| cells.get(*lanes.get(*k)? as usize)).copied().collect::<Vec<_>>();
        let identity = Identity { name: format!("{} {statement}", synapse.name), ordinal };
        let drawn = columns(making.world, making.streams, (Kind::Cell, &identity), &these, &attributes)?;
        for (row, column) in rows.iter_mut().zip(&drawn) {
            numbers.iter().enumerate().for_each(|(at, k)| row[*k] = column.at(at));
        }
    }
    Ok(synapse.settings.iter().zip(rows).map(|(s, row)| (s.variable, Column::of(row))).collect())
}

/// Numbers of the first instance of each lane, of the second ones, and so on.
fn rounds(lanes: &[u32]) -> Vec<(u32, Vec<usize>)> {
    let mut seen: HashMap<u32, u32> = HashMap::new();
    let mut rounds: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    for (k, lane) in lanes.iter().enumerate() {
        let count = seen.entry(*lane).or_default();
        rounds.entry(*count).or_default().push(k);
        *count += 1;
    }
    rounds.into_iter().collect()
}
