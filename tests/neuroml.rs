//! Cells of NeuroML: structure and potentials are those of the same cell built by hand in NEURON (`tests/peers/neuroml/make.py` and `equations.py`).

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const CELL: &str = include_str!("peers/neuroml/cell.nml");
const EQUATIONS: &str = include_str!("peers/neuroml/equations.nml");
const TYPES: &str = include_str!("peers/neuroml/types.nml");

fn folder(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::create_dir_all(&folder).expect("a folder for the test");
    std::fs::write(folder.join("cell.nml"), CELL).expect("a cell");
    std::fs::write(folder.join("channels.nml"), include_str!("peers/neuroml/channels.nml")).expect("its channels");
    folder
}

fn bouton(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_bouton")).current_dir(folder).args(arguments).output().expect("bouton runs")
}

fn numbers(line: &str) -> Vec<f64> {
    line.split(',').filter_map(|word| word.parse().ok()).collect()
}

#[test]
fn structure_is_that_of_the_cell_in_neuron() {
    let output = bouton(&folder("neuroml-structure"), &["import", "cell.nml", "--json"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let told: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let sections = told["sections"].as_array().expect("sections");
    let mut compared = 0;
    for line in include_str!("peers/neuroml/structure.csv").lines() {
        let mut words = line.split(',');
        let (name, what) = (words.next().unwrap_or(""), words.next().unwrap_or(""));
        let section = sections.iter().find(|one| one["name"] == name).expect("the section");
        let found = &section[if what == "area" { "areas" } else { what }];
        for (k, wanted) in numbers(line).into_iter().enumerate() {
            let own = found.get(k).unwrap_or(found).as_f64().expect("a number");
            assert!((own - wanted).abs() <= 1e-9 * wanted.abs() || own.is_infinite(), "{line}: {own}");
            compared += 1;
        }
    }
    assert_eq!(compared, 4 * 9);
}

/// Holds that two tables have as many rows, and that each row fits.
fn compare(own: &str, wanted: &str, fits: impl Fn(&[f64], &[f64]) -> bool) {
    let wanted: Vec<Vec<f64>> = wanted.lines().skip(1).map(numbers).collect();
    let own: Vec<Vec<f64>> = own.lines().skip(1).map(numbers).collect();
    assert_eq!(own.len(), wanted.len());
    for (a, b) in own.iter().zip(&wanted) {
        assert!(fits(a, b), "{a:?} {b:?}");
    }
}

/// A folder with the cell whose equations are of types of its own.
fn equations(name: &str) -> PathBuf {
    let folder = folder(name);
    std::fs::write(folder.join("equations.nml"), EQUATIONS).expect("a cell");
    std::fs::write(folder.join("types.nml"), TYPES).expect("its channels");
    folder
}

#[test]
fn equations_of_own_types_run_as_in_neuron() {
    let folder = equations("neuroml-equations");
    let script = "cell C = import \"equations.nml\"\npopulation c: C\n\
                  stimulate c with IClamp { delay = 5 ms, duration = 60 ms, amplitude = 0.4 nA } at soma(0.5)\n\
                  simulation { duration = 80 ms, celsius = 32 degC, v_init = -70 mV }\n\
                  record v = c.soma(0.5).v, w = c.dend(0.9).v, a = c.soma(0.5).cai, b = c.dend(0.3).cai, h = c.dend(0.9).h_dend.l_q every 0.5 ms\n\
                  run\nassert count(spikes(c)) == 2\nsave v, w, a, b, h \"v.csv\"\n";
    std::fs::write(folder.join("run.net"), script).expect("a script");
    let output = bouton(&folder, &["run", "--quiet", "run.net"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let own = std::fs::read_to_string(folder.join("v.csv")).expect("what it recorded");
    compare(&own, include_str!("peers/neuroml/equations.csv"), |a, b| {
        // Potentials to 1e-7 mV, all else to 1e-9 of itself.
        (1..3).all(|k| (a[k] - b[k]).abs() < 1e-7) && (3..6).all(|k| (a[k] - b[k]).abs() < 1e-9 * b[k].abs())
    });
}

#[test]
fn what_is_wrong_in_equations_is_told_at_its_line() {
    let folder = equations("neuroml-equations-wrong");
    for (from, to, wanted) in [
        (
            "type=\"kt_tau\"",
            "type=\"kt_time\"",
            "types.nml:26:1: error[E0701]: a type `kt_time` is not there: no file says what it computes",
        ),
        ("half=\"-20 mV\"", "", "`steadyState` has no `half`"),
        ("half=\"-20 mV\"", "half=\"-20 ms\"", "`half`: `-20 ms` is no voltage"),
        ("value=\"9 mV\"", "value=\"9 mW\"", "`mW` is no unit"),
        ("longest * 0.05\"", "longest * (0.05\"", "expected ), found its end"),
        ("longest * 0.05\"", "shortest * 0.05\"", "`kt_tau` has no `shortest`, which `t` takes"),
        ("cosh((v", "erf((v", "the function `erf` is not there"),
        ("alpha * MS\"", "r * MS\"", "`r` depends on itself"),
        (
            "id=\"n\" type=\"gateHHtauInf\" instances=\"2\"",
            "id=\"n\" type=\"gateHHtauInf\" instances=\"-2\"",
            "this is no number of gates",
        ),
        ("to=\"i\" vHalf", "to=\"j\" vHalf", "there is no state `j`"),
        ("<closedState id=\"c1\"/>", "<closedState/>", "`closedState` has no `id`"),
        ("type=\"at_once\"", "type=\"kt_tau\"", "`gate` of the type `kt_tau` is not there"),
        ("extends=\"gateHHrates\"", "extends=\"at_once\"", "`gate` of the type `at_once` is not there"),
        ("free=\"0.05\"", "", "`shell_model` has no `free`"),
    ] {
        assert!(TYPES.contains(from), "{from}");
        std::fs::write(folder.join("types.nml"), TYPES.replacen(from, to, 1)).expect("channels");
        let output = bouton(&folder, &["--format", "short", "import", "equations.nml"]);
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(told.contains(wanted) && told.contains("E0701") && !output.status.success(), "{to}: {told}");
    }
    std::fs::write(folder.join("types.nml"), TYPES).expect("channels");
    for (from, to, wanted) in [
        ("inhomogeneousParameter=\"far\"", "inhomogeneousParameter=\"near\"", "no group has an inhomogeneous parameter `near`"),
        ("exp(-p / 150)", "exp(-q / 150)", "`q` is not known here"),
        ("parameter=\"condDensity\"", "parameter=\"vShift\"", "`condDensity`"),
        ("metric=\"Path Length from root\"/>", "metric=\"radius\"/>", "the metric `radius` is not there"),
        ("translationStart=\"0\"", "translationStart=\"5\"", "`translationStart` is 0 where it is given"),
        ("concentrationModel=\"shell\"", "concentrationModel=\"kt\"", "`ionChannelVShift` is no concentration model"),
        ("number=\"5e4\"", "number=\"many\"", "`number` is a number"),
    ] {
        assert!(EQUATIONS.contains(from), "{from}");
        std::fs::write(folder.join("equations.nml"), EQUATIONS.replacen(from, to, 1)).expect("a cell");
        let output = bouton(&folder, &["--format", "short", "import", "equations.nml"]);
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(told.contains(wanted) && told.contains("E0701") && !output.status.success(), "{to}: {told}");
    }
}

#[test]
fn a_group_that_branches_is_no_section() {
    let folder = folder("neuroml-branches");
    let text = CELL.replacen("<member segment=\"2\"/>", "<member segment=\"4\"/>", 1);
    std::fs::write(folder.join("cell.nml"), text).expect("a cell");
    let output = bouton(&folder, &["import", "cell.nml"]);
    let told = String::from_utf8_lossy(&output.stdout);
    assert!(told.contains("the group trunk has the mark of an unbranched piece, and branches"), "{told}");
}

#[test]
fn potentials_are_those_of_the_cell_in_neuron() {
    let folder = folder("neuroml-potentials");
    let script = "cell C = import \"cell.nml\"\npopulation c: C\n\
                  stimulate c with IClamp { delay = 2 ms, duration = 30 ms, amplitude = 0.3 nA } at soma(0.5)\n\
                  simulation { duration = 40 ms, celsius = 16.3 degC }\n\
                  record v = c.soma(0.5).v, w = c.trunk(0.9).v, u = c.twig(0.5).v, ca = c.twig(0.5).cai every 0.5 ms\n\
                  run\nassert count(spikes(c)) == 4\nsave v, w, u, ca \"v.csv\"\n";
    std::fs::write(folder.join("run.net"), script).expect("a script");
    let output = bouton(&folder, &["run", "--quiet", "run.net"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let own = std::fs::read_to_string(folder.join("v.csv")).expect("what it recorded");
    compare(&own, include_str!("peers/neuroml/voltages.csv"), |a, b| {
        // Potentials to 1e-7 mV, the concentration to 1e-9 of itself.
        (1..4).all(|k| (a[k] - b[k]).abs() < 1e-7) && (a[4] - b[4]).abs() < 1e-9 * b[4]
    });
}

#[test]
fn what_is_written_out_runs_to_the_same() {
    let folder = folder("neuroml-text");
    let text = bouton(&folder, &["import", "cell.nml", "--to-net"]);
    let tail = "population c: C\nstimulate c with IClamp { delay = 2 ms, duration = 30 ms, amplitude = 0.3 nA } at soma(0.5)\n\
                simulation { duration = 40 ms, celsius = 16.3 degC }\nrecord v = c.twig(0.5).v\nrun\nprint \"{v(17 ms) in mV:.12f}\"\n";
    let written = String::from_utf8_lossy(&text.stdout).replace("Imported", "C");
    std::fs::write(folder.join("written.net"), written + tail).expect("a script");
    std::fs::write(folder.join("imported.net"), format!("cell C = import \"cell.nml\" template hh_cell\n{tail}"))
        .expect("a script");
    let [a, b] = ["written.net", "imported.net"].map(|script| bouton(&folder, &["run", "--quiet", script]));
    assert!(a.status.success() && !a.stdout.is_empty(), "{}", String::from_utf8_lossy(&a.stderr));
    assert_eq!(a.stdout, b.stdout);
}

#[test]
fn what_is_wrong_or_not_there_is_told_at_its_line() {
    let folder = folder("neuroml-wrong");
    for (from, to, wanted) in [
        ("</cell>", "", "this is no XML"),
        ("<parent segment=\"2\"/>", "<parent segment=\"9\"/>", "cell.nml:20:1: error[E0701]: there is no segment `9`"),
        ("<segment id=\"0\" name=\"soma\">", "<segment id=\"0\"><parent segment=\"3\"/>", "hangs on itself"),
        ("segment id=\"4\"", "segment id=\"3\"", "a second segment of this id"),
        (
            "segmentGroup=\"trunk\"/>\n                <initMemb",
            "segment=\"2\"/>\n                <initMemb",
            "a part of the section `trunk` only",
        ),
        ("ionChannel=\"k\" condDensity=\"360", "ionChannel=\"kv\" condDensity=\"360", "there is no channel `kv`"),
        ("120.0 mS_per_cm2", "120.0 mS", "`condDensity` is a quantity in S/cm2"),
        ("<channelDensity id=\"na_all\"", "<channelDensityGHK id=\"na_all\"", "`channelDensityGHK` has no `permeability`"),
        ("channels.nml", "kanaele.nml", "cannot read kanaele.nml"),
        ("diameter=\"0.8\"", "diameter=\"-0.8\"", "cell.nml:26:1: error[E0701]: this diameter is below 0"),
        ("value=\"1.0 uF_per_cm2\"", "value=\"-1.0 uF_per_cm2\"", "a capacitance is below 0"),
        ("value=\"150 ohm_cm\"", "value=\"0 ohm_cm\"", "a resistivity must be above 0"),
        (
            "<cell id=\"hh_cell\">",
            "<izhikevichCell id=\"a\"/><cell id=\"b\"/><cell id=\"hh_cell\">",
            "it has several cells: b, hh_cell",
        ),
    ] {
        assert!(CELL.contains(from), "{from}");
        let mut text = CELL.replacen(from, to, 1);
        if to.starts_with("<channelDensityGHK") {
            text = text.replace("ion=\"na\"/>", "ion=\"na\"></channelDensityGHK>");
        }
        std::fs::write(folder.join("cell.nml"), text).expect("a cell");
        let output = bouton(&folder, &["--format", "short", "import", "cell.nml"]);
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(told.contains(wanted) && !output.status.success(), "{to}: {told}");
    }
    let channels = include_str!("peers/neuroml/channels.nml").replace("type=\"fixedTimeCourse\"", "type=\"ca_tau\"");
    std::fs::write(folder.join("cell.nml"), CELL).expect("a cell");
    std::fs::write(folder.join("channels.nml"), channels).expect("its channels");
    let output = bouton(&folder, &["--format", "short", "import", "cell.nml"]);
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(told.contains("channels.nml:22:1") && told.contains("a type `ca_tau` is not there"), "{told}");
}

#[test]
fn a_document_that_ends_anywhere_ends_in_a_diagnostic() {
    let folder = folder("neuroml-ends");
    for end in (0..CELL.len()).step_by(331) {
        std::fs::write(folder.join("cell.nml"), &CELL[..end]).expect("a cell");
        let output = bouton(&folder, &["import", "cell.nml"]);
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(!output.status.success() && told.contains("rror") && !told.contains("panicked"), "{end}: {told}");
    }
}

#[test]
fn a_cell_is_drawn() {
    let folder = folder("neuroml-picture");
    let output = bouton(&folder, &["import", "cell.nml", "--picture", "cell.svg"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let picture = std::fs::read_to_string(folder.join("cell.svg")).expect("a picture");
    assert!([">soma<", ">trunk<", ">twig<", " um<"].iter().all(|word| picture.contains(word)), "{picture}");
    assert!(bouton(&folder, &["import", "cell.nml", "--picture", "cell.png"]).status.success());
    assert!(std::fs::read(folder.join("cell.png")).expect("a picture").starts_with(b"\x89PNG"));
    let output = bouton(&folder, &["import", "cell.nml", "--picture", "cell.jpg"]);
    assert!(String::from_utf8_lossy(&output.stderr).contains("E0602") && !output.status.success());
}
