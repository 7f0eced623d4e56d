//! What a newcomer must remember, as tests: layers, crates, lengths, first lines, words, `unsafe`, pages of codes. Reads files only.
//! Each rule is a function from texts to findings, and beside it stands a test that it finds a bad sample.

#[path = "tidy/crates.rs"]
mod crates;
#[path = "tidy/files.rs"]
mod files;
#[path = "tidy/layers.rs"]
mod layers;
#[path = "tidy/lengths.rs"]
mod lengths;
#[path = "tidy/pages.rs"]
mod pages;
#[path = "tidy/rust.rs"]
mod rust;
#[path = "tidy/unsafety.rs"]
mod unsafety;
#[path = "tidy/words.rs"]
mod words;

use files::{RustFile, read, rust_files};

/// Fails with all findings, one a line.
fn none(findings: &[String]) {
    assert!(findings.is_empty(), "\n{}\n", findings.join("\n"));
}

/// Findings of a rule in every Rust file of the project.
fn in_all(rule: fn(&RustFile) -> Vec<String>) -> Vec<String> {
    rust_files().iter().flat_map(rule).collect()
}

#[test]
fn modules_use_what_their_layer_may() {
    none(&in_all(layers::edges));
}

#[test]
fn packages_depend_on_what_their_layers_may() {
    let manifests = files::with_name("Cargo.toml");
    assert!(manifests.len() >= 5, "the manifests were not found");
    none(&manifests.iter().flat_map(|path| layers::dependencies(path, &read(path))).collect::<Vec<_>>());
}

#[test]
fn the_layers_in_architecture_are_those_of_the_test() {
    none(&layers::described(&read("ARCHITECTURE.md")));
}

#[test]
fn crates_stay_in_their_folder() {
    none(&in_all(crates::strays));
}

#[test]
fn crates_have_a_row() {
    none(&crates::unlisted(&read("Cargo.toml")));
}

#[test]
fn files_are_short() {
    println!("{}", lengths::long(&rust_files()).join("\n"));
    none(&in_all(lengths::too_long));
}

#[test]
fn files_say_what_they_are() {
    none(&in_all(words::first_line));
}

#[test]
fn nothing_is_left_open_or_silenced() {
    none(&in_all(words::left_open));
}

#[test]
fn the_language_and_the_engine_know_no_outside() {
    none(&in_all(words::outside));
}

#[test]
fn unsafe_code_stays_in_its_files_and_gives_its_reason() {
    none(&in_all(unsafety::strays));
    none(&in_all(unsafety::without_reason));
}

#[test]
fn each_code_has_a_page_and_each_page_a_code() {
    let codes: Vec<&str> = bouton_syntax::Code::ALL.iter().map(|code| code.text()).collect();
    none(&pages::compare(&codes, &files::stems("lang/errors", "md")));
    none(&pages::not_embedded());
}
