//! Events with several values, values kept by connections, `on spike`, and neurons on sections, against NEURON 9.0.2 (`tests/peers/events`).

use super::{Options, fresh, run};
use std::fs;
use std::path::{Path, PathBuf};

fn peer(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/peers/events").join(file)
}

fn rows(path: &Path) -> Vec<Vec<f64>> {
    let text = fs::read_to_string(path).unwrap();
    text.lines().skip(1).map(|line| line.split(',').map(|cell| cell.parse().unwrap()).collect()).collect()
}

/// Runs a script and compares what it records with NEURON's samples, 20 steps apart: potentials to 1e-9 of 100 mV, everything else to 1e-9 of
/// its largest value. `unit` is one of ours in theirs, by column.
fn compare(name: &str, records: &str, unit: &[f64]) {
    let out = fresh(name);
    let script = fs::read_to_string(peer(&format!("{name}.net"))).unwrap();
    let more = format!("\nsave {records} \"{name}.csv\"");
    run(&format!("{script}{more}"), Options { out: out.clone(), ..Options::default() }).1.unwrap();
    let (ours, theirs) = (rows(&out.join(format!("{name}.csv"))), rows(&peer(&format!("{name}.csv"))));
    assert!(theirs.len() > 200 && ours.len() >= 20 * (theirs.len() - 1));
    for column in 1..theirs[0].len() {
        let scale = theirs.iter().map(|row| row[column].abs()).fold(0.0, f64::max);
        let scale = if unit[column - 1] == 1.0 && scale > 50.0 { 100.0 } else { scale };
        let worst = theirs.iter().enumerate().map(|(k, row)| (ours[20 * k][column] * unit[column - 1] - row[column]).abs());
        let worst = worst.fold(0.0, f64::max);
        assert!(scale > 0.0 && worst <= 1e-9 * scale, "{name}, column {column}: {worst:e} of {scale}");
    }
}

#[test]
fn connections_keep_values() {
    compare("kept", "v, g", &[1.0, 1.0]);
}

#[test]
fn plasticity_follows_the_order_of_spikes() {
    compare("stdp", "v, w0, g0, w1, g1, w2, g2", &[1.0; 7]);
}

#[test]
fn self_events_belong_to_their_connection() {
    compare("gate", "v, g", &[1.0, 1.0]);
}

#[test]
fn spikes_leave_at_a_dendrite() {
    compare("leaving", "v, d, x, y", &[1.0; 4]);
    // The senders of these connections are cells by name, also where a source of its own stands for them, and have no spikes but their own.
    let out = fresh("leaving_weights");
    let script = fs::read_to_string(peer("leaving.net"))
        .unwrap()
        .replace("p: Neuron", "p: Neuron[2]")
        .replace("connect p -> a", "connect w: p -> a");
    let script = format!("{script}\nsave w.weight \"w.csv\"\nprint \"{{count(spikes(all))}} {{count(spikes(p))}}\"\n");
    let (lines, result, _) = run(&script, Options { out: out.clone(), ..Options::default() });
    result.unwrap();
    let (all, of_p) = lines[0].split_once(' ').unwrap();
    assert!(all == of_p && all.parse::<u32>().unwrap() > 4, "{lines:?}");
    let weights = fs::read_to_string(out.join("w.csv")).unwrap();
    assert_eq!(weights.lines().map(|line| line.split(',').next().unwrap()).collect::<Vec<_>>(), ["pre", "p[0]", "p[1]"]);
}

#[test]
fn a_neuron_on_a_section_fires() {
    compare("izhi", "v, u, other_v", &[1.0, 1000.0, 1.0]);
    let script = fs::read_to_string(peer("izhi.net")).unwrap() + "\nsave spikes \"spikes.csv\"";
    let out = fresh("izhi_spikes");
    run(&script, Options { out, ..Options::default() }).1.unwrap();
    let spikes = Path::new(env!("CARGO_TARGET_TMPDIR")).join("session/izhi_spikes/spikes.csv");
    let ours: Vec<String> =
        fs::read_to_string(spikes).unwrap().lines().skip(1).map(|l| l.split(',').next().unwrap().into()).collect();
    let theirs = rows(&peer("izhi_spikes.csv"));
    assert_eq!((ours.len(), theirs.len()), (4, 4));
    for (a, b) in ours.iter().zip(&theirs) {
        assert!((a.parse::<f64>().unwrap() - b[0]).abs() < 1e-9, "{a} {b:?}");
    }
}

/// Events that are due before, at and behind the middle and the end of steps, also without delay: each is seen in the sample in which NEURON shows it, with what has decayed by then.
#[test]
fn events_are_delivered_in_neurons_steps() {
    let rows = rows(&peer("timing.csv"));
    assert_eq!(rows.len(), 54);
    let synapses: String = (0..rows.len()).map(|k| format!("    synapse s{k}: ExpSyn at soma(0.5) {{ tau = 2 ms }}\n")).collect();
    let events: String = rows
        .iter()
        .enumerate()
        .map(|(k, row)| {
            let source = format!("NetStim {{ start = {} ms, interval = 10 ms, number = 1 }}", row[0]);
            format!("stimulate p with {source} via s{k} {{ weight = 0.001 uS, delay = {} ms }}\nrecord g{k} = p.s{k}.g\n", row[1])
        })
        .collect();
    let names: Vec<String> = (0..rows.len()).map(|k| format!("g{k}")).collect();
    let script = format!(
        "cell C {{\n    section soma {{ L = 20 um, diam = 20 um; insert pas }}\n{synapses}}}\npopulation p: C\n{events}\
         record v = p.soma(0.5).v\nsimulation {{ duration = 4 ms }}\nrun\nsave v, {} \"timing.csv\"\n",
        names.join(", ")
    );
    let out = fresh("timing");
    run(&script, Options { out: out.clone(), ..Options::default() }).1.unwrap();
    let ours = self::rows(&out.join("timing.csv"));
    for (k, row) in rows.iter().enumerate() {
        let first = ours.iter().position(|sample| sample[k + 2] > 0.0).unwrap();
        assert_eq!(first as f64, row[2], "start {} ms, delay {} ms", row[0], row[1]);
        assert!((ours[first][k + 2] - row[3]).abs() <= 1e-9 * row[3], "{} {row:?}", ours[first][k + 2]);
        assert!((ours[first][1] - row[4]).abs() <= 1e-7, "{} {row:?}", ours[first][1]);
    }
}
