//! Tables and values of mechanisms that files of hoc set, as NEURON takes them (`tests/peers/tables`).

use bouton_foreign::hoc::{Files, Hoc, Limits};
use bouton_foreign::neuron::{Catalog, Model};
use bouton_syntax::{Diagnostics, SourceMap};

struct Nowhere;

impl Files for Nowhere {
    fn bytes(&self, _: &str) -> Result<Vec<u8>, String> {
        Err("nothing is here".to_owned())
    }
}

/// And what NEURON stops at.
#[test]
fn tables_of_mechanisms_are_filled() {
    let text = "NEURON { SUFFIX kt USEION k READ ek WRITE ik }\nPARAMETER { celsius (degC) }\nASSIGNED { v (mV) ek (mV) ik (mA/cm2) }\n\
                BREAKPOINT { ik = tau(v) * plain(v, celsius) * (v - ek) }\nFUNCTION_TABLE tau(v (mV)) (ms)\nFUNCTION_TABLE plain(v (mV), u (um)) (um)\n\
                FUNCTION_TABLE idle(x)\n";
    let filled = |hoc: &str| {
        let (mut sources, mut found) = (SourceMap::new(), Diagnostics::new());
        let parsed = bouton_foreign::nmodl::parse("kt.mod", text, &|_| Err("none".into()), &mut sources, &mut found);
        let mut catalog = Catalog::default();
        catalog.add(bouton_foreign::neuron::catalog::of_file(&parsed).expect("a mechanism"));
        let mut hoc_run = Hoc::new(Model::new(catalog), "cell.hoc", &Nowhere, &mut sources, &mut found, Limits::default());
        let start = "create soma\naccess soma\ninsert kt\nobjref x, y, z\nx = new Vector()\ny = new Vector()\nx.append(-80, 0)\ny.append(1, 3)\n";
        let done = hoc_run.file("cell.hoc", format!("{start}{hoc}\n").as_bytes());
        let printed = hoc_run.printed.clone();
        let model = hoc_run.finish();
        let told: Vec<String> =
            found.iter().filter(|one| one.code.to_string() == "E0702").map(|one| one.message.clone()).collect();
        if !done {
            return told.join("\n");
        }
        let mut cell = model.cell(&model.all()).expect("a cell");
        let written = model.text(&mut cell);
        let lines = written.lines().filter(|line| line.contains("table(") || line.contains("insert kt"));
        printed + &lines.map(str::trim).collect::<Vec<_>>().join("\n")
    };
    let cases = [
        ("", "insert kt"),
        (
            "table_tau_kt(y, x)\nprint tau_kt(-60)",
            "1.5 \nlet tau_kt = table([-80.0, 0.0] * 1.0 mV, [1.0, 3.0] * 1.0 ms)\ninsert kt { tau = tau_kt }",
        ),
        (
            "table_tau_kt(&y.x[0], 2, &x.x[0])\ny.x[1] = 5",
            "let tau_kt = table([-80.0, 0.0] * 1.0 mV, [1.0, 5.0] * 1.0 ms)\ninsert kt { tau = tau_kt }",
        ),
        ("table_tau_kt(&y.x[1], 1, -3, 4)", "insert kt { tau = 3.0 ms }"),
        ("table_tau_kt(7)\ntable_idle_kt(3)\nprint idle_kt(0)", "3 \ninsert kt { tau = 7.0 ms }"),
        (
            "y.append(2, 8)\ntable_plain_kt(&y.x[0], 2, -80, 0, 2, &x.x[0])\nprint plain_kt(-40, -40)",
            "3.5 \nlet plain_kt = table(-80.0 mV .. 0.0 mV steps 2, [-80.0, 0.0], [1.0, 3.0, 2.0, 8.0])\ninsert kt { plain = plain_kt }",
        ),
        ("table_plain_kt(y, x)", "`plain` has 2 arguments, and Vectors fill tables of one"),
        ("x.append(1)\ntable_tau_kt(y, x)", "Vectors of different lengths, or without numbers, for the table `tau`"),
        ("table_tau_kt(&y.x[0], 2, 4, -3)", "the last place of the table `tau` lies before the first"),
        ("table_tau_kt(&y.x[0], 0, -3, 4)", "the table `tau` has 0 places"),
        ("table_tau_kt(y, 2, -3, 4)", "the table `tau` takes the address of its first number, and this is an object"),
    ];
    for (hoc, wanted) in cases {
        assert_eq!(filled(hoc), wanted, "{hoc}");
    }
}

/// What equations compute is not set; what they only read has its unit, a state is a plain number where its unit is not a coherent one. A length has a shortest.
#[test]
fn values_that_are_no_parameters_are_written() {
    let text = "NEURON { POINT_PROCESS s NONSPECIFIC_CURRENT i RANGE g, u, w, c, x }\nPARAMETER { u = 1 (uS) }\n\
                ASSIGNED { v (mV) i (nA) g (uS) w (mV) c (nA) }\nSTATE { x (uS) }\nBREAKPOINT { SOLVE d METHOD cnexp c = g * v i = c + x * w }\n\
                DERIVATIVE d { x' = -x }\n";
    let (mut sources, mut found) = (SourceMap::new(), Diagnostics::new());
    let parsed = bouton_foreign::nmodl::parse("s.mod", text, &|_| Err("none".into()), &mut sources, &mut found);
    let mut catalog = Catalog::default();
    catalog.add(bouton_foreign::neuron::catalog::of_file(&parsed).expect("a mechanism"));
    let mut hoc = Hoc::new(Model::new(catalog), "cell.hoc", &Nowhere, &mut sources, &mut found, Limits::default());
    let text = "create soma\naccess soma\nL = 0\nobjref p\np = new s(0.5)\np.g = 0.5\np.u = 2\np.w = 3\np.c = 4\np.x = 5\n";
    assert!(hoc.file("cell.hoc", text.as_bytes()));
    let model = hoc.finish();
    let mut cell = model.cell(&model.all()).expect("a cell");
    let written = model.text(&mut cell);
    assert!(written.contains("L = 1e-9 um") && written.contains("{ u = 2.0 uS, g = 0.5 uS, w = 3.0 mV, x = 5.0 }"), "{written}");
}
