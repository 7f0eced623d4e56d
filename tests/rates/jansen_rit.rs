//! The column of Jansen and Rit: losses of the tutorial's fit, and regimes. The numbers are those of LSODA at a tolerance of 1e-9.

use super::run;

/// The smallest and the largest potential (mV) from a time (ms) to 5 s.
fn range(settings: &str, from: f64) -> (f64, f64) {
    range_by("solver = rk4, dt = 0.1 ms", settings, from)
}

fn range_by(solver: &str, settings: &str, from: f64) -> (f64, f64) {
    let script = format!(
        "use std.neural_mass.jansen_rit\npopulation p: JansenRit {{ {settings} }}\n\
         record a = p.V_e, b = p.V_i every 1 ms\nsimulation {{ {solver} }}\n"
    );
    let trace = &run(&script, 5000.0).traces[0];
    let (e, i) = (&trace.values[0], &trace.values[1]);
    let late = trace.times.iter().zip(e.iter().zip(i)).filter(|(t, _)| **t >= from).map(|(_, (e, i))| e - i);
    late.fold((f64::INFINITY, f64::NEG_INFINITY), |(lo, hi), y| (lo.min(y), hi.max(y)))
}

#[test]
fn losses_of_the_fit() {
    let table = [
        (30.0, 1.0219e-5),
        (100.0, 1.0891e-5),
        (128.0, 7.905e-6),
        (133.0, 3.289e-6),
        (135.0, 8.659e-7),
        (136.0, 4.714e-7),
        (136.4, 4.366e-7),
        (137.0, 4.931e-7),
        (140.0, 2.288e-6),
        (150.0, 4.807e-5),
        (200.0, 2.3585e-4),
        (300.0, 1.4462e-3),
    ];
    for (c, expected) in table {
        for solver in [
            "solver = rk4, dt = 0.1 ms",
            "solver = dopri5, dt = 0.1 ms",
            "solver = dopri5, dt = 0.1 ms, rtol = 1e-6, atol = 1e-9",
        ] {
            let (lo, hi) = range_by(solver, &format!("c = {c}"), 2000.0);
            let loss = ((lo - 6.0).powi(2) + (hi - 10.0).powi(2)) * 1e-6;
            assert!((loss / expected - 1.0).abs() < 5e-3, "{solver}, c = {c}: {loss:e}, not {expected:e}");
        }
    }
}

/// How often it swings in a second from 3 s on: upward passages through its mean, between two through the middle of its range (at u = 120 Hz each period has
/// two maxima, of which one passes that). Between samples lies a straight line.
#[test]
fn rhythms() {
    for (settings, expected) in [
        ("c = 135", 10.938),
        ("c = 200", 5.393),
        ("c = 270", 5.143),
        ("c = 675", 2.742),
        ("u = 120 Hz", 4.769),
        ("u = 150 Hz", 10.618),
        ("u = 200 Hz", 10.862),
    ] {
        let script = format!(
            "use std.neural_mass.jansen_rit\npopulation p: JansenRit {{ {settings} }}\n\
             record a = p.V_e, b = p.V_i every 1 ms\nsimulation {{ solver = rk4, dt = 0.1 ms }}\n"
        );
        let trace = &run(&script, 8000.0).traces[0];
        let y: Vec<f64> = trace.values[0].iter().zip(&trace.values[1]).map(|(e, i)| e - i).skip(3000).collect();
        let (lo, hi) = y.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(lo, hi), y| (lo.min(*y), hi.max(*y)));
        let passages = |level: f64| -> Vec<f64> {
            let up = (1..y.len()).filter(|k| y[k - 1] < level && y[*k] >= level);
            up.map(|k| k as f64 - (y[k] - level) / (y[k] - y[k - 1])).collect()
        };
        let periods = passages(f64::midpoint(lo, hi));
        let (first, last) = (periods[0], periods[periods.len() - 1]);
        let swings = passages(y.iter().sum::<f64>() / y.len() as f64).into_iter().filter(|t| (first..last).contains(t)).count();
        let found = 1e3 * swings as f64 / (last - first);
        assert!((found - expected).abs() < 1e-3 * expected, "{settings}: {found} Hz, not {expected}");
    }
}

#[test]
fn regimes() {
    let regimes = [
        ("c = 68", (10.4856, 10.4856)),
        ("c = 135", (6.0814, 9.0414)),
        ("c = 200", (-8.364, 15.433)),
        ("c = 270", (-24.184, 16.615)),
        ("c = 675", (-125.65, 20.378)),
        ("c = 1350", (-11.8855, -11.8855)),
        ("u = 80 Hz", (0.7716, 0.7716)),
        ("u = 120 Hz", (1.226, 11.170)),
    ];
    for (settings, (lo, hi)) in regimes {
        let found = range(settings, 3000.0);
        let close = |a: f64, b: f64| (a - b).abs() < 1e-3 * b.abs().max(1.0);
        assert!(close(found.0, lo) && close(found.1, hi), "{settings}: {found:?}, not {lo} to {hi}");
    }
}
