//! Vectors of numbers.

use super::class::Given;
use super::value::{Kind, Object, Value};
use super::{Done, Hoc};
use bouton_model::math;
use std::cell::RefCell;
use std::rc::Rc;

impl Hoc<'_> {
    /// Methods of Vector. Those that change it give it back.
    pub(super) fn of_vector(
        &mut self,
        object: &Rc<Object>,
        list: &RefCell<Vec<f64>>,
        name: &str,
        given: &Given<'_>,
    ) -> Done<Value> {
        if let Some(number) = self.number_of_vector(list, name, given)? {
            return Ok(Value::Number(number));
        }
        if let Some(found) = self.of_samples(object, list, name, given)? {
            return Ok(found);
        }
        let other = |at: usize| -> Option<Vec<f64>> {
            match given.values.get(at) {
                Some(Value::Object(Some(other))) => match &other.kind {
                    Kind::Vector(other) => Some(other.borrow().clone()),
                    _ => None,
                },
                _ => None,
            }
        };
        let itself = Ok(Value::Object(Some(object.clone())));
        match name {
            "c" | "cl" => {
                let copy = self.part(&list.borrow(), given, 0)?;
                return self.new_vector(copy);
            }
            "at" => {
                let copy = self.part(&list.borrow(), given, 0)?;
                return self.new_vector(copy);
            }
            "append" => {
                for (at, value) in given.values.iter().enumerate() {
                    let new = match value {
                        Value::Number(value) => vec![*value],
                        _ => other(at).ok_or_else(|| super::Stop::from("`append` takes numbers and vectors".to_owned()))?,
                    };
                    self.room(new.len())?;
                    list.borrow_mut().extend(new);
                }
            }
            "resize" => {
                let count = self.count(given.number(0)?)?;
                list.borrow_mut().resize(count, 0.0);
            }
            "fill" => {
                let value = given.number(0)?;
                let count = list.borrow().len();
                let (from, to) = (given.number_or(1, 0.0)?, given.number_or(2, count as f64 - 1.0)?);
                let mut list = list.borrow_mut();
                list.iter_mut().enumerate().filter(|(k, _)| (from..=to).contains(&(*k as f64))).for_each(|(_, one)| *one = value);
            }
            "indgen" => match given.values.len() {
                0 | 1 => {
                    let by = given.number_or(0, 1.0)?;
                    list.borrow_mut().iter_mut().enumerate().for_each(|(k, one)| *one = k as f64 * by);
                }
                2 => {
                    let (from, by) = (given.number(0)?, given.number(1)?);
                    list.borrow_mut().iter_mut().enumerate().for_each(|(k, one)| *one = from + k as f64 * by);
                }
                _ => {
                    let (from, to, by) = (given.number(0)?, given.number(1)?, given.number(2)?);
                    let count = self.count(((to - from) / by + 1e-9).floor() + 1.0)?;
                    list.replace((0..count).map(|k| from + k as f64 * by).collect());
                }
            },
            "add" | "sub" | "mul" | "div" => {
                let by = other(0);
                let number = if by.is_some() { 0.0 } else { given.number(0)? };
                for (k, one) in list.borrow_mut().iter_mut().enumerate() {
                    let b = by.as_ref().map_or(number, |list| list.get(k).copied().unwrap_or(0.0));
                    *one = match name {
                        "add" => *one + b,
                        "sub" => *one - b,
                        "mul" => *one * b,
                        _ => *one / b,
                    };
                }
            }
            "deriv" => {
                // (source, dx, method): 1 is the difference to the next, 2 that of both neighbours, which is usual.
                let source = other(0);
                let first = usize::from(source.is_some());
                let (dx, method) = (given.number_or(first, 1.0)?, given.number_or(first + 1, 2.0)?);
                let x = source.unwrap_or_else(|| list.borrow().clone());
                let slope = |from: usize, to: usize| (x[to] - x[from]) / (dx * (to - from) as f64);
                let last = x.len().saturating_sub(1);
                let new: Vec<f64> = match method {
                    _ if x.len() < 2 => return Err("`deriv` takes at least two numbers".to_owned().into()),
                    1.0 => (0..last).map(|k| slope(k, k + 1)).collect(),
                    _ => (0..=last).map(|k| slope(k.saturating_sub(1), (k + 1).min(last))).collect(),
                };
                list.replace(new);
            }
            "spikebin" => {
                // (potentials, threshold): 1 where the threshold is reached from below, or at once.
                let from = other(0).ok_or_else(|| super::Stop::from("`spikebin` takes a vector".to_owned()))?;
                let threshold = given.number(1)?;
                self.room(from.len())?;
                let reaches = |k: usize| from[k] >= threshold && (k == 0 || from[k - 1] < threshold);
                list.replace((0..from.len()).map(|k| f64::from(reaches(k))).collect());
            }
            "abs" | "sqrt" | "log" | "exp" | "pow" | "scale" | "tanh" | "log10" => {
                let (a, b) = (given.number_or(0, 0.0)?, given.number_or(1, 0.0)?);
                let range =
                    list.borrow().iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x| (low.min(*x), high.max(*x)));
                for one in list.borrow_mut().iter_mut() {
                    *one = match name {
                        "abs" => one.abs(),
                        "sqrt" => one.sqrt(),
                        "log" => math::log(*one),
                        "log10" => math::log10(*one),
                        "exp" => math::exp(*one),
                        "tanh" => math::tanh(*one),
                        "pow" => math::pow(*one, a),
                        _ => a + (b - a) * (*one - range.0) / (range.1 - range.0),
                    };
                }
            }
            "remove" => {
                let (from, to) = (given.number(0)?, given.number_or(1, given.number(0)?)?);
                let mut at = -1.0;
                list.borrow_mut().retain(|_| {
                    at += 1.0;
                    !(from..=to).contains(&at)
                });
            }
            "insrt" => {
                let at = (given.number(0)?.max(0.0) as usize).min(list.borrow().len());
                let new = match other(1) {
                    Some(new) => new,
                    None => vec![given.number(1)?],
                };
                self.room(new.len())?;
                list.borrow_mut().splice(at..at, new);
            }
            "reverse" => list.borrow_mut().reverse(),
            "sort" => list.borrow_mut().sort_by(f64::total_cmp),
            "sortindex" => {
                let mut order: Vec<usize> = (0..list.borrow().len()).collect();
                let values = list.borrow().clone();
                order.sort_by(|a, b| values[*a].total_cmp(&values[*b]));
                return self.new_vector(order.into_iter().map(|k| k as f64).collect());
            }
            "from_python" => return Err(self.no_method(object, name)),
            "index" => {
                let (from, order) = (other(0).unwrap_or_default(), other(1).unwrap_or_default());
                list.replace(order.iter().map(|k| from.get(k.max(0.0) as usize).copied().unwrap_or(0.0)).collect());
            }
            "setrand" | "addrand" => {
                let random = given.object(0)?;
                let Kind::Random(random) = &random.kind else { return Err("this is no Random".to_owned().into()) };
                let mut random = random.borrow_mut();
                for one in list.borrow_mut().iter_mut() {
                    let drawn = random.pick();
                    *one = if name == "setrand" { drawn } else { *one + drawn };
                }
                self.stands_in(&random);
            }
            "scanf" | "scantil" => {
                let file = given.object(0)?;
                let Kind::File(file) = &file.kind else { return Err(format!("`{name}` reads from a File").into()) };
                let count = match (name, given.values.get(1)) {
                    ("scanf", Some(_)) => Some(self.count(given.number(1)?)?),
                    _ => None,
                };
                let end = if name == "scantil" { Some(given.number(1)?) } else { None };
                let (column, columns) = (given.number_or(2, 1.0)?.max(1.0) as usize, given.number_or(3, 1.0)?.max(1.0) as usize);
                let mut read = Vec::new();
                // Of each row of several columns one number.
                while count.is_none_or(|count| read.len() < count) {
                    let row: Vec<f64> = (0..columns).map_while(|_| file.borrow_mut().number()).collect();
                    match row.get(column - 1) {
                        Some(value) if end != Some(*value) => read.push(*value),
                        _ => break,
                    }
                    self.room(1)?;
                }
                list.replace(read);
            }
            "where" | "indvwhere" => {
                let at = usize::from(other(0).is_some());
                let from = other(0).unwrap_or_else(|| list.borrow().clone());
                let fits = comparison(given, at)?;
                let found = from.iter().enumerate().filter(|(_, x)| fits(**x));
                list.replace(found.map(|(k, x)| if name == "where" { *x } else { k as f64 }).collect());
            }
            "rotate" => {
                let by = given.number(0)? as i64;
                let mut list = list.borrow_mut();
                let count = list.len().max(1) as i64;
                list.rotate_right(by.rem_euclid(count) as usize);
            }
            "interpolate" => {
                let (to, from) = (other(0).unwrap_or_default(), other(1).unwrap_or_default());
                let values = other(2).unwrap_or_else(|| list.borrow().clone());
                list.replace(to.iter().map(|x| between(*x, &from, &values)).collect());
            }
            "play" => self.model.note("`Vector.play` was passed over: what it would play stays as it is through a run"),
            "record" | "play_remove" | "label" | "line" | "mark" | "plot" | "printf" | "vwrite" | "buffer_size" => {}
            _ => return Err(self.no_method(object, name)),
        }
        itself
    }

    pub(super) fn new_vector(&mut self, list: Vec<f64>) -> Done<Value> {
        self.room(list.len())?;
        let object = self.counted(&"Vector".into(), Kind::Vector(RefCell::new(list)));
        Ok(Value::Object(Some(object)))
    }

    pub(super) fn part(&self, list: &[f64], given: &Given<'_>, at: usize) -> Done<Vec<f64>> {
        let (from, to) = (given.number_or(at, 0.0)?, given.number_or(at + 1, list.len() as f64 - 1.0)?);
        Ok(list.iter().enumerate().filter(|(k, _)| (from..=to).contains(&(*k as f64))).map(|(_, x)| *x).collect())
    }

    fn number_of_vector(&mut self, list: &RefCell<Vec<f64>>, name: &str, given: &Given<'_>) -> Done<Option<f64>> {
        let all = list.borrow();
        let count = all.len() as f64;
        let mean = || all.iter().sum::<f64>() / count;
        let variance = || {
            let mean = mean();
            all.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / (count - 1.0)
        };
        let index = |at: f64| -> Result<usize, String> {
            if at < 0.0 || at >= count {
                Err(format!("the vector has {count} elements, and none of number {at}"))
            } else {
                Ok(at as usize)
            }
        };
        Ok(Some(match name {
            "size" => count,
            "get" => all[index(given.number(0)?)?],
            "set" => {
                let (at, value) = (index(given.number(0)?)?, given.number(1)?);
                drop(all);
                list.borrow_mut()[at] = value;
                value
            }
            "sum" => self.part(&all, given, 0)?.iter().sum(),
            "sumsq" => all.iter().map(|x| x * x).sum(),
            "mean" => {
                let part = self.part(&all, given, 0)?;
                part.iter().sum::<f64>() / part.len() as f64
            }
            "min" => self.part(&all, given, 0)?.into_iter().fold(f64::INFINITY, f64::min),
            "max" => self.part(&all, given, 0)?.into_iter().fold(f64::NEG_INFINITY, f64::max),
            "min_ind" | "max_ind" => {
                let order = |a: &&f64, b: &&f64| a.total_cmp(b);
                let best = if name == "min_ind" { all.iter().min_by(order) } else { all.iter().max_by(order) };
                all.iter().position(|x| Some(x) == best).map_or(-1.0, |at| at as f64)
            }
            "var" => variance(),
            "stdev" => variance().sqrt(),
            "stderr" => variance().sqrt() / count.sqrt(),
            "median" => {
                let mut sorted = all.clone();
                sorted.sort_by(f64::total_cmp);
                match sorted.len() {
                    0 => return Err("the median of an empty vector".to_owned().into()),
                    n if n % 2 == 1 => sorted[n / 2],
                    n => (sorted[n / 2 - 1] + sorted[n / 2]) / 2.0,
                }
            }
            "contains" => {
                let wanted = given.number(0)?;
                f64::from(u8::from(all.iter().any(|x| (x - wanted).abs() <= 1e-11)))
            }
            "indwhere" => {
                let fits = comparison(given, 0)?;
                all.iter().position(|x| fits(*x)).map_or(-1.0, |at| at as f64)
            }
            "dot" => match given.object(0)?.kind {
                Kind::Vector(ref other) => all.iter().zip(other.borrow().iter()).map(|(a, b)| a * b).sum(),
                _ => return Err("`dot` takes a vector".to_owned().into()),
            },
            "eq" => match given.object(0)?.kind {
                Kind::Vector(ref other) => f64::from(u8::from(*all == *other.borrow())),
                _ => 0.0,
            },
            _ => return Ok(None),
        }))
    }
}

/// What numbers a sign and one or two bounds allow: `">=", 3`, `"[)", 3, 5`.
fn comparison(given: &Given<'_>, at: usize) -> Result<impl Fn(f64) -> bool, String> {
    let (sign, a) = (given.text(at)?, given.number(at + 1)?);
    let b = given.number_or(at + 2, 0.0)?;
    Ok(move |x: f64| match &*sign {
        "==" => (x - a).abs() <= 1e-11,
        "!=" => (x - a).abs() > 1e-11,
        "<" => x < a,
        "<=" => x <= a,
        ">" => x > a,
        ">=" => x >= a,
        "[]" => x >= a && x <= b,
        "[)" => x >= a && x < b,
        "()" => x > a && x < b,
        _ => x > a && x <= b,
    })
}

/// The value at x of a curve through points, the last one's beyond them.
fn between(x: f64, from: &[f64], values: &[f64]) -> f64 {
    let after = from.iter().position(|at| *at >= x);
    match after {
        None => values.last().copied().unwrap_or(0.0),
        Some(0) => values.first().copied().unwrap_or(0.0),
        Some(k) => {
            let (a, b) = (from[k - 1], from[k]);
            let (low, high) = (values.get(k - 1).copied().unwrap_or(0.0), values.get(k).copied().unwrap_or(0.0));
            low + (high - low) * (x - a) / (b - a)
        }
    }
}
