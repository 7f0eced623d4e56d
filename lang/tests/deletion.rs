//! Scripts of which one token is lost, or that end at a token: few things are told of them, the first of them where the fault is.

mod beside;

use beside::{Beside, needs_python};
use bouton_lang::{Severity, check};
use bouton_syntax::lexer::lex;
use bouton_syntax::render::lines;
use bouton_syntax::token::Tok;
use bouton_syntax::{Diagnostics, FileId, Source};
use std::path::{Path, PathBuf};

/// What of a broken script is told.
struct Told {
    /// How many findings.
    count: usize,
    /// Whether the first error stands on the line of the fault or beside it; also where there is none.
    near: bool,
    /// What was done, and what was told.
    text: String,
}

/// `line` is that of the fault, from 1.
fn told(text: &str, line: usize, fault: &str, world: &Beside) -> Told {
    let checked = check("script.net", text, world);
    assert_eq!(checked.program.is_none(), checked.diagnostics.has_errors(), "{fault} in line {line} of\n{text}");
    let first = checked.diagnostics.iter().find(|one| one.severity == Severity::Error);
    let place = first.and_then(|one| checked.sources.position(one.span));
    let near = place.is_none_or(|place| (place.line as usize).abs_diff(line) <= 1);
    let text = format!("{fault} in line {line}\n{}", lines(&checked.diagnostics, &checked.sources));
    Told { count: checked.diagnostics.len(), near, text }
}

/// What is told where each token, or of several one, is lost in turn, and where the script ends before it.
fn faults(text: &str, step: usize, world: &Beside) -> (Vec<Told>, Vec<Told>) {
    let source = Source::new("script.net", text);
    let tokens = lex(&source, FileId(0), &mut Diagnostics::new()).tokens;
    let places = tokens.iter().filter(|token| token.kind != Tok::Break && !token.span.is_empty()).map(|token| token.span.range());
    let line = |rest: &str| rest.trim_end().matches('\n').count() + 1;
    let (mut lost, mut ended) = (Vec::new(), Vec::new());
    for place in places.step_by(step) {
        let (before, token, behind) = (&text[..place.start], &text[place.clone()], &text[place.end..]);
        lost.push(told(&format!("{before}{behind}"), line(&text[..place.end]), &format!("without `{token}`"), world));
        ended.push(told(before, line(before), &format!("up to `{token}`"), world));
    }
    (lost, ended)
}

/// The examples and the goldens without a fault.
fn scripts() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let entries = ["../examples", "tests/golden/check"].map(|folder| std::fs::read_dir(root.join(folder)).into_iter().flatten());
    let paths = entries.into_iter().flatten().flatten().map(|entry| entry.path());
    let mut all: Vec<PathBuf> = paths.filter(|path| path.extension().is_some_and(|end| end == "net")).collect();
    all.retain(|path| !std::fs::read_to_string(path).is_ok_and(|text| needs_python(&text)));
    all.sort();
    all
}

/// Of many texts: at most this many findings in the middle one and in nine of ten, and this many of a hundred whose first error is elsewhere.
fn few(script: &str, all: &[Told], nine_of_ten: usize, elsewhere: usize) {
    let mut counts: Vec<usize> = all.iter().map(|one| one.count).collect();
    counts.sort_unstable();
    let (middle, most) = (counts[counts.len() / 2], counts[counts.len() * 9 / 10]);
    let far: Vec<&str> = all.iter().filter(|one| !one.near).map(|one| one.text.as_str()).collect();
    println!("{script}: {} texts, {middle} and {most}, {} elsewhere", all.len(), far.len());
    assert!(middle <= 1 && most <= nine_of_ten, "{script}: {middle} and {most} findings");
    assert!(far.len() * 100 <= elsewhere * all.len(), "{script}: {} of {}\n{}", far.len(), all.len(), far.join("\n"));
}

#[test]
fn a_fault_is_told_where_it_is() {
    for path in scripts() {
        let script = path.file_stem().unwrap_or_default().to_string_lossy();
        // Of the examples each token; the goldens are many and long.
        let step = if path.to_string_lossy().contains("examples") { 1 } else { 5 };
        let world = Beside(path.parent().map(Path::to_path_buf).unwrap_or_default());
        let (lost, ended) = faults(&std::fs::read_to_string(&path).unwrap_or_default(), step, &world);
        few(&format!("{script}, a token lost"), &lost, 2, 3);
        few(&format!("{script}, ended"), &ended, 2, 0);
    }
}
