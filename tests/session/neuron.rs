//! `examples/tut2.net` as it stands, against NetPyNE 1.1.1 on NEURON 9.0.2 (`tests/peers/tut2`).

use super::{Options, fresh, run};
use std::fs;
use std::path::Path;

pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

pub fn rows(path: &Path) -> Vec<Vec<String>> {
    let text = fs::read_to_string(path).unwrap();
    text.lines().skip(1).map(|line| line.split(',').map(str::to_owned).collect()).collect()
}

pub fn number(text: &str) -> f64 {
    text.parse().unwrap()
}

#[test]
fn the_example_is_netpynes_network() {
    let out = fresh("tut2");
    let script = fs::read_to_string(root().join("examples/tut2.net")).unwrap();
    let more =
        "\nrecord s = S[0 .. 1].soma(0.5).v, m = M[0].soma(0.5).v every 0.1 ms\nsave spikes \"spikes.csv\"\nsave s, m \"s.csv\"";
    let (lines, result, _) = run(&format!("{script}{more}"), Options { out: out.clone(), ..Options::default() });
    result.unwrap();
    assert_eq!(lines, ["S 10.2 Hz, M 36.7 Hz"]);
    spikes(&rows(&out.join("spikes.csv")));
    voltages(&rows(&out.join("s.csv")));
}

/// Same cells, same times.
fn spikes(ours: &[Vec<String>]) {
    let theirs = rows(&root().join("tests/peers/tut2/spikes.csv"));
    assert_eq!((ours.len(), theirs.len()), (938, 938));
    for (a, b) in ours.iter().zip(&theirs) {
        assert_eq!(a[1], b[1]);
        // Stamps are those of steps, and both programs add up the same steps.
        assert!((number(&a[0]) - number(&b[0])).abs() < 1e-9, "{a:?} {b:?}");
    }
}

/// Potentials of S[0], S[1] and M[0], every 0.1 ms.
fn voltages(ours: &[Vec<String>]) {
    let s1 =
        [(0, -65.0), (1, -66.4938368241835), (100, -70.26530719535657), (1000, -70.1973496427584), (10_000, -70.19734265893236)];
    for (row, v) in s1 {
        assert!((number(&ours[row][2]) - v).abs() < 1e-9, "sample {row}: {}", ours[row][2]);
    }
    let theirs = rows(&root().join("tests/peers/tut2/soma_v.csv"));
    let worst = theirs.iter().enumerate().flat_map(|(row, b)| {
        let a = &ours[5 * row];
        [(number(&a[1]) - number(&b[1])).abs(), (number(&a[3]) - number(&b[2])).abs()]
    });
    let worst = worst.fold(0.0, f64::max);
    println!("largest deviation of the somas over 1 s: {worst:e} mV");
    assert!(worst < 1e-6, "{worst}");
}
