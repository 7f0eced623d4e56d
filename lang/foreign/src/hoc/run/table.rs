//! `table_tau_m(...)`: fills a FUNCTION_TABLE of a mechanism. NEURON keeps where the numbers are and looks there whenever it needs one, so they are read at the end, too.

use super::path::Place;
use super::scope::{Scope, Slot};
use super::value::{Kind, Object, Value};
use super::{Done, Hoc};
use crate::hoc::tree::Name;
use bouton_model::curve::{Axis, Curve};
use std::rc::Rc;
use std::sync::Arc;

/// A table that was filled.
pub(super) struct Filled {
    mechanism: usize,
    name: Rc<str>,
    /// The value that it was last given alone; it holds also where a table has one place.
    alone: f64,
    /// Its values and where they are.
    values: Option<(Numbers, Vec<Along>)>,
}

/// Where numbers are, from one of them on.
#[derive(Clone)]
enum Numbers {
    Vector(Rc<Object>, usize),
    Slot(Rc<Scope>, Name, usize),
}

/// Places along an argument.
#[derive(Clone)]
enum Along {
    At(Numbers, usize),
    Even(usize, f64, f64),
}

impl Along {
    fn count(&self) -> usize {
        match self {
            Along::At(_, count) | Along::Even(count, ..) => *count,
        }
    }
}

/// The most places along an argument.
const MOST: f64 = 1e6;

impl Hoc<'_> {
    /// One value; two Vectors, of values and of where they are; or the address of the first value, and for each argument of the table how many places there are, and
    /// the address of the first of them, or the first and the last of places of equal distances.
    pub(super) fn fill_table(&mut self, mechanism: usize, name: &Rc<str>, given: &[Value]) -> Done<()> {
        let arguments = self.model.catalog.table_of(mechanism, name).map_or(1, |(_, arguments)| arguments);
        let values = match given {
            [Value::Number(value)] => {
                self.keep_table(Filled { mechanism, name: name.clone(), alone: *value, values: None });
                return Ok(());
            }
            [Value::Object(Some(values)), Value::Object(Some(places)), ..] => {
                let (count, places_count) = (length(values), length(places));
                if arguments > 1 {
                    return Err(format!("`{name}` has {arguments} arguments, and Vectors fill tables of one").into());
                }
                if count != places_count || count.is_none_or(|count| count == 0) {
                    return Err(format!("Vectors of different lengths, or without numbers, for the table `{name}`").into());
                }
                let places = Along::At(Numbers::Vector(places.clone(), 0), places_count.unwrap_or(0));
                (Numbers::Vector(values.clone(), 0), vec![places])
            }
            [values, rest @ ..] => {
                let values = self.numbers_at(values, name)?;
                let (mut rest, mut along) = (rest, Vec::new());
                for _ in 0..arguments {
                    let (one, left) = self.places(rest, name)?;
                    along.push(one);
                    rest = left;
                }
                (values, along)
            }
            [] => return Err(format!("the table `{name}` is given nothing").into()),
        };
        let known = self.tables.iter().find(|one| one.mechanism == mechanism && one.name == *name);
        let alone = known.map_or(0.0, |one| one.alone);
        self.keep_table(Filled { mechanism, name: name.clone(), alone, values: Some(values) });
        Ok(())
    }

    fn places<'v>(&self, given: &'v [Value], name: &str) -> Done<(Along, &'v [Value])> {
        let missing = || {
            super::Stop::from(format!(
                "the table `{name}` needs where its values are: how many, and the first and the last place, or the address of the first"
            ))
        };
        let [Value::Number(count), place, rest @ ..] = given else { return Err(missing()) };
        if !(1.0..=MOST).contains(count) {
            return Err(format!("the table `{name}` has {count} places").into());
        }
        let count = *count as usize;
        match (place, rest) {
            (Value::Number(low), [Value::Number(high), rest @ ..]) => match low <= high {
                true => Ok((Along::Even(count, *low, *high), rest)),
                false => Err(format!("the last place of the table `{name}` lies before the first").into()),
            },
            (Value::Number(_), _) => Err(missing()),
            (place, rest) => Ok((Along::At(self.numbers_at(place, name)?, count), rest)),
        }
    }

    /// Where an address leads.
    fn numbers_at(&self, value: &Value, name: &str) -> Done<Numbers> {
        match value {
            Value::Address(place) => match &**place {
                Place::Member(object, member, at) if &**member == "x" && length(object).is_some() => {
                    Ok(Numbers::Vector(object.clone(), at.unwrap_or(0)))
                }
                Place::Slot(scope, slot, at) => Ok(Numbers::Slot(scope.clone(), slot.clone(), *at)),
                _ => Err(format!("the table `{name}` takes numbers of a Vector or of an array").into()),
            },
            other => {
                Err(format!("the table `{name}` takes the address of its first number, and this is {}", other.what()).into())
            }
        }
    }

    fn keep_table(&mut self, table: Filled) {
        self.tables.retain(|one| one.mechanism != table.mechanism || one.name != table.name);
        self.tables.push(table);
        self.read_tables();
    }

    /// Fills the tables with the numbers that are there now.
    pub(super) fn read_tables(&mut self) {
        for table in &self.tables {
            let arguments = self.model.catalog.table_of(table.mechanism, &table.name).map_or(1, |(_, arguments)| arguments);
            if let Some(curve) = table.curve(arguments) {
                self.model.catalog.fill(table.mechanism, &table.name, Arc::new(curve));
            }
        }
    }
}

impl Filled {
    /// What it holds now; nothing where numbers are not there any more.
    fn curve(&self, arguments: usize) -> Option<Curve> {
        let Some((values, along)) = &self.values else { return Some(Curve::constant(self.alone, arguments)) };
        if self.alone != 0.0 && along.first().is_some_and(|one| one.count() == 1) {
            return Some(Curve::constant(self.alone, arguments));
        }
        let mut axes = Vec::new();
        for one in along {
            axes.push(match one {
                Along::At(numbers, count) => Axis::At(numbers.read(*count)?),
                Along::Even(count, low, high) => Axis::Even(*count, *low, *high),
            });
        }
        let count = along.iter().try_fold(1usize, |count, one| count.checked_mul(one.count()))?;
        Curve::new(axes, values.read(count)?)
    }
}

impl Numbers {
    fn read(&self, count: usize) -> Option<Vec<f64>> {
        let part = |list: &[f64], from: usize| list.get(from..from.checked_add(count)?).map(<[f64]>::to_vec);
        match self {
            Numbers::Vector(object, from) => match &object.kind {
                Kind::Vector(list) => part(&list.borrow(), *from),
                _ => None,
            },
            Numbers::Slot(scope, name, from) => match scope.names.borrow().get(name) {
                Some(Slot::Numbers(list, _)) => part(list, *from),
                _ => None,
            },
        }
    }
}

/// How many numbers a Vector has; nothing for anything else.
fn length(object: &Object) -> Option<usize> {
    if let Kind::Vector(list) = &object.kind { Some(list.borrow().len()) } else { None }
}
