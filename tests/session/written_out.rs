//! Constructs that stand for other text give the same numbers, bit for bit, as that text.

use super::run;
use bouton::session::Options;

/// Runs both scripts; they print the same, and something.
#[track_caller]
fn same(short: &str, long: &str) {
    let [short, long] = [short, long].map(|text| {
        let (lines, result, _) = run(text, Options::default());
        assert!(result.is_ok(), "{result:?}");
        lines
    });
    assert!(!short.is_empty());
    assert_eq!(short, long);
}

const CELL: &str =
    "cell C { section soma { L = 20 um, diam = 20 um; insert hh }; spike at soma(0.5) }\nsynapse exc = ExpSyn { tau = 2 ms }\n";

#[test]
fn circuits() {
    let short = "circuit Pair {
            param n = 2, w = 40 nS
            population a: C[n]
            population b: C[n]
            connect ab: a -> b via exc { weight = w / n, delay = 1 ms + 0.1 ms * post.index }
        }
        circuit one: Pair
        circuit two: Pair { n = 3, w = 50 nS }
        connect one.b -> two.a via exc { weight = 30 nS }
        stimulate one.a with IClamp { delay = 1 ms, duration = 30 ms, amplitude = 0.3 nA }
        simulation { duration = 40 ms }
        record v = two.b[1].soma(0.5).v
        run
        print times((one.a, one.b, two.a, two.b)), v(40 ms) in mV, min(v), two.w
        set two.w = 60 nS, two.ab.delay = 3 ms
        run
        print times(all), v(40 ms) in mV";
    let long = "param w1 = 40 nS, w2 = 50 nS
        population a1: C[2]
        population b1: C[2]
        connect a1 -> b1 via exc { weight = w1 / 2, delay = 1 ms + 0.1 ms * post.index }
        population a2: C[3]
        population b2: C[3]
        connect ab: a2 -> b2 via exc { weight = w2 / 3, delay = 1 ms + 0.1 ms * post.index }
        connect b1 -> a2 via exc { weight = 30 nS }
        stimulate a1 with IClamp { delay = 1 ms, duration = 30 ms, amplitude = 0.3 nA }
        simulation { duration = 40 ms }
        record v = b2[1].soma(0.5).v
        run
        print times((a1, b1, a2, b2)), v(40 ms) in mV, min(v), w2
        set w2 = 60 nS, ab.delay = 3 ms
        run
        print times(all), v(40 ms) in mV";
    same(&format!("{CELL}{short}"), &format!("{CELL}{long}"));
}

#[test]
fn copies_of_mechanisms_in_cells_of_equations() {
    let short = "mechanism low { param tau = 5 ms, k = 2; input u = 1; state x = 0; x' = (k * u - x) / tau; output y = x^2
            on event(weight) { x += weight } }
        cell C { insert one: low { u = 3 }; insert low { tau = 9 ms, u = one.y / 2, x = 0.25 }; let sum = one.x + low.x; on sum > 30 { one.x = 0; spike } }
        population p: C[2] { one.k = 2 + index }
        stimulate p with NetStim { interval = 4 ms, number = 5, noise = 0 } via one.event { weight = 0.5 }
        simulation { duration = 30 ms, dt = 0.1 ms }
        record x = p[0].one.x, y = p[1].low.y, s = p[1].sum
        run
        print x(30 ms), y(30 ms), s(12 ms), times(p)
        set p.low.tau = 2 ms
        run
        print y(30 ms)";
    let long = "cell C {
            param tau = 5 ms, k = 2, tau2 = 9 ms, k2 = 2
            input u = 3
            state x = 0, z = 0.25
            x' = (k * u - x) / tau
            z' = (k2 * (x^2 / 2) - z) / tau2
            let y = z^2, sum = x + z
            on event(weight) { x += weight }
            on sum > 30 { x = 0; spike }
        }
        population p: C[2] { k = 2 + index }
        stimulate p with NetStim { interval = 4 ms, number = 5, noise = 0 } { weight = 0.5 }
        simulation { duration = 30 ms, dt = 0.1 ms }
        record x = p[0].x, y = p[1].y, s = p[1].sum
        run
        print x(30 ms), y(30 ms), s(12 ms), times(p)
        set p.tau2 = 2 ms
        run
        print y(30 ms)";
    same(short, long);
}

#[test]
fn models_without_units_and_models_that_extend() {
    let short = "cell base per s { param k = 3; state x = 1, y = 0; x' = -k * x + t; y' = x; on x < 0.5 { x = 2; spike; after 0.01 send up } on up { y += 1 } }
        cell more extends base { param k = 4; state z = 0; z' = y * x; on up { y += 2 } }
        population p: more
        simulation { duration = 1 s, dt = 0.5 ms }
        record x = p.x, y = p.y, z = p.z
        run
        print x(1 s), y(1 s), z(1 s), times(p)";
    let long = "cell more { param k = 4/s; state x = 1, y = 0, z = 0; x' = -k * x + t / 1 s^2; y' = x / 1 s; z' = y * x / 1 s
            on x < 0.5 { x = 2; spike; after 10 ms send up } on up { y += 2 } }
        population p: more
        simulation { duration = 1 s, dt = 0.5 ms }
        record x = p.x, y = p.y, z = p.z
        run
        print x(1 s), y(1 s), z(1 s), times(p)";
    same(short, long);
}
