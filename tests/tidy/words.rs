//! Words that must be there, or must not.

use super::files::RustFile;

/// A file begins with a sentence that says what it is, or with an attribute of the whole crate.
pub fn first_line(file: &RustFile) -> Vec<String> {
    let says = file.text.starts_with("//! ") || file.text.starts_with("#![");
    if says { Vec::new() } else { vec![file.finding(1, "does not begin with `//!` and a sentence")] }
}

/// Nothing is left to do, no test is skipped, and a lint is expected with a reason or fixed, never allowed.
pub fn left_open(file: &RustFile) -> Vec<String> {
    let mut findings = Vec::new();
    for (at, token) in file.tokens.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|at| file.tokens.get(at));
        let after = file.tokens.get(at + 1);
        let open = |word: &str, sign: char| token.is_word(word) && after.is_some_and(|after| after.is_sign(sign));
        let attribute = before.is_some_and(|before| before.is_sign('['));
        let what = match () {
            () if open("todo", '!') => "`todo!`",
            () if open("unimplemented", '!') => "`unimplemented!`",
            () if open("dbg", '!') => "`dbg!`",
            () if attribute && token.is_word("ignore") => "an ignored test",
            () if attribute && token.is_word("allow") => "`allow`: write `#[expect(lint, reason = \"...\")]`",
            () => continue,
        };
        findings.push(file.finding(token.line, what));
    }
    findings
}

/// Folders that reach no file, no clock and no terminal, and the words that would.
const WITHOUT_OUTSIDE: [&str; 4] = ["lang/syntax/src", "lang/model/src", "lang/src", "optimize/src"];
const OUTSIDE: [&str; 7] = ["fs", "net", "process", "env", "time", "io", "thread"];
/// The engine reads a clock for the profile, and nothing else.
const ENGINE_OUTSIDE: [&str; 5] = ["fs", "net", "process", "env", "io"];
const PRINTING: [&str; 4] = ["println", "print", "eprintln", "eprint"];

/// The language and the engine do no I/O and print nothing; files reach them through `World`, or not at all.
pub fn outside(file: &RustFile) -> Vec<String> {
    let words: &[&str] = match () {
        () if WITHOUT_OUTSIDE.iter().any(|place| file.is_in(place)) => &OUTSIDE,
        () if file.is_in("engine/src") => &ENGINE_OUTSIDE,
        () => return Vec::new(),
    };
    let mut findings = Vec::new();
    for window in file.tokens.windows(4) {
        let [first, second, third, fourth] = window else { continue };
        if first.is_word("std") && second.is_sign(':') && third.is_sign(':') && words.iter().any(|word| fourth.is_word(word)) {
            findings.push(file.finding(first.line, "reaches outside"));
        }
        if second.is_sign('!') && PRINTING.iter().any(|word| first.is_word(word)) {
            findings.push(file.finding(first.line, "prints"));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::{first_line, left_open, outside};
    use crate::files::RustFile;

    #[test]
    fn a_file_without_a_first_sentence_is_found() {
        assert_eq!(first_line(&RustFile::new("src/a.rs", "use std::fs;\n")).len(), 1);
        assert_eq!(first_line(&RustFile::new("src/a.rs", "\n//! Late.\n")).len(), 1);
        assert!(first_line(&RustFile::new("src/a.rs", "//! Something.\n")).is_empty());
        assert!(first_line(&RustFile::new("src/a.rs", "#![doc = include_str!(\"../README.md\")]\n")).is_empty());
    }

    #[test]
    fn open_ends_are_found() {
        for bad in [
            "fn f() { todo!() }",
            "fn f() { unimplemented!(\"x\") }",
            "#[ignore]",
            "#[ignore = \"slow\"]",
            "#[allow(dead_code)]",
            "#![allow(unused)]",
            "dbg!(x)",
        ] {
            assert_eq!(left_open(&RustFile::new("src/a.rs", bad)).len(), 1, "{bad}");
        }
        for good in ["// todo!", "\"#[allow(x)]\"", "#[expect(dead_code, reason = \"...\")]", "self.ignore(x)", "let todo = 1;"] {
            assert!(left_open(&RustFile::new("src/a.rs", good)).is_empty(), "{good}");
        }
    }

    #[test]
    fn reaching_outside_is_found() {
        for bad in ["use std::fs;", "std::fs::read(x)", "let t = std::time::Instant::now();", "println!(\"x\");"] {
            assert_eq!(outside(&RustFile::new("lang/src/a.rs", bad)).len(), 1, "{bad}");
            assert!(outside(&RustFile::new("src/a.rs", bad)).is_empty(), "{bad}");
        }
        assert_eq!(outside(&RustFile::new("engine/src/a.rs", "use std::fs::File;")).len(), 1);
        assert!(outside(&RustFile::new("engine/src/a.rs", "use std::time::Instant;")).is_empty());
    }
}
