//! The pages of the codes: each exists under its code's title, its failing example gives that code and no other error, and its mended
//! example none.

use bouton_lang::explain::page;
use bouton_lang::{Checked, Code, NoFiles, Severity, check};
use bouton_syntax::render::{Style, render};
use libtest_mimic::{Arguments, Failed, Trial};

fn main() {
    let arguments = Arguments::from_args();
    let trials = Code::ALL.iter().filter_map(|code| Some((*code, page(*code)?)));
    let trials = trials.map(|(code, page)| Trial::test(format!("pages::{code}"), move || check_page(code, page))).collect();
    libtest_mimic::run(&arguments, trials).exit();
}

fn check_page(code: Code, page: &str) -> Result<(), Failed> {
    let title = format!("# {code}: {}", code.title());
    if page.lines().next() != Some(title.as_str()) {
        return Err(format!("the page does not begin with {title:?}").into());
    }
    let blocks = blocks(page);
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
