//! Gap junctions and extracellular space against NEURON 9.0.2 and NetPyNE 1.1.1 (`tests/peers/coupling`).

use super::neuron::{number, root, rows};
use super::{Options, fresh, run};

/// Runs a script that saves tables, and gives them in order.
fn tables(name: &str, script: &str, files: &[&str]) -> Vec<Vec<Vec<String>>> {
    let out = fresh(name);
    let (_, result, _) = run(script, Options { out: out.clone(), ..Options::default() });
    result.unwrap();
    files.iter().map(|file| rows(&out.join(file))).collect()
}

/// The largest difference in columns after the first, every `stride`-th row of ours.
fn worst(ours: &[Vec<String>], theirs: &[Vec<String>], stride: usize) -> f64 {
    let difference = |(k, row): (usize, &Vec<String>)| {
        let own = &ours[k * stride];
        assert_eq!(own.len(), row.len());
        own.iter().zip(row).skip(1).map(|(a, b)| (number(a) - number(b)).abs()).fold(0.0, f64::max)
    };
    theirs.iter().enumerate().map(difference).fold(0.0, f64::max)
}

#[test]
fn branched_cells_joined_by_gap_junctions() {
    let ours = tables(
        "junctions",
        r#"
        cell C {
            section soma { L = 20 um, diam = 20 um, Ra = 100 ohm*cm; insert hh }
            section left { L = 150 um, diam = 2 um, Ra = 100 ohm*cm, nseg = 3
                connect soma(1)
                insert pas { g = 0.0005 S/cm2, e = -65 mV }
            }
            section right { L = 220 um, diam = 1.5 um, Ra = 100 ohm*cm, nseg = 5
                connect soma(1)
                insert pas { g = 0.0005 S/cm2, e = -65 mV }
            }
        }
        population c: C[3]
        connect c[0] -> c[1] via gap_junction from left(0.5) at right(0.9) { weight = 2 nS }
        connect c[1] -> c[2] via gap_junction from left(0.9) at left(0.9) { weight = 1 nS }
        connect c[2] -> c[0] via gap_junction at soma(0.5) { weight = 1.5 nS }
        stimulate c[0] with IClamp { delay = 2 ms, duration = 30 ms, amplitude = 0.3 nA } at soma(0.5)
        record s0 = c[0].soma(0.5).v, r0 = c[0].right(0.9).v, s1 = c[1].soma(0.5).v
        record r1 = c[1].right(0.9).v, s2 = c[2].soma(0.5).v, r2 = c[2].right(0.9).v
        simulation { duration = 40 ms }
        run
        save s0, r0, s1, r1, s2, r2 "v.csv"
        "#,
        &["v.csv"],
    );
    let theirs = rows(&root().join("tests/peers/coupling/pair.csv"));
    let worst = worst(&ours[0], &theirs, 40);
    println!("largest deviation: {worst:e} mV");
    assert!(worst < 1e-7, "{worst:e}");
}

#[test]
fn a_network_of_netpyne_with_gap_junctions() {
    let ours = tables(
        "gap_network",
        r#"
        point mechanism Junction {
            param g = 1 nS, weight = 1
            input other: mV
            current i = weight * g * (v - other)
        }
        cell PYR {
            section soma { L = 18.8 um, diam = 18.8 um, Ra = 123 ohm*cm
                insert hh { gnabar = 0.12 S/cm2, gkbar = 0.036 S/cm2, gl = 0.003 S/cm2, el = -70 mV }
            }
            section dend { L = 150 um, diam = 5 um, Ra = 150 ohm*cm, nseg = 3
                connect soma(1)
                insert pas { g = 0.0000357 S/cm2, e = -70 mV }
            }
            spike at soma(0.5)
        }
        population S: PYR[20]
        population M: PYR[20]
        synapse exc = Exp2Syn { tau1 = 1 ms, tau2 = 5 ms, e = 0 mV }
        connect S -> M via exc at dend(1) { probability = 0.5, weight = 0.01 uS, delay = 5 ms }
        connect M -> M via Junction from soma(0.5) at dend(0.5) { probability = 0.2, weight = uniform(0.2, 1) }
        stimulate S with NetStim { rate = 10 Hz, noise = 0.5 } via exc at dend(0.5) { weight = 0.01 uS, delay = 5 ms }
        record a = M[0].soma(0.5).v, b = M[13].soma(0.5).v
        simulation { duration = 400 ms, streams = netpyne }
        run
        save a, b "v.csv"
        save spikes "spikes.csv"
        "#,
        &["v.csv", "spikes.csv"],
    );
    let theirs = rows(&root().join("tests/peers/coupling/gap_spikes.csv"));
    assert_eq!((ours[1].len(), theirs.len()), (200, 200));
    for (a, b) in ours[1].iter().zip(&theirs) {
        assert_eq!(a[1], b[1]);
        assert!((number(&a[0]) - number(&b[0])).abs() < 1e-9, "{a:?} {b:?}");
    }
    let worst = worst(&ours[0], &rows(&root().join("tests/peers/coupling/gap_v.csv")), 40);
    println!("largest deviation over 400 ms: {worst:e} mV");
    assert!(worst < 1e-7, "{worst:e}");
}

/// A branched cell whose layers differ from section to section, with an electrode that is a current and one that is a conductance.
const SURROUNDED: &str = r#"
point mechanism SEClamp {
    param dur1 = 0 ms, amp1 = 0 mV, rs = 1 Mohm
    electrode current i = if t < dur1 { (amp1 - v) / rs } else { 0 }
}
cell C {
    section soma { L = 20 um, diam = 20 um, Ra = 100 ohm*cm
        insert hh
        insert extracellular { xraxial = [20 Mohm/cm, 2 Mohm/cm], xg = [0.02 S/cm2, 0.01 S/cm2], xc = [0.1 uF/cm2, 0.2 uF/cm2], e = 3 mV }
    }
    section left { L = 150 um, diam = 2 um, Ra = 100 ohm*cm, nseg = 3
        connect soma(1)
        insert pas { g = 0.0005 S/cm2, e = -65 mV }
        insert extracellular { xraxial = [30 Mohm/cm, 3 Mohm/cm], xg = [0.01 S/cm2, 0.005 S/cm2], xc = [0 uF/cm2, 0.3 uF/cm2], e = -5 mV }
    }
    section right { L = 220 um, diam = 1.5 um, Ra = 100 ohm*cm, nseg = 5
        connect soma(0.5)
        insert pas { g = 0.0005 S/cm2, e = -65 mV }
        insert extracellular { xraxial = [1e3 Mohm/cm, 50 Mohm/cm], xg = [0.002 S/cm2, 0.1 S/cm2], xc = [0.5 uF/cm2, 0 uF/cm2] }
    }
    synapse syn: ExpSyn at left(0.5) { tau = 2 ms, e = 0 mV }
}
population c: C
stimulate c with IClamp { delay = 2 ms, duration = 3 ms, amplitude = 0.4 nA } at soma(0.5)
stimulate c with SEClamp { dur1 = 1 ms, amp1 = -70 mV, rs = 20 Mohm } at right(0.9)
stimulate c with NetStim { start = 8 ms, number = 1 } via syn { weight = 0.02 uS, delay = 1 ms }
record s = c.soma(0.5).v, s0 = c.soma(0.5).vext[0], si = c.soma(0.5).i_membrane
record l = c.left(0.5).v, l0 = c.left(0.5).vext[0], li = c.left(0.5).i_membrane
record r = c.right(0.9).v, r0 = c.right(0.9).vext[0], ri = c.right(0.9).i_membrane
simulation { duration = 20 ms }
run
save s, s0, si, l, l0, li, r, r0, ri "x.csv"
"#;

#[test]
fn a_branched_cell_with_extracellular_space() {
    let ours = tables("extracellular", SURROUNDED, &["x.csv"]);
    let theirs = rows(&root().join("tests/peers/coupling/extracellular.csv"));
    // Columns: potential (mV), potential outside (mV), membrane current (mA/cm2), three times.
    let column = |rows: &[Vec<String>], k: usize| rows.iter().map(|row| number(&row[k])).collect::<Vec<_>>();
    for k in 1..10 {
        let (a, b) = (column(&ours[0], k), column(&theirs, k));
        let worst = b.iter().enumerate().map(|(at, x)| (a[20 * at] - x).abs()).fold(0.0, f64::max);
        let largest = b.iter().fold(0.0, |m: f64, x| m.max(x.abs()));
        println!("column {k}: largest deviation {worst:e} of {largest}");
        let bound = if k % 3 == 0 { 1e-9 * largest } else { 1e-7 };
        assert!(worst < bound, "column {k}: {worst:e}");
    }
}

/// Without its own values the space is as good as ground: what `insert pas` alone gives.
#[test]
fn space_as_good_as_ground_changes_nothing() {
    let script = |space: &str| {
        format!(
            "cell C {{
                section soma {{ L = 20 um, diam = 20 um; insert hh; {space} }}
                section dend {{ L = 200 um, diam = 2 um, nseg = 5; connect soma(1); insert pas }}
            }}
            population c: C[3]
            stimulate c with IClamp {{ delay = 1 ms, duration = 5 ms, amplitude = 0.3 nA }} at soma(0.5)
            record v = c[1].soma(0.5).v, w = c[2].dend(0.5).v
            simulation {{ duration = 10 ms }}
            run
            save v, w \"v.csv\""
        )
    };
    let ground = tables("ground", &script(""), &["v.csv"]);
    let space = tables("as_ground", &script("insert extracellular"), &["v.csv"]);
    let worst = worst(&ground[0], &space[0], 1);
    assert!(worst > 0.0 && worst < 1e-7, "{worst:e}");
}
