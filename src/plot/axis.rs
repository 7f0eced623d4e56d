//! Axes: where the ticks lie, how they are labelled, how they are drawn.

use super::svg::{Anchor, Svg};
use super::{Frame, LETTERS, palette};

/// From data to the picture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scale {
    /// Range of the data.
    pub data: (f64, f64),
    /// Where its ends lie in the picture.
    pub picture: (f64, f64),
}

impl Scale {
    /// Where a value lies.
    #[must_use]
    pub fn at(&self, value: f64) -> f64 {
        let (low, high) = self.data;
        let part = if high > low { (value - low) / (high - low) } else { 0.5 };
        self.picture.0 + part * (self.picture.1 - self.picture.0)
    }
}

/// Ticks at 1, 2 or 5 times a power of ten.
#[derive(Clone, Debug, PartialEq)]
pub struct Ticks {
    /// Their values, rising.
    pub values: Vec<f64>,
    /// Digits after the point that tell them apart.
    pub decimals: usize,
    /// A power of ten taken out of the labels; 0 for none.
    pub power: i32,
}

/// About `wanted` ticks in a range; none in an empty or infinite one.
#[must_use]
pub fn ticks((low, high): (f64, f64), wanted: usize) -> Ticks {
    let span = high - low;
    if !(span > 0.0 && span.is_finite()) {
        return Ticks { values: Vec::new(), decimals: 0, power: 0 };
    }
    let step = nice(span / wanted.max(1) as f64);
    let power = power_taken_out(low, high);
    let first = (low / step - 1e-9).ceil();
    let count = ((high / step + 1e-9).floor() - first).max(0.0) as usize;
    let values = (0..=count.min(1000)).map(|k| (first + k as f64) * step + 0.0).collect();
    let decimals = usize::try_from(power - magnitude(step)).unwrap_or(0);
    Ticks { values, decimals, power }
}

/// Ticks of an axis of ratios, whose range is one of powers of ten: each power, and 2 and 5 times it where there are few.
#[must_use]
pub fn decades((low, high): (f64, f64)) -> Ticks {
    let powers = low.floor() as i32..=high.ceil() as i32;
    let sensible = (high - low).is_finite() && high - low < 600.0;
    let steps: &[f64] = if high - low < 2.5 { &[1.0, 2.0, 5.0] } else { &[1.0] };
    let every = (((high - low) / 8.0).ceil() as usize).max(1);
    let powers = powers.step_by(every).take_while(|_| sensible);
    let values = powers.flat_map(|power| steps.iter().map(move |step| bouton_model::math::log10(step * power_of_ten(power))));
    Ticks { values: values.filter(|x| (low..=high).contains(x)).collect(), decimals: LOG, power: 0 }
}

/// Marks ticks of an axis of ratios.
const LOG: usize = usize::MAX;

/// A number with at most six digits.
#[must_use]
pub fn short(x: f64) -> String {
    let rounded: f64 = format!("{x:.5e}").parse().unwrap_or(x);
    if x == 0.0 || (1e-4..1e6).contains(&rounded.abs()) { format!("{rounded}") } else { format!("{rounded:e}") }
}

/// The least of 1, 2, 5 times a power of ten that is not below `rough`.
fn nice(rough: f64) -> f64 {
    let base = power_of_ten(magnitude(rough));
    let steps = [1.0, 2.0, 5.0, 10.0];
    steps.iter().map(|s| s * base).find(|step| *step >= rough * (1.0 - 1e-9)).unwrap_or(10.0 * base)
}

/// Very large and very small numbers are labelled without their power of ten.
fn power_taken_out(low: f64, high: f64) -> i32 {
    let power = magnitude(low.abs().max(high.abs()));
    if (-2..5).contains(&power) { 0 } else { power }
}

/// The power of ten of a number's first digit. Through its text, because logarithms of the system differ in the last bit.
fn magnitude(x: f64) -> i32 {
    format!("{x:e}").split_once('e').and_then(|(_, power)| power.parse().ok()).unwrap_or(0)
}

/// The number nearest to a power of ten.
fn power_of_ten(power: i32) -> f64 {
    format!("1e{power}").parse().unwrap_or(1.0)
}

impl Ticks {
    /// The label of a tick, with a true minus sign.
    #[must_use]
    pub fn label(&self, value: f64) -> String {
        if self.decimals == LOG {
            let digits: f64 = format!("{:.3e}", bouton_model::math::pow(10.0, value)).parse().unwrap_or(value);
            return short(digits);
        }
        let text = format!("{:.*}", self.decimals, value / power_of_ten(self.power));
        match text.strip_prefix('-') {
            Some(digits) if digits.bytes().any(|b| (b'1'..=b'9').contains(&b)) => format!("\u{2212}{digits}"),
            Some(digits) => digits.to_owned(),
            None => text,
        }
    }

    /// `unit` with the power that the labels leave out: `10⁻⁶ uS`.
    #[must_use]
    pub fn unit(&self, unit: &str) -> String {
        if self.power == 0 {
            return unit.to_owned();
        }
        let digits = "⁰¹²³⁴⁵⁶⁷⁸⁹";
        let sign = if self.power < 0 { "⁻" } else { "" };
        let number: String =
            self.power.abs().to_string().bytes().filter_map(|b| digits.chars().nth(usize::from(b.wrapping_sub(b'0')))).collect();
        format!("10{sign}{number} {unit}").trim_end().to_owned()
    }
}

/// The axis below a frame, with its name.
pub fn below(svg: &mut Svg, frame: &Frame, scale: &Scale, ticks: &Ticks, name: &str) {
    baseline(svg, frame, scale, ticks);
    for value in &ticks.values {
        svg.text((scale.at(*value), frame.bottom + 17.0), Anchor::Middle, LETTERS, palette::INK, &ticks.label(*value));
    }
    let middle = (frame.left + frame.right) / 2.0;
    svg.text((middle, frame.bottom + 35.0), Anchor::Middle, LETTERS + 1.0, palette::INK, name);
}

/// The axis below a frame without labels, where another panel follows.
pub fn baseline(svg: &mut Svg, frame: &Frame, scale: &Scale, ticks: &Ticks) {
    svg.line((frame.left, frame.bottom), (frame.right, frame.bottom), palette::INK, 0.8);
    for value in &ticks.values {
        let x = scale.at(*value);
        svg.line((x, frame.bottom), (x, frame.bottom + 4.0), palette::INK, 0.8);
    }
}

/// The axis on the left of a frame, with its name.
pub fn left(svg: &mut Svg, frame: &Frame, scale: &Scale, ticks: &Ticks, name: &str) {
    svg.line((frame.left, frame.top), (frame.left, frame.bottom), palette::INK, 0.8);
    let mut widest = 0.0_f64;
    for value in &ticks.values {
        let label = ticks.label(*value);
        left_tick(svg, frame, scale.at(*value), &label);
        widest = widest.max(super::svg::text_width(&label, LETTERS));
    }
    left_name(svg, frame, widest, name);
}

/// A tick with its label on the left of a frame.
pub fn left_tick(svg: &mut Svg, frame: &Frame, y: f64, label: &str) {
    svg.line((frame.left - 4.0, y), (frame.left, y), palette::INK, 0.8);
    svg.text((frame.left - 8.0, y + 0.36 * LETTERS), Anchor::End, LETTERS, palette::INK, label);
}

/// The name of the axis on the left, upright beside labels of this width.
pub fn left_name(svg: &mut Svg, frame: &Frame, widest: f64, name: &str) {
    let x = (frame.left - 8.0 - widest - 10.0).max(LETTERS);
    svg.upright((x, (frame.top + frame.bottom) / 2.0), LETTERS + 1.0, palette::INK, name);
}

#[cfg(test)]
mod tests {
    use super::{Scale, ticks};

    fn labels(range: (f64, f64), wanted: usize) -> Vec<String> {
        let ticks = ticks(range, wanted);
        ticks.values.iter().map(|v| ticks.label(*v)).collect()
    }

    #[test]
    fn ticks_are_round_numbers() {
        assert_eq!(labels((0.0, 1000.0), 6), ["0", "200", "400", "600", "800", "1000"]);
        assert_eq!(labels((-81.0, 42.0), 5), ["\u{2212}50", "0"]);
        assert_eq!(labels((-81.0, 42.0), 7), ["\u{2212}80", "\u{2212}60", "\u{2212}40", "\u{2212}20", "0", "20", "40"]);
        assert_eq!(labels((-0.11, 0.21), 4), ["\u{2212}0.1", "0.0", "0.1", "0.2"]);
        assert_eq!(labels((0.0, 0.3), 3), ["0.0", "0.1", "0.2", "0.3"]);
    }

    #[test]
    fn small_and_large_numbers_leave_their_power_to_the_unit() {
        let small = ticks((0.0, 3e-6), 3);
        assert_eq!(small.label(2e-6), "2");
        assert_eq!(small.unit("uS"), "10⁻⁶ uS");
        assert_eq!(ticks((0.0, 2.5e7), 5).unit(""), "10⁷");
    }

    #[test]
    fn nothing_sensible_has_no_ticks() {
        assert!(ticks((0.0, 0.0), 5).values.is_empty());
        assert!(ticks((0.0, f64::INFINITY), 5).values.is_empty());
        assert!(ticks((f64::NAN, 1.0), 5).values.is_empty());
    }

    #[test]
    fn a_scale_may_be_upside_down() {
        let scale = Scale { data: (-80.0, 40.0), picture: (300.0, 0.0) };
        assert_eq!(scale.at(-80.0), 300.0);
        assert_eq!(scale.at(40.0), 0.0);
        assert_eq!(Scale { data: (1.0, 1.0), picture: (0.0, 10.0) }.at(1.0), 5.0);
    }
}
