//! Text in, checked program out. No I/O, nothing is printed, and no text makes it panic.

mod allow;
mod cascade;
mod check;
mod elaborate;
pub mod explain;
pub mod format;
pub mod ide;
pub mod import;
mod library;
mod load;
mod pieces;
mod table;
mod world;

pub use bouton_foreign::python::Interpreter;
pub use bouton_model::ir;
pub use bouton_syntax::{Code, Diagnostic, Diagnostics, Severity, Source, SourceMap};
pub use check::script::evolve;
pub use check::script::series::{ANALYSIS, AnalysisRow};
pub use check::unsupported::{Construct, Row as UnsupportedRow, UNSUPPORTED};
pub use pieces::{Piece, Pieces, Undone};
pub use world::{NoFiles, World, fits};

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
    check_with(name, text, None, world)
}

/// Checks a script as if it ended with the statements of another text, which places and messages keep apart.
#[must_use]
pub fn check_with(name: &str, text: &str, last: Option<Source>, world: &dyn World) -> Checked {
    let mut diagnostics = Diagnostics::new();
    let mut sources = SourceMap::new();
    let mut files = load::load(name, text, last, world, &mut sources, &mut diagnostics);
    let program = elaborate::checked(&mut files, &mut diagnostics).map(|(program, _)| program);
    cascade::settle(&mut diagnostics, &sources);
    allow::silence(&files, &sources, &mut diagnostics);
    let program = if diagnostics.has_errors() { None } else { program };
    Checked { program, diagnostics, sources }
}

#[cfg(test)]
mod testing {
    use super::{Checked, NoFiles, World, check};
    use bouton_syntax::render::lines;

    /// Checks a text that uses no files.
    pub fn check_text(text: &str) -> Checked {
        check("test.net", text, &NoFiles)
    }

    /// Files by their paths.
    struct Files(&'static [(&'static str, &'static str)]);

    impl World for Files {
        fn read(&self, path: &str) -> Result<String, String> {
            let found = self.0.iter().find(|(name, _)| *name == path);
            found.map(|(_, text)| (*text).to_owned()).ok_or_else(|| "no such file".to_owned())
        }
    }

    const FILES: Files = Files(&[
        (
            "lib/cells.net",
            "use \"leak.net\"\ncell C { section soma { L = 20 um, diam = 20 um; insert leak } }\nrun\nsimulation { duration = 5 ms, dt = 0.1 ms }\n",
        ),
        ("lib/leak.net", "use \"cells.net\"\nparam e = -70 mV\nmechanism leak { param g = 1 mS/cm2; current i = g * (v - e) }\n"),
    ]);

    #[test]
    fn declarations_of_used_files_join_and_their_statements_do_not_run() {
        let text = "use \"lib/cells.net\"\nsimulation { dt = 0.05 ms }\npopulation p: C[3]\nrun\n";
        let checked = check("test.net", text, &FILES);
        assert!(checked.diagnostics.is_empty(), "{}", lines(&checked.diagnostics, &checked.sources));
        let program = checked.program.unwrap_or_default();
        assert_eq!((program.statements.len(), program.params.len(), program.populations.len()), (1, 1, 1));
        let simulation = program.simulation;
        assert_eq!(simulation.dt.map(|dt| dt.value), Some(super::ir::Expr::Number(0.05)), "the script's own comes first");
        assert_eq!(simulation.duration.map(|duration| duration.value), Some(super::ir::Expr::Number(5.0)));
    }

    #[test]
    fn names_of_a_file_that_is_not_there_are_not_called_unknown() {
        let checked = check("test.net", "use \"nowhere.net\"\npopulation p: C[3]\nrun duration\n", &FILES);
        let codes: Vec<_> = checked.diagnostics.iter().map(|one| one.code.text()).collect();
        assert_eq!(codes, ["E0601"]);
    }

    #[test]
    fn a_file_called_like_a_unit_leaves_the_unit() {
        let checked = check_text("use std.channels as ms\nlet t = 3 / ms + 5/ms\nprint \"{t}\"\n");
        assert!(checked.diagnostics.is_empty(), "{}", lines(&checked.diagnostics, &checked.sources));
    }
}
