//! Bouton's arithmetic: one definition of every function, for numbers and for vectors alike. Not the functions a script may name; those are `builtin`'s.
//!
//! A function here is a fixed sequence of IEEE operations, so a constant folded while compiling has the bits that a kernel would have computed on any
//! machine. The C library's `exp` promises nothing of the kind. Only the sign and payload of a NaN are left open.
//!
//! Errors measured on 40,000 arguments each against a 60-digit reference, in units of the last place: `exp`, `log`, `pow`, `sin` and `cos` stay
//! below 1, `expm1`, `tanh`, `sinh`, `cosh`, `log10` and `atan` below 2, `tan` below 2.1, `asin` and `acos` below 3 (`tests/math.rs` asserts it on fewer). Results underflow gradually.

mod exp;
mod hyperbolic;
mod inverse;
mod log;
mod pow;
mod real;
mod scalar;
mod trig;
mod trig_huge;

pub use exp::{exp, expm1};
pub use hyperbolic::{cosh, sinh, tanh};
pub use inverse::{acos, asin, atan, atan2, sign};
pub use log::{log, log10};
pub use pow::pow;
pub use real::Real;
pub use trig::{cos, sin, tan};
