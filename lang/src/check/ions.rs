//! Ions: their valences, the values that sections set of them, and what of that nothing will use.

use super::attributes::Attributes;
use super::plausible::Plausible;
use super::{Checker, Known};
use bouton_model::ir::{self, IonQuantity, IonSetting, Name, VariableKind, Write};
use bouton_model::unit::Dimension;
use bouton_syntax::ast::{self, MemberKind};
use bouton_syntax::{Code, Diagnostic, Span};

/// Ions that are known without a declaration, with their valences.
const KNOWN: &[(&str, f64)] = &[("na", 1.0), ("k", 1.0), ("ca", 2.0)];

/// What a section can set of an ion.
const SETTABLE: [IonQuantity; 3] = [IonQuantity::Reversal, IonQuantity::Inside, IonQuantity::Outside];

impl<'a> Checker<'a> {
    /// The ions of the script. One of its own has one valence, given in at least one mechanism.
    pub(super) fn ions(&mut self) {
        self.program.ions = KNOWN.iter().map(|(name, valence)| ir::Ion { name: Name::from(*name), valence: *valence }).collect();
        let lines: Vec<&'a ast::Ion> = self
            .declared
            .mechanisms
            .iter()
            .flat_map(|(mechanism, _)| &mechanism.body.items)
            .filter_map(|member| if let MemberKind::Ion(ion) = &member.kind { Some(ion) } else { None })
            .filter(|ion| !ion.name.is_missing())
            .collect();
        let mut given: Vec<(Name, Span)> = Vec::new();
        for one in &self.files.imported {
            for (ion, valence, place) in &one.valences {
                if self.ion(ion).is_none() {
                    self.program.ions.push(ir::Ion { name: ion.clone(), valence: *valence });
                    given.push((ion.clone(), *place));
                }
            }
        }
        for ion in &lines {
            if let Some(valence) = &ion.valence {
                self.valence(ion, valence, &mut given);
            }
        }
        for ion in &lines {
            if self.ion(&ion.name.text).is_none() {
                let name = &ion.name.text;
                if lines.iter().all(|other| other.name.text != *name || other.valence.is_none()) {
                    let diagnostic =
                        Diagnostic::new(Code::IonValence, ion.name.span, format!("the valence of the ion {name} is not known"));
                    self.diagnostics.push(diagnostic.help(format!("write it once: `ion {name} ... valence 2`")));
                }
                self.program.ions.push(ir::Ion { name: name.clone(), valence: 0.0 });
            }
        }
        // An ion without a valence counts as one without charge, as in NEURON.
        for one in &self.files.imported {
            for ion in one.mechanism.iter().flat_map(ion_names) {
                if self.ion(&ion).is_none() {
                    self.program.ions.push(ir::Ion { name: ion, valence: 0.0 });
                }
            }
        }
    }

    fn valence(&mut self, ion: &'a ast::Ion, written: &'a ast::Expr, given: &mut Vec<(Name, Span)>) {
        let Some(value) = self.quantity(written, Known::Nothing, Dimension::NONE, "the valence of an ion") else { return };
        let Some(valence) = super::constant::value(&value.value).filter(|valence| valence.is_finite()) else {
            let message = "the valence of an ion must be constant";
            self.diagnostics.push(Diagnostic::new(Code::NotConstant, written.span, message).label("this can change"));
            return;
        };
        let name = &ion.name.text;
        match self.ion(name).map(|known| known.valence) {
            None => {
                self.program.ions.push(ir::Ion { name: name.clone(), valence });
                given.push((name.clone(), written.span));
            }
            Some(known) if known == valence => {}
            Some(known) => {
                let message = format!("the ion {name} has two valences, {known} and {valence}");
                let diagnostic = Diagnostic::new(Code::IonValence, written.span, message);
                self.diagnostics.push(match given.iter().find(|(other, _)| other == name) {
                    Some((_, first)) => diagnostic.also(*first, "first given here"),
                    None => diagnostic.help(format!("{name} is known: leave `valence` out, or give the ion another name")),
                });
            }
        }
    }

    fn ion(&self, name: &str) -> Option<&ir::Ion> {
        self.program.ions.iter().find(|ion| &*ion.name == name)
    }

    /// The ion and value of a name such as `eca`.
    pub(super) fn ion_value(&self, name: &str) -> Option<(Name, IonQuantity)> {
        self.program.ions.iter().find_map(|ion| Some((ion.name.clone(), IonQuantity::of(name, &ion.name)?)))
    }

    /// The names of all values of ions that a section can set.
    pub(super) fn ion_names(&self) -> Vec<String> {
        self.settable_ions().into_iter().map(|(ion, quantity)| quantity.name(&ion)).collect()
    }

    fn settable_ions(&self) -> Vec<(Name, IonQuantity)> {
        let of = |ion: &ir::Ion| SETTABLE.map(|quantity| (ion.name.clone(), quantity));
        self.program.ions.iter().flat_map(of).collect()
    }

    /// Values of ions among the attributes of a section.
    pub(super) fn section_ions(&mut self, attributes: &mut Attributes<'a>) -> Vec<IonSetting> {
        let mut all = Vec::new();
        for (ion, quantity) in self.settable_ions() {
            let attr = attributes.value(&quantity.name(&ion), self.diagnostics);
            all.extend(attr.and_then(|attr| self.ion_setting(&ion, quantity, &attr.value)));
        }
        all
    }

    /// A value of an ion for a section.
    pub(super) fn ion_setting(&mut self, ion: &Name, quantity: IonQuantity, written: &'a ast::Expr) -> Option<IonSetting> {
        let what = format!("`{}`", quantity.name(ion));
        let (dimension, usual) = match quantity.is_concentration() {
            true => (Dimension::CONCENTRATION, Plausible::Concentration),
            false => (Dimension::VOLTAGE, Plausible::Voltage),
        };
        let value = self.quantity(written, Known::Nothing, dimension, &what)?;
        if quantity.is_concentration() && self.fold(&value.value).is_some_and(|x| x < 0.0) {
            self.out_of_range(written, &format!("{what} must not be below 0"));
            return None;
        }
        self.plausible(&value, usual);
        Some(IonSetting { ion: ion.clone(), quantity, value })
    }

    /// Warns of a reversal potential that the Nernst potential replaces, and of a concentration that a mechanism sets itself.
    pub(super) fn overridden_ions(&mut self, tree: &ir::Tree) {
        for (at, section) in tree.sections.iter().enumerate() {
            let inserts = section.inserts.iter().map(|insert| insert.mechanism);
            let points = tree.synapses.iter().filter(|one| one.place.section.index() == at).map(|one| one.mechanism);
            let mechanisms: Vec<&ir::Mechanism> =
                inserts.chain(points).filter_map(|id| self.program.mechanisms.get(id.index())).collect();
            let found: Vec<Diagnostic> =
                section.ions.iter().filter_map(|set| overridden(set, &section.name, &mechanisms)).collect();
            found.into_iter().for_each(|diagnostic| self.diagnostics.push(diagnostic));
        }
    }
}

/// What replaces a value of an ion that a section sets.
fn overridden(set: &IonSetting, section: &str, mechanisms: &[&ir::Mechanism]) -> Option<Diagnostic> {
    let (ion, name) = (&set.ion, set.quantity.name(&set.ion));
    let writes = |m: &ir::Mechanism, quantity| m.writes.iter().find(|w| w.ion == *ion && w.quantity == quantity).cloned();
    let message = |why: String| {
        let message = format!("`{name}` of `{section}` is not used: {why}");
        Diagnostic::new(Code::OverriddenIon, set.value.span, message)
    };
    if let Some(writer) = mechanisms.iter().find(|m| writes(m, set.quantity).is_some_and(|w| begins(m, &w))) {
        let diagnostic = message(format!("`{}` sets it", writer.name));
        return Some(diagnostic.help(format!("set it there, or let it begin at the section's value: `state {name}: mM`")));
    }
    if set.quantity.is_concentration() || mechanisms.iter().any(|m| writes(m, IonQuantity::Reversal).is_some()) {
        return None;
    }
    let user = mechanisms.iter().find(|m| uses_concentration(m, ion))?;
    let diagnostic = message(format!("`{}` uses a concentration of {ion}, which makes it the Nernst potential", user.name));
    Some(diagnostic.help(format!("set `{0}i` and `{0}o`, or leave `{name}` out", ion)))
}

/// Whether the mechanism gives what it writes an initial value of its own.
fn begins(mechanism: &ir::Mechanism, write: &Write) -> bool {
    match mechanism.variables.get(write.variable.index()).map(|variable| &variable.kind) {
        Some(VariableKind::State { initial }) => *initial != ir::Expr::Var(ir::Var::Own(write.variable)),
        _ => true,
    }
}

fn uses_concentration(mechanism: &ir::Mechanism, ion: &Name) -> bool {
    mechanism.writes.iter().any(|write| write.ion == *ion && write.quantity.is_concentration())
        || mechanism.variables.iter().any(
            |variable| matches!(&variable.kind, VariableKind::Ion { ion: other, quantity } if other == ion && quantity.is_concentration()),
        )
}

/// The ions that a mechanism names.
fn ion_names(mechanism: &ir::Mechanism) -> Vec<Name> {
    let read = mechanism.variables.iter().filter_map(|v| match &v.kind {
        VariableKind::Ion { ion, .. } => Some(ion.clone()),
        _ => None,
    });
    let carried = mechanism.currents.iter().filter_map(|c| match &c.kind {
        ir::CurrentKind::Ion(ion) => Some(ion.clone()),
        _ => None,
    });
    read.chain(carried).chain(mechanism.writes.iter().map(|w| w.ion.clone())).collect()
}
