//! What of NMODL is supported, found out by reading a file for each construct: `nmodl/constructs.mod`. A file begins at `: == CONSTRUCT`, and what stands
//! there behind `|` is said beside what the reader says.

use bouton_lang::World;
use bouton_lang::import::describe;

const CONSTRUCTS: &str = include_str!("nmodl/constructs.mod");

/// One file of mechanisms, and one that it includes.
struct Shelf<'a>(&'a str);

impl World for Shelf<'_> {
    fn read(&self, path: &str) -> Result<String, String> {
        match path {
            "a.mod" => Ok(self.0.to_owned()),
            "rates.inc" => Ok("PROCEDURE rates() { minf = 0.5 }\n".to_owned()),
            _ => Err("it is not there".to_owned()),
        }
    }
}

/// Construct, and how it is supported.
pub fn rows() -> Vec<(String, String)> {
    let files = CONSTRUCTS.split(": == ").skip(1).filter_map(|part| part.split_once('\n'));
    let rows = files.map(|(head, text)| {
        let (construct, remark) = head.split_once(" | ").unwrap_or((head, ""));
        let found = describe("a.mod", &Shelf(text), false).unwrap_or_else(|why| panic!("{construct}: {why}"));
        let told = |wanted: &str| {
            let of_kind = found.rows.iter().filter(|(heading, _)| *heading == wanted);
            of_kind.map(|(_, line)| line.split_once(": ").map_or(line.as_str(), |(_, what)| what).to_owned()).collect::<Vec<_>>()
        };
        let mut parts = vec![if found.runs { "yes" } else { "no" }.to_owned()];
        parts.extend(told("not supported"));
        parts.extend(Some(remark.to_owned()).filter(|remark| !remark.is_empty()));
        parts.extend(told("note"));
        parts.dedup();
        (construct.to_owned(), parts.join("; "))
    });
    rows.collect()
}

/// What the table says is that of a reader that can say no, and of as many constructs as there are files.
#[test]
fn a_file_that_cannot_be_used_is_a_no() {
    let rows = rows();
    assert!(rows.len() > 45 && rows.iter().any(|(_, how)| how.starts_with("no; ")), "{} rows", rows.len());
    assert!(rows.iter().filter(|(_, how)| how.starts_with("yes")).count() > 38);
}
