//! How often values lie where: bars of equal width.

use super::axis::{self, Scale};
use super::svg::{Anchor, Svg};
use super::{Frame, LETTERS, WIDTH, labelled, palette};
use crate::record::Provenance;

/// What is drawn.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Histogram {
    /// Above the picture.
    pub title: Option<String>,
    /// What the values are: `w`.
    pub name: String,
    /// Their unit; empty for plain numbers.
    pub unit: String,
    /// In that unit.
    pub values: Vec<f64>,
}

/// Bars of equal width side by side.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Bars {
    /// Above the picture.
    pub title: Option<String>,
    /// Name and unit of what is across, and of what is up.
    pub names: [(String, String); 2],
    /// What all bars together cover.
    pub range: (f64, f64),
    /// In the unit of what is up.
    pub heights: Vec<f64>,
}

/// Most bars.
const MOST: usize = 40;

impl Bars {
    /// The picture.
    #[must_use]
    pub fn draw(&self, origin: &Provenance) -> String {
        let title = self.title.as_deref();
        let top = if title.is_some() { 38.0 } else { 16.0 };
        let frame = Frame { left: 66.0, right: WIDTH - 20.0, top, bottom: top + 250.0 };
        let mut svg = Svg::new(WIDTH, frame.bottom + 46.0, title.unwrap_or("Histogram"), origin);
        if let Some(title) = title {
            svg.bold((frame.left, 22.0), Anchor::Start, LETTERS + 2.0, palette::INK, title);
        }
        let finite = self.heights.iter().copied().filter(|x| x.is_finite());
        let most = finite.fold(0.0, f64::max);
        let most = if most > 0.0 { most } else { 1.0 };
        let across = Scale { data: self.range, picture: (frame.left, frame.right) };
        let up = Scale { data: (0.0, most * 1.05), picture: (frame.bottom, frame.top) };
        let width = (frame.right - frame.left) / self.heights.len().max(1) as f64;
        // Where there are many, a gap would hide them.
        let filled = if width > 5.0 { 0.92 } else { 1.0 };
        for (k, height) in self.heights.iter().enumerate().filter(|(_, height)| **height > 0.0) {
            let y = up.at(*height);
            svg.rectangle((frame.left + k as f64 * width, y), (width * filled, frame.bottom - y), palette::colour(0));
        }
        let [x, y] = &self.names;
        let ticks = axis::ticks(self.range, 8);
        axis::below(&mut svg, &frame, &across, &ticks, &labelled(&x.0, &ticks.unit(&x.1)));
        let ticks = axis::ticks(up.data, 8);
        axis::left(&mut svg, &frame, &up, &ticks, &labelled(&y.0, &ticks.unit(&y.1)));
        svg.finish()
    }
}

impl Histogram {
    /// The picture.
    #[must_use]
    pub fn draw(&self, origin: &Provenance) -> String {
        let (range, counts) = self.bars();
        let heights = counts.into_iter().map(|count| count as f64).collect();
        let names = [(self.name.clone(), self.unit.clone()), ("number".to_owned(), String::new())];
        Bars { title: self.title.clone(), names, range, heights }.draw(origin)
    }

    /// The range of the finite values, and how many lie in each of its equal parts.
    fn bars(&self) -> ((f64, f64), Vec<usize>) {
        let finite = || self.values.iter().copied().filter(|x| x.is_finite());
        let (low, high) = finite().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x| (low.min(x), high.max(x)));
        if low > high {
            return ((0.0, 1.0), vec![0]);
        }
        // Where all are equal, room around them.
        let room = if high > low { 0.0 } else { low.abs().max(1.0) * 0.05 };
        let (low, high) = (low - room, high + room);
        let bars = ((finite().count() as f64).sqrt().ceil() as usize).clamp(1, MOST);
        let mut counts = vec![0; bars];
        for x in finite() {
            let at = ((x - low) / (high - low) * bars as f64) as usize;
            counts[at.min(bars - 1)] += 1;
        }
        ((low, high), counts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bars(values: &[f64]) -> ((f64, f64), Vec<usize>) {
        Histogram { values: values.to_vec(), ..Histogram::default() }.bars()
    }

    #[test]
    fn every_value_is_counted_once() {
        assert_eq!(bars(&[0.0, 1.0, 2.0, 4.0]), ((0.0, 4.0), vec![2, 2]));
        assert_eq!(bars(&[3.0, 3.0]).1.iter().sum::<usize>(), 2);
        assert_eq!(bars(&[f64::NAN]), ((0.0, 1.0), vec![0]));
    }
}
