//! Newton's method with steps that are shortened until they bring the solution nearer (Deuflhard 1974); where it comes to no end, states first follow the
//! flow in implicit steps that grow as it comes to rest (Kelley & Keyes 1998). Where the flow comes to no rest, since what is there is unstable, the states are held at
//! the beginning and let go little by little (the fixed-point homotopy of Chow, Mallet-Paret & Yorke 1978).

use super::branch::{Course, End, follow};
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
    if let Some(near) = relaxed(system, from, parameter)?
        && let Some(found) = direct(system, &near, parameter)?
    {
        return Ok(Some(found));
    }
    let_go(system, from, parameter)
}

/// Pulled back to the states of the beginning with all might where the parameter is 0, left to itself where it is 1.
struct Held<'s, S> {
    system: &'s mut S,
    parameter: f64,
    begin: Vec<f64>,
    rate: f64,
}

impl<S: System> System for Held<'_, S> {
    type Error = S::Error;

    fn at(&mut self, states: &[f64], free: f64) -> Result<Slopes, S::Error> {
        let Slopes { mut slopes, mut jacobian } = self.system.at(states, self.parameter)?;
        let pull = (1.0 - free) * self.rate;
        for ((slope, x), begin) in slopes.iter_mut().zip(states).zip(&self.begin) {
            *slope = free * *slope + pull * (begin - x);
        }
        jacobian.iter_mut().for_each(|x| *x *= free);
        jacobian.iter_mut().step_by(states.len() + 1).for_each(|x| *x -= pull);
        Ok(Slopes { slopes, jacobian })
    }
}

/// The steady state at the end of the curve on which the states are let go.
fn let_go<S: System>(system: &mut S, from: &[f64], parameter: f64) -> Result<Option<Rest>, S::Error> {
    let rate = fastest(&system.at(from, parameter)?.jacobian);
    let mut held = Held { system: &mut *system, parameter, begin: from.to_vec(), rate };
    let course = Course { from: 0.0, to: 1.0, longest: 0.05, points: 20 * ROUNDS };
    match follow(&mut held, from.to_vec(), course)? {
        Some((points, End::Range)) => match points.last() {
            Some(last) if last.parameter > 0.5 => direct(system, &last.states, parameter),
            _ => Ok(None),
        },
        _ => Ok(None),
    }
}

fn fastest(jacobian: &[f64]) -> f64 {
    jacobian.iter().fold(1e-9f64, |most, x| most.max(x.abs()))
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
    let mut time = 1.0 / fastest(&here.jacobian);
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
