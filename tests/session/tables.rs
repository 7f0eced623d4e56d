//! Tables that scripts fill, against NEURON 9.0.2 (`tests/peers/tables`): of one argument and of two, at points, at even distances, of one value, in channels and synapses.

use super::pointers::compared;
use super::{Options, fresh};
use bouton::session::Session;
use bouton_lang::NoFiles;

#[test]
fn tables_are_neurons() {
    compared("tables", 1e-9);
}

const MODEL: &str = "mechanism gate {
    ion k reads ek writes ik
    param gbar = 1 mS/cm2, tau(v: mV): ms, level(v: mV, t: ms) = table(-80 mV .. 0 mV by 40 mV, [0, 10] * 1 ms, [0, 1, 2, 3, 4, 5])
    state n = 0
    n' = (level(v, t) - n) / tau(v)
    ik = gbar * n * (v - ek)
    let now = tau(-50 mV)
}
let slow = table([-90, -60, 0] * 1 mV, [3, 2, 5] * 1 ms)
cell C {
    let mine = table([-60 mV, -40 mV], [1 ms, 2 ms])
    section soma { L = 20 um, diam = 20 um; insert gate { tau = mine } }
    section dend[2] { L = 50 um, diam = 2 um; connect soma(1); insert gate { tau = slow } }
    in dend[1] { insert gate { tau = 4 ms, gbar = 2 mS/cm2 } }
}
population p: C[5]
record a = p[4].soma(0.5).gate.now, b = p[0].dend[0](0.5).gate.now, c = p[0].dend[1](0.5).gate.now
simulation { duration = 1 ms }
run
";

/// Each section has the table that it is given.
#[test]
fn tables_are_given_in_braces() {
    let mut session = Session::with(Options { out: fresh("given"), ..Options::default() }, Box::new(NoFiles));
    session.execute(MODEL).unwrap();
    let first = |session: &mut Session, name: &str| session.record(name)[0].values[0];
    assert_eq!([first(&mut session, "a"), first(&mut session, "b"), first(&mut session, "c")], [1.5, 2.5, 4.0]);
}

#[test]
fn what_is_no_table_is_told() {
    for (from, to, wanted) in [
        ("{ tau = mine }", "", &["E0409"][..]),
        ("[-60 mV, -40 mV]", "[-60 ms, -40 ms]", &["E0301"]),
        ("[1 ms, 2 ms]", "[1 ms, 2 ms, 3 ms]", &["E0453"]),
        ("[1 ms, 2 ms]", "1 ms", &["E0453"]),
        ("-80 mV .. 0 mV by 40 mV", "-80 mV .. 0 mV", &["E0453"]),
        ("/ tau(v)", "/ tau", &["E0305"]),
        ("/ tau(v)", "/ tau(t)", &["E0301"]),
        ("/ tau(v)", "/ tau(v, t)", &["E0440"]),
        ("tau = 4 ms", "tau = v", &["E0201"]),
    ] {
        let text = MODEL.replace(from, to);
        assert_ne!(text, MODEL);
        let checked = bouton_lang::check("tables", &text, &NoFiles);
        let codes: Vec<String> = checked.diagnostics.iter().map(|one| one.code.to_string()).collect();
        assert_eq!(codes, wanted, "{from} as {to}");
    }
}
