//! Random pools: a mechanism, where its instances are, what is the same for all of them and what is not.

use super::dice::Dice;
use super::expr::Specimen;
use super::ions::Shared;
use bouton_engine::kernel::{self, Input, Mode, Setting};
use bouton_engine::plan::{Body, Placement, Pool, StreamKey};
use bouton_model::ir::{CurrentKind, Mechanism, MechanismKind, VarId, VariableKind};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What pools of a class need to know.
pub struct Ground<'a> {
    pub setting: Setting,
    pub lanes: usize,
    pub body: Option<&'a Body>,
    /// What mechanisms of the class share.
    pub ions: &'a Shared,
    /// Whether there is extracellular space.
    pub space: bool,
    /// Spike sources so far.
    pub sources: &'a mut u32,
}

/// A pool of this mechanism; nothing where it would have no instances.
pub fn random(dice: &mut Dice, values: &mut Dice, specimen: &Specimen, ground: &mut Ground) -> Option<Pool> {
    let electrode = specimen.mechanism.currents.iter().any(|c| c.kind == CurrentKind::Electrode);
    let placement = placement(dice, specimen.mechanism.kind, electrode, ground)?;
    let setting = Setting { scattered: matches!(placement, Placement::Scattered(_)), ..ground.setting };
    let count = placement.count(ground.lanes);
    let spread = if dice.percent(50) { 0.2 } else { 0.0 };
    let inputs = Inputs { specimen, nodes: nodes(&placement, ground), spread, chosen: RefCell::default() };
    let (dice, values) = (RefCell::new(dice), RefCell::new(values));
    let mode = |input| {
        let shared = ground.ions.mode(&specimen.mechanism, input);
        shared.unwrap_or_else(|| inputs.mode(&mut dice.borrow_mut(), &mut values.borrow_mut(), input))
    };
    let mut code = kernel::compile(&specimen.mechanism, &setting, &mode).expect("the mechanism can be compiled");
    if specimen.mechanism.kind == MechanismKind::Free {
        kernel::show(&mut code, &specimen.mechanism, &setting, &mode, &defined(&specimen.mechanism)).expect("so can its lets");
    }
    kernel::observe(&mut code, &specimen.mechanism, &setting, &mode, &defined(&specimen.mechanism)).expect("so can its lets");
    let values = values.into_inner();
    let rows = code.inputs.iter().map(|(input, _)| (0..count).map(|i| inputs.value(values, *input, i)).collect());
    let rows: Vec<Vec<f64>> = rows.collect();
    let seed = values.below(1 << 20) as u32;
    let rows = match &placement {
        Placement::Nodes(_) | Placement::Free if ground.body.is_none_or(|body| !body.differs()) => {
            let mut extra = Dice::new(seed, 6, usize::MAX);
            rows.into_iter().map(|row| if extra.percent(40) { once(&row, ground.lanes) } else { row }).collect()
        }
        _ => rows,
    };
    let streams = if code.draws { (0..count as u32).map(|i| StreamKey([seed, i, 1])).collect() } else { Vec::new() };
    let sources = if code.spikes { number(ground.sources, count) } else { Vec::new() };
    Some(Pool { code: Arc::new(code), placement, inputs: rows, streams, sources })
}

/// The first lane's values, for all lanes.
pub fn once(row: &[f64], lanes: usize) -> Vec<f64> {
    row.iter().step_by(lanes).copied().collect()
}

/// All lets and currents.
fn defined(mechanism: &Mechanism) -> Vec<VarId> {
    let variables = (0..).map(VarId).zip(&mechanism.variables);
    let defined = variables.filter(|(_, v)| matches!(v.kind, VariableKind::Let { .. } | VariableKind::Current { .. }));
    defined.map(|(id, _)| id).collect()
}

/// So many new sources.
pub fn number(sources: &mut u32, count: usize) -> Vec<u32> {
    let first = *sources;
    *sources += count as u32;
    (first..*sources).collect()
}

/// Density mechanisms where there is area, each node at most once; point mechanisms anywhere, also twice. Electrodes in extracellular space are scattered.
fn placement(dice: &mut Dice, kind: MechanismKind, electrode: bool, ground: &Ground) -> Option<Placement> {
    let Some(body) = ground.body else {
        return (kind == MechanismKind::Free).then_some(Placement::Free);
    };
    let all = 0..body.parent.len() as u32;
    match kind {
        MechanismKind::Free => None,
        MechanismKind::Density => {
            let mut nodes: Vec<u32> = all.filter(|&i| body.of(&body.area, i as usize, 0) > 0.0).collect();
            if dice.percent(40) {
                let first = nodes[0];
                nodes.retain(|&i| i == first || dice.percent(60));
            }
            Some(Placement::Nodes(nodes))
        }
        MechanismKind::Point if dice.percent(40) || (electrode && ground.space) => {
            let count = dice.within(1, 2 * ground.lanes);
            let n = body.parent.len();
            let mut places: Vec<(u32, u32)> =
                (0..count).map(|_| (dice.below(n) as u32, dice.below(ground.lanes) as u32)).collect();
            places.sort_unstable();
            Some(Placement::Scattered(places))
        }
        MechanismKind::Point => {
            let count = dice.within(1, 3);
            Some(Placement::Nodes((0..count).map(|_| dice.below(body.parent.len()) as u32).collect()))
        }
    }
}

/// A node of a lane.
type Place<'a> = (&'a Body, usize, usize);

/// The node of each instance.
fn nodes<'a>(placement: &Placement, ground: &Ground<'a>) -> Vec<Option<Place<'a>>> {
    let at = |node: u32, lane: usize| ground.body.map(|body| (body, node as usize, lane));
    match placement {
        Placement::Nodes(nodes) => nodes.iter().flat_map(|&n| (0..ground.lanes).map(move |lane| at(n, lane))).collect(),
        Placement::Scattered(places) => places.iter().map(|&(n, lane)| at(n, lane as usize)).collect(),
        Placement::Free => vec![None; ground.lanes],
    }
}

/// The inputs of a pool's mechanism.
struct Inputs<'a> {
    specimen: &'a Specimen,
    nodes: Vec<Option<Place<'a>>>,
    /// How much values of instances differ from typical ones.
    spread: f64,
    chosen: RefCell<BTreeMap<Input, Option<u64>>>,
}

impl Inputs<'_> {
    /// Chosen when it is asked for first, and kept.
    fn mode(&self, dice: &mut Dice, values: &mut Dice, input: Input) -> Mode {
        let choose = || match input {
            Input::Area | Input::Diam | Input::Factor | Input::Toward | Input::Back => {
                let first = self.geometry(input, 0);
                let alike = (0..self.nodes.len()).all(|i| self.geometry(input, i) == first);
                (alike && dice.percent(50)).then_some(first.to_bits())
            }
            Input::Initial(_) if !dice.percent(30) => Some(f64::NAN.to_bits()),
            // Something may drive it.
            Input::Driven(_) if dice.percent(80) => None,
            _ if dice.percent(50) => None,
            _ => Some(self.value(values, input, 0).to_bits()),
        };
        match *self.chosen.borrow_mut().entry(input).or_insert_with(choose) {
            Some(bits) => Mode::Fixed(f64::from_bits(bits)),
            None => Mode::PerInstance,
        }
    }

    /// A value for instance i.
    fn value(&self, values: &mut Dice, input: Input, i: usize) -> f64 {
        match input {
            Input::Variable(id) | Input::Driven(id) | Input::Initial(id) => {
                let typical = self.specimen.typical.iter().find(|(x, _)| *x == id).map_or(0.0, |(_, value)| *value);
                typical * (1.0 + values.between(-self.spread, self.spread))
            }
            Input::Area | Input::Diam | Input::Factor | Input::Toward | Input::Back => self.geometry(input, i),
            Input::Slope(_) => 0.0,
            Input::Global(_) => panic!("no mechanism here uses a parameter of the script"),
        }
    }

    fn geometry(&self, input: Input, i: usize) -> f64 {
        let area = self.nodes[i].map_or(0.0, |(body, node, lane)| body.of(&body.area, node, lane));
        match input {
            // The conventional one of places without area: nothing divides by 0.
            Input::Area => {
                if area > 0.0 {
                    area
                } else {
                    1e-6
                }
            }
            Input::Diam => area.sqrt(),
            // Of segments of some 0.005 cm that are not all alike.
            Input::Toward => 4e4 * (1.0 + area * 1e4),
            Input::Back => 5e4,
            _ if area > 0.0 => 1.0 / area,
            _ => 1.0,
        }
    }
}
