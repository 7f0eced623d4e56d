//! The artificial cells with events at random times, against NEURON.

use super::{alike, number, peers, spikes};
use std::collections::BTreeMap;

/// Its parameters in the script's terms.
fn settings(parameters: &str) -> String {
    let one = |part: &str| {
        let (name, value) = part.split_once('=').expect("a parameter");
        let unit = if name == "ib" { "" } else { " ms" };
        format!("{name} = {value}{unit}")
    };
    parameters.split_whitespace().map(one).collect::<Vec<_>>().join(", ")
}

fn compare(cell: &str, tolerance: f64) {
    let mut expected: BTreeMap<String, Vec<f64>> = BTreeMap::new();
    for row in peers("intfire/spikes.csv").iter().filter(|row| row[0] == cell) {
        expected.entry(row[1].clone()).or_default().push(number(&row[2]));
    }
    assert!(expected.len() >= 2);
    let events: String = peers("intfire/events.csv")
        .iter()
        .map(|e| {
            format!(
                "stimulate c with NetStim {{ start = {} ms, number = 1 }} via event {{ weight = {}, delay = 0 ms }}\n",
                e[0], e[1]
            )
        })
        .collect();
    for (parameters, times) in expected {
        let text = format!("population c: {cell} {{ {} }}\n{events}", settings(&parameters));
        alike(&spikes(&text, 450.0), &times, tolerance);
    }
}

#[test]
fn int_fire_1() {
    compare("IntFire1", 1e-9);
}

#[test]
fn int_fire_2() {
    compare("IntFire2", 1e-9);
}

#[test]
fn int_fire_4() {
    compare("IntFire4", 1e-9);
}
