//! The names that items, lines of mechanisms and steps of handlers declare.

use bouton_syntax::ast::{Action, ActionKind, Item, ItemKind, Member, MemberKind, Name, StmtKind, Trigger};

/// The names that an item declares in its file or circuit.
pub(crate) fn of_item(item: &Item) -> Vec<&Name> {
    match &item.kind {
        ItemKind::Param(list) | ItemKind::Let(list) | ItemKind::Output(list) => list.iter().map(|one| &one.name).collect(),
        ItemKind::Record(record) => record.records.iter().map(|one| &one.name).collect(),
        ItemKind::Fn(function) => vec![&function.name],
        ItemKind::Mechanism(mechanism) => vec![&mechanism.name],
        ItemKind::Cell(cell) => vec![&cell.name],
        ItemKind::Circuit(circuit) => vec![&circuit.name],
        ItemKind::CircuitUse(circuit) => vec![&circuit.name],
        ItemKind::Population(population) => vec![&population.name],
        ItemKind::Synapse(synapse) => vec![&synapse.name],
        ItemKind::Connect(connect) => connect.label.iter().collect(),
        ItemKind::Stimulate(stimulate) => stimulate.label.iter().collect(),
        ItemKind::Stmt(
            StmtKind::Steady(study) | StmtKind::Continue(study) | StmtKind::Sweep(study) | StmtKind::Optimize(study),
        ) => vec![&study.name],
        ItemKind::Use(used) => used.alias.iter().collect(),
        ItemKind::ImportCells(import) => import.names.iter().collect(),
        ItemKind::Error | ItemKind::ImportMechanisms(_) | ItemKind::Simulation(_) | ItemKind::Stmt(_) => Vec::new(),
    }
}

/// The names that a line declares in its mechanism or cell.
pub(super) fn of_member(member: &Member) -> Vec<&Name> {
    match &member.kind {
        MemberKind::Param(list)
        | MemberKind::State(list)
        | MemberKind::Let(list)
        | MemberKind::Input(list)
        | MemberKind::Output(list)
        | MemberKind::Current { currents: list, .. } => list.iter().map(|one| &one.name).collect(),
        MemberKind::Fn(function) => vec![&function.name],
        MemberKind::Ion(ion) => ion.reads.iter().chain(&ion.writes).collect(),
        MemberKind::Section(section) => vec![&section.name],
        MemberKind::Synapse(synapse) => vec![&synapse.name],
        MemberKind::Insert(insert) => insert.name.as_ref().or_else(|| insert.mechanism.parts.last()).into_iter().collect(),
        MemberKind::Handler(handler) => match &handler.trigger {
            Trigger::Event { name, .. } => vec![name],
            _ => Vec::new(),
        },
        _ => Vec::new(),
    }
}

/// The names that steps declare, at any depth.
pub(crate) fn of_actions(actions: &[Action]) -> Vec<&Name> {
    let mut all = Vec::new();
    for action in actions {
        match &action.kind {
            ActionKind::Let(list) => all.extend(list.iter().map(|one| &one.name)),
            ActionKind::If(choice) => {
                all.extend(of_actions(&choice.then.items));
                all.extend(choice.otherwise.iter().flat_map(|one| of_actions(&one.items)));
            }
            ActionKind::ForEachConnection(body) => all.extend(of_actions(&body.items)),
            _ => {}
        }
    }
    all
}
