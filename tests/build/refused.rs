//! What a knob can bring that no network can be built with: each is told with its code and place, nothing panics.

use super::*;

const KNOBS: &str = "
param n = 5, segments = 1, l = 20 um, d = 1 ms, p = 0.5, k = 2, i = 0, w = 1 nS, x = 0.5
cell Point { section soma { L = l, nseg = segments ; insert pas } ; spike at soma(x) }
population a: Point[n]
population b: Point[3]
connect a -> b via ExpSyn at soma(x) { probability = p, weight = w, delay = d }
connect b -> a via ExpSyn at soma(0.5) { convergence = k, weight = w }
stimulate a[i] with IClamp { amplitude = 1 pA } at soma(0.5)
record v = a[i].soma(x).v
";
const GOOD: [f64; 9] = [5.0, 1.0, 20e-4, 1.0, 0.5, 2.0, 0.0, 1e-9, 0.5];

fn told(at: usize, value: f64) -> Vec<String> {
    let mut knobs = GOOD;
    knobs[at] = value;
    let told = turned(KNOBS, &knobs).err().unwrap_or_default();
    assert!(told.iter().all(|d| !d.span.is_empty()));
    told.iter().map(|d| format!("{} {}", d.code, d.message)).collect()
}

#[test]
fn good_values_are_good() {
    assert!(turned(KNOBS, &GOOD).is_ok());
    assert!(told(4, 0.0).is_empty(), "a rule may draw nothing");
}

#[test]
fn values_out_of_range() {
    let cases: [(usize, f64, &str); 15] = [
        (0, 2.5, "E0510 the number of cells is 2.5, and must be a whole number, 0 or more"),
        (0, -1.0, "E0510 the number of cells is -1, and must be a whole number, 0 or more"),
        (1, 0.0, "E0510 nseg is 0, and must be a whole number, 1 or more"),
        (1, 1.5, "E0510 nseg is 1.5, and must be a whole number, 1 or more"),
        (2, 0.0, "E0510 L is 0 um, and must be above 0"),
        (2, f64::NAN, "E0510 L is not a finite number, and must be above 0"),
        (3, -0.5, "E0510 delay is -0.5 ms, and must be 0 or more"),
        (4, f64::NAN, "E0510 probability is not a finite number, and must be from 0 to 1"),
        (4, -0.1, "E0510 probability is -0.1, and must be from 0 to 1"),
        (4, 1.3, "E0510 probability is 1.3, and must be from 0 to 1"),
        (5, 4.0, "E0510 convergence is 4, and there are 3 cells to choose from"),
        (6, 5.0, "E0510 the index is 5, and must be a whole number from 0 to 4"),
        (7, f64::INFINITY, "E0510 weight is not a finite number, and must be a number"),
        (8, 1.5, "E0510 the place is 1.5, and must be from 0 to 1"),
        (0, 0.0, "E0410 no cell sends with these parameters"),
    ];
    for (at, value, expected) in cases {
        assert!(told(at, value).iter().any(|t| t == expected), "{at} {value}: {:?}", told(at, value));
    }
}

/// Sizes are known before anything is made: these would take terabytes.
#[test]
fn too_large() {
    let limited = |at: usize, value: f64| {
        let mut params: Vec<(ParamId, f64)> = (0..).map(ParamId).zip(GOOD).collect();
        params[at].1 = value;
        let memory = Some(1 << 30);
        build(&program(KNOBS), &Knobs { params, memory, ..Knobs::default() }).err().unwrap_or_default()
    };
    for (at, value) in [(0, 4e9), (1, 4e9), (0, 1e8)] {
        let told = limited(at, value);
        assert_eq!(told.iter().map(|d| d.code.text()).collect::<Vec<_>>(), ["E0610"], "{at} {value}");
        assert!(told[0].message.contains("and there is memory for 1.1 GB"));
    }
    let dense = "cell Point { section soma { insert pas } ; spike at soma(0.5) }\npopulation a: Point[100000]\n\
                 connect a -> a via ExpSyn at soma(0.5) { weight = 1 nS }";
    let told = build(&program(dense), &Knobs { memory: Some(24_000_000_000), ..Knobs::default() }).unwrap_err();
    assert_eq!(told[0].code.text(), "E0610");
    assert!(told[0].helps[0].contains("1.0e10 connections"), "{:?}", told[0].helps);
}
