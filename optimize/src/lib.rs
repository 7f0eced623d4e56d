//! Searches for good values of knobs. A method proposes candidates ([`Optimizer::ask`]) and is told what they are worth ([`Optimizer::tell`]); it knows
//! nothing of models. [`Search`] keeps the best, counts, and ends at a limit.
//!
//! ```
//! use bouton_optimize::{Differential, Fitness, Knob, Limits, Search, Space};
//!
//! let space = Space::new([Knob::linear(-2.0, 2.0), Knob::linear(-2.0, 2.0)]);
//! let method = Differential::new(space, Default::default(), 1).unwrap();
//! let mut search = Search::new(method, Limits { target: Some(1e-10), evaluations: Some(20_000), ..Limits::default() });
//! search.minimize(|x| Fitness::loss((1.0 - x[0]).powi(2) + 100.0 * (x[1] - x[0] * x[0]).powi(2)));
//! let best = search.best().unwrap();
//! assert!(best.fitness.losses[0] <= 1e-10 && (best.values[0] - 1.0).abs() < 1e-4);
//! ```
//!
//! Every method is a function of its settings, its seed and what it was told, and of nothing else: told the same again, it asks the same again. That is how
//! an interrupted search is resumed.

mod cma_es;
mod differential;
mod draws;
mod fitness;
mod front;
mod genetic;
mod grid;
mod nelder_mead;
mod nsga2;
mod particle_swarm;
mod random;
mod search;
mod space;
mod start;
mod symmetric;

pub use cma_es::{CmaEs, CmaSettings, Restarts};
pub use differential::strategy::Strategy;
pub use differential::{Differential, DifferentialSettings, Updating};
pub use fitness::{Fitness, Individual};
pub use front::{dominates, hypervolume, non_dominated};
pub use genetic::replace::Replacer;
pub use genetic::select::Selector;
pub use genetic::vary::{Variator, Width};
pub use genetic::{Genetic, GeneticSettings};
pub use grid::Grid;
pub use nelder_mead::{NelderMead, NelderMeadSettings};
pub use nsga2::{Nsga2, Nsga2Settings};
pub use particle_swarm::{ParticleSwarm, SwarmSettings};
pub use random::RandomSearch;
pub use search::{Best, End, Limits, Search};
pub use space::{Knob, Space};
pub use start::Start;

/// A method that proposes candidates and learns from what they are worth.
pub trait Optimizer {
    /// Candidates that can be evaluated at the same time, as coordinates of the space; none where the method is at its end.
    fn ask(&mut self) -> Vec<Vec<f64>>;

    /// What the candidates asked last are worth, in their order. What was not asked for is ignored.
    fn tell(&mut self, fitness: &[Fitness]);

    /// The candidates that follow those asked last, as far as they are what it would ask for if none of these were any good, and at most so many. Where a
    /// method asks for one candidate after the other, several can be evaluated together; those that it then does not ask for were in vain.
    fn ahead(&self, _most: usize) -> Vec<Vec<f64>> {
        Vec::new()
    }

    /// What the method goes on from, in its own order.
    fn population(&self) -> &[Individual];

    /// The space whose coordinates are asked.
    fn space(&self) -> &Space;

    /// Whether what was told last ended a generation.
    fn at_generation(&self) -> bool {
        true
    }

    /// Whether its candidates know nothing of each other, so that it does without the last of those it has asked for.
    fn independent(&self) -> bool {
        false
    }

    /// Whether the population has converged, by the method's own measure and this relative tolerance.
    fn converged(&self, _tolerance: f64) -> bool {
        false
    }
}

impl Optimizer for Box<dyn Optimizer + Send> {
    fn ask(&mut self) -> Vec<Vec<f64>> {
        (**self).ask()
    }

    fn tell(&mut self, fitness: &[Fitness]) {
        (**self).tell(fitness);
    }

    fn ahead(&self, most: usize) -> Vec<Vec<f64>> {
        (**self).ahead(most)
    }

    fn population(&self) -> &[Individual] {
        (**self).population()
    }

    fn space(&self) -> &Space {
        (**self).space()
    }

    fn at_generation(&self) -> bool {
        (**self).at_generation()
    }

    fn independent(&self) -> bool {
        (**self).independent()
    }

    fn converged(&self, tolerance: f64) -> bool {
        (**self).converged(tolerance)
    }
}

/// Why a method cannot start: its settings do not fit together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unfit(pub String);

impl std::fmt::Display for Unfit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Unfit {}
