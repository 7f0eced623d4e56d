//! `extends`: the lines of the base, and what is declared again in place of them.

use super::{Known, any, declared};
use bouton_model::ir;
use bouton_syntax::ast::{
    self, Binding, Cell, Item, ItemKind, Mechanism, Member, MemberKind, Path, Trigger, UnitExpr, outline_expr,
};
use bouton_syntax::{Code, Diagnostic, Diagnostics};
use std::collections::HashSet;
use std::sync::Arc;

/// Writes out all mechanisms and cells that extend others. Where the base is not there, which is reported, `extends` stays.
pub(super) fn write_out(trees: &mut [ast::File], library: &[ast::File], incomplete: bool, diagnostics: &mut Diagnostics) {
    let extends = |item: &Item| match &item.kind {
        ItemKind::Mechanism(mechanism) => mechanism.base.is_some(),
        ItemKind::Cell(cell) => cell.base.is_some(),
        _ => false,
    };
    if !any(trees, extends) {
        return;
    }
    let written: Vec<ast::File> = trees.to_vec();
    let known = Known { trees: &written, library, incomplete };
    let mut finder = Finder { known, path: Vec::new(), diagnostics };
    for item in trees.iter_mut().flat_map(|file| &mut file.items).filter(|item| extends(item)) {
        match &mut item.kind {
            ItemKind::Mechanism(mechanism) => finder.mechanism(mechanism),
            ItemKind::Cell(cell) => finder.cell(cell),
            _ => {}
        }
    }
}

struct Finder<'t> {
    known: Known<'t>,
    /// What is being written out.
    path: Vec<ir::Name>,
    diagnostics: &'t mut Diagnostics,
}

impl Finder<'_> {
    fn mechanism(&mut self, mechanism: &mut Mechanism) {
        let Some(path) = mechanism.base.clone() else { return };
        let Some(mut base) = self.known.mechanism(&path, self.diagnostics).cloned() else { return };
        if base.point != mechanism.point {
            let kind = if base.point { "a point mechanism" } else { "spread over membrane" };
            let wrong = Diagnostic::new(
                Code::WrongMechanism,
                path.span,
                format!("`{}` is {kind}, and what extends it is not", base.name.text),
            );
            let help = if base.point { "write `point mechanism`" } else { "leave `point` out" };
            self.diagnostics.push(wrong.help(help));
            return;
        }
        if !self.enter(&base.name, &path) {
            return;
        }
        self.mechanism(&mut base);
        self.path.pop();
        if base.base.is_none() {
            mechanism.base = None;
            same_time(&mut mechanism.per, base.per);
            mechanism.body.items = joined(base.body.items, std::mem::take(&mut mechanism.body.items));
        }
    }

    fn cell(&mut self, cell: &mut Cell) {
        let Some(path) = cell.base.clone() else { return };
        let Some(mut base) = self.known.cell(&path, self.diagnostics).cloned() else { return };
        if !self.enter(&base.name, &path) {
            return;
        }
        self.cell(&mut base);
        self.path.pop();
        if base.base.is_none() {
            cell.base = None;
            same_time(&mut cell.per, base.per);
            cell.import = cell.import.take().or(base.import);
            if let Some(of_base) = base.body {
                let own = cell.body.take().map(|body| body.items).unwrap_or_default();
                cell.body = Some(ast::Block { items: joined(of_base.items, own), span: of_base.span });
            }
        }
    }

    /// False where something extends itself, which is reported.
    fn enter(&mut self, name: &ast::Name, at: &Path) -> bool {
        if self.path.contains(&name.text) || self.path.len() > 64 {
            let message = format!("`{}` extends itself", name.text);
            self.diagnostics.push(Diagnostic::new(Code::DependsOnItself, at.span, message));
            return false;
        }
        self.path.push(name.text.clone());
        true
    }
}

/// The base's unit of time is kept.
fn same_time(own: &mut Option<UnitExpr>, base: Option<UnitExpr>) {
    if base.is_some() {
        *own = base;
    }
}

/// The lines of the base that nothing replaces, then the own ones.
fn joined(base: Vec<Member>, own: Vec<Member>) -> Vec<Member> {
    let names: HashSet<Arc<str>> = own.iter().flat_map(declared::of_member).map(|name| name.text.clone()).collect();
    let states: HashSet<Arc<str>> = own.iter().flat_map(states).collect();
    let keys: HashSet<String> = own.iter().filter_map(key).collect();
    let replaced = |name: &ast::Name| names.contains(&name.text);
    let mut all: Vec<Member> = Vec::with_capacity(base.len() + own.len());
    for mut member in base {
        let stays = match &mut member.kind {
            MemberKind::Param(list)
            | MemberKind::State(list)
            | MemberKind::Let(list)
            | MemberKind::Input(list)
            | MemberKind::Output(list)
            | MemberKind::Current { currents: list, .. } => left(list, &names),
            // What is no state any more has no equation either.
            MemberKind::Equation(equation) if replaced(&equation.name) && !states.contains(&equation.name.text) => false,
            MemberKind::Ion(_) => key(&member).is_none_or(|key| !keys.contains(&key)),
            _ => !declared::of_member(&member).into_iter().any(replaced) && key(&member).is_none_or(|key| !keys.contains(&key)),
        };
        if stays {
            all.push(member);
        }
    }
    all.extend(own);
    all
}

fn left(list: &mut Vec<Binding>, names: &HashSet<Arc<str>>) -> bool {
    list.retain(|one| !names.contains(&one.name.text));
    !list.is_empty()
}

fn states(member: &Member) -> Vec<Arc<str>> {
    match &member.kind {
        MemberKind::State(list) => list.iter().map(|one| one.name.text.clone()).collect(),
        _ => Vec::new(),
    }
}

/// What a line without a name of its own is about: two with the same are one and its replacement.
fn key(member: &Member) -> Option<String> {
    match &member.kind {
        MemberKind::Equation(equation) => Some(format!("{}'", equation.name.text)),
        MemberKind::Assign(assign) => Some(format!("{} =", outline_expr(&assign.target))),
        MemberKind::Ion(ion) => Some(format!("ion {}", ion.name.text)),
        MemberKind::Method(_) => Some("method".to_owned()),
        MemberKind::Kinetic(_) => Some("kinetic".to_owned()),
        MemberKind::Table(table) => Some(format!("table {}", table.variable.text)),
        MemberKind::SpikeAt(_) => Some("spike at".to_owned()),
        MemberKind::Voltage(_) => Some("voltage".to_owned()),
        MemberKind::Handler(handler) => match &handler.trigger {
            Trigger::Start(_) => Some("on start".to_owned()),
            Trigger::Spike(_) => Some("on spike".to_owned()),
            Trigger::Step(_) => Some("on step".to_owned()),
            Trigger::Currents(_) => Some("on currents".to_owned()),
            Trigger::States(_) => Some("on states".to_owned()),
            Trigger::Each(name) => Some(format!("on each {}", name.text)),
            Trigger::Event { .. } => None,
            Trigger::Condition(condition) => Some(format!("on {}", outline_expr(condition))),
        },
        _ => None,
    }
}
