//! No text makes the checker panic, run out of stack or hang: what is deep, long, or cut and mixed from scripts.

#[path = "random/fixed.rs"]
mod fixed;

use bouton_lang::{NoFiles, check};
use fixed::fixed;

/// Scripts to cut and mix: goldens and the library.
fn scripts() -> Vec<String> {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let folders =
        ["tests/golden/errors", "tests/golden/check", "library", "library/cells", "library/channels", "library/synapses"]
            .map(|folder| root.join(folder));
    let entries = folders.iter().flat_map(|folder| std::fs::read_dir(folder).into_iter().flatten().flatten());
    let mut paths: Vec<_> =
        entries.map(|entry| entry.path()).filter(|path| path.extension().is_some_and(|end| end == "net")).collect();
    paths.sort();
    paths.iter().filter_map(|path| std::fs::read_to_string(path).ok()).collect()
}

fn survive(text: &str) {
    let checked = check("robust.net", text, &NoFiles);
    assert!(
        checked.program.is_some() || checked.diagnostics.has_errors() || text.trim().is_empty(),
        "no program and no error:\n{text}"
    );
}

#[test]
fn deep_expressions() {
    let sum = "x + ".repeat(990);
    let nested = format!("{}x{}", "(1 + ".repeat(190), ")".repeat(190));
    let calls = format!("{}x{}", "abs(".repeat(190), ")".repeat(190));
    let minus = format!("{}x", "-".repeat(900));
    let powers = "x ^ ".repeat(900);
    let choice = format!("{}x{}", "if x > 0 { ".repeat(150), " } else { x }".repeat(150));
    for expression in [format!("{sum}x"), nested, calls, minus, format!("{powers}x"), choice] {
        survive(&format!("param x = 1\nparam y = {expression}\n"));
        survive(&format!(
            "mechanism m {{\n    param x = 1\n    let y = {expression}\n    state z = y\n    z' = {expression} / 1 ms\n}}\n"
        ));
        survive(&format!("fn f(x) = {expression}\nparam y = f(f(f(1)))\n"));
        survive(&format!("cell c {{\n    state x = 1\n    on start {{ x = {expression} }}\n}}\n"));
    }
}

#[test]
fn deep_chains() {
    let chain = |each: &dyn Fn(usize) -> String| (1..2000).map(each).collect::<String>();
    survive(&format!("{}let a2000 = 1\n", chain(&|n| format!("let a{n} = a{} + 1\n", n + 1))));
    survive(&format!("let a0 = 1\n{}", chain(&|n| format!("let a{n} = a{} + 1\n", n - 1))));
    survive(&format!("param a0 = 1\n{}", chain(&|n| format!("let a{n} = a{} + 1\n", n - 1))));
    survive(&format!("fn f0(x) = x\n{}param y = f1999(1)\n", chain(&|n| format!("fn f{n}(x) = f{}(x) + 1\n", n - 1))));
    survive(&format!("mechanism m {{\n{}let a2000 = v / 1 mV\n}}\n", chain(&|n| format!("let a{n} = a{} + 1\n", n + 1))));
    survive(&format!("mechanism m {{\nlet a0: mV = v\n{}}}\n", chain(&|n| format!("let a{n}: mV = a{} + v\n", n - 1))));
    survive(&format!("mechanism m {{\n{}let a2000: mV = v\n}}\n", chain(&|n| format!("let a{n}: mV = a{} + v\n", n + 1))));
}

#[test]
fn many_errors() {
    let calls = (0..3000).map(|n| format!("param p{n} = linoid({n} mV, 1 ms) + unknown{n}\n")).collect::<String>();
    survive(&calls);
    let own = (0..3000).map(|n| format!("let p{n} = f({n} mV)\n")).collect::<String>();
    survive(&format!("fn f(x) = x + 1\n{own}"));
}

/// Cuts, doubles and swaps pieces of scripts.
#[test]
fn mixed_scripts() {
    let scripts = scripts();
    fixed(600, |u| {
        let mut text = u.choose(&scripts)?.clone();
        for _ in 0..u.int_in_range(1..=6)? {
            let other = u.choose(&scripts)?;
            let (from, to) = (place(&text, u)?, place(&text, u)?);
            let (first, last) = (place(other, u)?, place(other, u)?);
            let piece = other.get(first.min(last)..first.max(last)).unwrap_or_default();
            let piece = piece.get(..piece.floor_char_boundary(200)).unwrap_or_default();
            let short = to.min(from.saturating_add(20)).max(from);
            text.replace_range(from..text.floor_char_boundary(short), piece);
        }
        survive(&text);
        Ok(())
    });
}

/// A border of characters.
fn place(text: &str, u: &mut arbtest::arbitrary::Unstructured<'_>) -> arbtest::arbitrary::Result<usize> {
    Ok(text.floor_char_boundary(u.int_in_range(0..=text.len())?))
}
