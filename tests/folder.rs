//! `bouton import FOLDER`: what is in the folder of a model, what runs, and why the rest does not.

use std::path::Path;
use std::process::Command;

const FILES: &[(&str, &str)] = &[
    (
        "mod/kdr.mod",
        "NEURON { SUFFIX kdr USEION k READ ek WRITE ik RANGE g }\nPARAMETER { g = 0.01 }\nASSIGNED { v ek ik }\nBREAKPOINT { ik = g*(v-ek) }\n",
    ),
    ("mod/c.mod", "NEURON { SUFFIX incode }\nASSIGNED { v }\nINITIAL { }\nBREAKPOINT { v = 2 * }\n"),
    (
        "cells/two.hoc",
        "begintemplate Good\npublic soma\ncreate soma\nproc init() { soma insert kdr }\nendtemplate Good\nbegintemplate Wants\ncreate soma\nproc init() { soma L = $1 }\nendtemplate Wants\n",
    ),
    ("cells/nowhere.hoc", "create soma\naccess soma\ninsert gone\n"),
    ("cells/code.hoc", "create soma\naccess soma\ninsert incode\n"),
    ("main.hoc", "load_file(\"cells/two.hoc\")\nx = 3\n"),
    ("window.ses", "{object_push(nil)}\n"),
    ("morph/a.swc", "1 1 0 0 0 5 -1\n2 3 0 5 0 1 1\n3 3 0 50 0 1 2\n"),
    ("morph/cycle.swc", "1 1 0 0 0 5 -1\n2 3 0 5 0 1 3\n3 3 0 50 0 1 2\n"),
    ("a.py", "from neuron import h\n\nclass Ball:\n    pass\n"),
    ("notes.txt", "nothing\n"),
];

#[test]
fn a_folder_is_told_file_by_file() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("folder-model");
    for (name, text) in FILES {
        let path = folder.join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder for the test");
        std::fs::write(path, text).expect("a file");
    }
    let run = |arguments: &[&str]| {
        let output =
            Command::new(env!("CARGO_BIN_EXE_bouton")).current_dir(&folder).args(arguments).output().expect("bouton runs");
        (
            output.status.success(),
            String::from_utf8_lossy(&output.stdout).into_owned(),
            String::from_utf8_lossy(&output.stderr).into_owned(),
        )
    };
    let (fine, told, _) = run(&["import", "."]);
    assert!(fine && told.starts_with(".: 3 run, 5 do not\n"), "{told}");
    let line = |file: &str, what: &str| {
        let after = told.split(&format!("./{file}\n")).nth(1).unwrap_or("");
        let found = after.lines().take_while(|line| line.starts_with("  ")).find(|line| line.trim_start().starts_with(what));
        found.unwrap_or_else(|| panic!("no {what} of {file}: {told}")).split_whitespace().collect::<Vec<_>>().join(" ")
    };
    for (file, what, wanted) in [
        ("mod/kdr.mod", "mechanism", "mechanism kdr runs"),
        ("mod/c.mod", "mechanism", "mechanism incode refused ./mod/c.mod:4:"),
        ("cells/two.hoc", "template Good", "template Good runs 1 sections, 1 segments, 157080 um2"),
        ("cells/two.hoc", "template Wants", "template Wants refused ./cells/two.hoc:8: there is no argument 1"),
        ("cells/nowhere.hoc", "script", "script refused ./cells/nowhere.hoc:3: there is no mechanism `gone`"),
        ("cells/code.hoc", "script", "script refused ./cells/code.hoc:3: there is no mechanism `incode`"),
        ("main.hoc", "script", "script it builds no sections"),
        ("window.ses", "session", "session a session of windows"),
        ("morph/a.swc", "morphology", "morphology runs 2 sections"),
        ("morph/cycle.swc", "morphology", "morphology refused ./morph/cycle.swc:2: "),
        ("a.py", "class", "class Ball `bouton import ./a.py --class Ball --allow python`"),
    ] {
        assert!(line(file, what).starts_with(wanted), "{}", line(file, what));
    }
    assert!(!told.contains("notes.txt"));
    let (fine, json, _) = run(&["import", ".", "--json"]);
    let rows = json.matches("\"file\": ").count();
    assert!(fine && rows == 11 && json.contains("\"what\": \"template Good\", \"runs\": true"), "{json}");
    std::fs::create_dir_all(folder.join("empty")).expect("a folder for the test");
    let (fine, _, why) = run(&["import", "empty"]);
    assert!(!fine && why.contains("E0601"), "{why}");
}
