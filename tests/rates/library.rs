//! The library's rate models against PyRates, which integrates its own right-hand sides by SciPy at tolerances of 1e-9.

use super::{numbers, run};

/// A model: the file, the part that it uses, its declarations, what is recorded, the unit of PyRates' time in ms, how many of our units are one of theirs.
struct Case(&'static str, &'static str, &'static str, &'static str, f64, f64);

/// An operator that an oscillator drives.
macro_rules! driven {
    ($mechanism:literal, $input:literal) => {
        concat!(
            "use std.oscillators.limit_cycles\ncell B per s {\n    insert k: ",
            $mechanism,
            "\n}\npopulation s: VanDerPol\npopulation p: B\nconnect s.x -> p.k.",
            $input
        )
    };
}

const OSCILLATOR_AND_LI: &str = driven!("leaky_integrator", "m_in");
const OSCILLATOR_AND_EXPONENTIAL: &str = driven!("exponential_kernel", "r_in");
const OSCILLATOR_AND_BIEXPONENTIAL: &str = driven!("biexponential_kernel", "r_in");
const OSCILLATOR_AND_ALPHA: &str = driven!("alpha_kernel", "r_in");

const CASES: &[Case] = &[
    Case("jansen_rit", "neural_mass.jansen_rit", "population p: JansenRit", "p.V_e, b = p.V_i, c = p.V_ein", 1e3, 1e3),
    Case(
        "jansen_rit_circuit",
        "neural_mass.jansen_rit",
        "circuit p: JansenRitCircuit",
        "p.pc.exc.v, b = p.pc.inh.v, c = p.ein.exc.v",
        1e3,
        1e3,
    ),
    Case("wilson_cowan", "neural_mass.wilson_cowan", "circuit p: WilsonCowanCircuit", "p.e.r, b = p.i.r", 1.0, 1.0),
    Case(
        "wilson_cowan_stp",
        "neural_mass",
        "population e: WilsonCowan\npopulation i: WilsonCowan { s = 2, theta = 2.5 }\n\
         connect e.r -> e.r_in via tsodyks { weight = 5 }\nconnect e.r -> i.r_in via tsodyks { weight = 10 }\n\
         connect i.r -> e.r_in via tsodyks { weight = -5 }\nconnect i.r -> i.r_in via tsodyks { weight = -5 }",
        "e.r, b = i.r",
        1.0,
        1.0,
    ),
    Case("qif", "neural_mass.qif", "population p: QIF\nconnect p.r -> p.r_in { weight = 15 }", "p.r, b = p.v", 1e3, 1.0),
    Case(
        "qif_sfa",
        "neural_mass.qif",
        "population p: QIFAdapting\nconnect p.r -> p.r_in { weight = 15 }",
        "p.r, b = p.v, c = p.a",
        1e3,
        1.0,
    ),
    Case(
        "qif_conduct",
        "neural_mass.qif",
        "population p: QIFConductance\nconnect p.r -> p.r_in { weight = 1 }",
        "p.r, b = p.v",
        1e3,
        1.0,
    ),
    Case(
        "qif_tsodyks",
        "neural_mass.qif",
        "population p: QIF\nconnect p.r -> p.r_in via tsodyks_edge { weight = 15 }",
        "p.r, b = p.v",
        1e3,
        1.0,
    ),
    Case(
        "ik_nodim",
        "neural_mass.izhikevich",
        "population p: IzhikevichField\nconnect p.r -> p.r_in { weight = 1 }",
        "p.r, b = p.v, c = p.u",
        1e3,
        1.0,
    ),
    Case(
        "ik_eta",
        "neural_mass.izhikevich",
        "population p: IzhikevichFieldEta\nconnect p.r -> p.r_in { weight = 1 }",
        "p.r, b = p.v, c = p.u",
        1e3,
        1.0,
    ),
    Case(
        "ik_theta",
        "neural_mass.izhikevich",
        "population p: IzhikevichFieldTheta\nconnect p.r -> p.r_in { weight = 1 }",
        "p.r, b = p.v, c = p.u",
        1e3,
        1.0,
    ),
    Case(
        "jansen_rit_coupled",
        "neural_mass.jansen_rit",
        "circuit p: JansenRitCircuit\ncircuit q: JansenRitCircuit\n\
         connect p.pc.m -> q.pc.exc.m_in { weight = 20, delay = 4 ms, spread = 1 ms }\n\
         connect q.pc.m -> p.pc.exc.m_in { weight = 40, delay = 4 ms, spread = 1 ms }",
        "p.pc.exc.v, b = q.pc.exc.v",
        1e3,
        1e3,
    ),
    Case(
        "qif_sd",
        "neural_mass.qif",
        // PyRates delays what the mechanism delivers; here the mechanism takes the delayed value, so the two are written one after the other.
        "cell Depressing per s { insert d: depression_edge; output r = d.r_eff }\npopulation p: QIF\npopulation d: Depressing\n\
         connect p.r -> d.d.r_in\nconnect d.r -> p.r_in { weight = 15, delay = 750 ms, spread = 300 ms }",
        "p.r, b = p.v",
        1e3,
        1.0,
    ),
    Case("kuramoto", "oscillators.kuramoto", "population p: KuramotoPhase", "p.theta", 1e3, 1.0),
    Case("kuramoto_pair", "oscillators.kuramoto", "circuit p: KuramotoPair", "p.p1.theta, b = p.p2.theta", 1e3, 1.0),
    Case(
        "kuramoto_field",
        "oscillators.kuramoto",
        "population p: KuramotoField\nconnect p.z -> p.s",
        "p.z.re, b = p.z.im",
        1e3,
        1.0,
    ),
    Case(
        "kuramoto_field_pair",
        "oscillators.kuramoto",
        "circuit p: KuramotoFieldPair",
        "p.p1.z.re, b = p.p1.z.im, c = p.p2.z.re, d = p.p2.z.im",
        1e3,
        1.0,
    ),
    Case(
        "theta",
        "neural_mass.theta",
        "population p: ThetaField\nconnect p.r -> p.s { weight = 15 }",
        "p.z.re, b = p.z.im",
        1e3,
        1.0,
    ),
    Case(
        "theta_conductance",
        "neural_mass.theta",
        "population p: ThetaConductance\nconnect p.r -> p.s { weight = 15 }",
        "p.z.re, b = p.z.im",
        1e3,
        1.0,
    ),
    Case(
        "qif_gap",
        "neural_mass.qif",
        "population p: QIFGap { g = 2 }\nconnect p.r -> p.r_in { weight = 15 }",
        "p.r, b = p.v",
        1e3,
        1.0,
    ),
    Case(
        "qif_alpha",
        "neural_mass.qif",
        "population p: QIF\nconnect p.r -> p.r_in via alpha_synapse { weight = 15 }",
        "p.r, b = p.v",
        1e3,
        1.0,
    ),
    Case(
        "qif_facilitation",
        "neural_mass.qif",
        "population p: QIF\nconnect p.r -> p.r_in via facilitation_edge { weight = 15 }",
        "p.r, b = p.v",
        1e3,
        1.0,
    ),
    Case(
        "qif_depression",
        "neural_mass.qif",
        "population p: QIF\nconnect p.r -> p.r_in via depression_edge { weight = 15 }",
        "p.r, b = p.v",
        1e3,
        1.0,
    ),
    Case("stuart_landau", "oscillators.limit_cycles", "population p: StuartLandau { x = 0.5 }", "p.x, b = p.z", 1e3, 1.0),
    Case("base_li", "neural_mass.base", OSCILLATOR_AND_LI, "p.k.r", 1e3, 1.0),
    Case("base_monoexp", "neural_mass.base", OSCILLATOR_AND_EXPONENTIAL, "p.k.v", 1e3, 1.0),
    Case("base_biexp", "neural_mass.base", OSCILLATOR_AND_BIEXPONENTIAL, "p.k.v", 1e3, 1.0),
    Case("base_alpha", "neural_mass.base", OSCILLATOR_AND_ALPHA, "p.k.v", 1e3, 1.0),
    Case("van_der_pol", "oscillators.limit_cycles", "population p: VanDerPol", "p.x, b = p.z", 1e3, 1.0),
];

#[test]
fn models_are_those_of_pyrates() {
    let mut wrong = Vec::new();
    for Case(name, part, declarations, recorded, unit, scale) in CASES {
        let theirs = numbers(&format!("pyrates_{name}.csv"));
        let every = theirs[1][0] * unit;
        let script = format!(
            "use std.{part}\n{declarations}\nrecord a = {recorded} every {every} ms\nsimulation {{ solver = rk4, dt = {} ms }}\n",
            every / 400.0
        );
        let trace = &run(&script, every * 49.01).traces[0];
        let mut worst = 0.0f64;
        for (k, row) in theirs.iter().enumerate() {
            for (ours, theirs) in trace.values.iter().zip(&row[1..]) {
                let theirs = theirs * scale;
                worst = worst.max((ours[k] - theirs).abs() / theirs.abs().max(1.0));
            }
        }
        println!("{name}: {worst:e}");
        if worst.is_nan() || worst > 1e-5 {
            wrong.push(format!("{name}: {worst:e}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:?}");
}
