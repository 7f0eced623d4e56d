//! `save` and `plot`: results into files below the output directory.

use super::scope::{outside, told};
use super::{Console, Runner, Stop, lists, measure};
use crate::plot::{Band, Histogram, Line, Raster, Traces, bitmap, svg};
use crate::record::table::{Column, Format, Table};
use crate::record::{OutputDirectory, Provenance, Results, Samples, Window, WriteError};
use crate::value::NoValue;
use bouton_model::ir::{Cut, FileName, Plot, PlotKind, Record, Saved, Span, Spikes, TableId, TextPart};
use bouton_model::unit::quantity;
use bouton_syntax::diagnostic::{Code, Diagnostic};

impl Runner {
    pub(super) fn save(&mut self, saved: &Saved, file: &FileName, span: Span, console: &mut dyn Console) -> Result<(), Stop> {
        let table = match saved {
            Saved::Spikes(spikes) => {
                let (cells, window) = self.spikes(spikes.as_ref(), span)?;
                Table::spikes(&self.results(span)?, &cells, window)
            }
            Saved::Traces(cuts) => self.table(cuts, span)?,
            Saved::Table(id) => self.connections(*id, span)?,
            Saved::Result(table) => lists::table(table, &mut self.names(span)).map_err(|none| told(none, span))?,
        };
        let name = self.name(file)?;
        let too_large =
            || Diagnostic::new(Code::CannotWrite, file.span, format!("cannot write {name}: the table is larger than 4 GiB"));
        let bytes = table.bytes(Format::of(&name).unwrap_or(Format::Csv), &self.origin());
        self.write_bytes(file, &bytes.ok_or_else(|| too_large().help("save it as .npy or .csv"))?, console)
    }

    pub(super) fn save_state(&mut self, file: &FileName, span: Span, console: &mut dyn Console) -> Result<(), Stop> {
        let bytes = self.experiment.state().ok_or_else(|| told(NoValue::Measure, span))?;
        self.write_bytes(file, &bytes, console)
    }

    /// A saved state lies where it would be written, or beside the script.
    pub(super) fn restore(&mut self, file: &FileName, span: Span) -> Result<(), Stop> {
        let name = self.name(file)?;
        let here = self.settings.out.read(&name);
        let found = match here {
            Err(WriteError::System(error)) if error.kind() == std::io::ErrorKind::NotFound => {
                OutputDirectory::new(&self.settings.folder).read(&name)
            }
            other => other,
        };
        let bytes = found.map_err(|error| match error {
            WriteError::Leaves(_) => refused(&name, file.span, &error),
            WriteError::System(error) => Diagnostic::new(Code::CannotRead, file.span, format!("cannot read {name}: {error}")),
        })?;
        self.experiment.restore(&bytes, &name, span)
    }

    pub(super) fn plot(&mut self, plot: &Plot, span: Span, console: &mut dyn Console) -> Result<(), Stop> {
        let title = plot.title.as_ref().map(|title| self.text(title, span)).transpose()?.filter(|title| !title.is_empty());
        let origin = self.origin();
        let picture = match &plot.kind {
            PlotKind::Raster(spikes) => {
                let raster = Raster { reversed: plot.reverse, ..self.raster(spikes.as_ref(), title, span)? };
                console
                    .sketches()
                    .map(|columns| raster.sketch(columns))
                    .into_iter()
                    .flatten()
                    .for_each(|line| console.print(&line));
                raster.draw(&origin)
            }
            PlotKind::Traces(cuts) => {
                let traces = self.traces(cuts, title, span)?;
                console
                    .sketches()
                    .map(|columns| traces.sketch(columns))
                    .into_iter()
                    .flatten()
                    .for_each(|line| console.print(&line));
                traces.draw(&origin)
            }
            PlotKind::Histogram(id) => self.histogram(*id, title, span)?.draw(&origin),
            PlotKind::Sweep(id, varied) => self.plot_sweep((*id, *varied), title, plot.log, &origin, span)?,
            PlotKind::Branches(ids) => self.plot_branches(ids, title, plot.log, &origin, span)?,
            PlotKind::Search(id, rows, kind) => self.plot_search((*id, *rows, *kind), title, plot.log, &origin, span)?,
            other => self.other_picture(other, title, plot.log, &origin, span)?,
        };
        let picture = match &plot.width {
            Some(width) => {
                let cm = self.number(width)?;
                if !(0.5..=500.0).contains(&cm) {
                    return Err(outside("the width of a picture (cm)", cm, "must lie between 0.5 and 500", width.span).into());
                }
                svg::as_wide_as(&picture, 10.0 * cm)
            }
            None => picture,
        };
        let name = self.name(&plot.file)?;
        if !name.ends_with(".png") {
            return self.write_bytes(&plot.file, picture.as_bytes(), console);
        }
        let dpi = plot.dpi.as_ref().map(|dpi| Ok::<_, Stop>((self.number(dpi)?, dpi.span))).transpose()?;
        if let Some((dpi, span)) = dpi.filter(|(dpi, _)| !(10.0..=2400.0).contains(dpi)) {
            return Err(outside("the points of an inch", dpi, "must lie between 10 and 2400", span).into());
        }
        let points = bitmap::bytes(&picture, dpi.map_or(bitmap::DPI, |(dpi, _)| dpi), &origin).map_err(|why| {
            let told = Diagnostic::new(Code::CannotWrite, plot.file.span, format!("cannot draw {name}: {why}"));
            told.help("give it a smaller `width` or `dpi`, or draw it as .svg")
        })?;
        self.write_bytes(&plot.file, &points, console)
    }

    /// A value of connections: sender, receiver, value.
    fn connections(&self, id: TableId, span: Span) -> Result<Table, Stop> {
        let none = || told(NoValue::Measure, span);
        let network = self.results(span)?.network;
        let table = self.experiment.program().tables.get(id.index()).ok_or_else(none)?;
        let (ends, values) = self.experiment.table(id).ok_or_else(none)?;
        let (unit, text) = (quantity::shown(&table.dimension).unit, quantity::unit_text(&table.dimension));
        let ending = if table.dimension.is_none() { String::new() } else { format!("_{text}") };
        Ok(Table {
            columns: vec![
                Column::texts("pre", ends.iter().map(|(pre, _)| network.source_name(*pre)).collect()),
                Column::texts("post", ends.iter().map(|(_, post)| network.cells.name(*post)).collect()),
                Column::numbers(format!("{}{ending}", table.name), values.into_iter().map(|x| unit.count(x)).collect()),
            ],
        })
    }

    fn histogram(&self, id: TableId, title: Option<String>, span: Span) -> Result<Histogram, Stop> {
        let none = || told(NoValue::Measure, span);
        let table = self.experiment.program().tables.get(id.index()).ok_or_else(none)?;
        let (_, values) = self.experiment.table(id).ok_or_else(none)?;
        let shown = quantity::shown(&table.dimension).unit;
        let unit = if table.dimension.is_none() { String::new() } else { quantity::unit_text(&table.dimension) };
        let values = values.into_iter().map(|x| shown.count(x)).collect();
        Ok(Histogram { title, name: table.name.to_string(), unit, values })
    }

    fn results(&self, span: Span) -> Result<Results<'_>, Stop> {
        self.experiment.results().ok_or_else(|| told(NoValue::Measure, span).into())
    }

    pub(super) fn origin(&self) -> Provenance {
        let texts = self.settings.texts.iter().map(String::as_str);
        Provenance::new(&self.settings.script, texts, u64::from(self.experiment.constants().seed))
    }

    /// The cells and the window that are meant; all cells and the whole run where nothing is said.
    fn spikes(&self, spikes: Option<&Spikes>, span: Span) -> Result<(Vec<u32>, Window), Stop> {
        let names = &mut self.names(span);
        let Some(spikes) = spikes else { return Ok(((0..self.results(span)?.network.cells.len()).collect(), Window::default())) };
        let window = measure::window(spikes.after.as_ref(), spikes.before.as_ref(), names).map_err(|none| told(none, span))?;
        let cells = measure::cells(&spikes.sets, names).map_err(|none| told(none, span))?;
        Ok((cells, window))
    }

    fn raster(&self, spikes: Option<&Spikes>, title: Option<String>, span: Span) -> Result<Raster, Stop> {
        let (cells, window) = self.spikes(spikes, span)?;
        let results = self.results(span)?;
        let (start, end) = window.within(results.begin, results.end);
        let mut bands = bands(&results, &cells);
        for (time, cell) in results.spikes(&cells, window) {
            let Some((members, index)) = results.network.cells.member(cell) else { continue };
            let band = bands.iter_mut().find(|band| band.name == members.name);
            if let Some((band, row)) = band.and_then(|band| band.cells.binary_search(&index).ok().map(|row| (band, row))) {
                band.spikes.push((time, row as u32));
            }
        }
        for band in &mut bands {
            let rate = crate::record::measure::rate(band.spikes.len(), band.cells.len(), end - start);
            band.rate = rate.map(|per_ms| per_ms * 1000.0);
        }
        Ok(Raster { title, window: (start, end), bands, reversed: false })
    }

    /// The record of a cut, its window, and its samples for each cell.
    fn cut(&self, cut: &Cut, span: Span) -> Result<(&Record, Window, Vec<Samples<'_>>), Stop> {
        let names = &mut self.names(span);
        let window = measure::window(cut.after.as_ref(), cut.before.as_ref(), names).map_err(|none| told(none, span))?;
        let record = self.experiment.program().records.get(cut.record.index()).ok_or_else(|| told(NoValue::Measure, span))?;
        Ok((record, window, self.results(span)?.samples(cut.record, window)))
    }

    fn table(&self, cuts: &[Cut], span: Span) -> Result<Table, Stop> {
        let results = self.results(span)?;
        let mut columns = Vec::new();
        for cut in cuts {
            let (record, _, traces) = self.cut(cut, span)?;
            let (unit, text) = (quantity::shown(&record.dimension).unit, quantity::unit_text(&record.dimension));
            let ending = if record.dimension.is_none() { String::new() } else { format!("_{text}") };
            for samples in &traces {
                let label = results.label(cut.record, samples);
                let label = label.map_or(String::new(), |label| format!("_{label}"));
                let values = samples.values.iter().map(|x| unit.count(*x)).collect();
                columns.push((samples.times, Column::numbers(format!("{}{label}{ending}", record.name), values)));
            }
        }
        Table::traces(columns).ok_or_else(|| {
            let told = Diagnostic::new(Code::NotShown, span, "these records have no times in common");
            told.help("save them to files of their own, or record them with the same `every` and cut them to the same window")
                .into()
        })
    }

    fn traces(&self, cuts: &[Cut], title: Option<String>, span: Span) -> Result<Traces<'_>, Stop> {
        let results = self.results(span)?;
        let (mut lines, mut first, mut last) = (Vec::new(), f64::INFINITY, 0.0_f64);
        for cut in cuts {
            let (record, window, traces) = self.cut(cut, span)?;
            let (start, end) = window.within(results.begin, results.end);
            (first, last) = (first.min(start), last.max(end));
            let factor = quantity::shown(&record.dimension).unit.factor();
            let unit = if record.dimension.is_none() { String::new() } else { quantity::unit_text(&record.dimension) };
            for samples in &traces {
                let label = results.label(cut.record, samples);
                let label = label.map_or(String::new(), |label| format!(" {label}"));
                lines.push(Line {
                    name: format!("{}{label}", record.name),
                    quantity: record.name.to_string(),
                    kind: kind(record),
                    unit: unit.clone(),
                    factor,
                    times: samples.times,
                    values: samples.values,
                });
            }
        }
        Ok(Traces { title, window: (first.min(last), last), lines })
    }

    /// The name of a file. Values in it bring no folders and no blanks: `v_{w}.csv` is `v_0.1_S_cm2.csv`.
    fn name(&self, file: &FileName) -> Result<String, Stop> {
        let part = |part: &TextPart| match part {
            TextPart::Text(letters) => Ok(letters.clone()),
            TextPart::Value(shown) => Ok::<_, Stop>(self.shown(shown, file.span)?.replace(['/', ' '], "_")),
            TextPart::List(list) => Ok(self.list(list, file.span)?.replace(['/', ' '], "_")),
            TextPart::Table(id) => Ok(self.shown_table(*id, file.span)?.replace(['/', ' ', '\n'], "_")),
        };
        file.parts.iter().map(part).collect()
    }

    fn write_bytes(&self, file: &FileName, bytes: &[u8], console: &mut dyn Console) -> Result<(), Stop> {
        let name = self.name(file)?;
        let path = self.settings.out.write(&name, bytes).map_err(|error| refused(&name, file.span, &error))?;
        console.wrote(&path);
        Ok(())
    }
}

/// The field's word for what is recorded: `voltage`; empty where it has none.
fn kind(record: &Record) -> String {
    let words = quantity::KINDS.iter().find(|kind| kind.dimension == record.dimension && !kind.unit.is_empty());
    let words = words.map_or("", |kind| kind.words);
    words.trim_start_matches("a ").trim_start_matches("an ").to_owned()
}

/// An empty band for each population that has some of the cells, which rise.
fn bands(results: &Results<'_>, cells: &[u32]) -> Vec<Band> {
    let mut bands: Vec<Band> = Vec::new();
    for (members, index) in cells.iter().filter_map(|cell| results.network.cells.member(*cell)) {
        match bands.last_mut() {
            Some(band) if band.name == members.name => band.cells.push(index),
            _ => bands.push(Band { name: members.name.clone(), cells: vec![index], ..Band::default() }),
        }
    }
    bands
}

/// What the user is told of a file that was not written.
pub(super) fn refused(name: &str, span: Span, error: &WriteError) -> Diagnostic {
    match error {
        WriteError::Leaves(why) => {
            let told =
                Diagnostic::new(Code::OutsideOutput, span, format!("\"{name}\" is no file below the output directory: {why}"));
            told.help("write a relative path without `..`; `--out` chooses the directory")
        }
        WriteError::System(error) => Diagnostic::new(Code::CannotWrite, span, format!("cannot write {name}: {error}")),
    }
}
