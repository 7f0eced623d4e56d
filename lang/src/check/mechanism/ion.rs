//! `ion k reads ek writes ik`: values of an ion by the field's names. What is written is a current, or a concentration or reversal potential, which is
//! then a state of the mechanism or a line `cai = ...`.

use super::body::{Body, Declared, Role};
use crate::check::declare::declared_twice;
use crate::check::expr::suggest;
use bouton_model::ir::{CurrentKind, IonQuantity, VarId, Write, WritePhase};
use bouton_syntax::ast::{self, Ion, Member, MemberKind, Name};
use bouton_syntax::{Code, Diagnostic, Diagnostics};

/// Declares what an ion line reads, and the currents that it writes. What else it writes may be declared anywhere: see [`written`].
pub(super) fn declare<'a>(ion: &'a Ion, body: &mut Body<'a>, sink: &mut Diagnostics) {
    let written = |name: &Name| ion.writes.iter().any(|other| other.text == name.text);
    for name in &ion.reads {
        match quantity(ion, name, sink) {
            Some(IonQuantity::Current) => body.declare(read(ion, name, IonQuantity::Current), sink),
            // What is also written has the value that the mechanism gives it.
            Some(quantity) if !written(name) => body.declare(read(ion, name, quantity), sink),
            _ => {}
        }
    }
    for name in &ion.writes {
        if quantity(ion, name, sink) == Some(IonQuantity::Current) {
            let role = Role::Current(CurrentKind::Ion(ion.name.text.clone()));
            let declared = Declared::of(name, role);
            // Of a current that is read and written the name reads as the total; only the line that sets it means the mechanism's own.
            if ion.reads.iter().any(|other| other.text == name.text) {
                body.declare_unseen(declared);
            } else {
                body.declare(declared, sink);
            }
        }
    }
}

/// Finds what sets the concentrations and reversal potentials that an ion line writes: a state of the name, or a line among the members.
pub(super) fn written<'a>(ion: &'a Ion, members: &'a [Member], body: &mut Body<'a>, sink: &mut Diagnostics) {
    for name in &ion.writes {
        let Some(quantity) = IonQuantity::of(&name.text, &ion.name.text) else { continue };
        if quantity == IonQuantity::Current {
            continue;
        }
        let line = members.iter().find_map(|member| match &member.kind {
            MemberKind::Assign(assign) if is_name(&assign.target, &name.text) => Some(assign),
            _ => None,
        });
        match (body.find(&name.text).map(|(id, declared)| (id, declared.role.clone())), line) {
            (Some((variable, Role::State)), _) => {
                if let Some(declared) = body.declared.get_mut(variable.index()) {
                    declared.written = Some(quantity);
                }
                body.writes.push(write(ion, variable, quantity));
            }
            (Some((variable, _)), _) if body.writes.iter().any(|other| other.variable == variable) => {
                sink.push(declared_twice(name, name.span));
            }
            (Some((variable, role)), _) => {
                let message = format!("`{}` is {}, and a mechanism writes states", name.text, role.what());
                let diagnostic = Diagnostic::new(Code::NotWritten, name.span, message);
                let first = body.declared.get(variable.index()).map_or(name.span, |declared| declared.name.span);
                sink.push(diagnostic.also(first, "declared here").help(how(&name.text)));
            }
            (None, Some(line)) => {
                let variable = VarId(u32::try_from(body.declared.len()).unwrap_or(u32::MAX));
                let role = Role::Written(quantity);
                body.declare(Declared { value: Some(&line.value), ..Declared::of(name, role) }, sink);
                body.writes.push(write(ion, variable, quantity));
            }
            (None, None) => {
                let message = format!("`{}` is written to the ion {} but never set", name.text, ion.name.text);
                sink.push(Diagnostic::new(Code::NeverSet, name.span, message).help(how(&name.text)));
                // Its uses stay silent; nothing is declared twice here.
                body.declare(read(ion, name, quantity), &mut Diagnostics::new());
            }
        }
    }
}

fn how(name: &str) -> String {
    format!("declare `state {name} = ...` with an equation, or add a line `{name} = ...`")
}

fn write(ion: &Ion, variable: VarId, quantity: IonQuantity) -> Write {
    Write { variable, ion: ion.name.text.clone(), quantity, phase: WritePhase::States }
}

fn is_name(expr: &ast::Expr, name: &str) -> bool {
    matches!(&expr.kind, ast::ExprKind::Name(text) if &**text == name)
}

fn read<'a>(ion: &Ion, name: &'a Name, quantity: IonQuantity) -> Declared<'a> {
    Declared::of(name, Role::Ion { ion: ion.name.text.clone(), quantity })
}

fn quantity(ion: &Ion, name: &Name, sink: &mut Diagnostics) -> Option<IonQuantity> {
    let found = IonQuantity::of(&name.text, &ion.name.text);
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
