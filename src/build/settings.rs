//! What was set of mechanisms, as columns: once for all cells, or for each cell where it is drawn, depends on the cell, or differs between populations.

use super::bodies::Bodies;
use super::classes::{Lanes, Piece};
use super::column::Column;
use super::draft::Making;
use super::part::{Parts, of_part};
use super::range::{self, Told};
use super::scope::constant;
use super::shape::location;
use super::streams::{Identity, Kind, Spread, Streams, World};
use bouton_model::geometry::Location;
use bouton_model::ir::{Attribute, CellBody, Program, Setting, SettingPlace, VarId};
use std::collections::{HashMap, HashSet};

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

/// What was set of the mechanisms of a class, by lane; of what varies along a section, a column for each of its segments.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CellSettings(HashMap<SettingPlace, Vec<(VarId, Vec<Column>)>>);

impl CellSettings {
    /// By the cell's declaration and by its populations.
    ///
    /// # Errors
    /// An attribute without a value, or one that is not a number.
    pub fn of(making: &Making, bodies: &Bodies, lanes: &Lanes) -> Result<CellSettings, Told> {
        let Making { program, world, streams } = *making;
        let declared = declared(program, lanes);
        let mut parts = Vec::new();
        for piece in &lanes.pieces {
            let Some(members) = world.cells.populations.get(piece.population) else { continue };
            let mut effective = declared.clone();
            let own = program.populations.get(piece.population).map_or(&[][..], |p| &p.settings);
            let replaced: HashSet<(SettingPlace, VarId)> = own.iter().map(|own| (own.at, own.setting.variable)).collect();
            effective.retain(|(at, id, _)| !replaced.contains(&(*at, *id)));
            effective.extend(own.iter().map(|own| (own.at, own.setting.variable, &own.setting.value)));
            let named: Vec<(String, &Attribute)> = effective
                .iter()
                .filter(|(_, _, a)| !of_part(&a.value))
                .map(|(at, id, a)| (path(program, lanes, *at, *id), *a))
                .collect();
            let columns = columns(world, streams, (Kind::Cell, &Identity::default()), &piece.cells, &named)?;
            let mut plain = columns.into_iter();
            let params = bodies.body(piece.population).map_or(&[][..], |body| &body.params);
            let along = Along { making, lanes, bodies, piece, parts: Parts { world, streams, members, params } };
            let values = effective.iter().map(|(at, id, attribute)| match of_part(&attribute.value) {
                true => along.columns(*at, *id, attribute),
                false => Ok(plain.next().into_iter().collect()),
            });
            let values = values.collect::<Result<Vec<Vec<Column>>, Told>>()?;
            parts.push((piece.cells.len(), effective, values));
        }
        Ok(joined(&parts))
    }

    /// Of one mechanism, what is the same all along its section.
    pub fn at(&self, place: SettingPlace) -> Vec<(VarId, Column)> {
        self.of_place(place)
            .filter_map(|(id, columns)| if let [one] = columns { Some((id, one.clone())) } else { None })
            .collect()
    }

    /// Of one mechanism, what varies along its section: a column for each segment.
    pub fn along(&self, place: SettingPlace) -> Vec<(VarId, Vec<Column>)> {
        self.of_place(place).filter(|(_, columns)| columns.len() > 1).map(|(id, columns)| (id, columns.to_vec())).collect()
    }

    fn of_place(&self, place: SettingPlace) -> impl Iterator<Item = (VarId, &[Column])> {
        self.0.get(&place).into_iter().flatten().map(|(id, columns)| (*id, columns.as_slice()))
    }

    fn by_place(list: impl Iterator<Item = (SettingPlace, VarId, Vec<Column>)>) -> CellSettings {
        let mut all = CellSettings::default();
        list.for_each(|(at, id, columns)| all.0.entry(at).or_default().push((id, columns)));
        all
    }
}

/// Cells of a population in a class, for values that depend on the cell's parameters or on the place.
struct Along<'a> {
    making: &'a Making<'a>,
    lanes: &'a Lanes,
    bodies: &'a Bodies,
    piece: &'a Piece,
    parts: Parts<'a>,
}

impl Along<'_> {
    /// A column for each segment, or one where all are alike.
    fn columns(&self, at: SettingPlace, id: VarId, attribute: &Attribute) -> Result<Vec<Column>, Told> {
        let Making { program, world, .. } = *self.making;
        let Some(CellBody::Tree(tree)) = self.lanes.declaration(program).map(|c| &c.body) else { return Ok(Vec::new()) };
        let first = self.piece.cells.first().and_then(|cell| self.bodies.form(world.cells, *cell));
        let Some(form) = first else { return Ok(Vec::new()) };
        let places: Vec<Location> = match at {
            SettingPlace::Insert(section, _) => {
                let segments = form.cables.get(section.index()).map_or(0, |c| c.segments);
                (0..segments).map(|k| form.middle(section.index(), k)).collect()
            }
            SettingPlace::Synapse(k) => {
                let place = tree.synapses.get(k).map(|s| location(&s.place, world.constants)).transpose()?;
                place.into_iter().collect()
            }
            SettingPlace::Own => Vec::new(),
        };
        let name = path(program, self.lanes, at, id);
        let differs =
            self.parts.differs(&attribute.value) || self.bodies.body(self.piece.population).is_some_and(|b| b.forms.len() > 1);
        let value = |place: Location, cell: u32| {
            let form = self.bodies.form(world.cells, cell).unwrap_or(form);
            let x = self.parts.number(attribute, &name, cell - self.parts.members.first, &form.spot(place))?;
            if x.is_nan() { Err(range::not_a_number(&name, x, attribute.span)) } else { Ok(x) }
        };
        let column = |place: &Location| match (differs, self.piece.cells.first()) {
            (false, Some(cell)) => value(*place, *cell).map(Column::Same),
            _ => self.piece.cells.iter().map(|cell| value(*place, *cell)).collect::<Result<_, _>>().map(Column::of),
        };
        let mut columns: Vec<Column> = places.iter().map(column).collect::<Result<_, _>>()?;
        if columns.windows(2).all(|pair| pair[0] == pair[1]) {
            columns.truncate(1);
        }
        Ok(columns)
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
fn joined(parts: &[(usize, Effective, Vec<Vec<Column>>)]) -> CellSettings {
    let mut keys: Vec<(SettingPlace, VarId)> = Vec::new();
    let mut seen = HashSet::new();
    for (at, id, _) in parts.iter().flat_map(|(_, effective, _)| effective) {
        if seen.insert((*at, *id)) {
            keys.push((*at, *id));
        }
    }
    if let [(_, effective, values)] = parts {
        let only = effective.iter().zip(values).map(|((at, id, _), columns)| (*at, *id, columns.clone()));
        return CellSettings::by_place(only);
    }
    let index: Vec<HashMap<(SettingPlace, VarId), usize>> = parts
        .iter()
        .map(|(_, effective, _)| effective.iter().enumerate().map(|(k, (at, id, _))| ((*at, *id), k)).collect())
        .collect();
    let columns = |key: (SettingPlace, VarId)| {
        let of = |part: usize| index[part].get(&key).and_then(|k| parts[part].2.get(*k));
        let segments = (0..parts.len()).filter_map(of).map(Vec::len).max().unwrap_or(1);
        let segment = |k: usize| {
            let pieces = (0..parts.len()).map(|part| {
                let column = of(part).and_then(|columns| columns.get(k).or(columns.first())).cloned();
                (parts[part].0, column.unwrap_or(Column::Same(f64::NAN)))
            });
            Column::of(pieces.flat_map(|(count, piece)| (0..count).map(move |i| piece.at(i))).collect())
        };
        (0..segments).map(segment).collect()
    };
    CellSettings::by_place(keys.iter().map(|key| (key.0, key.1, columns(*key))))
}
