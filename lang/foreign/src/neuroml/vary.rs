//! Parameters that vary along a cell: an expression of how far a place is from the root.

use super::lems::parse;
use super::segment::Tree;
use super::{Documents, inside};
use crate::morphology::Broken;
use crate::neuron::{Model, SectionId};
use roxmltree::Node;

/// What a place's value follows from.
pub struct Varying<'d> {
    node: Node<'d, 'd>,
    /// What the expression calls the distance.
    variable: &'d str,
    value: &'d str,
    /// Sections between which distances are looked at.
    pub over: Vec<SectionId>,
    /// Distances begin at 0 where the nearest of these sections does.
    shifted: bool,
    /// Distances end at 1 where the farthest of them does.
    normalized: bool,
}

/// Reads a `variableParameter`.
pub fn read<'d>(
    documents: &Documents<'d>,
    tree: &Tree<'d>,
    sections: &[SectionId],
    node: Node<'d, 'd>,
) -> Result<Varying<'d>, Broken> {
    let value = inside(node).find(|one| one.tag_name().name() == "inhomogeneousValue");
    let value = value.ok_or_else(|| documents.wrong(node, "it has no `inhomogeneousValue`"))?;
    let id = documents.needed(value, "inhomogeneousParameter")?;
    let found = tree.parameter(id);
    let (over, parameter) =
        found.ok_or_else(|| documents.wrong(value, format!("no group has an inhomogeneous parameter `{id}`")))?;
    let end = |tag: &str, name: &str, only: f64| -> Result<bool, Broken> {
        let Some(one) = inside(parameter).find(|one| one.tag_name().name() == tag) else { return Ok(false) };
        match documents.needed(one, name)?.trim().parse::<f64>() {
            Ok(x) if x == only => Ok(true),
            _ => Err(documents.wrong(one, format!("`{name}` is {only} where it is given"))),
        }
    };
    let (shifted, normalized) = (end("proximal", "translationStart", 0.0)?, end("distal", "normalizationEnd", 1.0)?);
    if let Some(metric) = parameter.attribute("metric").filter(|metric| *metric != "Path Length from root") {
        return Err(documents.wrong(parameter, format!("the metric `{metric}` is not there; `Path Length from root` is")));
    }
    let over = tree.covered_by(over, documents)?.into_iter().map(|at| sections[at]).collect();
    let (variable, value) = (documents.needed(parameter, "variable")?, documents.needed(value, "value")?);
    Ok(Varying { node, variable, value, over, shifted, normalized })
}

impl Varying<'_> {
    /// Values of the segments of sections, in SI units.
    pub fn values(&self, model: &Model, documents: &Documents<'_>, sections: &[SectionId]) -> Result<Vec<Vec<f64>>, Broken> {
        let expr = parse(self.value).map_err(|why| documents.wrong(self.node, why))?;
        let middles = |id: SectionId| {
            let count = model.section(id).segments();
            (0..count).map(move |k| (k as f64 + 0.5) / count as f64)
        };
        let far = |id: SectionId, x: f64| model.between((model.root(id), 0.0), (id, x));
        let all = self.over.iter().flat_map(|id| [0.0, 1.0].into_iter().chain(middles(*id)).map(|x| far(*id, x)));
        // The farthest is 1 um away at least, as NEURON's iterator has it.
        let (nearest, farthest) = all.fold((1e9, 1.0), |(low, high): (f64, f64), d| (low.min(d), high.max(d)));
        let start = if self.shifted { nearest } else { 0.0 };
        let unit = if self.normalized { farthest - start } else { 1.0 };
        let at = |id: SectionId, x: f64| {
            let distance = (far(id, x) - start) / unit;
            let value = expr.number(&|name| (name == self.variable).then_some(distance));
            value.map_err(|why| documents.wrong(self.node, format!("`{}`: {why}", self.value)))
        };
        sections.iter().map(|id| middles(*id).map(|x| at(*id, x)).collect()).collect()
    }
}
