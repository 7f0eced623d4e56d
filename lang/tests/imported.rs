//! Cells of hoc files in scripts: they are checked like cells of the language, and what is wrong with them is told.

use bouton_lang::{Checked, World, check};
use bouton_model::ir::{CellBody, Tree};
use bouton_syntax::render::lines;

/// Files by their paths.
struct Files;

const CELL: &str = "
begintemplate Two
public soma, dend, tips
create soma, dend[4]
objref tips, syn
proc init() { local i
    create soma, dend[4]
    access soma
    soma { L = 20  diam = $1  nseg = 3  insert hh  gnabar_hh(0:1) = 0.1:0.2  ek = -80 }
    for i = 1, 3 dend[i] { pt3dadd(0, 0, 0, 2) pt3dadd(30, 0, 0, 1) L = 60 insert pas g_pas = 0.0002 * i }
    dend[0] delete_section()
    for i = 1, 2 connect dend[i](0), soma(i - 1)
    connect dend[3](1), dend[2](0.5)
    tips = new SectionList()
    dend[1] tips.append()
    dend[3] tips.append()
    dend[2] syn = new ExpSyn(0.4)
    syn.tau = 3
}
endtemplate Two
";

impl World for Files {
    fn read(&self, path: &str) -> Result<String, String> {
        match path {
            "cells/two.hoc" => Ok(CELL.to_owned()),
            "cycle.hoc" => Ok("xopen(\"cycle.hoc\")".to_owned()),
            "net.hoc" => Ok(format!("{CELL}{NETWORK}")),
            "kdr.hoc" => Ok("create soma\naccess soma\ninsert kdr\n".to_owned()),
            "show.hoc" => Ok("create soma\nshow_it(soma.L)\n".to_owned()),
            "own.hoc" => Ok(OWN.to_owned()),
            "own.mod" => Ok(NEURON.to_owned()),
            "leaky.mod" => Ok(LEAKY.to_owned()),
            "thin.hoc" => Ok(sized("5", "-60")),
            "thick.hoc" => Ok(sized("50", "-75")),
            "never.mod" => Ok(NEVER.to_owned()),
            "broken.mod" => Ok("NEURON { SUFFIX broken }\nBREAKPOINT { x = = 1 }\n".to_owned()),
            "pulses.mod" => Ok(PULSES.to_owned()),
            _ => Err("no such file".to_owned()),
        }
    }

    fn list(&self, pattern: &str) -> Result<Vec<String>, String> {
        Ok(match pattern {
            "*.mod" => ["broken.mod", "leaky.mod"].map(str::to_owned).to_vec(),
            one => vec![one.to_owned()],
        })
    }
}

/// An array of parameters, and elements behind the end of another.
const PULSES: &str = "
NEURON { POINT_PROCESS Pulses RANGE amp ELECTRODE_CURRENT i }
PARAMETER { amp[3] }
ASSIGNED { i part[2] }
BREAKPOINT {
    FROM k = 0 TO 2 { part[k] = amp[k] }
    i = part[0] + part[1] + part[2]
}
";

/// Cells that a script makes: two alike, one that is not, and one alike again; two trees of its own; an object that is no cell.
const NETWORK: &str = "
objref pyr[4], all, nc, clamp, nobody, other
all = new List()
for i = 0, 3 { pyr[i] = new Two(20 + 5 * (i == 2)) all.append(pyr[i]) }
pyr[0].soma nc = new NetCon(&v(0.5), pyr[1].syn)
nc.threshold = -10
create bare[2]
forsec \"bare\" { L = 30 insert pas }
create apart
apart clamp = new IClamp(0.5)
proc show() { nowhere() }
show()
";

/// A point process that is a neuron by itself, with two values that its events bring.
const NEURON: &str = "
NEURON { POINT_PROCESS Simple RANGE k }
PARAMETER { k = 1 }
STATE { V g h }
INITIAL { V = 0 g = 0 h = 0 net_send(0, 1) }
BREAKPOINT { SOLVE states METHOD derivimplicit }
DERIVATIVE states { V' = g - h - V  g' = -g  h' = -h }
NET_RECEIVE (wg, wh) {
    if (flag == 1) { WATCH (V > 30) 2 }
    else if (flag == 2) { net_event(t) V = 0 }
    else { g = g + wg h = h + wh }
}
";

/// Shows a variable that it never sets.
const NEVER: &str = "
NEURON { SUFFIX never RANGE gain, twice }
ASSIGNED { gain twice }
STATE { x }
INITIAL { x = 0 }
BREAKPOINT { SOLVE s METHOD cnexp }
DERIVATIVE s { twice = 2 * gain x' = twice - x }
";

/// A leak whose values all segments of a file share.
const LEAKY: &str = "
NEURON { SUFFIX leaky NONSPECIFIC_CURRENT i GLOBAL g, e }
PARAMETER { g = 0.001 (S/cm2) e = -70 (mV) }
ASSIGNED { v (mV) i (mA/cm2) }
BREAKPOINT { i = g * (v - e) }
";

/// Files with the same names for everything: a procedure, a variable, a template, what all share.
fn sized(diam: &str, e: &str) -> String {
    format!(
        "size = {diam}
proc geometry() {{ forall {{ L = diam = size }} }}
begintemplate Same
public soma
create soma
endtemplate Same
objref one
one = new Same()
create soma, tip
connect tip(0), soma(1)
access soma
insert leaky
geometry()
if (seen == 0) {{ e_leaky = {e} }}
seen += 1
celsius = size
"
    )
}

const OWN: &str = "create home\naccess home\nobjref cell\ncell = new Simple(0.5)\n";

macro_rules! own {
    ($lines:literal) => {
        concat!("import mechanisms \"own.mod\"\ncell C = import \"own.hoc\" { ", $lines, " }\npopulation p: C\n")
    };
}

fn checked(text: &str) -> Checked {
    check("test.net", text, &Files)
}

fn tree(text: &str) -> Tree {
    let checked = checked(text);
    assert_eq!(lines(&checked.diagnostics, &checked.sources), "");
    let program = checked.program.expect(text);
    match &program.cells.first().expect(text).body {
        CellBody::Tree(tree) => (**tree).clone(),
        CellBody::Free(_) => Tree::default(),
    }
}

#[test]
fn a_template_becomes_a_cell_of_the_language() {
    let text = "cell Two = import \"cells/two.hoc\" template Two(15) {
    rename soma -> body
    in tips { insert hh }
    in dend[2] { cm = 2 uF/cm2 }
    spike at tips[1](0.5) above -20 mV
}
population p: Two[3]
simulation { duration = 1 ms }
record v = p[0].dend[3](0.5).v
";
    let tree = tree(text);
    let names: Vec<&str> = tree.sections.iter().map(|one| &*one.name).collect();
    // Arrays come first; their indices are those of the file.
    assert_eq!(names, ["dend[1]", "dend[2]", "dend[3]", "body"]);
    let parents: Vec<Option<(usize, bool)>> =
        tree.sections.iter().map(|one| one.parent.as_ref().map(|link| (link.section.index(), link.by_end))).collect();
    assert_eq!(parents, [Some((3, false)), Some((3, false)), Some((1, true)), None]);
    let inserts: Vec<usize> = tree.sections.iter().map(|one| one.inserts.len()).collect();
    assert_eq!(inserts, [2, 1, 2, 1]);
    assert!(tree.sections[0].points.is_some() && tree.sections[0].length.is_some(), "stretched points");
    assert_eq!(tree.synapses.len(), 1);
    assert_eq!(&*tree.synapses[0].name, "ExpSyn_0");
    assert_eq!(tree.spike.map(|spike| spike.place.section.index()), Some(2));
}

#[test]
fn without_a_place_for_spikes_it_is_the_middle_of_the_root() {
    let tree = tree("cell Two = import \"cells/two.hoc\" template Two(15)\npopulation p: Two\nsimulation { duration = 1 ms }\n");
    assert_eq!(tree.spike.map(|spike| spike.place.section.index()), Some(3));
}

#[test]
fn what_is_wrong_is_told_where_it_is() {
    for (text, wanted) in [
        ("cell C = import \"nowhere.hoc\" template T\n", "cannot import a cell from nowhere.hoc: no such file"),
        ("cell C = import \"cells/two.hoc\" template Three\n", "it has no template `Three`; it has Two"),
        ("cell C = import \"cells/two.hoc\" template Two\n", "there is no argument 1"),
        ("cell C = import \"cycle.hoc\"\n", "loads itself"),
        (
            "cell C = import \"kdr.hoc\"\n",
            "there is no mechanism `kdr`; files were looked for in nothing: the script has no `import mechanisms`",
        ),
        (
            "import mechanisms \"own.mod\"\ncell C = import \"kdr.hoc\"\n",
            "kdr.hoc:3:1: error[E0702]: there is no mechanism `kdr`; files were looked for in own.mod",
        ),
        ("cell C = import \"show.hoc\"\n", "there is no procedure or function `show_it`"),
        ("cell C = import \"cells/two.hoc\" template Two(15) { rename sona -> s }\n", "the file has no section `sona`"),
        ("cell C = import \"cells/two.hoc\" template Two(15) { in sona { insert pas } }\n", "has no section `sona`"),
        ("cell C { section s { }\nrename s -> t }\n", "for imported cells only"),
        (own!("voltage is Simple_0.W"), "`Simple_0` has no state or definition `W`"),
        (own!("voltage is Simple_1.V"), "`C` has no point mechanism `Simple_1`"),
        (own!("voltage is home"), "a cell's own voltage is a variable of a point mechanism"),
        (own!("voltage is Simple_0.V; voltage is Simple_0.g"), "voltage"),
        (own!("synapse AMPA: Simple_0.w"), "events of `Simple_0` bring no `w`"),
        (own!("synapse AMPA: Simple_0.wg at home(0.5)"), "`Simple_0` has its place already"),
        (own!("synapse AMPA: Simple_0.wg { units = 1 uS }"), "has no attribute `units`"),
    ] {
        let checked = checked(text);
        let told = lines(&checked.diagnostics, &checked.sources);
        assert!(told.contains(wanted), "{text}{told}");
        assert!(checked.program.is_none(), "{text}");
    }
}

#[test]
fn what_is_wrong_with_a_file_of_many_is_told_where_it_is_used() {
    let told = |text: &str| {
        let checked = checked(text);
        (lines(&checked.diagnostics, &checked.sources), checked.program.is_some())
    };
    let script = |insert: &str| {
        format!("cell C {{ section s {{ insert {insert} }} }}\npopulation p: C\nsimulation {{ duration = 1 ms }}\n")
    };
    let (many, good) = told(&format!("import mechanisms \"*.mod\"\n{}", script("leaky")));
    assert!(good && many.contains("broken.mod:2:18: warning[E0701]"), "{many}");
    let (used, good) = told(&format!("import mechanisms \"*.mod\"\n{}", script("broken")));
    assert!(!good && used.contains("broken.mod:2:18: error[E0701]"), "{used}");
    let (single, good) = told(&format!("import mechanisms \"leaky.mod\", \"broken.mod\"\n{}", script("leaky")));
    assert!(!good && single.contains("broken.mod:2:18: error[E0701]"), "{single}");
}

#[test]
fn elements_of_arrays_are_set() {
    let text = |what: &str| {
        format!(
            "import mechanisms \"pulses.mod\"\ncell C {{ section s {{ }}\nsynapse p: Pulses at s(0.5) {{ {what} }} }}\npopulation p: C\n\
             simulation {{ duration = 1 ms }}\n"
        )
    };
    let found = checked(&text("amp[0] = 1, amp[2] = 3"));
    assert_eq!(lines(&found.diagnostics, &found.sources), "");
    let program = found.program.expect("a program");
    let CellBody::Tree(tree) = &program.cells[0].body else { panic!("no sections") };
    let set: Vec<_> = tree.synapses[0].settings.iter().map(|one| one.variable.index()).collect();
    let pulses = &program.mechanisms[tree.synapses[0].mechanism.index()];
    let names: Vec<_> = set.iter().map(|at| &*pulses.variables[*at].name).collect();
    assert_eq!(names, ["amp[0]", "amp[2]"]);
    let found = checked(&text("amp[3] = 1"));
    assert!(lines(&found.diagnostics, &found.sources).contains("`Pulses` has no parameter `amp[3]`"));
}

#[test]
fn a_call_can_be_passed_over() {
    tree("cell C = import \"show.hoc\" { ignore show_it }\npopulation p: C\nsimulation { duration = 1 ms }\n");
}

#[test]
fn what_a_file_declares_or_sets_no_other_file_sees() {
    let text = "import mechanisms \"leaky.mod\"
cell Thin = import \"thin.hoc\"
cell Thick = import \"thick.hoc\"
cell Again = import \"thin.hoc\"
cell Own { section soma { insert leaky } }
population a: Thin
population b: Thick
population c: Again
population d: Own
simulation { duration = 1 ms }
";
    let checked = checked(text);
    let program = checked.program.expect("a program");
    let of = |name: &str| {
        let cell = program.cells.iter().find(|cell| &*cell.name == name).expect(name);
        let CellBody::Tree(tree) = &cell.body else { panic!("{name} has no sections") };
        let inserts = &tree.sections[0].inserts;
        assert_eq!(inserts.len(), 1, "{name}");
        let diam = tree.sections[0].diam.as_ref().map(|diam| format!("{:?}", diam.value));
        (diam, inserts[0].settings.iter().map(|one| format!("{:?}", one.value.value)).collect::<Vec<_>>())
    };
    let (thin, thick, again, own) = (of("Thin"), of("Thick"), of("Again"), of("Own"));
    assert_eq!(thin, again);
    assert!(thin.0 != thick.0 && thin.1 != thick.1, "{thin:?} {thick:?}");
    assert!(thin.1[0].contains("-60") && thick.1[0].contains("-75"), "{thin:?} {thick:?}");
    assert!(own.1.is_empty(), "{own:?}");
}

#[test]
fn a_point_process_without_current_is_the_cell() {
    let program = |text: &str| {
        let checked = checked(text);
        assert_eq!(lines(&checked.diagnostics, &checked.sources), "");
        checked.program.expect(text)
    };
    let spikes = |text: &str| {
        let program = program(text);
        let CellBody::Tree(tree) = &program.cells[0].body else { panic!("{text}") };
        let own = &program.mechanisms[tree.synapses[0].mechanism.index()];
        (tree.spike.is_some(), own.fires(), own.conditions.len(), own.handlers.len())
    };
    // Its events are the cell's spikes; where the script says where these are, they are no others.
    let (_, _, conditions, handlers) = spikes(own!(""));
    assert_eq!(spikes(own!("")), (false, true, conditions, handlers));
    assert_eq!(spikes(own!("voltage is Simple_0.V")), (false, true, conditions + 1, handlers));
    assert_eq!(spikes(own!("spike at home(0.5)")), (true, false, conditions, handlers));
    assert_eq!(spikes(own!("spike at Simple_0.V above 5")), (false, true, conditions + 1, handlers));
    let ports = spikes(own!("synapse inh: Simple_0.wh; synapse exc: Simple_0.wg { unit = 2 nS }"));
    assert_eq!(ports, (false, true, conditions, handlers + 2));
    let program = program(own!("synapse Simple: Simple_0.wh { unit = 1 nS }\n"));
    let CellBody::Tree(tree) = &program.cells[0].body else { panic!("a tree") };
    let port = &tree.ports[0];
    let handler = &program.mechanisms[tree.synapses[port.synapse].mechanism.index()].handlers[port.handler.index()];
    assert_eq!((handler.arguments.len(), &*handler.arguments[0].name), (1, "weight"));
}

#[test]
fn a_name_of_the_script_hides_that_of_a_file() {
    let text = concat!(
        own!("voltage is Simple_0.V"),
        "population q: C[2]\nsynapse Simple = ExpSyn\nconnect q -> q via Simple { weight = 1 nS }\n"
    );
    let checked = checked(text);
    assert_eq!(lines(&checked.diagnostics, &checked.sources), "");
}

#[test]
fn what_a_file_shows_and_never_sets_is_for_scripts_to_set() {
    let text = |set: &str| {
        let text = format!(
            "import mechanisms \"never.mod\"\ncell C {{ section s {{ insert never {{ {set} = 2 }} }} }}\npopulation p: C\n"
        );
        let checked = checked(&text);
        lines(&checked.diagnostics, &checked.sources)
    };
    assert!(!text("gain").contains("error"), "{}", text("gain"));
    assert!(text("twice").contains("is computed and cannot be set"), "{}", text("twice"));
}

fn populations(text: &str) -> Vec<(String, u32, usize)> {
    let checked = checked(text);
    assert!(checked.diagnostics.is_empty(), "{}", bouton_syntax::render::lines(&checked.diagnostics, &checked.sources));
    let program = checked.program.expect("checked");
    let of = |population: &bouton_model::ir::Population| {
        let count = match population.count.as_ref().map(|count| &count.value) {
            Some(bouton_model::ir::Expr::Number(count)) => *count as u32,
            other => panic!("{other:?}"),
        };
        (population.name.to_string(), count, population.cell.index())
    };
    program.populations.iter().map(of).collect()
}

#[test]
fn cells_that_a_script_made_are_populations() {
    let of = |lines: &str| populations(&format!("import cells \"net.hoc\" of {lines}\n"));
    // Cells that differ are populations of their own, in a set; connections into them change nothing, what watches them does.
    let all = of("pyr { ignore show }\nconnect pyr -> pyr via ExpSyn_0 { pairs = [(2, 3)], weight = 1 nS }");
    let named: Vec<_> = all.iter().map(|(name, size, _)| (name.as_str(), *size)).collect();
    assert_eq!(named, [("pyr_0", 1), ("pyr_1", 2), ("pyr_2", 1)]);
    // The same through a list, and through the template itself; with a place for spikes of the script's own there are two kinds.
    for name in ["all", "Two"] {
        let all = of(&format!("{name} {{ ignore show; spike at soma(0.5) above 0 mV }}"));
        let sizes: Vec<u32> = all.iter().map(|(_, size, _)| *size).collect();
        assert_eq!(sizes, [3, 1], "{name}");
    }
    let bare = of("bare { ignore show; rename bare -> trunk }");
    assert_eq!(bare.first().map(|(name, size, _)| (name.as_str(), *size)), Some(("bare", 2)));
}

#[test]
fn what_a_script_does_not_hold_is_told() {
    for (lines, wanted) in [
        ("pry { ignore show }", "net.hoc holds no cells under `pry`"),
        ("nobody { ignore show }", "there is no cell under `nobody` when net.hoc has ended"),
        ("clamp { ignore show }", "IClamp[0] is no cell"),
        ("pyr", "nowhere"),
    ] {
        let found = checked(&format!("import cells \"net.hoc\" of {lines}\npopulation q: pyr_cell\n"));
        let told = bouton_syntax::render::lines(&found.diagnostics, &found.sources);
        assert!(told.contains(wanted) && found.diagnostics.len() == 1, "{told}");
    }
    for (file, wanted) in [("gone.hoc", "cannot read gone.hoc"), ("two.swc", "this is none"), ("cells/two.PY", "this is none")] {
        let found = checked(&format!("import cells \"{file}\" of pyr\n"));
        let told = bouton_syntax::render::lines(&found.diagnostics, &found.sources);
        assert!(told.contains(wanted), "{told}");
    }
}
