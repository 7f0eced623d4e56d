//! Gap junctions against NEURON 9.0.2 and NetPyNE 1.1.1 (`tests/peers/coupling`).

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
