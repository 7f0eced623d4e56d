//! The program: scripts, results, files, pictures.

pub mod value;
