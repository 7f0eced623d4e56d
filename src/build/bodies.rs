//! The bodies of cells in numbers: lengths, segments, areas and resistances of all sections, once for a population or, where its cells differ, for each.

use super::cells::Cells;
use super::column::Column;
use super::form::{Form, Given};
use super::part::{self, Parts};
use super::range::Told;
use super::streams::{Streams, World};
use bouton_model::ir::{CellBody, Program, Tree};
use bouton_syntax::diagnostic::Code;
use std::sync::Arc;

/// The bodies of all populations.
#[derive(Clone, Debug, Default)]
pub struct Bodies {
    /// By population; nothing for cells without sections.
    populations: Vec<Option<Body>>,
}

/// The bodies of a population's cells.
#[derive(Clone, Debug)]
pub struct Body {
    /// The cell's parameters, by the cells' index.
    pub params: Vec<Column>,
    /// One for all, or one for each cell.
    pub forms: Vec<Arc<Form>>,
}

/// Tells whether so many nodes, in all cells made so far and these, fit.
pub type Room<'a> = dyn FnMut(f64) -> Result<(), Told> + 'a;

impl Bodies {
    /// Of all populations that have cells. `room` is asked before anything large is made.
    ///
    /// # Errors
    /// Values out of range.
    pub fn of(program: &Program, world: World, streams: &dyn Streams, room: &mut Room) -> Result<Bodies, Vec<Told>> {
        let mut all = Bodies::default();
        let mut errors: Vec<Told> = Vec::new();
        for (at, members) in world.cells.populations.iter().enumerate() {
            let tree = program.cells.get(members.cell.index()).map(|cell| &cell.body);
            let body = match tree {
                Some(CellBody::Tree(tree)) if members.count > 0 => {
                    let parts = Parts { world, streams, members, params: &[] };
                    match body(program, parts, at, tree, room) {
                        Ok(body) => Some(body),
                        Err(told) => {
                            if told.iter().any(|one| one.code == Code::TooMuchMemory) {
                                return Err(told);
                            }
                            // Populations of one cell have the same to tell.
                            let news =
                                |one: &Told| !errors.iter().any(|known| known.span == one.span && known.message == one.message);
                            let told: Vec<Told> = told.into_iter().filter(news).collect();
                            errors.extend(told);
                            None
                        }
                    }
                }
                _ => None,
            };
            all.populations.push(body);
        }
        if errors.is_empty() { Ok(all) } else { Err(errors) }
    }

    /// Of a population.
    pub fn body(&self, population: usize) -> Option<&Body> {
        self.populations.get(population)?.as_ref()
    }

    /// Numbers of segments: none for cells without sections, those of all cells, or those of each.
    pub fn segments(&self, population: usize) -> Vec<Vec<u32>> {
        let Some(body) = self.body(population) else { return Vec::new() };
        body.forms.iter().map(|form| form.cables.iter().map(|cable| cable.segments).collect()).collect()
    }

    /// The form of a cell.
    pub fn form(&self, cells: &Cells, cell: u32) -> Option<&Arc<Form>> {
        let (population, index) = cells.place(cell)?;
        let forms = &self.body(population)?.forms;
        forms.get(index as usize).or(forms.first())
    }
}

fn body(program: &Program, parts: Parts, population: usize, tree: &Tree, room: &mut Room) -> Result<Body, Vec<Told>> {
    let declared = program.populations.get(population);
    let set = declared.map_or(&[][..], |p| &p.params);
    let params = part::params(parts, tree, set).map_err(|told| vec![told])?;
    let parts = Parts { params: &params, ..parts };
    let given = Given::of(tree, declared.map_or(&[][..], |p| &p.sections));
    let count = parts.members.count;
    if !given.differs(parts) {
        let form = Form::of(&given, parts, 0, &mut |nodes| room(nodes * f64::from(count)))?;
        return Ok(Body { forms: vec![Arc::new(form)], params });
    }
    let forms = (0..count).map(|index| Form::of(&given, parts, index, room).map(Arc::new));
    let forms = forms.collect::<Result<Vec<_>, _>>()?;
    Ok(Body { forms, params })
}
