//! What the language, the importers and the engine share. No syntax trees, no I/O.

pub mod algebra;
pub mod builtin;
pub mod curve;
pub mod geometry;
pub mod ir;
pub mod math;
pub mod unit;
pub mod value;
