//! Longitudinal diffusion against NEURON 9.0.2 (`tests/peers/diffusion`): calcium and a buffer in a tree of three sections of different widths and lengths of
//! segments.

use super::Options;
use bouton::session::Session;
use bouton_lang::World;
use bouton_lang::import::rewritten;
use std::fs;
use std::path::{Path, PathBuf};

struct Beside(PathBuf);

impl World for Beside {
    fn read(&self, path: &str) -> Result<String, String> {
        fs::read_to_string(self.0.join(path)).map_err(|why| why.to_string())
    }
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/peers/diffusion")
}

fn read(name: &str) -> String {
    fs::read_to_string(folder().join(name)).unwrap()
}

/// Largest deviation of a record from NEURON's, over its largest magnitude.
fn deviation(text: &str) -> f64 {
    let mut session = Session::with(Options::default(), Box::new(Beside(folder())));
    session.execute(text).unwrap();
    let table = read("tree.csv");
    let theirs: Vec<Vec<f64>> = table.lines().skip(1).map(|line| line.split(',').map(|x| x.parse().unwrap()).collect()).collect();
    // Vector.record with a step misses the last sample: times accumulate.
    assert_eq!(theirs.len(), 50);
    let mut worst = 0.0_f64;
    for (k, name) in ["c0", "b0", "c1", "b1", "c2", "b2", "c3", "b3", "c4", "b4"].iter().enumerate() {
        let ours = &session.record(name)[0].values;
        assert_eq!(ours.len(), theirs.len() + 1);
        let largest = theirs.iter().fold(0.0, |m: f64, row| m.max(row[k].abs()));
        worst = ours.iter().zip(&theirs).fold(worst, |w, (a, b)| w.max((a - b[k]).abs() / largest));
    }
    worst
}

#[test]
fn a_file_diffuses_as_in_neuron() {
    let found = deviation(&read("tree.net"));
    println!("{found:e}");
    assert!(found < 1e-9, "{found:e}");
}

#[test]
fn the_language_diffuses_as_neuron() {
    let tree = read("tree.net");
    let (_, rest) = tree.split_once('\n').unwrap();
    let found = deviation(&format!("{}{rest}", read("spreads.net")));
    println!("{found:e}");
    assert!(found < 1e-9, "{found:e}");
    let written = rewritten("mod/spreads.mod", &Beside(folder())).unwrap().text.expect("it can be written");
    let found = deviation(&format!("{written}{rest}"));
    println!("{found:e}");
    assert!(found < 1e-9, "{found:e}");
}
