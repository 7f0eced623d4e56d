//! C code between VERBATIM and ENDVERBATIM, where it says what NMODL could say: values, assignments, branches, counting loops, returns. It becomes
//! statements of the file. Everything else stays C code, and what depends on it is refused.

mod read;
mod token;
mod unset;

pub(super) use read::CHOICE;
pub(super) use token::SEEDS;

use super::translate::draws_by_c_code;
use super::tree::{Block, BlockKind, Expr, ExprKind, File, Name, Stmt, StmtKind};
use std::collections::HashSet;
use std::rc::Rc;

/// The most statements that returns before the end of a block may come to, written out.
const MOST_STATEMENTS: usize = 20_000;

/// How many returns may follow each other in one block.
const MOST_DEEP: usize = 50;

/// The file with all the C code that is understood as statements, and without returns before the end of a block.
#[must_use]
pub fn understood(file: &File) -> File {
    let known = declared(file);
    let pointers = file.neuron.pointer.iter().map(|name| name.text.clone()).collect();
    let mut file = file.clone();
    for block in &mut file.blocks {
        // A function that picks a random number has its distribution by its name.
        if draws_by_c_code(block) {
            continue;
        }
        let mut names = known.clone();
        names.extend(block.arguments.iter().map(|(name, _)| name.text.clone()));
        names.insert(block.name.text.clone());
        locals(&block.body, &mut names);
        for stmt in &mut block.body {
            if let StmtKind::Verbatim(text) = &mut stmt.kind {
                *text = with_arguments(text, &block.arguments);
            }
        }
        block.body = spelled(std::mem::take(&mut block.body), &names, &pointers);
        let gives = matches!(block.kind, BlockKind::Function | BlockKind::Procedure).then(|| block.name.clone());
        let mut left = MOST_STATEMENTS;
        block.body = settled(std::mem::take(&mut block.body), gives.as_ref(), &mut left, 0);
    }
    file
}

/// C code in which what a script gives, `*getarg(1)`, is called as the block calls it.
fn with_arguments(text: &str, arguments: &[(Name, Option<String>)]) -> String {
    let named = |text: String, (at, (name, _)): (usize, &(Name, Option<String>))| {
        text.replace(&format!("*getarg({})", at + 1), &format!("_l{}", name.text))
    };
    arguments.iter().enumerate().fold(text.to_owned(), named)
}

/// Names that the whole file sees.
fn declared(file: &File) -> HashSet<Rc<str>> {
    let lists = [&file.parameters, &file.constants, &file.assigned, &file.states];
    let mut names: HashSet<Rc<str>> = lists.into_iter().flatten().map(|one| one.name.text.clone()).collect();
    names.extend(file.locals.iter().map(|(name, _)| name.text.clone()));
    let neuron = &file.neuron;
    let lists = [&neuron.nonspecific, &neuron.electrode, &neuron.range, &neuron.global, &neuron.pointer, &neuron.random];
    names.extend(lists.into_iter().flatten().map(|name| name.text.clone()));
    for ion in &neuron.ions {
        for name in ion.reads.iter().chain(&ion.writes) {
            names.insert(name.text.clone());
            names.insert(format!("_ion_{}", name.text).as_str().into());
        }
    }
    names.extend(file.blocks.iter().map(|block: &Block| block.name.text.clone()));
    names.extend(file.units.iter().filter_map(|line| match line {
        super::tree::UnitLine::Alias(..) => None,
        super::tree::UnitLine::Factor(name, ..) | super::tree::UnitLine::Number(name, _) => Some(name.text.clone()),
    }));
    names.extend(["v", "t", "dt", "celsius", "area", "diam", "PI"].map(Rc::from));
    names
}

/// Names after LOCAL, at any depth.
fn locals(body: &[Stmt], names: &mut HashSet<Rc<str>>) {
    for stmt in body {
        match &stmt.kind {
            StmtKind::Local(list) => names.extend(list.iter().map(|(name, _)| name.text.clone())),
            StmtKind::If(_, a, b) => {
                locals(a, names);
                locals(b, names);
            }
            StmtKind::While(_, a) | StmtKind::Initial(a) => locals(a, names),
            StmtKind::From(name, .., a) => {
                names.insert(name.text.clone());
                locals(a, names);
            }
            StmtKind::ForNetcons(list, a) => {
                names.extend(list.iter().map(|name| name.text.clone()));
                locals(a, names);
            }
            _ => {}
        }
    }
}

/// Statements with C code spelled out.
fn spelled(body: Vec<Stmt>, names: &HashSet<Rc<str>>, pointers: &HashSet<Rc<str>>) -> Vec<Stmt> {
    let mut out = Vec::new();
    let mut at = 0;
    let again = |inner: Vec<Stmt>| spelled(inner, names, pointers);
    while let Some(stmt) = body.get(at) {
        at += 1;
        let span = stmt.span;
        let kind = match stmt.kind.clone() {
            StmtKind::Verbatim(code) => {
                if let Some(list) = read::statements(&code, span, names) {
                    out.extend(list);
                    continue;
                }
                if let Some((list, used)) = around(&body[at - 1..], names, pointers) {
                    out.extend(list);
                    at += used - 1;
                    continue;
                }
                StmtKind::Verbatim(code)
            }
            StmtKind::If(c, a, b) => StmtKind::If(c, again(a), again(b)),
            StmtKind::While(c, a) => StmtKind::While(c, again(a)),
            StmtKind::From(i, a, b, by, inner) => StmtKind::From(i, a, b, by, again(inner)),
            StmtKind::ForNetcons(list, a) => StmtKind::ForNetcons(list, again(a)),
            StmtKind::Initial(a) => StmtKind::Initial(again(a)),
            other => other,
        };
        out.push(Stmt { kind, span });
    }
    out
}

/// C code that goes on behind statements of NMODL, and code about vectors that nobody has set: its statements, and of how many it is made.
fn around(body: &[Stmt], names: &HashSet<Rc<str>>, pointers: &HashSet<Rc<str>>) -> Option<(Vec<Stmt>, usize)> {
    let unset::Joined { text, held, used } = unset::joined(body, pointers)?;
    let mut known = names.clone();
    known.extend(unset::names(held.len()));
    let list = read::statements(&text, body.first()?.span, &known)?;
    let held = held.into_iter().map(|stmt| spelled(vec![stmt], names, pointers)).collect::<Vec<_>>();
    Some((placed(list, &held), used))
}

/// Statements with those of NMODL where their numbers stand.
fn placed(list: Vec<Stmt>, held: &[Vec<Stmt>]) -> Vec<Stmt> {
    let mut out = Vec::new();
    for Stmt { kind, span } in list {
        let kind = match kind {
            StmtKind::Call(name, arguments) => match unset::held(&name.text).and_then(|number| held.get(number)) {
                Some(statements) => {
                    out.extend(statements.iter().cloned());
                    continue;
                }
                None => StmtKind::Call(name, arguments),
            },
            StmtKind::If(c, a, b) => StmtKind::If(c, placed(a, held), placed(b, held)),
            StmtKind::While(c, a) => StmtKind::While(c, placed(a, held)),
            StmtKind::From(i, a, b, by, inner) => StmtKind::From(i, a, b, by, placed(inner, held)),
            other => other,
        };
        out.push(Stmt { kind, span });
    }
    out
}

fn returns(body: &[Stmt]) -> bool {
    body.iter().any(|stmt| match &stmt.kind {
        StmtKind::Return(_) => true,
        StmtKind::If(_, a, b) => returns(a) || returns(b),
        _ => false,
    })
}

/// Statements that end where a return stands: what follows a branch that returns goes to the other one.
fn settled(body: Vec<Stmt>, gives: Option<&Name>, left: &mut usize, depth: usize) -> Vec<Stmt> {
    let mut out = Vec::new();
    let mut rest = body.into_iter();
    while let Some(stmt) = rest.next() {
        *left = left.saturating_sub(1);
        let span = stmt.span;
        match stmt.kind {
            StmtKind::Return(value) => {
                if let (Some(name), Some(value)) = (gives, value) {
                    out.push(Stmt { kind: StmtKind::Assign(Name { span, ..name.clone() }, None, value), span });
                }
                return out;
            }
            StmtKind::If(condition, mut a, mut b) if *left > 0 && depth < MOST_DEEP && (returns(&a) || returns(&b)) => {
                let rest: Vec<Stmt> = rest.collect();
                a.extend(rest.iter().cloned());
                b.extend(rest);
                let (a, b) = (settled(a, gives, left, depth + 1), settled(b, gives, left, depth + 1));
                out.push(Stmt { kind: StmtKind::If(condition, a, b), span });
                return out;
            }
            StmtKind::Verbatim(code) => match gives.and_then(|name| given_at_end(&code, name)) {
                Some(code) => {
                    out.push(Stmt { kind: StmtKind::Verbatim(code), span });
                    return out;
                }
                None => out.push(Stmt { kind: StmtKind::Verbatim(code), span }),
            },
            StmtKind::Initial(inner) => out.push(Stmt { kind: StmtKind::Initial(settled(inner, None, left, depth + 1)), span }),
            kind => out.push(Stmt { kind, span }),
        }
    }
    out
}

/// C code that is not understood and ends with its only return: this as an assignment to the function's value.
fn given_at_end(code: &str, name: &Name) -> Option<String> {
    let code = token::plain(code)?;
    let (before, last) = code.trim_end().strip_suffix(';')?.rsplit_once("return")?;
    let is_last = before.trim_end().ends_with([';', '}']) && !last.contains([';', '{', '}']) && !last.trim().is_empty();
    (is_last && !before.contains("return")).then(|| format!("{before}_l{} = {};\n", name.text, last.trim()))
}

/// A value of the C code, at the place of its block.
fn value(kind: ExprKind, span: bouton_syntax::Span) -> Expr {
    Expr { kind, span }
}
