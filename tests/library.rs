//! Cells, synapses and electrodes of the library against other simulators and closed forms.

use bouton::build::{Knobs, Network, build};
use bouton_engine::run::{Options, Recording, Simulation};
use bouton_lang::{NoFiles, check};
use bouton_syntax::render::{Style, render};
use std::fs;
use std::path::Path;

#[path = "library/artificial.rs"]
mod artificial;
#[path = "library/cells.rs"]
mod cells;
#[path = "library/clamps.rs"]
mod clamps;
#[path = "library/everything.rs"]
mod everything;
#[path = "library/izhikevich.rs"]
mod izhikevich;
#[path = "library/learning.rs"]
mod learning;
#[path = "library/neurons.rs"]
mod neurons;
#[path = "library/order.rs"]
mod order;
#[path = "library/published.rs"]
mod published;
#[path = "library/receptors.rs"]
mod receptors;

fn network(text: &str) -> Network {
    let checked = check("test.net", text, &NoFiles);
    let Some(program) = checked.program else { panic!("{}", render(&checked.diagnostics, &checked.sources, Style::Lines)) };
    let told =
        |list: Vec<bouton_lang::Diagnostic>| list.into_iter().map(|d| format!("{} {}", d.code, d.message)).collect::<Vec<_>>();
    build(&program, &Knobs::default()).map_err(told).unwrap()
}

/// What a script records in so many ms.
fn run(text: &str, duration: f64) -> Recording {
    let mut simulation = Simulation::new(network(text).plan, &Options::default()).expect("the instruction set is there");
    simulation.start();
    simulation.advance(duration, &mut |_| true).expect("no fault");
    simulation.recording().clone()
}

/// Times of the spikes of source 0.
fn spikes(text: &str, duration: f64) -> Vec<f64> {
    run(text, duration).spikes.iter().filter(|s| s.source == 0).map(|s| s.time).collect()
}

/// Rows of a file of `tests/peers`, without its header.
fn peers(file: &str) -> Vec<Vec<String>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/peers").join(file);
    let text = fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    text.lines().skip(1).map(|line| line.split(',').map(str::to_owned).collect()).collect()
}

fn number(text: &str) -> f64 {
    text.parse().unwrap_or_else(|_| panic!("{text} is no number"))
}

/// Checks that as many numbers are alike; gives the largest difference.
fn alike(ours: &[f64], theirs: &[f64], tolerance: f64) -> f64 {
    assert_eq!(ours.len(), theirs.len(), "{ours:?}\n{theirs:?}");
    let mut worst = 0.0f64;
    for (k, (a, b)) in ours.iter().zip(theirs).enumerate() {
        assert!((a - b).abs() <= tolerance, "number {k}: {a}, not {b}");
        worst = worst.max((a - b).abs());
    }
    worst
}
