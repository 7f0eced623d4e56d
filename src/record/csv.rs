//! Comma-separated values as they grow, and numbers as texts: the shortest that read back the same.

use std::fmt::Write;

/// Rows of numbers beside their times, one line each; columns are in units of their own.
#[must_use]
pub fn rows(times: &[f64], columns: &[(&[f64], bouton_model::unit::table::Unit)]) -> String {
    let mut text = String::new();
    for (row, time) in times.iter().enumerate() {
        let _ = write!(text, "{}", Number(*time));
        for (values, unit) in columns {
            let _ = write!(text, ",{}", Number(unit.count(values.get(row).copied().unwrap_or(f64::NAN))));
        }
        text.push('\n');
    }
    text
}

/// The shortest text that reads back as the same number.
pub struct Number(pub f64);

impl std::fmt::Display for Number {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let x = self.0;
        if x == 0.0 || (1e-5..1e16).contains(&x.abs()) { write!(out, "{x}") } else { write!(out, "{x:e}") }
    }
}

#[cfg(test)]
mod tests {
    use super::Number;

    #[test]
    fn numbers_read_back_the_same() {
        for x in [7.825_000_000_100_077_5, 0.1, -65.0, 1e-300, 1.5e22, 0.0, f64::MIN_POSITIVE, 1.0 / 3.0] {
            assert_eq!(Number(x).to_string().parse::<f64>().map(f64::to_bits), Ok(x.to_bits()));
        }
        assert_eq!([Number(1000.0).to_string(), Number(2e-9).to_string(), Number(f64::NAN).to_string()], ["1000", "2e-9", "NaN"]);
    }
}
