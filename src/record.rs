//! Results in memory and the files they go to. What a script computes of them is asked for here; pictures are `plot`'s.

pub mod computed;
pub mod csv;
pub mod features;
pub mod measure;
pub mod npy;
pub mod output;
pub mod provenance;
pub mod results;
pub mod spare;
pub mod spectrum;
pub mod state;
pub mod table;

pub use computed::{Computed, Piece};
pub use output::{Growing, Lines, OutputDirectory, WriteError};
pub use provenance::Provenance;
pub use results::{Results, Samples, Window};
pub use spare::Spare;
pub use table::{Format, Table};
