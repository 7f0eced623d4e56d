//! Systems of linear equations: elimination with partial pivoting, rows compared by their own sizes, since they have different units.

/// A matrix as a product of triangles.
pub(super) struct Factors {
    n: usize,
    rows: Vec<f64>,
    order: Vec<usize>,
}

impl Factors {
    /// Of a square matrix, row by row; nothing where it is singular or has values that are no numbers.
    pub fn of(mut rows: Vec<f64>, n: usize) -> Option<Factors> {
        let size = |row: &[f64]| row.iter().fold(0.0f64, |size, x| size.max(x.abs()));
        let mut sizes: Vec<f64> = rows.chunks_exact(n.max(1)).map(size).collect();
        let mut order: Vec<usize> = (0..n).collect();
        for k in 0..n {
            let relative = |i: usize| rows[i * n + k].abs() / sizes[i];
            let best = (k..n).max_by(|a, b| relative(*a).total_cmp(&relative(*b)))?;
            let pivot = rows[best * n + k];
            if pivot == 0.0 || !pivot.is_finite() {
                return None;
            }
            if best != k {
                (0..n).for_each(|j| rows.swap(best * n + j, k * n + j));
                order.swap(best, k);
                sizes.swap(best, k);
            }
            for i in k + 1..n {
                let factor = rows[i * n + k] / pivot;
                rows[i * n + k] = factor;
                if factor != 0.0 {
                    (k + 1..n).for_each(|j| rows[i * n + j] -= factor * rows[k * n + j]);
                }
            }
        }
        Some(Factors { n, rows, order })
    }

    /// The solution for a right-hand side.
    pub fn solve(&self, right: &[f64]) -> Vec<f64> {
        let n = self.n;
        let mut x: Vec<f64> = self.order.iter().map(|k| right[*k]).collect();
        for i in 0..n {
            x[i] -= (0..i).map(|j| self.rows[i * n + j] * x[j]).sum::<f64>();
        }
        for i in (0..n).rev() {
            x[i] = (x[i] - (i + 1..n).map(|j| self.rows[i * n + j] * x[j]).sum::<f64>()) / self.rows[i * n + i];
        }
        x
    }
}

#[cfg(test)]
mod tests {
    use super::Factors;

    #[test]
    fn solves_what_needs_pivots() {
        let matrix = vec![0.0, 2.0, 1.0, 1e-9, 1.0, 0.0, 3.0, 0.0, -1.0];
        let x = Factors::of(matrix.clone(), 3).unwrap().solve(&[7.0, 2.0 + 1e-9, 0.0]);
        for (row, right) in matrix.chunks(3).zip([7.0, 2.0 + 1e-9, 0.0]) {
            let sum: f64 = row.iter().zip(&x).map(|(a, x)| a * x).sum();
            assert!((sum - right).abs() < 1e-12, "{x:?}");
        }
        assert!(Factors::of(vec![1.0, 2.0, 2.0, 4.0], 2).is_none());
    }
}
