//! Cells: mechanisms on a tree of sections, or without a body.

use super::{Attribute, Expr, HandlerId, IonQuantity, MechanismId, Name, Probe, SectionId, Span, VarId};
use crate::unit::Dimension;
use std::sync::Arc;

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
    Tree(Box<Tree>),
    /// Equations by themselves, a mechanism of kind `Free`.
    Free(MechanismId),
}

/// A tree of sections.
#[derive(Clone, Debug, Default)]
pub struct Tree {
    /// Parameters of the cell, which populations can set.
    pub params: Vec<CellParam>,
    /// In order of declaration. Every one but the root has a parent (anywhere in the list; no cycles).
    pub sections: Vec<Section>,
    /// Point mechanisms that belong to the cell, in order of declaration.
    pub synapses: Vec<CellSynapse>,
    /// Where spikes are found.
    pub spike: Option<SpikeDetector>,
    /// The variable of a point mechanism that is the cell's potential: index into [`Tree::synapses`].
    pub voltage: Option<(usize, VarId)>,
    /// Events of its point mechanisms under names of their own.
    pub ports: Vec<CellPort>,
    /// Inputs of its mechanisms that stand for other values of it.
    pub pointers: Vec<Pointer>,
    /// Where there are such, the order in which its mechanisms act: those of files as the files were imported, behind all others. Else nothing: it is that of
    /// first use.
    pub order: Vec<MechanismId>,
}

/// `ampa.vpre = soma(0.5).v`: whenever its mechanism acts, the input is what that value is then.
#[derive(Clone, Debug)]
pub struct Pointer {
    /// An input of an insert or of a point mechanism of the cell.
    pub input: Probe,
    /// Any value of the cell.
    pub source: Probe,
    /// What it is multiplied with.
    pub weight: Attribute,
    /// Where it stands.
    pub span: Span,
}

/// `synapse AMPA: P.wAMPA`
#[derive(Clone, Debug)]
pub struct CellPort {
    /// Its name.
    pub name: Name,
    /// The point mechanism that it belongs to: index into [`Tree::synapses`].
    pub synapse: usize,
    /// The event.
    pub handler: HandlerId,
}

/// A parameter of a cell with sections.
#[derive(Clone, Debug)]
pub struct CellParam {
    /// Its name.
    pub name: Name,
    /// Where it is declared.
    pub span: Span,
    /// Its dimension.
    pub dimension: Dimension,
    /// May use parameters of the file and of the cell (no cycles), and draws, of which each cell has its own; nothing where populations must set it.
    pub default: Option<Attribute>,
}

/// An unbranched piece of cable. Its values may use [`super::Var::Cell`], and [`super::Var::Place`] as far as it is known before them.
#[derive(Clone, Debug)]
pub struct Section {
    /// Its name; of an array's with the index (`dend[3]`).
    pub name: Name,
    /// Index in its array; 0 for one alone.
    pub index: u32,
    /// Where it is declared.
    pub span: Span,
    /// cm; 100 um if not given; with points, what they are stretched to
    pub length: Option<Attribute>,
    /// cm, along the section; 500 um if not given; with points, instead of theirs
    pub diam: Option<Attribute>,
    /// 3-D points.
    pub points: Option<PointList>,
    /// ohm*cm; 35.4 if not given
    pub axial_resistivity: Option<Attribute>,
    /// mA*ms/mV/cm2 (uF/cm2 is 0.001); 1 uF/cm2 if not given
    pub capacitance: Option<Attribute>,
    /// Number of segments; 1 if not given
    pub segments: Option<Attribute>,
    /// Where it is connected; nothing for the root.
    pub parent: Option<Parent>,
    /// Reversal potentials (mV) and concentrations (mM) that differ from NEURON's defaults.
    pub ions: Vec<IonSetting>,
    /// Density mechanisms in order.
    pub inserts: Vec<Insert>,
    /// Space around it that is no ground.
    pub extracellular: Option<Extracellular>,
}

/// Two layers of extracellular space around a section, the inner one first. What is not given is NEURON's: as good as ground.
#[derive(Clone, Debug)]
pub struct Extracellular {
    /// Resistance along each layer (ohm/cm); 1e15 (1e9 Mohm/cm) if not given
    pub axial: [Option<Attribute>; 2],
    /// From each layer to the next, and to ground (S/cm2); 1e9 if not given
    pub conductance: [Option<Attribute>; 2],
    /// Beside it (mA*ms/mV/cm2); 0 if not given
    pub capacitance: [Option<Attribute>; 2],
    /// Potential of ground (mV); 0 if not given
    pub ground: Option<Attribute>,
    /// Where it stands.
    pub span: Span,
}

/// 3-D points of a section.
#[derive(Clone, Debug)]
pub struct PointList {
    /// x, y, z and diameter (cm) of each; at least two.
    pub list: Arc<[[Expr; 4]]>,
    /// Where they stand.
    pub span: Span,
}

/// A value of a section that a population can set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SectionAttribute {
    /// [`Section::length`]
    Length,
    /// [`Section::diam`]
    Diam,
    /// [`Section::axial_resistivity`]
    AxialResistivity,
    /// [`Section::capacitance`]
    Capacitance,
    /// [`Section::segments`]
    Segments,
}

impl Section {
    /// An attribute where it was given.
    pub fn attribute(&mut self, attribute: SectionAttribute) -> &mut Option<Attribute> {
        match attribute {
            SectionAttribute::Length => &mut self.length,
            SectionAttribute::Diam => &mut self.diam,
            SectionAttribute::AxialResistivity => &mut self.axial_resistivity,
            SectionAttribute::Capacitance => &mut self.capacitance,
            SectionAttribute::Segments => &mut self.segments,
        }
    }
}

/// A value of an ion that a section sets.
#[derive(Clone, Debug)]
pub struct IonSetting {
    /// `ca` of `cai`.
    pub ion: Name,
    /// Which of its values: not the current.
    pub quantity: IonQuantity,
    /// mV or mM
    pub value: Attribute,
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

impl SpikeDetector {
    /// The threshold where none is given (mV).
    pub const USUAL: f64 = 10.0;
}
