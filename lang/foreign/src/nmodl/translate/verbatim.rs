//! What C code between VERBATIM and ENDVERBATIM means, where it is one of the few things that files write there over and over.

/// A meaning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// Nothing that a simulation notices: headers, prototypes, printing, a return at the end.
    Nothing,
    /// Something else, in the words of a message.
    Refused(&'static str),
}

/// The meaning of a block; `is_end`: nothing follows it.
pub fn meaning(code: &str, is_end: bool) -> Meaning {
    let code = without_comments(code);
    for statement in code.split(';') {
        let statement = statement.trim();
        let word = statement.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').next().unwrap_or("");
        // A log on disk is printing, too.
        let logs = matches!(word, "FILE" | "fclose") || statement.contains("=fopen(") || statement.contains("= fopen(");
        let idle = statement.is_empty() || logs || matches!(word, "printf" | "fprintf" | "extern") || is_prototype(statement);
        let returns = word == "return" && matches!(statement["return".len()..].trim(), "" | "0" | "0." | "0.0" | "(0)");
        if idle || (returns && is_end) {
            continue;
        }
        return Meaning::Refused(match word {
            "return" => "VERBATIM that returns",
            _ if code.contains("nrnran123") || code.contains("nrn_random") || code.contains("_p_donotuse") => {
                "VERBATIM that draws random numbers"
            }
            _ if code.contains("vector_") => "VERBATIM that works on vectors",
            _ => "VERBATIM with C code",
        });
    }
    Meaning::Nothing
}

/// A declaration of a function: a type, a name, parentheses, no body.
fn is_prototype(statement: &str) -> bool {
    let Some((before, after)) = statement.split_once('(') else { return false };
    let words = before.split(|c: char| c.is_whitespace() || c == '*').filter(|w| !w.is_empty()).count();
    let plain = |text: &str, more: &str| {
        text.chars().all(|c| c.is_ascii_alphanumeric() || c.is_whitespace() || c == '_' || more.contains(c))
    };
    words >= 2
        && plain(before, "*")
        && after.ends_with(')')
        && plain(&after[..after.len() - 1], "*,.")
        && !before.contains("return")
}

/// Without comments and lines of the preprocessor.
fn without_comments(code: &str) -> String {
    let mut out = String::new();
    let mut rest = code;
    while let Some(at) = rest.find("/*") {
        out.push_str(&rest[..at]);
        rest = rest[at + 2..].find("*/").map_or("", |end| &rest[at + 2 + end + 2..]);
    }
    out.push_str(rest);
    let lines = out.split(['\n', '\r']).map(|line| line.find("//").map_or(line, |at| &line[..at]));
    lines.filter(|line| !line.trim_start().starts_with('#')).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::{Meaning, meaning};

    #[test]
    fn what_does_nothing() {
        for code in [
            "return 0;",
            "\n#include <stdlib.h>\n",
            "extern double f();",
            "double f(double x);",
            "printf(\"%g\", x);",
            "/* x = 1; */",
        ] {
            assert_eq!(meaning(code, true), Meaning::Nothing, "{code}");
        }
    }

    #[test]
    fn what_does_something() {
        for code in ["x = 1;", "return x;", "f(3);", "if (x) { y = 2; }", "return f(x);"] {
            assert_ne!(meaning(code, true), Meaning::Nothing, "{code}");
        }
        assert_ne!(meaning("return 0;", false), Meaning::Nothing);
    }
}
