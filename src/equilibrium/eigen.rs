//! Eigenvalues of real matrices: balancing by powers of two (Parlett & Reinsch 1969), reduction to Hessenberg form by reflections, and the QR algorithm with
//! two shifts at a time (Francis 1961), with a shift of another kind wherever ten rounds have not split the matrix.

/// An eigenvalue.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Eigenvalue {
    /// Real part.
    pub re: f64,
    /// Imaginary part.
    pub im: f64,
}

/// Rounds for one eigenvalue; with the other shifts it hardly ever takes more than ten.
const ROUNDS: usize = 60;

/// All eigenvalues of a square matrix (row by row) by falling real part, of two that are conjugate the one above the axis first; nothing where the
/// matrix has values that are no numbers, or the algorithm does not come to an end.
#[must_use]
pub fn eigenvalues(mut matrix: Vec<f64>, n: usize) -> Option<Vec<Eigenvalue>> {
    if matrix.len() != n * n || matrix.iter().any(|x| !x.is_finite()) {
        return None;
    }
    balance(&mut matrix, n);
    hessenberg(&mut matrix, n);
    let mut found = Francis { h: matrix, n }.all()?;
    found.sort_by(|a, b| b.re.total_cmp(&a.re).then(b.im.abs().total_cmp(&a.im.abs())).then(b.im.total_cmp(&a.im)));
    Some(found)
}

/// Rows and columns become alike in size; powers of two change no digit.
fn balance(a: &mut [f64], n: usize) {
    loop {
        let mut done = true;
        for i in 0..n {
            let others = || (0..n).filter(|j| *j != i);
            let column: f64 = others().map(|j| a[j * n + i].abs()).sum();
            let row: f64 = others().map(|j| a[i * n + j].abs()).sum();
            if column == 0.0 || row == 0.0 {
                continue;
            }
            let factor = 2f64.powi(((row / column).log2() / 2.0).round() as i32);
            if column * factor + row / factor < 0.95 * (column + row) {
                done = false;
                (0..n).for_each(|j| a[i * n + j] /= factor);
                (0..n).for_each(|j| a[j * n + i] *= factor);
            }
        }
        if done {
            return;
        }
    }
}

fn hessenberg(a: &mut [f64], n: usize) {
    for k in 1..n.saturating_sub(1) {
        let below = (k..n).map(|i| a[i * n + k - 1].powi(2)).sum::<f64>().sqrt();
        if below == 0.0 || (k + 1..n).all(|i| a[i * n + k - 1] == 0.0) {
            continue;
        }
        let mut v: Vec<f64> = (k..n).map(|i| a[i * n + k - 1]).collect();
        v[0] += below.copysign(v[0]);
        let square: f64 = v.iter().map(|x| x * x).sum();
        for j in 0..n {
            let part = 2.0 * v.iter().enumerate().map(|(i, x)| x * a[(k + i) * n + j]).sum::<f64>() / square;
            v.iter().enumerate().for_each(|(i, x)| a[(k + i) * n + j] -= part * x);
        }
        for i in 0..n {
            let part = 2.0 * v.iter().enumerate().map(|(j, x)| x * a[i * n + k + j]).sum::<f64>() / square;
            v.iter().enumerate().for_each(|(j, x)| a[i * n + k + j] -= part * x);
        }
        (k + 1..n).for_each(|i| a[i * n + k - 1] = 0.0);
    }
}

/// The QR algorithm on a Hessenberg matrix.
struct Francis {
    h: Vec<f64>,
    n: usize,
}

impl Francis {
    fn at(&self, i: usize, j: usize) -> f64 {
        self.h[i * self.n + j]
    }

    fn all(&mut self) -> Option<Vec<Eigenvalue>> {
        let (mut found, mut left, mut rounds) = (Vec::with_capacity(self.n), self.n, 0);
        while left > 0 {
            let last = left - 1;
            let first = self.split(last);
            if first == last {
                found.push(Eigenvalue { re: self.at(last, last), im: 0.0 });
                (left, rounds) = (last, 0);
            } else if first + 1 == last {
                found.extend(pair(self.at(first, first), self.at(first, last), self.at(last, first), self.at(last, last)));
                (left, rounds) = (first, 0);
            } else if rounds == ROUNDS {
                return None;
            } else {
                rounds += 1;
                self.round(first, last, rounds.is_multiple_of(10));
            }
        }
        Some(found)
    }

    /// Where the block that ends here begins: the element left of its first row is as good as nothing.
    fn split(&mut self, last: usize) -> usize {
        for k in (1..=last).rev() {
            let around = self.at(k - 1, k - 1).abs() + self.at(k, k).abs();
            let size = if around == 0.0 { self.h.iter().fold(0.0f64, |size, x| size.max(x.abs())) } else { around };
            if self.at(k, k - 1).abs() <= f64::EPSILON * size {
                self.h[k * self.n + k - 1] = 0.0;
                return k;
            }
        }
        0
    }

    /// A round on the rows and columns from `first` to `last`: both shifts at once, then the bulge is chased out.
    fn round(&mut self, first: usize, last: usize, other: bool) {
        let n = self.n;
        let (mut trace, mut determinant) = (
            self.at(last - 1, last - 1) + self.at(last, last),
            self.at(last - 1, last - 1) * self.at(last, last) - self.at(last - 1, last) * self.at(last, last - 1),
        );
        if other {
            let size = self.at(last, last - 1).abs() + self.at(last - 1, last - 2).abs();
            (trace, determinant) = (1.5 * size, size * size);
        }
        let (a, b, c, d) =
            (self.at(first, first), self.at(first, first + 1), self.at(first + 1, first), self.at(first + 1, first + 1));
        let mut bulge = [a * (a - trace) + b * c + determinant, c * (a + d - trace), c * self.at(first + 2, first + 1)];
        for k in first..last {
            let rows = if k + 1 < last { 3 } else { 2 };
            if k > first {
                bulge = [self.at(k, k - 1), self.at(k + 1, k - 1), if rows == 3 { self.at(k + 2, k - 1) } else { 0.0 }];
            }
            let scale = bulge[..rows].iter().fold(0.0f64, |size, x| size.max(x.abs()));
            if scale == 0.0 {
                continue;
            }
            let mut v = bulge.map(|x| x / scale);
            let length = v[..rows].iter().map(|x| x * x).sum::<f64>().sqrt();
            v[0] += length.copysign(v[0]);
            let square: f64 = v[..rows].iter().map(|x| x * x).sum();
            for j in k.saturating_sub(1).max(first)..n {
                let part = 2.0 * (0..rows).map(|i| v[i] * self.at(k + i, j)).sum::<f64>() / square;
                (0..rows).for_each(|i| self.h[(k + i) * n + j] -= part * v[i]);
            }
            for i in 0..=(k + 3).min(last) {
                let part = 2.0 * (0..rows).map(|j| v[j] * self.at(i, k + j)).sum::<f64>() / square;
                (0..rows).for_each(|j| self.h[i * n + k + j] -= part * v[j]);
            }
            if k > first {
                (1..rows).for_each(|i| self.h[(k + i) * n + k - 1] = 0.0);
            }
        }
    }
}

/// Eigenvalues of two rows and columns.
fn pair(a: f64, b: f64, c: f64, d: f64) -> [Eigenvalue; 2] {
    let half = (a - d) / 2.0;
    let square = half * half + b * c;
    let real = |re| Eigenvalue { re, im: 0.0 };
    if square < 0.0 {
        let (re, im) = (d + half, (-square).sqrt());
        return [Eigenvalue { re, im }, Eigenvalue { re, im: -im }];
    }
    let far = half + square.sqrt().copysign(half);
    match far == 0.0 {
        true => [real(d), real(d)],
        false => [real(d + far), real(d - b * c / far)],
    }
}

#[cfg(test)]
mod tests {
    use super::{Eigenvalue, eigenvalues};

    fn close(found: &[Eigenvalue], expected: &[(f64, f64)], within: f64) {
        assert_eq!(found.len(), expected.len());
        let mut left = expected.to_vec();
        for one in found {
            let far = |e: &(f64, f64)| (one.re - e.0).hypot(one.im - e.1);
            let best = (0..left.len()).min_by(|a, b| far(&left[*a]).total_cmp(&far(&left[*b]))).unwrap();
            assert!(far(&left[best]) < within, "{one:?} is none of {left:?}");
            left.remove(best);
        }
    }

    /// The companion matrix of a polynomial (falling coefficients behind the leading 1).
    fn companion(coefficients: &[f64]) -> Vec<f64> {
        let n = coefficients.len();
        let element = |(i, j): (usize, usize)| if i == 0 { -coefficients[j] } else { f64::from(u8::from(i == j + 1)) };
        (0..n * n).map(|k| element((k / n, k % n))).collect()
    }

    /// Roots of unity: without shifts of another kind nothing ever splits.
    #[test]
    fn roots_of_unity() {
        for n in 1..=24 {
            let mut coefficients = vec![0.0; n];
            coefficients[n - 1] = -1.0;
            let angle = |k: usize| std::f64::consts::TAU * k as f64 / n as f64;
            let expected: Vec<(f64, f64)> = (0..n).map(|k| (angle(k).cos(), angle(k).sin())).collect();
            close(&eigenvalues(companion(&coefficients), n).unwrap(), &expected, 1e-12);
        }
    }

    /// (x - 1) (x - 2) ... (x - 6), and the same with rows in units a million times larger.
    #[test]
    fn known_roots_in_any_unit() {
        let mut matrix = companion(&[-21.0, 175.0, -735.0, 1624.0, -1764.0, 720.0]);
        let expected: Vec<(f64, f64)> = (1..=6).map(|k| (f64::from(k), 0.0)).collect();
        close(&eigenvalues(matrix.clone(), 6).unwrap(), &expected, 1e-9);
        for k in 0..6 {
            matrix[12 + k] *= 1e6;
            matrix[6 * k + 2] /= 1e6;
        }
        close(&eigenvalues(matrix, 6).unwrap(), &expected, 1e-9);
    }

    #[test]
    fn small_and_hostile_ones() {
        assert_eq!(eigenvalues(Vec::new(), 0), Some(Vec::new()));
        assert_eq!(eigenvalues(vec![f64::NAN], 1), None);
        close(&eigenvalues(vec![0.0; 9], 3).unwrap(), &[(0.0, 0.0); 3], 1e-300);
        close(&eigenvalues(vec![0.0, 1.0, 0.0, 0.0], 2).unwrap(), &[(0.0, 0.0); 2], 1e-300);
        close(
            &eigenvalues(vec![0.0, -1.0, 0.0, 1.0, 0.0, 1.0, 0.0, -1.0, 0.0], 3).unwrap(),
            &[(0.0, 0.0), (0.0, 2f64.sqrt()), (0.0, -(2f64.sqrt()))],
            1e-12,
        );
        // Two weakly coupled copies of a flip (Day 1996): shifts of one kind never split them.
        let eta = 1e-3;
        #[rustfmt::skip]
        let day = vec![
            0.0, 1.0, 0.0, 0.0,
            1.0, 0.0, eta, 0.0,
            0.0, -eta, 0.0, 1.0,
            0.0, 0.0, 1.0, 0.0,
        ];
        let trace: f64 = eigenvalues(day, 4).unwrap().iter().map(|e| e.re).sum();
        assert!(trace.abs() < 1e-12);
    }
}
