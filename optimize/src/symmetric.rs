//! Eigenvalues and eigenvectors of a symmetric matrix, for the few dozen rows that a search has.

/// Of a symmetric matrix, given row by row: eigenvalues, and the eigenvectors as columns of a matrix given row by row. By cyclic Jacobi rotations (Golub and
/// Van Loan 2013, algorithm 8.5.3), which lose no accuracy on small eigenvalues.
pub(crate) fn eigen(matrix: &[f64], n: usize) -> (Vec<f64>, Vec<f64>) {
    let mut a = matrix.to_vec();
    let mut vectors = vec![0.0; n * n];
    (0..n).for_each(|k| vectors[k * n + k] = 1.0);
    // Convergence is quadratic: a dozen sweeps are more than ever needed.
    for _ in 0..30 {
        let size: f64 = (0..n).map(|k| a[k * n + k].abs()).sum();
        let rest: f64 = (0..n).flat_map(|p| (p + 1..n).map(move |q| (p, q))).map(|(p, q)| a[p * n + q].abs()).sum();
        if rest <= f64::EPSILON * 1e-3 * size {
            break;
        }
        for p in 0..n {
            for q in p + 1..n {
                rotate(&mut a, &mut vectors, n, p, q);
            }
        }
    }
    ((0..n).map(|k| a[k * n + k]).collect(), vectors)
}

/// Turns the plane (p, q) so that the element there becomes zero.
fn rotate(a: &mut [f64], vectors: &mut [f64], n: usize, p: usize, q: usize) {
    let off = a[p * n + q];
    if off == 0.0 {
        return;
    }
    let theta = (a[q * n + q] - a[p * n + p]) / (2.0 * off);
    let tangent = theta.signum() / (theta.abs() + (theta * theta + 1.0).sqrt());
    let cosine = 1.0 / (tangent * tangent + 1.0).sqrt();
    let sine = tangent * cosine;
    let turn = |m: &mut [f64], i: usize, j: usize| {
        let (x, y) = (m[i], m[j]);
        m[i] = cosine * x - sine * y;
        m[j] = sine * x + cosine * y;
    };
    for k in 0..n {
        turn(a, k * n + p, k * n + q);
    }
    for k in 0..n {
        turn(a, p * n + k, q * n + k);
    }
    for k in 0..n {
        turn(vectors, k * n + p, k * n + q);
    }
}

#[cfg(test)]
mod tests {
    use super::eigen;

    #[test]
    fn puts_a_matrix_together_again() {
        let n = 6;
        let element = |i: usize, j: usize| 1.0 / (1.0 + i as f64 + j as f64) + if i == j { 0.1 * i as f64 } else { 0.0 };
        let matrix: Vec<f64> = (0..n * n).map(|at| element(at / n, at % n)).collect();
        let (values, vectors) = eigen(&matrix, n);
        for i in 0..n {
            for j in 0..n {
                let again: f64 = (0..n).map(|k| vectors[i * n + k] * values[k] * vectors[j * n + k]).sum();
                assert!((again - matrix[i * n + j]).abs() < 1e-14);
            }
        }
        assert!((values.iter().sum::<f64>() - (0..n).map(|k| element(k, k)).sum::<f64>()).abs() < 1e-14);
    }
}
