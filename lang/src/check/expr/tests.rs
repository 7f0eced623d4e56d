//! The rules of expressions, a valid and an invalid example for each.

use crate::check::testing::{assert_codes, outcome};
use bouton_model::ir::Expr;
use bouton_model::unit::Dimension;

/// The value and dimension of an expression.
#[track_caller]
fn value(text: &str) -> (f64, Dimension) {
    let outcome = outcome(&format!("param x = {text}"));
    assert!(outcome.found.is_empty(), "{text}\n{}", outcome.messages());
    match outcome.params.as_slice() {
        [param] => match param.value {
            Expr::Number(value) => (value, param.dimension),
            _ => panic!("{text} is not constant: {:?}", param.value),
        },
        _ => panic!("{text}"),
    }
}

#[track_caller]
fn plain(text: &str) -> f64 {
    let (value, dimension) = value(text);
    assert_eq!(dimension, Dimension::NONE, "{text}");
    value
}

#[track_caller]
fn codes(text: &str, codes: &[&str]) {
    assert_codes(&format!("param x = {text}"), codes);
}

#[test]
fn units_are_values() {
    assert_eq!(value("0.12 S/cm2"), (0.12, Dimension::CONDUCTANCE_DENSITY));
    assert_eq!(value("5 pS/um2"), (0.0005, Dimension::CONDUCTANCE_DENSITY));
    assert_eq!(value("18.8 um"), (18.8 / 1e4, Dimension::LENGTH));
    assert_eq!(value("123 ohm*cm"), (123.0, Dimension::RESISTIVITY));
    assert_eq!(value("1 uF/cm2"), (0.001, Dimension::CAPACITANCE_DENSITY));
    assert_eq!(value("0.1/ms/mV"), (0.1, Dimension::of([-1, -1, 0, 0, 0, 0])));
    assert_eq!(value("10 mV^2"), (10.0, Dimension::of([0, 2, 0, 0, 0, 0])));
    assert_eq!(value("10 Hz"), (0.01, Dimension::FREQUENCY));
    assert_eq!(value("2 * pi * 10 Hz").1, Dimension::FREQUENCY);
    assert_eq!(value("-18.8 um").0, -18.8 / 1e4);
    assert_eq!(value("mV"), (1.0, Dimension::VOLTAGE));
    assert_eq!(plain("5 percent"), 0.05);
    assert_eq!(plain("2 rad"), 2.0);
    assert_eq!(plain("18.8 um / 1 um"), 18.8);
    codes("3 mVV", &["E0302"]);
    codes("3 mV/msec", &["E0201"]);
}

#[test]
fn sums_need_one_dimension() {
    assert_eq!(value("1 mV + 1 V"), (1001.0, Dimension::VOLTAGE));
    codes("1 mV + 1 ms", &["E0301"]);
    codes("1 mV + 1", &["E0301"]);
    codes("1 mV < 1 ms", &["E0301"]);
    codes("1 mV < 1 V", &["E0305"]);
    codes("1 + true", &["E0305"]);
    codes("min(1 mV, 2 ms)", &["E0301"]);
    codes("if 1 > 0 { 1 mV } else { 2 }", &["E0301"]);
    codes("if 1 { 2 } else { 3 }", &["E0305"]);
    codes("1 mV + 1 ms + 1 nA", &["E0301"]);
}

#[test]
fn the_literal_zero_fits_any_dimension() {
    assert_eq!(value("1 mV + 0"), (1.0, Dimension::VOLTAGE));
    assert_eq!(value("max(0, -1 mV)"), (0.0, Dimension::VOLTAGE));
    assert_eq!(value("if 1 mV > 0 { 0 } else { 2 ms }"), (0.0, Dimension::TIME));
    assert_eq!(value("0"), (0.0, Dimension::NONE));
    assert_eq!(value("0/ms"), (0.0, Dimension::FREQUENCY));
    codes("1 mV + (1 - 1)", &["E0301"]);
}

#[test]
fn temperatures_are_compared_and_subtracted() {
    assert_eq!(value("36 degC"), (36.0 + 273.15, Dimension::TEMPERATURE));
    assert_eq!(value("-5 degC"), (-5.0 + 273.15, Dimension::TEMPERATURE));
    assert!((plain("(36 degC - 26 degC) / 10 K") - 1.0).abs() < 1e-12);
    assert_eq!(plain("36 degC in degC").round(), 36.0);
    assert_eq!(value("36 degC + 10 K").1, Dimension::TEMPERATURE);
    codes("36 degC * 2", &["E0303"]);
    codes("36 degC / 10 degC", &["E0303", "E0303"]);
    codes("36 degC + 10 degC", &["E0303"]);
    codes("10 K in degC", &["E0303"]);
    codes("10/degC", &["E0303"]);
    assert_codes("mechanism m { let a = gas_constant * celsius / faraday + v }", &[]);
    assert_codes("mechanism m { let q = 3 ^ ((celsius - 6.3 degC) / 10 K) }", &[]);
    assert_codes("mechanism m { let q = 3 ^ ((celsius - 6.3) / 10) }", &["E0301"]);
}

#[test]
fn powers_have_constant_exponents_or_plain_bases() {
    assert_eq!(value("(2 mV)^2"), (4.0, Dimension::of([0, 2, 0, 0, 0, 0])));
    assert_eq!(value("(4 mV2)^(1/2)"), (2.0, Dimension::VOLTAGE));
    assert_eq!(value("(4 mV2)^0.5").1, Dimension::VOLTAGE);
    assert_eq!(value("sqrt(4 mV2)"), (2.0, Dimension::VOLTAGE));
    assert_eq!(plain("2 ^ 3 ^ 2"), 512.0);
    assert_eq!(plain("2.3 ^ 1.7").to_bits(), bouton_model::math::pow(2.3, 1.7).to_bits());
    codes("2 ^ (1 mV)", &["E0304"]);
    codes("(2 mV) ^ pi", &["E0304"]);
    assert_codes("param n = 2, c = 1 mM, k = 2 mM\nlet h = c^n / (c^n + k^n)", &["E0304", "E0304", "E0304"]);
    assert_codes("param n = 2, c = 1 mM, k = 2 mM\nlet h = 1 / (1 + (k / c)^n)", &[]);
    codes("(1 mV ^ 300) ^ 300", &["E0306"]);
}

#[test]
fn a_value_in_a_unit_is_a_plain_number() {
    assert_eq!(plain("1 V in mV"), 1000.0);
    assert_eq!(plain("3 nA in nA"), 3.0);
    assert_eq!(plain("10 Hz in Hz"), 10.0);
    assert_eq!(plain("0.25 m/s in um/ms"), 250.0);
    codes("3 mV in ms", &["E0301"]);
    codes("3 mV in mVs", &["E0302"]);
}

#[test]
fn names_come_before_units() {
    assert_codes("param s = 2\nparam r = 1 / s + 3", &[]);
    assert_codes("param s = 2\nparam r = 1/s + 3", &["W0301"]);
    assert_codes("param s = 2\nparam r = 5 s + 3 ms", &[]);
    let outcome = outcome("param s = 2\nparam r = 1/s + 3 Hz");
    assert!(outcome.codes().contains(&"E0301"));
    assert!(outcome.messages().contains("write `1 Hz`"), "{}", outcome.messages());
    codes("probabilty", &["E0201"]);
    codes("exp", &["E0201"]);
    assert_codes("mechanism m { }\nparam x = 2 * m", &["E0211"]);
}

#[test]
fn functions_of_the_language_know_their_arguments() {
    assert_eq!(plain("exp(0)"), 1.0);
    assert_eq!(value("abs(-2 mV)"), (2.0, Dimension::VOLTAGE));
    assert_eq!(value("max(1 mV, 3 mV, 2 mV)"), (3.0, Dimension::VOLTAGE));
    codes("exp(1 mV)", &["E0301"]);
    codes("exp(1, 2)", &["E0440"]);
    codes("max(1)", &["E0440"]);
    codes("exq(1)", &["E0221"]);
    codes("exp(x = 1)", &["E0440"]);
    assert_codes("mechanism m { let e = nernst(1 mM, 2 mM, 2) + v }", &[]);
    assert_codes("mechanism m { param p = 1 cm/s\n current i = p * ghk(v, 1 mM, 2 mM, 2) }", &[]);
    assert_codes("mechanism m { let e = nernst(1, 2, 2) }", &["E0301", "E0301"]);
}

#[test]
fn draws_stand_where_something_is_drawn() {
    codes("uniform(0, 1)", &["E0442"]);
    assert_codes("cell c { state x = 0\n on start { x = uniform(0, 1) + normal(mean = 0, sd = 1) + poisson(3) } }", &[]);
    assert_codes("cell c { state x = 0 mV\n on start { x = uniform(0, 1 mV) } }", &[]);
    assert_codes("cell c { state x = 0\n on start { x = uniform(1) } }", &["E0440"]);
    assert_codes("cell c { state x = 0\n on start { x = normal(0, 1 mV) } }", &["E0301"]);
    assert_codes("cell c { state x = uniform(0, 1) }", &["E0442"]);
}

#[test]
fn functions_are_checked_at_each_call() {
    assert_eq!(value("linoid(2 mV, 5 mV)").1, Dimension::VOLTAGE);
    assert_eq!(value("linoid(2, 5)").1, Dimension::NONE);
    codes("linoid(2 mV, 5 ms)", &["E0301"]);
    codes("linoid(2)", &["E0440"]);
    codes("linoid(k = 2 mV, x = 3 mV)", &[]);
    codes("linoid(k = 2 mV, y = 3 mV)", &["E0440"]);
    assert_codes("fn f(x) = x + y", &["E0201"]);
    assert_codes("fn f(x) = x + y\nparam a = f(1), b = f(2)", &["E0201"]);
    assert_codes("fn f(x) = f(x - 1)\nparam a = f(1)", &["E0441"]);
    assert_codes("fn f(x) = g(x)\nfn g(x) = f(x)", &["E0441", "E0441"]);
    assert_codes("fn f(x: mV, k = 2) = x * k\nparam a = f(1 mV) + f(2 mV, 3)", &[]);
    assert_codes("fn f(x: mV) = x\nparam a = f(1)", &["E0301"]);
    assert_codes("fn f(x) { let y = x^2; return y + 1 }\nparam a = f(2)", &[]);
    assert_codes("fn f(x) { if x > 0 { return 1 }\n return 2 }\nparam a = f(2)", &[]);
    assert_codes("fn f(x) { let y = x }", &["E0445"]);
    assert_codes("fn f(x) { spike\n return x }", &["E0455"]);
    assert_codes("fn f(x) { return x\n return 2 * x }", &["E0455"]);
}

#[test]
fn a_library_function_does_not_hear_of_the_names_of_a_script() {
    // `exp` of the script is not what `linoid` of the library calls.
    assert_codes("fn exp(x) = 3 mV * x\nparam a = linoid(2 mV, 5 mV)", &[]);
    assert_codes("fn linoid(x, k) = x + 1\nmechanism m { let a = linoid(1, 1) }", &[]);
}

#[test]
fn parameters_and_definitions_come_in_any_order() {
    assert_codes("let a = b / 2\nparam b = 3 mV\nparam c = a + 1 mV", &[]);
    assert_codes("let a = b\nlet b = a", &["E0220"]);
    assert_codes("param a = nonsense\nparam b = a + 1 mV\nlet c = b + 1 ms", &["E0201"]);
    assert_codes("param a = true", &["E0305"]);
    assert_codes("param x: mV = 3 ms", &["E0301"]);
    assert_codes("param x: ms", &["E0454"]);
    assert_codes("param x = 3 i", &["E0901"]);
    assert_codes("param x = \"text\"", &["E0305"]);
}
