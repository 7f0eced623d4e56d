//! A branched network with gap junctions, dendritic sources and several synapses for a connection, large enough for several hands: the engine in every way of running, against the second simulator.

use super::copies::disagreement_of_third;
use super::{by_engine, by_reference, disagreement, ways};
use crate::reference::models::Model;
use bouton::build::{Knobs, build};
use bouton_lang::{NoFiles, check};

/// Cells of two kinds with branches, gap junctions within and between them, and synapses.
const NETWORK: &str = r#"
cell Tree {
    section soma { L = 20 um, diam = 20 um; insert hh }
    section trunk { L = 200 um, diam = 3 um, nseg = 3
        connect soma(1)
        insert pas { e = -65 mV }
    }
    section left { L = 100 um, diam = 1 um, nseg = 2
        connect trunk(1)
        insert pas { e = -65 mV }
    }
    section right { L = 120 um, diam = 1 um
        connect trunk(0.5)
        insert hh
    }
    let branches = [left, right]
    synapse exc: Exp2Syn at left(0.75) { tau1 = 0.5 ms, tau2 = 3 ms }
    spike at soma(0.5)
}
cell Ball {
    section soma { L = 15 um, diam = 15 um; insert hh { gnabar = 0.1 S/cm2 } }
    synapse inh: ExpSyn at soma(0.5) { tau = 5 ms, e = -80 mV }
    spike at soma(0.5)
}
population T: Tree[90]
population B: Ball[70]
connect T -> T via gap_junction from left(1) at right(0.5) { probability = 0.02, weight = uniform(0.1 nS, 2 nS) }
connect B -> B via gap_junction { probability = 0.05, weight = 0.3 nS }
connect B -> T via gap_junction at left(0.25) { convergence = 1, weight = 0.5 nS }
connect T -> B via inh { convergence = 3, weight = 2 nS, delay = 1 ms }
connect B -> T via exc { convergence = 2, weight = 3 nS, delay = 0.5 ms }
synapse late = ExpSyn { tau = 2 ms }
connect B -> T via late at branches { synapses = 3, convergence = 2, weight = uniform(0.1 nS, 0.5 nS), delay = 0.7 ms }
connect T -> B via late from left(1) at soma(0.5) { convergence = 2, weight = 0.5 nS, delay = 0.5 ms }
connect T -> T via late from right(0.5) at trunk(0.5) per connection { convergence = 1, weight = 0.5 nS, delay = 0.6 ms, tau = uniform(1 ms, 3 ms) }
stimulate T[0 .. 29], B[0 .. 29] with IClamp { delay = 0.5 ms, duration = 5 ms, amplitude = normal(0.4 nA, 0.1 nA) } at soma(0.5)
record v = T.left(0.25).v
record w = B.soma(0.5).v every 0.1 ms
simulation { duration = 8 ms }
"#;

#[test]
fn a_branched_network_with_gap_junctions() {
    let checked = check("network.net", NETWORK, &NoFiles);
    let program = checked.program.expect("a script without errors");
    let network = build(&program, &Knobs::default()).expect("a network");
    let plan = (*network.plan).clone();
    assert!(plan.drives.len() > 300, "{} ends of junctions", plan.drives.len());
    let model = Model { plan, parts: vec![2.0, 6.0] };
    let reference = by_reference(&model);
    let spikes = reference.as_ref().map_or(0, |(recording, _)| recording.spikes.len());
    assert!(spikes > 20, "{spikes} spikes");
    for options in ways() {
        assert_eq!(disagreement(&by_engine(&model, &options), &reference), None, "{options:?}");
    }
    for options in ways().iter().step_by(31) {
        assert_eq!(disagreement_of_third(&model, &reference, options), None, "{options:?}");
    }
}
