//! The patterns of firing that Izhikevich published.

use super::run;

/// Intervals between spikes (ms) of the cell of 2003 with a constant input.
fn intervals(parameters: &str) -> Vec<f64> {
    let text = format!("population c: Izhikevich {{ {parameters}, I = 10 mV/ms }}\nsimulation {{ dt = 0.1 ms }}\n");
    let spikes = run(&text, 500.0).spikes;
    spikes.windows(2).map(|pair| pair[1].time - pair[0].time).collect()
}

/// Figure 2 of Izhikevich 2003.
#[test]
fn published_patterns() {
    // Regular spiking: the first intervals are short, later ones longer, then all alike.
    let regular = intervals("a = 0.02/ms, b = 0.2/ms, c = -65 mV, d = 8 mV/ms");
    assert!(regular.len() > 5 && regular[0] < 0.7 * regular[3], "{regular:?}");
    assert!((regular[regular.len() - 1] - regular[regular.len() - 2]).abs() < 1.0, "{regular:?}");
    // Fast spiking: high rates without adaptation.
    let fast = intervals("a = 0.1/ms, b = 0.2/ms, c = -65 mV, d = 2 mV/ms");
    assert!(fast.len() > 2 * regular.len() && fast[fast.len() - 1] < 12.0, "{fast:?}");
    // Chattering: bursts of short intervals with long ones between.
    let chattering = intervals("a = 0.02/ms, b = 0.2/ms, c = -50 mV, d = 2 mV/ms");
    let (short, long): (Vec<f64>, Vec<f64>) = chattering.iter().partition(|i| **i < 8.0);
    assert!(short.len() > 2 * long.len() && long.iter().filter(|i| **i > 20.0).count() > 4, "{chattering:?}");
    // Intrinsically bursting: a burst first, single spikes afterwards.
    let bursting = intervals("a = 0.02/ms, b = 0.2/ms, c = -55 mV, d = 4 mV/ms");
    assert!(bursting[0] < 8.0 && bursting[bursting.len() / 2..].iter().all(|i| *i > 12.0), "{bursting:?}");
}
