//! Tables of columns, as CSV, JSON, NPY and NPZ. Which of these, the ending of the file's name says.

use super::results::{Results, Window};
use super::{Provenance, csv, npy};
use std::fmt::Write;

/// Columns of equal length beside each other.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    /// In order.
    pub columns: Vec<Column>,
}

/// A column.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// With the unit: `frequency_Hz`.
    pub name: String,
    /// One for each row.
    pub cells: Cells,
}

/// What stands in a column.
#[derive(Clone, Debug, PartialEq)]
pub enum Cells {
    /// In the unit of the name.
    Numbers(Vec<f64>),
    /// Numbers of cells.
    Whole(Vec<u32>),
    /// Such as the names of cells.
    Texts(Vec<String>),
}

/// How a table is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Text with commas; its first line has the names.
    Csv,
    /// `{"provenance": {...}, "columns": {"t_ms": [...], ...}}`
    Json,
    /// One array, of records where there are several columns.
    Npy,
    /// An array for each column, and the provenance as a text.
    Npz,
}

impl Format {
    /// By the ending of a name.
    #[must_use]
    pub fn of(name: &str) -> Option<Format> {
        let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
        [("csv", Format::Csv), ("json", Format::Json), ("npy", Format::Npy), ("npz", Format::Npz)]
            .into_iter()
            .find_map(|(known, format)| (known == ending).then_some(format))
    }
}

impl Table {
    /// Spikes of cells in a window: `t_ms,gid,population,index`.
    #[must_use]
    pub fn spikes(results: &Results<'_>, cells: &[u32], window: Window) -> Table {
        let (mut times, mut gids, mut populations, mut indices) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for (time, cell) in results.spikes(cells, window) {
            if let Some((members, index)) = results.network.cells.member(cell) {
                times.push(time);
                gids.push(cell);
                populations.push(members.name.clone());
                indices.push(index);
            }
        }
        Table {
            columns: vec![
                Column::numbers("t_ms", times),
                Column::whole("gid", gids),
                Column::texts("population", populations),
                Column::whole("index", indices),
            ],
        }
    }

    /// Traces beside one column of times; nothing where their times differ.
    #[must_use]
    pub fn traces(traces: Vec<(&[f64], Column)>) -> Option<Table> {
        let times = traces.first().map_or(&[][..], |(times, _)| *times);
        if traces.iter().any(|(other, _)| *other != times) {
            return None;
        }
        let first = Column::numbers("t_ms", times.to_vec());
        Some(Table { columns: std::iter::once(first).chain(traces.into_iter().map(|(_, column)| column)).collect() })
    }

    /// How many rows it has.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.columns.first().map_or(0, |column| column.cells.len())
    }

    /// The file; nothing where it is larger than its format can be.
    #[must_use]
    pub fn bytes(&self, format: Format, origin: &Provenance) -> Option<Vec<u8>> {
        match format {
            Format::Csv => Some(self.csv().into_bytes()),
            Format::Json => Some(self.json(origin).into_bytes()),
            Format::Npy => Some(npy::array(&self.columns)),
            Format::Npz => npy::archive(&self.columns, &one_line(origin)),
        }
    }

    fn csv(&self) -> String {
        let mut text = self.columns.iter().map(|column| column.name.as_str()).collect::<Vec<_>>().join(",") + "\n";
        for row in 0..self.rows() {
            for (at, column) in self.columns.iter().enumerate() {
                text.push_str(if at > 0 { "," } else { "" });
                match &column.cells {
                    Cells::Numbers(values) => {
                        let _ = write!(text, "{}", csv::Number(values.get(row).copied().unwrap_or(f64::NAN)));
                    }
                    Cells::Whole(values) => text.push_str(&values.get(row).map_or_else(String::new, u32::to_string)),
                    Cells::Texts(values) => text.push_str(values.get(row).map_or("", String::as_str)),
                }
            }
            text.push('\n');
        }
        text
    }

    /// What is no number is `null`, as JSON has none.
    fn json(&self, origin: &Provenance) -> String {
        let number = |x: &f64| if x.is_finite() { csv::Number(*x).to_string() } else { "null".to_owned() };
        let columns = self.columns.iter().map(|column| {
            let cells: Vec<String> = match &column.cells {
                Cells::Numbers(values) => values.iter().map(number).collect(),
                Cells::Whole(values) => values.iter().map(u32::to_string).collect(),
                Cells::Texts(values) => values.iter().map(|text| quoted(text)).collect(),
            };
            format!("    {}: [{}]", quoted(&column.name), cells.join(", "))
        });
        let columns: Vec<String> = columns.collect();
        let Provenance { script, hash, version, seed } = origin;
        let provenance = format!(
            "{{\"program\": {}, \"script\": {}, \"md5\": {}, \"seed\": {seed}}}",
            quoted(&format!("bouton {version}")),
            quoted(script),
            quoted(hash)
        );
        format!("{{\n  \"provenance\": {provenance},\n  \"columns\": {{\n{}\n  }}\n}}\n", columns.join(",\n"))
    }
}

impl Column {
    /// Of numbers.
    #[must_use]
    pub fn numbers(name: impl Into<String>, values: Vec<f64>) -> Column {
        Column { name: name.into(), cells: Cells::Numbers(values) }
    }

    /// Of numbers of cells.
    #[must_use]
    pub fn whole(name: impl Into<String>, values: Vec<u32>) -> Column {
        Column { name: name.into(), cells: Cells::Whole(values) }
    }

    /// Of texts.
    #[must_use]
    pub fn texts(name: impl Into<String>, values: Vec<String>) -> Column {
        Column { name: name.into(), cells: Cells::Texts(values) }
    }
}

impl Cells {
    /// How many.
    #[must_use]
    pub fn len(&self) -> usize {
        match self {
            Cells::Numbers(values) => values.len(),
            Cells::Whole(values) => values.len(),
            Cells::Texts(values) => values.len(),
        }
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// `tut2.net, MD5 ..., seed 1, bouton 0.1.0`
fn one_line(origin: &Provenance) -> String {
    format!("{}, MD5 {}, seed {}, bouton {}", origin.script, origin.hash, origin.seed, origin.version)
}

/// A text of JSON.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            c if c.is_control() => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Table {
        let column = |name: &str, cells| Column { name: name.to_owned(), cells };
        let texts = vec!["S[0]".to_owned(), "a \"b\"\n".to_owned()];
        Table { columns: vec![column("t_ms", Cells::Numbers(vec![0.5, f64::NAN])), column("cell", Cells::Texts(texts))] }
    }

    #[test]
    fn text_formats() {
        let table = table();
        assert_eq!(table.csv(), "t_ms,cell\n0.5,S[0]\nNaN,a \"b\"\n\n");
        let json = table.json(&Provenance { script: "a.net".into(), hash: "0".into(), version: "1".into(), seed: 3 });
        assert!(json.contains("\"t_ms\": [0.5, null]") && json.contains("\"cell\": [\"S[0]\", \"a \\\"b\\\"\\n\"]"), "{json}");
        assert!(json.contains("{\"program\": \"bouton 1\", \"script\": \"a.net\", \"md5\": \"0\", \"seed\": 3}"), "{json}");
    }

    #[test]
    fn traces_share_their_times() {
        let column = |name: &str| Column::numbers(name, vec![1.5, 2.5]);
        let table = Table::traces(vec![(&[0.0, 0.1], column("v_mV")), (&[0.0, 0.1], column("m"))]);
        assert_eq!(table.map(|table| table.csv()).as_deref(), Some("t_ms,v_mV,m\n0,1.5,1.5\n0.1,2.5,2.5\n"));
        assert_eq!(Table::traces(vec![(&[0.0, 0.1], column("v_mV")), (&[0.0, 0.2], column("m"))]), None);
    }

    #[test]
    fn endings_say_the_format() {
        assert_eq!(
            ["a.csv", "b.json", "c.npy", "d.npz"].map(Format::of),
            [Format::Csv, Format::Json, Format::Npy, Format::Npz].map(Some)
        );
        assert_eq!(["a.svg", "csv", "a.CSV"].map(Format::of), [None; 3]);
    }
}
