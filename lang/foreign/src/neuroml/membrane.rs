//! What is in the membrane of a cell and inside of it: densities of channels, capacitance, resistivity, concentrations.

use super::channel::{Driven, mechanism};
use super::rate::number;
use super::segment::Tree;
use super::{Documents, Read, inside, quantity};
use crate::morphology::Broken;
use crate::neuron::catalog::{Kind, Mechanism, Role, Value};
use crate::neuron::{Model, SectionId};
use crate::nmodl::unit::Unit;
use roxmltree::Node;
use std::collections::HashMap;

/// A cell's membrane on its way into the model.
struct Membrane<'m, 'd> {
    model: &'m mut Model,
    documents: &'m Documents<'d>,
    tree: &'m Tree<'d>,
    sections: &'m [SectionId],
    called: &'m str,
    /// Ions whose concentrations something looks at.
    pools: Vec<&'d str>,
    /// Mechanisms that were written, by what they are of.
    written: HashMap<(String, bool), String>,
    read: Read,
}

/// Reads the biophysical properties of a cell.
pub fn read<'d>(
    model: &mut Model,
    documents: &Documents<'d>,
    cell: Node<'d, 'd>,
    tree: &Tree<'d>,
    sections: &[SectionId],
    called: &str,
) -> Result<Read, Broken> {
    let own = inside(cell).find(|node| node.tag_name().name().starts_with("biophysicalProperties"));
    let named = || cell.attribute("biophysicalProperties").and_then(|id| documents.named("biophysicalProperties", id));
    let mut membrane =
        Membrane { model, documents, tree, sections, called, pools: Vec::new(), written: HashMap::new(), read: Read::default() };
    let Some(properties) = own.or_else(named) else { return Ok(membrane.read) };
    let parts: Vec<Node> = inside(properties).collect();
    let of = |part: &Node<'d, 'd>| inside(*part).collect::<Vec<_>>();
    let species: Vec<Node> = parts.iter().flat_map(of).filter(|node| node.tag_name().name() == "species").collect();
    membrane.pools = species.iter().filter_map(|node| node.attribute("ion").or(node.attribute("id"))).collect();
    for part in &parts {
        match part.tag_name().name() {
            "membraneProperties" | "membraneProperties2CaPools" => {
                of(part).into_iter().try_for_each(|node| membrane.property(node))?
            }
            "intracellularProperties" | "intracellularProperties2CaPools" => {
                of(part).into_iter().try_for_each(|node| membrane.property(node))?
            }
            "notes" | "annotation" | "property" => {}
            "extracellularProperties" => membrane.model.note("extracellularProperties: what is around the cell is not read"),
            other => return Err(documents.wrong(*part, format!("`{other}` of a cell is not there"))),
        }
    }
    Ok(membrane.read)
}

impl<'d> Membrane<'_, 'd> {
    fn property(&mut self, node: Node<'d, 'd>) -> Result<(), Broken> {
        match node.tag_name().name() {
            "specificCapacitance" => {
                let value = self.number(node, "value", "uF/cm2")?;
                for id in self.place(node)? {
                    self.model.section_mut(id).capacitance.fill(value);
                }
            }
            "resistivity" => {
                let value = self.number(node, "value", "ohm-cm")?;
                for id in self.place(node)? {
                    self.model.section_mut(id).resistivity = value;
                }
            }
            "initMembPotential" => {
                let value = self.number(node, "value", "mV")?;
                self.model.globals.insert("v_init".into(), value);
            }
            "spikeThresh" => self.read.threshold = Some(self.number(node, "value", "mV")?),
            "channelDensity" => self.density(node, Driven::Reversal)?,
            "channelDensityNernst" => self.density(node, Driven::Nernst)?,
            "species" => self.species(node)?,
            "notes" | "annotation" | "property" => {}
            other => {
                let why = format!("`{other}` is not there; channelDensity and channelDensityNernst are");
                return Err(self.documents.wrong(node, why));
            }
        }
        Ok(())
    }

    fn number(&self, node: Node<'d, 'd>, name: &str, unit: &str) -> Result<f64, Broken> {
        number(self.documents, node, name, unit)
    }

    fn place(&self, node: Node<'d, 'd>) -> Result<Vec<SectionId>, Broken> {
        Ok(self.tree.covered(node, self.documents)?.into_iter().map(|at| self.sections[at]).collect())
    }

    fn density(&mut self, node: Node<'d, 'd>, driven: Driven) -> Result<(), Broken> {
        let id = self.documents.needed(node, "id")?;
        if let Some(other) = inside(node).find(|one| !matches!(one.tag_name().name(), "notes" | "annotation" | "property")) {
            let why =
                format!("`{}` of a density is not there: it has one value for a group of segments", other.tag_name().name());
            return Err(self.documents.wrong(other, why));
        }
        let which = self.documents.needed(node, "ionChannel")?;
        let Some(channel) = self.documents.named("ionChannel", which) else {
            let other = self.documents.top().find(|one| one.attribute("id") == Some(which));
            return Err(match other {
                Some(other) => {
                    self.documents.wrong(other, format!("a channel of the type `{}` is not there", other.tag_name().name()))
                }
                None => {
                    self.documents.wrong(node, format!("there is no channel `{which}`, here or in the files that are included"))
                }
            });
        };
        let ion = node.attribute("ion").or(channel.attribute("species")).filter(|ion| *ion != "non_specific");
        let nernst = driven == Driven::Nernst;
        let known = ion.filter(|ion| nernst || self.pools.contains(ion));
        if nernst && known.is_none() {
            return Err(self.documents.wrong(node, "a reversal potential by Nernst needs an ion"));
        }
        let g = self.number(node, "condDensity", "S/cm2")?;
        let values = match driven {
            Driven::Reversal => vec![("g", "S/cm2", g), ("e", "mV", self.number(node, "erev", "mV")?)],
            Driven::Nernst => vec![("g", "S/cm2", g)],
        };
        let key = (which.to_owned(), nernst);
        let written = match self.written.get(&key) {
            Some(written) => written.clone(),
            None => {
                let name = self.usable(&format!("{}_{which}{}", self.called, if nernst { "_nernst" } else { "" }));
                let text = mechanism(self.documents, channel, &name, known, driven)?;
                self.read.declarations.push_str(&text);
                self.written.insert(key, name.clone());
                name
            }
        };
        let name = self.usable(id);
        if self.model.catalog.find(&name).is_some_and(|at| !self.model.catalog.get(at).library) {
            return Err(self.documents.wrong(node, format!("a second density of the id `{id}`")));
        }
        let ions = known.into_iter().map(|ion| (ion.into(), false)).collect();
        self.insert(node, &name, &written, &values, ions)
    }

    /// Puts a mechanism into the sections that an element names, with its values.
    fn insert(
        &mut self,
        node: Node<'d, 'd>,
        name: &str,
        written: &str,
        values: &[(&str, &str, f64)],
        ions: Vec<(std::rc::Rc<str>, bool)>,
    ) -> Result<(), Broken> {
        let value = |(name, unit, _): &(&str, &str, f64)| Value {
            name: (*name).into(),
            default: 0.0,
            role: Role::Parameter,
            unit: quantity::unit(unit).unwrap_or(Unit::ONE),
            size: 1,
            library: "",
        };
        self.model.catalog.add(Mechanism {
            name: name.into(),
            written: written.into(),
            kind: Kind::Density,
            values: values.iter().map(value).collect(),
            globals: Vec::new(),
            pointers: Vec::new(),
            ions,
            procedures: Vec::new(),
            weights: 0,
            library: false,
            sends: false,
            carries: true,
        });
        for id in self.place(node)? {
            self.model.insert(id, name).map_err(|why| self.documents.wrong(node, why))?;
            let at = self.model.catalog.find(name);
            for inserted in self.model.section_mut(id).mechanisms.iter_mut().filter(|one| Some(one.mechanism) == at) {
                for (k, (_, _, x)) in values.iter().enumerate() {
                    inserted.values[k].fill(*x);
                    inserted.set[k] = true;
                }
            }
        }
        Ok(())
    }

    /// The concentrations of an ion, and what changes them.
    fn species(&mut self, node: Node<'d, 'd>) -> Result<(), Broken> {
        let ion = node.attribute("ion").or(node.attribute("id")).unwrap_or("");
        if !ion.chars().all(|c| c.is_ascii_alphanumeric()) || ion.is_empty() {
            return Err(self.documents.wrong(node, "this species has no ion"));
        }
        let (inside, outside) =
            (self.number(node, "initialConcentration", "mM")?, self.number(node, "initialExtConcentration", "mM")?);
        let which = self.documents.needed(node, "concentrationModel")?;
        let Some(pool) = self.documents.top().find(|one| one.attribute("id") == Some(which)) else {
            return Err(self.documents.wrong(node, format!("there is no concentration model `{which}`")));
        };
        let (rest, tau) = (self.number(pool, "restingConc", "mM")?, self.number(pool, "decayConstant", "ms")?);
        let (more, mut values) = match super::rate::kind(pool) {
            "fixedFactorConcentrationModel" => {
                let rho = self.factor(pool)?;
                (format!("-i{ion} * rho"), vec![("rho", "mM-cm2/mA/ms", rho)])
            }
            "decayingPoolConcentrationModel" => {
                let depth = self.number(pool, "shellThickness", "um")?;
                let valence = if ion == "ca" || ion == "mg" { 2 } else { 1 };
                (format!("-i{ion} * area / ({valence} * faraday * shell)"), vec![("depth", "um", depth)])
            }
            other => {
                let why = format!(
                    "a concentration model of the type `{other}` is not there; fixedFactorConcentrationModel and decayingPoolConcentrationModel are"
                );
                return Err(self.documents.wrong(pool, why));
            }
        };
        values.extend([("rest", "mM", rest), ("tau", "ms", tau), ("initial", "mM", inside)]);
        let name = self.usable(&format!("{}_{which}", self.called));
        let params: Vec<String> =
            values.iter().map(|(name, unit, x)| format!("{name} = {x:?} {}", unit.replace("mM-cm2", "mM*cm2"))).collect();
        let shell = match values.first() {
            Some(("depth", ..)) => {
                "    let radius = sqrt(area / (4 * pi))\n    let shell = 4 * pi / 3 * (radius^3 - (radius - depth)^3)\n"
            }
            _ => "",
        };
        let text = format!(
            "mechanism {name} {{\n    ion {ion} reads i{ion} writes {ion}i\n    param {}\n{shell}    state {ion}i = initial\n    {ion}i' = {more} + (rest - {ion}i) / tau\n}}\n",
            params.join(", ")
        );
        if !self.read.declarations.contains(&format!("mechanism {name} {{")) {
            self.read.declarations.push_str(&text);
        }
        self.insert(node, &name.clone(), &name, &values, vec![(ion.into(), true)])?;
        for id in self.place(node)? {
            for known in self.model.section_mut(id).ions.iter_mut().filter(|known| &*known.name == ion) {
                known.values[1].fill(inside);
                known.values[2].fill(outside);
                known.set[1..].fill(true);
            }
        }
        self.model.globals.insert(format!("{ion}i0_{ion}_ion"), inside);
        self.model.globals.insert(format!("{ion}o0_{ion}_ion"), outside);
        Ok(())
    }

    /// `rho`: amount by current, time and depth; 1 mol/m/A/s is 0.01 mM/ms for a mA/cm2.
    fn factor(&self, pool: Node<'d, 'd>) -> Result<f64, Broken> {
        let text = pool.attribute("rho").unwrap_or("");
        for (symbol, factor) in [("mol_per_m_per_A_per_s", 0.01), ("mol_per_cm_per_uA_per_ms", 1e9)] {
            if let Some(number) = text.trim().strip_suffix(symbol).and_then(|number| number.trim().parse::<f64>().ok()) {
                return Ok(number * factor);
            }
        }
        Err(self.documents.wrong(pool, format!("`rho` is an amount by length, current and time, and this is `{text}`")))
    }

    /// A name of the language.
    fn usable(&self, text: &str) -> String {
        let name: String = text.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
        if name.starts_with(|c: char| c.is_ascii_digit()) { format!("_{name}") } else { name }
    }
}
