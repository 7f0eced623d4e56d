//! Channels and cells of publications, in single compartments at two temperatures, against NEURON with public .mod files (`tests/peers/library`).

use super::{number, peers};
use crate::run;
use std::fs;
use std::path::Path;

/// Largest difference of each column of PART.csv from what PART.net gives for the cell of that name.
fn differences(part: &str) -> Vec<(String, f64)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/peers/library");
    let cells = fs::read_to_string(root.join(format!("{part}.net"))).expect("the part has cells");
    let table = fs::read_to_string(root.join(format!("{part}.csv"))).expect("the part has numbers");
    let columns: Vec<&str> = table.lines().next().unwrap_or_default().split(',').skip(1).collect();
    let rows = peers(&format!("library/{part}.csv"));
    let mut found = Vec::new();
    for celsius in ["23", "34"] {
        let of_temperature = |column: &&str| column.ends_with(&format!(" {celsius}"));
        let names: Vec<&str> =
            columns.iter().filter(|column| of_temperature(column)).map(|column| &column[..column.len() - 3]).collect();
        let mut script = cells.clone();
        for name in &names {
            script.push_str(&format!(
                "population the_{name}: with_{name}\n\
                 stimulate the_{name} with IClamp {{ delay = 5 ms, duration = 15 ms, amplitude = -0.05 nA }} at soma(0.5)\n\
                 stimulate the_{name} with IClamp {{ delay = 25 ms, duration = 20 ms, amplitude = 0.1 nA }} at soma(0.5)\n\
                 record v_{name} = the_{name}.soma(0.5).v\n"
            ));
        }
        script.push_str(&format!("simulation {{ dt = 0.025 ms, v_init = -70 mV, celsius = {celsius} degC }}\n"));
        let values: Vec<Vec<f64>> = run(&script, 60.0).traces.into_iter().flat_map(|trace| trace.values).collect();
        assert_eq!(values.len(), names.len());
        for (name, values) in names.iter().zip(values) {
            let column = columns.iter().position(|column| *column == format!("{name} {celsius}")).expect("a column") + 1;
            let ours = values.iter().step_by(40);
            let theirs: Vec<f64> = rows.iter().map(|row| number(&row[column])).collect();
            assert_eq!(ours.len(), theirs.len());
            assert!(theirs.iter().any(|v| (v + 70.0).abs() > 10.0), "{part} {name}: the potential moves");
            let worst = ours.zip(&theirs).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
            found.push((format!("{name} {celsius}"), worst));
        }
    }
    found
}

/// That all columns are within so many mV, but for those that are named.
fn within(part: &str, tolerance: f64) {
    let found = differences(part);
    let wide: Vec<_> = found.iter().filter(|(_, worst)| worst.is_nan() || *worst > tolerance).collect();
    assert!(wide.is_empty(), "{part}: {wide:?}\nof {found:?}");
}

#[test]
fn traub_2003() {
    within("traub_2003", 1e-7);
}

#[test]
fn mainen_sejnowski_1996() {
    within("mainen_sejnowski_1996", 1e-7);
}

#[test]
fn pospischil_2008() {
    within("pospischil_2008", 1e-7);
}

#[test]
fn common() {
    within("common", 1e-7);
}
