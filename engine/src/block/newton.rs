//! Newton's iteration over the instances of a pool. Each follows its own stopping rule; one that has ended stands still, so that
//! nobody's result depends on neighbours. Rules and tolerances are NEURON's.

use super::rows::{Rows, Run};
use crate::kernel::method::derivimplicit::Newton;

/// Largest number of iterations.
const ITERATIONS: usize = 50;

/// So many instances advance at a time: those for which there is memory.
const TOGETHER: usize = 64;

/// Memory of the iteration, kept from step to step.
#[derive(Default)]
pub struct Iteration {
    /// Of those that advance now.
    instances: Vec<Instance>,
    run: std::ops::Range<usize>,
    /// Those that did not converge in the last step, rising.
    unconverged: Vec<usize>,
}

/// One instance: F, the columns of the Jacobian and then its factors, the order of pivots.
#[derive(Clone, Default)]
struct Instance {
    active: bool,
    change: f64,
    f: Vec<f64>,
    plus: Vec<f64>,
    /// Row i, column j at i * n + j.
    a: Vec<f64>,
    pivots: Vec<usize>,
    d: Vec<f64>,
}

impl Iteration {
    /// Before the runs of a step.
    pub fn restart(&mut self) {
        self.unconverged.clear();
    }

    /// Advances the instances of a run; `rates` evaluates the derivatives of some of them. Whether one of them did not converge.
    pub fn advance(&mut self, rows: &mut Rows, run: Run, newton: &Newton, rates: &mut dyn FnMut(&mut Rows, Run)) -> bool {
        let known = self.unconverged.len();
        for part in run.parts(TOGETHER) {
            self.part(rows, part, newton, &mut |rows| rates(rows, part));
            self.unconverged.extend(self.run.clone().zip(&self.instances).filter(|(_, i)| i.active).map(|(k, _)| k));
        }
        self.unconverged.len() > known
    }

    fn part(&mut self, rows: &mut Rows, run: Run, newton: &Newton, rates: &mut dyn FnMut(&mut Rows)) {
        let n = newton.states.len();
        self.begin(rows, run, newton);
        for _ in 0..ITERATIONS {
            if !self.instances.iter().any(|i| i.active) {
                break;
            }
            if self.instances.iter().any(Instance::needs_jacobian) {
                (0..n).for_each(|j| self.column(rows, newton, rates, j));
                self.evaluate(rows, newton, rates);
                self.instances.iter_mut().filter(|i| i.needs_jacobian()).for_each(|i| i.factorise(n));
            }
            for (k, instance) in self.numbered().filter(|(_, i)| i.active) {
                instance.step(rows, newton, k);
            }
            self.evaluate(rows, newton, rates);
            for (_, i) in self.numbered().filter(|(_, i)| i.active) {
                i.active = !(i.change <= 1e-6 && largest(&i.f) <= 1e-8);
            }
        }
        if newton.extrapolate {
            extrapolate(rows, newton, self.run.clone());
        }
    }

    /// The instances that advance now, with their numbers.
    fn numbered(&mut self) -> impl Iterator<Item = (usize, &mut Instance)> {
        self.run.clone().zip(&mut self.instances)
    }

    /// The first instance that did not converge in the last step.
    pub fn unconverged(&self) -> Option<usize> {
        self.unconverged.first().copied()
    }

    /// Whether an instance did not converge in the last step.
    pub fn is_unconverged(&self, instance: usize) -> bool {
        self.unconverged.binary_search(&instance).is_ok()
    }

    fn begin(&mut self, rows: &mut Rows, run: Run, newton: &Newton) {
        let n = newton.states.len();
        let fresh = Instance {
            f: vec![0.0; n],
            plus: vec![0.0; n],
            a: vec![0.0; n * n],
            pivots: vec![0; n],
            d: vec![0.0; n],
            ..Instance::default()
        };
        self.instances.resize(run.count, fresh);
        self.run = run.first..run.first + run.count;
        for (_, instance) in self.numbered() {
            (instance.active, instance.change) = (true, 1.0);
        }
        for (state, old) in newton.states.iter().zip(&newton.old) {
            for k in self.run.clone() {
                rows.set(*old, k, rows.get(*state, k));
            }
        }
    }

    /// F_i = rate_i - (x_i - old_i) / dt, of every instance.
    fn evaluate(&mut self, rows: &mut Rows, newton: &Newton, rates: &mut dyn FnMut(&mut Rows)) {
        rates(rows);
        for (k, instance) in self.numbered() {
            for (i, f) in instance.f.iter_mut().enumerate() {
                let get = |list: &[u16]| rows.get(list[i], k);
                *f = get(&newton.rates) - (get(&newton.states) - get(&newton.old)) / newton.dt;
            }
        }
    }

    /// Column j of the Jacobians that are wanted, by central differences.
    fn column(&mut self, rows: &mut Rows, newton: &Newton, rates: &mut dyn FnMut(&mut Rows), j: usize) {
        let n = newton.states.len();
        let increment = |x: f64| larger((0.02 * x).abs(), 1e-6);
        let (x, first) = (newton.states[j], self.run.start);
        let wanted = self.instances.iter().enumerate().filter(|(_, instance)| instance.needs_jacobian());
        let wanted: Vec<(usize, f64)> = wanted.map(|(k, _)| (k, increment(rows.get(x, first + k)))).collect();
        let shift = |rows: &mut Rows, k: usize, by: f64| rows.set(x, first + k, rows.get(x, first + k) + by);
        wanted.iter().for_each(|(k, inc)| shift(rows, *k, *inc));
        self.evaluate(rows, newton, rates);
        for (k, inc) in &wanted {
            let instance = &mut self.instances[*k];
            instance.plus.copy_from_slice(&instance.f);
            shift(rows, *k, -2.0 * inc);
        }
        self.evaluate(rows, newton, rates);
        for (k, inc) in &wanted {
            let instance = &mut self.instances[*k];
            for i in 0..n {
                instance.a[i * n + j] = (instance.plus[i] - instance.f[i]) / (2.0 * inc);
            }
            shift(rows, *k, *inc);
        }
    }
}

impl Instance {
    fn needs_jacobian(&self) -> bool {
        self.active && self.change > 0.05
    }

    /// Solves J d = -F and moves the states.
    fn step(&mut self, rows: &mut Rows, newton: &Newton, k: usize) {
        self.substitute();
        self.change = 0.0;
        for (state, d) in newton.states.iter().zip(&self.d) {
            let x = rows.get(*state, k);
            if x.abs() > 1e-8 {
                self.change = larger(self.change, (d / x).abs());
            }
            rows.set(*state, k, x + d);
        }
    }

    /// Crout's factors: lower triangle with the diagonal, unit upper triangle; the pivot of a column is the largest relative to the
    /// largest element of its row. Of a singular matrix the solution is not a number, and the iteration does not end.
    fn factorise(&mut self, n: usize) {
        let (a, pivots) = (&mut self.a, &mut self.pivots);
        let scale: Vec<f64> = (0..n).map(|i| largest(&a[i * n..(i + 1) * n])).collect();
        pivots.iter_mut().enumerate().for_each(|(i, p)| *p = i);
        for r in 0..n {
            for &row in &pivots[r..] {
                let sum = (0..r).fold(0.0, |sum, k| sum + a[row * n + k] * a[pivots[k] * n + r]);
                a[row * n + r] -= sum;
            }
            let scaled = |i: usize| (a[pivots[i] * n + r] / scale[pivots[i]]).abs();
            let best = (r + 1..n).fold(r, |best, i| if scaled(i) > scaled(best) { i } else { best });
            pivots.swap(r, best);
            let pivot = pivots[r];
            for j in r + 1..n {
                let sum = (0..r).fold(0.0, |sum, k| sum + a[pivot * n + k] * a[pivots[k] * n + j]);
                a[pivot * n + j] = (a[pivot * n + j] - sum) / a[pivot * n + r];
            }
        }
    }

    fn substitute(&mut self) {
        let (a, pivots, d) = (&self.a, &self.pivots, &mut self.d);
        let n = d.len();
        for i in 0..n {
            let row = pivots[i] * n;
            let sum = (0..i).fold(0.0, |sum, j| sum + a[row + j] * d[j]);
            d[i] = (-self.f[pivots[i]] - sum) / a[row + i];
        }
        for i in (0..n).rev() {
            let row = pivots[i] * n;
            let sum = (i + 1..n).fold(0.0, |sum, j| sum + a[row + j] * d[j]);
            d[i] -= sum;
        }
    }
}

/// The states go as far again.
fn extrapolate(rows: &mut Rows, newton: &Newton, run: std::ops::Range<usize>) {
    for (state, old) in newton.states.iter().zip(&newton.old) {
        for k in run.clone() {
            let (x, from) = (rows.get(*state, k), rows.get(*old, k));
            rows.set(*state, k, x + (x - from));
        }
    }
}

fn larger(x: f64, y: f64) -> f64 {
    if y > x { y } else { x }
}

/// The largest magnitude.
fn largest(x: &[f64]) -> f64 {
    x.iter().fold(0.0, |m, x| larger(m, x.abs()))
}
