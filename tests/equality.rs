//! The engine against the plain second simulator, bit for bit.

mod reference;
