//! The connections of a statement as projections, one for each class that they reach: counted by source, then put in their places.

use super::by_source::by_source;
use super::values::{Set, columns, variables};
use super::{Numbers, Reached, Target, Wiring};
use crate::build::classes::Lanes;
use crate::build::group::Group;
use crate::build::points::{In, Point};
use crate::build::pools::{Address, Addresses};
use crate::build::range::Told;
use crate::build::streams::Drawn;
use crate::build::synapses::settings;
use bouton_engine::plan::Projection;
use bouton_model::ir::Connection;
use bouton_syntax::diagnostic::{Code, Diagnostic};
use std::collections::HashMap;

/// A projection whose targets are numbers within what it acts on.
#[derive(Debug)]
pub struct Bundle {
    target: Target,
    projection: Projection,
    /// Which of the program's connections.
    pub statement: usize,
}

impl Bundle {
    /// With pool and instances.
    pub(super) fn finish(self, addresses: &[Addresses]) -> Projection {
        let Bundle { target, mut projection, .. } = self;
        let Target::Point(point) = target else { return projection };
        match addresses.get(usize::from(projection.class)).and_then(|a| a.points.get(point)) {
            Some(Address::Every { pool, first }) => {
                projection.pool = *pool;
                projection.targets.iter_mut().for_each(|number| *number += first);
            }
            Some(Address::Some { pool, instances }) => {
                projection.pool = *pool;
                let place = |number: &mut u32| *number = instances.get(*number as usize).copied().unwrap_or(0);
                projection.targets.iter_mut().for_each(place);
            }
            None => {}
        }
        projection
    }
}

impl Wiring<'_> {
    /// What was drawn becomes projections; synapses that the statement made for its connections become points.
    pub(super) fn bundle(
        &mut self,
        drawn: &Drawn,
        reached: HashMap<usize, Reached>,
        connection: &Connection,
        set: &[Set],
    ) -> Result<(), Told> {
        if drawn.len() > u32::MAX as usize {
            let message = format!("this statement makes {} connections, more than can be numbered", drawn.len());
            return Err(Box::new(Diagnostic::new(Code::TooMuchMemory, connection.span, message)));
        }
        let mut reached: Vec<_> = reached.into_iter().collect();
        reached.sort_by_key(|(class, _)| *class);
        let mut joined = 0;
        for (class, Reached { target, handler, numbers }) in reached {
            let lanes = self.lanes_of(class);
            let lane = |post: u32| lanes.get(post as usize).copied().filter(|lane| *lane != ELSEWHERE);
            let Some(cell) = self.classes.list.get(class).map(|l| l.cell) else { continue };
            let mut projection = by_source(drawn, &columns(set, cell), lane, |lane, created| match &numbers {
                Numbers::Lane => lane,
                Numbers::Of(numbers) => numbers.get(lane as usize).copied().unwrap_or(0),
                Numbers::New(_) => created,
            });
            joined += projection.len();
            (projection.class, projection.handler) = (class as u16, handler);
            if let (Numbers::New(new), Some(draft)) = (numbers, self.drafts.get_mut(class)) {
                let (made, lanes) = here(drawn, lane);
                let (lanes, order) = In::exactly(lanes, draft.lanes());
                let place = |number: &mut u32| *number = order.get(*number as usize).copied().unwrap_or(0);
                projection.targets.iter_mut().for_each(place);
                // Which connection each instance was made for.
                let mut of = made.clone();
                order.iter().zip(&made).for_each(|(number, connection)| of[*number as usize] = *connection);
                let mut settings = settings(self.making, &new.given, &lanes, &draft.cells)?;
                settings.extend(variables(set, cell, &of));
                draft.points.push(Point { group: Group { settings, ..new.group }, node: new.node, lanes });
            }
            if !projection.is_empty() {
                let all = &self.making.program.connections;
                let statement = all.iter().position(|one| std::ptr::eq(one, connection)).unwrap_or(usize::MAX);
                self.bundles.push(Bundle { target, projection, statement });
            }
        }
        if joined < drawn.len() {
            let message = "a target of this connection takes no events";
            return Err(Box::new(Diagnostic::new(Code::TakesNoEvents, connection.span, message)));
        }
        Ok(())
    }

    /// For each cell its lane in a class.
    fn lanes_of(&self, class: usize) -> Vec<u32> {
        let mut lanes = vec![ELSEWHERE; self.making.world.cells.len() as usize];
        let list = self.classes.list.get(class).into_iter().flat_map(Lanes::cells);
        list.zip(0..).for_each(|(cell, lane)| lanes[cell as usize] = lane);
        lanes
    }
}

/// The lane of a cell in another class.
const ELSEWHERE: u32 = u32::MAX;

/// Connections whose receivers have a lane, and their lanes, in order of creation.
fn here(drawn: &Drawn, lane: impl Fn(u32) -> Option<u32>) -> (Vec<usize>, Vec<u32>) {
    let (mut made, mut lanes, mut at) = (Vec::new(), Vec::new(), 0);
    drawn.each_end(|_, post| {
        if let Some(lane) = lane(post) {
            made.push(at);
            lanes.push(lane);
        }
        at += 1;
    });
    (made, lanes)
}
