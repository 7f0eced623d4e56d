//! The second simulator at NEURON's numbers: potentials and spikes that NEURON 9.0.2 gives for two cells.
//! The engine is equal to the second simulator; so these are the engine's numbers too.

use super::by_hand::{class, every_step, link, plan, pool};
use super::models::expr::Specimen;
use super::models::{density, free, point};
use super::projections::projections;
use super::simulator::Simulator;
use bouton_engine::kernel::{self, Input, MechanismCode, Mode, Setting, Solving};
use bouton_engine::plan::{Body, Detector, Placement, Plan, Pool, Probe, ProbeValue, Values};
use bouton_engine::run::Recording;
use std::f64::consts::PI;
use std::sync::Arc;

/// How a model is run.
#[derive(Clone, Copy)]
struct How {
    tables: bool,
    second_order: bool,
}

const PLAIN: How = How { tables: true, second_order: false };

/// The code of a specimen with these parameters; the others have their typical values.
fn compile(specimen: &Specimen, how: How, area: f64, parameters: &[(&str, f64)]) -> MechanismCode {
    let How { tables, second_order } = how;
    let setting = Setting { dt: 0.025, celsius: 279.45, tables, second_order, scattered: false, solving: Solving::Own };
    let given = |id: bouton_model::ir::VarId| {
        let name = &specimen.mechanism.variables[id.index()].name;
        parameters.iter().find(|(n, _)| **n == **name).map(|(_, value)| *value)
    };
    let typical = |id| specimen.typical.iter().find(|(x, _)| *x == id).map_or(f64::NAN, |(_, value)| *value);
    let mode = |input| match input {
        Input::Variable(id) => Mode::Fixed(given(id).unwrap_or_else(|| typical(id))),
        Input::Factor => Mode::Fixed(1.0 / area),
        _ => Mode::UNSET,
    };
    kernel::compile(&specimen.mechanism, &setting, &mode).expect("the mechanism can be compiled")
}

fn at(code: MechanismCode, nodes: &[u32]) -> Pool {
    pool(code, Placement::Nodes(nodes.to_vec()), 1, 0)
}

fn run(plan: Plan, duration: f64) -> Recording {
    let mut simulator = Simulator::new(Arc::new(plan));
    simulator.start();
    simulator.advance(duration).expect("no fault");
    simulator.recording()
}

fn near(values: &[f64], expected: [(usize, f64); 4]) {
    for (step, v) in expected {
        assert!((values[step] - v).abs() < 1e-9, "step {step}: {} and not {v}", values[step]);
    }
}

/// Area (cm2) of a cylinder whose length and diameter are given in um.
fn area(length: f64, diam: f64) -> f64 {
    PI * diam * length * 1e-8
}

/// A soma of 18.8 um with hh, and 0.2 nA from 1 to 6 ms.
fn soma(how: How) -> Vec<f64> {
    let area = area(18.8, 18.8);
    let body = Body { area: vec![area], ..super::by_hand::point() };
    let clamp = compile(&point::clamp(), how, area, &[("del", 1.0), ("dur", 5.0), ("amp", 2e-7)]);
    let pools = vec![at(clamp, &[0]), at(compile(&density::hh(true), how, area, &[]), &[0])];
    let classes = vec![class("S", 1, Some(body), pools)];
    let recorders = vec![every_step(vec![super::by_hand::voltage(0, 0)])];
    run(Plan { classes, recorders, second_order: how.second_order, ..plan() }, 10.0).traces[0].values[0].clone()
}

#[test]
fn soma_with_tables() {
    let v = soma(PLAIN);
    near(&v, [(40, -64.97554793406478), (100, 34.16967999717111), (200, -69.76827693035793), (400, -72.94358698773648)]);
}

#[test]
fn soma_without_tables() {
    let v = soma(How { tables: false, ..PLAIN });
    near(&v, [(40, -64.97571297665202), (100, 34.075632286120644), (200, -69.75203023898436), (400, -72.94403322456715)]);
}

#[test]
fn soma_of_second_order() {
    let v = soma(How { second_order: true, ..PLAIN });
    near(&v, [(40, -64.9753817179118), (100, 38.21438362092859), (200, -71.29025118236936), (400, -72.88778122171233)]);
}

/// A soma of 20 um and a dendrite of 400 um in five segments at its end: soma(0.5), soma(1), dend(0.1) to dend(0.9), dend(1).
fn ball_and_stick() -> Body {
    let (soma, segment) = (area(20.0, 20.0), area(80.0, 2.0));
    let area = vec![soma, 0.0, segment, segment, segment, segment, segment, 0.0];
    // Conductance (S) of a cylinder of 100 ohm cm between its middle and its end.
    let half = |length: f64, diam: f64| PI * diam * diam / 4.0 * 1e-8 / (100.0 * length / 2.0 * 1e-4);
    let (ball, stick) = (half(20.0, 20.0), half(80.0, 2.0));
    let g = [0.0, ball, stick, stick / 2.0, stick / 2.0, stick / 2.0, stick / 2.0, stick];
    let over = |g: f64, area: f64| if area > 0.0 { -(g / area) } else { -g };
    Body {
        names: (0..8).map(|i| format!("n{i}")).collect(),
        parent: vec![u32::MAX, 0, 1, 2, 3, 4, 5, 6],
        order: (0..8).rev().collect(),
        a: (0..8).map(|i: usize| if i == 0 { 0.0 } else { over(g[i], area[i - 1]) }).collect(),
        b: (0..8).map(|i: usize| if i == 0 { 0.0 } else { over(g[i], area[i]) }).collect(),
        capacitance: area.iter().map(|&a| if a > 0.0 { 0.001 } else { 0.0 }).collect(),
        area,
    }
}

#[test]
fn a_synapse_on_a_dendrite_makes_the_soma_fire() {
    let body = ball_and_stick();
    let (soma, segment) = (body.area[0], body.area[2]);
    let stimulus = [("start", 2.01), ("interval", 10.013), ("number", 3.0)];
    let clock = compile(&free::generator(2.01, 0.0), PLAIN, 1.0, &stimulus);
    let synapse = compile(&point::exp2_synapse(), PLAIN, segment, &[("tau1", 0.5), ("tau2", 3.0), ("e", 0.0)]);
    let leak = compile(&density::leak(), PLAIN, segment, &[("g", 0.001), ("e", -65.0)]);
    let hh = compile(&density::hh(true), PLAIN, soma, &[]);
    let pools = vec![at(synapse, &[5]), at(leak, &[2, 3, 4, 5, 6]), at(hh, &[0])];
    let mut cell = class("C", 1, Some(body), pools);
    cell.detectors.push(Detector { node: 0, threshold: Values::Same(10.0), sources: vec![1] });
    let classes = vec![cell, class("K", 1, None, vec![pool(clock, Placement::Free, 1, 0)])];
    let voltage = |node| Probe { class: 0, value: ProbeValue::Voltage { node, lane: 0 } };
    let recorders = vec![every_step(vec![voltage(0), voltage(6)])];
    let projections = projections(&[link(0, 0, 0, 1.0, 0.02e-6)]);
    let recording = run(Plan { classes, sources: 2, projections, recorders, ..plan() }, 40.0);
    let [soma, dendrite] = &recording.traces[0].values[..] else { panic!("two probes") };
    near(soma, [(200, -53.59998865024249), (400, -72.92581228823835), (800, -63.38107157140905), (1600, -66.040172898236)]);
    near(
        dendrite,
        [(200, -38.864871139621364), (400, -58.16059543676052), (800, -55.64518841456581), (1600, -65.05300086949397)],
    );
    let spikes: Vec<f64> = recording.spikes.iter().filter(|s| s.source == 1).map(|s| s.time).collect();
    assert_eq!(spikes, [6.025000000100052, 26.950000000099003]);
}
