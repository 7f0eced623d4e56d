//! Cells of a group that advance in steps of their own: they go on to the end of a window, and are looked at while the group gets there.

use super::Group;
use crate::flow::{Flow, Outlet};

impl Group {
    /// Inputs are what reaches them at a time (ms).
    pub(super) fn flow_now(&mut self, t: f64) {
        if let Some(flow) = &mut self.flow {
            flow.exchange(&mut self.blocks, &mut self.worker, t);
        }
    }

    /// Steps what has steps of its own to the end of so many phases, or beyond. Whether there is such.
    pub(super) fn go_ahead(&mut self, phases: usize) -> bool {
        let Some(flow) = self.flow.as_mut().filter(|flow| flow.is_adaptive()) else { return false };
        let steps = (phases + usize::from(!self.open)) / 2;
        let end = (0..steps).fold(self.time, |t, _| (t + 0.5 * self.dt) + 0.5 * self.dt);
        flow.reach(&mut self.blocks, &mut self.worker, end);
        true
    }

    /// How many steps of their own its systems have made, and how many they have tried.
    pub fn own_steps(&self) -> (u64, u64) {
        self.flow.as_ref().map_or((0, 0), Flow::steps)
    }

    /// What is kept of the past of values that are taken with a delay.
    pub fn past(&self) -> Vec<(Outlet, Vec<f64>)> {
        self.flow.iter().flat_map(Flow::past).collect()
    }

    /// Takes up what was kept of one of them.
    pub fn take_up(&mut self, outlet: Outlet, told: &[f64]) {
        self.flow.iter_mut().for_each(|flow| flow.take_up(outlet, told));
    }

    /// When that is which stopped it (ms).
    pub fn fault_time(&self) -> f64 {
        self.flow.as_ref().and_then(Flow::failed).map_or(self.time, |failed| failed.time)
    }

    /// Systems that cannot go on by the end of a step (ms) are a fault, or end their lanes.
    pub(super) fn fail(&mut self, end: f64) {
        let Some(flow) = self.flow.as_ref().filter(|flow| flow.failed().is_some_and(|failed| failed.time < end)) else { return };
        match &mut self.lost {
            None => self.faulty = true,
            Some(lost) => {
                let lane = |(block, pool, instance): (usize, usize, usize)| {
                    let block = &self.blocks[block];
                    (block.class, block.first_lane + block.pools[pool].rows().position(instance))
                };
                lost.extend(flow.lost().into_iter().map(lane));
            }
        }
    }
}
