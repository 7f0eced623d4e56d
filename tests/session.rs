//! Whole sessions: the tutorial network of `examples/` against NEURON, parameters from outside, what a session refuses.

use bouton::session::{Console, Options, Script, Stop};
use bouton_lang::{Checked, Code, Diagnostic, NoFiles, check};
use bouton_syntax::diagnostic::Diagnostics;
use bouton_syntax::render::{Style, render};
use std::fs;
use std::path::{Path, PathBuf};

#[path = "session/analysis.rs"]
mod analysis;
#[path = "session/batches.rs"]
mod batches;
#[path = "session/cables.rs"]
mod cables;
#[path = "session/changed.rs"]
mod changed;
#[path = "session/common.rs"]
mod common;
#[path = "session/coupling.rs"]
mod coupling;
#[path = "session/diffusion.rs"]
mod diffusion;
#[path = "session/events.rs"]
mod events;
#[path = "session/features.rs"]
mod features;
#[path = "session/ions.rs"]
mod ions;
#[path = "session/methods.rs"]
mod methods;
#[path = "session/neuron.rs"]
mod neuron;
#[path = "session/nmodl.rs"]
mod nmodl;
#[path = "session/objects.rs"]
mod objects;
#[path = "session/pieces.rs"]
mod pieces;
#[path = "session/pointers.rs"]
mod pointers;
#[path = "session/records.rs"]
mod records;
#[path = "session/searches.rs"]
mod searches;
#[path = "session/set.rs"]
mod set;
#[path = "session/tables.rs"]
mod tables;
#[path = "session/written_out.rs"]
mod written_out;

/// Keeps what is printed, and asks a run to stop after some windows.
struct Listener {
    lines: Vec<String>,
    patience: usize,
}

impl Console for Listener {
    fn print(&mut self, line: &str) {
        self.lines.push(line.to_owned());
    }

    fn wrote(&mut self, _: &Path) {}

    fn progress(&mut self, time_ms: f64, end_ms: f64) -> bool {
        assert!(time_ms <= end_ms + 1e-6, "{time_ms} {end_ms}");
        self.patience -= 1;
        self.patience > 0
    }
}

fn checked(text: &str) -> Checked {
    let checked = check("test.net", text, &NoFiles);
    assert!(checked.program.is_some(), "{}", render(&checked.diagnostics, &checked.sources, Style::Lines));
    checked
}

fn run(text: &str, options: Options) -> (Vec<String>, Result<(), Stop>, Script) {
    let mut session = Script::new(checked(text), options);
    let mut listener = Listener { lines: Vec::new(), patience: usize::MAX };
    let result = session.run(&mut listener).map(|_| ());
    (listener.lines, result, session)
}

/// What was refused, one line each.
fn refused(text: &str, options: Options) -> String {
    let (_, result, session) = run(text, options);
    let list: Vec<Diagnostic> = match result {
        Err(Stop::Refused(list)) => list,
        other => panic!("{other:?}"),
    };
    render(&Diagnostics::from(list), session.sources(), Style::Lines)
}

/// A fresh folder for one test.
fn fresh(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("session").join(name);
    let _ = fs::remove_dir_all(&folder);
    folder
}

const CELL: &str = "
param g = 0.12 S/cm2, n = 3
cell Point {
    section soma { L = 20 um, diam = 20 um, insert hh { gnabar = g } }
    spike at soma(0.5)
}
population E: Point[n]
simulation { duration = 20 ms }
";

#[test]
fn an_impatient_console_stops_the_run() {
    let mut session = Script::new(checked(&format!("{CELL}run 1 h")), Options::default());
    let mut listener = Listener { lines: Vec::new(), patience: 2 };
    match session.run(&mut listener) {
        Err(Stop::Outside(one)) => assert_eq!(one.code, Code::Interrupted),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_network_too_large_is_refused_before_it_is_made() {
    let text = CELL.replace("n = 3", "n = 4e9");
    let options = || Options { memory: Some(1_000_000_000), ..Options::default() };
    match run(&format!("{text}run"), options()).1 {
        Err(Stop::Outside(one)) => assert!(one.code == Code::TooMuchMemory && one.message.contains("1.0 GB"), "{one:?}"),
        other => panic!("{other:?}"),
    }
    let mut session = Script::new(checked(&text), options());
    assert!(matches!(session.network(), Err(Stop::Outside(_))));
}

#[test]
fn the_network_can_be_looked_at_without_a_run() {
    let mut session = Script::new(checked(&format!("{CELL}run")), Options { seed: Some(7), ..Options::default() });
    let network = session.network().unwrap();
    assert_eq!((network.cells.len(), network.constants.seed), (3, 7));
}

#[test]
fn what_the_machine_does_not_have() {
    for options in
        [Options { isa: Some("abacus".into()), ..Options::default() }, Options { block: Some(7), ..Options::default() }]
    {
        match run(&format!("{CELL}run"), options).1 {
            Err(Stop::Outside(one)) => assert_eq!(one.code, Code::NotOnThisMachine),
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn a_report_counts_steps_and_cells() {
    let mut session = Script::new(checked(&format!("{CELL}run\nrun 5 ms")), Options { profile: true, ..Options::default() });
    let mut listener = Listener { lines: Vec::new(), patience: usize::MAX };
    let report = session.run(&mut listener).unwrap();
    assert_eq!((report.steps, report.cells), (1000, 3));
    assert_eq!(report.phases.iter().map(|(name, _)| *name).collect::<Vec<_>>(), ["build", "run", "output"]);
    assert!(report.profile.is_some_and(|profile| !profile.phases.is_empty()));
}

/// The same script gives the same bytes whatever the machine is asked to do.
#[test]
fn results_do_not_depend_on_the_machine() {
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/tut2.net")).unwrap();
    let mut all = Vec::new();
    for (name, threads, block) in [("one", 1, 64), ("two", 2, 8), ("seven", 7, 32)] {
        let out = fresh(name);
        let options = Options { out: out.clone(), threads: Some(threads), block: Some(block), ..Options::default() };
        run(&format!("{text}\nsave spikes \"s.csv\"\nsave v \"v.csv\""), options).1.unwrap();
        all.push(["s.csv", "v.csv", "raster.svg", "v.svg"].map(|file| fs::read(out.join(file)).unwrap()));
    }
    assert!(all.windows(2).all(|pair| pair[0] == pair[1]));
}
