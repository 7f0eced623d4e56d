//! Evolution strategy with covariance matrix adaptation, with negative weights (Hansen 2016, "The CMA Evolution Strategy: A Tutorial", arXiv:1604.00772; the
//! equations named below are its), restarted with growing populations (IPOP, Auger and Hansen 2005) or with two regimes of them (BIPOP, Hansen 2009).
//! It works in the unit cube; what falls outside is mirrored at the walls.

use crate::draws::Python;
use crate::fitness::{Fitness, Individual, evaluated};
use crate::symmetric::eigen;
use crate::{Optimizer, Space, Unfit};
use bouton_model::math;
use std::collections::VecDeque;

/// What happens where a run has converged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Restarts {
    /// The search ends.
    #[default]
    None,
    /// Another run with twice the population.
    Ipop,
    /// Another run, with twice the population or with a small one, whichever regime has used fewer evaluations.
    Bipop,
}

/// Settings of a strategy.
#[derive(Clone, Debug, PartialEq)]
pub struct CmaSettings {
    /// How many candidates a generation; 4 + 3 ln n for n knobs where nothing is said.
    pub population: Option<usize>,
    /// Values of the knobs to start from; the middle where nothing is said.
    pub start: Option<Vec<f64>>,
    /// First standard deviation, as a part of the knobs' ranges.
    pub sigma: f64,
    /// What happens where a run has converged.
    pub restarts: Restarts,
}

impl Default for CmaSettings {
    fn default() -> CmaSettings {
        CmaSettings { population: None, start: None, sigma: 0.3, restarts: Restarts::None }
    }
}

/// The state of a strategy.
#[derive(Clone, Debug)]
pub struct CmaEs {
    space: Space,
    settings: CmaSettings,
    draws: Python,
    run: Run,
    population: Vec<Individual>,
    asked: Vec<Vec<f64>>,
    /// Of the first run, and how often the large regime has doubled it.
    first_size: usize,
    doublings: u32,
    /// Evaluations of the large and of the small regime.
    spent: [u64; 2],
    small: bool,
    ended: bool,
}

impl CmaEs {
    /// Before the first generation. Fails where the population or the standard deviation is too small.
    pub fn new(space: Space, settings: CmaSettings, seed: u64) -> Result<CmaEs, Unfit> {
        let n = space.dimension();
        let size = settings.population.unwrap_or(4 + (3.0 * math::log(n.max(1) as f64)) as usize);
        if size < 3 {
            return Err(Unfit("a generation has three candidates or more".to_owned()));
        }
        if !(settings.sigma > 0.0 && settings.sigma.is_finite()) {
            return Err(Unfit("the first standard deviation is above 0".to_owned()));
        }
        let mean = match &settings.start {
            Some(values) => space.parts(&space.point(values)),
            None => vec![0.5; n],
        };
        let run = Run::new(mean, settings.sigma, size);
        Ok(CmaEs {
            space,
            draws: Python::new(seed),
            run,
            population: Vec::new(),
            asked: Vec::new(),
            first_size: size,
            doublings: 0,
            spent: [0; 2],
            small: false,
            ended: n == 0,
            settings,
        })
    }

    fn restart(&mut self) {
        let draws = &mut self.draws;
        let mut sigma = self.settings.sigma;
        self.small = self.settings.restarts == Restarts::Bipop && self.doublings > 0 && self.spent[1] < self.spent[0];
        let size = if self.small {
            // Hansen 2009, section 2: between the first size and half of the large one, and narrower.
            let (exponent, narrow) = (draws.unit(), draws.unit());
            let large = 0.5 * 2f64.powi(self.doublings as i32);
            sigma *= math::pow(10.0, -2.0 * narrow);
            (self.first_size as f64 * math::pow(large, exponent * exponent)) as usize
        } else {
            // A population of a million is not doubled again.
            self.doublings = (self.doublings + 1).min(16);
            self.first_size << self.doublings
        };
        let mean = (0..self.space.dimension()).map(|_| draws.unit()).collect();
        self.run = Run::new(mean, sigma, size.max(3));
    }

    /// Whole numbers need steps that reach the next one.
    fn widen(&mut self) {
        let n = self.space.dimension();
        for (k, knob) in self.space.knobs().iter().enumerate() {
            let Some(cells) = knob.count() else { continue };
            let least = 0.2 / cells as f64 / self.run.sigma;
            let variance = &mut self.run.covariance[k * n + k];
            *variance = variance.max(least * least);
        }
    }
}

impl Optimizer for CmaEs {
    fn ask(&mut self) -> Vec<Vec<f64>> {
        if self.ended {
            return Vec::new();
        }
        self.run.sample(&mut self.draws);
        let mirrored = |sample: &Vec<f64>| -> Vec<f64> { sample.iter().map(|&part| mirror(part)).collect() };
        self.asked = self.run.samples.iter().map(|sample| self.space.at_parts(&mirrored(sample))).collect();
        self.asked.clone()
    }

    fn tell(&mut self, fitness: &[Fitness]) {
        self.spent[usize::from(self.small)] += fitness.len() as u64;
        self.population = evaluated(std::mem::take(&mut self.asked), fitness);
        self.run.learn(fitness);
        self.widen();
        if self.run.has_converged() {
            match self.settings.restarts {
                Restarts::None => self.ended = true,
                Restarts::Ipop | Restarts::Bipop => self.restart(),
            }
        }
    }

    fn population(&self) -> &[Individual] {
        &self.population
    }

    fn space(&self) -> &Space {
        &self.space
    }

    /// Whether the candidates of the last generation are that near to each other, in parts of the ranges.
    fn converged(&self, tolerance: f64) -> bool {
        let n = self.space.dimension();
        let widest = (0..n).map(|k| self.run.covariance[k * n + k]).fold(0.0, f64::max);
        self.run.sigma * widest.sqrt() <= tolerance
    }
}

/// Into the unit interval, back and forth.
fn mirror(part: f64) -> f64 {
    let around = part.rem_euclid(2.0);
    if around > 1.0 { 2.0 - around } else { around }
}

/// One run, from a start to its convergence.
#[derive(Clone, Debug)]
struct Run {
    rates: Rates,
    mean: Vec<f64>,
    sigma: f64,
    /// C, row by row.
    covariance: Vec<f64>,
    /// Square roots of its eigenvalues, and its eigenvectors as columns.
    axes: Vec<f64>,
    vectors: Vec<f64>,
    path_sigma: Vec<f64>,
    path: Vec<f64>,
    generation: u64,
    samples: Vec<Vec<f64>>,
    /// Best losses of the last generations.
    history: VecDeque<f64>,
    /// Largest ratio of losses' range in the last generation.
    range: f64,
}

/// What depends on the number of knobs and of candidates only (Table 1).
#[derive(Clone, Debug)]
struct Rates {
    weights: Vec<f64>,
    parents: usize,
    mu_eff: f64,
    c_sigma: f64,
    damping: f64,
    c_path: f64,
    c_one: f64,
    c_mu: f64,
    /// E |N(0, I)|.
    chi: f64,
}

impl Rates {
    fn new(n: f64, size: usize) -> Rates {
        let raw: Vec<f64> = (1..=size).map(|rank| math::log((size as f64 + 1.0) / 2.0) - math::log(rank as f64)).collect();
        let parents = size / 2;
        let effective = |raw: &[f64]| {
            let (sum, squares) = raw.iter().fold((0.0, 0.0), |(sum, squares), w| (sum + w, squares + w * w));
            if squares > 0.0 { sum * sum / squares } else { 0.0 }
        };
        let (mu_eff, mu_eff_negative) = (effective(&raw[..parents]), effective(&raw[parents..]));
        let c_one = 2.0 / ((n + 1.3) * (n + 1.3) + mu_eff);
        let c_mu = (1.0 - c_one).min(2.0 * (0.25 + mu_eff + 1.0 / mu_eff - 2.0) / ((n + 2.0) * (n + 2.0) + mu_eff));
        // (50) to (53): as much negative weight as keeps C positive definite.
        let least = (1.0 + c_one / c_mu).min(1.0 + 2.0 * mu_eff_negative / (mu_eff + 2.0)).min((1.0 - c_one - c_mu) / (n * c_mu));
        let sum = |sign: f64| raw.iter().map(|w| (sign * w).max(0.0)).sum::<f64>();
        let (positive, negative) = (sum(1.0), sum(-1.0));
        let weights = raw.iter().map(|&w| if w >= 0.0 { w / positive } else { least * w / negative }).collect();
        let c_sigma = (mu_eff + 2.0) / (n + mu_eff + 5.0);
        Rates {
            weights,
            parents,
            mu_eff,
            c_sigma,
            damping: 1.0 + 2.0 * (((mu_eff - 1.0) / (n + 1.0)).sqrt() - 1.0).max(0.0) + c_sigma,
            c_path: (4.0 + mu_eff / n) / (n + 4.0 + 2.0 * mu_eff / n),
            c_one,
            c_mu,
            chi: n.sqrt() * (1.0 - 1.0 / (4.0 * n) + 1.0 / (21.0 * n * n)),
        }
    }
}

impl Run {
    fn new(mean: Vec<f64>, sigma: f64, size: usize) -> Run {
        let n = mean.len();
        let mut identity = vec![0.0; n * n];
        (0..n).for_each(|k| identity[k * n + k] = 1.0);
        Run {
            rates: Rates::new(n.max(1) as f64, size),
            sigma,
            covariance: identity.clone(),
            axes: vec![1.0; n],
            vectors: identity,
            path_sigma: vec![0.0; n],
            path: vec![0.0; n],
            generation: 0,
            samples: Vec::new(),
            history: VecDeque::new(),
            range: f64::INFINITY,
            mean,
        }
    }

    /// (38) to (40).
    fn sample(&mut self, draws: &mut Python) {
        let n = self.mean.len();
        let (values, vectors) = eigen(&self.covariance, n);
        // Rounding can make the smallest negative.
        let largest = values.iter().copied().fold(0.0, f64::max);
        self.axes = values.iter().map(|value| value.max(largest * 1e-20).sqrt()).collect();
        self.vectors = vectors;
        self.samples = (0..self.rates.weights.len())
            .map(|_| {
                let z: Vec<f64> = (0..n).map(|k| self.axes[k] * draws.normal(0.0, 1.0)).collect();
                let turned = |i: usize| (0..n).map(|k| self.vectors[i * n + k] * z[k]).sum::<f64>();
                (0..n).map(|i| self.mean[i] + self.sigma * turned(i)).collect()
            })
            .collect();
    }

    /// C^(-1/2) y.
    fn whitened(&self, y: &[f64]) -> Vec<f64> {
        let n = y.len();
        let z: Vec<f64> = (0..n).map(|k| (0..n).map(|i| self.vectors[i * n + k] * y[i]).sum::<f64>() / self.axes[k]).collect();
        (0..n).map(|i| (0..n).map(|k| self.vectors[i * n + k] * z[k]).sum()).collect()
    }

    fn learn(&mut self, fitness: &[Fitness]) {
        let n = self.mean.len();
        let size = n as f64;
        let rates = self.rates.clone();
        let mut order: Vec<usize> = (0..self.samples.len().min(fitness.len())).collect();
        order.sort_by(|&a, &b| fitness[a].compare(&fitness[b]));
        let steps: Vec<Vec<f64>> = order
            .iter()
            .map(|&at| self.samples[at].iter().zip(&self.mean).map(|(x, mean)| (x - mean) / self.sigma).collect())
            .collect();
        // (41), (42)
        let step: Vec<f64> =
            (0..n).map(|k| steps.iter().zip(&rates.weights).take(rates.parents).map(|(y, w)| w * y[k]).sum()).collect();
        self.mean.iter_mut().zip(&step).for_each(|(mean, step)| *mean += self.sigma * step);
        // (43), (44)
        let white = self.whitened(&step);
        let keep = (rates.c_sigma * (2.0 - rates.c_sigma) * rates.mu_eff).sqrt();
        self.path_sigma.iter_mut().zip(&white).for_each(|(path, white)| *path = (1.0 - rates.c_sigma) * *path + keep * white);
        let length = self.path_sigma.iter().map(|x| x * x).sum::<f64>().sqrt();
        self.sigma *= math::exp((rates.c_sigma / rates.damping * (length / rates.chi - 1.0)).min(1.0));
        // (45)
        self.generation += 1;
        let faded = 1.0 - math::pow(1.0 - rates.c_sigma, 2.0 * self.generation as f64);
        let steady = length / faded.sqrt() < (1.4 + 2.0 / (size + 1.0)) * rates.chi;
        let keep = if steady { (rates.c_path * (2.0 - rates.c_path) * rates.mu_eff).sqrt() } else { 0.0 };
        self.path.iter_mut().zip(&step).for_each(|(path, step)| *path = (1.0 - rates.c_path) * *path + keep * step);
        // (46), (47)
        let weights: Vec<f64> =
            rates.weights.iter().zip(&steps).map(|(&w, y)| if w >= 0.0 { w } else { w * size / self.square(y) }).collect();
        let lost = if steady { 0.0 } else { rates.c_path * (2.0 - rates.c_path) };
        let old = 1.0 + rates.c_one * lost - rates.c_one - rates.c_mu * rates.weights.iter().sum::<f64>();
        for i in 0..n {
            for j in 0..=i {
                let rank_mu: f64 = weights.iter().zip(&steps).map(|(w, y)| w * y[i] * y[j]).sum();
                let new = old * self.covariance[i * n + j] + rates.c_one * self.path[i] * self.path[j] + rates.c_mu * rank_mu;
                self.covariance[i * n + j] = new;
                self.covariance[j * n + i] = new;
            }
        }
        self.remember(fitness, &order);
    }

    /// |C^(-1/2) y|^2.
    fn square(&self, y: &[f64]) -> f64 {
        let square: f64 = self.whitened(y).iter().map(|x| x * x).sum();
        square.max(f64::MIN_POSITIVE)
    }

    fn remember(&mut self, fitness: &[Fitness], order: &[usize]) {
        let loss = |at: Option<&usize>| at.map_or(f64::INFINITY, |&at| fitness[at].first());
        self.history.push_back(loss(order.first()));
        let kept = 10 + (30.0 * self.mean.len() as f64 / self.rates.weights.len() as f64).ceil() as usize;
        if self.history.len() > kept {
            self.history.pop_front();
            let (low, high) =
                self.history.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), &x| (low.min(x), high.max(x)));
            self.range = (high.max(loss(order.last())) - low) / (1.0 + low.abs());
        }
    }

    /// Losses do not differ any more, steps are too small or too large to count, or C is too elongated (Hansen 2009, section 3).
    fn has_converged(&self) -> bool {
        let n = self.mean.len();
        let (short, long) =
            self.axes.iter().fold((f64::INFINITY, 0.0_f64), |(short, long), &axis| (short.min(axis), long.max(axis)));
        let widest = (0..n).map(|k| self.covariance[k * n + k]).fold(0.0, f64::max).sqrt() * self.sigma;
        self.range < 1e-13 || !(1e-12..1e4).contains(&widest) || long / short > 1e7
    }
}
