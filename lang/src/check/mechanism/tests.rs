//! The rules of mechanisms, a valid and an invalid example for each.

use crate::check::constant;
use crate::check::testing::{assert_codes, outcome};
use crate::library;
use bouton_model::algebra;
use bouton_model::ir::{Action, CurrentKind, Expr, HandlerKind, Known, Mechanism, MechanismKind, Method, Var, VariableKind};
use bouton_model::unit::Dimension;

/// A mechanism around its body.
fn density(body: &str) -> String {
    format!("mechanism m {{\n{body}\n}}\n")
}

fn point(body: &str) -> String {
    format!("point mechanism m {{\n{body}\n}}\n")
}

fn cell(body: &str) -> String {
    format!("cell c {{\n{body}\n}}\n")
}

#[test]
fn the_library_is_free_of_errors() {
    for (name, text) in library::FILES {
        // Functions of time are checked where they are called; by themselves they do not know `t`.
        let text = if name.ends_with("functions.net") { format!("let t = 1 ms\n{text}") } else { (*text).to_owned() };
        let outcome = outcome(&text);
        assert!(outcome.found.is_empty(), "{name}\n{}", outcome.messages());
    }
}

#[test]
fn a_density_mechanism_comes_out_whole() {
    let text = library::FILES.iter().find(|(name, _)| name.ends_with("channels.net")).map_or("", |(_, text)| text);
    let outcome = outcome(text);
    let hh = outcome.mechanisms.iter().find(|one| &*one.mechanism.name == "hh").map(|one| &one.mechanism);
    let Some(hh) = hh else { panic!("no hh") };
    assert_eq!((hh.kind, hh.method), (MechanismKind::Density, Some(Method::Cnexp)));
    let kinds: Vec<_> = hh.currents.iter().map(|current| current.kind.clone()).collect();
    assert_eq!(kinds, [CurrentKind::Ion("na".into()), CurrentKind::Ion("k".into()), CurrentKind::Nonspecific]);
    let order: Vec<_> = hh.equations.iter().filter_map(|one| hh.variables.get(one.state.index())).map(|one| &*one.name).collect();
    assert_eq!(order, ["m", "h", "n"]);
    assert_eq!(hh.table.map(|table| (table.lo, table.hi, table.intervals)), Some((-100.0, 100.0, 200)));
    let gl = hh.variables.iter().find(|one| &*one.name == "gl");
    assert!(matches!(gl.map(|gl| &gl.kind), Some(VariableKind::Param { default: Some(Expr::Number(0.0003)) })));
    assert_eq!(gl.map(|gl| gl.dimension), Some(Dimension::CONDUCTANCE_DENSITY));
}

#[test]
fn an_equation_has_the_dimension_of_its_state_per_time() {
    assert_codes(&density("state n = 0.1\nn' = -n / 5 ms"), &[]);
    assert_codes(&density("state n = 0.1\nn' = -n"), &["E0301"]);
    assert_codes(&density("n' = 1/ms"), &["E0446"]);
    assert_codes(&density("param n = 1\nn' = 1/ms"), &["E0446"]);
    assert_codes(&density("state n = 0\nn' = 1/ms\nn' = 2/ms"), &["E0447"]);
}

#[test]
fn currents_are_densities_or_absolute() {
    assert_codes(&density("param g = 1 S/cm2\ncurrent i = g * v"), &[]);
    assert_codes(&density("param g = 1 uS\ncurrent i = g * v"), &["E0301"]);
    assert_codes(&point("param g = 1 uS\ncurrent i = g * v"), &[]);
    assert_codes(&point("electrode current i = 1 nA"), &[]);
    assert_codes(&cell("current i = 1 nA"), &["E0450"]);
    assert_codes(&density("current i"), &["E0108"]);
}

#[test]
fn ions_have_the_names_of_the_field() {
    assert_codes(&density("ion k reads ek writes ik\nik = 1 mS/cm2 * (v - ek)"), &[]);
    assert_codes(&density("ion k writes ik"), &["E0449"]);
    assert_codes(&density("ion k reads ena"), &["E0457"]);
    assert_codes(&density("ik = 1 mA/cm2"), &["E0448"]);
    assert_codes(&density("ion k writes ik\nik = 1 mA/cm2\nik = 2 mA/cm2"), &["E0447"]);
    assert_codes(&density("ion ca reads cai writes ica\nica = 1 mA/cm2 * (cai / 1 mM)"), &[]);
    assert_codes(&density("ion ca reads ica writes cai\nstate cai = 50 nM\ncai' = -ica / (faraday * 1 um)"), &[]);
}

#[test]
fn names_are_found_in_their_order() {
    assert_codes(&density("param g = 1\nlet x = g * gg"), &["E0201"]);
    assert_codes(&format!("param p = 2 mV\n{}", density("let x = v / p")), &[]);
    assert_codes(&format!("param p = 2 mV\n{}", density("param p = 3\nlet x = 2 ^ p")), &[]);
    assert_codes(&density("param a = 1\nstate a = 2"), &["E0202"]);
    assert_codes(&density("fn f(x) = x\nparam f = 1"), &["E0202"]);
    assert_codes(&cell("state x = v"), &["E0450"]);
    assert_codes(&cell("state v = 1 mV\nv' = -v / 1 ms"), &[]);
}

#[test]
fn definitions_come_in_any_order_and_have_no_cycles() {
    assert_codes(&density("let a = b / 1 mV\nlet b = c + v\nparam c = 2 mV"), &[]);
    assert_codes(&density("let a = b\nlet b = a"), &["E0220"]);
    assert_codes(&density("let a: mV = b\nlet b: mV = a"), &["E0220"]);
    assert_codes(&density("param a = b, b = a"), &["E0220"]);
    assert_codes(&density("param interval = 1 / rate, rate = 10 Hz"), &[]);
}

#[test]
fn defaults_and_initial_values_are_known_in_time() {
    assert_codes(&density("param a = v"), &["E0456"]);
    assert_codes(&density("param a = celsius - 6 degC, b = dt"), &[]);
    assert_codes(&density("state a = 1\nstate b = a\na' = -a / 1 ms\nb' = -b / 1 ms"), &[]);
    assert_codes(&density("state b = a\nstate a = 1"), &["E0456"]);
    assert_codes(&density("state b: mV = c\nlet c = 2 * b"), &["E0456"]);
}

#[test]
fn handlers_set_states_and_send_events() {
    assert_codes(&point("state g: uS\non event(weight: uS) { g += weight }"), &[]);
    assert_codes(&point("state g: uS\non event(weight: nA) { g += weight }"), &["E0301"]);
    assert_codes(&point("state g: uS\non event(weight: uS) { g *= weight }"), &["E0301"]);
    assert_codes(&point("param g = 1 uS\non event(weight: uS) { g += weight }"), &["E0452"]);
    assert_codes(&cell("state r = 0\non start { after 2 ms send off }\non off { r = 1; spike }"), &[]);
    assert_codes(&cell("state r = 0\non start { after 2 send off }\non off { r = 1 }"), &["E0301"]);
    assert_codes(&cell("state r = 0\non start { after 2 ms send of }\non off { r = 1 }"), &["E0222"]);
    assert_codes(&cell("on start { after 2 ms send event }\non event(w) { }"), &["E0440"]);
    assert_codes(&density("on start { spike }"), &["E0455"]);
    assert_codes(&cell("on start { return 1 }"), &["E0455"]);
    assert_codes(&cell("state v = 0 mV\non v > 30 { v = 0 }"), &["E0301"]);
    assert_codes(&cell("state v = 0 mV\non v + 30 mV { v = 0 }"), &["E0305"]);
    assert_codes(&cell("on off { }\non off { }"), &["E0202"]);
    assert_codes(&cell("state x = 0\non start { let y = 2; if y > 1 { x = y } else { x = z } }"), &["E0201"]);
    assert_codes(&cell("state x = 0\non start { let y = 2; y = 3 }"), &["E0452"]);
}

#[test]
fn the_dimension_of_a_weight_follows_from_its_use() {
    let weight = |body: &str| {
        let outcome = outcome(&point(body));
        assert!(outcome.found.is_empty(), "{body}\n{}", outcome.messages());
        let handler = outcome.mechanisms.first().and_then(|one| one.mechanism.handlers.first());
        assert_eq!(handler.map(|one| one.kind), Some(HandlerKind::Event));
        handler.and_then(bouton_model::ir::Handler::weight)
    };
    assert_eq!(weight("state g: uS\non event(w) { g += w }"), Some(Dimension::CONDUCTANCE));
    assert_eq!(weight("state T: mM\nparam peak = 1 mM\non event(w) { T = w * peak }"), Some(Dimension::NONE));
    assert_eq!(weight("state x = 1, g: nA\nx' = -x / 1 ms\non event(w) { g += w }"), Some(Dimension::CURRENT));
    assert_eq!(weight("state x = 1\nx' = -x / 1 ms\non event(w) { }"), Some(Dimension::NONE));
    assert_codes(&point("state g: uS, x: mV\non event(w) { g += w; x += w }"), &["E0301", "E0301"]);
}

#[test]
fn a_method_must_fit_its_equations() {
    assert_codes(&density("state x = 1\nx' = -x / 1 ms\nmethod cnexp"), &[]);
    assert_codes(&density("state x = 1\nx' = -x^2 / 1 ms\nmethod cnexp"), &["E0451"]);
    assert_codes(&density("state x = 1\nx' = -x^2 / 1 ms\nmethod derivimplicit"), &[]);
    assert_codes(&density("state x = 1\nlet y = x * x\nx' = -y / 1 ms\nmethod cnexp"), &["E0451"]);
    assert_codes(&density("state x = 1\nx' = -x / 1 ms\nmethod cnexpp"), &["E0223"]);
    assert_codes(&density("state x = 1\nx' = -x / 1 ms\nmethod sparse"), &["E0451"]);
}

#[test]
fn a_table_has_a_constant_range_of_voltages() {
    assert_codes(&density("table v in -100 mV .. 100 mV by 1 mV"), &[]);
    assert_codes(&density("table v in -100 .. 100 by 1"), &["E0301", "E0301", "E0301"]);
    assert_codes(&density("table v in -100 mV .. 100 mV"), &["E0453"]);
    assert_codes(&density("param p = 1 mV\ntable v in -100 mV .. 100 mV by p"), &["E0443"]);
    assert_codes(&density("table v in 100 mV .. -100 mV by 1 mV"), &["E0453"]);
    assert_codes(&density("param q = 1\ntable q in 0 .. 1 by 0.1"), &["E0901"]);
}

#[test]
fn wrong_declarations_silence_what_follows() {
    assert_codes(&density("param a = nonsense\nlet b = a + 1 mV\nlet c = b + 1 ms\nstate n = c\nn' = c"), &["E0201"]);
    assert_codes(&density("state x: mVV\nx' = 3"), &["E0302"]);
    assert_codes("mechanism m extends b {\n let y = x\n}\n", &["E0205"]);
}

#[test]
fn garbage_ends_in_bounded_time() {
    let doubling = (1..60).map(|n| format!("let a{n} = a{} + a{}\n", n - 1, n - 1)).collect::<String>();
    let equation = "state x = a59 / 1 mV\nx' = -x * a59 / 1 mV / 1 ms\nmethod cnexp";
    assert_codes(&density(&format!("let a0 = v\n{doubling}{equation}")), &["E0444"; 3]);
    let functions = (1..60).map(|n| format!("fn f{n}(x) = f{0}(x) + f{0}(x)\n", n - 1)).collect::<String>();
    let found = outcome(&format!("fn f0(x) = x\n{functions}param p = f59(1)\n")).codes();
    assert!(found.iter().all(|code| *code == "E0444") && !found.is_empty(), "{found:?}");
    let chain = (1..3000).map(|n| format!("let a{n} = a{} + 1\n", n + 1)).collect::<String>();
    let found = outcome(&format!("{chain}let a3000 = 1\n")).codes();
    assert!(found.iter().all(|code| *code == "E0444"), "{found:?}");
    let found = outcome(&density(&format!("{chain}let a3000 = v / 1 mV"))).codes();
    assert!(found.iter().all(|code| *code == "E0444"), "{found:?}");
}

/// The value of a definition at a membrane potential (mV) and 6.3 degC.
fn definition(mechanism: &Mechanism, name: &str, v: f64) -> f64 {
    fn written_out(expr: &Expr, mechanism: &Mechanism, v: f64) -> Expr {
        let again = |one: &Expr| Box::new(written_out(one, mechanism, v));
        match expr {
            Expr::Var(Var::Known(Known::V)) => Expr::Number(v),
            Expr::Var(Var::Known(Known::Celsius)) => Expr::Number(6.3 + 273.15),
            Expr::Var(Var::Own(id)) => {
                algebra::definition(mechanism, *id).map_or(expr.clone(), |inner| written_out(inner, mechanism, v))
            }
            Expr::Let(id, value, body) => written_out(&algebra::substitute(body, *id, value), mechanism, v),
            Expr::Unary(op, a) => Expr::Unary(*op, again(a)),
            Expr::Binary(op, a, b) => Expr::Binary(*op, again(a), again(b)),
            Expr::If(a, b, c) => Expr::If(again(a), again(b), again(c)),
            Expr::Call(function, args) => Expr::Call(*function, args.iter().map(|arg| *again(arg)).collect()),
            other => other.clone(),
        }
    }
    let value = mechanism.variables.iter().find(|one| &*one.name == name).and_then(|one| match &one.kind {
        VariableKind::Let { value } => constant::value(&written_out(value, mechanism, v)),
        _ => None,
    });
    value.unwrap_or(f64::NAN)
}

#[test]
fn rates_of_the_squid_axon_are_those_of_neuron() {
    let text = library::FILES.iter().find(|(name, _)| name.ends_with("channels.net")).map_or("", |(_, text)| text);
    let outcome = outcome(text);
    let Some(hh) = outcome.mechanisms.iter().map(|one| &one.mechanism).find(|one| &*one.name == "hh") else { panic!("no hh") };
    // The formulas of hh.mod, written in numbers.
    let limited = |x: f64, y: f64| if (x / y).abs() < 1e-6 { y * (1.0 - x / y / 2.0) } else { x / ((x / y).exp() - 1.0) };
    for v in [-100.0, -65.0, -55.0, -40.0, -12.3, 50.0] {
        let (am, bm) = (0.1 * limited(-(v + 40.0), 10.0), 4.0 * (-(v + 65.0) / 18.0_f64).exp());
        let (ah, bh) = (0.07 * (-(v + 65.0) / 20.0_f64).exp(), 1.0 / ((-(v + 35.0) / 10.0_f64).exp() + 1.0));
        let (an, bn) = (0.01 * limited(-(v + 55.0), 10.0), 0.125 * (-(v + 65.0) / 80.0_f64).exp());
        for (gate, a, b) in [("m", am, bm), ("h", ah, bh), ("n", an, bn)] {
            for (name, wanted) in [(format!("{gate}inf"), a / (a + b)), (format!("{gate}tau"), 1.0 / (a + b))] {
                let found = definition(hh, &name, v);
                assert!((found / wanted - 1.0).abs() < 1e-14, "{name}({v}) is {found}, not {wanted}");
            }
        }
    }
}

#[test]
fn a_source_of_spikes_draws_one_interval_for_each_spike() {
    let text = library::FILES.iter().find(|(name, _)| name.ends_with("stimuli.net")).map_or("", |(_, text)| text);
    let outcome = outcome(text);
    let source = outcome.mechanisms.iter().map(|one| &one.mechanism).find(|one| &*one.name == "NetStim");
    let Some(source) = source else { panic!("no NetStim") };
    let draws = |actions: &[Action]| {
        let mut count = 0;
        algebra::visit_actions(actions, &mut |expr| {
            algebra::visit(expr, &mut |part| count += usize::from(matches!(part, Expr::Draw(..))))
        });
        count
    };
    let counts: Vec<_> = source.handlers.iter().map(|handler| (&*handler.name, handler.kind, draws(&handler.body))).collect();
    assert_eq!(counts, [("start", HandlerKind::Start, 1), ("begin", HandlerKind::Event, 0), ("next", HandlerKind::Event, 1)]);
    let next = source.handlers.get(2).map_or(&[][..], |handler| &handler.body);
    assert!(
        matches!(next, [Action::Spike(None), Action::Assign(..), Action::Let(..), Action::If(_, then, _)] if then.len() == 1),
        "{next:#?}"
    );
}
