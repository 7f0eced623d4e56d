//! Values of ions in a section: what the section sets, else NEURON's defaults.

use super::constants::Constants;
use super::range::{self, Told};
use crate::value::nernst;
use bouton_model::ir::{IonQuantity, Name, Program, Section, VariableKind};
use std::collections::HashMap;

/// Concentrations inside and outside (mM), reversal potential (mV) and valence of an ion.
struct Defaults {
    inside: f64,
    outside: f64,
    reversal: f64,
    /// 0 where it is not known.
    valence: f64,
}

fn defaults(ion: &str) -> Defaults {
    let (inside, outside, reversal, valence) = match ion {
        "na" => (10.0, 140.0, 50.0, 1.0),
        "k" => (54.4, 2.5, -77.0, 1.0),
        "ca" => (5e-5, 2.0, 132.457_934_163_700_9, 2.0),
        _ => (1.0, 1.0, 0.0, 0.0),
    };
    Defaults { inside, outside, reversal, valence }
}

/// The ions of one section.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ions {
    reversal: HashMap<Name, f64>,
}

impl Ions {
    /// What a section sets, and what follows from its mechanisms: where one reads a concentration, a reversal potential that the section does not
    /// set is the Nernst potential.
    ///
    /// # Errors
    /// A value out of range.
    pub fn of(section: &Section, program: &Program, constants: &Constants) -> Result<Ions, Told> {
        let mut reversal = HashMap::new();
        for ion in read_concentrations(section, program) {
            let d = defaults(&ion);
            if d.valence != 0.0 {
                reversal.insert(ion, nernst(d.inside, d.outside, d.valence, constants.celsius));
            }
        }
        for (ion, attribute) in &section.reversal {
            let value = range::REVERSAL.finite(constants.number(attribute)?, attribute.span)?;
            reversal.insert(ion.clone(), value);
        }
        Ok(Ions { reversal })
    }

    /// A value of an ion.
    pub fn value(&self, ion: &Name, quantity: IonQuantity) -> f64 {
        let d = defaults(ion);
        match quantity {
            IonQuantity::Reversal => self.reversal.get(ion).copied().unwrap_or(d.reversal),
            IonQuantity::Inside => d.inside,
            IonQuantity::Outside => d.outside,
            IonQuantity::Current => 0.0,
        }
    }
}

fn read_concentrations<'p>(section: &Section, program: &'p Program) -> impl Iterator<Item = Name> + 'p {
    let mechanisms: Vec<_> = section.inserts.iter().filter_map(|i| program.mechanisms.get(i.mechanism.index())).collect();
    mechanisms.into_iter().flat_map(|m| &m.variables).filter_map(|v| match &v.kind {
        VariableKind::Ion { ion, quantity: IonQuantity::Inside | IonQuantity::Outside } => Some(ion.clone()),
        _ => None,
    })
}
