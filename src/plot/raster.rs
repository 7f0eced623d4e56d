//! Spikes over time: a row for each cell, a colour for each population.

use super::axis::{self, Scale, Ticks};
use super::svg::{Anchor, Svg, shorten, text_width};
use super::{Frame, LETTERS, WIDTH, palette, time_unit};
use crate::record::Provenance;

/// What is drawn.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Raster {
    /// Above the picture.
    pub title: Option<String>,
    /// Start and end of the time axis (ms).
    pub window: (f64, f64),
    /// From below upward.
    pub bands: Vec<Band>,
    /// From above downward instead, the cells of each band too.
    pub reversed: bool,
}

/// Cells of one population.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Band {
    /// Name of the population.
    pub name: String,
    /// Index of each shown cell in the population, rising; a row each, from below.
    pub cells: Vec<u32>,
    /// Spikes per cell and second in the window, if the window is not empty.
    pub rate: Option<f64>,
    /// Time (ms) and row of each spike.
    pub spikes: Vec<(f64, u32)>,
}

/// Room between two bands, in rows, but at most this part of all rows.
const GAP: f64 = 0.02;

impl Raster {
    /// The picture.
    #[must_use]
    pub fn draw(&self, origin: &Provenance) -> String {
        let frame = self.frame();
        let height = frame.bottom + 46.0;
        let title = self.title.as_deref();
        let mut svg = Svg::new(WIDTH, height, title.unwrap_or("Spikes"), origin);
        if let Some(title) = title {
            svg.bold((frame.left, 22.0), Anchor::Start, LETTERS + 2.0, palette::INK, title);
        }
        let (unit, length) = time_unit(self.window);
        let scale = Scale { data: (self.window.0 / length, self.window.1 / length), picture: (frame.left, frame.right) };
        let rows = self.rows(&frame);
        self.left(&mut svg, &frame, &rows);
        for (number, (band, row)) in self.bands.iter().zip(&rows).enumerate() {
            let dots = band.spikes.iter().map(|(time, cell)| (scale.at(time / length), row.middle(*cell)));
            svg.dots(dots, palette::colour(number), diameter(row.height));
        }
        axis::below(&mut svg, &frame, &scale, &axis::ticks(scale.data, 8), &format!("time ({unit})"));
        self.legend(&mut svg, &frame, &rows);
        svg.finish()
    }

    fn count(&self) -> usize {
        self.bands.iter().map(|band| band.cells.len()).sum()
    }

    fn frame(&self) -> Frame {
        let legend = |band: &Band| text_width(&name(band), LETTERS + 1.0) * 1.08;
        let right = self.bands.iter().map(legend).fold(text_width("1000.0 Hz", LETTERS), f64::max);
        let top = if self.title.is_some() { 38.0 } else { 16.0 };
        let height = (self.count() as f64 * 22.0).clamp(70.0, 320.0).max(self.bands.len() as f64 * 30.0);
        Frame { left: 66.0, right: WIDTH - right - 22.0, top, bottom: top + height }
    }

    /// Where the rows of each band lie.
    fn rows(&self, frame: &Frame) -> Vec<Rows> {
        let gaps = self.bands.len().saturating_sub(1) as f64;
        let gap = GAP * (frame.bottom - frame.top);
        let height = (frame.bottom - frame.top - 8.0 - gaps * gap) / self.count().max(1) as f64;
        let mut bottom = frame.bottom - 4.0;
        let mut rows = Vec::new();
        let counts: Vec<usize> = self.bands.iter().map(|band| band.cells.len()).collect();
        for count in self.upward(counts) {
            rows.push(Rows { bottom, height, count, reversed: self.reversed });
            bottom -= height * count as f64 + gap;
        }
        self.upward(rows)
    }

    /// What the bands have, in the order in which they lie above one another; or from that order back.
    fn upward<Of>(&self, mut all: Vec<Of>) -> Vec<Of> {
        if self.reversed {
            all.reverse();
        }
        all
    }

    /// The axis of the cells: indices in each population.
    fn left(&self, svg: &mut Svg, frame: &Frame, rows: &[Rows]) {
        svg.line((frame.left, frame.top), (frame.left, frame.bottom), palette::INK, 0.8);
        let mut widest = 0.0_f64;
        let mut free = f64::INFINITY;
        for (band, row) in self.upward(self.bands.iter().zip(rows).collect()) {
            for (cell, index) in self.upward(labelled(&band.cells, row)) {
                let (y, label) = (row.middle(cell), index.to_string());
                if y > free {
                    continue;
                }
                free = y - LETTERS;
                axis::left_tick(svg, frame, y, &label);
                widest = widest.max(text_width(&label, LETTERS));
            }
        }
        axis::left_name(svg, frame, widest, "cell");
        for pair in self.upward(rows.to_vec()).windows(2) {
            if let [below, above] = pair {
                let y = (below.top() + above.bottom) / 2.0;
                svg.line((frame.left, y), (frame.right, y), palette::FAINT, 0.6);
            }
        }
    }

    /// Names and rates beside the bands, moved apart where bands are narrow.
    fn legend(&self, svg: &mut Svg, frame: &Frame, rows: &[Rows]) {
        let wanted: Vec<f64> = rows.iter().map(|row| (row.bottom + row.top()) / 2.0).collect();
        let x = frame.right + 12.0;
        let heights = self.upward(apart(&self.upward(wanted), frame, 28.0));
        for (number, (band, y)) in self.bands.iter().zip(heights).enumerate() {
            svg.bold((x, y - 2.0), Anchor::Start, LETTERS + 1.0, palette::colour(number), &name(band));
            let rate = band.rate.map_or_else(|| "no time".to_owned(), |hz| format!("{hz:.1} Hz"));
            svg.text((x, y + 11.0), Anchor::Start, LETTERS, palette::GREY, &rate);
        }
    }
}

fn name(band: &Band) -> String {
    shorten(&band.name, 22)
}

/// Rows of one band; `bottom` is the lower edge of its first row.
#[derive(Clone, Copy, Debug)]
struct Rows {
    bottom: f64,
    height: f64,
    count: usize,
    reversed: bool,
}

impl Rows {
    fn middle(&self, row: u32) -> f64 {
        let above = f64::from(row) + 0.5;
        self.bottom - self.height * if self.reversed { self.count as f64 - above } else { above }
    }

    fn top(&self) -> f64 {
        self.bottom - self.count as f64 * self.height
    }
}

/// Dots that nearly touch where rows are wide, and stay visible where they are narrow.
fn diameter(row: f64) -> f64 {
    (0.55 * row).clamp(1.2, 3.6)
}

/// Rows that get a label: round indices, with room for the letters between them.
fn labelled(cells: &[u32], rows: &Rows) -> Vec<(u32, u32)> {
    let (Some(first), Some(last)) = (cells.first(), cells.last()) else { return Vec::new() };
    if first == last {
        return vec![(0, *first)];
    }
    let room = ((rows.bottom - rows.top()) / 24.0).floor().clamp(1.0, 6.0) as usize;
    let Ticks { values, .. } = axis::ticks((f64::from(*first), f64::from(*last)), room);
    let whole = values.into_iter().filter(|v| v.fract() == 0.0).map(|v| v as u32);
    whole.filter_map(|index| cells.binary_search(&index).ok().map(|row| (row as u32, index))).collect()
}

/// Heights near the wanted ones (from below upward), at least `room` apart, the uppermost inside the frame.
fn apart(wanted: &[f64], frame: &Frame, room: f64) -> Vec<f64> {
    let mut heights: Vec<f64> = Vec::new();
    let mut limit = f64::INFINITY;
    for y in wanted {
        heights.push(y.min(limit));
        limit = y.min(limit) - room;
    }
    let mut floor = frame.top + room / 2.0;
    for y in heights.iter_mut().rev() {
        *y = y.max(floor);
        floor = *y + room;
    }
    heights
}

#[cfg(test)]
mod tests {
    use super::{Band, Frame, Raster, Rows, apart, labelled};
    use crate::record::Provenance;

    fn raster(cells: u32) -> Raster {
        let band = |name: &str| Band {
            name: name.to_owned(),
            cells: (0..cells).collect(),
            rate: Some(10.0),
            spikes: (0..cells).map(|k| (f64::from(k), k)).collect(),
        };
        Raster { title: Some("a < b".to_owned()), window: (0.0, 100.0), bands: vec![band("S"), band("M")], reversed: false }
    }

    #[test]
    fn a_reversed_raster_has_its_first_cell_above() {
        let upward = raster(3);
        let (frame, downward) = (upward.frame(), Raster { reversed: true, ..upward.clone() });
        let middles = |raster: &Raster| {
            let rows = raster.rows(&frame);
            rows.iter().flat_map(|row| (0..3).map(|cell| row.middle(cell))).collect::<Vec<f64>>()
        };
        let (up, down) = (middles(&upward), middles(&downward));
        assert!(up.windows(2).all(|two| two[0] > two[1]) && down.windows(2).all(|two| two[0] < two[1]), "{up:?} {down:?}");
        assert!((up[0] - down[5]).abs() < 1e-9 && (up[5] - down[0]).abs() < 1e-9);
    }

    #[test]
    fn has_names_rates_and_a_dot_for_each_spike() {
        let text = raster(20).draw(&Provenance::default());
        assert_eq!(text.matches("h0").count(), 40);
        assert!(text.contains(">S</text>") && text.contains(">10.0 Hz</text>") && text.contains("a &lt; b"));
        assert_eq!(text, raster(20).draw(&Provenance::default()));
    }

    #[test]
    fn is_drawn_without_cells_and_without_time() {
        for picture in [Raster::default(), raster(0), Raster { window: (5.0, 5.0), ..raster(3) }] {
            let text = picture.draw(&Provenance::default());
            assert!(text.ends_with("</svg>\n") && !text.contains("NaN") && !text.contains("inf"), "{text}");
        }
    }

    #[test]
    fn labels_are_indices_of_the_population() {
        let rows = Rows { bottom: 200.0, height: 2.0, count: 100, reversed: false };
        let cells: Vec<u32> = (50..150).collect();
        let labels = labelled(&cells, &rows);
        assert_eq!(labels.first(), Some(&(10, 60)));
        assert!(labels.iter().all(|(row, index)| index - 50 == *row));
        assert_eq!(labelled(&[7], &rows), [(0, 7)]);
    }

    #[test]
    fn names_of_narrow_bands_do_not_overlap() {
        let frame = Frame { left: 0.0, right: 1.0, top: 0.0, bottom: 100.0 };
        let heights = apart(&[95.0, 94.0, 3.0], &frame, 20.0);
        assert!(heights.windows(2).all(|w| w[0] - w[1] >= 20.0), "{heights:?}");
    }
}
