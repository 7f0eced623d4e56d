//! Receptors and short-term plasticity on a passive compartment with two connections, against NEURON with public .mod files (`tests/peers/library/synapses.py`).

use super::{number, peers, run};

const FIRST: &str = "5.0125 ms, 9.3 ms, 9.9 ms, 30.0125 ms, 50 ms, 52.5 ms, 55 ms, 57.5 ms, 60 ms, 62.5 ms";
const SECOND: &str = "7.0125 ms, 9.4 ms, 20 ms, 61.2 ms, 100 ms";

/// Largest difference of the potential (mV) from a column of synapses.csv.
fn difference(column: usize, synapse: &str, weights: [&str; 2], trains: [&str; 2]) -> f64 {
    let stimulus = |k: usize| {
        format!("stimulate p with SpikeSource {{ times = [{}] }} via s {{ weight = {}, delay = 0 ms }}\n", trains[k], weights[k])
    };
    let (name, values) =
        synapse.split_once(" {").map_or((synapse, String::new()), |(name, values)| (name, format!(" {{{values}")));
    let script = format!(
        "use std.synapses\ncell C {{ section soma {{ L = 20 um, diam = 20 um; insert pas {{ g = 0.1 mS/cm2 }} }}\n    \
         synapse s: {name} at soma(0.5){values} }}\npopulation p: C\n{}{}record v = p.soma(0.5).v\n\
         simulation {{ dt = 0.025 ms, v_init = -70 mV }}\n",
        stimulus(0),
        stimulus(1)
    );
    let trace = run(&script, 200.0).traces.remove(0);
    let rows = peers("library/synapses.csv");
    let ours = trace.values[0].iter().step_by(80);
    assert_eq!(ours.len(), rows.len());
    let theirs: Vec<f64> = rows.iter().map(|row| number(&row[column])).collect();
    assert!(theirs.iter().any(|v| (v + 70.0).abs() > 5.0));
    ours.zip(theirs).map(|(ours, theirs)| (ours - theirs).abs()).fold(0.0, f64::max)
}

#[test]
fn receptors() {
    let cases = [
        (1, "AMPA", ["2 nS", "1 nS"]),
        (2, "NMDA", ["5 nS", "10 nS"]),
        (3, "GABAA", ["2 nS", "1 nS"]),
        // That file's block at 0 mV is 0.28.
        (5, "Exp2NMDA { mg = 0.28 * 3.57 mM }", ["4 nS", "1 nS"]),
        (6, "TsodyksMarkram", ["4 nS", "2 nS"]),
        (7, "TsodyksMarkram { e = -90 mV, tau_rec = 100 ms, tau_facil = 1 s, U = 0.04 }", ["20 nS", "10 nS"]),
    ];
    for (column, synapse, weights) in cases {
        let worst = difference(column, synapse, weights, [FIRST, SECOND]);
        assert!(worst <= 1e-7, "{synapse}: {worst} mV");
    }
}

#[test]
fn gaba_b() {
    let (first, second) = (FIRST.replace("9.9 ms, ", ""), SECOND.replace("9.4 ms, ", ""));
    let worst = difference(4, "GABAB", ["1", "1"], [&first, &second]);
    assert!(worst <= 1e-7, "{worst} mV");
}
