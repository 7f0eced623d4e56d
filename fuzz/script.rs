//! What must hold of every text, whatever it is: nothing panics, a script is a program or has an error, every place lies in the text, every fix can be made, and
//! laying out changes no tree and is done with at once.
#![no_main]

use bouton_lang::format::{apply, edits, format};
use bouton_lang::{NoFiles, check};
use bouton_syntax::render::{json, lines, pretty};
use bouton_syntax::{Diagnostic, FileId, Source, parse};
use libfuzzer_sys::fuzz_target;

/// Longer texts find nothing more, only later.
const LONGEST: usize = 4_000;

fuzz_target!(|text: &str| {
    if text.len() <= LONGEST {
        checked(text);
        laid_out(text);
    }
});

fn checked(text: &str) {
    let checked = check("fuzz.net", text, &NoFiles);
    assert_eq!(checked.program.is_none(), checked.diagnostics.has_errors(), "refused without an error, or accepted with one");
    checked.diagnostics.iter().for_each(|one| places(one, text));
    let (found, sources) = (&checked.diagnostics, &checked.sources);
    assert!(found.is_empty() || !lines(found, sources).is_empty() && !json(found, sources).is_empty() && !pretty(found, sources, true).is_empty());
}

/// All places of a finding begin and end between characters.
fn places(one: &Diagnostic, text: &str) {
    let spans = one.labels.iter().map(|(span, _)| *span).chain(one.fix.iter().map(|fix| fix.span)).chain([one.span]);
    for span in spans.filter(|span| span.file == FileId(0)) {
        assert!(text.get(span.range()).is_some(), "{span:?} of {one:?}");
    }
    if let Some(fix) = one.fix.as_ref().filter(|fix| fix.span.file == FileId(0)) {
        let mut mended = text.to_owned();
        mended.replace_range(fix.span.range(), &fix.replacement);
        check("mended.net", &mended, &NoFiles);
    }
}

fn laid_out(text: &str) {
    let source = Source::new("fuzz.net", text);
    let Ok(all) = edits(&source, FileId(0)) else { return };
    let once = apply(text, &all);
    assert_eq!(meaning(text), meaning(&once), "the meaning changed:\n{once}");
    assert_eq!(format(&Source::new("fuzz.net", once.as_str()), FileId(0)).as_ref(), Ok(&once), "not at rest");
}

/// The tree without places, and the comments without the space at their ends.
fn meaning(text: &str) -> (String, Vec<String>) {
    let (file, _) = parse(&Source::new("fuzz.net", text), FileId(0));
    let debug = format!("{:?}", file.items);
    let mut parts = debug.split("Span {");
    let mut tree = parts.next().unwrap_or_default().to_owned();
    parts.for_each(|part| tree.push_str(part.split_once('}').map_or("", |(_, rest)| rest)));
    (tree, file.comments.iter().map(|comment| text[comment.span.range()].trim().to_owned()).collect())
}
