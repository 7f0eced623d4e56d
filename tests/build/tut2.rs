//! The network of NetPyNE's tutorial, from text to spikes, with NetPyNE's streams (`tests/peers/tut2`) and with our own.

use super::*;

const PYR: &str = "
cell PYR {
    section soma { L = 18.8 um, diam = 18.8 um, Ra = 123 ohm*cm
        insert hh { gnabar = 0.12 S/cm2, gkbar = 0.036 S/cm2, gl = 0.003 S/cm2, el = -70 mV }
    }
    spike at soma(0.5) above 10 mV
}
population S: PYR[20]
population M: PYR[20]
synapse exc = Exp2Syn { tau1 = 0.1 ms, tau2 = 5 ms, e = 0 mV }
stimulate PYR with NetStim { rate = 10 Hz, noise = 0.5 } via exc at soma(0.5) { weight = 0.01 uS, delay = 5 ms }
";

fn tut2(rule: &str, weight: f64, delay: f64, streams: &str) -> Network {
    network(&format!(
        "{PYR}connect SM: S -> M via exc at soma(0.5) {{ {rule}, weight = {weight} uS, delay = {delay} ms }}\n\
         simulation {{ duration = 1 s, dt = 0.025 ms, seed = 1, streams = {streams} }}"
    ))
}

#[test]
fn plan_with_own_streams() {
    let network = tut2("divergence = 12", 0.01, 5.0, "own");
    let plan = &network.plan;
    assert_eq!((plan.classes.len(), plan.sources, plan.connections()), (2, 80, 280));
    let [hh, exc] = &plan.classes[0].pools[..] else { panic!() };
    assert_eq!((&hh.placement, hh.inputs.len()), (&Placement::Nodes(vec![0]), 0));
    assert_eq!((&exc.placement, exc.inputs.len()), (&Placement::Nodes(vec![0]), 0), "one synapse a cell, all alike");
    let [stim] = &plan.classes[1].pools[..] else { panic!() };
    assert_eq!((&stim.placement, stim.streams.len(), stim.inputs.len()), (&Placement::Free, 40, 0));
    assert_eq!(stim.sources, (40..80).collect::<Vec<_>>());
    assert_eq!(plan.classes[0].detectors[0].sources, (0..40).collect::<Vec<_>>());
    assert_eq!(network.source(3), Some(SpikeSource::Cell(0, 3)));
    assert_eq!(network.source(41), Some(SpikeSource::Stimulus(1, 1)));
    assert_eq!(network.source(80), None);
}

/// The 240 + 40 connections, each with a synapse of its own, in NetPyNE's order on each cell.
#[test]
fn connections_are_netpynes() {
    let network = tut2("divergence = 12", 0.01, 5.0, "netpyne");
    let class = &network.plan.classes[0];
    let own = class.pools.iter().position(|p| matches!(p.placement, Placement::Scattered(_))).unwrap();
    let Placement::Scattered(places) = &class.pools[own].placement else { panic!() };
    assert!(links(&network.plan).iter().all(|l| (l.weight * 1e8 - 1.0).abs() < 1e-15 && l.delay == 5.0), "0.01 uS, 5 ms");
    let all = links(&network.plan);
    let onto = |post: u32| {
        let mut found: Vec<(u16, u32, String)> = Vec::new();
        for l in &all {
            let lane = if usize::from(l.pool) == own { places[l.instance as usize].1 } else { l.instance };
            if lane == post {
                let pre = if l.source < 40 { l.source.to_string() } else { "NetStim".to_owned() };
                found.push((u16::from(pre == "NetStim"), l.instance, pre));
            }
        }
        // Instances are in order of creation on a cell.
        found.sort();
        found.into_iter().map(move |(.., pre)| (pre, post))
    };
    let found: Vec<(String, u32)> = (0..40).flat_map(onto).collect();
    let rows = include_str!("../peers/tut2/connections.csv").lines().skip(1).map(|line| line.split(',').collect::<Vec<_>>());
    let written: Vec<(String, u32)> = rows.map(|r| (r[0].to_owned(), r[1].parse().unwrap())).collect();
    assert_eq!(found, written);
}

/// 938 spikes of NEURON 9.0.2, same cells, same times.
#[test]
fn spikes_are_neurons() {
    let simulation = run(&tut2("divergence = 12", 0.01, 5.0, "netpyne"), 1000.0);
    let spikes: Vec<_> = simulation.recording().spikes.iter().filter(|s| s.source < 40).collect();
    let lines: Vec<(&str, &str)> =
        include_str!("../peers/tut2/spikes.csv").lines().skip(1).filter_map(|l| l.split_once(',')).collect();
    assert_eq!((spikes.len(), lines.len()), (938, 938));
    for (spike, (time, gid)) in spikes.iter().zip(lines) {
        assert_eq!(spike.source, gid.parse::<u32>().unwrap());
        // 1e-9 ms: the stamps are those of steps; both programs accumulate the same time.
        assert!((spike.time - time.parse::<f64>().unwrap()).abs() < 1e-9);
    }
}

/// The first three candidates of NetPyNE's optimization tutorial, connections and spikes.
#[test]
fn candidates_are_netpynes() {
    let candidates = [
        (0.07583847961507659, 0.08489593995678604, 15.511717760555667, 19, 536),
        (0.13498382261231662, 0.05004807362210216, 9.540330230986024, 52, 686),
        (0.32928055663415384, 0.07908361176241581, 2.783332148710463, 126, 704),
    ];
    for (p, weight, delay, connections, spikes) in candidates {
        let network = tut2(&format!("probability = {p}"), weight, delay, "netpyne");
        assert_eq!(network.plan.connections(), connections + 40);
        let simulation = run(&network, 1000.0);
        assert_eq!(simulation.recording().spikes.iter().filter(|s| s.source < 40).count(), spikes);
    }
}
