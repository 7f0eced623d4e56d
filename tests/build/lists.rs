//! Networks by lists, files and places: pairs, matrices, layouts.

use super::links;
use bouton::build::{Knobs, Network, build};
use bouton_lang::{World, check};

/// Files of a test.
struct Shelf(Vec<(&'static str, Vec<u8>)>);

impl World for Shelf {
    fn read(&self, path: &str) -> Result<String, String> {
        self.bytes(path).map(|bytes| String::from_utf8(bytes).unwrap())
    }

    fn bytes(&self, path: &str) -> Result<Vec<u8>, String> {
        let found = self.0.iter().find(|(name, _)| *name == path);
        found.map(|(_, bytes)| bytes.clone()).ok_or_else(|| "no such file".to_owned())
    }
}

/// An NPY file of doubles, by rows.
fn npy(shape: &str, values: &[f64]) -> Vec<u8> {
    let header = format!("{{'descr': '<f8', 'fortran_order': False, 'shape': {shape}, }}\n");
    let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
    bytes.extend((header.len() as u16).to_le_bytes());
    bytes.extend(header.as_bytes());
    values.iter().for_each(|x| bytes.extend(x.to_le_bytes()));
    bytes
}

fn shelf() -> Shelf {
    Shelf(vec![
        ("pairs.csv", b"source,target,w,d\n0,1,2.5,1\n3,0,-1,2\n0,1,4,3\n".to_vec()),
        ("bare.csv", b"2,1\n3,0\n".to_vec()),
        ("far.csv", b"source,target\n4,0\n".to_vec()),
        ("W.npy", npy("(3, 4)", &[0.0, 1.0, 0.0, 2.0, 0.0, 0.0, 0.0, 0.0, 3.0, 0.0, 0.0, -4.0])),
        ("D.csv", b"1,2,3,4\n5,6,7,8\n9,10,11,12\n".to_vec()),
        ("small.csv", b"1,2\n3,4\n".to_vec()),
        ("places.csv", b"y_mm,x,z\n1,5,0\n-0.5,6,7.5\n".to_vec()),
    ])
}

const CELLS: &str = "
cell C {
    state v = 0 mV
    on event(w: mV) { v += w }
    on v > 10 mV { spike }
}
population a: C[4]
population b: C[3]
";

fn built(text: &str) -> Result<Network, Vec<String>> {
    let checked = check("test.net", &format!("{CELLS}{text}"), &shelf());
    let told = |list: Vec<bouton_lang::Diagnostic>| -> Vec<String> {
        list.into_iter().map(|d| format!("{} {}", d.code, d.message)).collect()
    };
    let Some(program) = checked.program else { return Err(told(checked.diagnostics.iter().cloned().collect())) };
    build(&program, &Knobs::default()).map_err(told)
}

/// Sender, receiver (numbers of their cells), weight and delay of each connection.
fn connections(text: &str) -> Vec<(u32, u32, f64, f64)> {
    let network = built(text).unwrap();
    let class = |link: &links::Link| network.plan.classes[usize::from(link.class)].pools[usize::from(link.pool)].sources.clone();
    let all = links::links(&network.plan);
    let mut all: Vec<_> =
        all.iter().map(|link| (link.source, class(link)[link.instance as usize], link.weight, link.delay)).collect();
    all.sort_by(|x, y| x.partial_cmp(y).unwrap());
    all
}

#[test]
fn pairs_written_down() {
    let found =
        connections("connect a -> b { pairs = [(0, 2), (3, 0), (0, 2)], weight = 2 mV, delay = 1 ms + pre.index * 1 ms }");
    assert_eq!(found, [(0, 6, 2.0, 1.0), (0, 6, 2.0, 1.0), (3, 4, 2.0, 4.0)]);
    let told = built("connect a -> b { pairs = [(0, 3)], weight = 2 mV }").unwrap_err();
    assert_eq!(told, ["E0510 the index is 3, and must be a whole number from 0 to 2"]);
    let told = built("connect a -> b { pairs = [(0, 1, 2), 4], weight = 2 mV }").unwrap_err();
    assert_eq!(told, ["E0415 this is no pair", "E0415 this is no pair"]);
}

#[test]
fn pairs_of_a_file() {
    let text = "connect a -> b { pairs = \"pairs.csv\", weight = column(\"w\") * 1 mV, delay = column(\"d\") * 1 ms }";
    assert_eq!(connections(text), [(0, 5, 2.5, 1.0), (0, 5, 4.0, 3.0), (3, 4, -1.0, 2.0)]);
    assert_eq!(connections("connect a -> b { pairs = \"bare.csv\", weight = 1 mV }"), [(2, 5, 1.0, 1.0), (3, 4, 1.0, 1.0)]);
    let told = built("connect a -> b { pairs = \"far.csv\", weight = 1 mV }").unwrap_err();
    assert_eq!(told, ["E0510 far.csv names the source 4, and there are 4 (counted from 0)"]);
    let told = built("connect a -> b { pairs = \"pairs.csv\", weight = column(\"ww\") * 1 mV }").unwrap_err();
    assert_eq!(told, ["E0210 pairs.csv has no column `ww`"]);
    let told = built("connect a -> b { pairs = \"nowhere.csv\", weight = 1 mV }").unwrap_err();
    assert_eq!(told, ["E0601 cannot read nowhere.csv: no such file"]);
    let told = built("connect a -> b { probability = 0.5, pairs = \"pairs.csv\", weight = 1 mV }").unwrap_err();
    assert_eq!(told, ["E0405 `probability` and `pairs` are two rules for one connection"]);
}

/// Rows are targets, columns sources; a zero is no connection.
#[test]
fn a_matrix_of_weights() {
    let text = "connect a -> b { weight = matrix(\"W.npy\") * 0.5 mV, delay = 2 ms }";
    assert_eq!(connections(text), [(0, 6, 1.5, 2.0), (1, 4, 0.5, 2.0), (3, 4, 1.0, 2.0), (3, 6, -2.0, 2.0)]);
    // Another matrix has a number for each of these connections, be it 0.
    let text = "connect a -> b { delay = matrix(\"D.csv\") * 1 ms, weight = matrix(\"W.npy\") * 0.5 mV }";
    assert_eq!(connections(text), [(0, 6, 1.5, 9.0), (1, 4, 0.5, 2.0), (3, 4, 1.0, 4.0), (3, 6, -2.0, 12.0)]);
    let told = built("connect a -> b { delay = matrix(\"small.csv\") * 1 ms, weight = matrix(\"W.npy\") * 0.5 mV }").unwrap_err();
    assert_eq!(told, ["E0601 cannot read small.csv: it has 2 rows and 2 columns, and W.npy has 3 and 4"]);
    let told = built("connect b -> a { weight = matrix(\"W.npy\") * 0.5 mV }").unwrap_err();
    assert_eq!(told, ["E0510 W.npy has 3 rows and 4 columns, for 4 targets and 3 sources"]);
    let told = built("connect a -> b { weight = matrix(\"W.npy\") }").unwrap_err();
    assert!(told[0].starts_with("E0301"), "{told:?}");
    let told = built("connect a -> b { weight = matrix(\"pairs.csv\") * 1 mV }").unwrap_err();
    assert_eq!(told, ["E0601 cannot read pairs.csv: a matrix has no names above its columns"]);
    let told = built("connect a -> b { probability = 0.1, weight = matrix(\"W.npy\") * 1 mV }").unwrap_err();
    assert!(told[0].starts_with("E0405"), "{told:?}");
}

#[test]
fn some_twice() {
    let found = connections("connect a -> b { convergence = 50, multapses = true, weight = 1 mV }");
    assert_eq!(found.len(), 150);
    for post in 4..7 {
        assert_eq!(found.iter().filter(|c| c.1 == post).count(), 50);
    }
    // Each of the four sources is drawn about as often as the others: 37.5 times, standard deviation 5.3.
    for pre in 0..4 {
        let n = found.iter().filter(|c| c.0 == pre).count();
        assert!((15..=60).contains(&n), "{n}");
    }
    assert!(connections("connect a -> a { convergence = 50, multapses = true, weight = 1 mV }").iter().all(|c| c.0 != c.1));
    let told = built("connect a -> b { probability = 0.5, multapses = true, weight = 1 mV }").unwrap_err();
    assert!(told[0].starts_with("E0415"), "{told:?}");
}

fn places(layout: &str, count: usize) -> Result<Vec<[f64; 3]>, Vec<String>> {
    let network = built(&format!("population q: C[{count}] in {layout}"))?;
    Ok(network.cells.positions[7..].iter().map(|p| p.map(|x| (x * 1e4 * 1e6).round() / 1e6)).collect())
}

#[test]
fn layouts() {
    let cells = places("box(300 um, 1 mm, -50 um .. 50 um)", 2000).unwrap();
    for (axis, (low, high)) in [(0.0, 300.0), (0.0, 1000.0), (-50.0, 50.0)].into_iter().enumerate() {
        let mean = cells.iter().map(|p| p[axis]).sum::<f64>() / 2000.0;
        assert!(cells.iter().all(|p| (low..=high).contains(&p[axis])));
        // Four standard errors of the mean of an even distribution.
        assert!((mean - 0.5 * (low + high)).abs() < 4.0 * (high - low) / (12.0f64 * 2000.0).sqrt(), "{mean}");
    }
    let ball = places("sphere(200 um)", 4000).unwrap();
    let radius = |p: &[f64; 3]| (p[0] * p[0] + p[1] * p[1] + p[2] * p[2]).sqrt();
    assert!(ball.iter().all(|p| radius(p) <= 200.000001));
    // Even in volume: an eighth lies within half the radius.
    let inner = ball.iter().filter(|p| radius(p) < 100.0).count() as f64;
    assert!((inner - 500.0).abs() < 4.0 * (4000.0f64 * 0.125 * 0.875).sqrt(), "{inner}");
    let grid = places("grid(2, 3, spacing = (10 um, 5 um))", 6).unwrap();
    assert_eq!(grid, [[0.0, 0.0, 0.0], [0.0, 5.0, 0.0], [0.0, 10.0, 0.0], [10.0, 0.0, 0.0], [10.0, 5.0, 0.0], [10.0, 10.0, 0.0]]);
    assert_eq!(places("grid(2, 2, 2, spacing = 10 um)", 8).unwrap()[5], [10.0, 0.0, 10.0]);
    assert_eq!(places("positions(\"places.csv\")", 2).unwrap(), [[5.0, 1000.0, 0.0], [6.0, -500.0, 7.5]]);
}

#[test]
fn broken_layouts() {
    let told = |layout: &str, count| places(layout, count).unwrap_err();
    assert_eq!(told("grid(2, 3, spacing = 10 um)", 5), ["E0510 the grid has places for 6 cells, and `q` has 5"]);
    assert_eq!(told("positions(\"places.csv\")", 3), ["E0510 the file has the places of 2 cells, and `q` has 3"]);
    assert_eq!(told("positions(\"pairs.csv\")", 3), ["E0601 pairs.csv has no column `x` of lengths"]);
    assert_eq!(told("sphere(-1 um)", 3), ["E0403 the radius cannot be negative"]);
    assert!(told("box(1 um, 2 um)", 3)[0].starts_with("E0440"));
    assert!(told("box(1 um, 2 um, 3 mV)", 3)[0].starts_with("E0301"));
    assert!(told("bx(1 um, 2 um, 3 um)", 3)[0].starts_with("E02"));
    assert!(told("grid(2, 2)", 4)[0].starts_with("E0415"));
}
