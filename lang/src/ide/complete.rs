//! What could stand at a place. A name that cannot exist is put there and the check is asked what it would have accepted: so nothing is
//! offered that would then be refused, and every list of names stands once, where it is checked.

use super::symbol::Kind;
use super::{Document, Ide};
use crate::World;
use bouton_model::builtin;
use bouton_syntax::lexer::lex;
use bouton_syntax::token::{Sign, Tok, Token};
use bouton_syntax::{Code, Diagnostics, Source, Span};

/// Something that could be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    /// What is written.
    pub text: String,
    /// What it is; nothing for words of the language and names of attributes.
    pub kind: Option<Kind>,
    /// A few words about it.
    pub detail: String,
    /// A text with places to fill in, `${1:name}`, where there is more to write than the word.
    pub snippet: Option<&'static str>,
}

/// A name that no text has.
const PROBE: &str = "zzxq_what_could_stand_here";

/// A unit whose dimension nothing has.
const ODD_UNIT: &str = "K^7";

impl Ide {
    /// What could stand at a place of a text, which replaces the given place: the word around the cursor.
    #[must_use]
    pub fn complete(&self, document: &Document, offset: u32, name: &str, world: &dyn World) -> (Span, Vec<Proposal>) {
        let source = document.source();
        let word = word_at(source, document.file, offset);
        let mut silent = Diagnostics::new();
        let tokens = lex(source, document.file, &mut silent).tokens;
        let place = Place::of(&tokens, word.start);
        if place.quoted {
            return (word, Vec::new());
        }
        let probe = if place.after_number { ODD_UNIT } else { PROBE };
        let (before, after) = (source.text.get(..word.start as usize), source.text.get(word.end as usize..));
        let text = format!("{}{probe}{}", before.unwrap_or_default(), after.unwrap_or_default());
        let (findings, file) = self.findings(name, &text, world);
        let length = u32::try_from(probe.len()).unwrap_or(u32::MAX);
        let asked = Span::new(file, word.start, word.start + length);
        let touches = |span: Span| span.file == file && span.start <= asked.start && span.end >= asked.end;
        let mut all: Vec<Proposal> = Vec::new();
        let mut in_value = false;
        for finding in findings.iter().filter(|one| touches(one.span)) {
            in_value |= finding.code == Code::UnknownName;
            all.extend(finding.candidates.iter().map(|name| document.proposal(name)));
        }
        if in_value {
            all.extend(builtin::FUNCTIONS.iter().map(|row| Proposal {
                text: row.name.to_owned(),
                kind: Some(Kind::Function),
                detail: row.doc.to_owned(),
                snippet: None,
            }));
            let functions = document.table.top.iter().filter(|(_, id)| document.is_function(**id));
            all.extend(functions.map(|(name, _)| document.proposal(name)));
        }
        if place.begins {
            all.extend(words(place.block).iter().map(|(word, snippet)| Proposal {
                text: (*word).to_owned(),
                kind: None,
                detail: String::new(),
                snippet: *snippet,
            }));
        }
        let written = source.slice(word);
        // What is being written is no news.
        all.retain(|one| one.text != written && one.text != PROBE);
        all.sort_by(|a, b| a.text.cmp(&b.text).then_with(|| b.detail.cmp(&a.detail)));
        all.dedup_by(|a, b| a.text == b.text);
        (word, all)
    }
}

impl Document {
    fn is_function(&self, id: usize) -> bool {
        self.table.get(id).is_some_and(|one| one.kind == Kind::Function)
    }

    fn proposal(&self, name: &str) -> Proposal {
        let top = self.table.top.get(name).and_then(|id| self.table.get(*id));
        // The text's own come first.
        let inner = || self.table.symbols.iter().filter(|one| *one.name == *name).max_by_key(|one| one.span.file == self.file);
        let symbol = top.or_else(inner);
        let detail = symbol.map(|one| self.header(one)).unwrap_or_default();
        Proposal { text: name.to_owned(), kind: symbol.map(|one| one.kind), detail, snippet: None }
    }
}

/// The word around a place, up to its end.
fn word_at(source: &Source, file: bouton_syntax::FileId, offset: u32) -> Span {
    let part = |c: char| c.is_alphanumeric() || c == '_';
    let at = source.text.floor_char_boundary((offset as usize).min(source.text.len()));
    let (before, after) = source.text.split_at(at);
    let start = before.trim_end_matches(part).len();
    let end = at + (after.len() - after.trim_start_matches(part).len());
    let count = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    // A word does not begin with a digit: `5 mV` has its unit behind a space or not.
    let digits =
        source.text.get(start..at).map_or(0, |word| word.len() - word.trim_start_matches(|c: char| c.is_ascii_digit()).len());
    Span::new(file, count(start + digits), count(end.max(start + digits)))
}

/// What stands around a place.
struct Place<'t> {
    /// Whether a line can begin here.
    begins: bool,
    /// Whether a number stands right before.
    after_number: bool,
    /// Whether it is inside of a text or a comment.
    quoted: bool,
    /// The word that the innermost braces belong to.
    block: &'t str,
}

impl<'t> Place<'t> {
    fn of(tokens: &[Token<'t>], offset: u32) -> Place<'t> {
        let mut open: Vec<&str> = Vec::new();
        let (mut head, mut begins) = ("", true);
        let (mut after_number, mut quoted) = (false, false);
        for token in tokens.iter().take_while(|token| token.span.end <= offset && token.span.start < offset) {
            after_number = matches!(token.kind, Tok::Number(_));
            match token.kind {
                Tok::Sign(Sign::BraceOpen) => {
                    open.push(head);
                    (head, begins) = ("", true);
                }
                Tok::Sign(Sign::BraceClose) => {
                    open.pop();
                    (head, begins) = ("", true);
                }
                Tok::Break => (head, begins) = ("", true),
                // Attributes and declarations go on in the same line.
                Tok::Sign(Sign::Comma) => begins = false,
                Tok::TextOpen => quoted = true,
                Tok::TextClose => quoted = false,
                Tok::Word(word) if begins => (head, begins) = (word.text(), false),
                Tok::Ident(name) if begins => (head, begins) = (name, false),
                _ => begins = false,
            }
        }
        Place { begins, after_number, quoted, block: open.last().copied().unwrap_or("") }
    }
}

type Word = (&'static str, Option<&'static str>);

const fn word(text: &'static str) -> Word {
    (text, None)
}

const fn snippet(text: &'static str, snippet: &'static str) -> Word {
    (text, Some(snippet))
}

/// What lines in the braces of a word begin with; in those of no word, lines of a file.
fn words(block: &str) -> &'static [Word] {
    match block {
        "" | "circuit" => FILE,
        "mechanism" | "point" => MECHANISM,
        "cell" => CELL,
        "section" | "in" => SECTION,
        "kinetic" => KINETIC,
        "on" | "fn" => STEPS,
        "optimize" => SEARCH,
        "sweep" => SWEEP,
        "for" | "if" | "else" => STATEMENTS,
        _ => &[],
    }
}

const FILE: &[Word] = &[
    word("use"),
    word("import"),
    word("param"),
    word("let"),
    word("fn"),
    snippet("mechanism", "mechanism ${1:name} {\n    param gbar = ${2:1 mS/cm2}\n    $0\n}"),
    snippet(
        "point mechanism",
        "point mechanism ${1:name} {\n    state g: uS\n    on event(weight: uS) { g += weight }\n    $0\n}",
    ),
    snippet(
        "cell",
        "cell ${1:name} {\n    section soma { L = ${2:20 um}, diam = ${3:20 um}; insert ${4:hh} }\n    spike at soma(0.5)\n    $0\n}",
    ),
    snippet("circuit", "circuit ${1:name} {\n    $0\n}"),
    snippet("population", "population ${1:name}: ${2:cell}[${3:20}]"),
    snippet("synapse", "synapse ${1:name} = ${2:Exp2Syn} { $0 }"),
    snippet(
        "connect",
        "connect ${1:source} -> ${2:target} via ${3:synapse} at ${4:soma(0.5)} {\n    probability = ${5:0.1}, weight = ${6:0.01 uS}, delay = ${7:5 ms}\n}",
    ),
    snippet(
        "stimulate",
        "stimulate ${1:target} with NetStim { rate = ${2:10 Hz}, noise = ${3:1} } via ${4:synapse} at ${5:soma(0.5)} { weight = ${6:0.01 uS} }",
    ),
    snippet("simulation", "simulation { duration = ${1:1 s}, dt = ${2:0.025 ms} }"),
    snippet("record", "record ${1:name} = ${2:cell}[0].soma(0.5).v every ${3:0.1 ms}"),
    word("run"),
    word("restart"),
    word("restore"),
    word("set"),
    word("print"),
    word("plot"),
    word("save"),
    word("assert"),
    word("apply"),
    snippet("sweep", "sweep ${1:name} {\n    vary ${2:knob} in ${3:0} .. ${4:1} steps ${5:5}\n    run\n    report $0\n}"),
    snippet(
        "optimize",
        "optimize ${1:name} {\n    vary ${2:knob} in ${3:0} .. ${4:1}\n    run\n    minimize $0\n    evolve genetic { population = 10, evaluations = 50 }\n}",
    ),
    word("for"),
    word("if"),
];

const MECHANISM: &[Word] = &[
    word("param"),
    word("state"),
    word("input"),
    word("output"),
    word("let"),
    word("fn"),
    word("ion"),
    word("current"),
    word("electrode"),
    word("method"),
    word("kinetic"),
    word("table"),
    word("on"),
];

const CELL: &[Word] = &[
    word("param"),
    word("state"),
    word("input"),
    word("output"),
    word("let"),
    word("fn"),
    word("on"),
    snippet("section", "section ${1:soma} { L = ${2:20 um}, diam = ${3:20 um}; insert ${4:hh} }"),
    word("insert"),
    word("synapse"),
    snippet("spike", "spike at ${1:soma(0.5)}"),
    word("in"),
    word("rename"),
];

const SECTION: &[Word] = &[word("insert"), word("let"), word("connect")];

const KINETIC: &[Word] = &[word("conserve"), word("compartment"), word("diffusion"), word("steady")];

const STEPS: &[Word] = &[word("let"), word("if"), word("after"), word("spike"), word("for"), word("return")];

const STATEMENTS: &[Word] =
    &[word("run"), word("set"), word("let"), word("print"), word("plot"), word("save"), word("assert"), word("for"), word("if")];

const SWEEP: &[Word] =
    &[word("vary"), word("report"), word("run"), word("set"), word("let"), word("print"), word("assert"), word("if")];

const SEARCH: &[Word] = &[
    word("vary"),
    word("minimize"),
    word("maximize"),
    word("constrain"),
    word("evolve"),
    word("run"),
    word("set"),
    word("let"),
    word("print"),
    word("assert"),
    word("if"),
];
