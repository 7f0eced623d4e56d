//! Complex values of cells where they are set and connected: `connect p.z -> q.s` connects real parts with real parts and imaginary parts with imaginary ones.

use super::Names;
use super::pair::Pairs;
use bouton_syntax::ast::{self, Attr, AttrBlock, Connect, Expr, ExprKind, Item, ItemKind, Name};
use bouton_syntax::{Code, Diagnostic, Diagnostics};
use std::collections::HashMap;
use std::sync::Arc;

/// By population its complex variables.
pub(super) type Populations<'c> = HashMap<Arc<str>, &'c Names>;

/// Writes out populations and connections.
pub(super) fn write_out(trees: &mut [ast::File], cells: &HashMap<Arc<str>, Names>, diagnostics: &mut Diagnostics) {
    let mut populations = Populations::new();
    for item in trees.iter_mut().flat_map(|file| &mut file.items) {
        if let ItemKind::Population(population) = &mut item.kind
            && let Some(names) = cells.get(super::super::text(&population.cell).as_str())
        {
            populations.insert(population.name.text.clone(), names);
            population.attrs.iter_mut().for_each(|attrs| set(attrs, names, diagnostics));
        }
    }
    for file in trees {
        let items = std::mem::take(&mut file.items);
        file.items = items.into_iter().flat_map(|item| connected(item, &populations, diagnostics)).collect();
    }
}

/// `{ z = 0.5 + 0.1 i }`: both parts are set.
fn set(attrs: &mut AttrBlock, names: &Names, diagnostics: &mut Diagnostics) {
    let none = Names::new();
    let one = |attr: Attr| -> Vec<Attr> {
        let Some(name) = attr.name().filter(|name| names.contains(*name)).cloned() else { return vec![attr] };
        let value = Pairs { names: &none, diagnostics: &mut *diagnostics }.value(&attr.value);
        let values = value.both(attr.value.span);
        let name = Name { text: name, span: attr.path.span };
        let path = |part: &str| {
            let base = Box::new(Expr { kind: ExprKind::Name(name.text.clone()), span: name.span });
            Expr { kind: ExprKind::Field { base, name: Name { text: part.into(), span: name.span } }, span: name.span }
        };
        ["re", "im"].into_iter().zip(values).map(|(part, value)| Attr { path: path(part), value, ..attr.clone() }).collect()
    };
    attrs.items = std::mem::take(&mut attrs.items).into_iter().flat_map(one).collect();
}

/// Whether the end of a connection is complex.
pub(super) fn is_complex(end: &Expr, populations: &Populations) -> bool {
    let ExprKind::Field { base, name } = &end.kind else { return false };
    let names = crate::check::walk::head(base).and_then(|head| populations.get(head));
    // Of a copy of a mechanism in the cell the name is `exc.z`.
    let inner = match &base.kind {
        ExprKind::Field { name: copy, .. } => format!("{}.{}", copy.text, name.text),
        _ => String::new(),
    };
    names.is_some_and(|names| names.contains(&name.text) || names.contains(inner.as_str()))
}

/// `p.z.re` of `p.z`.
fn part(end: &Expr, part: &str) -> Expr {
    let name = Name { text: part.into(), span: end.span };
    Expr { kind: ExprKind::Field { base: Box::new(end.clone()), name }, span: end.span }
}

/// Rules by which it is drawn who is connected with whom.
const DRAWN: [&str; 3] = ["probability", "convergence", "divergence"];

fn connected(item: Item, populations: &Populations, diagnostics: &mut Diagnostics) -> Vec<Item> {
    let ItemKind::Connect(connect) = &item.kind else { return vec![item] };
    let ends = |list: &[Expr]| list.iter().map(|end| is_complex(end, populations)).collect::<Vec<_>>();
    let (from, to) = (ends(&connect.sources), ends(&connect.targets));
    let (all, none) = (|list: &[bool]| list.iter().all(|one| *one), |list: &[bool]| list.iter().all(|one| !*one));
    if none(&from) && none(&to) {
        return vec![item];
    }
    if !(all(&from) && all(&to)) {
        let place = connect.sources.first().map_or(item.span, |end| end.span);
        let wrong = Diagnostic::new(Code::NotANumber, place, "one end of this connection is complex, the other is real");
        diagnostics.push(wrong.help("name the part that is meant: `p.z.re`, `p.s.im`"));
        return Vec::new();
    }
    let mut attrs = connect.header.attrs.iter().flat_map(|attrs| &attrs.items);
    let refused = match () {
        () if connect.label.is_some() => Some("its label would name one of its two parts"),
        () if connect.header.via.is_some() => Some("a mechanism on a connection takes one value"),
        () if attrs.any(|attr| attr.name().is_some_and(|name| DRAWN.contains(&&**name))) => {
            Some("who is connected would be drawn for each of its parts")
        }
        () => None,
    };
    if let Some(why) = refused {
        let message = format!("complex values cannot be connected so: {why}");
        let told = Diagnostic::new(Code::NotANumber, item.span, message);
        diagnostics.push(told.help("connect the parts by themselves: `p.z.re -> p.s.re`, `p.z.im -> p.s.im`"));
        return Vec::new();
    }
    let one = |name: &str| Connect {
        sources: connect.sources.iter().map(|end| part(end, name)).collect(),
        targets: connect.targets.iter().map(|end| part(end, name)).collect(),
        ..connect.clone()
    };
    ["re", "im"].map(|name| Item { kind: ItemKind::Connect(one(name)), ..item.clone() }).into_iter().collect()
}
