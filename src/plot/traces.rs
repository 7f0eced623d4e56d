//! Recorded variables over time: a panel for each unit, one above the other.

use super::axis::{self, Scale};
use super::svg::{Anchor, Svg, shorten, text_width};
use super::{Frame, LETTERS, WIDTH, palette, reduce, time_unit};
use crate::record::Provenance;

/// What is drawn.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Traces<'a> {
    /// Above the picture.
    pub title: Option<String>,
    /// Start and end of the time axis (ms).
    pub window: (f64, f64),
    /// In the order of their colours.
    pub lines: Vec<Line<'a>>,
}

/// One variable of one cell.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Line<'a> {
    /// In the legend.
    pub name: String,
    /// What is on the axis: `v`.
    pub quantity: String,
    /// What kind of quantity it is, for an axis of several: `voltage`; may be empty.
    pub kind: String,
    /// Of the axis: `mV`.
    pub unit: String,
    /// Value of one such unit in the values.
    pub factor: f64,
    /// ms
    pub times: &'a [f64],
    /// As many as times.
    pub values: &'a [f64],
}

/// Lines that have one unit in common.
struct Panel<'p, 'a> {
    unit: &'p str,
    lines: Vec<(usize, &'p Line<'a>)>,
}

/// Legends longer than this end with the number of those left out.
const LEGEND: usize = 14;

impl Traces<'_> {
    /// The picture.
    #[must_use]
    pub fn draw(&self, origin: &Provenance) -> String {
        let panels = self.panels();
        let frames = self.frames(panels.len());
        let height = frames.last().map_or(100.0, |frame| frame.bottom + 46.0);
        let title = self.title.as_deref();
        let mut svg = Svg::new(WIDTH, height, title.unwrap_or("Traces"), origin);
        if let Some(title) = title {
            svg.bold((LEFT, 22.0), Anchor::Start, LETTERS + 2.0, palette::INK, title);
        }
        for (number, (panel, frame)) in panels.iter().zip(&frames).enumerate() {
            self.panel(&mut svg, panel, frame, number + 1 == panels.len());
        }
        svg.finish()
    }

    fn panels(&self) -> Vec<Panel<'_, '_>> {
        let mut panels: Vec<Panel<'_, '_>> = Vec::new();
        for (number, line) in self.lines.iter().enumerate() {
            match panels.iter_mut().find(|panel| panel.unit == line.unit) {
                Some(panel) => panel.lines.push((number, line)),
                None => panels.push(Panel { unit: &line.unit, lines: vec![(number, line)] }),
            }
        }
        panels
    }

    fn frames(&self, count: usize) -> Vec<Frame> {
        let height = match count {
            0 | 1 => 250.0,
            2 => 170.0,
            _ => 130.0,
        };
        let top = if self.title.is_some() { 38.0 } else { 16.0 };
        let right = WIDTH - self.legend_width();
        let frame = |k: usize| top + k as f64 * (height + 22.0);
        (0..count).map(|k| Frame { left: LEFT, right, top: frame(k), bottom: frame(k) + height }).collect()
    }

    /// Room on the right; a line alone has its name on the axis.
    fn legend_width(&self) -> f64 {
        if self.panels().iter().all(|panel| panel.lines.len() < 2) {
            return 20.0;
        }
        let widths = self.lines.iter().map(|line| text_width(&shorten(&line.name, 24), LETTERS));
        widths.fold(0.0, f64::max) + 46.0
    }

    fn panel(&self, svg: &mut Svg, panel: &Panel<'_, '_>, frame: &Frame, last: bool) {
        let (unit, length) = time_unit(self.window);
        let across = Scale { data: (self.window.0 / length, self.window.1 / length), picture: (frame.left, frame.right) };
        let up = Scale { data: range(panel, self.window), picture: (frame.bottom, frame.top) };
        for (number, line) in &panel.lines {
            let points = self.inside(line).map(|(t, y)| (across.at(t / length), up.at(y / line.factor)));
            svg.polyline(reduce::reduce(points), palette::colour(*number), if panel.lines.len() > 3 { 0.9 } else { 1.2 });
        }
        let ticks = axis::ticks(across.data, 8);
        if last {
            axis::below(svg, frame, &across, &ticks, &format!("time ({unit})"));
        } else {
            axis::baseline(svg, frame, &across, &ticks);
        }
        let ticks = axis::ticks(up.data, ((frame.bottom - frame.top) / 28.0) as usize);
        axis::left(svg, frame, &up, &ticks, &axis_name(panel, &ticks.unit(panel.unit)));
        legend(svg, panel, frame);
    }

    /// Samples in the window.
    fn inside<'l>(&self, line: &'l Line<'_>) -> impl Iterator<Item = (f64, f64)> + 'l {
        let (start, end) = self.window;
        let samples = line.times.iter().copied().zip(line.values.iter().copied());
        samples.filter(move |(t, _)| (start..=end).contains(t))
    }
}

/// Left edge of the frames.
const LEFT: f64 = 66.0;

/// The range of all finite values in the window, with some air; where all are equal, room around them.
fn range(panel: &Panel<'_, '_>, (start, end): (f64, f64)) -> (f64, f64) {
    let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
    for (_, line) in &panel.lines {
        let samples = line.times.iter().zip(line.values).filter(|(t, y)| **t >= start && **t <= end && y.is_finite());
        for (_, y) in samples {
            low = low.min(y / line.factor);
            high = high.max(y / line.factor);
        }
    }
    if low > high {
        return (0.0, 1.0);
    }
    let air = if high - low > 1e-12 * high.abs().max(low.abs()) { 0.04 * (high - low) } else { 0.05 * high.abs().max(1e-9) };
    (low - air, high + air)
}

/// `v (mV)`; the kind of quantity where lines show several, or the unit alone.
fn axis_name(panel: &Panel<'_, '_>, unit: &str) -> String {
    let Some((_, first)) = panel.lines.first() else { return unit.to_owned() };
    let alike = panel.lines.iter().all(|(_, line)| line.quantity == first.quantity);
    let name = shorten(if alike { &first.quantity } else { &first.kind }, 24);
    match (name.as_str(), unit) {
        ("", unit) => unit.to_owned(),
        (name, "") => name.to_owned(),
        (name, unit) => format!("{name} ({unit})"),
    }
}

/// A short line and a name for each of several lines.
fn legend(svg: &mut Svg, panel: &Panel<'_, '_>, frame: &Frame) {
    if panel.lines.len() < 2 {
        return;
    }
    let fits = (((frame.bottom - frame.top) / 17.0) as usize).clamp(2, LEGEND);
    let shown = if panel.lines.len() > fits { fits - 1 } else { panel.lines.len() };
    let x = frame.right + 12.0;
    for (row, (number, line)) in panel.lines.iter().take(shown).enumerate() {
        let y = frame.top + 10.0 + row as f64 * 17.0;
        svg.line((x, y - 4.0), (x + 16.0, y - 4.0), palette::colour(*number), 2.0);
        svg.text((x + 22.0, y), Anchor::Start, LETTERS, palette::INK, &shorten(&line.name, 24));
    }
    if shown < panel.lines.len() {
        let more = format!("and {} more", panel.lines.len() - shown);
        svg.text((x, frame.top + 10.0 + shown as f64 * 17.0), Anchor::Start, LETTERS, palette::GREY, &more);
    }
}

#[cfg(test)]
mod tests {
    use super::{Line, Traces};
    use crate::record::Provenance;

    fn line<'a>(name: &str, unit: &str, times: &'a [f64], values: &'a [f64]) -> Line<'a> {
        Line {
            name: name.to_owned(),
            quantity: "v".to_owned(),
            kind: "voltage".to_owned(),
            unit: unit.to_owned(),
            factor: 1.0,
            times,
            values,
        }
    }

    #[test]
    fn a_panel_for_each_unit_and_a_legend_where_lines_share_one() {
        let times = [0.0, 1.0, 2.0];
        let lines = vec![
            line("a", "mV", &times, &[-65.0, -60.0, 20.0]),
            line("b", "mV", &times, &[-65.0, -64.0, -63.0]),
            line("g", "uS", &times, &[0.0, 0.01, 0.02]),
        ];
        let text = Traces { title: None, window: (0.0, 2.0), lines }.draw(&Provenance::default());
        assert!(text.contains(">v (mV)<") && text.contains(">v (uS)<"));
        assert!(text.contains(">a</text>") && text.contains(">b</text>") && !text.contains(">g</text>"));
    }

    #[test]
    fn is_drawn_without_samples_and_with_bad_ones() {
        let empty = Traces { window: (0.0, 0.0), lines: vec![line("a", "", &[], &[])], ..Traces::default() };
        let bad =
            Traces { window: (0.0, 1.0), lines: vec![line("a", "mV", &[0.0, 1.0], &[f64::NAN, f64::INFINITY])], ..empty.clone() };
        let flat = Traces { window: (0.0, 1.0), lines: vec![line("a", "mV", &[0.0, 1.0], &[0.0, 0.0])], ..empty.clone() };
        for picture in [Traces::default(), empty, bad, flat] {
            let text = picture.draw(&Provenance::default());
            assert!(text.ends_with("</svg>\n") && !text.contains("NaN") && !text.contains("inf"), "{text}");
        }
    }
}
