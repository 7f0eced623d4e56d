//! Values at points of one or two arguments, and what lies between them: NMODL's FUNCTION_TABLE, with NEURON's arithmetic.

/// Values at points. Between them lines, beyond them the outermost values.
#[derive(Clone, Debug, PartialEq)]
pub struct Curve {
    /// Where the values are, an axis for each argument: one or two.
    axes: Vec<Axis>,
    /// Values, the last axis running fastest.
    values: Vec<f64>,
}

/// Where values are.
#[derive(Clone, Debug, PartialEq)]
pub enum Axis {
    /// At these, which ascend.
    At(Vec<f64>),
    /// At so many places of equal distances, from the first to the second number.
    Even(usize, f64, f64),
}

impl Axis {
    /// How many values there are along it.
    pub fn len(&self) -> usize {
        match self {
            Axis::At(points) => points.len(),
            Axis::Even(count, ..) => *count,
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The point at or below `x`, and how far it is to the next one, from 0 to 1: NEURON's `arg_index`.
    fn place(&self, x: f64) -> (usize, f64) {
        match self {
            Axis::At(points) => {
                let (Some(first), Some(last)) = (points.first(), points.last()) else { return (0, 0.0) };
                if x <= *first {
                    return (0, 0.0);
                }
                if x >= *last {
                    return (points.len() - 1, 0.0);
                }
                let (mut low, mut high) = (0, points.len() - 1);
                while low + 1 < high {
                    let middle = (low + high) / 2;
                    if points[middle] <= x {
                        low = middle;
                    } else {
                        high = middle;
                    }
                }
                (low, (x - points[low]) / (points[high.max(low)] - points[low]))
            }
            Axis::Even(count, low, high) => {
                let last = count.saturating_sub(1);
                if x <= *low {
                    return (0, 0.0);
                }
                if x >= *high {
                    return (last, 0.0);
                }
                let steps = (x - low) / ((high - low) / last as f64);
                let below = (steps as usize).min(last);
                (below, steps - below as f64)
            }
        }
    }
}

impl Curve {
    /// A curve of these values, one for each point of the axes, at least one; nothing where they do not fit.
    pub fn new(axes: Vec<Axis>, values: Vec<f64>) -> Option<Curve> {
        let count = axes.iter().try_fold(1usize, |count, axis| count.checked_mul(axis.len()))?;
        (count == values.len() && count > 0 && matches!(axes.len(), 1 | 2)).then_some(Curve { axes, values })
    }

    /// One value for all arguments, so many of them.
    pub fn constant(value: f64, arguments: usize) -> Curve {
        Curve { axes: vec![Axis::Even(1, 1e20, 1e20); arguments.clamp(1, 2)], values: vec![value] }
    }

    /// The value that holds everywhere, where there is only one.
    pub fn only(&self) -> Option<f64> {
        if let [value] = self.values[..] { Some(value) } else { None }
    }

    /// The axes.
    pub fn axes(&self) -> &[Axis] {
        &self.axes
    }

    /// The values, the last axis running fastest.
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// The same with numbers counted in other units: factors of the axes in turn, and of the values.
    #[must_use]
    pub fn scaled(&self, axes: &[f64], values: f64) -> Curve {
        let axis = |(at, axis): (usize, &Axis)| {
            let factor = axes.get(at).copied().unwrap_or(1.0);
            match axis {
                Axis::At(points) => Axis::At(points.iter().map(|x| x * factor).collect()),
                Axis::Even(count, low, high) => Axis::Even(*count, low * factor, high * factor),
            }
        };
        let axes = self.axes.iter().enumerate().map(axis).collect();
        Curve { axes, values: self.values.iter().map(|y| y * values).collect() }
    }

    /// Its value. The second argument counts where there are two axes. A search, which gains nothing where it is written into a loop over lanes.
    #[inline(never)]
    pub fn at(&self, x: f64, y: f64) -> f64 {
        let value = |at: usize| self.values.get(at).copied().unwrap_or(f64::NAN);
        let between = |place: f64, at: usize| match place > 0.0 {
            true => (1.0 - place) * value(at) + place * value(at + 1),
            false => value(at),
        };
        match self.axes.as_slice() {
            [axis] => {
                let (at, place) = axis.place(x);
                between(place, at)
            }
            [rows, columns] => {
                let ((row, down), (column, along)) = (rows.place(x), columns.place(y));
                let at = row * columns.len() + column;
                let here = between(along, at);
                if down > 0.0 { (1.0 - down) * here + down * between(along, at + columns.len()) } else { here }
            }
            _ => f64::NAN,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Bit for bit what NEURON 9.0.2 gives (`tests/peers/tables/make.py`), also where points do not ascend.
    #[test]
    fn values_are_neurons() {
        let list = |text: &str| text.split(' ').map(|x| x.parse().expect("a number")).collect::<Vec<f64>>();
        for line in include_str!("../../../tests/peers/tables/looked_up.csv").lines().skip(1) {
            let [points, values, x, y] = line.split(',').collect::<Vec<_>>()[..] else { panic!("{line}") };
            let values = list(values);
            let axis = match points.split_once(" .. ") {
                Some((low, high)) => Axis::Even(values.len(), list(low)[0], list(high)[0]),
                None => Axis::At(list(points)),
            };
            let curve = Curve::new(vec![axis], values).expect("a curve");
            assert_eq!(curve.at(list(x)[0], 0.0), list(y)[0], "{line}");
        }
    }

    #[test]
    fn of_two_arguments() {
        let axes = vec![Axis::Even(2, 0.0, 1.0), Axis::At(vec![0.0, 1.0, 3.0])];
        let curve = Curve::new(axes, vec![0.0, 1.0, 2.0, 10.0, 11.0, 12.0]).expect("a curve");
        assert_eq!([(0.5, 0.5), (0.0, 2.0), (9.0, 9.0)].map(|(x, y)| curve.at(x, y)), [5.5, 1.5, 12.0]);
    }

    #[test]
    fn one_value() {
        assert_eq!(Curve::constant(2.5, 2).at(1.0, 2.0), 2.5);
        assert_eq!(Curve::new(vec![Axis::At(vec![1.0])], vec![1.0, 2.0]), None);
    }
}
