//! Vectors that C code takes from a POINTER of the file. A model of NEURON hands them over by a procedure that it calls; here nobody does, so the pointer is NULL,
//! and what is done only where it is not is never reached. And C code that goes on behind statements of NMODL, as these have it around them.

use super::token::plain;
use crate::nmodl::tree::{Stmt, StmtKind};
use std::collections::HashSet;
use std::rc::Rc;

/// How a statement of NMODL is called among C code that stands around it.
const HELD: &str = "__statement_";

/// C code, the statements of NMODL in it by numbers, and how many statements of the block these and the parts of the code are.
pub(super) struct Joined {
    pub text: String,
    pub held: Vec<Stmt>,
    pub used: usize,
}

/// Whether a name stands for a statement, and for which.
pub(super) fn held(name: &str) -> Option<usize> {
    name.strip_prefix(HELD)?.parse().ok()
}

/// Names that stand for statements.
pub(super) fn names(count: usize) -> impl Iterator<Item = Rc<str>> {
    (0..count).map(|number| Rc::from(format!("{HELD}{number}").as_str()))
}

/// C code at the beginning of some statements up to where all of its braces are closed, without what is never reached.
pub(super) fn joined(body: &[Stmt], pointers: &HashSet<Rc<str>>) -> Option<Joined> {
    let (mut text, mut depth, mut list) = (String::new(), 0, Vec::new());
    for (at, stmt) in body.iter().enumerate() {
        if let StmtKind::Verbatim(code) = &stmt.kind {
            let code = plain(code)?;
            depth += braces(&code);
            text.push_str(&code);
        } else {
            text.push_str(&format!(" {HELD}{}(); ", list.len()));
            list.push(stmt.clone());
        }
        if depth == 0 {
            return Some(Joined { text: without(&text, pointers), held: list, used: at + 1 });
        }
        if depth < 0 {
            return None;
        }
    }
    None
}

/// How many braces are open at the end.
fn braces(code: &str) -> i64 {
    let count = |sign: char| i64::try_from(code.matches(sign).count()).unwrap_or(i64::MAX);
    count('{') - count('}')
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

/// `IvocVect* x = *((IvocVect**)(&_p_pointer));`: the variables that are so declared and used as vectors, with where that stands.
fn vectors(text: &str, pointers: &HashSet<Rc<str>>) -> Vec<(String, std::ops::Range<usize>)> {
    let mut found = Vec::new();
    let mut start = 0;
    for (end, sign) in text.match_indices([';', '{', '}']) {
        let line = &text[start..end];
        let begin = start;
        start = end + 1;
        let Some((left, right)) = line.split_once('=').filter(|_| sign == ";") else { continue };
        let points = right.split(|c: char| !is_word(c)).any(|word| {
            let name = word.strip_prefix("_p_").unwrap_or(word);
            pointers.contains(name)
        });
        let name = left.trim_end();
        let name = &name[name.rfind(|c: char| !is_word(c)).map_or(0, |at| at + 1)..];
        let is_vector = left.contains("IvocVect")
            || ["vector_capacity(", "vector_vec("].iter().any(|call| text.contains(&format!("{call}{name}")));
        if left.contains('*') && right.trim_start().starts_with('*') && points && is_vector && !name.is_empty() {
            found.push((name.to_owned(), begin..start));
        }
    }
    found
}

/// The code without declarations of such vectors, and without branches for where they are.
fn without(text: &str, pointers: &HashSet<Rc<str>>) -> String {
    let vectors = vectors(text, pointers);
    let mut out = text.to_owned();
    for (_, range) in vectors.iter().rev() {
        out.replace_range(range.clone(), "");
    }
    let names: HashSet<&str> = vectors.iter().map(|(name, _)| name.as_str()).collect();
    while let Some(range) = branch(&out, &names) {
        out.replace_range(range, ";");
    }
    out
}

/// A branch that is never taken, and has no other one.
fn branch(text: &str, names: &HashSet<&str>) -> Option<std::ops::Range<usize>> {
    for (at, _) in text.match_indices("if") {
        let alone = !text[..at].ends_with(is_word) && !text[at + 2..].starts_with(is_word);
        let rest = text[at + 2..].trim_start();
        let open = text.len() - rest.len();
        if !alone || !rest.starts_with('(') {
            continue;
        }
        let Some(close) = closing(text, open, '(', ')') else { continue };
        let condition = &text[open + 1..close];
        let never = !condition.contains("||") && condition.split("&&").any(|part| names.contains(part.trim()));
        let block = text[close + 1..].trim_start();
        let begin = text.len() - block.len();
        if !never || !block.starts_with('{') {
            continue;
        }
        let Some(end) = closing(text, begin, '{', '}') else { continue };
        if !text[end + 1..].trim_start().starts_with("else") {
            return Some(at..end + 1);
        }
    }
    None
}

/// Where what opens at a place closes.
fn closing(text: &str, at: usize, open: char, close: char) -> Option<usize> {
    let mut depth = 0;
    for (place, c) in text.char_indices().skip_while(|(place, _)| *place < at) {
        if c == open {
            depth += 1;
        } else if c == close {
            depth -= 1;
            if depth == 0 {
                return Some(place);
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::without;
    use std::collections::HashSet;

    #[test]
    fn what_is_done_with_a_vector_is_never_reached() {
        let pointers = HashSet::from(["space".into()]);
        let text = "IvocVect *vv = *((IvocVect**)(&_p_space)); if (vv && vector_capacity(vv) >= 1) { x = 1; } y = 2;";
        assert_eq!(without(text, &pointers), " ; y = 2;");
        let other = text.replace("space", "other");
        assert_eq!(without(&other, &pointers), other);
        let chosen = text.replace("y = 2;", "else { y = 2; }");
        assert!(without(&chosen, &pointers).contains("else"));
    }
}
