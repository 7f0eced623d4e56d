//! The values that a `for` goes through.

use super::lists;
use super::scope::{Names, outside};
use crate::value::{self, NoValue, Value};
use bouton_model::ir::{Expr, RangeStep, Values};
use bouton_model::math;

/// More than anyone wants to wait for, and few enough to be kept.
const MOST: f64 = 1e7;

/// All values, in order; they are known before the first is used.
///
/// # Errors
/// An end or a step has no value, or makes no range.
pub fn values(values: &Values, names: &mut Names<'_>) -> Result<Vec<Value>, NoValue> {
    match values {
        Values::Series(series) => Ok(lists::values(series, names)?.into_iter().map(Value::Number).collect()),
        Values::List(list) => list.iter().map(|one| value::evaluate(one, names)).collect(),
        Values::Range { start, end, step, log } => {
            let ends = (value::number(start, names)?, value::number(end, names)?);
            let refuse = |what: &str, x: f64, must: &str| Err(NoValue::Told(Box::new(outside(what, x, must, names.span))));
            if !(ends.0.is_finite() && ends.1.is_finite()) {
                return refuse("an end of the range", if ends.0.is_finite() { ends.1 } else { ends.0 }, "must be a number");
            }
            let span = names.span;
            let spacing = spacing(step, names)?;
            let refuse = |what: &str, x: f64, must: &str| NoValue::Told(Box::new(outside(what, x, must, span)));
            let numbers = match (spacing, log) {
                (Spacing::By(by), false) => by_step(ends, by).ok_or_else(|| refuse("the step of the range", by, MUST_STEP)),
                (Spacing::By(by), true) => by_ratio(ends, by).ok_or_else(|| refuse("the ratio of the range", by, MUST_RATIO)),
                (Spacing::Steps(n), log) => steps(ends, n, *log).ok_or_else(|| refuse("the number of values", n, MUST_COUNT)),
            }?;
            Ok(numbers.into_iter().map(Value::Number).collect())
        }
    }
}

const MUST_STEP: &str = "must lead from the first value to the last in at most 10 million steps";
const MUST_RATIO: &str = "must be above 1, and both ends above 0";
const MUST_COUNT: &str = "must be a whole number from 1 to 10 million (and both ends above 0 with `log`)";

enum Spacing {
    By(f64),
    Steps(f64),
}

fn spacing(step: &RangeStep, names: &mut Names<'_>) -> Result<Spacing, NoValue> {
    let mut number = |e: &Expr| value::number(e, names);
    Ok(match step {
        RangeStep::One => Spacing::By(1.0),
        RangeStep::By(by) => Spacing::By(number(by)?),
        RangeStep::Steps(count) => Spacing::Steps(number(count)?),
    })
}

/// `start .. end by x`: each value is computed from the start, so that errors do not add up; an end that is missed by a rounding
/// is not missed. A range that runs the other way is empty.
fn by_step((start, end): (f64, f64), by: f64) -> Option<Vec<f64>> {
    let count = (end - start) / by;
    if by == 0.0 || !count.is_finite() || count > MOST {
        return None;
    }
    let last = (count * (1.0 + 1e-12) + 1e-9).floor();
    if last < 0.0 {
        return Some(Vec::new());
    }
    Some((0..=last as u32).map(|k| start + f64::from(k) * by).collect())
}

fn by_ratio((start, end): (f64, f64), ratio: f64) -> Option<Vec<f64>> {
    let sensible = ratio > 1.0 && start > 0.0 && end > 0.0;
    let powers = sensible.then(|| by_step((0.0, math::log(end / start)), math::log(ratio))).flatten()?;
    Some(powers.into_iter().enumerate().map(|(k, _)| start * math::pow(ratio, k as f64)).collect())
}

/// `start .. end steps n`, the ends exactly.
fn steps((start, end): (f64, f64), n: f64, log: bool) -> Option<Vec<f64>> {
    let whole = n.fract() == 0.0 && (1.0..=MOST).contains(&n);
    if !whole || (log && !(start > 0.0 && end > 0.0)) {
        return None;
    }
    let last = n as u32 - 1;
    let between = |k: u32| {
        let part = f64::from(k) / f64::from(last);
        if log { start * math::pow(end / start, part) } else { start + (end - start) * part }
    };
    Some(
        (0..=last)
            .map(|k| {
                if k == 0 {
                    start
                } else if k == last {
                    end
                } else {
                    between(k)
                }
            })
            .collect(),
    )
}

#[cfg(test)]
mod tests {
    use super::{by_ratio, by_step, steps};

    #[test]
    fn both_ends_are_included() {
        assert_eq!(by_step((0.0, 3.0), 1.0), Some(vec![0.0, 1.0, 2.0, 3.0]));
        assert_eq!(by_step((0.0, 0.3), 0.1).map(|v| v.len()), Some(4));
        assert_eq!(by_step((3.0, 0.0), -1.5), Some(vec![3.0, 1.5, 0.0]));
        assert_eq!(by_step((1.0, 0.0), 1.0), Some(vec![]));
        assert_eq!(by_step((0.0, 1.0), 0.0), None);
        assert_eq!(by_step((0.0, 1.0), 1e-12), None);
    }

    #[test]
    fn so_many_values() {
        assert_eq!(steps((0.0, 1.0), 5.0, false), Some(vec![0.0, 0.25, 0.5, 0.75, 1.0]));
        assert_eq!(steps((2.0, 9.0), 1.0, false), Some(vec![2.0]));
        let log = steps((0.001, 0.1), 3.0, true).unwrap();
        assert!((log[1] / 0.01 - 1.0).abs() < 1e-12 && log[2] == 0.1);
        assert_eq!(steps((0.0, 1.0), 3.0, true), None);
        assert_eq!(steps((0.0, 1.0), 2.5, false), None);
    }

    #[test]
    fn equal_ratios() {
        assert_eq!(by_ratio((1.0, 8.0), 2.0), Some(vec![1.0, 2.0, 4.0, 8.0]));
        assert_eq!(by_ratio((1.0, 8.0), 1.0), None);
    }
}
