//! The cells of a network: how many of which population, their numbers, where they lie. A cell's number is what NEURON calls its gid.

use super::constants::Constants;
use super::estimate::{CELL, bytes};
use super::layout::{self, same_number};
use super::range::{self, Told};
use super::streams::Streams;
use bouton_model::algebra::visit;
use bouton_model::ir::{CellAttribute, CellId, Expr, Population, Program, Span};
use bouton_syntax::diagnostic::{Code, Diagnostic, Diagnostics};

/// All cells, population by population.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cells {
    /// In order of declaration.
    pub populations: Vec<Members>,
    /// Position of each cell (cm); empty before they are laid out.
    pub positions: Vec<[f64; 3]>,
}

/// The cells of one population.
#[derive(Clone, Debug, PartialEq)]
pub struct Members {
    /// Its name.
    pub name: String,
    /// What its cells are.
    pub cell: CellId,
    /// Number of its first cell.
    pub first: u32,
    /// How many there are.
    pub count: u32,
    /// Whether it was declared without a count, so that its cell needs no index.
    pub single: bool,
}

/// Whether each list in the braces of a population has a value for each of its cells.
fn one_value_each(population: &Population, count: u32) -> Result<(), Told> {
    let of_mechanisms = population.settings.iter().map(|own| &own.setting.value);
    let of_sections = population.sections.iter().map(|(_, _, value)| value);
    let of_cells = population.params.iter().map(|(_, value)| value);
    let mut found = Ok(());
    for value in of_mechanisms.chain(of_sections).chain(of_cells) {
        visit(&value.value, &mut |part| {
            if let Expr::PerCell(values) = part
                && found.is_ok()
            {
                found = same_number((&population.name, count), values.len() as u64, "there are values for", value.span);
            }
        });
    }
    found
}

impl Cells {
    /// Counts cells; they are laid out by [`Cells::lay_out`].
    pub fn count(program: &Program, constants: &Constants, diagnostics: &mut Diagnostics) -> Cells {
        let mut cells = Cells::default();
        let mut first = 0u32;
        for population in &program.populations {
            let count = match &population.count {
                None => Ok(1),
                Some(a) => constants.number(a).and_then(|x| match x.is_finite() && x > f64::from(u32::MAX) {
                    true => Err(too_many(x, a.span)),
                    false => range::COUNT.whole(x, 0, u32::MAX, a.span),
                }),
            };
            let count = count.and_then(|count| one_value_each(population, count).map(|()| count));
            let count = count.and_then(|count| match first.checked_add(count) {
                Some(_) => Ok(count),
                None => Err(too_many(f64::from(first) + f64::from(count), population.span)),
            });
            let count = count.unwrap_or_else(|told| {
                diagnostics.push(*told);
                0
            });
            let (name, single) = (population.name.to_string(), population.count.is_none());
            cells.populations.push(Members { name, cell: population.cell, first, count, single });
            first += count;
        }
        cells
    }

    /// Gives every cell its position.
    ///
    /// # Errors
    /// A layout for another number of cells, a size out of range.
    pub fn lay_out(&mut self, program: &Program, constants: &Constants, streams: &dyn Streams) -> Result<(), Told> {
        let mut all = Vec::new();
        for (members, population) in self.populations.iter().zip(&program.populations) {
            all.extend(layout::positions(members, population, constants, streams)?);
        }
        self.positions = all;
        Ok(())
    }

    /// How many there are.
    pub fn len(&self) -> u32 {
        self.populations.last().map_or(0, |p| p.first + p.count)
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Population and index of a cell.
    pub fn place(&self, cell: u32) -> Option<(usize, u32)> {
        // Of populations that begin at the same number all but the last are empty.
        let population = self.populations.partition_point(|p| p.first <= cell).checked_sub(1)?;
        let members = self.populations.get(population)?;
        (cell - members.first < members.count).then_some((population, cell - members.first))
    }

    /// The population of a cell and the cell's index in it.
    pub fn member(&self, cell: u32) -> Option<(&Members, u32)> {
        let (population, index) = self.place(cell)?;
        Some((self.populations.get(population)?, index))
    }

    /// The name of a cell in messages: `M[3]`, or `p` for a population of one without an index.
    pub fn name(&self, cell: u32) -> String {
        match self.member(cell) {
            Some((members, _)) if members.single => members.name.clone(),
            Some((members, index)) => format!("{}[{index}]", members.name),
            None => cell.to_string(),
        }
    }

    /// An attribute of a cell.
    pub fn attribute(&self, cell: u32, attribute: CellAttribute) -> Option<f64> {
        let at = |axis: usize| Some(self.positions.get(cell as usize)?[axis]);
        match attribute {
            CellAttribute::X => at(0),
            CellAttribute::Y => at(1),
            CellAttribute::Z => at(2),
            CellAttribute::Index => self.place(cell).map(|(_, index)| f64::from(index)),
        }
    }

    /// Between two cells (cm).
    pub fn distance(&self, a: u32, b: u32) -> Option<f64> {
        let (a, b) = (self.positions.get(a as usize)?, self.positions.get(b as usize)?);
        let [x, y, z] = [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
        Some((x * x + y * y + z * z).sqrt())
    }
}

fn too_many(cells: f64, span: Span) -> Told {
    let needed = bytes(cells * CELL);
    let message = format!("the network needs at least {needed}: it has {cells:.1e} cells, more than can be numbered");
    Box::new(Diagnostic::new(Code::TooMuchMemory, span, message))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn members(name: &str, first: u32, count: u32) -> Members {
        Members { name: name.into(), cell: CellId(0), first, count, single: count == 1 }
    }

    #[test]
    fn numbers_and_names() {
        let populations = vec![members("E", 0, 3), members("none", 3, 0), members("I", 3, 2), members("p", 5, 1)];
        let cells = Cells { populations, positions: Vec::new() };
        assert_eq!(cells.len(), 6);
        assert_eq!(
            (cells.place(2), cells.place(3), cells.place(5), cells.place(6)),
            (Some((0, 2)), Some((2, 0)), Some((3, 0)), None)
        );
        assert_eq!([cells.name(1), cells.name(4), cells.name(5)], ["E[1]", "I[1]", "p"]);
    }
}
