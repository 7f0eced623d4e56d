//! Cells of NeuroML: structure and potentials are those of the same cell built by hand in NEURON (`tests/peers/neuroml/make.py`).

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const CELL: &str = include_str!("peers/neuroml/cell.nml");

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
    let wanted: Vec<Vec<f64>> = include_str!("peers/neuroml/voltages.csv").lines().skip(1).map(numbers).collect();
    let own: Vec<Vec<f64>> = own.lines().skip(1).map(numbers).collect();
    assert_eq!(own.len(), wanted.len());
    for (a, b) in own.iter().zip(&wanted) {
        // Potentials to 1e-7 mV, the concentration to 1e-9 of itself.
        let fits = (1..4).all(|k| (a[k] - b[k]).abs() < 1e-7) && (a[4] - b[4]).abs() < 1e-9 * b[4];
        assert!(fits, "{a:?} {b:?}");
    }
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
        ("<member segment=\"2\"/>", "", "this group is no unbranched piece"),
        (
            "segmentGroup=\"trunk\"/>\n                <initMemb",
            "segment=\"2\"/>\n                <initMemb",
            "a part of the section `trunk` only",
        ),
        ("ionChannel=\"k\" condDensity=\"360", "ionChannel=\"kv\" condDensity=\"360", "there is no channel `kv`"),
        ("120.0 mS_per_cm2", "120.0 mS", "`condDensity` is a quantity in S/cm2"),
        ("<channelDensity id=\"na_all\"", "<channelDensityGHK id=\"na_all\"", "`channelDensityGHK` is not there"),
        ("channels.nml", "kanaele.nml", "cannot read kanaele.nml"),
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
    let output = bouton(&folder, &["import", "cell.nml"]);
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(told.contains("channels.nml, line 22") && told.contains("`ca_tau` is not there"), "{told}");
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
