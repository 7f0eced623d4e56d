//! Point 9 where the method is Newton's: backward Euler for one instance by itself, by NEURON's stopping rules.

use super::state::{CellState, Instance, PoolState};
use bouton_engine::kernel::MechanismCode;
use bouton_engine::kernel::method::derivimplicit::Newton;
use bouton_engine::plan::Class;
use bouton_engine::run::Fault;

/// Advances the states of all instances of a pool.
pub fn advance(
    class: &Class,
    code: &MechanismCode,
    method: &Newton,
    pool: &mut PoolState,
    t: f64,
    cells: &mut [CellState],
) -> Result<(), Box<Fault>> {
    for instance in &mut pool.instances {
        let cell = class.cells.get(instance.lane).unwrap_or_default();
        instance.find(code, &method.program, cells);
        instance.copy_in(code, cells);
        let mut iteration = Iteration { code, method, instance, t, cells };
        if !iteration.run() {
            return Err(Box::new(Fault {
                time: t,
                cell,
                place: String::new(),
                variable: code.name.clone(),
                value: f64::NAN,
                endless: false,
                mechanism: String::new(),
                values: Vec::new(),
            }));
        }
        if method.extrapolate {
            iteration.extrapolate();
        }
        instance.copy_out(code, cells, &|row| method.states.contains(&row));
        if let Some(after) = &method.after {
            instance.run(code, after, t, &[], cells);
        }
        instance.leave(code, cells);
    }
    Ok(())
}

/// One instance and what it needs.
struct Iteration<'a> {
    code: &'a MechanismCode,
    method: &'a Newton,
    instance: &'a mut Instance,
    t: f64,
    cells: &'a mut [CellState],
}

impl Iteration<'_> {
    /// Whether it converged.
    fn run(&mut self) -> bool {
        let n = self.method.states.len();
        for j in 0..n {
            self.instance.rows[usize::from(self.method.old[j])] = *self.x(j);
        }
        let mut change = 1.0;
        let mut f = Vec::new();
        let mut factors = Factors::default();
        for _ in 0..50 {
            if change > 0.05 {
                let jacobian = self.jacobian();
                f = self.f();
                factors = factorise(jacobian);
            }
            let d = substitute(&factors, &f.iter().map(|f| -f).collect::<Vec<_>>());
            change = 0.0;
            for (j, d) in d.into_iter().enumerate() {
                let x = *self.x(j);
                if x.abs() > 1e-8 {
                    change = larger(change, (d / x).abs());
                }
                *self.x(j) = x + d;
            }
            f = self.f();
            if change <= 1e-6 && largest(&f) <= 1e-8 {
                return true;
            }
        }
        false
    }

    /// Second order: the iteration went half a step; the states go as far again.
    fn extrapolate(&mut self) {
        for j in 0..self.method.states.len() {
            let (x, old) = (*self.x(j), self.instance.rows[usize::from(self.method.old[j])]);
            *self.x(j) = x + (x - old);
        }
    }

    /// State j.
    fn x(&mut self, j: usize) -> &mut f64 {
        &mut self.instance.rows[usize::from(self.method.states[j])]
    }

    /// F_i = rate_i - (x_i - old_i) / dt
    fn f(&mut self) -> Vec<f64> {
        self.instance.run(self.code, &self.method.program, self.t, &[], self.cells);
        let row = |row: u16| self.instance.rows[usize::from(row)];
        let method = self.method;
        (0..method.states.len())
            .map(|i| row(method.rates[i]) - (row(method.states[i]) - row(method.old[i])) / method.dt)
            .collect()
    }

    /// J_ij by central differences. Going there and back may leave a state changed in its last bit.
    fn jacobian(&mut self) -> Vec<Vec<f64>> {
        let n = self.method.states.len();
        let columns: Vec<Vec<f64>> = (0..n).map(|j| self.column(j)).collect();
        (0..n).map(|i| columns.iter().map(|column| column[i]).collect()).collect()
    }

    fn column(&mut self, j: usize) -> Vec<f64> {
        let inc = larger((0.02 * *self.x(j)).abs(), 1e-6);
        *self.x(j) += inc;
        let plus = self.f();
        *self.x(j) -= 2.0 * inc;
        let minus = self.f();
        *self.x(j) += inc;
        plus.iter().zip(minus).map(|(plus, minus)| (plus - minus) / (2.0 * inc)).collect()
    }
}

fn larger(x: f64, y: f64) -> f64 {
    if y > x { y } else { x }
}

/// The largest magnitude.
fn largest(x: &[f64]) -> f64 {
    x.iter().fold(0.0, |m, x| larger(m, x.abs()))
}

/// Crout's factors in place of the matrix, and its rows in the order in which they became pivots.
#[derive(Default)]
struct Factors {
    a: Vec<Vec<f64>>,
    pivots: Vec<usize>,
}

/// Crout's method: lower triangle with the diagonal, unit upper triangle; the pivot of a column is the largest relative to its
/// row's largest element. Of a singular matrix the solution is not a number, and the iteration does not end.
fn factorise(mut a: Vec<Vec<f64>>) -> Factors {
    let n = a.len();
    let mut pivots: Vec<usize> = (0..n).collect();
    let row_max: Vec<f64> = a.iter().map(|row| largest(row)).collect();
    for r in 0..n {
        for &row in &pivots[r..] {
            let sum = (0..r).fold(0.0, |sum, k| sum + a[row][k] * a[pivots[k]][r]);
            a[row][r] -= sum;
        }
        let scaled = |i: usize| (a[pivots[i]][r] / row_max[pivots[i]]).abs();
        let best = (r + 1..n).fold(r, |best, i| if scaled(i) > scaled(best) { i } else { best });
        pivots.swap(r, best);
        let pivot = pivots[r];
        for j in r + 1..n {
            let sum = (0..r).fold(0.0, |sum, k| sum + a[pivot][k] * a[pivots[k]][j]);
            a[pivot][j] = (a[pivot][j] - sum) / a[pivot][r];
        }
    }
    Factors { a, pivots }
}

/// The solution of A x = b.
fn substitute(Factors { a, pivots }: &Factors, b: &[f64]) -> Vec<f64> {
    let n = b.len();
    let mut x = vec![0.0; n];
    for i in 0..n {
        let row = pivots[i];
        let sum = (0..i).fold(0.0, |sum, j| sum + a[row][j] * x[j]);
        x[i] = (b[row] - sum) / a[row][i];
    }
    for i in (0..n).rev() {
        let row = pivots[i];
        let sum = (i + 1..n).fold(0.0, |sum, j| sum + a[row][j] * x[j]);
        x[i] -= sum;
    }
    x
}
