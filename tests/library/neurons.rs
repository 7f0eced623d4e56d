//! Integrate-and-fire cells with injected current and events, against NEST.

use super::{alike, number, peers, run};

/// A cell, what is set of it, the handlers of its events with their weights, and the step (ms).
struct Case {
    cell: &'static str,
    settings: &'static str,
    excitatory: (&'static str, &'static str),
    inhibitory: (&'static str, &'static str),
    dt: f64,
}

const LEAKY: &str =
    "v_rest = -65 mV, v_thresh = -52 mV, v_reset = -60 mV, tau_refrac = 2 ms, cm = 250 pF, tau_m = 15 ms, i_offset = 120 pA";

const CONDUCTANCE: &str = "v_rest = -65 mV, v_thresh = -52 mV, v_reset = -60 mV, tau_refrac = 2 ms, cm = 250 pF, tau_m = 250 pF / 16 nS, \
                           i_offset = 100 pA, e_rev_E = 0 mV, e_rev_I = -75 mV";

/// The same without a threshold.
const SILENT: &str =
    "v_rest = -65 mV, v_thresh = 1 V, cm = 250 pF, tau_m = 250 pF / 16 nS, i_offset = 100 pA, e_rev_E = 0 mV, e_rev_I = -75 mV";

const ADAPTIVE: &str = "v_reset = -60 mV, tau_refrac = 2 ms, tau_m = 281 pF / 30 nS, i_offset = 700 pA";

/// Times and potentials of the case's spikes and samples.
fn simulated(case: &Case, more: &str) -> (Vec<f64>, Vec<(f64, f64)>) {
    let train = |name: &str, (handler, weight): (&str, &str)| {
        let times: Vec<String> =
            peers("neurons/events.csv").iter().filter(|e| e[1] == name).map(|e| format!("{} ms", e[0])).collect();
        format!(
            "stimulate c with SpikeSource {{ times = [{}] }} via {handler} {{ weight = {weight}, delay = 1 ms }}\n",
            times.join(", ")
        )
    };
    let Case { cell, settings, dt, .. } = case;
    let text = format!(
        "population c: {cell} {{ {settings}{more} }}\n{}{}record v = c.v\nsimulation {{ dt = {dt} ms }}\n",
        train("excitatory", case.excitatory),
        train("inhibitory", case.inhibitory)
    );
    let recording = run(&text, 400.0);
    let spikes = recording.spikes.iter().filter(|s| s.source == 0).map(|s| s.time).collect();
    let trace = &recording.traces[0];
    (spikes, trace.times.iter().copied().zip(trace.values[0].iter().copied()).collect())
}

/// Spikes and potentials as NEST has them; the spikes within this many ms.
fn compare(case: &Case, more: &str, spikes_within: f64, potentials_within: f64) {
    let (spikes, samples) = simulated(case, more);
    let expected: Vec<f64> =
        peers("neurons/spikes.csv").iter().filter(|row| row[0] == case.cell).map(|row| number(&row[1])).collect();
    assert!(expected.len() > 10);
    alike(&spikes, &expected, spikes_within);
    let mut compared = 0;
    for row in peers("neurons/potentials.csv").iter().filter(|row| row[0] == case.cell) {
        let (t, v) = (number(&row[1]), number(&row[2]));
        let (at, ours) = samples[(t / case.dt).round() as usize];
        assert!((at - t).abs() < 1e-6, "{at} {t}");
        assert!((ours - v).abs() <= potentials_within, "{} at {t} ms: {ours} mV, not {v}", case.cell);
        compared += 1;
    }
    assert!(compared > 300);
}

#[test]
fn lif() {
    let case = Case { cell: "LIF", settings: LEAKY, excitatory: ("event", "1.5 mV"), inhibitory: ("event", "-1 mV"), dt: 0.125 };
    let (spikes, _) = simulated(&case, "");
    let expected: Vec<f64> =
        peers("neurons/spikes.csv").iter().filter(|row| row[0] == "LIF").map(|row| number(&row[1])).collect();
    alike(&spikes, &expected, 1e-9);
    let (spikes, _) = simulated(&Case { excitatory: ("event", "14 mV"), ..case }, "");
    let expected: Vec<f64> = peers("neurons/strong.csv").iter().map(|row| number(&row[0])).collect();
    assert!(expected.len() > 100);
    alike(&spikes, &expected, 1e-9);
}

#[test]
fn lif_with_currents() {
    let exponential = ("excitatory", "200 pA");
    let case =
        Case { cell: "LIFCurrExp", settings: LEAKY, excitatory: exponential, inhibitory: ("inhibitory", "-150 pA"), dt: 0.125 };
    compare(&case, ", tau_syn_E = 2 ms, tau_syn_I = 5 ms", 1e-9, 1e-9);
    let case = Case {
        cell: "LIFCurrAlpha",
        settings: LEAKY,
        excitatory: ("excitatory", "150 pA"),
        inhibitory: ("inhibitory", "-100 pA"),
        dt: 0.125,
    };
    compare(&case, ", tau_syn_E = 1 ms, tau_syn_I = 3 ms", 1e-9, 1e-9);
}

/// The cells with conductances: cell, what is set beside [`CONDUCTANCE`], weights.
const CONDUCTANCES: [(&str, &str, [&str; 2]); 2] = [
    ("LIFCondExp", ", tau_syn_E = 2 ms, tau_syn_I = 6 ms", ["6 nS", "8 nS"]),
    ("LIFCondAlpha", ", tau_syn_E = 1 ms, tau_syn_I = 3 ms", ["5 nS", "6 nS"]),
];

/// Largest error of steps of this length where no threshold interferes, against what NEST's adaptive method gives on a fine grid.
fn error_of_steps((cell, more, [excitatory, inhibitory]): (&'static str, &str, [&'static str; 2]), dt: f64) -> f64 {
    let (excitatory, inhibitory) = (("excitatory", excitatory), ("inhibitory", inhibitory));
    let case = Case { cell, settings: SILENT, excitatory, inhibitory, dt };
    let (spikes, samples) = simulated(&case, more);
    assert!(spikes.is_empty());
    let rows = peers("neurons/silent.csv");
    let errors = rows.iter().filter(|row| row[0] == cell).map(|row| {
        let (t, v) = (number(&row[1]), number(&row[2]));
        (samples[(t / dt).round() as usize].1 - v).abs()
    });
    errors.fold(0.0, f64::max)
}

/// A step has the conductances of its middle: its error is a quarter with half the step, so it goes to NEST's solution.
/// At a step of 0.125 ms, at which NEST's spikes are all met, the same error is the bound for the potentials between them.
#[test]
fn lif_with_conductances() {
    for case in CONDUCTANCES {
        let errors = [0.125, 0.0625, 0.03125].map(|dt| error_of_steps(case, dt));
        for pair in errors.windows(2) {
            assert!((pair[0] / pair[1] - 4.0).abs() < 0.01, "{errors:?}");
        }
        let (cell, more, [excitatory, inhibitory]) = case;
        let (excitatory, inhibitory) = (("excitatory", excitatory), ("inhibitory", inhibitory));
        let case = Case { cell, settings: CONDUCTANCE, excitatory, inhibitory, dt: 0.125 };
        compare(&case, more, 1e-9, errors[0]);
    }
}

/// NEST resets this cell within the step; spikes differ by a step at most.
#[test]
fn adaptive_exponential() {
    let case = Case {
        cell: "AdEx",
        settings: ADAPTIVE,
        excitatory: ("excitatory", "4 nS"),
        inhibitory: ("inhibitory", "6 nS"),
        dt: 0.025,
    };
    let (spikes, _) = simulated(&case, "");
    let expected: Vec<f64> =
        peers("neurons/spikes.csv").iter().filter(|row| row[0] == "AdEx").map(|row| number(&row[1])).collect();
    alike(&spikes, &expected, 0.05);
}

/// The rate of the leaky cell against its closed form: 1 / (tau_refrac + tau_m log((E - v_reset) / (E - v_thresh))), rounded up to steps.
#[test]
fn rate_of_the_leaky_cell() {
    for current in [0.8, 1.0, 1.5, 3.0, 10.0] {
        let text = format!("population c: LIF {{ i_offset = {current} nA, tau_refrac = 2 ms }}\nsimulation {{ dt = 0.01 ms }}\n");
        let spikes: Vec<f64> = run(&text, 500.0).spikes.iter().map(|s| s.time).collect();
        let end = -65.0 + current * 20.0;
        let period = if end <= -50.0 { f64::INFINITY } else { 2.0 + 20.0 * ((end + 65.0) / (end + 50.0f64)).ln() };
        assert_eq!(spikes.is_empty(), period.is_infinite(), "{current}");
        for pair in spikes.windows(2) {
            let longer = pair[1] - pair[0] - period;
            assert!((-1e-6..0.01 + 1e-6).contains(&longer), "{current} nA: {} instead of {period}", pair[1] - pair[0]);
        }
    }
}
