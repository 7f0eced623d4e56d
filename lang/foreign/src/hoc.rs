//! hoc, the script language of NEURON, as files of cells use it: read into a tree, and followed on the model of cells in `neuron`.

pub mod parse;
mod run;
pub mod token;
pub mod tree;

pub use parse::parse;
pub use run::{Files, Handed, Held, Hoc, Limits, Object, Value};
