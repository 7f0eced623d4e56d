//! Evolution by selection, variation and replacement, with the parts of inspyred (Garrett 2012, version 1.0) under its names: with the same seed, space and
//! parts the same individuals. De Jong 2006, "Evolutionary Computation", is the book.

pub mod replace;
pub mod select;
pub mod vary;

use crate::draws::Python;
use crate::fitness::{Fitness, Individual, evaluated};
use crate::{Optimizer, Space, Unfit};
use replace::Replacer;
use select::Selector;
use vary::Variator;

/// The parts of an evolution, and its size.
#[derive(Clone, Debug, PartialEq)]
pub struct GeneticSettings {
    /// How many individuals there are.
    pub population: usize,
    /// Which become parents.
    pub select: Selector,
    /// How many parents are selected; as many as there are individuals where nothing is said.
    pub selected: Option<usize>,
    /// What makes children of them, one after the other.
    pub vary: Vec<Variator>,
    /// Who survives.
    pub replace: Replacer,
    /// Coordinates of the first individuals; the others are drawn.
    pub seeds: Vec<Vec<f64>>,
}

impl Default for GeneticSettings {
    /// Ten individuals, tournaments of two, uniform crossover, a tenth of the genes mutated, one elite.
    fn default() -> GeneticSettings {
        GeneticSettings {
            population: 10,
            select: Selector::Tournament { size: 2 },
            selected: None,
            vary: vec![Variator::uniform_crossover(), Variator::gaussian_mutation()],
            replace: Replacer::Generational { elites: 1 },
            seeds: Vec::new(),
        }
    }
}

/// The state of an evolution.
#[derive(Clone, Debug)]
pub struct Genetic {
    space: Space,
    settings: GeneticSettings,
    draws: Python,
    population: Vec<Individual>,
    asked: Vec<Vec<f64>>,
    generation: usize,
}

impl Genetic {
    /// Before the first generation. Fails where there is nobody to select, or a part does not fit the space.
    pub fn new(space: Space, settings: GeneticSettings, seed: u64) -> Result<Genetic, Unfit> {
        if settings.population == 0 || settings.selected == Some(0) {
            return Err(Unfit("a population needs individuals, and parents".to_owned()));
        }
        if let Some(reason) =
            settings.vary.iter().find_map(|part| part.unfit()).or_else(|| settings.replace.unfit(settings.population))
        {
            return Err(Unfit(reason));
        }
        Ok(Genetic { space, settings, draws: Python::new(seed), population: Vec::new(), asked: Vec::new(), generation: 0 })
    }

    fn first(&mut self) -> Vec<Vec<f64>> {
        let (space, draws) = (&self.space, &mut self.draws);
        let mut first: Vec<Vec<f64>> = self.settings.seeds.iter().take(self.settings.population).cloned().collect();
        while first.len() < self.settings.population {
            first.push(space.knobs().iter().map(|knob| draws.uniform(knob.ends().0, knob.ends().1)).collect());
        }
        first
    }

    fn children(&mut self) -> Vec<Vec<f64>> {
        let count = self.settings.selected.unwrap_or(self.settings.population);
        let parents = self.settings.select.parents(&self.population, count, &mut self.draws);
        let mut children: Vec<Vec<f64>> = parents.iter().map(|&at| self.population[at].at.clone()).collect();
        for part in &self.settings.vary {
            let known = vary::Known { space: &self.space, population: &self.population, generation: self.generation };
            children = part.vary(children, &known, &mut self.draws);
        }
        children
    }
}

impl Optimizer for Genetic {
    fn ask(&mut self) -> Vec<Vec<f64>> {
        self.asked = if self.population.is_empty() { self.first() } else { self.children() };
        self.asked.clone()
    }

    fn tell(&mut self, fitness: &[Fitness]) {
        let told = evaluated(std::mem::take(&mut self.asked), fitness);
        if self.population.is_empty() {
            self.population = told;
        } else {
            self.generation += 1;
            let population = std::mem::take(&mut self.population);
            self.population = self.settings.replace.survivors(population, told, &mut self.draws);
        }
    }

    fn population(&self) -> &[Individual] {
        &self.population
    }

    fn space(&self) -> &Space {
        &self.space
    }

    /// Whether the mean loss is that near to the best: inspyred's termination by average fitness, here relative to the mean.
    fn converged(&self, tolerance: f64) -> bool {
        let losses: Vec<f64> = self.population.iter().map(|one| one.fitness.first()).collect();
        let mean = losses.iter().sum::<f64>() / losses.len() as f64;
        let best = losses.iter().copied().fold(f64::INFINITY, f64::min);
        mean - best <= tolerance * mean.abs()
    }
}
