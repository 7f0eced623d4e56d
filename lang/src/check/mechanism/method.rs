//! `method`: how the equations of a mechanism are integrated, and whether they allow it.

use super::body::Body;
use crate::check::expr::suggest;
use bouton_model::algebra;
use bouton_model::ir::{Kinetic, Mechanism, Method, Name, Var, VarId};
use bouton_syntax::{Code, Diagnostic, Diagnostics, Span};

/// Methods that are there.
const METHODS: &[(&str, Method)] = &[
    ("cnexp", Method::Cnexp),
    ("derivimplicit", Method::Derivimplicit),
    ("euler", Method::Euler),
    ("runge_kutta", Method::RungeKutta),
    ("newton", Method::Newton),
    ("sparse", Method::Sparse),
];

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
    let diagnostic = Diagnostic::new(Code::UnknownMethod, first.span, format!("there is no integration method `{}`", first.text));
    let known: Vec<String> = METHODS.iter().map(|(name, _)| (*name).to_owned()).collect();
    let diagnostic = diagnostic.help(format!("there are {}", known.join(", ")));
    sink.push(suggest(diagnostic, &first.text, first.span, &known));
    None
}

/// Whether the method suits the equations. Definitions must be free of cycles.
pub(super) fn fits(body: &Body<'_>, mechanism: &Mechanism, sink: &mut Diagnostics) {
    let scheme = mechanism.kinetic.reactions.first().map(|r| r.span).or(mechanism.kinetic.conserved.first().map(|c| c.span));
    let asked = body.methods.first().map(|method| method.span);
    let mut say = |span: Span, message: String, help: &str| {
        let diagnostic = Diagnostic::new(Code::MethodDoesNotFit, span, message);
        let elsewhere = asked.filter(|asked| *asked != span);
        let diagnostic = elsewhere.into_iter().fold(diagnostic, |d, asked| d.also(asked, "asked for here"));
        sink.push(diagnostic.help(help));
    };
    match (mechanism.method, scheme) {
        (Some(Method::Sparse), None) => {
            let span = asked.unwrap_or(mechanism.span);
            say(
                span,
                "`sparse` does not fit: there is no kinetic scheme".into(),
                "leave the method out: the fitting one is found",
            );
        }
        (Some(Method::Cnexp), Some(span)) => {
            let message = "`cnexp` does not fit: the states of a kinetic scheme depend on each other".into();
            say(span, message, "write `method sparse`, or leave the method out");
        }
        (Some(Method::Cnexp), None) => nonlinear(mechanism, &[]).into_iter().for_each(|(name, span)| {
            let message = format!("`cnexp` does not fit: the equation of `{name}` is not linear in `{name}`");
            say(span, message, "write `method derivimplicit`, or leave the method out: it is then found");
        }),
        (None | Some(Method::Sparse), Some(_)) => {
            let reacting: Vec<VarId> = reacting(&mechanism.kinetic);
            nonlinear(mechanism, &reacting).into_iter().for_each(|(name, span)| {
                let message =
                    format!("`sparse` is for the scheme, and the equation of `{name}` beside it is not linear in `{name}`");
                say(span, message, "write `method derivimplicit` for all, or two mechanisms");
            });
        }
        (Some(_), Some(_)) => mechanism.kinetic.conserved.iter().for_each(|c| {
            say(
                c.span,
                "`conserve` needs the method `sparse`".into(),
                "the other methods keep sums by themselves: leave the line out",
            );
        }),
        (_, None) => {}
    }
}

/// The states of a scheme's reactions and sums.
fn reacting(kinetic: &Kinetic) -> Vec<VarId> {
    let reactions = kinetic.reactions.iter().flat_map(|r| r.left.iter().chain(&r.right));
    reactions.chain(kinetic.conserved.iter().flat_map(|c| &c.sum)).map(|s| s.state).collect()
}

/// Equations that are not linear in their own state, but of these.
fn nonlinear(mechanism: &Mechanism, but: &[VarId]) -> Vec<(Name, Span)> {
    let others = mechanism.equations.iter().filter(|e| !but.contains(&e.state));
    let bad = others.filter(|e| algebra::linear_in(mechanism, &e.rate, Var::Own(e.state)).is_none());
    let name = |state: VarId| mechanism.variables.get(state.index()).map_or("x".into(), |variable| variable.name.clone());
    bad.map(|e| (name(e.state), e.span)).collect()
}
