//! The pages of the codes: each exists under its code's title, its failing example gives that code and no other error, and its mended
//! example none.

use bouton_lang::explain::page;
use bouton_lang::{Checked, Code, NoFiles, Severity, check};
use bouton_syntax::render::{Style, render};
use libtest_mimic::{Arguments, Failed, Trial};
use std::collections::BTreeSet;
use std::path::Path;

fn main() {
    let arguments = Arguments::from_args();
    let trials = Code::ALL.iter().filter_map(|code| Some((*code, page(*code)?)));
    let mut trials: Vec<Trial> =
        trials.map(|(code, page)| Trial::test(format!("pages::{code}"), move || check_page(code, page))).collect();
    trials.push(Trial::test("pages::complete", complete));
    libtest_mimic::run(&arguments, trials).exit();
}

/// Every code has a page, every page a code.
fn complete() -> Result<(), Failed> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("errors");
    let names = std::fs::read_dir(folder)?.flatten().filter_map(|entry| entry.file_name().into_string().ok());
    let files: BTreeSet<String> = names.filter_map(|name| Some(name.strip_suffix(".md")?.to_owned())).collect();
    let codes: BTreeSet<String> = Code::ALL.iter().map(|code| code.text().to_owned()).collect();
    let embedded: BTreeSet<String> =
        Code::ALL.iter().filter(|code| page(**code).is_some()).map(|code| code.text().to_owned()).collect();
    if files != codes || embedded != codes {
        let lost: Vec<_> = files.symmetric_difference(&codes).chain(embedded.symmetric_difference(&codes)).collect();
        return Err(format!("in errors/, in the table of codes and in explain.rs, but not in all of them: {lost:?}").into());
    }
    Ok(())
}

/// Codes of what happens while a program runs or to its files, of what foreign files hold, and of texts of 16 MiB: a page tells of it without showing it.
fn is_not_shown(code: Code) -> bool {
    let of_a_run = code.text().starts_with("E05") || code.text().starts_with("E06");
    let of_another_file = code.text().starts_with("E07") || code == Code::ForeignUnsupported;
    matches!(code, Code::TooLarge | Code::PointsFailed) || of_another_file || (of_a_run && code != Code::CannotRead)
}

fn check_page(code: Code, page: &str) -> Result<(), Failed> {
    let title = format!("# {code}: {}", code.title());
    if page.lines().next() != Some(title.as_str()) {
        return Err(format!("the page does not begin with {title:?}").into());
    }
    let blocks = blocks(page);
    if is_not_shown(code) {
        return Ok(());
    }
    if !blocks.iter().any(|(fails, _)| *fails) || !blocks.iter().any(|(fails, _)| !*fails) {
        return Err("the page lacks a failing or a mended example".into());
    }
    for (fails, text) in blocks {
        let checked = check("example.net", &text, &NoFiles);
        let errors: Vec<Code> =
            checked.diagnostics.iter().filter(|one| one.severity == Severity::Error).map(|one| one.code).collect();
        let warned = || checked.diagnostics.iter().any(|one| one.code == code);
        let fits = match (fails, code.severity()) {
            (true, Severity::Error) => !errors.is_empty() && errors.iter().all(|one| *one == code),
            (true, Severity::Warning) => errors.is_empty() && warned(),
            (false, _) => errors.is_empty() && !warned(),
        };
        if !fits {
            return Err(format!("{}\n{text}\n{}", if fails { "failing" } else { "mended" }, shown(&checked)).into());
        }
    }
    Ok(())
}

fn shown(checked: &Checked) -> String {
    render(&checked.diagnostics, &checked.sources, Style::Pretty { colour: false })
}

/// The blocks of a page that are scripts: whether each fails, and its text.
fn blocks(page: &str) -> Vec<(bool, String)> {
    let mut blocks: Vec<(bool, String)> = Vec::new();
    let mut inside = false;
    for line in page.lines() {
        match line.strip_prefix("```") {
            Some(_) if inside => inside = false,
            Some(head) if head == "net" || head.starts_with("net ") => {
                inside = true;
                blocks.push((head.contains("error[") || head.contains("warning["), String::new()));
            }
            _ if inside => {
                if let Some((_, text)) = blocks.last_mut() {
                    text.push_str(line);
                    text.push('\n');
                }
            }
            _ => {}
        }
    }
    blocks
}
