//! The plain second simulator: what a run computes, written as a specification, to which the engine must be equal bit for bit.
//! One number after the other: no lanes, no blocks, no threads, no cleverness. Not fast, and nobody's model of style for speed.

pub mod by_hand;
pub mod interpreter;
pub mod links;
pub mod models;
mod neuron;
pub mod projections;
pub mod simulator;
