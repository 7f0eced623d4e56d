//! Colours that people with any kind of colour vision tell apart, and that print well (Okabe and Ito 2008, without the yellow).

/// In the order in which they are used.
pub const COLOURS: &[&str] = &["#0072b2", "#d55e00", "#009e73", "#aa4499", "#e69f00", "#56b4e9", "#444444"];

/// Axes and text.
pub const INK: &str = "#222222";

/// Secondary text.
pub const GREY: &str = "#666666";

/// Lines that only guide the eye.
pub const FAINT: &str = "#dddddd";

/// A shade between light (0) and dark (1), by which values are told apart in print and by all kinds of colour vision: from pale yellow over
/// green to dark blue, evenly darker.
#[must_use]
pub fn shade(part: f64) -> String {
    const STOPS: [[f64; 3]; 5] =
        [[253.0, 243.0, 190.0], [167.0, 216.0, 142.0], [64.0, 170.0, 140.0], [34.0, 104.0, 142.0], [28.0, 32.0, 92.0]];
    let place = part.clamp(0.0, 1.0) * (STOPS.len() - 1) as f64;
    let below = (place.floor() as usize).min(STOPS.len() - 2);
    let rest = place - below as f64;
    let [red, green, blue] =
        std::array::from_fn(|k| (STOPS[below][k] + rest * (STOPS[below + 1][k] - STOPS[below][k])).round() as u8);
    format!("#{red:02x}{green:02x}{blue:02x}")
}

/// The colour of the n-th thing; they repeat.
#[must_use]
pub fn colour(index: usize) -> &'static str {
    COLOURS.get(index % COLOURS.len()).copied().unwrap_or(INK)
}
