//! Every code of the text itself has a page, and the examples of the page do what it says.

use std::path::Path;

use bouton_syntax::{Code, FileId, Source, parse};

#[test]
fn examples_of_the_pages() {
    for code in Code::ALL.iter().filter(|code| code.text().starts_with("E01")) {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../errors/{code}.md"));
        let page = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(page.starts_with(&format!("# {code}: {}\n", code.title())), "{} is missing or has another title", path.display());
        for (marked, example) in examples(&page) {
            let (_, found) = parse(&Source::new("example", example), FileId(0));
            let told: Vec<&str> = found.iter().map(|one| one.code.text()).collect();
            assert_eq!(told, marked, "{code}:\n{example}");
        }
    }
}

/// The fenced blocks of a page, each with the codes in its first line.
fn examples(page: &str) -> Vec<(Vec<&str>, &str)> {
    let blocks = page.split("```net").skip(1).filter_map(|rest| rest.split_once('\n'));
    blocks
        .map(|(head, body)| {
            let marked = head.split("error[").skip(1).filter_map(|mark| mark.split(']').next()).collect();
            (marked, body.split("```").next().unwrap_or(""))
        })
        .collect()
}
