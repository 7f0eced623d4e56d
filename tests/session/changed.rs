//! Values changed between two runs against NEURON, and states saved and taken up.

use super::records::{CELL, agrees, records};
use super::{Options, fresh, run};
use bouton::session::Stop;
use std::fs;

#[test]
fn what_is_set_acts_at_once_and_states_stay() {
    let out = fresh("changed");
    let (record, save) = records("");
    let set = "set c.soma.hh.gnabar = 0.09 S/cm2, E.weight = 0.005 uS\nset c.dend.pas.g = 0.002 S/cm2\n";
    let text = format!("{CELL}{record}run 8 ms\n{set}run 17 ms\n{save}");
    let (_, result, _) = run(&text, Options { out: out.clone(), ..Options::default() });
    result.unwrap();
    agrees(&out.join("records.csv"), "changed.csv");
}

/// A network with everything that a state must hold: spikes and events on their way, random streams, conditions, samples between steps.
const NETWORK: &str = "
cell Point { section soma { L = 20 um, diam = 20 um, insert hh }
    synapse exc: Exp2Syn at soma(0.5) { tau1 = 0.5 ms, tau2 = 3 ms, e = 0 mV }
    spike at soma(0.5)
}
cell Leaky { state v = -65 mV
    v' = (-60 mV - v) / 10 ms
    on v > -61 mV { v = -65 mV; spike }
}
population A: Point[9]
population B: Leaky[3]
stimulate bkg: A with NetStim { rate = 80 Hz, noise = 1 } via exc { weight = 10 nS, delay = 1 ms }
connect AA: A -> A via exc { probability = 0.4, weight = uniform(1 nS, 6 nS), delay = uniform(0.3 ms, 9 ms) }
connect BA: B -> A via exc { weight = 4 nS, delay = 7 ms }
record v = A.soma(0.5).v every 0.11 ms
record i = A[0].soma(0.5).hh.ina, u = B[0].v
";

fn saved(name: &str, statements: &str, threads: usize, out: &str) -> (String, String) {
    let folder = fresh(out);
    for given in [name] {
        if !given.is_empty() {
            fs::create_dir_all(&folder).unwrap();
            fs::copy(given, folder.join("half.state")).unwrap();
        }
    }
    let text = format!(
        "{NETWORK}{statements}\nsave spikes(all after 40 ms) \"s.csv\"\nsave v after 40.05 ms \"v.csv\"\nsave i after 40.01 ms, u after 40.01 ms \"i.csv\""
    );
    let (_, result, _) = run(&text, Options { out: folder.clone(), threads: Some(threads), ..Options::default() });
    result.unwrap();
    let read = |file: &str| fs::read_to_string(folder.join(file)).unwrap();
    (format!("{}{}{}", read("s.csv"), read("v.csv"), read("i.csv")), folder.join("half.state").display().to_string())
}

#[test]
fn a_state_taken_up_by_another_session_gives_the_same_bits() {
    let (whole, _) = saved("", "run 80 ms", 1, "whole");
    let (parts, state) = saved("", "run 40 ms\nsave state \"half.state\"\nrun 40 ms", 1, "parts");
    let (other, _) = saved(&state, "restore \"half.state\"\nrun 40 ms", 2, "other");
    let (back, _) = saved("", "run 40 ms\nsave state \"half.state\"\nrun 7 ms\nrestore \"half.state\"\nrun 40 ms", 2, "back");
    assert!(whole.lines().count() > 400);
    assert!(whole == parts && whole == other && whole == back);
}

#[test]
fn rates_are_of_the_time_that_was_run() {
    let folder = fresh("rates");
    let text = format!(
        "{NETWORK}run 40 ms\nsave state \"x.state\"\nrestore \"x.state\"\nrun 20 ms\nassert abs(rate(B) * 3 * 20 ms - count(spikes(B))) < 1e-9 and count(spikes(B)) > 0"
    );
    run(&text, Options { out: folder, ..Options::default() }).1.unwrap();
}

#[test]
fn what_cannot_go_on_or_be_taken_up_is_told() {
    let folder = fresh("refused");
    let told = |statements: &str| match run(
        &format!("{NETWORK}{statements}"),
        Options { out: folder.clone(), ..Options::default() },
    )
    .1
    {
        Err(Stop::Refused(list)) => format!("{} {}", list[0].code.text(), list[0].message),
        Err(Stop::Outside(one)) => format!("{} {}", one.code.text(), one.message),
        other => panic!("{other:?}"),
    };
    assert!(told("run 5 ms\nset AA.delay = 2 ms\nrun 5 ms").starts_with("E0504"));
    assert!(told("run 5 ms\nset seed = 3\nrun 5 ms").starts_with("E0504"));
    assert!(told("restore \"none.state\"").starts_with("E0601"));
    assert!(told("run 5 ms\nsave state \"y.state\"\nset bkg.rate = 5 Hz\nrestore \"y.state\"").contains("of another network"));
    let path = folder.join("y.state");
    let mut bytes = fs::read(&path).unwrap();
    bytes[200] ^= 1;
    fs::write(&path, &bytes).unwrap();
    assert!(told("restore \"y.state\"").contains("not whole"));
}

#[test]
fn paths_are_set_from_outside() {
    let set = [("bkg.rate", "0 Hz"), ("bkg.number", "0"), ("dt", "0.05 ms"), ("A.soma.hh.gl", "0.5 mS/cm2")];
    assert_eq!(super::set::lines(&format!("{NETWORK}run 10 ms\nprint count(i)"), &set), ["201"]);
}

/// Two spikes of one cell at one time are on their way to a third; both are saved.
#[test]
fn equal_spikes_on_their_way_are_saved_as_often_as_they_happened() {
    let script = "
        cell Relay { state n = 0; on event(w) { n += w; spike } }
        cell Counter { state n = 0; on event(w) { n += w } }
        population a: SpikeSource[2] { times = [5 ms] }
        population r: Relay
        population c: Counter[3]
        connect a -> r via event { weight = 1, delay = 1 ms }
        connect r -> c via event { weight = 1, delay = 10 ms }
        connect r -> c[0] via event { weight = 10, delay = 11 ms }
        record n = c.n
        simulation { dt = 0.1 ms }
        run 10 ms
        save state \"twice.state\"
        run 1 ms
        restore \"twice.state\"
        run 20 ms
        print max(n)";
    let out = fresh("twice");
    let (lines, result, _) = run(script, Options { out, ..Options::default() });
    result.unwrap();
    assert_eq!(lines, ["[22, 2, 2]"]);
}
