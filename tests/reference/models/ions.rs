//! Mechanisms that have to do with one ion, and what of it is shared between those of a class.

use super::dice::Dice;
use super::expr::*;
use super::pools::once;
use bouton_engine::kernel::{Input, Mode};
use bouton_engine::plan::{Body, RowKind, SharedRow};
use bouton_model::builtin::Function;
use bouton_model::ir::{
    CurrentKind, HandlerKind, IonQuantity, Mechanism, MechanismKind, Method, VariableKind, Write, WritePhase,
};
use std::collections::BTreeMap;

use IonQuantity::{Current, Inside, Outside, Reversal};

const ION: &str = "ca";

fn density(name: &str) -> Specimen {
    Specimen::new(name, MechanismKind::Density)
}

fn point(name: &str) -> Specimen {
    Specimen::new(name, MechanismKind::Point)
}

fn carried() -> CurrentKind {
    CurrentKind::Ion(ION.into())
}

fn write(s: &mut Specimen, x: X, quantity: IonQuantity, phase: WritePhase) {
    s.mechanism.writes.push(Write { variable: x.id(), ion: ION.into(), quantity, phase });
}

fn nernst(inside: X, outside: X) -> E {
    call_of(Function::Nernst, [inside.into(), outside.into(), E::from(2.0)])
}

/// Accumulates what flows, by the exact method, and diffuses.
pub fn accumulation() -> Specimen {
    let mut s = density("accumulation");
    let (depth, tau) = (s.param("depth", 1e-5), s.param("tau", 20.0));
    let ica = s.read(ION, Current, 0.0);
    let cai = s.state("cai", 6e-5, 5e-5);
    let inflow = call_of(Function::Max, [E::from(0.0), -(ica / (2.0 * 96485.3 * depth))]);
    s.equation(cai, inflow + (5e-5 - cai) / tau);
    s.diffusion(cai, DIAM * DIAM, 5e-7 * DIAM * DIAM);
    write(&mut s, cai, Inside, WritePhase::States);
    s
}

/// The same with a buffer, by Newton's iteration; it begins as the ion is, and drops it outside.
pub fn buffer() -> Specimen {
    let mut s = density("buffer");
    let on = s.param("on", 30.0);
    let ica = s.read(ION, Current, 0.0);
    let cai = s.state("cai", 0.0, 5e-5);
    let VariableKind::State { initial } = &mut s.mechanism.variables[cai.id().index()].kind else { return s };
    *initial = E::from(cai).0;
    let bound = s.state("bound", cai * 2.0, 1e-4);
    s.equation(cai, -(ica * 0.05) - on * cai * (0.01 - bound) + 0.1 * bound + (5e-5 - cai) / 9.0);
    s.equation(bound, on * cai * (0.01 - bound) - 0.1 * bound);
    s.mechanism.method = Some(Method::Derivimplicit);
    write(&mut s, cai, Inside, WritePhase::States);
    let outside = s.define("cao", 2.0 - 10.0 * cai);
    write(&mut s, outside, Outside, WritePhase::States);
    s
}

/// A channel with a gate and a reversal potential.
pub fn channel() -> Specimen {
    let mut s = density("channel");
    let (g, eca) = (s.param("g", 2e-4), s.read(ION, Reversal, 120.0));
    let inf = s.define("inf", 1.0 / (1.0 + exp(-(V + 40.0) / 6.0)));
    let m = s.state("m", inf, 0.1);
    s.equation(m, (inf - m) / 3.0);
    s.current("ica", carried(), g * m * m * (V - eca));
    s.current("i", CurrentKind::Nonspecific, 1e-5 * (V + 60.0));
    s
}

/// Goldman, Hodgkin and Katz's current, which depends on both concentrations.
pub fn flux() -> Specimen {
    let mut s = density("flux");
    let (p, inside, outside) = (s.param("p", 2e-7), s.read(ION, Inside, 5e-5), s.read(ION, Outside, 2.0));
    let open = call(Function::Sigmoid, (V + 30.0) / 7.0);
    let flux = call_of(Function::Ghk, [V.into(), inside.into(), outside.into(), E::from(2.0)]);
    s.current("ica", carried(), p * open * flux);
    s
}

/// Writes the reversal potential itself.
pub fn reversal() -> Specimen {
    let mut s = density("reversal");
    let (inside, outside) = (s.read(ION, Inside, 5e-5), s.read(ION, Outside, 2.0));
    let e = s.define("eca", nernst(inside, outside) - 0.01 * V);
    write(&mut s, e, Reversal, WritePhase::States);
    s
}

/// The reversal potential follows the concentrations.
pub fn follower() -> Specimen {
    let mut s = density("ion");
    let (inside, outside) = (s.read(ION, Inside, 5e-5), s.read(ION, Outside, 2.0));
    let e = s.define("eca", nernst(inside, outside));
    write(&mut s, e, Reversal, WritePhase::Currents);
    s
}

/// A synapse that lets the ion in.
pub fn influx() -> Specimen {
    let mut s = point("influx");
    let (tau, eca) = (s.param("tau", 3.0), s.read(ION, Reversal, 120.0));
    let g = s.state("g", 0.0, 1e-9);
    s.equation(g, -(g / tau));
    let open = 1.0 / (1.0 + 0.3 * exp(-(0.06 * V)));
    s.current("ica", carried(), g * open * (V - eca));
    s.current("i", CurrentKind::Nonspecific, 0.2 * g * V);
    s.on("event", HandlerKind::Event, vec![assign(g, g + WEIGHT)]);
    s.weight = Some(2e-9);
    s
}

/// A store at one place, which events empty into the cell; two of them at a place act one after the other.
pub fn store() -> Specimen {
    let mut s = point("store");
    let (tau, ica) = (s.param("tau", 15.0), s.read(ION, Current, 0.0));
    let cai = s.state("cai", 5e-5, 5e-5);
    let full = s.state("full", 1.0, 0.9);
    s.equation(cai, (6e-5 - cai) / tau - 1e-3 * ica);
    s.equation(full, (1.0 - full) / 40.0);
    write(&mut s, cai, Inside, WritePhase::States);
    s.on("event", HandlerKind::Event, vec![assign(cai, cai + WEIGHT * full), assign(full, full * 0.5)]);
    s.condition(less(3e-4, cai), vec![assign(cai, cai * 0.5)]);
    s.weight = Some(1e-4);
    s
}

/// A current that the concentration switches on, and that looks at the total current.
pub fn sensor() -> Specimen {
    let mut s = point("sensor");
    let (inside, ica) = (s.read(ION, Inside, 5e-5), s.read(ION, Current, 0.0));
    let x = s.state("x", inside * 1e3, 0.05);
    s.equation(x, inside * 1e3 - x + ica);
    s.current("i", CurrentKind::Nonspecific, 1e-9 * x * (V + 80.0));
    s.current("ica", carried(), 1e-8 * ica + 1e-11 * V);
    s
}

/// What of the ion is shared in a class.
#[derive(Clone, Debug, Default)]
pub struct Shared {
    pub rows: Vec<SharedRow>,
    of: BTreeMap<IonQuantity, u16>,
    slope: Option<u16>,
}

impl Shared {
    /// Rows for what these mechanisms write, sometimes for the total current; sometimes for nothing more.
    pub fn random(
        dice: &mut Dice,
        values: &mut Dice,
        body: &Body,
        lanes: usize,
        specimens: &[Specimen],
        second_order: bool,
    ) -> Shared {
        let mut shared = Shared::default();
        let written = |quantity| specimens.iter().any(|s| s.mechanism.writes_ion(ION, quantity));
        let used = specimens.iter().any(|s| s.mechanism.uses_ion(ION));
        for (quantity, typical) in [(Inside, 5e-5), (Outside, 2.0), (Reversal, 110.0)] {
            if written(quantity) || (used && dice.percent(10)) {
                let initial = (0..body.parent.len() * lanes).map(|_| typical * values.between(0.9, 1.1)).collect();
                shared.add(quantity, RowKind::Value, initial, lanes);
            }
        }
        if used && dice.percent(70) {
            let none = vec![0.0; body.parent.len() * lanes];
            shared.add(Current, RowKind::Sum, none.clone(), lanes);
            if second_order {
                let of = shared.of[&Current];
                shared.slope = Some(shared.rows.len() as u16);
                shared.rows.push(SharedRow { name: "slope".into(), kind: RowKind::Slope { of }, initial: none });
            }
        }
        shared
    }

    fn add(&mut self, quantity: IonQuantity, kind: RowKind, initial: Vec<f64>, lanes: usize) {
        let mut extra = Dice::new(initial[0].to_bits() as u32, 7, usize::MAX);
        let initial = if extra.percent(40) { once(&initial, lanes) } else { initial };
        self.of.insert(quantity, self.rows.len() as u16);
        self.rows.push(SharedRow { name: quantity.name(ION), kind, initial });
    }

    /// How an input is given that is a matter of the ion.
    pub fn mode(&self, mechanism: &Mechanism, input: Input) -> Option<Mode> {
        let kind = |id: bouton_model::ir::VarId| mechanism.variables.get(id.index()).map(|v| &v.kind);
        let carries = |id| match kind(id) {
            Some(VariableKind::Current { current }) => mechanism.currents[*current].kind == carried(),
            _ => false,
        };
        let row = match input {
            Input::Variable(id) if carries(id) => self.of.get(&Current).copied(),
            Input::Slope(id) if carries(id) => self.slope,
            Input::Slope(_) => return Some(Mode::Fixed(0.0)),
            Input::Variable(id) => match kind(id) {
                Some(VariableKind::Ion { ion, quantity }) if **ion == *ION => self.of.get(quantity).copied(),
                _ => mechanism.writes.iter().find(|w| w.variable == id).and_then(|w| self.of.get(&w.quantity).copied()),
            },
            _ => None,
        };
        row.map(Mode::Shared)
    }
}
