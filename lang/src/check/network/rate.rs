//! Connections of values: what a cell shows flows into an input of another one. `connect pc.m -> ein.exc.m_in { weight = 135 }`.

use super::connect::is_variable;
use super::spread::Delay;
use crate::check::attributes::{Attributes, suggest};
use crate::check::{Checker, Known};
use bouton_model::ir::{
    Attribute, CellBody, CellId, Connection, Edge, Expr, MechanismId, Port, Rule, Set, Source, VarId, VariableKind,
};
use bouton_model::unit::Dimension;
use bouton_model::unit::quantity::unit_text;
use bouton_syntax::ast::{self, ExprKind};
use bouton_syntax::{Code, Diagnostic, Span};

/// One side of a connection of values.
pub(super) struct Side {
    /// Whose.
    pub cells: Set,
    /// Which variable, for each kind of cell.
    pub of: Vec<(CellId, MechanismId, VarId)>,
    /// Its dimension.
    pub dimension: Dimension,
}

/// What is looked for on a side.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Wanted {
    /// A value that is taken, whatever it is.
    Value,
    /// A value that flows: what the cell computes.
    Flow,
    /// An input that is driven.
    Input,
}

impl<'a> Checker<'a> {
    /// Checks a `connect` between variables.
    pub(super) fn rate_connection(&mut self, connect: &'a ast::Connect, place: Span) {
        let header = &connect.header;
        for (given, what) in [
            (header.at.as_ref().map(|at| at.span), "`at`"),
            (header.from.as_ref().map(|from| from.span), "`from`"),
            (header.per_connection, "`per connection`"),
        ] {
            if let Some(span) = given {
                let message = format!("{what} has no meaning here: values flow between variables of cells without sections");
                self.diagnostics.push(Diagnostic::new(Code::WrongArguments, span, message).help("leave it out"));
            }
        }
        let source = self.side(&connect.sources, Wanted::Flow);
        let target = self.side(&connect.targets, Wanted::Input);
        let block = header.attrs.as_ref();
        let mut attributes = Attributes::new(block);
        let mut rule = self.rule(&mut attributes, Known::Pair);
        if let Some(matrix) = block.and_then(|block| self.matrix(block)) {
            if !matches!(rule, Rule::All) {
                let message = "a matrix says who is connected with whom, and there is another rule";
                self.diagnostics.push(Diagnostic::new(Code::TwoRules, place, message).help("leave the other rule out"));
            }
            rule = matrix;
        }
        let Delay { delay, edge } = self.rate_delay(&mut attributes, source.as_ref(), place);
        let mut edges: Vec<Edge> = edge.into_iter().collect();
        let spread = edges.len();
        let mut delivered = source.as_ref().map(|source| source.dimension);
        if let Some(via) = &header.via {
            let Some(edge) = self.edge(via, source.as_ref()) else { return };
            delivered = self.variable(edge.mechanism, edge.output).map(|output| output.dimension);
            edges.push(edge);
        }
        let dimension = delivered.zip(target.as_ref()).and_then(|(source, target)| target.dimension.over(&source));
        let weight = self.rate_weight(&mut attributes, dimension, place);
        // Whoever connects all with all means the value of the cell itself as well.
        let alone = !attributes.has("autapses");
        let autapses = attributes.flag("autapses", ("true", "false"), self.diagnostics) || alone;
        let multapses = attributes.flag("multapses", ("true", "false"), self.diagnostics);
        if multapses && !matches!(rule, Rule::Convergence(_) | Rule::Divergence(_)) {
            self.only_by_number(header);
        }
        let allow_empty = attributes.flag("allow_empty", ("true", "false"), self.diagnostics);
        self.listed = None;
        let (Some(source), Some(target)) = (source, target) else {
            // What is set of a mechanism is known only when both ends are.
            return if edges.len() == spread {
                attributes.finish("a connection of values", self.diagnostics)
            };
        };
        match edges.get_mut(spread) {
            Some(edge) => self.edge_settings(edge, attributes.rest(), (&source, &target), place),
            None => attributes.finish("a connection of values", self.diagnostics),
        }
        self.program.connections.push(Connection {
            label: connect.label.as_ref().map(|label| label.text.clone()),
            span: place,
            source: Source::Cells(source.cells),
            targets: target.cells,
            ports: target.of.into_iter().map(|(cell, _, input)| (cell, Port::Input { input })).collect(),
            edges,
            outputs: source.of.into_iter().map(|(cell, _, output)| (cell, output)).collect(),
            from: Vec::new(),
            settings: Vec::new(),
            rule,
            weight,
            delay: delay.or(Some(Attribute { value: Expr::Number(0.0), span: place })),
            values: Vec::new(),
            autapses,
            multapses,
            per_connection: false,
            synapses: None,
            allow_empty,
        });
    }

    fn rate_weight(&mut self, attributes: &mut Attributes<'a>, dimension: Option<Dimension>, place: Span) -> Option<Attribute> {
        let given = attributes.has("weight");
        let attr = attributes.value("weight", self.diagnostics);
        match (attr, dimension) {
            (Some(attr), Some(dimension)) => self.quantity(&attr.value, Known::Pair, dimension, "the weight"),
            (Some(attr), None) => {
                self.within(Known::Pair, |_, ctx| crate::check::expr::check_expr(&attr.value, ctx));
                None
            }
            (None, Some(dimension)) if !given && !dimension.is_none() => {
                let missing = Diagnostic::new(Code::MissingParameter, place, "this needs a `weight`");
                let unit = unit_text(&dimension);
                self.diagnostics
                    .push(missing.help(format!("the input is not in the unit of the source: `{{ weight = 1 {unit} }}`")));
                None
            }
            (None, _) => None,
        }
    }

    /// The cells of one side, and the variable that is meant.
    pub(super) fn side(&mut self, exprs: &'a [ast::Expr], wanted: Wanted) -> Option<Side> {
        let mut bases = Vec::new();
        let mut path: Option<(String, Span)> = None;
        for expr in exprs {
            let (base, name, span) = parted(expr);
            if name.is_empty() {
                let message = match wanted {
                    Wanted::Value | Wanted::Flow => "which value of these cells flows?",
                    Wanted::Input => "into which input of these cells does it flow?",
                };
                let missing = Diagnostic::new(Code::MissingDefinition, expr.span, message);
                self.diagnostics.push(missing.help("values flow from a variable into an input: `connect a.m -> b.u`"));
                return None;
            }
            match &path {
                Some((first, at)) if *first != name => {
                    let message = format!("`{first}` and `{name}` are two variables in one statement");
                    let two = Diagnostic::new(Code::WrongArguments, span, message).also(*at, "the first one");
                    self.diagnostics.push(two.help("write a statement for each"));
                    return None;
                }
                Some(_) => {}
                None => path = Some((name, span)),
            }
            bases.push(base);
        }
        let (name, span) = path?;
        let at = bases.first().zip(bases.last()).map(|(first, last)| first.span.to(last.span))?;
        let cells = self.within(Known::Nothing, |view, ctx| view.set(&bases, at, ctx))?;
        let mut side: Option<Side> = None;
        let mut of = Vec::new();
        for kind in self.kinds(&cells) {
            let (mechanism, variable) = self.variable_of(kind, &name, span, wanted)?;
            if self.broken_cells.contains(&kind) || self.is_broken(mechanism, variable) {
                return None;
            }
            let dimension = self.variable(mechanism, variable)?.dimension;
            of.push((kind, mechanism, variable));
            match &side {
                Some(first) if first.dimension != dimension => {
                    let message = format!(
                        "`{name}` is in {} in one of these cells and in {} in another",
                        unit_text(&first.dimension),
                        unit_text(&dimension)
                    );
                    let mixed = Diagnostic::new(Code::WrongArguments, span, message);
                    self.diagnostics.push(mixed.help("write a statement for each kind of cell"));
                    return None;
                }
                Some(_) => {}
                None => side = Some(Side { cells: cells.clone(), of: Vec::new(), dimension }),
            }
        }
        side.map(|side| Side { of, ..side })
    }

    pub(super) fn variable_of(&mut self, kind: CellId, name: &str, span: Span, wanted: Wanted) -> Option<(MechanismId, VarId)> {
        let cell = self.program.cells.get(kind.index())?;
        let CellBody::Free(id) = cell.body else {
            let message = format!("`{}` has sections; values flow between cells of equations", cell.name);
            let wrong = Diagnostic::new(Code::WrongKind, span, message).also(cell.span, "the cell");
            self.diagnostics.push(wrong.help("cells with sections send spikes, and are driven through synapses"));
            return None;
        };
        if self.is_refused(id) {
            return None;
        }
        let mechanism = self.program.mechanisms.get(id.index())?;
        let found = mechanism.variables.iter().position(|variable| &*variable.name == name);
        let is_input = |kind: &VariableKind| matches!(kind, VariableKind::Input { .. });
        let kind = found.and_then(|at| mechanism.variables.get(at)).map(|variable| &variable.kind);
        let fits = match (wanted, kind) {
            (_, None) => false,
            (Wanted::Value, Some(_)) => true,
            (Wanted::Flow, Some(kind)) => is_computed(kind),
            (Wanted::Input, Some(kind)) => is_input(kind),
        };
        if fits {
            return Some((id, VarId(u32::try_from(found?).ok()?)));
        }
        let (what, names): (&str, Vec<&str>) = match wanted {
            Wanted::Value => ("variable", mechanism.variables.iter().map(|one| &*one.name).collect()),
            Wanted::Flow => {
                ("variable", mechanism.variables.iter().filter(|one| is_computed(&one.kind)).map(|one| &*one.name).collect())
            }
            Wanted::Input => {
                ("input", mechanism.variables.iter().filter(|one| is_input(&one.kind)).map(|one| &*one.name).collect())
            }
        };
        let unknown = match found.and_then(|at| mechanism.variables.get(at)) {
            Some(variable) => {
                let (no, code) = match wanted {
                    Wanted::Input => ("input", Code::UnknownParameter),
                    Wanted::Value | Wanted::Flow => ("output", Code::WrongKind),
                };
                let message = format!("`{name}` of `{}` is no {no}", cell.name);
                Diagnostic::new(code, span, message).also(variable.span, "declared here")
            }
            None => Diagnostic::new(Code::UnknownParameter, span, format!("`{}` has no {what} `{name}`", cell.name)),
        };
        let is_given = wanted == Wanted::Flow && found.is_some();
        let unknown = match names.is_empty() {
            _ if is_given => {
                let help = format!("what a cell computes can flow: a state, a `let`, or `output shown = {name}`");
                unknown.help(help)
            }
            true => unknown.help("declare one in the cell: `input u = 0`"),
            false => suggest(unknown, name, span, &names),
        };
        self.diagnostics.push(unknown);
        None
    }
}

/// Whether a cell computes it, so that it can flow.
fn is_computed(kind: &VariableKind) -> bool {
    matches!(kind, VariableKind::State { .. } | VariableKind::Let { .. })
}

/// What `jrc.pc[0].exc.m` says: the cells, and the name of the variable.
pub(super) fn parted(expr: &ast::Expr) -> (&ast::Expr, String, Span) {
    let mut names = Vec::new();
    let mut base = expr;
    let mut span = expr.span;
    while let ExprKind::Field { base: inner, name } = &base.kind {
        names.push(&*name.text);
        span = name.span.to(if names.len() == 1 { name.span } else { span });
        base = inner;
    }
    names.reverse();
    (base, names.join("."), span)
}

/// Whether a statement speaks of variables.
pub(super) fn flows(connect: &ast::Connect) -> bool {
    connect.sources.iter().chain(&connect.targets).any(is_variable)
}
