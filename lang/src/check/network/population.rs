//! Populations: how many of which cell, and what differs from the cell's declaration.

use super::path::{Step, own_name, steps};
use crate::check::attributes::given_twice;
use crate::check::cell::{Parts, Target};
use crate::check::{Checker, Known};
use bouton_model::ir::{
    self, Attribute, CellBody, CellId, CellParamId, CellSetting, MechanismId, SectionAttribute, SectionId, Setting, SettingPlace,
    Tree, VarId,
};
use bouton_syntax::ast::{self, Attr};
use bouton_syntax::{Code, Diagnostic, Span};
use std::collections::{HashMap, HashSet};

/// Stands for a cell that is unknown or broken, which has been reported; the program is not used then.
pub(crate) const NO_CELL: CellId = CellId(u32::MAX);

impl<'a> Checker<'a> {
    /// Checks a population. Its settings follow in [`Checker::population_settings`], because they may count other populations.
    pub fn population(&mut self, population: &'a ast::Population, span: Span) {
        let cell = self.cell(&population.cell).unwrap_or(NO_CELL);
        let count = population.size.as_ref().map(|size| {
            // A broken size is no number, so that no index is called too large.
            let unknown = ir::Attribute { value: ir::Expr::Number(f64::NAN), span: size.span };
            self.whole(size, Known::Nothing, "the size of a population", 1.0).unwrap_or(unknown)
        });
        let layout = population.layout.as_ref().and_then(|layout| self.layout(layout)).unwrap_or_default();
        let name = population.name.text.clone();
        let span = if population.name.is_missing() { span } else { population.name.span };
        let (settings, sections, params) = (Vec::new(), Vec::new(), Vec::new());
        self.program.populations.push(ir::Population { name, span, cell, count, layout, settings, sections, params });
    }

    /// Checks what the braces of a population set.
    pub fn population_settings(&mut self, at: usize, population: &'a ast::Population) {
        let Some(cell) = self.program.populations.get(at).map(|population| population.cell) else { return };
        let mut all = Given::default();
        for attr in population.attrs.iter().flat_map(|block| &block.items) {
            let Some(steps) = steps(&attr.path).filter(|steps| steps.iter().all(|step| !step.name.is_empty())) else { continue };
            self.with_body(cell, |checker, body| match body {
                CellBody::Free(mechanism) => checker.setting_of_equations(attr, &steps, cell, *mechanism, &mut all),
                CellBody::Tree(tree) => checker.setting_of_tree(attr, &steps, cell, tree, &mut all),
            });
        }
        let missing: Vec<_> = self.params_without_value(cell).into_iter().filter(|id| !all.params.contains(id)).collect();
        for id in missing {
            self.missing_param(cell, id, population.name.span);
        }
        let mut told = HashSet::new();
        for (_, value, _) in all.list.iter().filter(|(_, value, _)| told.insert(value.span)) {
            self.one_value_each(at, value);
        }
        if let Some(population) = self.program.populations.get_mut(at) {
            (population.settings, population.sections, population.params) = all.into_lists();
        }
    }

    /// A parameter of a cell without sections.
    fn setting_of_equations(
        &mut self,
        attr: &'a Attr,
        steps: &[Step<'a>],
        cell: CellId,
        mechanism: MechanismId,
        all: &mut Given,
    ) -> Option<()> {
        let own = self.program.mechanisms.get(mechanism.index()).and_then(|checked| own_name(steps, checked));
        let Some((own, span)) = own else {
            let name = self.program.cells.get(cell.index())?.name.clone();
            if let Some(first) = steps.first().filter(|_| !self.broken_cells.contains(&cell)) {
                self.unknown_knob(first, &name, &[]);
            }
            return None;
        };
        let variable = self.settable(&own, span, mechanism)?;
        let setting = self.setting(attr, mechanism, variable, Known::Cell)?;
        if !self.knows_places(&setting.value, &format!("`{own}`"), &[]) {
            return None;
        }
        self.plausible_settings(mechanism, std::slice::from_ref(&setting));
        self.note(all, Knob::Mechanism(SettingPlace::Own, variable), setting.value, attr);
        Some(())
    }

    fn setting_of_tree(&mut self, attr: &'a Attr, steps: &[Step<'a>], id: CellId, tree: &Tree, all: &mut Given) -> Option<()> {
        let cell = self.program.cells.get(id.index())?.name.clone();
        let names = self.section_names(id);
        let parts = Parts { cell: &cell, tree, names: &names, broken: self.broken_cells.contains(&id) };
        match self.target(steps, &parts)? {
            Target::Param(param) => {
                let declared = tree.params.get(param.index())?;
                all.params.insert(param);
                let value = self.quantity(&attr.value, Known::Cell, declared.dimension, &format!("`{}`", declared.name))?;
                if self.knows_places(&value, &format!("`{}`", declared.name), &[]) {
                    self.note(all, Knob::Param(param), value, attr);
                }
            }
            Target::Sections(sections, attribute) => {
                let value = self.attribute_value(&attr.value, attribute, Known::Cell)?;
                for section in sections {
                    self.note(all, Knob::Section(SectionId(u32::try_from(section).ok()?), attribute), value.clone(), attr);
                }
            }
            Target::Ion(_, ion, quantity) => {
                let name = quantity.name(&ion);
                let message = format!("`{name}` is the same in all cells of a kind");
                let same = Diagnostic::new(Code::UnknownParameter, attr.path.span, message);
                self.diagnostics.push(same.help("set it in the cell; cells that differ in it are two cells"));
            }
            Target::Mechanism(places, mechanism, name, span) => {
                let variable = self.settable(name, span, mechanism)?;
                let setting = self.setting(attr, mechanism, variable, Known::Cell)?;
                self.plausible_settings(mechanism, std::slice::from_ref(&setting));
                for place in places {
                    self.note(all, Knob::Mechanism(place, variable), setting.value.clone(), attr);
                }
            }
        }
        Some(())
    }

    /// Keeps a setting. One that names the same part in other words wins over an earlier one; in the same words it is given twice.
    fn note(&mut self, all: &mut Given, knob: Knob, value: Attribute, attr: &'a Attr) {
        match all.index.get(&knob) {
            Some(at) if all.list[*at].2 == attr.path.span => {}
            Some(at) => {
                let (_, known, first) = &mut all.list[*at];
                if all.words.get(&written(&attr.path)).is_some_and(|words| words == first) {
                    let twice = given_twice(last_name(attr), attr.path.span, *first);
                    self.diagnostics.push(twice);
                } else {
                    (*known, *first) = (value, attr.path.span);
                }
            }
            None => {
                all.index.insert(knob, all.list.len());
                all.list.push((knob, value, attr.path.span));
            }
        }
        all.words.entry(written(&attr.path)).or_insert(attr.path.span);
    }

    /// The parameters of a cell that its populations must set.
    fn params_without_value(&self, cell: CellId) -> Vec<CellParamId> {
        match self.program.cells.get(cell.index()).map(|cell| &cell.body) {
            Some(CellBody::Tree(tree)) => {
                let params = (0..).map(CellParamId).zip(&tree.params);
                params.filter(|(_, param)| param.default.is_none()).map(|(id, _)| id).collect()
            }
            _ => Vec::new(),
        }
    }

    fn missing_param(&mut self, cell: CellId, id: CellParamId, span: Span) {
        let Some(cell) = self.program.cells.get(cell.index()) else { return };
        let CellBody::Tree(tree) = &cell.body else { return };
        let Some(param) = tree.params.get(id.index()) else { return };
        let message = format!("`{}` needs a value for `{}`", cell.name, param.name);
        let missing = Diagnostic::new(Code::MissingParameter, span, message)
            .also(param.span, "declared without a value")
            .help(format!("set it in the braces: `{{ {} = ... }}`", param.name));
        self.diagnostics.push(missing);
    }
}

/// What the braces of a population can set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Knob {
    Mechanism(SettingPlace, VarId),
    Section(SectionId, SectionAttribute),
    Param(CellParamId),
}

/// What they have set so far.
#[derive(Default)]
struct Given {
    /// In order, with the place of the path.
    list: Vec<(Knob, Attribute, Span)>,
    index: HashMap<Knob, usize>,
    /// Where a path stands first, by its words.
    words: HashMap<String, Span>,
    /// Parameters of the cell that are set, also where the value is wrong.
    params: HashSet<CellParamId>,
}

impl Given {
    /// Of mechanisms, of sections, of the cell.
    #[expect(clippy::type_complexity, reason = "three lists, taken apart at once")]
    fn into_lists(self) -> (Vec<CellSetting>, Vec<(SectionId, SectionAttribute, Attribute)>, Vec<(CellParamId, Attribute)>) {
        let (mut settings, mut sections, mut params) = (Vec::new(), Vec::new(), Vec::new());
        for (knob, value, _) in self.list {
            match knob {
                Knob::Mechanism(at, variable) => settings.push(CellSetting { at, setting: Setting { variable, value } }),
                Knob::Section(section, attribute) => sections.push((section, attribute, value)),
                Knob::Param(id) => params.push((id, value)),
            }
        }
        (settings, sections, params)
    }
}

/// A path as its words.
fn written(path: &ast::Expr) -> String {
    let part = |step: &Step<'_>| match step.indices {
        Some(_) => format!("{}[{}]", step.name, step.span.start),
        None => step.name.to_owned(),
    };
    steps(path).unwrap_or_default().iter().map(part).collect::<Vec<_>>().join(".")
}

/// The parameter at the end of a path.
fn last_name(attr: &Attr) -> &str {
    steps(&attr.path).and_then(|steps| steps.last().map(|step| step.name)).unwrap_or_default()
}
