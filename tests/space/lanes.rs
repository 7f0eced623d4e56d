//! Cells that differ from each other: a population of them gives what each gives alone.

use super::run;

const CELL: &str = "
cell C {
    param width = 2 um, gmax = 0.05 S/cm2
    section soma { L = 20 um, diam = 20 um, insert hh }
    section dend[3] { L = 100 um + 20 um * index, diam = width * (1 - 0.3 * x), nseg = 5
        connect dend[index - 1](1)
        insert pas { g = 0.0001 S/cm2, e = -65 mV }
        insert hh { gnabar = gmax * exp(-path_distance / (80 um)) }
    }
    in dend[0] { connect soma(1) }
    synapse s: ExpSyn at dend[2](1) { tau = 2 ms }
    spike at soma(0.5) above 0 mV
}
";

const RUN: &str = "
stimulate all with IClamp { delay = 1 ms, duration = 5 ms, amplitude = 0.6 nA } at dend[1](0.5)
stimulate all with NetStim { start = 8 ms, number = 2, interval = 4 ms, noise = 0 } via s { weight = 5 nS }
simulation { duration = 15 ms }
run
save v \"v.csv\"
save spikes \"spikes.csv\"
";

/// Widths, conductances, and sizes of sections by index; the third also has other segments and so is a class of its own.
#[test]
fn differing_cells_are_what_each_is_alone() {
    let together = "population p: C[5] { width = 1.5 um + 0.25 um * index, gmax = 0.04 S/cm2 + 0.01 S/cm2 * index, soma.diam = 18 um + 1 um * index,
        dend[1].cm = 1 uF/cm2 + 0.1 uF/cm2 * index, dend[2].nseg = if index == 2 { 3 } else { 5 }, dend.pas.g = 0.0001 S/cm2 * (1 + index) }
    record v = p.dend[2](0.5).v";
    let (mut session, all, spikes) = run("together", &format!("{CELL}{together}{RUN}"));
    let plan = session.network().unwrap().plan.clone();
    assert_eq!(plan.classes.iter().filter(|c| c.body.is_some()).map(|c| c.lanes()).collect::<Vec<_>>(), [4, 1]);
    let mut own = Vec::new();
    for index in 0..5 {
        let segments = if index == 2 { 3 } else { 5 };
        let alone = format!(
            "population p: C {{ width = 1.5 um + 0.25 um * {index}, gmax = 0.04 S/cm2 + 0.01 S/cm2 * {index}, soma.diam = 18 um + 1 um * {index},
                dend[1].cm = 1 uF/cm2 + 0.1 uF/cm2 * {index}, dend[2].nseg = {segments}, dend.pas.g = 0.0001 S/cm2 * (1 + {index}) }}
            record v = p.dend[2](0.5).v"
        );
        let (_, one, times) = run(&format!("alone{index}"), &format!("{CELL}{alone}{RUN}"));
        own.extend(times);
        assert_eq!(one.len(), all.len());
        for (step, (a, b)) in all.iter().zip(&one).enumerate() {
            assert_eq!(a[index].to_bits(), b[0].to_bits(), "cell {index}, step {step}");
        }
    }
    own.sort_by(f64::total_cmp);
    assert_eq!(spikes, own);
    assert!(!own.is_empty());
}

/// A draw is the cell's own, and the same all along it.
#[test]
fn drawn_sizes() {
    let population = |n: usize| {
        format!("population p: C[{n}] {{ width = normal(2 um, 0.2 um), dend.pas.g = lognormal(0.0001 S/cm2, 0.00005 S/cm2) }}")
    };
    let text = |n: usize| format!("{CELL}{}\nrecord v = p.dend[2](0.5).v{RUN}", population(n));
    let (_, four, _) = run("four", &text(4));
    let (_, two, _) = run("two", &text(2));
    let ends = |rows: &[Vec<f64>], k: usize| rows.last().unwrap()[k].to_bits();
    assert_eq!((ends(&four, 0), ends(&four, 1)), (ends(&two, 0), ends(&two, 1)), "more cells change nothing for the first ones");
    assert_ne!(ends(&four, 0), ends(&four, 1));
}
