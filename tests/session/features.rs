//! Features of voltage traces against eFEL 5.7.34 (`tests/peers/features`), on the same samples.

use bouton::session::Session;
use std::collections::HashMap;
use std::fs;
use std::path::Path;

fn efel() -> HashMap<String, Vec<f64>> {
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/peers/features/efel.csv")).unwrap();
    let line = |line: &str| {
        let mut cells = line.split(',');
        (cells.next().unwrap().to_owned(), cells.map(|x| x.parse().unwrap()).collect())
    };
    text.lines().map(line).collect()
}

#[test]
fn features_are_those_of_efel() {
    let script = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/run/features.net")).unwrap();
    let script = script.split("let base").next().unwrap();
    let mut session = Session::new();
    session.execute(script).unwrap();
    let efel = efel();
    let mut compare = |name: &str, expression: &str, tolerance: f64| {
        let wanted = &efel[name];
        assert!(!wanted.is_empty());
        for (k, wanted) in wanted.iter().enumerate() {
            let expression =
                if wanted.is_nan() || efel[name].len() == 1 { expression.to_owned() } else { format!("{expression}[{k}]") };
            let found = session.eval(&expression).unwrap().value;
            assert!((found - wanted).abs() <= tolerance, "{name} {k}: {found}, eFEL has {wanted}");
        }
    };
    // Times of eFEL are interpolated anew; sums are in another order.
    compare("Spikecount", "ap_count(v)", 0.0);
    compare("peak_time", "ap_times(v)", 1e-6);
    compare("AP_amplitude", "ap_amplitude(v)", 1e-6);
    let base = efel["voltage_base"][0];
    compare("AHP_depth", &format!("ahp_depth(v, rest = {base} mV)"), 1e-6);
    compare("AHP_depth_abs", "ahp_depth(v)", 1e-6);
    compare("ISI_CV", "isi_cv(v)", 1e-9);
    compare("adaptation_index", "adaptation(v)", 1e-9);
    // `before` leaves the sample at its time out, which eFEL's mean of a hundred has; the potential still drifts there.
    compare("voltage_base", "rest(v before 100 ms)", 1e-3);
    compare("voltage_base", "rest(v before 100.05 ms)", 1e-9);
    compare("sag_ratio1", "sag(u, start = 100 ms, stop = 400 ms)", 1e-9);
    compare("ohmic_input_resistance_vb_ssse", "input_resistance(u, start = 100 ms, stop = 400 ms, current = -0.2 nA)", 1e-7);
    // eFEL takes the samples nearest to the middle, 0.1 ms apart, at both sides; here it is interpolated.
    compare("AP_duration_half_width", "ap_width(v)", 0.1);
}
