//! Windows: as many phases as a group goes through by itself. Phases in which nothing is due cost next to nothing.

use super::{Group, next_sample};
use crate::flow::Flow;
use crate::probe::Sampler;

impl Group {
    /// Advances by so many phases: a step up to its samples, or what is due at its end.
    pub fn window(&mut self, phases: usize) {
        self.ahead = self.go_ahead(phases);
        let mut left = phases;
        while left > 0 && !self.is_faulty() {
            left -= self.idle(left);
            if left > 0 {
                self.phase();
                left -= 1;
            }
        }
        let ahead = std::mem::replace(&mut self.ahead, false);
        self.read_off();
        if ahead {
            // Of what cannot go on nothing is known beyond its end.
            let end = self.flow.as_ref().and_then(Flow::failed).filter(|_| self.is_faulty()).map_or(self.time, |f| f.time);
            self.flow_now(end.min(self.time));
        }
    }

    fn phase(&mut self) {
        match (self.open, self.passive) {
            (true, _) => {
                self.deliver();
                self.open = false;
            }
            (false, true) => {
                // Only events can happen.
                self.deliver();
                self.wait();
                self.fail(self.time);
            }
            (false, false) => self.step(),
        }
    }

    fn wait(&mut self) {
        self.time = (self.time + 0.5 * self.dt) + 0.5 * self.dt;
        self.open = true;
    }

    /// Goes through phases, so many at most, in which there are no events, and no samples but those that are read off later. How many.
    fn idle(&mut self, most: usize) -> usize {
        if !self.passive || self.flow.as_ref().is_some_and(|flow| flow.failed().is_some()) {
            return 0;
        }
        let mut passed = 0;
        while passed < most && self.queue.is_idle() {
            while self.next_sample <= self.queue.limit() {
                if !self.put_off() {
                    return passed;
                }
            }
            self.queue.pass();
            match self.open {
                true => self.open = false,
                false => self.wait(),
            }
            passed += 1;
        }
        passed
    }

    /// Leaves the samples that are due for later, if all of them can be read off then. Whether that is so.
    fn put_off(&mut self) -> bool {
        let (due, now) = (self.next_sample, self.time);
        let is_due = |s: &&mut Sampler| s.next() == due;
        if !self.ahead || self.samplers.iter_mut().filter(is_due).any(|s| !s.follows()) {
            return false;
        }
        self.samplers.iter_mut().filter(is_due).for_each(|s| s.put_off(now));
        self.next_sample = next_sample(&self.samplers);
        true
    }

    /// Reads off samples that were left for later.
    fn read_off(&mut self) {
        let Group { samplers, flow: Some(flow), blocks, worker, .. } = self else { return };
        samplers.iter_mut().for_each(|s| s.read_off(flow, blocks, worker.machine.isa()));
    }

    pub(super) fn sample(&mut self, t: f64) {
        for s in self.samplers.iter_mut().filter(|s| s.is_every_step()) {
            s.take((t, self.time), &mut self.blocks, &mut self.worker);
        }
    }

    /// Samples whose time has come.
    pub(super) fn take_due(&mut self) {
        if self.put_off() {
            return;
        }
        let (due, now) = (self.next_sample, self.time);
        if self.flow.as_ref().is_some_and(Flow::is_adaptive) {
            // In their order.
            self.read_off();
            self.flow_now(now);
        }
        for s in self.samplers.iter_mut().filter(|s| s.next() == due) {
            s.take_due(now, &mut self.blocks, &mut self.worker);
        }
        self.next_sample = next_sample(&self.samplers);
    }
}
