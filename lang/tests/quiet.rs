//! No false alarm: nothing is told of the examples and of the library.

mod beside;

use beside::{Beside, needs_python};
use bouton_lang::check;
use bouton_syntax::render::{Style, render};
use std::path::Path;

/// Checked where it is called: it asks for the time, which a script by itself does not have.
const CALLED: &str = "functions.net";

#[test]
fn nothing_is_told_of_good_scripts() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut seen = 0;
    for folder in [
        "../examples",
        "library",
        "library/cells",
        "library/channels",
        "library/synapses",
        "library/neural_mass",
        "library/oscillators",
    ] {
        for path in std::fs::read_dir(root.join(folder)).into_iter().flatten().flatten().map(|entry| entry.path()) {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if !name.ends_with(".net") || name == CALLED {
                continue;
            }
            let text = std::fs::read_to_string(&path).unwrap_or_default();
            if needs_python(&text) {
                continue;
            }
            seen += 1;
            let checked = check(&name, &text, &Beside(root.join(folder)));
            let told = render(&checked.diagnostics, &checked.sources, Style::Pretty { colour: false });
            assert!(told.is_empty() && checked.program.is_some(), "{}\n{told}", path.display());
        }
    }
    assert!(seen >= 10, "{seen} scripts");
}
