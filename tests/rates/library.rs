//! The library's rate models against PyRates, which integrates its own right-hand sides by SciPy at tolerances of 1e-9.

use super::{numbers, run};
use std::collections::HashSet;
use std::fs;
use std::path::Path;

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

/// An operator that makes of one leaky integrator, driven by an oscillator, what drives another one.
macro_rules! squashed {
    ($mechanism:literal) => {
        concat!(
            "use std.oscillators.limit_cycles\ncell A per s {\n    insert li: leaky_integrator\n    insert f: ",
            $mechanism,
            " { r = li.r }\n}\ncell B per s {\n    insert li: leaky_integrator\n}\npopulation s: VanDerPol\npopulation p: A\npopulation q: B\n",
            "connect s.x -> p.li.m_in\nconnect p.f.m -> q.li.m_in"
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
    Case("base_sigmoid", "neural_mass.base", squashed!("sigmoid_op"), "p.li.r, b = q.li.r", 1e3, 1.0),
    Case("base_tanh", "neural_mass.base", squashed!("tanh_op"), "p.li.r, b = q.li.r", 1e3, 1.0),
    Case(
        "stuart_landau_bursts",
        "oscillators",
        "use std.neural_mass.base\ncell B per s {\n    insert li: leaky_integrator\n}\n\
         population p: StuartLandauBursts { x = 0.5 }\npopulation q: B\nconnect p.m -> q.li.m_in",
        "p.x, b = q.li.r",
        1e3,
        1.0,
    ),
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

/// PyRates delays by steps of Euler's method, and what it took before the beginning is 0. Where one connection of a value has a delay, it takes one step for
/// all others of this value.
#[test]
fn delays_are_those_of_pyrates() {
    let theirs = numbers("pyrates_jansen_rit_delays.csv");
    let script = "use std.neural_mass.jansen_rit\ncircuit Column {\n    population pc: JansenRitPC\n    population ein: JansenRitIN\n    population iin: JansenRitIN\n\
        connect pc.m -> ein.exc.m_in { weight = 135, delay = 0.1 ms, history = 0 Hz }\n\
        connect pc.m -> iin.exc.m_in { weight = 33.75, delay = 0.1 ms, history = 0 Hz }\n\
        connect ein.m -> pc.exc.m_in { weight = 108 }\nconnect iin.m -> pc.inh.m_in { weight = 33.75 }\n}\n\
        circuit a: Column\ncircuit b: Column\n\
        connect a.pc.m -> b.pc.exc.m_in { weight = 20, delay = 10 ms, history = 0 Hz }\n\
        connect b.pc.m -> a.pc.exc.m_in { weight = 40, delay = 6 ms, history = 0 Hz }\n\
        record y = a.pc.exc.v, z = b.pc.exc.v every 20 ms\nsimulation { solver = euler, dt = 0.1 ms }\n";
    let trace = &run(script, 985.0).traces[0];
    for (k, row) in theirs.iter().enumerate() {
        for (ours, theirs) in trace.values.iter().zip(&row[1..]) {
            assert!((ours[k] - theirs * 1e3).abs() < 1e-9, "{k}: {} mV, not {}", ours[k], theirs * 1e3);
        }
    }
}

/// Every model has a script that shows it, and a sentence that says where it is from.
#[test]
fn models_have_examples_and_sources() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let read = |path: &Path| fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let files = |folder: &str| {
        let entries = fs::read_dir(root.join(folder)).unwrap_or_else(|e| panic!("{folder}: {e}"));
        entries.flatten().map(|entry| entry.path()).filter(|path| path.extension().is_some_and(|end| end == "net"))
    };
    let examples: String = files("examples/rates").chain(files("examples")).map(|path| read(&path)).collect();
    let words: HashSet<&str> = examples.split(|c: char| !c.is_alphanumeric() && c != '_').collect();
    let mut wanting = Vec::new();
    for path in files("lang/library/neural_mass").chain(files("lang/library/oscillators")) {
        let text = read(&path);
        let mut told = "";
        for line in text.lines() {
            if line.starts_with("///") {
                told = line;
            }
            let declared = ["cell ", "mechanism ", "circuit "].iter().find_map(|word| line.strip_prefix(word));
            let Some(name) = declared.and_then(|rest| rest.split([' ', '{']).next()) else { continue };
            let source = told.contains("(19") || told.contains("(20") || told.contains(" 19") || told.contains(" 20");
            let is_part = line.contains(" extends ") || line.starts_with("circuit ");
            if !words.contains(name) || !(source || is_part) {
                wanting.push(format!("{name} of {}", path.display()));
            }
            told = "";
        }
    }
    assert!(wanting.is_empty(), "{wanting:#?}");
}
