//! Synapses of the file: a name for a point mechanism with its parameters.

use super::NO_MECHANISM;
use crate::check::{Checker, Known};
use bouton_model::ir;
use bouton_syntax::ast::{self, Joint};
use bouton_syntax::{Code, Diagnostic, Span};

impl<'a> Checker<'a> {
    /// Checks a synapse of the file. A broken one keeps its place among the others.
    pub fn synapse(&mut self, synapse: &'a ast::Synapse, span: Span) {
        let name = synapse.name.text.clone();
        if synapse.joint == Joint::Colon {
            let message = format!("a synapse of the file is a kind of synapse: `synapse {name} = ...`");
            self.diagnostics
                .push(Diagnostic::new(Code::MisplacedMember, synapse.name.span, message).help("write `=` instead of `:`"));
        }
        if let Some(at) = &synapse.at {
            let message = "a synapse of the file has no place yet";
            let help = "say the place where it is used: `via NAME at soma(0.5)`";
            self.diagnostics.push(Diagnostic::new(Code::MisplacedMember, at.span, message).help(help));
        }
        let mut mechanism = self.point_mechanism(&synapse.mechanism);
        let (attrs, place) = (synapse.attrs.as_ref(), synapse.mechanism.span);
        let settings = mechanism.as_mut().map_or_else(Vec::new, |id| self.settings(attrs, id, Known::Nothing, place));
        let span = if synapse.name.is_missing() { span } else { synapse.name.span };
        self.program.synapses.push(ir::Synapse { name, span, mechanism: mechanism.unwrap_or(NO_MECHANISM), settings });
    }
}
