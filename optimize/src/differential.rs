//! Differential evolution (Storn and Price 1997), as SciPy's `differential_evolution` does it: with the same seed, space and settings the same individuals.
//! It works in the unit cube.

pub mod strategy;

use crate::draws::Numpy;
use crate::fitness::{Fitness, Individual};
use crate::start::{self, Start, sobol};
use crate::{Optimizer, Space, Unfit};
use std::cmp::Ordering;
use strategy::Strategy;

/// When a better trial takes its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Updating {
    /// At once: the next trial may be built from it. One candidate is asked at a time.
    Immediate,
    /// At the end of the generation, all of which is asked at once.
    #[default]
    Deferred,
}

/// Settings of a differential evolution, with SciPy's defaults but for the updating.
#[derive(Clone, Debug, PartialEq)]
pub struct DifferentialSettings {
    /// How trials are built.
    pub strategy: Strategy,
    /// How many individuals; at least 5. Fifteen a knob where nothing is said.
    pub population: Option<usize>,
    /// Weight F of differences: drawn anew from this interval for each generation; fixed where its ends are equal.
    pub mutation: (f64, f64),
    /// Probability of a gene to come from the mutant.
    pub recombination: f64,
    /// When trials take their places.
    pub updating: Updating,
    /// The first individuals.
    pub start: Start,
    /// Values of the knobs of individuals that take the places of the first ones, as SciPy's `x0` does.
    pub seeds: Vec<Vec<f64>>,
}

impl Default for DifferentialSettings {
    fn default() -> DifferentialSettings {
        DifferentialSettings {
            strategy: Strategy::default(),
            population: None,
            mutation: (0.5, 1.0),
            recombination: 0.7,
            updating: Updating::default(),
            start: Start::default(),
            seeds: Vec::new(),
        }
    }
}

/// The state of a differential evolution.
#[derive(Clone, Debug)]
pub struct Differential {
    space: Space,
    settings: DifferentialSettings,
    draws: Numpy,
    /// Parts of the knobs' ways, beside the population.
    parts: Vec<Vec<f64>>,
    population: Vec<Individual>,
    /// Shuffled for every trial, and never put back in order.
    order: Vec<usize>,
    /// The weight of this generation.
    weight: f64,
    /// Parts of what was asked, and the first individual that it is for.
    asked: Vec<Vec<f64>>,
    next: usize,
}

impl Differential {
    /// Before the first generation. Fails where settings are out of their ranges.
    pub fn new(space: Space, settings: DifferentialSettings, seed: u64) -> Result<Differential, Unfit> {
        let free = space.knobs().iter().filter(|knob| knob.ends().0 < knob.ends().1).count();
        let mut size = settings.population.unwrap_or(15 * free.max(1)).max(5);
        let (low, high) = settings.mutation;
        let mut draws = Numpy::new(seed);
        let unfit = |reason: &str| Err(Unfit(reason.to_owned()));
        if !(low >= 0.0 && low <= high && high < 2.0) {
            return unfit("the weight of differences is from 0 to below 2");
        }
        if !(0.0..=1.0).contains(&settings.recombination) {
            return unfit("recombination is a probability");
        }
        let part = |values: &Vec<f64>| -> Vec<f64> {
            space.parts(&space.point(values)).into_iter().map(|part| part.clamp(0.0, 1.0)).collect()
        };
        let mut parts: Vec<Vec<f64>> = match &settings.start {
            Start::Given(values) if values.len() < 5 => return unfit("a population has five individuals or more"),
            Start::Given(values) => {
                size = values.len();
                values.iter().map(part).collect()
            }
            Start::Sobol if space.dimension() > sobol::AXES => return unfit("Sobol's sequence is there for 64 knobs at most"),
            start => start::points(start, size, space.dimension(), &mut draws),
        };
        parts.iter_mut().zip(&settings.seeds).for_each(|(place, values)| *place = part(values));
        let order = (0..size).collect();
        Ok(Differential { space, settings, draws, parts, population: Vec::new(), order, weight: low, asked: Vec::new(), next: 0 })
    }

    fn begin_generation(&mut self) {
        let (low, high) = self.settings.mutation;
        if low < high {
            self.weight = self.draws.uniform(low, high);
        }
    }

    /// Five others than `candidate`.
    fn others(&mut self, candidate: usize) -> Vec<usize> {
        self.draws.shuffle(&mut self.order);
        self.order[..self.order.len().min(6)].iter().copied().filter(|&other| other != candidate).take(5).collect()
    }

    fn mutant(&self, candidate: usize, others: &[usize]) -> Vec<f64> {
        // Of a population of five there are four others, as many as every strategy but `Rand2` uses.
        let other = |k: usize| self.parts[others[k.min(others.len() - 1)]].as_slice();
        self.settings.strategy.mutant(
            self.weight,
            &self.parts[0],
            &self.parts[candidate],
            [other(0), other(1), other(2), other(3), other(4)],
        )
    }

    /// The genes of the individual, with those of the mutant where they are crossed over.
    fn crossed(&self, candidate: usize, mutant: &[f64], fill: usize, mut crossed: Vec<bool>) -> Vec<f64> {
        let mut trial = self.parts[candidate].clone();
        let genes = trial.len();
        if self.settings.strategy.is_exponential() {
            crossed[0] = true;
            for (step, _) in crossed.iter().take_while(|&&crossed| crossed).enumerate() {
                let at = (fill + step) % genes;
                trial[at] = mutant[at];
            }
        } else {
            crossed[fill] = true;
            (0..genes).filter(|&k| crossed[k]).for_each(|k| trial[k] = mutant[k]);
        }
        trial
    }

    fn crossings(&mut self) -> Vec<bool> {
        (0..self.space.dimension()).map(|_| self.draws.unit() < self.settings.recombination).collect()
    }

    /// Genes outside of the cube are drawn anew.
    fn repair(&mut self, trial: &mut [f64]) {
        for gene in trial.iter_mut().filter(|gene| !(0.0..=1.0).contains(*gene)) {
            *gene = self.draws.unit();
        }
    }

    fn trial(&mut self, candidate: usize) -> Vec<f64> {
        let fill = self.draws.below(self.space.dimension());
        let others = self.others(candidate);
        let mutant = self.mutant(candidate, &others);
        let crossings = self.crossings();
        let mut trial = self.crossed(candidate, &mutant, fill, crossings);
        self.repair(&mut trial);
        trial
    }

    /// In SciPy's order of draws: all shuffles, all fill points, all crossings, all repairs.
    fn trials(&mut self) -> Vec<Vec<f64>> {
        let size = self.parts.len();
        let others: Vec<Vec<usize>> = (0..size).map(|candidate| self.others(candidate)).collect();
        let fills: Vec<usize> = (0..size).map(|_| self.draws.below(self.space.dimension())).collect();
        let crossings: Vec<Vec<bool>> = (0..size).map(|_| self.crossings()).collect();
        let mut trials: Vec<Vec<f64>> = crossings
            .into_iter()
            .enumerate()
            .map(|(candidate, crossings)| {
                let mutant = self.mutant(candidate, &others[candidate]);
                self.crossed(candidate, &mutant, fills[candidate], crossings)
            })
            .collect();
        trials.iter_mut().for_each(|trial| self.repair(trial));
        trials
    }

    fn place(&mut self, candidate: usize, part: Vec<f64>, fitness: Fitness) {
        self.population[candidate] = Individual { at: self.space.at_parts(&part), fitness };
        self.parts[candidate] = part;
    }

    /// The best comes first.
    fn promote(&mut self) {
        if let Some(best) = crate::fitness::best(&self.population) {
            self.population.swap(0, best);
            self.parts.swap(0, best);
        }
    }
}

impl Optimizer for Differential {
    fn ask(&mut self) -> Vec<Vec<f64>> {
        if self.space.dimension() == 0 {
            return Vec::new();
        }
        self.asked = if self.population.is_empty() {
            self.parts.clone()
        } else {
            if self.next == 0 {
                self.begin_generation();
            }
            match self.settings.updating {
                Updating::Immediate => vec![self.trial(self.next)],
                Updating::Deferred => self.trials(),
            }
        };
        self.asked.iter().map(|parts| self.space.at_parts(parts)).collect()
    }

    fn tell(&mut self, fitness: &[Fitness]) {
        let asked = std::mem::take(&mut self.asked);
        if self.population.is_empty() {
            let at = asked.iter().map(|parts| self.space.at_parts(parts));
            self.population = crate::fitness::evaluated(at.collect(), fitness);
            self.promote();
            return;
        }
        let immediate = self.settings.updating == Updating::Immediate;
        for (part, fitness) in asked.into_iter().zip(fitness) {
            let candidate = self.next;
            self.next = (candidate + 1) % self.population.len();
            if fitness.compare(&self.population[candidate].fitness) != Ordering::Greater {
                let best = immediate && fitness.compare(&self.population[0].fitness) != Ordering::Greater;
                self.place(candidate, part, fitness.clone());
                if best {
                    self.promote();
                }
            }
        }
        if !immediate {
            self.promote();
        }
    }

    /// What it draws does not depend on what candidates are worth, and what is replaced seldom is among what the next ones are made of.
    fn ahead(&self, most: usize) -> Vec<Vec<f64>> {
        if self.settings.updating == Updating::Deferred || self.population.is_empty() || self.asked.is_empty() {
            return Vec::new();
        }
        let mut guess = self.clone();
        let worthless = [Fitness::failed(1)];
        (0..most)
            .flat_map(|_| {
                guess.tell(&worthless);
                guess.ask()
            })
            .collect()
    }

    fn population(&self) -> &[Individual] {
        &self.population
    }

    fn space(&self) -> &Space {
        &self.space
    }

    fn at_generation(&self) -> bool {
        self.next == 0
    }

    /// SciPy's rule: the standard deviation of the losses is at most the tolerance times their mean.
    fn converged(&self, tolerance: f64) -> bool {
        let losses: Vec<f64> = self.population.iter().map(|one| one.fitness.first()).collect();
        let count = losses.len() as f64;
        let mean = losses.iter().sum::<f64>() / count;
        let square = losses.iter().map(|loss| (loss - mean) * (loss - mean)).sum::<f64>() / count;
        square.sqrt() <= tolerance * mean.abs()
    }
}
