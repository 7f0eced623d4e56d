//! Densities of channels: a mechanism of the channel, inserted under the density's id.

use super::channel::{Driven, Written, mechanism};
use super::membrane::Membrane;
use super::{inside, vary};
use crate::morphology::Broken;
use crate::neuron::SectionId;
use crate::neuron::usable;
use roxmltree::Node;

/// What a density is of: how its current is driven, and whether it is given as a number of channels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Density {
    pub driven: Driven,
    pub counted: bool,
}

/// A density by its tag.
pub fn of(tag: &str) -> Option<Density> {
    let (driven, counted) = match tag {
        "channelDensity" | "channelDensityVShift" | "channelDensityNonUniform" => (Driven::Reversal, false),
        "channelDensityNernst" | "channelDensityNernstCa2" | "channelDensityNonUniformNernst" => (Driven::Nernst, false),
        "channelDensityGHK" | "channelDensityNonUniformGHK" => (Driven::Flux, false),
        "channelDensityGHK2" => (Driven::Scaled, false),
        "channelPopulation" => (Driven::Reversal, true),
        "channelPopulationNernst" => (Driven::Nernst, true),
        _ => return None,
    };
    Some(Density { driven, counted })
}

impl<'d> Membrane<'_, 'd> {
    /// Puts channels into the sections of a density.
    pub fn density(&mut self, node: Node<'d, 'd>, Density { driven, counted }: Density) -> Result<(), Broken> {
        let id = self.documents.needed(node, "id")?;
        let mut varying = Vec::new();
        for one in inside(node) {
            match one.tag_name().name() {
                "notes" | "annotation" | "property" => {}
                "variableParameter" => varying.push(one),
                other => return Err(self.documents.wrong(one, format!("`{other}` of a density is not there"))),
            }
        }
        let channel = self.channel(node)?;
        let ion = node.attribute("ion").or(channel.attribute("species")).filter(|ion| *ion != "non_specific");
        let known = ion.filter(|ion| driven != Driven::Reversal || self.pools.contains(ion));
        if driven != Driven::Reversal && known.is_none() {
            return Err(self.documents.wrong(node, "a current that follows from concentrations needs an ion"));
        }
        let written = self.written(channel, known, driven)?;
        let (own, unit, attribute) = match driven {
            Driven::Flux => ("p", "cm/s", "permeability"),
            _ => ("g", "S/cm2", "condDensity"),
        };
        let mut values = Vec::new();
        let mut place = self.place(node)?;
        if counted {
            values.push((own, unit, self.counted(node, channel, &place)?));
        } else if varying.iter().any(|one| one.attribute("parameter") == Some(attribute)) {
            values.push((own, unit, 0.0));
        } else {
            values.push((own, unit, self.number(node, attribute, unit)?));
        }
        if driven == Driven::Reversal {
            values.push(("e", "mV", self.number(node, "erev", "mV")?));
        }
        if let Some(shift) = written.shift {
            values.push(("vShift", "mV", node.attribute("vShift").map_or(Ok(shift), |_| self.number(node, "vShift", "mV"))?));
        }
        let everywhere = node.attribute("segmentGroup").is_none() && node.attribute("segment").is_none();
        let mut read = Vec::new();
        for one in varying {
            let named = one.attribute("parameter").unwrap_or("");
            // SI's units in those of the mechanism.
            let (name, factor) = match named {
                "condDensity" => ("g", 1e-4),
                "permeability" => ("p", 100.0),
                "erev" => ("e", 1000.0),
                _ => ("", 0.0),
            };
            let Some(k) = values.iter().position(|(own, ..)| *own == name) else {
                return Err(self.documents.wrong(one, format!("`{named}` of this density cannot vary")));
            };
            let varying = vary::read(self.documents, self.tree, self.sections, one)?;
            let over = if one.attribute("segmentGroup").is_some() { self.place(one)? } else { varying.over.clone() };
            read.push((k, factor, varying, over));
        }
        if everywhere && !read.is_empty() {
            place = self.sections.iter().copied().filter(|id| read.iter().any(|(.., over)| over.contains(id))).collect();
        }
        let name = usable(id);
        if self.model.catalog.find(&name).is_some_and(|at| !self.model.catalog.get(at).library) {
            return Err(self.documents.wrong(node, format!("a second density of the id `{id}`")));
        }
        let ions = known.into_iter().map(|ion| (ion.into(), false)).collect();
        self.insert(node, (&name, &written.name), &values, ions, &place)?;
        for (k, factor, varying, over) in read {
            let over: Vec<SectionId> = over.into_iter().filter(|id| place.contains(id)).collect();
            let found = varying.values(self.model, self.documents, &over)?;
            let at = self.model.catalog.find(&name);
            for (id, found) in over.into_iter().zip(found) {
                for inserted in self.model.section_mut(id).mechanisms.iter_mut().filter(|one| Some(one.mechanism) == at) {
                    inserted.values[k] = found.iter().map(|x| x * factor).collect();
                }
            }
        }
        Ok(())
    }

    /// The channel that a density names.
    fn channel(&self, node: Node<'d, 'd>) -> Result<Node<'d, 'd>, Broken> {
        let which = self.documents.needed(node, "ionChannel")?;
        let named = || self.documents.top().filter(|one| one.attribute("id") == Some(which));
        let found = named().find(|one| super::lems::is(self.documents, *one, "baseIonChannel"));
        found.ok_or_else(|| match named().find(|one| one.tag_name().name() != "cell") {
            Some(other) => {
                let kind = super::lems::kind(other);
                self.documents.wrong(other, format!("a channel of the type `{kind}` is not there"))
            }
            None => self.documents.wrong(node, format!("there is no channel `{which}`, here or in the files that are included")),
        })
    }

    /// The mechanism of a channel, which several densities may share.
    fn written(&mut self, channel: Node<'d, 'd>, ion: Option<&str>, driven: Driven) -> Result<Written, Broken> {
        let id = channel.attribute("id").unwrap_or("");
        let key = (id.to_owned(), ion.map(str::to_owned), driven);
        if let Some((_, known)) = self.written.iter().find(|(known, _)| *known == key) {
            return Ok(known.clone());
        }
        let again = self.written.iter().filter(|((known, _, how), _)| *known == id && *how == driven).count();
        let again = if again == 0 { String::new() } else { format!("_{}", again + 1) };
        let name = usable(&format!("{}_{id}{}{again}", self.called, driven.suffix()));
        let written = mechanism(self.documents, channel, &name, ion, driven)?;
        self.read.declarations.push_str(&written.text);
        self.written.push((key, written.clone()));
        Ok(written)
    }

    /// The density (S/cm2) of so many channels in all of the sections.
    fn counted(&self, node: Node<'d, 'd>, channel: Node<'d, 'd>, place: &[SectionId]) -> Result<f64, Broken> {
        let (count, one) = (self.number(node, "number", "")?, self.number(channel, "conductance", "S")?);
        let areas = place.iter().map(|id| {
            let count = self.model.section(*id).segments();
            (0..count).map(|k| self.model.area(*id, (k as f64 + 0.5) / count as f64)).sum::<f64>()
        });
        Ok(count * one / (areas.sum::<f64>() * 1e-8))
    }
}
