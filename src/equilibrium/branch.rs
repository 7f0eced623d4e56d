//! Continuation of steady states in one parameter: the curve is followed by its arc length (Keller 1977), so that it may turn back, and where it turns (folds)
//! or its stability changes in another way (Hopf and branch points) the point itself is sought.

use super::eigen::{Eigenvalue, eigenvalues};
use super::linear::Factors;
use super::newton::{self, settled};
use super::{Slopes, System};

/// What a point of a branch is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// One among others.
    Regular,
    /// The branch turns back.
    Fold,
    /// Two complex eigenvalues cross the imaginary axis.
    Hopf,
    /// A real eigenvalue changes its sign, and the branch goes on: another one crosses it.
    Crossing,
}

/// A point of a branch.
#[derive(Clone, Debug, PartialEq)]
pub struct Point {
    /// Value of the parameter.
    pub parameter: f64,
    /// Of all states.
    pub states: Vec<f64>,
    /// By falling real part.
    pub eigenvalues: Vec<Eigenvalue>,
    /// What it is.
    pub kind: Kind,
}

impl Point {
    /// How many eigenvalues have a positive real part.
    #[must_use]
    pub fn unstable(&self) -> usize {
        self.eigenvalues.iter().filter(|e| e.re > 0.0).count()
    }
}

/// How a branch is followed. Lengths are parts of the range of the parameter, or of the largest values of the states.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Course {
    /// From this value of the parameter.
    pub from: f64,
    /// In the direction of this one; the branch ends where it leaves the range.
    pub to: f64,
    /// Longest step.
    pub longest: f64,
    /// Most points.
    pub points: usize,
}

/// Why a branch came to an end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// It left the range.
    Range,
    /// There are enough points.
    Points,
    /// No step is short enough.
    Lost,
}

/// A step that is this much shorter than the range is none.
const SHORTEST: f64 = 1e-9;

/// Rounds of the corrector.
const ROUNDS: usize = 8;

/// Two tangents whose cosine is smaller belong to a step that is too long.
const STRAIGHT: f64 = 0.95;

/// Where a point that is sought is known by its length, as part of the range.
const PRECISE: f64 = 1e-11;

/// A point and where the branch goes from there.
#[derive(Clone)]
struct Place {
    /// States, then the parameter.
    at: Vec<f64>,
    /// Unit vector in scaled lengths.
    tangent: Vec<f64>,
    eigenvalues: Vec<Eigenvalue>,
}

impl Place {
    fn point(&self, kind: Kind) -> Point {
        let (parameter, states) = self.at.split_last().map_or((f64::NAN, Vec::new()), |(p, x)| (*p, x.to_vec()));
        Point { parameter, states, eigenvalues: self.eigenvalues.clone(), kind }
    }

    fn unstable(&self) -> usize {
        self.eigenvalues.iter().filter(|e| e.re > 0.0).count()
    }

    fn turn(&self) -> f64 {
        self.tangent.last().copied().unwrap_or(0.0)
    }

    /// Real part of the complex eigenvalue that is nearest to the axis.
    fn swing(&self) -> f64 {
        nearest(self.eigenvalues.iter().filter(|e| e.im > 0.0))
    }

    /// The real eigenvalue that is nearest to 0.
    fn drift(&self) -> f64 {
        nearest(self.eigenvalues.iter().filter(|e| e.im == 0.0))
    }
}

fn nearest<'e>(all: impl Iterator<Item = &'e Eigenvalue>) -> f64 {
    all.map(|e| e.re).min_by(|a, b| a.abs().total_cmp(&b.abs())).unwrap_or(f64::NAN)
}

/// Follows a branch from a steady state; nothing where there is none near these states.
///
/// # Errors
/// Of the system.
pub fn branch<S: System>(system: &mut S, states: &[f64], course: Course) -> Result<Option<(Vec<Point>, End)>, S::Error> {
    match newton::rest(system, states, course.from)? {
        Some(rest) => follow(system, rest.states, course),
        None => Ok(None),
    }
}

/// Follows a branch from states that are at rest; nothing where it cannot be told which way it goes.
///
/// # Errors
/// Of the system.
pub(super) fn follow<S: System>(system: &mut S, rest: Vec<f64>, course: Course) -> Result<Option<(Vec<Point>, End)>, S::Error> {
    let range = (course.to - course.from).abs();
    let scales = rest.iter().map(|x| if *x == 0.0 { 1.0 } else { x.abs() }).chain([range]).collect();
    let mut tracer = Tracer { system, scales, range };
    let mut at = rest;
    at.push(course.from);
    let forward: Vec<f64> =
        (0..at.len()).map(|k| if k + 1 == at.len() { (course.to - course.from).signum() } else { 0.0 }).collect();
    let Some(first) = tracer.place(at, &forward)? else { return Ok(None) };
    tracer.follow(first, course).map(Some)
}

struct Tracer<'s, S> {
    system: &'s mut S,
    /// What counts as one, of each state and of the parameter.
    scales: Vec<f64>,
    range: f64,
}

impl<S: System> Tracer<'_, S> {
    fn follow(&mut self, first: Place, course: Course) -> Result<(Vec<Point>, End), S::Error> {
        let (low, high) = (course.from.min(course.to), course.from.max(course.to));
        let mut points = vec![first.point(Kind::Regular)];
        let mut here = first;
        let mut step = course.longest / 4.0;
        loop {
            if points.len() >= course.points {
                return Ok((points, End::Points));
            }
            if step < SHORTEST {
                return Ok((points, End::Lost));
            }
            let Some((next, rounds)) = self.step(&here, step)? else {
                step /= 2.0;
                continue;
            };
            let found = changes(&here, &next);
            let several = found.len() > 1 || next.unstable().abs_diff(here.unstable()) > 2;
            if several && step > course.longest * 1e-4 {
                step /= 4.0;
                continue;
            }
            for kind in found {
                if let Some(place) = self.seek(&here, step, kind)?
                    && place.at.last().is_some_and(|p| (low..=high).contains(p))
                {
                    points.push(place.point(kind));
                }
            }
            let parameter = next.at.last().copied().unwrap_or(f64::NAN);
            if !(low..=high).contains(&parameter) {
                if let Some(place) = self.border(&here, step, if parameter < low { low } else { high })? {
                    points.push(place.point(Kind::Regular));
                }
                return Ok((points, End::Range));
            }
            points.push(next.point(Kind::Regular));
            for (scale, x) in self.scales.iter_mut().zip(&next.at).take(next.at.len() - 1) {
                *scale = scale.max(x.abs());
            }
            here = Place { tangent: self.unit(&next.tangent), ..next };
            if rounds <= 3 {
                step = (step * 1.5).min(course.longest);
            }
        }
    }

    /// A tangent in units that may have changed.
    fn unit(&self, tangent: &[f64]) -> Vec<f64> {
        let size = dot(tangent, tangent).sqrt();
        tangent.iter().map(|x| x / size).collect()
    }

    /// The next place, and in how many rounds it was found; nothing where the step is too long.
    fn step(&mut self, here: &Place, step: f64) -> Result<Option<(Place, usize)>, S::Error> {
        let Some((at, rounds)) = self.correct(here, step)? else { return Ok(None) };
        let Some(place) = self.place(at, &here.tangent)? else { return Ok(None) };
        Ok((dot(&place.tangent, &here.tangent) > STRAIGHT).then_some((place, rounds)))
    }

    /// The point of the branch whose projection on the tangent is so far from here.
    fn correct(&mut self, here: &Place, step: f64) -> Result<Option<(Vec<f64>, usize)>, S::Error> {
        let n = self.scales.len() - 1;
        let mut at: Vec<f64> =
            here.at.iter().zip(&here.tangent).zip(&self.scales).map(|((x, t), scale)| x + step * t * scale).collect();
        let by_parameter = self.by_parameter(&at)?;
        for round in 1..=ROUNDS {
            let Slopes { slopes, jacobian } = self.system.at(&at[..n], at[n])?;
            let mut rows = self.bordered(&jacobian, &by_parameter);
            rows.extend_from_slice(&here.tangent);
            let far: f64 = at
                .iter()
                .zip(&here.at)
                .zip(&self.scales)
                .zip(&here.tangent)
                .map(|(((x, from), scale), t)| (x - from) / scale * t)
                .sum();
            let right: Vec<f64> = slopes.iter().copied().chain([far - step]).collect();
            let Some(factors) = Factors::of(rows, n + 1) else { return Ok(None) };
            let change: Vec<f64> = factors.solve(&right).iter().zip(&self.scales).map(|(x, scale)| -x * scale).collect();
            if change.iter().any(|x| !x.is_finite()) {
                return Ok(None);
            }
            at.iter_mut().zip(&change).for_each(|(x, change)| *x += change);
            let size = change.iter().zip(&self.scales).map(|(x, scale)| (x / scale).powi(2)).sum::<f64>().sqrt();
            if size > step.abs().max(1e-3) && round > 1 {
                return Ok(None);
            }
            if settled(&change, &at) || size < 1e-13 {
                return Ok(Some((at, round)));
            }
        }
        Ok(None)
    }

    /// The rows of f, by scaled states and the scaled parameter.
    fn bordered(&self, jacobian: &[f64], by_parameter: &[f64]) -> Vec<f64> {
        let n = by_parameter.len();
        let mut rows = Vec::with_capacity((n + 1) * (n + 1));
        for (row, last) in jacobian.chunks_exact(n.max(1)).zip(by_parameter) {
            rows.extend(row.iter().chain([last]).zip(&self.scales).map(|(x, scale)| x * scale));
        }
        rows
    }

    /// The derivative of f by the parameter, from both sides.
    fn by_parameter(&mut self, at: &[f64]) -> Result<Vec<f64>, S::Error> {
        let n = at.len() - 1;
        let h = 1e-6 * self.range.max(1e-3 * at[n].abs());
        let above = self.system.slopes(&at[..n], at[n] + h)?;
        let below = self.system.slopes(&at[..n], at[n] - h)?;
        Ok(above.iter().zip(&below).map(|(a, b)| (a - b) / (2.0 * h)).collect())
    }

    /// Eigenvalues and tangent at a point; nothing where they cannot be told.
    fn place(&mut self, at: Vec<f64>, along: &[f64]) -> Result<Option<Place>, S::Error> {
        let n = at.len() - 1;
        let Slopes { jacobian, .. } = self.system.at(&at[..n], at[n])?;
        let by_parameter = self.by_parameter(&at)?;
        let mut rows = self.bordered(&jacobian, &by_parameter);
        rows.extend_from_slice(along);
        let mut right = vec![0.0; n];
        right.push(1.0);
        let Some(factors) = Factors::of(rows, n + 1) else { return Ok(None) };
        let tangent = self.unit(&factors.solve(&right));
        let Some(eigenvalues) = eigenvalues(jacobian, n) else { return Ok(None) };
        Ok(tangent.iter().all(|x| x.is_finite()).then_some(Place { at, tangent, eigenvalues }))
    }

    /// The point of a kind on a step.
    fn seek(&mut self, here: &Place, step: f64, kind: Kind) -> Result<Option<Place>, S::Error> {
        self.root(here, step, |place| match kind {
            Kind::Fold => place.turn(),
            Kind::Hopf => place.swing(),
            Kind::Crossing | Kind::Regular => place.drift(),
        })
    }

    /// Where the parameter has a value on a step.
    fn border(&mut self, here: &Place, step: f64, value: f64) -> Result<Option<Place>, S::Error> {
        let range = self.range;
        self.root(here, step, |place| (place.at.last().copied().unwrap_or(f64::NAN) - value) / range)
    }

    /// Where something changes its sign on a step: by secants, with both ends kept (Illinois).
    fn root(&mut self, here: &Place, step: f64, of: impl Fn(&Place) -> f64) -> Result<Option<Place>, S::Error> {
        let Some((end, _)) = self.step(here, step)? else { return Ok(None) };
        let (mut a, mut b) = ((0.0, of(here)), (step, of(&end)));
        let mut best = if a.1.abs() < b.1.abs() { here.clone() } else { end };
        for _ in 0..60 {
            if (b.0 - a.0).abs() < PRECISE || a.1 == b.1 || of(&best) == 0.0 {
                break;
            }
            let middle = b.0 - b.1 * (b.0 - a.0) / (b.1 - a.1);
            // Where branches cross, directions cannot be told: a little beside it they can.
            let found = match self.step(here, middle)? {
                None => self.step(here, middle + 1e-8 * (b.0 - a.0))?,
                found => found,
            };
            let Some((place, _)) = found else { return Ok(None) };
            let value = of(&place);
            if value.is_nan() {
                return Ok(None);
            }
            if value.signum() == b.1.signum() {
                a.1 /= 2.0;
            } else {
                a = b;
            }
            b = (middle, value);
            best = place;
        }
        Ok(Some(best))
    }
}

/// What happens between two places.
fn changes(here: &Place, next: &Place) -> Vec<Kind> {
    let turns = here.turn() * next.turn() < 0.0;
    let crosses = |a: f64, b: f64| a * b < 0.0;
    let change = next.unstable().abs_diff(here.unstable());
    let mut found = Vec::new();
    if turns {
        found.push(Kind::Fold);
    }
    if change >= 2 && crosses(here.swing(), next.swing()) {
        found.push(Kind::Hopf);
    }
    if change % 2 == 1 && !turns && crosses(here.drift(), next.drift()) {
        found.push(Kind::Crossing);
    }
    found
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}
