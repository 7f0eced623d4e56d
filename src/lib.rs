//! The program: scripts, results, files, pictures.

pub mod build;
pub mod cli;
pub mod equilibrium;
pub mod plot;
pub mod record;
pub mod script;
pub mod session;

pub use bouton_model::value;
