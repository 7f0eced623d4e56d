//! NMODL files against NEURON 9.0.2 (`tests/peers/nmodl`), each on a single compartment at 36 degC under current steps or events: tables whose limits are
//! parameters, a pool by derivimplicit, a scheme that begins at rest, what one block hands to another, values of connections, WATCH, `net_move`, equations
//! that see what was computed before any of them.

use super::{Listener, Options, fresh};
use bouton::session::Script;
use bouton_lang::{World, check};
use bouton_syntax::render::{Style, render};
use std::fs;
use std::path::{Path, PathBuf};

struct Beside(PathBuf);

impl World for Beside {
    fn read(&self, path: &str) -> Result<String, String> {
        fs::read_to_string(self.0.join(path)).map_err(|why| why.to_string())
    }
}

/// The rows of a file, without its heading where it has one.
fn rows(path: &Path) -> Vec<Vec<f64>> {
    let text = fs::read_to_string(path).unwrap();
    let rows = text.lines().filter_map(|line| line.split(',').map(|x| x.parse().ok()).collect::<Option<Vec<f64>>>());
    rows.collect()
}

/// Largest deviation of a file's traces from NEURON's, over the largest magnitude of each (of potentials 100 mV).
fn deviation(folder: &Path, name: &str) -> f64 {
    let text = fs::read_to_string(folder.join(format!("{name}.net"))).unwrap();
    let checked = check(name, &text, &Beside(folder.to_owned()));
    assert!(checked.program.is_some(), "{}", render(&checked.diagnostics, &checked.sources, Style::Lines));
    let out = fresh(&format!("nmodl_{name}"));
    let mut session = Script::new(checked, Options { out: out.clone(), ..Options::default() });
    let mut listener = Listener { lines: Vec::new(), patience: usize::MAX };
    session.run(&mut listener).map(drop).unwrap();
    let theirs = rows(&folder.join(format!("{name}.csv")));
    let mut worst = 0.0_f64;
    for k in 0..theirs[0].len() {
        let file = if k == 0 { "v.csv".to_owned() } else { format!("x{}.csv", k - 1) };
        let ours = rows(&out.join(file));
        assert_eq!(ours.len(), theirs.len(), "{name} {k}");
        let largest = theirs.iter().fold(if k == 0 { 100.0 } else { 1e-300 }, |m: f64, row| m.max(row[k].abs()));
        worst = ours.iter().zip(&theirs).fold(worst, |w, (a, b)| w.max((a[1] - b[k]).abs() / largest));
    }
    let fired = folder.join(format!("{name}_spikes.csv"));
    if fired.exists() {
        let of_cells: Vec<f64> = fs::read_to_string(out.join("spikes.csv"))
            .unwrap()
            .lines()
            .filter(|line| line.split(',').nth(2) == Some("q"))
            .filter_map(|line| line.split(',').next()?.parse().ok())
            .collect();
        let theirs = rows(&fired);
        assert_eq!(of_cells.len(), theirs.len(), "{name}");
        worst = of_cells.iter().zip(&theirs).fold(worst, |w, (a, b)| w.max((a - b[0]).abs()));
    }
    worst
}

#[test]
fn files_are_neurons() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/peers/nmodl");
    let mut names: Vec<String> = fs::read_dir(folder.join("mod"))
        .unwrap()
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok()?.strip_suffix(".mod").map(str::to_owned))
        .collect();
    names.sort_unstable();
    assert!(names.len() >= 8, "{names:?}");
    for name in names {
        let deviation = deviation(&folder, &name);
        println!("{name}: {deviation:e}");
        assert!(deviation < 1e-9, "{name}: {deviation:e}");
    }
}
