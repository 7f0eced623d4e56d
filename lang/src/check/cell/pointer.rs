//! `ampa.vpre = soma(0.5).v`: an input of a mechanism of the cell that stands for another value of it, times or over a number.

use crate::check::expr::check_expr;
use crate::check::network::path::{Step, steps};
use crate::check::{Checker, Known};
use bouton_model::algebra::{div, mul};
use bouton_model::ir::{Attribute, CellBody, CellId, Expr, MechanismId, Pointer, Probe, Tree, VarId, VariableKind};
use bouton_model::unit::Dimension;
use bouton_model::unit::quantity::describe_in_sentence;
use bouton_syntax::ast::{self, AssignOp, BinaryOp, ExprKind, Member, MemberKind};
use bouton_syntax::{Code, Diagnostic, Span};

/// Whether an expression is a value of a part of the cell, times or over something.
pub(super) fn names_value(value: &ast::Expr, tree: &Tree) -> bool {
    taken(value, tree).is_some()
}

/// The path in a product, and the other factors, with those by which is divided.
fn taken<'e>(value: &'e ast::Expr, tree: &Tree) -> Option<(&'e ast::Expr, Vec<(&'e ast::Expr, BinaryOp)>)> {
    if let Some(all) = steps(value)
        && let [first, _, ..] = all.as_slice()
        && is_part(first, tree)
    {
        return Some((value, Vec::new()));
    }
    let ExprKind::Binary { op: op @ (BinaryOp::Mul | BinaryOp::Div), left, right, .. } = &value.kind else { return None };
    if let Some((path, mut factors)) = taken(left, tree) {
        factors.push((right, *op));
        return Some((path, factors));
    }
    let (path, mut factors) = taken(right, tree).filter(|_| *op == BinaryOp::Mul)?;
    factors.push((left, *op));
    Some((path, factors))
}

/// Whether a step is a section or a point mechanism of the cell; of an array it is the name without its index.
fn is_part(step: &Step<'_>, tree: &Tree) -> bool {
    let section = |name: &str| name == step.name || name.strip_prefix(step.name).is_some_and(|rest| rest.starts_with('['));
    tree.sections.iter().any(|one| section(&one.name)) || tree.synapses.iter().any(|one| *one.name == *step.name)
}

impl<'a> Checker<'a> {
    /// The pointers of a finished cell with sections.
    pub(super) fn pointers(&mut self, id: CellId, members: &'a [Member]) {
        let assigned = members.iter().filter_map(|member| match &member.kind {
            MemberKind::Assign(assign) => Some(assign),
            _ => None,
        });
        let mut all = Vec::new();
        for assign in assigned {
            let found = self.with_body(id, |checker, body| match body {
                CellBody::Tree(tree) if names_value(&assign.value, tree) => checker.pointer(id, tree, assign),
                _ => None,
            });
            all.extend(found);
        }
        if !all.is_empty()
            && let Some(cell) = std::sync::Arc::make_mut(&mut self.program.cells).get_mut(id.index())
            && let CellBody::Tree(tree) = &mut cell.body
        {
            tree.pointers = all;
            tree.order = order(tree, |id| {
                let span = self.program.mechanisms.get(id.index())?.span;
                self.files.imported.iter().position(|one| one.mechanism.as_ref().is_some_and(|one| one.span == span))
            });
        }
    }

    fn pointer(&mut self, id: CellId, tree: &Tree, assign: &'a ast::Assign) -> Option<Pointer> {
        if assign.op != AssignOp::Set {
            let message = "a part of a cell is set with `=`";
            self.diagnostics.push(Diagnostic::new(Code::MisplacedMember, assign.span, message));
            return None;
        }
        let (path, factors) = taken(&assign.value, tree)?;
        let input = self.value_of_cell(id, tree, &assign.target);
        let source = self.value_of_cell(id, tree, path);
        let (mut weight, mut unit) = (Expr::Number(1.0), Some(Dimension::NONE));
        for (factor, op) in factors {
            let typed = self.within(Known::Nothing, |_, ctx| check_expr(factor, ctx));
            // Where it is none that has been told.
            let dimension = typed.ty.dimension()?;
            (weight, unit) = match op {
                BinaryOp::Div => (div(weight, typed.expr), unit.and_then(|unit| unit.over(&dimension))),
                _ => (mul(weight, typed.expr), unit.and_then(|unit| unit.times(&dimension))),
            };
        }
        let ((input, wanted), (source, given)) = (input?, source?);
        self.is_input(tree, &input, assign.target.span)?;
        let given = unit.and_then(|unit| unit.times(&given));
        if given != Some(wanted) {
            let message = format!(
                "this input is {}, and what it stands for is {}",
                describe_in_sentence(&wanted),
                given.map_or_else(|| "something else".to_owned(), |given| describe_in_sentence(&given))
            );
            let wrong = Diagnostic::new(Code::DimensionMismatch, assign.value.span, message);
            self.diagnostics
                .push(wrong.help("multiply it with a quantity, or divide it by one: `soma(0.5).v / 1 mV` is a plain number"));
            return None;
        }
        Some(Pointer { input, source, weight: Attribute { value: weight, span: assign.value.span }, span: assign.span })
    }

    fn value_of_cell(&mut self, id: CellId, tree: &Tree, path: &'a ast::Expr) -> Option<(Probe, Dimension)> {
        let name = self.program.cells.get(id.index())?.name.clone();
        let all = steps(path)?;
        let found = self.probe_of_tree(id, &name, tree, all.first()?, &all, path.span)?;
        if matches!(found.0, Probe::Shared(..)) {
            let message = "connections put this synapse on the cell: it is no part of it by itself";
            self.diagnostics.push(Diagnostic::new(Code::UnknownVariable, path.span, message));
            return None;
        }
        Some(found)
    }

    /// Reports what cannot stand for another value.
    fn is_input(&mut self, tree: &Tree, probe: &Probe, span: Span) -> Option<()> {
        let variable = mechanism_and_variable(tree, probe);
        let variable = variable.and_then(|(mechanism, id)| self.variable(mechanism, id));
        if variable.is_some_and(|variable| matches!(variable.kind, VariableKind::Input { .. })) {
            return Some(());
        }
        let message = "only an `input` of a mechanism can stand for another value of the cell";
        let wrong = Diagnostic::new(Code::UnknownParameter, span, message);
        self.diagnostics.push(wrong.help("parameters are numbers; declare the variable as `input`"));
        None
    }
}

/// The mechanisms of a cell in the order in which they act; `file` says of which of the imported files one is.
fn order(tree: &Tree, file: impl Fn(MechanismId) -> Option<usize>) -> Vec<MechanismId> {
    let inserts = tree.sections.iter().flat_map(|section| &section.inserts).map(|one| one.mechanism);
    let mut all: Vec<MechanismId> = inserts.chain(tree.synapses.iter().map(|one| one.mechanism)).collect();
    all.sort_unstable_by_key(|id| (file(*id), *id));
    all.dedup();
    all
}

fn mechanism_and_variable(tree: &Tree, probe: &Probe) -> Option<(MechanismId, VarId)> {
    match probe {
        Probe::Insert(place, which, id) => Some((tree.sections.get(place.section.index())?.inserts.get(*which)?.mechanism, *id)),
        Probe::Synapse(which, id) => Some((tree.synapses.get(*which)?.mechanism, *id)),
        _ => None,
    }
}
