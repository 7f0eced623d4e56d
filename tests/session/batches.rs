//! Candidates side by side in the lanes of one plan: what they give does not depend on how many there are, nor on threads.

use super::{Listener, NoFiles, Options, Script, Stop, check, checked, fresh, run};
use bouton_lang::Code;
use std::fs;

/// A branched cell under a stimulus, two synapses and a network of others.
const NETWORK: &str = "
    param g = 0.12 S/cm2, p = 0.4, w = 2 nS, d = 3 ms, len = 100 um
    cell Ball {
        section soma { L = 20 um, diam = 20 um, Ra = 100 ohm*cm
            insert hh { gnabar = g, gkbar = 0.036 S/cm2, gl = 0.0003 S/cm2, el = -54.3 mV }
        }
        section dend { connect soma(1), L = len, diam = 2 um, nseg = 5
            insert pas { g = 0.001 S/cm2, e = -65 mV }
        }
        spike at soma(0.5)
    }
    population A: Ball[6]
    population B: Ball[6]
    synapse exc = Exp2Syn { tau1 = 0.5 ms, tau2 = 3 ms, e = 0 mV }
    stimulate A with NetStim { rate = 60 Hz, noise = 0.7 } via exc at dend(0.5) { weight = 20 nS, delay = 1 ms }
    stimulate B with NetStim { rate = 40 Hz, noise = 1 } via exc at dend(0.9) { weight = 9 nS, delay = 1 ms }
    connect AB: A -> B via exc at dend(0.3) { probability = p, weight = w, delay = uniform(0.5, 1.5) * d }
    record v = B[2].soma(0.5).v every 0.5 ms
    simulation { duration = 40 ms, dt = 0.025 ms, seed = 4 }
";

/// What is varied; what is done with each candidate.
const SEARCHES: [(&str, &str); 8] = [
    ("vary g in 0.05 S/cm2 .. 0.2 S/cm2", "run; minimize abs(rate(B) - 30 Hz) + 1 Hz / 1 mV * mean(v)"),
    ("vary w in 1 nS .. 50 nS; vary d in 1 ms .. 9 ms", "run; minimize abs(rate(B) - 30 Hz) + 1 Hz / 1 mV * max(v)"),
    ("vary p in 0.1 .. 1.6", "run; minimize abs(rate(B) - 30 Hz)"),
    ("vary len in 50 um .. 200 um; vary p in 0.1 .. 0.9", "run; minimize abs(rate(A) - 30 Hz) + rate(B)"),
    // The run goes on, also with other parameters, is begun again, and some candidates run longer than others.
    (
        "vary w in 1 nS .. 50 nS",
        "run 10 ms; set w = w * 1.2; run 15 ms; let r = mean(v); restart; run 20 ms; minimize 1 Hz / 1 mV * (r + mean(v))",
    ),
    (
        "vary w in 1 nS .. 50 nS",
        "run 10 ms; let r = mean(v); for k in 1 .. 4 { run 5 ms; print \"{count(B)} {max(v)}\" }; if r > -64 mV { run 3 ms }; run 2 ms; \
         minimize 1 Hz / 1 mV * (r + mean(v))",
    ),
    ("vary w in 1 nS .. 50 nS", "if w > 20 nS { run 20 ms } else { run 30 ms }; minimize 1 Hz / 1 mV * mean(v)"),
    (
        "vary w in 1 nS .. 50 nS",
        "for k in 1 .. 3 { set p = 0.3 * k; restart; run 10 ms; print \"{w} {mean(v)}\" }; minimize 1 Hz / 1 mV * mean(v)",
    ),
];

fn search((vary, body): (&str, &str)) -> String {
    let evolve = "evolve random { evaluations = 12, population = 12, seed = 3 }";
    format!("{NETWORK}\noptimize fit {{ {vary}; {body}; {evolve} }}\nsave fit \"fit.csv\"")
}

#[test]
fn candidates_side_by_side_are_those_alone() {
    for (k, of) in SEARCHES.into_iter().enumerate() {
        let script = search(of);
        let table = |batch: usize, threads: usize| {
            let out = fresh(&format!("batch_{k}_{batch}_{threads}"));
            let (lines, result, _) =
                run(&script, Options { out: out.clone(), batch: Some(batch), threads: Some(threads), ..Options::default() });
            result.unwrap_or_else(|stop| panic!("{stop:?}\n{script}"));
            (lines, fs::read_to_string(out.join("fit.csv")).unwrap(), fs::read_to_string(out.join("fit.journal.jsonl")).unwrap())
        };
        let alone = table(1, 1);
        for (batch, threads) in [(1, 3), (8, 1), (64, 1), (64, 2), (5, 3)] {
            assert_eq!(table(batch, threads), alone, "search {k} in batches of {batch} on {threads} threads");
        }
        let others = alone.1.lines().skip(1).map(|line| line.rsplit(',').next()).collect::<std::collections::HashSet<_>>();
        assert!(others.len() > 4, "search {k}: {}", alone.1);
        // A probability above 1 is a failure of its candidate, with its value.
        let failed = alone.2.lines().filter(|line| line.contains("probability is 1.") && line.contains("must be from 0 to 1"));
        assert_eq!(failed.count() > 0, k == 2, "{}", alone.2);
    }
}

/// A method that asks for one candidate after the other gets those that it is likely to ask for run beside; what it finds, prints and keeps is the same.
#[test]
fn candidates_that_are_foreseen_are_those_alone() {
    let column = "use std.neural_mass.jansen_rit\npopulation jrc: JansenRit\nrecord y = jrc.V_e - jrc.V_i every 1 ms\n\
        optimize fit {\n    vary jrc.c in 30 .. 300\n    run\n    let late = y after 300 ms\n\
        \x20   print \"{jrc.c} {max(late)}\"\n    minimize (min(late) - 6 mV)^2 + (max(late) - 10 mV)^2\n\
        \x20   evolve differential { strategy = rand_to_best_1_bin, population = 8, generations = 4, seed = 2, updating = immediate }\n}\n\
        save fit \"fit.csv\"\nprint fit.evaluations\n";
    for solver in ["solver = dopri5", "solver = rk4, dt = 0.2 ms"] {
        let script = format!("{column}simulation {{ duration = 600 ms, {solver} }}\n");
        let table = |batch: usize, threads: usize| {
            let out = fresh(&format!("foreseen_{batch}_{threads}"));
            let (lines, result, _) =
                run(&script, Options { out: out.clone(), batch: Some(batch), threads: Some(threads), ..Options::default() });
            result.unwrap_or_else(|stop| panic!("{stop:?}\n{script}"));
            (lines, fs::read_to_string(out.join("fit.csv")).unwrap(), fs::read_to_string(out.join("fit.journal.jsonl")).unwrap())
        };
        let alone = table(1, 1);
        assert!(alone.1.lines().count() == 41, "{}", alone.1);
        for (batch, threads) in [(64, 1), (3, 1), (1, 2), (64, 2)] {
            assert_eq!(table(batch, threads), alone, "batches of {batch} on {threads} threads");
        }
    }
}

/// Points of a sweep are candidates, too; one that cannot be run is told, and a report may be no number.
#[test]
fn points_of_a_sweep_side_by_side_are_those_alone() {
    let script = format!(
        "{NETWORK}
        sweep s {{
            vary w in [1 nS, 10 nS, 50 nS]
            vary p in [0.2, 0.6, 1.2]
            run
            print \"{{w}} {{p}} {{rate(B)}}\"
            report r = rate(B), depth = min(v), none = log(-1 + 0 * p)
        }}
        save s \"fit.csv\""
    );
    let table = |batch: usize, threads: usize| {
        let out = fresh(&format!("sweep_{batch}_{threads}"));
        let (lines, result, _) =
            run(&script, Options { out: out.clone(), batch: Some(batch), threads: Some(threads), ..Options::default() });
        result.unwrap();
        (lines, fs::read_to_string(out.join("fit.csv")).unwrap())
    };
    let alone = table(1, 1);
    assert_eq!((alone.0.iter().filter(|line| line.ends_with("Hz")).count(), alone.1.lines().count()), (6, 10), "{alone:?}");
    assert!(
        alone.0.iter().any(|line| line.contains("3 of 9 points"))
            && alone.0.iter().any(|line| line.contains("probability is 1.2"))
    );
    for (batch, threads) in [(1, 2), (2, 1), (8, 1), (64, 1), (64, 2), (3, 3)] {
        assert_eq!(table(batch, threads), alone, "batches of {batch} on {threads} threads");
    }
}

/// What no knob reaches is run once for a batch: with one on the connections, their senders; what any reaches is not.
#[test]
fn what_no_knob_reaches_is_run_once() {
    let beside = |vary: &str| {
        let script = format!("{NETWORK}\nsweep s {{ {vary}; run; report r = rate(B) }}");
        let mut script = Script::new(checked(&script), Options { out: fresh("once"), threads: Some(1), ..Options::default() });
        let found = script.run(&mut Listener { lines: Vec::new(), patience: usize::MAX }).unwrap().beside;
        (found.copies, found.batches, found.once, found.each)
    };
    // Six cells of each population, and as many stimuli; one cell hears of no other.
    assert_eq!(beside("vary w in [1 nS, 2 nS, 5 nS]"), (3, 1, 19, 24));
    assert_eq!(beside("vary A.soma.hh.gnabar in [0.1 S/cm2, 0.11 S/cm2]"), (2, 1, 13, 24));
    assert_eq!(beside("vary g in [0.1 S/cm2, 0.11 S/cm2]"), (2, 1, 12, 24));
    assert_eq!(beside("vary seed in [1, 2, 3]"), (3, 1, 0, 24));
}

/// Candidates whose states grow without bounds fail for the reason that they have alone, and the others do not notice.
#[test]
fn a_candidate_that_faults_disturbs_nobody() {
    let script = "
        param k = 0.1
        cell Blow { state x = 1; x' = k * x * x / 1 ms; on x > 2 { spike } }
        population b: Blow[3]
        record x = b[1].x
        simulation { duration = 10 ms, dt = 0.025 ms }
        optimize fit { vary k in 0.01 .. 0.3; run; minimize abs(max(x) - 3); evolve random { evaluations = 24, population = 24, seed = 3 } }
    ";
    let journal = |batch: usize| {
        let out = fresh(&format!("batch_faults_{batch}"));
        let (_, result, _) =
            run(script, Options { out: out.clone(), batch: Some(batch), threads: Some(1), ..Options::default() });
        result.unwrap();
        fs::read_to_string(out.join("fit.journal.jsonl")).unwrap()
    };
    let alone = journal(1);
    let failed = alone.lines().filter(|line| line.contains("of b[0] became NaN at ")).count();
    assert!((5..20).contains(&failed), "{alone}");
    assert_eq!((journal(8), journal(64)), (alone.clone(), alone));
}

/// Two cells that make each other spike: the smaller the delay, the more events, and without a delay there is no end of them.
const RING: &str = "
    param d = 1 ms, more = 0
    cell A { state x = 0; on start { spike }; on event(w) { x += w; spike } }
    cell B { state x = 0; on event(w) { x += w; spike } }
    population a: A
    population b: B
    connect a -> b { delay = d, weight = 1 }
    connect b -> a { delay = d, weight = 1 }
    record x = a.x every 1 ms
    simulation { duration = 100 ms, dt = 0.025 ms }
";

/// What the journal says, and how many steps were made.
fn journal(script: &str, name: &str, batch: usize, threads: usize) -> (String, u64) {
    let out = fresh(&format!("{name}_{batch}_{threads}"));
    let options = Options { out: out.clone(), batch: Some(batch), threads: Some(threads), ..Options::default() };
    let mut script = Script::new(checked(script), options);
    let report = script.run(&mut Listener { lines: Vec::new(), patience: usize::MAX }).unwrap();
    (fs::read_to_string(out.join("fit.journal.jsonl")).unwrap(), report.steps)
}

/// A candidate may have so many events in all its runs, and fails where it would have more; the others beside it do not notice.
#[test]
fn a_candidate_has_a_limited_number_of_events() {
    let script = |body: &str| {
        let evolve = "evolve grid { evaluations = 6 }";
        format!(
            "{RING}
            optimize fit {{
                max_events = 500
                vary d in [10 ms, 0 ms, 2 ms, 0.05 ms, 0.5 ms, 0.3 ms]
                {body}
                minimize abs(max(x) - 20)
                {evolve}
            }}"
        )
    };
    // 100 ms have 10, 50, 200 and 333 events; in two runs of as long those of 0.3 ms are too many.
    for (k, (body, failed)) in [("run", 2), ("run; restart; run", 3), ("run 60 ms; run 100 ms", 3)].into_iter().enumerate() {
        let name = format!("events_{k}");
        let alone = journal(&script(body), &name, 1, 1);
        let lost = alone.0.lines().filter(|line| line.contains("more than 500 events were delivered")).count();
        assert_eq!(lost, failed, "{}", alone.0);
        for (batch, threads) in [(6, 1), (64, 2), (2, 3)] {
            assert_eq!(journal(&script(body), &name, batch, threads).0, alone.0, "{body} in batches of {batch}");
        }
    }
    // All in one, and once more those that failed, up to there.
    let (_, steps) = journal(&script("run"), "events_once", 6, 1);
    assert!(steps <= 2 * 4000, "{steps} steps");
    let limits = |count: &str| script("run").replace("= 500", count);
    assert!(!journal(&limits("= 1e4"), "events_many", 6, 1).0.contains("0.05,\"failed\""));
    for (wrong, code) in [("= 1.5", Code::OutOfRange), ("= 3 mV", Code::DimensionMismatch)] {
        let checked = check("test.net", &limits(wrong), &NoFiles);
        assert!(checked.diagnostics.iter().any(|one| one.code == code), "{wrong}");
    }
}

/// One that never comes to an end is found out by itself: the others are not run again.
#[test]
fn an_endless_candidate_disturbs_nobody() {
    let script = format!(
        "{RING}
        optimize fit {{ vary d in [10 ms, 5 ms, 0 ms, 2 ms]; run; minimize abs(max(x) - 20); evolve grid {{ evaluations = 4 }} }}"
    );
    let (text, steps) = journal(&script, "endless", 4, 1);
    assert_eq!(text.lines().filter(|line| line.contains("cause each other without end at 0 ms")).count(), 1, "{text}");
    assert_eq!(text.lines().filter(|line| line.contains("failed")).count(), 1, "{text}");
    assert_eq!(steps, 4000, "each step was made once, for all");
}

#[test]
fn a_candidate_has_a_limited_number_of_steps() {
    let script = format!(
        "{RING}
        optimize fit {{
            max_steps = 4_000
            vary d in [10 ms, 2 ms, 1 ms, 0.5 ms]
            run 50 ms
            if d < 1.5 ms {{ run 60 ms }} else {{ run 50 ms }}
            minimize abs(max(x) - 20)
            evolve grid {{ evaluations = 4 }}
        }}"
    );
    let alone = journal(&script, "steps", 1, 1).0;
    let failed = alone.lines().filter(|line| line.contains("more than 4000 steps would be made")).count();
    assert_eq!(failed, 2, "{alone}");
    for (batch, threads) in [(4, 1), (2, 2)] {
        assert_eq!(journal(&script, "steps", batch, threads).0, alone);
    }
}

/// Cut anywhere, the journal of a sweep gives the rest of the same table, also of values that are no numbers; one of another script is refused.
#[test]
fn sweeps_are_resumed_from_a_journal_cut_anywhere() {
    let script = format!(
        "{RING}
        sweep fit {{
            max_events = 5_000
            vary d in [10 ms, 5 ms, 0 ms, 2 ms, 1 ms, 0.7 ms, 0.6 ms]
            run
            report most = max(x), none = log(5 - count(x) * 0 - max(x)), endless = 1 / (max(x) - 9)
        }}
        save fit \"fit.csv\""
    );
    for batch in [1, 3] {
        let out = fresh(&format!("sweep_resumed_{batch}"));
        let table = |resume: bool| {
            let options = Options { out: out.clone(), batch: Some(batch), resume, ..Options::default() };
            run(&script, options).1.unwrap();
            fs::read_to_string(out.join("fit.csv")).unwrap()
        };
        let whole = table(false);
        assert!(whole.contains("NaN") && whole.contains("inf") && whole.lines().count() == 8, "{whole}");
        let journal = out.join("fit.journal.jsonl");
        let bytes = fs::read(&journal).unwrap();
        for part in 0..=10 {
            fs::write(&journal, &bytes[..bytes.len() * part / 10]).unwrap();
            assert_eq!(table(true), whole, "{part} tenths of the journal");
            assert_eq!(fs::read(&journal).unwrap(), bytes, "{part} tenths of the journal");
        }
        let (_, result, _) = run(&format!("{script} "), Options { out, resume: true, ..Options::default() });
        assert!(matches!(&result, Err(Stop::Outside(one)) if one.message.contains("another script")), "{result:?}");
    }
}
