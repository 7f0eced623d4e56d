//! How often values lie where: bars of equal width.

use super::axis::{self, Scale};
use super::svg::{Anchor, Svg};
use super::{Frame, LETTERS, WIDTH, palette};
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

/// Most bars.
const MOST: usize = 40;

impl Histogram {
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
        let (range, counts) = self.bars();
        let most = counts.iter().copied().max().unwrap_or(0).max(1);
        let across = Scale { data: range, picture: (frame.left, frame.right) };
        let up = Scale { data: (0.0, most as f64 * 1.05), picture: (frame.bottom, frame.top) };
        let width = (frame.right - frame.left) / counts.len().max(1) as f64;
        for (k, count) in counts.iter().enumerate().filter(|(_, count)| **count > 0) {
            let y = up.at(*count as f64);
            svg.rectangle((frame.left + k as f64 * width, y), (width * 0.92, frame.bottom - y), palette::colour(0));
        }
        let ticks = axis::ticks(range, 8);
        let unit = ticks.unit(&self.unit);
        let name = if unit.is_empty() { self.name.clone() } else { format!("{} ({unit})", self.name) };
        axis::below(&mut svg, &frame, &across, &ticks, &name);
        let ticks = axis::ticks(up.data, 8);
        axis::left(&mut svg, &frame, &up, &ticks, "number");
        svg.finish()
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
