//! Laying out changes no tree, loses no comment, and done twice is done once: on all scripts there are, and on random ones.

use bouton_lang::format::{apply, edits, format};
use bouton_syntax::{FileId, Source, ast::Comment, parse};
use std::path::{Path, PathBuf};

#[path = "random/dice.rs"]
mod dice;
use dice::Dice;

/// Files of a kind below a folder of the project.
fn files(folder: &str, ending: &str) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let mut waiting = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(folder)];
    while let Some(folder) = waiting.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                waiting.push(path);
            } else if path.extension().is_some_and(|end| end == ending) {
                let text = std::fs::read_to_string(&path).unwrap_or_default();
                found.push((path, text));
            }
        }
    }
    found.sort();
    found
}

/// All scripts, and all blocks of pages.
fn scripts() -> Vec<(PathBuf, String)> {
    let mut all: Vec<_> = ["examples", "lang", "tests", "benches"].iter().flat_map(|folder| files(folder, "net")).collect();
    for (path, page) in [files("docs", "md"), files("lang/errors", "md")].concat() {
        let blocks = page.split("```net").skip(1).filter_map(|rest| rest.split("```").next()?.split_once('\n'));
        all.extend(blocks.map(|(_, block)| (path.clone(), block.to_owned())));
    }
    all
}

/// The tree without places, and the comments without the space at their ends; what begins with `///` may have several lines, and the space before each is no part of it.
fn meaning(text: &str) -> (String, Vec<String>) {
    let source = Source::new("format.net", text);
    let (file, _) = parse(&source, FileId(0));
    let debug = format!("{:?}", file.items);
    let mut tree = String::with_capacity(debug.len());
    for (at, part) in debug.split("Span {").enumerate() {
        tree.push_str(if at == 0 { part } else { part.split_once('}').map_or("", |(_, rest)| rest) });
    }
    let written = |comment: &Comment| match text[comment.span.range()].trim() {
        lines if lines.starts_with("///") => lines.lines().map(str::trim).collect::<Vec<_>>().join("\n"),
        one => one.to_owned(),
    };
    (tree, file.comments.iter().map(written).collect())
}

/// Lays a text out and checks what must hold; nothing if it cannot be read.
fn laid_out(text: &str) -> Option<String> {
    let once = format(&Source::new("format.net", text), FileId(0)).ok()?;
    let twice = format(&Source::new("format.net", once.as_str()), FileId(0)).ok();
    assert_eq!(meaning(text), meaning(&once), "the meaning changed\n--- before\n{text}\n--- after\n{once}");
    assert_eq!(twice.as_ref(), Some(&once), "not at rest\n--- before\n{text}");
    Some(once)
}

#[test]
fn scripts_keep_their_meaning() {
    let all = scripts();
    let read = all.iter().filter(|(_, text)| laid_out(text).is_some()).count();
    assert!(read > 150 && all.len() > read, "{read} of {}", all.len());
}

#[test]
fn scripts_of_the_project_are_laid_out() {
    let mut all = [files("examples", "net"), files("lang/library", "net"), files("benches", "net")].concat();
    let page = |(path, _): &(PathBuf, String)| path.extension().is_some_and(|end| end == "md");
    all.extend(scripts().into_iter().filter(page));
    let strange: Vec<String> = all
        .iter()
        .filter_map(|(path, text)| {
            let now = laid_out(text).filter(|now| now != text)?;
            let line = text.lines().zip(now.lines()).find(|(before, after)| before != after);
            Some(format!("{}: {line:?}", path.display()))
        })
        .collect();
    assert!(strange.is_empty(), "`bouton fmt` would change {}:\n{}", strange.len(), strange.join("\n"));
}

/// The same scripts in every run; more of them with `SCRIPTS=1000000`.
#[test]
fn random_scripts_keep_their_meaning() {
    let scripts: Vec<Vec<String>> = scripts().iter().map(|(_, text)| pieces(text)).collect();
    let wanted = std::env::var("SCRIPTS").ok().and_then(|count| count.parse().ok()).unwrap_or(2_000);
    let mut random = Dice(1);
    let mut read = 0;
    for _ in 0..wanted {
        let mut script = scripts[random.below(scripts.len())].clone();
        (0..random.below(5)).for_each(|_| slip(&mut script, &mut random));
        read += usize::from(laid_out(&script.concat()).is_some());
    }
    assert!(read * 3 > wanted, "{read} of {wanted} could be read");
}

/// Words, signs and single spaces.
fn pieces(script: &str) -> Vec<String> {
    let mut pieces: Vec<String> = Vec::new();
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    for c in script.chars() {
        match pieces.last_mut() {
            Some(last) if is_word(c) && last.chars().all(is_word) => last.push(c),
            _ => pieces.push(c.to_string()),
        }
    }
    pieces
}

/// A piece is lost, doubled or exchanged, or space or a comment comes in.
fn slip(script: &mut Vec<String>, random: &mut Dice) {
    const SPACES: &[&str] = &[" ", "\n", "\n\n\n", "\t", ";", " // c\n", "/* c */", "/* a\n b */", "/// d\n", ",", "\r\n", "- "];
    let at = random.below(script.len().max(1));
    match random.below(10) {
        0 if at < script.len() => drop(script.remove(at)),
        1 if at < script.len() => script.insert(at, script[at].clone()),
        2 if at + 1 < script.len() => script.swap(at, at + 1),
        _ => script.insert(at.min(script.len()), SPACES[random.below(SPACES.len())].to_owned()),
    }
}

#[test]
fn layout() {
    for (before, after) in [
        ("param  a=1,b = - 2 mV ;\n\n\n\nparam c=a*b- -3\n", "param a = 1, b = -2 mV\n\nparam c = a * b - -3\n"),
        (
            "param a = 10 mV ^ 2 , b = x ^ 2 + (x+1) ^2 + x^(y) + 2 ^-1\n",
            "param a = 10 mV^2, b = x^2 + (x + 1)^2 + x ^ (y) + 2 ^ -1\n",
        ),
        (
            "let g = 0.12 S / cm2*(1/3) , d = 1 / tau, e=0.1 / ms / mV*v\n",
            "let g = 0.12 S/cm2 * (1/3), d = 1 / tau, e = 0.1/ms/mV * v\n",
        ),
        ("record m=jrc . * . m , w = psd ( v after - 3 ms )\n", "record m = jrc.*.m, w = psd(v after -3 ms)\n"),
        (
            "cell c{spike at soma(0.5) above - 20 mV;state x=0;x'=-x/tau\n}\n",
            "cell c { spike at soma(0.5) above -20 mV; state x = 0; x' = -x / tau\n}\n",
        ),
        (
            "mechanism m{\nkinetic{\nC<->O(f(v),b)\n2 A->B(k)\nconserve C+O=1}}",
            "mechanism m {\n    kinetic {\n        C <-> O (f(v), b)\n        2 A -> B (k)\n        conserve C + O = 1 } }\n",
        ),
        (
            "simulation{\nduration=1 s,\n dt=1 ms // step\n  // next\n, seed = 1\n}",
            "simulation {\n    duration = 1 s,\n    dt = 1 ms  // step\n    // next\n    , seed = 1\n}\n",
        ),
        (
            "param a = 1, // one\n b = 22, // two\n\n c = 3 // three\n",
            "param a = 1,  // one\n    b = 22,   // two\n\n    c = 3  // three\n",
        ),
        ("let x = f(a,\nb,\n[1,\n2]\n)\n", "let x = f(a,\n    b,\n    [1,\n        2]\n)\n"),
        (
            "param s = 1, x = 1 / s + 1/s\nlet from = 2, y = from - x * log (2) + 1\n",
            "param s = 1, x = 1 / s + 1/s\nlet from = 2, y = from - x * log(2) + 1\n",
        ),
        ("print \"{ a+b :.2f}  x\" // c  \n", "print \"{ a+b :.2f}  x\"  // c\n"),
        ("if a>b {run}\nelse{ restart }\n", "if a > b { run } else { restart }\n"),
        (
            "use \"a\"   // one\n          // two\n// three\nrun   // four\n",
            "use \"a\"  // one\n         // two\n// three\nrun  // four\n",
        ),
        ("", ""),
        ("\n\n", ""),
    ] {
        assert_eq!(laid_out(before).as_deref(), Some(after), "{before}");
    }
}

#[test]
fn a_part_is_laid_out_alone() {
    let text = "param a=1\nparam b=2\n";
    let source = Source::new("format.net", text);
    let all = edits(&source, FileId(0)).unwrap_or_default();
    let second: Vec<_> = all.into_iter().filter(|edit| edit.span.start > 10).collect();
    assert_eq!(apply(text, &second), "param a=1\nparam b = 2\n");
    assert!(edits(&Source::new("format.net", "param ="), FileId(0)).is_err());
}
