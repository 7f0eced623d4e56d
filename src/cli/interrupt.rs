//! Ctrl-C: the first one asks the run to stop at its next border, the second one ends the program.

use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Exit status of a program that a second signal ends.
const ENDED: i32 = 130;

/// Whether somebody wants the run to stop.
#[derive(Clone, Debug, Default)]
pub struct Interrupt(Arc<AtomicBool>);

impl Interrupt {
    /// Watches from now on, for both ways in which a program is asked to end. Where the system lets nobody watch, a signal ends the program at once, as it would without this.
    pub fn watch() -> Interrupt {
        Interrupt::of(&[SIGINT, SIGTERM])
    }

    /// Watches for Ctrl-C alone, where a run can be stopped without the program.
    pub fn watch_keys() -> Interrupt {
        Interrupt::of(&[SIGINT])
    }

    fn of(signals: &[i32]) -> Interrupt {
        let wanted = Arc::new(AtomicBool::new(false));
        for signal in signals.iter().copied() {
            let second = flag::register_conditional_shutdown(signal, ENDED, Arc::clone(&wanted));
            if second.and_then(|_| flag::register(signal, Arc::clone(&wanted))).is_err() {
                break;
            }
        }
        Interrupt(wanted)
    }

    /// As if there had been no signal.
    pub fn forget(&self) {
        self.0.store(false, Ordering::Relaxed);
    }

    /// Whether there was a signal.
    pub fn is_wanted(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}
