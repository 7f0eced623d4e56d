//! Where a kinetic scheme rests, which `SOLVE ... STEADYSTATE sparse` begins with: as NEURON does it, by one step of backward Euler that is very long.

use super::instance::Instance;
use bouton_model::ir::{Kinetic, Mechanism, Species, VarId};
use bouton_model::value::{NoValue, number};

/// The length of that step (ms).
const LONG: f64 = 1e9;

/// Whether no flux has a product of states. Others are sought by iteration, which is not done here.
pub(super) fn is_linear(kinetic: &Kinetic) -> bool {
    let one = |side: &[Species]| side.iter().map(|s| s.count).sum::<f64>() <= 1.0;
    kinetic.reactions.iter().all(|r| one(&r.left) && (r.backward.is_none() || one(&r.right)))
}

/// The states of a scheme, in order of declaration.
fn states(kinetic: &Kinetic) -> Vec<VarId> {
    let reactions = kinetic.reactions.iter().flat_map(|r| r.left.iter().chain(&r.right));
    let mut all: Vec<VarId> = reactions.chain(kinetic.conserved.iter().flat_map(|c| &c.sum)).map(|s| s.state).collect();
    all.sort_unstable();
    all.dedup();
    all
}

impl Instance<'_> {
    /// Brings the states of a linear scheme to rest.
    pub(super) fn rest(&mut self, mechanism: &Mechanism) -> Result<(), NoValue> {
        let states = states(&mechanism.kinetic);
        let begin: Vec<f64> = states.iter().map(|state| self.state(*state)).collect::<Result<_, _>>()?;
        let slopes = self.slopes(mechanism, &states)?;
        let mut rows: Vec<Vec<f64>> =
            slopes.iter().map(|slope| vec![0.0; states.len()].into_iter().chain([*slope]).collect()).collect();
        // The scheme is linear: a whole unit more of a state tells all of what depends on it.
        for (j, state) in states.iter().enumerate() {
            self.set_state(*state, begin[j] + 1.0);
            let further = self.slopes(mechanism, &states)?;
            self.set_state(*state, begin[j]);
            for (i, row) in rows.iter_mut().enumerate() {
                row[j] = slopes[i] - further[i] + if i == j { 1.0 / LONG } else { 0.0 };
            }
        }
        let mut stands = vec![true; states.len()];
        for conserved in &mechanism.kinetic.conserved {
            let places: Vec<(usize, f64)> =
                conserved.sum.iter().filter_map(|s| Some((states.iter().position(|one| *one == s.state)?, s.count))).collect();
            let Some((at, _)) = places.iter().filter(|(at, _)| stands[*at]).max_by_key(|(at, _)| *at) else { continue };
            stands[*at] = false;
            let total = number(&conserved.total, self)?;
            let mut row = vec![0.0; states.len() + 1];
            places.iter().for_each(|(j, count)| row[*j] += count);
            row[states.len()] = total - places.iter().map(|(j, count)| count * begin[*j]).sum::<f64>();
            rows[*at] = row;
        }
        let change = solved(rows);
        for ((state, x), dx) in states.into_iter().zip(begin).zip(change) {
            self.set_state(state, x + dx);
        }
        Ok(())
    }

    fn slopes(&mut self, mechanism: &Mechanism, states: &[VarId]) -> Result<Vec<f64>, NoValue> {
        let of = |state: &VarId| mechanism.equations.iter().find(|one| one.state == *state);
        states.iter().map(|state| of(state).map_or(Ok(0.0), |equation| number(&equation.rate, self))).collect()
    }
}

/// The solution of equations, each with its right side as the last number.
fn solved(mut rows: Vec<Vec<f64>>) -> Vec<f64> {
    let n = rows.len();
    for k in 0..n {
        let best = (k..n).max_by(|a, b| rows[*a][k].abs().total_cmp(&rows[*b][k].abs())).unwrap_or(k);
        rows.swap(k, best);
        let (done, open) = rows.split_at_mut(k + 1);
        let pivot = &done[k];
        for row in open {
            let factor = row[k] / pivot[k];
            row.iter_mut().zip(pivot).skip(k).for_each(|(x, p)| *x -= factor * p);
        }
    }
    let mut found = vec![0.0; n];
    for k in (0..n).rev() {
        let known: f64 = (k + 1..n).map(|j| rows[k][j] * found[j]).sum();
        found[k] = (rows[k][n] - known) / rows[k][k];
    }
    found
}
