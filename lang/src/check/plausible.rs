//! Values that are possible but probably not meant, as warnings; and hard limits of counts.

use super::declare::Symbol;
use super::{Checker, Known};
use bouton_model::ir::{self, Attribute, Mechanism, VariableKind};
use bouton_model::unit::Dimension;
use bouton_model::unit::quantity;
use bouton_syntax::{Code, Diagnostic, ast};

/// Kinds of values with the range that is usual.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Plausible {
    Length,
    Diameter,
    Resistivity,
    Capacitance,
    Segments,
    Voltage,
    Concentration,
    Temperature,
    Step,
    Duration,
    Delay,
    Probability,
}

/// What a row of limits says: its name, limits in the coherent system (both included), its dimension.
struct Limits {
    what: &'static str,
    lo: f64,
    hi: f64,
    dimension: Dimension,
}

/// Zero in degC.
pub(crate) const ICE: f64 = 273.15;

impl Plausible {
    /// Wide enough that only a slip falls outside: a squid axon is 0.5 mm thick, a spine neck 0.05 um.
    fn limits(self) -> Limits {
        let (what, lo, hi, dimension) = match self {
            Plausible::Length => ("a length", 1e-6, 10.0, Dimension::LENGTH),
            Plausible::Diameter => ("a diameter", 1e-6, 0.2, Dimension::LENGTH),
            Plausible::Resistivity => ("an axial resistivity", 1.0, 1e4, Dimension::RESISTIVITY),
            Plausible::Capacitance => ("a capacitance per area", 1e-5, 1.0, Dimension::CAPACITANCE_DENSITY),
            Plausible::Segments => ("a number of segments", 1.0, 10_000.0, Dimension::NONE),
            Plausible::Voltage => ("a potential", -250.0, 250.0, Dimension::VOLTAGE),
            Plausible::Concentration => ("a concentration", 0.0, 1e3, Dimension::CONCENTRATION),
            Plausible::Temperature => ("a temperature", ICE - 5.0, ICE + 60.0, Dimension::TEMPERATURE),
            Plausible::Step => ("a time step", 1e-6, 1.0, Dimension::TIME),
            Plausible::Duration => ("a duration", 1e-3, 1e9, Dimension::TIME),
            Plausible::Delay => ("a delay", 0.0, 1e4, Dimension::TIME),
            Plausible::Probability => ("a probability", 0.0, 1.0, Dimension::NONE),
        };
        Limits { what, lo, hi, dimension }
    }
}

impl<'a> Checker<'a> {
    /// Warns of a constant outside the usual range; one that is negative where that cannot be is an error elsewhere.
    pub fn plausible(&mut self, attribute: &Attribute, kind: Plausible) {
        let Some(value) = self.fold(&attribute.value) else { return };
        let mut limits = kind.limits();
        if kind == Plausible::Step {
            limits.hi = self.unit_of_time().max(limits.hi);
        }
        if (limits.lo..=limits.hi).contains(&value) {
            return;
        }
        let shown = shown(value, kind, &limits.dimension);
        let (lo, hi) = (self::shown(limits.lo, kind, &limits.dimension), self::shown(limits.hi, kind, &limits.dimension));
        let warning =
            Diagnostic::new(Code::ImplausibleValue, attribute.span, format!("{} of {shown} is implausible", limits.what))
                .help(format!("usual values go from {lo} to {hi}"));
        self.diagnostics.push(warning);
    }

    /// The shortest unit of time (ms) of the cells that there are, where all of them count in one: models in seconds are stepped by parts of a second.
    fn unit_of_time(&self) -> f64 {
        let cells = self.declared.populations.iter().map(|(population, _)| {
            let name = population.cell.parts.iter().map(|part| &*part.text).collect::<Vec<_>>().join(".");
            let Some(Symbol::Cell(cell)) = self.declared.names.find(&name) else { return 0.0 };
            match cell.per.as_ref().map(|unit| unit.terms.as_slice()) {
                Some([term]) => bouton_model::unit::table::find(&term.name.text).map_or(0.0, |unit| unit.factor()),
                _ => 0.0,
            }
        });
        cells.reduce(f64::min).unwrap_or(0.0)
    }

    /// A quantity that must be above zero.
    pub fn positive(&mut self, expr: &'a ast::Expr, known: Known, dimension: Dimension, what: &str) -> Option<Attribute> {
        let attribute = self.quantity(expr, known, dimension, what)?;
        if let Some(value) = self.fold(&attribute.value)
            && value <= 0.0
        {
            self.out_of_range(expr, &format!("{what} must be above 0"));
            return None;
        }
        Some(attribute)
    }

    /// A quantity that is not below 0.
    pub fn not_negative(&mut self, expr: &'a ast::Expr, known: Known, dimension: Dimension, what: &str) -> Option<Attribute> {
        let attribute = self.quantity(expr, known, dimension, what)?;
        if let Some(value) = self.fold(&attribute.value)
            && value < 0.0
        {
            self.out_of_range(expr, &format!("{what} must not be below 0"));
            return None;
        }
        Some(attribute)
    }

    /// A whole number of at least `least`.
    pub fn whole(&mut self, expr: &'a ast::Expr, known: Known, what: &str, least: f64) -> Option<Attribute> {
        let attribute = self.quantity(expr, known, Dimension::NONE, what)?;
        if let Some(value) = self.fold(&attribute.value)
            && (value < least || value.fract() != 0.0)
        {
            self.out_of_range(expr, &format!("{what} must be a whole number of at least {least}"));
            return None;
        }
        Some(attribute)
    }

    /// Reports a value outside its range.
    pub fn out_of_range(&mut self, expr: &ast::Expr, message: &str) {
        self.diagnostics.push(Diagnostic::new(Code::OutOfRange, expr.span, message));
    }

    /// Warns of settings that are probably not meant: a leak that pulls above 0 mV, a rate of 0 Hz.
    pub fn plausible_settings(&mut self, mechanism: ir::MechanismId, settings: &[ir::Setting]) {
        let Some(mechanism) = self.program.mechanisms.get(mechanism.index()) else { return };
        let mut found = Vec::new();
        for setting in settings {
            let Some(variable) = mechanism.variables.get(setting.variable.index()) else { continue };
            let Some(value) = self.fold(&setting.value.value) else { continue };
            let shown = quantity::show(value, &variable.dimension);
            if is_leak(mechanism, variable) && value > 0.0 {
                found.push((
                    setting.value.span,
                    format!("a leak reversal of {shown} is implausible"),
                    "it lies near the resting potential, about -70 mV",
                ));
            } else if variable.dimension == Dimension::FREQUENCY
                && value == 0.0
                && matches!(variable.kind, VariableKind::Param { .. })
            {
                found.push((
                    setting.value.span,
                    format!("a rate of {shown}: nothing will happen"),
                    "give it a rate above 0 Hz, or leave it out",
                ));
            }
        }
        for (span, message, help) in found {
            self.diagnostics.push(Diagnostic::new(Code::ImplausibleValue, span, message).help(help));
        }
    }
}

/// Whether a variable is the reversal potential of a leak: of a density mechanism with a current of no ion, under one of the names in use.
fn is_leak(mechanism: &Mechanism, variable: &ir::Variable) -> bool {
    let name = matches!(&*variable.name, "e" | "el" | "e_l" | "e_leak" | "eleak" | "e_pas" | "EL");
    let leaks = mechanism.currents.iter().any(|current| current.kind == ir::CurrentKind::Nonspecific);
    name && leaks && mechanism.kind == ir::MechanismKind::Density && variable.dimension == Dimension::VOLTAGE
}

fn shown(value: f64, kind: Plausible, dimension: &Dimension) -> String {
    if kind == Plausible::Temperature {
        return format!("{} degC", (1e3 * (value - ICE)).round() / 1e3);
    }
    quantity::show(value, dimension)
}
