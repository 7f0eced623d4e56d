//! One section: its attributes, where it is connected, what is inserted. The rules of the whole tree are in `tree`.

use super::tree::SectionNames;
use crate::check::attributes::Attributes;
use crate::check::plausible::Plausible;
use crate::check::unsupported::Construct;
use crate::check::{Checker, Known, walk};
use bouton_model::ir::{self, Attribute, Insert, Name, Parent, SectionId};
use bouton_model::unit::Dimension;
use bouton_syntax::ast::{self, ExprKind, SectionKind};
use bouton_syntax::{Code, Diagnostic, Span};

/// Ions with the attributes of a section that belong to them: reversal potential, concentrations inside and outside.
const IONS: &[(&str, &str, &str, &str)] = &[("na", "ena", "nai", "nao"), ("k", "ek", "ki", "ko"), ("ca", "eca", "cai", "cao")];

/// Names of what varies along a tree.
const VARYING: &[&str] = &["path_distance", "segment_distance"];

impl<'a> Checker<'a> {
    /// Checks a section; `all` are the sections of its cell.
    pub(super) fn section(&mut self, cell: &Name, section: &'a ast::Section, all: &SectionNames) -> ir::Section {
        let mut lines = Vec::new();
        let (mut parent, mut inserts) = (None, Vec::new());
        for line in &section.body.items {
            match &line.kind {
                SectionKind::Error => {}
                SectionKind::Attr(attr) => lines.push(attr),
                SectionKind::Let(_) => self.refuse(Construct::SectionLet, line.span),
                SectionKind::Insert(insert) => self.insert(insert, line.span, &mut inserts),
                SectionKind::Join { parent: place, at } => {
                    if let Some((first, _)) = parent {
                        self.diagnostics.push(connected_twice(line.span, first));
                    } else {
                        parent = Some((line.span, self.parent(cell, section, place, at.as_ref(), all)));
                    }
                }
            }
        }
        let mut attributes = Attributes::of_lines(lines);
        let checked = ir::Section {
            name: section.name.text.clone(),
            span: section.name.span,
            length: self.section_value(&mut attributes, "L", Dimension::LENGTH, Plausible::Length),
            diam: self.section_value(&mut attributes, "diam", Dimension::LENGTH, Plausible::Diameter),
            axial_resistivity: self.section_value(&mut attributes, "Ra", Dimension::RESISTIVITY, Plausible::Resistivity),
            capacitance: self.section_value(&mut attributes, "cm", Dimension::CAPACITANCE_DENSITY, Plausible::Capacitance),
            segments: self.segments(&mut attributes),
            parent: parent.and_then(|(_, parent)| parent),
            reversal: self.reversal(&mut attributes),
            inserts,
        };
        attributes.unsupported("points", Construct::Points, self.diagnostics);
        attributes.finish("a section", self.diagnostics);
        checked
    }

    fn section_value(
        &mut self,
        attributes: &mut Attributes<'a>,
        name: &'static str,
        dimension: Dimension,
        plausible: Plausible,
    ) -> Option<Attribute> {
        let attr = attributes.value(name, self.diagnostics)?;
        if self.varies(&attr.value) {
            return None;
        }
        let value = self.positive(&attr.value, Known::Nothing, dimension, &format!("`{name}`"))?;
        self.plausible(&value, plausible);
        Some(value)
    }

    /// Refuses values along the tree.
    pub(in crate::check) fn varies(&mut self, value: &ast::Expr) -> bool {
        let declared = &self.declared.names;
        let varies = VARYING.iter().any(|name| declared.declaration(name).is_none() && walk::mentions(value, name));
        if varies {
            self.refuse(Construct::VaryingValue, value.span);
        }
        varies
    }

    fn segments(&mut self, attributes: &mut Attributes<'a>) -> Option<Attribute> {
        let attr = attributes.value("nseg", self.diagnostics)?;
        if calls(&attr.value, "d_lambda") {
            self.refuse(Construct::DLambda, attr.value.span);
            return None;
        }
        let value = self.whole(&attr.value, Known::Nothing, "`nseg`", 1.0)?;
        self.plausible(&value, Plausible::Segments);
        Some(value)
    }

    fn reversal(&mut self, attributes: &mut Attributes<'a>) -> Vec<(Name, Attribute)> {
        let mut all = Vec::new();
        for (ion, reversal, inside, outside) in IONS {
            if let Some(attr) = attributes.value(reversal, self.diagnostics)
                && !self.varies(&attr.value)
                && let Some(value) = self.quantity(&attr.value, Known::Nothing, Dimension::VOLTAGE, &format!("`{reversal}`"))
            {
                self.plausible(&value, Plausible::Voltage);
                all.push((Name::from(*ion), value));
            }
            attributes.unsupported(inside, Construct::IonConcentration, self.diagnostics);
            attributes.unsupported(outside, Construct::IonConcentration, self.diagnostics);
        }
        all
    }

    fn insert(&mut self, insert: &'a ast::Insert, span: Span, all: &mut Vec<Insert>) {
        let name = insert.name.as_ref().or(insert.mechanism.parts.last());
        let Some(mechanism) = self.density_mechanism(&insert.mechanism) else { return };
        let settings = self.settings(insert.attrs.as_ref(), mechanism, Known::Nothing, insert.mechanism.span);
        let Some(name) = name else { return };
        if let Some(first) = all.iter().find(|one: &&Insert| one.name == name.text) {
            let twice = Diagnostic::new(Code::DeclaredTwice, span, format!("`{}` is inserted twice", name.text))
                .label("inserted again here")
                .also(first.span, "first inserted here")
                .help(format!("give the copy a name: `insert {}2: {}`", name.text, name.text));
            self.diagnostics.push(twice);
            return;
        }
        all.push(Insert { mechanism, name: name.text.clone(), settings, span });
    }

    fn parent(
        &mut self,
        cell: &Name,
        section: &'a ast::Section,
        place: &'a ast::Expr,
        at: Option<&'a ast::Expr>,
        all: &SectionNames,
    ) -> Option<Parent> {
        let joined = self.section_place(place, all, &format!("`{cell}`"));
        let by_end = match at {
            Some(at) => self.end(at),
            None => Some(false),
        };
        let (index, at) = joined?;
        if all.find(&section.name.text) == Some(index) {
            let itself = format!("section `{}` is connected to itself", section.name.text);
            self.diagnostics
                .push(Diagnostic::new(Code::BrokenTree, place.span, itself).help("name the section that it grows from"));
            return None;
        }
        Some(Parent { section: SectionId(u32::try_from(index).ok()?), at, by_end: by_end? })
    }

    /// `at 0` or `at 1`: whether it is the 1 end.
    fn end(&mut self, at: &'a ast::Expr) -> Option<bool> {
        let value = self.quantity(at, Known::Nothing, Dimension::NONE, "the end of a section")?;
        match self.fold(&value.value) {
            Some(0.0) => Some(false),
            Some(1.0) => Some(true),
            _ => {
                let message = "a section is joined by its 0 end or its 1 end";
                self.diagnostics.push(Diagnostic::new(Code::OutOfRange, at.span, message).help("write `at 0` or `at 1`"));
                None
            }
        }
    }
}

/// Whether a section says where it is connected.
pub(super) fn is_joined(section: &ast::Section) -> bool {
    section.body.items.iter().any(|line| matches!(line.kind, SectionKind::Join { .. } | SectionKind::Error))
}

/// Whether an expression calls a function of this name.
fn calls(expr: &ast::Expr, function: &str) -> bool {
    walk::any(expr, &mut |part| match &part.kind {
        ExprKind::Call { callee, .. } => matches!(&callee.kind, ExprKind::Name(name) if &**name == function),
        _ => false,
    })
}

fn connected_twice(again: Span, first: Span) -> Diagnostic {
    Diagnostic::new(Code::BrokenTree, again, "a section is connected twice")
        .label("connected again here")
        .also(first, "first connected here")
        .help("a section has one parent")
}
