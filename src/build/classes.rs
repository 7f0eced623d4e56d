//! Which cells are stepped together: those of one declaration whose sections have the same numbers of segments are a class, a lane each.

use super::bodies::Bodies;
use super::cells::Cells;
use bouton_model::ir::{Cell, CellId, Program};
use std::collections::HashMap;

/// The classes of a network; generators come behind them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Classes {
    /// In order of the first cell of each.
    pub list: Vec<Lanes>,
    of_cell: HashMap<CellId, Vec<usize>>,
    /// By population.
    placed: Vec<Placed>,
}

/// Where the cells of a population are.
#[derive(Clone, Debug, PartialEq)]
enum Placed {
    /// In one class, from this lane on.
    Together(usize, u32),
    /// Class and lane of each.
    Each(Vec<(usize, u32)>),
}

/// The cells of a class, population by population.
#[derive(Clone, Debug, PartialEq)]
pub struct Lanes {
    /// What they are.
    pub cell: CellId,
    /// In order of their lanes.
    pub pieces: Vec<Piece>,
    /// How many there are.
    pub count: u32,
}

/// Cells of one population in a class.
#[derive(Clone, Debug, PartialEq)]
pub struct Piece {
    /// Which population.
    pub population: usize,
    /// Their numbers.
    pub cells: Vec<u32>,
}

impl Classes {
    /// Of all populations that have cells.
    pub fn of(cells: &Cells, bodies: &Bodies) -> Classes {
        let mut classes = Classes::default();
        let mut known: HashMap<(CellId, Vec<u32>), usize> = HashMap::new();
        for (population, members) in cells.populations.iter().enumerate() {
            let placed: Vec<(usize, u32)> = match bodies.segments(population).as_slice() {
                [] | [_] if members.count == 0 => Vec::new(),
                kinds @ ([] | [_]) => {
                    let segments = kinds.first().cloned().unwrap_or_default();
                    let class = classes.class_of(&mut known, members.cell, segments);
                    let first = classes.list[class].count;
                    classes.push(class, population, members.first..members.first + members.count);
                    classes.placed.push(Placed::Together(class, first));
                    continue;
                }
                kinds => {
                    let place = |(segments, cell): (&Vec<u32>, u32)| {
                        let class = classes.class_of(&mut known, members.cell, segments.clone());
                        let lane = classes.list[class].count;
                        classes.push(class, population, cell..cell + 1);
                        (class, lane)
                    };
                    kinds.iter().zip(members.first..).map(place).collect()
                }
            };
            classes.placed.push(Placed::Each(placed));
        }
        classes
    }

    fn class_of(&mut self, known: &mut HashMap<(CellId, Vec<u32>), usize>, cell: CellId, segments: Vec<u32>) -> usize {
        let next = self.list.len();
        let class = *known.entry((cell, segments)).or_insert(next);
        if class == next {
            self.list.push(Lanes { cell, pieces: Vec::new(), count: 0 });
            self.of_cell.entry(cell).or_default().push(class);
        }
        class
    }

    fn push(&mut self, class: usize, population: usize, cells: std::ops::Range<u32>) {
        let lanes = &mut self.list[class];
        lanes.count += cells.end - cells.start;
        match lanes.pieces.last_mut().filter(|piece| piece.population == population) {
            Some(piece) => piece.cells.extend(cells),
            None => lanes.pieces.push(Piece { population, cells: cells.collect() }),
        }
    }

    /// The classes of a kind of cell.
    pub fn classes(&self, cell: CellId) -> &[usize] {
        self.of_cell.get(&cell).map_or(&[], Vec::as_slice)
    }

    /// Class and lane of a cell.
    pub fn lane(&self, cells: &Cells, cell: u32) -> Option<(usize, u32)> {
        let (population, index) = cells.place(cell)?;
        match self.placed.get(population)? {
            Placed::Together(class, first) => Some((*class, first + index)),
            Placed::Each(all) => all.get(index as usize).copied(),
        }
    }
}

impl Lanes {
    /// The cells' numbers, lane by lane.
    pub fn cells(&self) -> impl Iterator<Item = u32> + '_ {
        self.pieces.iter().flat_map(|piece| &piece.cells).copied()
    }

    /// The declaration.
    pub fn declaration<'p>(&self, program: &'p Program) -> Option<&'p Cell> {
        program.cells.get(self.cell.index())
    }
}
