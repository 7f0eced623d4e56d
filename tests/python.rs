//! Cells that are classes of Python: they run as the same cell in the language does, and Python is not started behind one's back.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const CLASS: &str = "
from neuron import h
from matplotlib import pyplot


class Ball:
    def __init__(self, diam=20.0, kind='plain', many=False):
        self.soma = h.Section(name='soma', cell=self)
        self.dend = [h.Section(name=f'd{k}', cell=self) for k in range(2)]
        self.soma.L = self.soma.diam = diam
        self.soma.insert('hh')
        for seg in self.soma:
            seg.hh.gnabar = 0.1
        for k, sec in enumerate(self.dend):
            sec.connect(self.soma(1))
            sec.L, sec.diam, sec.nseg = 100 + k, 2, 3
            sec.insert('pas')
            sec.g_pas = 1 / sec(0.5).area()
            for seg in sec:
                seg.cm = 1 + h.distance(self.soma(0.5), seg) / 1000
        if many:
            raise ValueError('too many')
        self.syn = h.ExpSyn(self.dend[1](0.9))
        self.syn.tau = 3
        self.tips = h.SectionList()
        self.tips.append(self.dend[1])
        assert not hasattr(self.soma, 'gbar_nowhere')
        assert [s.name().split('.')[-1] for s in self.soma.children()] == ['d1', 'd0']
";

fn folder(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::create_dir_all(&folder).expect("a folder for the test");
    std::fs::write(folder.join("ball.py"), CLASS).expect("a class");
    folder
}

fn bouton(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bouton"));
    let cache = Path::new(env!("CARGO_TARGET_TMPDIR")).join("cache");
    command
        .current_dir(folder)
        .args(arguments)
        .env_remove("BOUTON_ALLOW")
        .env("XDG_CACHE_HOME", cache)
        .output()
        .expect("bouton runs")
}

fn script(folder: &Path, name: &str, cell: &str) -> Output {
    let text = format!(
        "{cell}\npopulation p: C\nstimulate p with IClamp {{ delay = 1 ms, duration = 20 ms, amplitude = 0.3 nA }} at soma(0.5)\n\
         simulation {{ duration = 20 ms }}\nrecord v = p.dend[1](0.9).v\nrun\nprint \"{{v(5 ms) in mV:.9f}} {{count(spikes(p))}}\"\n"
    );
    std::fs::write(folder.join(name), text).expect("a script");
    bouton(folder, &["run", "--allow", "python", "--quiet", name])
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

#[test]
fn a_class_runs_as_its_text_in_the_language_does() {
    let folder = folder("python-runs");
    let imported = script(&folder, "imported.net", "cell C = import \"ball.py\" class Ball(diam = 18.5)");
    assert!(imported.status.success(), "{}", said(&imported));
    let text = bouton(&folder, &["import", "ball.py", "--class", "Ball(diam=18.5)", "--allow", "python", "--to-net"]);
    assert!(text.status.success(), "{}", said(&text));
    let text = String::from_utf8_lossy(&text.stdout).replace("cell Ball", "cell C");
    assert!(text.contains("section dend[2]") && text.contains("let tips = [dend[1]]") && text.contains("ExpSyn_0"), "{text}");
    let written = script(&folder, "written.net", &text);
    assert_eq!(said(&imported), said(&written));
    assert!(!said(&imported).contains("NaN") && said(&imported).lines().count() == 1, "{}", said(&imported));
}

#[test]
fn python_is_started_with_leave_only() {
    let folder = folder("python-leave");
    std::fs::write(folder.join("a.net"), "cell C = import \"ball.py\" class Ball()\npopulation p: C\n").expect("a script");
    for command in [&["run", "a.net"][..], &["check", "a.net"], &["plan", "a.net"]] {
        let refused = bouton(&folder, command);
        assert_eq!(refused.status.code(), Some(1));
        assert!(said(&refused).contains("--allow python"), "{}", said(&refused));
    }
}

#[test]
fn what_a_class_came_to_is_known_to_the_check() {
    let folder = folder("python-known");
    // A diameter that no run before this has had.
    let fresh = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("a time").as_nanos();
    let text = format!(
        "cell C = import \"ball.py\" class Ball(diam = 20.{fresh})\npopulation p: C\nsimulation {{ duration = 1 ms }}\nrun\n"
    );
    std::fs::write(folder.join("a.net"), &text).expect("a script");
    assert_eq!(bouton(&folder, &["check", "a.net"]).status.code(), Some(1), "nothing is known yet");
    assert!(bouton(&folder, &["run", "--quiet", "--allow", "python", "a.net"]).status.success());
    assert!(bouton(&folder, &["check", "a.net"]).status.success());
    assert_eq!(bouton(&folder, &["run", "a.net"]).status.code(), Some(1), "a run needs leave all the same");
    std::fs::write(folder.join("b.net"), format!("// below\n{text}record v = p.dend[1](0.5).v\n")).expect("a script");
    assert!(bouton(&folder, &["check", "b.net"]).status.success());
    std::fs::write(folder.join("ball.py"), format!("{CLASS}\n# changed\n")).expect("a class");
    assert_eq!(bouton(&folder, &["check", "a.net"]).status.code(), Some(1), "the file is another one now");
}

#[test]
fn a_file_of_points_becomes_sections_of_an_object() {
    let folder = folder("python-points");
    let points =
        "1 1 0 0 0 5 -1\n2 1 0 5 0 5 1\n3 1 0 -5 0 5 1\n4 3 0 10 0 1 1\n5 3 0 60 0 0.5 4\n6 2 0 -10 0 0.4 1\n7 2 0 -90 0 0.4 6\n";
    std::fs::write(folder.join("cell.swc"), points).expect("points");
    let text = "
from neuron import h


class Points:
    def __init__(self):
        reader = h.Import3d_SWC_read()
        reader.input('cell.swc')
        h.Import3d_GUI(reader, 0).instantiate(self)
        assert len(self.all) == 3 and [len(one) for one in (self.soma, self.dend, self.axon)] == [1, 1, 1]
        for sec in self.all:
            sec.insert('pas')
        h.Vector().record(h._ref_t)
        self.dend[0].nseg = 5
        self.look()

    def look(self):
        reader = h.Import3d_SWC_read()
        reader.input('tree.swc')
        found = h.Import3d_GUI(reader, 0).swc.sections
        rows = []
        for piece in [found.object(i) for i in range(int(found.count()))]:
            above = None if piece.parentsec is None else piece.parentsec.hname()
            raw = [list(piece.raw.getrow(k).c(int(piece.first))) for k in range(3)]
            rows.append((piece.hname(), piece.type, piece.id, piece.first, piece.parentx, above, list(piece.d), raw))
            assert not piece.is_subsidiary and not piece.iscontour_
        name = 'Import3d_Section[%d]'.__mod__
        # What NEURON gives for the same file.
        assert rows == [
            (name(0), 1, 0, 0, 1, None, [10, 10, 8], [[0, 0, 0], [0, 5, 10], [0, 0, 0]]),
            (name(1), 3, 3, 0, 1, name(0), [2, 2, 2], [[0, 0, 0], [10, 15, 25], [0, 0, 1]]),
            (name(2), 3, 5, 0, 1, name(1), [2, 1.600000023841858], [[0, 5], [25, 35], [1, 1]]),
            (name(3), 4, 6, 0, 1, name(1), [2, 1.399999976158142], [[0, -5], [25, 35], [1, 1]]),
            (name(4), 2, 7, 1, 0.5, name(0), [1, 1, 1], [[3, 13], [4, 4], [2, 2]]),
        ], rows
";
    let tree = "1 1 0 0 0 5 -1\n2 1 0 5 0 5 1\n3 1 0 10 0 4 2\n4 3 0 15 0 1 3\n5 3 0 25 1 1 4\n6 3 5 35 1 0.8 5\n7 4 -5 35 1 0.7 5\n8 2 3 4 2 0.5 2\n9 2 13 4 2 0.5 8\n";
    std::fs::write(folder.join("tree.swc"), tree).expect("points");
    std::fs::write(folder.join("points.py"), text).expect("a class");
    let text = bouton(&folder, &["import", "points.py", "--class", "Points", "--allow", "python", "--to-net"]);
    let text = said(&text);
    for part in ["section soma[1]", "section dend[1]", "section axon[1]", "in dend[0] {", "connect soma[0](0.5)", "nseg = 5"] {
        assert!(text.contains(part), "{part}\n{text}");
    }
}

#[test]
fn neurons_package_answers_as_neuron_does() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let said_of = bouton(root, &["import", "tests/peers/cells/api.py", "--class", "Everything", "--allow", "python"]);
    assert!(said_of.status.success(), "{}", said(&said_of));
    assert!(said(&said_of).contains("c               on a(0.5); 20 um long"), "{}", said(&said_of));
}

#[test]
fn a_file_without_a_class_is_what_its_lines_build() {
    let folder = folder("python-lines");
    let text = "
from neuron import h, gui

h('begintemplate Ends\\npublic soma, far\\ncreate soma, far\\nproc init() { connect far(0), soma(1) }\\nendtemplate Ends')
soma = h.Section(name='soma')
dends = [h.Section(name='d') for _ in range(3)]
[dend.connect(soma) for dend in dends]
soma.insert('hh')


def ends():
    cell = h.Ends()
    cell.far.L = 7
    return cell


h.run()
quit()
";
    std::fs::write(folder.join("lines.py"), text).expect("a file");
    let lines = said(&bouton(&folder, &["import", "lines.py", "--allow", "python", "--to-net"]));
    for part in ["section soma", "section dends[3]", "insert hh"] {
        assert!(lines.contains(part), "{part}\n{lines}");
    }
    let ends = said(&bouton(&folder, &["import", "lines.py", "--class", "ends", "--allow", "python", "--to-net"]));
    assert!(ends.contains("section far") && ends.contains("L = 7.0 um") && !ends.contains("dends"), "{ends}");
    assert!(ends.contains("connect soma(1.0)"), "{ends}");
}

#[test]
fn what_is_not_there_of_neurons_package_is_told() {
    let folder = folder("python-rxd");
    let text = "
from neuron import h, rxd


class Cell:
    def __init__(self, react=False):
        self.soma = h.Section(name='soma', cell=self)
        if react:
            rxd.Region(h.allsec(), name='cyt')


cell = Cell()
cell.soma(0.5).v_nowhere
";
    std::fs::write(folder.join("rxd.py"), text).expect("a file");
    let read = bouton(&folder, &["import", "rxd.py", "--class", "Cell", "--allow", "python"]);
    assert!(
        read.status.success() && said(&read).contains("what stands behind line 13 of the file was left out"),
        "{}",
        said(&read)
    );
    let refused = bouton(&folder, &["import", "rxd.py", "--class", "Cell(react=True)", "--allow", "python"]);
    assert!(
        !refused.status.success() && said(&refused).contains("reaction and diffusion (rxd) is not there"),
        "{}",
        said(&refused)
    );
}

#[test]
fn what_python_says_of_itself_is_told() {
    let folder = folder("python-wrong");
    for (cell, wanted) in [
        ("cell C = import \"ball.py\" class Ball(many = true)", "ValueError: too many"),
        ("cell C = import \"ball.py\" class Bell()", "it has no class or function `Bell`; it has Ball"),
        ("cell C = import \"ball.py\" class Ball(size = 3)", "unexpected keyword argument"),
        ("cell C = import \"nowhere.py\" class Ball()", "cannot import a cell from nowhere.py"),
    ] {
        let refused = script(&folder, "wrong.net", cell);
        assert_eq!(refused.status.code(), Some(1), "{}", said(&refused));
        assert!(said(&refused).contains(wanted), "{cell}\n{}", said(&refused));
        assert!(!said(&refused).contains("<string>"), "places of the bridge are nobody's\n{}", said(&refused));
    }
}

#[test]
fn a_pointer_can_be_set_in_whatever_way() {
    let folder = folder("python-pointers");
    let class = "from neuron import h\nclass Cell:\n    def __init__(self, way):\n        self.soma = h.Section(name='soma')\n        \
                 self.soma.insert('leaky')\n        self.g = h.Gap(self.soma(0.5))\n        v = self.soma(0.5)._ref_v\n        \
                 if way == 0: h.setpointer(v, 'vgap', self.g)\n        if way == 1: self.g._ref_vgap = v\n        \
                 if way == 2: h.setpointer(v, 'far', self.soma(0.5).leaky)\n        if way == 3: self.soma(0.5).leaky._ref_far = v\n";
    std::fs::write(folder.join("cell.py"), class).expect("a class");
    let leaky = "NEURON { SUFFIX leaky POINTER far NONSPECIFIC_CURRENT i RANGE g }\nPARAMETER { g = 1e-4 }\nASSIGNED { v far i }\n\
                 BREAKPOINT { i = g*(v - far) }\n";
    std::fs::write(folder.join("leaky.mod"), leaky).expect("a mechanism");
    let gap = leaky.replace("SUFFIX leaky", "POINT_PROCESS Gap").replace("far", "vgap");
    std::fs::write(folder.join("gap.mod"), gap).expect("a mechanism");
    let (point, spread) = ("Gap_0.vgap", "soma(0.5).leaky.far");
    for (way, input) in [(0, point), (1, point), (2, spread), (3, spread)] {
        let class = format!("Cell({way})");
        let run = bouton(&folder, &["import", "cell.py", "--class", &class, "--allow", "python", "--to-net"]);
        let told = String::from_utf8_lossy(&run.stdout);
        assert!(
            run.status.success() && told.contains(&format!("{input} = soma(0.5).v / (1.0 mV)")),
            "{way}: {told}{}",
            said(&run)
        );
    }
}

#[test]
fn the_network_of_nine_models_runs() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let out = folder("nine").join("out");
    let script = root.join("examples/tut_import.net");
    let run = bouton(root, &["run", "--allow", "python", "--quiet", "--out", &out.to_string_lossy(), &script.to_string_lossy()]);
    assert!(run.status.success(), "{}", said(&run));
    let expected = root.join("tests/golden/run/tut_import/printed.txt");
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&expected, said(&run)).expect("a file to write");
    }
    assert_eq!(said(&run), std::fs::read_to_string(&expected).expect("what is expected"));
    let picture = std::fs::read_to_string(out.join("tut_import_raster.svg")).expect("a picture");
    assert!(picture.contains("Izhi07b_pop") && picture.len() > 10_000);
}

#[test]
fn files_of_functions_alone_stand_beside_each_other() {
    let folder = folder("python-nothing");
    for name in ["misc", "vec-st"] {
        let text = "NEURON { SUFFIX nothing }\nPARAMETER { seed_of = 1 }\nFUNCTION twice(x) { twice = 2 * x }\n";
        std::fs::write(folder.join(format!("{name}.mod")), text).expect("a file");
    }
    let script = "import mechanisms \"*.mod\"\ncell C = import \"ball.py\" class Ball()\npopulation p: C\nsimulation { duration = 1 ms }\nrun\n";
    std::fs::write(folder.join("a.net"), script).expect("a script");
    let run = bouton(&folder, &["run", "--quiet", "--allow", "python", "a.net"]);
    assert!(run.status.success(), "{}", said(&run));
}

#[test]
fn texts_of_a_call_may_have_commas() {
    let folder = folder("python-texts");
    let text = "
from neuron import h


class Cell:
    def __init__(self, kind, factor=1):
        self.soma = h.Section(name='soma', cell=self)
        self.soma.L = len(kind) * factor
";
    std::fs::write(folder.join("texts.py"), text).expect("a file");
    for call in ["Cell('a,(b=c', factor=2)", "Cell(\"a,(b=c\", 2)", "Cell(kind='a,(b=c', factor = 2)"] {
        let read = bouton(&folder, &["import", "texts.py", "--class", call, "--allow", "python"]);
        assert!(read.status.success() && said(&read).contains("12 um long"), "{call}\n{}", said(&read));
    }
}
