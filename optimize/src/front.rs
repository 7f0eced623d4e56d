//! Several objectives: who dominates whom, fronts, and how much a front covers.

use crate::Fitness;
use std::cmp::Ordering;

/// Whether the first is better in some objective and worse in none; one that keeps all constraints dominates one that does not, and of two that do not the
/// one that violates them less (Deb et al. 2002, section VI).
pub fn dominates(a: &Fitness, b: &Fitness) -> bool {
    if !(a.is_feasible() && b.is_feasible()) {
        return a.is_feasible() || (!b.is_feasible() && a.violation < b.violation);
    }
    let mut better = false;
    for (x, y) in a.losses.iter().zip(&b.losses) {
        match x.total_cmp(y) {
            Ordering::Greater => return false,
            Ordering::Less => better = true,
            Ordering::Equal => {}
        }
    }
    better
}

/// Positions by fronts: first those that nobody dominates, then those that only they dominate, and so on (fast non-dominated sorting, Deb et al. 2002,
/// section III A).
pub fn non_dominated(all: &[Fitness]) -> Vec<Vec<usize>> {
    let mut dominated_by = vec![0_usize; all.len()];
    let mut below: Vec<Vec<usize>> = vec![Vec::new(); all.len()];
    for (a, one) in all.iter().enumerate() {
        for (b, other) in all.iter().enumerate() {
            if dominates(one, other) {
                below[a].push(b);
                dominated_by[b] += 1;
            }
        }
    }
    let mut fronts = Vec::new();
    let mut front: Vec<usize> = (0..all.len()).filter(|&at| dominated_by[at] == 0).collect();
    while !front.is_empty() {
        let mut next = Vec::new();
        for &at in &front {
            for &other in &below[at] {
                dominated_by[other] -= 1;
                if dominated_by[other] == 0 {
                    next.push(other);
                }
            }
        }
        next.sort_unstable();
        fronts.push(std::mem::replace(&mut front, next));
    }
    fronts
}

/// The crowding distance of each member of a front: the sides of the cuboid between its neighbours, infinite at the ends (Deb et al. 2002, section III B).
pub(crate) fn crowding(all: &[Fitness], front: &[usize]) -> Vec<f64> {
    let objectives = front.first().map_or(0, |&at| all[at].losses.len());
    let mut distance = vec![0.0; front.len()];
    for objective in 0..objectives {
        let loss = |n: usize| all[front[n]].losses[objective];
        let mut order: Vec<usize> = (0..front.len()).collect();
        order.sort_by(|&a, &b| loss(a).total_cmp(&loss(b)));
        let (first, last) = (order[0], order[order.len() - 1]);
        let range = loss(last) - loss(first);
        distance[first] = f64::INFINITY;
        distance[last] = f64::INFINITY;
        if range > 0.0 && range.is_finite() {
            for three in order.windows(3) {
                distance[three[1]] += (loss(three[2]) - loss(three[0])) / range;
            }
        }
    }
    distance
}

/// The area between a front of two objectives and a reference point that is worse than all that counts.
pub fn hypervolume(points: &[[f64; 2]], reference: [f64; 2]) -> f64 {
    let mut inside: Vec<[f64; 2]> = points.iter().copied().filter(|p| p[0] < reference[0] && p[1] < reference[1]).collect();
    inside.sort_by(|a, b| a[0].total_cmp(&b[0]).then(a[1].total_cmp(&b[1])));
    let mut lowest = reference[1];
    let mut area = 0.0;
    for [x, y] in inside {
        if y < lowest {
            area += (reference[0] - x) * (lowest - y);
            lowest = y;
        }
    }
    area
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(losses: &[f64], violation: f64) -> Fitness {
        Fitness::of(losses.to_vec(), violation)
    }

    #[test]
    fn fronts_follow_one_another() {
        let all = [
            of(&[1.0, 4.0], 0.0),
            of(&[2.0, 2.0], 0.0),
            of(&[2.0, 5.0], 0.0),
            of(&[0.0, 0.0], 1.0),
            of(&[3.0, 6.0], 0.0),
            of(&[0.0, 0.0], 0.5),
        ];
        assert_eq!(non_dominated(&all), [vec![0, 1], vec![2], vec![4], vec![5], vec![3]]);
        assert_eq!(crowding(&all, &[0, 1, 2]), [f64::INFINITY, f64::INFINITY, f64::INFINITY]);
    }

    #[test]
    fn areas() {
        assert_eq!(hypervolume(&[[1.0, 2.0], [2.0, 1.0], [2.5, 2.5], [9.0, 0.0]], [3.0, 3.0]), 3.0);
        assert_eq!(hypervolume(&[], [1.0, 1.0]), 0.0);
    }
}
