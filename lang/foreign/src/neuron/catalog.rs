//! What can be inserted or placed: names and defaults of mechanisms, NEURON's own and those of NMODL files.

use super::builtin;
use crate::nmodl::tree::{BlockKind, File, Place};
use crate::nmodl::unit::{Unit, Units};
use bouton_model::curve::Curve;
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

/// What a mechanism is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `insert`ed in sections.
    Density,
    /// Placed at one point.
    Point,
    /// A cell without a body.
    Artificial,
}

/// What a value of a mechanism is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// PARAMETER
    Parameter,
    /// ASSIGNED
    Assigned,
    /// STATE
    State,
}

/// A value that each segment, or each point process, has for itself.
#[derive(Clone, Debug)]
pub struct Value {
    /// As the mechanism names it, without its suffix.
    pub name: Rc<str>,
    /// What it begins with, in the file's unit.
    pub default: f64,
    /// What it is.
    pub role: Role,
    /// Its unit.
    pub unit: Unit,
    /// How many of them in a row.
    pub size: usize,
    /// What Bouton's library calls it, where that differs.
    pub library: &'static str,
}

/// The equations of a mechanism, as its file has them; nothing for those of the library that a script does not ask for.
#[derive(Clone, Default)]
pub struct Equations(pub Option<Rc<File>>);

impl std::fmt::Debug for Equations {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // A file can be long, and whoever shows a mechanism wants what it declares.
        out.write_str(if self.0.is_some() { "equations" } else { "no equations" })
    }
}

/// A mechanism.
#[derive(Clone, Debug)]
pub struct Mechanism {
    /// SUFFIX, or the name of the point process.
    pub name: Rc<str>,
    /// What Bouton knows it by.
    pub written: Rc<str>,
    /// What it is.
    pub kind: Kind,
    /// Values of each segment.
    pub values: Vec<Value>,
    /// Values that all share, with their defaults: bare names.
    pub globals: Vec<Value>,
    /// Names that point to values of others, and whether the file reads these and sets none.
    pub pointers: Vec<(Rc<str>, bool)>,
    /// Ions that it uses, and whether it writes a concentration of each.
    pub ions: Vec<(Rc<str>, bool)>,
    /// The file, where it has functions that a script can call.
    pub functions: Option<Rc<File>>,
    /// Procedures that a script can call.
    pub procedures: Vec<Rc<str>>,
    /// How many values a connection to it carries.
    pub weights: usize,
    /// Whether Bouton's library has it.
    pub library: bool,
    /// Whether it sends events by itself.
    pub sends: bool,
    /// Whether it carries current through the membrane on which it sits.
    pub carries: bool,
    /// What it computes.
    pub equations: Equations,
}

impl Mechanism {
    /// The name by which a section has a value of it: with its suffix, if its names have one. NEURON's names of extracellular space have none.
    #[must_use]
    pub fn ranged(&self, value: &str) -> String {
        match self.kind {
            Kind::Density if &*self.name != "extracellular" => format!("{value}_{}", self.name),
            _ => value.to_owned(),
        }
    }
}

/// All mechanisms, by number.
#[derive(Clone, Debug)]
pub struct Catalog {
    all: Vec<Mechanism>,
    names: HashMap<Rc<str>, usize>,
    /// `gnabar_hh`: which mechanism, which value.
    suffixed: HashMap<String, (usize, usize)>,
    /// `usetable_hh`: its value.
    globals: HashMap<String, f64>,
    /// Where mechanisms were looked for, for messages.
    pub looked: Vec<String>,
}

impl Default for Catalog {
    fn default() -> Catalog {
        let mut catalog = Catalog {
            all: Vec::new(),
            names: HashMap::new(),
            suffixed: HashMap::new(),
            globals: HashMap::new(),
            looked: Vec::new(),
        };
        builtin::all().into_iter().for_each(|one| catalog.add(one));
        catalog
    }
}

impl Catalog {
    /// Adds one; a second one of a name hides the first.
    pub fn add(&mut self, mut one: Mechanism) {
        let at = self.all.len();
        // A point process has one number for each value: elements of an array are values by themselves.
        if one.kind != Kind::Density {
            one.values = one.values.iter().flat_map(elements).collect();
        }
        for (k, value) in one.values.iter().enumerate() {
            if one.kind == Kind::Density {
                self.suffixed.insert(one.ranged(&value.name), (at, k));
            }
        }
        for value in &one.globals {
            // What belongs to no mechanism has no suffix.
            let name = if &*one.name == "nothing" { value.name.to_string() } else { format!("{}_{}", value.name, one.name) };
            self.globals.insert(name, value.default);
        }
        for (ion, _) in &one.ions {
            for side in ["i", "o"] {
                let default = super::section::Ion::usual(ion);
                let value = if side == "i" { default[1] } else { default[2] };
                self.globals.entry(format!("{ion}{side}0_{ion}_ion")).or_insert(value);
            }
        }
        self.names.insert(one.name.clone(), at);
        self.all.push(one);
    }

    /// The number of a mechanism.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<usize> {
        self.names.get(name).copied()
    }

    /// Names of what is inserted, or of what is placed.
    #[must_use]
    pub fn names(&self, points: bool) -> Vec<Rc<str>> {
        let wanted = |one: &Mechanism| (one.kind != Kind::Density) == points;
        let all = self.all.iter().enumerate();
        all.filter(|(at, one)| wanted(one) && self.find(&one.name) == Some(*at)).map(|(_, one)| one.name.clone()).collect()
    }

    /// A mechanism by number.
    ///
    /// # Panics
    /// For a number that `find` did not give.
    #[must_use]
    pub fn get(&self, at: usize) -> &Mechanism {
        &self.all[at]
    }

    /// The mechanism and value of a name such as `gnabar_hh`.
    #[must_use]
    pub fn range(&self, name: &str) -> Option<(usize, usize)> {
        self.suffixed.get(name).copied()
    }

    /// The mechanism, and which of its pointers, of a name such as `pv_dipole`.
    #[must_use]
    pub fn pointer(&self, name: &str) -> Option<(usize, usize)> {
        let points = |one: &Mechanism| {
            let own = name.strip_suffix(&*one.name).and_then(|rest| rest.strip_suffix('_'))?;
            one.pointers.iter().position(|(pointer, _)| **pointer == *own)
        };
        let found = self.all.iter().enumerate().filter(|(_, one)| one.kind == Kind::Density).rev();
        found.into_iter().find_map(|(at, one)| Some((at, points(one)?)))
    }

    /// The value of a function of a mechanism for numbers: `alpha_hh(-65)`, and bare where the file has no suffix. Nothing where there is none of the name; inside of it,
    /// where the value depends on what only an instance knows. `global` gives values that all share by their full names.
    #[must_use]
    pub fn function(&self, name: &str, arguments: &[f64], global: &dyn Fn(&str) -> Option<f64>) -> Option<Option<f64>> {
        self.all.iter().rev().find_map(|one| {
            let file = one.functions.as_ref()?;
            let plain = &*one.name == "nothing";
            let bare = if plain { Some(name) } else { name.strip_suffix(&*one.name).and_then(|rest| rest.strip_suffix('_')) };
            let bare =
                bare.filter(|bare| file.blocks.iter().any(|b| crate::nmodl::is_called(b.kind) && *b.name.text == **bare))?;
            let of_file = |value: &str| match value {
                "celsius" | "dt" | "t" => global(value),
                _ if plain => global(value),
                _ => global(&format!("{value}_{}", one.name)),
            };
            Some(crate::nmodl::evaluated(file, bare, arguments, &of_file))
        })
    }

    /// The mechanism and its FUNCTION_TABLE that a name such as `table_tau_m` fills, and bare where the file has no suffix.
    #[must_use]
    pub fn table(&self, name: &str) -> Option<(usize, Rc<str>)> {
        let table = name.strip_prefix("table_")?;
        self.all.iter().enumerate().rev().find_map(|(at, one)| {
            let bare = match &*one.name {
                "nothing" => Some(table),
                suffix => table.strip_suffix(suffix).and_then(|rest| rest.strip_suffix('_')),
            };
            Some((at, self.table_of(at, bare?)?.0))
        })
    }

    /// The FUNCTION_TABLE of a mechanism, and how many arguments it has.
    #[must_use]
    pub fn table_of(&self, mechanism: usize, name: &str) -> Option<(Rc<str>, usize)> {
        let blocks = &self.all.get(mechanism)?.equations.0.as_ref()?.blocks;
        let found = blocks.iter().find(|b| b.kind == BlockKind::FunctionTable && *b.name.text == *name)?;
        Some((found.name.text.clone(), found.arguments.len()))
    }

    /// Fills a FUNCTION_TABLE, which is one for all that have the mechanism.
    pub fn fill(&mut self, mechanism: usize, name: &str, curve: Arc<Curve>) {
        let Some(one) = self.all.get_mut(mechanism) else { return };
        for file in [&mut one.functions, &mut one.equations.0].into_iter().flatten() {
            for block in &mut Rc::make_mut(file).blocks {
                if block.kind == BlockKind::FunctionTable && *block.name.text == *name {
                    block.curve = Some(curve.clone());
                }
            }
        }
    }

    /// Whether a name is that of a procedure of a mechanism: `rates_hh`, and bare where the file has no suffix.
    #[must_use]
    pub fn is_procedure(&self, name: &str) -> bool {
        self.all.iter().any(|one| {
            let bare = if &*one.name == "nothing" {
                Some(name)
            } else {
                name.strip_suffix(&*one.name).and_then(|rest| rest.strip_suffix('_'))
            };
            bare.is_some_and(|bare| one.procedures.iter().any(|known| **known == *bare))
        })
    }

    /// The default of a value that all share.
    #[must_use]
    pub fn global(&self, name: &str) -> Option<f64> {
        self.globals.get(name).copied()
    }

    /// The ion, and which of its values (reversal potential, inside, outside), of a name such as `ena` or `cai`.
    #[must_use]
    pub fn ion(&self, name: &str) -> Option<(Rc<str>, usize)> {
        let known = |ion: &str| {
            let of = self.all.iter().flat_map(|one| &one.ions).find(|(other, _)| &**other == ion);
            of.map(|(ion, _)| ion.clone())
        };
        let reversal = name.strip_prefix('e').and_then(known).map(|ion| (ion, 0));
        let inside = || name.strip_suffix('i').and_then(known).map(|ion| (ion, 1));
        let outside = || name.strip_suffix('o').and_then(known).map(|ion| (ion, 2));
        reversal.or_else(inside).or_else(outside)
    }

    /// The charge of an ion: as a file says, else 2 of calcium and 1 of others.
    #[must_use]
    pub fn charge(&self, ion: &str) -> f64 {
        let files = self.all.iter().filter_map(|one| one.equations.0.as_ref());
        let said = files.flat_map(|file| &file.neuron.ions).find_map(|one| one.valence.filter(|_| &*one.name.text == ion));
        said.unwrap_or(if ion == "ca" { 2.0 } else { 1.0 })
    }

    /// Whether any mechanism uses an ion of this name.
    #[must_use]
    pub fn has_ion(&self, name: &str) -> bool {
        self.all.iter().flat_map(|one| &one.ions).any(|(ion, _)| &**ion == name)
    }

    /// What is said of a name that is not there.
    #[must_use]
    pub fn missing(&self, name: &str) -> String {
        match self.looked.is_empty() {
            true => format!("there is no mechanism `{name}`"),
            false => format!("there is no mechanism `{name}`; files were looked for in {}", self.looked.join(", ")),
        }
    }
}

/// The elements of an array as values, or the value itself.
fn elements(value: &Value) -> Vec<Value> {
    let element = |at: usize| Value { name: format!("{}[{at}]", value.name).into(), size: 1, ..value.clone() };
    if value.size > 1 { (0..value.size).map(element).collect() } else { vec![value.clone()] }
}

/// What an NMODL file declares; nothing where it does not say what it is.
#[must_use]
pub fn of_file(file: &File) -> Option<Mechanism> {
    let (place, name) = file.neuron.name.as_ref()?;
    let kind = match place {
        Place::Density => Kind::Density,
        Place::Point => Kind::Point,
        Place::Artificial => Kind::Artificial,
    };
    let units = Units::of(file);
    // Currents that are no ion's are shown without being listed.
    let shown = || file.neuron.range.iter().chain(&file.neuron.nonspecific).chain(&file.neuron.electrode);
    let is_range = |name: &str| kind == Kind::Artificial || shown().any(|one| &*one.text == name);
    let of_ion =
        |name: &str| file.neuron.ions.iter().any(|ion| ion.reads.iter().chain(&ion.writes).any(|one| &*one.text == name));
    let known = |name: &str| matches!(name, "v" | "t" | "dt" | "celsius" | "area" | "diam");
    let value = |one: &crate::nmodl::tree::Declared, role| Value {
        name: one.name.text.clone(),
        default: crate::nmodl::six_digits(one.value.unwrap_or(0.0)),
        role,
        unit: one.unit.as_deref().and_then(|unit| units.read(unit)).unwrap_or(Unit::ONE),
        size: one.size.map_or(1, |size| size as usize),
        library: "",
    };
    let (mut values, mut globals): (Vec<Value>, Vec<Value>) = (Vec::new(), Vec::new());
    let states: Vec<&str> = file.states.iter().map(|one| &*one.name.text).collect();
    for one in &file.parameters {
        let name = &*one.name.text;
        // A value of an ion that is shown under the mechanism's name, too, is one of its values.
        if known(name) || of_ion(name) && !is_range(name) || states.contains(&name) {
            continue;
        }
        let list = if is_range(name) { &mut values } else { &mut globals };
        list.push(value(one, Role::Parameter));
    }
    for one in &file.assigned {
        let name = &*one.name.text;
        let taken = values.iter().chain(&globals).any(|other| other.name == one.name.text);
        if known(name) || of_ion(name) && !is_range(name) || taken || states.contains(&name) {
            continue;
        }
        let global = file.neuron.global.iter().any(|other| &*other.text == name);
        if is_range(name) {
            values.push(value(one, Role::Assigned));
        } else if global {
            globals.push(value(one, Role::Assigned));
        }
    }
    // Currents of a mechanism's own can be read, whether it says so or not.
    for one in file.neuron.nonspecific.iter().chain(&file.neuron.electrode) {
        if !values.iter().any(|other| other.name == one.text) {
            let unit = units.read(if kind == Kind::Density { "mA/cm2" } else { "nA" }).unwrap_or(Unit::ONE);
            values.push(Value { name: one.text.clone(), default: 0.0, role: Role::Assigned, unit, size: 1, library: "" });
        }
    }
    for one in file.states.iter().filter(|one| !of_ion(&one.name.text)) {
        values.push(value(one, Role::State));
    }
    if file.blocks.iter().any(|block| block.body.iter().any(has_table)) {
        let usetable =
            Value { name: "usetable".into(), default: 1.0, role: Role::Parameter, unit: Unit::ONE, size: 1, library: "" };
        globals.push(usetable);
    }
    let writes =
        |ion: &crate::nmodl::tree::Ion| ion.writes.iter().any(|one| !one.text.starts_with('i') && !one.text.starts_with('e'));
    let read: Vec<&str> = crate::nmodl::pointer::read(file).map(|one| &*one.text).collect();
    let received = file.blocks.iter().find(|block| block.kind == BlockKind::NetReceive);
    Some(Mechanism {
        name: name.text.clone(),
        written: name.text.clone(),
        kind,
        values,
        globals,
        pointers: file.neuron.pointer.iter().map(|one| (one.text.clone(), read.contains(&&*one.text))).collect(),
        ions: file.neuron.ions.iter().map(|ion| (ion.name.text.clone(), writes(ion))).collect(),
        functions: file.blocks.iter().any(|one| crate::nmodl::is_called(one.kind)).then(|| Rc::new(file.clone())),
        procedures: file.blocks.iter().filter(|one| one.kind == BlockKind::Procedure).map(|one| one.name.text.clone()).collect(),
        weights: received.map_or(0, |block| block.arguments.len()),
        library: false,
        carries: !file.neuron.nonspecific.is_empty()
            || !file.neuron.electrode.is_empty()
            || file.neuron.ions.iter().flat_map(|ion| &ion.writes).any(|one| one.text.starts_with('i')),
        sends: received.is_some_and(|block| block.body.iter().any(sends)),
        equations: Equations(Some(Rc::new(file.clone()))),
    })
}

fn has_table(stmt: &crate::nmodl::tree::Stmt) -> bool {
    matches!(stmt.kind, crate::nmodl::tree::StmtKind::Table(_))
}

fn sends(stmt: &crate::nmodl::tree::Stmt) -> bool {
    use crate::nmodl::tree::StmtKind;
    match &stmt.kind {
        StmtKind::Call(name, _) => &*name.text == "net_event",
        StmtKind::If(_, then, otherwise) => then.iter().chain(otherwise).any(sends),
        StmtKind::While(_, body) | StmtKind::Initial(body) => body.iter().any(sends),
        _ => false,
    }
}
