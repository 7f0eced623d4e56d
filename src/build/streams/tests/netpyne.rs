//! Against networks that NetPyNE 1.1.1 built on NEURON 9.0.2 (`tests/peers`).

use super::super::netpyne::Netpyne;
use super::*;

const CELLS: &str = include_str!("../../../../tests/peers/tut2/cells.csv");
const CONNECTIONS: &str = include_str!("../../../../tests/peers/tut2/connections.csv");
const EVENTS: &str = include_str!("../../../../tests/peers/tut2/netstim_events.csv");
const IMPORT_CELLS: &str = include_str!("../../../../tests/peers/tut_import/cells.csv");
const IMPORT_CONNECTIONS: &str = include_str!("../../../../tests/peers/tut_import/connections.csv");

fn rows(text: &str) -> impl Iterator<Item = Vec<&str>> {
    text.lines().skip(1).map(|line| line.split(',').collect())
}

fn tut2() -> Cells {
    cells(&[("S", 20), ("M", 20)], &Netpyne::new(1))
}

/// Positions are 100 um times a number; the last bit may differ because they stand in cm here.
fn assert_positions(cells: &Cells, text: &str) {
    let mut count = 0;
    for (row, position) in rows(text).zip(&cells.positions) {
        for (written, x) in row[2..].iter().zip(position) {
            let um: f64 = written.parse().unwrap();
            assert!((x * 1e4 - um).abs() < 1e-13 * 100.0, "{um}");
            count += 1;
        }
    }
    assert_eq!(count, 3 * cells.len());
}

#[test]
fn positions() {
    assert_positions(&tut2(), CELLS);
    let nine = ["HH", "HH3D", "Traub", "Mainen", "Friesen", "Izhi03a", "Izhi03b", "Izhi07a", "Izhi07b"].map(|name| (name, 5));
    assert_positions(&cells(&nine, &Netpyne::new(1)), IMPORT_CELLS);
}

fn written(text: &str, label: &str) -> Vec<(u32, u32)> {
    rows(text).filter(|r| r[7] == label && r[0] != "NetStim").map(|r| (r[0].parse().unwrap(), r[1].parse().unwrap())).collect()
}

/// The file lists connections by receiving cell, in order of creation within each.
fn by_receiver(mut pairs: Vec<(u32, u32)>) -> Vec<(u32, u32)> {
    pairs.sort_by_key(|(_, post)| *post);
    pairs
}

#[test]
fn divergence_of_tut2() {
    let cells = tut2();
    let pairs = Asked::of(&Netpyne::new(1), &cells).pairs(&range(0..20), &range(20..40), Rule::Divergence(number(12.0)));
    assert_eq!(pairs.len(), 240);
    let mut first: Vec<u32> = pairs.iter().filter(|p| p.0 == 0).map(|p| p.1).collect();
    first.sort_unstable();
    assert_eq!(first, [21, 22, 25, 26, 28, 29, 30, 32, 33, 35, 38, 39]);
    assert_eq!(by_receiver(pairs), written(CONNECTIONS, "S->M"));
}

/// A drawn number for each cell, senders among the receivers, the cell itself replaced.
#[test]
fn convergence_of_tut_import() {
    let cells = cells(&[("all", 45)], &Netpyne::new(1));
    let all = range(0..45);
    let rule = Rule::Convergence(draw(Draw::Uniform, &[0.0, 10.0]));
    let pairs = Asked::of(&Netpyne::new(1), &cells).pairs(&all, &all, rule);
    assert_eq!(by_receiver(pairs), written(IMPORT_CONNECTIONS, "recurrent"));
}

#[test]
fn full_of_tut_import() {
    let cells = cells(&[("all", 45)], &Netpyne::new(1));
    let asked = Netpyne::new(1);
    let asked = Asked::of(&asked, &cells);
    assert_eq!(asked.pairs(&range(0..5), &range(35..40), Rule::All), written(IMPORT_CONNECTIONS, "HH->izhi07a"));
    assert_eq!(asked.pairs(&range(35..40), &range(0..5), Rule::All), written(IMPORT_CONNECTIONS, "izhi07a->HH"));
}

/// The first three candidates of NetPyNE's optimization tutorial.
#[test]
fn probability_counts() {
    let cells = tut2();
    let count =
        |p: f64| Asked::of(&Netpyne::new(1), &cells).pairs(&range(0..20), &range(20..40), Rule::Probability(number(p))).len();
    assert_eq!([count(0.07583847961507659), count(0.13498382261231662), count(0.32928055663415384)], [19, 52, 126]);
}

/// The stream of each target's NetStim, through the intervals of its INITIAL and its events.
#[test]
fn events_of_netstims() {
    let (interval, noise) = (100.0, 0.5);
    let cells = tut2();
    let netpyne = Netpyne::new(1);
    let mut found: Vec<(f64, u32)> = Vec::new();
    for cell in 0..40 {
        let mut stream = Stream::new(netpyne.running(&cells, "NetStim", &Identity::default(), cell), 0);
        let mut next = || (1.0 - noise) * interval + noise * distribution::exponential(&mut stream, interval);
        let mut time = (next() - interval * (1.0 - noise)).max(0.0);
        while time <= 1000.0 {
            found.push((time, cell));
            time += next();
        }
    }
    let written: Vec<(f64, u32)> = rows(EVENTS).map(|r| (r[0].parse().unwrap(), r[1].parse().unwrap())).collect();
    assert_eq!(found.len(), written.len());
    for (a, b) in found.iter().zip(&written) {
        assert!(a.1 == b.1 && (a.0 - b.0).abs() < 1e-9, "{a:?} {b:?}");
    }
}

/// Weights of probability rules are drawn from a stream of each pair; `Random123(1, 2, 3)` begins with 0.980861897351951.
#[test]
fn drawn_weights() {
    let cells = tut2();
    let netpyne = Netpyne::new(3);
    let asked = Asked { weight: Some(draw(Draw::Uniform, &[0.0, 1.0])), ..Asked::of(&netpyne, &cells) };
    let pairs = asked.ask(&[1], &[2], Rule::Probability(number(1.0))).unwrap();
    assert_eq!(pairs[0].weight, 0.980861897351951);
}

#[test]
fn counts_are_rounded_and_clipped() {
    let cells = tut2();
    let netpyne = Netpyne::new(1);
    let asked = Asked::of(&netpyne, &cells);
    let count = |n: f64| asked.pairs(&range(0..20), &[20], Rule::Convergence(number(n))).len();
    assert_eq!([count(-3.0), count(2.5), count(3.5), count(400.0)], [0, 2, 4, 19]);
    assert_eq!(asked.pairs(&[0], &[20], Rule::Convergence(number(1.0))), [], "one fewer than there are");
}
