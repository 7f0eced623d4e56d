//! Voltage clamps and the alpha synapse on a soma with `hh`, against NEURON.

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
