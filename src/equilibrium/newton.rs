//! Newton's method with steps that are shortened until they bring the solution nearer (Deuflhard 1974); where it comes to no end, states first follow the
//! flow in implicit steps that grow as it comes to rest (Kelley & Keyes 1998).

use super::linear::Factors;
use super::{Slopes, System};

/// Most rounds of either way.
const ROUNDS: usize = 60;

/// Shorter parts of a step than this lead nowhere.
const SHORTEST: f64 = 1e-4;

/// Most growth of an implicit step from one to the next.
const GROWTH: f64 = 10.0;

/// A steady state.
#[derive(Clone, Debug, PartialEq)]
pub struct Rest {
    /// Where it is.
    pub states: Vec<f64>,
    /// Derivatives there, row by row.
    pub jacobian: Vec<f64>,
}

/// How far two rounds are apart that are as good as one.
pub(super) fn settled(step: &[f64], states: &[f64]) -> bool {
    step.iter().zip(states).all(|(step, x)| step.abs() <= 1e-10 * x.abs() + 1e-13)
}

/// The steady state that is found from these states; nothing where none is.
///
/// # Errors
/// Of the system.
pub fn rest<S: System>(system: &mut S, from: &[f64], parameter: f64) -> Result<Option<Rest>, S::Error> {
    if let Some(found) = direct(system, from, parameter)? {
        return Ok(Some(found));
    }
    match relaxed(system, from, parameter)? {
        Some(near) => direct(system, &near, parameter),
        None => Ok(None),
    }
}

fn length(step: &[f64], sizes: &[f64]) -> f64 {
    step.iter().zip(sizes).map(|(step, size)| (step / size).powi(2)).sum::<f64>().sqrt()
}

fn direct<S: System>(system: &mut S, from: &[f64], parameter: f64) -> Result<Option<Rest>, S::Error> {
    let n = from.len();
    let mut states = from.to_vec();
    let mut here = system.at(&states, parameter)?;
    let mut part = 1.0f64;
    for _ in 0..ROUNDS {
        let Some(factors) = Factors::of(here.jacobian.clone(), n) else { return Ok(None) };
        let step: Vec<f64> = factors.solve(&here.slopes).iter().map(|x| -x).collect();
        if settled(&step, &states) {
            let last: Vec<f64> = states.iter().zip(&step).map(|(x, step)| x + step).collect();
            let there = system.at(&last, parameter)?;
            let good = there.slopes.iter().all(|x| x.is_finite());
            return Ok(good.then_some(Rest { states: last, jacobian: there.jacobian }));
        }
        let sizes: Vec<f64> = states.iter().zip(&step).map(|(x, step)| x.abs().max(step.abs()).max(1e-12)).collect();
        part = (2.0 * part).min(1.0);
        (states, here) = loop {
            let next: Vec<f64> = states.iter().zip(&step).map(|(x, step)| x + part * step).collect();
            let there = system.at(&next, parameter)?;
            // What is left to go from there, measured by the derivatives here.
            let left = length(&factors.solve(&there.slopes), &sizes);
            if left <= (1.0 - part / 4.0) * length(&step, &sizes) {
                break (next, there);
            }
            part /= 2.0;
            if part < SHORTEST {
                return Ok(None);
            }
        };
    }
    Ok(None)
}

/// States near the rest to which the flow goes.
fn relaxed<S: System>(system: &mut S, from: &[f64], parameter: f64) -> Result<Option<Vec<f64>>, S::Error> {
    let n = from.len();
    let mut states = from.to_vec();
    let mut here = system.at(&states, parameter)?;
    let fastest = here.jacobian.iter().fold(0.0f64, |most, x| most.max(x.abs()));
    let mut time = 1.0 / fastest.max(1e-9);
    for _ in 0..5 * ROUNDS {
        let Slopes { slopes, jacobian } = &here;
        let mut implicit: Vec<f64> = jacobian.iter().map(|x| -x).collect();
        (0..n).for_each(|k| implicit[k * n + k] += 1.0 / time);
        let next = Factors::of(implicit, n).map(|factors| {
            let step = factors.solve(slopes);
            states.iter().zip(&step).map(|(x, step)| x + step).collect::<Vec<f64>>()
        });
        let Some(next) = next else {
            time /= 2.0;
            continue;
        };
        let there = system.at(&next, parameter)?;
        let speed = |slopes: &[f64], sizes: &[f64]| length(slopes, sizes);
        let sizes: Vec<f64> = states.iter().zip(&next).map(|(a, b)| a.abs().max(b.abs()).max(1e-9)).collect();
        let (before, after) = (speed(slopes, &sizes), speed(&there.slopes, &sizes));
        if !after.is_finite() || after > 1e3 * before {
            time /= 4.0;
            continue;
        }
        let still: Vec<f64> = there.slopes.iter().map(|slope| slope * time).collect();
        (states, here) = (next, there);
        if settled(&still, &states) || after == 0.0 {
            return Ok(Some(states));
        }
        time *= (before / after).clamp(0.5, GROWTH);
    }
    Ok(Some(states))
}
