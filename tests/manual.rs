//! The manual says what is so: its scripts are checked, its tables are those of the code, its options those of the
//! command, its picture is what its script draws.
//! `BLESS=1 cargo test --test manual` rewrites tables and picture; the difference is the review.

#[path = "manual/blocks.rs"]
mod blocks;
#[path = "manual/library.rs"]
mod library;
#[path = "manual/nmodl.rs"]
mod nmodl;
#[path = "manual/options.rs"]
mod options;
#[path = "manual/picture.rs"]
mod picture;
#[path = "manual/tables.rs"]
mod tables;
#[path = "manual/tutorials.rs"]
mod tutorials;

use bouton_lang::{Checked, Severity, World, check};
use bouton_syntax::render::{Style, render};
use std::fs;
use std::path::PathBuf;

/// The pages of the manual, with the number of scripts that each has at least.
const PAGES: &[(&str, usize)] = &[
    ("README.md", 1),
    ("docs/language.md", 15),
    ("docs/library.md", 2),
    ("docs/running.md", 2),
    ("docs/numerics.md", 2),
    ("docs/mistakes.md", 0),
    ("docs/editor.md", 0),
    ("docs/mechanisms.md", 0),
    ("docs/cells.md", 0),
    ("docs/rates.md", 6),
    ("docs/first_steps.md", 3),
    ("docs/tutorial/two_populations.md", 1),
    ("docs/tutorial/own_channel.md", 1),
    ("docs/tutorial/layers.md", 1),
    ("docs/tutorial/stimulation.md", 1),
    ("docs/tutorial/gap_junctions.md", 1),
    ("docs/tutorial/point_neurons.md", 2),
    ("docs/tutorial/fitting.md", 1),
    ("docs/tutorial/importing.md", 1),
    ("docs/tutorial/rates.md", 1),
    ("docs/tutorial/neural_masses.md", 4),
    ("docs/coming_from/netpyne.md", 1),
    ("docs/coming_from/neuron.md", 1),
    ("docs/coming_from/brian2.md", 1),
    ("docs/coming_from/pyrates.md", 2),
    ("docs/coming_from/inspyred_and_scipy.md", 2),
    ("docs/optimization.md", 2),
];

fn path(page: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(page)
}

fn read(page: &str) -> String {
    fs::read_to_string(path(page)).unwrap_or_default()
}

/// Whether expectations are to be rewritten.
fn blessing() -> bool {
    std::env::var_os("BLESS").is_some()
}

/// The files that scripts of the manual use.
struct Shelf;

impl World for Shelf {
    fn read(&self, path: &str) -> Result<String, String> {
        match path {
            "my_channels.net" => {
                Ok("mechanism kdr {\n    param gbar = 0.1 S/cm2\n    ion k reads ek writes ik\n    ik = gbar * (v - ek)\n}\n"
                    .into())
            }
            "places.csv" => Ok("x,y,z\n10,20,0\n30,5,0\n".into()),
            "pairs.csv" => Ok("source,target,w\n0,1,0.5\n2,0,1.5\n".into()),
            // Cells of the examples.
            _ if path.starts_with("import/") => {
                fs::read_to_string(self::path("examples").join(path)).map_err(|why| why.to_string())
            }
            _ => Err("it is not there".into()),
        }
    }
}

fn checked(text: &str) -> Checked {
    check("manual.net", text, &Shelf)
}

fn shown(checked: &Checked) -> String {
    render(&checked.diagnostics, &checked.sources, Style::Pretty { colour: false })
}

/// What is wrong with a script that must give these findings and no others.
fn fault(checked: &Checked, code: Option<&str>) -> Option<String> {
    let strange = checked.diagnostics.iter().any(|one| Some(one.code.text()) != code);
    let missing = code.is_some() && checked.diagnostics.is_empty();
    let refused =
        checked.diagnostics.iter().any(|one| one.severity == Severity::Error) != code.is_some_and(|code| code.starts_with('E'));
    (strange || missing || refused).then(|| shown(checked))
}
