//! What must be true of random models before they are worth comparing.

use super::*;
use crate::reference::by_hand;
use crate::reference::links::Link;
use crate::reference::projections::projections;
use crate::reference::simulator::Simulator;
use bouton_engine::kernel::{self, Input, Mode, Solving};
use bouton_engine::plan::{Placement, Pool, Probe, ProbeValue, Values};
use bouton_engine::run::Recording;
use bouton_model::ir::MechanismKind;
use std::sync::Arc;

#[test]
fn random_models_run_without_faults_and_show_activity() {
    let (mut spikes, mut faults, mut links, mut samples) = (0, 0, 0, 0);
    for seed in 0..40 {
        let model = random(seed, Choices::ALL);
        links += model.plan.connections();
        let mut simulator = Simulator::new(Arc::new(model.plan));
        simulator.start();
        let fault = model.parts.iter().find_map(|d| simulator.advance(*d).err());
        if let Some(fault) = fault {
            println!("model {seed}: {fault:?}");
            faults += 1;
        }
        let recording = simulator.recording();
        spikes += recording.spikes.len();
        samples += recording.traces.iter().flat_map(|t| t.values.iter().map(Vec::len)).sum::<usize>();
        let odd = recording.traces.iter().flat_map(|t| t.values.iter().flatten()).filter(|x| !x.is_finite()).count();
        assert_eq!(odd, 0, "model {seed}");
    }
    println!("{spikes} spikes, {faults} faults, {links} links, {samples} samples");
    assert!(spikes > 500 && faults < 2 && links > 500 && samples > 20_000);
}

#[test]
fn without_choices_a_model_is_one_passive_cell() {
    let model = random(0, Choices([0; 3]));
    let class = &model.plan.classes[0];
    assert_eq!((model.plan.classes.len(), class.lanes(), class.pools.len()), (1, 1, 1));
    assert_eq!(class.pools[0].code.name, "leak");
}

/// How a mechanism can come into a plan without a change of what it computes.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Form {
    Fixed,
    PerInstance,
    Scattered,
}

/// One instance of the mechanism with typical values, driven by a regular generator: all its states and the potential.
fn alone(specimen: &Specimen, setting: Setting, form: Form) -> Recording {
    let area = 1e-5;
    let typical = |input| match input {
        Input::Variable(id) | Input::Driven(id) => {
            specimen.typical.iter().find(|(x, _)| *x == id).map_or(f64::NAN, |(_, value)| *value)
        }
        Input::Factor => 1.0 / area,
        _ => area,
    };
    let mode = |input| match (input, form) {
        (Input::Initial(_), _) => Mode::UNSET,
        (input, Form::Fixed) => Mode::Fixed(typical(input)),
        _ => Mode::PerInstance,
    };
    let setting = Setting { scattered: form == Form::Scattered, ..setting };
    let code = kernel::compile(&specimen.mechanism, &setting, &mode).expect("the mechanism can be compiled");
    let states: Vec<u16> = code.states.iter().map(|(_, row)| *row).collect();
    let inputs = code.inputs.iter().map(|(input, _)| vec![typical(*input)]).collect();
    let (placement, body) = match (specimen.mechanism.kind, form) {
        (MechanismKind::Free, _) => (Placement::Free, None),
        (_, Form::Scattered) => (Placement::Scattered(vec![(0, 0)]), Some(by_hand::point())),
        _ => (Placement::Nodes(vec![0]), Some(by_hand::point())),
    };
    let pool = Pool { inputs, ..by_hand::pool(code, placement, 1, 1) };
    let clock = by_hand::pool(by_hand::clock(0.3, 0.7), Placement::Free, 1, 0);
    let mut probes: Vec<Probe> = body.iter().map(|_| by_hand::voltage(0, 0)).collect();
    probes.extend(states.iter().map(|&row| Probe { class: 0, value: ProbeValue::Row { pool: 0, row, instance: 0 } }));
    let classes = vec![by_hand::class("C", 1, body, vec![pool]), by_hand::class("K", 1, None, vec![clock])];
    let links: Vec<Link> = specimen.weight.iter().map(|&weight| by_hand::link(0, 0, 0, 0.1, weight)).collect();
    let mut projections = projections(&links);
    let columns = specimen.mechanism.columns.iter().skip(1);
    let line = columns.map(|c| Values::Same(if c.initial.is_some() { f64::NAN } else { 0.5 }));
    projections.iter_mut().for_each(|p| p.arguments.extend(line.clone()));
    let recorders = vec![by_hand::every_step(probes)];
    let Setting { dt, second_order, .. } = setting;
    let mut simulator = Simulator::new(Arc::new(Plan {
        dt,
        second_order,
        v_init: -65.0,
        classes,
        sources: 2,
        projections,
        recorders,
        ..Plan::default()
    }));
    simulator.start();
    simulator.advance(10.0).expect("no fault");
    simulator.recording()
}

#[test]
fn constants_rows_and_scattering_give_the_same_bits() {
    for specimen in MEMBRANE.iter().chain(&PLACES).chain(&ALONE) {
        let specimen = specimen();
        for (tables, second_order) in [(false, false), (true, false), (true, true)] {
            let setting = Setting { dt: 0.025, celsius: 289.45, tables, second_order, scattered: false, solving: Solving::Own };
            let fixed = alone(&specimen, setting, Form::Fixed);
            let name = &specimen.mechanism.name;
            assert_eq!(fixed, alone(&specimen, setting, Form::PerInstance), "{name}");
            if specimen.mechanism.kind == MechanismKind::Point {
                assert_eq!(fixed, alone(&specimen, setting, Form::Scattered), "{name}");
            }
        }
    }
}
