//! `bouton run --profile`: where the time went.

use crate::session::{Beside, Report};
use bouton_engine::profile::Phase;
use std::time::Duration;

/// Prints the table.
pub fn show(report: &Report, check: f64) {
    anstream::eprintln!("{:<28} {:>10}", "part", "CPU ms");
    anstream::eprintln!("{:<28} {:>10.2}", "read and check", check * 1e3);
    for (name, seconds) in &report.phases {
        anstream::eprintln!("{name:<28} {:>10.2}", seconds * 1e3);
    }
    if report.beside.batches > 0 {
        let Beside { copies, batches, once, each } = report.beside;
        let (once, each) = (once as f64 / batches as f64, each as f64 / batches as f64);
        anstream::eprintln!(
            "{copies} runs side by side in {batches} batches; of {each:.0} cells and stimuli {once:.0} were run once for a batch"
        );
    }
    let Some(profile) = &report.profile else { return };
    let total: Duration = profile.phases.values().map(|(t, _)| *t).sum();
    anstream::eprintln!("\n{:<28} {:>10} {:>8} {:>14}", "phase", "ms", "share", "ns per item");
    for (phase, (time, items)) in &profile.phases {
        let share = 100.0 * time.as_secs_f64() / total.as_secs_f64().max(1e-12);
        let each = if *items > 0 { format!("{:.2}", time.as_secs_f64() * 1e9 / *items as f64) } else { String::new() };
        anstream::eprintln!("{:<28} {:>10.2} {share:>7.1}% {each:>14}", name(phase), time.as_secs_f64() * 1e3);
    }
    let cell_steps = report.steps as f64 * report.cells as f64;
    if cell_steps > 0.0 {
        anstream::eprintln!(
            "{} cells, {} steps: {:.2} ns per cell and step",
            report.cells,
            report.steps,
            total.as_secs_f64() * 1e9 / cell_steps
        );
    }
    anstream::eprintln!("(an item is an instance or a node, in one step; reading the clock adds to every phase)");
}

fn name(phase: &Phase) -> String {
    match phase {
        Phase::Look => "thresholds, conditions".into(),
        Phase::Events => "events, samples".into(),
        Phase::Current(mechanism) => format!("current of {mechanism}"),
        Phase::Solve => "cable equation".into(),
        Phase::Advance(mechanism) => format!("states of {mechanism}"),
        Phase::Step(mechanism) => format!("steps of {mechanism}"),
    }
}
