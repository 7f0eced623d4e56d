//! What is set of each connection beside weight and delay: what its events bring, what it keeps, and the synapse that it has for itself.

use crate::check::Checker;
use crate::check::attributes::{Attributes, given_twice, suggest};
use crate::check::expr::check_expr;
use crate::check::value::Known;
use bouton_model::ir::{CellId, ConnectionSetting, ConnectionValue, Name, Port, VarId, VariableKind};
use bouton_model::unit::Dimension;
use bouton_model::unit::quantity::unit_text;
use bouton_syntax::ast::{Attr, Header};
use bouton_syntax::{Code, Diagnostic, Span};

/// What a name means for one kind of target.
type Meaning = (CellId, Option<(ConnectionValue, Dimension)>);

impl<'a> Checker<'a> {
    /// Reads what is left in the braces of a connection.
    pub(super) fn connection_settings(
        &mut self,
        mut attributes: Attributes<'a>,
        known: Known,
        ports: &[(CellId, Port)],
        header: &'a Header,
        place: Span,
    ) -> Vec<ConnectionSetting> {
        let mut settings: Vec<ConnectionSetting> = Vec::new();
        let mut given: Vec<&'a Attr> = Vec::new();
        let own = header.per_connection.is_some();
        for attr in attributes.rest() {
            let meanings: Vec<Meaning> = match attr.name() {
                Some(name) => ports.iter().map(|(cell, port)| (*cell, self.meaning(*cell, port, name, own))).collect(),
                None => Vec::new(),
            };
            if meanings.iter().all(|(_, meaning)| meaning.is_none()) {
                self.unknown_of_connection(attr, &attributes, ports, own);
            } else if let Some(first) = given.iter().find(|first| first.name() == attr.name()) {
                let name = attr.name().map_or("", |name| name);
                self.diagnostics.push(given_twice(name, attr.path.span, first.path.span));
            } else {
                given.push(attr);
                settings.extend(self.connection_setting(attr, meanings, known));
            }
        }
        self.missing_values(ports, &given, place);
        settings
    }

    fn connection_setting(&mut self, attr: &'a Attr, meanings: Vec<Meaning>, known: Known) -> Option<ConnectionSetting> {
        let name = attr.name()?.clone();
        if attr.bare {
            let message = format!("`{name}` has no value");
            self.diagnostics
                .push(Diagnostic::new(Code::WrongArguments, attr.span, message).help(format!("write `{name} = ...`")));
            return None;
        }
        let dimension = meanings.iter().find_map(|(_, meaning)| meaning.map(|(_, dimension)| dimension))?;
        let value = self.quantity(&attr.value, known, dimension, &format!("`{name}`"));
        if meanings.iter().any(|(_, meaning)| meaning.is_none_or(|(_, other)| other != dimension)) {
            let message = format!("not all targets have a `{name}` of one dimension");
            let mixed = Diagnostic::new(Code::WrongArguments, attr.span, message);
            self.diagnostics.push(mixed.help("write a statement for each kind of target"));
        }
        let of = meanings.into_iter().filter_map(|(cell, meaning)| Some((cell, meaning?.0))).collect();
        Some(ConnectionSetting { name, of, value: value? })
    }

    /// A value of the event, else a parameter or a state of the connection's own synapse.
    fn meaning(&self, cell: CellId, port: &Port, name: &Name, own: bool) -> Option<(ConnectionValue, Dimension)> {
        let (mechanism, handler) = self.reached(cell, port)?;
        let argument = handler.arguments.iter().find(|one| one.name == *name && one.column > 0);
        if let Some(argument) = argument {
            return Some((ConnectionValue::Column(argument.column), argument.dimension));
        }
        if !own || !matches!(port, Port::Synapse { .. }) {
            return None;
        }
        let mut variables = (0..).map(VarId).zip(&mechanism.variables);
        let (id, variable) = variables.find(|(_, one)| one.name == *name)?;
        let settable = matches!(variable.kind, VariableKind::Param { .. } | VariableKind::State { .. });
        settable.then_some((ConnectionValue::Variable(id), variable.dimension))
    }

    /// What events bring and nobody has given.
    fn missing_values(&mut self, ports: &[(CellId, Port)], given: &[&'a Attr], place: Span) {
        let mut missing: Vec<(Name, Dimension)> = Vec::new();
        for (cell, port) in ports {
            let Some((mechanism, handler)) = self.reached(*cell, port) else { continue };
            for argument in handler.arguments.iter().filter(|one| one.column > 0) {
                let kept = mechanism.columns.get(usize::from(argument.column)).is_some_and(|one| one.initial.is_some());
                let known = given.iter().any(|attr| attr.name() == Some(&argument.name));
                if !kept && !known && !missing.iter().any(|(name, _)| *name == argument.name) {
                    missing.push((argument.name.clone(), argument.dimension));
                }
            }
        }
        for (name, dimension) in missing {
            let needs = Diagnostic::new(Code::MissingParameter, place, format!("this needs a `{name}`"));
            let example = if dimension.is_none() { "1".to_owned() } else { format!("1 {}", unit_text(&dimension)) };
            self.diagnostics.push(needs.help(format!("set it in the braces at the end: `{{ {name} = {example} }}`")));
        }
    }

    /// An attribute that connections do not have: a parameter of the synapse perhaps.
    fn unknown_of_connection(&mut self, attr: &'a Attr, attributes: &Attributes<'a>, ports: &[(CellId, Port)], own: bool) {
        if ports.is_empty() {
            // No port was found, which has been said; the value may have faults of its own.
            self.within(Known::Pair, |_, ctx| check_expr(&attr.value, ctx));
        }
        let owner = ports.iter().find_map(|(_, port)| match port {
            Port::Synapse { synapse, .. } => {
                let synapse = self.program.synapses.get(synapse.index())?;
                let mechanism = self.program.mechanisms.get(synapse.mechanism.index())?;
                mechanism.variables.iter().any(|one| attr.name() == Some(&one.name)).then(|| synapse.name.clone())
            }
            Port::CellSynapse { .. } | Port::Own { .. } | Port::Input { .. } | Port::Junction { .. } => None,
        });
        let Some(mut unknown) = attributes.unknown(attr, "a connection") else { return };
        if let Some(owner) = owner {
            let help = if own {
                format!("parameters of `{owner}` and its states can be set here, nothing else of it")
            } else {
                format!(
                    "parameters of `{owner}` are set where it is declared; those of a connection's own one here, with `per connection`"
                )
            };
            unknown.helps = vec![help];
            unknown.fix = None;
        } else if let (Some(name), None) = (attr.name(), &unknown.fix) {
            let more = self.names_of_connection(ports, own);
            if !more.is_empty() {
                unknown.helps = Vec::new();
                unknown = suggest(unknown, name, attr.path.span, &more);
            }
        }
        self.diagnostics.push(unknown);
    }

    /// Names of what can be set of a connection beside weight and delay.
    fn names_of_connection(&self, ports: &[(CellId, Port)], own: bool) -> Vec<String> {
        let mut names = Vec::new();
        for (mechanism, handler) in ports.iter().filter_map(|(cell, port)| self.reached(*cell, port)) {
            names.extend(handler.arguments.iter().filter(|one| one.column > 0).map(|one| one.name.to_string()));
            let variables = mechanism.variables.iter().filter(|_| own);
            let params = variables.filter(|one| matches!(one.kind, VariableKind::Param { .. } | VariableKind::State { .. }));
            names.extend(params.map(|one| one.name.to_string()));
        }
        names
    }
}
