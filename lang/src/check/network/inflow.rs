//! Stimuli of inputs: `stimulate e.r_ext with pulse(100 ms, 50 ms, 1.5)`, an expression of time that is added to an input; or a cell of equations whose output is.

use super::rate::{Side, Wanted};
use crate::check::declare::Symbol;
use crate::check::hidden::Hidden;
use crate::check::mechanism::Checked;
use crate::check::value::quantity;
use crate::check::{Checker, Known};
use bouton_model::ir::{
    self, CellBody, CellId, Connection, Expr, Mechanism, MechanismKind, Port, Rule, Setting, Source, Var, VarId, Variable,
    VariableKind,
};
use bouton_model::unit::Dimension;
use bouton_model::unit::quantity::unit_text;
use bouton_syntax::ast::{self, Binding, ExprKind, MemberKind};
use bouton_syntax::{Code, Diagnostic, Span};
use std::cell::RefCell;
use std::sync::Arc;

impl<'a> Checker<'a> {
    /// Checks a `stimulate` of inputs.
    pub(super) fn inflow(&mut self, stimulate: &'a ast::Stimulate, place: Span) {
        let header = &stimulate.header;
        let more = [
            (header.via.as_ref().map(|via| via.span), "`via`"),
            (header.at.as_ref().map(|at| at.span), "`at`"),
            (header.from.as_ref().map(|from| from.span), "`from`"),
            (header.per_connection, "`per connection`"),
            (header.attrs.as_ref().filter(|block| !block.items.is_empty()).map(|block| block.span), "a connection"),
        ];
        for (span, what) in more.into_iter().filter_map(|(span, what)| Some((span?, what))) {
            let message = format!("{what} has no meaning here: the value is added to the input as it is");
            self.diagnostics.push(Diagnostic::new(Code::WrongArguments, span, message).help("leave it out"));
        }
        let target = self.side(&stimulate.targets, Wanted::Input);
        let source = match &stimulate.source.kind {
            ExprKind::Error => return,
            ExprKind::Name(name) => match self.declared.names.find(name) {
                Some(Symbol::Cell(cell)) => self.source_cell(stimulate, cell, target.as_ref()),
                _ => self.source_value(stimulate, target.as_ref()),
            },
            _ => self.source_value(stimulate, target.as_ref()),
        };
        let (Some(target), Some((cell, output, settings))) = (target, source) else { return };
        self.program.connections.push(Connection {
            label: stimulate.label.as_ref().map(|label| label.text.clone()),
            span: place,
            source: Source::Generator { cell, settings, span: stimulate.source.span },
            targets: target.cells,
            ports: target.of.into_iter().map(|(cell, _, input)| (cell, Port::Input { input })).collect(),
            outputs: vec![(cell, output)],
            edges: Vec::new(),
            from: Vec::new(),
            settings: Vec::new(),
            rule: Rule::All,
            weight: None,
            delay: None,
            values: Vec::new(),
            autapses: false,
            multapses: false,
            per_connection: false,
            synapses: None,
            allow_empty: false,
        });
    }

    /// A cell that shows the value of an expression.
    fn source_value(&mut self, stimulate: &'a ast::Stimulate, target: Option<&Side>) -> Option<(CellId, VarId, Vec<Setting>)> {
        if let Some(block) = stimulate.source_attrs.as_ref().filter(|block| !block.items.is_empty()) {
            let message = "an expression has no parameters";
            self.diagnostics.push(Diagnostic::new(Code::WrongArguments, block.span, message).help("leave the braces out"));
        }
        let expr = &stimulate.source;
        let Some(target) = target else {
            let hidden = Hidden::outside(0);
            self.within_stimulus(&hidden, |ctx| crate::check::expr::check_expr(expr, ctx));
            return None;
        };
        let mut mechanism = shown(expr.span, target.dimension);
        let hidden = Hidden::outside(mechanism.variables.len());
        let value = self.within_stimulus(&hidden, |ctx| quantity(expr, target.dimension, "the stimulus", ctx))?;
        hidden.add_to(&mut mechanism);
        hidden.draw_in(&mut mechanism);
        let mut settings = vec![Setting { variable: VarId(0), value }];
        settings.extend(hidden.outside.map(RefCell::into_inner).into_iter().flatten());
        let name = mechanism.name.clone();
        let mechanism = self.add_mechanism(Checked { mechanism, broken: Vec::new(), refused: false });
        let cell = CellId(u32::try_from(self.program.cells.len()).ok()?);
        Arc::make_mut(&mut self.program.cells).push(ir::Cell { name, span: expr.span, body: CellBody::Free(mechanism) });
        Some((cell, VarId(1), settings))
    }

    /// A cell of equations with one output.
    fn source_cell(
        &mut self,
        stimulate: &'a ast::Stimulate,
        cell: &'a ast::Cell,
        target: Option<&Side>,
    ) -> Option<(CellId, VarId, Vec<Setting>)> {
        let id = self.cell_of(cell)?;
        let span = stimulate.source.span;
        let CellBody::Free(mechanism) = self.program.cells.get(id.index())?.body else {
            let message = format!("`{}` has sections, and no value that would flow", cell.name.text);
            self.diagnostics.push(Diagnostic::new(Code::WrongKind, span, message).also(cell.name.span, "the cell"));
            return None;
        };
        let settings = self.settings_of_shared(stimulate.source_attrs.as_ref(), mechanism, Known::Target, span);
        let items = cell.body.iter().flat_map(|body| &body.items);
        let lists = items.filter_map(|member| if let MemberKind::Output(list) = &member.kind { Some(list) } else { None });
        let outputs: Vec<&Binding> = lists.flatten().collect();
        let [output] = outputs.as_slice() else {
            let message = format!("`{}` has {} outputs; which of them flows?", cell.name.text, outputs.len());
            let wrong = Diagnostic::new(Code::WrongKind, span, message).also(cell.name.span, "the cell");
            self.diagnostics.push(wrong.help("a source of a value has one `output`"));
            return None;
        };
        let variables = &self.program.mechanisms.get(mechanism.index())?.variables;
        let at = variables.iter().position(|one| one.name == output.name.text)?;
        let (shown, wanted) = (variables.get(at)?.dimension, target?.dimension);
        if shown != wanted && !self.broken_cells.contains(&id) {
            let message = format!(
                "`{}` shows a value in {}, and the input is in {}",
                cell.name.text,
                unit_text(&shown),
                unit_text(&wanted)
            );
            self.diagnostics.push(Diagnostic::new(Code::DimensionMismatch, span, message).also(output.name.span, "the output"));
            return None;
        }
        Some((id, VarId(u32::try_from(at).ok()?), settings))
    }
}

/// A parameter, and a definition that is the parameter.
fn shown(span: Span, dimension: Dimension) -> Mechanism {
    let variable = |name: &str, kind| Variable { name: name.into(), span, dimension, kind };
    let value = variable("value", VariableKind::Param { default: None });
    let shown = variable("shown", VariableKind::Let { value: Expr::Var(Var::Own(VarId(0))) });
    Mechanism { variables: vec![value, shown], ..Mechanism::empty("stimulus".into(), span, MechanismKind::Free) }
}
