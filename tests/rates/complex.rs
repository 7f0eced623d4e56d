//! Complex states and definitions against closed forms.

use super::run;
use bouton::session::Session;

/// z' = (-0.2 + 3 i) z is a spiral; what follows from z is written out in real numbers here.
#[test]
fn a_spiral_and_what_follows_from_it() {
    let script = "cell Spiral per s {
    param turn = -0.2 + 3 i
    state z = 1 - 0.5 i
    z' = turn * z
    let q = (z^3 - 2 * conj(z)) / (1.5 + 0.5 i + z / 4)
    let e = exp(z * 1 i)
    let c = if re(z) > 0 { z } else { -2 i }
    output r = abs(z), s = abs(z - 1)^2, k = re(q), l = im(q), m = re(e), n = im(e), d = im(c)
}
population p: Spiral
record r = p.r, s = p.s, k = p.k, l = p.l, m = p.m, n = p.n, d = p.d, x = p.z.re, y = p.z.im every 100 ms
simulation { solver = rk4, dt = 0.5 ms }
";
    let trace = &run(script, 2000.1).traces[0];
    assert_eq!(trace.times.len(), 21);
    for (sample, t) in trace.times.iter().enumerate() {
        let (t, size) = (t / 1e3, 1.25f64.sqrt());
        let (length, angle) = (size * (-0.2 * t).exp(), 3.0 * t + (-0.5f64).atan2(1.0));
        let (x, y) = (length * angle.cos(), length * angle.sin());
        let cube = (x * x * x - 3.0 * x * y * y, 3.0 * x * x * y - y * y * y);
        let (above, below) = ((cube.0 - 2.0 * x, cube.1 + 2.0 * y), (1.5 + x / 4.0, 0.5 + y / 4.0));
        let square = below.0 * below.0 + below.1 * below.1;
        let q = ((above.0 * below.0 + above.1 * below.1) / square, (above.1 * below.0 - above.0 * below.1) / square);
        let e = ((-y).exp() * x.cos(), (-y).exp() * x.sin());
        let expected = [length, (x - 1.0).powi(2) + y * y, q.0, q.1, e.0, e.1, if x > 0.0 { y } else { -2.0 }, x, y];
        for (number, expected) in expected.iter().enumerate() {
            let found = trace.values[number][sample];
            assert!((found - expected).abs() < 1e-9, "value {number} at {t} s: {found}, not {expected}");
        }
    }
}

/// Records compute over the cells of a population, cell by cell: the order parameter of phases.
#[test]
fn records_of_means_over_cells() {
    let script = "cell P per s {\n    param omega = 1\n    state theta = 0.3 * omega\n    theta' = omega\n}\npopulation p: P[5] { omega = 1 + index }\npopulation one: P\n\
        record c = mean(cos(p.theta)), s = sum(sin(p.theta - one.theta)), w = max(p.omega * p.theta) every 500 ms\n\
        simulation { solver = rk4, dt = 1 ms }\nrun 1 s\n";
    let mut session = Session::new();
    if let Err(stop) = session.execute(script) {
        panic!("{}", session.explain(&stop));
    }
    let theta = |k: f64, t: f64| (0.3 + t) * k;
    for (sample, t) in [(0, 0.0), (1, 0.5)] {
        let all = (1..=5).map(f64::from);
        let expected = [
            all.clone().map(|k| theta(k, t).cos()).sum::<f64>() / 5.0,
            all.clone().map(|k| (theta(k, t) - theta(1.0, t)).sin()).sum::<f64>(),
            5.0 * theta(5.0, t),
        ];
        for (name, expected) in ["c", "s", "w"].iter().zip(expected) {
            let found = session.eval(&format!("{name}[{sample}]")).map(|found| found.value).unwrap_or(f64::NAN);
            assert!((found - expected).abs() < 1e-9, "{name} at {t}: {found}, not {expected}");
        }
    }
}

/// What is set and connected: both parts; in copies of mechanisms, too.
#[test]
fn parts_are_set_and_connected() {
    let script = "mechanism turning per s {
    input u: complex
    state z = 1
    z' = 2 i * z + u
}
cell C per s { insert a: turning; output size = abs(a.z) }
cell D per s {
    input u: complex
    state w = 3 + 4 i
    w' = 0 * u
}
population c: C[2]
population d: D { w = 0.5 - 0.25 i }
connect d.w -> c.a.u { weight = 2 }
record x = c[1].a.z.re, y = c[1].a.z.im every 500 ms
simulation { solver = rk4, dt = 1 ms }
";
    let trace = &run(script, 1000.1).traces[0];
    // z' = 2 i z + b has the solution (1 + b / 2 i) e^(2 i t) - b / 2 i, with b = 1 - 0.5 i.
    let (b, t) = ((1.0, -0.5), 1.0f64);
    let shift = (b.1 / 2.0, -b.0 / 2.0);
    let (re, im) = (1.0 + shift.0, shift.1);
    let (cos, sin) = ((2.0 * t).cos(), (2.0 * t).sin());
    let expected = (re * cos - im * sin - shift.0, re * sin + im * cos - shift.1);
    let found = (trace.values[0][2], trace.values[1][2]);
    assert!((found.0 - expected.0).abs() < 1e-9 && (found.1 - expected.1).abs() < 1e-9, "{found:?}, not {expected:?}");
}

#[test]
fn what_makes_no_sense_is_refused() {
    let cell = "cell C per s {\n    input u: complex, v\n    state z = 1 i\n    z' = u + v\n";
    let rest = "}\npopulation p: C\n";
    for (script, expected) in [
        (format!("{cell}    let f = if z > 1 {{ 1 }} else {{ 2 }}\n{rest}"), "this is complex"),
        (format!("{cell}    let f = tanh(z)\n{rest}"), "this is complex"),
        (format!("{cell}    let f = z^0.5\n{rest}"), "a whole exponent from 1 on"),
        (format!("{cell}    let f = 2^z\n{rest}"), "this is complex"),
        (format!("{cell}    on v > 1 {{ z = 0 }}\n{rest}"), "a complex state has two parts"),
        (format!("{cell}{rest}connect p.z -> p.v\n"), "one end of this connection is complex"),
        (format!("{cell}{rest}connect J: p.z -> p.u {{ weight = 2 }}\n"), "its label would name"),
        (format!("{cell}{rest}connect p.z -> p.u {{ probability = 0.5 }}\n"), "would be drawn for each"),
        ("param z = 0.1 i\n".to_owned(), "outside of mechanisms"),
    ] {
        let mut session = Session::new();
        let stop = session.execute(&script).err().unwrap_or_else(|| panic!("it is taken:\n{script}"));
        let told = session.explain(&stop);
        assert!(told.contains(expected), "{expected} in\n{script}\n{told}");
    }
}
