//! Ports: on what an event acts, for each kind of cell; and places on cells that `at` names or leaves out.

use crate::check::attributes::suggest;
use crate::check::declare::Symbol;
use crate::check::{Checker, Known};
use bouton_model::ir::{
    self, Attribute, CellBody, CellId, Expr, Handler, HandlerId, HandlerKind, Mechanism, MechanismId, MechanismKind, Name, Place,
    Port, SectionId, Set, SynapseId, Tree,
};
use bouton_model::unit::Dimension;
use bouton_syntax::ast::{self, Header};
use bouton_syntax::{Code, Diagnostic, Span};
use std::collections::HashSet;

/// The handler of events that name no other.
pub(in crate::check) const EVENT: &str = "event";

impl<'a> Checker<'a> {
    /// The cells of a set, each kind once.
    pub fn kinds(&self, set: &Set) -> Vec<CellId> {
        let (mut kinds, mut seen) = (Vec::new(), HashSet::new());
        for member in &set.members {
            let population = self.program.populations.get(member.population.index());
            if let Some(cell) = population.map(|population| population.cell)
                && self.program.cells.get(cell.index()).is_some()
                && seen.insert(cell)
            {
                kinds.push(cell);
            }
        }
        kinds
    }

    /// On what an event acts in each kind of cell among the targets. Those that have no such port are reported.
    pub fn ports(&mut self, targets: &Set, header: &'a Header, span: Span) -> Vec<(CellId, Port)> {
        let kinds = self.kinds(targets);
        kinds.into_iter().filter_map(|kind| Some((kind, self.port(kind, header, span)?))).collect()
    }

    /// The mechanism that a port leads to, and its handler there.
    pub fn reached(&self, cell: CellId, port: &Port) -> Option<(&Mechanism, &Handler)> {
        super::table::reached(&self.program, cell, port)
    }

    /// The dimension of the weight that a port takes.
    pub fn weight_of(&self, cell: CellId, port: &Port) -> Option<Dimension> {
        if let Port::Junction { synapse, weight, .. } = port {
            return self.variable(self.synapse_mechanism(*synapse)?, (*weight)?).map(|one| one.dimension);
        }
        self.reached(cell, port).and_then(|(_, handler)| handler.weight())
    }

    /// The mechanism of a synapse of the file.
    pub fn synapse_mechanism(&self, synapse: SynapseId) -> Option<MechanismId> {
        self.program.synapses.get(synapse.index()).map(|synapse| synapse.mechanism).filter(|id| *id != super::NO_MECHANISM)
    }

    fn port(&mut self, kind: CellId, header: &'a Header, span: Span) -> Option<Port> {
        self.with_body(kind, |checker, body| checker.port_of(kind, body, header, span))
    }

    fn port_of(&mut self, kind: CellId, body: &CellBody, header: &'a Header, span: Span) -> Option<Port> {
        let Some(via) = &header.via else { return self.default_port(kind, body, header, span) };
        let (name, event) = match (via.parts.as_slice(), body) {
            ([name], _) => (name, None),
            ([name, event], CellBody::Tree(_)) => (name, Some(event)),
            _ => return self.inner_port(kind, body, header, via),
        };
        match body {
            CellBody::Tree(tree) if !name.is_missing() => match tree.synapses.iter().position(|one| one.name == name.text) {
                Some(synapse) => self.cell_port(tree, synapse, header, name, event),
                None if event.is_none() && tree.ports.iter().any(|port| port.name == name.text) => {
                    self.named_port(tree, header, name)
                }
                None => self.file_port(kind, body, header, (name, event), span),
            },
            CellBody::Free(mechanism) if !name.is_missing() => match self.handler(*mechanism, &name.text) {
                Some(handler) => self.own_port(kind, header, handler),
                None => self.file_port(kind, body, header, (name, None), span),
            },
            _ => None,
        }
    }

    /// `via exc.event`: an event of a mechanism in a cell of equations.
    fn inner_port(&mut self, kind: CellId, body: &CellBody, header: &'a Header, via: &ast::Path) -> Option<Port> {
        let CellBody::Free(mechanism) = body else {
            let path = Diagnostic::new(Code::UnknownPort, via.span, "`via` takes a synapse, or a synapse and one of its events");
            self.diagnostics.push(path.help("`via exc`, or `via exc.reward` where its mechanism has `on reward`"));
            return None;
        };
        let name = via.parts.iter().map(|part| &*part.text).collect::<Vec<_>>().join(".");
        match self.handler(*mechanism, &name) {
            Some(handler) => self.own_port(kind, header, handler),
            None => {
                let help = "`via` names an event of the cell, or of a mechanism in it: `via exc.event`";
                self.takes_no_events(kind, via.span, &format!("has no event `{name}`"), help)
            }
        }
    }

    /// Without `via`: `on event` of a cell without sections.
    fn default_port(&mut self, kind: CellId, body: &CellBody, header: &'a Header, span: Span) -> Option<Port> {
        match body {
            CellBody::Free(mechanism) => match self.handler(*mechanism, EVENT) {
                Some(handler) => self.own_port(kind, header, handler),
                None => self.takes_no_events(
                    kind,
                    span,
                    "takes no events",
                    "give the cell an `on event(weight) { }`, or name another of its events with `via`",
                ),
            },
            CellBody::Tree(tree) => {
                let name = self.program.cells.get(kind.index()).map_or_else(Name::default, |cell| cell.name.clone());
                let own = tree.synapses.iter().map(|one| one.name.to_string());
                let synapses: Vec<String> = own.chain(self.program.synapses.iter().map(|one| one.name.to_string())).collect();
                let missing = Diagnostic::new(Code::UnknownPort, span, format!("on what of `{name}` do the spikes act?"));
                let help = match synapses.first() {
                    Some(first) => format!("name a synapse: `via {first}`"),
                    None => "declare a synapse, `synapse exc = Exp2Syn { }`, and name it: `via exc`".to_owned(),
                };
                self.diagnostics.push(missing.help(help));
                None
            }
        }
    }

    /// An event that the cell has under a name of its own.
    fn named_port(&mut self, tree: &Tree, header: &Header, name: &ast::Name) -> Option<Port> {
        let port = tree.ports.iter().find(|port| port.name == name.text)?;
        self.has_its_place(header, name);
        self.shared_only(header);
        Some(Port::CellSynapse { synapse: port.synapse, handler: port.handler })
    }

    fn has_its_place(&mut self, header: &Header, name: &ast::Name) {
        if let Some(at) = &header.at {
            let message = format!("the synapse `{}` of the cell has its place already", name.text);
            self.diagnostics.push(Diagnostic::new(Code::BadPlace, at.span, message).help("leave `at` out"));
        }
    }

    fn cell_port(
        &mut self,
        tree: &Tree,
        synapse: usize,
        header: &Header,
        name: &ast::Name,
        event: Option<&ast::Name>,
    ) -> Option<Port> {
        self.has_its_place(header, name);
        self.shared_only(header);
        let handler = self.event(tree.synapses.get(synapse)?.mechanism, name, event)?;
        Some(Port::CellSynapse { synapse, handler })
    }

    fn own_port(&mut self, kind: CellId, header: &Header, handler: HandlerId) -> Option<Port> {
        self.shared_only(header);
        if let Some(at) = &header.at {
            let name = self.program.cells.get(kind.index())?.name.clone();
            let message = format!("`{name}` has no sections, so there is no such place");
            self.diagnostics.push(Diagnostic::new(Code::BadPlace, at.span, message).help("leave `at` out"));
        }
        Some(Port::Own { handler })
    }

    fn shared_only(&mut self, header: &Header) {
        if let Some(span) = header.per_connection {
            let message = "`per connection` makes a synapse of the file for each connection, and there is none here";
            self.diagnostics.push(Diagnostic::new(Code::WrongArguments, span, message).help("leave it out"));
        }
    }

    /// A synapse of the file, or a point mechanism by its own name; with the name of its event, where `via` has one.
    fn file_port(
        &mut self,
        kind: CellId,
        body: &CellBody,
        header: &'a Header,
        (name, event): (&'a ast::Name, Option<&'a ast::Name>),
        span: Span,
    ) -> Option<Port> {
        let synapse = match self.declared.names.find(&name.text) {
            Some(Symbol::Synapse(synapse)) => synapse,
            Some(Symbol::Mechanism(mechanism)) => self.unnamed_synapse(mechanism, name)?,
            Some(Symbol::Broken) => return None,
            Some(other) => {
                self.wrong_kind(name, &other, "a synapse or an event");
                return None;
            }
            None => return self.unknown_port(kind, body, name),
        };
        let mechanism = self.synapse_mechanism(synapse)?;
        let junction = self.junction(mechanism, name);
        let handler = if junction.is_none() { Some(self.event(mechanism, name, event)?) } else { None };
        let CellBody::Tree(tree) = body else {
            return self.takes_no_events(
                kind,
                name.span,
                "has no membrane for a synapse",
                "a cell without sections takes events by its own handlers: `via event`",
            );
        };
        let cell = self.program.cells.get(kind.index())?.name.clone();
        let along = match &header.at {
            Some(at) if junction.is_none() => self.along(kind, &cell, at)?,
            _ => Vec::new(),
        };
        let place = match (&header.at, along.first()) {
            (Some(at), Some(section)) => Place { section: *section, x: Attribute { value: Expr::Number(0.5), span: at.span } },
            (Some(at), None) => self.place_unless_broken(kind, &cell, tree, at)?,
            (None, _) => self.default_place(&cell, tree, span)?,
        };
        match (junction, handler) {
            (Some((input, weight)), _) => {
                self.shared_only(header);
                Some(Port::Junction { synapse, place, input, weight })
            }
            (None, handler) => Some(Port::Synapse { synapse, place, along, handler: handler? }),
        }
    }

    /// A synapse that has its mechanism's name and parameters.
    fn unnamed_synapse(&mut self, mechanism: &'a ast::Mechanism, name: &'a ast::Name) -> Option<SynapseId> {
        let id = self.mechanism_of(mechanism);
        if self.program.mechanisms.get(id.index())?.kind != MechanismKind::Point {
            let message = format!("`{}` is no point mechanism, and spikes act on one", name.text);
            let wrong = Diagnostic::new(Code::WrongMechanism, name.span, message);
            self.diagnostics.push(wrong.help("a mechanism stands on connections of values: `connect a.x -> b.u via NAME`"));
            return None;
        }
        let known =
            self.program.synapses.iter().position(|one| one.mechanism == id && one.name == name.text && one.settings.is_empty());
        if let Some(known) = known {
            return Some(SynapseId(u32::try_from(known).ok()?));
        }
        let settings = self.settings_of_shared(None, id, Known::Nothing, name.span);
        let new = SynapseId(u32::try_from(self.program.synapses.len()).ok()?);
        self.program.synapses.push(ir::Synapse { name: name.text.clone(), span: name.span, mechanism: id, settings });
        Some(new)
    }

    fn unknown_port<T>(&mut self, kind: CellId, body: &CellBody, name: &ast::Name) -> Option<T> {
        if self.broken_cells.contains(&kind) {
            return None;
        }
        let cell = self.program.cells.get(kind.index())?;
        let own: Vec<String> = match body {
            CellBody::Tree(tree) => {
                let ports = tree.ports.iter().map(|one| one.name.to_string());
                tree.synapses.iter().map(|one| one.name.to_string()).chain(ports).collect()
            }
            CellBody::Free(mechanism) => self.event_names(*mechanism),
        };
        let unknown =
            Diagnostic::new(Code::UnknownPort, name.span, format!("`{}` has no synapse or event `{}`", cell.name, name.text));
        let of_file = self.declared.names.list(|symbol| matches!(symbol, Symbol::Synapse(_)));
        let mut names: Vec<String> = own.into_iter().chain(of_file.into_iter().map(str::to_owned)).collect();
        names.sort_unstable();
        self.diagnostics.push(suggest(unknown, &name.text, name.span, &names));
        None
    }

    /// Reports a kind of cell on which these events cannot act; `why` follows its name.
    fn takes_no_events<T>(&mut self, kind: CellId, span: Span, why: &str, help: &str) -> Option<T> {
        if !self.broken_cells.contains(&kind) {
            let cell = self.program.cells.get(kind.index())?;
            let none = Diagnostic::new(Code::TakesNoEvents, span, format!("`{}` {why}", cell.name));
            self.diagnostics.push(none.also(cell.span, "the cell").help(help));
        }
        None
    }

    /// The handler of a synapse's mechanism that `via` names, else its `on event`.
    fn event(&mut self, mechanism: MechanismId, name: &ast::Name, event: Option<&ast::Name>) -> Option<HandlerId> {
        let found = self.handler(mechanism, event.map_or(EVENT, |event| &*event.text));
        match event {
            _ if found.is_some() => {}
            Some(event) if event.is_missing() => {}
            Some(event) => {
                let message = format!("`{}` has no event `{}`", name.text, event.text);
                let unknown = Diagnostic::new(Code::UnknownPort, event.span, message);
                let mut names = self.event_names(mechanism);
                names.sort_unstable();
                self.diagnostics.push(suggest(unknown, &event.text, event.span, &names));
            }
            None => {
                let message = format!("`{}` takes no events: its mechanism has no `on event`", name.text);
                let none = Diagnostic::new(Code::TakesNoEvents, name.span, message);
                self.diagnostics.push(none.help("choose a synapse, such as ExpSyn or Exp2Syn"));
            }
        }
        found
    }

    pub(in crate::check) fn handler(&self, mechanism: MechanismId, name: &str) -> Option<HandlerId> {
        let handlers = &self.program.mechanisms.get(mechanism.index())?.handlers;
        let at = handlers.iter().position(|one| one.kind == HandlerKind::Event && &*one.name == name)?;
        Some(HandlerId(u32::try_from(at).ok()?))
    }

    fn event_names(&self, mechanism: MechanismId) -> Vec<String> {
        let handlers = self.program.mechanisms.get(mechanism.index()).map_or(&[][..], |mechanism| &mechanism.handlers);
        handlers.iter().filter(|one| one.kind == HandlerKind::Event).map(|one| one.name.to_string()).collect()
    }

    /// The sections along which `at` lets places be drawn; none where it names one place.
    fn along(&mut self, kind: CellId, cell: &Name, at: &'a ast::Expr) -> Option<Vec<SectionId>> {
        let names = self.section_names(kind);
        if !names.is_several(at) {
            return Some(Vec::new());
        }
        let sections = self.group(at, &names, &format!("`{cell}`"))?;
        sections.into_iter().map(|section| Some(SectionId(u32::try_from(section).ok()?))).collect()
    }

    /// A place of a cell; an unknown section of a cell that is broken anyway stays silent.
    pub fn place_unless_broken(&mut self, kind: CellId, cell: &Name, tree: &Tree, at: &'a ast::Expr) -> Option<Place> {
        if tree.sections.is_empty() && self.broken_cells.contains(&kind) {
            return None;
        }
        let names = self.section_names(kind);
        self.place(cell, &names, at)
    }

    /// Without `at`: the middle of `soma`, else of the only section.
    pub fn default_place(&mut self, cell: &str, tree: &Tree, span: Span) -> Option<Place> {
        let soma = tree.sections.iter().position(|section| &*section.name == "soma");
        let only = (tree.sections.len() == 1).then_some(0);
        if let Some(section) = soma.or(only) {
            let x = Attribute { value: Expr::Number(0.5), span };
            return Some(Place { section: SectionId(u32::try_from(section).ok()?), x });
        }
        let missing =
            Diagnostic::new(Code::NoPlace, span, format!("where on `{cell}`? It has several sections and none is called `soma`"));
        let first = tree.sections.first().map_or("soma", |section| &*section.name);
        self.diagnostics.push(missing.help(format!("say it with `at`: `at {first}(0.5)`")));
        None
    }
}
