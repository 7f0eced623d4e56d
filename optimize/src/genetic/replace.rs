//! Who survives a generation.

use crate::draws::Python;
use crate::fitness::{Individual, sort};

/// A rule of replacement; inspyred's names.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Replacer {
    /// The population stays as it is.
    Default,
    /// The children, and the best of the old where they are better than the worst children.
    Generational {
        /// How many of the old are considered.
        elites: usize,
    },
    /// Children take the places of the worst.
    SteadyState,
    /// The best of old and children; among equals the old.
    Truncation,
    /// The best of children and old; among equals the children.
    Plus,
    /// The best of the children.
    Comma,
    /// Children take places at random, but not those of the best.
    Random {
        /// How many of the best are safe.
        elites: usize,
    },
    /// Each child replaces the nearest of a few drawn individuals, if it is better (De Jong 1975).
    Crowding {
        /// How many are drawn.
        distance: usize,
    },
}

impl Replacer {
    /// Why this cannot be done with so many individuals.
    pub(crate) fn unfit(self, population: usize) -> Option<String> {
        match self {
            Replacer::Generational { elites } | Replacer::Random { elites } if elites > population => {
                Some(format!("{elites} elites of {population} individuals"))
            }
            Replacer::Crowding { distance } if distance == 0 || distance > population => {
                Some(format!("a crowd of {distance} among {population} individuals"))
            }
            _ => None,
        }
    }

    /// The next population.
    pub(crate) fn survivors(
        self,
        mut old: Vec<Individual>,
        mut children: Vec<Individual>,
        draws: &mut Python,
    ) -> Vec<Individual> {
        let size = old.len();
        match self {
            Replacer::Default => old,
            Replacer::Generational { elites } => {
                sort(&mut old);
                children.extend(old.into_iter().take(elites));
                best_of(children, size)
            }
            Replacer::SteadyState => {
                // Worst first, as inspyred leaves them.
                old.sort_by(|a, b| b.fitness.compare(&a.fitness));
                old.iter_mut().zip(children).for_each(|(place, child)| *place = child);
                old
            }
            Replacer::Truncation => {
                old.append(&mut children);
                best_of(old, size)
            }
            Replacer::Plus => {
                children.append(&mut old);
                best_of(children, size)
            }
            Replacer::Comma => best_of(children, size),
            Replacer::Random { elites } => {
                sort(&mut old);
                let free = size - elites;
                let places = draws.sample(free, children.len().min(free));
                places.into_iter().zip(children).for_each(|(place, child)| old[elites + place] = child);
                old
            }
            Replacer::Crowding { distance } => {
                for child in children {
                    let crowd = draws.sample(old.len(), distance);
                    let far = |&at: &usize| square(&old[at].at, &child.at);
                    let nearest = crowd.into_iter().reduce(|best, one| if far(&one) < far(&best) { one } else { best });
                    if let Some(at) = nearest.filter(|&at| child.fitness.beats(&old[at].fitness)) {
                        // Of equal ones the first, as inspyred finds it.
                        let first = old.iter().position(|one| *one == old[at]).unwrap_or(at);
                        old.remove(first);
                        old.push(child);
                    }
                }
                old
            }
        }
    }
}

fn best_of(mut all: Vec<Individual>, count: usize) -> Vec<Individual> {
    sort(&mut all);
    all.truncate(count);
    all
}

/// Of the Euclidean distance.
fn square(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(x, y)| (x - y) * (x - y)).sum()
}
