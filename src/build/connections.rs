//! Values of the connections of a statement: where the engine has them, and who is connected.

use super::constants::Constants;
use super::draft::Draft;
use super::range::{self, Told};
use super::wiring::listeners::lane;
use bouton_engine::kernel::Place;
use bouton_engine::plan::{Class, Probe, ProbeValue, Projection};
use bouton_model::ir::{CellId, ConnectionValue, OfConnections, Program, Span};
use bouton_syntax::diagnostic::{Code, Diagnostic};

/// Where the values of a table are, and whose they are.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tabled {
    /// Which of the plan's recorders.
    pub recorder: usize,
    /// Its first probe there; one for each connection follows.
    pub first: usize,
    /// Spike source and receiving cell of each connection.
    pub ends: Vec<(u32, u32)>,
}

/// The projections of a plan, and which statement made each.
pub struct OfStatements<'a> {
    /// All of them.
    pub projections: &'a [Projection],
    /// Index into the program's connections; those without a statement are behind.
    pub statements: &'a [usize],
    /// Pools.
    pub classes: &'a [Class],
    /// Their cells.
    pub drafts: &'a [Draft],
}

/// A value of a connection: what is read, who sends, who receives.
pub type Found = (Probe, u32, u32);

impl OfStatements<'_> {
    /// The connections of a statement by class that they reach, then by sender, then as they were made; or the one that is meant.
    ///
    /// # Errors
    /// There is none, or no such one.
    pub fn values(&self, program: &Program, constants: &Constants, of: &OfConnections, span: Span) -> Result<Vec<Found>, Told> {
        let mut all = Vec::new();
        let numbered = (0u32..).zip(self.projections).zip(self.statements);
        for ((number, projection), _) in numbered.filter(|(_, statement)| **statement == of.connection) {
            self.projection(program, of, number, projection, &mut all);
        }
        let Some(index) = &of.index else {
            return match all.is_empty() {
                true => Err(none(span, "no connection was made whose values these could be".to_owned())),
                false => Ok(all),
            };
        };
        let Some(last) = (all.len() as u32).checked_sub(1) else {
            return Err(none(span, "no connection was made whose value this could be".to_owned()));
        };
        let at = range::INDEX.whole(constants.number(index)?, 0, last, index.span)?;
        Ok(all.get(at as usize).map_or_else(Vec::new, |one| vec![*one]))
    }

    /// The cell that sends where a statement says `from`; any other source is its own number.
    fn sender(&self, source: u32) -> u32 {
        let cell = self.drafts.iter().find_map(|draft| {
            let behind = draft.detectors.iter().filter(|detector| detector.sources != draft.sources);
            let lane = behind.filter_map(|one| source.checked_sub(*one.sources.first()?)).find(|lane| *lane < draft.lanes())?;
            draft.cells.get(lane as usize).copied()
        });
        cell.unwrap_or(source)
    }

    fn projection(&self, program: &Program, of: &OfConnections, number: u32, p: &Projection, all: &mut Vec<Found>) {
        let (class, draft) = (self.classes.get(usize::from(p.class)), self.drafts.get(usize::from(p.class)));
        let (Some(class), Some(draft)) = (class, draft) else { return };
        let Some(pool) = class.pools.get(usize::from(p.pool)) else { return };
        let cell = |instance: u32| draft.cells.get(lane(pool, class.lanes(), instance as usize)).copied();
        for (source, row) in p.rows() {
            for c in row {
                let instance = p.targets[c];
                let Some(post) = cell(instance) else { continue };
                let Some(meaning) = kind(program, draft, of) else { continue };
                let value = match meaning {
                    ConnectionValue::Column(column) => {
                        Some(ProbeValue::Connection { projection: number, connection: c as u32, column })
                    }
                    ConnectionValue::Variable(id) => pool.code.value(id).map(|place| match place {
                        Place::Fixed(x) => ProbeValue::Fixed(x),
                        Place::Row(row) => ProbeValue::Row { pool: p.pool, row, instance },
                    }),
                };
                all.extend(value.map(|value| (Probe { class: p.class, value }, self.sender(source), post)));
            }
        }
    }
}

/// What the value is for cells of this class.
fn kind(program: &Program, draft: &Draft, of: &OfConnections) -> Option<ConnectionValue> {
    let is = |id: &CellId| program.cells.get(id.index()).is_some_and(|cell| *cell.name == *draft.name);
    of.of.iter().find(|(cell, _)| is(cell)).or_else(|| of.of.first()).map(|(_, meaning)| *meaning)
}

fn none(span: Span, message: String) -> Told {
    Box::new(Diagnostic::new(Code::ReachesNothing, span, message))
}
