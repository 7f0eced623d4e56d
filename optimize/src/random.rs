//! Candidates that know nothing of each other: the yardstick of every method (Bergstra and Bengio 2012).

use crate::draws::Numpy;
use crate::fitness::{Fitness, Individual, evaluated};
use crate::start::{self, Start};
use crate::{Optimizer, Space};

/// Points of a design, again and again.
#[derive(Clone, Debug)]
pub struct RandomSearch {
    space: Space,
    design: Start,
    population: usize,
    draws: Numpy,
    last: Vec<Individual>,
    asked: Vec<Vec<f64>>,
}

impl RandomSearch {
    /// So many at a time, spread by this design.
    pub fn new(space: Space, design: Start, population: usize, seed: u64) -> RandomSearch {
        RandomSearch {
            space,
            design,
            population: population.max(1),
            draws: Numpy::new(seed),
            last: Vec::new(),
            asked: Vec::new(),
        }
    }
}

impl Optimizer for RandomSearch {
    fn ask(&mut self) -> Vec<Vec<f64>> {
        let points = start::points(&self.design, self.population, self.space.dimension(), &mut self.draws);
        self.asked = points.iter().map(|parts| self.space.at_parts(parts)).collect();
        self.asked.clone()
    }

    fn tell(&mut self, fitness: &[Fitness]) {
        self.last = evaluated(std::mem::take(&mut self.asked), fitness);
    }

    fn population(&self) -> &[Individual] {
        &self.last
    }

    fn independent(&self) -> bool {
        true
    }

    fn space(&self) -> &Space {
        &self.space
    }
}
