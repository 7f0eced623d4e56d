//! Lines of braces that act on sections: of a section itself, of an array, or of a group. Later ones win.

use super::Making;
use super::group::{Chosen, no_element, with_index};
use crate::check::attributes::Attributes;
use crate::check::plausible::Plausible;
use crate::check::{Checker, Known, constant};
use bouton_model::algebra::visit;
use bouton_model::ir::{
    self, Attribute, Expr, Insert, IonSetting, Name, Parent, PlaceAttribute, SectionAttribute, SectionId, Var,
};
use bouton_model::unit::Dimension;
use bouton_syntax::ast::{self, SectionKind, SectionLine};
use bouton_syntax::{Code, Diagnostic, Span};
use std::rc::Rc;

/// Attributes of a section by name.
pub(super) const ATTRIBUTES: &[(&str, SectionAttribute)] = &[
    ("L", SectionAttribute::Length),
    ("diam", SectionAttribute::Diam),
    ("Ra", SectionAttribute::AxialResistivity),
    ("cm", SectionAttribute::Capacitance),
    ("nseg", SectionAttribute::Segments),
];

/// What a section hangs on, for all sections to which one `connect` applies.
pub(in crate::check) struct Joined {
    span: Span,
    section: Chosen,
    at: Attribute,
    by_end: bool,
}

impl<'a> Checker<'a> {
    /// Reads lines into these sections.
    pub(super) fn lines(&mut self, lines: &'a [SectionLine], targets: &[usize], making: &mut Making) {
        self.section_lets(lines, making);
        let (mut attributes, mut joined, mut inserted) = (Vec::new(), None, Vec::new());
        for line in lines {
            match &line.kind {
                SectionKind::Error | SectionKind::Let(_) => {}
                SectionKind::Attr(attr) => attributes.push(attr),
                SectionKind::Insert(insert) if self.is_extracellular(insert) => {
                    self.extracellular(insert, line.span, targets, making);
                }
                SectionKind::Insert(insert) => self.insert(insert, line.span, targets, &mut inserted, making),
                SectionKind::Join { parent, at } => match joined {
                    Some(first) => self.diagnostics.push(connected_twice(line.span, first)),
                    None => {
                        joined = Some(line.span);
                        let found = self.hangs_on(parent, at.as_ref(), making).map(Rc::new);
                        for target in targets {
                            making.joins[*target] = Some(found.clone());
                        }
                    }
                },
            }
        }
        self.attributes(attributes, targets, making);
        self.leave_lets();
    }

    fn attributes(&mut self, lines: Vec<&'a ast::Attr>, targets: &[usize], making: &mut Making) {
        let mut attributes = Attributes::of_lines(lines);
        let points = attributes.value("points", self.diagnostics);
        let mut lengths = false;
        for (name, attribute) in ATTRIBUTES {
            let Some(attr) = attributes.value(name, self.diagnostics) else { continue };
            if let (Some(points), SectionAttribute::Diam) = (points, attribute) {
                let message = format!("`{name}` and `points` both say how large the section is");
                let both = Diagnostic::new(Code::AttributeTwice, attr.path.span, message).also(points.path.span, "the points");
                self.diagnostics.push(both.help("leave one of them out"));
                continue;
            }
            let Some(value) = self.attribute_value(&attr.value, *attribute, Known::Part) else { continue };
            lengths |= *attribute == SectionAttribute::Length;
            making.each(targets, |section| *section.attribute(*attribute) = Some(value.clone()));
        }
        if let Some(points) = points.and_then(|attr| self.points(&attr.value)) {
            making.each(targets, |section| {
                // `L` beside points is what they are stretched to.
                section.length = section.length.take().filter(|_| lengths);
                (section.diam, section.points) = (None, Some(points.clone()));
            });
        }
        for setting in self.section_ions(&mut attributes) {
            making.each(targets, |section| set_ion(section, &setting));
        }
        attributes.finish("a section", self.diagnostics);
    }

    /// The value of an attribute of sections.
    pub(in crate::check) fn attribute_value(
        &mut self,
        expr: &'a ast::Expr,
        attribute: SectionAttribute,
        known: Known,
    ) -> Option<Attribute> {
        use PlaceAttribute::{Diam, Index, Lambda, Length, PathDistance, X};
        let (name, dimension, plausible, places): (_, _, _, &[PlaceAttribute]) = match attribute {
            SectionAttribute::Length => ("`L`", Dimension::LENGTH, Plausible::Length, &[Index]),
            SectionAttribute::Diam => ("`diam`", Dimension::LENGTH, Plausible::Diameter, &[Index, Length, X, PathDistance]),
            SectionAttribute::AxialResistivity => ("`Ra`", Dimension::RESISTIVITY, Plausible::Resistivity, &[Index, Length]),
            SectionAttribute::Capacitance => {
                ("`cm`", Dimension::CAPACITANCE_DENSITY, Plausible::Capacitance, &[Index, Length, X, PathDistance, Diam])
            }
            SectionAttribute::Segments => ("`nseg`", Dimension::NONE, Plausible::Segments, &[Index, Length, Lambda]),
        };
        let value = match attribute {
            SectionAttribute::Segments => self.whole(expr, known, name, 1.0)?,
            // A section without capacitance follows its neighbours at once.
            SectionAttribute::Capacitance => self.not_negative(expr, known, dimension, name)?,
            _ => self.positive(expr, known, dimension, name)?,
        };
        self.plausible(&value, plausible);
        self.knows_places(&value, name, places).then_some(value)
    }

    /// Whether a value uses nothing of the tree that is not known before it.
    pub(in crate::check) fn knows_places(&mut self, value: &Attribute, what: &str, known: &[PlaceAttribute]) -> bool {
        let mut unknown = None;
        visit(&value.value, &mut |part| {
            if let Expr::Var(Var::Place(place)) = part
                && !known.contains(place)
            {
                unknown.get_or_insert(*place);
            }
        });
        let Some(place) = unknown else { return true };
        let name = super::names::PLACES.iter().find(|(_, known, _)| *known == place).map_or("d_lambda(...)", |(name, ..)| name);
        let message = format!("{what} is needed before `{name}` is known");
        let names: Vec<String> = super::names::PLACES
            .iter()
            .filter(|(_, place, _)| known.contains(place))
            .map(|(name, ..)| format!("`{name}`"))
            .collect();
        let help = match names.as_slice() {
            [] => "it can use parameters and definitions".to_owned(),
            names => format!("of the place on the tree it can use {}", names.join(", ")),
        };
        self.diagnostics.push(Diagnostic::new(Code::NotKnownYet, value.span, message).help(help));
        false
    }

    fn insert(
        &mut self,
        insert: &'a ast::Insert,
        span: Span,
        targets: &[usize],
        inserted: &mut Vec<(Name, Span)>,
        making: &mut Making,
    ) {
        let name = insert.name.as_ref().or(insert.mechanism.parts.last());
        let Some(mechanism) = self.density_mechanism(&insert.mechanism) else { return };
        let tables = self.given_tables(insert.attrs.as_ref(), mechanism, Known::Part);
        let settings = self.given_settings(insert.attrs.as_ref(), mechanism, Known::Part);
        let Some(name) = name else { return };
        let twice = |first: Span| {
            Diagnostic::new(Code::DeclaredTwice, span, format!("`{}` is inserted twice", name.text))
                .label("inserted again here")
                .also(first, "first inserted here")
                .help(format!("give the copy a name: `insert {}2: {}`", name.text, name.text))
        };
        if let Some((_, first)) = inserted.iter().find(|(known, _)| *known == name.text) {
            self.diagnostics.push(twice(*first));
            return;
        }
        inserted.push((name.text.clone(), span));
        making.inserted.push((span, insert.mechanism.span));
        let filled = self.filled(mechanism, &tables);
        for target in targets {
            let Some(section) = making.tree.sections.get_mut(*target) else { continue };
            match section.inserts.iter_mut().find(|one| one.name == name.text) {
                None => {
                    let (name, settings) = (name.text.clone(), settings.clone());
                    section.inserts.push(Insert { mechanism: filled, name, settings, span });
                }
                Some(known) if self.unfilled(known.mechanism) == mechanism => {
                    known.mechanism = self.filled(known.mechanism, &tables);
                    settings.iter().for_each(|one| set(&mut known.settings, one));
                }
                Some(known) => {
                    let other = twice(known.span);
                    self.diagnostics.push(other);
                    return;
                }
            }
        }
    }

    fn hangs_on(&mut self, place: &'a ast::Expr, at: Option<&'a ast::Expr>, making: &Making) -> Option<Joined> {
        let names = making.names.clone();
        let found = self.section_place(place, &names, &format!("`{}`", making.cell), Known::Part);
        let by_end = match at {
            Some(at) => self.end(at),
            None => Some(false),
        };
        let ((section, at), by_end) = (found?, by_end?);
        let index = if let Chosen::Of(_, index) = &section { Some(index) } else { None };
        let known = [Some(&at), index]
            .into_iter()
            .flatten()
            .all(|value| self.knows_places(value, "where a section hangs", &[PlaceAttribute::Index]) && self.same_for_all(value));
        known.then_some(Joined { span: place.span, section, at, by_end })
    }

    /// Refuses parameters of the cell where all cells must have one value.
    pub(in crate::check) fn same_for_all(&mut self, value: &Attribute) -> bool {
        let mut uses = false;
        visit(&value.value, &mut |part| uses |= matches!(part, Expr::Var(Var::Cell(_))));
        if uses {
            let message = "a place is the same in all cells, and cannot use a parameter of the cell";
            self.diagnostics
                .push(Diagnostic::new(Code::NotKnownYet, value.span, message).help("use a number, or a `param` of the file"));
        }
        !uses
    }

    /// What each section hangs on.
    pub(super) fn parents(&mut self, making: &mut Making) {
        let mut told = Vec::new();
        for at in 0..making.joins.len() {
            let (Some(Some(joined)), Some(section)) = (making.joins[at].clone(), making.tree.sections.get_mut(at)) else {
                continue;
            };
            let parent = match &joined.section {
                Chosen::One(parent) => Ok(*parent),
                Chosen::Of(array, index) => {
                    let index = constant::value(&with_index(&index.value, section.index)).map(f64::floor);
                    match index {
                        Some(index) => array.section(index).ok_or_else(|| {
                            no_element(making.names.name_of(array.first), index, *array, joined.span)
                                .also(section.span, format!("for section `{}`", section.name))
                        }),
                        None => Err(Diagnostic::new(
                            Code::NotConstant,
                            joined.span,
                            "the section that another hangs on is laid down with the shape of the cell, and no parameter changes it",
                        )),
                    }
                }
            };
            let parent = match parent {
                Ok(parent) if parent == at => Err(Diagnostic::new(
                    Code::BrokenTree,
                    joined.span,
                    format!("section `{}` is connected to itself", section.name),
                )
                .help("name the section that it grows from")),
                other => other,
            };
            match parent {
                Ok(parent) => {
                    let at = Attribute { value: with_index(&joined.at.value, section.index), span: joined.at.span };
                    let parent = SectionId(u32::try_from(parent).unwrap_or(u32::MAX));
                    section.parent = Some(Parent { section: parent, at, by_end: joined.by_end });
                }
                Err(diagnostic) if !told.contains(&joined.span) => {
                    told.push(joined.span);
                    self.diagnostics.push(diagnostic);
                }
                Err(_) => {}
            }
        }
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

    /// The `let`s of braces become known to its lines.
    fn section_lets(&mut self, lines: &'a [SectionLine], making: &Making) {
        let mut lets: Vec<&'a ast::Binding> = Vec::new();
        for line in lines {
            let SectionKind::Let(bindings) = &line.kind else { continue };
            for binding in bindings {
                match lets.iter().find(|known| known.name.text == binding.name.text) {
                    Some(first) => {
                        let twice = crate::check::declare::declared_twice(&binding.name, first.name.span);
                        self.diagnostics.push(twice);
                    }
                    None => lets.push(binding),
                }
            }
        }
        let Some(names) = self.body_names.clone() else { return };
        names.enter(lets.clone());
        for binding in lets {
            if binding.value.as_ref().is_some_and(|value| making.names.is_group(value)) {
                let message = "a group of sections is declared in the cell, not in a section";
                self.diagnostics.push(Diagnostic::new(Code::MisplacedMember, binding.span, message));
                continue;
            }
            let name = ast::Expr { kind: ast::ExprKind::Name(binding.name.text.clone()), span: binding.name.span };
            self.within(Known::Part, |_, ctx| crate::check::expr::check_expr(&name, ctx));
        }
    }

    fn leave_lets(&mut self) {
        if let Some(names) = &self.body_names {
            names.enter(Vec::new());
        }
    }
}

/// Sets a value of an ion of a section.
pub(super) fn set_ion(section: &mut ir::Section, setting: &IonSetting) {
    section.ions.retain(|known| (&known.ion, known.quantity) != (&setting.ion, setting.quantity));
    section.ions.push(setting.clone());
}

/// Sets a parameter of a mechanism, in place of what was set before.
pub(super) fn set(settings: &mut Vec<ir::Setting>, one: &ir::Setting) {
    match settings.iter_mut().find(|known| known.variable == one.variable) {
        Some(known) => known.value = one.value.clone(),
        None => settings.push(one.clone()),
    }
}

/// Whether a section says where it is connected, or might, were it readable.
pub(super) fn may_be_joined(lines: &[SectionLine]) -> bool {
    lines.iter().any(|line| matches!(line.kind, SectionKind::Join { .. } | SectionKind::Error))
}

fn connected_twice(again: Span, first: Span) -> Diagnostic {
    Diagnostic::new(Code::BrokenTree, again, "a section is connected twice")
        .label("connected again here")
        .also(first, "first connected here")
        .help("a section has one parent")
}
