//! A value for each of many instances, kept once where it is the same for all.

use std::sync::Arc;

/// Values by instance. NaN stands for "not set": what is really not a number was refused before.
#[derive(Clone, Debug, PartialEq)]
pub enum Column {
    /// For all of them.
    Same(f64),
    /// For each.
    Each(Arc<[f64]>),
}

impl Column {
    /// Of these values; one that all share is kept once.
    pub fn of(values: Vec<f64>) -> Column {
        match values.first() {
            Some(first) if values.iter().all(|x| x.to_bits() == first.to_bits()) => Column::Same(*first),
            _ => Column::Each(values.into()),
        }
    }

    /// Of an instance.
    pub fn at(&self, instance: usize) -> f64 {
        match self {
            Column::Same(x) => *x,
            Column::Each(values) => values.get(instance).copied().unwrap_or(f64::NAN),
        }
    }

    /// Whether some instance has no value.
    pub fn has_gaps(&self) -> bool {
        match self {
            Column::Same(x) => x.is_nan(),
            Column::Each(values) => values.iter().any(|x| x.is_nan()),
        }
    }

    /// With the gaps filled from another.
    pub fn or(&self, other: &Column) -> Column {
        match self {
            Column::Same(x) if x.is_nan() => other.clone(),
            Column::Same(_) => self.clone(),
            Column::Each(values) => {
                let filled = values.iter().enumerate().map(|(i, x)| if x.is_nan() { other.at(i) } else { *x });
                Column::of(filled.collect())
            }
        }
    }

    /// How many instances it tells apart; nothing where they are all the same.
    pub fn len(&self) -> Option<usize> {
        match self {
            Column::Same(_) => None,
            Column::Each(values) => Some(values.len()),
        }
    }
}
