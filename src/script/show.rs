//! Values as text: six significant digits and the unit, or the digits that the script asks for.

use crate::value::Value;
use bouton_model::ir::Shown;

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
    let text = match how.digits {
        Some(digits) => fixed(x, digits),
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
    use super::{number, shown};
    use crate::value::Value;
    use bouton_model::ir::{Expr, Shown};

    fn show(x: f64, unit: &str, factor: f64, digits: Option<usize>) -> String {
        shown(Value::Number(x), &Shown { value: Expr::Number(x), unit: (unit.into(), factor), digits, affine: unit == "degC" })
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
        let truth = Shown { value: Expr::Bool(true), unit: ("".into(), 1.0), digits: None, affine: false };
        assert_eq!(shown(Value::Bool(true), &truth), "true");
    }
}
