//! Features of a voltage trace, as eFEL (Van Geit et al. 2016) and the Allen Institute's tools define them. Times in ms, potentials in mV.

/// Where spikes are, and where each begins.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Spikes {
    /// Index of each peak.
    pub peaks: Vec<usize>,
    /// Index where each begins: where the slope reaches [`SLOPE`] and stays above it; nothing where it does not.
    pub begins: Vec<Option<usize>>,
    /// Index of the lowest potential behind each peak, before the next one or the end.
    pub lows: Vec<usize>,
}

/// A spike begins where the potential rises by so many mV/ms (eFEL's `DerivativeThreshold`)...
pub const SLOPE: f64 = 10.0;

/// ... over so many samples in a row (its `DerivativeWindow`).
const WINDOW: usize = 3;

/// What the last part of a stretch is, over which potentials are averaged.
const LAST: f64 = 0.1;

/// The spikes of a trace: each peak between a crossing of a threshold upward and the next one downward.
#[must_use]
pub fn spikes(times: &[f64], values: &[f64], threshold: f64) -> Spikes {
    let mut found = Spikes::default();
    let mut from = None;
    for (k, pair) in values.windows(2).enumerate() {
        if pair[0] <= threshold && pair[1] > threshold {
            from = Some(k + 1);
        } else if pair[0] >= threshold
            && pair[1] < threshold
            && let Some(from) = from.take()
        {
            found.peaks.extend(extreme(values, from, k + 1, |a, b| a > b));
        }
    }
    let ends = found.peaks.iter().skip(1).copied().chain([values.len()]);
    found.lows = found.peaks.iter().zip(ends).filter_map(|(peak, end)| extreme(values, *peak, end, |a, b| a < b)).collect();
    let starts = std::iter::once(0).chain(found.lows.iter().copied());
    found.begins = found.peaks.iter().zip(starts).map(|(peak, start)| begin(times, values, start, *peak)).collect();
    found
}

/// The first index of the largest value by an order.
fn extreme(values: &[f64], from: usize, to: usize, before: fn(f64, f64) -> bool) -> Option<usize> {
    let part = values.get(from..to)?;
    let mut best = None;
    for (k, x) in part.iter().enumerate() {
        if best.is_none_or(|(_, y)| before(*x, y)) {
            best = Some((k, *x));
        }
    }
    best.map(|(k, _)| from + k)
}

/// Where the slope reaches the threshold between two indices and stays above it.
fn begin(times: &[f64], values: &[f64], from: usize, to: usize) -> Option<usize> {
    let steep = |k: usize| slope(times, values, k) >= SLOPE;
    (from..to).find(|k| (0..WINDOW).all(|ahead| steep(k + ahead)))
}

/// The slope at a sample, by central differences (mV/ms).
fn slope(times: &[f64], values: &[f64], k: usize) -> f64 {
    let (low, high) = (k.saturating_sub(1), (k + 1).min(values.len().saturating_sub(1)));
    match (times.get(low), times.get(high), values.get(low), values.get(high)) {
        (Some(t0), Some(t1), Some(v0), Some(v1)) if t1 > t0 => (v1 - v0) / (t1 - t0),
        _ => f64::NAN,
    }
}

impl Spikes {
    /// Potential of each peak above that at which its spike begins.
    #[must_use]
    pub fn amplitudes(&self, values: &[f64]) -> Vec<f64> {
        self.each(|peak, begin| Some(values.get(peak)? - values.get(begin)?))
    }

    /// How long each spike is above the middle between its begin and its peak, between samples along straight lines.
    #[must_use]
    pub fn widths(&self, times: &[f64], values: &[f64]) -> Vec<f64> {
        self.each(|peak, begin| {
            let half = (values.get(peak)? + values.get(begin)?) / 2.0;
            let rises = (begin..peak).find(|k| values.get(k + 1).is_some_and(|v| *v >= half))?;
            let falls = (peak..values.len() - 1).find(|k| values.get(k + 1).is_some_and(|v| *v < half))?;
            Some(crossing(times, values, falls, half)? - crossing(times, values, rises, half)?)
        })
    }

    /// The lowest potential behind each spike, against another.
    #[must_use]
    pub fn depths(&self, values: &[f64], rest: f64) -> Vec<f64> {
        self.lows.iter().filter_map(|low| Some(values.get(*low)? - rest)).collect()
    }

    /// The times between peaks.
    #[must_use]
    pub fn intervals(&self, times: &[f64]) -> Vec<f64> {
        let peaks: Vec<f64> = self.peaks.iter().filter_map(|peak| times.get(*peak).copied()).collect();
        peaks.windows(2).map(|pair| pair[1] - pair[0]).collect()
    }

    fn each(&self, value: impl Fn(usize, usize) -> Option<f64>) -> Vec<f64> {
        let each = self.peaks.iter().zip(&self.begins);
        each.map(|(peak, begin)| begin.and_then(|begin| value(*peak, begin)).unwrap_or(f64::NAN)).collect()
    }
}

/// When the line from a sample to the next one is at a level.
fn crossing(times: &[f64], values: &[f64], k: usize, level: f64) -> Option<f64> {
    let (v0, v1, t0, t1) = (values.get(k)?, values.get(k + 1)?, times.get(k)?, times.get(k + 1)?);
    Some(t0 + (level - v0) / (v1 - v0) * (t1 - t0))
}

/// Standard deviation (of a sample) over mean, of at least two intervals.
#[must_use]
pub fn cv(intervals: &[f64]) -> Option<f64> {
    let count = intervals.len() as f64;
    let mean = intervals.iter().sum::<f64>() / count;
    let squares = intervals.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>();
    (count >= 2.0).then(|| (squares / (count - 1.0)).sqrt() / mean)
}

/// Mean of the difference of neighbouring intervals over their sum: above 0 where they grow longer; of at least two.
#[must_use]
pub fn adaptation(intervals: &[f64]) -> Option<f64> {
    let parts: Vec<f64> = intervals.windows(2).map(|pair| (pair[1] - pair[0]) / (pair[1] + pair[0])).collect();
    (!parts.is_empty()).then(|| parts.iter().sum::<f64>() / parts.len() as f64)
}

/// Which end of a stretch of time has its sample in a mean, as eFEL counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ends {
    /// The first: of what is on during the stretch.
    First,
    /// The last: of what is there until something begins.
    Last,
}

/// Mean potential over the last tenth of a stretch of time.
#[must_use]
pub fn last_tenth(times: &[f64], values: &[f64], (start, end): (f64, f64), ends: Ends) -> Option<f64> {
    let from = end - LAST * (end - start);
    // Times are sums of steps.
    let little = 1e-9 * end.abs().max(1.0);
    let within = |t: f64| match ends {
        Ends::First => t >= from - little && t < end - little,
        Ends::Last => t > from + little && t <= end + little,
    };
    let inside = times.iter().zip(values).filter(|(t, _)| within(**t));
    let (sum, count) = inside.fold((0.0, 0_usize), |(sum, count), (_, v)| (sum + v, count + 1));
    (count > 0).then(|| sum / count as f64)
}

/// What a step of current does: the potential before it, its lowest, and the one at its end.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Step {
    /// Mean over the last tenth of the time before it.
    pub before: f64,
    /// Lowest during it.
    pub lowest: f64,
    /// Mean over its last tenth.
    pub steady: f64,
}

impl Step {
    /// Of a step between two times.
    #[must_use]
    pub fn of(times: &[f64], values: &[f64], (start, stop): (f64, f64)) -> Option<Step> {
        let first = times.first()?;
        let during = times.iter().zip(values).filter(|(t, _)| (start..=stop).contains(*t)).map(|(_, v)| *v);
        Some(Step {
            before: last_tenth(times, values, (*first, start), Ends::Last)?,
            lowest: during.fold(None, |low: Option<f64>, v| Some(low.map_or(v, |low| low.min(v))))?,
            steady: last_tenth(times, values, (start, stop), Ends::First)?,
        })
    }

    /// How much of the fall is taken back, from 0 to 1.
    #[must_use]
    pub fn sag(&self) -> f64 {
        (self.steady - self.lowest) / (self.before - self.lowest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_triangle_is_a_spike() {
        // Rises by 20 mV/ms from 5 ms to 10 ms, falls as fast to 16 ms, and rests 20 mV lower.
        let times: Vec<f64> = (0..=200).map(|k| f64::from(k) * 0.1).collect();
        let shape = |t: f64| match t {
            t if t < 5.0 => -60.0,
            t if t < 10.0 => -60.0 + 20.0 * (t - 5.0),
            t if t < 16.0 => 40.0 - 20.0 * (t - 10.0),
            _ => -80.0,
        };
        let values: Vec<f64> = times.iter().map(|t| shape(*t)).collect();
        let found = spikes(&times, &values, -20.0);
        assert_eq!((found.peaks.as_slice(), found.begins.as_slice()), (&[100][..], &[Some(50)][..]));
        assert!((found.amplitudes(&values)[0] - 100.0).abs() < 1e-9 && (found.widths(&times, &values)[0] - 5.0).abs() < 1e-9);
        assert!((found.depths(&values, -60.0)[0] + 20.0).abs() < 1e-9);
        assert!(spikes(&times, &values, 50.0).peaks.is_empty());
    }

    #[test]
    fn intervals_that_grow() {
        assert_eq!(adaptation(&[10.0, 30.0]), Some(0.5));
        assert_eq!((adaptation(&[10.0]), cv(&[10.0])), (None, None));
        assert!((cv(&[10.0, 20.0, 30.0]).unwrap() - 0.5).abs() < 1e-12);
    }

    #[test]
    fn a_step_with_a_sag() {
        let times: Vec<f64> = (0..300).map(f64::from).collect();
        let values: Vec<f64> = times
            .iter()
            .map(|t| {
                if *t <= 100.0 {
                    -70.0
                } else if *t < 150.0 {
                    -90.0
                } else {
                    -85.0
                }
            })
            .collect();
        let step = Step::of(&times, &values, (100.0, 250.0)).unwrap();
        assert_eq!(step, Step { before: -70.0, lowest: -90.0, steady: -85.0 });
        assert_eq!(step.sag(), 0.25);
        assert_eq!(Step::of(&times, &values, (0.0, 10.0)), None);
    }
}
