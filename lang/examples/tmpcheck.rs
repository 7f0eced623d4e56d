//! Checks files.
use bouton_syntax::render::{Style, render};
struct Disk;
impl bouton_lang::World for Disk {
    fn read(&self, p: &str) -> Result<String, String> {
        std::fs::read_to_string(p).map_err(|e| e.to_string())
    }
}
fn main() {
    let short = std::env::var_os("SHORT").is_some();
    for f in std::env::args().skip(1) {
        let t = std::fs::read(&f).unwrap();
        let t = String::from_utf8_lossy(&t);
        let s = std::time::Instant::now();
        let c = bouton_lang::check(&f, &t, &Disk);
        println!("== {f}: program {} in {:?}", c.program.is_some(), s.elapsed());
        print!("{}", render(&c.diagnostics, &c.sources, if short { Style::Lines } else { Style::Pretty { colour: false } }));
    }
}
