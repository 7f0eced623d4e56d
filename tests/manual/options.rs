//! The options in `docs/running.md` are those of `bouton run`.

use super::read;
use std::collections::BTreeSet;
use std::process::Command;

/// Words such as `--seed` in a text.
fn options(text: &str) -> BTreeSet<String> {
    let begins = text.match_indices("--").map(|(at, _)| &text[at..]);
    let names = begins.map(|rest| rest.chars().take_while(|c| c.is_ascii_lowercase() || *c == '-').collect::<String>());
    names.filter(|name| name.len() > 2 && name.trim_start_matches('-').len() + 2 == name.len()).collect()
}

#[test]
fn the_manual_has_the_options_of_the_command() {
    let help = Command::new(env!("CARGO_BIN_EXE_bouton")).args(["run", "--help"]).output().expect("the command runs");
    let mut known = options(&String::from_utf8_lossy(&help.stdout));
    known.retain(|name| !["--help", "--version"].contains(&name.as_str()));
    let page = read("docs/running.md");
    let rows = page.lines().filter(|line| line.starts_with("| `--")).map(|line| line.split('|').nth(1).unwrap_or_default());
    assert_eq!(options(&rows.collect::<String>()), known);
}

#[test]
fn options_are_found_in_a_text() {
    let found = options("  --seed <SEED> is --not-one? | --- | and `--out DIRECTORY`, - - or --");
    assert_eq!(found.into_iter().collect::<Vec<_>>(), ["--not-one", "--out", "--seed"]);
}
