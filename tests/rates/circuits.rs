//! Populations that drive each other by values.

use super::{difference, numbers, run, text};

#[test]
fn two_circuits_by_each_method() {
    for method in ["euler", "heun", "rk4"] {
        let script = text("circuit.net").replace("dt = 0.1 ms", &format!("dt = 0.1 ms, solver = {method}"));
        let worst = difference(&run(&script, 500.0), &numbers(&format!("circuit_{method}.csv")));
        assert!(worst < 1e-10, "{method}: {worst:e}");
    }
}

/// The error of each method falls with its order: 1, 2, 4.
#[test]
fn errors_fall_with_the_order() {
    let exact = numbers("circuit_exact.csv");
    for (method, order) in [("euler", 1), ("heun", 2), ("rk4", 4)] {
        let error = |dt: f64| {
            let script = text("circuit.net").replace("dt = 0.1 ms", &format!("dt = {dt} ms, solver = {method}"));
            difference(&run(&script, 500.0), &exact)
        };
        let ratio = error(0.5) / error(0.25);
        let expected = f64::from(1 << order);
        assert!((ratio / expected - 1.0).abs() < 0.25, "{method}: {ratio}, not {expected}");
    }
}
