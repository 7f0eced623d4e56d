//! Storn and Price's strategies, under SciPy's names.

/// What a trial is built from: `Best` is the best individual, `Rand` a random one, `RandToBest` and `CurrentToBest` go a part of the way to the best; the number
/// says how many differences are added, the last word how genes are taken over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Strategy {
    /// x0 + F (r0 - r1), binomial.
    #[default]
    Best1Bin,
    /// The same, exponential.
    Best1Exp,
    /// r0 + F (r1 - r2), binomial.
    Rand1Bin,
    /// The same, exponential.
    Rand1Exp,
    /// r0 + F (x0 - r0) + F (r1 - r2), binomial.
    RandToBest1Bin,
    /// The same, exponential.
    RandToBest1Exp,
    /// c + F (x0 - c + r0 - r1), binomial.
    CurrentToBest1Bin,
    /// The same, exponential.
    CurrentToBest1Exp,
    /// x0 + F (r0 + r1 - r2 - r3), binomial.
    Best2Bin,
    /// The same, exponential.
    Best2Exp,
    /// r0 + F (r1 + r2 - r3 - r4), binomial.
    Rand2Bin,
    /// The same, exponential.
    Rand2Exp,
}

impl Strategy {
    /// Every one.
    pub const ALL: [Strategy; 12] = [
        Strategy::Best1Bin,
        Strategy::Best1Exp,
        Strategy::Rand1Bin,
        Strategy::Rand1Exp,
        Strategy::RandToBest1Bin,
        Strategy::RandToBest1Exp,
        Strategy::CurrentToBest1Bin,
        Strategy::CurrentToBest1Exp,
        Strategy::Best2Bin,
        Strategy::Best2Exp,
        Strategy::Rand2Bin,
        Strategy::Rand2Exp,
    ];

    /// Whether genes are taken over in one stretch.
    pub(crate) fn is_exponential(self) -> bool {
        use Strategy::{Best1Exp, Best2Exp, CurrentToBest1Exp, Rand1Exp, Rand2Exp, RandToBest1Exp};
        matches!(self, Best1Exp | Rand1Exp | RandToBest1Exp | CurrentToBest1Exp | Best2Exp | Rand2Exp)
    }

    /// Gene by gene: of the best, of the individual itself, of five others.
    pub(crate) fn mutant(self, f: f64, best: &[f64], current: &[f64], others: [&[f64]; 5]) -> Vec<f64> {
        let [r0, r1, r2, r3, r4] = others;
        let gene = |k: usize| match self {
            Strategy::Best1Bin | Strategy::Best1Exp => best[k] + f * (r0[k] - r1[k]),
            Strategy::Rand1Bin | Strategy::Rand1Exp => r0[k] + f * (r1[k] - r2[k]),
            Strategy::RandToBest1Bin | Strategy::RandToBest1Exp => (r0[k] + f * (best[k] - r0[k])) + f * (r1[k] - r2[k]),
            Strategy::CurrentToBest1Bin | Strategy::CurrentToBest1Exp => current[k] + f * (best[k] - current[k] + r0[k] - r1[k]),
            Strategy::Best2Bin | Strategy::Best2Exp => best[k] + f * (r0[k] + r1[k] - r2[k] - r3[k]),
            Strategy::Rand2Bin | Strategy::Rand2Exp => r0[k] + f * (r1[k] + r2[k] - r3[k] - r4[k]),
        };
        (0..best.len()).map(gene).collect()
    }
}
