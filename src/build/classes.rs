//! Which cells are stepped together: those of one declaration are a class, a lane each.

use super::cells::Cells;
use bouton_model::ir::{Cell, CellId, Program};
use std::collections::HashMap;

/// The classes of a network; generators come behind them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Classes {
    /// In order of the first population of each.
    pub list: Vec<Lanes>,
    of_cell: HashMap<CellId, usize>,
}

/// The cells of a class, population by population.
#[derive(Clone, Debug, PartialEq)]
pub struct Lanes {
    /// What they are.
    pub cell: CellId,
    /// Their populations, and the lane of each one's first cell.
    pub populations: Vec<(usize, u32)>,
    /// How many there are.
    pub count: u32,
}

impl Classes {
    /// Of all populations that have cells.
    pub fn of(cells: &Cells) -> Classes {
        let mut classes = Classes::default();
        for (population, members) in cells.populations.iter().enumerate().filter(|(_, m)| m.count > 0) {
            let next = classes.list.len();
            let class = *classes.of_cell.entry(members.cell).or_insert(next);
            if class == next {
                classes.list.push(Lanes { cell: members.cell, populations: Vec::new(), count: 0 });
            }
            if let Some(lanes) = classes.list.get_mut(class) {
                lanes.populations.push((population, lanes.count));
                lanes.count += members.count;
            }
        }
        classes
    }

    /// The class of a kind of cell.
    pub fn class(&self, cell: CellId) -> Option<usize> {
        self.of_cell.get(&cell).copied()
    }

    /// Class and lane of a cell.
    pub fn lane(&self, cells: &Cells, cell: u32) -> Option<(usize, u32)> {
        let (population, index) = cells.place(cell)?;
        let class = self.class(cells.populations.get(population)?.cell)?;
        let (_, first) = self.list.get(class)?.populations.iter().find(|(p, _)| *p == population)?;
        Some((class, first + index))
    }
}

impl Lanes {
    /// The cells' numbers, lane by lane.
    pub fn cells<'a>(&'a self, cells: &'a Cells) -> impl Iterator<Item = u32> + 'a {
        self.populations.iter().filter_map(|(p, _)| cells.populations.get(*p)).flat_map(|m| m.first..m.first + m.count)
    }

    /// The declaration.
    pub fn declaration<'p>(&self, program: &'p Program) -> Option<&'p Cell> {
        program.cells.get(self.cell.index())
    }
}
