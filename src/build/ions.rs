//! Values of ions on the cells of a class: which of them mechanisms change, so that they are rows of the engine, and what the others are. The rules
//! are NEURON's: where a mechanism uses a concentration the reversal potential is the Nernst potential at the start, and where one writes a
//! concentration, at each step.

mod nernst;

use super::constants::Constants;
use super::pointers;
use super::pools::Contents;
use super::range::{self, Told};
use crate::build::points::In;
use crate::value::nernst as potential;
use bouton_engine::kernel::{Input, Mode};
use bouton_engine::plan::{RowKind, SharedRow};
use bouton_model::ir::{
    CellId, CurrentKind, IonQuantity, Mechanism, MechanismId, Name, Probe, Program, Section, Term, VarId, VariableKind,
};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use IonQuantity::{Current, Inside, Outside, Reversal};

/// What a section sets of its ions.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SectionIons(Vec<(Name, IonQuantity, f64)>);

impl SectionIons {
    /// Of a section.
    ///
    /// # Errors
    /// A value out of range.
    pub fn of(section: &Section, constants: &Constants) -> Result<SectionIons, Told> {
        let value = |set: &bouton_model::ir::IonSetting| {
            let (x, span) = (constants.number(&set.value)?, set.value.span);
            let x = match set.quantity.is_concentration() {
                true => range::CONCENTRATION.not_negative(x, span)?,
                false => range::REVERSAL.finite(x, span)?,
            };
            Ok((set.ion.clone(), set.quantity, x))
        };
        section.ions.iter().map(value).collect::<Result<_, _>>().map(SectionIons)
    }

    /// A value of an ion, NEURON's default where the section sets none.
    fn value(&self, ion: &str, quantity: IonQuantity) -> f64 {
        let set = self.0.iter().find(|(name, of, _)| **name == *ion && *of == quantity);
        set.map_or_else(|| default(ion, quantity), |(.., x)| *x)
    }
}

/// NEURON's defaults: concentrations (mM), reversal potential (mV).
pub fn default(ion: &str, quantity: IonQuantity) -> f64 {
    let (inside, outside, reversal) = match ion {
        "na" => (10.0, 140.0, 50.0),
        "k" => (54.4, 2.5, -77.0),
        "ca" => (5e-5, 2.0, 132.457_934_163_700_9),
        _ => (1.0, 1.0, 0.0),
    };
    match quantity {
        Inside => inside,
        Outside => outside,
        Reversal => reversal,
        Current => 0.0,
    }
}

/// Values of ions that are recorded of a kind of cell, or that inputs of its mechanisms stand for.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Recorded(BTreeSet<(Name, IonQuantity)>);

impl Recorded {
    /// By all records of a program.
    pub fn of(program: &Program, cell: CellId) -> Recorded {
        let of_cell = |term: &&Term| {
            program.populations.get(term.cells.population.index()).is_some_and(|population| population.cell == cell)
        };
        let terms = program.records.iter().flat_map(|record| &record.terms).filter(of_cell).map(|term| &term.probe);
        let pointed = pointers::of(program, cell).iter().map(|pointer| &pointer.source);
        let values = terms.chain(pointed).filter_map(|probe| match probe {
            Probe::Ion(_, ion, quantity) => Some((ion.clone(), *quantity)),
            _ => None,
        });
        Recorded(values.collect())
    }
}

/// The ions of a class.
#[derive(Debug, Default)]
pub struct Ions<'a> {
    lanes: usize,
    recorded: Recorded,
    all: Vec<Ion<'a>>,
    /// Rows of the engine.
    pub rows: Vec<SharedRow>,
}

/// One ion on the cells of a class.
#[derive(Debug)]
struct Ion<'a> {
    name: Name,
    valence: f64,
    /// What is set at each node.
    set: Vec<&'a SectionIons>,
    /// Where there is a concentration that something uses: whether it is written, too.
    used: Places,
    /// Where a mechanism writes the reversal potential.
    reversed: Places,
    /// Of what can change.
    rows: BTreeMap<IonQuantity, u16>,
    /// Of what is recorded though it cannot change; mechanisms take it as a constant.
    shown: BTreeMap<IonQuantity, u16>,
    slope: Option<u16>,
    celsius: f64,
}

impl<'a> Ions<'a> {
    /// Those that mechanisms of the class, or records, have to do with.
    pub fn of(program: &Program, constants: &Constants, contents: &'a Contents<'a>) -> Ions<'a> {
        let mut ions = Ions { lanes: contents.cells.len(), recorded: contents.recorded.clone(), ..Ions::default() };
        let Some(shape) = contents.shape else { return ions };
        let nodes = shape.body.parent.len();
        let present: BTreeSet<MechanismId> = contents.mechanisms().collect();
        let present: Vec<&Mechanism> = present.iter().filter_map(|id| program.mechanisms.get(id.index())).collect();
        let set = sections(contents, nodes);
        for ion in &program.ions {
            if !present.iter().any(|m| m.uses_ion(&ion.name)) {
                continue;
            }
            let mut one = Ion {
                name: ion.name.clone(),
                valence: ion.valence,
                set: set.clone(),
                used: Places::default(),
                reversed: Places::default(),
                rows: BTreeMap::new(),
                shown: BTreeMap::new(),
                slope: None,
                celsius: constants.celsius,
            };
            one.look(program, contents);
            ions.choose(&mut one, &present, constants.centred_totals);
            ions.all.push(one);
        }
        for row in 0..ions.rows.len() {
            ions.rows[row].initial = ions.initial(row as u16, 0..nodes as u32);
        }
        ions
    }

    /// Gives rows to what changes and is wanted.
    fn choose(&mut self, ion: &mut Ion, present: &[&Mechanism], centred_totals: bool) {
        let written = |quantity| present.iter().any(|m| m.writes_ion(&ion.name, quantity));
        let recorded = |quantity| self.recorded.0.contains(&(ion.name.clone(), quantity));
        let read = |quantity| recorded(quantity) || present.iter().any(|m| m.reads_ion(&ion.name, quantity));
        let follows = !ion.advancing(self.lanes).is_empty();
        let carries = |m: &&Mechanism| m.currents.iter().any(|c| matches!(&c.kind, CurrentKind::Ion(name) if *name == ion.name));
        let carried = present.iter().any(carries);
        let wanted = [
            (Inside, written(Inside), RowKind::Value),
            (Outside, written(Outside), RowKind::Value),
            (Reversal, written(Reversal) || (follows && read(Reversal)), RowKind::Value),
            (Current, carried && read(Current), RowKind::Sum),
        ];
        for (quantity, wanted, kind) in wanted {
            if wanted || recorded(quantity) {
                let rows = if wanted { &mut ion.rows } else { &mut ion.shown };
                rows.insert(quantity, self.rows.len() as u16);
                self.rows.push(SharedRow { name: quantity.name(&ion.name), kind, initial: Vec::new() });
            }
        }
        if let (Some(of), true) = (ion.rows.get(&Current), centred_totals) {
            ion.slope = Some(self.rows.len() as u16);
            self.rows.push(SharedRow {
                name: format!("di{}/dv", ion.name),
                kind: RowKind::Slope { of: *of },
                initial: Vec::new(),
            });
        }
    }

    fn initial(&self, row: u16, nodes: Range<u32>) -> Vec<f64> {
        let quantity = |ion: &Ion| ion.rows.iter().chain(&ion.shown).find(|(_, r)| **r == row).map(|(quantity, _)| *quantity);
        let of = self.all.iter().find_map(|ion| Some((ion, quantity(ion)?)));
        let differs = of.is_some_and(|(ion, _)| nodes.clone().any(|node| ion.differs(node)));
        let lanes = if differs { self.lanes as u32 } else { 1 };
        let places = nodes.flat_map(|node| (0..lanes).map(move |lane| (node, lane)));
        places.map(|at| of.map_or(0.0, |(ion, quantity)| ion.value(quantity, at))).collect()
    }

    /// Whether values of an ion may differ between the lanes of a node.
    pub fn differs(&self, ion: &str, node: u32) -> bool {
        self.ion(ion).is_some_and(|ion| ion.differs(node))
    }

    fn ion(&self, name: &str) -> Option<&Ion<'a>> {
        self.all.iter().find(|ion| *ion.name == *name)
    }

    /// The row of a value, where it is one.
    pub fn row(&self, ion: &str, quantity: IonQuantity) -> Option<u16> {
        self.ion(ion)?.rows.get(&quantity).copied()
    }

    /// A value at a node in a lane, at the start.
    pub fn value(&self, ion: &str, quantity: IonQuantity, at: (u32, u32)) -> f64 {
        self.ion(ion).map_or_else(|| default(ion, quantity), |ion| ion.value(quantity, at))
    }

    /// How an input of a mechanism is given, where that is a matter of ions.
    pub fn mode(&self, mechanism: &Mechanism, input: Input) -> Option<Mode> {
        let current = |id: VarId| {
            let variable = mechanism.variables.get(id.index())?;
            let VariableKind::Current { current } = variable.kind else { return None };
            match &mechanism.currents.get(current)?.kind {
                CurrentKind::Ion(ion) => self.ion(ion),
                CurrentKind::Nonspecific | CurrentKind::Electrode => None,
            }
        };
        let row = match input {
            Input::Variable(id) => match mechanism.variables.get(id.index()).map(|v| &v.kind) {
                Some(VariableKind::Ion { ion, quantity }) => self.row(ion, *quantity),
                Some(VariableKind::Current { .. }) => current(id)?.rows.get(&Current).copied(),
                _ => {
                    let write = mechanism.writes.iter().find(|w| w.variable == id)?;
                    self.row(&write.ion, write.quantity)
                }
            },
            Input::Slope(id) => return Some(current(id).and_then(|ion| ion.slope).map_or(Mode::Fixed(0.0), Mode::Shared)),
            _ => None,
        };
        row.map(Mode::Shared)
    }
}

impl<'a> Ion<'a> {
    /// Finds where mechanisms use its concentrations and write its reversal potential.
    fn look(&mut self, program: &Program, contents: &'a Contents<'a>) {
        for insert in contents.inserts {
            self.note(program, insert.group.mechanism, &insert.nodes, &In::Every);
        }
        for point in contents.points {
            self.note(program, point.group.mechanism, &[point.node], &point.lanes);
        }
    }

    fn note(&mut self, program: &Program, id: MechanismId, nodes: &[u32], lanes: &In) {
        let Some(mechanism) = program.mechanisms.get(id.index()) else { return };
        let any =
            |f: fn(&Mechanism, &str, IonQuantity) -> bool| f(mechanism, &self.name, Inside) || f(mechanism, &self.name, Outside);
        let (reads, writes) = (any(Mechanism::reads_ion), any(Mechanism::writes_ion));
        let reverses = mechanism.writes_ion(&self.name, Reversal);
        if !reads && !writes && !reverses {
            return;
        }
        for node in nodes {
            if reads || writes {
                self.used.note(*node, lanes, writes);
            }
            if reverses {
                self.reversed.note(*node, lanes, true);
            }
        }
    }

    /// Whether values may differ between the lanes of a node: something is there in some of them only.
    fn differs(&self, node: u32) -> bool {
        self.used.differs(node) || self.reversed.differs(node)
    }

    /// Where the reversal potential follows the concentrations.
    fn advancing(&self, lanes: usize) -> Vec<(u32, In)> {
        let follows = |at| self.used.at(at) == Some(true) && self.reversed.at(at).is_none();
        let of_node = |node: u32| {
            if !self.differs(node) {
                return follows((node, 0)).then_some((node, In::Every));
            }
            let here: Vec<u32> = (0..lanes as u32).filter(|lane| follows((node, *lane))).collect();
            let every = here.len() == lanes;
            (!here.is_empty()).then_some((node, if every { In::Every } else { In::Some(here) }))
        };
        self.used.nodes().into_iter().filter_map(of_node).collect()
    }

    fn value(&self, quantity: IonQuantity, at: (u32, u32)) -> f64 {
        let Some(set) = self.set.get(at.0 as usize) else { return default(&self.name, quantity) };
        if quantity == Reversal && self.used.at(at).is_some() && self.reversed.at(at).is_none() {
            let (inside, outside) = (set.value(&self.name, Inside), set.value(&self.name, Outside));
            return potential(inside, outside, self.valence, self.celsius);
        }
        set.value(&self.name, quantity)
    }
}

/// Where something is: in every lane of a node, or in some.
#[derive(Debug, Default)]
struct Places {
    /// By node.
    every: BTreeMap<u32, bool>,
    /// By node and lane.
    some: BTreeMap<(u32, u32), bool>,
}

impl Places {
    fn note(&mut self, node: u32, lanes: &In, more: bool) {
        match lanes {
            In::Every => *self.every.entry(node).or_default() |= more,
            In::Some(lanes) => lanes.iter().for_each(|lane| *self.some.entry((node, *lane)).or_default() |= more),
        }
    }

    /// What is known of a node in a lane, if something is there.
    fn at(&self, at: (u32, u32)) -> Option<bool> {
        match (self.every.get(&at.0), self.some.get(&at)) {
            (Some(a), Some(b)) => Some(a | b),
            (a, b) => a.or(b).copied(),
        }
    }

    /// Whether it may be another in another lane.
    fn differs(&self, node: u32) -> bool {
        self.some.range((node, 0)..=(node, u32::MAX)).next().is_some()
    }

    /// All nodes at which something is.
    fn nodes(&self) -> BTreeSet<u32> {
        self.every.keys().copied().chain(self.some.keys().map(|(node, _)| *node)).collect()
    }
}

/// What is set at each node: by the section of its segment; at ends by the section of what sits there.
fn sections<'a>(contents: &'a Contents<'a>, nodes: usize) -> Vec<&'a SectionIons> {
    static NOTHING: SectionIons = SectionIons(Vec::new());
    let mut set = vec![None; nodes];
    for (k, section) in contents.ions.iter().enumerate() {
        let segments = contents.shape.map(|shape| shape.segments(k)).unwrap_or_default();
        segments.into_iter().for_each(|node| set[node as usize] = Some(section));
    }
    for point in contents.points {
        let slot = &mut set[point.node as usize];
        *slot = slot.or_else(|| contents.ions.get(point.group.section));
    }
    set.into_iter().map(|section| section.unwrap_or(&NOTHING)).collect()
}
