//! Which individuals become parents.

use crate::draws::Python;
use crate::fitness::Individual;
use std::cmp::Ordering;

/// A rule of selection; inspyred's names.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Selector {
    /// Everybody, in order, once.
    Default,
    /// The best.
    Truncation,
    /// Anybody, with replacement.
    Uniform,
    /// By a share of the losses' sum: a roulette wheel. Where losses are minimized, an individual's share is how much better than the worst it is; where what
    /// is maximized is 0 or more, that itself.
    FitnessProportionate,
    /// By a share of the ranks' sum.
    Rank,
    /// The best of so many drawn without replacement.
    Tournament {
        /// How many are drawn.
        size: usize,
    },
}

impl Selector {
    /// Positions of the parents in the population.
    pub(crate) fn parents(self, population: &[Individual], count: usize, draws: &mut Python) -> Vec<usize> {
        let all = population.len();
        let compare = |&a: &usize, &b: &usize| population[a].fitness.compare(&population[b].fitness);
        let mut order: Vec<usize> = (0..all).collect();
        match self {
            Selector::Default => order,
            Selector::Truncation => {
                order.sort_by(compare);
                order.truncate(count);
                order
            }
            Selector::Uniform => (0..count).map(|_| draws.below(all)).collect(),
            Selector::Tournament { size } => {
                let best = |drawn: Vec<usize>| {
                    drawn.into_iter().reduce(|best, one| if compare(&one, &best) == Ordering::Less { one } else { best })
                };
                (0..count).filter_map(|_| best(draws.sample(all, size.max(1)))).collect()
            }
            Selector::Rank => {
                order.sort_by(|a, b| compare(b, a));
                let shares = (1..=all).map(|rank| rank as f64 / ((all * (all + 1)) as f64 / 2.0));
                spin(&order, shares, count, draws)
            }
            Selector::FitnessProportionate => {
                order.sort_by(compare);
                let losses = order.iter().map(|&at| population[at].fitness.first());
                let worst = losses.clone().filter(|loss| loss.is_finite()).fold(f64::NEG_INFINITY, f64::max);
                // What is maximized and nowhere negative has its own share, as in inspyred, which minimizes nothing so.
                let own = worst <= 0.0 && losses.clone().all(|loss| loss.is_finite());
                let shares: Vec<f64> = losses.map(|loss| if own { -loss } else { (worst - loss).max(0.0) }).collect();
                let sum: f64 = shares.iter().sum();
                let even = 1.0 / all as f64;
                let shares = shares.into_iter().map(|share| if sum > 0.0 { share / sum } else { even });
                spin(&order, shares, count, draws)
            }
        }
    }
}

/// Draws from `order` by shares that add to 1.
fn spin(order: &[usize], shares: impl Iterator<Item = f64>, count: usize, draws: &mut Python) -> Vec<usize> {
    let sums: Vec<f64> = shares
        .scan(0.0, |sum, share| {
            *sum += share;
            Some(*sum)
        })
        .collect();
    (0..count)
        .map(|_| {
            let cut = draws.unit();
            order[sums.partition_point(|&sum| sum <= cut).min(order.len() - 1)]
        })
        .collect()
}
