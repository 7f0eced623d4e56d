//! Answers in closed form, and the order of things at equal times.

use super::*;
use crate::reference::projections::projections;
use crate::reference::simulator::Simulator;
use bouton_engine::run::Recording;

fn run(plan: Plan, duration: f64) -> Recording {
    let mut simulator = Simulator::new(Arc::new(plan));
    simulator.start();
    simulator.advance(duration).expect("no fault");
    simulator.recording()
}

fn near(x: f64, y: f64, tolerance: f64) -> bool {
    (x - y).abs() <= tolerance
}

/// One cell with a leak of 0.3 mS/cm2 towards -54 mV.
fn passive(second_order: bool) -> Recording {
    let pools = vec![pool(leak(0.0003, -54.0), Placement::Nodes(vec![0]), 1, 0)];
    let classes = vec![class("P", 1, Some(point()), pools)];
    run(Plan { classes, second_order, recorders: vec![every_step(vec![voltage(0, 0)])], ..plan() }, 10.0)
}

#[test]
fn a_passive_cell_charges_by_backward_euler() {
    let ratio = 1.0 / (1.0 + 0.0003 * 0.025 / 0.001);
    for (n, v) in passive(false).traces[0].values[0].iter().enumerate() {
        assert!(near(*v, -54.0 - 11.0 * f64::powi(ratio, n as i32), 1e-12));
    }
}

#[test]
fn the_second_order_step_is_crank_and_nicolsons() {
    let x = 0.0003 * 0.025 / 0.001 / 2.0;
    for (n, v) in passive(true).traces[0].values[0].iter().enumerate() {
        assert!(near(*v, -54.0 - 11.0 * f64::powi((1.0 - x) / (1.0 + x), n as i32), 1e-12));
    }
}

/// Soma and two dendrites that meet at a point without area; elimination not in order of storage.
fn fork() -> Body {
    let g = 2e-7;
    let area = vec![1e-5, 0.0, 3e-6, 5e-6];
    let per_area = |i: usize| if area[i] > 0.0 { -g / area[i] } else { -g };
    Body {
        names: ["soma", "fork", "left", "right"].map(String::from).to_vec(),
        parent: vec![u32::MAX, 0, 1, 1],
        order: vec![3, 2, 1, 0],
        a: vec![0.0, per_area(0), per_area(1), per_area(1)],
        b: vec![0.0, per_area(1), per_area(2), per_area(3)],
        capacitance: area.iter().map(|&a| if a > 0.0 { 0.001 } else { 0.0 }).collect(),
        area,
    }
}

#[test]
fn charge_is_conserved_and_the_fork_settles_at_its_mean() {
    let body = fork();
    let pools = vec![pool(electrode(), Placement::Nodes(vec![0]), 1, 0)];
    let probes = (0..4).map(|node| Probe { class: 0, value: ProbeValue::Voltage { node, lane: 0 } }).collect();
    let classes = vec![class("F", 1, Some(body.clone()), pools)];
    let recording = run(Plan { classes, recorders: vec![every_step(probes)], ..plan() }, 2000.0);
    let values = &recording.traces[0].values;
    let charge = |n: usize| (0..4).map(|i| body.area[i] * body.capacitance[i] * values[i][n]).sum::<f64>();
    let injected = 1e-9 * 2000.0;
    assert!(near(charge(80_000) - charge(0), injected, 1e-12));
    let differences = [values[0][80_000] - values[1][80_000], values[1][80_000] - values[2][80_000]];
    // In the end all potentials rise alike, so each dendrite takes its share of the current: area / total area.
    assert!(near(differences[1] * 2e-7, 1e-9 * 3.0 / 18.0, 1e-14), "{differences:?}");
    assert!(near(differences[0] * 2e-7, 1e-9 * 8.0 / 18.0, 1e-14), "{differences:?}");
}

/// A clock that drives a synapse through one link; g of the synapse at each step.
fn driven(first: f64, delay: f64, scattered: bool) -> Vec<f64> {
    let place = if scattered { Placement::Scattered(vec![(0, 0)]) } else { Placement::Nodes(vec![0]) };
    let cell = class("C", 1, Some(point()), vec![pool(decay(0.5, scattered), place, 1, 0)]);
    let clocks = class("K", 1, None, vec![pool(clock(first, 1e9), Placement::Free, 1, 0)]);
    let recorders = vec![every_step(vec![row(0, 0, 0)])];
    let plan = Plan {
        classes: vec![cell, clocks],
        sources: 1,
        projections: projections(&[link(0, 0, 0, delay, 1.0)]),
        recorders,
        ..plan()
    };
    run(plan, 0.25).traces[0].values[0].clone()
}

#[test]
fn a_synapse_decays_from_the_step_at_which_its_event_is_due() {
    for scattered in [false, true] {
        // Within the first half of step 4: it decays in that step. In the second half: after the sample of t_5.
        assert_eq!(driven(0.1, 0.01, scattered)[4..8], [0.0, 0.5, 0.25, 0.125]);
        assert_eq!(driven(0.1, 0.02, scattered)[4..8], [0.0, 0.0, 0.5, 0.25]);
    }
}

#[test]
fn a_delay_of_zero_arrives_in_the_same_step() {
    assert_eq!(driven(0.0, 0.0, false)[..3], [1.0, 0.5, 0.25]);
    let pools = vec![pool(decay(0.5, false), Placement::Nodes(vec![0]), 1, 0)];
    let mut cell = class("C", 1, Some(point()), pools);
    cell.detectors.push(detector(-70.0, 0..1));
    let recorders = vec![every_step(vec![row(0, 0, 0)])];
    let plan =
        Plan { classes: vec![cell], sources: 1, projections: projections(&[link(0, 0, 0, 0.0, 1.0)]), recorders, ..plan() };
    let recording = run(plan, 0.1);
    assert_eq!(recording.traces[0].values[0][..3], [0.0, 0.5, 0.25]);
    assert_eq!(recording.spikes[0].time, 1e-10);
    assert_eq!(recording.spikes.len(), 1);
}

/// Weights in the order in which one logger gets the events of four clocks.
fn order(clocks: [(f64, f64, f64); 4]) -> f64 {
    let mut classes = vec![class("L", 1, None, vec![pool(logger(), Placement::Free, 1, 0)])];
    let mut links = Vec::new();
    for (k, (first, delay, weight)) in clocks.into_iter().enumerate() {
        classes.push(class("K", 1, None, vec![pool(clock(first, 1e9), Placement::Free, 1, k as u32)]));
        links.push(link(k as u32, 0, 0, delay, weight));
    }
    let recorders = vec![every_step(vec![row(0, 0, 0)])];
    let plan = Plan { classes, sources: 4, projections: projections(&links), recorders, ..plan() };
    run(plan, 1.0).traces[0].values[0].last().copied().unwrap_or(f64::NAN)
}

#[test]
fn equal_times_are_settled_by_sending_and_source() {
    // All due at 0.5: those sent earlier come first, then the sources by number.
    assert_eq!(order([(0.25, 0.25, 1.0), (0.25, 0.25, 2.0), (0.125, 0.375, 3.0), (0.0, 0.5, 4.0)]), 4312.0);
    assert_eq!(order([(0.5, 0.0, 1.0), (0.25, 0.125, 2.0), (0.25, 0.125, 3.0), (0.0, 0.25, 4.0)]), 4231.0);
}

#[test]
fn a_source_reaches_its_links_in_their_order() {
    let classes = vec![
        class("L", 1, None, vec![pool(logger(), Placement::Free, 1, 0)]),
        class("K", 1, None, vec![pool(clock(0.1, 1e9), Placement::Free, 1, 0)]),
    ];
    let links = [2.0, 9.0, 4.0].map(|weight| link(0, 0, 0, 0.1, weight)).to_vec();
    let recorders = vec![every_step(vec![row(0, 0, 0), row(0, 1, 0)])];
    let plan = Plan { classes, sources: 1, projections: projections(&links), recorders, ..plan() };
    let recording = run(plan, 1.0);
    assert_eq!(recording.traces[0].values[0].last(), Some(&294.0));
    // Handlers see the exact time, not the step's.
    assert_eq!(recording.traces[0].values[1].last(), Some(&0.2));
}

#[test]
fn events_of_sources_come_before_those_that_an_instance_sends_itself() {
    let classes = vec![
        class("E", 1, None, vec![pool(echo(), Placement::Free, 1, 0)]),
        class("K", 1, None, vec![pool(clock(0.5, 0.5), Placement::Free, 1, 0)]),
    ];
    let projections = projections(&[link(0, 0, 0, 0.5, 3.0)]);
    let plan = Plan { classes, sources: 1, projections, recorders: vec![every_step(vec![row(0, 0, 0)])], dt: 0.0625, ..plan() };
    // At 1.5 ms meet an event that the clock sent at 1.0 and one that the instance sent itself at 1.0.
    assert_eq!(run(plan, 1.75).traces[0].values[0].last(), Some(&337.0));
}

#[test]
fn intervals_are_accumulated_as_neurons() {
    for (duration, samples) in [(1000.0, 10001), (200.0, 2000)] {
        let recorders = vec![Recorder { every: Some(0.1), probes: vec![voltage(0, 0)] }];
        let classes = vec![class("P", 1, Some(point()), Vec::new())];
        let recording = run(Plan { classes, recorders, ..plan() }, duration);
        assert_eq!(recording.traces[0].times.len(), samples);
    }
}

#[test]
fn time_is_accumulated_in_half_steps() {
    let mut simulator = Simulator::new(Arc::new(plan()));
    simulator.start();
    simulator.advance(1000.0).expect("no fault");
    assert_eq!(simulator.time(), 1000.0000000014466);
}

#[test]
fn a_condition_acts_when_it_becomes_true() {
    let classes = vec![class("C", 1, None, vec![pool(latch(), Placement::Free, 1, 0)])];
    let recorders = vec![every_step(vec![row(0, 0, 0)])];
    let recording = run(Plan { classes, sources: 1, recorders, dt: 0.125, ..plan() }, 1.0);
    assert_eq!(recording.traces[0].values[0], [0.0, 1.0, 2.0, 3.0, 1.0, 2.0, 3.0, 1.0, 2.0]);
    assert_eq!(recording.spikes.iter().map(|s| s.time).collect::<Vec<_>>(), [0.375, 0.75]);
}

#[test]
fn newton_finds_the_root_of_backward_euler() {
    let classes = vec![class("Q", 1, None, vec![pool(quadratic(0.025), Placement::Free, 1, 0)])];
    let recording = run(Plan { classes, recorders: vec![every_step(vec![row(0, 0, 0)])], ..plan() }, 1.0);
    let mut x: f64 = 1.0;
    for found in &recording.traces[0].values[0] {
        assert!(near(*found, x, 1e-9));
        x = ((1.0 + 4.0 * 0.025 * x).sqrt() - 1.0) / (2.0 * 0.025);
    }
}

#[test]
fn a_potential_out_of_bounds_is_a_fault() {
    let pools = vec![pool(leak(-0.03, 0.0), Placement::Nodes(vec![0]), 2, 0)];
    let plan = Plan { classes: vec![class("U", 2, Some(point()), pools)], ..plan() };
    let mut simulator = Simulator::new(Arc::new(plan));
    simulator.start();
    let fault = simulator.advance(100.0).expect_err("it explodes");
    assert_eq!((fault.cell.as_str(), fault.place.as_str()), ("U[0]", "soma(0.5)"));
}
