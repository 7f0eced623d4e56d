//! `ion k reads ek writes ik`: values of an ion by the field's names.

use super::body::{Body, Declared, Role};
use crate::check::expr::suggest;
use crate::check::unsupported::{Construct, refuse};
use bouton_model::ir::{CurrentKind, IonQuantity};
use bouton_syntax::ast::{Ion, Name};
use bouton_syntax::{Code, Diagnostic, Diagnostics, Span};

/// Ions with reversal potentials of their own.
const IONS: &[&str] = &["na", "k", "ca"];

/// Declares what an ion line reads and writes.
pub(super) fn declare<'a>(ion: &'a Ion, span: Span, body: &mut Body<'a>, sink: &mut Diagnostics) {
    if !ion.name.is_missing() && (ion.valence.is_some() || !IONS.contains(&&*ion.name.text)) {
        refuse(Construct::OwnIon, span, sink);
        return;
    }
    for name in &ion.reads {
        match quantity(ion, name, sink) {
            None => {}
            Some(IonQuantity::Reversal) => body.declare(read(ion, name, IonQuantity::Reversal), sink),
            Some(IonQuantity::Inside | IonQuantity::Outside) => refuse(Construct::ReadConcentration, name.span, sink),
            Some(IonQuantity::Current) => refuse(Construct::ReadCurrent, name.span, sink),
        }
    }
    for name in &ion.writes {
        match quantity(ion, name, sink) {
            None => {}
            Some(IonQuantity::Current) => {
                let role = Role::Current(CurrentKind::Ion(ion.name.text.clone()));
                body.declare(Declared { name, role, unit: None, value: None }, sink);
            }
            Some(IonQuantity::Inside | IonQuantity::Outside) => refuse(Construct::WrittenConcentration, name.span, sink),
            Some(IonQuantity::Reversal) => refuse(Construct::WrittenReversal, name.span, sink),
        }
    }
}

/// Gives the names of a refused ion line a meaning, where nothing else does, so that their uses stay silent.
pub(super) fn undeclared<'a>(ion: &'a Ion, body: &mut Body<'a>) {
    for name in ion.reads.iter().chain(&ion.writes) {
        let Some(quantity) = by_name(&ion.name.text, &name.text) else { continue };
        if !body.index.contains_key(&name.text) {
            // Nothing is declared twice here, so nothing is reported.
            body.declare(read(ion, name, quantity), &mut Diagnostics::new());
        }
    }
}

fn read<'a>(ion: &Ion, name: &'a Name, quantity: IonQuantity) -> Declared<'a> {
    Declared { name, role: Role::Ion { ion: ion.name.text.clone(), quantity }, unit: None, value: None }
}

fn by_name(ion: &str, name: &str) -> Option<IonQuantity> {
    if ion.is_empty() {
        return None;
    }
    let rest = |prefix: char| name.strip_prefix(prefix) == Some(ion);
    let ends = |suffix: char| name.strip_suffix(suffix) == Some(ion);
    match name {
        _ if rest('e') => Some(IonQuantity::Reversal),
        _ if rest('i') => Some(IonQuantity::Current),
        _ if ends('i') => Some(IonQuantity::Inside),
        _ if ends('o') => Some(IonQuantity::Outside),
        _ => None,
    }
}

fn quantity(ion: &Ion, name: &Name, sink: &mut Diagnostics) -> Option<IonQuantity> {
    let found = by_name(&ion.name.text, &name.text);
    if found.is_none() && !name.is_missing() && !ion.name.is_missing() {
        let x = &ion.name.text;
        let message = format!("the ion {x} has no `{}`", name.text);
        let diagnostic = Diagnostic::new(Code::UnknownIonVariable, name.span, message)
            .help(format!("it has `e{x}` (reversal potential), `i{x}` (current), `{x}i` and `{x}o` (concentrations)"));
        let known = [format!("e{x}"), format!("i{x}"), format!("{x}i"), format!("{x}o")];
        sink.push(suggest(diagnostic, &name.text, name.span, &known));
    }
    found
}
