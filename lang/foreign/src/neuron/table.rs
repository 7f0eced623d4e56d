//! What a cell's text says of mechanisms beside their parameters: tables that scripts have filled, a definition each, which those who have the mechanism are given;
//! and which of a mechanism's other values can be set.

use super::catalog::{Mechanism, Role, Value};
use super::text::literal;
use super::{Cell, Model};
use crate::nmodl::tree::File;
use crate::nmodl::unit::{Unit, Units};
use bouton_model::curve::{Axis, Curve};
use bouton_model::ir::{Variable, VariableKind};
use bouton_syntax::Diagnostics;
use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

/// The tables of a cell's mechanisms.
pub(super) struct Tables {
    /// Definitions.
    pub lines: Vec<String>,
    /// Which mechanism has a table of which name, and what it is given.
    given: Vec<(usize, String, String)>,
    /// What the equations of mechanisms make of their names.
    variables: RefCell<HashMap<usize, Rc<Vec<Variable>>>>,
}

impl Tables {
    /// Those of what is in a cell.
    pub fn of(model: &Model, cell: &Cell) -> Tables {
        let inserted = cell.sections.iter().flat_map(|id| &model.section(*id).mechanisms).map(|one| one.mechanism);
        let placed = cell.points.iter().filter_map(|id| model.point(*id)).map(|point| point.mechanism);
        let mut mechanisms: Vec<usize> = Vec::new();
        for one in inserted.chain(placed) {
            if !mechanisms.contains(&one) {
                mechanisms.push(one);
            }
        }
        let mut taken: HashSet<String> = cell.names.iter().map(|(name, _)| name.clone()).collect();
        taken.extend(cell.lists.iter().map(|(name, _)| name.clone()));
        taken.extend(cell.points.iter().map(|id| cell.point_name(model, *id)));
        let mut tables = Tables { lines: Vec::new(), given: Vec::new(), variables: RefCell::default() };
        for mechanism in mechanisms {
            let known = model.catalog.get(mechanism);
            let Some(file) = known.equations.0.as_ref().filter(|_| !known.library) else { continue };
            let units = Units::of(file);
            for block in crate::nmodl::pointer::tables(file) {
                let Some(curve) = &block.curve else { continue };
                let (unit, arguments) = crate::nmodl::table_units(&units, block);
                let table = &block.name.text;
                let value = match curve.only() {
                    Some(value) => literal(value, &unit),
                    None => {
                        let mut name = format!("{table}_{}", known.name);
                        while !taken.insert(name.clone()) {
                            name.push('_');
                        }
                        tables.lines.push(format!("let {name} = {}", written(curve, &unit, &arguments)));
                        name
                    }
                };
                tables.given.push((mechanism, table.to_string(), value));
            }
        }
        tables
    }

    /// The unit in which a value of a mechanism can be set; nothing for what its equations compute whenever they need it, so that nobody sees what a script sets of it.
    pub fn unit(&self, mechanism: usize, known: &Mechanism, value: &Value) -> Option<Unit> {
        // What an ion says counts in a run, also where the file declares it as a parameter.
        let of_ion = |file: &File| file.neuron.ions.iter().any(|ion| ion.reads.iter().any(|one| *one.text == *value.name));
        let computed = |file: &&Rc<File>| value.role != Role::Parameter || of_ion(file);
        let Some(file) = known.equations.0.as_ref().filter(computed) else { return Some(value.unit) };
        let translated = || {
            let translated = crate::nmodl::translate(file, &mut Diagnostics::new()).mechanism;
            Rc::new(translated.map_or_else(Vec::new, |mechanism| mechanism.variables))
        };
        let variables = self.variables.borrow_mut().entry(mechanism).or_insert_with(translated).clone();
        let Some(variable) = variables.iter().find(|one| *one.name == *value.name) else { return Some(value.unit) };
        match variable.kind {
            VariableKind::Let { .. } | VariableKind::Current { .. } | VariableKind::Ion { .. } => None,
            _ if variable.dimension == value.unit.dimension() => Some(value.unit),
            _ => Some(Unit::ONE),
        }
    }

    /// What a mechanism is given.
    pub fn settings(&self, mechanism: usize) -> Vec<String> {
        let own = self.given.iter().filter(|(of, ..)| *of == mechanism);
        own.map(|(_, table, value)| format!("{table} = {value}")).collect()
    }
}

/// `table([-80.0, 0.0] * 1.0 mV, [1.0, 3.0] * 1.0 ms)`
fn written(curve: &Curve, unit: &Unit, arguments: &[Unit]) -> String {
    let list = |numbers: &[f64], unit: &Unit| {
        let numbers: Vec<String> = numbers.iter().map(|x| literal(*x, &Unit::ONE)).collect();
        match literal(1.0, unit).as_str() {
            "1.0" => format!("[{}]", numbers.join(", ")),
            unit => format!("[{}] * {unit}", numbers.join(", ")),
        }
    };
    let axis = |(axis, unit): (&Axis, &Unit)| match axis {
        Axis::At(points) => list(points, unit),
        Axis::Even(count, low, high) => format!("{} .. {} steps {count}", literal(*low, unit), literal(*high, unit)),
    };
    let mut parts: Vec<String> = curve.axes().iter().zip(arguments).map(axis).collect();
    parts.push(list(curve.values(), unit));
    format!("table({})", parts.join(", "))
}
