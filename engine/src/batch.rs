//! Several plans as one: copies of a network that differ in numbers, or in who is connected with whom, side by side in the lanes of its classes. What is the
//! same in all of them, and hears of nothing that is not, is there once. Each copy has the results that it has alone, bit for bit.
//!
//! Copies of one lane, or of one source, follow one another in the numbers of the whole: so the order of simultaneous events is in each copy as it was.

mod alike;
mod common;
mod joined;

use crate::plan::Plan;
use crate::run::{Recording, Spike, Trace};
use common::Common;
use joined::Joining;
use std::sync::Arc;

/// A plan of several, and what of it is whose.
#[derive(Clone, Debug)]
pub struct Batch {
    /// All of them.
    pub plan: Arc<Plan>,
    /// For each source of the whole its number in its copy, and which copy; nothing: all of them.
    sources: Vec<(u32, Option<usize>)>,
    /// For each copy and recorder which probes of the whole; what all have in common is recorded once.
    probes: Vec<Vec<Vec<usize>>>,
    /// For each class of the whole, whose each lane is.
    lanes: Vec<Vec<Option<usize>>>,
    /// How many lanes there are once, and of how many.
    once: (usize, usize),
}

impl Batch {
    /// Of plans that are alike in all but numbers of instances and connections; nothing where they are not, or are fewer than two.
    pub fn of(plans: &[Arc<Plan>]) -> Option<Batch> {
        let (first, others) = plans.split_first()?;
        if others.is_empty() || others.iter().any(|other| alike::difference(first, other).is_some()) {
            return None;
        }
        let common = Common::of(plans);
        let once = (common.count(), first.classes.iter().map(crate::plan::Class::lanes).sum());
        Some(Joining::new(plans, &common).joined(once))
    }

    /// Whether two plans can be copies of one another.
    pub fn alike(a: &Plan, b: &Plan) -> bool {
        Batch::difference(a, b).is_none()
    }

    /// In what two plans differ that copies of one another must have in common.
    pub fn difference(a: &Plan, b: &Plan) -> Option<&'static str> {
        alike::difference(a, b)
    }

    /// Present values of each recorder's probes, for each copy; `now` tells those of the whole.
    pub fn split_now(&self, now: impl Fn(usize) -> Vec<f64>) -> Vec<Vec<Vec<f64>>> {
        let whole: Vec<Vec<f64>> = (0..self.plan.recorders.len()).map(now).collect();
        let part = |(own, values): (&Vec<usize>, &Vec<f64>)| own.iter().filter_map(|at| values.get(*at).copied()).collect();
        self.probes.iter().map(|probes| probes.iter().zip(&whole).map(part).collect()).collect()
    }

    /// How many copies there are.
    pub fn len(&self) -> usize {
        self.probes.len()
    }

    /// Never.
    pub fn is_empty(&self) -> bool {
        self.probes.is_empty()
    }

    /// How many cells and stimuli of each copy are the same in all and there once; and how many a copy has.
    pub fn once(&self) -> (usize, usize) {
        self.once
    }

    /// Whose the lane of a class is; nothing: of all.
    pub fn owner(&self, class: usize, lane: usize) -> Option<usize> {
        *self.lanes.get(class)?.get(lane)?
    }

    /// What a recorder has sampled, for one copy: for each of its probes the values.
    pub fn columns<'r>(&self, copy: usize, recorder: usize, recording: &'r Recording) -> Option<Vec<&'r [f64]>> {
        let (own, trace) = (self.probes.get(copy)?.get(recorder)?, recording.traces.get(recorder)?);
        own.iter().map(|at| trace.values.get(*at).map(Vec::as_slice)).collect()
    }

    /// Spikes, for each copy.
    pub fn spikes(&self, all: &[Spike]) -> Vec<Vec<Spike>> {
        let mut parts = vec![Vec::new(); self.len()];
        for spike in all {
            let Some(&(source, owner)) = self.sources.get(spike.source as usize) else { continue };
            let spike = Spike { source, ..*spike };
            match owner {
                Some(copy) => parts[copy].push(spike),
                None => parts.iter_mut().for_each(|part| part.push(spike)),
            }
        }
        parts
    }

    /// All that was recorded, for each copy.
    pub fn split(&self, recording: &Recording) -> Vec<Recording> {
        let of = |(copy, spikes)| {
            let trace = |(recorder, whole): (usize, &Trace)| Trace {
                times: Arc::clone(&whole.times),
                values: self.columns(copy, recorder, recording).unwrap_or_default().into_iter().map(<[f64]>::to_vec).collect(),
            };
            Recording { spikes, traces: recording.traces.iter().enumerate().map(trace).collect() }
        };
        self.spikes(&recording.spikes).into_iter().enumerate().map(of).collect()
    }
}
