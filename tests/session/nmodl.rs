//! NMODL files against NEURON 9.0.2 (`tests/peers/nmodl`), each on a single compartment at 36 degC under current steps or events: tables whose limits are
//! parameters, a pool by derivimplicit, a scheme that begins at rest, what one block hands to another, values of connections, WATCH, `net_move`, equations
//! that see what was computed before any of them.

use super::{Listener, Options, fresh};
use bouton::session::{Script, Session, Stop};
use bouton_lang::import::{describe, rewritten};
use bouton_lang::{World, check};
use bouton_syntax::render::{Style, render};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

struct Beside(PathBuf);

impl World for Beside {
    fn read(&self, path: &str) -> Result<String, String> {
        fs::read_to_string(self.0.join(path)).map_err(|why| why.to_string())
    }
}

/// The rows of a file, without its heading where it has one.
fn rows(path: &Path) -> Vec<Vec<f64>> {
    let text = fs::read_to_string(path).unwrap();
    let rows = text.lines().filter_map(|line| line.split(',').map(|x| x.parse().ok()).collect::<Option<Vec<f64>>>());
    rows.collect()
}

/// What a script writes, by file.
pub fn written(folder: &Path, name: &str, text: &str) -> BTreeMap<String, String> {
    let checked = check(name, text, &Beside(folder.to_owned()));
    assert!(checked.program.is_some(), "{text}\n{}", render(&checked.diagnostics, &checked.sources, Style::Lines));
    let out = fresh(&format!("nmodl_net_{name}"));
    let mut session = Script::new(checked, Options { out: out.clone(), ..Options::default() });
    let mut listener = Listener { lines: Vec::new(), patience: usize::MAX };
    session.run(&mut listener).map(drop).unwrap();
    let files = fs::read_dir(&out).unwrap().filter_map(Result::ok);
    let files = files.filter(|file| file.path().extension().is_some_and(|e| e == "csv"));
    let lines = |path: &Path| {
        fs::read_to_string(path).unwrap().lines().filter(|l| !l.starts_with('#')).map(|l| l.to_owned() + "\n").collect()
    };
    files.map(|file| (file.file_name().into_string().unwrap(), lines(&file.path()))).collect()
}

/// Files written in the language run to the same bits, or to the same numbers where the file's table could be switched off; those with values of a step's beginning, and events with a flag that is computed, cannot be written.
#[test]
fn files_in_the_language_are_the_same() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/peers/nmodl");
    let mut refused = Vec::new();
    let mut same = 0;
    for name in names(&folder) {
        let found = rewritten(&format!("mod/{name}.mod"), &Beside(folder.clone())).unwrap();
        let Some(text) = found.text else {
            refused.push((name, found.missing.expect("it is not said why").1));
            continue;
        };
        let script = fs::read_to_string(folder.join(format!("{name}.net"))).unwrap();
        let (import, rest) = script.split_once('\n').unwrap();
        assert!(import.starts_with("import"), "{import}");
        let again = written(&folder, &name, &format!("{text}{rest}"));
        assert!(again.contains_key("v.csv"), "{name}");
        let imported = written(&folder, &name, &script);
        // What stands beside a table is a constant where nobody can switch the table off.
        if name == "built" {
            assert!(apart(&imported, &again) < 1e-12, "{name}");
            continue;
        }
        assert_eq!(imported, again, "{name}");
        same += 1;
    }
    let begun = "equations that use values of the step's beginning";
    let early = "a table that is made before the start";
    let counted = ("counted", "an event with a flag that is computed");
    let searched = ("searched", "what comes of it is refused: `again_5` unfolds into more than 100000 parts");
    let known = [("carried", early), counted, ("early", early), ("frozen", begun), ("lagging", begun), searched];
    assert_eq!(refused, known.map(|(name, why)| (name.to_owned(), why.to_owned())));
    assert!(same >= 10, "{same}");
}

/// Largest difference of numbers, over the larger of the two.
fn apart(one: &BTreeMap<String, String>, other: &BTreeMap<String, String>) -> f64 {
    let numbers = |files: &BTreeMap<String, String>| -> Vec<f64> {
        files.values().flat_map(|text| text.split([',', '\n'])).filter_map(|x| x.parse().ok()).collect()
    };
    let (one, other) = (numbers(one), numbers(other));
    assert_eq!(one.len(), other.len());
    one.iter().zip(&other).map(|(a, b)| if a == b { 0.0 } else { (a - b).abs() / a.abs().max(b.abs()) }).fold(0.0, f64::max)
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder.join("mod")).unwrap();
    let mut names: Vec<String> =
        entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok()?.strip_suffix(".mod").map(str::to_owned)).collect();
    names.sort_unstable();
    names
}

/// Largest deviation of a file's traces from NEURON's, over the largest magnitude of each (of potentials 100 mV).
fn deviation(folder: &Path, name: &str) -> f64 {
    let text = fs::read_to_string(folder.join(format!("{name}.net"))).unwrap();
    let checked = check(name, &text, &Beside(folder.to_owned()));
    assert!(checked.program.is_some(), "{}", render(&checked.diagnostics, &checked.sources, Style::Lines));
    let out = fresh(&format!("nmodl_{name}"));
    let mut session = Script::new(checked, Options { out: out.clone(), ..Options::default() });
    let mut listener = Listener { lines: Vec::new(), patience: usize::MAX };
    session.run(&mut listener).map(drop).unwrap();
    let theirs = rows(&folder.join(format!("{name}.csv")));
    let mut worst = 0.0_f64;
    for k in 0..theirs[0].len() {
        let file = if k == 0 { "v.csv".to_owned() } else { format!("x{}.csv", k - 1) };
        let ours = rows(&out.join(file));
        assert_eq!(ours.len(), theirs.len(), "{name} {k}");
        let largest = theirs.iter().fold(if k == 0 { 100.0 } else { 1e-300 }, |m: f64, row| m.max(row[k].abs()));
        worst = ours.iter().zip(&theirs).fold(worst, |w, (a, b)| w.max((a[1] - b[k]).abs() / largest));
    }
    let fired = folder.join(format!("{name}_spikes.csv"));
    if fired.exists() {
        let of_cells: Vec<f64> = fs::read_to_string(out.join("spikes.csv"))
            .unwrap()
            .lines()
            .filter(|line| line.split(',').nth(2) == Some("q"))
            .filter_map(|line| line.split(',').next()?.parse().ok())
            .collect();
        let theirs = rows(&fired);
        assert_eq!(of_cells.len(), theirs.len(), "{name}");
        worst = of_cells.iter().zip(&theirs).fold(worst, |w, (a, b)| w.max((a - b[0]).abs()));
    }
    worst
}

#[test]
fn files_are_neurons() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/peers/nmodl");
    let names = names(&folder);
    assert!(names.len() >= 8, "{names:?}");
    for name in names {
        let deviation = deviation(&folder, &name);
        println!("{name}: {deviation:e}");
        assert!(deviation < 1e-9, "{name}: {deviation:e}");
    }
}

/// A cell with a mechanism of this text, run for 5 ms at 1/ms: the end of `p.soma(0.5).WHAT`.
fn end_of(text: &str, what: &str) -> f64 {
    let file = Arc::new(Mutex::new(text.to_owned()));
    let mut session = Session::with(Options::default(), Box::new(Changing(file)));
    let model = format!(
        "import mechanism \"leak.mod\"\ncell C {{\nsection soma {{ L = 20 um, diam = 20 um\ninsert a\n}}\n}}\npopulation p: C\n\
         record x = p.soma(0.5).{what}\nsimulation {{ duration = 5 ms, v_init = -65 mV }}\nrun"
    );
    session.execute(&model).unwrap();
    session.record("x")[0].values.last().copied().unwrap()
}

/// Of equations in two branches those that hold are solved; NEURON takes such a block for one with too many equations.
#[test]
fn equations_in_branches_are_solved() {
    let text = |at: &str| {
        format!(
            "NEURON {{ SUFFIX a NONSPECIFIC_CURRENT i }}\nASSIGNED {{ v i }}\nSTATE {{ x y }}\nBREAKPOINT {{ SOLVE s i = 0 }}\n\
             LINEAR s {{\nif (v < {at}) {{\n~ x + y = 3\n~ x - y = 1\n}} else {{\n~ x + 2 * y = 5\n~ y = 1\n}}\n}}\n"
        )
    };
    assert_eq!([end_of(&text("0"), "a.x"), end_of(&text("-100"), "a.x")], [2.0, 3.0]);
}

/// Elements behind the end of an array are variables of their own; what they are is told.
#[test]
fn elements_behind_the_end_of_an_array_are_there() {
    let text = "NEURON { SUFFIX a NONSPECIFIC_CURRENT i }\nASSIGNED { v i x[2] }\nSTATE { z }\nBREAKPOINT { SOLVE s i = 0 }\n\
                PROCEDURE s() {\nFROM k = 0 TO 3 { x[k] = 2 * k }\nz = 10 * x[3] + x[1]\n}\n";
    assert_eq!(end_of(text, "a.z"), 62.0);
}

/// What a script gives to a function is, in C code, what the block calls it.
#[test]
fn arguments_in_c_code_are_the_blocks() {
    let text = "NEURON { SUFFIX a NONSPECIFIC_CURRENT i }\nASSIGNED { v i }\nSTATE { z }\nINITIAL { z = turned(2, 1) }\nBREAKPOINT { i = 0 * z }\n\
                FUNCTION turned(x, y) {\nVERBATIM\ndouble ret;\nret = asin(*getarg(2) / *getarg(1));\nENDVERBATIM\nturned = ret\n}\n";
    assert!((end_of(text, "a.z") - std::f64::consts::FRAC_PI_6).abs() < 1e-15);
}

/// C code that is not read, under a condition: where the condition does not hold, nothing depends on it; where it does, the run ends.
#[test]
fn c_code_under_a_condition_ends_a_run_where_it_is_reached() {
    let text = |noise: f64| {
        format!(
            "NEURON {{ SUFFIX a NONSPECIFIC_CURRENT i RANGE p, noise BBCOREPOINTER rng }}\nPARAMETER {{ noise = {noise} }}\n\
             ASSIGNED {{ v i p seeded rng }}\nSTATE {{ z }}\n\
             INITIAL {{\nVERBATIM\nif (cvode_active_ && noise) {{ hoc_execerror(\"a\", \"cannot be used\"); }}\n\
             if (seeded) {{ nrnran123_setseq((nrnran123_State*)_p_rng, 0, 0); }}\nENDVERBATIM\nz = 8 p = 0 }}\n\
             BREAKPOINT {{ SOLVE s METHOD cnexp i = 1e-9 * p }}\n\
             DERIVATIVE s {{ z' = -z / 5\nif (noise == 0) {{ p = 10 * z }} else {{ p = many(0.3, 10 * z) }} }}\n\
             FUNCTION many(share, of) {{\nVERBATIM\nint j; double sum = 0;\ndo {{ j = j + 1; sum += nrnran123_dblpick((nrnran123_State*)_p_rng) < _lshare; }}\n\
             while (j < _lof);\nreturn sum;\nENDVERBATIM\nmany = sum\n}}\n"
        )
    };
    assert!((end_of(&text(0.0), "a.p") - 80.0 * (-1.0f64).exp()).abs() < 1e-9);
    let told = std::panic::catch_unwind(|| end_of(&text(1.0), "a.p")).unwrap_err();
    let told = told.downcast_ref::<String>().unwrap();
    assert!(told.contains("became NaN"), "{told}");
}

/// C code that names nothing of the model is passed over, wherever it stands: nothing depends on it.
#[test]
fn c_code_beside_the_model_is_passed_over() {
    let text = |code: &str| {
        format!(
            "NEURON {{ SUFFIX a NONSPECIFIC_CURRENT i }}\nASSIGNED {{ v i }}\nSTATE {{ z }}\nVERBATIM\nstatic int calls = 0;\nENDVERBATIM\n\
             INITIAL {{ z = 1 {code} }}\nBREAKPOINT {{ SOLVE s METHOD cnexp i = 1e-6 * z * v {code} }}\nDERIVATIVE s {{ z' = -z / 3 {code} }}\n"
        )
    };
    let code = "VERBATIM\ncalls = calls + 1;\nif (calls > 5) { calls = 0; log_call(calls); }\nENDVERBATIM\n";
    let without = end_of(&text(""), "a.z");
    assert!((without - 0.188_875_602_837_562).abs() < 1e-9, "{without}");
    assert_eq!(end_of(&text(code), "a.z"), without);
}

/// How a file runs is told with the line of what all segments of a cell have in common.
#[test]
fn what_is_common_is_told_with_its_line() {
    let kernels = |text: &str| {
        let file = Changing(Arc::new(Mutex::new(text.to_owned())));
        let found = describe("leak.mod", &file, false).unwrap();
        found.rows.into_iter().find(|(heading, _)| *heading == "kernels").expect("it runs").1
    };
    let text = "NEURON { SUFFIX a NONSPECIFIC_CURRENT i GLOBAL total }\nASSIGNED { v i\n total }\nBREAKPOINT { i = 1e-9 * total }\n\
                AFTER SOLVE { total = total + 1 }\n";
    assert_eq!(kernels(text), "in lanes, all instances of a cell with one total (line 3)");
    assert_eq!(kernels(&text.replace("GLOBAL", "RANGE")), "in lanes");
}

/// A POINTER that is set keeps what it was set to.
#[test]
fn what_a_pointer_is_set_to_is_a_state() {
    let text = "NEURON { SUFFIX a NONSPECIFIC_CURRENT i POINTER p }\nASSIGNED { v i p }\nBREAKPOINT { i = 0 }\n\
                AFTER SOLVE { p = p + 2 }\n";
    assert_eq!(end_of(text, "a.p"), 400.0);
}

/// What the file sets of what the simulator knows lasts, for the file alone.
#[test]
fn a_temperature_that_is_set_is_the_mechanisms_own() {
    let text = "NEURON { SUFFIX a NONSPECIFIC_CURRENT i RANGE x }\nASSIGNED { v i x celsius }\nINITIAL { celsius = 37 }\n\
                BREAKPOINT { x = celsius i = 1e-9 * x }\n";
    assert_eq!(end_of(text, "a.x"), 37.0);
}

/// A file that changes while a session is open.
struct Changing(Arc<Mutex<String>>);

impl World for Changing {
    fn read(&self, path: &str) -> Result<String, String> {
        if path == "leak.mod" { Ok(self.0.lock().unwrap().clone()) } else { Err("no such file".into()) }
    }
}

/// A session that imports a file again has what the file says by then, in the cells that were declared before.
#[test]
fn a_file_that_was_changed_is_imported_again() {
    let leak = |e: &str, g: &str| {
        format!(
            "NEURON {{ SUFFIX leak NONSPECIFIC_CURRENT i RANGE {g} }}\nPARAMETER {{ {g} = 0.001 (S/cm2) e = {e} (mV) }}\n\
             ASSIGNED {{ v (mV) i (mA/cm2) }}\nBREAKPOINT {{ i = {g}*(v - e) }}\n"
        )
    };
    let file = Arc::new(Mutex::new(leak("-70", "g")));
    let mut session = Session::with(Options::default(), Box::new(Changing(Arc::clone(&file))));
    session.execute("import mechanism \"leak.mod\"").unwrap();
    let model = "cell C {\nsection soma { L = 20 um, diam = 20 um\ninsert leak { g = 2 mS/cm2 }\n}\n}\npopulation p: C\n\
                 record v = p.soma(0.5).v\nsimulation { duration = 50 ms, v_init = -65 mV }\nrun";
    session.execute(model).unwrap();
    let end = |session: &Session| session.record("v")[0].values.last().copied().unwrap();
    assert!((end(&session) + 70.0).abs() < 1e-6);
    *file.lock().unwrap() = leak("-60", "g");
    session.execute("import mechanism \"leak.mod\"").unwrap();
    session.execute("run").unwrap();
    assert!((end(&session) + 60.0).abs() < 1e-6, "{}", end(&session));
    // A file that is broken, or lacks what is set, changes nothing.
    for text in ["NEURON {".to_owned(), leak("-50", "gbar")] {
        *file.lock().unwrap() = text;
        assert!(matches!(session.execute("import mechanism \"leak.mod\""), Err(Stop::Refused(_))));
    }
    session.execute("restart\nrun").unwrap();
    assert!((end(&session) + 60.0).abs() < 1e-6);
}
