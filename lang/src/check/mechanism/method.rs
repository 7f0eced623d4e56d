//! `method`: how the equations of a mechanism are integrated, and whether they allow it.

use super::body::Body;
use crate::check::expr::suggest;
use crate::check::unsupported::{Construct, refuse};
use bouton_model::algebra;
use bouton_model::ir::{Mechanism, Method, Var};
use bouton_syntax::{Code, Diagnostic, Diagnostics};

/// Methods that are there.
const METHODS: &[(&str, Method)] =
    &[("cnexp", Method::Cnexp), ("derivimplicit", Method::Derivimplicit), ("euler", Method::Euler)];

/// Methods that the language describes beside these.
const LATER: &[&str] = &["sparse", "runge_kutta"];

/// The method that the mechanism names.
pub(super) fn name(body: &Body<'_>, sink: &mut Diagnostics) -> Option<Method> {
    let (first, more) = body.methods.split_first()?;
    if let Some(second) = more.first() {
        let message = "a mechanism has one method";
        sink.push(Diagnostic::new(Code::AttributeTwice, second.span, message).also(first.span, "first given here"));
    }
    if first.is_missing() {
        return None;
    }
    if let Some((_, method)) = METHODS.iter().find(|(name, _)| *name == &*first.text) {
        return Some(*method);
    }
    if LATER.contains(&&*first.text) {
        refuse(Construct::Method, first.span, sink);
        return None;
    }
    let diagnostic = Diagnostic::new(Code::UnknownMethod, first.span, format!("there is no integration method `{}`", first.text));
    let known: Vec<String> = METHODS.iter().map(|(name, _)| (*name).to_owned()).collect();
    let diagnostic = diagnostic.help(format!("there are {}", known.join(", ")));
    sink.push(suggest(diagnostic, &first.text, first.span, &known));
    None
}

/// Exact integration (`cnexp`) needs each rate to be linear in its own state. Definitions must be free of cycles.
pub(super) fn fits(body: &Body<'_>, mechanism: &Mechanism, sink: &mut Diagnostics) {
    if mechanism.method != Some(Method::Cnexp) {
        return;
    }
    for equation in &mechanism.equations {
        if algebra::linear_in(mechanism, &equation.rate, Var::Own(equation.state)).is_some() {
            continue;
        }
        let name = mechanism.variables.get(equation.state.index()).map_or("x", |variable| &variable.name);
        let message = format!("`cnexp` does not fit: the equation of `{name}` is not linear in `{name}`");
        let diagnostic = Diagnostic::new(Code::MethodDoesNotFit, equation.span, message);
        let diagnostic = body.methods.first().into_iter().fold(diagnostic, |d, method| d.also(method.span, "asked for here"));
        sink.push(diagnostic.help("write `method derivimplicit`, or leave the method out: it is then found"));
    }
}
