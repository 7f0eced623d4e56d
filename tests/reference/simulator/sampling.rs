//! Recorders: when they sample, and what.

use super::Simulator;
use super::coupling::read;
use super::state::ClassState;
use bouton_engine::plan::{Plan, Probe, ProbeValue};
use bouton_engine::run::{Recording, Trace};
use bouton_engine::vm::program::NodeRow;
use std::sync::Arc;

/// A recording with a trace for each recorder, and nothing in it yet.
pub fn empty(plan: &Plan) -> Recording {
    let traces = plan.recorders.iter().map(|r| Trace { times: Arc::default(), values: vec![Vec::new(); r.probes.len()] });
    Recording { spikes: Vec::new(), traces: traces.collect() }
}

impl Simulator {
    /// Recorders without interval, at the start and at the end of each step (point 10).
    pub(super) fn sample_steps(&mut self) {
        for k in 0..self.plan.recorders.len() {
            if self.plan.recorders[k].every.is_none() {
                self.sample(k, self.t);
            }
        }
    }

    /// The recorder that is due first at or before the limit: when, and which one.
    pub(super) fn next_sample(&self, limit: f64) -> Option<(f64, usize)> {
        let recorders = self.plan.recorders.iter().enumerate();
        let due = recorders.filter(|(k, r)| r.every.is_some() && self.due[*k] <= limit).map(|(k, _)| (self.due[k], k));
        due.min_by(|x, y| x.0.total_cmp(&y.0))
    }

    /// A recorder with an interval samples, and is due again an interval later.
    pub(super) fn sample_due(&mut self, k: usize) {
        self.sample(k, self.due[k]);
        self.due[k] += self.plan.recorders[k].every.unwrap_or(f64::INFINITY);
    }

    /// Stores the present values with the time that is given.
    fn sample(&mut self, k: usize, time: f64) {
        let now = self.t;
        let plan = self.plan.clone();
        for (c, class) in plan.classes.iter().enumerate() {
            for (p, pool) in class.pools.iter().enumerate() {
                read(&plan, c, p, None, &mut self.classes[c]);
                if let Some(program) = &pool.code.observed.present {
                    let ClassState { pools, cells, .. } = &mut self.classes[c];
                    pools[p].run_all(&pool.code, program, now, cells);
                }
            }
        }
        let values: Vec<f64> = self.plan.recorders[k].probes.iter().map(|p| self.value(p)).collect();
        let trace = &mut self.recording.traces[k];
        Arc::make_mut(&mut trace.times).push(time);
        for (samples, value) in trace.values.iter_mut().zip(values) {
            samples.push(value);
        }
    }

    /// What a probe reads now.
    pub(super) fn value(&self, probe: &Probe) -> f64 {
        match probe.value {
            ProbeValue::Connection { projection, connection, column } => {
                let (p, c) = (projection as usize, connection as usize);
                let kept = self.lines[p].get(c).map(|line| line[usize::from(column)]);
                kept.unwrap_or_else(|| self.plan.projections[p].arguments[usize::from(column)].at(c))
            }
            value => self.classes[usize::from(probe.class)].value(&value),
        }
    }
}

impl ClassState {
    /// What a probe reads now of cells of this class.
    pub fn value(&self, value: &ProbeValue) -> f64 {
        match *value {
            ProbeValue::Voltage { node, lane } => self.cells[lane as usize].nodes[node as usize][NodeRow::V as usize],
            ProbeValue::Shared { row, node, lane } => self.cells[lane as usize].shared[node as usize][usize::from(row)],
            ProbeValue::Outside { layer, node, lane } => {
                self.cells[lane as usize].around.get(node as usize).map_or(0.0, |around| around.v[usize::from(layer)])
            }
            ProbeValue::Membrane { node, lane } => {
                self.cells[lane as usize].around.get(node as usize).map_or(0.0, |around| around.membrane)
            }
            ProbeValue::Row { pool, row, instance } => {
                let instance = &self.pools[usize::from(pool)].instances[instance as usize];
                let common = self.cells.get(instance.lane).and_then(|cell| cell.common.get(&(usize::from(pool), row)));
                common.copied().unwrap_or(instance.rows[usize::from(row)])
            }
            ProbeValue::Fixed(value) => value,
            // Of no class.
            ProbeValue::Connection { .. } => f64::NAN,
        }
    }
}
