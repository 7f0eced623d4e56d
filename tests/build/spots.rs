//! Several synapses for a connection, and places along sections: where they are, how many, whose.

use super::network;
use bouton::build::Network;
use bouton_engine::plan::Values;
use bouton_engine::run::{Options, Simulation};
use std::collections::BTreeMap;

const CELLS: &str = "
cell C {
    section soma { L = 20 um, diam = 20 um; insert hh }
    section dend[3] { L = 100 um * 2 ^ index, diam = 1 um, nseg = 1 + 2 * index
        connect soma(1)
        insert pas
    }
    let tuft = [dend[1 .. 2]]
    spike at soma(0.5)
}
cell Longer {
    section soma { L = 20 um, diam = 20 um; insert hh }
    section dend { L = 50 um * (1 + 3 * far), diam = 1 um, nseg = 3
        connect soma(1)
        insert pas
    }
    section twig[2] { L = 50 um, diam = 1 um; connect dend(1); insert pas }
    param far = 0
    let all_dendrites = [dend, twig]
}
population n: NetStim[40]
population p: C[60]
population q: Longer[50] { far = if index < 25 { 0 } else { 1 } }
synapse exc = ExpSyn { tau = 2 ms }
simulation { duration = 20 ms }
";

/// How many connections reach each place of each receiving cell: name of the cell, of the node.
fn reached(network: &Network) -> BTreeMap<(String, String), usize> {
    let mut all = BTreeMap::new();
    for projection in &network.plan.projections {
        let class = &network.plan.classes[usize::from(projection.class)];
        let (pool, body) = (&class.pools[usize::from(projection.pool)], class.body.as_ref().unwrap());
        for target in &projection.targets {
            let (node, lane) = pool.placement.place(*target, class.lanes()).unwrap();
            *all.entry((class.cells.get(lane as usize).unwrap(), body.names[node as usize].clone())).or_default() += 1;
        }
    }
    all
}

/// Of the cells that are meant, the share of each node; checks it against what is expected to four standard deviations.
fn shares(network: &Network, cell: impl Fn(&str) -> bool, expected: &[(&str, f64)]) {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for ((name, node), count) in reached(network) {
        if cell(&name) {
            *counts.entry(node).or_default() += count;
        }
    }
    let total = counts.values().sum::<usize>() as f64;
    assert!(total > 500.0);
    assert_eq!(counts.len(), expected.len(), "{counts:?}");
    for (node, share) in expected {
        let count = counts[*node] as f64;
        let deviation = (total * share * (1.0 - share)).sqrt();
        assert!((count - total * share).abs() < 4.0 * deviation, "{node}: {count} of {total}, and not {share} of them");
    }
}

#[test]
fn places_are_drawn_by_length() {
    let text = format!("{CELLS}connect n -> p via exc at dend {{ synapses = 3, convergence = 8, weight = 1 nS }}");
    let built = network(&text);
    assert_eq!(built.plan.connections(), 60 * 8 * 3);
    // 100 um in one segment, 200 um in three, 400 um in five.
    let (b, c) = (2.0 / 7.0 / 3.0, 4.0 / 7.0 / 5.0);
    let expected = [
        ("dend[0](0.5)", 1.0 / 7.0),
        ("dend[1](0.1667)", b),
        ("dend[1](0.5)", b),
        ("dend[1](0.8333)", b),
        ("dend[2](0.1)", c),
        ("dend[2](0.3)", c),
        ("dend[2](0.5)", c),
        ("dend[2](0.7)", c),
        ("dend[2](0.9)", c),
    ];
    shares(&built, |_| true, &expected);
    // The rule draws the pairs that it draws for one synapse at one place, each three times, and every cell gets all of its own.
    let single = network(&format!("{CELLS}connect n -> p via exc at soma(0.5) {{ convergence = 8, weight = 1 nS }}"));
    let pairs = |network: &Network| {
        let mut pairs: BTreeMap<(u32, String), usize> = BTreeMap::new();
        for p in &network.plan.projections {
            let class = &network.plan.classes[usize::from(p.class)];
            for (source, row) in p.rows() {
                for target in &p.targets[row] {
                    let (_, lane) = class.pools[usize::from(p.pool)].placement.place(*target, class.lanes()).unwrap();
                    *pairs.entry((source, class.cells.get(lane as usize).unwrap())).or_default() += 1;
                }
            }
        }
        pairs
    };
    let thrice: BTreeMap<_, _> = pairs(&single).into_iter().map(|(pair, count)| (pair, 3 * count)).collect();
    assert_eq!(pairs(&built), thrice);
}

#[test]
fn groups_and_one_synapse() {
    let text = format!(
        "{CELLS}connect n -> p via exc at tuft per connection {{ probability = 0.5, weight = uniform(1 nS, 2 nS), tau = 1 ms + 1 ms * pre.index }}"
    );
    let (b, c) = (1.0 / 9.0, 2.0 / 15.0);
    let expected = [
        ("dend[1](0.1667)", b),
        ("dend[1](0.5)", b),
        ("dend[1](0.8333)", b),
        ("dend[2](0.1)", c),
        ("dend[2](0.3)", c),
        ("dend[2](0.5)", c),
        ("dend[2](0.7)", c),
        ("dend[2](0.9)", c),
    ];
    let built = network(&text);
    shares(&built, |_| true, &expected);
    let weights = built.plan.projections.iter().flat_map(|p| match &p.arguments[0] {
        Values::Each(weights) => weights.clone(),
        Values::Same(_) => Vec::new(),
    });
    assert_eq!(weights.count(), built.plan.connections());
}

/// Each cell's own lengths count, also where cells of one class differ in size.
#[test]
fn cells_that_differ_in_size() {
    let built =
        network(&format!("{CELLS}connect n -> q via exc at all_dendrites {{ synapses = 2, convergence = 20, weight = 1 nS }}"));
    let far = |name: &str| name[2..name.len() - 1].parse::<u32>().unwrap() >= 25;
    let equal = |share: f64, twig: f64| {
        [
            ("dend(0.1667)", share / 3.0),
            ("dend(0.5)", share / 3.0),
            ("dend(0.8333)", share / 3.0),
            ("twig[0](0.5)", twig),
            ("twig[1](0.5)", twig),
        ]
    };
    shares(&built, |name| !far(name), &equal(1.0 / 3.0, 1.0 / 3.0));
    shares(&built, far, &equal(2.0 / 3.0, 1.0 / 6.0));
}

/// At one place n synapses act as one of n times the weight.
#[test]
fn several_at_one_place() {
    let trace = |attributes: &str| {
        let stimulus = format!(
            "stimulate p with NetStim {{ rate = 200 Hz }} via exc at soma(0.5) {{ {attributes} }}\nrecord v = p[0].soma(0.5).v\n"
        );
        let mut simulation = Simulation::new(network(&format!("{CELLS}{stimulus}")).plan, &Options::default()).unwrap();
        simulation.start();
        simulation.advance(20.0, &mut |_| true).unwrap();
        simulation.recording().traces[0].values[0].clone()
    };
    let (thrice, once) = (trace("synapses = 3, weight = 10 nS"), trace("weight = 30 nS"));
    assert!(once.iter().fold(-100.0, |a: f64, b| a.max(*b)) > -60.0);
    for (a, b) in thrice.iter().zip(&once) {
        assert!((a - b).abs() < 1e-9, "{a} {b}");
    }
}

/// Places are drawn for each receiving cell from a stream of its own: cells that are added change nothing.
#[test]
fn places_stay_when_the_network_grows() {
    let text = |count: u32| {
        let cells = CELLS.replace("p: C[60]", &format!("p: C[{count}]"));
        reached(&network(&format!("{cells}connect n -> p via exc at dend {{ synapses = 2, weight = 1 nS }}")))
    };
    let (few, many) = (text(10), text(20));
    assert!(few.iter().all(|(place, count)| many.get(place) == Some(count)));
}
