//! The simplex method (Nelder and Mead 1965) with bounds, in the form of SciPy's `minimize(method="Nelder-Mead")`; `adaptive` takes the coefficients of Gao
//! and Han 2012, which suit many knobs.

use crate::fitness::{Fitness, Individual, evaluated, sort};
use crate::{Optimizer, Space};
use std::cmp::Ordering;

/// Settings of a simplex.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct NelderMeadSettings {
    /// Values of the knobs to start from; the middle where nothing is said.
    pub start: Option<Vec<f64>>,
    /// Coefficients that depend on the number of knobs.
    pub adaptive: bool,
}

/// What the candidate asked last is for.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Step {
    Start,
    Reflect,
    Expand,
    ContractOutside,
    ContractInside,
    Shrink,
}

/// The state of a simplex.
#[derive(Clone, Debug)]
pub struct NelderMead {
    space: Space,
    /// Of reflection, expansion, contraction and shrinking.
    coefficients: [f64; 4],
    simplex: Vec<Individual>,
    step: Step,
    asked: Vec<Vec<f64>>,
    reflected: Option<Individual>,
}

impl NelderMead {
    /// Before the first simplex.
    pub fn new(space: Space, settings: NelderMeadSettings) -> NelderMead {
        let n = space.dimension() as f64;
        let coefficients =
            if settings.adaptive { [1.0, 1.0 + 2.0 / n, 0.75 - 1.0 / (2.0 * n), 1.0 - 1.0 / n] } else { [1.0, 2.0, 0.5, 0.5] };
        let start = match settings.start {
            Some(values) => space.point(&values),
            None => space.at_parts(&vec![0.5; space.dimension()]),
        };
        let mut asked = vec![start.clone()];
        for (axis, knob) in space.knobs().iter().enumerate() {
            let (low, high) = knob.ends();
            let mut corner = start.clone();
            corner[axis] = if corner[axis] == 0.0 { 0.00025 } else { corner[axis] * 1.05 };
            // Beyond the upper end it is mirrored.
            if corner[axis] > high {
                corner[axis] = 2.0 * high - corner[axis];
            }
            corner[axis] = corner[axis].max(low).min(high);
            asked.push(corner);
        }
        NelderMead { space, coefficients, simplex: Vec::new(), step: Step::Start, asked, reflected: None }
    }

    /// The mean of all corners but the worst.
    fn centre(&self) -> Vec<f64> {
        let n = self.simplex.len() - 1;
        (0..self.space.dimension()).map(|k| self.simplex[..n].iter().map(|one| one.at[k]).sum::<f64>() / n as f64).collect()
    }

    /// (1 + by) centre - by worst.
    fn away_from_worst(&self, by: f64) -> Vec<f64> {
        let worst = &self.simplex[self.simplex.len() - 1].at;
        let at = self.centre().iter().zip(worst).map(|(centre, worst)| (1.0 + by) * centre - by * worst).collect();
        self.space.bounded(at)
    }

    fn replace_worst(&mut self, by: Individual) {
        self.simplex.pop();
        self.simplex.push(by);
        self.begin_step();
    }

    fn begin_step(&mut self) {
        sort(&mut self.simplex);
        self.step = Step::Reflect;
    }

    fn after_reflection(&mut self, reflected: Individual) {
        let n = self.simplex.len();
        let better = |one: &Individual| reflected.fitness.compare(&one.fitness) == Ordering::Less;
        let (best, second, worst) =
            (better(&self.simplex[0]), better(&self.simplex[n.saturating_sub(2)]), better(&self.simplex[n - 1]));
        if !best && second {
            self.replace_worst(reflected);
            return;
        }
        self.step = if best {
            Step::Expand
        } else if worst {
            Step::ContractOutside
        } else {
            Step::ContractInside
        };
        self.reflected = Some(reflected);
    }
}

impl Optimizer for NelderMead {
    fn ask(&mut self) -> Vec<Vec<f64>> {
        let [reflect, expand, contract, shrink] = self.coefficients;
        self.asked = match self.step {
            Step::Start => std::mem::take(&mut self.asked),
            Step::Reflect => vec![self.away_from_worst(reflect)],
            Step::Expand => vec![self.away_from_worst(reflect * expand)],
            Step::ContractOutside => vec![self.away_from_worst(contract * reflect)],
            Step::ContractInside => vec![self.away_from_worst(-contract)],
            Step::Shrink => {
                let best = &self.simplex[0].at;
                let shrunk = |one: &Individual| best.iter().zip(&one.at).map(|(best, x)| best + shrink * (x - best)).collect();
                self.simplex[1..].iter().map(|one| self.space.bounded(shrunk(one))).collect()
            }
        };
        self.asked.clone()
    }

    fn tell(&mut self, fitness: &[Fitness]) {
        let mut told = evaluated(std::mem::take(&mut self.asked), fitness);
        match (self.step, told.len()) {
            (Step::Start, _) => {
                self.simplex = told;
                self.begin_step();
            }
            (Step::Shrink, _) => {
                self.simplex.truncate(1);
                self.simplex.append(&mut told);
                self.begin_step();
            }
            (step, _) => {
                let Some(one) = told.pop() else { return };
                let reflected = self.reflected.take();
                match (step, reflected) {
                    (Step::Expand, Some(reflected)) => {
                        let better = one.fitness.beats(&reflected.fitness);
                        self.replace_worst(if better { one } else { reflected });
                    }
                    (Step::ContractOutside, Some(reflected)) if one.fitness.compare(&reflected.fitness) != Ordering::Greater => {
                        self.replace_worst(one);
                    }
                    (Step::ContractInside, Some(_)) if one.fitness.beats(&self.simplex[self.simplex.len() - 1].fitness) => {
                        self.replace_worst(one);
                    }
                    (Step::ContractOutside | Step::ContractInside, Some(_)) => self.step = Step::Shrink,
                    _ => self.after_reflection(one),
                }
            }
        }
    }

    fn population(&self) -> &[Individual] {
        &self.simplex
    }

    fn space(&self) -> &Space {
        &self.space
    }

    fn at_generation(&self) -> bool {
        self.step == Step::Reflect
    }

    /// Coordinates and losses of all corners are that near to the best one's: SciPy's `xatol` and `fatol` in one.
    fn converged(&self, tolerance: f64) -> bool {
        let Some((best, others)) = self.simplex.split_first() else { return false };
        let near = |one: &Individual| {
            let coordinates = one.at.iter().zip(&best.at).all(|(x, y)| (x - y).abs() <= tolerance);
            coordinates && (one.fitness.first() - best.fitness.first()).abs() <= tolerance
        };
        others.iter().all(near)
    }
}
