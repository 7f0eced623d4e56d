//! Pointers that a file reads and sets nowhere: what they point to is theirs whenever the file reads them.

use super::tree::{Expr, ExprKind, File, Name, Stmt, StmtKind};
use std::rc::Rc;

/// Those of a file.
pub fn read(file: &File) -> impl Iterator<Item = &Name> {
    let set = super::translate::assigned_names(file.blocks.iter().flat_map(|block| &block.body));
    let is_read = |name: &Rc<str>| file.blocks.iter().any(|block| mentions(&block.body, name));
    file.neuron.pointer.iter().filter(move |one| !set.contains(&one.text) && is_read(&one.text))
}

/// The tables that a file looks up and that scripts fill.
pub fn tables(file: &File) -> impl Iterator<Item = &super::tree::Block> {
    let tables = file.blocks.iter().filter(|block| block.kind == super::tree::BlockKind::FunctionTable);
    tables.filter(|table| file.blocks.iter().any(|block| mentions(&block.body, &table.name.text)))
}

/// Whether a name is in some expression of these statements.
pub(super) fn mentions(body: &[Stmt], name: &Rc<str>) -> bool {
    let of = |all: &[&Expr]| all.iter().any(|one| is_in(one, name));
    body.iter().any(|stmt| match &stmt.kind {
        StmtKind::Assign(_, index, value) | StmtKind::Derivative(_, index, value) => {
            of(&[value]) || index.iter().any(|index| of(&[index]))
        }
        StmtKind::Call(_, all) => all.iter().any(|one| of(&[one])),
        StmtKind::If(condition, then, otherwise) => of(&[condition]) || mentions(then, name) || mentions(otherwise, name),
        StmtKind::While(condition, inner) => of(&[condition]) || mentions(inner, name),
        StmtKind::From(_, from, to, by, inner) => of(&[from, to]) || by.iter().any(|by| of(&[by])) || mentions(inner, name),
        StmtKind::Reaction(_, _, forward, backward) => of(&[forward]) || backward.iter().any(|rate| of(&[rate])),
        StmtKind::Flux(_, one) | StmtKind::Compartment(_, one, _) | StmtKind::Diffusion(_, one, _) => of(&[one]),
        StmtKind::Equation(a, b) | StmtKind::Conserve(a, b) | StmtKind::Watch(a, b) => of(&[a, b]),
        StmtKind::Return(value) => value.iter().any(|value| of(&[value])),
        StmtKind::ForNetcons(_, inner) | StmtKind::Initial(inner) => mentions(inner, name),
        StmtKind::Local(_) | StmtKind::Solve(_) | StmtKind::Table(_) | StmtKind::Verbatim(_) | StmtKind::Other(_) => false,
    })
}

fn is_in(expr: &Expr, name: &Rc<str>) -> bool {
    match &expr.kind {
        ExprKind::Name(known) => known == name,
        ExprKind::Index(_, one) | ExprKind::Neg(one) | ExprKind::Not(one) => is_in(one, name),
        ExprKind::Call(called, all) => called == name || all.iter().any(|one| is_in(one, name)),
        ExprKind::Binary(_, a, b) => is_in(a, name) || is_in(b, name),
        ExprKind::Number(_) | ExprKind::Text(_) => false,
    }
}
