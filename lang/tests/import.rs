//! `import mechanisms`: names, patterns, units, what of a file that cannot be used.

use bouton_lang::ir::{Expr, Program, VariableKind};
use bouton_lang::{Checked, World, check, fits};
use bouton_syntax::Severity;
use bouton_syntax::render::lines;

/// A leak with a conductance in the unit that is asked for.
fn leak(name: &str, unit: &str) -> String {
    format!(
        "NEURON {{ SUFFIX {name} NONSPECIFIC_CURRENT i RANGE g }}\nUNITS {{ (pS) = (picosiemens) (um) = (micron) }}\n\
         PARAMETER {{ g = 2 ({unit}) e = -65 (mV) T = 20 (degC) w = 3 (wobble) }}\nASSIGNED {{ v (mV) i (mA/cm2) }}\n\
         BREAKPOINT {{ i = (1e-4)*g*(v - e)*(T/20)*(w/3) }}\n"
    )
}

struct Folder;

impl World for Folder {
    fn read(&self, path: &str) -> Result<String, String> {
        match path {
            "mod/a.mod" => Ok(leak("leak", "pS/um2")),
            "mod/b.mod" => Ok(leak("hh", "S/cm2")),
            "mod/c.mod" => Ok(leak("wrong", "S/cm2").replace("i = ", "VERBATIM g = x(); ENDVERBATIM i = ")),
            "mod/d.mod" => Ok("NEURON { SUFFIX".to_owned()),
            _ => Err("no such file".to_owned()),
        }
    }

    fn list(&self, pattern: &str) -> Result<Vec<String>, String> {
        let all = ["mod/a.mod", "mod/b.mod", "mod/c.mod", "mod/d.mod"];
        Ok(match pattern.contains('*') {
            true => all.iter().filter(|name| fits(pattern, name)).map(|name| (*name).to_owned()).collect(),
            false => vec![pattern.to_owned()],
        })
    }
}

fn checked(import: &str, insert: &str) -> Checked {
    let text =
        format!("{import}\ncell C {{ section soma {{ L = 20 um, diam = 20 um\n{insert}\n}} }}\npopulation p: C[1]\nrun 1 ms\n");
    check("test.net", &text, &Folder)
}

fn program(import: &str, insert: &str) -> Program {
    let checked = checked(import, insert);
    checked.program.unwrap_or_else(|| panic!("{}", lines(&checked.diagnostics, &checked.sources)))
}

fn told(import: &str, insert: &str) -> Vec<String> {
    checked(import, insert).diagnostics.iter().map(|one| one.code.text().to_owned()).collect()
}

/// The default of a parameter of the only mechanism of a name.
fn default(program: &Program, mechanism: &str, name: &str) -> Expr {
    let of = program.mechanisms.iter().find(|one| &*one.name == mechanism).expect("it is in the program");
    match &of.variables.iter().find(|one| &*one.name == name).expect("it has this").kind {
        VariableKind::Param { default: Some(value) } => value.clone(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn parameters_have_the_units_of_the_file() {
    let program = program("import mechanisms \"mod/a.mod\"", "insert leak { g = 3 mS/cm2, e = -70 mV, T = 30 degC, w = 2 }");
    assert_eq!(default(&program, "leak", "g"), Expr::Number(2e-4));
    assert_eq!(default(&program, "leak", "T"), Expr::Number(293.15));
    assert_eq!(told("import mechanisms \"mod/a.mod\"", "insert leak { g = 3 mV }"), ["E0301"]);
    assert_eq!(told("import mechanisms \"mod/a.mod\"", "insert leak { w = 3 mV }"), ["E0301"]);
    assert_eq!(told("import mechanisms \"mod/a.mod\"", "insert leak { gg = 3 }"), ["E0204"]);
}

#[test]
fn a_file_hides_the_library_and_may_have_another_name() {
    let own = program("import mechanisms \"mod/b.mod\"", "insert hh { g = 1 S/cm2 }");
    assert_eq!(own.mechanisms.iter().filter(|one| &*one.name == "hh").count(), 1);
    let both = program("import mechanism \"mod/b.mod\" as mine", "insert mine { g = 1 S/cm2 }\ninsert hh { gnabar = 1 S/cm2 }");
    assert_eq!(default(&both, "mine", "g"), Expr::Number(2.0));
    assert!(told("import mechanism \"mod/*.mod\" as mine", "insert pas").contains(&"E0202".to_owned()));
}

#[test]
fn what_cannot_be_used_is_told_once_and_hinders_nobody_else() {
    let checked = checked("import mechanisms \"mod/*.mod\"", "insert leak\ninsert wrong { g = 1 S/cm2 }");
    let told: Vec<_> =
        checked.diagnostics.iter().map(|one| (one.code.text(), checked.sources.get(one.span.file).map(|s| &*s.name))).collect();
    assert_eq!(told, [("E0902", Some("mod/c.mod")), ("E0701", Some("mod/d.mod"))]);
    let severities: Vec<_> = checked.diagnostics.iter().map(|one| one.severity).collect();
    assert_eq!(severities, [Severity::Error, Severity::Warning], "what nothing uses hinders nobody");
    let help = checked.diagnostics.iter().next().and_then(|one| one.helps.first().cloned()).unwrap_or_default();
    assert!(help.starts_with("it calls x, which only NEURON has"), "{help}");
    assert_eq!(self::told("import mechanisms \"nowhere.mod\"", "insert pas"), ["E0601"]);
}

#[test]
fn patterns() {
    for (pattern, name, expected) in [
        ("*.mod", "a.mod", true),
        ("mod/*.mod", "mod/a.mod", true),
        ("mod/*.mod", "mod/x/a.mod", false),
        ("mod/k*_*.mod", "mod/ka_prox.mod", true),
        ("mod/k*_*.mod", "mod/ka.mod", false),
        ("a.mod", "a.mod", true),
        ("a*a", "a", false),
    ] {
        assert_eq!(fits(pattern, name), expected, "{pattern} {name}");
    }
}
