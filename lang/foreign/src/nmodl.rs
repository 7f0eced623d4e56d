//! NMODL: the language of NEURON's mechanisms, as real files write it.

mod code;
pub mod consistency;
pub mod parse;
pub mod pointer;
mod start;
mod threads;
pub mod token;
pub mod translate;
pub mod tree;
pub mod unit;

pub use consistency::inconsistent;
pub use parse::parse;
pub use token::{Include, decode};
pub(crate) use translate::six_digits;
pub use translate::{Translated, evaluated, translate, with_tables};
pub(crate) use translate::{is_called, table_units};
