//! Branches of normal forms, whose points are known in closed form.

use super::branch::{Course, End, Kind, Point, branch};
use super::{Slopes, System, newton};
use std::convert::Infallible;

/// f and its derivatives as a function.
struct Written(fn(&[f64], f64) -> Found);

/// Slopes, and their derivatives row by row.
type Found = (Vec<f64>, Vec<f64>);

impl System for Written {
    type Error = Infallible;

    fn at(&mut self, states: &[f64], parameter: f64) -> Result<Slopes, Infallible> {
        let (slopes, jacobian) = (self.0)(states, parameter);
        Ok(Slopes { slopes, jacobian })
    }
}

fn followed(system: Written, states: &[f64], from: f64, to: f64) -> (Vec<Point>, End) {
    let mut system = system;
    let course = Course { from, to, longest: 0.05, points: 2000 };
    branch(&mut system, states, course).unwrap().expect("a branch")
}

fn special(points: &[Point]) -> Vec<(Kind, f64)> {
    points.iter().filter(|p| p.kind != Kind::Regular).map(|p| (p.kind, p.parameter)).collect()
}

/// p + x - x^3: two folds, between them the branch is not stable.
#[test]
fn folds() {
    let (points, end) =
        followed(Written(|x, p| (vec![p + x[0] - x[0].powi(3)], vec![1.0 - 3.0 * x[0] * x[0]])), &[-1.5], -1.0, 1.0);
    let fold = 2.0 / 27f64.sqrt();
    let found = special(&points);
    assert_eq!(found.iter().map(|f| f.0).collect::<Vec<_>>(), [Kind::Fold, Kind::Fold], "{found:?}");
    assert!((found[0].1 - fold).abs() < 1e-10 && (found[1].1 + fold).abs() < 1e-10, "{found:?}");
    assert_eq!(end, End::Range);
    assert!((points.last().unwrap().parameter - 1.0).abs() < 1e-9);
    for point in points.iter().filter(|p| p.kind == Kind::Regular) {
        let x = point.states[0];
        assert!((point.parameter + x - x.powi(3)).abs() < 1e-11);
        assert_eq!(point.unstable() == 1, x.abs() < 1.0 / 3f64.sqrt());
    }
}

/// x' = (p - 1/3) x - 2 y - x (x^2 + y^2), y' = 2 x + (p - 1/3) y - ...: a Hopf point at 1/3, of frequency 2.
#[test]
fn hopf() {
    let system = Written(|x, p| {
        let (a, b, mu) = (x[0], x[1], p - 1.0 / 3.0);
        let square = a * a + b * b;
        let slopes = vec![mu * a - 2.0 * b - a * square, 2.0 * a + mu * b - b * square];
        let cross = -2.0 * a * b;
        (slopes, vec![mu - square - 2.0 * a * a, -2.0 + cross, 2.0 + cross, mu - square - 2.0 * b * b])
    });
    let (points, end) = followed(system, &[0.0, 0.0], 0.0, 1.0);
    let found = special(&points);
    assert!(matches!(found[..], [(Kind::Hopf, p)] if (p - 1.0 / 3.0).abs() < 1e-9), "{found:?}");
    let hopf = points.iter().find(|p| p.kind == Kind::Hopf).unwrap();
    assert!((hopf.eigenvalues[0].im - 2.0).abs() < 1e-9);
    assert_eq!(end, End::Range);
}

/// (p - 0.3) x - x^2 along x = 0: another branch crosses at 0.3.
#[test]
fn crossing() {
    let (points, _) =
        followed(Written(|x, p| (vec![(p - 0.3) * x[0] - x[0] * x[0]], vec![p - 0.3 - 2.0 * x[0]])), &[0.0], 1.0, 0.0);
    let found = special(&points);
    assert!(matches!(found[..], [(Kind::Crossing, p)] if (p - 0.3).abs() < 1e-9), "{found:?}");
}

/// A circle x^2 + p^2 = 1/4 turns once and leaves the range where it began, on its other side.
#[test]
fn circle() {
    let (points, end) = followed(Written(|x, p| (vec![0.25 - x[0] * x[0] - p * p], vec![-2.0 * x[0]])), &[0.4], -0.3, 1.0);
    let found = special(&points);
    assert!(matches!(found[..], [(Kind::Fold, p)] if (p - 0.5).abs() < 1e-9), "{found:?}");
    let last = points.last().unwrap();
    assert!(end == End::Range && (last.parameter + 0.3).abs() < 1e-9 && (last.states[0] + 0.4).abs() < 1e-9, "{last:?}");
}

/// From far away the method of Newton alone goes astray: atan.
#[test]
fn from_far_away() {
    let mut system = Written(|x, p| (vec![p - x[0].atan()], vec![-1.0 / (1.0 + x[0] * x[0])]));
    let rest = newton::rest(&mut system, &[50.0], 0.5).unwrap().expect("a rest");
    assert!((rest.states[0] - 0.5f64.tan()).abs() < 1e-12);
    let mut none = Written(|x, p| (vec![p + x[0] * x[0]], vec![2.0 * x[0]]));
    assert_eq!(newton::rest(&mut none, &[0.3], 0.5).unwrap(), None);
}

/// A Brusselator whose only rest is unstable, from far away: the flow leads to its rhythm, and the curve to the rest (1, 3).
#[test]
fn amid_a_rhythm() {
    let f = |x: &[f64], b: f64| {
        let (x, y) = (x[0], x[1]);
        (vec![1.0 - (b + 1.0) * x + x * x * y, b * x - x * x * y], vec![2.0 * x * y - b - 1.0, x * x, b - 2.0 * x * y, -x * x])
    };
    for from in [[0.0, 0.0], [5.0, 0.1], [0.1, 8.0], [3.0, 3.0]] {
        let rest = newton::rest(&mut Written(f), &from, 3.0).unwrap().expect("a rest");
        assert!((rest.states[0] - 1.0).abs() < 1e-12 && (rest.states[1] - 3.0).abs() < 1e-12, "{from:?} {:?}", rest.states);
    }
}
