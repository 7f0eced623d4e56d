//! `from PLACE`: spikes of a cell that leave where this statement says, not where the cell says. A source of its own stands for the cell there; it is not recorded.

use super::Wiring;
use crate::build::range::{self, Told};
use crate::build::statement::Statement;
use crate::build::streams::Drawn;
use bouton_engine::plan::{Detector, Values};
use bouton_model::ir::{CellBody, CellId, Connection, SpikeDetector};

impl Wiring<'_> {
    /// Lets what was drawn be sent by the sources at the statement's places.
    ///
    /// # Errors
    /// A place that is not from 0 to 1, a threshold that is no number.
    pub(super) fn sent_from(&mut self, statement: &Statement, connection: &Connection, drawn: &mut Drawn) -> Result<(), Told> {
        if connection.from.is_empty() {
            return Ok(());
        }
        let mut sources: Vec<u32> = (0..self.making.world.cells.len()).collect();
        for (kind, place) in &connection.from {
            let threshold = self.threshold(*kind)?;
            for class in self.classes.classes(*kind).iter().copied() {
                let sends = |cell: &u32| self.classes.lane(self.making.world.cells, *cell).is_some_and(|(of, _)| of == class);
                let Some(draft) = self.drafts.get_mut(class).filter(|_| statement.pre.iter().any(sends)) else { continue };
                let node = draft.node(place, self.making.world.constants)?;
                let is_it = |known: &&Detector| known.node == node && known.threshold == Values::Same(threshold);
                let there = draft.detectors.iter().find(is_it).map(|known| known.sources.clone());
                let there = there.unwrap_or_else(|| {
                    let first = self.sources;
                    self.sources += draft.lanes();
                    let detector =
                        Detector { node, threshold: Values::Same(threshold), sources: (first..self.sources).collect() };
                    draft.detectors.push(detector.clone());
                    detector.sources
                });
                for (cell, source) in draft.cells.iter().zip(there) {
                    if let Some(slot) = sources.get_mut(*cell as usize) {
                        *slot = source;
                    }
                }
            }
        }
        drawn.sent_by(|cell| sources.get(cell as usize).copied().unwrap_or(cell));
        Ok(())
    }

    /// The threshold of a kind of cell's spikes (mV), wherever they leave.
    fn threshold(&self, kind: CellId) -> Result<f64, Told> {
        let cell = self.making.program.cells.get(kind.index());
        let Some(CellBody::Tree(tree)) = cell.map(|cell| &cell.body) else { return Ok(SpikeDetector::USUAL) };
        match &tree.spike {
            Some(spike) => range::THRESHOLD.finite(self.making.world.constants.number(&spike.threshold)?, spike.threshold.span),
            None => Ok(SpikeDetector::USUAL),
        }
    }
}
