//! Whole cells of publications under current: against NEURON with their authors' scripts and files (`tests/peers/library/cells.py`), and, of those without sections, against accurate solutions of public XPP files (`odes.py`).

use super::{alike, number, peers, run};

/// A column of a table.
fn column(file: &str, at: usize) -> Vec<f64> {
    peers(file).iter().map(|row| number(&row[at])).collect()
}

/// That the potentials at places of a cell are those of the columns of cells_PART.csv, within so many mV.
fn potentials(part: &str, cells: &[(usize, &str, &str)], electrodes: &str, celsius: f64, tolerance: f64) {
    let populations: String = cells
        .iter()
        .enumerate()
        .map(|(k, (_, cell, place))| format!("population p{k}: {cell}\nrecord v{k} = p{k}.{place}.v\n"))
        .collect();
    let script = format!(
        "use std.cells.{part}\n{populations}{electrodes}simulation {{ dt = 0.025 ms, v_init = -70 mV, celsius = {celsius} degC }}\n"
    );
    let file = format!("library/cells_{part}.csv");
    let last = column(&file, 0).last().copied().unwrap_or_default();
    let values: Vec<Vec<f64>> = run(&script, last).traces.into_iter().flat_map(|trace| trace.values).collect();
    assert_eq!(values.len(), cells.len());
    for ((at, cell, _), values) in cells.iter().zip(values) {
        let ours: Vec<f64> = values.into_iter().step_by(40).collect();
        let theirs = column(&file, *at);
        assert!(theirs.iter().any(|v| (v + 70.0).abs() > 5.0), "{cell} answers");
        let worst = alike(&ours, &theirs, tolerance);
        println!("{cell}: {worst:e} mV");
    }
}

/// The gates of those files begin closed.
const CLOSED: &str = "soma.na.m = 0, soma.na.h = 0, soma.kd.n = 0";

#[test]
fn pospischil_2008() {
    let closed = |cell: &str, more: &str| format!("{cell} {{ {CLOSED}{more} }}");
    let cells = [
        closed("RS", ", soma.im.m = 0"),
        closed("FS", ""),
        closed("IB", ", soma.im.m = 0, soma.il.m = 0, soma.il.h = 0"),
        closed("LTS", ", soma.im.m = 0, soma.it.h = 0"),
        closed("TC", ", soma.it.h = 0"),
        closed("RE", ""),
    ];
    let cells: Vec<_> = cells.iter().enumerate().map(|(k, cell)| (k + 1, cell.as_str(), "soma(0.5)")).collect();
    let electrodes: String = ["0.75 nA", "0.5 nA", "0.15 nA", "0.15 nA", "-0.2 nA", "0.1 nA"]
        .iter()
        .enumerate()
        .map(|(k, i)| {
            format!("stimulate p{k} with IClamp {{ delay = 50 ms, duration = 200 ms, amplitude = {i} }} at soma(0.5)\n")
        })
        .collect();
    potentials("pospischil_2008", &cells, &electrodes, 36.0, 1e-7);
}

#[test]
fn mainen_sejnowski_1996() {
    let cells = [(1, "MainenSejnowski", "axon(0.5)"), (2, "MainenSejnowski", "dend(0.5)")];
    let electrodes = "stimulate p0, p1 with IClamp { delay = 5 ms, duration = 195 ms, amplitude = 0.1 nA } at axon(0.5)\n";
    potentials("mainen_sejnowski_1996", &cells, electrodes, 37.0, 1e-7);
}

#[test]
fn wang_buzsaki_1996() {
    let electrodes =
        "stimulate p0 with IClamp { delay = 5 ms, duration = 150 ms, amplitude = 1 uA/cm2 * pi * (10 um)^2 } at soma(0.5)\n";
    potentials("wang_buzsaki_1996", &[(1, "WangBuzsaki", "soma(0.5)")], electrodes, 37.0, 1e-7);
}

#[test]
fn connor_stevens_1977() {
    let electrodes = "stimulate p0 with IClamp { delay = 5 ms, duration = 150 ms, amplitude = 0.12 nA } at soma(0.5)\n";
    potentials("connor_stevens_1977", &[(1, "ConnorStevens", "soma(0.5)")], electrodes, 37.0, 1e-7);
}

/// Largest error (mV) of steps of this length over 200 ms, each ms.
fn error(part: &str, cell: &str, at: usize, dt: f64) -> f64 {
    let script =
        format!("use std.cells.{part}\npopulation p: {cell}\nrecord v = p.v every 1 ms\nsimulation {{ dt = {dt} ms }}\n");
    let trace = run(&script, 200.0).traces.remove(0);
    let theirs = column("library/odes.csv", at);
    assert!(trace.values[0].len() >= 200);
    trace.values[0].iter().zip(&theirs).map(|(ours, theirs)| (ours - theirs).abs()).fold(0.0, f64::max)
}

/// Half the step, a sixteenth of the error.
#[test]
fn smooth_equations_converge() {
    for (part, cell, at, steps, most) in [
        ("morris_lecar_1981", "MorrisLecar { v = -16 mV, w = 0.014915, I = 90 uA/cm2 }", 1, [0.1, 0.05], 1e-5),
        ("golomb_2007", "GolombFS { I = 6 uA/cm2 }", 3, [0.005, 0.0025], 1e-3),
    ] {
        let errors = steps.map(|dt| error(part, cell, at, dt));
        assert!((12.0..20.0).contains(&(errors[0] / errors[1])) && errors[1] < most, "{part}: {errors:?}");
    }
}

/// The rates of its C current jump at -10 mV, and others bend: the error falls with the step.
#[test]
fn pinsky_rinzel_1994() {
    let errors = [0.01, 0.005, 0.0025].map(|dt| error("pinsky_rinzel_1994", "PinskyRinzel", 2, dt));
    assert!(errors[0] > 2.0 * errors[1] && errors[1] > 2.0 * errors[2] && errors[2] < 1e-3, "{errors:?}");
}
