//! `record NAME = PATH every T`: which variable of which cells. Expressions of paths are in `record/expression.rs`.

pub(in crate::check) mod expression;
mod parts;

use super::attributes::suggest;
use super::declare::Symbol;
use super::lets::names_cells;
use super::network::path::{Step, own_name, steps};
use super::{Checker, Known};
use bouton_model::ir::{
    self, CellBody, CellId, Indices, IonQuantity, MechanismId, MechanismKind, Member, Name, Place, PopulationId, Probe, Record,
    SectionId, Term, Tree, VarId, VariableKind,
};
use bouton_model::unit::Dimension;
use bouton_syntax::ast::{self, Binding, ExprKind};
use bouton_syntax::{Code, Diagnostic, Span};
use parts::NamedStep;

/// What is recorded, and its dimension.
type Found = (Probe, Dimension);

/// What a record samples and computes.
struct Recipe {
    terms: Vec<Term>,
    value: Option<ir::Expr>,
    single: bool,
    dimension: Dimension,
}

impl<'a> Checker<'a> {
    /// Checks a record; nothing where it is broken, which has been reported.
    pub fn record(&mut self, binding: &'a Binding, every: Option<&'a ast::Expr>) -> Option<Record> {
        let every = every.map(|every| self.positive(every, Known::Nothing, Dimension::TIME, "the interval of a record"));
        let value = binding.value.as_ref()?;
        if matches!(value.kind, ExprKind::Error) {
            return None;
        }
        let Recipe { terms, value, single, dimension } =
            if self.is_path(value) { self.traces(value)? } else { self.computed(value)? };
        let every = every.map_or(Some(None), |every| every.map(Some))?;
        Some(Record {
            name: binding.name.text.clone(),
            span: binding.name.span,
            terms,
            value,
            single,
            dimension,
            every,
            file: None,
        })
    }

    /// The file of a line of records.
    pub fn record_file(&mut self, text: &'a ast::Text, records: &[ir::RecordId]) {
        let name = match text.parts.as_slice() {
            [ast::TextPart::Letters(name)] if name.ends_with(".csv") => name.clone(),
            _ => {
                let wrong =
                    Diagnostic::new(Code::WrongArguments, text.span, "the file of a record is a fixed name that ends in `.csv`");
                self.diagnostics.push(wrong.help("write `to \"v.csv\"`"));
                return;
            }
        };
        if super::script::leaves(&name) {
            let outside = Diagnostic::new(Code::OutsideOutput, text.span, "this file lies outside the output directory");
            self.diagnostics.push(outside.help("write a relative path without `..`; `--out` chooses the directory"));
            return;
        }
        let number = self.program.record_files.len();
        for id in records {
            if let Some(Some(record)) = self.records.get_mut(id.index()) {
                record.file = Some(number);
            }
        }
        self.program.record_files.push(ir::RecordFile { name, span: text.span, records: records.to_vec() });
    }

    /// The record of a `trace(EXPR)`; nothing where it is broken, which has been reported.
    pub fn anonymous_record(&mut self, call: &'a ast::Expr) -> Option<Record> {
        let ExprKind::Call { args, .. } = &call.kind else { return None };
        let [ast::Arg { name: None, value, .. }] = args.as_slice() else { return None };
        let Recipe { terms, value, single, dimension } =
            if self.is_path(value) { self.traces(value)? } else { self.computed(value)? };
        Some(Record { name: Name::from("trace"), span: call.span, terms, value, single, dimension, every: None, file: None })
    }

    /// The traces of a path.
    fn traces(&mut self, path: &'a ast::Expr) -> Option<Recipe> {
        let terms = self.terms(path)?;
        let dimension = terms.first()?.1;
        if let Some((other, _)) = terms.iter().find(|(_, other)| *other != dimension) {
            let message = "the parts of this record have values of different kinds";
            self.diagnostics
                .push(Diagnostic::new(Code::DimensionMismatch, other.span, message).help("write a record for each of them"));
            return None;
        }
        let terms: Vec<Term> = terms.into_iter().map(|(term, _)| term).collect();
        let single = terms.len() == 1 && terms.iter().all(|term| term.single);
        Some(Recipe { terms, value: None, single, dimension })
    }

    /// The variables that a path names; several where it has a `*` or cells of several populations.
    fn terms(&mut self, path: &'a ast::Expr) -> Option<Vec<(Term, Dimension)>> {
        let steps = steps(path)?;
        if steps.iter().any(|step| step.name.is_empty()) {
            return None;
        }
        let (first, rest) = steps.split_first()?;
        if let Some(Symbol::Connection) = self.declared.names.find(first.name) {
            return self.of_connections(first, rest, path.span).map(|term| vec![term]);
        }
        let mut all = Vec::new();
        if let Some(Symbol::Space(_)) = self.declared.names.find(first.name)
            && rest.iter().any(|step| step.every)
        {
            for parts::Found { population, indices, rest } in self.populations_in(first, rest) {
                let cell = self.program.populations.get(population.index())?.cell;
                let member = self.member(population, indices, first.span)?;
                let single = self.is_one_cell(&member);
                let (probe, dimension) = self.probe(cell, first, &rest, path.span)?;
                all.push((Term { cells: member, probe, part: None, single, span: path.span }, dimension));
            }
            if all.is_empty() {
                let variable = rest.last().map_or("...", |last| last.name);
                let message = format!("no part of `{}` has a `{variable}`", first.name);
                let none = Diagnostic::new(Code::UnknownVariable, path.span, message);
                let help = "`jrc.*.m` is `m` of every population of the circuit `jrc` that has one, `both.*.pc.m` of every `pc` in circuits in `both`";
                self.diagnostics.push(none.help(help));
                return None;
            }
            return Some(all);
        }
        for member in self.recorded_cells(first)? {
            let cell = self.program.populations.get(member.population.index())?.cell;
            let single = self.is_one_cell(&member);
            for (part, rest) in self.parts_of(cell, rest, path.span)? {
                let rest: Vec<Step<'_>> = rest.iter().map(NamedStep::step).collect();
                let (probe, dimension) = self.probe(cell, first, &rest, path.span)?;
                all.push((Term { cells: member.clone(), probe, part, single, span: path.span }, dimension));
            }
        }
        Some(all)
    }

    /// A value of the connections of a statement.
    fn of_connections(&mut self, first: &Step<'a>, rest: &[Step<'a>], span: Span) -> Option<(Term, Dimension)> {
        let found = self.within(Known::Nothing, |view, ctx| view.of_connections(first, rest, span, ctx));
        let (values, dimension) = found?;
        let cells = self.program.connections.get(values.connection)?.targets.members.first()?.clone();
        let single = values.index.is_some();
        Some((Term { cells, probe: Probe::Connections(values), part: None, single, span }, dimension))
    }

    /// Whether a member is one cell: taken by its index, or of a population that is one.
    fn is_one_cell(&self, member: &Member) -> bool {
        match member.indices.as_deref() {
            Some([Indices::One(_)]) => true,
            Some(_) => false,
            None => self.program.populations.get(member.population.index()).is_some_and(|p| p.count.is_none()),
        }
    }

    /// Cells of a population, all of them or those in brackets.
    fn member(&mut self, population: PopulationId, indices: Option<&'a [ast::Expr]>, span: Span) -> Option<Member> {
        let indices = self.within(Known::Nothing, |view, ctx| {
            let parts = indices.map(|all| all.iter().map(|index| view.index(population, index, ctx)).collect::<Vec<_>>());
            // Each that is wrong is told.
            parts.map(|parts| parts.into_iter().collect::<Option<Vec<_>>>())
        });
        let indices = match indices {
            Some(parts) => Some(parts?),
            None => None,
        };
        Some(Member { population, indices, filter: None, span })
    }

    /// The cells at the beginning of a path, population by population.
    fn recorded_cells(&mut self, first: &Step<'a>) -> Option<Vec<Member>> {
        match self.declared.names.find(first.name) {
            Some(Symbol::Population(population)) if first.args.is_none() => {
                Some(vec![self.member(population, first.indices, first.span)?])
            }
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
            Some(Symbol::Let(binding)) if first.is_plain() && names_cells(binding, self.declared) => self.set_of_cells(first),
            None if first.is_plain() && first.name == "all" => self.set_of_cells(first),
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

    fn set_of_cells(&mut self, first: &Step<'a>) -> Option<Vec<Member>> {
        let name = ast::Expr { kind: ExprKind::Name(first.name.into()), span: first.span };
        Some(self.within(Known::Nothing, |view, ctx| view.set(&[&name], first.span, ctx))?.members)
    }

    fn populations_of(&self, cell: &str) -> Vec<&'a str> {
        let of = |population: &&ast::Population| population.cell.parts.last().is_some_and(|part| &*part.text == cell);
        self.declared.populations.iter().map(|(population, _)| *population).filter(of).map(|one| &*one.name.text).collect()
    }

    fn probe(&mut self, id: CellId, first: &Step<'_>, rest: &[Step<'_>], span: Span) -> Option<Found> {
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
        first: &Step<'_>,
        rest: &[Step<'_>],
        span: Span,
    ) -> Option<Found> {
        let own = self.program.mechanisms.get(mechanism.index()).and_then(|checked| own_name(rest, checked));
        if let (Some((name, span)), Some(last)) = (own, rest.last()) {
            let (id, dimension) = self.recordable(mechanism, &Step { name: &name, span, ..*last })?;
            return Some((Probe::Own(id), dimension));
        }
        match rest {
            [] => {
                let message = format!("what of `{}` is recorded?", first.name);
                self.no_variable(id, span, &message, "name a variable of its cells: `p[0].v`")
            }
            _ => self.no_variable(id, span, &format!("`{cell}` has no sections"), "name one of its variables: `p[0].v`"),
        }
    }

    /// A value of a cell with sections.
    pub(in crate::check) fn probe_of_tree(
        &mut self,
        id: CellId,
        cell: &Name,
        tree: &Tree,
        first: &Step<'_>,
        rest: &[Step<'_>],
        span: Span,
    ) -> Option<(Probe, Dimension)> {
        match rest {
            [] => self.no_variable(
                id,
                span,
                &format!("what of `{}` is recorded?", first.name),
                "name a place and a variable: `M[0].soma(0.5).v`",
            ),
            [one] if one.name == "v" && one.is_plain() => match tree.voltage {
                Some((at, variable)) => {
                    let mechanism = self.program.mechanisms.get(tree.synapses.get(at)?.mechanism.index())?;
                    let dimension = mechanism.variables.get(variable.index())?.dimension;
                    Some((Probe::Synapse(at, variable), dimension))
                }
                None => self.where_on(tree, one.span),
            },
            [synapse, variable] if tree.synapses.iter().any(|one| *one.name == *synapse.name) => {
                let at = tree.synapses.iter().position(|one| *one.name == *synapse.name)?;
                let (variable, dimension) = self.recordable(tree.synapses.get(at)?.mechanism, variable)?;
                Some((Probe::Synapse(at, variable), dimension))
            }
            [section, more @ ..] => self.at_section(id, cell, tree, section, more),
        }
    }

    /// The one section that a step names.
    fn recorded_section(&mut self, id: CellId, cell: &Name, tree: &Tree, step: &Step<'_>) -> Option<usize> {
        if step.every {
            return tree.sections.iter().position(|section| *section.name == *step.name);
        }
        let names = self.section_names(id);
        if names.find(step.name).is_none() {
            if !self.broken_cells.contains(&id) {
                let own = names.all.iter().chain(tree.synapses.iter().map(|one| &one.name));
                let known: Vec<Name> = own.cloned().collect();
                self.unknown_section(step.name, step.span, &known, &format!("`{cell}`"));
            }
            return None;
        }
        let sections = self.group_of_step(step, &names, &format!("`{cell}`"))?;
        let &[at] = sections.as_slice() else {
            let message = format!("`{}` is several sections, and a record takes one of them", step.name);
            let several = Diagnostic::new(Code::BadPlace, step.span, message);
            self.diagnostics.push(several.help(format!("take one by its index: `{}[0](0.5)`", step.name)));
            return None;
        };
        Some(at)
    }

    fn at_section(&mut self, id: CellId, cell: &Name, tree: &Tree, step: &Step<'_>, more: &[Step<'_>]) -> Option<Found> {
        let at = self.recorded_section(id, cell, tree, step)?;
        let x = match step.args {
            Some([ast::Arg { name: None, value, .. }]) => self.position(value, Known::Nothing)?,
            None if step.every => ir::Attribute { value: ir::Expr::Number(0.5), span: step.span },
            _ => return self.where_on_section(step),
        };
        let place = Place { section: SectionId(u32::try_from(at).ok()?), x };
        let section = tree.sections.get(at)?;
        match more {
            [variable] if variable.name == "v" && variable.is_plain() => Some((Probe::Voltage(place), Dimension::VOLTAGE)),
            [variable] if variable.name == "i_membrane" && variable.is_plain() && section.extracellular.is_some() => {
                Some((Probe::Membrane(place), Dimension::CURRENT_DENSITY))
            }
            [variable] if variable.name == "vext" && section.extracellular.is_some() => {
                Some((Probe::Outside(place, self.layer_of(variable)?), Dimension::VOLTAGE))
            }
            [variable] if variable.is_plain() && section.inserts.iter().all(|one| *one.name != *variable.name) => {
                match self.ion_value(variable.name) {
                    Some((ion, quantity)) => self.probe_of_ion(section, variable, place, ion, quantity),
                    None => self.unknown_insert(id, section, variable),
                }
            }
            [insert, variable] if insert.has_no_place() && variable.is_plain() => {
                let Some(which) = section.inserts.iter().position(|one| *one.name == *insert.name) else {
                    return match self.declared.names.find(insert.name) {
                        Some(Symbol::Synapse(synapse)) => self.probe_of_file_synapse(synapse, place, variable),
                        _ => self.unknown_insert(id, section, insert),
                    };
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

    /// `[0]` or `[1]`.
    fn layer_of(&mut self, step: &Step<'_>) -> Option<u8> {
        if let Some([index]) = step.indices {
            match index.kind {
                ExprKind::Number(0.0) => return Some(0),
                ExprKind::Number(1.0) => return Some(1),
                _ => {}
            }
        }
        let message = "there are two layers of extracellular space";
        let wrong = Diagnostic::new(Code::UnknownVariable, step.span, message);
        self.diagnostics.push(wrong.help("`vext[0]` is that at the membrane, `vext[1]` the outer one"));
        None
    }

    /// A variable of a synapse of the file, at a place where connections put it.
    fn probe_of_file_synapse(&mut self, synapse: ir::SynapseId, place: Place, variable: &Step<'_>) -> Option<Found> {
        let (variable, dimension) = self.recordable(self.synapse_mechanism(synapse)?, variable)?;
        Some((Probe::Shared(synapse, place, variable), dimension))
    }

    /// A name behind a place that is no mechanism there.
    fn unknown_insert(&mut self, cell: CellId, section: &ir::Section, step: &Step<'_>) -> Option<Found> {
        if self.broken_cells.contains(&cell) {
            return None;
        }
        if let Some(Symbol::Synapse(_)) = self.declared.names.find(step.name) {
            let help = format!("name one of its variables: `{}(0.5).{}.NAME`", section.name, step.name);
            return self.no_variable(cell, step.span, &format!("what of `{}` is recorded?", step.name), &help);
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

    /// A value of an ion at a place, if something there has to do with the ion. Point mechanisms of the network may sit anywhere.
    fn probe_of_ion(
        &mut self,
        section: &ir::Section,
        step: &Step<'_>,
        place: Place,
        ion: Name,
        quantity: IonQuantity,
    ) -> Option<Found> {
        let mechanisms = &self.program.mechanisms;
        let inserted = section.inserts.iter().filter_map(|insert| mechanisms.get(insert.mechanism.index()));
        let points = mechanisms.iter().filter(|mechanism| mechanism.kind == MechanismKind::Point);
        if !inserted.chain(points).any(|mechanism| mechanism.uses_ion(&ion)) {
            let message = format!("no mechanism of `{}` has to do with the ion {ion}", section.name);
            self.diagnostics.push(Diagnostic::new(Code::UnknownVariable, step.span, message));
            return None;
        }
        let dimension = ion_dimension(quantity);
        Some((Probe::Ion(place, ion, quantity), dimension))
    }

    /// The variable of a mechanism, if it is one that can be recorded.
    fn recordable(&mut self, mechanism: MechanismId, step: &Step<'_>) -> Option<(VarId, Dimension)> {
        let checked = self.program.mechanisms.get(mechanism.index())?;
        let named = |one: &ir::Variable| *one.name == *step.name;
        let own = |one: &ir::Variable| named(one) && matches!(one.kind, VariableKind::Current { .. });
        let at = checked.variables.iter().position(own).or_else(|| checked.variables.iter().position(named));
        let Some((at, variable)) = at.and_then(|at| Some((at, checked.variables.get(at)?))) else {
            if !self.is_refused(mechanism) {
                let names: Vec<&str> = checked.variables.iter().map(|one| &*one.name).collect();
                let message = format!("`{}` has no variable `{}`", checked.name, step.name);
                let unknown = suggest(Diagnostic::new(Code::UnknownVariable, step.span, message), step.name, step.span, &names);
                self.diagnostics.push(unknown);
            }
            return None;
        };
        Some((VarId(u32::try_from(at).ok()?), variable.dimension))
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

    fn where_on_section<T>(&mut self, step: &Step<'_>) -> Option<T> {
        let name = step.name;
        let missing = Diagnostic::new(Code::NoPlace, step.span, format!("where on `{name}`?"));
        let missing = missing.help(format!("`{name}(0.5)` is its middle, `{name}(0)` and `{name}(1)` are its ends"));
        self.diagnostics.push(missing.fix(step.span, format!("{name}(0.5)"), format!("write `{name}(0.5)`")));
        None
    }
}

/// Of the total current per area.
fn ion_dimension(quantity: IonQuantity) -> Dimension {
    match quantity {
        IonQuantity::Reversal => Dimension::VOLTAGE,
        IonQuantity::Inside | IonQuantity::Outside => Dimension::CONCENTRATION,
        IonQuantity::Current => Dimension::CURRENT_DENSITY,
    }
}
