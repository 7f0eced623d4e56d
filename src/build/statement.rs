//! `connect` and `stimulate`: whom they reach, what they are called in keys, and how large they will be.

use super::cells::Cells;
use super::range::Told;
use super::sets;
use super::streams::{Identity, World};
use bouton_model::ir::{Connection, Electrode, Port, Program, Set, Source, Span};
use bouton_syntax::diagnostic::{Code, Diagnostic};
use std::collections::BTreeSet;

/// A statement with its sets resolved.
#[derive(Clone, Debug)]
pub struct Statement<'a> {
    /// What it says.
    pub what: What<'a>,
    /// Sending cells; none for stimuli.
    pub pre: Vec<u32>,
    /// Receiving cells.
    pub post: Vec<u32>,
    /// Of its draws.
    pub identity: Identity,
}

/// What a statement says.
#[derive(Clone, Copy, Debug)]
pub enum What<'a> {
    /// Events.
    Connection(&'a Connection),
    /// A point mechanism on each cell.
    Electrode(&'a Electrode),
}

/// Resolves all statements: connections in order, then electrodes.
///
/// # Errors
/// An index out of range, a set that reaches nothing.
pub fn statements<'a>(program: &'a Program, world: World) -> Result<Vec<Statement<'a>>, Vec<Told>> {
    let mut ordinals = Ordinals::default();
    let (mut list, mut errors) = (Vec::new(), Vec::new());
    let connections = program.connections.iter().map(What::Connection);
    for what in connections.chain(program.electrodes.iter().map(What::Electrode)) {
        match resolved(program, world, what, &mut ordinals) {
            Ok(statement) => list.push(statement),
            Err(told) => errors.push(told),
        }
    }
    if errors.is_empty() { Ok(list) } else { Err(errors) }
}

fn resolved<'a>(program: &Program, world: World, what: What<'a>, ordinals: &mut Ordinals) -> Result<Statement<'a>, Told> {
    let (sources, targets, allow_empty) = match what {
        What::Connection(c) => match &c.source {
            Source::Cells(set) => (Some(set), &c.targets, c.allow_empty),
            Source::Generator { .. } => (None, &c.targets, c.allow_empty),
        },
        What::Electrode(e) => (None, &e.targets, false),
    };
    let pre = match sources {
        Some(set) => reached(world, set, allow_empty, "no cell sends")?,
        None => Vec::new(),
    };
    let post = reached(world, targets, allow_empty, "no cell receives")?;
    let name = name(program, what);
    let ordinal = ordinals.next(&name, populations(world.cells, &pre), populations(world.cells, &post), sources.is_some());
    Ok(Statement { what, pre, post, identity: Identity { name, ordinal } })
}

fn reached(world: World, set: &Set, allow_empty: bool, nobody: &str) -> Result<Vec<u32>, Told> {
    let cells = sets::cells(world, set)?;
    if cells.is_empty() && !allow_empty {
        let diagnostic = Diagnostic::new(Code::ReachesNothing, set.span, format!("{nobody} with these parameters"));
        return Err(Box::new(diagnostic.label("empty").help("`allow_empty = true` lets a statement reach nothing")));
    }
    Ok(cells)
}

fn populations(cells: &Cells, list: &[u32]) -> BTreeSet<usize> {
    list.iter().filter_map(|cell| cells.place(*cell)).map(|(population, _)| population).collect()
}

/// The label, or what sends and on what it acts: names that stay when populations are added.
fn name(program: &Program, what: What) -> String {
    let mechanism = |id: bouton_model::ir::MechanismId| program.mechanisms.get(id.index()).map_or("", |m| &m.name);
    match what {
        What::Connection(Connection { label: Some(label), .. }) | What::Electrode(Electrode { label: Some(label), .. }) => {
            label.to_string()
        }
        What::Electrode(e) => mechanism(e.mechanism).to_owned(),
        What::Connection(c) => {
            let source = match &c.source {
                Source::Cells(_) => "",
                Source::Generator { cell, .. } => program.cells.get(cell.index()).map_or("", |c| &c.name),
            };
            let port = c.ports.first().map_or("", |(_, port)| match port {
                Port::Synapse { synapse, .. } | Port::Junction { synapse, .. } => {
                    program.synapses.get(synapse.index()).map_or("", |s| &s.name)
                }
                Port::CellSynapse { .. } => "synapse",
                Port::Own { .. } => "own",
                Port::Input { .. } => "input",
            });
            format!("{source} via {port}")
        }
    }
}

/// Counts statements of one name. Two that share a pair of populations never get the same number, and statements of other populations do not count.
#[derive(Default)]
struct Ordinals(Vec<(String, BTreeSet<usize>, BTreeSet<usize>, u32)>);

impl Ordinals {
    fn next(&mut self, name: &str, pre: BTreeSet<usize>, post: BTreeSet<usize>, sends: bool) -> u32 {
        let overlaps = |(known, a, b, _): &&(String, BTreeSet<usize>, BTreeSet<usize>, u32)| {
            known == name && (!sends || !a.is_disjoint(&pre)) && !b.is_disjoint(&post)
        };
        let ordinal = self.0.iter().filter(overlaps).map(|(.., ordinal)| ordinal + 1).max().unwrap_or(0);
        self.0.push((name.to_owned(), pre, post, ordinal));
        ordinal
    }
}

impl Statement<'_> {
    /// Where it stands.
    pub fn span(&self) -> Span {
        match self.what {
            What::Connection(c) => c.span,
            What::Electrode(e) => e.span,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinals() {
        let mut ordinals = Ordinals::default();
        let mut next = |pre: &[usize], post: &[usize]| {
            ordinals.next("exc", pre.iter().copied().collect(), post.iter().copied().collect(), true)
        };
        assert_eq!(next(&[0], &[1]), 0);
        assert_eq!(next(&[5], &[6]), 0, "other populations");
        assert_eq!(next(&[0, 2], &[1]), 1);
        assert_eq!(next(&[2], &[1]), 2, "overlaps the third alone, and is not mistaken for it");
        assert_eq!(next(&[1], &[0]), 0);
    }
}
