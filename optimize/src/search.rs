//! A search from its first candidate to its end: counts, keeps the best, and stops at the first limit that is reached.

use crate::front::{self, dominates};
use crate::{Fitness, NelderMead, NelderMeadSettings, Optimizer};

/// Where a search ends; the first limit reached counts. Evaluations and target are looked at before candidates are asked, the others between generations.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub struct Limits {
    /// So many candidates, or more where a generation is asked at once whose candidates belong together.
    pub evaluations: Option<u64>,
    /// So many generations after the first.
    pub generations: Option<u64>,
    /// A loss of this or less.
    pub target: Option<f64>,
    /// So many generations without a better candidate.
    pub patience: Option<u64>,
    /// The method's own measure of convergence.
    pub tolerance: Option<f64>,
    /// The largest distance of two individuals, in parts of the knobs' ways, is below this.
    pub diversity: Option<f64>,
}

/// Why a search has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// [`Limits::evaluations`].
    Evaluations,
    /// [`Limits::generations`].
    Generations,
    /// [`Limits::target`].
    Target,
    /// [`Limits::patience`].
    Patience,
    /// [`Limits::tolerance`].
    Converged,
    /// [`Limits::diversity`].
    Diversity,
    /// The method has nothing more to ask.
    Exhausted,
    /// From outside.
    Stopped,
}

/// A candidate that is worth keeping.
#[derive(Clone, Debug, PartialEq)]
pub struct Best {
    /// How many were evaluated before it.
    pub number: u64,
    /// Values of the knobs.
    pub values: Vec<f64>,
    /// What it is worth.
    pub fitness: Fitness,
}

/// A method at work.
pub struct Search {
    method: Box<dyn Optimizer + Send>,
    limits: Limits,
    evaluations: u64,
    generation: u64,
    /// Generation in which the best was found.
    improved: u64,
    failed: u64,
    best: Option<Best>,
    front: Vec<Best>,
    asked: Vec<Vec<f64>>,
    end: Option<End>,
}

impl Search {
    /// Before its first candidate.
    pub fn new(method: impl Optimizer + Send + 'static, limits: Limits) -> Search {
        Search {
            method: Box::new(method),
            limits,
            evaluations: 0,
            generation: 0,
            improved: 0,
            failed: 0,
            best: None,
            front: Vec::new(),
            asked: Vec::new(),
            end: None,
        }
    }

    /// Values of the knobs of the next candidates, all of which can be evaluated at the same time; none where the search has ended.
    pub fn ask(&mut self) -> Vec<Vec<f64>> {
        if self.end.is_none() {
            self.end = self.limit_reached();
        }
        if self.end.is_some() {
            return Vec::new();
        }
        let mut points = self.method.ask();
        if points.is_empty() {
            self.end = Some(End::Exhausted);
        }
        if let Some(most) = self.limits.evaluations.filter(|_| self.method.independent()) {
            points.truncate(usize::try_from(most - self.evaluations).unwrap_or(usize::MAX));
        }
        self.asked = points.iter().map(|at| self.method.space().values(at)).collect();
        self.asked.clone()
    }

    /// What it would ask for next if nothing of what it asked last were any good: see [`Optimizer::ahead`].
    pub fn ahead(&self, most: usize) -> Vec<Vec<f64>> {
        self.method.ahead(most).iter().map(|at| self.method.space().values(at)).collect()
    }

    /// What they are worth, in their order.
    pub fn tell(&mut self, fitness: &[Fitness]) {
        let first = self.evaluations == 0;
        for (values, fitness) in std::mem::take(&mut self.asked).into_iter().zip(fitness) {
            let one = Best { number: self.evaluations, values, fitness: fitness.clone() };
            self.evaluations += 1;
            self.failed += u64::from(fitness.is_failed());
            if self.best.as_ref().is_none_or(|best| one.fitness.beats(&best.fitness)) {
                self.improved = self.generation + 1;
                self.best = Some(one.clone());
            }
            if fitness.losses.len() > 1
                && !self.front.iter().any(|other| dominates(&other.fitness, fitness) || other.fitness == *fitness)
            {
                self.front.retain(|other| !dominates(fitness, &other.fitness));
                self.front.push(one);
            }
        }
        self.method.tell(fitness);
        if self.method.at_generation() && !first {
            self.generation += 1;
        }
    }

    fn limit_reached(&self) -> Option<End> {
        let limits = &self.limits;
        let reached = |limit: Option<u64>, count: u64| limit.is_some_and(|limit| count >= limit);
        let loss =
            self.best.as_ref().filter(|best| best.fitness.is_feasible()).map_or(f64::INFINITY, |best| best.fitness.first());
        if reached(limits.evaluations, self.evaluations) {
            return Some(End::Evaluations);
        }
        if limits.target.is_some_and(|target| loss <= target) {
            return Some(End::Target);
        }
        if self.evaluations == 0 || !self.method.at_generation() {
            return None;
        }
        if reached(limits.generations, self.generation) {
            return Some(End::Generations);
        }
        if reached(limits.patience, (self.generation + 1).saturating_sub(self.improved)) {
            return Some(End::Patience);
        }
        if limits.tolerance.is_some_and(|tolerance| self.method.converged(tolerance)) {
            return Some(End::Converged);
        }
        limits.diversity.filter(|&least| self.diversity() < least).map(|_| End::Diversity)
    }

    /// The largest distance of two individuals of the population, in parts of the knobs' ways.
    pub fn diversity(&self) -> f64 {
        let space = self.method.space();
        let parts: Vec<Vec<f64>> = self.method.population().iter().map(|one| space.parts(&one.at)).collect();
        let square = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(x, y)| (x - y) * (x - y)).sum::<f64>();
        let pairs = parts.iter().enumerate().flat_map(|(n, a)| parts[..n].iter().map(move |b| square(a, b)));
        pairs.fold(0.0, f64::max).sqrt()
    }

    /// Evaluates candidates one by one until the search ends.
    pub fn minimize(&mut self, mut objective: impl FnMut(&[f64]) -> Fitness) -> End {
        loop {
            let asked = self.ask();
            if let Some(end) = self.end {
                return end;
            }
            let fitness: Vec<Fitness> = asked.iter().map(|values| objective(values)).collect();
            self.tell(&fitness);
        }
    }

    /// Goes on from the best by the method of Nelder and Mead, with limits of its own, after the search has ended.
    pub fn polish(&mut self, settings: NelderMeadSettings, limits: Limits) {
        if let Some(best) = &self.best {
            let method =
                NelderMead::new(self.method.space().clone(), NelderMeadSettings { start: Some(best.values.clone()), ..settings });
            let evaluations = limits.evaluations.map(|more| self.evaluations + more);
            let generations = limits.generations.map(|more| self.generation + more);
            self.limits = Limits { evaluations, generations, ..limits };
            self.method = Box::new(method);
            self.end = None;
        }
    }

    /// Ends the search.
    pub fn stop(&mut self) {
        self.end.get_or_insert(End::Stopped);
    }

    /// The best candidate so far, by the first objective.
    pub fn best(&self) -> Option<&Best> {
        self.best.as_ref()
    }

    /// Of several objectives, the candidates that no other dominates, in the order in which they were found.
    pub fn front(&self) -> &[Best] {
        &self.front
    }

    /// The area that the front dominates below a reference point, of two objectives.
    pub fn hypervolume(&self, reference: [f64; 2]) -> f64 {
        let points: Vec<[f64; 2]> = self.front.iter().filter_map(|one| one.fitness.losses.as_slice().try_into().ok()).collect();
        front::hypervolume(&points, reference)
    }

    /// How many candidates were evaluated.
    pub fn evaluations(&self) -> u64 {
        self.evaluations
    }

    /// How many evaluations there will be at most, as far as limits of evaluations and generations say so; generations to come count as large as those so far.
    pub fn most_evaluations(&self) -> Option<u64> {
        let size = self.evaluations.div_ceil(self.generation + 1);
        let more = self.limits.generations.map(|most| most.saturating_sub(self.generation) * size);
        let by_generations = more.map(|more| self.evaluations + more);
        self.limits.evaluations.into_iter().chain(by_generations).min()
    }

    /// How many generations after the first.
    pub fn generation(&self) -> u64 {
        self.generation
    }

    /// How many candidates failed.
    pub fn failed(&self) -> u64 {
        self.failed
    }

    /// Why it has ended, if it has.
    pub fn end(&self) -> Option<End> {
        self.end
    }

    /// The method, with its population.
    pub fn method(&self) -> &dyn Optimizer {
        &*self.method
    }
}
