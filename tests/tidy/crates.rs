//! Crates of others: each has a row with the folders in which it may be named, so that it can be replaced in one place.

use super::files::RustFile;
use super::rust::Kind;

/// A dependency of tests: the compiler sees to it that nothing else names it.
const TESTS: &[&str] = &["lang", "engine", "src", "tests"];

/// Name in the manifest, name in the code, folders.
const CRATES: &[(&str, &str, &[&str])] = &[
    ("anstream", "anstream", &["src/cli"]),
    ("arbtest", "arbtest", TESTS),
    ("ariadne", "ariadne", &["lang/syntax/src/render"]),
    ("chumsky", "chumsky", &["lang/syntax/src/parser"]),
    ("clap", "clap", &["src/cli"]),
    ("clap_complete", "clap_complete", &["src/cli/shell"]),
    ("clap_mangen", "clap_mangen", &["src/cli/shell"]),
    // The program, which does not have the crate, has a module of this name.
    ("csv", "csv", &["lang/src/table", "src/record", "src/script"]),
    ("indicatif", "indicatif", &["src/cli"]),
    ("libtest-mimic", "libtest_mimic", TESTS),
    ("logos", "logos", &["lang/syntax/src/lexer"]),
    ("lsp-server", "lsp_server", &["src/cli/lsp"]),
    ("md-5", "md5", &["src/build/streams", "src/record"]),
    ("png", "png", &["src/plot/bitmap"]),
    ("rand", "rand", &["engine/src/random"]),
    ("rand_mt", "rand_mt", &["optimize/src/draws"]),
    (
        "rayon",
        "rayon",
        &[
            "engine/src/run",
            "engine/src/crew",
            "engine/src/layout",
            "engine/src/threads",
            "src/build/streams",
            "src/build/wiring",
        ],
    ),
    ("resvg", "resvg", &["src/plot/bitmap"]),
    ("roxmltree", "roxmltree", &["lang/foreign/src/neuroml"]),
    ("rustix", "rustix", &["src/script/clock", "tests/terminal"]),
    ("rustyline", "rustyline", &["src/cli/repl"]),
    ("serde", "serde", &["lang/syntax/src/render", "src/cli/lsp", "src/script/journal.rs"]),
    (
        "serde_json",
        "serde_json",
        &[
            "lang/foreign/src/neuron/report.rs",
            "lang/syntax/src/render",
            "lang/syntax/tests",
            "src/cli/import",
            "src/cli/lsp",
            "src/cli/mods.rs",
            "src/script/journal.rs",
            "tests/lsp",
            "tests/neuroml",
        ],
    ),
    ("signal-hook", "signal_hook", &["src/cli"]),
    ("strsim", "strsim", &["lang/syntax/src/diagnostic", "lang/src"]),
];

/// Crates named outside of their folders.
pub fn strays(file: &RustFile) -> Vec<String> {
    let mut findings = Vec::new();
    for (at, token) in file.tokens.iter().enumerate() {
        let Kind::Word(word) = &token.kind else { continue };
        let Some((_, _, folders)) = CRATES.iter().find(|(_, name, _)| name == word) else { continue };
        let before =
            |back: usize, sign| at.checked_sub(back).and_then(|at| file.tokens.get(at)).is_some_and(|token| token.is_sign(sign));
        let after = |ahead: usize, sign| file.tokens.get(at + ahead).is_some_and(|token| token.is_sign(sign));
        let imported = at.checked_sub(1).and_then(|at| file.tokens.get(at)).is_some_and(|token| token.is_word("use"));
        let heads_path = after(1, ':') && after(2, ':') && !(before(1, ':') && before(2, ':'));
        if (imported || heads_path) && !folders.iter().any(|folder| file.is_in(folder)) {
            findings.push(file.finding(token.line, &format!("`{word}` outside of {}", folders.join(", "))));
        }
    }
    findings
}

/// Dependencies of the workspace without a row, and rows without a dependency.
pub fn unlisted(manifest: &str) -> Vec<String> {
    let section = manifest.split("[workspace.dependencies]").nth(1).unwrap_or_default();
    let section = section.split("\n[").next().unwrap_or_default();
    let names = section.lines().filter_map(|line| Some(line.split_once('=')?.0.trim()));
    let names: Vec<&str> = names.filter(|name| !name.starts_with("bouton-")).collect();
    let listed = |name: &str| CRATES.iter().any(|(own, ..)| *own == name);
    let mut findings: Vec<String> =
        names.iter().filter(|name| !listed(name)).map(|name| format!("{name} has no row in tests/tidy/crates.rs")).collect();
    let gone = CRATES.iter().filter(|(name, ..)| !names.contains(name));
    findings.extend(gone.map(|(name, ..)| format!("{name} of tests/tidy/crates.rs is no dependency")));
    findings
}

#[cfg(test)]
mod tests {
    use super::{strays, unlisted};
    use crate::files::RustFile;

    #[test]
    fn a_crate_in_another_folder_is_found() {
        for bad in ["use chumsky::prelude::*;", "fn f() -> ariadne::Report {}", "use md5 as hash;", "rayon::join(a, b)"] {
            assert_eq!(strays(&RustFile::new("src/script/a.rs", bad)).len(), 1, "{bad}");
        }
        for good in ["use super::logos::Lexer;", "// clap::Parser", "let rayon = 1;", "self.rand.next()"] {
            assert!(strays(&RustFile::new("src/script/a.rs", good)).is_empty(), "{good}");
        }
        assert!(strays(&RustFile::new("lang/syntax/src/parser/cell.rs", "use chumsky::prelude::*;")).is_empty());
    }

    #[test]
    fn a_crate_without_a_row_is_found() {
        let findings = unlisted("[workspace.dependencies]\nnewcomer = \"1.0\"\nclap = \"4\"\n\n[package]\nname = \"x\"\n");
        assert!(findings.iter().any(|finding| finding.starts_with("newcomer ")));
        assert!(!findings.iter().any(|finding| finding.starts_with("clap ") || finding.starts_with("name ")));
        assert!(findings.iter().any(|finding| finding.starts_with("logos ")));
    }
}
