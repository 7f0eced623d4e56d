//! Fewer points for the same picture: of the samples that share half a unit of the picture, the first, least, greatest and last.

/// Points in the picture's units, thinned out. Points with rising x stay in their order; a point that is no number is kept as a gap.
#[must_use]
pub fn reduce(points: impl IntoIterator<Item = (f64, f64)>) -> Vec<(f64, f64)> {
    let mut out = Vec::new();
    let mut cell = Cell::default();
    let mut column = i64::MIN;
    for (x, y) in points {
        if !(x.is_finite() && y.is_finite()) {
            cell.flush(&mut out);
            out.push((x, y));
            continue;
        }
        let here = (2.0 * x).floor() as i64;
        if here != column {
            cell.flush(&mut out);
            column = here;
        }
        cell.add((x, y));
    }
    cell.flush(&mut out);
    out
}

/// Samples of one half unit; each with its number.
#[derive(Default)]
struct Cell {
    count: usize,
    kept: [(usize, (f64, f64)); 4],
}

impl Cell {
    fn add(&mut self, point: (f64, f64)) {
        let now = (self.count, point);
        let [first, least, greatest, last] = &mut self.kept;
        if self.count == 0 {
            (*first, *least, *greatest) = (now, now, now);
        }
        if point.1 < least.1.1 {
            *least = now;
        }
        if point.1 > greatest.1.1 {
            *greatest = now;
        }
        *last = now;
        self.count += 1;
    }

    fn flush(&mut self, out: &mut Vec<(f64, f64)>) {
        if self.count > 0 {
            self.kept.sort_by_key(|(number, _)| *number);
            let mut before = None;
            for (number, point) in self.kept {
                if before != Some(number) {
                    out.push(point);
                }
                before = Some(number);
            }
        }
        *self = Cell::default();
    }
}

#[cfg(test)]
mod tests {
    use super::reduce;

    #[test]
    fn few_samples_stay_as_they_are() {
        let points: Vec<(f64, f64)> = (0..50).map(|k| (f64::from(k), f64::from(k * k % 7))).collect();
        assert_eq!(reduce(points.clone()), points);
    }

    #[test]
    fn many_samples_keep_their_extremes_in_order() {
        let values = [3.0, 1.0, 9.0, 2.0, -4.0, 5.0];
        let points = values.iter().enumerate().map(|(k, v)| (k as f64 * 0.01, *v));
        let kept: Vec<f64> = reduce(points).iter().map(|p| p.1).collect();
        assert_eq!(kept, [3.0, 9.0, -4.0, 5.0]);
    }

    #[test]
    fn a_long_trace_becomes_short() {
        let points = (0..1_000_000).map(|k| (f64::from(k) * 6e-4, f64::from(k).sin()));
        assert!(reduce(points).len() <= 4 * 1201);
    }

    #[test]
    fn a_gap_stays_a_gap() {
        let kept = reduce([(0.0, 1.0), (0.1, f64::NAN), (0.2, 2.0)]);
        assert_eq!(kept.len(), 3);
        assert!(kept[1].1.is_nan());
    }
}
