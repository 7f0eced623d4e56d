//! Every mechanism, cell and circuit of the library by itself: nothing is told of it, and it runs.

use super::run;
use bouton_lang::{NoFiles, check};
use bouton_syntax::render::{Style, render};
use std::fs;
use std::path::{Path, PathBuf};

/// Files of the library with what has to be used for them.
fn files() -> Vec<(PathBuf, Option<String>)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("lang/library");
    let mut found = Vec::new();
    let entries = |folder: &Path| -> Vec<PathBuf> {
        fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect()
    };
    for path in entries(&root) {
        let name = |path: &Path| path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_dir() {
            let part = name(&path);
            found.extend(entries(&path).into_iter().map(|file| (file.clone(), Some(format!("std.{part}.{}", name(&file))))));
        } else {
            found.push((path, None));
        }
    }
    found.sort();
    found
}

/// A script that has what a line declares; nothing where the line declares no mechanism, cell or circuit.
fn script(line: &str) -> Option<String> {
    let name = |rest: &str| rest.split([' ', '{']).next().unwrap_or_default().to_owned();
    let simulation = "simulation { duration = 2 ms, v_init = -65 mV }\n";
    let soma = "section soma { L = 20 um, diam = 20 um; insert pas";
    if let Some(rest) = line.strip_prefix("point mechanism ") {
        Some(format!(
            "cell c {{ {soma} }}; synapse s: {} at soma(0.5); spike at soma(0.5) }}\npopulation p: c\n{simulation}",
            name(rest)
        ))
    } else if let Some(rest) = line.strip_prefix("mechanism ") {
        Some(format!("cell c {{ {soma}; insert m: {} }} }}\npopulation p: c\n{simulation}", name(rest)))
    } else if let Some(rest) = line.strip_prefix("circuit ") {
        Some(format!("circuit c: {}\n{simulation}", name(rest)))
    } else {
        let cell = name(line.strip_prefix("cell ")?);
        let values = if cell == "SpikeSource" { " { times = [1 ms] }" } else { "" };
        Some(format!("population p: {cell}{values}\n{simulation}"))
    }
}

#[test]
fn nothing_is_told_of_the_library() {
    let mut seen = 0;
    for (file, part) in files() {
        let text = fs::read_to_string(&file).expect("the file is there");
        // Mechanisms of rates are parts of cells of equations, and stand on connections.
        let rates = ["neural_mass", "oscillators"].iter().any(|name| file.to_string_lossy().contains(name));
        for script in text.lines().filter(|line| !rates || !line.starts_with("mechanism ")).filter_map(script) {
            let used = part.as_ref().map(|part| format!("use {part}\n")).unwrap_or_default();
            let script = format!("{used}{script}");
            let checked = check("test.net", &script, &NoFiles);
            let told = render(&checked.diagnostics, &checked.sources, Style::Lines);
            assert!(told.is_empty(), "{script}\n{told}");
            run(&script, 2.0);
            seen += 1;
        }
    }
    assert!(seen >= 30, "{seen}");
}
