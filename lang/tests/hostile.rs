//! NMODL files that nobody should have written: cut off, cyclic, recursive, too large, too deep, binary. They end in diagnostics; nothing panics or hangs.

use bouton_lang::World;
use bouton_lang::import::{describe, rewritten};
use std::collections::HashMap;
use std::path::Path;

/// Files by name, as bytes.
struct Files(HashMap<String, Vec<u8>>);

impl World for Files {
    fn read(&self, path: &str) -> Result<String, String> {
        self.bytes(path).map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
    }

    fn bytes(&self, path: &str) -> Result<Vec<u8>, String> {
        self.0.get(path).cloned().ok_or_else(|| "no such file".to_owned())
    }
}

/// Reads a file in every way there is; the messages of what is wrong with it.
fn read(files: &[(&str, Vec<u8>)]) -> Vec<String> {
    let world = Files(files.iter().map(|(name, bytes)| ((*name).to_owned(), bytes.clone())).collect());
    let name = files.first().expect("there is a file").0;
    let described = describe(name, &world, true).expect("the file is there");
    let again = rewritten(name, &world).expect("the file is there");
    let told: Vec<String> = described.diagnostics.iter().map(|d| d.message.clone()).collect();
    assert_eq!(told.is_empty() && described.runs, again.text.is_some() || again.missing.is_some(), "{told:?}");
    assert!(described.runs || !told.is_empty(), "nothing is said");
    told
}

fn one(text: &str) -> Vec<String> {
    read(&[("a.mod", text.as_bytes().to_vec())])
}

/// A channel whose body is this.
fn channel(body: &str) -> String {
    format!(
        "NEURON {{ SUFFIX x NONSPECIFIC_CURRENT i RANGE g }}\nPARAMETER {{ g = 1 }}\nASSIGNED {{ v i a }}\nSTATE {{ m }}\n\
         BREAKPOINT {{ SOLVE s METHOD cnexp i = g*m*v }}\nDERIVATIVE s {{ m' = -m }}\n{body}\n"
    )
}

fn says(text: &str, part: &str) {
    let told = one(text);
    assert!(told.iter().any(|message| message.contains(part)), "{part}: {told:?}");
}

#[test]
fn a_sound_one_is_read() {
    assert_eq!(one(&channel("")), Vec::<String>::new());
}

/// The files of the tests.
fn corpus() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/peers/nmodl/mod");
    let mut texts: Vec<String> = std::fs::read_dir(folder)
        .expect("the folder is there")
        .map(|entry| std::fs::read_to_string(entry.expect("it can be listed").path()).expect("it is text"))
        .collect();
    texts.sort();
    assert!(texts.len() >= 12);
    texts
}

#[test]
fn cut_off() {
    for text in corpus() {
        let ends = (0..text.len()).step_by(13).filter(|end| text.is_char_boundary(*end));
        ends.for_each(|end| drop(one(&text[..end])));
    }
}

/// Bytes that go wrong, drawn from one fixed sequence.
#[test]
fn mutilated() {
    let mut state = 88_172_645_463_325_252_u64;
    let mut draw = |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state % below.max(1) as u64) as usize
    };
    for text in corpus() {
        for _ in 0..60 {
            let mut bytes = text.clone().into_bytes();
            for _ in 0..1 + draw(4) {
                let at = draw(bytes.len());
                match draw(4) {
                    0 => drop(bytes.remove(at)),
                    1 => bytes.insert(at, b"{}()[]'=~<>-:0\xff\0"[draw(16)]),
                    2 => bytes[at] = draw(256) as u8,
                    _ => {
                        let end = (at + draw(40)).min(bytes.len());
                        let part = bytes[at..end].to_vec();
                        let to = draw(bytes.len());
                        bytes.splice(to..to, part);
                    }
                }
            }
            read(&[("a.mod", bytes)]);
        }
    }
}

#[test]
fn binary() {
    let bytes: Vec<u8> = (0..20_000_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    assert!(!read(&[("a.mod", bytes)]).is_empty());
    assert!(!read(&[("a.mod", vec![0; 100_000])]).is_empty());
    assert!(!read(&[("a.mod", Vec::new())]).is_empty());
}

/// Letters of other languages before a call of C code.
#[test]
fn letters_of_all_languages() {
    for code in ["m = \u{f3}(a);", "m = \u{ff}x(a);", "m = \u{3b1}\u{3b2} (1);"] {
        let told = one(&channel(&format!("INITIAL {{ VERBATIM\n{code}\nENDVERBATIM }}")));
        assert!(!told.is_empty(), "{code}");
    }
}

#[test]
fn files_that_include_each_other() {
    let includes = |other: &str| format!("INCLUDE \"{other}\"\n").into_bytes();
    let told = read(&[("a.mod", includes("b.inc")), ("b.inc", includes("a.mod"))]);
    assert!(told.iter().any(|message| message.contains("includes itself")), "{told:?}");
    // Each of thirty files includes the next one twice.
    let names: Vec<String> = (0..30).map(|n| format!("{n}.mod")).collect();
    let next = |n: usize| format!("INCLUDE \"{}.mod\"\nINCLUDE \"{}.mod\"\n", n + 1, n + 1).into_bytes();
    let files: Vec<(&str, Vec<u8>)> = names.iter().enumerate().map(|(n, name)| (name.as_str(), next(n))).collect();
    assert!(!read(&files).is_empty());
}

#[test]
fn recursion() {
    says(&channel("FUNCTION f(x) { f = f(x) }\nINITIAL { m = f(1) }"), "calls itself");
    says(&channel("FUNCTION f(x) { f = h(x) }\nFUNCTION h(x) { h = f(x) }\nINITIAL { m = f(1) }"), "calls itself");
    // Where it depends on the state whether it does, a few calls are followed; not those of many, each of which makes many.
    let many = "f(x - 1) + ".repeat(60);
    says(
        &channel(&format!("FUNCTION f(x) {{ if (x > 1) {{ f = {many}0 }} else {{ f = x }} }}\nINITIAL {{ m = f(v) }}")),
        "nested deeper",
    );
    says(&channel("FUNCTION f(x) { if (x > 1) { f = h(x) } }\nFUNCTION h(x) { h = h(x) }\nINITIAL { m = f(v) }"), "calls itself");
    let mutual =
        "FUNCTION f(x) { if (x > 1) { f = h(x - 1) } }\nFUNCTION h(x) { if (x > 2) { h = f(x / 2) + 1 } }\nINITIAL { m = f(v) }";
    assert_eq!(one(&channel(mutual)), Vec::<String>::new());
    // Thirty functions of which each calls the next one twice.
    let doubling: String =
        (0..30).map(|n| format!("FUNCTION f{n}(x) {{ f{n} = f{}(x) + f{}(x + 1) }}\n", n + 1, n + 1)).collect();
    says(&channel(&format!("{doubling}FUNCTION f30(x) {{ f30 = x }}\nINITIAL {{ m = f0(v) }}")), "statements");
}

#[test]
fn too_large() {
    says(&channel("PROCEDURE r(u) { TABLE a FROM -100 TO 100 WITH 1000000000000 a = u }\nINITIAL { r(v) m = a }"), "TABLE");
    // Of arrays that are too large together the first elements of each are there; of too many arrays these are too many.
    assert_eq!(one(&channel("ASSIGNED { big[1000000000] p[9000] q[9000] }")), Vec::<String>::new());
    let many: String = (0..100).map(|k| format!("x{k}[1000000000] ")).collect();
    says(&channel(&format!("ASSIGNED {{ {many} }}")), "variables");
    // Each element is looked for among 4000, a thousand times.
    says(&channel("ASSIGNED { w[4000] }\nINITIAL { FROM k = 0 TO 999 { w[k] = w[k + v] } m = w[v] }"), "computed numbers");
    says(&channel("INITIAL { FROM k = 0 TO 1000000000 { m = m + k } }"), "too long");
    says(&channel("INITIAL { FROM j = 0 TO 9999 { FROM k = 0 TO 9999 { m = m + k } } }"), "statements");
    says(&channel("INITIAL { while (1 < 2) { m = m + 1 } }"), "statements");
    assert!(!one(&channel("DEFINE N 99999999999999999999\nASSIGNED { w[N] }")).is_empty());
}

#[test]
fn too_deep() {
    let nested = |open: &str, inside: &str, close: &str| format!("{}{inside}{}", open.repeat(20_000), close.repeat(20_000));
    for body in [
        format!("INITIAL {{ m = {} }}", nested("(", "1", ")")),
        format!("INITIAL {{ m = {}1 }}", "-".repeat(50_000)),
        format!("INITIAL {{ {} }}", nested("if (v > 0) { ", "m = 1", " }")),
        format!("INITIAL {{ m = {} }}", nested("exp(", "1", ")")),
        format!("INITIAL {{ VERBATIM m = {}; ENDVERBATIM }}", nested("(", "1", ")")),
    ] {
        assert!(!one(&channel(&body)).is_empty());
    }
    // A long sum is no nesting, and a chain of values that use each other twice is no tree.
    let sum = vec!["v"; 3_000].join(" + ");
    drop(one(&channel(&format!("INITIAL {{ m = {sum} }}"))));
    let chain: String = (0..200).map(|_| "a = a * a + 1\n").collect();
    drop(one(&channel(&format!("INITIAL {{ a = v {chain} m = a }}"))));
    // Branches that return early, and choices of choices.
    let returns = "if (x > 1) { VERBATIM return 1; ENDVERBATIM } else { a = a + 1 }\n".repeat(200);
    drop(one(&channel(&format!("FUNCTION f(x) {{ {returns} f = 2 }}\nINITIAL {{ m = f(v) }}"))));
}
