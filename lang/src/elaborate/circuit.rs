//! `circuit b: JRC { C = 120 }`: the circuit's declarations under `b.`, its parameters with the values of the braces.

use super::rename::Rename;
use super::{any, declared, text};
use crate::load::Files;
use bouton_model::ir;
use bouton_syntax::ast::{self, CircuitUse, Expr, ExprKind, Item, ItemKind};
use bouton_syntax::{Code, Diagnostic, Diagnostics, Span};
use std::collections::HashMap;
use std::sync::Arc;

/// How deep circuits may lie in each other, and how many declarations all may bring.
const MOST_DEEP: usize = 64;
const MOST_ITEMS: usize = 1_000_000;

/// Writes out all uses of circuits, those in circuits too.
pub(super) fn write_out(trees: &mut [ast::File], library: &[ast::File], incomplete: bool, diagnostics: &mut Diagnostics) {
    if !any(trees, |item| matches!(item.kind, ItemKind::Circuit(_) | ItemKind::CircuitUse(_))) {
        return;
    }
    let mut known: HashMap<ir::Name, ast::Circuit> = HashMap::new();
    // Those of the script come first.
    for item in trees.iter().chain(library).flat_map(|file| &file.items) {
        if let ItemKind::Circuit(circuit) = &item.kind {
            known.entry(circuit.name.text.clone()).or_insert_with(|| circuit.clone());
        }
    }
    let mut writer = Writer { known, incomplete, path: Vec::new(), count: 0, diagnostics };
    for file in trees {
        let items = std::mem::take(&mut file.items);
        file.items = writer.items(items);
    }
}

/// A use of each circuit that has none, and the place of its text.
pub(super) fn unused(files: &Files<'_>) -> Vec<(Item, Span)> {
    let before = files.prior.parts.iter().map(|part| &part.file);
    let items = || before.clone().chain([&files.script]).chain(&files.used).flat_map(|file| &file.items);
    let circuits = || items().filter_map(|item| if let ItemKind::Circuit(circuit) = &item.kind { Some(circuit) } else { None });
    if circuits().next().is_none() {
        return Vec::new();
    }
    let inner = circuits().flat_map(|circuit| &circuit.body.items);
    let uses =
        items().chain(inner).filter_map(|item| if let ItemKind::CircuitUse(used) = &item.kind { Some(used) } else { None });
    let used: Vec<&str> = uses.filter_map(|used| used.circuit.parts.last()).map(|name| &*name.text).collect();
    let unused = circuits().filter(|circuit| !used.contains(&&*circuit.name.text) && !circuit.name.is_missing());
    let under = |circuit: &ast::Circuit| files.under.get(&circuit.name.span.file).cloned();
    unused
        .map(|circuit| {
            let full =
                under(circuit).map_or_else(|| circuit.name.text.clone(), |under| format!("{under}.{}", circuit.name.text).into());
            let name = ast::Name { text: full, span: circuit.name.span };
            let path = ast::Path { parts: vec![name.clone()], span: name.span };
            let kind = ItemKind::CircuitUse(CircuitUse { name, circuit: path, attrs: None });
            (Item { doc: None, kind, span: circuit.name.span }, circuit.body.span)
        })
        .collect()
}

struct Writer<'d> {
    known: HashMap<ir::Name, ast::Circuit>,
    incomplete: bool,
    /// Circuits that are being written out.
    path: Vec<ir::Name>,
    count: usize,
    diagnostics: &'d mut Diagnostics,
}

impl Writer<'_> {
    fn items(&mut self, items: Vec<Item>) -> Vec<Item> {
        let mut all = Vec::with_capacity(items.len());
        for item in items {
            let inside = match &item.kind {
                ItemKind::CircuitUse(used) => self.inside(used),
                _ => Vec::new(),
            };
            all.push(item);
            all.extend(inside);
        }
        all
    }

    /// What a use of a circuit declares.
    fn inside(&mut self, used: &CircuitUse) -> Vec<Item> {
        let name = text(&used.circuit);
        if name.is_empty() || used.name.is_missing() {
            return Vec::new();
        }
        let Some(circuit) = self.known.get(&*name).cloned() else {
            self.unknown(used, &name);
            return Vec::new();
        };
        if self.path.contains(&circuit.name.text) {
            let round: Vec<&str> = self.path.iter().map(|one| &**one).chain([&*circuit.name.text]).collect();
            let message = format!("the circuit `{name}` contains itself: {}", round.join(" -> "));
            self.diagnostics.push(Diagnostic::new(Code::DependsOnItself, used.circuit.span, message));
            return Vec::new();
        }
        self.count += circuit.body.items.len();
        if self.path.len() >= MOST_DEEP || self.count > MOST_ITEMS {
            let message = format!("circuits unfold into more than {MOST_ITEMS} declarations, or {MOST_DEEP} deep");
            self.diagnostics.push(Diagnostic::new(Code::UnfoldsTooFar, used.circuit.span, message));
            return Vec::new();
        }
        let own: Vec<Arc<str>> = circuit.body.items.iter().flat_map(declared::of_item).map(|one| one.text.clone()).collect();
        let map = |name: &str| own.iter().any(|one| **one == *name).then(|| Arc::from(format!("{}.{name}", used.name.text)));
        let mut items = circuit.body.items.clone();
        items.iter_mut().for_each(|item| Rename::by(&map).item(item));
        self.set(used, &circuit, &mut items);
        for item in &mut items {
            if let ItemKind::Output(list) = &mut item.kind {
                // Seen from outside it is a definition like any other.
                item.kind = ItemKind::Let(std::mem::take(list));
            }
        }
        self.path.push(circuit.name.text.clone());
        let items = self.items(items);
        self.path.pop();
        items
    }

    /// Parameters get the values of the braces, which are read where these stand.
    fn set(&mut self, used: &CircuitUse, circuit: &ast::Circuit, items: &mut [Item]) {
        let mut given: Vec<&str> = Vec::new();
        for attr in used.attrs.iter().flat_map(|block| &block.items) {
            let Some(name) = attr.name() else {
                let wrong = Diagnostic::new(Code::UnknownParameter, attr.path.span, "the braces of a circuit set its parameters");
                self.diagnostics.push(wrong.help("declare a `param` in the circuit, and use it where the value is needed"));
                continue;
            };
            let full = format!("{}.{name}", used.name.text);
            let params =
                items.iter_mut().filter_map(|item| if let ItemKind::Param(list) = &mut item.kind { Some(list) } else { None });
            let Some(binding) = params.flatten().find(|binding| *binding.name.text == *full) else {
                self.no_parameter(circuit, attr, name);
                continue;
            };
            if given.contains(&&**name) {
                let twice = Diagnostic::new(Code::AttributeTwice, attr.path.span, format!("`{name}` is given twice"));
                self.diagnostics.push(twice);
                continue;
            }
            given.push(name);
            if attr.bare {
                let bare = Diagnostic::new(Code::MissingDefinition, attr.span, format!("`{name}` has no value"));
                self.diagnostics.push(bare.help(format!("write `{name} = ...`")));
                continue;
            }
            // The unit that the declaration has says what the value must be.
            binding.value = Some(attr.value.clone());
        }
        let params =
            items.iter_mut().filter_map(|item| if let ItemKind::Param(list) = &mut item.kind { Some(list) } else { None });
        for binding in params.flatten().filter(|binding| binding.value.is_none()) {
            let name = binding.name.text.rsplit('.').next().unwrap_or_default();
            let message = format!("`{}` needs a value for `{name}`", circuit.name.text);
            let missing = Diagnostic::new(Code::MissingParameter, used.name.span, message);
            let missing = missing.also(binding.name.span, "declared without a value");
            self.diagnostics.push(missing.help(format!("set it in the braces: `{{ {name} = ... }}`")));
            binding.value = Some(Expr { kind: ExprKind::Error, span: binding.span });
        }
    }

    fn no_parameter(&mut self, circuit: &ast::Circuit, attr: &ast::Attr, name: &str) {
        let items = circuit.body.items.iter();
        let params = items.filter_map(|item| if let ItemKind::Param(list) = &item.kind { Some(list) } else { None });
        let names: Vec<&str> = params.flatten().map(|binding| &*binding.name.text).collect();
        let message = format!("the circuit `{}` has no parameter `{name}`", circuit.name.text);
        let unknown = Diagnostic::new(Code::UnknownParameter, attr.path.span, message);
        self.diagnostics.push(crate::check::suggest(unknown, name, attr.path.span, &names));
    }

    fn unknown(&mut self, used: &CircuitUse, name: &str) {
        if self.incomplete {
            return;
        }
        let mut names: Vec<&str> = self.known.keys().map(|name| &**name).collect();
        names.sort_unstable();
        let span = used.circuit.span;
        let unknown = Diagnostic::new(Code::UnknownName, span, format!("there is no circuit `{name}`"));
        self.diagnostics.push(crate::check::suggest(unknown, name, span, &names));
    }
}
