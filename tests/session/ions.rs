//! Ions against NEURON 9.0.2 (`tests/peers/ions`): three writers of one concentration, a pump that reads the total current, potassium outside of hh,
//! a reversal potential that a mechanism sets, an ion of one's own, two synapses at one place.

use super::{Options, fresh, run};
use std::fs;
use std::path::Path;

fn table(text: &str) -> (Vec<String>, Vec<Vec<f64>>) {
    let mut lines = text.lines();
    let names = lines.next().unwrap().split(',').map(str::to_owned).collect();
    (names, lines.map(|line| line.split(',').map(|x| x.parse().unwrap()).collect()).collect())
}

/// Largest deviation of each column, over the largest magnitude in it.
fn deviations(second_order: &str, peer: &str) -> Vec<(String, f64)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/peers/ions");
    let (names, theirs) = table(&fs::read_to_string(folder.join(peer)).unwrap());
    let script = fs::read_to_string(folder.join("model.net")).unwrap();
    let simulation =
        format!("simulation {{ duration = 300 ms, celsius = 10 degC, tables = off, second_order = {second_order} }}");
    let out = fresh(peer);
    let more = format!("{simulation}\nrun\nsave {} \"out.csv\"\n", names.join(", "));
    let (_, result, _) = run(&format!("{script}{more}"), Options { out: out.clone(), ..Options::default() });
    result.unwrap();
    let (_, ours) = table(&fs::read_to_string(out.join("out.csv")).unwrap());
    assert_eq!(ours.len(), theirs.len());
    let column = |k: usize| {
        let largest = theirs.iter().fold(0.0, |m: f64, row| m.max(row[k].abs()));
        // The first column of ours is time.
        let pairs = ours.iter().zip(&theirs).map(|(a, b)| (a[k + 1] - b[k]).abs());
        pairs.fold(0.0, f64::max) / largest
    };
    names.iter().enumerate().map(|(k, name)| (name.clone(), column(k))).collect()
}

/// NEURON's wheel keeps the secant as slope of all currents; ours is exact where it can be. 1e-9 is what the project promises.
#[test]
fn ions_are_neurons() {
    for (second_order, peer) in [("off", "first_order.csv"), ("potentials", "potentials.csv"), ("on", "second_order.csv")] {
        for (name, deviation) in deviations(second_order, peer) {
            println!("{peer} {name}: {deviation:e}");
            assert!(deviation < 1e-9, "{peer} {name}: {deviation:e}");
        }
    }
}

/// `styled.hoc`: `ion_style` keeps reversal potentials of calcium where the concentration is written, until a mechanism is inserted after it.
#[test]
fn a_style_of_an_ion_is_neurons() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/peers/ions");
    let (names, theirs) = table(&fs::read_to_string(folder.join("styled.csv")).unwrap());
    let script = format!(
        "import mechanism \"mod/a_pool.mod\"
import mechanism \"mod/i_cal.mod\"
cell C = import \"styled.hoc\" template Styled
population p: C
stimulate p with IClamp {{ delay = 20 ms, duration = 60 ms, amplitude = 0.15 nA }} at soma(0.5)
record soma_v = p.soma(0.5).v, dend_v = p.dend(0.5).v, tip_v = p.tip(0.5).v, soma_cai = p.soma(0.5).cai every 2 ms
record soma_ica = p.soma(0.5).ica, tip_ica = p.tip(0.5).ica every 2 ms
simulation {{ duration = 100 ms, celsius = 10 degC, tables = off }}
run
save {} \"out.csv\"
",
        names.join(", ")
    );
    let (_, ours) = table(&super::nmodl::written(&folder, "styled.net", &script)["out.csv"]);
    assert!(ours.len() >= theirs.len());
    for (a, b) in ours.iter().zip(&theirs) {
        for (k, name) in names.iter().enumerate() {
            let deviation = (a[k + 1] - b[k]).abs() / b[k].abs().max(1e-6);
            assert!(deviation < 1e-9, "{name}: {} and {}", a[k + 1], b[k]);
        }
    }
}
