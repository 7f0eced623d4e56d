//! Every file below `golden/` is a test: `parse/NAME.net` has its tree in `NAME.tree`, `errors/NAME.net` what is told of it
//! in `NAME.txt`. `BLESS=1 cargo test -p bouton-syntax` rewrites them all; the difference is to be read then.

use std::path::{Path, PathBuf};

use bouton_syntax::render::{lines, pretty};
use bouton_syntax::{FileId, Source, SourceMap, ast, parse};
use libtest_mimic::{Arguments, Failed, Trial};

fn main() {
    let arguments = Arguments::from_args();
    let mut trials = Vec::new();
    for path in scripts("parse") {
        trials.push(Trial::test(format!("parse/{}", name(&path)), move || parses(&path)));
    }
    for path in scripts("errors") {
        trials.push(Trial::test(format!("errors/{}", name(&path)), move || errs(&path)));
    }
    libtest_mimic::run(&arguments, trials).exit();
}

fn scripts(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(folder);
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let mut all: Vec<PathBuf> = entries.filter(|path| path.extension().is_some_and(|end| end == "net")).collect();
    all.sort();
    all
}

fn name(path: &Path) -> String {
    path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

fn read(path: &Path) -> Result<(SourceMap, ast::File, bouton_syntax::Diagnostics), Failed> {
    let text = std::fs::read_to_string(path)?;
    let source = Source::new(format!("{}.net", name(path)), text);
    let (file, found) = parse(&source, FileId(0));
    let mut sources = SourceMap::new();
    sources.add(source);
    Ok((sources, file, found))
}

/// A script without errors: its tree is as recorded, and the outline of the tree has that tree again.
fn parses(path: &Path) -> Result<(), Failed> {
    let (sources, file, found) = read(path)?;
    if !found.is_empty() {
        return Err(pretty(&found, &sources, false).into());
    }
    let outline = ast::outline(&file);
    let source = Source::new("outline", outline.clone());
    let (again, found) = parse(&source, FileId(0));
    if !found.is_empty() || ast::outline(&again) != outline {
        return Err(format!("the outline has another tree:\n{outline}\n{}", ast::outline(&again)).into());
    }
    compare(&path.with_extension("tree"), &outline)
}

/// A broken script: what is told of it is as recorded, each line that is marked `// error[E0101]` has that error, and no
/// other line has one.
fn errs(path: &Path) -> Result<(), Failed> {
    let (sources, file, found) = read(path)?;
    let text = std::fs::read_to_string(path)?;
    let mut marked: Vec<(usize, String)> = Vec::new();
    for (number, line) in text.lines().enumerate() {
        for mark in line.split("error[").skip(1) {
            marked.push((number + 1, mark.chars().take(5).collect()));
        }
    }
    let told: Vec<(usize, String)> = found
        .iter()
        .map(|one| (sources.position(one.span).map_or(0, |place| place.line as usize), one.code.to_string()))
        .collect();
    let shown = format!("{}\n{}\n{}", lines(&found, &sources), pretty(&found, &sources, false), ast::outline(&file));
    if marked != told {
        return Err(format!("marked {marked:?}\ntold {told:?}\n{shown}").into());
    }
    compare(&path.with_extension("txt"), &shown)
}

fn compare(path: &Path, text: &str) -> Result<(), Failed> {
    if std::env::var_os("BLESS").is_some() {
        return Ok(std::fs::write(path, text)?);
    }
    let known = std::fs::read_to_string(path).map_err(|_| format!("{} is missing; BLESS=1 writes it", path.display()))?;
    if known == text {
        return Ok(());
    }
    Err(format!("{} differs; BLESS=1 rewrites it. Now:\n{text}", path.display()).into())
}
