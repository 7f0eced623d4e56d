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
    (&["arctan", "arcsin", "arccos", "arctan2"], "the inverse functions are `atan`, `asin`, `acos` and `atan2`"),
    (&["maximum", "maxi", "minimum", "mini"], "the larger and the smaller one are `max(a, b)` and `min(a, b)`"),
    (&["absv", "fabs"], "the magnitude is `abs(x)`"),
    (
        &["real", "imag", "conjugate", "angle"],
        "parts of a complex number are `re(z)` and `im(z)`, its conjugate `conj(z)`, its angle `arg(z)`",
    ),
    (&["interp", "interp1d"], "`samples(\"in.csv\", every = 1 ms)` joins the numbers of a file by straight lines"),
    (
        &["matmul", "matvec", "dot", "wsum", "vsum", "einsum"],
        "an input is the sum over its connections: `connect a.x -> b.u { weight = matrix(\"W.npy\") }`",
    ),
    (&["ln"], "the natural logarithm is `log(x)`"),
    (&["log2"], "a logarithm to base 2 is `log(x) / log(2)`"),
    (&["heaviside"], "a step is `if x > 0 { 1 } else { 0 }`, one in time `step(start, amplitude)`"),
    (&["fmod", "mod"], "what is left of a division is `x - y * floor(x / y)`"),
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
