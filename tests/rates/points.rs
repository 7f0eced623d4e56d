//! Fixed points and where they vanish: closed forms of mean fields.

use super::{network, run};
use bouton_engine::run::{Options, Simulation};
use std::f64::consts::PI;

/// Last rate and potential of the QIF mean field with J = 15, from a rate and a potential.
fn qif(eta: f64, r: f64, v: f64, seconds: f64) -> (f64, f64) {
    let script = format!(
        "use std.neural_mass.qif\npopulation p: QIF {{ eta = {eta}, r = {r}, v = {v} }}\nconnect p.r -> p.r_in {{ weight = 15 }}\n\
         record r = p.r, v = p.v every 1 s\nsimulation {{ dt = 10 ms, solver = dopri5, rtol = 1e-8, atol = 1e-10 }}\n"
    );
    let trace = &run(&script, seconds * 1e3 + 10.0).traces[0];
    let last = |k: usize| *trace.values[k].last().expect("samples");
    (last(0), last(1))
}

#[test]
fn fixed_points_of_the_qif_field() {
    for (eta, r, v) in [(-5.0, 0.01, -2.0), (-5.0, 1.0, 0.0), (-4.0, 0.01, -2.0), (0.0, 1.0, 0.0)] {
        let (r, v) = qif(eta, r, v, 200.0);
        // Both slopes are 0 for Delta = tau = 1.
        let slopes = (1.0 / PI + 2.0 * r * v, v * v + eta + 15.0 * r - (PI * r).powi(2));
        assert!(slopes.0.abs() < 1e-6 && slopes.1.abs() < 1e-6, "eta = {eta}: {r}, {v}: {slopes:?}");
    }
}

/// Upwards the low branch ends at eta = -3.136134, downwards the high one at -5.743527.
#[test]
fn folds_of_the_qif_field() {
    let low = |eta: f64| qif(eta, 0.1, -2.0, 1500.0).0 < 0.4;
    let high = |eta: f64| qif(eta, 0.765, -0.21, 1500.0).0 > 0.4;
    assert!(low(-3.136134 - 2e-4) && !low(-3.136134 + 2e-4), "the upper fold");
    assert!(high(-5.743527 + 2e-4) && !high(-5.743527 - 2e-4), "the lower fold");
}

/// Order sets in at K = 2 Delta, and is sqrt(1 - 2 Delta / K) above.
#[test]
fn onset_of_order() {
    let order = |coupling: f64, width: f64| {
        let script = format!(
            "use std.oscillators.kuramoto\npopulation p: KuramotoField {{ Delta = {width} }}\nconnect p.z -> p.s {{ weight = {coupling} }}\n\
             record x = p.z.re, y = p.z.im every 1 s\n\
             simulation {{ dt = 10 ms, solver = dopri5, rtol = 1e-8, atol = 1e-10 }}\n"
        );
        let mut simulation = Simulation::new(network(&script).plan, &Options::default()).expect("the instruction set is there");
        simulation.start();
        simulation.advance(400_010.0, &mut |_| true).expect("no fault");
        let values = &simulation.recording().traces[0].values;
        values[0].last().zip(values[1].last()).map_or(f64::NAN, |(x, y)| x.hypot(*y))
    };
    for width in [1.0, 0.5] {
        assert!(order(1.9 * width, width) < 1e-4, "no order below, width {width}");
        for coupling in [2.1, 4.0] {
            let (found, expected) = (order(coupling * width, width), (1.0 - 2.0 / coupling).sqrt());
            assert!((found - expected).abs() < 1e-6, "K = {coupling} Delta: {found}, not {expected}");
        }
    }
}
