//! A graph of values.
