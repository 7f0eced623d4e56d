//! Words of the language by where they can stand: those that begin a line in some braces, and those that go on with it.

pub(super) type Word = (&'static str, Option<&'static str>);

const fn word(text: &'static str) -> Word {
    (text, None)
}

const fn snippet(text: &'static str, snippet: &'static str) -> Word {
    (text, Some(snippet))
}

/// What lines in the braces of a word begin with; in those of no word, lines of a file.
pub(super) fn words(block: &str) -> &'static [Word] {
    match block {
        "" | "circuit" => FILE,
        "mechanism" | "point" => MECHANISM,
        "cell" => CELL,
        "section" | "in" => SECTION,
        "kinetic" => KINETIC,
        "on" | "fn" => STEPS,
        "optimize" => SEARCH,
        "sweep" => SWEEP,
        "continue" => CONTINUE,
        "for" | "if" | "else" => STATEMENTS,
        _ => &[],
    }
}

/// How a construct is written that begins with a word, with names and values to show where such stand.
pub(in crate::ide) fn shape(begins: &str) -> Option<String> {
    let mut all = [FILE, MECHANISM, CELL, SECTION, KINETIC, STEPS, SEARCH, SWEEP, CONTINUE, STATEMENTS].into_iter().flatten();
    let (_, snippet) = all.find(|(word, snippet)| *word == begins && snippet.is_some())?;
    let mut shape = String::new();
    let mut rest = (*snippet)?;
    // `${1:name}` and `$0` are where an editor's cursor goes.
    while let Some((before, after)) = rest.split_once('$') {
        shape.push_str(before);
        rest = match after.strip_prefix('{').and_then(|part| part.split_once('}')) {
            Some((field, after)) => {
                shape.push_str(field.split_once(':').map_or("", |(_, value)| value));
                after
            }
            None => after.trim_start_matches(|digit: char| digit.is_ascii_digit()),
        };
    }
    shape.push_str(rest);
    let lines = shape.lines().filter(|line| !line.trim().is_empty());
    Some(lines.collect::<Vec<_>>().join("\n"))
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
    snippet("steady state", "steady state ${1:name}"),
    snippet("continue", "continue ${1:name} {\n    vary ${2:knob} in ${3:0} .. ${4:1}\n    report $0\n}"),
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
    word("voltage"),
];

const SECTION: &[Word] = &[word("insert"), word("let"), word("connect")];

const KINETIC: &[Word] = &[word("conserve"), word("compartment"), word("diffusion"), word("steady")];

const STEPS: &[Word] = &[word("let"), word("if"), word("after"), word("spike"), word("for"), word("return")];

const STATEMENTS: &[Word] =
    &[word("run"), word("set"), word("let"), word("print"), word("plot"), word("save"), word("assert"), word("for"), word("if")];

const CONTINUE: &[Word] = &[word("vary"), word("report")];

const SWEEP: &[Word] =
    &[word("vary"), word("report"), word("run"), word("set"), word("let"), word("print"), word("assert"), word("if")];

const SEARCH: &[Word] = &[
    word("vary"),
    word("max_steps"),
    word("max_events"),
    word("max_steps"),
    word("max_events"),
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

/// The words that can follow a value in a line that begins with `head`.
pub(super) fn clauses(head: &str) -> &'static [&'static str] {
    match head {
        "use" => &["as"],
        "import" => &["as", "cells", "mechanism", "mechanisms", "of"],
        "cell" => &["per", "extends", "import", "template", "class"],
        "voltage" => &["is"],
        "mechanism" | "point" => &["mechanism", "per", "extends"],
        "population" => &["in"],
        "synapse" => &["at"],
        "connect" => &["where", "via", "from", "at", "per", "connection"],
        "stimulate" => &["where", "with", "via", "from", "at", "per", "connection"],
        "spike" => &["at", "above"],
        "ion" => &["reads", "writes", "valence"],
        "electrode" => &["current"],
        "on" => &["event", "start", "spike", "step", "each", "currents", "states"],
        "record" => &["every", "to"],
        "table" => &["in", "by", "for"],
        "vary" => &["in", "steps", "by", "log", "integer"],
        "for" => &["in", "by", "steps", "each", "connection"],
        "after" => &["send", "move"],
        "let" | "print" | "plot" | "save" | "assert" | "minimize" | "maximize" | "constrain" | "report" | "if" => {
            &["after", "before", "in", "and", "or"]
        }
        _ => &[],
    }
}
