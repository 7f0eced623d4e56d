//! What an editor asks, on small texts. `|` marks the cursor.

mod beside;

use beside::{Beside, needs_python};
use bouton_lang::NoFiles;
use bouton_lang::ide::{Document, Ide, Kind, Paint};

fn marked(text: &str) -> (String, u32) {
    let at = text.find('|').expect("a cursor");
    (text.replacen('|', "", 1), u32::try_from(at).expect("short"))
}

fn open(text: &str) -> (Document, u32) {
    let (text, at) = marked(text);
    (Ide::new().document("test.net", &text, &NoFiles, None), at)
}

/// The texts of all proposals.
fn proposals(text: &str) -> Vec<String> {
    let (text, at) = marked(text);
    let ide = Ide::new();
    let document = ide.document("test.net", &text, &NoFiles, None);
    ide.complete(&document, at, "test.net", &NoFiles).1.into_iter().map(|one| one.text).collect()
}

fn hover(text: &str) -> String {
    let (document, at) = open(text);
    document.card(at).map_or_else(|| "nothing".to_owned(), |card| format!("{}\n{}", card.code, card.text))
}

/// The lines and words at all places of the name under the cursor.
fn places(text: &str) -> Vec<(u32, String)> {
    let (document, at) = open(text);
    let symbol = document.at(at).expect("a name").symbol;
    let place =
        |span: bouton_syntax::Span| (document.source().position(span.start).line, document.source().slice(span).to_owned());
    document.places(symbol).into_iter().map(place).collect()
}

const MODEL: &str = "/// A leak.
mechanism leak {
    /// How well it conducts.
    param g = 1 mS/cm2
    param e = -70 mV
    let twice = 2 * g
    current i = g * (v - e)
}
cell C {
    section soma { L = 20 um, diam = 20 um; insert leak { g = 2 mS/cm2 } }
    synapse syn: ExpSyn at soma(0.5)
}
population P: C[20]
param w = 0.5 nS
simulation { duration = 10 ms }
";

fn with(line: &str) -> String {
    format!("{MODEL}{line}\n")
}

#[test]
fn parts_are_offered_as_the_check_knows_them() {
    assert_eq!(proposals(&with("set P.soma.leak.|")), ["g", "e"]);
    let inserted = proposals("mechanism leak { param gl = 1 mS/cm2; current i = gl * v }\ncell C { section s { insert | } }\n");
    assert!(
        inserted.contains(&"leak".into()) && inserted.contains(&"hh".into()) && !inserted.contains(&"ExpSyn".into()),
        "{inserted:?}"
    );
    let attributes = proposals("simulation { dur| }\n");
    assert!(attributes.contains(&"duration".into()) && attributes.contains(&"dt".into()), "{attributes:?}");
    let braces = proposals("synapse s = ExpSyn { | }\n");
    assert!(braces.contains(&"tau".into()), "{braces:?}");
    let cells = proposals(&with("population Q: |"));
    assert!(cells.contains(&"C".into()) && !cells.contains(&"P".into()), "{cells:?}");
    let sets = proposals(&with("connect P -> | via syn"));
    assert!(sets.contains(&"P".into()) && !sets.contains(&"leak".into()), "{sets:?}");
}

#[test]
fn units_that_fit_are_offered_behind_a_number() {
    let units = proposals("simulation { duration = 5 | }\n");
    assert!(units.contains(&"ms".into()) && units.contains(&"s".into()) && !units.contains(&"mV".into()), "{units:?}");
    let density = proposals("mechanism m { param g: S/cm2 = 5 | }\n");
    assert!(density.contains(&"S/cm2".into()), "{density:?}");
}

#[test]
fn words_are_offered_where_lines_begin() {
    let words = proposals(&with("popu|"));
    assert!(words.contains(&"population".into()) && !words.contains(&"insert".into()), "{words:?}");
    let inside = proposals("mechanism m {\n    cur|\n}\n");
    assert!(inside.contains(&"current".into()) && !inside.contains(&"population".into()), "{inside:?}");
    let values = proposals("let x = ex|\n");
    assert!(values.contains(&"exp".into()), "{values:?}");
    assert!(proposals("print \"a te|xt\"\n").is_empty());
}

#[test]
fn a_name_tells_its_declaration_dimension_and_documentation() {
    let told = hover(&MODEL.replace("current i = g", "current i = |g"));
    assert_eq!(told, "param g = 1 mS/cm2\na conductance density, S/cm2: 0.001 S/cm2\n\nHow well it conducts.");
    let told = hover(&MODEL.replace("insert leak", "insert le|ak"));
    assert_eq!(told, "mechanism leak\nA leak.");
    let told = hover(&MODEL.replace("let twice", "let tw|ice"));
    assert!(told.starts_with("let twice = 2 * g\na conductance density, S/cm2"), "{told}");
    assert!(hover("let x = ex|p(1)\n").starts_with("exp(x)\ne to the power x"));
    assert!(hover("param g = 5 m|S/cm2\n").contains("a unit: a conductance"));
    assert!(hover("simulation { dura|tion = 5 ms }\n").contains("manual"), "what the manual says of an attribute");
}

#[test]
fn all_places_of_a_name_are_found() {
    let text = with("set P.soma.leak.|g = 3 mS/cm2");
    assert_eq!(places(&text), [(4, "g".into()), (6, "g".into()), (7, "g".into()), (10, "g".into()), (16, "g".into())]);
    let text = with("record v = P[0].soma(0.5).v").replace("section soma", "section so|ma");
    assert_eq!(places(&text).iter().map(|one| one.0).collect::<Vec<_>>(), [10, 11, 16]);
    let text = with("set P.soma.leak.g = 3 mS/cm2").replace("mechanism leak", "mechanism le|ak");
    assert_eq!(
        places(&text).iter().map(|one| one.0).collect::<Vec<_>>(),
        [2, 10, 16],
        "a copy without a name is called as its mechanism"
    );
}

#[test]
fn inner_names_hide_outer_ones() {
    let text = "param x = 1\nfn f(x|) = x + 1\nlet y = x + f(2)\n";
    assert_eq!(places(text).iter().map(|one| one.0).collect::<Vec<_>>(), [2, 2]);
    let text = "param x| = 1\nfn f(x) = x + 1\nlet y = x + f(2)\n";
    assert_eq!(places(text).iter().map(|one| one.0).collect::<Vec<_>>(), [1, 3]);
}

#[test]
fn the_call_around_the_cursor_is_known() {
    let (document, at) = open("fn linoid(x, k) = x / k\nlet y = linoid(1, |)\n");
    let found = document.signature(at).expect("a call");
    assert_eq!((found.label.as_str(), found.active), ("linoid(x, k)", 1));
    let (document, at) = open("let y = max(1, exp(2), 3|)\n");
    let found = document.signature(at).expect("a call");
    assert_eq!((found.label.as_str(), found.active), ("max(x, y, ...)", 2));
    let (document, at) = open("let y = (1 + |2)\n");
    assert_eq!(document.signature(at), None);
}

#[test]
fn the_outline_follows_the_text() {
    let (document, _) = open(&format!("|{MODEL}"));
    let outline = document.outline();
    let names: Vec<(&str, Kind)> = outline.iter().map(|one| (one.name.as_str(), one.kind)).collect();
    assert_eq!(names, [("leak", Kind::Mechanism), ("C", Kind::Cell), ("P", Kind::Population), ("w", Kind::Param)]);
    let inside: Vec<&str> = outline.iter().flat_map(|one| &one.inside).map(|one| one.name.as_str()).collect();
    assert_eq!(inside, ["g", "e", "twice", "i", "soma", "syn"]);
    assert_eq!(document.folds().len(), 2, "two blocks of several lines");
}

#[test]
fn each_word_has_its_colour_and_definitions_their_unit() {
    let (document, _) = open(&format!("|{MODEL}// the end\n"));
    let strokes = document.strokes();
    let shown = |text: &str| {
        let found = strokes.iter().find(|one| document.source().slice(one.span) == text);
        found.map(|one| (one.paint, one.declares))
    };
    assert_eq!(shown("mechanism"), Some((Paint::Keyword, false)));
    assert_eq!(shown("leak"), Some((Paint::Type, true)));
    assert_eq!(shown("g"), Some((Paint::Parameter, true)));
    assert_eq!(shown("mS"), Some((Paint::Unit, false)));
    assert_eq!(shown("// the end"), Some((Paint::Comment, false)));
    assert!(strokes.windows(2).all(|two| two[0].span.end <= two[1].span.start), "none over another");
    let hints: Vec<String> = document.hints().into_iter().map(|hint| hint.text).collect();
    assert_eq!(hints, [": S/cm2"]);
}

#[test]
fn broken_texts_are_answered_too() {
    let whole = with("connect P -> P via syn { weight = w }");
    let ide = Ide::new();
    for cut in (0..whole.len()).step_by(7) {
        let text = &whole[..cut];
        let document = ide.document("test.net", text, &NoFiles, None);
        let at = u32::try_from(cut).expect("short");
        let (span, _) = ide.complete(&document, at, "test.net", &NoFiles);
        assert!(span.start <= at && at <= span.end);
        let _ = document.card(at);
        let _ = document.signature(at);
        let _ = document.outline();
        let _ = document.folds();
        let _ = document.strokes();
        let _ = document.hints();
    }
}

/// Scripts of the project, with files beside them that they use.
fn examples() -> Vec<(String, String)> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples");
    let entries = std::fs::read_dir(folder).expect("examples").flatten().map(|entry| entry.path());
    let mut all: Vec<(String, String)> = entries
        .filter(|path| path.extension().is_some_and(|end| end == "net"))
        .map(|path| (path.display().to_string(), std::fs::read_to_string(&path).expect("read")))
        .collect();
    all.retain(|(_, text)| !needs_python(text));
    all.sort();
    all
}

/// Where a script is cut before a name or a word, that word is what its author wanted: how often is it among what is offered?
#[test]
fn what_comes_next_is_among_what_is_offered() {
    use bouton_syntax::token::Tok;
    use bouton_syntax::{Diagnostics, FileId, Source, lexer};
    let world = Beside(std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples"));
    let ide = Ide::new();
    let (mut asked, mut offered, mut shown) = (0, 0, 0);
    let mut missed: Vec<String> = Vec::new();
    for (name, text) in examples() {
        let source = Source::new(&name, &text);
        let tokens = lexer::lex(&source, FileId(0), &mut Diagnostics::new()).tokens;
        for token in tokens {
            let word = match token.kind {
                Tok::Ident(word) | Tok::Unit(word) => word,
                Tok::Word(word) => word.text(),
                _ => continue,
            };
            let cut = &text[..token.span.start as usize];
            let document = ide.document(&name, cut, &world, None);
            let (_, all) = ide.complete(&document, token.span.start, &name, &world);
            shown += all.len();
            // A name that is declared here is nobody's to guess.
            let whole = ide.document(&name, &text, &world, None);
            let declares = whole
                .at(token.span.start)
                .is_some_and(|found| whole.table.get(found.symbol).is_some_and(|symbol| symbol.span == found.span));
            if declares {
                continue;
            }
            asked += 1;
            if all.iter().any(|one| one.text == word) {
                offered += 1;
            } else {
                missed.push(format!("{} | {word}", cut.lines().next_back().unwrap_or("").trim()));
            }
        }
    }
    println!("{offered} of {asked}, of {} that are shown; missed: {missed:#?}", shown / asked);
    assert!(offered * 100 >= asked * 95);
}
