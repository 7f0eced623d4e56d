//! `insert exc: alpha_kernel { u = 220 Hz }` in a cell without a body: the mechanism's lines, with `exc.` before its names.

use super::rename::Rename;
use super::{Known, any, declared, is_free};
use crate::check::suggest;
use bouton_syntax::ast::{self, Cell, Expr, ExprKind, Insert, Item, ItemKind, Mechanism, Member, MemberKind};
use bouton_syntax::{Code, Diagnostic, Diagnostics};
use std::collections::HashSet;
use std::sync::Arc;

/// Writes out what cells without a body insert.
pub(super) fn write_out(trees: &mut [ast::File], library: &[ast::File], incomplete: bool, diagnostics: &mut Diagnostics) {
    let inserts = |cell: &Cell| {
        let members = cell.body.as_ref().map_or(&[][..], |body| &body.items);
        is_free(members) && cell.import.is_none() && members.iter().any(|one| matches!(one.kind, MemberKind::Insert(_)))
    };
    if !any(trees, |item: &Item| matches!(&item.kind, ItemKind::Cell(cell) if inserts(cell))) {
        return;
    }
    let written: Vec<ast::File> = trees.to_vec();
    let mut writer = Writer { known: Known { trees: &written, library, incomplete }, diagnostics };
    for item in trees.iter_mut().flat_map(|file| &mut file.items) {
        if let ItemKind::Cell(cell) = &mut item.kind
            && inserts(cell)
        {
            writer.cell(cell);
        }
    }
}

struct Writer<'t> {
    known: Known<'t>,
    diagnostics: &'t mut Diagnostics,
}

impl Writer<'_> {
    fn cell(&mut self, cell: &mut Cell) {
        let per = cell.per.clone();
        let Some(body) = &mut cell.body else { return };
        let names: HashSet<Arc<str>> =
            body.items.iter().filter_map(insert).filter_map(name).map(|one| one.text.clone()).collect();
        let is_space = |name: &str| names.contains(name);
        // Wires between copies: `exc.v` is one name.
        body.items.iter_mut().for_each(|member| Rename::joining(&is_space).member(member));
        let mut all: Vec<Member> = Vec::new();
        let varying = varying(&body.items);
        let mut seen: Vec<(Arc<str>, bouton_syntax::Span)> = Vec::new();
        for member in std::mem::take(&mut body.items) {
            let Some((insert, name)) = insert(&member).and_then(|insert| Some((insert, name(insert)?))) else {
                all.push(member);
                continue;
            };
            if let Some((_, first)) = seen.iter().find(|(known, _)| *known == name.text) {
                self.diagnostics.push(crate::check::declared_twice(name, *first));
                continue;
            }
            seen.push((name.text.clone(), name.span));
            let Some(mechanism) = self.mechanism(insert) else {
                // Its names are not known: whatever is asked of them stays silent.
                all.push(member);
                continue;
            };
            if written(mechanism.per.as_ref()) != written(per.as_ref()) {
                let message = format!("`{}` and this cell count time in different ways", mechanism.name.text);
                let wrong = Diagnostic::new(Code::WrongMechanism, insert.mechanism.span, message);
                self.diagnostics.push(wrong.help("write `per` with the same unit on both, or on none"));
                all.push(member);
                continue;
            }
            let lines = self.lines(&mechanism, insert, name, &varying);
            all.extend(lines);
        }
        body.items = without_doubles(all);
    }

    fn mechanism(&mut self, insert: &Insert) -> Option<Mechanism> {
        let span = insert.mechanism.span;
        let mechanism = self.known.mechanism(&insert.mechanism, self.diagnostics)?;
        if mechanism.point {
            let message =
                format!("`{}` sits at a place of a membrane, and a cell without sections has none", mechanism.name.text);
            self.diagnostics.push(Diagnostic::new(Code::NoMembrane, span, message).help("give the cell a section"));
            return None;
        }
        Some(mechanism.clone())
    }

    /// The lines of a copy.
    fn lines(&mut self, mechanism: &Mechanism, insert: &Insert, name: &ast::Name, varying: &HashSet<Arc<str>>) -> Vec<Member> {
        let mut members = mechanism.body.items.clone();
        let own: HashSet<Arc<str>> = members.iter().flat_map(declared::of_member).map(|one| one.text.clone()).collect();
        let map = |one: &str| own.contains(one).then(|| Arc::from(format!("{}.{one}", name.text)));
        members.iter_mut().for_each(|member| Rename::by(&map).member(member));
        let mut given: HashSet<&str> = HashSet::new();
        for attr in insert.attrs.iter().flat_map(|block| &block.items) {
            let Some(set) = attr.name().filter(|_| !attr.bare) else {
                let wrong = Diagnostic::new(Code::UnknownParameter, attr.span, "the braces give values to parameters and inputs");
                self.diagnostics.push(wrong.help("write `NAME = VALUE`"));
                continue;
            };
            if !given.insert(set) {
                let twice = Diagnostic::new(Code::AttributeTwice, attr.path.span, format!("`{set}` is given twice"));
                self.diagnostics.push(twice);
                continue;
            }
            let full = format!("{}.{set}", name.text);
            if !put(&mut members, &full, &attr.value, varying) {
                let names: Vec<&str> = settable(&mechanism.body.items);
                let message = format!("`{}` has no parameter `{set}`", mechanism.name.text);
                let unknown = Diagnostic::new(Code::UnknownParameter, attr.path.span, message);
                self.diagnostics.push(suggest(unknown, set, attr.path.span, &names));
            }
        }
        members
    }
}

/// A unit as it is written, wherever it stands.
fn written(unit: Option<&ast::UnitExpr>) -> Option<Vec<(&str, ast::Power)>> {
    Some(unit?.terms.iter().map(|term| (&*term.name.text, term.power)).collect())
}

fn insert(member: &Member) -> Option<&Insert> {
    if let MemberKind::Insert(insert) = &member.kind { Some(insert) } else { None }
}

/// What a copy is called: as the line says, else as the mechanism.
fn name(insert: &Insert) -> Option<&ast::Name> {
    insert.name.as_ref().or_else(|| insert.mechanism.parts.last()).filter(|name| !name.is_missing())
}

/// The names of parameters, inputs and states.
fn settable(members: &[Member]) -> Vec<&str> {
    let lists = members.iter().filter_map(|member| match &member.kind {
        MemberKind::Param(list) | MemberKind::Input(list) | MemberKind::State(list) => Some(list),
        _ => None,
    });
    lists.flatten().map(|binding| &*binding.name.text).collect()
}

/// Gives a parameter, an input or the beginning of a state another value. An input that is wired to something that varies becomes a
/// definition: nothing else can drive it.
fn put(members: &mut Vec<Member>, name: &str, value: &Expr, varying: &HashSet<Arc<str>>) -> bool {
    for at in 0..members.len() {
        let Some(member) = members.get_mut(at) else { return false };
        let is_input = matches!(member.kind, MemberKind::Input(_));
        let (MemberKind::Param(list) | MemberKind::Input(list) | MemberKind::State(list)) = &mut member.kind else { continue };
        let Some(found) = list.iter().position(|binding| *binding.name.text == *name) else { continue };
        let Some(binding) = list.get_mut(found) else { return false };
        binding.value = Some(value.clone());
        if is_input && is_wire(value, varying) {
            let wire = list.remove(found);
            let span = member.span;
            members.push(Member { doc: None, kind: MemberKind::Let(vec![wire]), span });
        }
        return true;
    }
    false
}

/// Whether a value reads something of another copy, or of the cell, that changes while the model runs.
fn is_wire(value: &Expr, varying: &HashSet<Arc<str>>) -> bool {
    let is = |name: &Arc<str>| name.contains('.') || varying.contains(name);
    crate::check::walk::any(value, &mut |part| matches!(&part.kind, ExprKind::Name(name) if is(name)))
}

/// What of a cell changes while the model runs: its inputs, states and definitions, and the time.
fn varying(lines: &[Member]) -> HashSet<Arc<str>> {
    let lists = lines.iter().filter_map(|line| match &line.kind {
        MemberKind::Input(list) | MemberKind::State(list) | MemberKind::Let(list) | MemberKind::Output(list) => Some(list),
        _ => None,
    });
    lists.flatten().map(|binding| binding.name.text.clone()).chain([Arc::from("t")]).collect()
}

/// Copies of mechanisms with the same method say it once.
fn without_doubles(members: Vec<Member>) -> Vec<Member> {
    let mut methods: HashSet<Arc<str>> = HashSet::new();
    let keep = |member: &Member| match &member.kind {
        MemberKind::Method(name) => methods.insert(name.text.clone()),
        _ => true,
    };
    let mut keep = keep;
    members.into_iter().filter(|member| keep(member)).collect()
}
