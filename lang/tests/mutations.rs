//! Scripts with random slips: the checker never panics, and a script that it refuses has at least one error.

#[path = "random/fixed.rs"]
mod fixed;

use arbtest::arbitrary::{Result, Unstructured};
use bouton_lang::{NoFiles, check};
use fixed::fixed;
use std::path::{Path, PathBuf};

#[test]
fn slips_are_told() {
    let scripts = scripts();
    assert!(scripts.len() > 30, "the goldens are found");
    let words: Vec<String> = scripts.iter().flat_map(|script| pieces(script)).collect();
    fixed(600, |random| {
        let mut script = pieces(random.choose(&scripts)?);
        for _ in 0..random.int_in_range(1..=6)? {
            slip(&mut script, &words, random)?;
        }
        told(&script.concat());
        Ok(())
    });
}

#[test]
fn truncated_scripts_are_told() {
    for script in scripts() {
        let pieces = pieces(&script);
        for end in (0..pieces.len()).step_by(7) {
            told(&pieces.iter().take(end).cloned().collect::<String>());
        }
    }
}

/// A script is either a program or has an error.
fn told(text: &str) {
    let checked = check("slip.net", text, &NoFiles);
    assert_eq!(
        checked.program.is_none(),
        checked.diagnostics.has_errors(),
        "refused without an error, or accepted with one:\n{text}"
    );
    for one in checked.diagnostics.iter() {
        assert!(!one.message.is_empty() && checked.sources.get(one.span.file).is_some(), "{one:?}");
    }
}

/// One slip: a word is lost, doubled, exchanged or replaced by one of another script.
fn slip(script: &mut Vec<String>, words: &[String], random: &mut Unstructured<'_>) -> Result<()> {
    if script.is_empty() {
        return Ok(());
    }
    let (at, other) = (random.choose_index(script.len())?, random.choose_index(script.len())?);
    match random.int_in_range(0..=4)? {
        0 => drop(script.remove(at)),
        1 => script.insert(at, script[at].clone()),
        2 => script.swap(at, other),
        3 => script[at] = random.choose(words)?.clone(),
        _ => script.insert(at, random.choose(words)?.clone()),
    }
    Ok(())
}

/// Words and signs of a script, the space before each included.
fn pieces(script: &str) -> Vec<String> {
    let mut pieces: Vec<String> = Vec::new();
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let mut before = ' ';
    for c in script.chars() {
        match pieces.last_mut() {
            Some(last) if is_word(c) && is_word(before) || before.is_whitespace() && !last.is_empty() && before != '\n' => {
                last.push(c)
            }
            _ => pieces.push(c.to_string()),
        }
        before = c;
    }
    pieces
}

/// All goldens and the library.
fn scripts() -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folders =
        ["tests/golden/check", "tests/golden/errors", "library", "library/cells", "library/channels", "library/synapses"];
    let mut files: Vec<PathBuf> = folders
        .iter()
        .flat_map(|folder| std::fs::read_dir(root.join(folder)).into_iter().flatten().flatten())
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|end| end == "net"))
        .collect();
    files.sort();
    files.iter().filter_map(|file| std::fs::read_to_string(file).ok()).collect()
}
