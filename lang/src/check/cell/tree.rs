//! Rules of a whole cell: one root, no circles; and places on it.

use super::group::{Chosen, SectionNames};
use crate::check::{Checker, Known};
use bouton_model::ir::{Attribute, Name, Place, SectionId, Tree};
use bouton_model::unit::Dimension;
use bouton_syntax::ast::{self, ExprKind};
use bouton_syntax::{Code, Diagnostic, Span};

impl<'a> Checker<'a> {
    /// Every section but one has a parent, and all hang together. `joined` says which sections have a `connect`.
    pub(super) fn tree_rules(&mut self, cell: &Name, tree: &Tree, joined: &[bool]) {
        let mut roots = tree.sections.iter().zip(joined).filter(|(_, joined)| !**joined).map(|(section, _)| section);
        let Some(first) = roots.next() else { return self.circles(cell, tree) };
        let mut told = first.span;
        for root in roots {
            if std::mem::replace(&mut told, root.span) == root.span {
                // Another one of the same array.
                continue;
            }
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

    /// A place on a cell with sections, the same in all its cells.
    pub(in crate::check) fn place(&mut self, cell: &Name, names: &SectionNames, expr: &ast::Expr) -> Option<Place> {
        let (section, x) = self.section_place(expr, names, &format!("`{cell}`"), Known::Nothing)?;
        let section = self.fixed(section, names)?;
        Some(Place { section: SectionId(u32::try_from(section).ok()?), x })
    }

    /// `soma(0.5)`, `dend[3](0.5)`: the section among `names`, and the place on it.
    pub(super) fn section_place(
        &mut self,
        expr: &ast::Expr,
        names: &SectionNames,
        of: &str,
        known: Known,
    ) -> Option<(Chosen, Attribute)> {
        match &expr.kind {
            ExprKind::Error => None,
            ExprKind::Call { callee, args } => {
                if !matches!(callee.kind, ExprKind::Name(_) | ExprKind::Index { .. } | ExprKind::Error) {
                    self.not_a_place(expr.span);
                    return None;
                }
                let section = self.chosen(callee, names, of, known);
                let [ast::Arg { name: None, value, .. }] = args.as_slice() else {
                    self.not_a_place(expr.span);
                    return None;
                };
                let x = self.position(value, known);
                Some((section?, x?))
            }
            ExprKind::Name(_) | ExprKind::Index { .. } => {
                if self.chosen(expr, names, of, known).is_some() {
                    let written = self.written(expr);
                    let missing = Diagnostic::new(Code::NoPlace, expr.span, format!("where on `{written}`?"))
                        .help(format!("`{written}(0.5)` is its middle, `{written}(0)` and `{written}(1)` are its ends"))
                        .fix(expr.span, format!("{written}(0.5)"), format!("write `{written}(0.5)`"));
                    self.diagnostics.push(missing);
                }
                None
            }
            _ => {
                self.not_a_place(expr.span);
                None
            }
        }
    }

    /// A section as it was written.
    fn written(&self, expr: &ast::Expr) -> String {
        match &expr.kind {
            ExprKind::Name(name) => name.to_string(),
            ExprKind::Index { base, indices } => match (&base.kind, indices.as_slice()) {
                (ExprKind::Name(name), [ast::Expr { kind: ExprKind::Number(index), .. }]) => format!("{name}[{index}]"),
                (ExprKind::Name(name), _) => format!("{name}[...]"),
                _ => "...".to_owned(),
            },
            _ => "...".to_owned(),
        }
    }

    /// A number from 0 to 1.
    pub(in crate::check) fn position(&mut self, value: &ast::Expr, known: Known) -> Option<Attribute> {
        let x = self.quantity(value, known, Dimension::NONE, "a place on a section")?;
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
