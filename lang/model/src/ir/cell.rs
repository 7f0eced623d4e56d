//! Cells: mechanisms on a tree of sections, or without a body.

use super::{Attribute, MechanismId, Name, SectionId, Span, VarId};

/// A kind of cell.
#[derive(Clone, Debug)]
pub struct Cell {
    /// Its name.
    pub name: Name,
    /// Where it is declared.
    pub span: Span,
    /// What it is made of.
    pub body: CellBody,
}

/// What a cell is made of.
#[derive(Clone, Debug)]
pub enum CellBody {
    /// Sections.
    Tree(Tree),
    /// Equations by themselves, a mechanism of kind `Free`.
    Free(MechanismId),
}

/// A tree of sections.
#[derive(Clone, Debug, Default)]
pub struct Tree {
    /// In order of declaration. Every one but the root has a parent (anywhere in the list; no cycles).
    pub sections: Vec<Section>,
    /// Point mechanisms that belong to the cell, in order of declaration.
    pub synapses: Vec<CellSynapse>,
    /// Where spikes are found.
    pub spike: Option<SpikeDetector>,
}

/// An unbranched piece of cable.
#[derive(Clone, Debug)]
pub struct Section {
    /// Its name.
    pub name: Name,
    /// Where it is declared.
    pub span: Span,
    /// cm; 100 um if not given
    pub length: Option<Attribute>,
    /// cm; 500 um if not given
    pub diam: Option<Attribute>,
    /// ohm*cm; 35.4 if not given
    pub axial_resistivity: Option<Attribute>,
    /// mA*ms/mV/cm2 (uF/cm2 is 0.001); 1 uF/cm2 if not given
    pub capacitance: Option<Attribute>,
    /// Number of segments; 1 if not given
    pub segments: Option<Attribute>,
    /// Where it is connected; nothing for the root.
    pub parent: Option<Parent>,
    /// Reversal potentials (mV) that differ from NEURON's defaults, by ion.
    pub reversal: Vec<(Name, Attribute)>,
    /// Density mechanisms in order.
    pub inserts: Vec<Insert>,
}

/// Where a section is connected.
#[derive(Clone, Debug)]
pub struct Parent {
    /// To this section,
    pub section: SectionId,
    /// at this place (0 to 1),
    pub at: Attribute,
    /// by its 1 end rather than its 0 end.
    pub by_end: bool,
}

/// A mechanism in a section.
#[derive(Clone, Debug)]
pub struct Insert {
    /// Which.
    pub mechanism: MechanismId,
    /// The name of this copy.
    pub name: Name,
    /// Parameters and initial values that were set.
    pub settings: Vec<Setting>,
    /// Where it stands.
    pub span: Span,
}

/// A parameter or initial value that was set.
#[derive(Clone, Debug)]
pub struct Setting {
    /// A `Param` or `State` of the mechanism.
    pub variable: VarId,
    /// Its value.
    pub value: Attribute,
}

/// A place on a cell.
#[derive(Clone, Debug)]
pub struct Place {
    /// The section.
    pub section: SectionId,
    /// From 0 to 1.
    pub x: Attribute,
}

/// `synapse NAME: MECHANISM at PLACE` in a cell.
#[derive(Clone, Debug)]
pub struct CellSynapse {
    /// Its name.
    pub name: Name,
    /// A point mechanism.
    pub mechanism: MechanismId,
    /// Where it sits.
    pub place: Place,
    /// Parameters and initial values that were set.
    pub settings: Vec<Setting>,
    /// Where it stands.
    pub span: Span,
}

/// `spike at PLACE above THRESHOLD`.
#[derive(Clone, Debug)]
pub struct SpikeDetector {
    /// Where.
    pub place: Place,
    /// mV
    pub threshold: Attribute,
}
