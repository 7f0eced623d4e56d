//! What the manual says of a word: the rows of its tables, else the first line that is about it. The pages are the manual's own, so that nothing
//! is written twice.

use std::sync::LazyLock;

/// The pages in which words are explained, those first that are asked first.
const PAGES: [(&str, &str); 8] = [
    ("language", include_str!("../../../docs/language.md")),
    ("library", include_str!("../../../docs/library.md")),
    ("optimization", include_str!("../../../docs/optimization.md")),
    ("mechanisms", include_str!("../../../docs/mechanisms.md")),
    ("rates", include_str!("../../../docs/rates.md")),
    ("cells", include_str!("../../../docs/cells.md")),
    ("running", include_str!("../../../docs/running.md")),
    ("numerics", include_str!("../../../docs/numerics.md")),
];

/// How much a line is about a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum About {
    /// Mentions it.
    Mentions,
    /// Begins with it.
    Begins,
    /// A row of a table whose first cell begins with it.
    Row,
    /// A row of a table for nothing but it.
    Exactly,
}

/// A line of the manual outside of its scripts.
struct Line {
    page: &'static str,
    section: &'static str,
    text: &'static str,
}

static LINES: LazyLock<Vec<Line>> = LazyLock::new(|| {
    let mut lines = Vec::new();
    for (page, text) in PAGES {
        let (mut fenced, mut section) = (false, "");
        for text in text.lines() {
            if text.starts_with("```") {
                fenced = !fenced;
            } else if let Some(title) = text.strip_prefix('#').filter(|_| !fenced) {
                section = title.trim_matches(['#', ' ']);
            } else if !fenced && text.contains('`') {
                lines.push(Line { page, section, text });
            }
        }
    }
    lines
});

/// What the manual says of a word, with the page and section where more stands.
#[must_use]
pub fn entry(word: &str) -> Option<String> {
    let scored = LINES.iter().filter_map(|line| Some((about(line.text, word)?, line)));
    // Of equally good lines the first counts.
    let (_, line) = scored.reduce(|best, one| if one.0 > best.0 { one } else { best })?;
    let text = match cells(line.text) {
        Some(cells) => cells.join(": "),
        None => line.text.trim_start_matches(['-', ' ', '*']).to_owned(),
    };
    Some(format!("{text}\n\n(manual, {}, \"{}\")", line.page, line.section))
}

/// All words that a row of a table is about, in order.
#[must_use]
pub fn topics() -> Vec<&'static str> {
    let rows = LINES.iter().filter(|line| line.text.starts_with('|'));
    let mut words: Vec<&str> = rows.filter_map(|line| code(line.text.split('|').nth(1)?).next()).collect();
    words.retain(|word| !word.is_empty() && word.chars().all(|c| c.is_alphanumeric() || c == '_'));
    words.sort_unstable();
    words.dedup();
    words
}

fn about(line: &str, word: &str) -> Option<About> {
    if !line.contains(word) {
        return None;
    }
    if line.starts_with('|') {
        let first = line.split('|').nth(1)?;
        // A row of names alone explains none of them.
        if !line.splitn(3, '|').nth(2)?.split('`').step_by(2).any(|text| text.split_whitespace().count() > 2) {
            return None;
        }
        if code(first).any(|one| one == word) {
            return Some(About::Exactly);
        }
        if code(first).any(|one| begins(one, word)) {
            return Some(About::Row);
        }
    } else if code(line).next().is_some_and(|one| begins(one, word)) && line.trim_start_matches(['-', ' ', '*']).starts_with('`')
    {
        return Some(About::Begins);
    }
    code(line).any(|one| begins(one, word)).then_some(About::Mentions)
}

/// Whether a piece of code begins with a whole word.
fn begins(code: &str, word: &str) -> bool {
    code.strip_prefix(word).is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric() || c == '_' || c == '.'))
}

/// The pieces of a line in backticks.
fn code(line: &str) -> impl Iterator<Item = &str> {
    line.split('`').skip(1).step_by(2)
}

/// The cells of a row.
fn cells(line: &str) -> Option<Vec<&str>> {
    let row = line.strip_prefix('|')?.trim_end().trim_end_matches('|');
    Some(row.split(" | ").map(str::trim).filter(|cell| !cell.is_empty()).collect())
}
