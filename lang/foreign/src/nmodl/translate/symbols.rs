//! What the names of a file stand for.

use super::{Done, Slot, Symbol, Translator, six_digits};
use crate::nmodl::pointer;
use crate::nmodl::tree::{Block, BlockKind, Declared, Name, Place, Stmt, StmtKind, UnitLine};
use crate::nmodl::unit::Unit;
use bouton_model::ir::{self, Expr, IonQuantity, Known, Var, VarId, VariableKind};
use bouton_model::unit::Dimension;
use bouton_syntax::Span;
use std::collections::HashSet;
use std::rc::Rc;

/// The freezing point of water (K).
pub(super) const FREEZING: f64 = 273.15;

impl Translator<'_> {
    /// Declares everything, in the order in which names hide each other.
    pub(super) fn symbols(&mut self) -> Done<()> {
        let file = self.file;
        let assigned = assigned_names(file.blocks.iter().flat_map(|block| &block.body));
        for line in &file.units {
            match line {
                UnitLine::Number(name, value) => self.name(name, Symbol::Number(*value)),
                UnitLine::Factor(name, of, into) => {
                    let factor = self.units.read(of).zip(self.units.read(into)).and_then(|(of, into)| of.over(&into));
                    match factor {
                        Some(factor) => self.name(name, Symbol::Number(factor)),
                        None => return self.wrong(name.span, format!("`({of})` in units of `({into})` is not known")),
                    }
                }
                UnitLine::Alias(..) => {}
            }
        }
        for one in &file.constants {
            self.name(&one.name, Symbol::Number(one.value.unwrap_or(0.0)));
        }
        self.limit_arrays();
        let states: HashSet<Rc<str>> = file.states.iter().map(|one| one.name.text.clone()).collect();
        let read = self.ions(&assigned)?;
        let points = |one: &Declared| file.neuron.pointer.iter().any(|pointer| pointer.text == one.name.text);
        for one in file.parameters.iter().filter(|one| !states.contains(&one.name.text) && !points(one)) {
            self.parameter(one, assigned.contains(&one.name.text), &read)?;
        }
        let has_table = |block: &Block| block.body.iter().any(|stmt| matches!(stmt.kind, StmtKind::Table(_)));
        if self.switched && file.blocks.iter().any(has_table) {
            // `usetable_NAME`: whether its tables are used.
            let kind = VariableKind::Param { default: Some(Expr::Number(1.0)) };
            let id = self.variable("usetable", file.span, Dimension::NONE, kind);
            self.names.insert("usetable".into(), Symbol::Param(id, Unit::ONE));
            self.table_switch = Some(id);
        }
        for one in &file.assigned {
            if points(one) {
                continue;
            }
            if states.contains(&one.name.text) || self.names.contains_key(&one.name.text) || self.known(&one.name).is_some() {
                continue;
            }
            // What the file shows and never sets is for scripts to set.
            match shown_alone(file, &one.name.text) && !assigned.contains(&one.name.text) {
                true => self.parameter(one, false, &read)?,
                false => self.settable(one, first(one))?,
            }
        }
        // A state that is a value of an ion which the file only reads is the ion's.
        for one in file.states.iter().filter(|one| !read.contains(&one.name.text)) {
            self.settable(one, self.at_start(one))?;
        }
        for (name, size) in &file.locals {
            let one = Declared { name: name.clone(), size: *size, unit: None, value: None };
            self.settable(&one, first(&one))?;
        }
        // A GLOBAL variable need not be declared.
        for name in file.neuron.global.iter().filter(|name| assigned.contains(&name.text)) {
            if !self.names.contains_key(&name.text) {
                self.missing(name)?;
            }
        }
        // What it points to is a matter of whoever has it: here it is an input.
        for name in pointer::read(file) {
            let id = self.variable(&name.text, name.span, Dimension::NONE, VariableKind::Input { base: Expr::Number(0.0) });
            self.names.insert(name.text.clone(), Symbol::Ion(id));
            self.notes.push((name.span, format!("POINTER {} is an input: a connection brings its value", name.text)));
        }
        for name in &file.neuron.pointer {
            if self.names.contains_key(&name.text) {
                continue;
            }
            if assigned.contains(&name.text) {
                self.pointed(name)?;
            } else {
                self.names.insert(name.text.clone(), Symbol::Pointer);
            }
        }
        for name in &file.neuron.random {
            self.names.insert(name.text.clone(), Symbol::Random);
        }
        let v = self.slot(&"v".into(), Expr::Var(Var::Known(Known::V)), None, Expr::Var(Var::Known(Known::V)));
        self.names.insert("v".into(), Symbol::Slot(v));
        for (name, known) in
            [("t", Known::T), ("dt", Known::Dt), ("celsius", Known::Celsius), ("area", Known::Area), ("diam", Known::Diam)]
        {
            self.names.insert(name.into(), Symbol::Known(known));
            if assigned.contains(name) {
                self.overwritten(name, known);
            }
        }
        self.look_counter();
        // Currents that only the NEURON block names.
        for name in file.neuron.nonspecific.iter().chain(&file.neuron.electrode) {
            self.missing(name)?;
        }
        for ion in &file.neuron.ions {
            for name in &ion.writes {
                match self.names.get(&name.text) {
                    // A current that is read and written is, where a block begins, the ion's.
                    Some(Symbol::Ion(id)) if IonQuantity::of(&name.text, &ion.name.text) == Some(IonQuantity::Current) => {
                        let value = Expr::Var(Var::Own(*id));
                        let slot = self.slot(&name.text, value.clone(), None, value);
                        self.names.insert(name.text.clone(), Symbol::Slot(slot));
                    }
                    _ => self.missing(name)?,
                }
            }
        }
        if file.blocks.iter().any(|block| block.kind == BlockKind::Kinetic) {
            for name in ["f_flux", "b_flux"] {
                self.missing(&Name { text: name.into(), span: file.span })?;
            }
        }
        Ok(())
    }

    /// A POINTER that the file sets is a state of the mechanism, as if it pointed to something that nobody else has.
    fn pointed(&mut self, name: &Name) -> Done<()> {
        let declared = self.file.assigned.iter().find(|one| one.name.text == name.text);
        let one = declared.cloned().unwrap_or(Declared { name: name.clone(), size: None, unit: None, value: None });
        let message = format!(
            "POINTER {} is set here: it is a state of the mechanism, and a connection takes its value elsewhere",
            name.text
        );
        self.notes.push((name.span, message));
        self.settable(&one, first(&one))
    }

    /// What the simulator knows and the file sets is a copy: of the time one in each block, else one that lasts.
    fn overwritten(&mut self, name: &str, known: Known) {
        let value = self.simulator(known);
        let slot = if matches!(known, Known::T | Known::Dt) {
            self.slot(&name.into(), value.clone(), None, value)
        } else {
            let shown = format!("{name}'own");
            let kind = VariableKind::State { initial: value.clone() };
            let copy = self.variable(&shown, self.file.span, Dimension::NONE, kind);
            self.slot(&name.into(), Expr::Var(Var::Own(copy)), Some(copy), value)
        };
        self.notes.push((self.file.span, format!("`{name}` is set: only this mechanism sees that")));
        self.names.insert(name.into(), Symbol::Slot(slot));
    }

    fn name(&mut self, name: &Name, symbol: Symbol) {
        self.names.insert(name.text.clone(), symbol);
    }

    fn missing(&mut self, name: &Name) -> Done<()> {
        if matches!(self.names.get(&name.text), None | Some(Symbol::Ion(_) | Symbol::Param(..))) {
            self.settable(&Declared { name: name.clone(), size: None, unit: None, value: None }, Expr::Number(0.0))?;
        }
        Ok(())
    }

    fn known(&self, name: &Name) -> Option<()> {
        matches!(&*name.text, "v" | "t" | "dt" | "celsius" | "area" | "diam").then_some(())
    }

    /// Values of ions that are read: names of those.
    fn ions(&mut self, assigned: &HashSet<Rc<str>>) -> Done<HashSet<Rc<str>>> {
        let mut read = HashSet::new();
        for ion in &self.file.neuron.ions {
            let artificial = matches!(self.file.neuron.name, Some((Place::Artificial, _)));
            for name in &ion.reads {
                let Some(quantity) = IonQuantity::of(&name.text, &ion.name.text) else {
                    return self.wrong(name.span, format!("the ion {} has no `{}`", ion.name.text, name.text));
                };
                if artificial || (quantity != IonQuantity::Current && ion.writes.iter().any(|other| other.text == name.text)) {
                    continue;
                }
                let dimension = match quantity {
                    IonQuantity::Current => Dimension::CURRENT_DENSITY,
                    IonQuantity::Reversal => Dimension::VOLTAGE,
                    IonQuantity::Inside | IonQuantity::Outside => Dimension::CONCENTRATION,
                };
                let kind = VariableKind::Ion { ion: ir::Name::from(&*ion.name.text), quantity };
                let id = self.variable(&name.text, name.span, dimension, kind);
                // What the file sets without writing it is a copy, made where a block begins.
                let symbol = match assigned.contains(&name.text) && ion.writes.iter().all(|other| other.text != name.text) {
                    true => {
                        let value = Expr::Var(Var::Own(id));
                        Symbol::Slot(self.slot(&name.text, value.clone(), None, value))
                    }
                    false => Symbol::Ion(id),
                };
                self.names.insert(name.text.clone(), symbol);
                read.insert(name.text.clone());
            }
        }
        Ok(read)
    }

    fn parameter(&mut self, one: &Declared, is_assigned: bool, read: &HashSet<Rc<str>>) -> Done<()> {
        if self.known(&one.name).is_some() || read.contains(&one.name.text) {
            return Ok(());
        }
        let value = if self.as_set { one.value.unwrap_or(0.0) } else { six_digits(one.value.unwrap_or(0.0)) };
        let unit = one.unit.as_deref().and_then(|unit| self.units.read(unit)).unwrap_or(Unit::ONE);
        let (dimension, coherent) = match unit.is_temperature() {
            true => (unit.dimension(), value + FREEZING),
            false => (unit.dimension(), unit_value(value, unit)),
        };
        if let Some(size) = one.size {
            let ids = self.elements(&one.name, size)?.map(|at| {
                let kind = VariableKind::Param { default: Some(Expr::Number(coherent)) };
                self.variable(&format!("{}[{at}]", one.name.text), one.name.span, dimension, kind)
            });
            let ids: Vec<VarId> = ids.collect();
            if is_assigned {
                let slots = ids.iter().map(|id| self.copy(&one.name.text, *id, unit, one.name.span)).collect();
                self.names.insert(one.name.text.clone(), Symbol::Array(slots));
            } else {
                self.names.insert(one.name.text.clone(), Symbol::Params(ids, unit));
            }
            self.behind(&one.name, size);
            return Ok(());
        }
        let kind = VariableKind::Param { default: Some(Expr::Number(coherent)) };
        let id = self.variable(&one.name.text, one.name.span, dimension, kind);
        if !is_assigned {
            self.names.insert(one.name.text.clone(), Symbol::Param(id, unit));
            return Ok(());
        }
        let slot = self.copy(&one.name.text, id, unit, one.name.span);
        self.names.insert(one.name.text.clone(), Symbol::Slot(slot));
        Ok(())
    }

    /// Of a parameter that the file sets, what blocks see: a copy that begins as the parameter.
    fn copy(&mut self, name: &Rc<str>, id: VarId, unit: Unit, span: Span) -> Slot {
        let initial = self.of_parameter(id, unit);
        let shown = format!("{name}'now{}", id.0);
        let copy = self.variable(&shown, span, Dimension::NONE, VariableKind::State { initial: initial.clone() });
        self.slot(name, Expr::Var(Var::Own(copy)), Some(copy), initial)
    }

    /// The number that a file means by a parameter.
    pub(super) fn of_parameter(&self, id: VarId, unit: Unit) -> Expr {
        let own = Expr::Var(Var::Own(id));
        if unit.is_temperature() {
            return ir_binary(ir::Binary::Sub, own, Expr::Number(FREEZING));
        }
        match unit.factor() == 1.0 {
            true => own,
            false => ir_binary(ir::Binary::Mul, own, Expr::Number(unit.reciprocal())),
        }
    }

    /// What a state begins with where `INITIAL` says nothing: `m0`, where the file declares that.
    fn at_start(&self, state: &Declared) -> Expr {
        match self.names.get(&*format!("{}0", state.name.text)) {
            Some(Symbol::Param(id, unit)) => self.of_parameter(*id, *unit),
            Some(Symbol::Slot(slot)) => self.slots.get(*slot).map_or(Expr::Number(0.0), |cell| cell.initial.clone()),
            _ => first(state),
        }
    }

    /// An assigned variable or a state, or an array of such.
    fn settable(&mut self, one: &Declared, initial: Expr) -> Done<()> {
        let name = &one.name;
        let unit = one.unit.as_deref().and_then(|unit| self.units.read(unit)).unwrap_or(Unit::ONE);
        let dimension = if unit.factor() == 1.0 && !unit.is_temperature() { unit.dimension() } else { Dimension::NONE };
        let Some(size) = one.size else {
            let slot = self.cell(&name.text, name.span, dimension, initial);
            self.names.insert(name.text.clone(), Symbol::Slot(slot));
            return Ok(());
        };
        let range = self.elements(name, size)?;
        let slots = range.map(|at| self.cell(&format!("{}[{at}]", name.text), name.span, dimension, initial.clone())).collect();
        self.names.insert(name.text.clone(), Symbol::Array(slots));
        self.behind(name, size);
        Ok(())
    }

    pub(super) fn cell(&mut self, name: &str, span: Span, dimension: Dimension, initial: Expr) -> Slot {
        let id = self.variable(name, span, dimension, VariableKind::State { initial: initial.clone() });
        self.slot(&name.into(), Expr::Var(Var::Own(id)), Some(id), initial)
    }
}

/// What a variable begins with.
fn first(one: &Declared) -> Expr {
    Expr::Number(one.value.map_or(0.0, six_digits))
}

/// A value in the coherent system, powers of ten below one divided by, as the language does.
fn unit_value(value: f64, unit: Unit) -> f64 {
    if unit.factor() < 1.0 { value / unit.reciprocal() } else { value * unit.factor() }
}

pub(super) fn ir_binary(op: ir::Binary, a: Expr, b: Expr) -> Expr {
    Expr::Binary(op, Box::new(a), Box::new(b))
}

/// Whether a name is of a range or global variable, and of nothing that NEURON or C code sets.
fn shown_alone(file: &crate::nmodl::tree::File, name: &str) -> bool {
    let neuron = &file.neuron;
    let shown = neuron.range.iter().chain(&neuron.global).any(|one| &*one.text == name);
    let of_ion = neuron.ions.iter().flat_map(|ion| ion.reads.iter().chain(&ion.writes)).any(|one| &*one.text == name);
    let current = neuron.nonspecific.iter().chain(&neuron.electrode).chain(&neuron.pointer).any(|one| &*one.text == name);
    let in_code = file.blocks.iter().flat_map(|block| &block.body).any(|stmt| is_in_code(stmt, name));
    shown && !of_ion && !current && !in_code
}

/// Whether C code that was not understood names a variable, and so may set it.
fn is_in_code(stmt: &Stmt, name: &str) -> bool {
    let inner = |list: &[Stmt]| list.iter().any(|stmt| is_in_code(stmt, name));
    match &stmt.kind {
        StmtKind::Verbatim(code) => code.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').any(|word| word == name),
        StmtKind::If(_, a, b) => inner(a) || inner(b),
        StmtKind::While(_, a) | StmtKind::From(.., a) | StmtKind::ForNetcons(_, a) | StmtKind::Initial(a) => inner(a),
        _ => false,
    }
}

/// Names that some statement sets.
pub fn assigned_names<'s>(body: impl Iterator<Item = &'s Stmt>) -> HashSet<Rc<str>> {
    let mut found = HashSet::new();
    for stmt in body {
        match &stmt.kind {
            StmtKind::Assign(name, ..) | StmtKind::Derivative(name, ..) => {
                found.insert(name.text.clone());
            }
            StmtKind::If(_, a, b) => found.extend(assigned_names(a.iter().chain(b))),
            StmtKind::While(_, a) | StmtKind::From(.., a) | StmtKind::ForNetcons(_, a) | StmtKind::Initial(a) => {
                found.extend(assigned_names(a.iter()));
            }
            StmtKind::Call(name, arguments) if &*name.text == "state_discontinuity" => {
                if let Some(crate::nmodl::tree::ExprKind::Name(name)) = arguments.first().map(|a| &a.kind) {
                    found.insert(name.clone());
                }
            }
            _ => {}
        }
    }
    found
}
