//! NSGA-II (Deb, Pratap, Agarwal and Meyarivan 2002) for several objectives: fronts, crowding, simulated binary crossover, polynomial mutation.

use crate::draws::Python;
use crate::fitness::{Fitness, Individual, evaluated};
use crate::front::{crowding, non_dominated};
use crate::{Knob, Optimizer, Space, Unfit};
use bouton_model::math;

/// Settings, with the paper's defaults.
#[derive(Clone, Debug, PartialEq)]
pub struct Nsga2Settings {
    /// How many individuals; an even number.
    pub population: usize,
    /// Probability of a pair to be crossed.
    pub crossover: f64,
    /// Probability of a gene to be mutated; one gene of each child on average where nothing is said.
    pub mutation: Option<f64>,
    /// Distribution index of crossover: large values keep children near their parents.
    pub crossover_index: f64,
    /// Distribution index of mutation.
    pub mutation_index: f64,
}

impl Default for Nsga2Settings {
    fn default() -> Nsga2Settings {
        Nsga2Settings { population: 100, crossover: 0.9, mutation: None, crossover_index: 15.0, mutation_index: 20.0 }
    }
}

/// The state of a search.
#[derive(Clone, Debug)]
pub struct Nsga2 {
    space: Space,
    settings: Nsga2Settings,
    draws: Python,
    population: Vec<Individual>,
    /// Of each individual: number of its front, and crowding distance.
    places: Vec<(usize, f64)>,
    asked: Vec<Vec<f64>>,
}

impl Nsga2 {
    /// Before the first generation. Fails where settings are out of their ranges.
    pub fn new(space: Space, settings: Nsga2Settings, seed: u64) -> Result<Nsga2, Unfit> {
        let unfit = |reason: &str| Err(Unfit(reason.to_owned()));
        if settings.population < 4 || !settings.population.is_multiple_of(2) {
            return unfit("NSGA-II pairs individuals: their number is even, and 4 or more");
        }
        let probability = |x: f64| (0.0..=1.0).contains(&x);
        if !probability(settings.crossover) || !settings.mutation.is_none_or(probability) {
            return unfit("crossover and mutation are probabilities");
        }
        if !(settings.crossover_index >= 0.0 && settings.mutation_index >= 0.0) {
            return unfit("a distribution index is not negative");
        }
        Ok(Nsga2 { space, settings, draws: Python::new(seed), population: Vec::new(), places: Vec::new(), asked: Vec::new() })
    }

    /// Of two, the one of the better front, or with more room around it.
    fn winner(&self, a: usize, b: usize) -> usize {
        let ((front_a, room_a), (front_b, room_b)) = (self.places[a], self.places[b]);
        if front_b < front_a || (front_b == front_a && room_b > room_a) { b } else { a }
    }

    /// Everybody is in two tournaments.
    fn parents(&mut self) -> Vec<usize> {
        let size = self.population.len();
        let mut parents = Vec::with_capacity(size);
        for _ in 0..2 {
            let order = self.draws.sample(size, size);
            parents.extend(order.chunks_exact(2).map(|pair| self.winner(pair[0], pair[1])));
        }
        parents
    }

    fn children(&mut self) -> Vec<Vec<f64>> {
        let parents = self.parents();
        let mut children = Vec::with_capacity(parents.len());
        for pair in parents.chunks_exact(2) {
            let (mut first, mut second) = (self.population[pair[0]].at.clone(), self.population[pair[1]].at.clone());
            if self.draws.unit() < self.settings.crossover {
                for (k, knob) in self.space.knobs().iter().enumerate() {
                    if self.draws.unit() < 0.5 {
                        (first[k], second[k]) =
                            crossed(first[k], second[k], knob, self.settings.crossover_index, &mut self.draws);
                    }
                }
            }
            children.extend([first, second]);
        }
        let rate = self.settings.mutation.unwrap_or(1.0 / self.space.dimension().max(1) as f64);
        for child in &mut children {
            for (k, knob) in self.space.knobs().iter().enumerate() {
                if self.draws.unit() < rate {
                    child[k] = mutated(child[k], knob, self.settings.mutation_index, &mut self.draws);
                }
            }
        }
        children
    }

    /// The best fronts, and of the last that fits in part the least crowded.
    fn survive(&mut self, all: Vec<Individual>) {
        let fitness: Vec<Fitness> = all.iter().map(|one| one.fitness.clone()).collect();
        let mut chosen: Vec<(usize, usize, f64)> = Vec::new();
        for (number, front) in non_dominated(&fitness).iter().enumerate() {
            let mut members: Vec<_> = front.iter().zip(crowding(&fitness, front)).map(|(&at, room)| (at, number, room)).collect();
            let free = self.settings.population - chosen.len();
            if members.len() > free {
                members.sort_by(|a, b| b.2.total_cmp(&a.2));
                members.truncate(free);
            }
            chosen.append(&mut members);
        }
        self.places = chosen.iter().map(|&(_, front, room)| (front, room)).collect();
        self.population = chosen.iter().map(|&(at, ..)| all[at].clone()).collect();
    }
}

impl Optimizer for Nsga2 {
    fn ask(&mut self) -> Vec<Vec<f64>> {
        self.asked = if self.population.is_empty() {
            let (space, draws) = (&self.space, &mut self.draws);
            (0..self.settings.population).map(|_| space.knobs().iter().map(|knob| knob.at_part(draws.unit())).collect()).collect()
        } else {
            self.children()
        };
        self.asked.clone()
    }

    fn tell(&mut self, fitness: &[Fitness]) {
        let mut all = std::mem::take(&mut self.population);
        all.extend(evaluated(std::mem::take(&mut self.asked), fitness));
        self.survive(all);
    }

    fn population(&self) -> &[Individual] {
        &self.population
    }

    fn space(&self) -> &Space {
        &self.space
    }
}

/// Simulated binary crossover with bounds (Deb and Agrawal 1995; bounded as in Deb's code of 2002): each child by the room on its own side.
fn crossed(a: f64, b: f64, knob: &Knob, index: f64, draws: &mut Python) -> (f64, f64) {
    let ((low, high), (x, y)) = (knob.ends(), (a.min(b), a.max(b)));
    if y - x <= 1e-14 * (high - low) {
        return (a, b);
    }
    let u = draws.unit();
    let spread = |room: f64| {
        let alpha = 2.0 - math::pow(1.0 + 2.0 * room / (y - x), -(index + 1.0));
        let base = if u <= 1.0 / alpha { u * alpha } else { 1.0 / (2.0 - u * alpha) };
        math::pow(base, 1.0 / (index + 1.0))
    };
    let first = (0.5 * ((x + y) - spread(x - low) * (y - x))).clamp(low, high);
    let second = (0.5 * ((x + y) + spread(high - y) * (y - x))).clamp(low, high);
    if draws.unit() < 0.5 { (second, first) } else { (first, second) }
}

/// Polynomial mutation (Deb and Goyal 1996; bounded as in Deb's code of 2002).
fn mutated(x: f64, knob: &Knob, index: f64, draws: &mut Python) -> f64 {
    let (low, high) = knob.ends();
    let range = high - low;
    if range <= 0.0 {
        return x;
    }
    let u = draws.unit();
    let power = 1.0 / (index + 1.0);
    let step = if u < 0.5 {
        let away = 1.0 - (x - low) / range;
        math::pow(2.0 * u + (1.0 - 2.0 * u) * math::pow(away, index + 1.0), power) - 1.0
    } else {
        let away = 1.0 - (high - x) / range;
        1.0 - math::pow(2.0 * (1.0 - u) + 2.0 * (u - 0.5) * math::pow(away, index + 1.0), power)
    };
    (x + step * range).clamp(low, high)
}
