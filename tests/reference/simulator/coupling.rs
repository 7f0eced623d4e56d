//! Continuous coupling: inputs that are driven by values elsewhere.

use super::Simulator;

impl Simulator {
    /// Every driven input becomes its base plus weight times source, term by term in the order of the plan. All sources are read before any
    /// input is written.
    pub(super) fn exchange(&mut self) {
        let plan = self.plan.clone();
        let sources: Vec<f64> = plan.drives.iter().map(|drive| self.value(&drive.source)).collect();
        let row = |drive: &bouton_engine::plan::Drive| {
            let (class, pool, i) = (usize::from(drive.class), usize::from(drive.pool), drive.instance as usize);
            let placed = &plan.classes[class].pools[pool];
            let input = usize::from(drive.input);
            (class, pool, i, usize::from(placed.code.inputs[input].1), placed.input(input, i, plan.classes[class].lanes()))
        };
        for drive in &plan.drives {
            let (class, pool, i, row, base) = row(drive);
            self.classes[class].pools[pool].instances[i].rows[row] = base;
        }
        for (drive, source) in plan.drives.iter().zip(sources) {
            let (class, pool, i, row, _) = row(drive);
            let value = &mut self.classes[class].pools[pool].instances[i].rows[row];
            *value = drive.weight.mul_add(source, *value);
        }
    }
}
