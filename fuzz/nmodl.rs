//! What must hold of every NMODL file, whatever it is: nothing panics, it is a mechanism or has an error, every place lies in the text, and the mechanism written
//! in the language is one that the language accepts.
#![no_main]

use bouton_lang::import::{describe, rewritten};
use bouton_lang::{World, check};
use bouton_syntax::Severity;
use bouton_syntax::render::{json, lines, pretty};
use libfuzzer_sys::fuzz_target;

/// Longer texts find nothing more, only later.
const LONGEST: usize = 4_000;

/// One file, which may include itself.
struct Shelf<'a>(&'a str);

impl World for Shelf<'_> {
    fn read(&self, path: &str) -> Result<String, String> {
        match path {
            "a.mod" | "a.inc" => Ok(self.0.to_owned()),
            _ => Err("no such file".to_owned()),
        }
    }
}

fuzz_target!(|text: &str| {
    if text.len() <= LONGEST {
        imported(text);
        written(text);
    }
});

fn imported(text: &str) {
    let world = Shelf(text);
    let _ = describe("a.mod", &world, true);
    let checked = check("fuzz.net", "import mechanism \"a.mod\" as m\n", &world);
    assert_eq!(checked.program.is_none(), checked.diagnostics.has_errors(), "refused without an error, or accepted with one");
    let (found, sources) = (&checked.diagnostics, &checked.sources);
    assert!(found.is_empty() || !lines(found, sources).is_empty() && !json(found, sources).is_empty() && !pretty(found, sources, true).is_empty());
}

fn written(text: &str) {
    let Ok(found) = rewritten("a.mod", &Shelf(text)) else { return };
    let told = found.diagnostics.iter().any(|one| one.severity == Severity::Error);
    assert!(found.text.is_some() || found.missing.is_some() || told, "not written, and it is not said why");
    if let Some(text) = found.text {
        let checked = check("written.net", &text, &Shelf(""));
        assert!(checked.program.is_some(), "{text}\n{}", lines(&checked.diagnostics, &checked.sources));
    }
}
