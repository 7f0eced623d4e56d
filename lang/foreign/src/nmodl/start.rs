//! What states begin with: of a state `m` that is `m0`, a parameter, also where the file shows or uses that without declaring it.

use super::pointer::mentions;
use super::tree::{Declared, File, Name, Stmt, StmtKind};
use std::rc::Rc;

/// Declares those that a file takes for declared.
pub(super) fn declare(file: &mut File) {
    let set = super::translate::assigned_names(file.blocks.iter().flat_map(|block| &block.body));
    let is_shown = |name: &str| file.neuron.range.iter().chain(&file.neuron.global).any(|one| &*one.text == name);
    let is_used = |name: &Rc<str>| {
        let used = set.contains(name) || file.blocks.iter().any(|block| mentions(&block.body, name));
        used && !file
            .blocks
            .iter()
            .any(|block| block.arguments.iter().any(|one| one.0.text == *name) || is_local(&block.body, name))
    };
    let mut found = Vec::new();
    for state in &file.states {
        let text: Rc<str> = format!("{}0", state.name.text).as_str().into();
        if !is_declared(file, &text) && (is_shown(&text) || is_used(&text)) {
            found.push(Declared { name: Name { text, span: state.name.span }, size: None, ..state.clone() });
        }
    }
    file.parameters.extend(found);
}

fn is_declared(file: &File, name: &str) -> bool {
    let lists = [&file.parameters, &file.constants, &file.assigned, &file.states];
    lists.into_iter().flatten().any(|one| &*one.name.text == name)
        || file.locals.iter().any(|(one, _)| &*one.text == name)
        || file.blocks.iter().any(|block| &*block.name.text == name)
        || file.neuron.ions.iter().flat_map(|ion| ion.reads.iter().chain(&ion.writes)).any(|one| &*one.text == name)
}

/// Whether some statement declares a name for itself.
fn is_local(body: &[Stmt], name: &str) -> bool {
    let inner = |list: &[Stmt]| list.iter().any(|stmt| is_local(std::slice::from_ref(stmt), name));
    body.iter().any(|stmt| match &stmt.kind {
        StmtKind::Local(list) => list.iter().any(|(one, _)| &*one.text == name),
        StmtKind::If(_, a, b) => inner(a) || inner(b),
        StmtKind::While(_, a) | StmtKind::ForNetcons(_, a) | StmtKind::Initial(a) => inner(a),
        StmtKind::From(one, .., a) => &*one.text == name || inner(a),
        _ => false,
    })
}
