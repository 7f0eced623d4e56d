//! Tables as comma-separated values: spikes and traces. Numbers are the shortest that read back the same.

use super::Results;
use super::results::Window;
use std::fmt::Write;

/// Spikes of cells in a window: columns `t_ms,gid,population,index`.
#[must_use]
pub fn spikes(results: &Results<'_>, cells: &[u32], window: Window) -> String {
    let mut text = String::from("t_ms,gid,population,index\n");
    for (time, cell) in results.spikes(cells, window) {
        if let Some((members, index)) = results.network.cells.member(cell) {
            let _ = writeln!(text, "{},{cell},{},{index}", Number(time), members.name);
        }
    }
    text
}

/// A value of connections: columns `pre,post` and the value's own name.
#[must_use]
pub fn connections(name: &str, rows: impl Iterator<Item = (String, String, f64)>) -> String {
    let mut text = format!("pre,post,{name}\n");
    for (pre, post, value) in rows {
        let _ = writeln!(text, "{pre},{post},{}", Number(value));
    }
    text
}

/// A column of a table of traces.
#[derive(Clone, Debug, PartialEq)]
pub struct Column<'a> {
    /// With the unit: `v_mV`.
    pub name: String,
    /// In the unit of the name.
    pub values: Vec<f64>,
    /// ms
    pub times: &'a [f64],
}

/// Traces beside one column of times; nothing where their times differ.
#[must_use]
pub fn traces(columns: &[Column<'_>]) -> Option<String> {
    let times = columns.first().map_or(&[][..], |column| column.times);
    if columns.iter().any(|column| column.times != times) {
        return None;
    }
    let names: Vec<&str> = std::iter::once("t_ms").chain(columns.iter().map(|column| column.name.as_str())).collect();
    let mut text = names.join(",") + "\n";
    for (row, time) in times.iter().enumerate() {
        let _ = write!(text, "{}", Number(*time));
        for column in columns {
            let _ = write!(text, ",{}", Number(column.values.get(row).copied().unwrap_or(f64::NAN)));
        }
        text.push('\n');
    }
    Some(text)
}

/// A column by itself.
#[derive(Clone, Debug, PartialEq)]
pub struct Named {
    /// With the unit: `frequency_Hz`.
    pub name: String,
    /// In the unit of the name.
    pub values: Vec<f64>,
}

/// Columns of equal length beside each other.
#[must_use]
pub fn columns(columns: &[Named]) -> String {
    let mut text = columns.iter().map(|column| column.name.as_str()).collect::<Vec<_>>().join(",") + "\n";
    for row in 0..columns.first().map_or(0, |column| column.values.len()) {
        let numbers = columns.iter().map(|column| Number(column.values.get(row).copied().unwrap_or(f64::NAN)).to_string());
        text.push_str(&numbers.collect::<Vec<_>>().join(","));
        text.push('\n');
    }
    text
}

/// Rows of numbers beside their times, one line each; columns are in units of their own.
#[must_use]
pub fn rows(times: &[f64], columns: &[(&[f64], bouton_model::unit::table::Unit)]) -> String {
    let mut text = String::new();
    for (row, time) in times.iter().enumerate() {
        let _ = write!(text, "{}", Number(*time));
        for (values, unit) in columns {
            let _ = write!(text, ",{}", Number(unit.count(values.get(row).copied().unwrap_or(f64::NAN))));
        }
        text.push('\n');
    }
    text
}

/// The shortest text that reads back as the same number.
struct Number(f64);

impl std::fmt::Display for Number {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let x = self.0;
        if x == 0.0 || (1e-5..1e16).contains(&x.abs()) { write!(out, "{x}") } else { write!(out, "{x:e}") }
    }
}

#[cfg(test)]
mod tests {
    use super::{Column, Number, traces};

    #[test]
    fn numbers_read_back_the_same() {
        for x in [7.825_000_000_100_077_5, 0.1, -65.0, 1e-300, 1.5e22, 0.0, f64::MIN_POSITIVE, 1.0 / 3.0] {
            assert_eq!(Number(x).to_string().parse::<f64>().map(f64::to_bits), Ok(x.to_bits()));
        }
        assert_eq!([Number(1000.0).to_string(), Number(2e-9).to_string(), Number(f64::NAN).to_string()], ["1000", "2e-9", "NaN"]);
    }

    #[test]
    fn traces_share_their_times() {
        let column = |name: &str, times: &'static [f64]| Column { name: name.into(), values: vec![1.5, 2.5], times };
        let table = traces(&[column("v_mV", &[0.0, 0.1]), column("m", &[0.0, 0.1])]);
        assert_eq!(table.as_deref(), Some("t_ms,v_mV,m\n0,1.5,1.5\n0.1,2.5,2.5\n"));
        assert_eq!(traces(&[column("v_mV", &[0.0, 0.1]), column("m", &[0.0, 0.2])]), None);
    }
}
