//! Mechanisms of a cell that read each other by pointers, against NEURON 9.0.2 (`tests/peers/pointers`): potentials at other places, values of ions, states, a current
//! of an ion and what others compute, of mechanisms that act before and behind those that read them.

use super::{Options, fresh};
use bouton::session::Session;
use bouton_lang::World;
use std::fs;
use std::path::{Path, PathBuf};

/// Files of a folder.
pub struct Beside(pub PathBuf);

impl World for Beside {
    fn read(&self, path: &str) -> Result<String, String> {
        fs::read_to_string(self.0.join(path)).map_err(|why| why.to_string())
    }

    fn list(&self, pattern: &str) -> Result<Vec<String>, String> {
        let Some((folder, end)) = pattern.split_once('*') else { return Ok(vec![pattern.to_owned()]) };
        let entries = fs::read_dir(self.0.join(folder)).map_err(|why| why.to_string())?;
        let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
        let mut all: Vec<String> = names.filter(|name| name.ends_with(end)).map(|name| format!("{folder}{name}")).collect();
        all.sort_unstable();
        Ok(all)
    }
}

/// The model of a folder of `tests/peers` gives what NEURON has written, each to a part of its largest value.
pub(super) fn compared(folder: &str, tolerance: f64) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/peers").join(folder);
    let table = fs::read_to_string(folder.join("neuron.csv")).unwrap();
    let mut lines = table.lines();
    let names: Vec<&str> = lines.next().unwrap().split(',').collect();
    let rows: Vec<Vec<f64>> = lines.map(|line| line.split(',').map(|x| x.parse().unwrap()).collect()).collect();
    let out = folder.file_name().and_then(|name| name.to_str()).unwrap_or("peers");
    let options = Options { out: fresh(out), ..Options::default() };
    let mut session = Session::with(options, Box::new(Beside(folder.clone())));
    session.execute(&fs::read_to_string(folder.join("model.net")).unwrap()).unwrap();
    for (k, name) in names.iter().enumerate().skip(1) {
        let traces = session.record(&name.replace('.', "_"));
        let values = &traces[0].values;
        let largest = rows.iter().fold(0.0, |most: f64, row| most.max(row[k].abs()));
        for row in &rows {
            let here = values[(row[0] / 0.025).round() as usize];
            assert!((here - row[k]).abs() <= tolerance * largest, "{name} at {}: {here}, there {}", row[0], row[k]);
        }
    }
}

#[test]
fn pointers_are_neurons() {
    compared("pointers", 1e-9);
}

/// What is no input of the cell, or no value of it, is told.
#[test]
fn what_cannot_be_pointed_to_is_told() {
    let model = |line: &str| {
        format!(
            "mechanism reader {{\ninput p: mV\nstate x = p\nx' = (p - x) / (1 ms)\n}}\ncell C {{\nsection soma {{ L = 20 um, diam = 20 um, nseg = 1\ninsert hh\n\
             insert reader\n}}\n{line}\n}}\npopulation P: C[3]\nrecord x = P[1].soma(0.5).reader.x\nsimulation {{ duration = 1 ms }}\nrun"
        )
    };
    for (line, wanted) in [
        ("soma(0.5).reader.p = soma(0.5).hh.m", Some("E0301")),
        ("soma(0.5).hh.gnabar = soma(0.5).v", Some("E0204")),
        ("soma(0.5).reader.p = soma(0.5).nothing", Some("E0210")),
        ("soma.reader.p = soma(0.5).v", Some("E0404")),
        ("soma(0.5).reader.p = 0.5 * soma(1).v", None),
        ("soma(0.5).reader.p = soma(0.5).hh.m * 1 mV", None),
    ] {
        let checked = bouton_lang::check("pointers", &model(line), &bouton_lang::NoFiles);
        let codes: Vec<String> = checked.diagnostics.iter().map(|one| one.code.to_string()).collect();
        assert_eq!(codes, wanted.into_iter().map(str::to_owned).collect::<Vec<_>>(), "{line}");
    }
    let mut session = Session::with(Options { out: fresh("pointed"), ..Options::default() }, Box::new(bouton_lang::NoFiles));
    session.execute(&model("soma(0.5).reader.p = 0.5 * soma(1).v")).unwrap();
    assert_eq!(session.record("x")[0].values.first(), Some(&-32.5));
}
