//! Sections by name: single ones, arrays, groups; which of them an expression names.

use crate::check::attributes::suggest;
use crate::check::network::path::Step;
use crate::check::{Checker, Known, constant};
use bouton_model::ir::{Attribute, Expr, Name, PlaceAttribute, Var};
use bouton_model::unit::Dimension;
use bouton_syntax::ast::{self, ExprKind, Spacing};
use bouton_syntax::{Code, Diagnostic, Span};
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

/// The sections of a cell by name.
#[derive(Clone, Default)]
pub(in crate::check) struct SectionNames {
    /// Of sections and arrays, for suggestions.
    pub all: Vec<Name>,
    parts: HashMap<Name, Part>,
    /// How many sections there are.
    pub count: usize,
}

/// What a name of a cell's sections stands for.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::check) enum Part {
    /// One section.
    One(usize),
    /// `section dend[66]`, `section comp[1 .. 74]`
    Array(Array),
    /// `let apical = dend[0 .. 12]`
    Group(Rc<[usize]>),
}

/// An array of sections.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::check) struct Array {
    /// Its first section.
    pub first: usize,
    /// The index of that; 0 where the script says only how many.
    pub from: usize,
    /// How many.
    pub count: usize,
}

impl Array {
    /// The section of an index.
    pub fn section(&self, index: f64) -> Option<usize> {
        let at = index - self.from as f64;
        (at.fract() == 0.0 && at >= 0.0 && at < self.count as f64).then_some(self.first + at as usize)
    }
}

impl Part {
    /// The sections.
    pub fn sections(&self) -> Vec<usize> {
        match self {
            Part::One(section) => vec![*section],
            Part::Array(array) => (array.first..array.first + array.count).collect(),
            Part::Group(sections) => sections.to_vec(),
        }
    }
}

/// A section as an expression names it.
pub(in crate::check) enum Chosen {
    /// This one.
    One(usize),
    /// One of an array, and the index, which may use that of another section.
    Of(Array, Attribute),
}

impl SectionNames {
    /// Adds a section, or an array where there is a first index and a count; answers the first one's number.
    pub fn add(&mut self, name: &Name, array: Option<(usize, usize)>) -> usize {
        let first = self.count;
        let part = array.map_or(Part::One(first), |(from, count)| Part::Array(Array { first, from, count }));
        self.parts.insert(name.clone(), part);
        self.all.push(name.clone());
        self.count += array.map_or(1, |(_, count)| count);
        first
    }

    /// Adds a group.
    pub fn add_group(&mut self, name: &Name, sections: Vec<usize>) {
        self.parts.insert(name.clone(), Part::Group(sections.into()));
    }

    /// What a name stands for; `all` is every section.
    pub fn find(&self, name: &str) -> Option<Part> {
        let every = || (name == "all").then(|| Part::Group((0..self.count).collect()));
        self.parts.get(name).cloned().or_else(every)
    }

    /// Whether an expression names several sections: a group, a whole array, a range of it, a list.
    pub fn is_several(&self, expr: &ast::Expr) -> bool {
        match &expr.kind {
            ExprKind::Name(name) => matches!(self.find(name), Some(Part::Array(_) | Part::Group(_))),
            ExprKind::Index { base, indices } => {
                self.is_group(base) && (indices.len() > 1 || indices.iter().any(|one| matches!(one.kind, ExprKind::Range(_))))
            }
            ExprKind::List(_) | ExprKind::Tuple(_) => self.is_group(expr),
            _ => false,
        }
    }

    /// Whether an expression names sections rather than a value.
    pub fn is_group(&self, expr: &ast::Expr) -> bool {
        match &expr.kind {
            ExprKind::Name(name) => self.find(name).is_some(),
            ExprKind::Index { base, .. } => self.is_group(base),
            ExprKind::List(parts) | ExprKind::Tuple(parts) => parts.first().is_some_and(|part| self.is_group(part)),
            _ => false,
        }
    }
}

impl Checker<'_> {
    /// The sections that an expression names, in its order; one that occurs twice counts once.
    pub(in crate::check) fn group(&mut self, expr: &ast::Expr, names: &SectionNames, of: &str) -> Option<Vec<usize>> {
        match &expr.kind {
            ExprKind::Error => None,
            ExprKind::Name(name) => match names.find(name) {
                Some(part) => Some(part.sections()),
                None => {
                    self.unknown_section(name, expr.span, &names.all, of);
                    None
                }
            },
            ExprKind::Index { base, indices } => match &base.kind {
                ExprKind::Name(name) => self.indexed(name, base.span, indices, names, of),
                _ => self.no_group(expr.span),
            },
            ExprKind::List(parts) | ExprKind::Tuple(parts) => {
                let all: Vec<Option<Vec<usize>>> = parts.iter().map(|part| self.group(part, names, of)).collect();
                let mut seen = HashSet::new();
                let all = all.into_iter().collect::<Option<Vec<_>>>()?;
                Some(all.into_iter().flatten().filter(|section| seen.insert(*section)).collect())
            }
            _ => self.no_group(expr.span),
        }
    }

    /// The sections that a step of a path names.
    pub(in crate::check) fn group_of_step(&mut self, step: &Step<'_>, names: &SectionNames, of: &str) -> Option<Vec<usize>> {
        match step.indices {
            None => names.find(step.name).map(|part| part.sections()),
            Some(indices) => self.indexed(step.name, step.span, indices, names, of),
        }
    }

    /// `dend[0, 3 .. 5]`
    fn indexed(&mut self, name: &str, span: Span, indices: &[ast::Expr], names: &SectionNames, of: &str) -> Option<Vec<usize>> {
        let group;
        let (array, listed) = match names.find(name) {
            Some(Part::Array(array)) => (array, None),
            Some(Part::Group(list)) => {
                group = list;
                (Array { first: 0, from: 0, count: group.len() }, Some(&group))
            }
            Some(_) => {
                self.not_an_array(name, span);
                return None;
            }
            None => {
                self.unknown_section(name, span, &names.all, of);
                return None;
            }
        };
        let mut all = Vec::new();
        let mut seen = HashSet::new();
        for index in indices {
            let found = match &index.kind {
                ExprKind::Range(range) => {
                    let (from, to) = (self.fixed_index(&range.start, name, array), self.fixed_index(&range.end, name, array));
                    let by = match &range.spacing {
                        None => Some(1.0),
                        Some(Spacing::By(by)) => self.fixed_number(by, "the distance of a range").filter(|by| *by >= 1.0),
                        Some(Spacing::Steps(steps)) => {
                            let message = "a range of sections has no `steps`";
                            let wrong = Diagnostic::new(Code::WrongArguments, steps.span, message);
                            self.diagnostics.push(wrong.help("write `0 .. 12` or `0 .. 12 by 2`"));
                            None
                        }
                    };
                    let (from, to, by) = (from?, to?, by? as usize);
                    if from > to {
                        let message = format!("this range of `{name}` is empty");
                        self.diagnostics.push(Diagnostic::new(Code::OutOfRange, index.span, message));
                        return None;
                    }
                    (from..=to).step_by(by).collect()
                }
                _ => vec![self.fixed_index(index, name, array)?],
            };
            let section = |at: usize| listed.map_or(at, |list| list.get(at).copied().unwrap_or(at));
            all.extend(found.into_iter().filter(|at| seen.insert(*at)).map(section));
        }
        Some(all)
    }

    /// `soma` or `dend[3]`, where one section is wanted.
    pub(super) fn chosen(&mut self, expr: &ast::Expr, names: &SectionNames, of: &str, known: Known) -> Option<Chosen> {
        let (name, span, indices) = match &expr.kind {
            ExprKind::Name(name) => (name, expr.span, None),
            ExprKind::Index { base, indices } => match &base.kind {
                ExprKind::Name(name) => (name, base.span, Some(indices.as_slice())),
                _ => return self.no_group(expr.span),
            },
            ExprKind::Error => return None,
            _ => return self.no_group(expr.span),
        };
        match (names.find(name), indices) {
            (None, _) => {
                self.unknown_section(name, span, &names.all, of);
                None
            }
            (Some(Part::One(section)), None) => Some(Chosen::One(section)),
            (Some(Part::Array(array)), Some([index])) if !matches!(index.kind, ExprKind::Range(_)) => {
                let value = self.quantity(index, known, Dimension::NONE, "the index of a section")?;
                Some(Chosen::Of(array, value))
            }
            (Some(Part::Group(list)), Some([index])) if !matches!(index.kind, ExprKind::Range(_)) => {
                let at = self.fixed_index(index, name, Array { first: 0, from: 0, count: list.len() })?;
                list.get(at).copied().map(Chosen::One)
            }
            (Some(Part::One(_)), Some(_)) => {
                self.not_an_array(name, span);
                None
            }
            (Some(_), _) => {
                let message = format!("`{name}` is several sections, and one is wanted here");
                let several = Diagnostic::new(Code::BadPlace, expr.span, message);
                self.diagnostics.push(several.help("a section of an array is taken by its index: `dend[0](0.5)`"));
                None
            }
        }
    }

    /// The number of a chosen section that must be the same in all cells.
    pub(super) fn fixed(&mut self, chosen: Chosen, names: &SectionNames) -> Option<usize> {
        match chosen {
            Chosen::One(section) => Some(section),
            Chosen::Of(array, index) => {
                let Some(value) = constant::value(&index.value) else {
                    self.not_constant(index.span, "the index of a section");
                    return None;
                };
                self.index_within(value, array, index.span, names.name_of(array.first))
            }
        }
    }

    /// The section of an index, or the place in a group.
    fn fixed_index(&mut self, expr: &ast::Expr, name: &str, array: Array) -> Option<usize> {
        let value = self.fixed_number(expr, "the index of a section")?;
        self.index_within(value, array, expr.span, name)
    }

    /// A number that nothing can change.
    pub(super) fn fixed_number(&mut self, expr: &ast::Expr, what: &str) -> Option<f64> {
        let value = self.quantity(expr, Known::Nothing, Dimension::NONE, what)?;
        let number = constant::value(&value.value);
        if number.is_none() {
            self.not_constant(expr.span, what);
        }
        number
    }

    fn index_within(&mut self, value: f64, array: Array, span: Span, name: &str) -> Option<usize> {
        let found = array.section(value);
        if found.is_none() {
            self.diagnostics.push(no_element(name, value, array, span));
        }
        found
    }

    fn not_constant(&mut self, span: Span, what: &str) {
        let message = format!("{what} is laid down with the shape of the cell, and must be a number that no parameter changes");
        self.diagnostics.push(Diagnostic::new(Code::NotConstant, span, message).help("write the number, or a `let` of numbers"));
    }

    fn not_an_array(&mut self, name: &str, span: Span) {
        let message = format!("`{name}` is not an array, and has no index");
        self.diagnostics.push(Diagnostic::new(Code::BadPlace, span, message).help(format!("write `{name}` alone")));
    }

    fn no_group<T>(&mut self, span: Span) -> Option<T> {
        let message = "sections are named by name, index or list";
        self.diagnostics.push(Diagnostic::new(Code::BadPlace, span, message).help("`soma`, `dend[0 .. 12]`, `[soma, dend]`"));
        None
    }

    pub(in crate::check) fn unknown_section(&mut self, name: &str, span: Span, names: &[Name], of: &str) {
        let unknown = Diagnostic::new(Code::UnknownSection, span, format!("{of} has no section `{name}`"));
        self.diagnostics.push(suggest(unknown, name, span, names));
    }
}

impl SectionNames {
    /// The name of the array that begins with a section.
    pub(super) fn name_of(&self, first: usize) -> &str {
        let found = self.parts.iter().find(|(_, part)| matches!(part, Part::Array(array) if array.first == first));
        found.map_or("", |(name, _)| name)
    }
}

/// An index that an array does not have.
pub(super) fn no_element(name: &str, value: f64, array: Array, span: Span) -> Diagnostic {
    let message = format!("there is no `{name}[{value}]`");
    let last = (array.from + array.count).saturating_sub(1);
    Diagnostic::new(Code::BadPlace, span, message).help(format!("indices of `{name}` go from {} to {last}", array.from))
}

/// An expression with a number for the index of the section that it stands in.
pub(super) fn with_index(expr: &Expr, index: u32) -> Expr {
    let of = |part: &Expr| Box::new(with_index(part, index));
    match expr {
        Expr::Var(Var::Place(PlaceAttribute::Index)) => Expr::Number(f64::from(index)),
        Expr::Number(_) | Expr::Bool(_) | Expr::Var(_) | Expr::Measure(_) => expr.clone(),
        Expr::Unary(op, a) => Expr::Unary(*op, of(a)),
        Expr::Binary(op, a, b) => Expr::Binary(*op, of(a), of(b)),
        Expr::Call(function, list) => Expr::Call(*function, list.iter().map(|a| with_index(a, index)).collect()),
        Expr::Draw(draw, list) => Expr::Draw(*draw, list.iter().map(|a| with_index(a, index)).collect()),
        Expr::List(list) => Expr::List(list.iter().map(|a| with_index(a, index)).collect()),
        Expr::PerCell(list) => Expr::PerCell(list.iter().map(|a| with_index(a, index)).collect()),
        Expr::If(a, b, c) => Expr::If(of(a), of(b), of(c)),
        Expr::Let(id, a, b) => Expr::Let(*id, of(a), of(b)),
    }
}
