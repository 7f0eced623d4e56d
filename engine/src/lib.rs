//! A plan in, spikes and rows out. No word of the language.

pub mod batch;
mod block;
pub mod cable;
mod crew;
mod event;
pub mod field;
mod flow;
mod group;
mod inbound;
pub mod kernel;
pub mod layout;
pub mod plan;
mod probe;
pub mod profile;
pub mod random;
mod ration;
pub mod run;
mod salvo;
pub mod simd;
pub mod state;
pub mod threads;
pub mod vm;
