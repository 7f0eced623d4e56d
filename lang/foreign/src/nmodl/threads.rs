//! Whether NEURON lets threads run a file. Then its tables are made before anything is initialized; else where they are looked at first.

use super::tree::{BlockKind, File, Place, Stmt, StmtKind};
use std::collections::HashSet;
use std::rc::Rc;

/// Whether the file says so, or has nothing that threads would share.
pub fn run(file: &File) -> bool {
    let neuron = &file.neuron;
    if neuron.threadsafe {
        return true;
    }
    let mut set = HashSet::new();
    let mut code = false;
    for block in &file.blocks {
        let in_events = block.kind == BlockKind::NetReceive;
        code |= matches!(block.kind, BlockKind::Linear | BlockKind::Nonlinear | BlockKind::Discrete);
        look(&block.body, in_events, &mut set, &mut code);
    }
    let named = |list: &[super::tree::Name], name: &Rc<str>| list.iter().any(|one| one.text == *name);
    let of_ion = |name: &Rc<str>| neuron.ions.iter().any(|ion| named(&ion.reads, name) || named(&ion.writes, name));
    let each =
        |name: &Rc<str>| named(&neuron.range, name) || of_ion(name) || file.states.iter().any(|one| one.name.text == *name);
    let once = |name: &Rc<str>| {
        named(&neuron.global, name)
            || file.parameters.iter().any(|one| one.name.text == *name)
            || file.locals.iter().any(|(one, _)| one.text == *name)
    };
    let shared = set.iter().any(|name| once(name) && !each(name));
    let artificial = matches!(neuron.name, Some((Place::Artificial, _)));
    !code && !shared && !artificial && neuron.pointer.is_empty() && neuron.external.is_empty()
}

/// Names that statements set, and whether there is something that NEURON never runs in threads.
fn look(body: &[Stmt], in_events: bool, set: &mut HashSet<Rc<str>>, code: &mut bool) {
    for stmt in body {
        match &stmt.kind {
            StmtKind::Verbatim(_) => *code = true,
            StmtKind::Call(name, _) if &*name.text == "state_discontinuity" && !in_events => *code = true,
            StmtKind::Assign(name, ..) => drop(set.insert(name.text.clone())),
            StmtKind::If(_, a, b) => {
                look(a, in_events, set, code);
                look(b, in_events, set, code);
            }
            StmtKind::While(_, a) | StmtKind::From(.., a) | StmtKind::ForNetcons(_, a) | StmtKind::Initial(a) => {
                look(a, in_events, set, code);
            }
            _ => {}
        }
    }
}
