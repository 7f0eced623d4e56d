//! `insert extracellular`: the space around sections is no ground. Two layers, as NEURON has them.

use super::Making;
use crate::check::attributes::Attributes;
use crate::check::{Checker, Known};
use bouton_model::ir::{Attribute, CurrentKind, Extracellular, Tree};
use bouton_model::unit::Dimension;
use bouton_syntax::ast::{self, Attr, ExprKind};
use bouton_syntax::{Code, Diagnostic, Span};

/// What is inserted.
const NAME: &str = "extracellular";

/// Resistance along a layer.
const PER_LENGTH: Dimension = Dimension::of([0, 1, -1, -1, 0, 0]);

/// A value for each layer.
type Layers = [Option<Attribute>; 2];

impl<'a> Checker<'a> {
    /// Whether an insert is one of extracellular space. A mechanism of that name comes first.
    pub(super) fn is_extracellular(&self, insert: &ast::Insert) -> bool {
        matches!(insert.mechanism.parts.as_slice(), [name] if *name.text == *NAME) && self.declared.names.find(NAME).is_none()
    }

    /// Puts extracellular space around these sections.
    pub(super) fn extracellular(&mut self, insert: &'a ast::Insert, span: Span, targets: &[usize], making: &mut Making) {
        let mut attributes = Attributes::new(insert.attrs.as_ref());
        let space = Extracellular {
            axial: self.layers(&mut attributes, "xraxial", PER_LENGTH),
            conductance: self.layers(&mut attributes, "xg", Dimension::CONDUCTANCE_DENSITY),
            capacitance: self.layers(&mut attributes, "xc", Dimension::CAPACITANCE_DENSITY),
            ground: attributes
                .value("e", self.diagnostics)
                .and_then(|attr| self.quantity(&attr.value, Known::Nothing, Dimension::VOLTAGE, "`e`")),
            span,
        };
        attributes.finish("`extracellular`", self.diagnostics);
        making.each(targets, |section| section.extracellular = Some(space.clone()));
    }

    /// One value for both layers, or a list of two.
    fn layers(&mut self, attributes: &mut Attributes<'a>, name: &'static str, dimension: Dimension) -> Layers {
        let Some(attr) = attributes.value(name, self.diagnostics) else { return [None, None] };
        match &attr.value.kind {
            ExprKind::List(list) => match list.as_slice() {
                [inner, outer] => [inner, outer].map(|expr| self.layer(expr, attr, name, dimension)),
                _ => {
                    let message = format!("`{name}` has a value for each of two layers");
                    let wrong = Diagnostic::new(Code::WrongArguments, attr.value.span, message);
                    self.diagnostics.push(wrong.help(format!("write one value for both, or two: `{name} = [a, b]`")));
                    [None, None]
                }
            },
            _ => {
                let value = self.layer(&attr.value, attr, name, dimension);
                [value.clone(), value]
            }
        }
    }

    fn layer(&mut self, expr: &'a ast::Expr, attr: &Attr, name: &str, dimension: Dimension) -> Option<Attribute> {
        let value = self.quantity(expr, Known::Nothing, dimension, &format!("`{name}`"))?;
        let least = self.fold(&value.value);
        if least.is_some_and(|x| x < 0.0 || (x == 0.0 && name == "xraxial")) {
            let message = format!("`{name}` {}", if name == "xraxial" { "must be above 0" } else { "cannot be negative" });
            self.diagnostics.push(Diagnostic::new(Code::OutOfRange, attr.value.span, message));
            return None;
        }
        Some(value)
    }

    /// Electrodes that are spread over membrane have no place in a cell with extracellular space.
    pub(super) fn no_spread_electrodes(&mut self, tree: &Tree) {
        let Some(space) = tree.sections.iter().find_map(|section| section.extracellular.as_ref()) else { return };
        for insert in tree.sections.iter().flat_map(|section| &section.inserts) {
            let Some(mechanism) = self.program.mechanisms.get(insert.mechanism.index()) else { continue };
            if mechanism.currents.iter().any(|current| current.kind == CurrentKind::Electrode) {
                let message = format!("`{}` injects current over membrane, and this cell has extracellular space", insert.name);
                let wrong = Diagnostic::new(Code::WrongMechanism, insert.span, message).also(space.span, "the space");
                self.diagnostics.push(wrong.help("inject at a place: write a `point mechanism`"));
                return;
            }
        }
    }
}
