//! What makes children of parents. Crossovers take parents two by two (an odd last one is left out) and give two children; mutations change each.

use crate::draws::Python;
use crate::fitness::Individual;
use crate::{Knob, Space};
use bouton_model::math;

/// An operator, with the probability `rate` of being applied (crossovers: to a pair; mutations: to a gene); inspyred's names and defaults.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Variator {
    /// Each gene is swapped with probability `bias`.
    UniformCrossover {
        /// Of a pair.
        rate: f64,
        /// Of a gene.
        bias: f64,
    },
    /// As inspyred has it: the genes at `points` drawn places are swapped (not the stretches between them).
    NPointCrossover {
        /// Of a pair.
        rate: f64,
        /// How many.
        points: usize,
    },
    /// From the parents' interval, widened by the part `alpha` of it at both ends (Eshelman and Schaffer 1993).
    BlendCrossover {
        /// Of a pair.
        rate: f64,
        /// Widening.
        alpha: f64,
    },
    /// Weighted means of the parents (Michalewicz 1996).
    ArithmeticCrossover {
        /// Of a pair.
        rate: f64,
        /// Weight of the first parent.
        alpha: f64,
    },
    /// From the worse parent towards the better and beyond it (Wright 1991).
    HeuristicCrossover {
        /// Of a pair.
        rate: f64,
    },
    /// Deb and Agrawal 1995, bounded.
    SimulatedBinaryCrossover {
        /// Of a pair.
        rate: f64,
        /// Distribution index: large values keep children near their parents.
        index: f64,
    },
    /// Adds a normal number.
    GaussianMutation {
        /// Of a gene.
        rate: f64,
        /// Of the normal number.
        mean: f64,
        /// Standard deviation, as a part of the knob's range, or in the knob's coordinates.
        sd: Width,
    },
    /// A new value from anywhere.
    ResetMutation {
        /// Of a gene.
        rate: f64,
    },
    /// Towards an end of the range, less and less with the generations (Michalewicz 1996).
    NonuniformMutation {
        /// After which changes are nothing.
        generations: usize,
        /// How fast they become so.
        strength: f64,
    },
}

/// A width along a knob.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Width {
    /// Part of the range.
    OfRange(f64),
    /// In coordinates.
    Raw(f64),
}

impl Width {
    fn along(self, knob: &Knob) -> f64 {
        match self {
            Width::OfRange(part) => part * (knob.ends().1 - knob.ends().0),
            Width::Raw(width) => width,
        }
    }
}

/// What an operator may look at besides the genes.
pub(crate) struct Known<'a> {
    pub(crate) space: &'a Space,
    pub(crate) population: &'a [Individual],
    pub(crate) generation: usize,
}

type Genes = Vec<f64>;

impl Variator {
    /// With inspyred's defaults: every pair, half of the genes.
    pub fn uniform_crossover() -> Variator {
        Variator::UniformCrossover { rate: 1.0, bias: 0.5 }
    }

    /// A tenth of the genes, by a tenth of the range.
    pub fn gaussian_mutation() -> Variator {
        Variator::GaussianMutation { rate: 0.1, mean: 0.0, sd: Width::OfRange(0.1) }
    }

    /// Why these numbers make no sense.
    pub(crate) fn unfit(&self) -> Option<String> {
        use Variator as V;
        let part = |x: f64| (0.0..=1.0).contains(&x);
        let rate = match *self {
            V::UniformCrossover { rate, bias } if part(bias) => rate,
            V::NPointCrossover { rate, points } if points > 0 => rate,
            V::BlendCrossover { rate, alpha } if alpha >= 0.0 => rate,
            V::ArithmeticCrossover { rate, alpha } if part(alpha) => rate,
            V::SimulatedBinaryCrossover { rate, index } if index >= 0.0 => rate,
            V::GaussianMutation { rate, mean, sd: Width::OfRange(sd) | Width::Raw(sd) } if mean.is_finite() && sd >= 0.0 => rate,
            V::HeuristicCrossover { rate } | V::ResetMutation { rate } => rate,
            V::NonuniformMutation { generations, strength } if generations > 0 && strength > 0.0 => 1.0,
            _ => f64::NAN,
        };
        (!part(rate)).then(|| format!("{self:?} is out of its range"))
    }

    pub(crate) fn vary(&self, parents: Vec<Genes>, known: &Known, draws: &mut Python) -> Vec<Genes> {
        match *self {
            Variator::GaussianMutation { .. } | Variator::ResetMutation { .. } | Variator::NonuniformMutation { .. } => {
                parents.into_iter().map(|genes| known.space.bounded(self.mutant(genes, known, draws))).collect()
            }
            _ => parents.chunks_exact(2).flat_map(|pair| self.children(&pair[0], &pair[1], known, draws)).collect(),
        }
    }

    fn mutant(&self, mut genes: Genes, known: &Known, draws: &mut Python) -> Genes {
        for (knob, gene) in known.space.knobs().iter().zip(&mut genes) {
            let (low, high) = knob.ends();
            match *self {
                Variator::GaussianMutation { rate, mean, sd } if draws.unit() < rate => {
                    *gene += draws.normal(mean, sd.along(knob))
                }
                Variator::ResetMutation { rate } if draws.unit() < rate => *gene = draws.uniform(low, high),
                Variator::NonuniformMutation { generations, strength } => {
                    let left = (1.0 - known.generation as f64 / generations as f64).max(0.0);
                    let exponent = math::pow(left, strength);
                    let up = draws.unit() <= 0.5;
                    let step = 1.0 - math::pow(draws.unit(), exponent);
                    *gene += if up { (high - *gene) * step } else { -(*gene - low) * step };
                }
                _ => {}
            }
        }
        genes
    }

    fn children(&self, mom: &Genes, dad: &Genes, known: &Known, draws: &mut Python) -> [Genes; 2] {
        use Variator as V;
        let (mut bro, mut sis) = (dad.clone(), mom.clone());
        let (V::UniformCrossover { rate, .. }
        | V::NPointCrossover { rate, .. }
        | V::BlendCrossover { rate, .. }
        | V::ArithmeticCrossover { rate, .. }
        | V::HeuristicCrossover { rate }
        | V::SimulatedBinaryCrossover { rate, .. }) = *self
        else {
            return [mom.clone(), dad.clone()];
        };
        if draws.unit() >= rate {
            return [mom.clone(), dad.clone()];
        }
        let cuts: Vec<usize> = match *self {
            V::NPointCrossover { points, .. } => {
                let inner = mom.len().saturating_sub(1);
                draws.sample(inner, points.min(inner)).into_iter().map(|at| at + 1).collect()
            }
            _ => Vec::new(),
        };
        let better = matches!(self, V::HeuristicCrossover { .. }) && beats(known.population, mom, dad);
        for (k, knob) in known.space.knobs().iter().enumerate() {
            let (m, d) = (mom[k], dad[k]);
            let swapped = match *self {
                V::UniformCrossover { bias, .. } => draws.unit() < bias,
                _ => cuts.contains(&k),
            };
            match *self {
                V::UniformCrossover { .. } | V::NPointCrossover { .. } if swapped => (bro[k], sis[k]) = (m, d),
                V::BlendCrossover { alpha, .. } => {
                    let (low, high) = (m.min(d), m.max(d));
                    let delta = alpha * (high - low);
                    bro[k] = low - delta + draws.unit() * (high - low + 2.0 * delta);
                    sis[k] = low - delta + draws.unit() * (high - low + 2.0 * delta);
                }
                V::ArithmeticCrossover { alpha, .. } => {
                    bro[k] = alpha * m + (1.0 - alpha) * d;
                    sis[k] = alpha * d + (1.0 - alpha) * m;
                }
                V::HeuristicCrossover { .. } => {
                    let (from, way) = if better { (d, m - d) } else { (m, -(m - d)) };
                    bro[k] = from + draws.unit() * way;
                    sis[k] = from + draws.unit() * way;
                }
                V::SimulatedBinaryCrossover { index, .. } => {
                    if let Some(pair) = simulated_binary(m, d, knob, index, draws) {
                        (bro[k], sis[k]) = pair;
                    }
                }
                _ => {}
            }
        }
        match self {
            // inspyred does not bound these: what is inside stays inside.
            V::UniformCrossover { .. } | V::NPointCrossover { .. } | V::SimulatedBinaryCrossover { .. } => [bro, sis],
            _ => [known.space.bounded(bro), known.space.bounded(sis)],
        }
    }
}

/// Whether the individual of the first genes is better than that of the second; of several with the same genes the last counts, as in inspyred.
fn beats(population: &[Individual], mom: &Genes, dad: &Genes) -> bool {
    let find = |genes: &Genes| population.iter().rev().find(|one| one.at == *genes);
    matches!((find(mom), find(dad)), (Some(mom), Some(dad)) if mom.fitness.beats(&dad.fitness))
}

/// Deb and Agrawal 1995, as in the code of NSGA-II: the children of one gene, none where the parents are equal.
pub(crate) fn simulated_binary(a: f64, b: f64, knob: &Knob, index: f64, draws: &mut Python) -> Option<(f64, f64)> {
    let ((low, high), (m, d)) = (knob.ends(), (a.min(b), a.max(b)));
    if d <= m {
        return None;
    }
    let beta = 1.0 + 2.0 * (m - low).min(high - d) / (d - m);
    let alpha = 2.0 - 1.0 / math::pow(beta, index + 1.0);
    let u = draws.unit();
    let spread = if u <= 1.0 / alpha { u * alpha } else { 1.0 / (2.0 - u * alpha) };
    let spread = math::pow(spread, 1.0 / (index + 1.0));
    let first = (0.5 * ((m + d) - spread * (d - m))).min(high).max(low);
    let second = (0.5 * ((m + d) + spread * (d - m))).min(high).max(low);
    Some(if draws.unit() > 0.5 { (second, first) } else { (first, second) })
}
