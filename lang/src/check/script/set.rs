//! `set PATH = VALUE`: which knob a path is.

use super::names::Locals;
use crate::check::Checker;
use crate::check::attributes::suggest;
use crate::check::cell::{Parts, Target};
use crate::check::declare::Symbol;
use crate::check::network::path::{Step, own_name, steps};
use crate::check::value::quantity;
use bouton_model::ir::{
    Attribute, CellBody, CellId, Dial, Knob, MechanismId, Name, PopulationId, Rule, SectionAttribute, SectionId, SettingPlace,
    SimulationKnob, Source, StatementKind, SynapseId, Tree,
};
use bouton_model::unit::Dimension;
use bouton_syntax::ast::{self, Attr, ExprKind};
use bouton_syntax::{Code, Diagnostic, Span};

/// Attributes of `simulation`, which are knobs under their own names.
const SIMULATION: &[(&str, SimulationKnob, Dimension)] = &[
    ("duration", SimulationKnob::Duration, Dimension::TIME),
    ("dt", SimulationKnob::Dt, Dimension::TIME),
    ("celsius", SimulationKnob::Celsius, Dimension::TEMPERATURE),
    ("v_init", SimulationKnob::VInit, Dimension::VOLTAGE),
    ("seed", SimulationKnob::Seed, Dimension::NONE),
];

/// A knob, and the dimension of its value.
type Found = (Knob, Dimension);

impl<'a> Checker<'a> {
    /// Whether a value is missing, which is then reported.
    pub(super) fn is_bare(&mut self, attr: &Attr) -> bool {
        if attr.bare {
            let bare = Diagnostic::new(Code::WrongArguments, attr.span, "what is the new value?");
            self.diagnostics.push(bare.help("write `set NAME = VALUE`"));
        }
        attr.bare
    }

    /// An attribute of `simulation`.
    pub(super) fn set_simulation(&mut self, name: &ast::Name, attr: &'a Attr, locals: &Locals) -> Option<StatementKind> {
        let (knob, dimension) = self.simulation_knob(name)?;
        let value = self.new_value(attr, dimension, &name.text, locals)?;
        Some(StatementKind::Turn(knob, value))
    }

    fn simulation_knob(&mut self, name: &ast::Name) -> Option<Found> {
        let Some((_, knob, dimension)) = SIMULATION.iter().find(|(known, ..)| *known == &*name.text) else {
            let mut names = self.declared.names.list(|symbol| matches!(symbol, Symbol::Param(_)));
            names.extend(SIMULATION.iter().map(|(known, ..)| *known));
            names.sort_unstable();
            let unknown = Diagnostic::new(Code::UnknownName, name.span, format!("there is no parameter `{}`", name.text));
            self.diagnostics.push(suggest(unknown, &name.text, name.span, &names));
            return None;
        };
        Some((Knob::Simulation(*knob), *dimension))
    }

    /// What is varied: a parameter of the file, an attribute of `simulation`, or what a path names.
    pub(super) fn dial(&mut self, path: &'a ast::Expr) -> Option<(Dial, Dimension)> {
        let ExprKind::Name(name) = &path.kind else {
            let (knob, dimension) = if matches!(path.kind, ExprKind::Error) { None } else { self.knob(path) }?;
            return Some((Dial::Path(knob), dimension));
        };
        let name = ast::Name { text: name.clone(), span: path.span };
        match self.declared.names.find(&name.text) {
            Some(Symbol::Param(id)) => {
                let dimension = self.program.params.get(id.index())?.dimension;
                Some((Dial::Param(id), dimension))
            }
            Some(Symbol::Broken) => None,
            Some(other) => {
                self.wrong_kind(&name, &other, "a parameter");
                None
            }
            None => self.simulation_knob(&name).map(|(knob, dimension)| (Dial::Path(knob), dimension)),
        }
    }

    /// What a path names in the model.
    pub(super) fn turn(&mut self, attr: &'a Attr, locals: &Locals) -> Option<StatementKind> {
        let (knob, dimension) = self.knob(&attr.path)?;
        let last = steps(&attr.path).and_then(|steps| steps.last().map(|step| step.name.to_owned())).unwrap_or_default();
        let value = self.new_value(attr, dimension, &last, locals)?;
        Some(StatementKind::Turn(knob, value))
    }

    /// What a path names in the model, and the dimension of its value.
    pub(super) fn knob(&mut self, path: &'a ast::Expr) -> Option<Found> {
        let steps = steps(path).filter(|steps| steps.iter().all(|step| step.is_plain() && !step.name.is_empty()));
        let Some((first, rest)) = steps.as_deref().and_then(<[Step<'_>]>::split_first) else {
            let wrong = Diagnostic::new(Code::UnknownParameter, path.span, "this is not the path of a parameter");
            let form = "a parameter of all cells of a population is reached as `p.soma.hh.gnabar`, a weight as `LABEL.weight`";
            self.diagnostics.push(wrong.help(form));
            return None;
        };
        match self.declared.names.find(first.name) {
            Some(Symbol::Population(id)) => self.of_population(id, rest, path.span),
            Some(Symbol::Cell(_)) => self.of_cell(first, rest, path.span),
            Some(Symbol::Synapse(id)) => self.of_synapse(id, rest, path.span),
            Some(Symbol::Connection) => self.of_label(first.name, rest, path.span),
            Some(Symbol::Broken) => None,
            Some(other) => {
                let name = ast::Name { text: first.name.into(), span: first.span };
                self.wrong_kind(&name, &other, "a population, a cell, a synapse or the label of a connection");
                None
            }
            None => {
                let known = |s: &Symbol<'_>| {
                    matches!(s, Symbol::Population(_) | Symbol::Cell(_) | Symbol::Synapse(_) | Symbol::Connection)
                };
                let mut names = self.declared.names.list(known);
                names.sort_unstable();
                let unknown = Diagnostic::new(Code::UnknownName, first.span, format!("nothing here is called `{}`", first.name));
                self.diagnostics.push(suggest(unknown, first.name, first.span, &names));
                None
            }
        }
    }

    fn new_value(&mut self, attr: &'a Attr, dimension: Dimension, name: &str, locals: &Locals) -> Option<Attribute> {
        if self.is_bare(attr) {
            return None;
        }
        self.in_script(locals, |_, ctx| quantity(&attr.value, dimension, &format!("`{name}`"), ctx))
    }

    fn of_population(&mut self, id: PopulationId, rest: &[Step<'a>], span: Span) -> Option<Found> {
        let cell = self.program.populations.get(id.index())?.cell;
        self.with_body(cell, |checker, body| match body {
            CellBody::Free(mechanism) => checker.of_equations(id, *mechanism, rest, span),
            CellBody::Tree(tree) => checker.of_tree(id, cell, tree, rest, span),
        })
    }

    /// The same of all populations that are made of a cell.
    fn of_cell(&mut self, cell: &Step<'a>, rest: &[Step<'a>], span: Span) -> Option<Found> {
        let is_it = |id: CellId| self.program.cells.get(id.index()).is_some_and(|known| *known.name == *cell.name);
        let all = self.program.populations.iter().zip(0..).filter(|(population, _)| is_it(population.cell));
        let all: Vec<PopulationId> = all.map(|(_, at)| PopulationId(at)).collect();
        if all.is_empty() {
            let nobody = Diagnostic::new(Code::ReachesNothing, cell.span, format!("no population is made of `{}`", cell.name));
            self.diagnostics.push(nobody.help(format!("make one: `population p: {}[10]`", cell.name)));
            return None;
        }
        // They share their cell, so what is wrong with one is wrong with all.
        let mut found = Vec::new();
        for id in all {
            found.push(self.of_population(id, rest, span)?);
        }
        let dimension = found.first()?.1;
        Some((Knob::All(found.into_iter().map(|(knob, _)| knob).collect()), dimension))
    }

    fn of_equations(&mut self, population: PopulationId, mechanism: MechanismId, rest: &[Step<'a>], span: Span) -> Option<Found> {
        let own = self.program.mechanisms.get(mechanism.index()).and_then(|checked| own_name(rest, checked));
        let Some((name, span)) = own else { return self.no_such(span, "", &[]) };
        let variable = self.settable(&name, span, mechanism)?;
        let knob = Knob::Cell { population, at: vec![SettingPlace::Own], variable };
        Some((knob, self.variable(mechanism, variable)?.dimension))
    }

    fn of_tree(&mut self, population: PopulationId, id: CellId, tree: &Tree, rest: &[Step<'a>], span: Span) -> Option<Found> {
        let cell = self.program.cells.get(id.index())?.name.clone();
        let names = self.section_names(id);
        let parts = Parts { cell: &cell, tree, names: &names, broken: self.broken_cells.contains(&id) };
        match self.target(rest, &parts)? {
            Target::Param(param) => {
                let dimension = tree.params.get(param.index())?.dimension;
                Some((Knob::CellParam { population, param }, dimension))
            }
            Target::Mechanism(at, mechanism, name, span) => {
                let variable = self.settable(name, span, mechanism)?;
                Some((Knob::Cell { population, at, variable }, self.variable(mechanism, variable)?.dimension))
            }
            Target::Sections(sections, attribute) => {
                let dimension = match attribute {
                    SectionAttribute::Length | SectionAttribute::Diam => Dimension::LENGTH,
                    SectionAttribute::AxialResistivity => Dimension::RESISTIVITY,
                    SectionAttribute::Capacitance => Dimension::CAPACITANCE_DENSITY,
                    SectionAttribute::Segments => Dimension::NONE,
                };
                let sections = sections.into_iter().map(|at| SectionId(u32::try_from(at).unwrap_or(u32::MAX))).collect();
                Some((Knob::Sections { population, sections, attribute }, dimension))
            }
            Target::Ion(..) => {
                let same =
                    Diagnostic::new(Code::UnknownParameter, span, "a reversal potential is the same in all cells of a kind");
                self.diagnostics.push(same.help("use a `param` for it in the cell and set that"));
                None
            }
        }
    }

    fn of_synapse(&mut self, id: SynapseId, rest: &[Step<'_>], span: Span) -> Option<Found> {
        let mechanism = self.synapse_mechanism(id)?;
        let [step] = rest else { return self.no_such(span, "", &[]) };
        let variable = self.settable(step.name, step.span, mechanism)?;
        Some((Knob::Synapse(id, variable), self.variable(mechanism, variable)?.dimension))
    }

    /// Of a labelled connection or stimulus.
    fn of_label(&mut self, label: &str, rest: &[Step<'_>], span: Span) -> Option<Found> {
        let is_it = |known: &Option<Name>| known.as_deref() == Some(label);
        let electrode = self.program.electrodes.iter().position(|e| is_it(&e.label));
        if let Some((at, step)) = electrode.zip(rest.first()) {
            let mechanism = self.program.electrodes.get(at)?.mechanism;
            let variable = self.settable(step.name, step.span, mechanism)?;
            return Some((Knob::Electrode(at, variable), self.variable(mechanism, variable)?.dimension));
        }
        let at = self.program.connections.iter().position(|c| is_it(&c.label))?;
        let [step] = rest else { return self.no_such(span, "", &[]) };
        let connection = self.program.connections.get(at)?;
        let generator = match &connection.source {
            Source::Generator { cell, .. } => self.equations_of(*cell),
            Source::Cells(_) => None,
        };
        let rule = match connection.rule {
            Rule::Probability(_) => Some("probability"),
            Rule::Convergence(_) => Some("convergence"),
            Rule::Divergence(_) => Some("divergence"),
            _ => None,
        };
        let weight = connection.ports.first().map(|(cell, port)| self.weight_of(*cell, port).unwrap_or(Dimension::NONE));
        match step.name {
            "weight" => return Some((Knob::Weight(at), weight?)),
            "delay" => return Some((Knob::Delay(at), Dimension::TIME)),
            name if rule == Some(name) => return Some((Knob::Rule(at), Dimension::NONE)),
            _ => {}
        }
        match generator {
            Some(mechanism) => {
                let variable = self.settable(step.name, step.span, mechanism)?;
                Some((Knob::Source(at, variable), self.variable(mechanism, variable)?.dimension))
            }
            None => {
                let mut names = vec!["weight", "delay"];
                names.extend(rule);
                self.no_such(step.span, step.name, &names)
            }
        }
    }

    fn equations_of(&self, cell: CellId) -> Option<MechanismId> {
        match &self.program.cells.get(cell.index())?.body {
            CellBody::Free(mechanism) => Some(*mechanism),
            CellBody::Tree(_) => None,
        }
    }

    fn no_such<T>(&mut self, span: Span, name: &str, names: &[&str]) -> Option<T> {
        let unknown = Diagnostic::new(Code::UnknownParameter, span, "there is nothing to set under this path");
        self.diagnostics.push(match names {
            [] => unknown.help("set one of its parameters"),
            names => suggest(unknown, name, span, names),
        });
        None
    }
}
