//! Concentrations: what changes them, as a mechanism of the language.

use super::Documents;
use super::channel::{charges, valence};
use super::lems::{Lems, Outside, base, is, kind};
use crate::morphology::Broken;
use roxmltree::Node;
use std::fmt::Write;

/// A mechanism, and which of the parameters `initial` and `outside`, the concentrations at the beginning, it has.
#[derive(Debug)]
pub struct Pool {
    pub text: String,
    pub initial: bool,
    pub outside: bool,
}

/// The mechanism of a concentration model.
pub fn mechanism<'d>(documents: &Documents<'d>, model: Node<'d, 'd>, name: &str, ion: &str) -> Result<Pool, Broken> {
    if base(documents, model).is_some() && !is(documents, model, "concentrationModel") {
        return Err(documents.wrong(model, format!("`{}` is no concentration model", kind(model))));
    }
    // nA that flow in: an mA/cm2 is 1e-2 nA/um2.
    let current = format!("(-i{ion} / (1 mA/cm2) * 0.01 * (area / (1 um2)))");
    let known = [
        ("v", "(v / (1 mV))".to_owned()),
        ("temperature", "(celsius / (1 K))".to_owned()),
        ("iCa", current.clone()),
        ("iCa2", current),
        ("surfaceArea", "(area / (1 um2))".to_owned()),
        ("initialConcentration", "(initial / (1 mM))".to_owned()),
        ("initialExtConcentration", "(outside / (1 mM))".to_owned()),
        ("valence", charges(ion).to_owned()),
        ("t", "(t / (1 ms))".to_owned()),
        ("faraday", "0.0964853321233100184".to_owned()),
    ];
    let mut lems = Lems::new(documents, Outside { known: known.into() });
    let at = lems.component(model, "pool_".to_owned(), None)?;
    let (slope, start) = lems.state(at, "concentration")?;
    let inside = format!("({ion}i / (1 mM))");
    lems.set(at, "concentration", inside);
    let start = lems.text(at, &start)?;
    let slope = lems.text(at, &slope)?;
    let mut floors = String::new();
    for (test, value) in lems.conditions(at, "concentration")? {
        let _ = writeln!(floors, "        {ion}i = if {test} {{ {value} * (1 mM) }} else {{ {ion}i }}");
    }
    let floors = if floors.is_empty() { String::new() } else { format!("    on states {{\n{floors}    }}\n") };
    let (initial, outside) = (lems.used.contains(&"initialConcentration"), lems.used.contains(&"initialExtConcentration"));
    let params = [(initial, "initial = 0 mM"), (outside, "outside = 0 mM")].into_iter().filter(|(used, _)| *used);
    let params: Vec<&str> = params.map(|(_, text)| text).collect();
    let params = if params.is_empty() { String::new() } else { format!("    param {}\n", params.join(", ")) };
    let text = format!(
        "mechanism {name} {{\n    ion {ion} reads i{ion} writes {ion}i{}\n{params}{}    state {ion}i = {start} * (1 mM)\n    {ion}i' = {slope} * (1 mM/ms)\n{floors}}}\n",
        valence(ion),
        lems.lines,
    );
    Ok(Pool { text, initial, outside })
}
