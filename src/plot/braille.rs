//! Pictures as letters, for a terminal: traces and rasters in the dots of braille, two across and four down in each letter.

use super::{Raster, Traces, labelled, time_unit};

/// Rows of letters of a panel of traces.
const ROWS: usize = 10;

/// Rows of letters of a raster at most.
const MOST_ROWS: usize = 20;

/// A field of dots.
struct Dots {
    columns: usize,
    rows: usize,
    letters: Vec<u8>,
}

impl Dots {
    fn new(columns: usize, rows: usize) -> Dots {
        Dots { columns, rows, letters: vec![0; columns * rows] }
    }

    /// Sets the dot at a part of the width from the left and a part of the height from below, both from 0 to 1.
    fn set(&mut self, across: f64, up: f64) {
        /// The bit of each dot of a letter, by row and column: Unicode 15, 2800 to 28FF.
        const BITS: [[u8; 2]; 4] = [[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]];
        if !(0.0..=1.0).contains(&across) || !(0.0..=1.0).contains(&up) {
            return;
        }
        let (width, height) = (2 * self.columns, 4 * self.rows);
        let x = ((across * width as f64) as usize).min(width - 1);
        let y = (((1.0 - up) * height as f64) as usize).min(height - 1);
        let bit = BITS.get(y % 4).and_then(|row| row.get(x % 2)).copied().unwrap_or(0);
        if let Some(letter) = self.letters.get_mut(y / 4 * self.columns + x / 2) {
            *letter |= bit;
        }
    }

    /// A straight line between two places.
    fn line(&mut self, from: (f64, f64), to: (f64, f64)) {
        let (wide, high) = ((to.0 - from.0).abs() * 2.0 * self.columns as f64, (to.1 - from.1).abs() * 4.0 * self.rows as f64);
        let steps = wide.max(high).ceil().clamp(1.0, 4096.0);
        for step in 0..=steps as usize {
            let part = step as f64 / steps;
            self.set(from.0 + part * (to.0 - from.0), from.1 + part * (to.1 - from.1));
        }
    }

    /// The rows, from above.
    fn rows(&self) -> impl Iterator<Item = String> {
        let letter = |dots: &u8| char::from_u32(0x2800 + u32::from(*dots)).unwrap_or(' ');
        self.letters.chunks(self.columns.max(1)).map(move |row| row.iter().map(letter).collect())
    }
}

/// Rows with what stands before each, and the axis below.
fn framed(before: &[String], dots: &Dots, window: (f64, f64)) -> Vec<String> {
    let width = before.iter().map(|text| text.chars().count()).max().unwrap_or(0);
    let mut lines: Vec<String> =
        dots.rows().zip(before).map(|(row, text)| format!("{text:>width$} {}", row.trim_end_matches('\u{2800}'))).collect();
    let (unit, length) = time_unit(window);
    let (start, end) = (Shortest(window.0 / length).to_string(), format!("{} {unit}", Shortest(window.1 / length)));
    let room = dots.columns.saturating_sub(end.chars().count());
    lines.push(format!("{:width$} {start:<room$}{end}", ""));
    lines
}

/// A number in at most six digits.
struct Shortest(f64);

impl std::fmt::Display for Shortest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let rounded: f64 = format!("{:.4e}", self.0).parse().unwrap_or(self.0);
        write!(f, "{rounded}")
    }
}

impl Traces<'_> {
    /// The traces in so many columns of letters: a panel for each unit.
    #[must_use]
    pub fn sketch(&self, columns: usize) -> Vec<String> {
        let mut units: Vec<&str> = Vec::new();
        for line in &self.lines {
            if !units.contains(&line.unit.as_str()) {
                units.push(&line.unit);
            }
        }
        let (start, end) = self.window;
        let mut all = Vec::new();
        for unit in units {
            let lines: Vec<_> = self.lines.iter().filter(|line| line.unit == unit).collect();
            let values =
                || lines.iter().flat_map(|line| line.values.iter().map(|value| value / line.factor)).filter(|x| x.is_finite());
            let (low, high) = (values().fold(f64::INFINITY, f64::min), values().fold(f64::NEG_INFINITY, f64::max));
            if low > high {
                continue;
            }
            let (low, high) = if low < high { (low, high) } else { (low - 0.5, high + 0.5) };
            let mut dots = Dots::new(columns.saturating_sub(12).max(8), ROWS);
            for line in &lines {
                let place = |(time, value): (&f64, &f64)| {
                    ((time - start) / (end - start).max(f64::MIN_POSITIVE), (value / line.factor - low) / (high - low))
                };
                let points: Vec<(f64, f64)> = line.times.iter().zip(line.values).map(place).collect();
                points.windows(2).for_each(|two| {
                    if let [from, to] = two {
                        dots.line(*from, *to);
                    }
                });
            }
            let names: Vec<&str> = lines.iter().take(4).map(|line| line.name.as_str()).collect();
            all.push(labelled(&names.join(", "), unit));
            let mut before = vec![String::new(); ROWS];
            if let [first, .., last] = before.as_mut_slice() {
                (*first, *last) = (Shortest(high).to_string(), Shortest(low).to_string());
            }
            all.extend(framed(&before, &dots, self.window));
        }
        all
    }
}

impl Raster {
    /// The raster in so many columns of letters.
    #[must_use]
    pub fn sketch(&self, columns: usize) -> Vec<String> {
        let count: usize = self.bands.iter().map(|band| band.cells.len()).sum();
        if count == 0 {
            return Vec::new();
        }
        let rows = count.div_ceil(4).clamp(self.bands.len(), MOST_ROWS.max(self.bands.len()));
        let mut dots = Dots::new(columns.saturating_sub(14).max(8), rows);
        let mut before = vec![String::new(); rows];
        let (start, end) = self.window;
        let mut below = 0;
        for band in &self.bands {
            for (time, row) in &band.spikes {
                let up = (below as f64 + f64::from(*row) + 0.5) / count as f64;
                dots.set((time - start) / (end - start).max(f64::MIN_POSITIVE), up);
            }
            let middle = (below as f64 + band.cells.len() as f64 / 2.0) / count as f64;
            let at = (((1.0 - middle) * rows as f64) as usize).min(rows - 1);
            if let Some(name) = before.get_mut(at) {
                *name = band.name.chars().take(12).collect();
            }
            below += band.cells.len();
        }
        framed(&before, &dots, self.window)
    }
}

#[cfg(test)]
mod tests {
    use crate::plot::{Band, Line, Raster, Traces};

    #[test]
    fn a_rising_line_rises() {
        let (times, values) = ([0.0, 50.0, 100.0], [-70.0, -60.0, -50.0]);
        let line = Line { name: "v".into(), unit: "mV".into(), factor: 1.0, times: &times, values: &values, ..Line::default() };
        let sketch = Traces { title: None, window: (0.0, 100.0), lines: vec![line] }.sketch(32);
        assert_eq!(sketch.len(), 12, "a name, ten rows, an axis\n{}", sketch.join("\n"));
        assert_eq!(sketch[0], "v (mV)");
        let begins = |row: &str| row.chars().position(|letter| letter > '\u{2800}');
        let places: Vec<_> = sketch[1..11].iter().filter_map(|row| begins(row)).collect();
        assert!(places.len() == 10 && places.windows(2).all(|two| two[0] > two[1]), "{}", sketch.join("\n"));
        assert!(sketch[1].starts_with("-50") && sketch[10].starts_with("-70"));
        assert!(sketch[11].trim_end().ends_with("100 ms"));
    }

    #[test]
    fn spikes_stand_in_their_rows() {
        let band = |name: &str, spikes: Vec<(f64, u32)>| Band { name: name.into(), cells: (0..4).collect(), rate: None, spikes };
        let bands = vec![band("E", vec![(0.0, 0), (99.0, 3)]), band("I", vec![(50.0, 1)])];
        let sketch = Raster { title: None, window: (0.0, 100.0), bands, reversed: false }.sketch(30);
        assert_eq!(sketch.len(), 3);
        assert!(sketch[0].starts_with('I') && sketch[1].starts_with('E'));
        let dots = |row: &str| row.chars().filter(|letter| *letter > '\u{2800}').count();
        assert_eq!((dots(&sketch[0]), dots(&sketch[1])), (1, 2), "{}", sketch.join("\n"));
    }
}
