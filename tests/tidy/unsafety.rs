//! Where `unsafe` may stand, and that it says why it is right.

use super::files::RustFile;

/// The files with vector instructions, the machine that hands them pointers, and a test's allocator; nothing else.
const UNSAFE: [&str; 7] = [
    "engine/src/cable/row.rs",
    "engine/src/cable/solve.rs",
    "engine/src/cable/threshold.rs",
    "engine/src/simd",
    "engine/src/vm/exec",
    "engine/src/vm/machine.rs",
    "tests/memory.rs",
];

/// How many lines above a block its reason may begin.
const ABOVE: usize = 4;

/// `unsafe` in a file that is not in the list.
pub fn strays(file: &RustFile) -> Vec<String> {
    if UNSAFE.iter().any(|place| file.is_in(place)) {
        return Vec::new();
    }
    let stray = file.tokens.iter().filter(|token| token.is_word("unsafe"));
    stray.map(|token| file.finding(token.line, "`unsafe` outside of the files that may have it")).collect()
}

/// A block or implementation without `SAFETY:` above it.
pub fn without_reason(file: &RustFile) -> Vec<String> {
    let lines: Vec<&str> = file.text.lines().collect();
    let mut findings = Vec::new();
    for pair in file.tokens.windows(2) {
        let [word, next] = pair else { continue };
        let claims = word.is_word("unsafe") && (next.is_sign('{') || next.is_word("impl"));
        let above = lines.get(word.line.saturating_sub(ABOVE + 1)..word.line).unwrap_or_default();
        if claims && !above.iter().any(|line| line.contains("SAFETY:")) {
            findings.push(file.finding(word.line, "`unsafe` without `// SAFETY:`"));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::{strays, without_reason};
    use crate::files::RustFile;

    #[test]
    fn unsafe_elsewhere_is_found() {
        let text = "fn f() { unsafe { g() } }";
        assert_eq!(strays(&RustFile::new("engine/src/block.rs", text)).len(), 1);
        assert_eq!(strays(&RustFile::new("engine/src/simdx.rs", text)).len(), 1);
        assert!(strays(&RustFile::new("engine/src/simd/avx2.rs", text)).is_empty());
        assert!(strays(&RustFile::new("engine/src/simd.rs", text)).is_empty());
        assert!(strays(&RustFile::new("src/a.rs", "// unsafe\nlet text = \"unsafe\";")).is_empty());
    }

    #[test]
    fn a_missing_reason_is_found() {
        let bad = "fn f() {\n\n\n\n\n    unsafe { g() }\n}\nunsafe impl Send for X {}";
        assert_eq!(without_reason(&RustFile::new("engine/src/simd.rs", bad)).len(), 2);
        let good = "// SAFETY: x is aligned.\nunsafe { g() }\n/// # Safety\n/// Aligned.\nunsafe fn f() {}";
        assert!(without_reason(&RustFile::new("engine/src/simd.rs", good)).is_empty());
    }
}
