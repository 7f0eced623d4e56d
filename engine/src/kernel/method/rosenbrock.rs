//! An implicit method for stiff equations: that of Rosenbrock and Wanner with the coefficients ROS34PW2 (Rang & Angermann, BIT 45, 2005), of order 3 with an
//! embedded one of order 2. It solves four linear systems a step with one matrix, and keeps its order whatever that matrix is: so each instance takes the
//! derivatives of its own equations by its own states, and the values of other cells and of time as they come.

use super::super::KernelError;
use super::super::derive::derivatives;
use super::super::graph::{Leaf, NodeId};
use super::super::jobs::Goal;
use super::adaptive::{BENDS, Keep, Part, Writer};
use crate::vm::program::Op;

/// Number of stages.
const STAGES: usize = 4;

/// The diagonal of its matrix.
const GAMMA: f64 = 0.435_866_521_508_459;

/// Where in the step each stage is.
const PLACES: [f64; STAGES] = [0.0, 0.871_733_043_016_918, 0.731_579_957_788_852_4, 1.0];

/// Weights of the increments before it in the argument of each stage.
const WEIGHTS: [[f64; STAGES]; STAGES] = [
    [0.0; STAGES],
    [2.0, 0.0, 0.0, 0.0],
    [1.419_217_317_455_765_2, -0.259_232_211_672_969_8, 0.0, 0.0],
    [4.184_760_482_319_161, -0.285_192_017_355_496, 2.294_280_360_279_042_3, 0.0],
];

/// Weights of the increments before it, over the step, beside the slope of each stage.
const BESIDE: [[f64; STAGES]; STAGES] = [
    [0.0; STAGES],
    [-4.588_560_720_558_084, 0.0, 0.0, 0.0],
    [-4.184_760_482_319_161, 0.285_192_017_355_496, 0.0, 0.0],
    [-6.368_179_200_128_36, -6.795_620_944_466_837, 2.870_098_604_331_055_5, 0.0],
];

/// Weights of the increments in the result.
const RESULT: [f64; STAGES] = [4.184_760_482_319_162, -0.285_192_017_355_495_6, 2.294_280_360_279_042, 1.0];

/// What it differs by from the result of order 2.
const ERROR: [f64; STAGES] = [0.277_749_947_647_968_1, -1.403_239_895_175_999_5, 1.772_630_127_667_551, 0.5];

/// Weights of the increments in the powers of the part of a step that has passed: the only polynomials of order 3 that end at the result, are of order 2 for any
/// matrix, and integrate what depends on time alone with order 3.
const INTERPOLATION: [[f64; STAGES]; 3] = [
    [0.832_659_023_154_388_7, -1.461_621_337_124_648, -2.220_446_049_250_313_e-1_5, -2.398_120_075_195_582_2],
    [4.520_784_200_520_353, -4.727_954_322_284_04, 9.752_939_685_168_203, 5.501_959_790_112_126],
    [-1.168_682_741_355_58, 5.904_383_642_053_183, -7.458_659_324_889_151, -2.103_839_714_916_542_6],
];

/// The slope at the beginning of a step is kept as the first one, the increments behind it.
const FIRST: u8 = 1;

/// A square matrix, by rows; nothing where there is a zero.
type Matrix = Vec<Vec<Option<NodeId>>>;

impl Writer<'_, '_> {
    /// What a program of the method computes.
    pub(super) fn rosenbrock(&mut self, part: Part) -> Result<Vec<(Goal, NodeId)>, KernelError> {
        match part {
            Part::Begin => {
                let mut goals = vec![(Goal::Kept(Keep::Time), self.kept(Keep::Begin))];
                for state in self.states() {
                    goals.push((Goal::State(state), self.kept(Keep::Old(state))));
                }
                Ok(goals)
            }
            Part::Stage(number) => self.increment(usize::from(number)),
            _ => Ok(self.settle_between()),
        }
    }

    /// An increment, and the argument of the next stage; at the end the result and its error.
    fn increment(&mut self, number: usize) -> Result<Vec<(Goal, NodeId)>, KernelError> {
        let (slopes, states) = (self.slopes()?, self.states());
        let (begin, step) = (self.kept(Keep::Begin), self.kept(Keep::Step));
        let mut goals = Vec::new();
        let (mut matrix, pattern) = self.matrix(&slopes)?;
        if number == 0 {
            goals.extend(states.iter().zip(&slopes).map(|(id, slope)| (Goal::Kept(Keep::Slope(*id, 0)), *slope)));
            self.eliminate(&mut matrix);
            for (i, row) in matrix.iter().enumerate() {
                let entries = row.iter().enumerate().filter_map(|(j, entry)| Some((j, (*entry)?)));
                goals.extend(entries.map(|(j, entry)| (Goal::Kept(Keep::Factor(i as u16, j as u16)), entry)));
            }
        } else {
            let factor = |w: &mut Self, i: usize, j: usize| w.kept(Keep::Factor(i as u16, j as u16));
            for (i, row) in pattern.iter().enumerate() {
                matrix[i] = row.iter().enumerate().map(|(j, there)| there.then(|| factor(self, i, j))).collect();
            }
        }
        let mut right = Vec::with_capacity(states.len());
        for (id, slope) in states.iter().zip(&slopes) {
            let before: Vec<NodeId> = (0..number).map(|k| self.kept(Keep::Slope(*id, FIRST + k as u8))).collect();
            right.push(match number {
                0 => *slope,
                _ => {
                    let beside = self.weighted(BESIDE[number].iter().copied().zip(before));
                    let beside = self.l.graph.binary(Op::Div, beside, step);
                    self.add(*slope, beside)
                }
            });
        }
        let increments = self.solve(&matrix, right);
        let mut errors = Vec::new();
        for (id, new) in states.iter().zip(&increments) {
            goals.push((Goal::Kept(Keep::Slope(*id, FIRST + number as u8)), *new));
            let before = (0..number).map(|k| self.kept(Keep::Slope(*id, FIRST + k as u8)));
            let all: Vec<NodeId> = before.chain([*new]).collect();
            let weights = WEIGHTS.get(number + 1).unwrap_or(&RESULT);
            let change = self.weighted(weights.iter().copied().zip(all.iter().copied()));
            let old = self.kept(Keep::Old(*id));
            let argument = self.add(old, change);
            goals.push((Goal::State(*id), argument));
            if number + 1 == STAGES {
                errors.push((self.weighted(ERROR.iter().copied().zip(all)), old, argument));
            }
        }
        let place = PLACES.get(number + 1).copied().unwrap_or(1.0);
        let part = self.l.graph.constant(place);
        let passed = if place == 1.0 { step } else { self.times(part, step) };
        goals.push((Goal::Kept(Keep::Time), self.add(begin, passed)));
        if number + 1 == STAGES {
            goals.push((Goal::Kept(Keep::Sum), self.size(&errors)));
        }
        Ok(goals)
    }

    /// 1 / (gamma step) on the diagonal less the derivatives; and where there is something once it is eliminated.
    fn matrix(&mut self, slopes: &[NodeId]) -> Result<(Matrix, Vec<Vec<bool>>), KernelError> {
        let (one, gamma, step) = (self.l.graph.constant(1.0), self.l.graph.constant(GAMMA), self.kept(Keep::Step));
        let far = self.times(gamma, step);
        let diagonal = self.l.graph.binary(Op::Div, one, far);
        let states = self.states();
        let mut matrix: Matrix = vec![vec![None; states.len()]; states.len()];
        for (j, id) in states.iter().enumerate() {
            let span = self.equations[j].span;
            let column = derivatives(self.l.graph, slopes, Leaf::State(*id));
            let column = column.map_err(|message| KernelError { message, span })?;
            for (i, slope) in column.into_iter().enumerate() {
                matrix[i][j] = match (slope, i == j) {
                    (Some(slope), true) => Some(self.l.graph.binary(Op::Sub, diagonal, slope)),
                    (Some(slope), false) => Some(self.l.graph.unary(Op::Neg, slope)),
                    (None, true) => Some(diagonal),
                    (None, false) => None,
                };
            }
        }
        let mut pattern: Vec<Vec<bool>> = matrix.iter().map(|row| row.iter().map(Option::is_some).collect()).collect();
        for k in 0..states.len() {
            for i in k + 1..states.len() {
                for j in k + 1..states.len() {
                    pattern[i][j] |= pattern[i][k] && pattern[k][j];
                }
            }
        }
        Ok((matrix, pattern))
    }

    /// Factors below and above the diagonal, and the reciprocals of what is left on it. The diagonal is large where the step is small, so nothing is exchanged.
    fn eliminate(&mut self, matrix: &mut Matrix) {
        let one = self.l.graph.constant(1.0);
        for k in 0..matrix.len() {
            let Some(pivot) = matrix[k][k] else { continue };
            let pivot = self.l.graph.binary(Op::Div, one, pivot);
            matrix[k][k] = Some(pivot);
            for i in k + 1..matrix.len() {
                let Some(entry) = matrix[i][k] else { continue };
                let factor = self.times(entry, pivot);
                matrix[i][k] = Some(factor);
                for (j, above) in matrix[k].clone().into_iter().enumerate().skip(k + 1) {
                    let Some(above) = above else { continue };
                    let product = self.times(factor, above);
                    matrix[i][j] = Some(match matrix[i][j] {
                        Some(entry) => self.l.graph.binary(Op::Sub, entry, product),
                        None => self.l.graph.unary(Op::Neg, product),
                    });
                }
            }
        }
    }

    /// What solves the factored system.
    fn solve(&mut self, matrix: &Matrix, mut x: Vec<NodeId>) -> Vec<NodeId> {
        let n = matrix.len();
        for i in 0..n {
            for k in 0..i {
                if let Some(factor) = matrix[i][k] {
                    let product = self.times(factor, x[k]);
                    x[i] = self.l.graph.binary(Op::Sub, x[i], product);
                }
            }
        }
        for i in (0..n).rev() {
            for j in i + 1..n {
                if let Some(factor) = matrix[i][j] {
                    let product = self.times(factor, x[j]);
                    x[i] = self.l.graph.binary(Op::Sub, x[i], product);
                }
            }
            if let Some(reciprocal) = matrix[i][i] {
                x[i] = self.times(reciprocal, x[i]);
            }
        }
        x
    }

    /// The next step begins at the end of this one.
    fn settle_between(&mut self) -> Vec<(Goal, NodeId)> {
        let (begin, step) = (self.kept(Keep::Begin), self.kept(Keep::Step));
        let end = self.add(begin, step);
        let mut moves = vec![(Keep::Begin, end), (Keep::LastBegin, begin), (Keep::LastStep, step)];
        let zero = self.l.graph.constant(0.0);
        for state in self.states() {
            let (old, new) = (self.kept(Keep::Old(state)), self.l.state(state));
            moves.extend([(Keep::Old(state), new), (Keep::Last(state), old)]);
            let increments: Vec<NodeId> = (0..STAGES as u8).map(|k| self.kept(Keep::Slope(state, FIRST + k))).collect();
            for power in 0..BENDS {
                let bend = INTERPOLATION.get(power).map(|weights| {
                    let sum = self.weighted(weights.iter().copied().zip(increments.iter().copied()));
                    self.l.graph.binary(Op::Div, sum, step)
                });
                moves.push((Keep::Bend(state, power as u8), bend.unwrap_or(zero)));
            }
        }
        self.settled(moves)
    }
}

#[cfg(test)]
mod tests {
    use super::{BESIDE, ERROR, GAMMA, INTERPOLATION, PLACES, RESULT, STAGES, WEIGHTS};

    /// One step of y' = l y with a matrix that knows of none of it is a polynomial in l h, and of order 3 it is that of the exponential; with the exact one
    /// the method forgets what is infinitely stiff.
    #[test]
    fn coefficients_are_of_order_three() {
        let step = |z: f64, known: f64| {
            let mut u = [0.0; STAGES];
            let of = |weights: &[f64], u: &[f64]| weights.iter().zip(u).map(|(w, u)| w * u).sum::<f64>();
            for i in 0..STAGES {
                u[i] = (z * (1.0 + of(&WEIGHTS[i], &u)) + of(&BESIDE[i], &u)) / (1.0 / GAMMA - known);
            }
            (1.0 + of(&RESULT, &u), of(&ERROR, &u))
        };
        for share in [0.0, 0.5, 1.0, -1.0] {
            let error = |z: f64| step(z, share * z).0 - z.exp();
            let order = (error(0.02) / error(0.01)).abs().log2();
            assert!((order - 4.0).abs() < 0.2, "{share}: {order}");
            let order = (step(0.02, share * 0.02).1 / step(0.01, share * 0.01).1).abs().log2();
            assert!((order - 3.0).abs() < 0.2, "{share}: {order}");
        }
        assert!(step(-1e9, -1e9).0.abs() < 1e-6, "{:?}", step(-1e9, -1e9));
        for stage in 0..STAGES {
            let end: f64 = INTERPOLATION.iter().map(|weights| weights[stage]).sum();
            assert!((end - RESULT[stage]).abs() < 1e-12, "stage {stage}: {end} and {}", RESULT[stage]);
        }
        assert!(PLACES.iter().all(|place| (0.0..=1.0).contains(place)));
    }
}
