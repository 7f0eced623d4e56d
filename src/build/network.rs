//! A network that was built: the plan, and what its numbers stand for.

use super::cells::Cells;
use super::connections::Tabled;
use super::constants::Constants;
use super::estimate::Estimate;
use super::records::Recorded;
use super::sets;
use super::streams::World;
use bouton_engine::plan::Plan;
use bouton_model::ir::Set;
use bouton_syntax::diagnostic::Diagnostic;
use std::sync::Arc;

/// What a program became.
#[derive(Clone, Debug)]
pub struct Network {
    /// For the engine.
    pub plan: Arc<Plan>,
    /// Parameters and attributes of `simulation` as it was built with them.
    pub constants: Constants,
    /// Populations and positions. A cell's number is that of its spike source.
    pub cells: Cells,
    /// For each record of the program where its traces are.
    pub records: Vec<Recorded>,
    /// For each table of connections where its values are.
    pub tables: Vec<Tabled>,
    /// For each class the ends of sections that were left out.
    pub dropped: Vec<usize>,
    /// How large it is.
    pub estimate: Estimate,
}

/// What a spike source is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SpikeSource {
    /// A cell: index of its population, and its index in it.
    Cell(usize, u32),
    /// A copy of a stimulus: class and lane in the plan.
    Stimulus(usize, u32),
}

impl Network {
    /// What a source of spikes is.
    pub fn source(&self, number: u32) -> Option<SpikeSource> {
        if let Some((population, index)) = self.cells.place(number) {
            return Some(SpikeSource::Cell(population, index));
        }
        self.plan.classes.iter().enumerate().find_map(|(class, c)| {
            let first = *c.pools.iter().find_map(|p| p.sources.first())?;
            let lane = number.checked_sub(first)?;
            ((lane as usize) < c.lanes() && first >= self.cells.len()).then_some(SpikeSource::Stimulus(class, lane))
        })
    }

    /// What a source of spikes is called: `S[3]`, `NetStim of S[3]`.
    pub fn source_name(&self, number: u32) -> String {
        match self.source(number) {
            Some(SpikeSource::Stimulus(class, lane)) => {
                self.plan.classes.get(class).and_then(|c| c.cells.get(lane as usize)).unwrap_or_default()
            }
            _ => self.cells.name(number),
        }
    }

    /// Numbers of the cells of a set.
    ///
    /// # Errors
    /// An index that a population does not have.
    pub fn members(&self, set: &Set) -> Result<Vec<u32>, Box<Diagnostic>> {
        sets::cells(World { constants: &self.constants, cells: &self.cells }, set)
    }
}
