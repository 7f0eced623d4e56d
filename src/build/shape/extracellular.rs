//! Extracellular space around a tree: resistances along its layers by the same tree, conductances and capacitances by section.

use super::Shape;
use crate::build::constants::Constants;
use crate::build::range::{AXIAL, GROUND, LAYER, Told};
use bouton_engine::plan;
use bouton_model::geometry::{Coefficients, Segment, Solid};
use bouton_model::ir::{Attribute, Section, Span, Tree};

/// NEURON's defaults: nothing flows along a layer (ohm/cm), and it is as good as ground (S/cm2).
const ALONG: f64 = 1e15;
const THROUGH: f64 = 1e9;

/// A layer around a section, in numbers.
#[derive(Clone, Copy, Debug)]
struct Layer {
    axial: f64,
    conductance: f64,
    capacitance: f64,
}

impl Shape {
    /// The space around the cells, where some section has it.
    ///
    /// # Errors
    /// A value out of range.
    pub fn extracellular(&self, tree: &Tree, constants: &Constants) -> Result<Option<plan::Extracellular>, Told> {
        if tree.sections.iter().all(|section| section.extracellular.is_none()) {
            return Ok(None);
        }
        let layers = [0, 1].map(|k| tree.sections.iter().map(|s| layer(s, k, constants)).collect::<Result<Vec<_>, _>>());
        let [inner, outer] = layers;
        let layers = [inner?, outer?];
        let grounds = tree.sections.iter().map(|s| ground(s, constants)).collect::<Result<Vec<_>, _>>()?;
        let along = [0, 1].map(|k| self.along(&layers[k]));
        let values = |pick: fn(&Coefficients) -> &Vec<f64>| [0, 1].map(|k: usize| self.by_lane(&along[k], pick));
        let through = |value: &dyn Fn(usize) -> f64| -> Vec<f64> {
            let section = |node: &u32| self.layout.section_of(*node).map_or(0.0, value);
            self.arranged.stored.iter().map(section).collect()
        };
        let segments =
            |value: &dyn Fn(&Layer) -> f64| [0, 1].map(|k: usize| through(&|section| layers[k].get(section).map_or(0.0, value)));
        let lanes = if self.forms.len() > 1 { self.of_lane.len() } else { 1 };
        let spread = |row: Vec<f64>| -> Vec<f64> { row.into_iter().flat_map(|x| std::iter::repeat_n(x, lanes)).collect() };
        Ok(Some(plan::Extracellular {
            nodes: self.layout.len(),
            a: values(|c| &c.a),
            b: values(|c| &c.b),
            g: segments(&|layer| layer.conductance).map(spread),
            c: segments(&|layer| layer.capacitance).map(spread),
            e: spread(through(&|section| grounds.get(section).copied().unwrap_or(0.0))),
        }))
    }

    /// The tree's coefficients along a layer, for each form of its cells.
    fn along(&self, layers: &[Layer]) -> Vec<Coefficients> {
        let solid = |(solid, layer): (&Solid, &Layer)| {
            let half = layer.axial * (solid.length / solid.segments.len().max(1) as f64 / 2.0);
            let segments = solid.segments.iter().map(|segment| Segment { left: half, right: half, ..*segment });
            Solid { length: solid.length, segments: segments.collect() }
        };
        let of = |solids: &[Solid]| solids.iter().zip(layers).map(solid).collect::<Vec<_>>();
        self.forms.iter().map(|form| self.arranged.coefficients(&self.layout, &of(&form.solids))).collect()
    }
}

fn layer(section: &Section, k: usize, constants: &Constants) -> Result<Layer, Told> {
    let Some(space) = &section.extracellular else {
        return Ok(Layer { axial: ALONG, conductance: THROUGH, capacitance: 0.0 });
    };
    let value = |given: &Option<Attribute>, default: f64, check: fn(f64, Span) -> Result<f64, Told>| match given {
        None => Ok(default),
        Some(a) => check(constants.number(a)?, a.span),
    };
    Ok(Layer {
        axial: value(&space.axial[k], ALONG, |x, s| AXIAL.positive(x, s))?,
        conductance: value(&space.conductance[k], THROUGH, |x, s| LAYER.not_negative(x, s))?,
        capacitance: value(&space.capacitance[k], 0.0, |x, s| LAYER.not_negative(x, s))?,
    })
}

fn ground(section: &Section, constants: &Constants) -> Result<f64, Told> {
    match section.extracellular.as_ref().and_then(|space| space.ground.as_ref()) {
        None => Ok(0.0),
        Some(a) => GROUND.finite(constants.number(a)?, a.span),
    }
}
