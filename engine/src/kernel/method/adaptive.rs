//! The method of Dormand and Prince (1980) of order 5 with an embedded one of order 4, for cells of equations: programs of its stages. Every instance has its
//! own time and its own step, which `flow` chooses; between two stages values of other cells are exchanged.

use super::super::KernelError;
use super::super::graph::{Leaf, NodeId};
use super::super::jobs::Goal;
use super::super::lower::Lowering;
use crate::simd::Function;
use crate::vm::program::{Op, Program};
use bouton_model::ir::{Equation, VarId};
use bouton_model::math::Real;

/// A method with steps of its own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Method {
    /// Explicit, of order 5.
    #[default]
    Dopri5,
    /// Implicit, of order 3: see [`super::rosenbrock`].
    Rosenbrock,
}

impl Method {
    /// Its programs, in their order.
    #[must_use]
    pub fn parts(self) -> Vec<Part> {
        let first = [Part::First, Part::Lean, Part::Compare, Part::Begin];
        first.into_iter().chain(self.stages()).chain([Part::Settle]).collect()
    }

    /// The number of a program among its programs.
    #[must_use]
    pub fn number(self, part: Part) -> usize {
        match (part, self) {
            (Part::First, _) => 0,
            (Part::Lean, _) => 1,
            (Part::Compare, _) => 2,
            (Part::Begin, _) => 3,
            (Part::Stage(stage), Method::Dopri5) => 3 + usize::from(stage),
            (Part::Stage(stage), Method::Rosenbrock) => 4 + usize::from(stage),
            (Part::Settle, Method::Dopri5) => 10,
            (Part::Settle, Method::Rosenbrock) => 8,
        }
    }

    /// Those that follow one another in a step, behind its beginning.
    pub fn stages(self) -> impl Iterator<Item = Part> {
        let numbers = match self {
            Method::Dopri5 => 1..7,
            Method::Rosenbrock => 0..4,
        };
        numbers.map(Part::Stage)
    }

    /// Power of the error by which steps become longer or shorter.
    #[must_use]
    pub fn power(self) -> f64 {
        match self {
            Method::Dopri5 => 0.2,
            Method::Rosenbrock => 1.0 / 3.0,
        }
    }

    /// More tries of a system than this within a step of its group are hopeless: for an explicit method the equations are stiff.
    #[must_use]
    pub fn most(self) -> u32 {
        match self {
            Method::Dopri5 => 5000,
            Method::Rosenbrock => 100_000,
        }
    }

    /// Which of the slopes or increments that are kept is the last of the step.
    #[must_use]
    pub fn last_slope(self) -> u16 {
        match self {
            Method::Dopri5 => STAGES as u16 - 1,
            Method::Rosenbrock => 4,
        }
    }
}

/// Which errors of a step are small enough: atol + rtol |x| for each state.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tolerance {
    /// Of the value.
    pub relative: f64,
    /// In units of the state (mV, ms, ...).
    pub absolute: f64,
    /// No step is longer (ms).
    pub longest: f64,
    /// Whose.
    pub method: Method,
}

/// A row that the method keeps beside the states.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Keep {
    /// When slopes are looked at (ms).
    Time,
    /// Where the step begins (ms).
    Begin,
    /// Length of the step that is tried (ms).
    Step,
    /// Length of the one that comes next (ms); 0 before the first.
    Next,
    /// Mask: the step that was tried is made.
    Made,
    /// Sum over the states of the instance of squares of what is measured, in units of their tolerance.
    Sum,
    /// A second one.
    Other,
    /// Where the step made last began (ms).
    LastBegin,
    /// Its length (ms).
    LastStep,
    /// A state where the step begins.
    Old(VarId),
    /// Its slope at a stage.
    Slope(VarId, u8),
    /// A state where the step made last began.
    Last(VarId),
    /// An entry of the matrix of an implicit method, eliminated: its row and column.
    Factor(u16, u16),
    /// Coefficient of a power of the part of that step that has passed, from the first on; times its length.
    Bend(VarId, u8),
}

/// A program of the method.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// At the start: slopes, and in `Sum` and `Other` the sizes of states and slopes.
    First,
    /// The states after a step along the first slopes.
    Lean,
    /// The size of the change of slopes on it.
    Compare,
    /// The argument of the first stage whose slopes are not known.
    Begin,
    /// The slopes of a stage and the argument of the next; the last gives the size of the error.
    Stage(u8),
    /// Where the step is made the next one begins at its end.
    Settle,
}

/// Programs and rows of a mechanism that is stepped so.
#[derive(Clone, Debug, PartialEq)]
pub struct Adaptive {
    /// Whose programs.
    pub method: Method,
    /// In the order of [`Method::parts`].
    pub programs: Vec<Program>,
    /// Rows that are the same for all states.
    pub rows: Steps,
    /// Rows of each state.
    pub states: Vec<StateRows>,
    /// No step is longer (ms).
    pub longest: f64,
}

/// Rows of an instance: see [`Keep`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Steps {
    /// [`Keep::Time`]
    pub time: u16,
    /// [`Keep::Begin`]
    pub begin: u16,
    /// [`Keep::Step`]
    pub step: u16,
    /// [`Keep::Next`]
    pub next: u16,
    /// [`Keep::Made`]
    pub made: u16,
    /// [`Keep::Sum`]
    pub sum: u16,
    /// [`Keep::Other`]
    pub other: u16,
    /// [`Keep::LastBegin`]
    pub last_begin: u16,
    /// [`Keep::LastStep`]
    pub last_step: u16,
}

/// Rows of a state: see [`Keep`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StateRows {
    /// The state itself.
    pub state: u16,
    /// [`Keep::Old`]
    pub old: u16,
    /// The first [`Keep::Slope`].
    pub slope: u16,
    /// [`Keep::Last`]
    pub last: u16,
    /// [`Keep::Bend`]
    pub bends: [u16; BENDS],
}

/// Powers of the interpolation within a step.
pub const BENDS: usize = 4;

/// Stages of a step; the last is the first of the next one.
pub const STAGES: usize = 7;

/// Where in the step each stage is.
const PLACES: [f64; STAGES] = [0.0, 1.0 / 5.0, 3.0 / 10.0, 4.0 / 5.0, 8.0 / 9.0, 1.0, 1.0];

/// Weights of the slopes before it in the argument of each stage; those of the last are the result.
const WEIGHTS: [&[f64]; STAGES] = [
    &[],
    &[1.0 / 5.0],
    &[3.0 / 40.0, 9.0 / 40.0],
    &[44.0 / 45.0, -56.0 / 15.0, 32.0 / 9.0],
    &[19372.0 / 6561.0, -25360.0 / 2187.0, 64448.0 / 6561.0, -212.0 / 729.0],
    &[9017.0 / 3168.0, -355.0 / 33.0, 46732.0 / 5247.0, 49.0 / 176.0, -5103.0 / 18656.0],
    &[35.0 / 384.0, 0.0, 500.0 / 1113.0, 125.0 / 192.0, -2187.0 / 6784.0, 11.0 / 84.0],
];

/// What the methods of order 4 and 5 differ by.
const ERROR: [f64; STAGES] =
    [-71.0 / 57600.0, 0.0, 71.0 / 16695.0, -71.0 / 1920.0, 17253.0 / 339_200.0, -22.0 / 525.0, 1.0 / 40.0];

/// Interpolation of order 4 within a step (Shampine 1986, the one with the least error): of each slope the coefficients of the powers.
const INTERPOLATION: [[f64; BENDS]; STAGES] = [
    [1.0, -8_048_581_381.0 / 2_820_520_608.0, 8_663_915_743.0 / 2_820_520_608.0, -12_715_105_075.0 / 11_282_082_432.0],
    [0.0; BENDS],
    [0.0, 131_558_114_200.0 / 32_700_410_799.0, -68_118_460_800.0 / 10_900_136_933.0, 87_487_479_700.0 / 32_700_410_799.0],
    [0.0, -1_754_552_775.0 / 470_086_768.0, 14_199_869_525.0 / 1_410_260_304.0, -10_690_763_975.0 / 1_880_347_072.0],
    [0.0, 127_303_824_393.0 / 49_829_197_408.0, -318_862_633_887.0 / 49_829_197_408.0, 701_980_252_875.0 / 199_316_789_632.0],
    [0.0, -282_668_133.0 / 205_662_961.0, 2_019_193_451.0 / 616_988_883.0, -1_453_857_185.0 / 822_651_844.0],
    [0.0, 40_617_522.0 / 29_380_423.0, -110_615_467.0 / 29_380_423.0, 69_997_945.0 / 29_380_423.0],
];

/// Where a state is within the step made last: after the part `passed` of a step of length `step`, from `last` on.
#[must_use]
pub fn within(last: f64, bends: [f64; BENDS], step: f64, passed: f64) -> f64 {
    Within { last, bends, step }.of(passed)
}

/// The same for many parts of one step.
#[derive(Clone, Copy, Debug)]
pub struct Within {
    /// The state where the step began.
    pub last: f64,
    /// See [`Keep::Bend`].
    pub bends: [f64; BENDS],
    /// Its length (ms).
    pub step: f64,
}

impl Function for Within {
    #[inline(always)]
    fn of<R: Real>(&self, passed: R) -> R {
        let [a, b, c, d] = self.bends.map(R::splat);
        let bent = passed.mul(a.add(passed.mul(b.add(passed.mul(c.add(passed.mul(d)))))));
        R::splat(self.last).add(R::splat(self.step).mul(bent))
    }
}

/// What a program computes.
///
/// # Errors
/// Something that no kernel can compute.
pub fn part(
    l: &mut Lowering,
    equations: &[Equation],
    tolerance: Tolerance,
    part: Part,
) -> Result<Vec<(Goal, NodeId)>, KernelError> {
    let mut w = Writer { l, equations, tolerance };
    match part {
        Part::Begin | Part::Stage(_) | Part::Settle if tolerance.method == Method::Rosenbrock => w.rosenbrock(part),
        Part::First => w.first(),
        Part::Lean => Ok(w.argument(&[1.0], 1.0)),
        Part::Compare => w.compare(),
        Part::Begin => Ok(w.argument(WEIGHTS[1], PLACES[1])),
        Part::Stage(number) => w.stage(usize::from(number)),
        Part::Settle => Ok(w.settle()),
    }
}

pub(super) struct Writer<'a, 'b> {
    pub(super) l: &'a mut Lowering<'b>,
    pub(super) equations: &'a [Equation],
    tolerance: Tolerance,
}

impl Writer<'_, '_> {
    pub(super) fn kept(&mut self, keep: Keep) -> NodeId {
        self.l.graph.leaf(Leaf::Kept(keep))
    }

    pub(super) fn add(&mut self, a: NodeId, b: NodeId) -> NodeId {
        self.l.graph.binary(Op::Add, a, b)
    }

    pub(super) fn times(&mut self, a: NodeId, b: NodeId) -> NodeId {
        self.l.graph.binary(Op::Mul, a, b)
    }

    pub(super) fn slopes(&mut self) -> Result<Vec<NodeId>, KernelError> {
        self.equations.iter().map(|e| self.l.expr_at(&e.rate, e.span)).collect()
    }

    pub(super) fn states(&self) -> Vec<VarId> {
        self.equations.iter().map(|e| e.state).collect()
    }

    /// The sum of weight times value, without what has no weight.
    pub(super) fn weighted(&mut self, terms: impl Iterator<Item = (f64, NodeId)>) -> NodeId {
        let mut sum: Option<NodeId> = None;
        for (weight, value) in terms.filter(|(weight, _)| *weight != 0.0) {
            let weight = self.l.graph.constant(weight);
            let term = self.times(weight, value);
            sum = Some(sum.map_or(term, |sum| self.add(sum, term)));
        }
        sum.unwrap_or_else(|| self.l.graph.constant(0.0))
    }

    /// States and time after a step along slopes.
    fn argument(&mut self, weights: &[f64], place: f64) -> Vec<(Goal, NodeId)> {
        let last = self.states().into_iter().map(|state| (state, None)).collect::<Vec<_>>();
        self.along(&last, weights, place)
    }

    /// The same, where the last of the slopes may be one that has just been computed.
    fn along(&mut self, states: &[(VarId, Option<NodeId>)], weights: &[f64], place: f64) -> Vec<(Goal, NodeId)> {
        let (begin, step) = (self.kept(Keep::Begin), self.kept(Keep::Step));
        let part = self.l.graph.constant(place);
        let passed = if place == 1.0 { step } else { self.times(part, step) };
        let mut goals = vec![(Goal::Kept(Keep::Time), self.add(begin, passed))];
        for (state, new) in states {
            let slopes = self.all_slopes(*state, *new, weights.len());
            let sum = self.weighted(weights.iter().copied().zip(slopes));
            let change = self.times(step, sum);
            let old = self.kept(Keep::Old(*state));
            goals.push((Goal::State(*state), self.add(old, change)));
        }
        goals
    }

    /// So many slopes of a state, of which the last may be new.
    fn all_slopes(&mut self, state: VarId, new: Option<NodeId>, count: usize) -> Vec<NodeId> {
        let mut slopes: Vec<NodeId> = (0..count as u8).map(|k| self.kept(Keep::Slope(state, k))).collect();
        if let (Some(last), Some(new)) = (slopes.last_mut(), new) {
            *last = new;
        }
        slopes
    }

    /// Sum of squares of values over their tolerance, which is that of the larger of two states.
    pub(super) fn size(&mut self, values: &[(NodeId, NodeId, NodeId)]) -> NodeId {
        let (relative, absolute) =
            (self.l.graph.constant(self.tolerance.relative), self.l.graph.constant(self.tolerance.absolute));
        let mut sum: Option<NodeId> = None;
        for (value, a, b) in values {
            let (a, b) = (self.l.graph.unary(Op::Abs, *a), self.l.graph.unary(Op::Abs, *b));
            let large = if a == b { a } else { self.l.graph.binary(Op::Max, a, b) };
            let allowed = self.times(large, relative);
            let allowed = self.add(absolute, allowed);
            let ratio = self.l.graph.binary(Op::Div, *value, allowed);
            let square = self.times(ratio, ratio);
            sum = Some(sum.map_or(square, |sum| self.add(sum, square)));
        }
        sum.unwrap_or_else(|| self.l.graph.constant(0.0))
    }

    fn first(&mut self) -> Result<Vec<(Goal, NodeId)>, KernelError> {
        let slopes = self.slopes()?;
        let mut goals = Vec::new();
        let (mut values, mut changes) = (Vec::new(), Vec::new());
        for (state, slope) in self.states().into_iter().zip(slopes) {
            let x = self.l.state(state);
            goals.push((Goal::Kept(Keep::Old(state)), x));
            goals.push((Goal::Kept(Keep::Last(state)), x));
            goals.push((Goal::Kept(Keep::Slope(state, 0)), slope));
            values.push((x, x, x));
            changes.push((slope, x, x));
        }
        goals.push((Goal::Kept(Keep::Sum), self.size(&values)));
        goals.push((Goal::Kept(Keep::Other), self.size(&changes)));
        let zero = self.l.graph.constant(0.0);
        goals.extend([Keep::LastBegin, Keep::LastStep].map(|keep| (Goal::Kept(keep), zero)));
        Ok(goals)
    }

    fn compare(&mut self) -> Result<Vec<(Goal, NodeId)>, KernelError> {
        let slopes = self.slopes()?;
        let mut changes = Vec::new();
        for (state, slope) in self.states().into_iter().zip(slopes) {
            let (old, first) = (self.kept(Keep::Old(state)), self.kept(Keep::Slope(state, 0)));
            changes.push((self.l.graph.binary(Op::Sub, slope, first), old, old));
        }
        Ok(vec![(Goal::Kept(Keep::Sum), self.size(&changes))])
    }

    fn stage(&mut self, number: usize) -> Result<Vec<(Goal, NodeId)>, KernelError> {
        let slopes = self.slopes()?;
        let states = self.states();
        let mut goals: Vec<(Goal, NodeId)> =
            states.iter().zip(&slopes).map(|(state, slope)| (Goal::Kept(Keep::Slope(*state, number as u8)), *slope)).collect();
        if let (Some(weights), Some(place)) = (WEIGHTS.get(number + 1), PLACES.get(number + 1)) {
            let new: Vec<(VarId, Option<NodeId>)> = states.iter().copied().zip(slopes.iter().copied().map(Some)).collect();
            goals.extend(self.along(&new, weights, *place));
            return Ok(goals);
        }
        let step = self.kept(Keep::Step);
        let mut errors = Vec::new();
        for (state, slope) in states.into_iter().zip(slopes) {
            let all = self.all_slopes(state, Some(slope), STAGES);
            let sum = self.weighted(ERROR.iter().copied().zip(all));
            let (old, new) = (self.kept(Keep::Old(state)), self.l.state(state));
            errors.push((self.times(step, sum), old, new));
        }
        goals.push((Goal::Kept(Keep::Sum), self.size(&errors)));
        Ok(goals)
    }

    fn settle(&mut self) -> Vec<(Goal, NodeId)> {
        let (begin, step) = (self.kept(Keep::Begin), self.kept(Keep::Step));
        let end = self.add(begin, step);
        let mut moves = vec![(Keep::Begin, end), (Keep::LastBegin, begin), (Keep::LastStep, step)];
        for state in self.states() {
            let all = self.all_slopes(state, None, STAGES);
            let old = self.kept(Keep::Old(state));
            let new = self.l.state(state);
            moves.extend([(Keep::Old(state), new), (Keep::Last(state), old), (Keep::Slope(state, 0), all[STAGES - 1])]);
            for power in 0..BENDS {
                let column = INTERPOLATION.iter().map(|row| row[power]);
                let bend = self.weighted(column.zip(all.iter().copied()));
                moves.push((Keep::Bend(state, power as u8), bend));
            }
        }
        self.settled(moves)
    }

    /// Values that are kept where the step is made.
    pub(super) fn settled(&mut self, moves: Vec<(Keep, NodeId)>) -> Vec<(Goal, NodeId)> {
        let made = self.kept(Keep::Made);
        let settled = |(keep, value): (Keep, NodeId)| {
            let before = self.kept(keep);
            (Goal::Kept(keep), self.l.graph.select(made, value, before))
        };
        moves.into_iter().map(settled).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::{ERROR, INTERPOLATION, PLACES, STAGES, WEIGHTS};

    /// Weights of a stage sum to its place, those of the error to 0, those of the interpolation at the end to the result's.
    #[test]
    fn coefficients_fit_together() {
        for (weights, place) in WEIGHTS.iter().zip(PLACES) {
            assert!((weights.iter().sum::<f64>() - place).abs() < 1e-14);
        }
        assert!(ERROR.iter().sum::<f64>().abs() < 1e-16);
        for (stage, powers) in INTERPOLATION.iter().enumerate() {
            let end: f64 = powers.iter().sum();
            let weight = WEIGHTS[STAGES - 1].get(stage).copied().unwrap_or(0.0);
            assert!((end - weight).abs() < 1e-12, "stage {stage}: {end} and {weight}");
        }
    }
}
