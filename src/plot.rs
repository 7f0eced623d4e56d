//! Pictures of results as SVG, written here without a drawing library: equal results give equal bytes. As PNG they are drawn by resvg.
//! What is shown is decided by the script; how it looks, here.

pub mod axis;
pub mod bitmap;
pub mod braille;
pub mod cloud;
pub mod curves;
pub mod histogram;
pub mod matrix;
pub mod morphology;
pub mod palette;
pub mod raster;
pub mod reduce;
pub mod svg;
pub mod traces;

pub use cloud::Cloud;
pub use curves::{Curve, Curves, Style};
pub use histogram::{Bars, Histogram};
pub use matrix::Matrix;
pub use morphology::Morphology;
pub use raster::{Band, Raster};
pub use traces::{Line, Traces};

/// Width of every picture in its own units; a unit is a quarter of a millimetre.
pub const WIDTH: f64 = 720.0;

/// Size of ordinary letters: 7.8 points in print.
pub const LETTERS: f64 = 11.0;

/// The rectangle that data are drawn in, in the picture's units; y grows downward.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Frame {
    /// Left edge.
    pub left: f64,
    /// Right edge.
    pub right: f64,
    /// Upper edge.
    pub top: f64,
    /// Lower edge.
    pub bottom: f64,
}

/// `v (mV)`, or one of the two where the other is empty.
#[must_use]
pub fn labelled(name: &str, unit: &str) -> String {
    match (name, unit) {
        ("", unit) => unit.to_owned(),
        (name, "") => name.to_owned(),
        (name, unit) => format!("{name} ({unit})"),
    }
}

/// How the time axis of a window (ms) is labelled: the unit and its length in ms.
#[must_use]
pub fn time_unit((start, end): (f64, f64)) -> (&'static str, f64) {
    if end - start > 10_000.0 { ("s", 1000.0) } else { ("ms", 1.0) }
}
