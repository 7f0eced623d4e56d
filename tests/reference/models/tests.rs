//! What must be true of random models before they are worth comparing.

use super::*;
use crate::reference::simulator::Simulator;
use std::sync::Arc;

#[test]
fn random_models_run_without_faults_and_show_activity() {
    let (mut spikes, mut faults, mut links, mut samples) = (0, 0, 0, 0);
    for seed in 0..40 {
        let model = random(seed, ALL);
        links += model.plan.links.len();
        let mut simulator = Simulator::new(Arc::new(model.plan));
        simulator.start();
        faults += model.parts.iter().filter(|d| simulator.advance(**d).is_err()).count();
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
    let model = random(0, 0);
    let class = &model.plan.classes[0];
    assert_eq!((model.plan.classes.len(), class.lanes(), class.pools.len()), (1, 1, 1));
    assert_eq!(class.pools[0].code.name, "leak");
}
