//! Traces of records that are expressions: computed of the samples of their terms, as the run goes on.

use crate::build::{Network, Recorded};
use crate::record::measure::statistic;
use crate::value::{NoValue, Scope, Value, number};
use bouton_engine::run::{Recording, Trace};
use bouton_model::ir::{Measure, Program, RecordId, Var};

/// For each record that computes, the samples of its traces.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Computed {
    records: Vec<Option<Vec<Vec<f64>>>>,
}

impl Computed {
    /// Nothing yet.
    pub fn new(program: &Program, network: &Network) -> Computed {
        let each = program.records.iter().zip(&network.records);
        Computed { records: each.map(|(r, found)| r.value.as_ref().map(|_| vec![Vec::new(); found.traces.len()])).collect() }
    }

    /// The traces of a record, if it computes.
    pub fn of(&self, record: RecordId) -> Option<&[Vec<f64>]> {
        self.records.get(record.index())?.as_deref()
    }

    /// Forgets the samples of a record, which have gone elsewhere.
    pub fn forget(&mut self, record: RecordId) {
        if let Some(Some(traces)) = self.records.get_mut(record.index()) {
            traces.iter_mut().for_each(Vec::clear);
        }
    }

    /// Computes what is missing up to the last samples.
    ///
    /// # Errors
    /// An expression without a value.
    pub fn extend(&mut self, program: &Program, network: &Network, recording: &Recording) -> Result<(), NoValue> {
        for ((record, found), all) in program.records.iter().zip(&network.records).zip(&mut self.records) {
            let (Some(all), Some(value), Some(trace)) = (all, &record.value, recording.traces.get(found.recorder)) else {
                continue;
            };
            for (column, samples) in all.iter_mut().enumerate() {
                let mut moment = Moment { network, found, trace, column, row: 0 };
                for row in samples.len()..trace.times.len() {
                    moment.row = row;
                    samples.push(number(value, &mut moment)?);
                }
            }
        }
        Ok(())
    }
}

/// The terms of a record at one sample.
struct Moment<'a> {
    network: &'a Network,
    found: &'a Recorded,
    trace: &'a Trace,
    column: usize,
    row: usize,
}

impl Moment<'_> {
    fn sample(&self, probe: usize) -> Option<f64> {
        self.trace.values.get(probe)?.get(self.row).copied()
    }
}

impl Scope for Moment<'_> {
    fn variable(&mut self, var: Var) -> Result<Value, NoValue> {
        let mut constants = &self.network.constants;
        constants.variable(var)
    }

    fn measure(&mut self, measure: &Measure) -> Result<Value, NoValue> {
        let probes = |k: usize| self.found.terms.get(k).copied().ok_or(NoValue::Measure);
        let value = match measure {
            Measure::Term(k) => {
                let (first, count) = probes(*k)?;
                self.sample(if count > 1 { first + self.column } else { first })
            }
            Measure::Over(which, k) => {
                let (first, count) = probes(*k)?;
                let all: Option<Vec<f64>> = (first..first + count).map(|probe| self.sample(probe)).collect();
                all.and_then(|all| statistic(*which, &all))
            }
            _ => None,
        };
        value.map(Value::Number).ok_or(NoValue::Measure)
    }
}
