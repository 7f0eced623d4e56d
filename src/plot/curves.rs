//! Curves and points over any quantity: spectra, phase planes, sweeps, positions. A panel for each unit, one above the other.

use super::axis::{self, Scale};
use super::svg::{Anchor, Svg, shorten, text_width};
use super::{Frame, LETTERS, WIDTH, labelled, palette};
use crate::record::Provenance;

/// What is drawn.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Curves {
    /// Above the picture.
    pub title: Option<String>,
    /// Name and unit of what is across.
    pub across: (String, String),
    /// What is up, where several curves are of one thing.
    pub up: String,
    /// The same of each panel, where they differ.
    pub ups: Vec<String>,
    /// Equal ratios are equal distances, across and up.
    pub log: (bool, bool),
    /// A length is as long up as across.
    pub equal: bool,
    /// In the order of their colours.
    pub curves: Vec<Curve>,
}

/// One curve.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Curve {
    /// In the legend, and on the axis if it is alone.
    pub name: String,
    /// Of the axis: `mV`; empty for plain numbers.
    pub unit: String,
    /// In the units of the axes; a point that is no number interrupts the curve.
    pub points: Vec<(f64, f64)>,
    /// How it is drawn.
    pub style: Style,
    /// Curves of one unit and panel share their axes.
    pub panel: usize,
}

/// How a curve is drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Style {
    /// A line.
    #[default]
    Line,
    /// A broken line.
    Dashed,
    /// A line with a mark at each point.
    Marked,
    /// Marks alone.
    Points,
}

/// Left edge of the frames.
const LEFT: f64 = 66.0;

impl Curves {
    /// The picture.
    #[must_use]
    pub fn draw(&self, origin: &Provenance) -> String {
        let of = |curve: &'_ Curve| (curve.panel, curve.unit.clone());
        let mut panels: Vec<(usize, String)> = Vec::new();
        for curve in &self.curves {
            if !panels.contains(&of(curve)) {
                panels.push(of(curve));
            }
        }
        let title = self.title.as_deref();
        let top = if title.is_some() { 38.0 } else { 16.0 };
        let shared = panels.iter().any(|panel| self.curves.iter().filter(|curve| of(curve) == *panel).count() > 1);
        let right = WIDTH - if shared { self.legend_width() } else { 20.0 };
        let across = range(self.curves.iter().flat_map(|curve| &curve.points).map(|point| point.0), self.log.0);
        let height = self.height(panels.len(), right - LEFT, across);
        let frame = |k: usize| {
            let top = top + k as f64 * (height + 22.0);
            Frame { left: LEFT, right, top, bottom: top + height }
        };
        let last = panels.len().saturating_sub(1);
        let mut svg = Svg::new(WIDTH, frame(last).bottom + 46.0, title.unwrap_or("Curves"), origin);
        if let Some(title) = title {
            svg.bold((LEFT, 22.0), Anchor::Start, LETTERS + 2.0, palette::INK, title);
        }
        for (k, panel) in panels.iter().enumerate() {
            let curves: Vec<(usize, &Curve)> = self.curves.iter().enumerate().filter(|(_, one)| of(one) == *panel).collect();
            self.panel(&mut svg, &curves, &frame(k), across, k == last);
        }
        svg.finish()
    }

    fn height(&self, panels: usize, width: f64, across: (f64, f64)) -> f64 {
        if self.equal && across.1 > across.0 {
            let up = range(self.curves.iter().flat_map(|curve| &curve.points).map(|point| point.1), false);
            return (width * (up.1 - up.0) / (across.1 - across.0)).clamp(120.0, 900.0);
        }
        match panels {
            0 | 1 => 250.0,
            2 => 170.0,
            _ => 130.0,
        }
    }

    fn legend_width(&self) -> f64 {
        self.curves.iter().map(|curve| text_width(&shorten(&curve.name, 24), LETTERS)).fold(0.0, f64::max) + 46.0
    }

    fn panel(&self, svg: &mut Svg, curves: &[(usize, &Curve)], frame: &Frame, across: (f64, f64), last: bool) {
        let values = curves.iter().flat_map(|(_, curve)| &curve.points).map(|point| point.1);
        let up = range(values, self.log.1);
        let horizontal = Scale { data: across, picture: (frame.left, frame.right) };
        let vertical = Scale { data: up, picture: (frame.bottom, frame.top) };
        let place = |(x, y): (f64, f64)| (horizontal.at(logarithm(x, self.log.0)), vertical.at(logarithm(y, self.log.1)));
        for (number, curve) in curves {
            let colour = palette::colour(*number);
            let points = || curve.points.iter().map(|point| place(*point));
            match curve.style {
                Style::Line | Style::Marked => svg.polyline(points(), colour, 1.2),
                Style::Dashed => svg.dashed(points(), colour, 1.2),
                Style::Points => {}
            }
            if matches!(curve.style, Style::Marked | Style::Points) {
                svg.dots(points().filter(|(x, y)| x.is_finite() && y.is_finite()), colour, 4.5);
            }
        }
        let ticks = if self.log.0 { axis::decades(across) } else { axis::ticks(across, 8) };
        if last {
            axis::below(svg, frame, &horizontal, &ticks, &labelled(&self.across.0, &ticks.unit(&self.across.1)));
        } else {
            axis::baseline(svg, frame, &horizontal, &ticks);
        }
        let ticks = if self.log.1 { axis::decades(up) } else { axis::ticks(up, ((frame.bottom - frame.top) / 28.0) as usize) };
        let unit = ticks.unit(curves.first().map_or("", |(_, curve)| &curve.unit));
        let name = match curves {
            [(_, first), ..] if self.ups.get(first.panel).is_some() => &self.ups[first.panel],
            [(_, alone)] => &alone.name,
            [(_, first), ..] if self.up.is_empty() && first.style == Style::Points => &first.name,
            _ => &self.up,
        };
        let name = labelled(&shorten(name, 24), &unit);
        axis::left(svg, frame, &vertical, &ticks, &name);
        if curves.len() > 1 {
            legend(svg, curves, frame);
        }
    }
}

/// A number, or the power of ten that it is.
fn logarithm(x: f64, log: bool) -> f64 {
    if log { if x > 0.0 { bouton_model::math::log10(x) } else { f64::NAN } } else { x }
}

/// The range of all finite numbers with some air; of their powers of ten on an axis of ratios.
fn range(values: impl Iterator<Item = f64>, log: bool) -> (f64, f64) {
    let values = values.map(|x| logarithm(x, log)).filter(|x| x.is_finite());
    let (low, high) = values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x| (low.min(x), high.max(x)));
    if low > high {
        return (0.0, 1.0);
    }
    let air = if high - low > 1e-12 * high.abs().max(low.abs()) { 0.04 * (high - low) } else { 0.05 * high.abs().max(1e-9) };
    (low - air, high + air)
}

fn legend(svg: &mut Svg, curves: &[(usize, &Curve)], frame: &Frame) {
    let x = frame.right + 12.0;
    for (row, (number, curve)) in curves.iter().take(((frame.bottom - frame.top) / 17.0) as usize).enumerate() {
        let y = frame.top + 10.0 + row as f64 * 17.0;
        svg.line((x, y - 4.0), (x + 16.0, y - 4.0), palette::colour(*number), 2.0);
        svg.text((x + 22.0, y), Anchor::Start, LETTERS, palette::INK, &shorten(&curve.name, 24));
    }
}

#[cfg(test)]
mod tests {
    use super::{Curve, Curves, Style};
    use crate::record::Provenance;

    fn curve(unit: &str, points: &[(f64, f64)]) -> Curve {
        Curve { name: "m".to_owned(), unit: unit.to_owned(), points: points.to_vec(), style: Style::Marked, panel: 0 }
    }

    #[test]
    fn axes_have_names_and_units() {
        let across = ("w".to_owned(), "nS".to_owned());
        let curves = vec![curve("Hz", &[(1.0, 3.0), (10.0, 4.0), (100.0, f64::NAN)])];
        let text = Curves { across, log: (true, false), curves, ..Curves::default() }.draw(&Provenance::default());
        assert!(text.contains(">w (nS)<") && text.contains(">m (Hz)<") && text.contains(">10<"), "{text}");
    }

    #[test]
    fn is_drawn_without_points_and_with_bad_ones() {
        for points in [&[][..], &[(f64::NAN, 1.0)], &[(0.0, -1.0), (0.0, -1.0)], &[(f64::INFINITY, 0.0)]] {
            for log in [(false, false), (true, true)] {
                let picture = Curves { log, equal: true, curves: vec![curve("", points)], ..Curves::default() };
                let text = picture.draw(&Provenance::default());
                assert!(text.ends_with("</svg>\n") && !text.contains("NaN") && !text.contains("inf"), "{text}");
            }
        }
    }
}
