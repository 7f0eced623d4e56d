//! Quantities as NeuroML writes them: `120.0 mS_per_cm2`, `-65mV`.

use crate::nmodl::tree::File;
use crate::nmodl::unit::{Unit, Units};

/// A unit as NMODL writes it.
pub fn unit(text: &str) -> Option<Unit> {
    Units::of(&File::default()).read(text)
}

/// A quantity in a unit that NMODL knows; nothing where it is none, or of something else.
pub fn read(text: &str, wanted: &str) -> Option<f64> {
    let text = text.trim();
    // The number goes as far as something reads as one: `1e-3 S`, `5e`.
    let end = (1..=text.len())
        .rev()
        .filter(|at| text.is_char_boundary(*at))
        .find(|at| text[..*at].trim_end().parse::<f64>().is_ok())?;
    let number: f64 = text[..end].trim_end().parse().ok()?;
    let symbol = text[end..].trim();
    if !number.is_finite() {
        return None;
    }
    if wanted == "degC" {
        return match symbol {
            "degC" => Some(number),
            "K" => Some(number - 273.15),
            _ => None,
        };
    }
    if symbol.is_empty() {
        return (wanted.is_empty()).then_some(number);
    }
    let written = match symbol.split_once("per_") {
        Some((over, under)) => {
            format!("{}/{}", over.trim_end_matches('_').replace('_', "-"), under.replace("per_", "").replace('_', "/"))
        }
        None => symbol.replace('_', "-"),
    };
    let (from, to) = (unit(&written)?, unit(wanted)?);
    from.over(&to).map(|factor| exact(number, factor))
}

/// The product that one would write: 120 thousandths are 0.12.
fn exact(number: f64, factor: f64) -> f64 {
    let inverse = (1.0 / factor).round();
    if factor < 1.0 && (inverse * factor - 1.0).abs() < 1e-12 { number / inverse } else { number * factor }
}
