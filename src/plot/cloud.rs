//! Points of many quantities, darker where the first result is smaller: lines across parallel axes, and each quantity over each other.

use super::axis::{self, Scale};
use super::svg::{Anchor, Svg, shorten};
use super::{Frame, LETTERS, WIDTH, labelled, palette};
use crate::record::Provenance;

/// What is drawn.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cloud {
    /// Above the picture.
    pub title: Option<String>,
    /// Name and unit of each quantity.
    pub names: Vec<(String, String)>,
    /// The values of each; a point is a row.
    pub columns: Vec<Vec<f64>>,
    /// So many of them were chosen; the next one says how dark a point is.
    pub knobs: usize,
}

/// Edges of the frames.
const LEFT: f64 = 66.0;
const RIGHT: f64 = WIDTH - 24.0;

impl Cloud {
    /// A line for each point, across an axis for each quantity.
    #[must_use]
    pub fn parallel(&self, origin: &Provenance) -> String {
        let (mut svg, top) = self.begin("Parallel coordinates", origin, 340.0);
        let frame = Frame { left: LEFT, right: RIGHT, top: top + 14.0, bottom: top + 290.0 };
        let gap = (frame.right - frame.left) / self.columns.len().saturating_sub(1).max(1) as f64;
        let scales: Vec<Scale> =
            self.columns.iter().map(|column| Scale { data: ends(column), picture: (frame.bottom, frame.top) }).collect();
        let place = |k: usize| frame.left + k as f64 * gap;
        for (row, colour) in self.shades() {
            let each = self.columns.iter().zip(&scales).enumerate();
            let points = each.map(|(k, (column, scale))| (place(k), scale.at(column.get(row).copied().unwrap_or(f64::NAN))));
            svg.polyline(points, &colour, 0.9);
        }
        for (k, (name, scale)) in self.names.iter().zip(&scales).enumerate() {
            let at = Frame { left: place(k), ..frame };
            svg.line((at.left, at.top), (at.left, at.bottom), palette::INK, 0.8);
            let ticks = axis::ticks(scale.data, 6);
            for value in &ticks.values {
                axis::left_tick(&mut svg, &at, scale.at(*value), &ticks.label(*value));
            }
            let most = (gap / (0.6 * LETTERS)) as usize;
            let text = shorten(&labelled(&name.0, &ticks.unit(&name.1)), most.max(4));
            let anchor = if k + 1 == self.names.len() && k > 0 { Anchor::End } else { Anchor::Middle };
            svg.text((at.left, at.bottom + 20.0), anchor, LETTERS, palette::INK, &text);
        }
        svg.finish()
    }

    /// Each of the quantities that were chosen over each other, and how often each value was chosen.
    #[must_use]
    pub fn pairs(&self, origin: &Provenance) -> String {
        let count = self.knobs.min(self.columns.len());
        let side = ((RIGHT - LEFT) / count.max(1) as f64).min(300.0);
        let (mut svg, top) = self.begin("Pairs", origin, side * count as f64 + 52.0);
        let shades = self.shades();
        let scales: Vec<(f64, f64)> = self.columns.iter().map(|column| with_air(ends(column))).collect();
        let steps = ((side / 60.0) as usize).clamp(2, 6);
        for (up, across) in (0..count).flat_map(|up| (0..=up).map(move |across| (up, across))) {
            let corner = (LEFT + across as f64 * side, top + up as f64 * side);
            let frame =
                Frame { left: corner.0 + 6.0, right: corner.0 + side - 6.0, top: corner.1 + 6.0, bottom: corner.1 + side - 6.0 };
            let (Some(data_x), Some(data_y)) = (scales.get(across).copied(), scales.get(up).copied()) else { continue };
            let horizontal = Scale { data: data_x, picture: (frame.left, frame.right) };
            let vertical = Scale { data: data_y, picture: (frame.bottom, frame.top) };
            let column = |k: usize| self.columns.get(k).map_or(&[][..], Vec::as_slice);
            if up == across {
                bars(&mut svg, &frame, column(up), data_x);
            } else {
                for (row, colour) in &shades {
                    let at = |k: usize| column(k).get(*row).copied().unwrap_or(f64::NAN);
                    let point = (horizontal.at(at(across)), vertical.at(at(up)));
                    if point.0.is_finite() && point.1.is_finite() {
                        svg.dots([point], colour, 4.0);
                    }
                }
            }
            let name = |k: usize| self.names.get(k).cloned().unwrap_or_default();
            let ticks = axis::ticks(data_x, steps);
            if up + 1 == count {
                let (name, unit) = name(across);
                axis::below(&mut svg, &frame, &horizontal, &ticks, &labelled(&shorten(&name, 24), &ticks.unit(&unit)));
            } else {
                axis::baseline(&mut svg, &frame, &horizontal, &ticks);
            }
            if across == 0 && up > 0 {
                let ticks = axis::ticks(data_y, steps);
                let (name, unit) = name(up);
                axis::left(&mut svg, &frame, &vertical, &ticks, &labelled(&shorten(&name, 24), &ticks.unit(&unit)));
            } else {
                svg.line((frame.left, frame.top), (frame.left, frame.bottom), palette::INK, 0.8);
            }
        }
        svg.finish()
    }

    /// An empty picture with its title and what colours mean, and where data may begin.
    fn begin(&self, what: &str, origin: &Provenance, height: f64) -> (Svg, f64) {
        let title = self.title.as_deref();
        let top = if title.is_some() { 38.0 } else { 20.0 };
        let mut svg = Svg::new(WIDTH, top + height, title.unwrap_or(what), origin);
        if let Some(title) = title {
            svg.bold((LEFT, 22.0), Anchor::Start, LETTERS + 2.0, palette::INK, title);
        }
        if let Some((name, _)) = self.names.get(self.knobs) {
            svg.text((RIGHT, top - 6.0), Anchor::End, LETTERS, palette::GREY, &format!("darker: smaller {name}"));
        }
        (svg, top)
    }

    /// The points that can be drawn, best last, and their colours: by rank, so that one bad point does not make all others equal.
    fn shades(&self) -> Vec<(usize, String)> {
        let values = self.columns.get(self.knobs).map_or(&[][..], Vec::as_slice);
        let mut rows: Vec<(usize, f64)> = values.iter().copied().enumerate().filter(|(_, x)| x.is_finite()).collect();
        rows.sort_by(|a, b| b.1.total_cmp(&a.1));
        let last = rows.len().saturating_sub(1).max(1) as f64;
        rows.into_iter().enumerate().map(|(rank, (row, _))| (row, palette::shade(0.15 + 0.85 * rank as f64 / last))).collect()
    }
}

/// How often values lie where.
fn bars(svg: &mut Svg, frame: &Frame, values: &[f64], (low, high): (f64, f64)) {
    const BINS: usize = 16;
    let mut counts = [0_u32; BINS];
    for x in values.iter().filter(|x| x.is_finite()) {
        let at = ((x - low) / (high - low) * BINS as f64) as usize;
        counts[at.min(BINS - 1)] += 1;
    }
    let most = f64::from(counts.iter().copied().max().unwrap_or(0).max(1));
    let width = (frame.right - frame.left) / BINS as f64;
    for (k, count) in counts.iter().enumerate().filter(|(_, count)| **count > 0) {
        let height = (frame.bottom - frame.top) * f64::from(*count) / most;
        svg.rectangle((frame.left + k as f64 * width, frame.bottom - height), (width - 1.0, height), palette::colour(5));
    }
}

/// The range of all finite values.
fn ends(values: &[f64]) -> (f64, f64) {
    let finite = values.iter().filter(|x| x.is_finite());
    let (low, high) = finite.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x| (low.min(*x), high.max(*x)));
    match low.partial_cmp(&high) {
        Some(std::cmp::Ordering::Less) => (low, high),
        Some(std::cmp::Ordering::Equal) => (low - 0.5 * low.abs().max(1e-9), low + 0.5 * low.abs().max(1e-9)),
        _ => (0.0, 1.0),
    }
}

fn with_air((low, high): (f64, f64)) -> (f64, f64) {
    (low - 0.03 * (high - low), high + 0.03 * (high - low))
}

#[cfg(test)]
mod tests {
    use super::Cloud;
    use crate::record::Provenance;

    fn cloud(columns: Vec<Vec<f64>>, knobs: usize) -> Cloud {
        let names = (0..columns.len()).map(|k| (format!("q{k}"), "mV".to_owned())).collect();
        Cloud { names, columns, knobs, ..Cloud::default() }
    }

    #[test]
    fn axes_have_names_and_the_best_is_darkest() {
        let text = cloud(vec![vec![0.0, 1.0, 2.0], vec![3.0, 1.0, f64::NAN], vec![5.0, 1.0, 3.0]], 2);
        let (parallel, pairs) = (text.parallel(&Provenance::default()), text.pairs(&Provenance::default()));
        assert!(parallel.contains(">q0 (mV)<") && parallel.contains(">q2 (mV)<") && parallel.contains("darker: smaller q2"));
        assert!(pairs.contains(">q1 (mV)<") && !pairs.contains(">q2 (mV)<"), "{pairs}");
        assert!(parallel.rfind("#1c205c") > parallel.rfind("#a7d88e"));
    }

    #[test]
    fn are_drawn_without_points_and_with_bad_ones() {
        for column in [vec![], vec![f64::NAN], vec![1.0, 1.0], vec![f64::INFINITY, 0.0]] {
            for knobs in 0..3 {
                let cloud = cloud(vec![column.clone(); knobs + 1], knobs);
                for text in [cloud.parallel(&Provenance::default()), cloud.pairs(&Provenance::default())] {
                    assert!(text.ends_with("</svg>\n") && !text.contains("NaN") && !text.contains("inf"), "{text}");
                }
            }
        }
    }
}
