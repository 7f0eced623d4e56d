//! Tables of the manual that are the code's own: between `<!-- table NAME -->` and `<!-- end -->`.

use super::{blessing, path, read};
use bouton_lang::evolve::{COMMON, Kind, METHODS, PartRow, SettingRow};
use bouton_lang::{ANALYSIS, Code, UNSUPPORTED};
use bouton_model::builtin::{CONSTANTS, FUNCTIONS};
use bouton_model::unit::table::{Prefixes, UNITS};
use std::fs;

/// Page, name of the table, its rows.
fn tables() -> Vec<(&'static str, String, String)> {
    let library = super::library::tables().into_iter().map(|(name, table)| ("docs/library.md", name, table));
    let tables = [
        ("docs/language.md", "units", units()),
        ("docs/language.md", "functions", functions()),
        ("docs/language.md", "constants", constants()),
        ("docs/language.md", "analysis", analysis()),
        ("docs/language.md", "unsupported", unsupported()),
        ("docs/optimization.md", "methods", methods()),
        ("docs/optimization.md", "parts", parts()),
        ("docs/running.md", "codes", codes()),
        ("docs/mechanisms.md", "constructs", table(["construct", "supported"], super::nmodl::rows().into_iter())),
    ];
    tables.into_iter().map(|(page, name, table)| (page, name.to_owned(), table)).chain(library).collect()
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

fn methods() -> String {
    let words = |list: &[PartRow]| list.iter().map(|part| format!("`{}`", part.name)).collect::<Vec<_>>().join(", ");
    let row = |method: &str, setting: &SettingRow| {
        let doc = match setting.kind {
            Kind::Part(list) => format!("{}: one of {}", setting.doc, words(list)),
            Kind::Parts(list) => format!("{}: a list of {}", setting.doc, words(list)),
            _ => setting.doc.to_owned(),
        };
        (format!("{method} `{}`", setting.name), doc)
    };
    let common = COMMON.iter().map(|setting| row("all:", setting));
    let each = METHODS.iter().flat_map(|method| {
        let head = (format!("`{}`", method.name), method.doc.to_owned());
        std::iter::once(head).chain(method.settings.iter().map(|setting| row(&format!("{}:", method.name), setting)))
    });
    table(["setting", "is"], common.chain(each))
}

fn parts() -> String {
    let settings = METHODS.iter().flat_map(|method| method.settings);
    let parts = settings.flat_map(|setting| match setting.kind {
        Kind::Part(list) | Kind::Parts(list) => list,
        _ => &[],
    });
    let with_settings = parts.filter(|part| !part.settings.is_empty());
    table(
        ["part", "has"],
        with_settings.map(|part| {
            let list: Vec<String> = part.settings.iter().map(|one| format!("`{}`: {}", one.name, one.doc)).collect();
            (format!("`{}`", part.name), list.join("; "))
        }),
    )
}

fn unsupported() -> String {
    table(["what", "instead"], UNSUPPORTED.iter().map(|row| (row.name.to_owned(), row.note.to_owned())))
}

fn codes() -> String {
    table(["code", "is"], Code::ALL.iter().map(|code| (format!("`{code}`"), code.title().to_owned())))
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
        match with(&text, &name, &table) {
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
