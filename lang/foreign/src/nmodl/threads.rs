//! Whether NEURON lets threads run a file. Then its tables are made before anything is initialized; else where they are looked at first.

use super::tree::{BlockKind, Expr, ExprKind, File, Place, Stmt, StmtKind};

/// Functions that NEURON never calls in threads.
const ALONE: &[&str] = &["scop_random", "exprand", "normrand", "poisrand", "boundary"];

/// Whether the file says so, or has nothing that threads would share. Only variables that it lists as GLOBAL and sets count as shared: NEURON gives each thread
/// a copy of other parameters and of LOCAL variables outside of blocks.
pub fn run(file: &File) -> bool {
    let neuron = &file.neuron;
    if neuron.threadsafe {
        return true;
    }
    let artificial = matches!(neuron.name, Some((Place::Artificial, _)));
    let alone = |block: &super::tree::Block| {
        let kind = matches!(block.kind, BlockKind::Linear | BlockKind::Nonlinear | BlockKind::Discrete);
        kind || block.body.iter().any(|stmt| keeps_alone(stmt, file, block.kind == BlockKind::NetReceive))
    };
    !artificial && neuron.pointer.is_empty() && neuron.external.is_empty() && !file.blocks.iter().any(alone)
}

/// Whether a statement is one that NEURON never runs in threads.
fn keeps_alone(stmt: &Stmt, file: &File, in_events: bool) -> bool {
    let body = |list: &[Stmt]| list.iter().any(|stmt| keeps_alone(stmt, file, in_events));
    match &stmt.kind {
        StmtKind::Verbatim(_) => true,
        StmtKind::Call(name, list) => &*name.text == "state_discontinuity" && !in_events || list.iter().any(calls_alone),
        StmtKind::Assign(name, _, value) => file.neuron.global.iter().any(|one| one.text == name.text) || calls_alone(value),
        StmtKind::Derivative(_, _, value) => calls_alone(value),
        StmtKind::Solve(solve) => solve.method.as_ref().is_some_and(|method| &*method.text == "runge"),
        StmtKind::If(condition, a, b) => calls_alone(condition) || body(a) || body(b),
        StmtKind::While(_, a) | StmtKind::From(.., a) | StmtKind::ForNetcons(_, a) | StmtKind::Initial(a) => body(a),
        _ => false,
    }
}

fn calls_alone(e: &Expr) -> bool {
    match &e.kind {
        ExprKind::Call(name, list) => ALONE.contains(&&**name) || list.iter().any(calls_alone),
        ExprKind::Binary(_, a, b) => calls_alone(a) || calls_alone(b),
        ExprKind::Neg(a) | ExprKind::Not(a) | ExprKind::Index(_, a) => calls_alone(a),
        ExprKind::Number(_) | ExprKind::Name(_) | ExprKind::Text(_) => false,
    }
}
