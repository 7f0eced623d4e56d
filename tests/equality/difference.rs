//! The first difference of two recordings, down to the last bit.

use bouton_engine::run::{Recording, Spike, Trace};

/// Where they differ, if they do.
pub fn difference(engine: &Recording, reference: &Recording) -> Option<String> {
    let traces = (engine.traces.len() != reference.traces.len())
        .then(|| format!("{} traces and not {}", engine.traces.len(), reference.traces.len()));
    let trace = |(k, (x, y)): (usize, (&Trace, &Trace))| of_traces(x, y).map(|d| format!("trace {k}, {d}"));
    traces
        .or_else(|| engine.traces.iter().zip(&reference.traces).enumerate().find_map(trace))
        .or_else(|| of_spikes(&engine.spikes, &reference.spikes))
}

fn of_traces(engine: &Trace, reference: &Trace) -> Option<String> {
    let probe = |(k, (x, y)): (usize, (&Vec<f64>, &Vec<f64>))| of_numbers(x, y).map(|d| format!("probe {k}, {d}"));
    of_numbers(&engine.times, &reference.times)
        .map(|d| format!("times, {d}"))
        .or_else(|| (engine.values.len() != reference.values.len()).then(|| "another number of probes".into()))
        .or_else(|| engine.values.iter().zip(&reference.values).enumerate().find_map(probe))
}

fn of_numbers(engine: &[f64], reference: &[f64]) -> Option<String> {
    let at = engine.iter().zip(reference).position(|(x, y)| !same(*x, *y));
    at.map(|i| format!("sample {i}: {:?} and not {:?}", engine[i], reference[i]))
        .or_else(|| (engine.len() != reference.len()).then(|| format!("{} samples and not {}", engine.len(), reference.len())))
}

fn of_spikes(engine: &[Spike], reference: &[Spike]) -> Option<String> {
    let at = engine.iter().zip(reference).position(|(x, y)| !same(x.time, y.time) || x.source != y.source);
    at.map(|i| format!("spike {i}: {:?} and not {:?}", engine[i], reference[i]))
        .or_else(|| (engine.len() != reference.len()).then(|| format!("{} spikes and not {}", engine.len(), reference.len())))
}

/// Sign and payload of what is not a number are left open.
fn same(x: f64, y: f64) -> bool {
    x.to_bits() == y.to_bits() || (x.is_nan() && y.is_nan())
}
