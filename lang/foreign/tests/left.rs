//! What is left out of a cell of hoc, or is not quite as in NEURON, is told.

use bouton_foreign::hoc::{Files, Hoc, Limits};
use bouton_foreign::neuron::{Catalog, Model};
use bouton_syntax::{Diagnostics, SourceMap};

/// No files.
struct Nothing;

impl Files for Nothing {
    fn bytes(&self, _: &str) -> Result<Vec<u8>, String> {
        Err("no such file".to_owned())
    }
}

/// A mechanism that hoc makes of a template acts in a run alone: it is left out, which is told.
#[test]
fn mechanisms_of_hoc_are_left_out() {
    let text = "begintemplate Sum\npublic q\nproc initial() { q = 0 }\nproc after_step() { q += v($1) }\nendtemplate Sum\n\
                make_mechanism(\"sum\", \"Sum\")\ncreate soma\nsoma { insert sum insert pas }\nforall uninsert sum\nprint soma.g_pas\n";
    let (mut sources, mut found) = (SourceMap::new(), Diagnostics::new());
    let mut hoc = Hoc::new(Model::new(Catalog::default()), "cell.hoc", &Nothing, &mut sources, &mut found, Limits::default());
    assert!(hoc.file("cell.hoc", text.as_bytes()));
    let (model, printed) = (hoc.finish(), std::mem::take(&mut hoc.printed));
    assert_eq!(printed, "0.001 \n");
    assert!(model.notes.iter().any(|note| note.contains("the mechanism sum")));
}

/// All instances of a mechanism act at once: what one reads of another one is told where that changes.
#[test]
fn pointers_to_the_same_mechanism_are_told() {
    let file =
        "NEURON { POINT_PROCESS kp RANGE g, s POINTER p }\nPARAMETER { s = 1 }\nASSIGNED { p g }\nBREAKPOINT { g = s * p }\n";
    let (mut sources, mut found) = (SourceMap::new(), Diagnostics::new());
    let include = |_: &str| Err("no such file".to_owned());
    let tree = bouton_foreign::nmodl::parse("kp.mod", file, &include, &mut sources, &mut found);
    let mut left = |name: &str| {
        let mut catalog = Catalog::default();
        catalog.add(bouton_foreign::neuron::catalog::of_file(&tree).unwrap());
        let text = format!(
            "create soma\nobjref a, b\nsoma {{ a = new kp(0.5) b = new kp(0.5) }}\nsetpointer a.p, soma.v(0.5)\nsetpointer b.p, a.{name}\n"
        );
        let mut hoc = Hoc::new(Model::new(catalog), "cell.hoc", &Nothing, &mut sources, &mut found, Limits::default());
        assert!(hoc.file("cell.hoc", text.as_bytes()));
        let model = hoc.finish();
        let mut cell = model.cell(&model.all()).expect("a cell");
        model.text(&mut cell);
        cell.left.iter().filter(|line| line.contains("another instance of kp")).count()
    };
    assert_eq!([left("g"), left("s")], [1, 0]);
}
