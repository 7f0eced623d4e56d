//! A plan in, spikes and rows out. No word of the language.

pub mod vm;
