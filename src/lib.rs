//! The program: scripts, results, files, pictures.
