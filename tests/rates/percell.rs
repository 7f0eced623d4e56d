//! Lists in the braces of a population: a value for each cell.

use super::{network, run};
use bouton_engine::run::Recording;
use bouton_lang::{NoFiles, check};

const CELL: &str = "cell C per s {\n    param k = 1, tau = 1\n    input u\n    state x = 0\n    x' = (k + u - x) / tau\n}\n";
const END: &str = "simulation { dt = 10 ms, solver = rk4 }\n";

fn values(recording: &Recording, trace: usize) -> Vec<u64> {
    recording.traces[trace].values.iter().flatten().map(|x| x.to_bits()).collect()
}

/// Each cell of a list is the cell that has these values alone: parameters, initial values, inputs, also where a list varies in time.
#[test]
fn a_list_is_as_many_cells() {
    let list = run(
        &format!(
            "{CELL}param big = 5\nlet taus = [0.5, 1, 2]\n
population p: C[3] {{ k = [1, 2 * big, -3], tau = taus, x = [0.1, 0, 0.3] + 1, u = [1, 2, 3] * sin(t * 1/s) }}
record x = p.x every 0.1 s\n{END}"
        ),
        3000.0,
    );
    let alone: Vec<u64> = [(1.0, 0.5, 0.1, 1.0), (10.0, 1.0, 0.0, 2.0), (-3.0, 2.0, 0.3, 3.0)]
        .into_iter()
        .flat_map(|(k, tau, x, u)| {
            let one = format!(
                "{CELL}population p: C {{ k = {k:?}, tau = {tau:?}, x = {x:?} + 1, u = {u:?} * sin(t * 1/s) }}\nrecord x = p.x every 0.1 s\n{END}"
            );
            values(&run(&one, 3000.0), 0)
        })
        .collect();
    assert_eq!(values(&list, 0), alone);
}

/// The same in cells with sections: a parameter of the cell, a length, a mechanism's parameter; and in a circuit.
#[test]
fn lists_of_cells_with_sections_and_in_circuits() {
    let cell =
        "cell B {\n    param len = 10 um\n    section soma { L = len, diam = 10 um; insert pas { g = 1 mS/cm2, e = -60 mV } }
    section dend { L = 100 um, diam = 1 um, nseg = 3; connect soma(1); insert pas { g = 0.1 mS/cm2, e = -60 mV } }\n}\n";
    let end = "simulation { dt = 0.025 ms }\n";
    let of = |text: &str| values(&run(&format!("{cell}{text}{end}"), 20.0), 0);
    let list = "population p: B[3] { len = [10 um, 20 um, 30 um], dend.diam = [1, 2, 3] * 1 um, soma.pas.e = [-60 mV, -70 mV, -80 mV] }\n";
    let all = of(&format!("{list}record v = p.soma(0.5).v every 1 ms\n"));
    let alone = (1..=3).flat_map(|k| {
        let (len, diam, e) = (10 * k, k, -50 - 10 * k);
        of(&format!(
            "population p: B {{ len = {len} um, dend.diam = {diam} um, soma.pas.e = {e} mV }}\nrecord v = p.soma(0.5).v every 1 ms\n"
        ))
    });
    assert_eq!(all, alone.collect::<Vec<_>>());
    let circuit = of(&format!("circuit K {{\n    {list}}}\ncircuit k: K\nrecord v = k.p.soma(0.5).v every 1 ms\n"));
    assert_eq!(circuit, all);
}

/// Lists of another length, of mixed kinds, of no numbers; a size that is known only when the network is built.
#[test]
fn lists_that_do_not_fit() {
    let told = |braces: &str| {
        let checked = check("test.net", &format!("{CELL}population p: C[3] {{ {braces} }}\n{END}"), &NoFiles);
        checked.diagnostics.iter().map(|d| format!("{} {}", d.code, d.message)).collect::<Vec<_>>().join("; ")
    };
    assert_eq!(told("k = [1, 2]"), "E0415 there are values for 2 cells, and `p` has 3");
    assert_eq!(told("k = 2 * [1, 2, 3, 4] + 1"), "E0415 there are values for 4 cells, and `p` has 3");
    assert_eq!(told("k = []"), "E0415 there are values for 0 cells, and `p` has 3");
    assert_eq!(told("k = [1, 2 mV, 3]"), "E0301 a list has values of one kind; found a plain number and a voltage (mV)");
    assert_eq!(told("k = [true, false, true]"), "E0305 a truth value cannot stand in a list");
    assert_eq!(told("k = [[1], 2, 3]"), "E0305 a list cannot stand in a list");
    assert_eq!(told("k = values(\"k.csv\")"), "E0601 cannot read `k.csv`: there are no files here");
    assert_eq!(told("k = values(3)"), "E0415 expected the name of a file");
    let script = format!("{CELL}param n = 3\npopulation p: C[n] {{ k = [1, 2, 3] }}\n{END}");
    assert_eq!(network(&script).cells.len(), 3);
    let program = check("test.net", &script, &NoFiles).program.expect("a program");
    let n = bouton_model::ir::ParamId(0);
    let knobs = bouton::build::Knobs { params: vec![(n, 4.0)], ..bouton::build::Knobs::default() };
    let found: Vec<_> =
        bouton::build::build(&program, &knobs).map(|_| ()).expect_err("another size").into_iter().map(|d| d.message).collect();
    assert_eq!(found, ["there are values for 3 cells, and `p` has 4"]);
}

/// Behind a `*` of circuits a population's cells are taken by their index.
#[test]
fn indices_behind_a_star() {
    let of = |path: &str| {
        let script = format!(
            "{CELL}circuit K {{\n    population p: C[2] {{ k = [1, 2] }}\n    population q: C\n}}\ncircuit M {{\n    circuit a: K\n    circuit b: K\n}}
circuit m: M\nrecord x = {path} every 1 s\n{END}"
        );
        let last = |values: &Vec<f64>| values.last().map(|x| (10.0 * x).round() / 10.0);
        run(&script, 20_000.0).traces[0].values.iter().filter_map(last).collect::<Vec<_>>()
    };
    assert_eq!(of("m.*.p[1].x"), [2.0, 2.0]);
    assert_eq!(of("m.a.*[0].x"), [1.0, 1.0]);
    assert_eq!(of("m.*.*.x"), [1.0, 2.0, 1.0, 1.0, 2.0, 1.0]);
}
