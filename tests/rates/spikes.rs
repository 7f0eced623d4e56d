//! Rates that become spikes: the mean number of spikes is the integral of the rate, and its variance is the mean.

use bouton::session::Session;

fn values(script: &str, expressions: &[&str]) -> Vec<f64> {
    let mut session = Session::new();
    if let Err(stop) = session.execute(script) {
        panic!("{}", session.explain(&stop));
    }
    let value =
        |session: &mut Session, e: &&str| session.eval(e).map(|found| found.value).unwrap_or_else(|stop| panic!("{stop:?}"));
    expressions.iter().map(|e| value(&mut session, e)).collect()
}

/// 400 sources driven by a decaying rate, in Hz and in plain numbers; by a rate that varies in time beside what drives it; by nobody.
#[test]
fn a_rate_drives_sources() {
    let script = "cell Decaying {\n    state x = 100 Hz\n    x' = -x / 500 ms\n    output plain = x / 1 Hz\n}\npopulation d: Decaying\n\
        population a: PoissonSource[400] { rate = 0 Hz }\npopulation b: PoissonSource[400] { rate = 5 Hz }\n\
        population c: PoissonSource[400] { rate = 20 Hz * step(500 ms, 1) }\npopulation e: PoissonSource[400] { rate = 30 Hz }\n\
        connect d.x -> a.rate\nconnect d.plain -> b.rate { weight = 0.5 Hz }\nconnect d.x -> c.rate { weight = 0.1 }\n\
        simulation { dt = 0.1 ms }\nrun 1 s\n";
    let found = values(script, &["rate(a)", "rate(a after 500 ms)", "rate(b)", "rate(c)", "rate(e)", "fano(a, bin = 10 ms)"]);
    let integral = |from: f64, to: f64| 100.0 * 0.5 * ((-from / 0.5).exp() - (-to / 0.5).exp());
    let expected =
        [integral(0.0, 1.0), 2.0 * integral(0.5, 1.0), 5.0 + 0.5 * integral(0.0, 1.0), 10.0 + 0.1 * integral(0.0, 1.0), 30.0];
    for (k, expected) in expected.iter().enumerate() {
        // Five standard deviations of a mean of 400 Poisson numbers.
        let within = 5.0 * (expected / 400.0 * if k == 1 { 2.0 } else { 1.0 }).sqrt();
        assert!((found[k] - expected).abs() < within, "{k}: {}, not {expected} within {within}", found[k]);
    }
}

/// A rate that has not the dimension of one is refused at its weight.
#[test]
fn units_are_looked_at() {
    let script = "cell C {\n    state x = 1\n    x' = -x / 1 s\n}\npopulation d: C\npopulation a: PoissonSource\nconnect d.x -> a.rate { weight = 2 }\n";
    let mut session = Session::new();
    let stop = session.execute(script).expect_err("a plain number is no rate");
    assert!(session.explain(&stop).contains("E0301"), "{}", session.explain(&stop));
}
