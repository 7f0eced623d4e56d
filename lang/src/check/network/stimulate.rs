//! `stimulate`: a source of events or a point mechanism for each target.

use super::connect::{can_generate, head, is_variable};
use super::junction::is_junction;
use crate::check::attributes::suggest;
use crate::check::declare::Symbol;
use crate::check::expr::check_expr;
use crate::check::{Checker, Known};
use bouton_model::ir::{CellBody, CellId, Connection, Electrode, MechanismKind, Place, Set, Source};
use bouton_syntax::ast::{self, ExprKind};
use bouton_syntax::{Code, Diagnostic, Span};

impl<'a> Checker<'a> {
    /// Checks a `stimulate`.
    pub fn stimulate(&mut self, stimulate: &'a ast::Stimulate, span: Span) {
        let place = head(span, Some(stimulate.source.span));
        if stimulate.targets.iter().any(is_variable) {
            return self.inflow(stimulate, place);
        }
        if let Some(from) = &stimulate.header.from {
            let message = "the source of a stimulus has no sections, so its spikes leave from no place";
            self.diagnostics.push(Diagnostic::new(Code::BadPlace, from.span, message).help("leave `from` out"));
            return;
        }
        let name = match &stimulate.source.kind {
            ExprKind::Error => return,
            ExprKind::Name(name) => ast::Name { text: name.clone(), span: stimulate.source.span },
            _ => {
                let message = "an expression is added to an input, and this names cells";
                let wrong = Diagnostic::new(Code::WrongKind, place, message);
                return self.diagnostics.push(wrong.help("name the input: `stimulate cells.u with ...`"));
            }
        };
        match self.declared.names.find(&name.text) {
            Some(Symbol::Cell(cell)) => self.generator(stimulate, cell, place),
            Some(Symbol::Mechanism(mechanism)) => self.electrode(stimulate, mechanism, place),
            Some(Symbol::Broken) => {}
            Some(Symbol::Population(_)) => {
                let own = Diagnostic::new(Code::WrongKind, name.span, format!("`{}` is a population, not a source", name.text));
                self.diagnostics.push(own.help("cells drive cells with `connect`"));
            }
            Some(other) => self.wrong_kind(&name, &other, "a source"),
            None => {
                self.unknown_source(&name);
                self.cells_of(&stimulate.targets, place);
                self.units_in(stimulate.source_attrs.as_ref());
            }
        }
    }

    /// Units that do not exist, in values of which it is not known what they belong to.
    fn units_in(&mut self, attrs: Option<&'a ast::AttrBlock>) {
        let told = std::mem::take(self.diagnostics);
        for attr in attrs.iter().flat_map(|block| &block.items).filter(|attr| !attr.bare) {
            self.within(Known::Target, |_, ctx| check_expr(&attr.value, ctx));
        }
        let mut found = std::mem::replace(self.diagnostics, told);
        found.retain_mut(|one| one.code == Code::UnknownUnit);
        self.diagnostics.extend(found);
    }

    fn unknown_source(&mut self, name: &ast::Name) {
        let mut names = self.declared.names.list(|symbol| matches!(symbol, Symbol::Cell(_) | Symbol::Mechanism(_)));
        names.sort_unstable();
        let unknown = Diagnostic::new(Code::UnknownName, name.span, format!("there is no source `{}`", name.text));
        self.diagnostics.push(suggest(unknown, &name.text, name.span, &names));
    }

    fn generator(&mut self, stimulate: &'a ast::Stimulate, cell: &'a ast::Cell, place: Span) {
        let targets = self.cells_of(&stimulate.targets, place);
        let source = self.cell_of(cell);
        let settings = source.map_or_else(Vec::new, |id| self.generator_settings(id, stimulate));
        let header = &stimulate.header;
        let ports = targets.as_ref().map_or_else(Vec::new, |targets| self.ports(targets, header, place));
        if let Some((_, port)) = ports.iter().find(|(_, port)| is_junction(port)) {
            let place = header.via.as_ref().map_or(place, |via| via.span);
            return self.no_event_for(port, place);
        }
        let wiring = self.wiring(header.attrs.as_ref(), Known::Target, &ports, header, place);
        let (Some(targets), Some(source)) = (targets, source) else { return };
        self.program.connections.push(Connection {
            label: stimulate.label.as_ref().map(|label| label.text.clone()),
            span: place,
            source: Source::Generator { cell: source, settings, span: stimulate.source.span },
            targets,
            ports,
            outputs: Vec::new(),
            edges: Vec::new(),
            from: Vec::new(),
            settings: wiring.settings,
            rule: wiring.rule,
            multapses: false,
            weight: wiring.weight,
            delay: wiring.delay,
            values: wiring.values,
            autapses: wiring.autapses,
            per_connection: header.per_connection.is_some(),
            synapses: wiring.synapses,
            allow_empty: wiring.allow_empty,
        });
    }

    fn generator_settings(&mut self, source: CellId, stimulate: &'a ast::Stimulate) -> Vec<bouton_model::ir::Setting> {
        let Some(cell) = self.program.cells.get(source.index()) else { return Vec::new() };
        let span = stimulate.source.span;
        if !can_generate(&self.program, source) && !self.broken_cells.contains(&source) {
            let silent = format!("`{}` is no source of events", cell.name);
            let silent = Diagnostic::new(Code::CannotSpike, span, silent).also(cell.span, "the cell");
            self.diagnostics.push(silent.help("a source is a cell without sections that can `spike`, such as NetStim"));
            return Vec::new();
        }
        match cell.body {
            CellBody::Free(mechanism) => self.settings_of_shared(stimulate.source_attrs.as_ref(), mechanism, Known::Target, span),
            CellBody::Tree(_) => Vec::new(),
        }
    }

    fn electrode(&mut self, stimulate: &'a ast::Stimulate, mechanism: &'a ast::Mechanism, place: Span) {
        let targets = self.cells_of(&stimulate.targets, place);
        let id = self.mechanism_of(mechanism);
        let span = stimulate.source.span;
        let checked = self.program.mechanisms.get(id.index());
        if let Some(wrong) = checked.filter(|checked| checked.kind != MechanismKind::Point) {
            let message = format!("`{}` is not a point mechanism, so it cannot stimulate one place", wrong.name);
            self.diagnostics
                .push(Diagnostic::new(Code::WrongMechanism, span, message).help("sources are NetStim and IClamp, for example"));
            return;
        }
        let mut id = id;
        let settings = self.settings(stimulate.source_attrs.as_ref(), &mut id, Known::Target, span);
        self.no_connection(stimulate);
        let Some(targets) = targets else { return };
        let places = self.electrode_places(&targets, stimulate, place);
        let label = stimulate.label.as_ref().map(|label| label.text.clone());
        self.program.electrodes.push(Electrode { label, span: place, targets, mechanism: id, settings, places });
    }

    /// A point mechanism sits on its targets: no event, no weight, no port.
    fn no_connection(&mut self, stimulate: &'a ast::Stimulate) {
        let header = &stimulate.header;
        let via = header.via.as_ref().map(|via| (via.span, "`via`"));
        let own = header.per_connection.map(|span| (span, "`per connection`"));
        let attrs =
            header.attrs.as_ref().filter(|block| !block.items.is_empty()).map(|block| (block.span, "braces of a connection"));
        for (span, what) in [via, own, attrs].into_iter().flatten() {
            let message = format!("{what} have no meaning here: the mechanism itself sits on the target")
                .replace("`via` have", "`via` has");
            let message = message.replace("connection` have", "connection` has");
            let wrong = Diagnostic::new(Code::WrongArguments, span, message);
            self.diagnostics.push(wrong.help("its parameters stand in the braces right after its name"));
        }
    }

    fn electrode_places(&mut self, targets: &Set, stimulate: &'a ast::Stimulate, span: Span) -> Vec<(CellId, Place)> {
        let mut places = Vec::new();
        for kind in self.kinds(targets) {
            let place = self.with_body(kind, |checker, body| checker.electrode_place(kind, body, stimulate, span));
            places.extend(place.map(|place| (kind, place)));
        }
        places
    }

    fn electrode_place(&mut self, kind: CellId, body: &CellBody, stimulate: &'a ast::Stimulate, span: Span) -> Option<Place> {
        let cell = self.program.cells.get(kind.index())?;
        let name = cell.name.clone();
        let CellBody::Tree(tree) = body else {
            let message = format!("`{name}` has no membrane, so no electrode can be put on it");
            let wrong = Diagnostic::new(Code::BadPlace, span, message).also(cell.span, "the cell");
            self.diagnostics.push(wrong.help("a cell without sections takes events: stimulate it with NetStim"));
            return None;
        };
        match &stimulate.header.at {
            Some(at) => self.place_unless_broken(kind, &name, tree, at),
            None => self.default_place(&name, tree, span),
        }
    }
}
