//! Parameters from outside.

use super::{CELL, Listener, Options, run};
use bouton::session::{Script, Stop, check};
use bouton_lang::{Checked, World};
use bouton_syntax::render::{Style, render};

/// One file of numbers.
struct Numbers;

impl World for Numbers {
    fn read(&self, path: &str) -> Result<String, String> {
        match path {
            "k.csv" => Ok("k\n1\n2\n4\n".into()),
            _ => Err("there is no such file".into()),
        }
    }
}

fn checked(text: &str, set: &[(&str, &str)]) -> Checked {
    let set: Vec<(String, String)> = set.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
    check("test.net", text, &set, &Numbers)
}

/// What a script prints with what is set.
pub(super) fn lines(text: &str, set: &[(&str, &str)]) -> Vec<String> {
    let mut listener = Listener { lines: Vec::new(), patience: usize::MAX };
    Script::new(checked(text, set), Options::default()).run(&mut listener).unwrap();
    listener.lines
}

/// What was refused, one line each.
fn refused(text: &str, set: &[(&str, &str)]) -> String {
    let checked = checked(text, set);
    if checked.program.is_none() {
        return render(&checked.diagnostics, &checked.sources, Style::Lines);
    }
    let mut session = Script::new(checked, Options::default());
    match session.run(&mut Listener { lines: Vec::new(), patience: usize::MAX }) {
        Err(Stop::Refused(list)) => render(&list.into(), session.sources(), Style::Lines),
        other => panic!("{:?}", other.map(|_| ())),
    }
}

#[test]
fn values_are_read_as_the_language_reads_them() {
    let text = format!("{CELL}print \"{{g}}, {{n}}, {{count(E)}}\"");
    assert_eq!(lines(&text, &[("g", "36 mS/cm2 + 0.1 S/cm2"), ("n", "max(2, 5)")]), ["0.136 S/cm2, 5, 5"]);
}

#[test]
fn what_is_no_parameter_or_no_value_is_refused() {
    let text = format!("{CELL}run 1 ms");
    let cases = [
        ("h", "1", "--set:1:5: error[E0201]"),
        ("g g", "1", "--set:1:1: error[E0201]"),
        ("g", "12 mV", "--set:1:9: error[E0301]"),
        ("g", "", "--set:1:9: error"),
        ("g", "1 S/cm2; print \"x\"", "--set:1:"),
        ("g", "(1 S/cm2", "--set:1:"),
    ];
    for (name, value, begin) in cases {
        let told = refused(&text, &[(name, value)]);
        assert!(told.starts_with(begin), "{name} = {value}: {told}");
    }
    let told = refused(&text, &[("n", "3"), ("gg", "1 S/cm2")]);
    assert!(told.starts_with("--set:2:5: error[E0201]"), "{told}");
}

/// The files that a script reads are there, whatever is set.
#[test]
fn a_script_that_reads_numbers_can_be_set() {
    let text = "cell C per s {\n    param k = 1\n    state x = 0\n    x' = k - x\n}\nparam most = 3\n
population p: C[3] { k = min(values(\"k.csv\"), most) }\nrecord a = p[0].x, c = p[2].x every 1 s\nsimulation { duration = 50 s, solver = rk4, dt = 10 ms }
run\nprint \"{a[50]:.3f} {c[50]:.3f}\"\n";
    assert_eq!(lines(text, &[]), ["1.000 3.000"]);
    assert_eq!(lines(text, &[("most", "2.5")]), ["1.000 2.500"]);
    assert_eq!(lines(text, &[("p.k", "7")]), ["7.000 7.000"]);
}

/// A path that begins with a cell reaches all populations that are made of it.
#[test]
fn a_cell_stands_for_its_populations() {
    let text = "cell C {\n    section soma { L = 20 um, diam = 20 um\n        insert hh\n    }\n    spike at soma(0.5)\n}
population a: C[2]\npopulation b: C[3]
stimulate a, b with IClamp { delay = 1 ms, duration = 50 ms, amplitude = 0.5 nA } at soma(0.5)\nsimulation { duration = 60 ms }\n";
    let told = |set: &str| {
        let (lines, result, _) =
            run(&format!("{text}{set}\nrun\nprint \"{{count(a)}} {{count(b)}} {{max(times(a)):.6f}}\""), Options::default());
        result.unwrap();
        lines
    };
    let both =
        told("set a.soma.hh.gnabar = 0.3 S/cm2, b.soma.hh.gnabar = 0.3 S/cm2, a.soma.Ra = 50 ohm*cm, b.soma.Ra = 50 ohm*cm");
    assert_eq!(told("set C.soma.hh.gnabar = 0.3 S/cm2, C.soma.Ra = 50 ohm*cm"), both);
    assert_ne!(told(""), both);
}

/// Where a value is read, a path is what is set at that moment.
#[test]
fn a_path_stands_for_what_is_set() {
    let text = "cell C {\n    param width = 3 um\n    section soma { L = 20 um, diam = 20 um\n        insert hh { gl = 0.5 mS/cm2 }\n    }
    section dend { L = 50 um, diam = width\n        connect soma(1)\n        insert hh\n    }\n    spike at soma(0.5)\n}
population a: C[2]\npopulation b: C[3]\nsynapse exc = ExpSyn { tau = 2 ms }
connect link: a -> b via exc at soma(0.5) { probability = 0.5, weight = 1 nS }\nsimulation { duration = 10 ms }\n";
    let told = |more: &str| run(&format!("{text}{more}"), Options::default());
    let (lines, result, _) = told(
        "set b.dend.hh.gl = 2 * b.soma.hh.gl, link.weight = 3 * link.weight
print \"{a.soma.hh.gnabar} {b.dend.hh.gl} {a.dend.hh.gl} {C.soma.hh.gl} {a.width} {a.soma.L} {exc.tau} {exc.e} {link.weight} {link.probability}\"",
    );
    result.unwrap();
    assert_eq!(lines, ["0.12 S/cm2 0.001 S/cm2 0.0003 S/cm2 0.0005 S/cm2 3 um 20 um 2 ms 0 mV 0.003 uS 0.5"]);
    let (_, result, _) = told("set b.dend.hh.gl = 1 mS/cm2\nprint C.dend.hh.gl");
    assert!(format!("{result:?}").contains("a value of its own at each place"), "{result:?}");
}

#[test]
fn a_value_out_of_range_is_told_at_its_place() {
    let told = refused(&format!("{CELL}run 1 ms"), &[("n", "2.5")]);
    assert!(told.contains("E0510"), "{told}");
}
