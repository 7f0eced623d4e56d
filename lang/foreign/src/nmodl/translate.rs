//! The tree of an NMODL file becomes a checked mechanism, as the language's own check makes them. Blocks are followed as they would be executed, with
//! expressions in place of numbers: calls are written out, each assignment gives a definition, branches join as `if`. What a block leaves behind for
//! another one becomes a state of the mechanism; what it only uses itself stays a definition.

mod angle;
mod array;
mod assemble;
mod block;
mod common;
mod draw;
mod evaluate;
mod here;
mod lasting;
mod lift;
mod linear;
mod look;
mod loops;
mod pin;
mod receive;
mod scheme;
mod symbols;
mod table;
mod unknown;
mod value;
mod verbatim;

pub use evaluate::evaluated;
pub(crate) use evaluate::is_called;
pub(super) use symbols::assigned_names;
pub(crate) use value::table_units;

use super::tree::{Block, File, Place};
use super::unit::{Unit, Units};
use bouton_model::ir::{self, Action, Expr, Known, LocalId, Lookup, Mechanism, Var, VarId, Variable, VariableKind};
use bouton_model::unit::Dimension;
use bouton_syntax::{Code, Diagnostic, Diagnostics, Span};
use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

/// What a file declares.
#[derive(Clone, Debug)]
pub struct Translated {
    /// The mechanism; nothing where an error was found.
    pub mechanism: Option<Mechanism>,
    /// Its name and where it can be; nothing where the file does not say.
    pub name: Option<(Place, super::tree::Name)>,
    /// Valences of ions that the file gives.
    pub valences: Vec<(ir::Name, f64, Span)>,
    /// What is worth knowing about how it runs.
    pub notes: Vec<(Span, String)>,
}

/// Translates a file.
pub fn translate(file: &File, sink: &mut Diagnostics) -> Translated {
    translated(file, true, sink)
}

/// Translates a file whose tables nobody switches off.
pub fn with_tables(file: &File, sink: &mut Diagnostics) -> Translated {
    translated(file, false, sink)
}

fn translated(file: &File, switched: bool, sink: &mut Diagnostics) -> Translated {
    let threads = super::threads::run(file);
    let file = &super::code::understood(file);
    let name = file.neuron.name.clone();
    let valences = file.neuron.ions.iter();
    let valences = valences.filter_map(|ion| Some((ir::Name::from(&*ion.name.text), ion.valence?, ion.name.span))).collect();
    let mut translated = Translated { mechanism: None, name, valences, notes: Vec::new() };
    let before = sink.len();
    let mut reached = HashMap::new();
    loop {
        let mut found = Diagnostics::new();
        let mut translator = Translator::new(file, &mut found);
        translator.threads = threads;
        translator.switched = switched;
        translator.arrays.reached.clone_from(&reached);
        translated.mechanism = translator.mechanism().ok();
        translated.notes = std::mem::take(&mut translator.notes);
        // Elements behind the end of an array are known once they were met.
        let missed = std::mem::take(&mut translator.arrays.missed);
        if missed.is_empty() {
            sink.extend(found);
            break;
        }
        reached.extend(missed);
    }
    let mut told = std::collections::HashSet::new();
    translated.notes.retain(|note| told.insert(note.clone()));
    if sink.len() > before && sink.iter().skip(before).any(|d| d.severity == bouton_syntax::Severity::Error) {
        translated.mechanism = None;
    }
    translated
}

/// Whether a function picks a random number in C code.
pub(super) fn draws_by_c_code(block: &Block) -> bool {
    draw::by_c_code(block).is_some()
}

/// An error was told.
#[derive(Clone, Copy, Debug)]
struct Told;

type Done<T> = Result<T, Told>;

/// Something that blocks can set: a state, an assigned variable, an element of an array, a local value.
type Slot = usize;

/// What a name stands for.
#[derive(Clone, Debug)]
enum Symbol {
    Slot(Slot),
    Array(Vec<Slot>),
    /// A parameter and its unit.
    Param(VarId, Unit),
    Params(Vec<VarId>, Unit),
    Number(f64),
    Known(Known),
    /// A value of an ion.
    Ion(VarId),
    /// A pointer that no equation reads.
    Pointer,
    /// A stream of random numbers.
    Random,
}

/// What is known of a slot.
#[derive(Clone, Debug)]
struct Cell {
    /// What it holds where a block begins.
    entry: Expr,
    /// The variable that shows it.
    variable: Option<VarId>,
    /// What it holds before the initial block.
    initial: Expr,
    name: Rc<str>,
}

/// Values of slots that were set.
type Env = BTreeMap<Slot, Expr>;

/// Which part of the simulation is followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    Initial,
    Current,
    Advance,
    Event,
}

/// The most statements that a file may come to, calls and loops written out.
const MOST_STEPS: usize = 200_000;
/// How deep calls may nest.
const MOST_DEEP: usize = 50;
/// How often a function may call itself under conditions that are decided while the model runs.
const MOST_RECURSION: usize = 5;
/// How deep statements may stand in each other, calls and branches written out, and how many operators a value may have one inside the other.
const MOST_NESTED: usize = 64;
const MOST_CHAINED: usize = 200;

struct Translator<'a> {
    file: &'a File,
    sink: &'a mut Diagnostics,
    units: Units,
    names: HashMap<Rc<str>, Symbol>,
    blocks: HashMap<Rc<str>, &'a Block>,
    variables: Vec<Variable>,
    slots: Vec<Cell>,
    env: Env,
    /// Local names, the innermost last.
    locals: Vec<(Rc<str>, Symbol)>,
    /// Functions and procedures that are being followed, and under how many conditions each was called.
    calls: Vec<(Rc<str>, usize)>,
    /// Definitions by what they stand for.
    bound: HashMap<String, VarId>,
    phase: Phase,
    steps: usize,
    arrays: array::Arrays,
    /// How deep statements and values are nested now.
    nested: usize,
    chained: usize,
    next_local: u32,
    /// Draws of the event that is followed.
    drawn: Vec<Action>,
    /// Parts of the event that is followed, before the present one, and its arguments with their units.
    earlier: Vec<receive::Received>,
    slots_of_event: Vec<(Slot, Unit)>,
    /// States that are drawn anew at the end of each step, with what they are drawn from.
    drawn_states: Vec<(VarId, Expr)>,
    /// Initial values that are drawn.
    set_at_start: Vec<Action>,
    /// C code that is not understood, where it was met.
    unknown: Vec<(Span, &'static str, String)>,
    /// Equations of the LINEAR block that is followed.
    system: Option<Vec<(Expr, Span)>>,
    /// What the block that is followed causes.
    caused: Vec<Action>,
    /// Conditions of the branches around.
    conditions: Vec<Expr>,
    derivatives: Vec<assemble::Derivative>,
    /// How many equations were met.
    clock: usize,
    /// When a definition was last given, by that clock.
    bound_at: HashMap<VarId, usize>,
    /// Variables whose value at the beginning of a step is kept.
    kept: HashMap<VarId, LocalId>,
    method: Option<ir::Method>,
    /// How a DERIVATIVE block advances that is followed where it stands.
    here: Option<here::Here>,
    /// Whether some equation has its state in a product with itself, or where the form of the text does not show that it is linear.
    product: bool,
    bent: bool,
    /// Whether a scheme begins at rest.
    steady: bool,
    lookups: Vec<Lookup>,
    /// The parameter `usetable`, where tables can be switched off.
    table_switch: Option<VarId>,
    switched: bool,
    kinetic: ir::Kinetic,
    notes: Vec<(Span, String)>,
    /// Slots that NEURON has once for all segments, each with a variable for what `INITIAL` finds there, and what the first segment finds.
    common: BTreeMap<Slot, Option<(VarId, f64)>>,
    /// Counts looks at the currents, where `state_discontinuity` acts at some of them.
    looks: Option<Slot>,
    /// Whether NEURON lets threads run the file.
    threads: bool,
    /// Whether parameters have the values that they are given, not six digits of them.
    as_set: bool,
    /// Flags of events that the mechanism sends to itself; not a number: those that are computed.
    flags: Vec<f64>,
    /// Where an event is moved.
    moved: Option<Span>,
    watches: Vec<assemble::Watched>,
    /// Whether the event that is followed has come to a WATCH.
    watching: bool,
    /// Variables of slots that last from one block to another.
    lasting: std::collections::HashSet<VarId>,
}

impl<'a> Translator<'a> {
    fn new(file: &'a File, sink: &'a mut Diagnostics) -> Translator<'a> {
        let blocks = file.blocks.iter().map(|block| (block.name.text.clone(), block)).collect();
        Translator {
            file,
            sink,
            units: Units::of(file),
            names: HashMap::new(),
            blocks,
            variables: Vec::new(),
            slots: Vec::new(),
            env: Env::new(),
            locals: Vec::new(),
            calls: Vec::new(),
            bound: HashMap::new(),
            phase: Phase::Initial,
            steps: 0,
            arrays: array::Arrays::default(),
            nested: 0,
            chained: 0,
            next_local: 0,
            drawn: Vec::new(),
            drawn_states: Vec::new(),
            set_at_start: Vec::new(),
            unknown: Vec::new(),
            system: None,
            earlier: Vec::new(),
            slots_of_event: Vec::new(),
            caused: Vec::new(),
            conditions: Vec::new(),
            derivatives: Vec::new(),
            lookups: Vec::new(),
            table_switch: None,
            switched: true,
            kinetic: ir::Kinetic::default(),
            notes: Vec::new(),
            common: BTreeMap::new(),
            looks: None,
            threads: true,
            as_set: false,
            flags: Vec::new(),
            moved: None,
            watches: Vec::new(),
            watching: false,
            lasting: std::collections::HashSet::new(),
            clock: 0,
            bound_at: HashMap::new(),
            kept: HashMap::new(),
            method: None,
            here: None,
            product: false,
            bent: false,
            steady: false,
        }
    }

    /// Refuses a part of the file.
    fn refuse<T>(&mut self, span: Span, what: &str) -> Done<T> {
        self.sink.push(Diagnostic::new(Code::ForeignUnsupported, span, format!("{what} is not supported yet")));
        Err(Told)
    }

    /// Tells of a contradiction.
    fn wrong<T>(&mut self, span: Span, message: String) -> Done<T> {
        self.sink.push(Diagnostic::new(Code::ForeignMeaning, span, message));
        Err(Told)
    }

    fn variable(&mut self, name: &str, span: Span, dimension: Dimension, kind: VariableKind) -> VarId {
        let id = VarId(u32::try_from(self.variables.len()).unwrap_or(u32::MAX));
        self.variables.push(Variable { name: name.into(), span, dimension, kind });
        id
    }

    fn slot(&mut self, name: &Rc<str>, entry: Expr, variable: Option<VarId>, initial: Expr) -> Slot {
        self.slots.push(Cell { entry, variable, initial, name: name.clone() });
        self.slots.len() - 1
    }

    /// What a slot holds now.
    fn read(&self, slot: Slot) -> Expr {
        self.env.get(&slot).or_else(|| self.slots.get(slot).map(|s| &s.entry)).cloned().unwrap_or(Expr::Number(0.0))
    }

    /// Sets a slot.
    fn write(&mut self, slot: Slot, value: Expr, span: Span) {
        let name = self.slots.get(slot).map(|s| s.name.clone()).unwrap_or_default();
        let value = self.bind(&name, value, span);
        self.env.insert(slot, value);
    }

    /// A value to use often: a number or name as it is, anything else by a definition.
    fn bind(&mut self, name: &str, value: Expr, span: Span) -> Expr {
        let simple = matches!(&value, Expr::Number(_) | Expr::Var(_) | Expr::Bool(_));
        if simple {
            return value;
        }
        let key = format!("{value:?}");
        let id = match self.bound.get(&key) {
            Some(known) => *known,
            None => {
                let id = self.define(name, value, span);
                self.bound.insert(key, id);
                id
            }
        };
        self.note_bound(id);
        Expr::Var(Var::Own(id))
    }

    fn note_bound(&mut self, id: VarId) {
        if self.phase == Phase::Advance {
            self.bound_at.insert(id, self.clock);
        }
    }

    /// A definition of its own.
    fn define(&mut self, name: &str, value: Expr, span: Span) -> VarId {
        let shown = format!("{name}'{}", self.variables.len());
        self.variable(&shown, span, Dimension::NONE, VariableKind::Let { value })
    }

    fn local(&mut self) -> LocalId {
        self.next_local += 1;
        LocalId(self.next_local - 1)
    }

    /// Tells of what is nested too deep.
    fn too_deep<T>(&mut self, span: Span, most: usize) -> Done<T> {
        self.sink.push(Diagnostic::new(
            Code::TooDeep,
            span,
            format!("nested deeper than {most}, calls and branches written out"),
        ));
        Err(Told)
    }

    fn step(&mut self, span: Span) -> Done<()> {
        self.steps += 1;
        if self.steps > MOST_STEPS {
            if self.steps == MOST_STEPS + 1 {
                let message = format!("calls and loops come to more than {MOST_STEPS} statements");
                self.sink.push(Diagnostic::new(Code::UnfoldsTooFar, span, message));
            }
            return Err(Told);
        }
        Ok(())
    }
}

/// A value that is a number already.
fn number(e: &Expr) -> Option<f64> {
    match e {
        Expr::Number(x) => Some(*x),
        _ => None,
    }
}

/// Six significant digits, which is what NEURON keeps of a default.
pub(crate) fn six_digits(x: f64) -> f64 {
    format!("{x:.5e}").parse().unwrap_or(x)
}
