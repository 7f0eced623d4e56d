//! Runs every script of `examples/`, `examples/rates/` and of `tests/golden/run/` and compares what it prints and writes with the files kept in
//! `tests/golden/run/NAME/`. `BLESS=1 cargo test --test golden` writes those files anew; the diff is the review.

use bouton::session::{Console, Options, Script, Stop};
use bouton_lang::{Diagnostics, World, check};
use bouton_syntax::render::{Style, render};
use libtest_mimic::{Arguments, Failed, Trial};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

fn main() {
    let arguments = Arguments::from_args();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folders = ["examples", "examples/rates", "tests/golden/run"];
    let mut scripts: Vec<PathBuf> = folders.iter().flat_map(|folder| scripts(&root.join(folder))).collect();
    scripts.sort();
    // What a script gives lies under its name.
    let mut names: Vec<String> = scripts.iter().map(|script| name(script)).collect();
    names.sort();
    assert!(names.windows(2).all(|pair| pair[0] != pair[1]), "two scripts have one name among {names:?}");
    let trials = scripts.into_iter().map(|script| Trial::test(name(&script), move || compare(&script)));
    libtest_mimic::run(&arguments, trials.collect()).exit();
}

/// Scripts that start Python: `tests/python.rs` runs them.
const PYTHON: &[&str] = &["tut_import"];

fn scripts(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).map(|entries| entries.flatten().map(|entry| entry.path()).collect());
    let all: Vec<PathBuf> = entries.unwrap_or_default();
    let is_script = |path: &PathBuf| path.extension().is_some_and(|ending| ending == "net") && !PYTHON.contains(&&*name(path));
    all.into_iter().filter(is_script).collect()
}

fn name(script: &Path) -> String {
    script.file_stem().map_or_else(String::new, |stem| stem.to_string_lossy().into_owned())
}

/// Files beside the script.
struct Beside(PathBuf);

impl World for Beside {
    fn read(&self, path: &str) -> Result<String, String> {
        fs::read_to_string(self.0.join(path)).map_err(|error| error.to_string())
    }
}

/// What is printed, as text.
#[derive(Default)]
struct Transcript(String);

impl Console for Transcript {
    fn print(&mut self, line: &str) {
        self.0 += line;
        self.0.push('\n');
    }

    fn wrote(&mut self, path: &Path) {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        self.0 += &format!("(wrote {name})\n");
    }

    fn note(&mut self, line: &str) {
        self.0 += &format!("({line})\n");
    }

    fn progress(&mut self, _: f64, _: f64) -> bool {
        true
    }
}

fn compare(script: &Path) -> Result<(), Failed> {
    let expected = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/run").join(name(script));
    let made = Path::new(env!("CARGO_TARGET_TMPDIR")).join("golden").join(name(script));
    let _ = fs::remove_dir_all(&made);
    fs::create_dir_all(&made)?;
    let transcript = run(script, &made)?;
    fs::write(made.join("printed.txt"), transcript)?;
    let now = files(&made)?;
    if std::env::var_os("BLESS").is_some() {
        let _ = fs::remove_dir_all(&expected);
        fs::create_dir_all(&expected)?;
        for (name, bytes) in &now {
            fs::write(expected.join(name), bytes)?;
        }
        return Ok(());
    }
    differences(&files(&expected)?, &now)
}

/// Runs a script with two threads; what it says, and how it stopped.
fn run(script: &Path, out: &Path) -> Result<String, Failed> {
    let text = fs::read_to_string(script)?;
    let folder = script.parent().unwrap_or(Path::new("."));
    let checked = check(&format!("{}.net", name(script)), &text, &Beside(folder.to_owned()));
    let mut transcript = Transcript(render(&checked.diagnostics, &checked.sources, Style::Lines));
    if checked.program.is_none() {
        return Ok(transcript.0);
    }
    let options = Options { out: out.to_owned(), threads: Some(2), ..Options::default() };
    let mut session = Script::new(checked, options);
    // How the network is laid out: a change that loses lanes shows.
    if let Ok(network) = session.network() {
        let network = network.to_string();
        let searches = session.previews().unwrap_or_default();
        fs::write(out.join("plan.txt"), network + &searches)?;
    }
    let stopped = session.run(&mut transcript);
    let found = match stopped {
        Ok(_) => return Ok(transcript.0),
        Err(Stop::Refused(list)) => Diagnostics::from(list),
        Err(Stop::Assertion(one) | Stop::Fault(one) | Stop::Outside(one)) => Diagnostics::from(vec![*one]),
    };
    Ok(transcript.0 + &render(&found, session.sources(), Style::Pretty { colour: false }))
}

fn files(folder: &Path) -> Result<BTreeMap<String, Vec<u8>>, Failed> {
    let mut all = BTreeMap::new();
    let Ok(entries) = fs::read_dir(folder) else {
        return Err(format!("{} is missing: run with BLESS=1", folder.display()).into());
    };
    for entry in entries {
        let entry = entry?;
        all.insert(entry.file_name().to_string_lossy().into_owned(), fs::read(entry.path())?);
    }
    Ok(all)
}

fn differences(expected: &BTreeMap<String, Vec<u8>>, now: &BTreeMap<String, Vec<u8>>) -> Result<(), Failed> {
    let names = |files: &BTreeMap<String, Vec<u8>>| files.keys().cloned().collect::<Vec<_>>();
    if names(expected) != names(now) {
        return Err(format!("expected the files {:?}, got {:?}", names(expected), names(now)).into());
    }
    for (name, bytes) in now {
        let wanted = expected.get(name).map(Vec::as_slice).unwrap_or_default();
        if wanted != bytes {
            return Err(format!("{name}: {}", first_difference(wanted, bytes)).into());
        }
    }
    Ok(())
}

fn first_difference(wanted: &[u8], got: &[u8]) -> String {
    let (wanted, got) = (String::from_utf8_lossy(wanted), String::from_utf8_lossy(got));
    let mut pairs = wanted.lines().zip(got.lines()).enumerate();
    match pairs.find(|(_, (a, b))| a != b) {
        Some((line, (a, b))) => format!("line {}:\n  expected {a}\n  got      {b}", line + 1),
        None => format!("expected {} lines, got {}", wanted.lines().count(), got.lines().count()),
    }
}
