//! Junctions: point mechanisms without events at both ends of each connection, which follow the potential of the other end.

use super::port::EVENT;
use crate::check::attributes::given_twice;
use crate::check::declare::Symbol;
use crate::check::{Checker, Known};
use bouton_model::ir::{CellBody, CellId, MechanismId, MechanismKind, Place, Port, Set, Setting, VarId, Variable, VariableKind};
use bouton_model::unit::Dimension;
use bouton_model::unit::quantity::unit_text;
use bouton_syntax::ast::{self, Attr, Header};
use bouton_syntax::{Code, Diagnostic, Span};

/// What a connection's `weight` sets.
const WEIGHT: &str = "weight";

/// Whether a port is a junction.
pub(super) fn is_junction(port: &Port) -> bool {
    matches!(port, Port::Junction { .. })
}

impl<'a> Checker<'a> {
    /// The first input of a point mechanism that takes no events, and its parameter `weight`: with an input such a mechanism is a junction.
    pub(super) fn junction(&mut self, mechanism: MechanismId, name: &ast::Name) -> Option<(VarId, Option<VarId>)> {
        let input = self.junction_input(mechanism)?;
        let is_weight = |one: &Variable| &*one.name == WEIGHT && matches!(one.kind, VariableKind::Param { .. });
        let weight = self.program.mechanisms.get(mechanism.index())?.variables.iter().position(is_weight);
        let weight = weight.and_then(|at| u32::try_from(at).ok()).map(VarId);
        let first = self.variable(mechanism, input)?;
        if first.dimension != Dimension::VOLTAGE && !self.is_broken(mechanism, input) {
            let found = unit_text(&first.dimension);
            let message =
                format!("`{}` takes the potential of the other end in its first input, which is in {found} here", name.text);
            let wrong = Diagnostic::new(Code::WrongMechanism, name.span, message).also(first.span, "the input");
            self.diagnostics.push(wrong.help("declare it as a potential: `input other: mV`"));
        }
        Some((input, weight))
    }

    /// Whether `via` names a junction of the file, also where it fits no target.
    pub(in crate::check) fn names_junction(&self, header: &Header) -> bool {
        let Some([name]) = header.via.as_ref().map(|via| via.parts.as_slice()) else { return false };
        let id = match self.declared.names.find(&name.text) {
            Some(Symbol::Synapse(synapse)) => self.synapse_mechanism(synapse),
            Some(Symbol::Mechanism(mechanism)) => {
                let known = self.program.mechanisms.iter().position(|one| one.name == mechanism.name.text);
                known.and_then(|at| u32::try_from(at).ok()).map(MechanismId)
            }
            _ => None,
        };
        id.is_some_and(|id| self.junction_input(id).is_some())
    }

    fn junction_input(&self, mechanism: MechanismId) -> Option<VarId> {
        let checked = self.program.mechanisms.get(mechanism.index())?;
        if checked.kind != MechanismKind::Point || self.handler(mechanism, EVENT).is_some() {
            return None;
        }
        let input = checked.variables.iter().position(|one| matches!(one.kind, VariableKind::Input { .. }))?;
        u32::try_from(input).ok().map(VarId)
    }

    /// Where junctions begin on each kind of cell among the sources.
    pub(super) fn junction_ends(&mut self, sources: &Set, header: &'a Header, span: Span) -> Vec<(CellId, Place)> {
        let mut places = Vec::new();
        for kind in self.kinds(sources) {
            let place = self.with_body(kind, |checker, body| checker.junction_end(kind, body, header, span));
            places.extend(place.map(|place| (kind, place)));
        }
        places
    }

    fn junction_end(&mut self, kind: CellId, body: &CellBody, header: &'a Header, span: Span) -> Option<Place> {
        let cell = self.program.cells.get(kind.index())?;
        let name = cell.name.clone();
        let CellBody::Tree(tree) = body else {
            let message = format!("`{name}` has no membrane, so no junction can begin on it");
            let wrong = Diagnostic::new(Code::BadPlace, span, message).also(cell.span, "the cell");
            self.diagnostics.push(wrong.help("a junction joins cells with sections"));
            return None;
        };
        match &header.from {
            Some(from) => self.place_unless_broken(kind, &name, tree, from),
            None => self.default_place(&name, tree, span),
        }
    }

    /// The mechanism of connections that are junctions.
    pub(super) fn junction_mechanism(&self, ports: &[(CellId, Port)]) -> Option<MechanismId> {
        ports.iter().find_map(|(_, port)| match port {
            Port::Junction { synapse, .. } => self.synapse_mechanism(*synapse),
            _ => None,
        })
    }

    /// A parameter of a junction that its connection sets.
    pub(super) fn junction_setting(&mut self, attr: &'a Attr, mechanism: MechanismId, known: &[Setting]) -> Option<Setting> {
        let variable = self.settable_attr(attr, mechanism)?;
        if let Some(first) = known.iter().find(|one| one.variable == variable) {
            let twice = given_twice(attr.name().map_or("", |name| name), attr.path.span, first.value.span);
            self.diagnostics.push(twice);
            return None;
        }
        let setting = self.setting(attr, mechanism, variable, Known::Pair)?;
        let mut draws = false;
        bouton_model::algebra::visit(&setting.value.value, &mut |part| draws |= matches!(part, bouton_model::ir::Expr::Draw(..)));
        if draws {
            let message = "of a mechanism on a connection, only the weight can be drawn";
            self.diagnostics.push(Diagnostic::new(Code::MisplacedDraw, attr.value.span, message).help("draw `weight`"));
            return None;
        }
        Some(setting)
    }

    /// Reports events that are sent to a junction.
    pub(super) fn no_event_for(&mut self, port: &Port, span: Span) {
        let Port::Junction { synapse, .. } = port else { return };
        let name = self.program.synapses.get(synapse.index()).map_or_else(Default::default, |synapse| synapse.name.clone());
        let message = format!("`{name}` takes no events: it is a junction, which joins cells");
        self.diagnostics
            .push(Diagnostic::new(Code::TakesNoEvents, span, message).help("join cells by it: `connect A -> B via NAME`"));
    }

    /// Whether a junction has a weight without the connection: what its file's synapse sets.
    pub(super) fn has_weight(&self, port: &Port) -> bool {
        let Port::Junction { synapse, weight: Some(weight), .. } = port else { return false };
        let synapse = self.program.synapses.get(synapse.index());
        synapse.is_some_and(|synapse| synapse.settings.iter().any(|one| one.variable == *weight))
    }
}
