//! Paths to knobs of a cell's parts: `soma.cm`, `dend[0 .. 3].pas.g`, `nmda.tau1`, a parameter of the cell. In the cell, and in the braces of a population.

use super::section::{ATTRIBUTES, set, set_ion};
use super::{Making, SectionNames};
use crate::check::attributes::suggest;
use crate::check::network::path::{Step, steps};
use crate::check::{Checker, Known};
use bouton_model::ir::{CellParamId, IonQuantity, MechanismId, Name, SectionAttribute, SectionId, SettingPlace, Tree};
use bouton_syntax::ast::{self, AssignOp};
use bouton_syntax::{Code, Diagnostic, Span};

/// What a path leads to.
pub(in crate::check) enum Target<'e> {
    /// A parameter of the cell.
    Param(CellParamId),
    /// An attribute of these sections.
    Sections(Vec<usize>, SectionAttribute),
    /// A value of an ion in these sections.
    Ion(Vec<usize>, Name, IonQuantity),
    /// A parameter of a mechanism, in these places; its name.
    Mechanism(Vec<SettingPlace>, MechanismId, &'e str, Span),
}

/// Whose parts a path goes through.
pub(in crate::check) struct Parts<'t> {
    /// The cell.
    pub cell: &'t Name,
    /// What it is made of.
    pub tree: &'t Tree,
    /// Its sections.
    pub names: &'t SectionNames,
    /// Whether parts may be missing because of what was reported.
    pub broken: bool,
}

impl<'a> Checker<'a> {
    /// `soma.cm = 2 uF/cm2`, in a cell.
    pub(super) fn assign(&mut self, assign: &'a ast::Assign, making: &mut Making) {
        let Some(steps) = steps(&assign.target).filter(|steps| steps.iter().all(|step| !step.name.is_empty())) else { return };
        if assign.op != AssignOp::Set {
            let message = "a part of a cell is set with `=`";
            self.diagnostics.push(Diagnostic::new(Code::MisplacedMember, assign.span, message));
            return;
        }
        let names = making.names.clone();
        let parts = Parts { cell: &making.cell, tree: &making.tree, names: &names, broken: making.broken };
        let Some(target) = self.target(&steps, &parts) else { return };
        match target {
            Target::Param(id) => {
                let first = making.tree.params.get(id.index()).map_or(assign.span, |param| param.span);
                let message = format!("`{}` is given its value where it is declared", steps[0].name);
                self.diagnostics.push(Diagnostic::new(Code::AttributeTwice, assign.span, message).also(first, "declared here"));
            }
            Target::Sections(sections, attribute) => {
                let Some(value) = self.attribute_value(&assign.value, attribute, Known::Part) else { return };
                making.each(&sections, |section| *section.attribute(attribute) = Some(value.clone()));
            }
            Target::Ion(sections, ion, quantity) => {
                let Some(setting) = self.ion_setting(&ion, quantity, &assign.value) else { return };
                making.each(&sections, |section| set_ion(section, &setting));
            }
            Target::Mechanism(places, mechanism, name, span) => {
                let Some(variable) = self.settable(name, span, mechanism) else { return };
                let Some(setting) = self.setting_of(&assign.value, mechanism, variable, Known::Part) else { return };
                self.plausible_settings(mechanism, std::slice::from_ref(&setting));
                for place in places {
                    let settings = match place {
                        SettingPlace::Insert(section, k) => making
                            .tree
                            .sections
                            .get_mut(section.index())
                            .and_then(|s| s.inserts.get_mut(k))
                            .map(|i| &mut i.settings),
                        SettingPlace::Synapse(k) => making.tree.synapses.get_mut(k).map(|s| &mut s.settings),
                        SettingPlace::Own => None,
                    };
                    if let Some(settings) = settings {
                        set(settings, &setting);
                    }
                }
            }
        }
    }

    /// What a path in a cell with sections leads to.
    pub(in crate::check) fn target(&mut self, steps: &[Step<'a>], parts: &Parts<'_>) -> Option<Target<'a>> {
        let tree = parts.tree;
        if let [name] = steps
            && name.is_plain()
            && let Some(at) = tree.params.iter().position(|param| *param.name == *name.name)
        {
            return Some(Target::Param(CellParamId(u32::try_from(at).ok()?)));
        }
        if let [synapse, parameter] = steps
            && synapse.is_plain()
            && parameter.is_plain()
            && let Some(which) = tree.synapses.iter().position(|one| *one.name == *synapse.name)
        {
            let mechanism = tree.synapses.get(which)?.mechanism;
            return Some(Target::Mechanism(vec![SettingPlace::Synapse(which)], mechanism, parameter.name, parameter.span));
        }
        let [part, rest @ ..] = steps else { return None };
        if part.args.is_some() || part.every || parts.names.find(part.name).is_none() || !rest.iter().all(Step::is_plain) {
            return self.no_knob(steps, parts);
        }
        let sections = self.group_of_step(part, parts.names, &format!("`{}`", parts.cell))?;
        match rest {
            [attribute] => self.attribute_target(sections, attribute, parts),
            [insert, parameter] => {
                let (places, mechanism) = self.inserts(&sections, part.name, insert, parts)?;
                Some(Target::Mechanism(places, mechanism, parameter.name, parameter.span))
            }
            _ => self.no_knob(steps, parts),
        }
    }

    fn attribute_target(&mut self, sections: Vec<usize>, name: &Step<'a>, parts: &Parts<'_>) -> Option<Target<'a>> {
        if let Some((_, attribute)) = ATTRIBUTES.iter().find(|(known, _)| *known == name.name) {
            return Some(Target::Sections(sections, *attribute));
        }
        if let Some((ion, quantity)) = self.ion_value(name.name).filter(|(_, quantity)| *quantity != IonQuantity::Current) {
            return Some(Target::Ion(sections, ion, quantity));
        }
        if parts.broken {
            return None;
        }
        let mut names: Vec<String> = ATTRIBUTES.iter().map(|(name, _)| (*name).to_owned()).collect();
        names.extend(self.ion_names());
        let message = format!("a section has no attribute `{}`", name.name);
        let unknown = Diagnostic::new(Code::UnknownParameter, name.span, message)
            .help("a parameter of a mechanism is reached as `soma.hh.gnabar`");
        self.diagnostics.push(suggest(unknown, name.name, name.span, &names));
        None
    }

    /// The copies of a mechanism in some of these sections.
    fn inserts(
        &mut self,
        sections: &[usize],
        part: &str,
        insert: &Step<'a>,
        parts: &Parts<'_>,
    ) -> Option<(Vec<SettingPlace>, MechanismId)> {
        let mut found = Vec::new();
        let mut mechanisms: Vec<MechanismId> = Vec::new();
        for at in sections {
            let Some(section) = parts.tree.sections.get(*at) else { continue };
            if let Some(k) = section.inserts.iter().position(|one| *one.name == *insert.name) {
                found.push(SettingPlace::Insert(SectionId(u32::try_from(*at).ok()?), k));
                mechanisms.extend(section.inserts.get(k).map(|one| one.mechanism));
            }
        }
        match mechanisms.as_slice() {
            [] => {
                let all = sections.iter().filter_map(|at| parts.tree.sections.get(*at)).flat_map(|section| &section.inserts);
                let mut names: Vec<&Name> = all.map(|one| &one.name).collect();
                names.sort_unstable();
                names.dedup();
                self.no_insert(part, insert, &names, parts.broken);
                None
            }
            [first, rest @ ..] if rest.iter().all(|other| other == first) => Some((found, *first)),
            _ => {
                let message = format!("`{}` is not the same mechanism in all sections of `{part}`", insert.name);
                self.diagnostics.push(Diagnostic::new(Code::WrongMechanism, insert.span, message));
                None
            }
        }
    }

    fn no_knob<T>(&mut self, steps: &[Step<'_>], parts: &Parts<'_>) -> Option<T> {
        let first = steps.first().filter(|_| !parts.broken)?;
        let own = parts.names.all.iter().chain(parts.tree.synapses.iter().map(|one| &one.name));
        let names: Vec<&Name> = own.chain(parts.tree.params.iter().map(|one| &one.name)).collect();
        self.unknown_knob(first, parts.cell, &names);
        None
    }

    /// Reports a path that leads to nothing.
    pub(in crate::check) fn unknown_knob(&mut self, first: &Step<'_>, cell: &str, names: &[&Name]) {
        let message = format!("`{cell}` has nothing to set under this path");
        let unknown = suggest(Diagnostic::new(Code::UnknownParameter, first.span, message), first.name, first.span, names);
        let form = "a parameter is reached as `soma.hh.gnabar`; one of a cell without sections by its name alone";
        self.diagnostics.push(unknown.help(form));
    }

    fn no_insert(&mut self, section: &str, insert: &Step<'_>, names: &[&Name], broken: bool) {
        if broken {
            return;
        }
        let message = format!("`{}` is not inserted in `{section}`", insert.name);
        let unknown = Diagnostic::new(Code::UnknownParameter, insert.span, message);
        self.diagnostics.push(suggest(unknown, insert.name, insert.span, names));
    }
}
