//! Shapes of cells against NEURON 9.0.2 (`tests/peers/space`): 3-D points, trees with everything that hangs somewhere, values along a tree, an artificial cell of
//! 846 points; and cells that differ from each other.

use bouton::session::{Console, Options, Script};
use bouton_engine::kernel::Input;
use bouton_engine::plan::Placement;
use bouton_lang::{NoFiles, check};
use bouton_model::geometry::Points;
use bouton_model::ir::VarId;
use bouton_syntax::render::{Style, render};
use std::fs;
use std::path::{Path, PathBuf};

#[path = "space/lanes.rs"]
mod lanes;

/// mV
type Row = Vec<f64>;

fn peer(name: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/peers/space").join(name)).unwrap()
}

fn numbers(text: &str, separator: char) -> Vec<f64> {
    text.split(separator).filter(|t| !t.is_empty()).map(|t| t.parse().unwrap()).collect()
}

struct Silent;

impl Console for Silent {
    fn print(&mut self, _: &str) {}

    fn wrote(&mut self, _: &Path) {}

    fn progress(&mut self, _: f64, _: f64) -> bool {
        true
    }
}

/// Runs a script that saves `v.csv` and `spikes.csv`: the rows of potentials, and the times of spikes (ms).
fn run(test: &str, text: &str) -> (Script, Vec<Row>, Vec<f64>) {
    let out: PathBuf = Path::new(env!("CARGO_TARGET_TMPDIR")).join("space").join(test);
    let _ = fs::remove_dir_all(&out);
    let checked = check("test.net", text, &NoFiles);
    assert!(checked.program.is_some(), "{}", render(&checked.diagnostics, &checked.sources, Style::Lines));
    let mut session = Script::new(checked, Options { out: out.clone(), ..Options::default() });
    if let Err(stop) = session.run(&mut Silent) {
        panic!("{stop:?}");
    }
    let lines = |name: &str| -> Vec<Row> {
        let text = fs::read_to_string(out.join(name)).unwrap();
        let rows = text.lines().filter(|line| !line.starts_with('#')).skip(1);
        rows.map(|line| line.split(',').map_while(|x| x.parse().ok()).collect()).collect()
    };
    let v = lines("v.csv").into_iter().map(|row: Row| row[1..].to_vec()).collect();
    let spikes = lines("spikes.csv").into_iter().map(|row| row[0]).collect();
    (session, v, spikes)
}

/// Each of their rows is every tenth step of ours.
fn same(ours: (&[Row], &[f64]), theirs: &[(usize, Row)], spikes: &[f64]) {
    assert!(!theirs.is_empty() && !spikes.is_empty());
    let mut worst: f64 = 0.0;
    for (step, row) in theirs {
        assert_eq!(ours.0[*step].len(), row.len());
        for (a, b) in ours.0[*step].iter().zip(row) {
            worst = worst.max((a - b).abs());
        }
    }
    println!("largest deviation {worst:e} mV");
    assert!(worst < 1e-7, "{worst:e} mV");
    assert_eq!(ours.1.len(), spikes.len(), "{:?}", ours.1);
    assert!(ours.1.iter().zip(spikes).all(|(a, b)| (a - b).abs() < 1e-9), "{:?} {spikes:?}", ours.1);
}

/// 300 random sections, a quarter of them by their 1 end: lengths, diameters, areas and resistances.
#[test]
fn points() {
    let mut worst: f64 = 0.0;
    let text = peer("points.csv");
    for line in text.lines().skip(1) {
        let parts: Vec<&str> = line.split(',').collect();
        let [nseg, ra, reversed, points, length, diams, areas, ri] = parts.as_slice() else { panic!("{line}") };
        let points: Vec<[f64; 4]> =
            points.split(';').map(|p| <[f64; 4]>::try_from(numbers(p, ' ')).unwrap().map(|um| um * 1e-4)).collect();
        let nseg: usize = nseg.parse().unwrap();
        // Points are counted from the parent's side, so that of a reversed section the first is at x = 1; here all is counted from there.
        let solid = Points::new(&points).solid(ra.parse().unwrap(), &vec![1e-3; nseg]);
        let order = |mut list: Vec<f64>| {
            if *reversed == "1" {
                list.truncate(nseg);
                list.reverse();
            }
            list
        };
        let mut far = 0.0;
        let mut resistances: Vec<f64> = Vec::new();
        for s in &solid.segments {
            resistances.push((far + s.left) * 1e-6);
            far = s.right;
        }
        let end = numbers(ri, ' ')[nseg];
        let expected = order(numbers(ri, ' ')[..nseg].to_vec());
        let mut compare = |a: f64, b: f64| worst = worst.max((a / b - 1.0).abs());
        compare(solid.length * 1e4, length.parse().unwrap());
        compare(far * 1e-6, end);
        for (a, b) in resistances.iter().zip(expected) {
            compare(*a, b);
        }
        for ((s, diam), area) in solid.segments.iter().zip(order(numbers(diams, ' '))).zip(order(numbers(areas, ' '))) {
            compare(s.diam * 1e4, diam);
            compare(s.area * 1e8, area);
        }
    }
    println!("largest relative deviation {worst:e}");
    assert_eq!(text.lines().count(), 301);
    assert!(worst < 1e-14, "{worst:e}");
}

/// A section by its 1 end, one in the middle of a segment, one at the root's beginning, synapses on ends: tables on and off, first and second order.
#[test]
fn branched() {
    let (script, theirs) = (peer("branched.net"), peer("branched.csv"));
    for (tables, order) in [(1, 0), (1, 2), (0, 0), (0, 2)] {
        let how = format!("tables = {}, second_order = {},", ["off", "on"][tables], if order == 2 { "on" } else { "off" });
        let text = script.replace("simulation {", &format!("simulation {{ {how}"));
        let (_, v, spikes) = run(&format!("branched{tables}{order}"), &text);
        let lines = || theirs.lines().filter_map(|line| line.strip_prefix(&format!("{tables},{order},")));
        let rows: Vec<(usize, Row)> = lines()
            .filter(|line| !line.starts_with("spikes"))
            .map(|line| (line.split(',').next().unwrap().parse().unwrap(), numbers(line, ',')[1..].to_vec()))
            .collect();
        let expected = lines().find_map(|line| line.strip_prefix("spikes,")).unwrap();
        same((&v, &spikes), &rows, &numbers(expected, ' '));
    }
}

/// The rows of potentials and the spikes of a table of these.
fn table(text: &str) -> (Vec<(usize, Row)>, Vec<f64>) {
    let rows = text.lines().filter_map(|line| line.strip_prefix("v,"));
    let rows = rows.map(|line| (line.split(',').next().unwrap().parse().unwrap(), numbers(line, ',')[1..].to_vec()));
    let spikes = text.lines().find_map(|line| line.strip_prefix("spikes,")).unwrap();
    (rows.collect(), numbers(spikes, ' '))
}

/// Arrays that hang on themselves, groups, segments by the length constant, conductances and capacitances by distance.
#[test]
fn apical() {
    let theirs = peer("apical.csv");
    let (mut session, v, spikes) = run("apical", &peer("apical.net"));
    let plan = &session.network().unwrap().plan;
    let body = plan.classes[0].body.as_ref().unwrap();
    let segments: usize = theirs
        .lines()
        .skip(1)
        .filter(|line| !line.starts_with("v,") && !line.starts_with("spikes"))
        .map(|line| line.split(',').nth(1).unwrap().parse::<usize>().unwrap())
        .sum();
    assert_eq!(body.area.iter().filter(|area| **area > 0.0).count(), segments);
    let (rows, expected) = table(&theirs);
    same((&v, &spikes), &rows, &expected);
}

/// Points with other lengths, diameters and numbers of segments, and by their 1 end: areas, diameters, distances from the soma's middle.
#[test]
fn shapes() {
    let checked = check("test.net", &peer("shapes.net"), &NoFiles);
    let plan = Script::new(checked, Options::default()).network().unwrap().plan.clone();
    let (class, body) = (&plan.classes[0], plan.classes[0].body.as_ref().unwrap());
    let pool = class.pools.iter().find(|pool| pool.code.name == "probe").unwrap();
    let Placement::Nodes(nodes) = &pool.placement else { panic!("{:?}", pool.placement) };
    let input = |variable| {
        let at = pool.code.inputs.iter().position(|(input, _)| *input == Input::Variable(VarId(variable))).unwrap();
        &pool.inputs[at]
    };
    let (diams, distances) = (input(0), input(1));
    let theirs = peer("shapes.csv");
    let mut seen = 0;
    for line in theirs.lines().skip(1) {
        let parts: Vec<&str> = line.split(',').collect();
        let [areas, theirs, away] = [2, 3, 4].map(|at| numbers(parts[at], ' '));
        let n = areas.len() as f64;
        for (k, ((area, diam), distance)) in areas.iter().zip(theirs).zip(away).enumerate() {
            let x = (((k as f64 + 0.5) / n) * 1e4).round() / 1e4;
            let node = body.names.iter().position(|name| *name == format!("{}({x})", parts[0])).expect(line);
            let at = nodes.iter().position(|other| *other as usize == node).unwrap();
            let same = |a: f64, b: f64| assert!((a / b - 1.0).abs() < 1e-13, "{}({x}): {a} {b}", parts[0]);
            same(body.area[node] * 1e8, *area);
            same(diams[at] * 1e4, diam);
            same(distances[at] * 1e4, distance);
            seen += 1;
        }
    }
    assert_eq!(seen, nodes.len());
}

/// 154 sections of 846 points in 554 segments.
#[test]
fn cell_of_points() {
    let script = peer("cell.net")
        + "population p: Artificial
stimulate p with IClamp { delay = 2 ms, duration = 800 ms, amplitude = 2.5 nA } at soma[0](0.5)
simulation { duration = 40 ms }
record v = p.soma[0](0.5).v, w = p.apic[10](0.5).v
run
save v, w \"v.csv\"
save spikes \"spikes.csv\"
";
    let theirs = peer("cell.csv");
    let (mut session, v, spikes) = run("cell", &script);
    let body = session.network().unwrap().plan.classes[0].body.clone().unwrap();
    let sizes = numbers(theirs.lines().nth(1).unwrap(), ',');
    assert_eq!(body.area.iter().filter(|area| **area > 0.0).count() as f64, sizes[0]);
    let area: f64 = body.area.iter().sum::<f64>() * 1e8;
    assert!((area / sizes[1] - 1.0).abs() < 1e-12, "{area}");
    let (rows, expected) = table(&theirs);
    same((&v, &spikes), &rows, &expected);
}
