//! Which room of the house may use which. The table here is the one in ARCHITECTURE.md; a test holds them equal.

use super::files::RustFile;
use super::rust::{Kind, Token};

/// A room: its name, where its files lie (`src/build` is `src/build.rs` and what is below it), and the rooms that it may use.
struct Room {
    name: &'static str,
    place: &'static str,
    uses: &'static [&'static str],
}

const fn room(name: &'static str, place: &'static str, uses: &'static [&'static str]) -> Room {
    Room { name, place, uses }
}

const ROOMS: &[Room] = &[
    room("syntax", "lang/syntax/src", &[]),
    room("model", "lang/model/src", &["syntax"]),
    room("foreign", "lang/foreign/src", &["syntax", "model"]),
    room("lang", "lang/src", &["syntax", "model", "foreign"]),
    room("engine", "engine/src", &["model"]),
    room("optimize", "optimize/src", &["model"]),
    room("build", "src/build", &["syntax", "model", "engine"]),
    room("record", "src/record", &["syntax", "model", "engine", "build"]),
    room("plot", "src/plot", &["model", "record"]),
    room("equilibrium", "src/equilibrium", &[]),
    room("script", "src/script", &["syntax", "model", "engine", "optimize", "build", "record", "plot", "equilibrium"]),
    room("session", "src/session", &["syntax", "model", "lang", "engine", "build", "record", "script"]),
    room("cli", "src/cli", &["syntax", "lang", "engine", "record", "plot", "script", "session"]),
    room("main", "src/main.rs", &["cli"]),
];

/// The packages, the room of each, and the folder of its manifest. The program's own package is all other rooms.
const PACKAGES: [(&str, &str, &str); 6] = [
    ("bouton-syntax", "syntax", "lang/syntax/Cargo.toml"),
    ("bouton-model", "model", "lang/model/Cargo.toml"),
    ("bouton-foreign", "foreign", "lang/foreign/Cargo.toml"),
    ("bouton-lang", "lang", "lang/Cargo.toml"),
    ("bouton-engine", "engine", "engine/Cargo.toml"),
    ("bouton-optimize", "optimize", "optimize/Cargo.toml"),
];

fn room_named(name: &str) -> Option<&'static Room> {
    ROOMS.iter().find(|room| room.name == name)
}

/// Mentions of rooms that the file's room may not use.
pub fn edges(file: &RustFile) -> Vec<String> {
    let Some(room) = ROOMS.iter().find(|room| file.is_in(room.place)) else { return homeless(file) };
    let mut findings = Vec::new();
    let mut mentions = mentions(file);
    mentions.dedup();
    for (line, used) in mentions {
        if used != room.name && !room.uses.contains(&used) {
            findings.push(file.finding(line, &format!("{} may not use {used} (the layers of ARCHITECTURE.md)", room.name)));
        }
    }
    findings
}

/// A source file outside of all rooms; `src/lib.rs` lists them.
fn homeless(file: &RustFile) -> Vec<String> {
    let source = file.path.starts_with("src/") || file.path.contains("/src/");
    if source && file.path != "src/lib.rs" { vec![file.finding(1, "is in no room of tests/tidy/layers.rs")] } else { Vec::new() }
}

/// Lines and names of the rooms that a file mentions.
fn mentions(file: &RustFile) -> Vec<(usize, &'static str)> {
    let mut found = Vec::new();
    let own = file.path.strip_prefix("src/").map(module);
    let mut inner: Vec<usize> = Vec::new();
    let mut depth = 0;
    for (at, token) in file.tokens.iter().enumerate() {
        match &token.kind {
            Kind::Sign('{') => {
                depth += 1;
                let opens_module = at >= 2 && file.tokens[at - 2].is_word("mod");
                inner.extend(opens_module.then_some(depth));
            }
            Kind::Sign('}') => {
                inner.pop_if(|opened| *opened == depth);
                depth -= 1;
            }
            Kind::Word(head) if begins_path(&file.tokens, at) => {
                let here = own.as_ref().map(|own| (own.as_slice(), inner.len()));
                let mut paths = Vec::new();
                read_path(&file.tokens, at, Vec::new(), &mut paths);
                found.extend(paths.iter().filter_map(|path| Some((token.line, room_of(head, path, here)?))));
            }
            _ => {}
        }
    }
    found
}

/// Whether the word is the first of its path.
fn begins_path(tokens: &[Token], at: usize) -> bool {
    !at.checked_sub(1).is_some_and(|before| tokens[before].is_sign(':') && before > 0 && tokens[before - 1].is_sign(':'))
}

/// The path of the module of a file below `src/`.
fn module(path: &str) -> Vec<String> {
    let path = path.strip_suffix(".rs").unwrap_or(path);
    path.split('/').filter(|part| !["lib", "main", "mod"].contains(part)).map(str::to_owned).collect()
}

/// Reads the path or tree of paths at a place, and returns the place behind it.
fn read_path(tokens: &[Token], at: usize, mut before: Vec<String>, paths: &mut Vec<Vec<String>>) -> usize {
    match tokens.get(at).map(|token| &token.kind) {
        Some(Kind::Word(word)) => {
            before.push(word.clone());
            if tokens.get(at + 1).is_some_and(|one| one.is_sign(':')) && tokens.get(at + 2).is_some_and(|two| two.is_sign(':')) {
                return read_path(tokens, at + 3, before, paths);
            }
        }
        Some(Kind::Sign('{')) => return read_tree(tokens, at + 1, &before, paths),
        _ => {}
    }
    paths.push(before);
    at + 1
}

fn read_tree(tokens: &[Token], mut at: usize, before: &[String], paths: &mut Vec<Vec<String>>) -> usize {
    while let Some(token) = tokens.get(at) {
        match &token.kind {
            Kind::Sign('}') => return at + 1,
            Kind::Word(word) if word == "as" => at += 2,
            Kind::Word(_) | Kind::Sign('{') => at = read_path(tokens, at, before.to_vec(), paths),
            _ => at += 1,
        }
    }
    at
}

/// The room that a path leads to. `here` is the module of the file in the program's own package, and how many modules of it surround the path.
fn room_of(head: &str, path: &[String], here: Option<(&[String], usize)>) -> Option<&'static str> {
    let package = |name: &str| PACKAGES.iter().find(|(package, ..)| package.replace('-', "_") == name);
    if let Some((_, room, _)) = package(head) {
        return Some(room);
    }
    let top = |module: Option<&String>| room_named(module?).map(|room| room.name);
    match (head, here) {
        ("bouton", _) | ("crate", Some(_)) => top(path.get(1)),
        ("super", Some((own, inner))) => {
            let supers = path.iter().take_while(|part| *part == "super").count();
            let kept = (own.len() + inner).saturating_sub(supers);
            if kept == 0 { top(path.get(supers)) } else { top(own.first()) }
        }
        _ => None,
    }
}

/// Dependencies in a manifest on packages that its room may not use.
pub fn dependencies(path: &str, manifest: &str) -> Vec<String> {
    let room = PACKAGES.iter().find(|(.., place)| *place == path).and_then(|(_, room, _)| room_named(room));
    let uses: Vec<&str> = match room {
        Some(room) => room.uses.to_vec(),
        // A test, which has a package for its own way of being built.
        None if path == "fuzz/Cargo.toml" => vec!["syntax", "lang"],
        None if path == "Cargo.toml" => ROOMS.iter().map(|room| room.name).collect(),
        None => return vec![format!("{path}: the package has no row in tests/tidy/layers.rs")],
    };
    let mut findings = Vec::new();
    for (at, line) in manifest.lines().enumerate() {
        let name = line.split(['.', ' ', '=']).next().unwrap_or_default();
        let Some(used) = name.strip_prefix("bouton-") else { continue };
        if !uses.contains(&used) {
            findings.push(format!("{path}:{}: the package may not depend on {name}", at + 1));
        }
    }
    findings
}

/// Differences between the table under "## Layers" in a text and the one here.
pub fn described(text: &str) -> Vec<String> {
    let section = text.split("\n## Layers").nth(1).unwrap_or_default();
    let section = section.split("\n## ").next().unwrap_or_default();
    let rows: Vec<&str> = section.lines().filter(|line| line.starts_with('|')).skip(2).collect();
    let expected: Vec<String> = ROOMS.iter().map(row).collect();
    let missing =
        expected.iter().filter(|row| !rows.contains(&row.as_str())).map(|row| format!("ARCHITECTURE.md lacks the row {row}"));
    let surplus = rows.iter().filter(|row| !expected.iter().any(|own| own == *row));
    missing.chain(surplus.map(|row| format!("ARCHITECTURE.md has a row that the test has not: {row}"))).collect()
}

fn row(room: &Room) -> String {
    let uses = if room.uses.is_empty() { "nothing".into() } else { room.uses.join(", ") };
    format!("| {} | `{}` | {uses} |", room.name, room.place)
}

#[cfg(test)]
mod tests {
    use super::{ROOMS, dependencies, described, edges, row};
    use crate::files::RustFile;

    fn findings(path: &str, text: &str) -> usize {
        edges(&RustFile::new(path, text)).len()
    }

    #[test]
    fn an_edge_that_the_table_lacks_is_found() {
        assert_eq!(findings("engine/src/a.rs", "use bouton_lang::check;"), 1);
        assert_eq!(findings("engine/src/a.rs", "fn f(x: &bouton_syntax::Span) {}"), 1);
        assert_eq!(findings("lang/model/src/a.rs", "use bouton_engine as e;"), 1);
        assert_eq!(findings("src/build/a.rs", "use crate::plot::svg;"), 1);
        assert_eq!(findings("src/build/a.rs", "use crate::{value, script::{self, run as go}, plot};"), 2);
        assert_eq!(findings("src/build/streams/own.rs", "use super::super::super::cli;"), 1);
        assert_eq!(findings("src/plot.rs", "mod tests { use super::super::session::Session; }"), 1);
        assert_eq!(findings("src/main.rs", "fn main() { bouton::session::run() }"), 1);
        assert_eq!(findings("src/elsewhere.rs", "//! In no room."), 1);
    }

    #[test]
    fn an_edge_of_the_table_is_not_found() {
        assert_eq!(findings("engine/src/a.rs", "// bouton_lang\nuse bouton_model::ir; let text = \"bouton_lang::check\";"), 0);
        assert_eq!(
            findings("src/build/a.rs", "use super::range; use crate::value::Value; mod tests { use super::super::shape; }"),
            0
        );
        assert_eq!(findings("lang/src/check.rs", "use crate::script; use super::plot;"), 0);
        assert_eq!(findings("tests/a.rs", "use bouton::session; use bouton_engine::run;"), 0);
    }

    #[test]
    fn a_dependency_against_the_layers_is_found() {
        assert_eq!(
            dependencies("engine/Cargo.toml", "[dependencies]\nbouton-model.workspace = true\nbouton-lang = { path = \"x\" }\n")
                .len(),
            1
        );
        assert_eq!(dependencies("extra/Cargo.toml", "").len(), 1);
        assert!(dependencies("Cargo.toml", "bouton-engine.workspace = true").is_empty());
    }

    #[test]
    fn a_table_that_differs_is_found() {
        let rows: Vec<String> = ROOMS.iter().map(row).collect();
        let text = |rows: &[String]| {
            format!("# A\n\n## Layers\n\n| room | where | may use |\n| --- | --- | --- |\n{}\n\n## B\n", rows.join("\n"))
        };
        assert!(described(&text(&rows)).is_empty());
        assert_eq!(described(&text(&rows[1..])).len(), 1);
        assert_eq!(described(&text(&[rows.as_slice(), &["| x | `y` | z |".into()]].concat())).len(), 1);
    }

    #[test]
    fn rooms_use_rooms_above_them() {
        for (at, room) in ROOMS.iter().enumerate() {
            let above: Vec<&str> = ROOMS[..at].iter().map(|room| room.name).collect();
            assert!(room.uses.iter().all(|used| above.contains(used)), "{}", room.name);
        }
    }
}
