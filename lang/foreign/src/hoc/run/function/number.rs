//! Functions of numbers and of the call.

use crate::hoc::run::value::Value;
use crate::hoc::run::{Done, Hoc};
use crate::neuron::place::Range;
use bouton_model::math;

impl Hoc<'_> {
    pub(in crate::hoc::run) fn of_numbers(&mut self, name: &str, arguments: &[Value]) -> Done<Option<f64>> {
        let number = |at: usize| match arguments.get(at) {
            Some(Value::Number(value)) => Ok(*value),
            _ => Err(format!("`{name}` takes numbers")),
        };
        // Of 0 it is minus infinity, as NEURON goes on with a warning.
        let above = |x: f64| if x >= 0.0 { Ok(x) } else { Err(format!("`{name}` of {x}")) };
        Ok(Some(match name {
            "sin" => math::sin(number(0)?),
            "cos" => math::cos(number(0)?),
            "tan" => math::tan(number(0)?),
            "tanh" => math::tanh(number(0)?),
            "exp" => math::exp(number(0)?),
            "log" => math::log(above(number(0)?)?),
            "log10" => math::log10(above(number(0)?)?),
            "sqrt" if number(0)? < 0.0 => return Err(format!("`sqrt` of {}", number(0)?).into()),
            "sqrt" => number(0)?.sqrt(),
            "abs" => number(0)?.abs(),
            "int" => number(0)?.trunc(),
            "atan" => arctangent(number(0)?),
            "atan2" => arctangent2(number(0)?, number(1)?),
            "asin" => arctangent2(number(0)?, (1.0 - number(0)? * number(0)?).sqrt()),
            "acos" => arctangent2((1.0 - number(0)? * number(0)?).sqrt(), number(0)?),
            "numarg" => self.frame().arguments.len() as f64,
            "argtype" => {
                let at = number(0)? as usize;
                match self.frame().arguments.get(at.wrapping_sub(1)).cloned() {
                    Some(Value::Number(_)) => 0.0,
                    Some(Value::Object(_)) => 1.0,
                    Some(Value::Text(_)) => 2.0,
                    // Texts and objects are handed over by reference.
                    Some(Value::Address(place)) => match self.get(&place)? {
                        Value::Object(_) => 1.0,
                        Value::Text(_) => 2.0,
                        _ => 3.0,
                    },
                    None => -1.0,
                }
            }
            "stopped" | "hoc_ac_" | "unix_mac_pc" if name == "unix_mac_pc" => 1.0,
            "stopped" => 0.0,
            "nrnversion" if arguments.is_empty() => return Ok(None),
            "mcell_ran4" | "mcell_ran4_init" => self.of_ran4(name, arguments)?,
            "use_mcell_ran4" => 0.0,
            "ghk" => {
                let (v, inside, outside, charge) = (number(0)?, number(1)?, number(2)?, number(3)?);
                let x = charge * v / self.thermal();
                let part = |x: f64| if x.abs() < 1e-4 { 1.0 - x / 2.0 } else { x / (math::exp(x) - 1.0) };
                0.001 * charge * FARADAY * (inside * part(-x) - outside * part(x))
            }
            "nernst" => match arguments.first() {
                Some(Value::Text(of)) => self.nernst_of(of, number(1).unwrap_or(0.5))?,
                _ => self.nernst(number(0)?, number(1)?, number(2)?),
            },
            _ => return Ok(None),
        }))
    }

    /// The reversal potential (mV) between two concentrations, with NEURON's values where one is none.
    fn nernst(&self, inside: f64, outside: f64, charge: f64) -> f64 {
        const ENDLESS: f64 = 1e6;
        match () {
            () if charge == 0.0 => 0.0,
            () if inside <= 0.0 => ENDLESS,
            () if outside <= 0.0 => -ENDLESS,
            () => self.thermal() / charge * math::log(outside / inside),
        }
    }

    /// `nernst("ena")`: a value of an ion of the accessed section as it follows from the ion's other two.
    fn nernst_of(&mut self, of: &str, x: f64) -> Done<f64> {
        let Some((ion, which)) = self.model.catalog.ion(of) else {
            return Err(format!("`{of}` is no reversal potential or concentration").into());
        };
        let section = self.accessed()?;
        let value = |which| self.model.get(section, &Range::Ion(ion.clone(), which), x);
        let charge = self.model.catalog.charge(&ion);
        Ok(match which {
            0 => self.nernst(value(1)?, value(2)?, charge),
            1 => value(2)? * math::exp(-charge / self.thermal() * value(0)?),
            _ => value(1)? * math::exp(charge / self.thermal() * value(0)?),
        })
    }

    /// RT / F (mV) at the temperature that the file has set.
    fn thermal(&self) -> f64 {
        let kelvin = self.model.global("celsius").unwrap_or(6.3) + 273.15;
        1e3 * 8.314_462_618_153_24 * kelvin / FARADAY
    }
}

/// C/mol
const FARADAY: f64 = 96_485.332_123_310_01;

/// The angle of a slope.
fn arctangent(x: f64) -> f64 {
    // Halved until the series converges: atan x = 2 atan(x / (1 + sqrt(1 + x^2))).
    let mut y = x;
    for _ in 0..3 {
        y /= 1.0 + (1.0 + y * y).sqrt();
    }
    let square = y * y;
    let mut term = y;
    let mut sum = y;
    for k in 1..40 {
        term *= -square;
        sum += term / f64::from(2 * k + 1);
    }
    sum * 8.0
}

fn arctangent2(y: f64, x: f64) -> f64 {
    use std::f64::consts::PI;
    match (x, y) {
        (0.0, 0.0) => 0.0,
        (0.0, y) => (PI / 2.0).copysign(y),
        (x, y) if x > 0.0 => arctangent(y / x),
        (x, y) => arctangent(y / x) + PI.copysign(y),
    }
}
