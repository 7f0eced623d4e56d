//! Codes and their pages in `lang/errors/`. What the pages say is tested in `lang/tests/pages.rs`.

use bouton_lang::explain::page;
use bouton_syntax::Code;

/// Codes without a page and pages without a code.
pub fn compare(codes: &[&str], pages: &[String]) -> Vec<String> {
    let without_page = codes.iter().filter(|code| !pages.iter().any(|page| page == *code));
    let without_code = pages.iter().filter(|page| !codes.contains(&page.as_str()));
    let mut findings: Vec<String> = without_page.map(|code| format!("{code} has no page lang/errors/{code}.md")).collect();
    findings.extend(without_code.map(|page| format!("lang/errors/{page}.md has no code in lang/syntax/src/diagnostic/code.rs")));
    findings
}

/// Codes whose page `bouton explain` does not know.
pub fn not_embedded() -> Vec<String> {
    let missing = Code::ALL.iter().filter(|code| page(**code).is_none());
    missing.map(|code| format!("{code} has no row in lang/src/explain.rs")).collect()
}

#[test]
fn a_missing_page_and_a_page_too_many_are_found() {
    assert_eq!(compare(&["E0101", "E0102"], &["E0102".into(), "E0999".into()]).len(), 2);
    assert!(compare(&["E0101"], &["E0101".into()]).is_empty());
}
