//! Matrices, as far as cell files use them: as tables of numbers.

use super::class::Given;
use super::value::{Kind, Object, Value};
use super::{Done, Hoc};
use std::cell::RefCell;
use std::rc::Rc;

/// Rows, columns, and the numbers row by row.
pub(super) type Table = (usize, usize, Vec<f64>);

impl Hoc<'_> {
    /// Methods of Matrix. Those that change it give it back.
    pub(super) fn of_matrix(
        &mut self,
        object: &Rc<Object>,
        table: &RefCell<Table>,
        name: &str,
        given: &Given<'_>,
    ) -> Done<Value> {
        let (rows, columns, _) = *table.borrow();
        let place = |at: usize, size: usize| -> Result<usize, String> {
            let index = given.number(at)?;
            if index < 0.0 || index >= size as f64 {
                return Err(format!("the index {index} is not within 0 and {}", size.saturating_sub(1)));
            }
            Ok(index as usize)
        };
        let vector = |at: usize| -> Option<Vec<f64>> {
            match given.values.get(at) {
                Some(Value::Object(Some(other))) => match &other.kind {
                    Kind::Vector(list) => Some(list.borrow().clone()),
                    _ => None,
                },
                _ => None,
            }
        };
        match name {
            "nrow" => return Ok(Value::Number(rows as f64)),
            "ncol" => return Ok(Value::Number(columns as f64)),
            "getval" => {
                let at = place(0, rows)? * columns + place(1, columns)?;
                return Ok(Value::Number(table.borrow().2.get(at).copied().unwrap_or(0.0)));
            }
            "setval" => {
                let (at, value) = (place(0, rows)? * columns + place(1, columns)?, given.number(2)?);
                if let Some(one) = table.borrow_mut().2.get_mut(at) {
                    *one = value;
                }
                return Ok(Value::Number(value));
            }
            "getrow" | "getcol" => {
                let along = name == "getrow";
                let which = place(0, if along { rows } else { columns })?;
                let numbers = &table.borrow().2;
                let list: Vec<f64> = match along {
                    true => numbers.iter().skip(which * columns).take(columns).copied().collect(),
                    false => numbers.iter().skip(which).step_by(columns.max(1)).copied().collect(),
                };
                return self.new_vector(list);
            }
            "setrow" | "setcol" => {
                let along = name == "setrow";
                let which = place(0, if along { rows } else { columns })?;
                let values = vector(1);
                let value = if values.is_none() { given.number(1)? } else { 0.0 };
                for k in 0..(if along { columns } else { rows }) {
                    let at = if along { which * columns + k } else { k * columns + which };
                    let new = values.as_ref().map_or(value, |list| list.get(k).copied().unwrap_or(0.0));
                    if let Some(one) = table.borrow_mut().2.get_mut(at) {
                        *one = new;
                    }
                }
            }
            "zero" => table.borrow_mut().2.fill(0.0),
            "fill" => {
                let value = given.number(0)?;
                table.borrow_mut().2.fill(value);
            }
            "resize" => {
                let (new_rows, new_columns) = (self.count(given.number(0)?)?, self.count(given.number(1)?)?);
                let size = self.count(new_rows as f64 * new_columns as f64)?;
                let old = table.borrow().2.clone();
                let mut numbers = vec![0.0; size];
                for row in 0..rows.min(new_rows) {
                    for column in 0..columns.min(new_columns) {
                        numbers[row * new_columns + column] = old.get(row * columns + column).copied().unwrap_or(0.0);
                    }
                }
                table.replace((new_rows, new_columns, numbers));
            }
            "scanf" => {
                let file = given.object(0)?;
                let Kind::File(file) = &file.kind else { return Err("`scanf` reads from a File".to_owned().into()) };
                let mut file = file.borrow_mut();
                let end = || "the file has no more numbers".to_owned();
                let (rows, columns) = match given.values.len() {
                    1 => {
                        let rows = file.number().ok_or_else(end)?;
                        (rows, file.number().ok_or_else(end)?)
                    }
                    _ => (given.number(1)?, given.number(2)?),
                };
                let (rows, columns) = (self.count(rows)?, self.count(columns)?);
                let size = self.count(rows as f64 * columns as f64)?;
                let mut numbers = Vec::with_capacity(size);
                for _ in 0..size {
                    numbers.push(file.number().ok_or_else(end)?);
                }
                table.replace((rows, columns, numbers));
            }
            "printf" | "fprint" => return Ok(Value::Number(0.0)),
            _ => return Err(self.no_method(object, name)),
        }
        Ok(Value::Object(Some(object.clone())))
    }
}
