//! The README's script has at most 15 lines and draws the README's picture.

use super::{blessing, fault, path, read};
use bouton::session::{Console, Options, Script};
use bouton_lang::{NoFiles, check};
use std::fs;
use std::path::Path;

const PICTURE: &str = "docs/pictures/tut2.svg";

/// Keeps what is printed.
#[derive(Default)]
pub struct Lines(pub Vec<String>);

impl Console for Lines {
    fn print(&mut self, line: &str) {
        self.0.push(line.to_owned());
    }

    fn wrote(&mut self, _: &Path) {}

    fn progress(&mut self, _: f64, _: f64) -> bool {
        true
    }
}

fn script(readme: &str) -> &str {
    let rest = readme.split("```net\n").nth(1).unwrap_or_default();
    rest.split("```").next().unwrap_or_default()
}

#[test]
fn the_script_draws_the_picture() {
    let readme = read("README.md");
    let script = script(&readme);
    assert!((1..=15).contains(&script.lines().count()), "{} lines", script.lines().count());
    let checked = check("tut2.net", script, &NoFiles);
    assert_eq!(fault(&checked, None), None);
    let out = Path::new(env!("CARGO_TARGET_TMPDIR")).join("manual");
    let mut lines = Lines::default();
    let result = Script::new(checked, Options { out: out.clone(), ..Options::default() }).run(&mut lines);
    assert!(result.is_ok(), "{result:?}");
    for line in &lines.0 {
        assert!(readme.contains(line), "the README does not say {line:?}");
    }
    assert!(readme.contains(PICTURE), "the README does not show {PICTURE}");
    let drawn = fs::read(out.join("tut2.svg")).expect("the script draws tut2.svg");
    if blessing() {
        fs::create_dir_all(path("docs/pictures")).expect("the folder can be made");
        fs::write(path(PICTURE), &drawn).expect("the picture can be written");
    }
    assert!(fs::read(path(PICTURE)).is_ok_and(|kept| kept == drawn), "{PICTURE} is another picture: run with BLESS=1");
}
