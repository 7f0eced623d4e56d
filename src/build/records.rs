//! What is recorded: one recorder for each distinct interval, and where each record of the script is found in them.

use super::classes::Classes;
use super::draft::Draft;
use super::pools::Addresses;
use super::range::{self, Told};
use super::sets;
use super::streams::World;
use bouton_engine::kernel::Place as CodePlace;
use bouton_engine::plan::{Class, Probe, ProbeValue, Recorder};
use bouton_model::ir::{self, Program, Record, VarId};
use bouton_syntax::diagnostic::{Code, Diagnostic};

/// Where the traces of a record are.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Recorded {
    /// Which of the plan's recorders.
    pub recorder: usize,
    /// Its first probe there; one for each of `cells` follows.
    pub first: usize,
    /// Of which cells.
    pub cells: Vec<u32>,
}

/// What records are resolved with.
pub struct Found<'a> {
    /// Parameters and cells.
    pub world: World<'a>,
    /// Lanes.
    pub classes: &'a Classes,
    /// Places.
    pub drafts: &'a [Draft],
    /// Pools.
    pub made: &'a [Class],
    /// Where instances are.
    pub addresses: &'a [Addresses],
}

impl Found<'_> {
    /// All recorders.
    ///
    /// # Errors
    /// A value out of range, or something that has no row.
    pub fn recorders(&self, program: &Program) -> Result<(Vec<Recorder>, Vec<Recorded>), Vec<Told>> {
        let (mut recorders, mut all, mut errors) = (Vec::<Recorder>::new(), Vec::new(), Vec::new());
        for record in &program.records {
            match self.record(record, &mut recorders) {
                Ok(recorded) => all.push(recorded),
                Err(told) => errors.push(told),
            }
        }
        if errors.is_empty() { Ok((recorders, all)) } else { Err(errors) }
    }

    fn record(&self, record: &Record, recorders: &mut Vec<Recorder>) -> Result<Recorded, Told> {
        let constants = self.world.constants;
        let every = match &record.every {
            Some(a) => Some(range::EVERY.positive(constants.number(a)?, a.span)?),
            None => None,
        };
        let cells = sets::members(self.world, &record.cells)?;
        if cells.is_empty() {
            let message = format!("`{}` records no cell with these parameters", record.name);
            return Err(Box::new(Diagnostic::new(Code::ReachesNothing, record.span, message)));
        }
        let probes = cells.iter().map(|cell| self.probe(record, *cell)).collect::<Result<Vec<_>, _>>()?;
        let recorder = recorders.iter().position(|r| r.every == every).unwrap_or_else(|| {
            recorders.push(Recorder { every, probes: Vec::new() });
            recorders.len() - 1
        });
        let known = &mut recorders[recorder].probes;
        let first = known.len();
        known.extend(probes);
        Ok(Recorded { recorder, first, cells })
    }

    fn probe(&self, record: &Record, cell: u32) -> Result<Probe, Told> {
        let constants = self.world.constants;
        let unknown = || {
            let message = format!("`{}` has no value that could be recorded of {}", record.name, self.world.cells.name(cell));
            Box::new(Diagnostic::new(Code::NoValue, record.span, message))
        };
        let (class, lane) = self.classes.lane(self.world.cells, cell).ok_or_else(unknown)?;
        let draft = self.drafts.get(class).ok_or_else(unknown)?;
        let addresses = self.addresses.get(class).ok_or_else(unknown)?;
        let value = match &record.probe {
            ir::Probe::Voltage(place) => Some(ProbeValue::Voltage { node: draft.node(place, constants)?, lane }),
            ir::Probe::Insert(place, k, variable) => {
                let found = draft.insert(place, *k, constants)?;
                let at = found.and_then(|(insert, segment)| {
                    let (pool, firsts) = addresses.inserts.get(insert)?;
                    Some((*pool, firsts.get(segment)? + lane))
                });
                at.and_then(|at| self.row(class, at, *variable))
            }
            ir::Probe::Synapse(k, variable) => {
                addresses.points.get(*k).and_then(|a| a.of(lane)).and_then(|at| self.row(class, at, *variable))
            }
            ir::Probe::Own(variable) => self.row(class, (0, lane), *variable),
        };
        Ok(Probe { class: class as u16, value: value.ok_or_else(unknown)? })
    }

    fn row(&self, class: usize, (pool, instance): (u16, u32), variable: VarId) -> Option<ProbeValue> {
        match self.made.get(class)?.pools.get(usize::from(pool))?.code.value(variable)? {
            CodePlace::Fixed(x) => Some(ProbeValue::Fixed(x)),
            CodePlace::Row(row) => Some(ProbeValue::Row { pool, row, instance }),
        }
    }
}
