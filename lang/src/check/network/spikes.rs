//! Who sends events, and who listens to the spikes of the own cell.

use crate::check::{Checker, View};
use bouton_model::ir::{Cell, CellBody, CellId, MechanismId, Place, Port, Program, Set};
use bouton_syntax::ast;
use bouton_syntax::{Code, Diagnostic, Span};

impl<'a> Checker<'a> {
    /// The place from which spikes leave each kind of cell among the sources: `from PLACE`, where a threshold is watched for this.
    pub(super) fn spikes_leave(&mut self, sources: &Set, from: &'a ast::Expr) -> Vec<(CellId, Place)> {
        let mut places = Vec::new();
        for kind in self.kinds(sources) {
            let place = self.with_body(kind, |checker, body| {
                let cell = checker.program.cells.get(kind.index())?;
                let (name, span) = (cell.name.clone(), cell.span);
                if let CellBody::Tree(tree) = body {
                    return checker.place_unless_broken(kind, &name, tree, from);
                }
                let message = format!("`{name}` has no sections, so its spikes leave from no place");
                let wrong = Diagnostic::new(Code::BadPlace, from.span, message).also(span, "the cell");
                checker.diagnostics.push(wrong.help("leave `from` out"));
                None
            });
            places.extend(place.map(|place| (kind, place)));
        }
        places
    }

    /// Reports sources that cannot send events, and mechanisms that wait for spikes of a cell that has none. Asked when all connections and electrodes
    /// are known, for what they put on a cell may make it fire.
    pub fn spikes(&mut self) {
        for set in std::mem::take(&mut self.sources) {
            self.sources_spike(&set);
        }
        for (cell, mechanism, span) in listeners(&self.program) {
            self.listener(cell, mechanism, span);
        }
    }

    fn sources_spike(&mut self, set: &Set) {
        let mut silent_cells = Vec::new();
        for member in &set.members {
            let population = self.program.populations.get(member.population.index());
            let Some(id) = population.map(|population| population.cell) else { continue };
            let Some(cell) = self.program.cells.get(id.index()) else { continue };
            if self.broken_cells.contains(&id) || can_spike(&self.program, id) {
                continue;
            }
            let name = &cell.name;
            let message = format!("`{name}` has no way to spike, so it cannot be a source");
            let silent = Diagnostic::new(Code::CannotSpike, member.span, message).also(cell.span, "the cell").help(how(cell));
            self.diagnostics.push(silent);
            silent_cells.push(id);
        }
        // It has been told; what reads their spikes is not wrong by itself.
        self.broken_cells.extend(silent_cells);
    }

    fn listener(&mut self, id: CellId, mechanism: MechanismId, span: Span) {
        let Some(cell) = self.program.cells.get(id.index()) else { return };
        let Some(listener) = self.program.mechanisms.get(mechanism.index()).filter(|one| one.hears()) else { return };
        if self.broken_cells.contains(&id) || can_spike(&self.program, id) {
            return;
        }
        let message =
            format!("`{}` answers the spikes of its cell (`on spike`), and `{}` has no way to spike", listener.name, cell.name);
        let silent = Diagnostic::new(Code::CannotSpike, span, message).also(cell.span, "the cell").help(how(cell));
        self.diagnostics.push(silent);
    }
}

fn how(cell: &Cell) -> String {
    match &cell.body {
        CellBody::Tree(tree) => {
            let place = tree.sections.first().map_or("soma", |section| &*section.name);
            format!("say where its spikes are found: `spike at {place}(0.5)` in the cell")
        }
        CellBody::Free(_) => "let a condition of the cell fire it: `on v > -50 mV { ...; spike }`".to_owned(),
    }
}

/// Mechanisms on each kind of cell, and where they were put there.
fn listeners(program: &Program) -> Vec<(CellId, MechanismId, Span)> {
    let mut all = Vec::new();
    for (id, cell) in (0..).map(CellId).zip(program.cells.iter()) {
        match &cell.body {
            CellBody::Tree(tree) => {
                all.extend(tree.sections.iter().flat_map(|one| &one.inserts).map(|one| (id, one.mechanism, one.span)));
                all.extend(tree.synapses.iter().map(|one| (id, one.mechanism, one.span)));
            }
            CellBody::Free(mechanism) => all.push((id, *mechanism, cell.span)),
        }
    }
    all.extend(put(program));
    all
}

/// Point mechanisms that connections and stimuli put on cells.
fn put(program: &Program) -> impl Iterator<Item = (CellId, MechanismId, Span)> {
    let by_connection = program.connections.iter().flat_map(|one| one.ports.iter().map(|(cell, port)| (*cell, port, one.span)));
    let sent = program.connections.iter().filter_map(|one| Some((one, &one.ports.first()?.1)));
    let joined = sent.filter(|(_, port)| matches!(port, Port::Junction { .. }));
    let other_ends = joined.flat_map(|(one, port)| one.from.iter().map(move |(cell, _)| (*cell, port, one.span)));
    let synapses = by_connection.chain(other_ends).filter_map(|(cell, port, span)| match port {
        Port::Synapse { synapse, .. } | Port::Junction { synapse, .. } => {
            Some((cell, program.synapses.get(synapse.index())?.mechanism, span))
        }
        Port::CellSynapse { .. } | Port::Own { .. } | Port::Input { .. } => None,
    });
    let electrodes = program.electrodes.iter();
    let electrodes = electrodes.flat_map(|one| one.places.iter().map(|(cell, _)| (*cell, one.mechanism, one.span)));
    synapses.chain(electrodes)
}

impl View<'_> {
    /// Whether a cell sends events, as far as is known of it.
    pub fn may_spike(&self, id: CellId) -> bool {
        self.broken_cells.contains(&id) || can_spike(self.program, id)
    }
}

/// Whether a cell ever sends events: by a threshold, by its own equations, or by a point mechanism on it that fires.
pub(crate) fn can_spike(program: &Program, id: CellId) -> bool {
    let fires = |mechanism: MechanismId| program.mechanisms.get(mechanism.index()).is_none_or(|one| one.fires());
    match program.cells.get(id.index()).map(|cell| &cell.body) {
        None => true,
        Some(CellBody::Free(mechanism)) => fires(*mechanism),
        Some(CellBody::Tree(tree)) => {
            let on_it = put(program).filter(|(cell, ..)| *cell == id).map(|(_, mechanism, _)| mechanism);
            tree.spike.is_some() || tree.synapses.iter().map(|one| one.mechanism).chain(on_it).any(fires)
        }
    }
}
