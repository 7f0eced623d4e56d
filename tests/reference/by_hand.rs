//! Mechanisms whose programs are written out by hand, without the kernel's compiler, and small plans of them.
//! The tests hold the second simulator against answers in closed form.

mod assembler;
mod mechanisms;
mod tests;

pub use mechanisms::{clock, decay, echo, electrode, latch, leak, logger, quadratic};

use super::links::Link;
use bouton_engine::kernel::MechanismCode;
use bouton_engine::plan::{Body, Class, Detector, Placement, Plan, Pool, Probe, ProbeValue, Recorder, StreamKey, Values};
use std::sync::Arc;

/// A plan with nothing in it but its time step.
pub fn plan() -> Plan {
    Plan { dt: 0.025, v_init: -65.0, ..Plan::default() }
}

/// A body of one node: 1 uF/cm2 on an area of 1e-5 cm2.
pub fn point() -> Body {
    let names = vec!["soma(0.5)".into()];
    let (parent, order) = (vec![u32::MAX], vec![0]);
    Body { names, parent, order, a: vec![0.0], b: vec![0.0], capacitance: vec![0.001], area: vec![1e-5] }
}

/// So many cells with this body.
pub fn class(name: &str, lanes: usize, body: Option<Body>, pools: Vec<Pool>) -> Class {
    let cells = (0..lanes).map(|i| format!("{name}[{i}]")).collect();
    Class { name: name.into(), cells, body, pools, ..Class::default() }
}

/// Instances without inputs of their own. Source numbers are counted from `source` where the mechanism spikes.
pub fn pool(code: MechanismCode, placement: Placement, lanes: usize, source: u32) -> Pool {
    let count = placement.count(lanes) as u32;
    let streams = if code.draws { (0..count).map(|i| StreamKey([7, i, source])).collect() } else { Vec::new() };
    let sources = if code.spikes { (source..source + count).collect() } else { Vec::new() };
    Pool { code: Arc::new(code), placement, inputs: Vec::new(), streams, sources }
}

/// A threshold at node 0 of every lane.
pub fn detector(threshold: f64, sources: std::ops::Range<u32>) -> Detector {
    Detector { node: 0, threshold: Values::Same(threshold), sources: sources.collect() }
}

/// A connection to handler 0 of an instance of the first pool of a class.
pub fn link(source: u32, class: u16, instance: u32, delay: f64, weight: f64) -> Link {
    Link { source, class, pool: 0, instance, handler: 0, delay, weight }
}

/// Records at every step.
pub fn every_step(probes: Vec<Probe>) -> Recorder {
    Recorder { every: None, probes }
}

/// The potential of node 0 of a lane.
pub fn voltage(class: u16, lane: u32) -> Probe {
    Probe { class, value: ProbeValue::Voltage { node: 0, lane } }
}

/// A row of an instance of the first pool.
pub fn row(class: u16, row: u16, instance: u32) -> Probe {
    Probe { class, value: ProbeValue::Row { pool: 0, row, instance } }
}
