//! Every combination of values, the last knob fastest.

use crate::fitness::{Fitness, Individual, evaluated};
use crate::{Optimizer, Space, Unfit};

/// A full product.
#[derive(Clone, Debug)]
pub struct Grid {
    space: Space,
    /// Values of each knob.
    axes: Vec<Vec<f64>>,
    /// How many are asked at a time, and were asked.
    batch: usize,
    next: usize,
    count: usize,
    last: Vec<Individual>,
    asked: Vec<Vec<f64>>,
}

impl Grid {
    /// `steps` values of each knob, both ends included; all of them where the knob has no more. Fails where there are more combinations than can be counted.
    pub fn new(space: Space, steps: &[usize], batch: usize) -> Result<Grid, Unfit> {
        let axes = space.knobs().iter().enumerate().map(|(k, knob)| {
            let steps = steps.get(k).copied().unwrap_or(1).max(1);
            match knob.count().filter(|&count| count <= steps) {
                Some(count) => (0..count).map(|n| knob.value(knob.at_part((n as f64 + 0.5) / count as f64))).collect(),
                None if steps == 1 => vec![knob.value(knob.at_part(0.5))],
                None => (0..steps).map(|n| knob.value(knob.at_part(n as f64 / (steps - 1) as f64))).collect(),
            }
        });
        let axes: Vec<Vec<f64>> = axes.collect();
        let count = axes.iter().try_fold(1_usize, |product, axis| product.checked_mul(axis.len()));
        let count = count.ok_or_else(|| Unfit("more combinations than can be counted".to_owned()))?;
        Ok(Grid { space, axes, batch: batch.max(1), next: 0, count, last: Vec::new(), asked: Vec::new() })
    }

    /// How many combinations there are.
    pub fn count(&self) -> usize {
        self.count
    }

    fn combination(&self, mut number: usize) -> Vec<f64> {
        let mut values: Vec<f64> = Vec::with_capacity(self.axes.len());
        for axis in self.axes.iter().rev() {
            values.push(axis[number % axis.len()]);
            number /= axis.len();
        }
        values.reverse();
        self.space.point(&values)
    }
}

impl Optimizer for Grid {
    fn ask(&mut self) -> Vec<Vec<f64>> {
        let end = self.count.min(self.next + self.batch);
        self.asked = (self.next..end).map(|number| self.combination(number)).collect();
        self.next = end;
        self.asked.clone()
    }

    fn tell(&mut self, fitness: &[Fitness]) {
        self.last = evaluated(std::mem::take(&mut self.asked), fitness);
    }

    fn population(&self) -> &[Individual] {
        &self.last
    }

    fn independent(&self) -> bool {
        true
    }

    fn space(&self) -> &Space {
        &self.space
    }
}
