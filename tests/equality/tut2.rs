//! The network of NetPyNE's tutorial: the engine in every way of running, and as the third of seven copies, against the second simulator.

use super::copies::disagreement_of_third;
use super::{by_engine, by_reference, disagreement, ways};
use crate::reference::models::Model;
use bouton::build::{Knobs, build};
use bouton_lang::{NoFiles, check};

#[test]
fn the_tutorial_network() {
    let checked = check("tut2.net", include_str!("../../examples/tut2.net"), &NoFiles);
    let network = build(&checked.program.expect("a script without errors"), &Knobs::default()).expect("a network");
    let model = Model { plan: (*network.plan).clone(), parts: vec![20.0, 80.0] };
    let reference = by_reference(&model);
    let spikes = reference.as_ref().map_or(0, |(recording, _)| recording.spikes.len());
    assert!(spikes > 50, "{spikes} spikes");
    for options in ways() {
        assert_eq!(disagreement(&by_engine(&model, &options), &reference), None, "{options:?}");
    }
    for options in ways().iter().step_by(29) {
        assert_eq!(disagreement_of_third(&model, &reference, options), None, "{options:?}");
    }
}
