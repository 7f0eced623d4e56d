//! Rules of a whole cell: one root, no circles; and places on it.

use crate::check::attributes::suggest;
use crate::check::unsupported::Construct;
use crate::check::{Checker, Known};
use bouton_model::ir::{Attribute, Name, Place, SectionId, Tree};
use bouton_model::unit::Dimension;
use bouton_syntax::ast::{self, ExprKind};
use bouton_syntax::{Code, Diagnostic, Span};
use std::collections::HashMap;

impl<'a> Checker<'a> {
    /// Every section but one has a parent, and all hang together. `joined` says which sections have a `connect`.
    pub(super) fn tree_rules(&mut self, cell: &Name, tree: &Tree, joined: &[bool]) {
        let mut roots = tree.sections.iter().zip(joined).filter(|(_, joined)| !**joined).map(|(section, _)| section);
        let Some(first) = roots.next() else { return self.circles(cell, tree) };
        for root in roots {
            let message = format!("section `{}` of `{cell}` is not connected", root.name);
            let unconnected = Diagnostic::new(Code::BrokenTree, root.span, message)
                .label("hangs in the air")
                .also(first.span, "one section is the root")
                .help(format!("connect it in its braces: `connect {}(1)`", first.name));
            self.diagnostics.push(unconnected);
        }
        self.circles(cell, tree);
    }

    fn circles(&mut self, cell: &Name, tree: &Tree) {
        if let Some(section) = circle(tree).and_then(|at| tree.sections.get(at)) {
            let message = format!("section `{}` of `{cell}` is its own ancestor", section.name);
            let circle = Diagnostic::new(Code::BrokenTree, section.span, message);
            self.diagnostics.push(circle.help("a cell is a tree: one section has no `connect`"));
        }
    }

    /// A place on a cell with sections.
    pub(in crate::check) fn place(&mut self, cell: &Name, names: &SectionNames, expr: &'a ast::Expr) -> Option<Place> {
        let (index, x) = self.section_place(expr, names, &format!("`{cell}`"))?;
        Some(Place { section: SectionId(u32::try_from(index).ok()?), x })
    }

    /// `soma(0.5)`: the number of the section among `names`, and the place on it.
    pub(in crate::check) fn section_place(
        &mut self,
        expr: &'a ast::Expr,
        names: &SectionNames,
        of: &str,
    ) -> Option<(usize, Attribute)> {
        match &expr.kind {
            ExprKind::Error => None,
            ExprKind::Call { callee, args } => self.called_place(callee, args, expr.span, names, of),
            ExprKind::Name(name) if names.find(name).is_some() => {
                let missing = Diagnostic::new(Code::NoPlace, expr.span, format!("where on `{name}`?"))
                    .help(format!("`{name}(0.5)` is its middle, `{name}(0)` and `{name}(1)` are its ends"))
                    .fix(expr.span, format!("{name}(0.5)"), format!("write `{name}(0.5)`"));
                self.diagnostics.push(missing);
                None
            }
            ExprKind::Name(name) => {
                self.unknown_section(name, expr.span, &names.all, of);
                None
            }
            ExprKind::Index { .. } => {
                self.refuse(Construct::SectionArray, expr.span);
                None
            }
            _ => {
                self.not_a_place(expr.span);
                None
            }
        }
    }

    fn called_place(
        &mut self,
        callee: &'a ast::Expr,
        args: &'a [ast::Arg],
        span: Span,
        names: &SectionNames,
        of: &str,
    ) -> Option<(usize, Attribute)> {
        let name = match &callee.kind {
            ExprKind::Name(name) => name,
            ExprKind::Error => return None,
            ExprKind::Index { .. } => {
                self.refuse(Construct::SectionArray, span);
                return None;
            }
            _ => {
                self.not_a_place(span);
                return None;
            }
        };
        let section = names.find(name);
        if section.is_none() {
            self.unknown_section(name, callee.span, &names.all, of);
        }
        let [ast::Arg { name: None, value, .. }] = args else {
            self.not_a_place(span);
            return None;
        };
        let x = self.position(value);
        Some((section?, x?))
    }

    /// A number from 0 to 1.
    pub(in crate::check) fn position(&mut self, value: &ast::Expr) -> Option<Attribute> {
        let x = self.quantity(value, Known::Nothing, Dimension::NONE, "a place on a section")?;
        if let Some(number) = self.fold(&x.value)
            && !(0.0..=1.0).contains(&number)
        {
            let message = format!("{number} is not a place on a section");
            self.diagnostics.push(
                Diagnostic::new(Code::BadPlace, value.span, message).help("places go from 0 (its beginning) to 1 (its end)"),
            );
            return None;
        }
        Some(x)
    }

    fn not_a_place(&mut self, span: Span) {
        let message = "a place is a section and a number from 0 to 1";
        self.diagnostics.push(Diagnostic::new(Code::BadPlace, span, message).help("write it like `soma(0.5)`"));
    }

    pub(in crate::check) fn unknown_section(&mut self, name: &str, span: Span, names: &[Name], of: &str) {
        let unknown = Diagnostic::new(Code::UnknownSection, span, format!("{of} has no section `{name}`"));
        self.diagnostics.push(suggest(unknown, name, span, names));
    }
}

/// A section that is its own ancestor.
fn circle(tree: &Tree) -> Option<usize> {
    // Sections that were met on the way from an earlier one carry its number, so that each is walked once.
    let mut met: Vec<Option<usize>> = vec![None; tree.sections.len()];
    for from in 0..tree.sections.len() {
        let mut at = Some(from);
        while let Some(section) = at {
            let mark = met.get_mut(section)?;
            match mark {
                Some(walk) if *walk == from => return Some(section),
                Some(_) => break,
                None => *mark = Some(from),
            }
            at = tree.sections.get(section)?.parent.as_ref().map(|parent| parent.section.index());
        }
    }
    None
}

/// The sections of a cell by name.
#[derive(Default)]
pub(in crate::check) struct SectionNames {
    all: Vec<Name>,
    places: HashMap<Name, usize>,
}

impl SectionNames {
    /// Of these names, in their order.
    pub fn new(names: impl Iterator<Item = Name>) -> SectionNames {
        let all: Vec<Name> = names.collect();
        let places = all.iter().cloned().enumerate().map(|(at, name)| (name, at)).collect();
        SectionNames { all, places }
    }

    /// The number of a section.
    pub fn find(&self, name: &str) -> Option<usize> {
        self.places.get(name).copied()
    }
}
