//! Models of differential equations against NumPy, SciPy and closed forms.

use bouton::build::{Knobs, Network, build};
use bouton_engine::run::{Options, Recording, Simulation};
use bouton_lang::{NoFiles, check};
use bouton_syntax::render::{Style, render};
use std::fs;
use std::path::{Path, PathBuf};

#[path = "rates/circuits.rs"]
mod circuits;
#[path = "rates/complex.rs"]
mod complex;
#[path = "rates/delays.rs"]
mod delays;
#[path = "rates/equilibria.rs"]
mod equilibria;
#[path = "rates/jansen_rit.rs"]
mod jansen_rit;
#[path = "rates/library.rs"]
mod library;
#[path = "rates/noise.rs"]
mod noise;
#[path = "rates/own_steps.rs"]
mod own_steps;
#[path = "rates/percell.rs"]
mod percell;
#[path = "rates/points.rs"]
mod points;
#[path = "rates/spikes.rs"]
mod spikes;
#[path = "rates/stiff.rs"]
mod stiff;

fn peer(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/peers/rates").join(file)
}

fn text(file: &str) -> String {
    fs::read_to_string(peer(file)).unwrap_or_else(|e| panic!("{file}: {e}"))
}

/// The numbers of a file, row by row, without its header.
fn numbers(file: &str) -> Vec<Vec<f64>> {
    let row = |line: &str| line.split(',').map(|x| x.parse().unwrap_or_else(|_| panic!("{file}: {x}"))).collect();
    text(file).lines().skip(1).map(row).collect()
}

fn network(script: &str) -> Network {
    let checked = check("test.net", script, &NoFiles);
    let Some(program) = checked.program else { panic!("{}", render(&checked.diagnostics, &checked.sources, Style::Lines)) };
    let told = |list: Vec<bouton_lang::Diagnostic>| list.into_iter().map(|d| format!("{} {}", d.code, d.message));
    build(&program, &Knobs::default()).map_err(|list| told(list).collect::<Vec<_>>()).unwrap()
}

/// What a script records in so many ms.
fn run(script: &str, duration: f64) -> Recording {
    let mut simulation = Simulation::new(network(script).plan, &Options::default()).expect("the instruction set is there");
    simulation.start();
    simulation.advance(duration, &mut |_| true).expect("no fault");
    simulation.recording().clone()
}

/// The largest difference between what the only recorder of a run gave and rows of time and values.
fn difference(recording: &Recording, rows: &[Vec<f64>]) -> f64 {
    let trace = &recording.traces[0];
    assert_eq!((trace.times.len(), trace.values.len() + 1), (rows.len(), rows[0].len()));
    let mut worst = 0.0f64;
    for (k, row) in rows.iter().enumerate() {
        assert!((trace.times[k] - row[0]).abs() < 1e-9, "sample {k} at {}, not {}", trace.times[k], row[0]);
        for (ours, theirs) in trace.values.iter().zip(&row[1..]) {
            worst = worst.max((ours[k] - theirs).abs());
        }
    }
    worst
}
