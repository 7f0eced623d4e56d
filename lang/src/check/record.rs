//! `record NAME = PATH every T`: which variable of which cells.

use super::attributes::suggest;
use super::declare::Symbol;
use super::lets::names_cells;
use super::network::path::{Step, steps};
use super::unsupported::Construct;
use super::{Checker, Known};
use bouton_model::ir::{
    self, CellBody, CellId, MechanismId, Member, Name, Place, Probe, Record, SectionId, Tree, VarId, VariableKind,
};
use bouton_model::unit::Dimension;
use bouton_syntax::ast::{self, Binding, ExprKind};
use bouton_syntax::{Code, Diagnostic, Span};

/// What is recorded, and its dimension.
type Found = (Probe, Dimension);

impl<'a> Checker<'a> {
    /// Checks a record; nothing where it is broken, which has been reported.
    pub fn record(&mut self, binding: &'a Binding, every: Option<&'a ast::Expr>) -> Option<Record> {
        let every = every.map(|every| self.positive(every, Known::Nothing, Dimension::TIME, "the interval of a record"));
        let value = binding.value.as_ref()?;
        if matches!(value.kind, ExprKind::Error) {
            return None;
        }
        let Some(steps) = steps(value) else {
            self.refuse(Construct::RecordExpression, value.span);
            return None;
        };
        if let Some(step) = steps.iter().find(|step| step.every) {
            self.refuse(Construct::RecordEvery, step.span);
            return None;
        }
        if steps.iter().any(|step| step.name.is_empty()) {
            return None;
        }
        let (first, rest) = steps.split_first()?;
        let member = self.recorded_cells(first, value.span)?;
        let cell = self.program.populations.get(member.population.index())?.cell;
        let (probe, dimension) = self.probe(cell, first, rest, value.span)?;
        let name = binding.name.text.clone();
        Some(Record {
            name,
            span: binding.name.span,
            cells: member,
            probe,
            dimension,
            every: every.map_or(Some(None), |every| every.map(Some))?,
        })
    }

    /// The cells at the beginning of a path.
    fn recorded_cells(&mut self, first: &Step<'a>, span: Span) -> Option<Member> {
        match self.declared.names.find(first.name) {
            Some(Symbol::Population(population)) if first.args.is_none() => self.within(Known::Nothing, |view, ctx| {
                let parts = first
                    .indices
                    .map(|indices| indices.iter().map(|index| view.index(population, index, ctx)).collect::<Vec<_>>());
                let indices = match parts {
                    Some(parts) => Some(parts.into_iter().collect::<Option<Vec<_>>>()?),
                    None => None,
                };
                Some(Member { population, indices, filter: None, span: first.span })
            }),
            Some(Symbol::Population(_)) => {
                let message = format!("a cell of `{}` is taken by its index in brackets", first.name);
                let wrong = Diagnostic::new(Code::UnknownVariable, first.span, message);
                self.diagnostics.push(wrong.help(format!("write `{}[0]`", first.name)));
                None
            }
            Some(Symbol::Broken) => None,
            Some(Symbol::Cell(_)) => {
                let of: Vec<&str> = self.populations_of(first.name);
                let help = of.first().map_or_else(
                    || "declare a population of it".to_owned(),
                    |name| format!("record a population of it: `{name}[0]`"),
                );
                let message = format!("`{}` is a cell, not a population", first.name);
                self.diagnostics.push(Diagnostic::new(Code::WrongKind, first.span, message).help(help));
                None
            }
            Some(Symbol::Let(binding)) if first.is_plain() && names_cells(binding, self.declared) => {
                let name = ast::Expr { kind: ExprKind::Name(first.name.into()), span: first.span };
                let set = self.within(Known::Nothing, |view, ctx| view.set(&[&name], first.span, ctx))?;
                if set.members.len() > 1 {
                    let message = format!("`{}` is several populations, and a record takes cells of one", first.name);
                    let several = Diagnostic::new(Code::WrongKind, first.span, message);
                    self.diagnostics.push(several.help("write a record for each of them"));
                    return None;
                }
                set.members.into_iter().next()
            }
            Some(Symbol::Let(_) | Symbol::Function(_) | Symbol::Param(_) | Symbol::Result(_)) => {
                self.refuse(Construct::RecordExpression, span);
                None
            }
            Some(other) => {
                let message = format!("`{}` is {}, not a population", first.name, other.what());
                self.diagnostics.push(Diagnostic::new(Code::WrongKind, first.span, message));
                None
            }
            None => {
                let mut names = self.declared.names.list(|symbol| matches!(symbol, Symbol::Population(_)));
                names.sort_unstable();
                let unknown = Diagnostic::new(Code::UnknownSet, first.span, format!("there is no population `{}`", first.name));
                self.diagnostics.push(suggest(unknown, first.name, first.span, &names));
                None
            }
        }
    }

    fn populations_of(&self, cell: &str) -> Vec<&'a str> {
        let of = |population: &&ast::Population| population.cell.parts.last().is_some_and(|part| &*part.text == cell);
        self.declared.populations.iter().map(|(population, _)| *population).filter(of).map(|one| &*one.name.text).collect()
    }

    fn probe(&mut self, id: CellId, first: &Step<'a>, rest: &[Step<'a>], span: Span) -> Option<Found> {
        let name = self.program.cells.get(id.index())?.name.clone();
        self.with_body(id, |checker, body| match body {
            CellBody::Free(mechanism) => checker.probe_of_equations(id, &name, *mechanism, first, rest, span),
            CellBody::Tree(tree) => checker.probe_of_tree(id, &name, tree, first, rest, span),
        })
    }

    fn probe_of_equations(
        &mut self,
        id: CellId,
        cell: &Name,
        mechanism: MechanismId,
        first: &Step<'a>,
        rest: &[Step<'a>],
        span: Span,
    ) -> Option<Found> {
        match rest {
            [variable] if variable.is_plain() => {
                let (id, dimension) = self.recordable(mechanism, variable)?;
                Some((Probe::Own(id), dimension))
            }
            [] => {
                let message = format!("what of `{}` is recorded?", first.name);
                self.no_variable(id, span, &message, "name a variable of its cells: `p[0].v`")
            }
            _ => self.no_variable(id, span, &format!("`{cell}` has no sections"), "name one of its variables: `p[0].v`"),
        }
    }

    fn probe_of_tree(
        &mut self,
        id: CellId,
        cell: &Name,
        tree: &Tree,
        first: &Step<'a>,
        rest: &[Step<'a>],
        span: Span,
    ) -> Option<Found> {
        match rest {
            [] => self.no_variable(
                id,
                span,
                &format!("what of `{}` is recorded?", first.name),
                "name a place and a variable: `M[0].soma(0.5).v`",
            ),
            [one] if one.name == "v" && one.is_plain() => self.where_on(tree, one.span),
            [synapse, variable] if tree.synapses.iter().any(|one| *one.name == *synapse.name) => {
                let at = tree.synapses.iter().position(|one| *one.name == *synapse.name)?;
                let (variable, dimension) = self.recordable(tree.synapses.get(at)?.mechanism, variable)?;
                Some((Probe::Synapse(at, variable), dimension))
            }
            [section, more @ ..] => self.at_section(id, cell, tree, section, more),
        }
    }

    fn at_section(&mut self, id: CellId, cell: &Name, tree: &Tree, step: &Step<'a>, more: &[Step<'a>]) -> Option<Found> {
        let Some(at) = self.section_names(id, tree).find(step.name) else {
            if !self.broken_cells.contains(&id) {
                let own = tree.sections.iter().map(|one| &one.name);
                let names: Vec<Name> = own.chain(tree.synapses.iter().map(|one| &one.name)).cloned().collect();
                self.unknown_section(step.name, step.span, &names, &format!("`{cell}`"));
            }
            return None;
        };
        if step.indices.is_some() {
            self.refuse(Construct::SectionArray, step.span);
            return None;
        }
        let Some([ast::Arg { name: None, value, .. }]) = step.args else { return self.where_on_section(step) };
        let place = Place { section: SectionId(u32::try_from(at).ok()?), x: self.position(value)? };
        let section = tree.sections.get(at)?;
        match more {
            [variable] if variable.name == "v" && variable.is_plain() => Some((Probe::Voltage(place), Dimension::VOLTAGE)),
            [insert, variable] if insert.is_plain() && variable.is_plain() => {
                let Some(which) = section.inserts.iter().position(|one| *one.name == *insert.name) else {
                    return self.unknown_insert(id, section, insert);
                };
                let (variable, dimension) = self.recordable(section.inserts.get(which)?.mechanism, variable)?;
                Some((Probe::Insert(place, which, variable), dimension))
            }
            [] => self.no_variable(
                id,
                step.span,
                &format!("what of `{}` is recorded?", step.name),
                "name a variable: `soma(0.5).v`",
            ),
            [variable, ..] => self.unknown_insert(id, section, variable),
        }
    }

    /// A name behind a place that is no mechanism there.
    fn unknown_insert(&mut self, cell: CellId, section: &ir::Section, step: &Step<'a>) -> Option<Found> {
        if self.broken_cells.contains(&cell) {
            return None;
        }
        if matches!(self.declared.names.find(step.name), Some(Symbol::Synapse(_))) {
            self.refuse(Construct::RecordFileSynapse, step.span);
            return None;
        }
        if self.is_of_ion(step.name, section) {
            self.refuse(Construct::RecordDefinition, step.span);
            return None;
        }
        if let Some(insert) = section.inserts.iter().find(|one| *one.name == *step.name) {
            let help = format!("name one of its variables: `{}(0.5).{}.NAME`", section.name, insert.name);
            return self.no_variable(cell, step.span, &format!("what of `{}` is recorded?", insert.name), &help);
        }
        let message = format!("there is no `{}` at this place of `{}`", step.name, section.name);
        let unknown = Diagnostic::new(Code::UnknownVariable, step.span, message);
        let names: Vec<&str> = std::iter::once("v").chain(section.inserts.iter().map(|one| &*one.name)).collect();
        self.diagnostics.push(suggest(unknown, step.name, step.span, &names));
        None
    }

    /// Whether a name is a current, concentration or reversal potential that a mechanism of the section uses.
    fn is_of_ion(&self, name: &str, section: &ir::Section) -> bool {
        section.inserts.iter().filter_map(|insert| self.program.mechanisms.get(insert.mechanism.index())).any(|mechanism| {
            mechanism
                .variables
                .iter()
                .any(|one| &*one.name == name && matches!(one.kind, VariableKind::Ion { .. } | VariableKind::Current { .. }))
        })
    }

    /// The variable of a mechanism, if it is one that can be recorded.
    fn recordable(&mut self, mechanism: MechanismId, step: &Step<'a>) -> Option<(VarId, Dimension)> {
        let checked = self.program.mechanisms.get(mechanism.index())?;
        let at = checked.variables.iter().position(|one| *one.name == *step.name);
        let Some((at, variable)) = at.and_then(|at| Some((at, checked.variables.get(at)?))) else {
            if !self.is_refused(mechanism) {
                let names: Vec<&str> = checked.variables.iter().map(|one| &*one.name).collect();
                let message = format!("`{}` has no variable `{}`", checked.name, step.name);
                let unknown = suggest(Diagnostic::new(Code::UnknownVariable, step.span, message), step.name, step.span, &names);
                self.diagnostics.push(unknown);
            }
            return None;
        };
        match variable.kind {
            VariableKind::Param { .. } | VariableKind::Input { .. } | VariableKind::State { .. } => {
                Some((VarId(u32::try_from(at).ok()?), variable.dimension))
            }
            VariableKind::Let { .. } | VariableKind::Ion { .. } | VariableKind::Current { .. } => {
                self.refuse(Construct::RecordDefinition, step.span);
                None
            }
        }
    }

    fn no_variable<T>(&mut self, cell: CellId, span: Span, message: &str, help: &str) -> Option<T> {
        if !self.broken_cells.contains(&cell) {
            self.diagnostics.push(Diagnostic::new(Code::UnknownVariable, span, message).help(help));
        }
        None
    }

    fn where_on<T>(&mut self, tree: &Tree, span: Span) -> Option<T> {
        let first = tree.sections.first().map_or("soma", |section| &*section.name);
        let missing = Diagnostic::new(Code::NoPlace, span, "where is the voltage recorded?");
        self.diagnostics.push(missing.help(format!("name the place: `{first}(0.5).v`")).fix(
            span,
            format!("{first}(0.5).v"),
            "name the place",
        ));
        None
    }

    fn where_on_section<T>(&mut self, step: &Step<'a>) -> Option<T> {
        let name = step.name;
        let missing = Diagnostic::new(Code::NoPlace, step.span, format!("where on `{name}`?"));
        let missing = missing.help(format!("`{name}(0.5)` is its middle, `{name}(0)` and `{name}(1)` are its ends"));
        self.diagnostics.push(missing.fix(step.span, format!("{name}(0.5)"), format!("write `{name}(0.5)`")));
        None
    }
}
