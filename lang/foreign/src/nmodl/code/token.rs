//! Tokens of C code, and the words that it has.

/// Words of types.
pub(super) const TYPES: &[&str] =
    &["double", "int", "float", "long", "static", "const", "extern", "unsigned", "void", "char", "short"];
/// Functions of C that NMODL has, too.
pub(super) const FUNCTIONS: &[&str] = &[
    "exp",
    "log",
    "log10",
    "sqrt",
    "fabs",
    "abs",
    "sin",
    "cos",
    "tan",
    "sinh",
    "cosh",
    "tanh",
    "floor",
    "ceil",
    "pow",
    "fmod",
    "exprand",
    "normrand",
    "scop_random",
    "poisrand",
    "exprelr",
    "asin",
    "acos",
    "atan",
    "atan2",
];
/// Functions that pick a random number from a stream, and what draws so here.
pub(super) const PICKS: &[(&str, &str)] = &[
    ("nrn_random_pick", "random_uniform"),
    ("nrnran123_dblpick", "random_uniform"),
    ("nrnran123_uniform", "random_uniform"),
    ("nrnran123_negexp", "random_negexp"),
    ("nrnran123_normal", "random_normal"),
];

/// Functions that set a stream of random numbers to a place. Here each instance has a stream of its own from the start.
pub(in crate::nmodl) const SEEDS: &[&str] = &["nrnran123_setseq", "nrn_set_random_sequence", "nrnran123_deletestream"];

/// The code without comments and lines of the preprocessor; nothing where these choose between two texts.
pub(super) fn plain(code: &str) -> Option<String> {
    let mut out = String::new();
    let mut rest = code;
    while let Some(at) = rest.find("/*") {
        out.push_str(&rest[..at]);
        out.push(' ');
        rest = rest[at + 2..].find("*/").map_or("", |end| &rest[at + 2 + end + 2..]);
    }
    out.push_str(rest);
    let mut text = String::new();
    for line in out.split(['\n', '\r']) {
        let line = line.find("//").map_or(line, |at| &line[..at]);
        if line.trim_start().starts_with('#') {
            let word = line.trim_start().trim_start_matches('#').trim_start();
            let chooses = ["else", "elif", "define", "if 0", "ifdef"].iter().any(|one| word.starts_with(one));
            if chooses {
                return None;
            }
            continue;
        }
        text.push_str(line);
        text.push('\n');
    }
    Some(text)
}

/// A token.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    Name(String),
    Number(f64),
    Text,
    Sign(&'static str),
}

/// Signs, longer ones first.
const SIGNS: &[&str] = &[
    "&&", "||", "==", "!=", "<=", ">=", "+=", "-=", "*=", "/=", "++", "--", "+", "-", "*", "/", "<", ">", "=", "!", "(", ")",
    "[", "]", "{", "}", ";", ",", "?", ":",
];

/// The tokens of a text; nothing where one is not understood.
pub(super) fn tokens(text: &str) -> Option<Vec<Token>> {
    let mut out = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let word = |extra: &dyn Fn(char) -> bool| rest.find(|c: char| !extra(c)).unwrap_or(rest.len());
        let length;
        if first.is_ascii_alphabetic() || first == '_' {
            length = word(&|c| c.is_ascii_alphanumeric() || c == '_');
            out.push(Token::Name(rest[..length].to_owned()));
        } else if first.is_ascii_digit() || (first == '.' && rest[1..].starts_with(|c: char| c.is_ascii_digit())) {
            let mut end = word(&|c| c.is_ascii_digit() || c == '.');
            let exponent = rest[end..].strip_prefix(['e', 'E']).map(|more| more.strip_prefix(['+', '-']).unwrap_or(more));
            if let Some(more) = exponent.filter(|more| more.starts_with(|c: char| c.is_ascii_digit())) {
                let digits = more.find(|c: char| !c.is_ascii_digit()).unwrap_or(more.len());
                end = rest.len() - more.len() + digits;
            }
            out.push(Token::Number(rest[..end].parse().ok()?));
            length = if rest[end..].starts_with(['f', 'F', 'L']) { end + 1 } else { end };
        } else if first == '"' {
            let mut escaped = false;
            let end = rest[1..].find(|c: char| {
                let ends = c == '"' && !escaped;
                escaped = c == '\\' && !escaped;
                ends
            })?;
            out.push(Token::Text);
            length = end + 2;
        } else {
            let sign = SIGNS.iter().find(|sign| rest.starts_with(**sign))?;
            out.push(Token::Sign(sign));
            length = sign.len();
        }
        rest = rest[length..].trim_start();
    }
    Some(out)
}
