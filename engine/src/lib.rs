//! A plan in, spikes and rows out. No word of the language.

pub mod kernel;
pub mod plan;
pub mod random;
pub mod run;
pub mod simd;
pub mod vm;
