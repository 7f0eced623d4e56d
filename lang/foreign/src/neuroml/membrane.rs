//! What is in the membrane of a cell and inside of it: densities of channels, capacitance, resistivity, concentrations.

use super::channel::{Driven, Written};
use super::segment::Tree;
use super::{Documents, Read, density, inside, pool, quantity};
use crate::morphology::Broken;
use crate::neuron::catalog::{Kind, Mechanism, Role, Value};
use crate::neuron::usable;
use crate::neuron::{Model, SectionId};
use crate::nmodl::unit::Unit;
use roxmltree::Node;

/// A current: of which channel, of which ion, and how it is driven.
type Flow = (String, Option<String>, Driven);

/// A cell's membrane on its way into the model.
pub struct Membrane<'m, 'd> {
    pub model: &'m mut Model,
    pub documents: &'m Documents<'d>,
    pub tree: &'m Tree<'d>,
    pub sections: &'m [SectionId],
    pub called: &'m str,
    /// Ions whose concentrations something looks at.
    pub pools: Vec<&'d str>,
    /// Mechanisms that were written, by channel, ion, and how the current is driven.
    pub written: Vec<(Flow, Written)>,
    pub read: Read,
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
        Membrane { model, documents, tree, sections, called, pools: Vec::new(), written: Vec::new(), read: Read::default() };
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
                if value < 0.0 {
                    return Err(self.documents.wrong(node, "a capacitance is below 0"));
                }
                for id in self.place(node)? {
                    self.model.section_mut(id).capacitance.fill(value);
                }
            }
            "resistivity" => {
                let value = self.number(node, "value", "ohm-cm")?;
                if value <= 0.0 {
                    return Err(self.documents.wrong(node, "a resistivity must be above 0"));
                }
                for id in self.place(node)? {
                    self.model.section_mut(id).resistivity = value;
                }
            }
            "initMembPotential" => {
                let value = self.number(node, "value", "mV")?;
                self.model.globals.insert("v_init".into(), value);
            }
            "spikeThresh" => self.read.threshold = Some(self.number(node, "value", "mV")?),
            "species" => self.species(node)?,
            "notes" | "annotation" | "property" => {}
            other => match density::of(other) {
                Some(density) => self.density(node, density)?,
                None => {
                    return Err(self.documents.wrong(node, format!("`{other}` is not there; channelDensity and its like are")));
                }
            },
        }
        Ok(())
    }

    /// A quantity that an attribute gives, in a unit of NMODL.
    pub fn number(&self, node: Node<'d, 'd>, name: &str, unit: &str) -> Result<f64, Broken> {
        let text = self.documents.needed(node, name)?;
        quantity::read(text, unit).ok_or_else(|| {
            let expected = if unit.is_empty() { "a number".to_owned() } else { format!("a quantity in {unit} or the like") };
            self.documents.wrong(node, format!("`{name}` is {expected}, and this is `{text}`"))
        })
    }

    /// The sections that an element names.
    pub fn place(&self, node: Node<'d, 'd>) -> Result<Vec<SectionId>, Broken> {
        Ok(self.tree.covered(node, self.documents)?.into_iter().map(|at| self.sections[at]).collect())
    }

    /// Puts a mechanism, by what it is called here and where it was written, into sections, with its values.
    pub fn insert(
        &mut self,
        node: Node<'d, 'd>,
        (name, written): (&str, &str),
        values: &[(&str, &str, f64)],
        ions: Vec<(std::rc::Rc<str>, bool)>,
        place: &[SectionId],
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
            functions: None,
            procedures: Vec::new(),
            weights: 0,
            library: false,
            sends: false,
            carries: true,
            equations: crate::neuron::catalog::Equations::default(),
        });
        for id in place.iter().copied() {
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
        let Some(model) = self.documents.top().find(|one| one.attribute("id") == Some(which)) else {
            return Err(self.documents.wrong(node, format!("there is no concentration model `{which}`")));
        };
        let written = usable(&format!("{}_{which}", self.called));
        let pool = pool::mechanism(self.documents, model, &written, ion)?;
        if !self.read.declarations.contains(&format!("mechanism {written} {{")) {
            self.read.declarations.push_str(&pool.text);
        }
        let mut values = Vec::new();
        values.extend(pool.initial.then_some(("initial", "mM", inside)));
        values.extend(pool.outside.then_some(("outside", "mM", outside)));
        // Several species may name one model, for other groups.
        let taken = |name: &str| self.model.catalog.find(name).is_some();
        let name = match (taken(&written), node.attribute("id")) {
            (true, Some(id)) => usable(&format!("{written}_{id}")),
            _ => written.clone(),
        };
        let name = (0..).map(|k| if k == 0 { name.clone() } else { format!("{name}_{k}") }).find(|name| !taken(name));
        let place = self.place(node)?;
        self.insert(node, (&name.unwrap_or_default(), &written), &values, vec![(ion.into(), true)], &place)?;
        for id in place {
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
}
