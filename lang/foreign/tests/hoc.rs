//! hoc: cells are built as NEURON builds them (`tests/peers/cells/make.py`), and what does not end or contradicts itself ends in diagnostics.

use bouton_foreign::hoc::{Files, Hoc, Limits, Object};
use bouton_foreign::neuron::catalog::of_file;
use bouton_foreign::neuron::place::Whole;
use bouton_foreign::neuron::{Catalog, Model, SectionId};
use bouton_foreign::nmodl::parse;
use bouton_syntax::render::{Style, render};
use bouton_syntax::{Diagnostics, SourceMap};
use std::rc::Rc;

/// Files by their paths.
struct Texts(&'static [(&'static str, &'static str)]);

impl Files for Texts {
    fn bytes(&self, path: &str) -> Result<Vec<u8>, String> {
        let found = self.0.iter().find(|(name, _)| *name == path);
        found.map(|(_, text)| text.as_bytes().to_vec()).ok_or_else(|| "no such file".to_owned())
    }
}

/// What a text builds, what it prints, and what is told of it.
fn run(text: &str, template: Option<&str>, files: &Texts) -> (Model, Option<Rc<Object>>, String, String) {
    let (mut sources, mut found) = (SourceMap::new(), Diagnostics::new());
    let limits = Limits { steps: 200_000, ..Limits::default() };
    let mut hoc = Hoc::new(Model::new(Catalog::default()), "cell.hoc", files, &mut sources, &mut found, limits);
    let done = hoc.file("cell.hoc", text.as_bytes());
    let object = template.filter(|_| done).and_then(|name| hoc.instance(name, Vec::new()));
    let (model, printed) = (hoc.finish(), std::mem::take(&mut hoc.printed));
    drop(hoc);
    let told = render(&found, &sources, Style::Pretty { colour: false });
    (model, object, printed, told)
}

/// Functions of mechanisms are called with values that all instances share; currents of no ion are read without being listed.
#[test]
fn functions_of_mechanisms_are_called() {
    let file = "NEURON { SUFFIX kx NONSPECIFIC_CURRENT ix GLOBAL half }\nUNITS { (mV) = (millivolt) }\n\
                PARAMETER { half = -40 (mV) slope = 0.123456789 }\nASSIGNED { v (mV) ix (mA/cm2) memory }\n\
                BREAKPOINT { ix = rate(v) }\nFUNCTION rate(u (mV)) { if (u < half) { rate = slope } else { rate = twice((u - half) / 8) } }\n\
                FUNCTION twice(x) { LOCAL y y = exp(x) twice = y * y }\nFUNCTION kept() { kept = memory }\n";
    let (mut sources, mut found) = (SourceMap::new(), Diagnostics::new());
    let include = |_: &str| Err("no such file".to_owned());
    let tree = bouton_foreign::nmodl::parse("kx.mod", file, &include, &mut sources, &mut found);
    let known = || bouton_foreign::neuron::catalog::of_file(&tree).unwrap();
    let mut run = |text: &str| {
        let mut catalog = Catalog::default();
        catalog.add(known());
        let mut told = Diagnostics::new();
        let mut hoc = Hoc::new(Model::new(catalog), "cell.hoc", &Texts(&[]), &mut sources, &mut told, Limits::default());
        hoc.file("cell.hoc", text.as_bytes());
        let printed = std::mem::take(&mut hoc.printed);
        drop(hoc);
        (printed, render(&told, &sources, Style::Lines))
    };
    let (printed, told) = run(
        "create soma\nsoma insert kx\nprint rate_kx(-40), rate_kx(-50), twice_kx(0), soma.ix_kx(0.5)\nhalf_kx = -60\nprint rate_kx(-60)\n",
    );
    assert_eq!((printed.as_str(), told.as_str()), ("1 0.123457 1 0 \n1 \n", ""));
    let (_, told) = run("print kept_kx()\n");
    assert!(told.contains("only an instance"), "{told}");
}

fn printed(text: &str) -> String {
    let (_, _, printed, told) = run(text, None, &Texts(&[]));
    assert_eq!(told, "", "{text}");
    printed
}

/// What is told of a text that is wrong.
fn told(text: &str) -> String {
    let (_, _, _, told) = run(text, None, &Texts(&[]));
    assert_ne!(told, "", "{text}");
    told
}

/// What a row of the table is about.
fn values(model: &Model, id: SectionId, name: &str) -> Vec<f64> {
    let section = model.section(id);
    let all = |of: &dyn Fn(f64) -> f64| (0..section.segments()).map(|k| of(section.middle(k))).collect();
    match (name, Whole::named(name)) {
        (_, Some(which)) => vec![model.whole(id, which)],
        ("area", _) => all(&|x| model.area(id, x)),
        ("ri", _) => all(&|x| model.resistance(id, x)),
        _ => match model.range(name) {
            Some(range) => all(&|x| model.get(id, &range, x).unwrap_or(f64::NAN)),
            None => vec![f64::NAN],
        },
    }
}

/// Compares a model with the rows of a table; how many there were, and of which section the last was.
fn fits(model: &Model, table: &str) -> (usize, String) {
    let sections: Vec<SectionId> = model.all();
    let (mut compared, mut last) = (0, String::new());
    for row in table.lines() {
        let mut parts = row.split(',');
        let (of, name) = (parts.next().unwrap_or(""), parts.next().unwrap_or(""));
        if of.is_empty() {
            continue;
        }
        let wanted: Vec<f64> = parts.map(|part| part.parse().unwrap_or(f64::NAN)).collect();
        let id = sections.iter().copied().find(|id| model.section(*id).name == of).expect(of);
        let got = match name.strip_prefix("on ") {
            None => values(model, id, name),
            Some(parent) => {
                let link = model.section(id).parent.expect(of);
                assert_eq!(model.section(link.section).name, parent, "{of}");
                vec![link.x, f64::from(u8::from(link.by_end))]
            }
        };
        assert_eq!(got.len(), wanted.len(), "{row}");
        for (got, wanted) in got.iter().zip(&wanted) {
            assert!((got - wanted).abs() <= 1e-12 * wanted.abs(), "{of} {name}: {got}, not {wanted}");
        }
        compared += 1;
        last = of.to_owned();
    }
    (compared, last)
}

#[test]
fn a_cell_is_built_as_neuron_builds_it() {
    let hoc = include_str!("../../../tests/peers/cells/branches.hoc");
    let text = format!("{hoc}\nobjref cell\ncell = new Branchy()\nprint cell.total, cell.reach, cell.tag\n");
    let (model, _, printed, told) = run(&text, None, &Texts(&[]));
    assert_eq!(told, "");
    let table = include_str!("../../../tests/peers/cells/branches.csv");
    let (compared, last) = fits(&model, table);
    assert!(compared == 97 && last == "Branchy[0].spine[2]", "{compared}, {last}");
    let rows: Vec<&str> = table.lines().take(3).map(|row| row.split(',').nth(1).unwrap_or("")).collect();
    let of = |at: usize| table.lines().nth(at).and_then(|row| row.split(',').nth(2)).unwrap_or("").trim_end_matches(".0");
    assert_eq!(printed, format!("{} {} {}\n", of(0), of(1), rows[2]));
}

#[test]
fn a_session_builds_what_its_windows_say() {
    let files = Texts(&[("builder.ses", include_str!("../../../tests/peers/cells/builder.ses"))]);
    let text = "load_file(\"builder.ses\")\nforsec thin { print secname() }\nobjref p\np = AlphaSynapse[0]\nprint p.onset, p.tau, p.gmax, p.e\nx = p.get_loc()\nprint secname(), x\n";
    let (model, _, printed, told) = run(text, None, &files);
    assert_eq!(told, "");
    let table = include_str!("../../../tests/peers/cells/builder.csv");
    let (compared, last) = fits(&model, table);
    assert!(compared == 43 && last == "axon", "{compared}, {last}");
    let rows: Vec<&str> = table.lines().filter_map(|row| row.strip_prefix(',')).collect();
    let of = |at: usize| rows[at].split(',').nth(1).unwrap_or("").trim_end_matches(".0");
    let place = rows[4].trim_start_matches("place,").replace(',', "");
    let wanted = format!("dend[0]\ndend[1]\naxon\n{} {} {} {} \n{place} \n", of(0), of(1), of(2), of(3));
    assert_eq!(printed, wanted);
    assert_eq!(model.notes, Vec::<String>::new());
}

#[test]
fn what_a_window_of_a_session_lacks_leaves_out_that_window_alone() {
    let files = Texts(&[(
        "two.ses",
        "{\nocbox_ = new Unheard(1)\n}\n{object_push(ocbox_)}\n{\na.b.c(1).d = 2 go(3) x = y\n}\n{object_pop()}\nnowhere()\ncelsius = 31\n",
    )]);
    let (model, _, _, told) = run("objref ocbox_\nload_file(\"two.ses\")\ncreate soma\n", None, &files);
    assert_eq!(told, "");
    assert_eq!(model.global("celsius"), Some(31.0));
    assert_eq!(model.all().len(), 1);
    assert_eq!(model.notes.len(), 2, "{:?}", model.notes);
    assert!(model.notes[0].contains("Unheard") && model.notes[1].contains("nowhere"), "{:?}", model.notes);
}

#[test]
fn measures_of_a_subset_are_neurons() {
    let text = include_str!("../../../tests/peers/cells/domain.hoc");
    let (_, _, printed, told) = run(text, None, &Texts(&[]));
    assert_eq!((told.as_str(), printed.as_str()), ("", include_str!("../../../tests/peers/cells/domain.txt")));
}

#[test]
fn templates_and_trees_are_neurons() {
    let text = include_str!("../../../tests/peers/cells/trees.hoc");
    let (_, _, printed, told) = run(text, None, &Texts(&[]));
    assert_eq!((told.as_str(), printed.as_str()), ("", include_str!("../../../tests/peers/cells/trees.txt")));
}

/// NEURON 9.0.2 prints the same.
#[test]
fn equations_are_taken_at_their_statements() {
    let text = "depvar x, y\ndouble z[2]\neqn x:: x + 2*y = 8\neqn y:: y = x - 1\nprint solve(), x, y\n\
                eqinit()\nz[1] = 4\ndepvar z[1], w\nproc go() { eqn w:: w = 3 * z[1]\neqn z[1]:: z[1]^2 = 2\neqn z[1]: = w\neqn z[1]: 1 =\n }\n\
                for i = 0, 2 { go() far = solve() }\nprintf(\"%.9g %.9g %.6g\\n\", z[1], w, far)\n";
    let (_, _, printed, told) = run(text, None, &Texts(&[]));
    assert_eq!((told.as_str(), printed.as_str()), ("", "14.666667 3.3333333 2.3333333 \n3.30277809 9.90833427 0.0191508\n"));
}

/// NEURON 9.0.2 prints the same.
#[test]
fn potentials_and_concentrations_follow_from_each_other() {
    let text = "create soma\nsoma { nseg = 3  insert hh }\ncelsius = 20\n\
                soma { nai(0.9) = 7  ena = 33  print nernst(\"ena\"), nernst(\"ena\", 0.9), nernst(\"nai\"), nernst(\"nao\", 0.9) }\n\
                print nernst(0, 1, 1), nernst(1, 0, 1), nernst(1, 2, 0)\n";
    let (_, _, printed, told) = run(text, None, &Texts(&[]));
    assert_eq!((told.as_str(), printed.as_str()), ("", "66.667107 75.677327 37.913896 25.848043 \n1000000 -1000000 0 \n"));
    let (_, _, _, told) = run("create soma\nsoma print nernst(\"ex\")\n", None, &Texts(&[]));
    assert!(told.contains("`ex` is no reversal potential"), "{told}");
}

/// What nobody computes here is no 0: it is told, and no cell can have it.
#[test]
fn impedances_are_no_numbers() {
    let text = "create soma\nobjref z\nz = new Impedance()\nsoma z.loc(0.5)\nprint z.compute(10), z.input(0.5)\n";
    let (model, _, printed, told) = run(text, None, &Texts(&[]));
    assert_eq!((told.as_str(), printed.as_str()), ("", "0 nan \n"));
    assert!(model.notes.iter().any(|note| note.contains("Impedance")), "{:?}", model.notes);
    let (_, _, _, told) = run(&format!("{text}soma {{ insert pas  g_pas = z.input(0.5) }}\n"), None, &Texts(&[]));
    assert!(told.contains("NaN is no value"), "{told}");
}

/// What a session keeps in a window that does nothing here can be counted with, and the numbers behind it belong to it.
#[test]
fn names_of_a_window_that_does_nothing_keep_what_they_are_given() {
    let files = Texts(&[(
        "channel.ses",
        "{\nocbox_ = new ChannelBuild(1)\n}\n{object_push(ocbox_)}\ntobj = new Unheard(this)\n{tobj.begin(2)}\n\
         {tobj1 = new Vector(3)  for (i=0; i < 3; i += 1) tobj1.x[i] = fscan() }\n1\n-0.05 not\n-1e-2\n{tobj.parts.object(0).set(0, tobj1)}\n\
         for k = 0, 1 { tobj = tobj1 }\nsum = tobj1.sum()\n{object_pop()}\n",
    )]);
    let text = "objref ocbox_\nload_file(\"channel.ses\")\ncreate soma\nfor case(&x, 4, 7) { print x }\n";
    let (model, _, printed, told) = run(text, None, &files);
    assert_eq!((told.as_str(), printed.as_str()), ("", "4 \n7 \n"));
    assert!(model.notes.iter().any(|note| note.contains("Channel Builder")), "{:?}", model.notes);
}

/// A group of point processes need not stand in a session of its own.
#[test]
fn a_group_of_point_processes_is_made() {
    let text = "create soma, dend\naccess soma\nobjref ocbox_, ms\nload_file(\"pointgrp.hoc\")\n{\nocbox_ = new PointProcessGroupManager(0)\n}\n\
                {object_push(ocbox_)}\n{\nms = new MechanismStandard(\"IClamp\")\nms.set(\"amp\", 0.5, 0)\nmnews(\"IClamp\", ms)\nselect(0)\n\
                execute(\"dend ocbox_.move(0.5)\")\nmnews(\"AlphaSynapse\")\n}\n{object_pop()}\n{\nocbox_ = ocbox_.v1\nocbox_.map(\"x\")\n}\n\
                x = IClamp[0].get_loc()\nprint secname(), x, IClamp[0].amp\npop_section()\nx = AlphaSynapse[0].get_loc()\nprint secname(), x\n";
    let (_, _, printed, told) = run(text, None, &Texts(&[]));
    assert_eq!((told.as_str(), printed.as_str()), ("", "dend0.5 0.5 \nsoma0.5 \n"));
}

#[test]
fn files_are_read_as_c_reads_them() {
    let files = Texts(&[("n.dat", "2 3,4 x 5e0\nnan inf 6\n")]);
    let text = "objref f, v, m\nf = new File()\nf.ropen(\"n.dat\")\ncount = 0\nwhile (!f.eof()) { print f.scanvar() count += 1 }\nprint count
f.seek(0)\nv = new Vector()\nv.scanf(f)\nprint v.size, v.x[3]\nf.seek(0)\nm = new Matrix()\nm.scanf(f, 2, 2)\nprint m.x[1][0], m.getval(1, 1), m.nrow\n";
    let (_, _, printed, told) = run(text, None, &files);
    assert_eq!(told, "");
    assert_eq!(printed, "2 \n3 \n5 \n6 \n4 \n4 6 \n5 6 2 \n");
}

#[test]
fn alike_branches_are_one_that_is_wider() {
    let text = "create soma, dend, tip\nconnect dend(0), soma(1)\nconnect tip(0), dend(1)\nforall { L = 50  diam = 2  Ra = 100 }\ndend rallbranch = 3\ntip { rallbranch = 2 pt3dadd(0, 0, 0, 1) pt3dadd(9, 0, 0, 1) }
if (name_declared(\"later\") == 0) { print \"not yet\" }\nlater = 1\nprint name_declared(\"later\")\n";
    let (model, _, printed, told) = run(text, None, &Texts(&[]));
    assert_eq!((told.as_str(), printed.as_str()), ("", "not yet\n5 \n"));
    let mut cell = model.cell(&model.all()).expect("a cell");
    let written = model.text(&mut cell);
    for line in
        ["diam = 2.0 um\n    Ra = 100.0", "diam = 6.0 um\n    Ra = 300.0", "L = 9.0 um\n    diam = 6.0 um\n    Ra = 600.0"]
    {
        assert!(written.contains(line), "{written}");
    }
    assert!(cell.left.iter().any(|line| line.starts_with("rallbranch = 3 of dend")), "{:?}", cell.left);
}

#[test]
fn values_of_points_have_their_units() {
    let text = "create soma\naccess soma\nobjref c\nc = new SEClamp(0.5)\nc.rs = 0.001\nc.dur1 = 5\nc.amp1 = -60\nc.i = 3\n";
    let (mut sources, mut found) = (SourceMap::new(), Diagnostics::new());
    let files = Texts(&[]);
    let mut hoc = Hoc::new(Model::new(Catalog::default()), "cell.hoc", &files, &mut sources, &mut found, Limits::default());
    assert!(hoc.file("cell.hoc", text.as_bytes()));
    let model = hoc.finish();
    let mut cell = model.cell(&model.all()).expect("a cell");
    let written = model.text(&mut cell);
    assert!(written.contains("SEClamp at soma(0.5) { rs = 0.001 Mohm, duration1 = 5.0 ms, amplitude1 = -60.0 mV }"), "{written}");
}

#[test]
fn methods_take_objects_and_texts_by_reference() {
    let text = "begintemplate Maker\npublic give, object\nobjref this, object\nproc init() { this = this }\nproc give() { $o1 = new List() $s2 = \"made\" object = $o1 }
endtemplate Maker\nobjref m, out, all\nstrdef name\nm = new Maker()\nm.give(out, name)\nall = new List()\nall.append(out)\nprint out, name, all.object[0]\n";
    assert_eq!(printed(text), "List[0] madeList[0] \n");
}

#[test]
fn values_are_computed_as_hoc_computes_them() {
    assert_eq!(printed("print -2^2, 2^3^2, 7 % 3, -7 % 3, 1 == 1 + 1e-12, 3 > 3 - 1e-12"), "-4 512 1 2 1 0 \n");
    assert_eq!(printed("x = 3 y = x * 2 { x += y print x }\nprint y"), "9 \n6 \n");
    assert_eq!(printed("for i = 0, 3 print i\nprint i"), "0 \n1 \n2 \n3 \n4 \n");
    assert_eq!(
        printed("strdef s, t\nobjref f\nf = new StringFunctions()\ns = \"soma_12.3\"\nf.head(s, \"_\", t)\nprint t, f.len(s)"),
        "soma9 \n"
    );
    assert_eq!(
        printed("double a[2][3]\na[1][2] = 4\nprint a[1][2], a[0][2]\nproc p() { $&1 = $2 }\nz = 0\np(&z, 5)\nprint z"),
        "4 0 \n5 \n"
    );
    assert_eq!(printed("objref v\nv = new Vector()\nv.append(3, 1, 2)\nprint v.x[1], v.size(), v.sum(), v.max()"), "1 3 6 3 \n");
    assert_eq!(printed("printf(\"%d|%5.1f|%-4s|%g\\n\", 3.7, 2.25, \"ab\", 1e10)"), "3|  2.2|ab  |1e+10\n");
}

/// NEURON's numbers, as it prints them.
#[test]
fn equations_are_solved_together() {
    let text = "proc both() {\n  eqinit()\n  depvar gna, gk\n  eqn gk:: gk = 1/3 - gna\n  eqn gna:: gna = (95*(3/2)*gk)/-115\n  solve()\n  print gna, gk\n}
double z[2]\nboth()\neqinit(1e-4)\nx = 1\ndepvar x, z[1]\nfor i = 0, 2 {\n  eqn x:: x*x = 2\n  eqn x: = -z[1]\n  eqn z[1]:: z[1] = x/4\n  print solve()\n}\nprint x, z[1]\n";
    let expected = "1.7272727 -1.3939394 \n1.9166481 \n0.15866728 \n0.0020936282 \n1.2947272 0.3236818 \n";
    assert_eq!(printed(text), expected);
    assert!(told("y = 1\ndepvar x\neqn y:: y = 2\n").contains("`depvar`"));
    assert!(told("depvar x\neqn x:: 0 = 2\nsolve()\n").contains("no single solution"));
}

/// NEURON's numbers: coordinates are stretched in double precision, and stored in single.
#[test]
fn points_are_stretched_as_neuron_stretches_them() {
    let text = "create soma\naccess soma\nstrdef name\nsectionname(name)\nprint name, log10(0)\n\
                pt3dadd(-8.33578, -10.6832, 5.08048, 3.79872)\npt3dadd(-0.145418, -13.8863, 5.60167, 12.5529)\npt3dadd(1.21964, -14.4201, 5.68853, 12.4774)\n\
                pt3dadd(2.5847, -14.954, 5.77539, 13.1474)\npt3dadd(6.67988, -16.5555, 6.03599, 13.2753)\npt3dadd(18.9654, -21.3601, 6.81776, 7.7)\n\
                L = 15\nfor i = 0, n3d() - 1 { pt3dchange(i, x3d(i), y3d(i), z3d(i), diam3d(i)) }\nprintf(\"%.12g\", L)\n";
    assert_eq!(printed(text), "soma-inf \n14.9999996875");
}

/// `soma(0)` in front of a statement is a value in soma; the statement is about the section that is accessed.
#[test]
fn a_section_before_a_number_is_no_part_of_what_follows() {
    let text = "create soma, axon[2]\naccess soma\n{axon[1](0) connect axon[0](0), 1}\nobjref r\naxon[0] r = new SectionRef()\nr.parent print secname()\n";
    assert_eq!(printed(text), "soma\n");
}

#[test]
fn in_a_template_this_is_the_object_declared_or_not() {
    let text = |declared: &str| {
        format!(
            "begintemplate T\n{declared}\nproc init() {{ print this }}\nendtemplate T\nobjref t, this\nt = new T()\nprint this\n"
        )
    };
    assert_eq!(printed(&text("objref this")), "T[0] \nNULLobject \n");
    assert_eq!(printed(&text("")), "T[0] \nNULLobject \n");
}

#[test]
fn names_of_sections_fit_patterns() {
    let all = "create soma, dend[12], apic[3]\n";
    let names = |pattern: &str| printed(&format!("{all}forsec \"{pattern}\" print secname()\n"));
    assert_eq!(names("apic[1]"), "apic[1]\n");
    assert_eq!(names("dend[<3-4>]"), "dend[3]\ndend[4]\n");
    assert_eq!(names("^s"), "soma\n");
    assert_eq!(names("p.*2"), "apic[2]\n");
}

#[test]
fn what_no_cable_can_have_is_told_where_it_is_set() {
    for (text, wanted) in [
        ("create s\ns { L = 1e308 * 10 }\n", "a section cannot be inf um long"),
        ("create s\ns { diam = 1e308 * 10 }\n", "inf is no value that a simulation can have"),
        ("create s\ns { Ra = 1e308 * 10 }\n", "axial resistivity cannot be inf ohm cm"),
        ("create s\ns { insert pas g_pas = 1e308 * 10 }\n", "inf is no value that a simulation can have"),
    ] {
        let told = told(text);
        assert!(told.contains(wanted), "{text}: {told}");
    }
}

#[test]
fn what_does_not_end_is_ended() {
    assert!(told("while (1) { x = 1 }").contains("does not come to an end"));
    assert!(told("proc p() { p() }\np()").contains("nest too deep"));
    assert!(told("objref v\nv = new Vector(1e8)").contains("numbers"));
    assert!(told("double x[1e9]").contains("elements"));
    let files = Texts(&[("a.hoc", "xopen(\"b.hoc\")\n"), ("b.hoc", "xopen(\"a.hoc\")\n")]);
    let (.., told) = run("load_file(\"a.hoc\")", None, &files);
    assert!(told.contains("loads itself"), "{told}");
    let deep = format!("x = {}1{}", "(".repeat(5000), ")".repeat(5000));
    assert!(self::told(&deep).contains("deep"));
    assert!(self::told(&"{".repeat(3000)).contains("brace"));
}

#[test]
fn what_is_wrong_is_told_at_its_line_with_a_trace() {
    let text = "create soma\naccess soma\nproc a() { insert kdr }\nproc b() { a() }\nb()\n";
    let found = told(text);
    assert!(found.contains("cell.hoc:3") && found.contains("no mechanism `kdr`"), "{found}");
    assert!(found.contains("`a` is called here") && found.contains("`b` is called here"), "{found}");
    for (text, message) in [
        ("print y", "`y` has no value"),
        ("foo(3)", "there is no procedure or function `foo`"),
        ("L = 3", "no section is accessed"),
        ("create a, b\nconnect a(0), b(1)\nconnect b(0), a(1)", "its own ancestor"),
        ("objref o\no.x = 3", "no object"),
        ("x = 1 / 0", "division by 0"),
        ("create a\na.nseg = 0", "0 segments"),
        ("xopen(\"nowhere.hoc\")", "cannot read nowhere.hoc"),
        ("load_file(\"nowhere.hoc\")\nfoo()", "cannot read nowhere.hoc"),
        ("quit()", "has built nothing"),
        ("execerror(\"no\", \"good\")", "gives up: no good"),
        ("objref o\no = new Nothing()", "no template or point process"),
        ("begintemplate T\nproc init() {", "no `endtemplate`"),
        ("create a\naccess a\nfinitialize(-65)\nfadvance()\nprint v\nx = v", "nothing is run"),
        ("x = \"text", "does not end"),
    ] {
        let found = told(text);
        assert!(found.contains(message), "{text}\n{found}");
    }
}

#[test]
fn a_text_that_ends_anywhere_ends_in_diagnostics_at_most() {
    let text = include_str!("../../../tests/peers/cells/branches.hoc");
    for end in (0..text.len()).step_by(7).filter(|end| text.is_char_boundary(*end)) {
        run(&text[..end], Some("Branchy"), &Texts(&[]));
    }
}

#[test]
fn numbers_may_follow_the_statement_that_reads_them() {
    // What is no number is passed over; what stands behind the last number that was read is hoc again.
    let text = "create soma\naccess soma\nx = 0\nproc read() { local i, n\n n = fscan()\n for i = 1, n pt3dadd(fscan(), fscan(), 0, fscan()) }\nread()\n\n\
                COORDINATES {of the soma:\n 3\n 0 0 5\n 10 0 4\n 10 20 3\nx = fscan()\n7.5\nprint x, n3d(), L, arc3d(1)\n";
    assert_eq!(printed(text), "7.5 3 30 10 \n");
    // NEURON 9.0.2 prints the same.
    let text = "strdef s, r\nproc take() { local i, n\n n = fscan() getstr(s, 1) getstr(r) printf(\"%g|%s|%s\", n, s, r) }\ntake()\n\
                cells: rank = 3  supLTS -65 -75\ntake()\n4 two   lines\nx = getstr(s)\n a line\nprintf(\"%g|%s|\\n\", x, s)\n";
    assert_eq!(printed(text), "3|supLTS| -65 -75\n4|two|   lines\n8| a line\n|\n");
    assert!(told("strdef s\ngetstr(s)\n").contains("nothing more to read"));
    assert!(told("x = fscan()\nprint x\n").contains("no more numbers"), "{}", told("x = fscan()\nprint x\n"));
    let name =
        "objref s, f\ns = new String()\nf = new StringFunctions()\ns.s = \"cell.asc\"\nf.right(s.s, f.len(s.s) - 4)\nprint s.s\n";
    assert_eq!(printed(name), ".asc\n");
}

#[test]
fn a_cell_that_gives_up_is_told() {
    let files = Texts(&[]);
    let text = "begintemplate T\ncreate soma\nproc init() { printf(\"no such format\\n\") quit() }\nendtemplate T\n";
    let (_, made, _, told) = run(text, Some("T"), &files);
    assert!(made.is_none() && told.contains("`T` ends by `quit()`") && told.contains("it has printed: no such format"), "{told}");
    let text = "strdef a, f\nx = 0\nf = \"%s %g\"\nsscanf(\"name 2.5\", f, a, &x)\nprint a, x\n";
    assert_eq!(printed(text), "name2.5 \n");
}

#[test]
fn texts_of_the_call_itself_may_be_written_into() {
    let text = "objref f\nf = new StringFunctions()\nprint f.head(\"soma[2]\", \"\\\\[\", \"\"), f.head(\"soma\", \"x\", \"\")\n";
    assert_eq!(printed(text), "4 -1 \n");
}

#[test]
fn spikes_of_vectors_are_those_of_neuron() {
    // NEURON 9.0.2 gives 0, 1, 0, 0, 1, 0, 0, 1.
    let text = "objref v, w\nv = new Vector()\nv.append(0, 1, 2, 0.5, 1, 1, 0, 3)\nw = new Vector()\nw.spikebin(v, 1)\n\
                print w.size(), w.sum(), w.x[1], w.x[4], w.x[7]\n";
    assert_eq!(printed(text), "8 3 1 1 1 \n");
}

#[test]
fn derivatives_of_vectors_are_those_of_neuron() {
    // NEURON 9.0.2 prints the same.
    let text = "objref v, w\nv = new Vector()\nv.append(0, 1, 4, 9)\nw = v.c()\nw.deriv(0.5, 1)\nprint w.size(), w.x[0], w.x[2]\n\
                w.deriv(v, 1)\nprint w.size(), w.x[0], w.x[1], w.x[3]\n";
    assert_eq!(printed(text), "3 2 10 \n4 1 2 5 \n");
}

#[test]
fn shapes_and_resistivities_are_set_as_neurons_library_sets_them() {
    // Numbers of NEURON 9.
    let text = "create a, b\nconnect b(0), a(1)\na { nseg = 3 L = 30 diam = 10 }\na.diam(0.5) = 8\na.diam(0.9) = 6\nb { L = 50 diam = 2 }\n\
                define_shape()\nset_ra(70)\naccess a\nprintf(\"%g %.10g %g %g \", n3d(), diam(0.1), diam3d(2), L)\n\
                distance(0, 0.5)\nb printf(\"%g %g %g %g\", Ra, x3d(2), distance(1, 0.5), distance(0.5))\n";
    assert_eq!(printed(text), "5 9.75 8 30 70 80 40 40");
    assert_eq!(
        printed(
            "create a\naccess a\npt3dadd(0,0,0,1)\npt3dadd(10,0,0,1)\npt3dinsert(1,5,0,0,2)\nprintf(\"%g %g \", n3d(), diam3d(1))\npt3dremove(1)\nprintf(\"%g\", n3d())\n"
        ),
        "3 2 2"
    );
}

#[test]
fn shapes_are_defined_as_neuron_defines_them() {
    // NEURON 9.0.2: where the diameter varies, the section is a row of frusta from then on.
    let text = "create soma, hillock\naccess soma\nL = 25\ndiam = 20\nconnect hillock(0), soma(0)\nhillock { nseg = 3 L = 5 diam(0:1) = 20:1.5 }\n\
                define_shape()\nhillock print n3d()\nsoma print n3d()\nhillock for (x, 0) printf(\"%.12g %.12g\\n\", diam(x), area(x))\n";
    let text = text.replace("nseg = 3 L", "nseg = 3\nL").replace("L = 5 diam", "L = 5\ndiam");
    assert_eq!(printed(&text), "5 \n3 \n16.145832777 128.935905927\n10.7500000507 118.369820885\n5.35416669548 45.7207750365\n");
}

#[test]
fn samples_are_picked_counted_and_copied_as_in_neuron() {
    let text = "objref a, w\na = new Vector()\na.indgen(0, 5, 1)\nw = new Vector(2)\nw.x[0] = 4\nw.x[1] = 1\nprint a.ind(w).x(0), a.ind(w).x(1), a.mag()^2, a.c.integral(2).x[5]\n\
                func double_() { return 2*$1 }\nprint a.reduce(\"double_\", 1), a.c.apply(\"double_\").sum()\nw.copy(a, 1, 2, 4)\nprint w.size(), w.x[3], w.x[1]\n\
                print a.histogram(0, 6, 2).x[1], a.c.rebin(2).x[2]\n";
    assert_eq!(printed(text), "4 1 55 30 \n31 30 \n4 4 2 \n2 9 \n");
}

#[test]
fn a_script_goes_to_other_folders_and_tries_texts() {
    let files = Texts(&[("sub/a.hoc", "xopen(\"b.hoc\")\n"), ("sub/deep/b.hoc", "x = 7\n")]);
    let text = "x = 0\nchdir(\"sub\")\nchdir(\"deep/../deep\")\nxopen(\"b.hoc\")\nchdir(\"../..\")\nprint x, execute1(\"foo(3)\"), execute1(\"x = 8\"), x\n\
                print name_declared(\"x\"), name_declared(\"Vector\"), name_declared(\"distance\"), name_declared(\"nothing\")\n";
    let (_, _, printed, told) = run(text, None, &files);
    assert_eq!((printed.as_str(), told.as_str()), ("7 0 1 8 \n5 1 1 0 \n", ""));
}

#[test]
fn what_finitialize_leaves_can_be_read() {
    // NEURON 9.0.2, with its table of the rates.
    let text = "create soma\naccess soma\ninsert hh\ninsert pas\ngnabar_hh = 0.1\nfinitialize(-57.3)\nfcurrent()\n\
                printf(\"%.11g %.11g %.11g %.11g %.11g\\n\", ina, ik, il_hh, i_pas, gna_hh)\ngnabar_hh = 0.2\n\
                e_pas = v + (ina + ik + il_hh) / g_pas\nprintf(\"%.11g %.11g\\n\", e_pas, ina)\nfcurrent()\nprintf(\"%.11g\\n\", ina)\n";
    let neuron =
        "-0.0069320288048 0.026405308917 -0.0009 0.0127 6.460418271e-05\n-38.726719888 -0.0069320288048\n-0.01386405761\n";
    assert_eq!(printed(text), neuron);
}

/// Mechanisms as a folder would have them.
fn with_files(files: &[&str]) -> Catalog {
    let mut catalog = Catalog::default();
    for text in files {
        let (mut sources, mut found) = (SourceMap::new(), Diagnostics::new());
        let tree = parse("m.mod", text, &|_| Err("nothing beside it".to_owned()), &mut sources, &mut found);
        catalog.add(of_file(&tree).expect("a mechanism"));
    }
    catalog
}

#[test]
fn initial_values_of_files_are_neurons() {
    let pool = "NEURON { SUFFIX pool USEION ca READ cai, ica WRITE cai }\nUNITS { (mM) = (milli/liter) (mA) = (milliamp) }\n\
                PARAMETER { rest = 2e-4 (mM) tau = 50 (ms) }\nASSIGNED { ica (mA/cm2) }\nSTATE { cai (mM) }\nINITIAL { cai = rest }\n\
                BREAKPOINT { SOLVE fall METHOD cnexp }\nDERIVATIVE fall { cai' = (rest - cai) / tau - 10 * ica }\n";
    let leaky = "NEURON { SUFFIX leaky USEION ca READ eca, cai WRITE ica NONSPECIFIC_CURRENT i RANGE g, half, open }\n\
                 UNITS { (mV) = (millivolt) (mA) = (milliamp) (S) = (siemens) (mM) = (milli/liter) }\n\
                 PARAMETER { g = 1e-4 (S/cm2) half = -40 (mV) }\nASSIGNED { v (mV) eca (mV) cai (mM) ica (mA/cm2) i (mA/cm2) open }\n\
                 STATE { m }\nINITIAL { rate(v) m = open }\n\
                 BREAKPOINT { SOLVE gate METHOD cnexp ica = g * m * (v - eca) i = g / (1 + 1e4 * cai) * (v + 70) }\n\
                 DERIVATIVE gate { rate(v) m' = open - m }\nPROCEDURE rate(v (mV)) { open = 1 / (1 + exp((half - v) / 7)) }\n";
    let text = "create soma\naccess soma\ninsert pool\ninsert leaky\nhalf_leaky = -50\ncelsius = 20\nfinitialize(-57.3)\n\
                printf(\"%.11g %.11g %.11g %.11g\\n\", ica, i_leaky, open_leaky, m_leaky)\n\
                printf(\"%.11g %.11g\\n\", eca, cai)\ncai = 5e-4\nprintf(\"%.11g %.11g\\n\", eca, cai)\n\
                fcurrent()\nprintf(\"%.11g %.11g %.11g\", eca, cai, ica)\n";
    let (mut sources, mut found) = (SourceMap::new(), Diagnostics::new());
    let files = Texts(&[]);
    let model = Model::new(with_files(&[pool, leaky]));
    let mut hoc = Hoc::new(model, "cell.hoc", &files, &mut sources, &mut found, Limits::default());
    assert!(hoc.file("cell.hoc", text.as_bytes()));
    // NEURON 9.0.2; eca is that of the concentrations.
    let neuron = "-0.0045248987515 0.00042333333333 0.26059908261 0.26059908261\n116.33448506 0.0002\n116.33448506 0.0005\n104.76094856 0.0005 -0.0042232934521";
    assert_eq!(hoc.printed, neuron);
}

#[test]
fn sections_may_have_several_indices_and_iterators_give_objects() {
    let text = "create d[2][3]\naccess d[1][2]\nprint secname()\nconnect d[1][2](0), d[0][1](1)\nobjref o, l, s\nl = new List()\ns = new String(\"a\")\nl.append(s)\n\
                iterator each() { local k\n for k = 0, $o1.count() - 1 { $o2 = $o1.object(k)\n iterator_statement } }\nfor each(l, o) print o.s\n\
                finitialize(-60)\nfadvance()\nprint v, \"shown\"\n";
    assert_eq!(printed(text), "d[1][2]\na\nnan shown\n");
}

#[test]
fn the_clipboard_becomes_two_vectors() {
    let files = Texts(&[("trace.dat", "label:v\n3\n0\t-65\n0.1\t-64\n0.2\t-60\n")]);
    let text = "clipboard_retrieve(\"trace.dat\")\nprint hoc_obj_[0].size(), hoc_obj_[0].x[2], hoc_obj_[1].x[1]\n\
                clipboard_retrieve(\"none.dat\")\nprint hoc_obj_[0].size()\n";
    let (model, _, printed, told) = run(text, None, &files);
    assert_eq!((printed.as_str(), told.as_str()), ("3 -60 0.1 \n0 \n", ""));
    assert!(model.notes.iter().any(|note| note.contains("none.dat")), "{:?}", model.notes);
}

#[test]
fn a_template_may_open_the_file_of_its_shape() {
    let files = Texts(&[(
        "geometry.hoc",
        "create dendrite[2]\nconnect dendrite[0](0), soma(1)\nsoma { L = 12 }\ndendrite[1] { L = 34 }\n",
    )]);
    let text = "begintemplate T\npublic soma, dendrite\ncreate soma, dendrite[1]\nproc init() { xopen(\"geometry.hoc\") }\nendtemplate T\n\
                objref q\nq = new T()\nprint q.soma.L, q.dendrite[1].L\nforall print secname()\n";
    let (_, _, printed, told) = run(text, None, &files);
    assert_eq!((printed.as_str(), told.as_str()), ("12 34 \nT[0].soma\nT[0].dendrite[0]\nT[0].dendrite[1]\n", ""));
}
