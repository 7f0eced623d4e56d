//! Populations: how many of which cell, and what differs from the cell's declaration.

use super::path::{Step, steps};
use crate::check::attributes::{given_twice, suggest};
use crate::check::unsupported::Construct;
use crate::check::{Checker, Known};
use bouton_model::ir::{self, CellBody, CellId, CellSetting, MechanismId, Name, SectionId, SettingPlace};
use bouton_syntax::ast::{self, Attr};
use bouton_syntax::{Code, Diagnostic, Span};

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
        if let Some(layout) = &population.layout {
            self.refuse(Construct::Layout, layout.span);
        }
        let name = population.name.text.clone();
        let span = if population.name.is_missing() { span } else { population.name.span };
        self.program.populations.push(ir::Population { name, span, cell, count, settings: Vec::new() });
    }

    /// Checks what the braces of a population set.
    pub fn population_settings(&mut self, at: usize, population: &'a ast::Population) {
        let Some(cell) = self.program.populations.get(at).map(|population| population.cell) else { return };
        let mut all: Vec<(CellSetting, Span)> = Vec::new();
        for attr in population.attrs.iter().flat_map(|block| &block.items) {
            let Some(setting) = self.cell_setting(attr, cell) else { continue };
            let same =
                |known: &&(CellSetting, Span)| known.0.at == setting.at && known.0.setting.variable == setting.setting.variable;
            match all.iter().find(same) {
                Some((_, first)) => self.diagnostics.push(given_twice(last_name(attr), attr.path.span, *first)),
                None => all.push((setting, attr.path.span)),
            }
        }
        if let Some(population) = self.program.populations.get_mut(at) {
            population.settings = all.into_iter().map(|(setting, _)| setting).collect();
        }
    }

    fn cell_setting(&mut self, attr: &'a Attr, cell: CellId) -> Option<CellSetting> {
        let steps = match steps(&attr.path) {
            Some(steps) if steps.iter().all(|step| !step.name.is_empty()) => steps,
            _ => return None,
        };
        let (at, mechanism, name, span) = self.knob(&steps, cell)?;
        let variable = self.settable(name, span, mechanism)?;
        let setting = self.setting(attr, mechanism, variable, Known::Cell)?;
        self.plausible_settings(mechanism, std::slice::from_ref(&setting));
        Some(CellSetting { at, setting })
    }

    /// What a path in the braces of a population leads to: the mechanism, and the name of its parameter.
    fn knob<'e>(&mut self, steps: &[Step<'e>], cell: CellId) -> Option<(SettingPlace, MechanismId, &'e str, Span)> {
        let broken = self.broken_cells.contains(&cell);
        let checked = self.program.cells.get(cell.index())?;
        let name = checked.name.clone();
        let tree = match &checked.body {
            CellBody::Free(mechanism) => {
                let mechanism = *mechanism;
                let [step] = steps else { return self.no_knob(steps, &name, &[], broken) };
                return Some((SettingPlace::Own, mechanism, step.name, step.span));
            }
            CellBody::Tree(tree) => tree,
        };
        let parts: Vec<Name> =
            tree.sections.iter().map(|one| &one.name).chain(tree.synapses.iter().map(|one| &one.name)).cloned().collect();
        match steps {
            [section, insert, parameter] if section.is_plain() => {
                let Some(at) = tree.sections.iter().position(|one| *one.name == *section.name) else {
                    return self.no_knob(steps, &name, &parts, broken);
                };
                let inserts: Vec<(Name, MechanismId)> =
                    tree.sections.get(at)?.inserts.iter().map(|one| (one.name.clone(), one.mechanism)).collect();
                let found = inserts.iter().position(|(one, _)| **one == *insert.name);
                let Some(which) = found else {
                    self.no_insert(section.name, insert, &inserts, broken);
                    return None;
                };
                let place = SettingPlace::Insert(SectionId(u32::try_from(at).ok()?), which);
                Some((place, inserts.get(which)?.1, parameter.name, parameter.span))
            }
            [synapse, parameter] if synapse.is_plain() => {
                if let Some(which) = tree.synapses.iter().position(|one| *one.name == *synapse.name) {
                    return Some((
                        SettingPlace::Synapse(which),
                        tree.synapses.get(which)?.mechanism,
                        parameter.name,
                        parameter.span,
                    ));
                }
                if tree.sections.iter().any(|one| *one.name == *synapse.name) {
                    self.refuse(Construct::PopulationSection, synapse.span.to(parameter.span));
                    return None;
                }
                self.no_knob(steps, &name, &parts, broken)
            }
            _ => self.no_knob(steps, &name, &parts, broken),
        }
    }

    fn no_knob<T>(&mut self, steps: &[Step<'_>], cell: &str, parts: &[Name], broken: bool) -> Option<T> {
        if let Some(first) = steps.first().filter(|_| !broken) {
            let unknown =
                Diagnostic::new(Code::UnknownParameter, first.span, format!("`{cell}` has nothing to set under this path"));
            let unknown = suggest(unknown, first.name, first.span, parts);
            let form = "a parameter is reached as `soma.hh.gnabar`; one of a cell without sections by its name alone";
            self.diagnostics.push(unknown.help(form));
        }
        None
    }

    fn no_insert(&mut self, section: &str, insert: &Step<'_>, inserts: &[(Name, MechanismId)], broken: bool) {
        if broken {
            return;
        }
        let names: Vec<&Name> = inserts.iter().map(|(name, _)| name).collect();
        let message = format!("`{}` is not inserted in `{section}`", insert.name);
        let unknown = Diagnostic::new(Code::UnknownParameter, insert.span, message);
        self.diagnostics.push(suggest(unknown, insert.name, insert.span, &names));
    }
}

/// The parameter at the end of a path.
fn last_name(attr: &Attr) -> &str {
    steps(&attr.path).and_then(|steps| steps.last().map(|step| step.name)).unwrap_or_default()
}
