//! What is recorded: one recorder for each distinct interval, and where each record of the script is found in them.

use super::classes::Classes;
use super::connections::{OfStatements, Tabled};
use super::draft::Draft;
use super::ions::default;
use super::pointers;
use super::pools::Addresses;
use super::range::{self, Told};
use super::sets;
use super::streams::World;
use super::synapses::Shared;
use bouton_engine::kernel::Place as CodePlace;
use bouton_engine::plan::{Class, Probe, ProbeValue, Recorder};
use bouton_model::algebra::visit;
use bouton_model::ir::{self, CellBody, CellId, Expr, Measure, MechanismId, Name, Program, Record, Term, VarId, VariableKind};
use bouton_syntax::diagnostic::{Code, Diagnostic};

/// Where the traces of a record are.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Recorded {
    /// Which of the plan's recorders.
    pub recorder: usize,
    /// For each term its probes there: the first, and how many follow one another.
    pub terms: Vec<(usize, usize)>,
    /// The traces that the record gives.
    pub traces: Vec<Traced>,
}

/// A trace of a record.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Traced {
    /// Of which cell, where it is of one.
    pub cell: Option<u32>,
    /// Of which part of it, where the record has several.
    pub part: Option<Name>,
}

/// One recorder for each interval and file.
#[derive(Default)]
struct Recorders {
    list: Vec<Recorder>,
    keys: Vec<(Option<u64>, Option<usize>)>,
}

impl Recorders {
    /// The one of an interval and a file.
    fn of(&mut self, every: Option<f64>, file: Option<usize>) -> usize {
        let key = (every.map(f64::to_bits), file);
        self.keys.iter().position(|known| *known == key).unwrap_or_else(|| {
            self.list.push(Recorder { every, probes: Vec::new() });
            self.keys.push(key);
            self.keys.len() - 1
        })
    }
}

/// What records are resolved with.
pub struct Found<'a> {
    /// Parameters and cells.
    pub world: World<'a>,
    /// Lanes.
    pub classes: &'a Classes,
    /// Places.
    pub drafts: &'a [Draft],
    /// Pools.
    pub made: &'a [Class],
    /// Where instances are.
    pub addresses: &'a [Addresses],
    /// Synapses that connections share.
    pub shared: &'a Shared,
    /// Connections by statement.
    pub connections: &'a OfStatements<'a>,
}

/// Recorders, the traces of each record, and the tables of connections.
pub type Asked = (Vec<Recorder>, Vec<Recorded>, Vec<Tabled>);

impl Found<'_> {
    /// All recorders.
    ///
    /// # Errors
    /// A value out of range, or something that has no row.
    pub fn recorders(&self, program: &Program) -> Result<Asked, Vec<Told>> {
        let (mut recorders, mut all, mut errors) = (Recorders::default(), Vec::new(), Vec::new());
        for record in &program.records {
            match self.record(program, record, &mut recorders) {
                Ok(recorded) => all.push(recorded),
                Err(told) => errors.push(told),
            }
        }
        let mut tables = Vec::new();
        for table in &program.tables {
            match self.connections.values(program, self.world.constants, &table.values, table.span) {
                Ok(values) => {
                    // Sampled at the start, and when somebody asks.
                    let recorder = recorders.of(Some(f64::INFINITY), None);
                    let probes = &mut recorders.list[recorder].probes;
                    let first = probes.len();
                    probes.extend(values.iter().map(|(probe, ..)| *probe));
                    tables.push(Tabled { recorder, first, ends: values.iter().map(|(_, pre, post)| (*pre, *post)).collect() });
                }
                Err(told) => errors.push(told),
            }
        }
        if errors.is_empty() { Ok((recorders.list, all, tables)) } else { Err(errors) }
    }

    fn record(&self, program: &Program, record: &Record, recorders: &mut Recorders) -> Result<Recorded, Told> {
        let constants = self.world.constants;
        let every = match &record.every {
            Some(a) => Some(range::EVERY.positive(constants.number(a)?, a.span)?),
            None => None,
        };
        let recorder = recorders.of(every, record.file);
        let known = &mut recorders.list[recorder].probes;
        let mut of_terms = Vec::new();
        let mut terms = Vec::new();
        for term in &record.terms {
            if let ir::Probe::Connections(of) = &term.probe {
                let values = self.connections.values(program, constants, of, term.span)?;
                terms.push((known.len(), values.len()));
                known.extend(values.iter().map(|(probe, ..)| *probe));
                of_terms.push(values.iter().map(|(_, _, post)| *post).collect());
                continue;
            }
            let cells = sets::members(self.world, &term.cells)?;
            if cells.is_empty() {
                let message = format!("`{}` records no cell with these parameters", record.name);
                return Err(Box::new(Diagnostic::new(Code::ReachesNothing, term.span, message)));
            }
            let probes = cells.iter().map(|cell| self.probe(record, term, *cell)).collect::<Result<Vec<_>, _>>()?;
            terms.push((known.len(), probes.len()));
            known.extend(probes);
            of_terms.push(cells);
        }
        let traces = traces(record, &of_terms)?;
        Ok(Recorded { recorder, terms, traces })
    }

    fn probe(&self, record: &Record, term: &Term, cell: u32) -> Result<Probe, Told> {
        let constants = self.world.constants;
        let unknown = || {
            let message = format!("`{}` has no value that could be recorded of {}", record.name, self.world.cells.name(cell));
            Box::new(Diagnostic::new(Code::NoValue, term.span, message))
        };
        let (class, lane) = self.classes.lane(self.world.cells, cell).ok_or_else(unknown)?;
        let draft = self.drafts.get(class).ok_or_else(unknown)?;
        let addresses = self.addresses.get(class).ok_or_else(unknown)?;
        let value = match &term.probe {
            ir::Probe::Shared(synapse, place, variable) => {
                let point = self.shared.at(class, *synapse, draft.node(place, constants)?);
                let lanes = point.and_then(|k| Some((k, &draft.points.get(k)?.lanes)));
                let Some((k, number)) = lanes.and_then(|(k, lanes)| Some((k, lanes.number(lane)?))) else {
                    return Err(self.no_synapse(record, term, cell));
                };
                addresses.points.get(k).and_then(|a| a.of(number)).and_then(|at| self.row(class, at, *variable))
            }
            probe => self.value(class, lane, probe)?,
        };
        Ok(Probe { class: class as u16, value: value.ok_or_else(unknown)? })
    }

    /// A value of the cell in a lane of a class; nothing where it has none.
    ///
    /// # Errors
    /// A place that is not from 0 to 1.
    pub(super) fn value(&self, class: usize, lane: u32, probe: &ir::Probe) -> Result<Option<ProbeValue>, Told> {
        let constants = self.world.constants;
        let Some(draft) = self.drafts.get(class) else { return Ok(None) };
        Ok(match probe {
            ir::Probe::Voltage(place) => Some(ProbeValue::Voltage { node: draft.node(place, constants)?, lane }),
            ir::Probe::Ion(place, ion, quantity) => {
                let name = quantity.name(ion);
                let row = self.made.get(class).and_then(|c| c.shared.iter().position(|row| row.name == name));
                let node = draft.ion_node(place, constants)?;
                Some(row.map_or(ProbeValue::Fixed(default(ion, *quantity)), |row| ProbeValue::Shared {
                    row: row as u16,
                    node,
                    lane,
                }))
            }
            ir::Probe::Outside(place, layer) => {
                Some(ProbeValue::Outside { layer: *layer, node: draft.node(place, constants)?, lane })
            }
            ir::Probe::Membrane(place) => Some(ProbeValue::Membrane { node: draft.node(place, constants)?, lane }),
            ir::Probe::Insert(_, _, variable) | ir::Probe::Synapse(_, variable) => {
                self.instance(class, lane, probe)?.and_then(|at| self.row(class, at, *variable))
            }
            ir::Probe::Own(variable) => self.row(class, (0, lane), *variable),
            // Not by cell, or not the cell's own.
            ir::Probe::Shared(..) | ir::Probe::Connections(_) => None,
        })
    }

    /// Pool and instance of a mechanism of the cell in a lane of a class; nothing where it is not there.
    ///
    /// # Errors
    /// A place that is not from 0 to 1.
    pub(super) fn instance(&self, class: usize, lane: u32, probe: &ir::Probe) -> Result<Option<(u16, u32)>, Told> {
        let (Some(draft), Some(addresses)) = (self.drafts.get(class), self.addresses.get(class)) else { return Ok(None) };
        Ok(match probe {
            ir::Probe::Insert(place, k, _) => draft.insert(place, *k, self.world.constants)?.and_then(|(insert, segment)| {
                let (pool, firsts) = addresses.inserts.get(insert)?;
                Some((*pool, firsts.get(segment)? + lane))
            }),
            ir::Probe::Synapse(k, _) => addresses.points.get(*k).and_then(|a| a.of(lane)),
            _ => None,
        })
    }

    fn no_synapse(&self, record: &Record, term: &Term, cell: u32) -> Told {
        let message = format!("`{}` finds no such synapse on {}", record.name, self.world.cells.name(cell));
        let none = Diagnostic::new(Code::ReachesNothing, term.span, message);
        Box::new(none.help(
            "connections put it at this place; where each connection has one of its own, it cannot be recorded by this name",
        ))
    }

    fn row(&self, class: usize, (pool, instance): (u16, u32), variable: VarId) -> Option<ProbeValue> {
        let class = self.made.get(class)?;
        let made = class.pools.get(usize::from(pool))?;
        if let Some((_, row)) = made.code.shared.iter().find(|(id, _)| *id == variable) {
            let (node, lane) = made.placement.place(instance, class.lanes())?;
            return Some(ProbeValue::Shared { row: *row, node, lane });
        }
        match made.code.value(variable)? {
            CodePlace::Fixed(x) => Some(ProbeValue::Fixed(x)),
            CodePlace::Row(row) => Some(ProbeValue::Row { pool, row, instance }),
        }
    }
}

/// The traces that a record gives. Terms of an expression are of one cell each, or of as many.
fn traces(record: &Record, cells: &[Vec<u32>]) -> Result<Vec<Traced>, Told> {
    let Some(value) = &record.value else {
        let each = record.terms.iter().zip(cells);
        let all = each.flat_map(|(term, cells)| {
            let numbered = matches!(&term.probe, ir::Probe::Connections(of) if of.index.is_none());
            cells.iter().enumerate().map(move |(k, cell)| match numbered {
                // Connections are told apart by their numbers.
                true => Traced { cell: None, part: Some(k.to_string().into()) },
                false => Traced { cell: Some(*cell), part: term.part.clone() },
            })
        });
        return Ok(all.collect());
    };
    let mut single = Vec::new();
    visit(value, &mut |part| {
        if let Expr::Measure(measure) = part
            && let Measure::Term(k) = **measure
        {
            single.push(k);
        }
    });
    let several: Vec<(usize, &Vec<u32>)> =
        single.iter().filter_map(|k| Some((*k, cells.get(*k)?))).filter(|(_, c)| c.len() > 1).collect();
    let Some((_, first)) = several.first() else { return Ok(vec![Traced::default()]) };
    if let Some((k, other)) = several.iter().find(|(_, other)| other.len() != first.len()) {
        let message = format!("`{}` computes with {} and with {} cells", record.name, first.len(), other.len());
        let span = record.terms.get(*k).map_or(record.span, |term| term.span);
        let unequal = Diagnostic::new(Code::WrongArguments, span, message);
        return Err(Box::new(unequal.help("take as many cells, or one, or a number over them: `mean(...)`")));
    }
    Ok(first.iter().map(|cell| Traced { cell: Some(*cell), part: None }).collect())
}

/// Variables that must be computed because they are recorded, or because inputs stand for them, by mechanism; each once.
pub fn observed(program: &Program, cell: CellId) -> Vec<(MechanismId, VarId)> {
    let mut all = Vec::new();
    let body = program.cells.get(cell.index()).map(|c| &c.body);
    let of_cell = |term: &&Term| program.populations.get(term.cells.population.index()).is_some_and(|p| p.cell == cell);
    for term in program.records.iter().flat_map(|r| &r.terms).filter(of_cell) {
        let found = match (&term.probe, body) {
            (ir::Probe::Insert(place, k, id), Some(CellBody::Tree(tree))) => {
                tree.sections.get(place.section.index()).and_then(|s| s.inserts.get(*k)).map(|i| (i.mechanism, *id))
            }
            (ir::Probe::Synapse(k, id), Some(CellBody::Tree(tree))) => tree.synapses.get(*k).map(|s| (s.mechanism, *id)),
            (ir::Probe::Shared(synapse, _, id), _) => program.synapses.get(synapse.index()).map(|s| (s.mechanism, *id)),
            (ir::Probe::Own(id), Some(CellBody::Free(mechanism))) => Some((*mechanism, *id)),
            _ => None,
        };
        all.extend(found);
    }
    if let Some(CellBody::Tree(tree)) = body {
        all.extend(tree.pointers.iter().filter_map(|pointer| pointers::variable(tree, &pointer.source)));
    }
    all.retain(|(mechanism, id)| {
        let variable = program.mechanisms.get(mechanism.index()).and_then(|m| m.variables.get(id.index()));
        variable.is_some_and(|v| matches!(v.kind, VariableKind::Let { .. } | VariableKind::Current { .. }))
    });
    all.sort_unstable();
    all.dedup();
    all
}
