//! A cell with sections, put together: its names, its sections, what is on them, and the braces and paths that act on several of them.

use super::group::SectionNames;
use super::names::BodyNames;
use super::section::{self, Joined};
use super::{own, pointer};
use crate::check::declare::{Home, declared_twice};
use crate::check::mechanism::given;
use crate::check::{Checker, Known, function};
use bouton_model::ir::{self, Attribute, CellParam, Name};
use bouton_model::unit::Dimension;
use bouton_syntax::ast::{self, Member, MemberKind};
use bouton_syntax::{Code, Diagnostic, Diagnostics, Span};
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

/// How many sections a cell may have.
const MOST_SECTIONS: f64 = 1e5;

/// A cell while it is put together.
pub(in crate::check) struct Making {
    /// Its name.
    pub cell: Name,
    /// Its sections.
    pub names: Rc<SectionNames>,
    /// What was read so far.
    pub tree: ir::Tree,
    /// Of each section what it hangs on: nothing for a root, and nothing inside where that was reported.
    pub joins: Vec<Option<Option<Rc<Joined>>>>,
    /// Lines that insert something, with the place of the mechanism's name.
    pub inserted: Vec<(Span, Span)>,
    /// Point mechanisms that are copies for this cell: indices into the synapses.
    pub own_points: Vec<usize>,
    /// Whether parts may be missing because of what was reported.
    pub broken: bool,
    declared: HashMap<Name, Span>,
}

impl Making {
    /// Does something to some of the sections.
    pub fn each(&mut self, targets: &[usize], mut act: impl FnMut(&mut ir::Section)) {
        for target in targets {
            if let Some(section) = self.tree.sections.get_mut(*target) {
                act(section);
            }
        }
    }

    /// Declares a name; whether it is the first of its kind.
    pub fn declare(&mut self, name: &ast::Name, diagnostics: &mut Diagnostics) -> bool {
        if name.is_missing() {
            return true;
        }
        match self.declared.get(&name.text) {
            Some(first) => {
                diagnostics.push(declared_twice(name, *first));
                false
            }
            None => {
                self.declared.insert(name.text.clone(), name.span);
                true
            }
        }
    }
}

impl<'a> Checker<'a> {
    /// The tree of a cell with sections.
    pub(super) fn tree(&mut self, cell: &'a ast::Cell, members: &'a [Member]) -> (ir::Tree, Rc<SectionNames>) {
        let before = self.diagnostics.error_count();
        let mut making = Making {
            cell: cell.name.text.clone(),
            names: Rc::default(),
            tree: ir::Tree::default(),
            joins: Vec::new(),
            inserted: Vec::new(),
            own_points: Vec::new(),
            broken: false,
            declared: HashMap::new(),
        };
        let sections = self.declared_sections(members, &mut making);
        let home = self.home(cell.name.span);
        self.body_names = Some(Rc::new(self.own_names(members, home, &mut making)));
        self.own_values(&mut making);
        let mut joined = vec![false; making.tree.sections.len()];
        for (section, targets) in &sections {
            self.lines(&section.body.items, targets, &mut making);
            if section::may_be_joined(&section.body.items) {
                targets.iter().for_each(|target| joined[*target] = true);
            }
        }
        self.points_and_detectors(members, &mut making);
        making.broken = self.diagnostics.error_count() > before;
        self.settings_of_parts(members, &mut making);
        self.parents(&mut making);
        self.no_spread_electrodes(&making.tree);
        joined.iter_mut().zip(&making.joins).for_each(|(joined, join)| *joined |= join.is_some());
        let name = making.cell.clone();
        self.tree_rules(&name, &making.tree, &joined);
        self.missing_parameters(&making);
        self.lambdas(&making.tree);
        if self.diagnostics.error_count() == before {
            // What is broken may use anything.
            self.unused_cell_params();
        }
        self.overridden_ions(&making.tree);
        self.body_names = None;
        (making.tree, making.names)
    }

    /// The sections with the numbers of each; second ones of a name are reported and left out.
    fn declared_sections(&mut self, members: &'a [Member], making: &mut Making) -> Vec<(&'a ast::Section, Vec<usize>)> {
        let mut all = Vec::new();
        let mut names = SectionNames::default();
        for member in members {
            let MemberKind::Section(section) = &member.kind else { continue };
            if let Some(first) = making.declared.get(&section.name.text).filter(|_| !section.name.is_missing()) {
                let twice = declared_twice(&section.name, *first);
                self.diagnostics.push(twice.help(format!("sections of `{}` need names of their own", making.cell)));
                continue;
            }
            making.declare(&section.name, self.diagnostics);
            let array = section.count.as_ref().map(|count| self.section_indices(count, names.count));
            let first = names.add(&section.name.text, array);
            let name = |k: usize| match array {
                Some(_) => format!("{}[{k}]", section.name.text).into(),
                None => section.name.text.clone(),
            };
            let numbers: Vec<usize> = (first..names.count).collect();
            let from = array.map_or(0, |(from, _)| from);
            for k in from..from + numbers.len() {
                making.tree.sections.push(bare(name(k), k, section.name.span));
                making.joins.push(None);
            }
            all.push((section, numbers));
        }
        making.names = Rc::new(names);
        all
    }

    /// The first index of an array and how many sections it has: `[74]`, `[1 .. 74]`.
    fn section_indices(&mut self, expr: &'a ast::Expr, so_far: usize) -> (usize, usize) {
        let ast::ExprKind::Range(range) = &expr.kind else { return (0, self.section_count(expr, so_far)) };
        let start = self.fixed_number(&range.start, "the first index of sections");
        let end = self.fixed_number(&range.end, "the last index of sections");
        let (Some(start), Some(end)) = (start, end) else { return (0, 1) };
        let whole = start.fract() == 0.0 && end.fract() == 0.0 && range.spacing.is_none();
        if !whole || start < 0.0 || end < start || end - start + so_far as f64 > MOST_SECTIONS || end > f64::from(u32::MAX) {
            self.out_of_range(expr, "the indices of sections go from one whole number to another that is not below it");
            return (0, 1);
        }
        (start as usize, (end - start) as usize + 1)
    }

    fn section_count(&mut self, expr: &'a ast::Expr, so_far: usize) -> usize {
        let Some(count) = self.fixed_number(expr, "the number of sections") else { return 1 };
        if count < 1.0 || count.fract() != 0.0 {
            self.out_of_range(expr, "the number of sections must be a whole number of at least 1");
            return 1;
        }
        if count + so_far as f64 > MOST_SECTIONS {
            self.out_of_range(expr, &format!("a cell has at most {MOST_SECTIONS} sections"));
            return 1;
        }
        count as usize
    }

    /// Parameters, definitions, functions and groups.
    fn own_names(&mut self, members: &'a [Member], home: Home, making: &mut Making) -> BodyNames<'a> {
        let mut own = BodyNames::new(home);
        let mut groups = Vec::new();
        for member in members {
            match &member.kind {
                MemberKind::Param(bindings) => {
                    for binding in bindings {
                        if !making.declare(&binding.name, self.diagnostics) {
                            continue;
                        }
                        if binding.arguments.is_none() {
                            own.param(binding);
                            continue;
                        }
                        let message = "a cell with sections has no tables of its own";
                        let wrong = Diagnostic::new(Code::MisplacedMember, binding.span, message);
                        let help =
                            "declare it in a mechanism, and give it where that is inserted: `insert m { tau = table(...) }`";
                        self.diagnostics.push(wrong.help(help));
                    }
                }
                MemberKind::Let(bindings) => {
                    for binding in bindings {
                        if !making.declare(&binding.name, self.diagnostics) {
                            continue;
                        }
                        match &binding.value {
                            Some(value) if given::is_table(value) => own.table_named(&binding.name.text, value),
                            _ => groups.push(binding),
                        }
                    }
                }
                MemberKind::Fn(function) if making.declare(&function.name, self.diagnostics) => own.function_named(function),
                _ => {}
            }
        }
        // Groups may name groups that are declared later: what is one becomes known from round to round.
        let mut names = SectionNames::clone(&making.names);
        loop {
            let (found, rest): (Vec<_>, Vec<_>) =
                groups.into_iter().partition(|binding| binding.value.as_ref().is_some_and(|value| names.is_group(value)));
            groups = rest;
            if found.is_empty() {
                break;
            }
            for binding in found {
                let Some(value) = &binding.value else { continue };
                let sections = self.group(value, &names, &format!("`{}`", making.cell)).unwrap_or_default();
                names.add_group(&binding.name.text, sections);
            }
        }
        making.names = Rc::new(names);
        groups.into_iter().for_each(|binding| own.definition(binding));
        own
    }

    /// Checks parameters, and what of the cell's definitions and functions nothing may ask for.
    fn own_values(&mut self, making: &mut Making) {
        let Some(own) = self.body_names.clone() else { return };
        for binding in &own.params {
            let typed = self.within(Known::Part, |_, ctx| own.default(binding, ctx));
            let dimension = typed.ty.dimension().unwrap_or(Dimension::NONE);
            let given = binding.value.as_ref().map(|value| value.span);
            let default = given.map(|span| Attribute { value: typed.expr, span });
            if let Some(default) = &default {
                self.knows_places(default, &format!("`{}`", binding.name.text), &[]);
            }
            making.tree.params.push(CellParam { name: binding.name.text.clone(), span: binding.name.span, dimension, default });
        }
        for binding in &own.lets {
            let name = ast::Expr { kind: ast::ExprKind::Name(binding.name.text.clone()), span: binding.name.span };
            self.within(Known::Part, |_, ctx| crate::check::expr::check_expr(&name, ctx));
        }
        for function in &own.functions {
            self.within(Known::Part, |_, ctx| function::check_alone(function, ctx));
        }
    }

    /// Synapses, where spikes are found, and lines that a cell with sections does not have.
    fn points_and_detectors(&mut self, members: &'a [Member], making: &mut Making) {
        let mut ports = Vec::new();
        for member in members {
            match &member.kind {
                MemberKind::Synapse(synapse) if own::is_port(synapse, members) => ports.push((synapse, member.span)),
                MemberKind::Synapse(synapse) => self.cell_synapse(synapse, member.span, making),
                _ => self.line_of_tree(member),
            }
        }
        // They name point mechanisms, which may stand behind them.
        ports.into_iter().for_each(|(synapse, span)| self.cell_port_line(synapse, span, making));
        self.spikes_of_tree(members, making);
    }

    /// `in GROUP { }` and settings by path, in order.
    fn settings_of_parts(&mut self, members: &'a [Member], making: &mut Making) {
        for member in members {
            match &member.kind {
                MemberKind::In(group) => {
                    let names = making.names.clone();
                    let targets = self.group(&group.group, &names, &format!("`{}`", making.cell));
                    if targets.as_ref().is_some_and(Vec::is_empty) {
                        let message = "these braces act on no section";
                        self.diagnostics.push(Diagnostic::new(Code::ReachesNothing, group.group.span, message));
                    }
                    // What is wrong inside is told even where the group is unknown.
                    let targets = targets.unwrap_or_default();
                    self.lines(&group.body.items, &targets, making);
                }
                // A value of the cell instead of a number: that can be said when all of it is known.
                MemberKind::Assign(assign) if pointer::names_value(&assign.value, &making.tree) => {}
                MemberKind::Assign(assign) => self.assign(assign, making),
                _ => {}
            }
        }
    }

    /// Warns of parameters of the cell that nothing in it uses.
    fn unused_cell_params(&mut self) {
        let Some(own) = self.body_names.clone() else { return };
        for name in own.unused_params() {
            let unused =
                Diagnostic::new(Code::UnusedParameter, name.span, format!("the parameter `{}` is never used", name.text));
            self.diagnostics.push(unused.help("use it in the cell, or leave it out"));
        }
    }

    fn missing_parameters(&mut self, making: &Making) {
        let places: HashMap<Span, Span> = making.inserted.iter().copied().collect();
        let mut told = HashSet::new();
        for insert in making.tree.sections.iter().flat_map(|section| &section.inserts) {
            let before = self.diagnostics.error_count();
            if !told.contains(&insert.span) {
                self.missing(insert.mechanism, &insert.settings, places.get(&insert.span).copied().unwrap_or(insert.span));
            }
            if self.diagnostics.error_count() > before {
                told.insert(insert.span);
            }
        }
    }

    /// `d_lambda` needs a diameter that does not wait for the distance along segments.
    fn lambdas(&mut self, tree: &ir::Tree) {
        use bouton_model::algebra::visit;
        use ir::{Expr, PlaceAttribute, Var};
        let uses = |value: &Option<Attribute>, wanted: PlaceAttribute| {
            let mut found = false;
            if let Some(value) = value {
                visit(&value.value, &mut |part| found |= matches!(part, Expr::Var(Var::Place(place)) if *place == wanted));
            }
            found
        };
        for section in &tree.sections {
            let far = [&section.diam, &section.capacitance].into_iter().find(|v| uses(v, PlaceAttribute::PathDistance));
            if let (true, Some(far)) = (uses(&section.segments, PlaceAttribute::Lambda), far) {
                let (at, of) = (section.segments.as_ref().map(|a| a.span), far.as_ref().map(|a| a.span));
                let (Some(at), Some(of)) = (at, of) else { continue };
                let message = "the number of segments follows from a value that follows from it";
                let circle = Diagnostic::new(Code::DependsOnItself, at, message)
                    .also(of, "this uses `path_distance`, which is measured between segments")
                    .help("give `nseg` as a number, or let it follow from `L`");
                self.diagnostics.push(circle);
                return;
            }
        }
    }
}

/// A section of which nothing is known but its name.
fn bare(name: Name, index: usize, span: Span) -> ir::Section {
    ir::Section {
        name,
        index: u32::try_from(index).unwrap_or(u32::MAX),
        span,
        length: None,
        diam: None,
        points: None,
        axial_resistivity: None,
        capacitance: None,
        segments: None,
        parent: None,
        ions: Vec::new(),
        inserts: Vec::new(),
        extracellular: None,
    }
}
