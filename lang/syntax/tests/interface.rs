//! What others call beside `parse`: single expressions, unfinished texts, and the three ways to show diagnostics.

use bouton_syntax::render::{Style, render};
use bouton_syntax::{Code, FileId, Source, SourceMap, ast, is_unfinished, parse, parse_expression};

#[test]
fn expressions_stand_alone() {
    let read = |text: &str| {
        let (expr, found) = parse_expression(&Source::new("--set", text), FileId(0));
        (ast::outline_expr(&expr), found.len())
    };
    assert_eq!(read("0.1 uS / 3"), ("(0.1 uS / 3.0)".to_owned(), 0));
    assert_eq!(read("3 4").1, 1);
    assert_eq!(read(""), ("error".to_owned(), 1));
}

#[test]
fn unfinished_texts_wait_for_more() {
    for text in ["cell c {", "f(1,", "let a = 1 +", "connect S ->", "/* a", "param a = 1,", "x = [1\n"] {
        assert!(is_unfinished(text), "{text}");
    }
    for text in ["", "run", "cell c { }", "let a = (1 + 2)", "}", "let a = ", "print \"{x\""] {
        assert!(!is_unfinished(text), "{text}");
    }
}

#[test]
fn diagnostics_have_three_shapes() {
    let mut sources = SourceMap::new();
    let library = sources.add(Source::new("library.net", "param a = 1\n"));
    let source = Source::new("a.net", "// \u{e9}\nlet \u{e9}\u{e9} = f(1\n");
    let (_, found) = parse(&source, FileId(1));
    assert_eq!((library, sources.add(source)), (FileId(0), FileId(1)));
    let lines = render(&found, &sources, Style::Lines);
    assert_eq!(lines.lines().nth(1), Some("a.net:2:13: error[E0106]: `)` is missing"), "{lines}");
    let json = render(&found, &sources, Style::Json);
    let last: serde_json::Value = serde_json::from_str(json.lines().nth(1).unwrap_or("")).unwrap_or_default();
    assert_eq!((last["code"].as_str(), last["line"].as_u64(), last["column"].as_u64()), (Some("E0106"), Some(2), Some(13)));
    assert_eq!((last["start"].as_u64(), last["fix"]["replacement"].as_str()), (Some(20), Some(")")));
    assert_eq!(last["labels"][0]["label"].as_str(), Some("`(` is opened here"));
    let plain = render(&found, &sources, Style::Pretty { colour: false });
    assert!(plain.contains("a.net:2:13") && !plain.contains('\u{1b}'), "{plain}");
    assert!(render(&found, &sources, Style::Pretty { colour: true }).contains('\u{1b}'));
}

#[test]
fn codes_are_in_order_and_unlike() {
    let texts: Vec<&str> = Code::ALL.iter().map(|code| code.text()).collect();
    let mut sorted = texts.clone();
    sorted.sort_unstable_by_key(|text| (text.starts_with('W'), *text));
    sorted.dedup();
    assert_eq!(texts, sorted);
    assert_eq!(Code::from_text("e0101"), Some(Code::UnknownCharacter));
}
