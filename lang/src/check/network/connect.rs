//! `connect`: who with whom, on what, by which rule; and the braces that `stimulate` shares with it.

use super::junction::is_junction;
use super::spikes::can_spike;
use crate::check::attributes::Attributes;
use crate::check::plausible::Plausible;
use crate::check::unsupported::Construct;
use crate::check::{Checker, Known};
use bouton_model::ir::{self, Attribute, CellId, Connection, ConnectionSetting, Member, Port, Rule, Set, Setting, Source};
use bouton_model::unit::Dimension;
use bouton_syntax::ast::{self, Attr, AttrBlock, ExprKind, Header};
use bouton_syntax::{Code, Diagnostic, Span};

/// What the braces of a connection say.
pub(super) struct Wiring {
    pub rule: Rule,
    pub weight: Option<Attribute>,
    pub delay: Option<Attribute>,
    pub values: Vec<ConnectionSetting>,
    pub autapses: bool,
    pub multapses: bool,
    pub allow_empty: bool,
    pub synapses: Option<Attribute>,
    /// Of a mechanism that each connection has for itself.
    pub settings: Vec<Setting>,
}

impl<'a> Checker<'a> {
    /// Checks a `connect`.
    pub fn connect(&mut self, connect: &'a ast::Connect, span: Span) {
        let place = head(span, connect.targets.last().map(|target| target.span));
        if super::rate::flows(connect) {
            return self.rate_connection(connect, place);
        }
        let sources = self.cells_of(&connect.sources, place);
        let targets = self.cells_of(&connect.targets, place);
        let known = targets.as_ref().map_or_else(Vec::new, |targets| self.ports(targets, &connect.header, place));
        let from = match &sources {
            Some(sources) if known.iter().any(|(_, port)| is_junction(port)) => {
                self.junction_ends(sources, &connect.header, place)
            }
            Some(sources) if !self.names_junction(&connect.header) => match &connect.header.from {
                Some(from) => self.spikes_leave(sources, from),
                None => {
                    self.sources.push(sources.clone());
                    Vec::new()
                }
            },
            _ => Vec::new(),
        };
        let wiring = self.wiring(connect.header.attrs.as_ref(), Known::Pair, &known, &connect.header, place);
        let (Some(sources), Some(targets)) = (sources, targets) else { return };
        if !wiring.allow_empty && !wiring.autapses && is_one_cell(&sources, &targets, self) {
            let itself = Diagnostic::new(Code::ReachesNothing, place, "this connects one cell with itself only");
            self.diagnostics.push(itself.help("write `autapses = true` in the braces if that is meant"));
        }
        self.program.connections.push(Connection {
            label: connect.label.as_ref().map(|label| label.text.clone()),
            span: place,
            source: Source::Cells(sources),
            targets,
            ports: known,
            outputs: Vec::new(),
            edges: Vec::new(),
            from,
            settings: wiring.settings,
            rule: wiring.rule,
            weight: wiring.weight,
            delay: wiring.delay,
            values: wiring.values,
            autapses: wiring.autapses,
            multapses: wiring.multapses,
            per_connection: connect.header.per_connection.is_some(),
            synapses: wiring.synapses,
            allow_empty: wiring.allow_empty,
        });
    }

    /// The cells that expressions name together.
    pub(super) fn cells_of(&mut self, exprs: &'a [ast::Expr], span: Span) -> Option<Set> {
        let exprs: Vec<&ast::Expr> = exprs.iter().collect();
        let span = exprs.first().zip(exprs.last()).map_or(span, |(first, last)| first.span.to(last.span));
        self.within(Known::Nothing, |view, ctx| view.set(&exprs, span, ctx))
    }

    /// Reads the braces of a connection.
    pub(super) fn wiring(
        &mut self,
        block: Option<&'a AttrBlock>,
        known: Known,
        ports: &[(CellId, Port)],
        header: &'a Header,
        place: Span,
    ) -> Wiring {
        let mut attributes = Attributes::new(block);
        let mut rule = self.rule(&mut attributes, known);
        if known == Known::Pair
            && let Some(matrix) = block.and_then(|block| self.matrix(block))
        {
            if !matches!(rule, Rule::All) {
                let message = "a matrix says who is connected with whom, and there is another rule";
                self.diagnostics.push(Diagnostic::new(Code::TwoRules, place, message).help("leave the other rule out"));
            }
            rule = matrix;
        }
        let weight = self.weight(&mut attributes, known, ports, place);
        let delay = self.delay(&mut attributes, known);
        if let (Some(delay), true) = (&delay, ports.iter().any(|(_, port)| is_junction(port))) {
            let message = "a junction has no delay: each end follows the potential of the other";
            self.diagnostics.push(Diagnostic::new(Code::WrongArguments, delay.span, message).help("leave `delay` out"));
        }
        let autapses = attributes.flag("autapses", ("true", "false"), self.diagnostics);
        let multapses = attributes.flag("multapses", ("true", "false"), self.diagnostics);
        if multapses && !matches!(rule, Rule::Convergence(_) | Rule::Divergence(_)) {
            self.only_by_number(header);
        }
        let allow_empty = attributes.flag("allow_empty", ("true", "false"), self.diagnostics);
        let synapses = self.synapses_of_each(&mut attributes, ports);
        for (name, construct) in NOT_YET {
            attributes.unsupported(name, *construct, self.diagnostics);
        }
        let (mut settings, mut values) = (Vec::new(), Vec::new());
        match self.junction_mechanism(ports) {
            Some(mechanism) => {
                self.listed = None;
                for attr in attributes.rest() {
                    settings.extend(self.junction_setting(attr, mechanism, &settings));
                }
            }
            None => values = self.connection_settings(attributes, known, ports, header, place),
        }
        self.listed = None;
        Wiring { rule, weight, delay, values, autapses, multapses, allow_empty, synapses, settings }
    }

    pub(super) fn rule(&mut self, attributes: &mut Attributes<'a>, known: Known) -> Rule {
        let probability = attributes.value("probability", self.diagnostics);
        let convergence = attributes.value("convergence", self.diagnostics);
        let divergence = attributes.value("divergence", self.diagnostics);
        let one_to_one = attributes.take("one_to_one", self.diagnostics);
        let pairs = attributes.value("pairs", self.diagnostics);
        self.one_rule(&[probability, convergence, divergence, one_to_one, pairs]);
        if known == Known::Target {
            if let Some(rule) = [probability, convergence, divergence, one_to_one, pairs].into_iter().flatten().next() {
                let message = "every target has a copy of the source to itself, so there is no rule here";
                self.diagnostics.push(Diagnostic::new(Code::WrongArguments, rule.span, message).help("leave it out"));
            }
            return Rule::All;
        }
        if let Some(attr) = pairs {
            return self.pairs(attr).unwrap_or(Rule::All);
        }
        if let Some(attr) = probability {
            let value = self.at_least_zero(attr, known, Dimension::NONE, "a probability");
            if let Some(value) = &value {
                self.plausible(value, Plausible::Probability);
            }
            return value.map_or(Rule::All, Rule::Probability);
        }
        if let Some(attr) = convergence {
            return self.at_least_zero(attr, known, Dimension::NONE, "`convergence`").map_or(Rule::All, Rule::Convergence);
        }
        if let Some(attr) = divergence {
            return self.at_least_zero(attr, known, Dimension::NONE, "`divergence`").map_or(Rule::All, Rule::Divergence);
        }
        match one_to_one {
            Some(attr) if !matches!(attr.value.kind, ExprKind::Bool(false)) => {
                if !matches!(attr.value.kind, ExprKind::Bool(true) | ExprKind::Error) {
                    let message = "`one_to_one` is a mark and takes no value";
                    self.diagnostics.push(Diagnostic::new(Code::WrongArguments, attr.value.span, message));
                }
                Rule::OneToOne
            }
            _ => Rule::All,
        }
    }

    fn one_rule(&mut self, given: &[Option<&'a Attr>]) {
        let mut given: Vec<&Attr> = given.iter().copied().flatten().collect();
        given.sort_by_key(|attr| attr.span);
        let mut given = given.into_iter();
        let Some(first) = given.next() else { return };
        for second in given {
            let (one, other) = (first.name().map_or("", |name| name), second.name().map_or("", |name| name));
            let two = Diagnostic::new(
                Code::TwoRules,
                second.path.span,
                format!("`{one}` and `{other}` are two rules for one connection"),
            )
            .label("a second rule")
            .also(first.path.span, "the first one")
            .help("keep one of them, or write two `connect`s");
            self.diagnostics.push(two);
        }
    }

    fn weight(
        &mut self,
        attributes: &mut Attributes<'a>,
        known: Known,
        ports: &[(CellId, Port)],
        place: Span,
    ) -> Option<Attribute> {
        let is_given = attributes.has("weight");
        let attr = attributes.value("weight", self.diagnostics);
        let kinds: Vec<Option<Dimension>> = ports.iter().map(|(cell, port)| self.weight_of(*cell, port)).collect();
        let Some(attr) = attr else {
            if !is_given && !ports.iter().any(|(_, port)| self.has_weight(port)) {
                self.needs_weight(&kinds, place);
            }
            return None;
        };
        match kinds.split_first() {
            None => {
                // No port was found, which has been said; the value may have faults of its own.
                self.within(known, |_, ctx| crate::check::expr::check_expr(&attr.value, ctx));
                None
            }
            Some((None, _)) => {
                let message = "the event of the target takes no weight";
                self.diagnostics.push(Diagnostic::new(Code::WrongArguments, attr.span, message).help("leave `weight` out"));
                None
            }
            Some((Some(first), others)) => {
                let value = self.quantity(&attr.value, known, *first, "the weight");
                if value.is_some() && others.iter().any(|other| *other != Some(*first)) {
                    let message = "the targets take weights of different dimensions";
                    self.diagnostics.push(
                        Diagnostic::new(Code::WrongArguments, attr.span, message)
                            .help("write a statement for each kind of target"),
                    );
                }
                value
            }
        }
    }

    fn needs_weight(&mut self, kinds: &[Option<Dimension>], place: Span) {
        if let Some(dimension) = kinds.iter().flatten().find(|dimension| !dimension.is_none()) {
            let unit = bouton_model::unit::quantity::unit_text(dimension);
            let missing = Diagnostic::new(Code::MissingParameter, place, "this needs a `weight`");
            self.diagnostics.push(missing.help(format!("set it in the braces at the end: `{{ weight = 1 {unit} }}`")));
        }
    }

    pub(super) fn delay(&mut self, attributes: &mut Attributes<'a>, known: Known) -> Option<Attribute> {
        let attr = attributes.value("delay", self.diagnostics)?;
        let delay = self.at_least_zero(attr, known, Dimension::TIME, "the delay")?;
        self.plausible(&delay, Plausible::Delay);
        Some(delay)
    }

    /// How many synapses each connection makes.
    fn synapses_of_each(&mut self, attributes: &mut Attributes<'a>, ports: &[(CellId, Port)]) -> Option<Attribute> {
        let attr = attributes.value("synapses", self.diagnostics)?;
        if ports.iter().any(|(_, port)| is_junction(port)) {
            let message = "a junction is one for each connection";
            self.diagnostics.push(Diagnostic::new(Code::WrongArguments, attr.span, message).help("leave `synapses` out"));
            return None;
        }
        let value = self.quantity(&attr.value, Known::Nothing, Dimension::NONE, "`synapses`")?;
        if self.fold(&value.value).is_some_and(|number| number < 1.0 || number.fract() != 0.0) {
            self.out_of_range(&attr.value, "`synapses` is a whole number, 1 or more");
            return None;
        }
        Some(value)
    }

    fn at_least_zero(&mut self, attr: &'a Attr, known: Known, dimension: Dimension, what: &str) -> Option<Attribute> {
        let value = self.quantity(&attr.value, known, dimension, what)?;
        if self.fold(&value.value).is_some_and(|number| number < 0.0) {
            self.out_of_range(&attr.value, &format!("{what} cannot be negative"));
            return None;
        }
        Some(value)
    }
}

/// Attributes of a connection that do not exist yet.
const NOT_YET: &[(&str, Construct)] = &[("spread", Construct::Spread)];

/// `pc.m`, `osc.theta`: a variable of cells rather than cells.
pub(super) fn is_variable(expr: &ast::Expr) -> bool {
    matches!(expr.kind, ExprKind::Field { .. } | ExprKind::Every { .. })
}

/// The part of a statement that a diagnostic underlines: without its braces.
pub(super) fn head(span: Span, last: Option<Span>) -> Span {
    last.map_or(span, |last| Span::new(span.file, span.start, last.end))
}

/// Whether both sets are one and the same single cell.
fn is_one_cell(sources: &Set, targets: &Set, checker: &Checker<'_>) -> bool {
    let ([source], [target]) = (sources.members.as_slice(), targets.members.as_slice()) else { return false };
    let same = source.population == target.population;
    match (&source.indices, &target.indices) {
        (None, None) => {
            let population = checker.program.populations.get(source.population.index());
            let size = population.and_then(|one| one.count.as_ref().map_or(Some(1.0), |count| checker.fold(&count.value)));
            same && size == Some(1.0)
        }
        (Some(_), Some(_)) => {
            same && one_index(source, checker).is_some() && one_index(source, checker) == one_index(target, checker)
        }
        _ => false,
    }
}

fn one_index(member: &Member, checker: &Checker<'_>) -> Option<f64> {
    match member.indices.as_deref() {
        Some([ir::Indices::One(index)]) => checker.fold(&index.value),
        _ => None,
    }
}

/// Whether a cell can be the source of a stimulus.
pub(super) fn can_generate(program: &ir::Program, id: CellId) -> bool {
    program.cells.get(id.index()).is_some_and(|cell| matches!(cell.body, ir::CellBody::Free(_))) && can_spike(program, id)
}
