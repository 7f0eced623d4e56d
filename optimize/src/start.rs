//! First populations: points of the unit cube.

use crate::draws::Numpy;

/// How the first candidates are spread.
#[derive(Clone, Debug, PartialEq, Default)]
pub enum Start {
    /// One in each of as many slices along every axis (McKay, Beckman and Conover 1979).
    #[default]
    LatinHypercube,
    /// Sobol's sequence with the direction numbers of Joe and Kuo 2008, shifted by a random word an axis. For up to [`sobol::AXES`] knobs.
    Sobol,
    /// Halton's sequence with randomly permuted digits (Owen 2017).
    Halton,
    /// Independent and uniform.
    Random,
    /// These values of the knobs; as many as there are.
    Given(Vec<Vec<f64>>),
}

/// `count` points of a cube with so many axes. `Given` ones are not made here.
pub(crate) fn points(start: &Start, count: usize, axes: usize, draws: &mut Numpy) -> Vec<Vec<f64>> {
    match start {
        Start::LatinHypercube => latin_hypercube(count, axes, draws),
        Start::Sobol => sobol::points(count, axes, draws),
        Start::Halton => halton(count, axes, draws),
        Start::Random | Start::Given(_) => (0..count).map(|_| (0..axes).map(|_| draws.unit()).collect()).collect(),
    }
}

/// In SciPy's order of draws: the places within slices, row by row; then a permutation an axis.
fn latin_hypercube(count: usize, axes: usize, draws: &mut Numpy) -> Vec<Vec<f64>> {
    let width = 1.0 / count as f64;
    let slices: Vec<Vec<f64>> =
        (0..count).map(|slice| (0..axes).map(|_| width * draws.unit() + slice as f64 * width).collect()).collect();
    let mut points = vec![vec![0.0; axes]; count];
    for axis in 0..axes {
        let order = draws.permutation(count);
        points.iter_mut().zip(order).for_each(|(point, slice)| point[axis] = slices[slice][axis]);
    }
    points
}

/// The axis `k` has the digits in the base of the k-th prime, mirrored at the point and each replaced by a permutation of its own place.
fn halton(count: usize, axes: usize, draws: &mut Numpy) -> Vec<Vec<f64>> {
    let primes: Vec<usize> = (2..).filter(|&n| (2..n).take_while(|d| d * d <= n).all(|d| n % d != 0)).take(axes).collect();
    let mut points = vec![vec![0.0; axes]; count];
    for (axis, &base) in primes.iter().enumerate() {
        // Digits beyond a double's precision change nothing.
        let places = (53.0 / (base as f64).log2()).ceil() as usize;
        let permutations: Vec<Vec<usize>> = (0..places).map(|_| draws.permutation(base)).collect();
        for (number, point) in points.iter_mut().enumerate() {
            let (mut rest, mut weight) = (number, 1.0);
            for permutation in &permutations {
                weight /= base as f64;
                point[axis] += permutation[rest % base] as f64 * weight;
                rest /= base;
            }
        }
    }
    points
}

/// Sobol's sequence.
pub mod sobol {
    use super::Numpy;

    /// Of each axis but the first: coefficients of a primitive polynomial without its ends, and first direction numbers; Joe and Kuo 2008,
    /// "Constructing Sobol sequences with better two-dimensional projections", `new-joe-kuo-6.21201`.
    const TABLE: &[(u32, &[u32])] = &[
        (0, &[1]),
        (1, &[1, 3]),
        (1, &[1, 3, 1]),
        (2, &[1, 1, 1]),
        (1, &[1, 1, 3, 3]),
        (4, &[1, 3, 5, 13]),
        (2, &[1, 1, 5, 5, 17]),
        (4, &[1, 1, 5, 5, 5]),
        (7, &[1, 1, 7, 11, 19]),
        (11, &[1, 1, 5, 1, 1]),
        (13, &[1, 1, 1, 3, 11]),
        (14, &[1, 3, 5, 5, 31]),
        (1, &[1, 3, 3, 9, 7, 49]),
        (13, &[1, 1, 1, 15, 21, 21]),
        (16, &[1, 3, 1, 13, 27, 49]),
        (19, &[1, 1, 1, 15, 7, 5]),
        (22, &[1, 3, 1, 15, 13, 25]),
        (25, &[1, 1, 5, 5, 19, 61]),
        (1, &[1, 3, 7, 11, 23, 15, 103]),
        (4, &[1, 3, 7, 13, 13, 15, 69]),
        (7, &[1, 1, 3, 13, 7, 35, 63]),
        (8, &[1, 3, 5, 9, 1, 25, 53]),
        (14, &[1, 3, 1, 13, 9, 35, 107]),
        (19, &[1, 3, 1, 5, 27, 61, 31]),
        (21, &[1, 1, 5, 11, 19, 41, 61]),
        (28, &[1, 3, 5, 3, 3, 13, 69]),
        (31, &[1, 1, 7, 13, 1, 19, 1]),
        (32, &[1, 3, 7, 5, 13, 19, 59]),
        (37, &[1, 1, 3, 9, 25, 29, 41]),
        (41, &[1, 3, 5, 13, 23, 1, 55]),
        (42, &[1, 3, 7, 3, 13, 59, 17]),
        (50, &[1, 3, 1, 3, 5, 53, 69]),
        (55, &[1, 1, 5, 5, 23, 33, 13]),
        (56, &[1, 1, 7, 7, 1, 61, 123]),
        (59, &[1, 1, 7, 9, 13, 61, 49]),
        (62, &[1, 3, 3, 5, 3, 55, 33]),
        (14, &[1, 3, 1, 15, 31, 13, 49, 245]),
        (21, &[1, 3, 5, 15, 31, 59, 63, 97]),
        (22, &[1, 3, 1, 11, 11, 11, 77, 249]),
        (38, &[1, 3, 1, 11, 27, 43, 71, 9]),
        (47, &[1, 1, 7, 15, 21, 11, 81, 45]),
        (49, &[1, 3, 7, 3, 25, 31, 65, 79]),
        (50, &[1, 3, 1, 1, 19, 11, 3, 205]),
        (52, &[1, 1, 5, 9, 19, 21, 29, 157]),
        (56, &[1, 3, 7, 11, 1, 33, 89, 185]),
        (67, &[1, 3, 3, 3, 15, 9, 79, 71]),
        (70, &[1, 3, 7, 11, 15, 39, 119, 27]),
        (84, &[1, 1, 3, 1, 11, 31, 97, 225]),
        (97, &[1, 1, 1, 3, 23, 43, 57, 177]),
        (103, &[1, 3, 7, 7, 17, 17, 37, 71]),
        (115, &[1, 3, 1, 5, 27, 63, 123, 213]),
        (122, &[1, 1, 3, 5, 11, 43, 53, 133]),
        (8, &[1, 3, 5, 5, 29, 17, 47, 173, 479]),
        (13, &[1, 3, 3, 11, 3, 1, 109, 9, 69]),
        (16, &[1, 1, 1, 5, 17, 39, 23, 5, 343]),
        (22, &[1, 3, 1, 5, 25, 15, 31, 103, 499]),
        (25, &[1, 1, 1, 11, 11, 17, 63, 105, 183]),
        (44, &[1, 1, 5, 11, 9, 29, 97, 231, 363]),
        (47, &[1, 1, 5, 15, 19, 45, 41, 7, 383]),
        (52, &[1, 3, 7, 7, 31, 19, 83, 137, 221]),
        (55, &[1, 1, 1, 3, 23, 15, 111, 223, 83]),
        (59, &[1, 1, 5, 13, 31, 15, 55, 25, 161]),
        (62, &[1, 1, 3, 13, 25, 47, 39, 87, 257]),
    ];

    /// As many axes as the table has.
    pub const AXES: usize = TABLE.len() + 1;

    const BITS: usize = 32;

    pub(super) fn points(count: usize, axes: usize, draws: &mut Numpy) -> Vec<Vec<f64>> {
        let directions: Vec<[u32; BITS]> = (0..axes).map(directions).collect();
        let shifts: Vec<f64> = (0..axes).map(|_| draws.unit()).collect();
        let mut words = vec![0_u32; axes];
        (0..count)
            .map(|number| {
                let point =
                    words.iter().zip(&shifts).map(|(&word, shift)| (f64::from(word) * 2f64.powi(-32) + shift).fract()).collect();
                // Gray code: from a number to the next one bit of the code changes.
                let bit = (!number).trailing_zeros() as usize % BITS;
                words.iter_mut().zip(&directions).for_each(|(word, axis)| *word ^= axis[bit]);
                point
            })
            .collect()
    }

    fn directions(axis: usize) -> [u32; BITS] {
        let mut v = [0_u32; BITS];
        let Some(&(polynomial, first)) = axis.checked_sub(1).and_then(|row| TABLE.get(row)) else {
            v.iter_mut().enumerate().for_each(|(bit, v)| *v = 1 << (31 - bit));
            return v;
        };
        let degree = first.len();
        for bit in 0..BITS {
            v[bit] = if bit < degree {
                first[bit] << (31 - bit)
            } else {
                let mut value = v[bit - degree] ^ (v[bit - degree] >> degree);
                for k in 1..degree {
                    if polynomial >> (degree - 1 - k) & 1 == 1 {
                        value ^= v[bit - k];
                    }
                }
                value
            };
        }
        v
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        /// Without the shift: `scipy.stats.qmc.Sobol(d, scramble=False).random(8)`, axes 1, 2, 5 and 40.
        #[test]
        fn is_scipys() {
            for (axis, expected) in SCIPY {
                let v = directions(axis);
                let mut word = 0;
                let found: Vec<f64> = (0..8_usize)
                    .map(|n| {
                        let x = f64::from(word) * 2f64.powi(-32);
                        word ^= v[(!n).trailing_zeros() as usize];
                        x
                    })
                    .collect();
                assert_eq!(found, expected, "axis {axis}");
            }
        }

        const SCIPY: [(usize, [f64; 8]); 4] = [
            (0, [0.0, 0.5, 0.75, 0.25, 0.375, 0.875, 0.625, 0.125]),
            (1, [0.0, 0.5, 0.25, 0.75, 0.375, 0.875, 0.125, 0.625]),
            (4, [0.0, 0.5, 0.75, 0.25, 0.375, 0.875, 0.625, 0.125]),
            (39, [0.0, 0.5, 0.25, 0.75, 0.875, 0.375, 0.625, 0.125]),
        ];
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of 64 points in five dimensions, 64 slices of each axis have one each (Latin hypercube), and intervals of 1/8 have eight each, give or take one.
    #[test]
    fn designs_are_even() {
        for start in [Start::LatinHypercube, Start::Sobol, Start::Halton] {
            let points = points(&start, 64, 5, &mut Numpy::new(7));
            for axis in 0..5 {
                let mut counts = [0; 8];
                points.iter().for_each(|point| counts[(point[axis] * 8.0) as usize] += 1);
                assert!(counts.iter().all(|&count| (5..=11).contains(&count)), "{start:?}, axis {axis}: {counts:?}");
                assert!(points.iter().all(|point| (0.0..1.0).contains(&point[axis])));
            }
        }
        let latin = points(&Start::LatinHypercube, 64, 2, &mut Numpy::new(3));
        let mut slices: Vec<usize> = latin.iter().map(|point| (point[1] * 64.0) as usize).collect();
        slices.sort_unstable();
        assert_eq!(slices, (0..64).collect::<Vec<_>>());
    }
}
