//! Variables that all segments have in common, against NEURON 9.0.2 (`tests/peers/common`): set by one block and read by another, read before they are set, set
//! under conditions, in `INITIAL`, by Newton's iteration and by events.

use super::{Options, fresh};
use bouton::session::Script;
use bouton_lang::check;
use std::fs;
use std::path::Path;

fn table(text: &str) -> (Vec<String>, Vec<Vec<f64>>) {
    let mut lines = text.lines().filter(|line| !line.starts_with('#'));
    let names = lines.next().unwrap().split(',').map(str::to_owned).collect();
    (names, lines.map(|line| line.split(',').map(|x| x.parse().unwrap()).collect()).collect())
}

struct Beside(std::path::PathBuf);

impl bouton_lang::World for Beside {
    fn read(&self, path: &str) -> Result<String, String> {
        fs::read_to_string(self.0.join(path)).map_err(|why| why.to_string())
    }
}

/// The tables written for so many cells, of which the first is looked at.
fn written(cells: usize) -> Vec<Vec<f64>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/peers/common");
    let text = fs::read_to_string(folder.join("model.net"))
        .unwrap()
        .replace("population p: C\n", &format!("population p: C[{cells}]\n"));
    let out = fresh(&format!("common_{cells}"));
    let checked = check("model.net", &text, &Beside(folder));
    let mut session = Script::new(checked, Options { out: out.clone(), ..Options::default() });
    let mut listener = super::Listener { lines: Vec::new(), patience: usize::MAX };
    session.run(&mut listener).map(drop).unwrap();
    table(&fs::read_to_string(out.join("out.csv")).unwrap()).1
}

#[test]
fn what_segments_have_in_common_is_neurons() {
    let peer = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/peers/common/neuron.csv");
    let (names, theirs) = table(&fs::read_to_string(peer).unwrap());
    let ours = written(1);
    assert_eq!((ours.len(), theirs.len()), (100, 100));
    for (k, name) in names.iter().enumerate() {
        let largest = theirs.iter().fold(0.0, |m: f64, row| m.max(row[k].abs()));
        // The first column of ours is time.
        let worst = ours.iter().zip(&theirs).map(|(a, b)| (a[k + 1] - b[k]).abs()).fold(0.0, f64::max) / largest;
        println!("{name}: {worst:e}");
        assert!(worst < 1e-9, "{name}: {worst:e}");
    }
}

/// A cell does not see what other cells have left.
#[test]
fn cells_have_nothing_in_common() {
    assert_eq!(written(1), written(9));
}
