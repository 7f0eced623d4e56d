//! Where the columns of connections are, for probes.

use crate::inbound::Inbound;
use crate::plan::{Plan, Probe, ProbeValue};
use crate::probe::Reading;
use std::collections::HashMap;

/// Group, block of it, and number in the pool of a connection.
type Place = (usize, usize, u32);

/// The connections of the projections that somebody asks about.
pub struct Connections<'a> {
    plan: &'a Plan,
    inbound: &'a [Inbound],
    places: HashMap<u32, HashMap<u32, Place>>,
}

impl<'a> Connections<'a> {
    /// Nobody has asked yet.
    pub fn new(plan: &'a Plan, inbound: &'a [Inbound]) -> Connections<'a> {
        Connections { plan, inbound, places: HashMap::new() }
    }

    /// Group and reading of a probe on a connection. Where connections have nothing for themselves, it is what the plan says.
    pub fn reading(&mut self, probe: &Probe) -> Option<(usize, Reading)> {
        let ProbeValue::Connection { projection: number, connection, column } = probe.value else { return None };
        let projection = self.plan.projections.get(number as usize)?;
        let pool = self.plan.classes.get(usize::from(projection.class))?.pools.get(usize::from(projection.pool))?;
        if pool.code.connections.is_none() {
            let value = projection.arguments.get(usize::from(column))?.at(connection as usize);
            return Some((0, Reading::Fixed(value)));
        }
        let inbound = self.inbound;
        let places = self.places.entry(number).or_insert_with(|| places(inbound, number));
        let (group, block, at) = *places.get(&connection)?;
        Some((group, Reading::Connection(block, usize::from(projection.pool), at, column)))
    }
}

fn places(inbound: &[Inbound], projection: u32) -> HashMap<u32, Place> {
    let mut places = HashMap::new();
    for (group, inbound) in inbound.iter().enumerate() {
        for part in inbound.parts().iter().filter(|part| part.projection == projection as usize) {
            let numbers = part.connections.iter().zip(part.first..);
            places.extend(numbers.map(|(connection, number)| (*connection, (group, usize::from(part.block), number))));
        }
    }
    places
}
