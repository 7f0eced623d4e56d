//! The patterns of firing that Izhikevich published.

use super::{alike, number, peers, run};

/// Intervals between spikes (ms) of the cell of 2003 with a constant input.
fn intervals(parameters: &str) -> Vec<f64> {
    let text = format!("population c: Izhikevich {{ {parameters}, I = 10 mV/ms }}\nsimulation {{ dt = 0.1 ms }}\n");
    let spikes = run(&text, 500.0).spikes;
    spikes.windows(2).map(|pair| pair[1].time - pair[0].time).collect()
}

/// Figure 2 of Izhikevich 2003.
#[test]
fn published_patterns() {
    // Regular spiking: the first intervals are short, later ones longer, then all alike.
    let regular = intervals("a = 0.02/ms, b = 0.2/ms, c = -65 mV, d = 8 mV/ms");
    assert!(regular.len() > 5 && regular[0] < 0.7 * regular[3], "{regular:?}");
    assert!((regular[regular.len() - 1] - regular[regular.len() - 2]).abs() < 1.0, "{regular:?}");
    // Fast spiking: high rates without adaptation.
    let fast = intervals("a = 0.1/ms, b = 0.2/ms, c = -65 mV, d = 2 mV/ms");
    assert!(fast.len() > 2 * regular.len() && fast[fast.len() - 1] < 12.0, "{fast:?}");
    // Chattering: bursts of short intervals with long ones between.
    let chattering = intervals("a = 0.02/ms, b = 0.2/ms, c = -50 mV, d = 2 mV/ms");
    let (short, long): (Vec<f64>, Vec<f64>) = chattering.iter().partition(|i| **i < 8.0);
    assert!(short.len() > 2 * long.len() && long.iter().filter(|i| **i > 20.0).count() > 4, "{chattering:?}");
    // Intrinsically bursting: a burst first, single spikes afterwards.
    let bursting = intervals("a = 0.02/ms, b = 0.2/ms, c = -55 mV, d = 4 mV/ms");
    assert!(bursting[0] < 8.0 && bursting[bursting.len() / 2..].iter().all(|i| *i > 12.0), "{bursting:?}");
}

/// A type of 2007: capacitance (pF), the other parameters, the currents (pA) of both halves.
const TYPES: [(&str, f64, &str, [f64; 2]); 7] = [
    (
        "RS",
        100.0,
        "k = 0.7 nS/mV, vr = -60 mV, vt = -40 mV, vpeak = 35 mV, a = 0.03/ms, b = -2 nS, c = -50 mV, d = 100 pA",
        [70.0, 100.0],
    ),
    (
        "IB",
        150.0,
        "k = 1.2 nS/mV, vr = -75 mV, vt = -45 mV, vpeak = 50 mV, a = 0.01/ms, b = 5 nS, c = -56 mV, d = 130 pA",
        [300.0, 500.0],
    ),
    (
        "CH",
        50.0,
        "k = 1.5 nS/mV, vr = -60 mV, vt = -40 mV, vpeak = 25 mV, a = 0.03/ms, b = 1 nS, c = -40 mV, d = 150 pA",
        [200.0, 400.0],
    ),
    (
        "LTS",
        100.0,
        "k = 1 nS/mV, vr = -56 mV, vt = -42 mV, vpeak = 40 mV, a = 0.03/ms, b = 8 nS, c = -53 mV, d = 20 pA, peak_slope = -0.1 mV/pA, \
         reset_slope = 0.04 mV/pA, u_max = 670 pA",
        [125.0, 300.0],
    ),
    (
        "FS",
        20.0,
        "k = 1 nS/mV, vr = -55 mV, vt = -40 mV, vpeak = 25 mV, a = 0.2/ms, b = 0 nS, c = -45 mV, d = 0 pA, cubic = 0.025 nS/mV^2, v_cubic = -55 mV",
        [100.0, 400.0],
    ),
    (
        "TC",
        200.0,
        "k = 1.6 nS/mV, vr = -60 mV, vt = -50 mV, vpeak = 35 mV, a = 0.01/ms, b = 15 nS, c = -60 mV, d = 10 pA, peak_slope = 0.1 mV/pA, \
         reset_slope = -0.1 mV/pA, v_b = -65 mV, b_above = 0 nS",
        [-600.0, 50.0],
    ),
    (
        "RTN",
        40.0,
        "k = 0.25 nS/mV, vr = -65 mV, vt = -45 mV, vpeak = 0 mV, a = 0.015/ms, b = 10 nS, c = -55 mV, d = 50 pA, v_b = -65 mV, b_above = 2 nS",
        [-100.0, 70.0],
    ),
];

/// Spikes, potentials and recovery currents of each type as NEURON has them. `model` says the population `c` and its records from the capacitance and the parameters; `form` names the rows of `tests/peers/izhikevich`.
fn compare(form: &str, model: fn(f64, &str, [f64; 2]) -> String) {
    let (all_spikes, all_samples) = (peers("izhikevich/spikes.csv"), peers("izhikevich/samples.csv"));
    for (name, capacitance, parameters, currents) in TYPES {
        let recording = run(&format!("{}simulation {{ v_init = -60 mV }}\n", model(capacitance, parameters, currents)), 400.0);
        let of = |rows: &[Vec<String>]| -> Vec<Vec<f64>> {
            let rows = rows.iter().filter(|row| row[0] == form && row[1] == name);
            rows.map(|row| row[2..].iter().map(|x| number(x)).collect()).collect()
        };
        // The overshoot of a spike enters the fast spiking cell's u by its third power: rounding (NEURON's steps are differences of times) grows tenfold from spike to spike.
        let until = if name == "FS" { 70.0 } else { 400.0 };
        let before = |times: Vec<f64>| times.into_iter().filter(|t| *t < until).collect::<Vec<_>>();
        let times = before(of(&all_spikes).iter().map(|row| row[0]).collect());
        assert!(times.len() > 2);
        alike(&before(recording.spikes.iter().map(|s| s.time).collect()), &times, 1e-9);
        let samples: Vec<Vec<f64>> = of(&all_samples).into_iter().filter(|row| row[0] < until).collect();
        assert!(samples.len() > 6);
        // Potentials to 1e-9 of 100 mV, recovery currents (mA; pA in the table) to 1e-9 of the largest.
        let largest = samples.iter().map(|row| row[2].abs()).fold(0.0, f64::max);
        for (k, row) in samples.iter().enumerate().skip(1) {
            let [v, u] = [0, 1].map(|probe| recording.traces[0].values[probe][400 * k]);
            assert!((v - row[1]).abs() <= 1e-7, "{form} {name} at {} ms: {v} mV, not {}", row[0], row[1]);
            assert!((1e9 * u - row[2]).abs() <= 1e-9 * largest, "{form} {name} at {} ms: {u} mA, not {} pA", row[0], row[2]);
        }
    }
}

/// A soma with so much capacitance (pF), and the mechanism `name` on it. The current changes within the step that begins at 200 ms.
fn on_a_section(name: &str, recovery: &str, capacitance: f64, parameters: &str, [first, then]: [f64; 2]) -> String {
    let area = "L = 10 um, diam = 10 um";
    format!(
        "cell C {{ section soma {{ {area}, cm = {} uF/cm2 }}\nsynapse n: {name} at soma(0.5) {{ {parameters}, I = {first} pA }} }}\n\
         population c: C\n\
         stimulate c with IClamp {{ delay = 200.01 ms, duration = 1 s, amplitude = {} pA }} at soma(0.5)\nrecord v = c.soma(0.5).v\nrecord u = c.n.{recovery}\n",
        31.831 * capacitance / 100.0,
        then - first
    )
}

#[test]
fn types_of_2007() {
    compare("a", |capacitance, parameters, [first, then]| {
        // Its steps see the time of their ends.
        let current = format!("{first} pA + step(200.01 ms, {} pA)", then - first);
        format!(
            "population c: Izhikevich2007 {{ C = {capacitance} pF, {parameters}, I = {current} }}\nrecord v = c.v\nrecord u = c.u\n"
        )
    });
}

#[test]
fn types_of_2007_on_sections() {
    compare("m", |capacitance, parameters, currents| on_a_section("Izhi2007", "u", capacitance, parameters, currents));
}

/// With u where NEURON has it when a mechanism moves it in BREAKPOINT.
#[test]
fn types_of_2007_as_in_netpyne() {
    compare("b", |capacitance, parameters, currents| {
        include_str!("../peers/izhikevich/netpyne_b.net").to_owned()
            + &on_a_section("NetPyNE", "before", capacitance, parameters, currents)
    });
}
