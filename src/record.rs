//! Results in memory and the files they go to. What the script computes of them is `measure`'s matter; pictures are `plot`'s.

pub mod provenance;
pub use provenance::Provenance;
