//! Records that go to files while the model runs, so that the memory does not hold them.

use super::files::refused;
use super::{Console, Settings, Stop};
use crate::build::Network;
use crate::record::{Computed, Growing, Results, Window, csv};
use bouton_engine::run::Recording;
use bouton_model::ir::{Program, RecordFile};
use bouton_model::unit::quantity;
use std::sync::Arc;

/// The files of a run, as many as the program has.
#[derive(Debug, Default)]
pub struct Streams {
    open: Vec<Growing>,
}

impl Streams {
    /// Begins all files with their headers.
    ///
    /// # Errors
    /// A file that cannot be written.
    pub fn begin(program: &Program, settings: &Settings, results: &Results<'_>) -> Result<Streams, Stop> {
        let one = |file: &RecordFile| {
            let mut growing = settings.out.begin(&file.name).map_err(|error| refused(&file.name, file.span, &error))?;
            growing.add(&header(program, file, results)).map_err(|error| refused(&file.name, file.span, &error.into()))?;
            Ok(growing)
        };
        Ok(Streams { open: program.record_files.iter().map(one).collect::<Result<_, Stop>>()? })
    }

    /// Whether no file is open.
    pub fn is_empty(&self) -> bool {
        self.open.is_empty()
    }

    /// Moves what was sampled to the files.
    ///
    /// # Errors
    /// A file that cannot be written.
    pub fn take(
        &mut self,
        program: &Program,
        network: &Network,
        recording: &mut Recording,
        computed: &mut Computed,
    ) -> Result<(), Stop> {
        for (file, growing) in program.record_files.iter().zip(&mut self.open) {
            let mut times: &[f64] = &[];
            let mut columns = Vec::new();
            let results = Results { network, recording, computed, begin: 0.0, end: f64::INFINITY };
            for id in &file.records {
                let Some(record) = program.records.get(id.index()) else { continue };
                let unit = quantity::shown(&record.dimension).unit;
                for samples in results.samples(*id, Window::default()) {
                    times = samples.times;
                    columns.push((samples.values, unit));
                }
            }
            growing.add(&csv::rows(times, &columns)).map_err(|error| refused(&file.name, file.span, &error.into()))?;
            for id in &file.records {
                computed.forget(*id);
                let recorder = network.records.get(id.index()).map(|found| found.recorder);
                if let Some(trace) = recorder.and_then(|recorder| recording.traces.get_mut(recorder)) {
                    Arc::make_mut(&mut trace.times).clear();
                    trace.values.iter_mut().for_each(Vec::clear);
                }
            }
        }
        Ok(())
    }

    /// The files get their names.
    ///
    /// # Errors
    /// A file that cannot be written.
    pub fn finish(&mut self, program: &Program, console: &mut dyn Console) -> Result<(), Stop> {
        for (file, growing) in program.record_files.iter().zip(self.open.drain(..)) {
            let path = growing.finish().map_err(|error| refused(&file.name, file.span, &error.into()))?;
            console.wrote(&path);
        }
        Ok(())
    }
}

fn header(program: &Program, file: &RecordFile, results: &Results<'_>) -> String {
    let mut names = vec!["t_ms".to_owned()];
    for id in &file.records {
        let Some(record) = program.records.get(id.index()) else { continue };
        let unit = quantity::unit_text(&record.dimension);
        let ending = if record.dimension.is_none() { String::new() } else { format!("_{unit}") };
        for samples in results.samples(*id, Window::default()) {
            let label = results.label(*id, &samples).map_or(String::new(), |label| format!("_{label}"));
            names.push(format!("{}{label}{ending}", record.name));
        }
    }
    names.join(",") + "\n"
}
