//! What a run gave: spikes of cells, samples of records. A view of the engine's recording with the network's names on it.

use super::computed::Computed;
use crate::build::{Network, Traced};
use bouton_engine::run::Recording;
use bouton_model::ir::RecordId;

/// Results of a run that has come to a time.
#[derive(Clone, Copy)]
pub struct Results<'a> {
    /// What was run.
    pub network: &'a Network,
    /// What the engine recorded.
    pub recording: &'a Recording,
    /// What records compute of it.
    pub computed: &'a Computed,
    /// When it began (ms): 0, or where a saved state was taken up.
    pub begin: f64,
    /// How far it was run (ms).
    pub end: f64,
}

/// Part of a run, as `after` and `before` cut it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Window {
    /// From this time on (ms).
    pub after: Option<f64>,
    /// Before this time (ms).
    pub before: Option<f64>,
}

impl Window {
    /// Start and end inside a run from `begin` to `end`; the end is not before the start.
    #[must_use]
    pub fn within(&self, begin: f64, end: f64) -> (f64, f64) {
        let start = self.after.unwrap_or(begin).clamp(begin, end.max(begin));
        (start, self.before.unwrap_or(end).clamp(start, end))
    }

    /// Whether a time lies in it.
    #[must_use]
    pub fn holds(&self, time: f64) -> bool {
        self.after.is_none_or(|after| time >= after) && self.before.is_none_or(|before| time < before)
    }

    /// The same, a little earlier: times of samples are sums of steps, and miss the time they stand for by far less than this.
    fn eased(&self, little: f64) -> Window {
        Window { after: self.after.map(|t| t - little), before: self.before.map(|t| t - little) }
    }
}

/// Samples of one variable of one cell.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Samples<'a> {
    /// Of what.
    pub traced: &'a Traced,
    /// ms
    pub times: &'a [f64],
    /// In the coherent system; as many as times.
    pub values: &'a [f64],
}

impl<'a> Results<'a> {
    /// Time and cell of each spike of these cells in a window; by time, then cell.
    pub fn spikes<'s>(&'s self, cells: &[u32], window: Window) -> impl Iterator<Item = (f64, u32)> + 's {
        let mut wanted = vec![false; self.network.cells.len() as usize];
        for cell in cells {
            if let Some(flag) = wanted.get_mut(*cell as usize) {
                *flag = true;
            }
        }
        let spikes = self.recording.spikes.iter().filter(move |spike| window.holds(spike.time));
        spikes.filter(move |spike| wanted.get(spike.source as usize) == Some(&true)).map(|spike| (spike.time, spike.source))
    }

    /// The samples of a record in a window, for each of its cells.
    #[must_use]
    pub fn samples(&self, record: RecordId, window: Window) -> Vec<Samples<'a>> {
        let Some(recorded) = self.network.records.get(record.index()) else { return Vec::new() };
        let Some(trace) = self.recording.traces.get(recorded.recorder) else { return Vec::new() };
        let window = window.eased(self.network.plan.dt * 1e-3);
        let from = trace.times.partition_point(|t| window.after.is_some_and(|after| *t < after));
        let to = trace.times.partition_point(|t| window.before.is_none_or(|before| *t < before)).max(from);
        let times = trace.times.get(from..to).unwrap_or_default();
        let of_terms = recorded.terms.iter().flat_map(|(first, count)| *first..first + count);
        let values: Vec<&'a Vec<f64>> = match self.computed.of(record) {
            Some(computed) => computed.iter().collect(),
            None => of_terms.filter_map(|probe| trace.values.get(probe)).collect(),
        };
        let cut = |(traced, values): (&'a Traced, &'a Vec<f64>)| Samples {
            traced,
            times,
            values: values.get(from..to).unwrap_or_default(),
        };
        recorded.traces.iter().zip(values).map(cut).collect()
    }

    /// What one of the traces of a record is called behind the record's name: nothing, `M[3]`, `M[3].dend`.
    #[must_use]
    pub fn label(&self, record: RecordId, samples: &Samples<'_>) -> Option<String> {
        let of_others = |traced: &Traced| traced.cell != samples.traced.cell;
        let of_several = self.network.records.get(record.index()).is_some_and(|found| found.traces.iter().any(of_others));
        let cell = samples.traced.cell.filter(|_| of_several).map(|cell| self.network.cells.name(cell));
        match (cell, &samples.traced.part) {
            (Some(cell), Some(part)) => Some(format!("{cell}.{part}")),
            (cell, part) => cell.or_else(|| part.as_ref().map(ToString::to_string)),
        }
    }

    /// The last sample not after a time.
    #[must_use]
    pub fn at(&self, samples: &Samples<'_>, time: f64) -> Option<f64> {
        let little = self.network.plan.dt * 1e-3;
        let next = samples.times.partition_point(|t| *t <= time + little);
        samples.values.get(next.checked_sub(1)?).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::build::{Cells, Members, Recorded, Traced};
    use bouton_engine::plan::Plan;
    use bouton_engine::run::{Spike, Trace};
    use bouton_model::ir::CellId;
    use std::sync::Arc;

    pub fn network() -> Network {
        let members = |name: &str, first| Members { name: name.into(), cell: CellId(0), first, count: 2, single: false };
        let populations = vec![members("S", 0), members("M", 2)];
        let traced = |cell| Traced { cell: Some(cell), part: None };
        let recorded = Recorded { recorder: 0, terms: vec![(1, 2)], traces: vec![traced(2), traced(3)] };
        Network {
            plan: Arc::new(Plan { dt: 0.025, ..Plan::default() }),
            constants: crate::build::Constants::of(
                &bouton_model::ir::Program::default(),
                &crate::build::Knobs::default(),
                &mut bouton_syntax::Diagnostics::new(),
            ),
            cells: Cells { populations, positions: Vec::new() },
            records: vec![recorded],
            tables: Vec::new(),
            dropped: Vec::new(),
            estimate: crate::build::Estimate::default(),
        }
    }

    fn recording() -> Recording {
        let spikes = [(1.0, 0), (2.0, 3), (2.0, 9), (5.0, 2)].map(|(time, source)| Spike { time, source }).to_vec();
        let times = vec![0.0, 1.0, 1.999_999_999_9, 3.000_000_000_1];
        let values = vec![vec![9.0; 4], vec![1.0, 2.0, 3.0, 4.0], vec![5.0, 6.0, 7.0, 8.0]];
        Recording { spikes, traces: vec![Trace { times: Arc::new(times), values }] }
    }

    #[test]
    fn spikes_of_cells_in_a_window() {
        let (network, recording) = (network(), recording());
        let results = Results { network: &network, recording: &recording, computed: &Computed::default(), begin: 0.0, end: 5.0 };
        let all: Vec<_> = results.spikes(&[0, 1, 2, 3], Window::default()).collect();
        assert_eq!(all, [(1.0, 0), (2.0, 3), (5.0, 2)], "source 9 is no cell");
        let window = Window { after: Some(2.0), before: Some(5.0) };
        assert_eq!(results.spikes(&[2, 3], window).collect::<Vec<_>>(), [(2.0, 3)]);
    }

    #[test]
    fn samples_know_their_cells_and_forgive_rounded_times() {
        let (network, recording) = (network(), recording());
        let results = Results { network: &network, recording: &recording, computed: &Computed::default(), begin: 0.0, end: 5.0 };
        let window = Window { after: Some(2.0), before: Some(3.0) };
        let samples = results.samples(RecordId(0), window);
        assert_eq!(
            samples.iter().map(|s| (s.traced.cell, s.values)).collect::<Vec<_>>(),
            [(Some(2), &[3.0][..]), (Some(3), &[7.0][..])]
        );
        let all = results.samples(RecordId(0), Window::default());
        assert_eq!(all.first().and_then(|s| results.at(s, 3.0)), Some(4.0));
        assert_eq!(all.first().and_then(|s| results.at(s, 2.5)), Some(3.0));
        assert_eq!(all.first().and_then(|s| results.at(s, -1.0)), None);
        assert!(results.samples(RecordId(7), Window::default()).is_empty());
    }

    #[test]
    fn windows_are_cut_to_the_run() {
        let window = |after, before| Window { after, before }.within(0.0, 100.0);
        assert_eq!(window(None, None), (0.0, 100.0));
        assert_eq!(window(Some(20.0), Some(500.0)), (20.0, 100.0));
        assert_eq!(window(Some(200.0), Some(50.0)), (100.0, 100.0));
    }
}
