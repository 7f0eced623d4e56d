//! Integration methods: NEURON's numbers, and their orders of convergence.

use super::{Options, fresh, run};
use std::fs;
use std::path::Path;

fn rows(path: &Path) -> Vec<Vec<f64>> {
    let text = fs::read_to_string(path).unwrap();
    text.lines().skip(1).map(|line| line.split(',').map(|x| x.parse().unwrap()).collect()).collect()
}

/// States after some steps; 1e-9 relative, potentials 1e-7 mV. What NEURON's Newton iterations leave undone it leaves undone alike.
#[test]
fn states_are_neurons() {
    let peers = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/peers/methods");
    let script = fs::read_to_string(peers.join("methods.net")).unwrap();
    for (order, theirs) in [("false", "neuron_0.csv"), ("true", "neuron_2.csv")] {
        let out = fresh(&format!("methods_{order}"));
        let script = script.replace("second_order = false", &format!("second_order = {order}"));
        run(&script, Options { out: out.clone(), ..Options::default() }).1.unwrap();
        let ours = rows(&out.join("states.csv"));
        let theirs = rows(&peers.join(theirs));
        assert_eq!(theirs.len(), 12);
        let mut worst: f64 = 0.0;
        for row in &theirs {
            let mine = &ours[row[0] as usize];
            assert_eq!(mine.len(), row.len());
            for (column, (a, b)) in mine.iter().zip(row).enumerate().skip(1) {
                let error = (a - b).abs() / if column == 1 { 100.0 } else { b.abs() };
                worst = worst.max(error);
                assert!(error < 1e-9, "second order {order}, step {}, column {column}: {a} and {b}", row[0]);
            }
        }
        println!("second order {order}: {worst:e}");
    }
}

/// x at 2 ms, from 1, of a cell with these lines.
fn at_the_end(lines: &str, dt: f64) -> f64 {
    let script = format!(
        "cell C {{
    state x = 1
    {lines}
}}
population p: C
record x = p.x
simulation {{ dt = {dt} ms, duration = 2 ms }}
run
print \"{{x(2.001 ms):.17f}}\"
"
    );
    let (printed, result, _) = run(&script, Options::default());
    result.unwrap();
    printed[0].parse().unwrap()
}

/// Halving the step divides the error by 2^order.
fn order_is(name: &str, order: f64, exact: f64, end: impl Fn(f64) -> f64) {
    let errors: Vec<f64> = [0.1, 0.05, 0.025].iter().map(|dt| (end(*dt) - exact).abs()).collect();
    for pair in errors.windows(2) {
        let found = (pair[0] / pair[1]).log2();
        assert!((found - order).abs() < 0.15, "{name}: {found} from {errors:?}");
    }
}

#[test]
fn orders_of_convergence() {
    // x = 1 / (2 + t - cos t)
    let exact = 1.0 / (2.0 + 2.0 - 2f64.cos());
    for (method, order) in [("euler", 1.0), ("derivimplicit", 1.0), ("runge_kutta", 4.0)] {
        let lines = format!("x' = -x^2 * (sin(t / 1 ms) + 1) / 1 ms\n    method {method}");
        order_is(method, order, exact, |dt| at_the_end(&lines, dt));
    }
    // The same by reactions: a scheme that is not linear.
    order_is("sparse", 1.0, exact, |dt| at_the_end("kinetic { 2 x -> x ((sin(t / 1 ms) + 1) / 1 ms) }", dt));
    // x = (sin t - cos t + 3 e^-t) / 2
    let exact = 0.5 * (2f64.sin() - 2f64.cos() + 3.0 * (-2f64).exp());
    let lines = "x' = (sin(t / 1 ms) - x) / 1 ms\n    method cnexp";
    order_is("cnexp", 1.0, exact, |dt| at_the_end(lines, dt));
}
