//! Tables of the manual that are the code's own: between `<!-- table NAME -->` and `<!-- end -->`.

use super::{blessing, path, read};
use bouton_lang::{ANALYSIS, Code, UNSUPPORTED};
use bouton_model::builtin::{CONSTANTS, FUNCTIONS};
use bouton_model::unit::table::{Prefixes, UNITS};
use std::fs;

/// Page, name of the table, its rows.
fn tables() -> Vec<(&'static str, &'static str, String)> {
    let library = super::library::tables().into_iter().map(|(name, table)| ("docs/library.md", name, table));
    let tables = [
        ("docs/language.md", "units", units()),
        ("docs/language.md", "functions", functions()),
        ("docs/language.md", "constants", constants()),
        ("docs/language.md", "analysis", analysis()),
        ("docs/language.md", "unsupported", unsupported()),
        ("docs/running.md", "codes", codes()),
        ("docs/mistakes.md", "mistakes", mistakes()),
    ];
    tables.into_iter().chain(library).collect()
}

fn table(head: [&str; 2], rows: impl Iterator<Item = (String, String)>) -> String {
    let rows: String = rows.map(|(a, b)| format!("| {a} | {b} |\n")).collect();
    format!("| {} | {} |\n| --- | --- |\n{rows}", head[0], head[1])
}

fn units() -> String {
    let prefixed = |prefixes| match prefixes {
        Prefixes::None => "",
        Prefixes::Thousands => "; f p n u m k M G T",
        Prefixes::All => "; f p n u m c d k M G T",
    };
    table(
        ["unit", "is; prefixes"],
        UNITS.iter().map(|row| (format!("`{}`", row.name), format!("{}{}", row.doc, prefixed(row.prefixes)))),
    )
}

fn functions() -> String {
    table(["function", "is"], FUNCTIONS.iter().map(|row| (format!("`{}`", row.name), row.doc.to_owned())))
}

fn constants() -> String {
    table(["constant", "is"], CONSTANTS.iter().map(|row| (format!("`{}`", row.name), row.doc.to_owned())))
}

fn analysis() -> String {
    table(["value", "is"], ANALYSIS.iter().map(|row| (format!("`{}`", row.call), row.doc.to_owned())))
}

fn unsupported() -> String {
    table(["what", "instead"], UNSUPPORTED.iter().map(|row| (row.name.to_owned(), row.note.to_owned())))
}

fn codes() -> String {
    table(["code", "is"], Code::ALL.iter().map(|code| (format!("`{code}`"), code.title().to_owned())))
}

/// The scripts with one mistake each, and the first line of what is told of it.
fn mistakes() -> String {
    let folder = path("lang/tests/golden/mistakes");
    let entries = fs::read_dir(&folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let mut scripts: Vec<_> = entries.filter(|path| path.extension().is_some_and(|end| end == "net")).collect();
    scripts.sort();
    let first =
        |path: &std::path::Path| fs::read_to_string(path).unwrap_or_default().lines().next().unwrap_or_default().to_owned();
    let rows = scripts.iter().map(|script| {
        let name = script.file_stem().unwrap_or_default().to_string_lossy();
        let mistake = first(script).trim_start_matches('/').trim().to_owned();
        (format!("[{mistake}](../lang/tests/golden/mistakes/{name}.net)"), first(&script.with_extension("txt")))
    });
    let mut rows: Vec<_> = rows.collect();
    rows.sort();
    table(["mistake", "what is told"], rows.into_iter())
}

/// A page with a table put in its place; nothing where it has no place.
fn with(page: &str, name: &str, table: &str) -> Option<String> {
    let open = format!("<!-- table {name} -->\n");
    let (before, rest) = page.split_once(&open)?;
    let (_, after) = rest.split_once("<!-- end -->")?;
    Some(format!("{before}{open}{table}<!-- end -->{after}"))
}

#[test]
fn tables_are_those_of_the_code() {
    let mut stale = Vec::new();
    for (page, name, table) in tables() {
        let text = read(page);
        match with(&text, name, &table) {
            None => stale.push(format!("{page} has no place for the table {name}")),
            Some(new) if new == text => {}
            Some(new) if blessing() => fs::write(path(page), new).expect("the page can be written"),
            Some(_) => stale.push(format!("the table {name} of {page} is not the code's: run with BLESS=1")),
        }
    }
    assert!(stale.is_empty(), "\n{}", stale.join("\n"));
}

#[test]
fn another_table_is_found() {
    let page = "a\n<!-- table t -->\nold\n<!-- end -->\nb\n";
    assert_eq!(with(page, "t", "new\n").as_deref(), Some("a\n<!-- table t -->\nnew\n<!-- end -->\nb\n"));
    assert_eq!(with(page, "u", "new\n"), None);
}
