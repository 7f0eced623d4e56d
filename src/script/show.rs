//! Values as text: six significant digits and the unit, or the digits that the script asks for.

use crate::value::Value;
use bouton_model::ir::{Expr, NumberFormat, NumberStyle, Shown};
use bouton_model::unit::Dimension;

/// 0 degC in K.
const ICE: f64 = 273.15;

/// A value as `print` shows it.
pub fn shown(value: Value, how: &Shown) -> String {
    let x = match value {
        Value::Bool(truth) => return truth.to_string(),
        Value::Number(x) => x,
    };
    let unit = &*how.unit.0;
    let x = in_unit(x, how);
    let text = match how.format {
        Some(format) => formatted(x, format),
        None => number(x),
    };
    match unit {
        "" => text,
        over if over.starts_with('/') => format!("{text}{over}"),
        _ => format!("{text} {unit}"),
    }
}

/// A value counted in the unit in which it is shown.
pub fn in_unit(x: f64, how: &Shown) -> f64 {
    if how.affine { x - ICE } else { x / how.unit.1 }
}

/// A value of a dimension in the unit in which it is shown.
pub fn quantity(x: f64, dimension: &Dimension) -> String {
    let shown = bouton_model::unit::quantity::shown(dimension);
    let unit = (shown.text.as_str().into(), shown.unit.factor());
    self::shown(Value::Number(x), &Shown { value: Expr::Number(x), unit, format: None, affine: false })
}

fn formatted(x: f64, format: NumberFormat) -> String {
    let text = match (format.style, format.digits) {
        (NumberStyle::Fixed, Some(digits)) => fixed(x, digits),
        (NumberStyle::Exponent, Some(digits)) => exponent(x, digits),
        (NumberStyle::General, Some(digits)) => general(x, digits.max(1)),
        (_, None) => number(x),
    };
    format!("{text:>width$}", width = format.width)
}

/// `5.00e-2`: so many digits behind the point, and a power of ten.
fn exponent(x: f64, digits: usize) -> String {
    if x.is_finite() { format!("{x:.digits$e}") } else { format!("{x}") }
}

/// So many significant digits, with a power of ten where the number would be long.
fn general(x: f64, digits: usize) -> String {
    if x == 0.0 || !x.is_finite() {
        return if x == 0.0 { "0".to_owned() } else { format!("{x}") };
    }
    let rounded: f64 = exponent(x, digits - 1).parse().unwrap_or(x);
    if (1e-5..10_f64.powi(digits.max(6) as i32)).contains(&rounded.abs()) { format!("{rounded}") } else { format!("{rounded:e}") }
}

/// So many digits behind the point; what rounds to zero has no sign.
fn fixed(x: f64, digits: usize) -> String {
    let text = format!("{x:.digits$}");
    match text.strip_prefix('-') {
        Some(rest) if rest.bytes().all(|b| b == b'0' || b == b'.') => rest.to_owned(),
        _ => text,
    }
}

/// Six significant digits without trailing zeros; whole numbers in full.
pub fn number(x: f64) -> String {
    if x == 0.0 {
        return "0".to_owned();
    }
    if x.fract() == 0.0 && x.abs() < 1e15 {
        return format!("{x:.0}");
    }
    let rounded: f64 = format!("{x:.5e}").parse().unwrap_or(x);
    if !x.is_finite() || (1e-5..1e15).contains(&rounded.abs()) { format!("{rounded}") } else { format!("{rounded:e}") }
}

#[cfg(test)]
mod tests {
    use super::{formatted, number, shown};
    use crate::value::Value;
    use bouton_model::ir::{Expr, NumberFormat, NumberStyle, Shown};

    fn show(x: f64, unit: &str, factor: f64, digits: Option<usize>) -> String {
        let format = digits.map(|digits| NumberFormat { width: 0, digits: Some(digits), style: NumberStyle::Fixed });
        shown(Value::Number(x), &Shown { value: Expr::Number(x), unit: (unit.into(), factor), format, affine: unit == "degC" })
    }

    #[test]
    fn formats() {
        let format = |x, width, digits, style| formatted(x, NumberFormat { width, digits, style });
        assert_eq!(format(0.012_345, 0, Some(2), NumberStyle::Exponent), "1.23e-2");
        assert_eq!(format(-12_345.0, 12, Some(1), NumberStyle::Exponent), "      -1.2e4");
        assert_eq!(format(1234.567, 9, Some(1), NumberStyle::Fixed), "   1234.6");
        assert_eq!(
            [0.012_345, 123_456_789.0, 1e-9, 0.0].map(|x| format(x, 0, Some(3), NumberStyle::General)),
            ["0.0123", "1.23e8", "1e-9", "0"]
        );
        assert_eq!(format(1.0 / 3.0, 10, None, NumberStyle::General), "  0.333333");
    }

    #[test]
    fn six_digits_and_whole_numbers_in_full() {
        let texts = [10.199_999_999_9, 1.0 / 3.0, 1_234_567.0, 1_234_567.8, 2.5e-7, -0.0, 1e20].map(number);
        assert_eq!(texts, ["10.2", "0.333333", "1234567", "1234570", "2.5e-7", "0", "1e20"]);
        assert_eq!([number(f64::NAN), number(f64::INFINITY)], ["NaN", "inf"]);
    }

    #[test]
    fn units_follow() {
        assert_eq!(show(0.0367, "Hz", 1e-3, None), "36.7 Hz");
        assert_eq!(show(0.1, "/ms/mV", 1.0, None), "0.1/ms/mV");
        assert_eq!(show(0.036_712, "Hz", 1e-3, Some(1)), "36.7 Hz");
        assert_eq!(show(-0.001, "", 1.0, Some(2)), "0.00");
        assert_eq!(show(279.45, "degC", 1.0, Some(1)), "6.3 degC");
        let truth = Shown { value: Expr::Bool(true), unit: ("".into(), 1.0), format: None, affine: false };
        assert_eq!(shown(Value::Bool(true), &truth), "true");
    }
}
