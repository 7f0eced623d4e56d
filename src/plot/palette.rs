//! Colours that people with any kind of colour vision tell apart, and that print well (Okabe and Ito 2008, without the yellow).

/// In the order in which they are used.
pub const COLOURS: &[&str] = &["#0072b2", "#d55e00", "#009e73", "#aa4499", "#e69f00", "#56b4e9", "#444444"];

/// Axes and text.
pub const INK: &str = "#222222";

/// Secondary text.
pub const GREY: &str = "#666666";

/// Lines that only guide the eye.
pub const FAINT: &str = "#dddddd";

/// The colour of the n-th thing; they repeat.
#[must_use]
pub fn colour(index: usize) -> &'static str {
    COLOURS.get(index % COLOURS.len()).copied().unwrap_or(INK)
}
