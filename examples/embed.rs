//! Bouton in a program of one's own: a model is declared, its parameter changed, and its results read as slices.

use bouton::session::{Session, Stop};

const MODEL: &str = "
    param g = 0.3 mS/cm2
    cell Soma {
        section soma { L = 20 um, diam = 20 um
            insert hh { gl = g }
        }
        spike at soma(0.5)
    }
    population M: Soma
    stimulate M with IClamp { delay = 5 ms, duration = 90 ms, amplitude = 0.1 nA } at soma(0.5)
    simulation { duration = 100 ms }
    record v = M.soma(0.5).v every 0.1 ms
";

/// For each leak: how often the cell fires, and its lowest potential (mV).
///
/// # Errors
/// What the session refuses.
pub fn leaks(session: &mut Session) -> Result<Vec<(usize, f64)>, Stop> {
    session.execute(MODEL)?;
    let mut found = Vec::new();
    for leak in ["0.3 mS/cm2", "1.2 mS/cm2"] {
        session.set("g", leak)?;
        session.execute("run")?;
        let spikes = session.spikes("M").times.len();
        let traces = session.record("v");
        let lowest = traces.iter().flat_map(|trace| trace.values).copied().fold(f64::INFINITY, f64::min);
        found.push((spikes, lowest));
    }
    Ok(found)
}

/// Prints them.
pub fn main() {
    let mut session = Session::new();
    match leaks(&mut session) {
        Ok(found) => found.iter().for_each(|(spikes, lowest)| println!("{spikes} spikes, lowest {lowest:.2} mV")),
        Err(stop) => eprintln!("{}", session.explain(&stop)),
    }
}
