//! Whatever the text: no panic, no hang, and every place that is told lies in it.

#[path = "../../tests/random/fixed.rs"]
mod fixed;

use std::time::{Duration, Instant};

use arbtest::arbitrary::{Result, Unstructured};
use bouton_syntax::render::{json, lines, pretty};
use bouton_syntax::{Code, Diagnostics, FileId, Source, SourceMap, ast, parse, parse_expression};
use fixed::fixed;

const SCRIPTS: &[&str] = &[
    include_str!("golden/parse/everything.net"),
    include_str!("golden/parse/precedence.net"),
    include_str!("golden/parse/lines.net"),
    include_str!("golden/parse/jansen_rit.net"),
    include_str!("golden/parse/tut_optimization.net"),
    include_str!("golden/errors/closers.net"),
    include_str!("golden/errors/signs.net"),
];

/// Parses and renders, and checks all places.
fn check(text: &str) -> Diagnostics {
    let source = Source::new("test.net", text);
    let (file, found) = parse(&source, FileId(0));
    let mut starts: Vec<u32> = found.iter().map(|one| one.span.start).collect();
    starts.dedup();
    assert_eq!(starts.len(), found.len(), "two errors at one place in {text:?}");
    for one in found.iter() {
        let spans = one.labels.iter().map(|(span, _)| *span).chain(one.fix.iter().map(|fix| fix.span)).chain([one.span]);
        spans.for_each(|span| in_text(text, span.start, span.end));
    }
    places(text, &format!("{file:?}"));
    let _ = ast::outline(&file);
    let _ = parse_expression(&source, FileId(0));
    let mut sources = SourceMap::new();
    sources.add(source);
    let _ = (lines(&found, &sources), json(&found, &sources), pretty(&found, &sources, true));
    found
}

/// Every `Span` of the tree, read from its debug text: so no node can be forgotten.
fn places(text: &str, debug: &str) {
    for part in debug.split("start: ").skip(1) {
        let Some((start, rest)) = part.split_once(", end: ") else { continue };
        let end: String = rest.chars().take_while(char::is_ascii_digit).collect();
        if let (Ok(start), Ok(end)) = (start.parse(), end.parse()) {
            in_text(text, start, end);
        }
    }
}

fn in_text(text: &str, start: u32, end: u32) {
    assert!(start <= end, "{start}..{end} in {text:?}");
    assert!(text.is_char_boundary(start as usize) && text.is_char_boundary(end as usize), "{start}..{end} in {text:?}");
}

#[test]
fn arbitrary_text() {
    fixed(3000, |random| {
        let bytes: Vec<u8> = random.arbitrary()?;
        check(&String::from_utf8_lossy(&bytes));
        Ok(())
    });
}

#[test]
fn arbitrary_tokens() {
    const WORDS: &[&str] = &[
        "a",
        "x",
        "mV",
        "1",
        "2.5",
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        ",",
        ":",
        ".",
        "..",
        "=",
        "==",
        "'",
        "+",
        "-",
        "*",
        "/",
        "^",
        "->",
        "<->",
        "\"",
        "\n",
        "\n",
        ";",
        "//",
        "///",
        "/*",
        "*/",
        "if",
        "else",
        "for",
        "in",
        "and",
        "not",
        "cell",
        "mechanism",
        "param",
        "let",
        "state",
        "on",
        "spike",
        "after",
        "send",
        "kinetic",
        "section",
        "connect",
        "stimulate",
        "with",
        "via",
        "at",
        "population",
        "run",
        "vary",
        "steps",
        "log",
        "sweep",
        "record",
        "fn",
        "import",
        "use",
        "circuit",
        "ion",
        "reads",
        "where",
        "µ",
        "+=",
        "<",
    ];
    fixed(2000, |random| {
        let mut text = String::new();
        for _ in 0..random.arbitrary_len::<u16>()?.min(400) {
            text.push_str(random.choose(WORDS)?);
            if random.ratio(4, 5)? {
                text.push(' ');
            }
        }
        check(&text);
        Ok(())
    });
}

#[test]
fn mutated_scripts() {
    fixed(1500, |random| {
        let mut text: Vec<char> = random.choose(SCRIPTS)?.chars().collect();
        for _ in 0..random.int_in_range(1..=4)? {
            mutate(random, &mut text)?;
        }
        check(&text.into_iter().collect::<String>());
        Ok(())
    });
}

/// Takes a piece out, doubles it, or puts a sign in.
fn mutate(random: &mut Unstructured, text: &mut Vec<char>) -> Result<()> {
    let start = random.int_in_range(0..=text.len())?;
    let end = (start + random.int_in_range(0..=12)?).min(text.len());
    match random.int_in_range(0..=2)? {
        0 => {
            text.drain(start..end);
        }
        1 => {
            let piece: Vec<char> = text[start..end].to_vec();
            text.splice(start..start, piece);
        }
        _ => {
            let sign =
                random.choose(&['{', '}', '(', ')', '[', ']', '"', '\n', ',', '=', ':', '.', '\'', '/', '*', 'µ', '-', ' '])?;
            text.insert(start, *sign);
        }
    }
    Ok(())
}

/// A single missing sign of a good script has few consequences.
#[test]
fn one_slip_is_told_a_few_times() {
    let (mut slips, mut told) = (0, 0);
    for script in SCRIPTS.iter().take(5) {
        for (at, sign) in script.char_indices().filter(|(_, letter)| "(){}[]\",=:".contains(*letter)) {
            let (before, after) = (&script[..at], &script[at + sign.len_utf8()..]);
            let found = check(&format!("{before}{after}"));
            let lines: Vec<&str> = found.iter().map(|one| one.message.as_str()).collect();
            assert!(found.len() <= 4, "without the `{sign}` behind {:?}: {lines:#?}", &before[at.saturating_sub(60)..]);
            (slips, told) = (slips + 1, told + found.len());
        }
    }
    let mean = told as f64 / f64::from(slips);
    assert!(mean < 1.4, "{mean} errors a slip");
}

fn within(limit: Duration, text: &str) -> Diagnostics {
    let start = Instant::now();
    let (_, found) = parse(&Source::new("test.net", text), FileId(0));
    let took = start.elapsed();
    assert!(took < limit, "{took:?} for {} bytes", text.len());
    found
}

#[test]
fn deep_nesting_is_refused_once() {
    for opener in ["(", "[", "{", "f(", "a[", "\"{", "if a { ", "cell c { on start { if x {", "let a = ("] {
        let found = within(Duration::from_secs(2), &opener.repeat(200_000));
        let deep: Vec<Code> = found.iter().map(|one| one.code).collect();
        assert!(deep.contains(&Code::TooDeep), "{opener}: {deep:?}");
        assert!(deep.len() <= 2, "{opener}: {deep:?}");
    }
}

#[test]
fn long_chains_are_refused_once() {
    for link in ["-", "not ", "a + ", "a ^ ", "a.", "f()", "a[1]", "1 .. ", "a after ", "if a { b } else ", "a < ", "x in mV "] {
        let found = within(Duration::from_secs(2), &format!("let x = {}", link.repeat(200_000)));
        assert_eq!(found.iter().map(|one| one.code).collect::<Vec<_>>(), [Code::TooDeep], "{link}");
    }
}

#[test]
fn nesting_up_to_the_limit_is_read() {
    for (open, close, count) in [
        ("(", ")", 195),
        ("[", "]", 195),
        ("f(", ")", 195),
        ("-(", ")", 195),
        ("a * -b + (", ")", 190),
        ("if a { ", " } else { c }", 190),
        ("-", "", 990),
        ("not ", "", 990),
        ("2 ^ ", "", 990),
        ("a + ", "", 990),
        ("a.", "", 990),
        ("if a { b } else ", "", 240),
    ] {
        let last = if open.ends_with("else ") { "{ x }" } else { "x" };
        let found = check(&format!("let x = {}{last}{}", open.repeat(count), close.repeat(count)));
        assert!(found.is_empty(), "{open}: {:?}", found.iter().next());
    }
    let blocks = format!("cell c {{ on start {{ {} x = 1 {} }} }}", "if a { ".repeat(190), "} ".repeat(190));
    assert!(check(&blocks).is_empty());
    let statements = format!("{} run {}", "for i in 1 .. 2 { ".repeat(195), "} ".repeat(195));
    assert!(check(&statements).is_empty());
}

#[test]
fn large_texts_end_soon() {
    let ten = 10 << 20;
    // The limit is for the slow builds of tests: released, each takes well below a second.
    let limit = Duration::from_secs(20);
    let good = SCRIPTS[3].repeat(ten / SCRIPTS[3].len());
    assert!(within(limit, &good).is_empty());
    for piece in [
        "\n",
        ",\n",
        "/// doc\n",
        "a ",
        "}",
        "{\n}",
        "@",
        "\"",
        "\u{e9}",
        "(\n",
        ")",
        "x = \n",
        "population ",
        "/* ",
        "1 ",
        "'",
        "a\n",
    ] {
        // A tenth is enough to see whether time grows with the square.
        within(limit / 5, &piece.repeat(ten / 10 / piece.len()));
    }
    let mut state = 1u64;
    let noise: String = std::iter::repeat_with(|| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        char::from(32 + ((state >> 33) % 95) as u8)
    })
    .enumerate()
    .map(|(at, letter)| if at % 60 == 0 { '\n' } else { letter })
    .take(ten)
    .collect();
    within(limit, &noise);
    let found = within(limit, &" ".repeat(17 << 20));
    assert_eq!(found.iter().map(|one| one.code).collect::<Vec<_>>(), [Code::TooLarge]);
}

#[test]
fn empty_texts() {
    for text in ["", " ", "\n", "//", "/*", "\"", "///", "\u{feff}", "1", "a", "{", "}", "let", "let é"] {
        check(text);
    }
}
