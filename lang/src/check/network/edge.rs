//! Mechanisms on connections of values: `connect osc.theta -> osc.s_in via sin_coupling { theta_t = post.theta, weight = 4/s }`.

use super::rate::{Side, Wanted, parted};
use crate::check::Checker;
use crate::check::attributes::given_twice;
use crate::check::declare::Symbol;
use crate::check::mechanism::check_edge;
use bouton_model::ir::{CellId, Edge, EdgeWire, MechanismId, VarId, VariableKind};
use bouton_model::unit::quantity::unit_text;
use bouton_syntax::ast::{self, Attr, Binding, ExprKind, MemberKind};
use bouton_syntax::{Code, Diagnostic, Span};

impl<'a> Checker<'a> {
    /// The mechanism that `via` names, and its ends. The value is taken by its first input.
    pub(super) fn edge(&mut self, via: &'a ast::Path, source: Option<&Side>) -> Option<Edge> {
        let name = via.parts.iter().map(|part| &*part.text).collect::<Vec<_>>().join(".");
        let known = ast::Name { text: name.as_str().into(), span: via.span };
        let mechanism = match self.declared.names.find(&name) {
            Some(Symbol::Mechanism(mechanism)) => mechanism,
            Some(Symbol::Broken) => return None,
            Some(other) => {
                self.wrong_kind(&known, &other, "a mechanism");
                return None;
            }
            None => {
                let mut names = self.declared.names.list(|symbol| matches!(symbol, Symbol::Mechanism(_)));
                names.sort_unstable();
                let unknown = Diagnostic::new(Code::UnknownMechanism, via.span, format!("there is no mechanism `{name}`"));
                self.diagnostics.push(crate::check::attributes::suggest(unknown, &name, via.span, &names));
                return None;
            }
        };
        let id = self.edge_mechanism(mechanism)?;
        let (input, output) = self.edge_ends(id, mechanism, via.span)?;
        let taken = self.variable(id, input)?;
        if let Some(source) = source.filter(|source| source.dimension != taken.dimension && !self.is_broken(id, input)) {
            let (found, expected) = (unit_text(&source.dimension), unit_text(&taken.dimension));
            let message = format!("`{}` of `{name}` is in {expected}, and the value is in {found}", taken.name);
            let wrong = Diagnostic::new(Code::DimensionMismatch, via.span, message).also(taken.span, "the input");
            self.diagnostics.push(wrong.help(format!("declare it in the unit of the source: `input {}: {found}`", taken.name)));
            return None;
        }
        Some(Edge { mechanism: id, source: input, output, settings: Vec::new(), wires: Vec::new(), delay: None })
    }

    /// The mechanism without a membrane, checked once. What is wrong with it anywhere has been told.
    fn edge_mechanism(&mut self, mechanism: &'a ast::Mechanism) -> Option<MechanismId> {
        let key = mechanism.name.span;
        if let Some(known) = self.edges.get(&key) {
            return Some(*known);
        }
        let before = self.diagnostics.error_count();
        self.mechanism_of(mechanism);
        if self.diagnostics.error_count() > before {
            return None;
        }
        let home = self.home(key);
        let checked = check_edge(mechanism, key, home, self.scope, self.diagnostics);
        let whole = self.diagnostics.error_count() == before;
        let id = self.add_mechanism(checked);
        self.edges.insert(key, id);
        whole.then_some(id)
    }

    fn edge_ends(&mut self, id: MechanismId, mechanism: &'a ast::Mechanism, via: Span) -> Option<(VarId, VarId)> {
        let checked = self.program.mechanisms.get(id.index())?;
        let name = checked.name.clone();
        let number = |at: usize| u32::try_from(at).ok().map(VarId);
        let input = checked.variables.iter().position(|one| matches!(one.kind, VariableKind::Input { .. })).and_then(number);
        let lists = mechanism.body.items.iter().filter_map(|member| match &member.kind {
            MemberKind::Output(list) => Some(list),
            _ => None,
        });
        let outputs: Vec<&Binding> = lists.flatten().collect();
        let output = match outputs.as_slice() {
            [one] => checked.variables.iter().position(|variable| variable.name == one.name.text).and_then(number),
            _ => None,
        };
        if let (Some(input), Some(output)) = (input, output) {
            return Some((input, output));
        }
        let message = format!(
            "`{name}` cannot stand on a connection: it has {}",
            match (input, outputs.len()) {
                (None, _) => "no input that would take the value".to_owned(),
                (_, 0) => "no output".to_owned(),
                (_, n) => format!("{n} outputs"),
            }
        );
        let wrong = Diagnostic::new(Code::WrongMechanism, via, message).also(mechanism.name.span, "the mechanism");
        self.diagnostics.push(wrong.help("it takes the value in its first `input`, and delivers its one `output`"));
        None
    }

    /// What braces set of a mechanism on a connection: parameters, initial values, and inputs that take `pre.x` or `post.x`.
    pub(super) fn edge_settings(&mut self, edge: &mut Edge, rest: Vec<&'a Attr>, sides: (&Side, &Side), place: Span) {
        for attr in rest {
            let Some(variable) = self.settable_attr(attr, edge.mechanism) else { continue };
            if let Some(first) = edge.wires.iter().find(|wire| wire.input == variable) {
                let name = attr.name().map_or("", |name| name);
                let first = self.variable(edge.mechanism, first.input).map_or(attr.span, |one| one.span);
                self.diagnostics.push(given_twice(name, attr.path.span, first));
                continue;
            }
            let is_input =
                self.variable(edge.mechanism, variable).is_some_and(|one| matches!(one.kind, VariableKind::Input { .. }));
            if variable == edge.source {
                let message = "this input takes the value of the source";
                self.diagnostics.push(Diagnostic::new(Code::WrongArguments, attr.span, message).help("leave it out"));
                continue;
            }
            let wire = wired(attr).filter(|(of_sender, name, _)| {
                let side = if *of_sender { sides.0 } else { sides.1 };
                is_input && (!matches!(name.as_str(), "x" | "y" | "z" | "index") || self.all_have(side, name))
            });
            match wire {
                Some((of_sender, name, span)) => {
                    let side = if of_sender { sides.0 } else { sides.1 };
                    let kinds: Vec<CellId> = side.of.iter().map(|(kind, ..)| *kind).collect();
                    let mut of = Vec::new();
                    for kind in kinds {
                        let Some((mechanism, taken)) = self.variable_of(kind, &name, span, Wanted::Value) else { return };
                        let dimensions = (self.variable(mechanism, taken), self.variable(edge.mechanism, variable));
                        if let (Some(taken), Some(input)) = dimensions
                            && taken.dimension != input.dimension
                        {
                            let (found, expected) = (unit_text(&taken.dimension), unit_text(&input.dimension));
                            let message = format!("`{}` is in {expected}, and `{name}` in {found}", input.name);
                            self.diagnostics.push(Diagnostic::new(Code::DimensionMismatch, attr.value.span, message));
                            return;
                        }
                        of.push((kind, taken));
                    }
                    edge.wires.push(EdgeWire { input: variable, of_sender, of });
                }
                None => {
                    let setting = self.junction_setting(attr, edge.mechanism, &edge.settings);
                    edge.settings.extend(setting);
                }
            }
        }
        self.missing(edge.mechanism, &edge.settings, place);
    }

    /// Whether all cells of a side have a variable of this name: it hides their position.
    fn all_have(&self, side: &Side, name: &str) -> bool {
        let has = |id: MechanismId| {
            self.program
                .mechanisms
                .get(id.index())
                .is_some_and(|one| one.variables.iter().any(|variable| &*variable.name == name))
        };
        side.of.iter().all(|(_, mechanism, _)| has(*mechanism))
    }
}

/// `post.theta`: of the sending or of the receiving cell, and which variable.
fn wired(attr: &Attr) -> Option<(bool, String, Span)> {
    let (base, name, span) = parted(&attr.value);
    let ExprKind::Name(side) = &base.kind else { return None };
    let of_sender = match &**side {
        "pre" => true,
        "post" => false,
        _ => return None,
    };
    (!name.is_empty()).then_some((of_sender, name, span))
}
