//! Cells of hoc files against NEURON 9.0.2 (`tests/peers/objects`): tables that are switched off, what states begin with, what a file
//! reads of a scheme at rest.

use super::pointers::Beside;
use super::{Options, fresh};
use bouton::session::Session;
use std::fs;
use std::path::Path;

#[test]
fn cells_are_neurons() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/peers/objects");
    let entries = fs::read_dir(&folder).unwrap().filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    let mut names: Vec<String> = entries.filter_map(|name| name.strip_suffix(".net").map(str::to_owned)).collect();
    names.sort_unstable();
    assert!(names.len() >= 3, "{names:?}");
    for name in names {
        let table = fs::read_to_string(folder.join(format!("{name}.csv"))).unwrap();
        let mut lines = table.lines();
        let columns: Vec<&str> = lines.next().unwrap().split(',').collect();
        let rows: Vec<Vec<f64>> = lines.map(|line| line.split(',').map(|x| x.parse().unwrap()).collect()).collect();
        let options = Options { out: fresh(&format!("objects_{name}")), ..Options::default() };
        let mut session = Session::with(options, Box::new(Beside(folder.clone())));
        session.execute(&fs::read_to_string(folder.join(format!("{name}.net"))).unwrap()).unwrap();
        for (k, column) in columns.iter().enumerate().skip(1) {
            let traces = session.record(column);
            let values = &traces[0].values;
            let largest = rows.iter().fold(0.0, |most: f64, row| most.max(row[k].abs()));
            for row in &rows {
                let here = values[(row[0] / 0.025).round() as usize];
                let there = row[k];
                assert!((here - there).abs() <= 1e-9 * largest, "{name}: {column} at {}: {here}, there {there}", row[0]);
            }
        }
    }
}
