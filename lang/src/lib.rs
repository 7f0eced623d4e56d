//! Text in, checked program out. No I/O.
