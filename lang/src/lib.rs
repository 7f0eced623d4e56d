//! Text in, checked program out. No I/O, nothing is printed, and no text makes it panic.

mod check;
pub mod explain;
mod library;
mod load;
mod world;

pub use bouton_model::ir;
pub use bouton_syntax::{Code, Diagnostic, Diagnostics, Severity, SourceMap};
pub use check::unsupported::{Construct, Row as UnsupportedRow, UNSUPPORTED};
pub use world::{NoFiles, World};

/// What became of a script.
#[derive(Clone, Debug)]
pub struct Checked {
    /// The program; nothing where an error was found.
    pub program: Option<ir::Program>,
    /// Everything that was found, errors and warnings.
    pub diagnostics: Diagnostics,
    /// The script (file 0), the library and the files that the script uses: what the places in diagnostics and program count in.
    pub sources: SourceMap,
}

/// Checks a script. `name` is what messages call it; the files that it uses come from `world`, by their paths as written.
#[must_use]
pub fn check(name: &str, text: &str, world: &dyn World) -> Checked {
    let mut diagnostics = Diagnostics::new();
    let mut sources = SourceMap::new();
    let files = load::load(name, text, world, &mut sources, &mut diagnostics);
    let program = check::check(&files, &mut diagnostics);
    let program = if diagnostics.has_errors() { None } else { program };
    Checked { program, diagnostics, sources }
}

#[cfg(test)]
mod testing {
    use super::{Checked, NoFiles, check};

    /// Checks a text that uses no files.
    pub fn check_text(text: &str) -> Checked {
        check("test.net", text, &NoFiles)
    }
}
