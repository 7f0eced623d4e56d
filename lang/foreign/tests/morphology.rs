//! Morphologies: sections as NEURON's Import3d makes them (`tests/peers/morphologies/make.py`), and files that are broken.

use bouton_foreign::hoc::{Files, Hoc, Limits};
use bouton_foreign::morphology::{Format, read_asc, read_swc};
use bouton_foreign::neuron::{Catalog, Model};
use bouton_syntax::{Diagnostics, SourceMap};

macro_rules! files {
    ($($name:literal),*) => { &[$(($name, include_str!(concat!("../../../tests/peers/morphologies/", $name)))),*] };
}

/// SWC: a soma of one point, of three in neuromorpho.org's way, of a row, branched ones, and none. ASC: outlines, stacks of outlines, none.
const FILES: &[(&str, &str)] = files!(
    "r0.swc",
    "r1.swc",
    "r2.swc",
    "r3.swc",
    "r4.swc",
    "r5.swc",
    "r6.swc",
    "r7.swc",
    "r8.swc",
    "r9.swc",
    "r10.swc",
    "r11.swc",
    "roots_of_ball.swc",
    "roots_of_outline.swc",
    "roots_of_dendrite.swc",
    "no_length.swc",
    "n0.asc",
    "n1.asc",
    "n2.asc",
    "n3.asc",
    "n4.asc",
    "n5.asc",
    "n6.asc",
    "n7.asc",
    "n8.asc",
    "n9.asc"
);

struct Given;

impl Files for Given {
    fn bytes(&self, path: &str) -> Result<Vec<u8>, String> {
        let found = FILES.iter().find(|(name, _)| *name == path);
        found.map(|(_, text)| text.as_bytes().to_vec()).ok_or_else(|| "no such file".to_owned())
    }
}

#[test]
fn sections_are_those_of_import3d() {
    let table = include_str!("../../../tests/peers/morphologies/sections.csv");
    let mut compared = 0;
    for (file, _) in FILES {
        let class = if file.ends_with(".asc") { "Import3d_Neurolucida3" } else { "Import3d_SWC_read" };
        let text = format!(
            "objref reader, gui, nobody\nload_file(\"import3d.hoc\")\nreader = new {class}()\nreader.input(\"{file}\")\n\
             gui = new Import3d_GUI(reader, 0)\ngui.instantiate(nobody)\n"
        );
        let (mut sources, mut found) = (SourceMap::new(), Diagnostics::new());
        let mut hoc = Hoc::new(Model::new(Catalog::default()), "x.hoc", &Given, &mut sources, &mut found, Limits::default());
        assert!(hoc.file("x.hoc", text.as_bytes()), "{file}");
        let model = hoc.finish();
        let rows: Vec<Vec<&str>> =
            table.lines().map(|row| row.split(',').collect()).filter(|row: &Vec<&str>| row[0] == *file).collect();
        let all = model.all();
        assert_eq!(all.len(), rows.len(), "{file}");
        for row in rows {
            let [_, name, length, area, points, parent, x] = row[..] else { panic!("{file}: {row:?}") };
            let bare = |name: &str| name.strip_suffix("[0]").map_or(name.to_owned(), str::to_owned);
            let id = all.iter().copied().find(|id| bare(&model.section(*id).name) == bare(name)).expect(name);
            let near = |got: f64, wanted: &str| {
                let wanted: f64 = wanted.parse().expect(wanted);
                assert!((got - wanted).abs() <= 1e-6 * wanted.abs(), "{file} {name}: {got}, not {wanted}");
            };
            near(model.length(id), length);
            near(model.area(id, 0.5), area);
            near(model.section(id).points().len() as f64, points);
            let link = model.section(id).parent;
            assert_eq!(link.map_or(String::new(), |link| bare(&model.section(link.section).name)), bare(parent), "{file} {name}");
            near(link.map_or(0.0, |link| link.x), x);
            compared += 1;
        }
    }
    assert!(compared > 200, "{compared}");
}

#[test]
fn broken_files_are_told_with_their_line() {
    for (text, line, why) in [
        ("", 1, "no points"),
        ("# nothing\n", 1, "no points"),
        ("1 1 0 0 0 5 -1\n2 3 1 0\n", 2, "seven numbers"),
        ("1 1 0 0 zero 5 -1\n", 1, "`zero` is no number"),
        ("1 1 0 0 0 5 -1\n2 3 1 0 0 1 7\n", 2, "hangs on 7, which is not there"),
        ("1 1 0 0 0 5 -1\n2 3 1 0 0 1 2\n", 2, "hangs on itself"),
        ("1 1 0 0 0 5 -1\n2 3 1 0 0 1 3\n3 3 2 0 0 1 2\n", 2, "smaller number"),
        ("1 1 0 0 0 5 -1\n1 3 1 0 0 1 1\n", 2, "is there already, in line 1"),
        ("1 1 0 0 0 1e999 -1\n", 1, "is no number"),
    ] {
        let broken = read_swc(text).expect_err(text);
        assert!(broken.line == line && broken.why.contains(why), "{text}{broken:?}");
    }
}

#[test]
fn broken_files_of_neurolucida_are_told_with_their_line() {
    let deep = format!("((Dendrite)\n{}", "(0 0 0 1)\n(\n".repeat(3000));
    for (text, line, why) in [
        ("", 1, "no points"),
        ("; nothing\n", 1, "no points"),
        ("((Dendrite)\n(0 0 0 1)\n(1 x 0 1)\n)", 3, "a number was expected"),
        ("((Dendrite)\n(0 0 0 1)\n", 2, "`)` behind a tree"),
        ("(\"CellBody\"\n(0 0 0 1)\n(1 0 0 1)\n(2 0 0 1))\n", 1, "no width"),
        ("((Dendrite)\n(0 0 0 1)\n(0 1 0 1))\n)\n", 4, "begins with `(`"),
        ("(\"CellBody)\n", 1, "behind `(`"),
        (&deep, 801, "too deep"),
    ] {
        let broken = read_asc(text).expect_err(text);
        assert!(broken.line == line && broken.why.contains(why), "{text:.80}{broken:?}");
    }
}

#[test]
fn a_file_that_ends_anywhere_ends_in_a_finding_at_most() {
    let text = FILES[3].1;
    for end in (0..text.len()).step_by(5) {
        let _ = read_swc(&text[..end]);
    }
    let text = FILES[13].1;
    for end in (0..text.len()).step_by(11) {
        let _ = read_asc(&text[..end]);
    }
}

#[test]
fn lines_may_end_as_on_old_macintoshes() {
    for (name, text) in FILES {
        let format = Format::of(name).expect(name);
        assert_eq!(format.read(&text.replace('\n', "\r")), format.read(text), "{name}");
    }
}
