//! Particle swarm optimization (Kennedy and Eberhart 1995) with the constriction of Clerc and Kennedy 2002: particles are drawn to the best place that they have
//! seen, and to the best that anybody has. It works in the unit cube; a particle that reaches a wall loses its speed across it.

use crate::draws::Python;
use crate::fitness::{Fitness, Individual, best, evaluated};
use crate::{Optimizer, Space, Unfit};

/// Settings of a swarm.
#[derive(Clone, Debug, PartialEq)]
pub struct SwarmSettings {
    /// How many particles.
    pub population: usize,
    /// What is left of a velocity.
    pub inertia: f64,
    /// Weight of the way to a particle's own best.
    pub cognitive: f64,
    /// Weight of the way to the swarm's best.
    pub social: f64,
}

impl Default for SwarmSettings {
    /// Forty particles; constriction 0.7298 of accelerations that add to 4.1.
    fn default() -> SwarmSettings {
        SwarmSettings { population: 40, inertia: 0.7298, cognitive: 1.49618, social: 1.49618 }
    }
}

/// The state of a swarm.
#[derive(Clone, Debug)]
pub struct ParticleSwarm {
    space: Space,
    settings: SwarmSettings,
    draws: Python,
    /// Places and velocities, in parts of the knobs' ways.
    places: Vec<Vec<f64>>,
    velocities: Vec<Vec<f64>>,
    /// Each particle's best place.
    bests: Vec<Individual>,
    asked: Vec<Vec<f64>>,
}

impl ParticleSwarm {
    /// Before the first generation. Fails where there are no particles, or weights are not numbers.
    pub fn new(space: Space, settings: SwarmSettings, seed: u64) -> Result<ParticleSwarm, Unfit> {
        let weights = [settings.inertia, settings.cognitive, settings.social];
        if settings.population == 0 || !weights.iter().all(|weight| weight.is_finite() && *weight >= 0.0) {
            return Err(Unfit("a swarm needs particles, and weights that are not negative".to_owned()));
        }
        let mut draws = Python::new(seed);
        let mut cube = |low: f64, high: f64| -> Vec<Vec<f64>> {
            (0..settings.population).map(|_| (0..space.dimension()).map(|_| draws.uniform(low, high)).collect()).collect()
        };
        let (places, velocities) = (cube(0.0, 1.0), cube(-0.5, 0.5));
        Ok(ParticleSwarm { space, settings, draws, places, velocities, bests: Vec::new(), asked: Vec::new() })
    }

    fn fly(&mut self, leader: usize) {
        let SwarmSettings { inertia, cognitive, social, .. } = self.settings;
        let of_leader = self.space.parts(&self.bests[leader].at);
        for ((place, velocity), own) in self.places.iter_mut().zip(&mut self.velocities).zip(&self.bests) {
            let own = self.space.parts(&own.at);
            for k in 0..place.len() {
                let (a, b) = (cognitive * self.draws.unit(), social * self.draws.unit());
                velocity[k] = inertia * velocity[k] + a * (own[k] - place[k]) + b * (of_leader[k] - place[k]);
                place[k] += velocity[k];
                if !(0.0..=1.0).contains(&place[k]) {
                    place[k] = place[k].clamp(0.0, 1.0);
                    velocity[k] = 0.0;
                }
            }
        }
    }
}

impl Optimizer for ParticleSwarm {
    fn ask(&mut self) -> Vec<Vec<f64>> {
        if let Some(leader) = best(&self.bests) {
            self.fly(leader);
        }
        self.asked = self.places.iter().map(|place| self.space.at_parts(place)).collect();
        self.asked.clone()
    }

    fn tell(&mut self, fitness: &[Fitness]) {
        let told = evaluated(std::mem::take(&mut self.asked), fitness);
        if self.bests.is_empty() {
            self.bests = told;
        } else {
            let pairs = self.bests.iter_mut().zip(told);
            pairs.filter(|(best, one)| one.fitness.beats(&best.fitness)).for_each(|(best, one)| *best = one);
        }
    }

    /// Each particle's best place.
    fn population(&self) -> &[Individual] {
        &self.bests
    }

    fn space(&self) -> &Space {
        &self.space
    }
}
