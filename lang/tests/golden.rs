//! Goldens of the checker. `golden/errors/*.net` carry the codes that they must give on their lines (`// error[E0301]`), with the
//! rendering beside (`.txt`); `golden/check/*.net` are accepted without a word, with the program beside (`.txt`).
//! `BLESS=1 cargo test -p bouton-lang --test golden` rewrites what stands beside.

#[path = "golden/dump.rs"]
mod dump;

use bouton_lang::{Checked, NoFiles, check};
use bouton_syntax::render::{Style, render};
use libtest_mimic::{Arguments, Failed, Trial};
use std::path::{Path, PathBuf};

fn main() {
    let arguments = Arguments::from_args();
    let mut trials = Vec::new();
    for (folder, run) in [("errors", errors as fn(&Path) -> Result<(), Failed>), ("check", accepted), ("mistakes", mistake)] {
        for file in scripts(folder) {
            let name = format!("{folder}::{}", file.file_stem().unwrap_or_default().to_string_lossy());
            trials.push(Trial::test(name, move || run(&file)));
        }
    }
    libtest_mimic::run(&arguments, trials).exit();
}

fn scripts(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(folder);
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut files: Vec<PathBuf> =
        entries.map(|entry| entry.path()).filter(|path| path.extension().is_some_and(|end| end == "net")).collect();
    files.sort();
    files
}

fn errors(file: &Path) -> Result<(), Failed> {
    let text = std::fs::read_to_string(file)?;
    let checked = checked(file, &text);
    beside(file, &render(&checked.diagnostics, &checked.sources, Style::Pretty { colour: false }))?;
    let (marked, found) = (marks(&text), found(&checked));
    if marked != found {
        return Err(format!("marked {marked:?}\nfound  {found:?}").into());
    }
    Ok(())
}

/// A script with one mistake, of which one thing is told.
fn mistake(file: &Path) -> Result<(), Failed> {
    let text = std::fs::read_to_string(file)?;
    let checked = checked(file, &text);
    beside(file, &render(&checked.diagnostics, &checked.sources, Style::Pretty { colour: false }))?;
    match checked.diagnostics.len() {
        1 => Ok(()),
        told => Err(format!("{told} things are told of one mistake").into()),
    }
}

fn accepted(file: &Path) -> Result<(), Failed> {
    let text = std::fs::read_to_string(file)?;
    let checked = checked(file, &text);
    if !checked.diagnostics.is_empty() {
        return Err(render(&checked.diagnostics, &checked.sources, Style::Pretty { colour: false }).into());
    }
    let Some(program) = checked.program else { return Err("no program and no diagnostic".into()) };
    beside(file, &dump::dump(&program))
}

fn checked(file: &Path, text: &str) -> Checked {
    check(&file.file_name().unwrap_or_default().to_string_lossy(), text, &NoFiles)
}

/// Lines and codes of the marks in a script.
fn marks(text: &str) -> Vec<(u32, String)> {
    let mut all = Vec::new();
    for (line, content) in (1..).zip(text.lines()) {
        for word in ["error[", "warning["] {
            for part in content.split(word).skip(1) {
                all.push((line, part.chars().take_while(|c| *c != ']').collect()));
            }
        }
    }
    all.sort();
    all
}

/// Lines and codes of what was found.
fn found(checked: &Checked) -> Vec<(u32, String)> {
    let place = |span| checked.sources.position(span).map_or(0, |position| position.line);
    let mut all: Vec<_> = checked.diagnostics.iter().map(|one| (place(one.span), one.code.text().to_owned())).collect();
    all.sort();
    all
}

/// Compares with what stands beside a script, or writes it.
fn beside(file: &Path, now: &str) -> Result<(), Failed> {
    let path = file.with_extension("txt");
    if std::env::var_os("BLESS").is_some() {
        return Ok(std::fs::write(path, now)?);
    }
    let before = std::fs::read_to_string(&path).unwrap_or_default();
    if before == now {
        return Ok(());
    }
    Err(format!("{} differs (BLESS=1 rewrites it)\n--- before\n{before}\n--- now\n{now}", path.display()).into())
}
