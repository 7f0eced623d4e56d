//! Spikes of many sources at one time, as one event: where each source of a pool has one connection, as stimuli have, a queue of single events would cost
//! more than everything else.

use crate::inbound::Inbound;

/// Sources that have one connection each in their group, all of them to one handler of one block's pool, with one delay.
#[derive(Clone, Debug, PartialEq)]
pub struct Singles {
    /// Which part of the group's connections.
    pub part: u32,
    /// ms
    pub delay: f64,
    /// The first source; the others follow it without gaps.
    pub first: u32,
    /// Whether somebody outside of the group hears of some of them.
    pub shown: bool,
    /// Connection of each source in the part.
    pub at: Vec<u32>,
}

impl Singles {
    /// Of these sources, if they are such.
    pub fn of(inbound: &Inbound, sources: &[u32], is_shown: impl Fn(&u32) -> bool) -> Option<Singles> {
        let first = *sources.first()?;
        let (part, _, delay) = inbound.only(first)?;
        let mut at = Vec::with_capacity(sources.len());
        for (source, number) in sources.iter().zip(first..) {
            let (p, connection, d) = inbound.only(*source)?;
            if (*source, p, d) != (number, part, delay) {
                return None;
            }
            at.push(connection);
        }
        // Numbers of others do not lie between theirs, so no event comes between two of theirs; without a delay one that is caused by the first could.
        (delay > 0.0).then(|| Singles { part, delay, first, shown: sources.iter().any(is_shown), at })
    }
}

/// Sources (by their number among the singles) and how often each of them has spiked.
pub type Spikes = Vec<(u32, u32)>;

/// Those on their way, and memory for others.
#[derive(Default)]
pub struct Salvos {
    lists: Vec<Spikes>,
    free: Vec<u32>,
    spare: Vec<Spikes>,
}

impl Salvos {
    /// An empty list.
    pub fn open(&mut self) -> Spikes {
        self.spare.pop().unwrap_or_default()
    }

    /// It goes on its way under this number.
    pub fn send(&mut self, spikes: Spikes) -> u32 {
        let number = self.free.pop().unwrap_or(self.lists.len() as u32);
        match self.lists.get_mut(number as usize) {
            Some(slot) => *slot = spikes,
            None => self.lists.push(spikes),
        }
        number
    }

    /// Those on their way under this number.
    pub fn get(&self, number: u32) -> &[(u32, u32)] {
        &self.lists[number as usize]
    }

    /// It has arrived.
    pub fn take(&mut self, number: u32) -> Spikes {
        self.free.push(number);
        std::mem::take(&mut self.lists[number as usize])
    }

    /// Its memory is used again.
    pub fn close(&mut self, mut spikes: Spikes) {
        spikes.clear();
        self.spare.push(spikes);
    }
}
