//! What was set of mechanisms, as columns: once for all cells, or for each cell where it is drawn, depends on the cell, or differs between populations.

use super::classes::Lanes;
use super::column::Column;
use super::range::{self, Told};
use super::scope::constant;
use super::streams::{Identity, Kind, Spread, Streams, World};
use bouton_model::ir::{Attribute, CellBody, Program, Setting, SettingPlace, VarId};

/// Values of attributes for many cells.
///
/// # Errors
/// An attribute without a value, or one that is not a number.
pub fn columns(
    world: World,
    streams: &dyn Streams,
    (kind, identity): (Kind, &Identity),
    cells: &[u32],
    attributes: &[(String, &Attribute)],
) -> Result<Vec<Column>, Told> {
    let varying: Vec<(String, &Attribute)> = attributes.iter().filter(|(_, a)| !constant(&a.value)).cloned().collect();
    let spread = Spread { identity, kind, cells, attributes: &varying };
    let mut drawn = if varying.is_empty() { Vec::new() } else { streams.spread(world, &spread)? }.into_iter();
    let mut column = |name: &str, attribute: &Attribute| -> Result<Column, Told> {
        let column = match constant(&attribute.value) {
            true => Column::Same(world.number(attribute)?),
            false => Column::of(drawn.next().unwrap_or_default()),
        };
        if column.has_gaps() { Err(range::not_a_number(name, f64::NAN, attribute.span)) } else { Ok(column) }
    };
    attributes.iter().map(|(name, attribute)| column(name, attribute)).collect()
}

/// What was set of the mechanisms of a class, by lane.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CellSettings(Vec<(SettingPlace, VarId, Column)>);

impl CellSettings {
    /// By the cell's declaration and by its populations.
    ///
    /// # Errors
    /// An attribute without a value, or one that is not a number.
    pub fn of(program: &Program, world: World, streams: &dyn Streams, lanes: &Lanes) -> Result<CellSettings, Told> {
        let declared = declared(program, lanes);
        let mut parts = Vec::new();
        for (population, _) in &lanes.populations {
            let Some(members) = world.cells.populations.get(*population) else { continue };
            let mut effective = declared.clone();
            for own in program.populations.get(*population).map_or(&[][..], |p| &p.settings) {
                let setting = &own.setting;
                effective.retain(|(at, id, _)| (*at, *id) != (own.at, setting.variable));
                effective.push((own.at, setting.variable, &setting.value));
            }
            let cells: Vec<u32> = (members.first..members.first + members.count).collect();
            let named: Vec<(String, &Attribute)> =
                effective.iter().map(|(at, id, a)| (path(program, lanes, *at, *id), *a)).collect();
            let values = columns(world, streams, (Kind::Cell, &Identity::default()), &cells, &named)?;
            parts.push((members.count as usize, effective, values));
        }
        Ok(joined(&parts))
    }

    /// Of one mechanism.
    pub fn at(&self, place: SettingPlace) -> Vec<(VarId, Column)> {
        self.0.iter().filter(|(at, ..)| *at == place).map(|(_, id, column)| (*id, column.clone())).collect()
    }
}

type Effective<'a> = Vec<(SettingPlace, VarId, &'a Attribute)>;

fn declared<'p>(program: &'p Program, lanes: &Lanes) -> Effective<'p> {
    let Some(CellBody::Tree(tree)) = lanes.declaration(program).map(|c| &c.body) else { return Vec::new() };
    let of = |at: SettingPlace, settings: &'p [Setting]| settings.iter().map(move |s| (at, s.variable, &s.value));
    let inserts = (0..).map(bouton_model::ir::SectionId).zip(&tree.sections).flat_map(|(id, section)| {
        section.inserts.iter().enumerate().flat_map(move |(k, insert)| of(SettingPlace::Insert(id, k), &insert.settings))
    });
    let synapses = tree.synapses.iter().enumerate().flat_map(|(k, s)| of(SettingPlace::Synapse(k), &s.settings));
    inserts.chain(synapses).collect()
}

/// The path of a variable, for messages and keys: `soma.hh.gnabar`.
fn path(program: &Program, lanes: &Lanes, at: SettingPlace, id: VarId) -> String {
    let label = label(program, lanes, at);
    let mechanism = match (at, lanes.declaration(program).map(|c| &c.body)) {
        (SettingPlace::Own, Some(CellBody::Free(own))) => Some(*own),
        (SettingPlace::Insert(section, k), Some(CellBody::Tree(t))) => {
            t.sections.get(section.index()).and_then(|s| s.inserts.get(k)).map(|i| i.mechanism)
        }
        (SettingPlace::Synapse(k), Some(CellBody::Tree(t))) => t.synapses.get(k).map(|s| s.mechanism),
        _ => None,
    };
    let variable = mechanism.and_then(|m| program.mechanisms.get(m.index())).and_then(|m| m.variables.get(id.index()));
    let name = variable.map_or("", |v| &v.name);
    if label.is_empty() { name.to_owned() } else { format!("{label}.{name}") }
}

/// How a mechanism of a cell is called: `soma.hh`, `nmda`; nothing for the cell's own equations.
pub fn label(program: &Program, lanes: &Lanes, at: SettingPlace) -> String {
    let Some(CellBody::Tree(tree)) = lanes.declaration(program).map(|c| &c.body) else { return String::new() };
    match at {
        SettingPlace::Own => String::new(),
        SettingPlace::Insert(section, k) => match tree.sections.get(section.index()) {
            Some(s) => format!("{}.{}", s.name, s.inserts.get(k).map_or("", |i| &i.name)),
            None => String::new(),
        },
        SettingPlace::Synapse(k) => tree.synapses.get(k).map_or(String::new(), |s| s.name.to_string()),
    }
}

/// The columns of all populations one behind the other; where one does not set what another does, there are gaps.
fn joined(parts: &[(usize, Effective, Vec<Column>)]) -> CellSettings {
    let mut keys: Vec<(SettingPlace, VarId)> = Vec::new();
    for (at, id, _) in parts.iter().flat_map(|(_, effective, _)| effective) {
        if !keys.contains(&(*at, *id)) {
            keys.push((*at, *id));
        }
    }
    let column = |key: (SettingPlace, VarId)| {
        let mut pieces = parts.iter().map(|(count, effective, values)| {
            let at = effective.iter().position(|(at, id, _)| (*at, *id) == key);
            (*count, at.and_then(|k| values.get(k)).cloned().unwrap_or(Column::Same(f64::NAN)))
        });
        if let [_] = parts
            && let Some((_, only)) = pieces.next()
        {
            return only;
        }
        Column::of(pieces.flat_map(|(count, piece)| (0..count).map(move |i| piece.at(i))).collect())
    };
    CellSettings(keys.iter().map(|key| (key.0, key.1, column(*key))).collect())
}
