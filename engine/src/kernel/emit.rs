//! Graphs become programs.
