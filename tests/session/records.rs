//! Records of currents, definitions and expressions against NEURON (`tests/peers/records`): the same number of samples, each of the same moment.

use super::{Options, fresh, run};
use std::fs;
use std::path::Path;

pub const CELL: &str = "
cell C {
    section soma { L = 20 um, diam = 20 um, insert hh }
    section dend { L = 100 um, diam = 2 um, nseg = 3
        connect soma(1)
        insert pas { g = 0.001 S/cm2, e = -65 mV }
    }
    synapse inh: Exp2Syn at dend(0.5) { tau1 = 0.5 ms, tau2 = 3 ms, e = -80 mV }
    spike at soma(0.5)
}
population c: C
synapse exc = Exp2Syn { tau1 = 0.2 ms, tau2 = 2 ms, e = 0 mV }
stimulate E: c with NetStim { start = 2 ms, interval = 7 ms, number = 3 } via exc at soma(0.5) { weight = 0.02 uS, delay = 1 ms }
stimulate I: c with NetStim { start = 3 ms, interval = 7 ms, number = 3 } via inh { weight = 0.01 uS, delay = 1 ms }
stimulate c with IClamp { delay = 12 ms, duration = 3 ms, amplitude = 0.2 nA } at dend(1)
simulation { dt = 0.025 ms }
";

/// The columns of NEURON's files with their paths, in NEURON's units.
const COLUMNS: &[(&str, &str)] = &[
    ("v", "c.soma(0.5).v"),
    ("ina", "c.soma(0.5).hh.ina"),
    ("ik", "c.soma(0.5).hh.ik"),
    ("il", "c.soma(0.5).hh.il"),
    ("m", "c.soma(0.5).hh.m"),
    ("exc_i", "c.soma(0.5).exc.i"),
    ("exc_g", "c.soma(0.5).exc.g"),
    ("inh_i", "c.inh.i"),
    ("inh_g", "c.inh.g"),
    ("pas_i", "c.dend(0.5).pas.i"),
    ("dend_v", "c.dend(0.5).v"),
];

fn table(path: &Path) -> (Vec<String>, Vec<Vec<f64>>) {
    let text = fs::read_to_string(path).unwrap();
    let mut lines = text.lines();
    let names = lines.next().unwrap().split(',').map(str::to_owned).collect();
    (names, lines.map(|line| line.split(',').map(|x| x.parse().unwrap()).collect()).collect())
}

/// Voltages agree within 1e-7 mV, everything else within 1e-9 of its largest value; times are the same doubles.
pub fn agrees(ours: &Path, peer: &str) {
    let (_, ours) = table(ours);
    let theirs = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/peers/records").join(peer);
    let (names, theirs) = table(&theirs);
    assert_eq!(ours.len(), theirs.len(), "{peer}: number of samples");
    for (a, b) in ours.iter().zip(&theirs) {
        assert_eq!(a[0], b[0], "{peer}: time");
    }
    for (k, (name, _)) in COLUMNS.iter().enumerate() {
        let column = names.iter().position(|n| n == name).unwrap();
        let scale = theirs.iter().map(|row| row[column].abs()).fold(0.0, f64::max);
        let most = if name.ends_with('v') { 1e-7 } else { 1e-9 * scale };
        let worst = ours.iter().zip(&theirs).map(|(a, b)| (a[k + 1] - b[column]).abs()).fold(0.0, f64::max);
        assert!(worst <= most && scale > 0.0, "{peer}: {name} differs by {worst:e} of {scale:e}");
    }
}

pub fn records(every: &str) -> (String, String) {
    let declared: Vec<String> = COLUMNS.iter().map(|(name, path)| format!("{name} = {path}")).collect();
    let names: Vec<&str> = COLUMNS.iter().map(|(name, _)| *name).collect();
    (format!("record {} {every}\n", declared.join(", ")), format!("save {} \"records.csv\"\n", names.join(", ")))
}

#[test]
fn timing_is_neurons() {
    for (every, peer) in [("", "each_step.csv"), ("every 0.1 ms", "every_0.1.csv"), ("every 0.11 ms", "every_0.11.csv")] {
        let out = fresh(peer);
        let (record, save) = records(every);
        let (_, result, _) = run(&format!("{CELL}{record}run 25 ms\n{save}"), Options { out: out.clone(), ..Options::default() });
        result.unwrap();
        agrees(&out.join("records.csv"), peer);
    }
}

#[test]
fn what_is_recorded_changes_nothing() {
    let text =
        |more: &str| format!("{CELL}record v = c.soma(0.5).v\n{more}\nrun 25 ms\nprint \"{{v(24 ms):.17f}} {{sd(v):.17f}}\"\n");
    let (record, _) = records("every 0.1 ms");
    let (few, ..) = run(&text(""), Options::default());
    let (many, ..) = run(&text(&record.replace("v = c.soma(0.5).v, ", "")), Options::default());
    assert_eq!(few, many);
}

#[test]
fn expressions_are_of_the_samples() {
    let text = format!(
        "{CELL}population p: C[3]
        stimulate p[1] with IClamp {{ delay = 1 ms, duration = 5 ms, amplitude = 0.1 nA }} at soma(0.5)
        let drop = c.soma(0.5).v - c.dend(0.5).v
        record a = c.soma(0.5).v, b = c.dend(0.5).v, d = drop / 2, i = drop / 100 Mohm
        record one = p[1].soma(0.5).v, other = p[2].soma(0.5).v
        record middle = mean(p.soma(0.5).v), total = sum(p.soma(0.5).v), top = max(p.soma(0.5).v)
        record parts = c.*.v
        run 10 ms
        for t in [0 ms, 3.1 ms, 5 ms, 9.9 ms] {{
            assert d(t) == (a(t) - b(t)) / 2 and i(t) == (a(t) - b(t)) / 100 Mohm
            assert abs(middle(t) - (one(t) + 2 * other(t)) / 3) < 1e-12 mV and abs(total(t) - 3 * middle(t)) < 1e-12 mV
            assert top(t) == max(one(t), other(t))
        }}
        assert max(one) > max(other) + 5 mV
        save parts \"parts.csv\"
        "
    );
    let out = fresh("expressions");
    let (_, result, _) = run(&text, Options { out: out.clone(), ..Options::default() });
    result.unwrap();
    assert!(fs::read_to_string(out.join("parts.csv")).unwrap().starts_with("t_ms,parts_soma_mV,parts_dend_mV\n"));
}
