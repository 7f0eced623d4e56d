//! Accuracy of the arithmetic against reference values made by `math/reference.py`, and the cases IEEE 754 prescribes.

use bouton_model::math;
use std::f64::consts::{FRAC_PI_2, FRAC_PI_4, PI};

const REFERENCE: &str = include_str!("math/reference.txt");

/// Largest error allowed, in units of the last place.
const LIMITS: [(&str, f64); 14] = [
    ("exp", 1.0),
    ("expm1", 2.0),
    ("log", 1.0),
    ("log10", 2.0),
    ("sin", 1.0),
    ("cos", 1.0),
    ("tan", 2.5),
    ("asin", 3.0),
    ("acos", 3.0),
    ("atan", 2.0),
    ("tanh", 2.0),
    ("sinh", 2.0),
    ("cosh", 2.0),
    ("pow", 1.0),
];

#[test]
fn errors_stay_below_their_limits() {
    // Another file of the same form can be measured by hand.
    let other = std::env::var("BOUTON_MATH_REFERENCE").ok().map(|path| std::fs::read_to_string(path).expect("readable"));
    let text = other.as_deref().unwrap_or(REFERENCE);
    for (name, limit) in LIMITS {
        let (worst, line, count) = worst(text, name);
        println!("{name:6} {worst:.3} ulp of {count} at {line}");
        assert!(count > 100, "{name}: only {count} reference values");
        assert!(worst <= limit, "{name}: {worst} ulp at {line}");
    }
}

fn worst<'a>(text: &'a str, name: &str) -> (f64, &'a str, usize) {
    let lines = text.lines().filter(|line| line.split(' ').next() == Some(name));
    lines.fold((0.0, "", 0), |(worst, at, count), line| {
        let e = error(line);
        if e <= worst { (worst, at, count + 1) } else { (e, line, count + 1) }
    })
}

/// The distance of our value from the true one in units of the latter's last place.
fn error(line: &str) -> f64 {
    let fields: Vec<&str> = line.split(' ').collect();
    let bits = |k: usize| f64::from_bits(u64::from_str_radix(fields[k], 16).expect("hexadecimal"));
    let last = fields.len() - 1;
    let value = if last == 4 { math::pow(bits(1), bits(2)) } else { unary(fields[0])(bits(1)) };
    let (reference, rest): (f64, f64) = (bits(last - 1), fields[last].parse().expect("number"));
    if value == reference {
        return rest.abs();
    }
    let error = ((value - reference) / unit(reference) - rest).abs();
    if error.is_nan() { f64::INFINITY } else { error }
}

/// The value of a double's last place.
fn unit(x: f64) -> f64 {
    let exponent = ((x.to_bits() >> 52) & 0x7ff) as i32;
    f64::powi(2.0, (exponent.max(1) - 1075).max(-1022)) * f64::powi(2.0, (exponent.max(1) - 1075).min(-1022) + 1022)
}

fn unary(name: &str) -> fn(f64) -> f64 {
    match name {
        "exp" => math::exp,
        "expm1" => math::expm1,
        "log" => math::log,
        "log10" => math::log10,
        "sin" => math::sin,
        "cos" => math::cos,
        "tan" => math::tan,
        "asin" => math::asin,
        "acos" => math::acos,
        "atan" => math::atan,
        "tanh" => math::tanh,
        "sinh" => math::sinh,
        "cosh" => math::cosh,
        other => panic!("no function {other}"),
    }
}

const INF: f64 = f64::INFINITY;
const NAN: f64 = f64::NAN;
const LEAST: f64 = 5e-324;

/// Equal with the sign of zero, or both not a number.
fn same(a: f64, b: f64) -> bool {
    a.to_bits() == b.to_bits() || a.is_nan() && b.is_nan()
}

#[test]
fn special_arguments_of_one_variable() {
    let rows: &[(&str, f64, f64)] = &[
        ("exp", 0.0, 1.0),
        ("exp", -0.0, 1.0),
        ("exp", INF, INF),
        ("exp", -INF, 0.0),
        ("exp", NAN, NAN),
        ("exp", 709.782712893384, 1.7976931348622732e308),
        ("exp", 709.782712893385, INF),
        ("exp", 1e300, INF),
        ("exp", -745.1332191019411, LEAST),
        ("exp", -745.1332191019412, 0.0),
        ("exp", -1e300, 0.0),
        ("exp", LEAST, 1.0),
        ("expm1", 0.0, 0.0),
        ("expm1", -0.0, -0.0),
        ("expm1", INF, INF),
        ("expm1", -INF, -1.0),
        ("expm1", NAN, NAN),
        ("expm1", LEAST, LEAST),
        ("log", 0.0, -INF),
        ("log", -0.0, -INF),
        ("log", 1.0, 0.0),
        ("log", -LEAST, NAN),
        ("log", -INF, NAN),
        ("log", INF, INF),
        ("log", NAN, NAN),
        ("log", LEAST, -744.4400719213812),
        ("log", f64::MAX, 709.782712893384),
        ("log10", 1000.0, 3.0),
        ("sin", 0.0, 0.0),
        ("sin", -0.0, -0.0),
        ("sin", INF, NAN),
        ("sin", -INF, NAN),
        ("sin", NAN, NAN),
        ("sin", LEAST, LEAST),
        ("sin", 1e22, -0.8522008497671888),
        ("cos", 1e22, 0.523214785395139),
        ("cos", -0.0, 1.0),
        ("cos", INF, NAN),
        ("tan", -0.0, -0.0),
        ("tan", INF, NAN),
        ("atan", 0.0, 0.0),
        ("atan", -0.0, -0.0),
        ("atan", INF, FRAC_PI_2),
        ("atan", -INF, -FRAC_PI_2),
        ("atan", NAN, NAN),
        ("atan", LEAST, LEAST),
        ("asin", -0.0, -0.0),
        ("asin", 1.0, FRAC_PI_2),
        ("asin", -1.0, -FRAC_PI_2),
        ("asin", 1.5, NAN),
        ("acos", 1.0, 0.0),
        ("acos", -1.0, PI),
        ("acos", 0.0, FRAC_PI_2),
        ("acos", -1.5, NAN),
        ("tanh", -0.0, -0.0),
        ("tanh", INF, 1.0),
        ("tanh", -INF, -1.0),
        ("tanh", NAN, NAN),
        ("tanh", LEAST, LEAST),
        ("sinh", -0.0, -0.0),
        ("sinh", -INF, -INF),
        ("sinh", 710.4, 1.6663642832806496e308),
        ("cosh", -INF, INF),
        ("cosh", 0.0, 1.0),
        ("cosh", NAN, NAN),
    ];
    for &(name, x, y) in rows {
        let got = unary(name)(x);
        assert!(same(got, y), "{name}({x:e}) = {got:e}, not {y:e}");
    }
}

#[test]
fn angles_of_points() {
    let rows = [
        (0.0, 0.0, 0.0),
        (0.0, 2.0, 0.0),
        (3.0, 3.0, FRAC_PI_4),
        (1e-200, 1e-200, FRAC_PI_4),
        (2.0, 0.0, FRAC_PI_2),
        (2.0, -2.0, 3.0 * FRAC_PI_4),
        (0.0, -1.0, PI),
        (-2.0, -2.0, -3.0 * FRAC_PI_4),
        (-1e300, 0.0, -FRAC_PI_2),
        (-3.0, 3.0, -FRAC_PI_4),
    ];
    for (y, x, angle) in rows {
        let got = math::atan2(y, x);
        assert!((got - angle).abs() < 1e-15, "atan2({y:e}, {x:e}) = {got}, not {angle}");
    }
    // The sine and the cosine of the angle are the point.
    for k in -31..=31 {
        let angle = f64::from(k) / 10.0;
        let got = math::atan2(math::sin(angle), math::cos(angle));
        assert!((got - angle).abs() < 2e-15, "{got}, not {angle}");
    }
    let signs: Vec<f64> = [-2.0, -0.0, 0.0, LEAST, NAN].into_iter().map(math::sign).collect();
    assert_eq!(signs, [-1.0, 0.0, 0.0, 1.0, 0.0]);
}

#[test]
fn special_arguments_of_pow() {
    let rows: &[(f64, f64, f64)] = &[
        (3.0, 2.0, 9.0),
        (2.0, -1074.0, LEAST),
        (10.0, 22.0, 1e22),
        (-2.0, 3.0, -8.0),
        (-2.0, 2.0, 4.0),
        (-2.0, 0.5, NAN),
        (-8.0, 1.0 / 3.0, NAN),
        (0.0, 0.0, 1.0),
        (NAN, 0.0, 1.0),
        (1.0, NAN, 1.0),
        (1.0, INF, 1.0),
        (-1.0, INF, 1.0),
        (-1.0, -INF, 1.0),
        (NAN, 1.0, NAN),
        (2.0, NAN, NAN),
        (0.0, 3.0, 0.0),
        (-0.0, 3.0, -0.0),
        (-0.0, 2.0, 0.0),
        (-0.0, 2.5, 0.0),
        (0.0, -3.0, INF),
        (-0.0, -3.0, -INF),
        (-0.0, -2.0, INF),
        (0.0, INF, 0.0),
        (0.0, -INF, INF),
        (INF, 0.5, INF),
        (INF, -0.5, 0.0),
        (-INF, 3.0, -INF),
        (-INF, 2.0, INF),
        (-INF, 0.5, INF),
        (-INF, -3.0, -0.0),
        (0.5, INF, 0.0),
        (0.5, -INF, INF),
        (-0.5, INF, 0.0),
        (2.0, INF, INF),
        (2.0, -INF, 0.0),
        (-2.0, INF, INF),
        (1e300, 1e300, INF),
        (1e300, -1e300, 0.0),
        (-1e300, 3.0, -INF),
        (1.0 + f64::EPSILON, 1e300, INF),
        (-1.0, 9007199254740993.0, 1.0),
        (-1.0, 9007199254740991.0, -1.0),
        (LEAST, 1.0, LEAST),
        (f64::MAX, 1.0, f64::MAX),
    ];
    for &(x, y, z) in rows {
        let got = math::pow(x, y);
        assert!(same(got, z), "pow({x:e}, {y:e}) = {got:e}, not {z:e}");
    }
}
