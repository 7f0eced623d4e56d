//! `depvar`, `eqn` and `solve`: simultaneous equations, linearized where they are met and solved together.

use super::path::Place;
use super::scope::Slot;
use super::value::Value;
use super::{Done, Hoc};
use crate::hoc::tree::{Expr, Path};

/// By how much a variable is changed to see what an equation makes of it.
const DELTA: f64 = 0.001;

/// Variables and the equations that were met, one for each.
#[derive(Debug, Default)]
pub(super) struct Equations {
    variables: Vec<Place>,
    delta: Option<f64>,
    /// Of each variable's equation its slopes by all variables, and what is missing from it.
    rows: Vec<(Vec<f64>, f64)>,
}

impl Hoc<'_> {
    /// `eqinit(delta)`, which forgets all equations, and `solve()`.
    pub(super) fn of_equations(&mut self, name: &str, arguments: &[Value]) -> Done<Value> {
        if name == "solve" {
            return self.solve_equations().map(Value::Number);
        }
        let delta = match arguments.first() {
            Some(Value::Number(delta)) => Some(*delta),
            _ => None,
        };
        self.equations = Equations { delta, ..Equations::default() };
        Ok(Value::Number(0.0))
    }

    /// `depvar x, y[3]`
    pub(super) fn make_dependent(&mut self, paths: &[Path]) -> Done<()> {
        for path in paths {
            if let [part] = path.parts.as_slice()
                && part.indices.is_empty()
                && self.slot(&part.name, &self.scope()).is_none()
            {
                self.put(&part.name, Slot::Numbers(vec![0.0], Vec::new()), false);
            }
            let place = self.walk(path)?;
            if !matches!(place, Place::Slot(..)) {
                return Err("this cannot be a variable of equations".to_owned().into());
            }
            if self.row_of(&place).is_some() {
                return Err("this is a variable of equations already".to_owned().into());
            }
            self.equations.variables.push(place);
        }
        let count = self.equations.variables.len();
        self.room(count * count)?;
        self.equations.rows = vec![(vec![0.0; count], 0.0); count];
        Ok(())
    }

    fn row_of(&self, place: &Place) -> Option<usize> {
        let Place::Slot(scope, name, at) = place else { return None };
        self.equations.variables.iter().position(|known| match known {
            Place::Slot(other, known, k) => std::rc::Rc::ptr_eq(scope, other) && name == known && at == k,
            _ => false,
        })
    }

    /// `eqn x:: left = right`, or one side that is added to the equation of x.
    pub(super) fn equation(&mut self, of: &Path, sides: [Option<&Expr>; 2]) -> Done<()> {
        let place = self.walk(of)?;
        let Some(row) = self.row_of(&place) else {
            return Err("an equation has the name of a variable that `depvar` has declared".to_owned().into());
        };
        if let [Some(_), Some(_)] = sides {
            let count = self.equations.variables.len();
            self.equations.rows[row] = (vec![0.0; count], 0.0);
        }
        let delta = self.equations.delta.unwrap_or(DELTA);
        for (side, sign) in sides.into_iter().zip([1.0, -1.0]) {
            let Some(side) = side else { continue };
            let here = sign * self.number(side)?;
            self.equations.rows[row].1 -= here;
            for k in 0..self.equations.variables.len() {
                let variable = self.equations.variables[k].clone();
                let Value::Number(was) = self.get(&variable)? else { continue };
                self.set(&variable, Value::Number(was + delta))?;
                let there = self.number(side);
                self.set(&variable, Value::Number(was))?;
                self.equations.rows[row].0[k] += (sign * there? - here) / delta;
            }
        }
        Ok(())
    }

    /// `solve()`: one step of Newton's method; how far off the equations were and by how much the variables changed.
    fn solve_equations(&mut self) -> Done<f64> {
        let rows = std::mem::take(&mut self.equations.rows);
        let missing: f64 = rows.iter().map(|(_, missing)| missing.abs()).sum();
        let count = rows.len();
        self.equations.rows = vec![(vec![0.0; count], 0.0); count];
        let Some(changes) = solved(rows) else { return Err("these equations have no single solution".to_owned().into()) };
        let mut sum = missing;
        for (place, change) in self.equations.variables.clone().into_iter().zip(changes) {
            sum += change.abs();
            let Value::Number(was) = self.get(&place)? else { continue };
            self.set(&place, Value::Number(was + change))?;
        }
        Ok(sum)
    }
}

/// Gauss's elimination, the largest of a column as pivot.
fn solved(mut rows: Vec<(Vec<f64>, f64)>) -> Option<Vec<f64>> {
    let count = rows.len();
    for k in 0..count {
        let best = (k..count).max_by(|a, b| rows[*a].0[k].abs().total_cmp(&rows[*b].0[k].abs()))?;
        rows.swap(k, best);
        let (above, below) = rows.split_at_mut(k + 1);
        let (pivot, right) = &above[k];
        if pivot[k] == 0.0 || !pivot[k].is_finite() {
            return None;
        }
        for (row, missing) in below {
            let factor = row[k] / pivot[k];
            row.iter_mut().zip(pivot).skip(k).for_each(|(x, of)| *x -= factor * of);
            *missing -= factor * right;
        }
    }
    let mut found = vec![0.0; count];
    for k in (0..count).rev() {
        let known: f64 = (k + 1..count).map(|j| rows[k].0[j] * found[j]).sum();
        found[k] = (rows[k].1 - known) / rows[k].0[k];
    }
    Some(found)
}
