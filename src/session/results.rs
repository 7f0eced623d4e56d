//! What a session's last run gave, as slices.

use super::Session;
use crate::record::Window;
use bouton_model::unit::quantity;

/// The samples of a record, of one cell.
#[derive(Clone, Debug, PartialEq)]
pub struct Trace<'s> {
    /// What it is called behind the record's name where there are several: `M[3]`, `M[3].dend`; else empty.
    pub label: String,
    /// ms
    pub times: &'s [f64],
    /// As many as times, in the units of the inside: ms, mV, mA, cm, umol, K and their products.
    pub values: &'s [f64],
    /// The unit in which `print` and files show it.
    pub unit: String,
    /// One such unit in those of the inside: values divided by it are in `unit`.
    pub factor: f64,
}

/// The spikes of a population.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Spikes {
    /// ms, rising
    pub times: Vec<f64>,
    /// Which cell of the population, by its index.
    pub cells: Vec<u32>,
}

impl Session {
    /// The traces of a record, one for each of its cells; empty where there is no such record or nothing was run.
    #[must_use]
    pub fn record(&self, name: &str) -> Vec<Trace<'_>> {
        let Some(runner) = &self.runner else { return Vec::new() };
        let experiment = runner.experiment();
        let Some(results) = experiment.results() else { return Vec::new() };
        let records = &experiment.program().records;
        let Some(at) = records.iter().position(|record| &*record.name == name) else { return Vec::new() };
        let shown = quantity::shown(&records[at].dimension);
        let id = bouton_model::ir::RecordId(at as u32);
        let all = results.samples(id, Window::default()).into_iter();
        all.map(|samples| Trace {
            label: results.label(id, &samples).unwrap_or_default(),
            times: samples.times,
            values: samples.values,
            unit: shown.text.clone(),
            factor: shown.unit.factor(),
        })
        .collect()
    }

    /// The spikes of a population; none where there is no such population or nothing was run.
    #[must_use]
    pub fn spikes(&self, population: &str) -> Spikes {
        let results = self.runner.as_ref().and_then(|runner| runner.experiment().results());
        let Some(results) = results else { return Spikes::default() };
        let members = |cell| results.network.cells.member(cell).filter(|(members, _)| &*members.name == population);
        let found = results.recording.spikes.iter().filter_map(|spike| Some((spike.time, members(spike.source)?.1)));
        let (times, cells) = found.unzip();
        Spikes { times, cells }
    }
}
