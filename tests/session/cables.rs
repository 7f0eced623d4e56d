//! Cables with closed forms or solutions from elsewhere: Rallpack 1 to 3, a tapered cable, an RC cell with synapses.

use super::{Options, fresh, run};
use std::f64::consts::PI;
use std::fs;
use std::path::Path;

/// The rows of a table, without the line of names.
fn rows(path: &Path) -> Vec<Vec<f64>> {
    let text = fs::read_to_string(path).unwrap();
    text.lines().skip(1).map(|line| line.split(',').map(|x| x.parse().unwrap()).collect()).collect()
}

fn peers(name: &str) -> Vec<Vec<f64>> {
    rows(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/peers/cables").join(name))
}

/// What a script saves as `out.csv`.
fn saved(name: &str, script: &str) -> Vec<Vec<f64>> {
    let out = fresh(name);
    run(script, Options { out: out.clone(), ..Options::default() }).1.unwrap();
    rows(&out.join("out.csv"))
}

/// Root mean square of the difference over that of the response.
fn rms(pairs: impl Iterator<Item = (f64, f64)>) -> f64 {
    let (mut error, mut all) = (0.0, 0.0);
    for (ours, theirs) in pairs {
        error += (ours - theirs) * (ours - theirs);
        all += theirs * theirs;
    }
    (error / all).sqrt()
}

/// Potential over rest (mV) of a passive cable with sealed ends into whose one end a current (nA) flows from t = 0.
/// Lengths in um, time in ms; Rallpack's membrane: 4 ohm m2, 0.01 F/m2, 1 ohm m. Terms of the series until they are nothing.
fn cable(length: f64, diam: f64, current: f64, x: f64, t: f64) -> f64 {
    let (rm, cm, ra) = (4.0, 0.01, 1.0);
    let (l, d, i) = (length * 1e-6, diam * 1e-6, current * 1e-9);
    let lambda = (rm / ra * d / 4.0).sqrt();
    let per_length = ra / (PI * d * d / 4.0);
    let tau = rm * cm * 1e3;
    let scale = i * per_length * lambda;
    let steady = ((l - x * 1e-6) / lambda).cosh() / (l / lambda).sinh();
    let mut transient = lambda / l * (-t / tau).exp();
    for n in 1..2000 {
        let k = f64::from(n) * PI * lambda / l;
        let rate = 1.0 + k * k;
        let term = 2.0 * lambda / l / rate * (f64::from(n) * PI * x * 1e-6 / l).cos() * (-t * rate / tau).exp();
        transient += term;
    }
    scale * (steady - transient) * 1e3
}

/// Both ends of a cable over 250 ms, time in the first column.
fn ends_against(ours: &[Vec<f64>], length: f64, diam: f64) -> (f64, f64) {
    // The series of the first samples has not ended after its last term.
    let from = ours.iter().skip(1).filter(|row| row[0] > 0.1);
    let near = rms(from.clone().map(|row| (row[1] + 65.0, cable(length, diam, 0.1, 0.0, row[0]))));
    let far = rms(from.map(|row| (row[2] + 65.0, cable(length, diam, 0.1, length, row[0]))));
    (near, far)
}

#[test]
fn rallpack_1() {
    let script = "
cell Cable {
    section cable { L = 1 mm, diam = 1 um, nseg = 1000, Ra = 100 ohm*cm, cm = 1 uF/cm2
        insert pas { g = 0.025 mS/cm2, e = -65 mV }
    }
}
population p: Cable
stimulate p with IClamp { duration = 1 s, amplitude = 0.1 nA } at cable(0)
simulation { duration = 250 ms, dt = 0.025 ms, v_init = -65 mV }
record near = p.cable(0).v, far = p.cable(1).v every 0.25 ms
run
save near, far \"out.csv\"
";
    let (near, far) = ends_against(&saved("rallpack_1", script), 1000.0, 1.0);
    println!("Rallpack 1: {near:e} {far:e}");
    assert!(near < 1e-3 && far < 1e-3, "{near} {far}");
}

/// A binary tree of 1023 branches by Rall's rule is a cylinder. Its branches have one segment each, its points are nodes without area.
#[test]
fn rallpack_2() {
    let level = |n: u32| {
        let joint = match n {
            0 => String::new(),
            1 => "connect l0[0](1)".into(),
            n => format!("connect l{}[floor(index / 2)](1)", n - 1),
        };
        format!(
            "    section l{n}[{}] {{ L = 32 um * 2^(-{n}/3), diam = 16 um * 2^(-2*{n}/3), Ra = 100 ohm*cm, cm = 1 uF/cm2
        {joint}
        insert pas {{ g = 0.025 mS/cm2, e = -65 mV }}
    }}
",
            1 << n
        )
    };
    let levels: String = (0..10).map(level).collect();
    let script = format!(
        "cell Tree {{
{levels}}}
population p: Tree
stimulate p with IClamp {{ duration = 1 s, amplitude = 0.1 nA }} at l0[0](0)
simulation {{ duration = 250 ms, dt = 0.025 ms, v_init = -65 mV }}
record near = p.l0[0](0).v, far = p.l9[511](1).v every 0.25 ms
run
save near, far \"out.csv\"
"
    );
    let (near, far) = ends_against(&saved("rallpack_2", &script), 320.0, 16.0);
    println!("Rallpack 2: {near:e} {far:e}");
    assert!(near < 1e-3 && far < 1e-3, "{near} {far}");
}

/// Rallpack 3 has no closed form: NEURON's own numbers, within 1e-9 of 100 mV.
#[test]
fn rallpack_3() {
    let script = "
cell Axon {
    section axon { L = 1 mm, diam = 1 um, nseg = 1000, Ra = 100 ohm*cm, cm = 1 uF/cm2, ena = 50 mV, ek = -77 mV
        insert hh { gnabar = 0.12 S/cm2, gkbar = 0.036 S/cm2, gl = 0.3 mS/cm2, el = -54.387 mV }
    }
}
population p: Axon
stimulate p with IClamp { duration = 1 s, amplitude = 0.1 nA } at axon(0)
simulation { duration = 250 ms, dt = 0.025 ms, v_init = -65 mV, tables = off }
record near = p.axon(0).v, far = p.axon(1).v
run
save near, far \"out.csv\"
";
    let ours = saved("rallpack_3", script);
    let theirs = peers("rallpack3.csv");
    let mut worst = 0.0f64;
    for row in &theirs {
        let mine = &ours[row[0] as usize];
        worst = worst.max((mine[1] - row[1]).abs()).max((mine[2] - row[2]).abs());
    }
    println!("Rallpack 3: {worst:e} mV");
    assert_eq!(theirs.len(), 501);
    assert!(worst < 1e-7, "{worst}");
}

/// The steady state of a cone, 1.5 um wide at one end and 0.5 um at the other, within 0.1 %.
#[test]
fn tapered_cable() {
    let script = "
cell Cone {
    section cone { nseg = 200, Ra = 100 ohm*cm, cm = 1 uF/cm2
        points = [(0 um, 0 um, 0 um, 1.5 um), (1 mm, 0 um, 0 um, 0.5 um)]
        insert pas { g = 0.1 mS/cm2, e = -65 mV }
    }
}
population p: Cone
stimulate p with IClamp { duration = 10 s, amplitude = 0.1 nA } at cone(0)
simulation { duration = 500 ms, dt = 0.1 ms, v_init = -65 mV }
record a = p.cone(0).v, b = p.cone(0.2).v, c = p.cone(0.4).v, d = p.cone(0.6).v, e = p.cone(0.8).v, f = p.cone(1).v every 100 ms
run
save a, b, c, d, e, f \"out.csv\"
";
    let ours = saved("taper", script);
    let theirs = peers("taper.csv");
    let last = ours.last().unwrap();
    for (k, mine) in last.iter().skip(1).enumerate() {
        // Inside, a place is the middle of its segment, half a segment away from a border.
        let v = match k {
            0 | 5 => theirs[2 * k][1],
            _ => theirs[2 * k][1] + (theirs[2 * k + 1][1] - theirs[2 * k - 1][1]) / 0.2 * 0.0025,
        };
        let error = ((mine + 65.0) / v - 1.0).abs();
        assert!(error < 1e-3, "at {}: {} and {v}", theirs[2 * k][0], mine + 65.0);
    }
}

const RC: &str = "
cell RC {
    section soma { L = 20 um, diam = 20 um, cm = 1 uF/cm2
        insert pas { g = 0.1 mS/cm2, e = -65 mV }
    }
    spike at soma(0.5) above -50 mV
}
";

/// An RC cell with one exponential synapse, within 1 % of its response.
#[test]
fn rc_cell_with_a_synapse() {
    let script = format!(
        "{RC}
population p: RC
stimulate p with NetStim {{ start = 4 ms, number = 1, noise = 0 }} via exc at soma(0.5) {{ weight = 0.001 uS, delay = 1 ms }}
synapse exc = ExpSyn {{ tau = 2 ms, e = 0 mV }}
simulation {{ duration = 50 ms, dt = 0.025 ms, v_init = -65 mV }}
record v = p.soma(0.5).v
run
save v \"out.csv\"
"
    );
    let ours = saved("rc_expsyn", &script);
    let theirs = peers("expsyn.csv");
    let peak = theirs.iter().map(|row| row[1] + 65.0).fold(0.0, f64::max);
    let worst = theirs.iter().map(|row| (ours[(row[0] / 0.025).round() as usize][1] - row[1]).abs() / peak).fold(0.0, f64::max);
    println!("RC cell with ExpSyn: {worst:e}");
    assert!(worst < 0.01, "{worst}");
}

/// When an RC cell with a synapse of two time constants crosses its threshold, by weight, within 0.05 ms.
#[test]
fn rc_cell_that_spikes() {
    let theirs = peers("exp2syn.csv");
    let weights: Vec<String> = theirs.iter().map(|row| format!("{} uS", row[0])).collect();
    let cells: String = (0..weights.len())
        .map(|k| {
            format!(
                "population p{k}: RC\nstimulate p{k} with NetStim {{ start = 4 ms, number = 1, noise = 0 }} via exc at soma(0.5) {{ weight = {}, delay = 1 ms }}\n",
                weights[k]
            )
        })
        .collect();
    let script = format!(
        "{RC}synapse exc = Exp2Syn {{ tau1 = 0.5 ms, tau2 = 3 ms, e = 0 mV }}
{cells}simulation {{ duration = 60 ms, dt = 0.025 ms, v_init = -65 mV }}
run
save spikes \"out.csv\"
"
    );
    let out = fresh("rc_exp2syn");
    run(&script, Options { out: out.clone(), ..Options::default() }).1.unwrap();
    let text = fs::read_to_string(out.join("out.csv")).unwrap();
    let spikes: Vec<(f64, usize)> = text
        .lines()
        .skip(1)
        .map(|line| {
            let parts: Vec<&str> = line.split(',').collect();
            (parts[0].parse().unwrap(), parts[2].trim_start_matches('p').parse().unwrap())
        })
        .collect();
    assert_eq!(spikes.len(), theirs.len());
    for (time, k) in spikes {
        assert!((time - theirs[k][1]).abs() < 0.05, "weight {}: {time} and {}", theirs[k][0], theirs[k][1]);
    }
}
