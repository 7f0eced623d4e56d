//! Units of NeuroML and LEMS. Equations are computed with plain numbers, in units that belong together: ms, mV, nA, um, mM, K and what follows from them.

use super::super::Documents;

/// Powers of kg, m, s, A, K and mol.
type Powers = [i32; 6];

/// Powers of ten of kg, m, s, A, K and mol in the units that are computed with: 1 mV is 1e-9 kg (1e-6 m)^2 (1e-3 s)^-3 (1e-9 A)^-1, 1 mM is 1e-18 mol / (1e-6 m)^3.
const OURS: Powers = [-9, -6, -3, -9, 0, -18];

const DIMENSIONS: &[(&str, Powers)] = &[
    ("none", [0, 0, 0, 0, 0, 0]),
    ("time", [0, 0, 1, 0, 0, 0]),
    ("per_time", [0, 0, -1, 0, 0, 0]),
    ("voltage", [1, 2, -3, -1, 0, 0]),
    ("per_voltage", [-1, -2, 3, 1, 0, 0]),
    ("conductance", [-1, -2, 3, 2, 0, 0]),
    ("conductanceDensity", [-1, -4, 3, 2, 0, 0]),
    ("conductance_per_voltage", [-2, -4, 6, 3, 0, 0]),
    ("capacitance", [-1, -2, 4, 2, 0, 0]),
    ("specificCapacitance", [-1, -4, 4, 2, 0, 0]),
    ("resistance", [1, 2, -3, -2, 0, 0]),
    ("resistivity", [1, 3, -3, -2, 0, 0]),
    ("charge", [0, 0, 1, 1, 0, 0]),
    ("charge_per_mole", [0, 0, 1, 1, 0, -1]),
    ("current", [0, 0, 0, 1, 0, 0]),
    ("currentDensity", [0, -2, 0, 1, 0, 0]),
    ("length", [0, 1, 0, 0, 0, 0]),
    ("area", [0, 2, 0, 0, 0, 0]),
    ("volume", [0, 3, 0, 0, 0, 0]),
    ("concentration", [0, -3, 0, 0, 0, 1]),
    ("substance", [0, 0, 0, 0, 0, 1]),
    ("permeability", [0, 1, -1, 0, 0, 0]),
    ("temperature", [0, 0, 0, 0, 1, 0]),
    ("idealGasConstantDims", [1, 2, -2, 0, -1, -1]),
    ("rho_factor", [0, -1, -1, -1, 0, 1]),
];

/// Symbol, dimension, power of ten, and what else it is times SI's unit.
const UNITS: &[(&str, &str, i32, f64)] = &[
    ("s", "time", 0, 1.0),
    ("ms", "time", -3, 1.0),
    ("us", "time", -6, 1.0),
    ("min", "time", 0, 60.0),
    ("hour", "time", 0, 3600.0),
    ("per_s", "per_time", 0, 1.0),
    ("Hz", "per_time", 0, 1.0),
    ("per_ms", "per_time", 3, 1.0),
    ("per_min", "per_time", 0, 1.0 / 60.0),
    ("per_hour", "per_time", 0, 1.0 / 3600.0),
    ("m", "length", 0, 1.0),
    ("cm", "length", -2, 1.0),
    ("mm", "length", -3, 1.0),
    ("um", "length", -6, 1.0),
    ("m2", "area", 0, 1.0),
    ("cm2", "area", -4, 1.0),
    ("um2", "area", -12, 1.0),
    ("m3", "volume", 0, 1.0),
    ("cm3", "volume", -6, 1.0),
    ("litre", "volume", -3, 1.0),
    ("um3", "volume", -18, 1.0),
    ("V", "voltage", 0, 1.0),
    ("mV", "voltage", -3, 1.0),
    ("per_V", "per_voltage", 0, 1.0),
    ("per_mV", "per_voltage", 3, 1.0),
    ("ohm", "resistance", 0, 1.0),
    ("kohm", "resistance", 3, 1.0),
    ("Mohm", "resistance", 6, 1.0),
    ("S", "conductance", 0, 1.0),
    ("mS", "conductance", -3, 1.0),
    ("uS", "conductance", -6, 1.0),
    ("nS", "conductance", -9, 1.0),
    ("pS", "conductance", -12, 1.0),
    ("S_per_m2", "conductanceDensity", 0, 1.0),
    ("mS_per_cm2", "conductanceDensity", 1, 1.0),
    ("S_per_cm2", "conductanceDensity", 4, 1.0),
    ("uS_per_cm2", "conductanceDensity", -2, 1.0),
    ("S_per_V", "conductance_per_voltage", 0, 1.0),
    ("nS_per_mV", "conductance_per_voltage", -6, 1.0),
    ("F", "capacitance", 0, 1.0),
    ("uF", "capacitance", -6, 1.0),
    ("nF", "capacitance", -9, 1.0),
    ("pF", "capacitance", -12, 1.0),
    ("F_per_m2", "specificCapacitance", 0, 1.0),
    ("uF_per_cm2", "specificCapacitance", -2, 1.0),
    ("ohm_m", "resistivity", 0, 1.0),
    ("kohm_cm", "resistivity", 1, 1.0),
    ("ohm_cm", "resistivity", -2, 1.0),
    ("C", "charge", 0, 1.0),
    ("e", "charge", 0, 1.602_176_634e-19),
    ("C_per_mol", "charge_per_mole", 0, 1.0),
    ("nA_ms_per_amol", "charge_per_mole", 6, 1.0),
    ("pC_per_umol", "charge_per_mole", -6, 1.0),
    ("A", "current", 0, 1.0),
    ("uA", "current", -6, 1.0),
    ("nA", "current", -9, 1.0),
    ("pA", "current", -12, 1.0),
    ("A_per_m2", "currentDensity", 0, 1.0),
    ("uA_per_cm2", "currentDensity", -2, 1.0),
    ("mA_per_cm2", "currentDensity", 1, 1.0),
    ("mol_per_m3", "concentration", 0, 1.0),
    ("mol_per_cm3", "concentration", 6, 1.0),
    ("M", "concentration", 3, 1.0),
    ("mM", "concentration", 0, 1.0),
    ("uM", "concentration", -3, 1.0),
    ("nM", "concentration", -6, 1.0),
    ("mol", "substance", 0, 1.0),
    ("m_per_s", "permeability", 0, 1.0),
    ("cm_per_s", "permeability", -2, 1.0),
    ("um_per_ms", "permeability", -3, 1.0),
    ("cm_per_ms", "permeability", 1, 1.0),
    ("K", "temperature", 0, 1.0),
    ("J_per_K_per_mol", "idealGasConstantDims", 0, 1.0),
    ("fJ_per_K_per_umol", "idealGasConstantDims", -9, 1.0),
    ("mol_per_m_per_A_per_s", "rho_factor", 0, 1.0),
    ("mol_per_cm_per_uA_per_ms", "rho_factor", 11, 1.0),
    ("umol_per_cm_per_nA_per_ms", "rho_factor", 8, 1.0),
];

/// A quantity as a plain number, in the units that are computed with. `wanted` is the dimension that it has to have, where that is known.
///
/// # Errors
/// Why it is none.
pub fn plain(documents: &Documents<'_>, text: &str, wanted: Option<&str>) -> Result<f64, String> {
    let text = text.trim();
    // The number goes as far as something reads as one: `1e-3 S`, `5e`.
    let ends = (1..=text.len()).rev().filter(|at| text.is_char_boundary(*at));
    let Some((number, symbol)) = ends
        .filter_map(|at| text[..at].trim_end().parse::<f64>().ok().map(|number| (number, text[at..].trim())))
        .find(|(number, _)| number.is_finite())
    else {
        return Err(format!("`{text}` is no quantity"));
    };
    let wanted = wanted.and_then(|name| dimension(documents, name).map(|powers| (name, powers)));
    if symbol.is_empty() {
        return match wanted {
            Some((name, powers)) if powers != [0; 6] => Err(format!("`{text}` has no unit, and is a {name}")),
            _ => Ok(number),
        };
    }
    let (powers, power, scale, offset) = unit(documents, symbol).ok_or_else(|| format!("`{symbol}` is no unit"))?;
    if let Some((name, wanted)) = wanted
        && powers != wanted
    {
        return Err(format!("`{text}` is no {name}"));
    }
    let own: i32 = powers.iter().zip(OURS).map(|(count, power)| count * power).sum();
    Ok(shifted(number * scale, power - own) + offset)
}

/// The product that one would write: 120 thousandths are 0.12.
fn shifted(number: f64, power: i32) -> f64 {
    if power < 0 { number / 10f64.powi(-power) } else { number * 10f64.powi(power) }
}

/// Powers, power of ten, factor, and what is added.
fn unit(documents: &Documents<'_>, symbol: &str) -> Option<(Powers, i32, f64, f64)> {
    if symbol == "degC" {
        return Some((dimension(documents, "temperature")?, 0, 1.0, 273.15));
    }
    if let Some((_, of, power, scale)) = UNITS.iter().find(|one| one.0 == symbol) {
        return Some((dimension(documents, of)?, *power, *scale, 0.0));
    }
    let node = documents.lems("Unit").find(|node| node.attribute("symbol") == Some(symbol))?;
    let number = |name: &str, otherwise: f64| node.attribute(name).map_or(Some(otherwise), |text| text.trim().parse().ok());
    let power = number("power", 0.0)? as i32;
    Some((dimension(documents, node.attribute("dimension")?)?, power, number("scale", 1.0)?, number("offset", 0.0)?))
}

fn dimension(documents: &Documents<'_>, name: &str) -> Option<Powers> {
    if let Some((_, powers)) = DIMENSIONS.iter().find(|one| one.0 == name) {
        return Some(*powers);
    }
    let node = documents.lems("Dimension").find(|node| node.attribute("name") == Some(name))?;
    let power = |name: &str| node.attribute(name).map_or(Some(0), |text| text.trim().parse().ok());
    Some([power("m")?, power("l")?, power("t")?, power("i")?, power("k")?, power("n")?])
}
