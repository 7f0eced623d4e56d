//! What a statement sets of each of its connections beside weight and delay: what events bring, what is kept, and parameters of a connection's own synapse.

use super::Wiring;
use crate::build::column::Column;
use crate::build::range::{self, Told};
use crate::build::scope::{Around, constant};
use crate::build::statement::Statement;
use crate::build::streams::own::Keys;
use crate::build::streams::{Drawn, Row, Sampler};
use bouton_engine::plan::Values;
use bouton_model::ir::{Attribute, CellId, Connection, ConnectionSetting, ConnectionValue, Rule, Source, VarId};
use std::collections::HashMap;

/// A setting and its value for each connection, in order of creation.
pub(super) type Set<'a> = (&'a ConnectionSetting, Values);

impl Wiring<'_> {
    /// All settings of a statement. Draws come from a stream for each receiving cell and sending population.
    ///
    /// # Errors
    /// A value that is not a number.
    pub(super) fn settings_of<'c>(&self, statement: &Statement, c: &'c Connection, drawn: &Drawn) -> Result<Vec<Set<'c>>, Told> {
        let values = |setting: &'c ConnectionSetting| {
            let values = match constant(&setting.value.value) {
                true => Values::Same(in_range(setting, self.making.world.number(&setting.value)?)?),
                false => Values::Each(self.each(statement, c, setting, drawn)?),
            };
            Ok((setting, values))
        };
        c.values.iter().map(values).collect()
    }

    fn each(&self, statement: &Statement, c: &Connection, setting: &ConnectionSetting, drawn: &Drawn) -> Result<Vec<f64>, Told> {
        let (world, identity) = (self.making.world, &statement.identity);
        let mut rows = rows(statement, c);
        let (keys, ordinal) = (Keys::new(world.constants.seed), identity.ordinal.to_string());
        let name = |population: usize| world.cells.populations.get(population).map_or("", |p| p.name.as_str());
        let sends = matches!(c.source, Source::Cells(_));
        let mut samplers: HashMap<(usize, u32), Sampler> = HashMap::new();
        let mut value = |pre: u32, post: u32, attribute: &Attribute| {
            let from = if sends { world.cells.place(pre).map_or(usize::MAX, |(p, _)| p) } else { usize::MAX };
            let sampler = samplers.entry((from, post)).or_insert_with(|| {
                let (to, index) = world.cells.place(post).unwrap_or((usize::MAX, post));
                let key = keys.of(&["value", &setting.name, &identity.name, &ordinal, name(from), name(to)]);
                Sampler::own(key.stream(index))
            });
            let pre = sends.then_some(pre);
            in_range(setting, Around { world, pre, post: Some(post), row: rows.next(), draws: Some(sampler) }.number(attribute)?)
        };
        let mut all = Ok(Vec::with_capacity(drawn.len()));
        drawn.each_end(|pre, post| {
            if let Ok(list) = &mut all {
                match value(pre, post, &setting.value) {
                    Ok(x) => list.push(x),
                    Err(told) => all = Err(told),
                }
            }
        });
        all
    }
}

/// The rows of the file that connections were listed in, in order of creation; nothing for other rules.
fn rows<'c>(statement: &'c Statement, c: &'c Connection) -> impl Iterator<Item = Row<'c>> {
    let list = if let Rule::Listed(list, _) = &c.rule { Some(list) } else { None };
    let cell = |cells: &[u32], index: u32| cells.get(index as usize).copied();
    list.into_iter().flat_map(move |list| {
        let pairs = list.pre.iter().zip(&list.post).enumerate();
        let made = pairs.filter(move |(_, (i, j))| c.autapses || cell(&statement.pre, **i) != cell(&statement.post, **j));
        made.map(move |(at, _)| Row { list, at })
    })
}

fn in_range(setting: &ConnectionSetting, x: f64) -> Result<f64, Told> {
    if x.is_finite() { Ok(x) } else { Err(range::not_a_number(&setting.name, x, setting.value.span)) }
}

/// The columns of a kind of cell's connections behind the weight; not a number where nobody sets them.
pub(super) fn columns<'s>(set: &'s [Set<'_>], cell: CellId) -> Vec<Option<&'s Values>> {
    let mut columns = Vec::new();
    for (setting, values) in set {
        if let Some(ConnectionValue::Column(column)) = meaning(setting, cell) {
            let at = usize::from(column).saturating_sub(1);
            if columns.len() <= at {
                columns.resize(at + 1, None);
            }
            columns[at] = Some(values);
        }
    }
    columns
}

/// What is set of the synapses that connections to a kind of cell have for themselves: of the connections of these numbers, instance by instance.
pub(super) fn variables(set: &[Set<'_>], cell: CellId, connections: &[usize]) -> Vec<(VarId, Column)> {
    let variable = |(setting, values): &Set<'_>| match meaning(setting, cell) {
        Some(ConnectionValue::Variable(id)) => Some((id, Column::of(connections.iter().map(|c| values.at(*c)).collect()))),
        _ => None,
    };
    set.iter().filter_map(variable).collect()
}

fn meaning(setting: &ConnectionSetting, cell: CellId) -> Option<ConnectionValue> {
    setting.of.iter().find(|(of, _)| *of == cell).map(|(_, meaning)| *meaning)
}
