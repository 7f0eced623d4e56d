//! What the engine is given: classes of cells, their pools and programs, projections and probes, in flat numbers.
//! It has no names to look up; those it carries are for messages. How it is stepped is `run`'s matter.

mod names;

pub use names::Names;

use crate::kernel::MechanismCode;
use std::ops::Range;
use std::sync::Arc;

/// A network ready to be run. Numbers are in ms, mV, mA, cm.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// Step (ms).
    pub dt: f64,
    /// Voltages advance by twice the solution of a half step (NEURON's `secondorder = 2`).
    pub second_order: bool,
    /// Initial potential of every node (mV).
    pub v_init: f64,
    /// Cells of one topology and one mechanism set each.
    pub classes: Vec<Class>,
    /// How many spike sources there are. A source's number settles the order of simultaneous events.
    pub sources: u32,
    /// Spikes of the last so many sources are not recorded: those of stimuli, of which there may be very many.
    pub unrecorded: u32,
    /// Who hears whom, in order of creation.
    pub projections: Vec<Projection>,
    /// Who drives whose inputs continuously. Terms of one input are added in this order.
    pub drives: Vec<Drive>,
    /// Whose values flow into inputs of cells without a body, at every moment at which a solver looks at these. Terms of one input are added in this order.
    pub links: Vec<Drive>,
    /// Inputs that stand for another value of the same cell, as it is whenever a program of the mechanism runs: it is not added to a base, but is what it is.
    /// Definitions are what they were when their mechanism had last computed its currents, or, where these do not need them, advanced its states.
    pub pointers: Vec<Drive>,
    /// What is recorded.
    pub recorders: Vec<Recorder>,
}

impl Plan {
    /// Whether spikes of a source are recorded.
    pub fn records(&self, source: u32) -> bool {
        source < self.sources.saturating_sub(self.unrecorded)
    }

    /// How many connections there are.
    pub fn connections(&self) -> usize {
        self.projections.iter().map(Projection::len).sum()
    }
}

/// Cells of one topology and one mechanism set. A lane is one cell.
#[derive(Clone, Debug, Default)]
pub struct Class {
    /// Of the cell's declaration.
    pub name: String,
    /// How each lane's cell is called in messages (`M[3]`).
    pub cells: Names,
    /// The tree; nothing for cells without a body.
    pub body: Option<Body>,
    /// Values that the mechanisms of a place share. Programs know them by their number here.
    pub shared: Vec<SharedRow>,
    /// Space around the tree that is no ground; mostly nothing.
    pub extracellular: Option<Extracellular>,
    /// In the order in which they act.
    pub pools: Vec<Pool>,
    /// Where spikes are found.
    pub detectors: Vec<Detector>,
}

impl Class {
    /// How many cells it has.
    pub fn lanes(&self) -> usize {
        self.cells.len()
    }
}

/// A tree of nodes. A node is the middle of a segment, or a branching or end point without area.
///
/// Its numbers are one for each node, the same in all lanes, or, where cells differ in size, one for each node and lane: that of node n in lane l at
/// n * lanes + l. All four are given in the same way.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Body {
    /// What each node is called in messages (`dend(0.5)`).
    pub names: Vec<String>,
    /// Parent of each node, `u32::MAX` for the root.
    pub parent: Vec<u32>,
    /// Elimination order: every node once, children before parents.
    pub order: Vec<u32>,
    /// Coefficient of the node in its parent's row, negative (S/cm2; S where the parent has no area).
    pub a: Vec<f64>,
    /// Coefficient of the parent in the node's row, negative.
    pub b: Vec<f64>,
    /// Membrane capacitance (mA ms/mV/cm2; 1 uF/cm2 is 0.001); 0 without area.
    pub capacitance: Vec<f64>,
    /// Membrane area (cm2); 0 for nodes without.
    pub area: Vec<f64>,
}

impl Body {
    /// Whether its numbers are given for each lane.
    pub fn differs(&self) -> bool {
        self.area.len() > self.parent.len()
    }

    /// One of its numbers.
    pub fn of(&self, values: &[f64], node: usize, lane: usize) -> f64 {
        at(values, self.parent.len(), node, lane)
    }

    /// The same body for some of the lanes.
    pub fn part(&self, first: usize, lanes: usize) -> Body {
        let part = |values: &[f64]| part(values, self.parent.len(), first, lanes);
        Body {
            names: self.names.clone(),
            parent: self.parent.clone(),
            order: self.order.clone(),
            a: part(&self.a),
            b: part(&self.b),
            capacitance: part(&self.capacitance),
            area: part(&self.area),
        }
    }
}

/// Of numbers that are given once for each node, or once for each node and lane, that of a node in a lane.
fn at(values: &[f64], nodes: usize, node: usize, lane: usize) -> f64 {
    if values.len() > nodes { values[node * (values.len() / nodes) + lane] } else { values[node] }
}

/// The same of some lanes.
pub(crate) fn part(values: &[f64], nodes: usize, first: usize, lanes: usize) -> Vec<f64> {
    match values.len() / nodes.max(1) {
        0 | 1 => values.to_vec(),
        all => values.chunks_exact(all).flat_map(|row| &row[first..first + lanes]).copied().collect(),
    }
}

/// Two layers of extracellular space around each node: the membrane lies between the inside and layer 0. Numbers are given
/// once for each node, or once for each node and lane, as those of the body are.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Extracellular {
    /// How many nodes there are.
    pub nodes: usize,
    /// For each layer what [`Body::a`] is for the inside.
    pub a: [Vec<f64>; 2],
    /// For each layer what [`Body::b`] is for the inside.
    pub b: [Vec<f64>; 2],
    /// Conductance from layer 0 to layer 1, and from layer 1 to ground (S/cm2); 0 without area.
    pub g: [Vec<f64>; 2],
    /// Capacitance beside it (mA ms/mV/cm2); 0 without area.
    pub c: [Vec<f64>; 2],
    /// Potential of ground (mV).
    pub e: Vec<f64>,
}

impl Extracellular {
    /// The same space around some of the lanes.
    pub fn part(&self, first: usize, lanes: usize) -> Extracellular {
        let nodes = self.nodes;
        let both = |values: &[Vec<f64>; 2]| [0, 1].map(|k| part(&values[k], nodes, first, lanes));
        let e = part(&self.e, nodes, first, lanes);
        Extracellular { nodes, a: both(&self.a), b: both(&self.b), g: both(&self.g), c: both(&self.c), e }
    }
}

/// A value at each node that mechanisms read and write: a concentration, a reversal potential or the total current of an ion.
#[derive(Clone, Debug, PartialEq)]
pub struct SharedRow {
    /// What it is called in messages (`cai`).
    pub name: String,
    /// What happens to it.
    pub kind: RowKind,
    /// At the start, once for each node, or once for each node and lane: that of node `n` in lane `l` is at `n * lanes + l`.
    pub initial: Vec<f64>,
}

impl SharedRow {
    /// The value of a node in a lane at the start; there are so many nodes.
    pub fn at(&self, nodes: usize, node: usize, lane: usize) -> f64 {
        at(&self.initial, nodes, node, lane)
    }
}

/// What happens to a shared row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowKind {
    /// It keeps what mechanisms write.
    Value,
    /// Set to 0 before the currents of each step; mechanisms add to it.
    Sum,
    /// A sum of slopes: with steps of second order the row `of` is moved by this times the change of the potential in half a step.
    Slope {
        /// A `Sum`.
        of: u16,
    },
}

/// All instances of one mechanism in a class that share a program.
#[derive(Clone, Debug)]
pub struct Pool {
    /// Its programs.
    pub code: Arc<MechanismCode>,
    /// Where its instances are.
    pub placement: Placement,
    /// For each of the code's [`MechanismCode::inputs`] the value of each instance; or, where all lanes have the same, of the first lane's alone.
    pub inputs: Vec<Vec<f64>>,
    /// Random stream of each instance; empty if its code draws nothing.
    pub streams: Vec<StreamKey>,
    /// Spike source that each instance is, for mechanisms that spike; else empty.
    pub sources: Vec<u32>,
}

impl Pool {
    /// The value of an input of an instance, in a class of so many lanes.
    pub fn input(&self, number: usize, instance: usize, lanes: usize) -> f64 {
        let values = &self.inputs[number];
        let once = values.len() < self.placement.count(lanes);
        values[if once { instance / lanes } else { instance }]
    }
}

/// Where the instances of a pool are.
#[derive(Clone, Debug, PartialEq)]
pub enum Placement {
    /// One at each of these nodes in every lane: instance `k * lanes + lane` is at node `nodes[k]`.
    /// A node may occur several times (several synapses of a kind at one place), in order of creation.
    Nodes(Vec<u32>),
    /// Instance `i` is at this node of this lane: sorted by node, then lane, then creation.
    Scattered(Vec<(u32, u32)>),
    /// Cells without a body: instance = lane.
    Free,
}

impl Placement {
    /// How many instances there are in a class of so many lanes.
    pub fn count(&self, lanes: usize) -> usize {
        match self {
            Placement::Nodes(nodes) => nodes.len() * lanes,
            Placement::Scattered(places) => places.len(),
            Placement::Free => lanes,
        }
    }
}

impl Placement {
    /// Node and lane of an instance; nothing for cells without a body.
    pub fn place(&self, instance: u32, lanes: usize) -> Option<(u32, u32)> {
        match self {
            Placement::Nodes(nodes) => {
                let lanes = lanes.max(1) as u32;
                Some((*nodes.get((instance / lanes) as usize)?, instance % lanes))
            }
            Placement::Scattered(places) => places.get(instance as usize).copied(),
            Placement::Free => None,
        }
    }
}

/// Three identifiers of a random stream: the counter words of [`crate::random::Stream`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StreamKey(pub [u32; 3]);

/// A threshold on the potential of a node.
#[derive(Clone, Debug, PartialEq)]
pub struct Detector {
    /// Which node.
    pub node: u32,
    /// mV; of each lane, where they differ.
    pub threshold: Values,
    /// Spike source that each lane is.
    pub sources: Vec<u32>,
}

/// Connections that were made together and reach one handler of one pool, by source. There is no object for a single one.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Projection {
    /// Class of the receivers.
    pub class: u16,
    /// Their pool in that class.
    pub pool: u16,
    /// Index into the code's handlers.
    pub handler: u16,
    /// The first source that sends.
    pub first: u32,
    /// Those of source `first + k` are `start[k]..start[k + 1]`, in order of creation.
    pub start: Vec<u32>,
    /// Which instance of the pool each of them reaches.
    pub targets: Vec<u32>,
    /// ms
    pub delay: Values,
    /// Arguments of their events in the order of the handler; the first is the weight.
    pub arguments: Vec<Values>,
}

/// A number for each of many connections, or lanes.
#[derive(Clone, Debug, PartialEq)]
pub enum Values {
    /// The same for all.
    Same(f64),
    /// One each.
    Each(Vec<f64>),
}

impl Default for Values {
    fn default() -> Values {
        Values::Same(0.0)
    }
}

impl Values {
    /// One each; the same for all where no bit differs.
    pub fn of(all: Vec<f64>) -> Values {
        match all.split_first() {
            Some((first, others)) if others.iter().all(|x| x.to_bits() == first.to_bits()) => Values::Same(*first),
            _ => Values::Each(all),
        }
    }

    /// Of a connection.
    pub fn at(&self, connection: usize) -> f64 {
        match self {
            Values::Same(x) => *x,
            Values::Each(values) => values.get(connection).copied().unwrap_or(f64::NAN),
        }
    }

    /// How many bytes it takes for each connection.
    fn bytes(&self) -> usize {
        match self {
            Values::Same(_) => 0,
            Values::Each(_) => size_of::<f64>(),
        }
    }
}

impl Projection {
    /// With a connection for each of these sources and instances, in order of creation.
    pub fn joining(mut self, mut ends: Vec<(u32, u32)>) -> Projection {
        ends.sort_by_key(|(source, _)| *source);
        if let (Some((first, _)), Some((last, _))) = (ends.first(), ends.last()) {
            self.first = *first;
            self.start = vec![0; (last - first) as usize + 2];
            ends.iter().for_each(|(source, _)| self.start[(source - first) as usize + 1] += 1);
            (1..self.start.len()).for_each(|k| self.start[k] += self.start[k - 1]);
        }
        self.targets = ends.into_iter().map(|(_, target)| target).collect();
        self
    }

    /// How many connections there are.
    pub fn len(&self) -> usize {
        self.targets.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.targets.is_empty()
    }

    /// Sources that may have connections, and which ones are theirs.
    pub fn rows(&self) -> impl Iterator<Item = (u32, Range<usize>)> + '_ {
        let rows = self.start.windows(2).map(|pair| pair[0] as usize..pair[1] as usize);
        (self.first..).zip(rows)
    }

    /// The connections of a source.
    pub fn row(&self, source: u32) -> Range<usize> {
        let at = source.checked_sub(self.first).map(|k| k as usize);
        match at.and_then(|k| Some((*self.start.get(k)?, *self.start.get(k + 1)?))) {
            Some((begin, end)) => begin as usize..end as usize,
            None => 0..0,
        }
    }

    /// Whether something differs from connection to connection besides the target.
    pub fn differs(&self) -> bool {
        let each = |values: &Values| matches!(values, Values::Each(_));
        each(&self.delay) || self.arguments.iter().any(each)
    }

    /// Bytes of each connection, apart from what there is for each source.
    pub fn bytes(&self) -> usize {
        size_of::<u32>() + self.delay.bytes() + self.arguments.iter().map(Values::bytes).sum::<usize>()
    }
}

/// A value somewhere drives an input of an instance. The input is its base, which [`Pool::inputs`] gives, plus the sum of weight times source over
/// its drives. Values are copied once a step, after the potentials have moved and before the states advance: potentials of the end of the step,
/// everything else as it was at its beginning.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Drive {
    /// What is read.
    pub source: Probe,
    /// Class of the instance.
    pub class: u16,
    /// Its pool in that class.
    pub pool: u16,
    /// Which of the code's [`MechanismCode::inputs`].
    pub input: u16,
    /// The instance in that pool.
    pub instance: u32,
    /// In units of the input over those of the source.
    pub weight: f64,
    /// How long ago the value is that is taken (ms). Of links alone: where it is 0, all that drives changes at the same moment.
    pub delay: f64,
}

/// Probes sampled together.
#[derive(Clone, Debug, PartialEq)]
pub struct Recorder {
    /// Interval (ms), accumulated from 0 as NEURON does; nothing: at 0 and at the end of each step.
    pub every: Option<f64>,
    /// What is sampled.
    pub probes: Vec<Probe>,
}

/// One sampled value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Probe {
    /// The class of the cell.
    pub class: u16,
    /// What of it.
    pub value: ProbeValue,
}

/// What a probe reads.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ProbeValue {
    /// Potential of a node in a lane.
    Voltage {
        /// Which node.
        node: u32,
        /// Which lane.
        lane: u32,
    },
    /// Potential of a layer of extracellular space around a node in a lane (mV); 0 where there is none.
    Outside {
        /// 0 or 1.
        layer: u8,
        /// Which node.
        node: u32,
        /// Which lane.
        lane: u32,
    },
    /// Current through the membrane at a node in a lane, its capacitance included (mA/cm2), of the last step; 0 without extracellular space.
    Membrane {
        /// Which node.
        node: u32,
        /// Which lane.
        lane: u32,
    },
    /// A row of a pool (see [`MechanismCode::value`]).
    Row {
        /// Which pool of the class.
        pool: u16,
        /// Which of its rows.
        row: u16,
        /// Which instance of the class's pool.
        instance: u32,
    },
    /// A column of a connection; the class is that of its receiver.
    Connection {
        /// Index into [`Plan::projections`].
        projection: u32,
        /// Which of its connections.
        connection: u32,
        /// Which argument; 0 is the weight.
        column: u8,
    },
    /// A shared row of the class at a node in a lane.
    Shared {
        /// Which of [`Class::shared`].
        row: u16,
        /// Which node.
        node: u32,
        /// Which lane.
        lane: u32,
    },
    /// The same at all times.
    Fixed(f64),
}
