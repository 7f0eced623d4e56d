//! What the instances of a pool take from outside: one number where all have the same, else a row.

use super::{Member, Pools, Site};
use crate::build::column::Column;
use crate::build::group::Values;
use crate::build::range::Told;
use crate::build::shape::Shape;
use crate::build::streams::World;
use crate::value::Value;
use bouton_engine::kernel::{Input, MechanismCode, Mode, Setting};
use bouton_model::ir::{IonQuantity, Mechanism, MechanismId, VarId, VariableKind};
use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};

/// Inputs, each evaluated when it is first asked for.
pub(super) struct Inputs<'a> {
    pools: &'a Pools<'a>,
    id: MechanismId,
    pub(super) mechanism: &'a Mechanism,
    pub(super) sites: &'a [Site],
    scattered: bool,
    /// The groups of the sites, each once, and for each site which.
    values: RefCell<Vec<Values<'a>>>,
    of_site: Vec<usize>,
    known: RefCell<HashMap<Input, Known>>,
    error: RefCell<Option<Told>>,
}

enum Known {
    /// The same for all instances.
    Fixed(f64),
    /// A value for each instance, or for each site where all lanes have the same.
    Row(Vec<f64>),
}

impl<'a> Inputs<'a> {
    pub(super) fn of(pools: &'a Pools<'a>, id: MechanismId, sites: &'a [Site], scattered: bool) -> Inputs<'a> {
        let mechanism = &pools.program.mechanisms[id.index()];
        let mut values: Vec<Values<'a>> = Vec::new();
        let mut members: HashMap<(Member, u32), usize> = HashMap::new();
        let mut of_site = Vec::with_capacity(sites.len());
        for site in sites {
            // Sites of one group share their values, but where these vary along the section each segment has its own.
            let along = pools.along(site.member);
            let segment = if along.is_empty() { 0 } else { site.number };
            let at = *members.entry((site.member, segment)).or_insert(values.len());
            if at == values.len()
                && let Some(group) = pools.group(site.member)
            {
                values.push(Values::of(mechanism, group, (along, segment), pools.world.constants));
            }
            of_site.push(at);
        }
        let (known, error) = (RefCell::default(), RefCell::default());
        Inputs { pools, id, mechanism, sites, scattered, values: RefCell::new(values), of_site, known, error }
    }

    /// What programs are made for.
    pub(super) fn setting(&self) -> Setting {
        self.pools.setting
    }

    /// Whether slopes and their derivatives are wanted.
    pub(super) fn field(&self) -> bool {
        self.pools.world.constants.field
    }

    /// Variables that are computed because they are recorded.
    pub(super) fn observed(&self) -> Vec<VarId> {
        let all = self.pools.contents.observed.iter().filter(|(of, _)| *of == self.id);
        all.map(|(_, id)| *id).collect()
    }

    /// Definitions that are computed because others are driven by them.
    pub(super) fn shown(&self) -> Vec<VarId> {
        self.pools.contents.shown.iter().filter(|(of, _)| *of == self.id).map(|(_, id)| *id).collect()
    }

    /// How an input is given, be it a matter of ions or not.
    pub(super) fn given(&self, input: Input) -> Mode {
        self.pools.ions.mode(self.mechanism, input).unwrap_or_else(|| self.mode(input))
    }

    /// How an input is given.
    fn mode(&self, input: Input) -> Mode {
        if let Some(known) = self.known.borrow().get(&input) {
            return known.mode();
        }
        let known = self.evaluate(input).unwrap_or_else(|told| {
            self.error.borrow_mut().get_or_insert(told);
            Known::Fixed(0.0)
        });
        let mode = known.mode();
        self.known.borrow_mut().insert(input, known);
        mode
    }

    /// What was wrong with the first input that had no value.
    pub(super) fn error(&self) -> Option<Told> {
        self.error.borrow().clone()
    }

    /// The rows that the code takes.
    pub(super) fn rows(&self, code: &MechanismCode) -> Vec<Vec<f64>> {
        let mut known = self.known.borrow_mut();
        let mut row = |input| match known.remove(input) {
            Some(Known::Row(row)) => row,
            Some(Known::Fixed(x)) => vec![x; self.sites.len()],
            None => vec![0.0; self.sites.len()],
        };
        code.inputs.iter().map(|(input, _)| row(input)).collect()
    }

    fn lanes(&self) -> usize {
        self.pools.contents.cells.len()
    }

    fn evaluate(&self, input: Input) -> Result<Known, Told> {
        let World { constants, .. } = self.pools.world;
        let shape = self.pools.contents.shape;
        match input {
            Input::Variable(id) => match self.mechanism.variables.get(id.index()).map(|v| &v.kind) {
                Some(VariableKind::Param { .. }) => self.variable(id),
                Some(VariableKind::Ion { ion, quantity }) => Ok(self.of_ion(ion, *quantity)),
                // Asked about, too, but nothing that comes from outside.
                _ => Ok(Known::Fixed(0.0)),
            },
            Input::Driven(id) => match (self.is_driven(id), self.variable(id)?) {
                (true, Known::Fixed(base)) => Ok(Known::Row(vec![base; self.sites.len()])),
                (_, known) => Ok(known),
            },
            Input::Initial(id) => Ok(self.initial(id)),
            // A matter of ions.
            Input::Slope(_) => Ok(Known::Fixed(0.0)),
            Input::Global(id) => match constants.params.get(id.index()) {
                Some(Value::Number(x)) => Ok(Known::Fixed(*x)),
                // Truth values of kernels are masks.
                Some(Value::Bool(b)) => Ok(Known::Fixed(f64::from_bits(if *b { u64::MAX } else { 0 }))),
                None => Ok(Known::Fixed(0.0)),
            },
            Input::Area => Ok(self.by_node(|node, lane| shape.map_or(0.0, |s| s.area(node, lane)))),
            Input::Diam => Ok(self.by_node(|node, lane| shape.map_or(0.0, |s| s.diam(node, lane)))),
            Input::Toward | Input::Back => {
                let here: BTreeSet<u32> = self.sites.iter().map(|site| site.node).collect();
                let toward = input == Input::Toward;
                Ok(self.by_node(|node, lane| shape.and_then(|s| s.exchange(node, lane, &here, toward)).unwrap_or(0.0)))
            }
            Input::Factor => Ok(self.by_node(|node, lane| shape.map_or(1.0, |s| s.factor(node, lane)))),
        }
    }

    fn is_driven(&self, id: VarId) -> bool {
        let mechanism = self.sites.first().and_then(|site| self.pools.group(site.member)).map(|group| group.mechanism);
        mechanism.is_some_and(|mechanism| self.pools.contents.driven.contains(&(mechanism, id)))
    }

    fn variable(&self, id: VarId) -> Result<Known, Told> {
        let mut values = self.values.borrow_mut();
        let columns = values.iter_mut().map(|v| v.column(id)).collect::<Result<Vec<_>, _>>()?;
        Ok(self.known(&columns))
    }

    /// Where it is not set it is not a number, and the mechanism's own expression is used.
    fn initial(&self, id: VarId) -> Known {
        let columns: Vec<Column> =
            self.values.borrow().iter().map(|v| v.setting(id).cloned().unwrap_or(Column::Same(f64::NAN))).collect();
        self.known(&columns)
    }

    fn known(&self, columns: &[Column]) -> Known {
        if let [Column::Same(x), rest @ ..] = columns
            && rest.iter().all(|c| matches!(c, Column::Same(y) if y.to_bits() == x.to_bits()))
        {
            return Known::Fixed(*x);
        }
        let differs = self.of_site.iter().any(|group| matches!(columns.get(*group), Some(Column::Each(_))));
        let lanes = if self.scattered || !differs { 1 } else { self.lanes() };
        let mut row = Vec::with_capacity(self.sites.len() * lanes);
        for (site, group) in self.sites.iter().zip(&self.of_site) {
            let Some(column) = columns.get(*group) else { continue };
            match self.scattered {
                true => row.push(column.at(site.number as usize)),
                false => row.extend((0..lanes).map(|lane| column.at(lane))),
            }
        }
        Known::of(row)
    }

    fn of_ion(&self, ion: &str, quantity: IonQuantity) -> Known {
        let ions = &self.pools.ions;
        let differs = !self.scattered && self.sites.iter().any(|site| ions.differs(ion, site.node));
        self.by_place(differs, |node, lane| ions.value(ion, quantity, (node, lane)))
    }

    fn by_node(&self, value: impl Fn(u32, u32) -> f64) -> Known {
        self.by_place(self.pools.contents.shape.is_some_and(Shape::differs), value)
    }

    /// By node and lane; where lanes do not differ, once for all of them.
    fn by_place(&self, differs: bool, value: impl Fn(u32, u32) -> f64) -> Known {
        let of_site = |site: &Site| match (self.scattered, differs) {
            (true, _) => site.lane..site.lane + 1,
            (false, true) => 0..self.lanes() as u32,
            (false, false) => 0..1,
        };
        let value = &value;
        Known::of(self.sites.iter().flat_map(|site| of_site(site).map(move |lane| value(site.node, lane))).collect())
    }
}

impl Known {
    fn of(row: Vec<f64>) -> Known {
        match row.first() {
            Some(first) if row.iter().all(|x| x.to_bits() == first.to_bits()) => Known::Fixed(*first),
            _ => Known::Row(row),
        }
    }

    fn mode(&self) -> Mode {
        match self {
            Known::Fixed(x) => Mode::Fixed(*x),
            Known::Row(_) => Mode::PerInstance,
        }
    }
}
