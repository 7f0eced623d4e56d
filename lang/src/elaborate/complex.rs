//! Complex numbers in mechanisms and in cells of equations: a complex state, parameter, definition or input `z` becomes the two real ones `z.re` and `z.im`.
//! What is complex follows from values and equations: whatever has an imaginary number in it, or something complex, and what is declared `: complex`.

mod outside;
mod pair;
mod wire;

use super::is_free;
use bouton_syntax::ast::{
    ActionKind, Binding, Bindings, Cell, Equation, Expr, ExprKind, FnBody, ItemKind, Member, MemberKind, Name, Trigger,
};
use bouton_syntax::{Code, Diagnostic, Diagnostics, ast};
use pair::{Pairs, Value};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// Names of complex variables.
pub(super) type Names = HashSet<Arc<str>>;

/// Writes out all mechanisms and cells in which something is complex, and what sets and connects it.
pub(super) fn write_out(trees: &mut [ast::File], library: &[ast::File], diagnostics: &mut Diagnostics) {
    let items = |files: &[ast::File], cells: &mut HashMap<Arc<str>, Names>| {
        for item in files.iter().flat_map(|file| &file.items) {
            let ItemKind::Cell(cell) = &item.kind else { continue };
            let names: Names = of(free(cell)).into_iter().chain(written(free(cell))).collect();
            if !names.is_empty() {
                cells.insert(cell.name.text.clone(), names);
            }
        }
    };
    let mut cells: HashMap<Arc<str>, Names> = HashMap::new();
    items(library, &mut cells);
    items(trees, &mut cells);
    for item in trees.iter_mut().flat_map(|file| &mut file.items) {
        let lines = match &mut item.kind {
            ItemKind::Mechanism(mechanism) => &mut mechanism.body.items,
            ItemKind::Cell(cell) if !free(cell).is_empty() => match &mut cell.body {
                Some(body) => &mut body.items,
                None => continue,
            },
            _ => continue,
        };
        let names = of(lines);
        if !names.is_empty() {
            *lines = Lines { names: &names, diagnostics: &mut *diagnostics }.all(std::mem::take(lines));
        }
    }
    if !cells.is_empty() {
        wire::write_out(trees, &cells, diagnostics);
    }
    outside::write_out(trees, &cells, diagnostics);
}

/// What is complex among lines that were written out before.
fn written(lines: &[Member]) -> Names {
    let names = || lines.iter().filter_map(bindings).flatten().map(|binding| &*binding.name.text);
    let is_there = |name: &str| names().any(|known| known.strip_suffix(".im") == Some(name));
    names().filter_map(|name| name.strip_suffix(".re")).filter(|name| is_there(name)).map(Arc::from).collect()
}

/// The lines of a cell of equations; none of any other.
fn free(cell: &Cell) -> &[Member] {
    let lines = cell.body.as_ref().filter(|_| cell.import.is_none()).map_or(&[][..], |body| &body.items);
    if is_free(lines) { lines } else { &[] }
}

/// `: complex`
fn is_declared(binding: &Binding) -> bool {
    binding.unit.as_ref().is_some_and(|unit| matches!(unit.terms.as_slice(), [one] if &*one.name.text == "complex"))
}

fn bindings(member: &Member) -> Option<&Bindings> {
    match &member.kind {
        MemberKind::Param(list)
        | MemberKind::State(list)
        | MemberKind::Let(list)
        | MemberKind::Input(list)
        | MemberKind::Output(list) => Some(list),
        _ => None,
    }
}

/// What is complex among lines.
fn of(lines: &[Member]) -> Names {
    let mut names = Names::new();
    loop {
        let before = names.len();
        for binding in lines.iter().filter_map(bindings).flatten() {
            if is_declared(binding) || binding.value.as_ref().is_some_and(|value| pair::is_complex(value, &names)) {
                names.insert(binding.name.text.clone());
            }
        }
        for line in lines {
            if let MemberKind::Equation(equation) = &line.kind
                && pair::is_complex(&equation.value, &names)
            {
                names.insert(equation.name.text.clone());
            }
        }
        if names.len() == before {
            return names;
        }
    }
}

/// The two names of a complex one.
pub(super) fn parts(name: &Name) -> [Name; 2] {
    ["re", "im"].map(|part| Name { text: format!("{}.{part}", name.text).into(), span: name.span })
}

/// Lines that are being written out.
struct Lines<'t> {
    names: &'t Names,
    diagnostics: &'t mut Diagnostics,
}

impl Lines<'_> {
    fn all(&mut self, lines: Vec<Member>) -> Vec<Member> {
        lines.into_iter().flat_map(|line| self.line(line)).collect()
    }

    fn pair(&mut self, value: &Expr) -> [Expr; 2] {
        let found = Pairs { names: self.names, diagnostics: &mut *self.diagnostics }.value(value);
        found.both(value.span)
    }

    /// A value that must be real.
    fn real(&mut self, value: &mut Expr) {
        *value = Pairs { names: self.names, diagnostics: &mut *self.diagnostics }.real(value);
    }

    fn line(&mut self, mut member: Member) -> Vec<Member> {
        let span = member.span;
        match &mut member.kind {
            MemberKind::Param(list)
            | MemberKind::State(list)
            | MemberKind::Let(list)
            | MemberKind::Input(list)
            | MemberKind::Output(list) => *list = list.drain(..).flat_map(|one| self.binding(one)).collect(),
            MemberKind::Equation(equation) if self.names.contains(&equation.name.text) => {
                let values = self.pair(&equation.value);
                let each = parts(&equation.name).into_iter().zip(values);
                let lines =
                    each.map(|(name, value)| Member { doc: None, kind: MemberKind::Equation(Equation { name, value }), span });
                return lines.collect();
            }
            MemberKind::Equation(equation) => self.real(&mut equation.value),
            MemberKind::Assign(assign) => self.real(&mut assign.value),
            MemberKind::Current { currents, .. } => {
                currents.iter_mut().filter_map(|one| one.value.as_mut()).for_each(|e| self.real(e))
            }
            MemberKind::Handler(handler) => {
                if let Trigger::Condition(condition) = &mut handler.trigger {
                    self.real(condition);
                }
                self.actions(&mut handler.body.items);
            }
            MemberKind::Fn(function) => {
                if let FnBody::Value(value) = &function.body
                    && pair::is_complex(value, self.names)
                {
                    let wrong = Diagnostic::new(Code::NotANumber, value.span, "functions of a mechanism have real values");
                    self.diagnostics.push(wrong.help("write it out as a `let`, which may be complex"));
                }
            }
            _ => {}
        }
        vec![member]
    }

    fn binding(&mut self, binding: Binding) -> Vec<Binding> {
        if binding.arguments.is_some() {
            return vec![binding];
        }
        if !self.names.contains(&binding.name.text) {
            let mut binding = binding;
            binding.value.iter_mut().for_each(|value| self.real(value));
            return vec![binding];
        }
        let values = match &binding.value {
            Some(value) => self.pair(value).map(Some),
            None => [0.0; 2].map(|zero| Some(Expr { kind: ExprKind::Number(zero), span: binding.span })),
        };
        let unit = if is_declared(&binding) { None } else { binding.unit.clone() };
        let each = parts(&binding.name).into_iter().zip(values);
        each.map(|(name, value)| Binding { name, arguments: None, unit: unit.clone(), value, span: binding.span }).collect()
    }

    fn actions(&mut self, actions: &mut [ast::Action]) {
        for action in actions {
            match &mut action.kind {
                ActionKind::Assign(assign) => {
                    if matches!(&assign.target.kind, ExprKind::Name(name) if self.names.contains(name)) {
                        let whole = Diagnostic::new(Code::AssignsNoState, assign.target.span, "a complex state has two parts");
                        self.diagnostics.push(whole.help("set its parts, `z.re` and `z.im`"));
                    }
                    self.real(&mut assign.value);
                }
                ActionKind::Let(list) => list.iter_mut().filter_map(|one| one.value.as_mut()).for_each(|e| self.real(e)),
                ActionKind::Spike(Some(value)) | ActionKind::Return(value) => self.real(value),
                ActionKind::Send { after, .. } => self.real(after),
                ActionKind::If(choice) => {
                    self.real(&mut choice.condition);
                    self.actions(&mut choice.then.items);
                    choice.otherwise.iter_mut().for_each(|block| self.actions(&mut block.items));
                }
                ActionKind::ForEachConnection(body) => self.actions(&mut body.items),
                ActionKind::Error | ActionKind::Spike(None) => {}
            }
        }
    }
}

impl Value {
    /// Real and imaginary part, as they are written.
    fn both(self, span: bouton_syntax::Span) -> [Expr; 2] {
        let zero = || Expr { kind: ExprKind::Number(0.0), span };
        match self {
            Value::Real(x) => [x, zero()],
            Value::Pair(re, im) => [re, im].map(|part| part.unwrap_or_else(zero)),
        }
    }
}
