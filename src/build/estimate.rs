//! How large a network will be, before anything large is made: cells and nodes from counts, links from the rules.

use super::bodies::Bodies;
use super::cells::Cells;
use super::classes::Classes;
use super::range::Told;
use super::scope::{Around, constant};
use super::streams::own::Keys;
use super::streams::{Sampler, World};
use bouton_model::ir::{Attribute, CellBody, Connection, Mechanism, Port, Program, Rule, Source, Span, VariableKind};
use bouton_syntax::diagnostic::{Code, Diagnostic};

/// Bytes of a cell: name, position, what lists keep of it.
pub const CELL: f64 = 160.0;
/// Bytes of a node of a kind of cell: name, tree, coefficients.
const NODE: f64 = 120.0;
/// Bytes of a node in a lane: potential, right-hand side, diagonal, and what the engine lays beside them.
const LANE: f64 = 40.0;
/// Bytes of a connection: as it was drawn, in the plan, and in the engine.
const CONNECTION: f64 = 12.0;
/// Bytes of a weight or delay that is each connection's own: as it was drawn, in the plan, and which one it is.
const OWN_VALUE: f64 = 20.0;
/// How many pairs are asked for their probability where it is not the same for all.
const SAMPLE: usize = 1000;

/// Sizes of a network.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Estimate {
    /// Cells.
    pub cells: f64,
    /// Nodes, over all lanes.
    pub nodes: f64,
    /// Instances of mechanisms.
    pub instances: f64,
    /// Connections.
    pub links: f64,
    /// All of it, in bytes.
    pub bytes: f64,
}

impl Estimate {
    /// Cells before anything is known of their bodies.
    pub fn bare(&mut self, cells: &Cells) {
        self.cells = f64::from(cells.len());
        self.bytes += self.cells * CELL;
    }

    /// Whether bodies of so many nodes fit beside what is counted.
    ///
    /// # Errors
    /// They take more bytes than there are.
    pub fn room(&self, nodes: f64, memory: Option<u64>, span: Span) -> Result<(), Told> {
        Estimate { nodes, bytes: self.bytes + nodes * LANE, ..*self }.fits(memory, span)
    }

    /// Nodes, and what is inserted in cells.
    pub fn bodies(&mut self, program: &Program, classes: &Classes, bodies: &Bodies, cells: &Cells) {
        for lanes in &classes.list {
            let count = f64::from(lanes.count);
            let form = lanes.cells().next().and_then(|cell| bodies.form(cells, cell));
            match (lanes.declaration(program).map(|c| &c.body), form) {
                (Some(CellBody::Tree(tree)), Some(form)) => {
                    let nodes = form.nodes() as f64;
                    self.nodes += nodes * count;
                    self.bytes += nodes * (NODE + count * LANE);
                    for (section, cable) in tree.sections.iter().zip(&form.cables) {
                        for mechanism in section.inserts.iter().filter_map(|i| program.mechanisms.get(i.mechanism.index())) {
                            self.instances(mechanism, f64::from(cable.segments) * count);
                        }
                    }
                    for synapse in tree.synapses.iter().filter_map(|s| program.mechanisms.get(s.mechanism.index())) {
                        self.instances(synapse, count);
                    }
                }
                (Some(CellBody::Free(own)), _) => {
                    if let Some(own) = program.mechanisms.get(own.index()) {
                        self.instances(own, count);
                    }
                }
                _ => {}
            }
        }
    }

    fn instances(&mut self, mechanism: &Mechanism, count: f64) {
        self.instances += count;
        // What an instance has of its own: a row of each state, of each parameter as far as instances may differ, and its place.
        let own = |kind: &VariableKind| {
            matches!(kind, VariableKind::State { .. } | VariableKind::Param { .. } | VariableKind::Input { .. })
        };
        self.bytes += count * (mechanism.variables.iter().filter(|v| own(&v.kind)).count() as f64 + 1.0) * 8.0;
        if mechanism.hears() {
            self.links += count;
            self.bytes += count * CONNECTION;
        }
    }

    /// The links of one statement, and the synapses that they need for themselves.
    ///
    /// # Errors
    /// The rule has no value.
    pub fn connection(
        &mut self,
        world: World,
        one: &Connection,
        sizes: (&[u32], &[u32]),
        own: Option<&Mechanism>,
    ) -> Result<(), Told> {
        let (pre, post) = (sizes.0.len() as f64, sizes.1.len() as f64);
        let number = |a: &Attribute, bound: f64| match constant(&a.value) {
            true => world.number(a),
            false => Ok(bound),
        };
        let links = match (&one.source, &one.rule) {
            (Source::Generator { .. }, _) => post,
            (_, Rule::All) => pre * post,
            (_, Rule::Probability(p)) => pre * post * mean_probability(world, p, sizes)?,
            (_, Rule::Convergence(n)) => post * number(n, pre)?.min(pre),
            (_, Rule::Divergence(n)) => pre * number(n, post)?.min(post),
            (_, Rule::OneToOne) => pre.min(post),
            (_, Rule::Pairs(list)) => list.len() as f64,
            (_, Rule::Listed(list, _)) => list.pre.len() as f64,
        };
        // A rule without a value is told where it is drawn, and so is a number of synapses.
        let each = one.synapses.as_ref().map_or(Ok(1.0), |n| world.number(n))?.max(1.0);
        let links = if links > 0.0 { links * each } else { 0.0 };
        self.links += links;
        let own_values = [&one.weight, &one.delay].into_iter().flatten().filter(|a| !constant(&a.value)).count();
        self.bytes += links * (CONNECTION + OWN_VALUE * own_values as f64);
        if let Some(mechanism) = own {
            let both_ends = one.ports.iter().any(|(_, port)| matches!(port, Port::Junction { .. }));
            self.instances(mechanism, if both_ends { 2.0 * links } else { links });
        }
        Ok(())
    }

    /// Refuses what does not fit.
    ///
    /// # Errors
    /// It takes more bytes than there are.
    pub fn fits(&self, memory: Option<u64>, span: Span) -> Result<(), Told> {
        let Some(memory) = memory.filter(|m| self.bytes > *m as f64) else { return Ok(()) };
        let message = format!("the network needs about {}, and there is memory for {}", bytes(self.bytes), bytes(memory as f64));
        let parts = format!(
            "it has {} cells, {} nodes, {} instances of mechanisms and {} connections",
            amount(self.cells),
            amount(self.nodes),
            amount(self.instances),
            amount(self.links)
        );
        Err(Box::new(Diagnostic::new(Code::TooMuchMemory, span, message).help(parts)))
    }
}

/// Over pairs spread evenly; draws come from a stream that nothing else uses.
fn mean_probability(world: World, p: &Attribute, (pre, post): (&[u32], &[u32])) -> Result<f64, Told> {
    if constant(&p.value) {
        return Ok(world.number(p)?.clamp(0.0, 1.0));
    }
    let pairs = pre.len() as u64 * post.len() as u64;
    let sample = pairs.min(SAMPLE as u64);
    let mut sampler = Sampler::own(Keys::new(0).of(&["estimate"]).stream(0));
    let mut sum = 0.0;
    for k in 0..sample {
        // Half a stride in, so that the first and last cells weigh no more than others.
        let at = (u128::from(2 * k + 1) * u128::from(pairs) / u128::from(2 * sample)) as u64;
        let (i, j) = ((at % pre.len() as u64) as usize, (at / pre.len() as u64) as usize);
        let around =
            &mut Around { world, pre: pre.get(i).copied(), post: post.get(j).copied(), row: None, draws: Some(&mut sampler) };
        sum += around.number(p)?.clamp(0.0, 1.0);
    }
    Ok(if sample == 0 { 0.0 } else { sum / sample as f64 })
}

/// As people say it: `3.2 GB`.
pub fn bytes(x: f64) -> String {
    let units = ["B", "kB", "MB", "GB", "TB", "PB"];
    let mut x = x;
    let mut unit = 0;
    while x >= 1000.0 && unit + 1 < units.len() {
        x /= 1000.0;
        unit += 1;
    }
    if unit == 0 || x >= 100.0 { format!("{x:.0} {}", units[unit]) } else { format!("{x:.1} {}", units[unit]) }
}

fn amount(x: f64) -> String {
    if x < 1e6 { format!("{x:.0}") } else { format!("{x:.1e}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_readable() {
        assert_eq!([bytes(12.0), bytes(2_500.0), bytes(3.21e9), bytes(4.5e14)], ["12 B", "2.5 kB", "3.2 GB", "450 TB"]);
    }

    #[test]
    fn too_large_is_refused() {
        let e = Estimate { links: 1e9, bytes: 9.6e10, ..Estimate::default() };
        assert!(e.fits(None, Span::default()).is_ok());
        let told = e.fits(Some(24_000_000_000), Span::default()).unwrap_err();
        assert_eq!(told.message, "the network needs about 96.0 GB, and there is memory for 24.0 GB");
    }
}
