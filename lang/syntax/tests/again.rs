//! A text that is read again after changes has the tree and the findings of one that is read for the first time.

#[path = "../../tests/random/fixed.rs"]
mod fixed;

use arbtest::arbitrary::{Result, Unstructured};
use bouton_syntax::{FileId, Parsed, Source, parse};
use fixed::fixed;
use std::path::{Path, PathBuf};

/// Whole scripts and scripts with faults.
fn scripts() -> Vec<String> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folders = ["tests/golden/parse", "tests/golden/errors", "../library", "../library/channels", "../../examples"];
    let mut files: Vec<PathBuf> = Vec::new();
    for folder in folders {
        let all = std::fs::read_dir(here.join(folder)).expect("a folder").map(|entry| entry.expect("an entry").path());
        files.extend(all.filter(|path| path.extension().is_some_and(|end| end == "net")));
    }
    files.sort();
    assert!(files.len() > 30, "{}", files.len());
    files.iter().map(|path| std::fs::read_to_string(path).expect("a script")).collect()
}

/// Reads a text again and for the first time.
fn compare(text: &str, before: &Parsed) -> Parsed {
    let source = Source::new("test.net", text);
    let again = Parsed::new(&source, FileId(0), Some(before));
    let (tree, found) = parse(&source, FileId(0));
    // Both write all that is in them.
    assert_eq!(format!("{:?}", again.found), format!("{found:?}"), "{text}");
    assert!(again.tree == tree, "{text}");
    again
}

/// One change as a person makes it: something typed, deleted, doubled or moved.
fn change(text: &mut String, random: &mut Unstructured<'_>) -> Result<()> {
    const TYPED: &[&str] = &[
        "a",
        " ",
        "\n",
        "{",
        "}",
        "(",
        ")",
        "\"",
        "=",
        "1",
        "1 mV",
        "// x\n",
        "/// doc\n",
        "/*",
        "*/",
        ",",
        "x",
        "param",
        "let y = 2\n",
        "cell",
        ";",
        "\n\n",
        "mechanism m {\n}\n",
        ".",
        "é",
    ];
    let place = |random: &mut Unstructured<'_>, text: &str| -> Result<usize> {
        Ok(text.floor_char_boundary(random.int_in_range(0..=text.len())?))
    };
    let at = place(random, text)?;
    match random.int_in_range(0..=4)? {
        0 | 1 => text.insert_str(at, random.choose(TYPED)?),
        2 => {
            let end = text.floor_char_boundary((at + random.int_in_range(0..=12)?).min(text.len()));
            text.replace_range(at..end.max(at), "");
        }
        3 => {
            let lines: Vec<String> = text.lines().map(str::to_owned).collect();
            if let Some(line) = lines.get(random.int_in_range(0..=lines.len())?) {
                text.insert_str(place(random, text)?, &format!("\n{line}\n"));
            }
        }
        _ => {
            let end = place(random, text)?;
            let (from, to) = (at.min(end), at.max(end));
            let part = text.get(from..to).unwrap_or("").to_owned();
            text.replace_range(from..to, "");
            text.insert_str(place(random, text)?, &part);
        }
    }
    Ok(())
}

#[test]
fn after_any_changes() {
    let scripts = scripts();
    fixed(400, |random| {
        let mut text = random.choose(&scripts)?.clone();
        let mut before = compare(&text, &Parsed::default());
        for _ in 0..6 {
            change(&mut text, random)?;
            before = compare(&text, &before);
        }
        Ok(())
    });
}

#[test]
fn what_did_not_change_is_not_read_again() {
    let text = "/// First.\nlet a = 1\n\nmechanism m {\n    // Its conductance.\n    param g = 1 S/cm2\n    current i = g*v\n}\nlet b = a + 2\nlet c = \"{b}\"\n";
    let first = compare(text, &Parsed::default());
    assert_eq!(first.kept, 0);
    for (old, new, kept) in [
        ("g*v", "g*(v + 1 mV)", 3),
        ("let b", "let long", 3),
        ("a = 1", "a = 10", 3),
        ("/// First.", "/// The first.", 3),
        ("}\nlet b", "}\nlet x = 0\nlet b", 4),
        // How an item ends depends on what follows.
        ("let b", "else b", 2),
        // A brace that is never closed may belong to any block.
        ("current", "{ current", 0),
    ] {
        assert_eq!(compare(&text.replace(old, new), &first).kept, kept, "{new}");
    }
    assert_eq!(compare(text, &first).kept, 4);
}
