//! Synapses that learn from given trains of spikes on both sides, against NEST (`tests/peers/library/stdp.py`).

use super::{number, peers, run};

/// Times or values of a kind of rows.
fn column(what: &str, at: usize) -> Vec<f64> {
    peers("library/stdp.csv").iter().filter(|row| row[0] == what).map(|row| number(&row[at])).collect()
}

/// A list of times (ms) as the language has it, so much later.
fn train(what: &str, later: f64) -> String {
    column(what, 1).iter().map(|t| format!("{:.1} ms", t + later)).collect::<Vec<_>>().join(", ")
}

/// That `w` after each spike is NEST's. The conductance does not decay here, so it grows by `w` times the weight at each spike.
fn learns_as(case: &str, synapse: &str, values: &str, reward: &str) {
    let script = format!(
        "use std.synapses\n\
         point mechanism Fires {{ on event(weight) {{ spike }} }}\n\
         cell C {{ section soma {{ L = 20 um, diam = 20 um; insert pas {{ g = 0.1 mS/cm2 }} }}\n    \
         synapse s: {synapse} at soma(0.5) {{ tau = 1e9 h, e = -70 mV, {values} }}\n    \
         synapse f: Fires at soma(0.5)\n    spike at soma(0.5) }}\n\
         population p: C\n\
         stimulate p with SpikeSource {{ times = [{}] }} via f {{ weight = 1, delay = 0 ms }}\n\
         stimulate p with SpikeSource {{ times = [{}] }} via s {{ weight = 1 uS, delay = 0 ms }}\n{reward}\
         record g = p.s.g\nsimulation {{ dt = 0.1 ms, v_init = -70 mV }}\n",
        train("after", 1.0),
        train("before", 0.0)
    );
    let trace = run(&script, 1550.0).traces.remove(0);
    let ours: Vec<f64> = trace.values[0].windows(2).map(|pair| (pair[1] - pair[0]) * 1e6).filter(|w| *w > 1e-9).collect();
    let theirs = column(case, 2);
    assert_eq!(ours.len(), theirs.len(), "{case}");
    assert!(theirs.iter().any(|w| (w - 0.5).abs() > 0.02), "{case} learns");
    // Increments of a sum that reaches 25, in S.
    for (k, (ours, theirs)) in ours.iter().zip(&theirs).enumerate() {
        assert!((ours - theirs).abs() < 1e-9, "{case}, spike {k}: {ours}, not {theirs}");
    }
}

#[test]
fn by_pairs() {
    learns_as("pair", "STDP", "up = 0.05, down = 0.0525", "");
}

#[test]
fn by_triplets() {
    learns_as("triplet", "TripletSTDP", "pair_up = 0.005", "");
}

#[test]
fn by_reward() {
    let reward = format!(
        "stimulate p with SpikeSource {{ times = [{}] }} via s.reward {{ weight = 5/s, delay = 0 ms }}\n",
        train("dopamine", 1.0)
    );
    learns_as("reward", "RewardSTDP", "up = 0.05, down = 0.075, base = 0.5/s", &reward);
}

/// Mean and standard deviation of a noise, and how what is left of it after its time constant goes with it: 1/e.
fn statistics(values: &[f64], lag: usize) -> (f64, f64, f64) {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let variance = values.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / n;
    let pairs = values.iter().zip(&values[lag..]).map(|(a, b)| (a - mean) * (b - mean)).sum::<f64>();
    (mean, variance.sqrt(), pairs / (n - lag as f64) / variance)
}

/// Whatever the step, the noise has the mean, spread and time constant that it is given. Bounds are four standard errors of 200 copies of 2 s with a time constant of 5 ms.
#[test]
fn noise_is_exact_for_any_step() {
    for dt in [0.025, 0.5, 2.5] {
        let script = format!(
            "use std.synapses\ncell C {{ section soma {{ L = 20 um, diam = 20 um; insert pas }}\n    \
             synapse s: FluctuatingConductance at soma(0.5) {{ tau_e = 5 ms, tau_i = 5 ms }}\n    \
             synapse o: OUCurrent at soma(0.5) {{ mean = 0.2 nA, sd = 0.05 nA }} }}\npopulation p: C[200]\n\
             record e = p.s.excitation, i = p.s.inhibition, c = p.o.i every 2.5 ms\nsimulation {{ dt = {dt} ms }}\n"
        );
        let traces = run(&script, 2000.0).traces;
        let values: Vec<&[Vec<f64>]> = traces.iter().flat_map(|trace| trace.values.chunks(200)).collect();
        assert_eq!(values.len(), 3);
        for (values, (mean, sd)) in values.into_iter().zip([(0.0, 3e-9), (0.0, 6.6e-9), (2e-7, 5e-8)]) {
            let all: Vec<(f64, f64, f64)> = values.iter().map(|values| statistics(values, 2)).collect();
            let average = |part: fn(&(f64, f64, f64)) -> f64| all.iter().map(part).sum::<f64>() / all.len() as f64;
            let independent = 200.0 * 2000.0 / 10.0;
            let error = 4.0 * sd / f64::sqrt(independent);
            assert!((average(|s| s.0) - mean).abs() < error, "{dt} ms: mean {}", average(|s| s.0));
            // Within a trace the mean is its own, which takes 10 ms / 2 s off the variance.
            assert!(
                (average(|s| s.1 * s.1).sqrt() / sd - (1.0f64 - 0.005).sqrt()).abs() < 4.0 / independent.sqrt(),
                "{dt} ms: {}",
                average(|s| s.1) / sd
            );
            assert!((average(|s| s.2) - (-1.0f64).exp()).abs() < 0.02, "{dt} ms: {}", average(|s| s.2));
        }
    }
}
