//! Values of pairs as colours: who is connected with whom, and sweeps over two parameters.

use super::axis::{self, Scale};
use super::svg::{Anchor, Svg};
use super::{Frame, LETTERS, WIDTH, labelled, palette};
use crate::record::Provenance;

/// What is drawn.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Matrix {
    /// Above the picture.
    pub title: Option<String>,
    /// Name and unit of what is across, of what is up, and of the values.
    pub names: [(String, String); 3],
    /// The ranges that the columns and rows cover.
    pub ranges: [(f64, f64); 2],
    /// How many columns and rows there are.
    pub size: (usize, usize),
    /// Column, row (from below), value; several in a cell are averaged. What is no number stays empty.
    pub cells: Vec<(usize, usize, f64)>,
}

/// Most columns or rows that are told apart; more are drawn together.
const MOST: usize = 200;

impl Matrix {
    /// The picture.
    #[must_use]
    pub fn draw(&self, origin: &Provenance) -> String {
        let title = self.title.as_deref();
        let top = if title.is_some() { 38.0 } else { 16.0 };
        let frame = Frame { left: 66.0, right: 466.0, top, bottom: top + 400.0 };
        let mut svg = Svg::new(WIDTH, frame.bottom + 46.0, title.unwrap_or("Matrix"), origin);
        if let Some(title) = title {
            svg.bold((frame.left, 22.0), Anchor::Start, LETTERS + 2.0, palette::INK, title);
        }
        let (columns, rows) = (self.size.0.clamp(1, MOST), self.size.1.clamp(1, MOST));
        let cells = self.averaged(columns, rows);
        let values = || cells.iter().flatten().copied();
        let (low, high) = values().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x| (low.min(x), high.max(x)));
        let (low, high) = if low > high { (0.0, 1.0) } else { (low, high) };
        let (width, height) = ((frame.right - frame.left) / columns as f64, (frame.bottom - frame.top) / rows as f64);
        for (at, value) in cells.iter().enumerate() {
            let Some(value) = value else { continue };
            let (column, row) = (at % columns, at / columns);
            let corner = (frame.left + column as f64 * width, frame.bottom - (row + 1) as f64 * height);
            svg.rectangle(corner, (width + 0.15, height + 0.15), &palette::shade(part(*value, low, high)));
        }
        let across = Scale { data: self.ranges[0], picture: (frame.left, frame.right) };
        let up = Scale { data: self.ranges[1], picture: (frame.bottom, frame.top) };
        let [x, y, _] = &self.names;
        let ticks = axis::ticks(across.data, 6);
        axis::below(&mut svg, &frame, &across, &ticks, &labelled(&x.0, &ticks.unit(&x.1)));
        let ticks = axis::ticks(up.data, 8);
        axis::left(&mut svg, &frame, &up, &ticks, &labelled(&y.0, &ticks.unit(&y.1)));
        self.key(&mut svg, &frame, (low, high));
        svg.finish()
    }

    /// The mean of each cell, column by column in rows from below.
    fn averaged(&self, columns: usize, rows: usize) -> Vec<Option<f64>> {
        let mut sums = vec![(0.0, 0_u32); columns * rows];
        for (column, row, value) in self.cells.iter().filter(|(_, _, value)| value.is_finite()) {
            let column = (column * columns / self.size.0.max(1)).min(columns - 1);
            let row = (row * rows / self.size.1.max(1)).min(rows - 1);
            if let Some((sum, count)) = sums.get_mut(row * columns + column) {
                (*sum, *count) = (*sum + value, *count + 1);
            }
        }
        sums.into_iter().map(|(sum, count)| (count > 0).then(|| sum / f64::from(count))).collect()
    }

    /// Which colour is which value.
    fn key(&self, svg: &mut Svg, frame: &Frame, (low, high): (f64, f64)) {
        let bar =
            Frame { left: frame.right + 90.0, right: frame.right + 106.0, top: frame.top + 40.0, bottom: frame.bottom - 40.0 };
        const STEPS: usize = 64;
        let height = (bar.bottom - bar.top) / STEPS as f64;
        for k in 0..STEPS {
            let y = bar.bottom - (k + 1) as f64 * height;
            svg.rectangle((bar.left, y), (bar.right - bar.left, height + 0.15), &palette::shade(k as f64 / (STEPS - 1) as f64));
        }
        let (_, _, (name, unit)) = (&self.names[0], &self.names[1], &self.names[2]);
        if high > low {
            let scale = Scale { data: (low, high), picture: (bar.bottom, bar.top) };
            let ticks = axis::ticks((low, high), 6);
            axis::left(svg, &bar, &scale, &ticks, &labelled(name, &ticks.unit(unit)));
        } else {
            let text = format!("{}: {}", labelled(name, unit), super::axis::short(low));
            svg.text((bar.left, bar.top - 12.0), Anchor::Middle, LETTERS, palette::INK, &text);
        }
    }
}

/// Where a value lies between two others, from 0 to 1.
fn part(value: f64, low: f64, high: f64) -> f64 {
    if high > low { (value - low) / (high - low) } else { 0.5 }
}

#[cfg(test)]
mod tests {
    use super::Matrix;
    use crate::record::Provenance;

    #[test]
    fn cells_are_averaged_where_there_are_too_many() {
        let cells = vec![(0, 0, 1.0), (1, 0, 3.0), (999, 999, 5.0), (5, 5, f64::NAN)];
        let matrix = Matrix { size: (1000, 1000), ranges: [(0.0, 1000.0); 2], cells, ..Matrix::default() };
        let averaged = matrix.averaged(200, 200);
        assert_eq!((averaged[0], averaged[199 * 200 + 199], averaged[201]), (Some(2.0), Some(5.0), None));
        assert!(!matrix.draw(&Provenance::default()).contains("NaN"));
    }

    #[test]
    fn is_drawn_without_cells() {
        for cells in [Vec::new(), vec![(0, 0, 2.0)]] {
            let text = Matrix { size: (0, 0), cells, ..Matrix::default() }.draw(&Provenance::default());
            assert!(text.ends_with("</svg>\n") && !text.contains("NaN") && !text.contains("inf"), "{text}");
        }
    }
}
