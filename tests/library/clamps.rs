//! Voltage clamps and the alpha synapse on a soma with `hh`, against NEURON; the synapse on a passive cell against its solution.

use super::{alike, number, peers, run};

fn potentials(name: &str, electrode: &str) -> f64 {
    let text = format!(
        "cell C {{ section soma {{ L = 20 um, diam = 20 um; insert hh }} }}\npopulation p: C\n{electrode}\n\
         record v = p.soma(0.5).v\nsimulation {{ duration = 20 ms, dt = 0.025 ms, v_init = -65 mV, celsius = 6.3 degC }}\n"
    );
    let trace = run(&text, 20.0).traces.remove(0);
    let ours: Vec<f64> = trace.values[0].iter().copied().step_by(4).collect();
    let theirs: Vec<f64> = peers(&format!("clamps/{name}.csv")).iter().map(|row| number(&row[1])).collect();
    alike(&ours, &theirs, 1e-7)
}

#[test]
fn alpha_synapse() {
    potentials(
        "alpha",
        "stimulate p with AlphaSynapse { onset = 2.03 ms, tau = 0.7 ms, gmax = 0.02 uS, e = -5 mV } at soma(0.5)",
    );
}

const LEVELS: &str =
    "duration1 = 3 ms, amplitude1 = -70 mV, duration2 = 5.01 ms, amplitude2 = -20 mV, duration3 = 4 ms, amplitude3 = -50 mV";

#[test]
fn single_electrode_clamp() {
    potentials("seclamp", &format!("stimulate p with SEClamp {{ rs = 0.8 Mohm, {LEVELS} }} at soma(0.5)"));
}

#[test]
fn two_electrode_clamp() {
    let amplifier = "gain = 1e4, rstim = 0.9 Mohm, tau1 = 0.002 ms";
    potentials("vclamp", &format!("stimulate p with VClamp {{ {LEVELS}, {amplifier} }} at soma(0.5)"));
    potentials(
        "vclamp_slow",
        &format!("stimulate p with VClamp {{ {LEVELS}, {amplifier}, tau2 = 0.05 ms, fac = 0.1 }} at soma(0.5)"),
    );
}

/// A passive cell (0.0125664 nF, 0.00125664 uS to -65 mV) with a synapse (0.004 uS, 2 ms, 0 mV, from 1 ms on): largest error (mV) over 20 ms.
fn error_on_a_passive_cell(dt: f64, second_order: &str) -> f64 {
    let text = format!(
        "cell C {{ section soma {{ L = 20 um, diam = 20 um; insert pas {{ g = 0.1 mS/cm2, e = -65 mV }} }} }}\npopulation p: C\n\
         stimulate p with AlphaSynapse {{ onset = 1 ms, tau = 2 ms, gmax = 0.004 uS, e = 0 mV }} at soma(0.5)\n\
         record v = p.soma(0.5).v\nsimulation {{ duration = 20 ms, dt = {dt} ms, v_init = -65 mV, second_order = {second_order} }}\n"
    );
    let trace = run(&text, 20.0).traces.remove(0);
    let exact = passive_cell_with_alpha_synapse();
    let every = (0.1 / dt).round() as usize;
    exact.iter().enumerate().map(|(k, v)| (trace.values[0][k * every] - v).abs()).fold(0.0, f64::max)
}

/// Its potential (mV) every 0.1 ms. C v' = -(gl + g) v + gl el + g e is linear, and the integral of g is known: v(t + h) = v(t) e^(-F(h)) + the integral over s of (gl el + g e) / C e^(F(s) - F(h)),
/// F being the integral of (gl + g) / C from t on; what is left to integrate is smooth, and five points of Gauss are exact to rounding.
fn passive_cell_with_alpha_synapse() -> Vec<f64> {
    let area = std::f64::consts::PI * 4e-6;
    let (c, gl, el, e) = (area * 1e3, area * 1e2, -65.0, 0.0);
    let (onset, tau, gmax) = (1.0, 2.0, 0.004);
    let since = |t: f64| ((t - onset) / tau).max(0.0);
    let g = |t: f64| gmax * since(t) * (1.0 - since(t)).exp();
    let sum = |t: f64| (gl * t + gmax * tau * 1f64.exp() * (1.0 - (1.0 + since(t)) * (-since(t)).exp())) / c;
    let (near, far) = ((5.0 - 2.0 * (10.0f64 / 7.0).sqrt()).sqrt() / 3.0, (5.0 + 2.0 * (10.0f64 / 7.0).sqrt()).sqrt() / 3.0);
    let (heavy, light) = ((322.0 + 13.0 * 70f64.sqrt()) / 900.0, (322.0 - 13.0 * 70f64.sqrt()) / 900.0);
    let points = [(0.0, 128.0 / 225.0), (near, heavy), (-near, heavy), (far, light), (-far, light)];
    let mut v = vec![el];
    for k in 0..200 {
        let (from, to) = (0.1 * f64::from(k), 0.1 * f64::from(k + 1));
        let term = |(x, weight): (f64, f64)| {
            let s = from + 0.05 * (1.0 + x);
            0.05 * weight * (gl * el + g(s) * e) / c * (sum(s) - sum(to)).exp()
        };
        let driven: f64 = points.map(term).iter().sum();
        v.push(v[k as usize] * (sum(from) - sum(to)).exp() + driven);
    }
    v
}

#[test]
fn alpha_synapse_on_a_passive_cell() {
    let peak = passive_cell_with_alpha_synapse().into_iter().fold(-65.0, f64::max);
    assert!(peak > -40.0, "{peak}");
    for (second_order, order) in [("off", 2.0), ("on", 4.0)] {
        let errors = [0.05, 0.025, 0.0125].map(|dt| error_on_a_passive_cell(dt, second_order));
        for pair in errors.windows(2) {
            assert!((pair[0] / pair[1] / order - 1.0).abs() < 0.05, "{second_order}: {errors:?}");
        }
    }
}
