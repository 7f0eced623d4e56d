//! Cells of equations with steps of their own: one system after the other, each from where it is to the end of the step, and looked at there by the method's
//! interpolation.

use super::Simulator;
use super::flow::felt;
use bouton_engine::kernel::Advance;
use bouton_engine::kernel::method::adaptive::{Adaptive, Keep, Part, within};
use bouton_engine::plan::ProbeValue;
use bouton_engine::run::Fault;
use bouton_model::math;

/// Class, pool, lane.
type Member = (usize, usize, usize);

/// What is connected, and how far it has come.
pub struct System {
    members: Vec<Member>,
    begin: f64,
    /// Length of the next step; nothing before the first.
    next: Option<f64>,
    /// Since when it has tried how many steps.
    since: (f64, u32),
}

impl Simulator {
    /// All systems.
    pub(super) fn systems(&self) -> Vec<System> {
        let mut groups: Vec<Vec<Member>> = Vec::new();
        for (class, state) in self.classes.iter().enumerate() {
            for (pool, instances) in state.pools.iter().enumerate() {
                if matches!(self.plan.classes[class].pools[pool].code.advance, Advance::Adaptive(_)) {
                    groups.extend((0..instances.instances.len()).map(|lane| vec![(class, pool, lane)]));
                }
            }
        }
        for link in felt(&self.plan) {
            let ProbeValue::Row { pool, instance, .. } = link.source.value else { continue };
            let from = (usize::from(link.source.class), usize::from(pool), instance as usize);
            let to = (usize::from(link.class), usize::from(link.pool), link.instance as usize);
            let find = |groups: &[Vec<Member>], member| groups.iter().position(|group| group.contains(&member));
            if let (Some(a), Some(b)) = (find(&groups, from), find(&groups, to))
                && a != b
            {
                let other = groups.remove(a.max(b));
                groups[a.min(b)].extend(other);
            }
        }
        groups.iter_mut().for_each(|group| group.sort_unstable());
        groups.into_iter().map(|members| System { members, begin: 0.0, next: None, since: (0.0, 0) }).collect()
    }

    /// Every system to a time (ms) or beyond, and its states as they are then.
    pub(super) fn reach(&mut self, target: f64) -> Result<(), Box<Fault>> {
        let mut systems = std::mem::take(&mut self.systems);
        let mut first: Option<Box<Fault>> = None;
        for system in &mut systems {
            let done = self.advance_system(system, target);
            if let Err(fault) = done
                && first.as_ref().is_none_or(|known| fault.time < known.time)
            {
                first = Some(fault);
            }
            self.look_at(&system.members, target);
        }
        self.systems = systems;
        first.map_or(Ok(()), Err)
    }

    fn adaptive(&self, member: Member) -> Adaptive {
        match &self.plan.classes[member.0].pools[member.1].code.advance {
            Advance::Adaptive(adaptive) => (**adaptive).clone(),
            other => panic!("{other:?} has no steps of its own"),
        }
    }

    fn longest(&self) -> f64 {
        let pools = self.plan.classes.iter().flat_map(|class| &class.pools);
        let of = pools.filter_map(|pool| if let Advance::Adaptive(a) = &pool.code.advance { Some(a.longest) } else { None });
        of.fold(f64::INFINITY, f64::min)
    }

    pub(super) fn row(&mut self, member: Member, row: u16) -> &mut f64 {
        &mut self.classes[member.0].pools[member.1].instances[member.2].rows[usize::from(row)]
    }

    fn run_part(&mut self, system: &System, part: Part) {
        for member in &system.members {
            let code = self.plan.classes[member.0].pools[member.1].code.clone();
            let program = self.adaptive(*member).programs[self.adaptive(*member).method.number(part)].clone();
            let state = &mut self.classes[member.0];
            state.pools[member.1].instances[member.2].act(&code, &program, f64::NAN, &[], &mut state.cells);
        }
    }

    fn set(&mut self, system: &System, keep: Keep, value: f64) {
        for member in system.members.clone() {
            let rows = self.adaptive(member).rows;
            let row = match keep {
                Keep::Time => rows.time,
                Keep::Begin => rows.begin,
                Keep::Step => rows.step,
                Keep::Made => rows.made,
                other => panic!("{other:?} is set by programs"),
            };
            *self.row(member, row) = value;
        }
    }

    /// Root of the mean of squares over all states.
    fn size(&mut self, system: &System, other: bool) -> f64 {
        let (mut sum, mut states) = (0.0, 0);
        for member in system.members.clone() {
            let adaptive = self.adaptive(member);
            states += adaptive.states.len();
            sum += *self.row(member, if other { adaptive.rows.other } else { adaptive.rows.sum });
        }
        (sum / f64::from(states.max(1) as u32)).sqrt()
    }

    fn first_step(&mut self, system: &System) -> f64 {
        for keep in [Keep::Time, Keep::Begin, Keep::Made] {
            self.set(system, keep, 0.0);
        }
        self.flow(f64::NAN, false);
        self.note_first(&system.members);
        self.run_part(system, Part::First);
        let (states, slopes) = (self.size(system, false), self.size(system, true));
        let lean = if states < 1e-5 || slopes < 1e-5 { 1e-6 } else { 0.01 * states / slopes };
        self.set(system, Keep::Step, lean);
        self.run_part(system, Part::Lean);
        self.flow(f64::NAN, false);
        self.run_part(system, Part::Compare);
        let bend = self.size(system, false) / lean;
        let fitting = if slopes <= 1e-15 && bend <= 1e-15 {
            (lean * 1e-3).max(1e-6)
        } else {
            math::pow(0.01 / slopes.max(bend), self.adaptive(system.members[0]).method.power())
        };
        (100.0 * lean).min(fitting).min(self.longest())
    }

    fn advance_system(&mut self, system: &mut System, target: f64) -> Result<(), Box<Fault>> {
        let mut next = match system.next {
            Some(next) => next,
            None => self.first_step(system),
        };
        let mut again = false;
        let method = self.adaptive(system.members[0]).method;
        while system.begin < target {
            let shortest = 10.0 * (system.begin.next_up() - system.begin).abs();
            if system.begin >= system.since.0 + self.plan.dt {
                system.since = (system.begin, 0);
            }
            system.since.1 += 1;
            if system.since.1 > method.most() || again && next < shortest || !next.is_finite() {
                return Err(self.fault(system));
            }
            let step =
                (system.begin + next.min(self.longest()).min(self.shortest_delay(&system.members)).max(shortest)) - system.begin;
            self.set(system, Keep::Step, step);
            self.run_part(system, Part::Begin);
            for stage in method.stages() {
                self.flow(f64::NAN, false);
                self.run_part(system, stage);
            }
            let error = self.size(system, false);
            if error < 1.0 {
                let factor = if error == 0.0 { 10.0 } else { (0.9 * math::pow(error, -method.power())).min(10.0) };
                next = step * if again { factor.min(1.0) } else { factor };
                self.set(system, Keep::Made, f64::from_bits(u64::MAX));
                self.run_part(system, Part::Settle);
                self.set(system, Keep::Made, 0.0);
                self.note_own(&system.members, (system.begin, step));
                system.begin += step;
                again = false;
            } else {
                next = step * (0.9 * math::pow(error, -method.power())).max(0.2);
                again = true;
            }
        }
        system.next = Some(next);
        Ok(())
    }

    /// States at a time within the step made last.
    pub(super) fn look_at(&mut self, members: &[Member], t: f64) {
        for member in members.iter().copied() {
            let adaptive = self.adaptive(member);
            let (begin, step) = (*self.row(member, adaptive.rows.last_begin), *self.row(member, adaptive.rows.last_step));
            if step == 0.0 {
                continue;
            }
            *self.row(member, adaptive.rows.time) = t;
            for state in adaptive.states {
                let bends = state.bends.map(|bend| *self.row(member, bend));
                *self.row(member, state.state) = within(*self.row(member, state.last), bends, step, (t - begin) / step);
            }
        }
    }

    fn fault(&self, system: &System) -> Box<Fault> {
        let (class, _, lane) = system.members[0];
        Box::new(Fault {
            time: system.begin,
            cell: self.plan.classes[class].cells.get(lane).unwrap_or_default(),
            place: String::new(),
            mechanism: String::new(),
            variable: String::new(),
            value: f64::NAN,
            endless: false,
            values: Vec::new(),
        })
    }
}
