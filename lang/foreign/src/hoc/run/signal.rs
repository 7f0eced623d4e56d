//! Vectors as rows of samples: what is picked, counted and summed up in them.

use super::class::Given;
use super::value::{Kind, Object, Value};
use super::{Done, Hoc};
use bouton_model::math;
use std::cell::RefCell;
use std::f64::consts::PI;
use std::rc::Rc;

impl Hoc<'_> {
    /// Methods of Vector that look at it as samples; nothing where there is none of that name.
    pub(super) fn of_samples(
        &mut self,
        object: &Rc<Object>,
        list: &RefCell<Vec<f64>>,
        name: &str,
        given: &Given<'_>,
    ) -> Done<Option<Value>> {
        let vector = |at: usize| match given.values.get(at) {
            Some(Value::Object(Some(other))) => match &other.kind {
                Kind::Vector(other) => Some(other.borrow().clone()),
                _ => None,
            },
            _ => None,
        };
        let needed = |at: usize| vector(at).ok_or_else(|| super::Stop::from(format!("`{name}` takes a vector")));
        // Of another vector, or of itself; where the other arguments begin.
        let source = || vector(0).map_or_else(|| (list.borrow().clone(), 0), |other| (other, 1));
        let new = match name {
            "ind" => {
                let (all, wanted) = (list.borrow().clone(), needed(0)?);
                let found = wanted.iter().filter_map(|at| if *at > -1.0 { all.get(*at as usize).copied() } else { None });
                return self.new_vector(found.collect()).map(Some);
            }
            "histogram" => {
                let (low, high, width) = (given.number(0)?, given.number(1)?, given.number(2)?);
                let mut counts = vec![0.0; self.count(((high - low) / width).floor() + 2.0)?];
                let all = list.borrow().clone();
                all.iter().for_each(|x| count(&mut counts, ((x - low) / width).floor() + 1.0));
                return self.new_vector(counts).map(Some);
            }
            "sumgauss" => {
                let (low, high, step, variance) = (given.number(0)?, given.number(1)?, given.number(2)?, given.number(3)?);
                let weights = vector(4);
                let mut sum = vec![0.0; self.count(((high - low) / step + 0.5).trunc())?];
                self.room(sum.len().saturating_mul(list.borrow().len()) / 100)?;
                let scale = 1.0 / (2.0 * PI * variance).sqrt();
                for (k, x) in list.borrow().iter().enumerate() {
                    let (at, weight) =
                        (((x - low) / step).trunc(), weights.as_ref().map_or(1.0, |w| w.get(k).copied().unwrap_or(0.0)));
                    for (j, one) in sum.iter_mut().enumerate() {
                        let far = -(j as f64 - at).powi(2) / (2.0 * variance / (step * step));
                        *one += if far > -20.0 { math::exp(far) * scale * weight } else { 0.0 };
                    }
                }
                return self.new_vector(sum).map(Some);
            }
            "mag" => return Ok(Some(Value::Number(list.borrow().iter().map(|x| x * x).sum::<f64>().sqrt()))),
            "meansqerr" => {
                let (other, weights, all) = (needed(0)?, vector(1), list.borrow());
                if all.is_empty() || other.len() < all.len() {
                    return Err(format!("`{name}` takes a vector that is at least as long").into());
                }
                let weight = |k: usize| weights.as_ref().map_or(1.0, |w| w.get(k).copied().unwrap_or(0.0));
                let sum: f64 = all.iter().zip(&other).enumerate().map(|(k, (a, b))| (a - b) * (a - b) * weight(k)).sum();
                return Ok(Some(Value::Number(sum / all.len() as f64)));
            }
            "reduce" => {
                let (function, mut sum) = (given.text(0)?, given.number_or(1, 0.0)?);
                for x in self.part(&list.borrow().clone(), given, 2)? {
                    sum += self.of_one(&function, x)?;
                }
                return Ok(Some(Value::Number(sum)));
            }
            "apply" => {
                let (function, mut all) = (given.text(0)?, list.borrow().clone());
                let (from, to) = (given.number_or(1, 0.0)?, given.number_or(2, all.len() as f64 - 1.0)?);
                for (k, x) in all.iter_mut().enumerate() {
                    if (from..=to).contains(&(k as f64)) {
                        *x = self.of_one(&function, *x)?;
                    }
                }
                all
            }
            "hist" => {
                let (data, start, size, step) = (needed(0)?, given.number(1)?, given.number(2)?, given.number(3)?);
                let mut counts = vec![0.0; self.count(size.trunc())?];
                data.iter().for_each(|x| count(&mut counts, ((x - start) / step).floor()));
                counts
            }
            "integral" => {
                let (samples, at) = source();
                let (dx, mut sum) = (given.number_or(at, 1.0)?, 0.0);
                let summed = samples.iter().enumerate().map(|(k, x)| {
                    sum = if k == 0 { *x } else { sum + x * dx };
                    sum
                });
                summed.collect()
            }
            "rebin" => {
                let (samples, at) = source();
                let width = given.number(at)?.max(1.0) as usize;
                samples.chunks_exact(width).map(|part| part.iter().sum()).collect()
            }
            "resample" => {
                let (samples, by) = (needed(0)?, given.number(1)?);
                let size = self.count((samples.len() as f64 * by).trunc())?;
                (0..size).filter_map(|k| samples.get((k as f64 / by) as usize).copied()).collect()
            }
            "sin" => {
                let (frequency, phase, dx) = (given.number(0)?, given.number(1)?, given.number_or(2, 1.0)?);
                let turn = 2.0 * PI / 1000.0 * frequency * dx;
                (0..list.borrow().len()).map(|k| math::sin(turn * k as f64 + phase)).collect()
            }
            "clear" => Vec::new(),
            "copy" => return self.copied(object, list, &needed(0)?, given).map(Some),
            _ => return Ok(None),
        };
        self.room(new.len())?;
        list.replace(new);
        Ok(Some(Value::Object(Some(object.clone()))))
    }

    /// What a function of the file, or of hoc, makes of a number.
    fn of_one(&mut self, function: &str, x: f64) -> Done<f64> {
        let scope = self.scope();
        let made = match self.procedure(function, &scope) {
            Some((procedure, home)) => self.call(&procedure, &home, vec![Value::Number(x)])?,
            None => self.function(function, vec![Value::Number(x)])?,
        };
        match made {
            Value::Number(value) => Ok(value),
            other => Err(format!("`{function}` gives {}, not a number", other.what()).into()),
        }
    }

    /// `to.copy(from, [to where,] [from where, to where, [steps]])`, or with vectors of indices.
    fn copied(&mut self, object: &Rc<Object>, list: &RefCell<Vec<f64>>, from: &[f64], given: &Given<'_>) -> Done<Value> {
        let indices = |at: usize| match given.values.get(at) {
            Some(Value::Object(Some(other))) => match &other.kind {
                Kind::Vector(other) => Some(other.borrow().clone()),
                _ => None,
            },
            _ => None,
        };
        if let Some(sources) = indices(1) {
            let targets = indices(2).unwrap_or_else(|| sources.clone());
            let mut list = list.borrow_mut();
            for (source, target) in sources.iter().zip(&targets) {
                if let (Some(x), Some(one)) = (from.get((source + 1e-11) as usize), list.get_mut((target + 1e-11) as usize)) {
                    *one = *x;
                }
            }
            return Ok(Value::Object(Some(object.clone())));
        }
        let top = from.len() as f64 - 1.0;
        let (to, first, last, steps) = match given.values.len() {
            0 | 1 => (0.0, 0.0, top, (1.0, 1.0)),
            2 => (given.number(1)?, 0.0, top, (1.0, 1.0)),
            3 => (0.0, given.number(1)?, given.number(2)?, (1.0, 1.0)),
            _ => (given.number(1)?, given.number(2)?, given.number(3)?, (given.number_or(4, 1.0)?, given.number_or(5, 1.0)?)),
        };
        let (to, first) = (to.max(0.0) as usize, first.max(0.0) as usize);
        let last = if last < 0.0 { top } else { last.min(top) };
        let steps = (steps.0.max(1.0) as usize, steps.1.max(1.0) as usize);
        let moved: Vec<f64> = from
            .iter()
            .enumerate()
            .skip(first)
            .step_by(steps.1)
            .take_while(|(k, _)| *k as f64 <= last)
            .map(|(_, x)| *x)
            .collect();
        let size = to + moved.len().saturating_sub(1) * steps.0 + usize::from(!moved.is_empty());
        self.room(size)?;
        let mut list = list.borrow_mut();
        if list.len() < size || given.values.len() < 2 {
            list.resize(size, 0.0);
        }
        moved.iter().enumerate().for_each(|(k, x)| list[to + k * steps.0] = *x);
        drop(list);
        Ok(Value::Object(Some(object.clone())))
    }
}

/// One more in a place that is there.
fn count(counts: &mut [f64], at: f64) {
    if at >= 0.0
        && let Some(one) = counts.get_mut(at as usize)
    {
        *one += 1.0;
    }
}
