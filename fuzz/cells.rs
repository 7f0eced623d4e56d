//! What must hold of every file of a cell, whatever it is (hoc, points in SWC or ASC, NeuroML): nothing panics or goes on for ever, it is a cell or has an error, every
//! place lies in its text, and the cell written in the language is one that the language accepts.
#![no_main]

use bouton_lang::{World, check};
use bouton_syntax::Severity;
use bouton_syntax::render::{json, lines, pretty};
use libfuzzer_sys::fuzz_target;

/// Longer texts find nothing more, only later; a document of NeuroML with a cell and its channels has as much.
const LONGEST: usize = 12_000;

/// One file, which may load or include itself.
struct Shelf<'a>(&'a str);

impl World for Shelf<'_> {
    fn read(&self, path: &str) -> Result<String, String> {
        match path {
            "a.hoc" | "a.swc" | "a.asc" | "a.nml" => Ok(self.0.to_owned()),
            _ => Err("no such file".to_owned()),
        }
    }
}

/// What a text is read as, by how it begins.
fn file(text: &str) -> &'static str {
    match text.trim_start().bytes().next() {
        Some(b'<') => "a.nml",
        Some(b'(' | b';' | b'"') => "a.asc",
        Some(b'#' | b'0'..=b'9' | b'-') => "a.swc",
        _ => "a.hoc",
    }
}

fuzz_target!(|text: &str| {
    if text.len() > LONGEST {
        return;
    }
    let checked = check("fuzz.net", &format!("cell C = import \"{}\"\n", file(text)), &Shelf(text));
    assert_eq!(checked.program.is_none(), checked.diagnostics.has_errors(), "refused without an error, or accepted with one");
    let (found, sources) = (&checked.diagnostics, &checked.sources);
    assert!(found.is_empty() || !lines(found, sources).is_empty() && !json(found, sources).is_empty() && !pretty(found, sources, true).is_empty());
    for one in found.iter().filter(|one| one.severity == Severity::Error) {
        let name = sources.iter().find(|(id, _)| *id == one.span.file).map_or("", |(_, source)| &source.name);
        assert!(!name.ends_with("in the language"), "{}\n{}", lines(found, sources), one.message);
    }
});
