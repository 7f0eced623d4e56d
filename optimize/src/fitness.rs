//! What a candidate is worth, and how candidates are compared.

use std::cmp::Ordering;

/// Losses to be minimized, one an objective, and by how much constraints are violated.
#[derive(Clone, Debug, PartialEq)]
pub struct Fitness {
    /// One number an objective; infinite where the candidate failed.
    pub losses: Vec<f64>,
    /// 0 where every constraint holds; infinite where the candidate failed.
    pub violation: f64,
}

impl Fitness {
    /// Of one objective. A loss that is not a number is a failure.
    pub fn loss(loss: f64) -> Fitness {
        Fitness::of(vec![loss], 0.0)
    }

    /// Of several objectives and constraints. What is not a number is a failure.
    pub fn of(losses: Vec<f64>, violation: f64) -> Fitness {
        let failed = violation.is_nan() || losses.iter().any(|loss| loss.is_nan());
        if failed { Fitness::failed(losses.len()) } else { Fitness { losses, violation: violation.max(0.0) } }
    }

    /// Of a candidate that could not be evaluated: the worst there is.
    pub fn failed(objectives: usize) -> Fitness {
        Fitness { losses: vec![f64::INFINITY; objectives], violation: f64::INFINITY }
    }

    /// Whether every constraint holds.
    pub fn is_feasible(&self) -> bool {
        self.violation <= 0.0
    }

    /// Whether the candidate could not be evaluated.
    pub fn is_failed(&self) -> bool {
        self.violation == f64::INFINITY
    }

    /// The first loss.
    pub fn first(&self) -> f64 {
        self.losses.first().copied().unwrap_or(f64::INFINITY)
    }

    /// Less is better: of two that keep all constraints the smaller first loss, one that keeps them before one that does not, else the smaller violation
    /// (Deb 2000, "An efficient constraint handling method for genetic algorithms", section 3).
    pub fn compare(&self, other: &Fitness) -> Ordering {
        match (self.is_feasible(), other.is_feasible()) {
            (true, true) => self.first().total_cmp(&other.first()),
            (true, false) => Ordering::Less,
            (false, true) => Ordering::Greater,
            (false, false) => self.violation.total_cmp(&other.violation),
        }
    }

    /// Whether this is better.
    pub fn beats(&self, other: &Fitness) -> bool {
        self.compare(other) == Ordering::Less
    }
}

/// A candidate that has been evaluated.
#[derive(Clone, Debug, PartialEq)]
pub struct Individual {
    /// Its coordinates.
    pub at: Vec<f64>,
    /// What it is worth.
    pub fitness: Fitness,
}

/// Best first; equals keep their order.
pub(crate) fn sort(individuals: &mut [Individual]) {
    individuals.sort_by(|a, b| a.fitness.compare(&b.fitness));
}

/// The first of the best.
pub(crate) fn best(individuals: &[Individual]) -> Option<usize> {
    (0..individuals.len()).reduce(|best, at| if individuals[at].fitness.beats(&individuals[best].fitness) { at } else { best })
}

/// Candidates and what they are worth, put together.
pub(crate) fn evaluated(asked: Vec<Vec<f64>>, fitness: &[Fitness]) -> Vec<Individual> {
    asked.into_iter().zip(fitness).map(|(at, fitness)| Individual { at, fitness: fitness.clone() }).collect()
}
