//! What other tools of the field call what is called otherwise here.

/// Names of other tools, and how the same is written here.
const NAMES: &[(&[&str], &str)] = &[
    (
        &["isi", "isis", "ISI", "ISIs"],
        "`intervals(S)` lists the intervals between spikes; `cv(S)` and `isi_cv(v)` say how they vary",
    ),
    (
        &["firing_rate", "popRate", "spike_rate", "frequency"],
        "`rate(S)` is the rate of a population's cells, `activity(S, bin = 1 ms)` over time",
    ),
    (&["syncMeasure"], "`synchrony(v)` and `fano(S, bin = 5 ms)` say how much cells fire together"),
    (&["std", "stdev", "stddev", "var", "variance"], "`sd(x)` is the standard deviation, its square the variance"),
    (&["average", "avg"], "`mean(x)` is the mean"),
    (&["fft", "spectrum", "welch", "ratePSD"], "`psd(x)` is the power spectral density of a trace or of an `activity`"),
    (&["len", "length", "size"], "`count(x)` is the number of samples, values or cells"),
    (&["pow"], "a power is written `x^y`"),
    (&["rand", "random"], "`uniform(0, 1)` draws a number"),
    (&["randn", "gauss", "gaussian"], "`normal(0, 1)` draws a number"),
    (
        &["celsius", "v_init", "dt", "duration", "tstop"],
        "`celsius`, `v_init`, `dt` and `duration` are attributes of `simulation`: a `let` gives a value a name for both",
    ),
];

/// How something is written here that has this name elsewhere.
pub(super) fn help(name: &str) -> Option<&'static str> {
    NAMES.iter().find(|(names, _)| names.contains(&name)).map(|(_, help)| *help)
}
