//! Every change that a finding offers: once it is made, the finding is gone.

use bouton_lang::{Checked, Diagnostic, NoFiles, check};
use bouton_syntax::FileId;
use std::path::Path;

/// Scripts with faults: goldens, and the examples of the pages.
fn scripts() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let read = |folder: &str, ending: &'static str| {
        let paths = std::fs::read_dir(root.join(folder)).into_iter().flatten().flatten().map(|entry| entry.path());
        let mut all: Vec<_> = paths.filter(|path| path.extension().is_some_and(|end| end == ending)).collect();
        all.sort();
        let text = |path: &Path| (path.display().to_string(), std::fs::read_to_string(path).unwrap_or_default());
        all.into_iter().map(|path| text(&path)).collect::<Vec<_>>()
    };
    let mut all = [read("tests/golden/errors", "net"), read("syntax/tests/golden/errors", "net")].concat();
    for (name, page) in read("errors", "md") {
        let blocks = page.split("```net ").skip(1).filter_map(|rest| rest.split("```").next()?.split_once('\n'));
        all.extend(blocks.map(|(_, block)| (name.clone(), block.to_owned())));
    }
    all
}

fn checked(text: &str) -> Checked {
    check("fix.net", text, &NoFiles)
}

/// How often the same is told.
fn alike(checked: &Checked, one: &Diagnostic) -> usize {
    let same = |other: &&Diagnostic| other.code == one.code && other.message == one.message;
    checked.diagnostics.iter().filter(same).map(|other| 1 + other.labels.len()).sum()
}

#[test]
fn a_fix_mends_what_it_is_offered_for() {
    let (mut fixes, mut idle) = (0, Vec::new());
    for (name, text) in scripts() {
        let before = checked(&text);
        for one in before.diagnostics.iter() {
            let Some(fix) = one.fix.as_ref().filter(|fix| fix.span.file == FileId(0)) else { continue };
            let mut mended = text.clone();
            mended.replace_range(fix.span.range(), &fix.replacement);
            fixes += 1;
            if alike(&checked(&mended), one) >= alike(&before, one) {
                let line = text[..one.span.start as usize].matches('\n').count() + 1;
                idle.push(format!("{name}:{line}: {} {}: {}", one.code, one.message, fix.message));
            }
        }
    }
    assert!(idle.is_empty(), "{} of {fixes}:\n{}", idle.len(), idle.join("\n"));
    assert!(fixes > 100, "{fixes} fixes");
}
