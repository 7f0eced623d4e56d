//! What editors get beside the server: the words of the grammar are those of the language, and the extension's own code runs.
//! `BLESS=1 cargo test --test editors` rewrites the words.

use bouton_syntax::token::{Keyword, Role};
use std::fs;
use std::path::PathBuf;
use std::process::Command;

fn path(file: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("editors").join(file)
}

/// The pattern of all words of a role.
fn pattern(role: Role) -> String {
    let words: Vec<&str> = Keyword::ALL.iter().filter(|word| word.role() == role).map(|word| word.text()).collect();
    format!("\\\\b(?:{})\\\\b", words.join("|"))
}

#[test]
fn words_of_the_grammar_are_those_of_the_language() {
    let file = path("vscode/syntaxes/bouton.tmLanguage.json");
    let text = fs::read_to_string(&file).expect("the grammar");
    let roles =
        [("keyword.control.bouton", Role::Reserved), ("storage.type.bouton", Role::Item), ("keyword.other.bouton", Role::Clause)];
    let line = |line: &str| {
        let found = roles.iter().find(|(name, _)| line.contains(&format!("\"name\": \"{name}\"")) && line.contains("\"match\""));
        match found {
            Some((_, role)) => {
                let (before, rest) = line.split_once("\"match\": \"").expect("a pattern");
                let (_, after) = rest.split_once('"').expect("its end");
                format!("{before}\"match\": \"{}\"{after}", pattern(*role))
            }
            None => line.to_owned(),
        }
    };
    let wanted: String = text.lines().map(|one| line(one) + "\n").collect();
    assert_eq!(wanted.matches("\\\\b(?:").count(), 3);
    if std::env::var_os("BLESS").is_some() {
        fs::write(&file, &wanted).expect("written");
    }
    assert!(fs::read_to_string(&file).expect("the grammar") == wanted, "BLESS=1 rewrites {}", file.display());
}

#[test]
fn the_extension_asks_the_server() {
    let test = Command::new("node").arg(path("vscode/test/editor.js")).arg(env!("CARGO_BIN_EXE_bouton")).output();
    match test {
        Ok(ended) => assert!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stderr)),
        // Whoever has no Node builds no extension either.
        Err(why) => println!("not run, Node cannot be started: {why}"),
    }
}
