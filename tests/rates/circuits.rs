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

/// A circle is shown, with the connections that make it.
#[test]
fn a_circle_is_shown() {
    let cell = "cell C {\n    input u\n    output y = 2 * u + 1\n}\npopulation a: C\npopulation b: C[3]\npopulation c: C\n";
    let mut session = bouton::session::Session::new();
    let script = format!(
        "{cell}connect a.y -> b.u {{ weight = 0.1 }}\nconnect b[1].y -> c.u {{ weight = 0.1 }}\nconnect c.y -> a.u {{ weight = 0.1 }}\nrun 1 ms\n"
    );
    let stop = session.execute(&script).expect_err("a circle");
    let told = session.explain(&stop);
    for part in ["[E0514]", "a.y -> b[1].u -> b[1].y -> c.u -> c.y -> a.u -> a.y", "b[1].y -> c.u", "and by this one"] {
        assert!(told.contains(part), "{part} in\n{told}");
    }
    // A line of cells of one population is none.
    let line = "cell C {\n    input u\n    output y = 2 * u + 1\n}\npopulation b: C[4]\n\
                connect b -> b { pairs = [(0, 1), (1, 2), (2, 3)] }\nrecord y = b[3].y every 1 ms\nrun 1 ms\n"
        .replace("connect b -> b", "connect b.y -> b.u");
    let mut session = bouton::session::Session::new();
    if let Err(stop) = session.execute(&line) {
        panic!("{}", session.explain(&stop));
    }
    assert_eq!(session.eval("y[0]").map(|found| found.value), Ok(15.0));
}
