//! The connections of a rule as they are drawn: cell by cell on one side, with those on the other. There is no object for a single one.

use bouton_engine::plan::Values;

/// One connection to be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pair {
    /// Number of the sending cell.
    pub pre: u32,
    /// Number of the receiving cell.
    pub post: u32,
    /// First argument of the event.
    pub weight: f64,
    /// ms
    pub delay: f64,
}

/// A side of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Sending cells.
    Pre,
    /// Receiving cells.
    Post,
}

/// Connections in order of creation.
#[derive(Clone, Debug, PartialEq)]
pub struct Drawn {
    /// On which side one cell comes after the other.
    side: Side,
    /// Cells of that side, and how many connections each of them has.
    anchors: Vec<(u32, u32)>,
    /// The cells at the other ends.
    others: Vec<u32>,
    /// First argument of the event.
    pub weight: Values,
    /// ms
    pub delay: Values,
}

impl Drawn {
    /// None so far; what is the same for all is given.
    pub fn new(side: Side, weight: Option<f64>, delay: Option<f64>) -> Drawn {
        let values = |same: Option<f64>| same.map_or(Values::Each(Vec::new()), Values::Same);
        Drawn { side, anchors: Vec::new(), others: Vec::new(), weight: values(weight), delay: values(delay) }
    }

    /// On which side one cell comes after the other.
    pub fn side(&self) -> Side {
        self.side
    }

    /// Those of the next cell follow.
    pub fn anchor(&mut self, cell: u32) {
        self.anchors.push((cell, 0));
    }

    /// The next one of the cell. Weight and delay are only kept where they differ.
    pub fn push(&mut self, other: u32, weight: f64, delay: f64) {
        self.others.push(other);
        if let Some((_, count)) = self.anchors.last_mut() {
            *count += 1;
        }
        for (values, x) in [(&mut self.weight, weight), (&mut self.delay, delay)] {
            if let Values::Each(list) = values {
                list.push(x);
            }
        }
    }

    /// Those of another part of the same rule behind these.
    pub fn append(&mut self, mut other: Drawn) {
        self.anchors.append(&mut other.anchors);
        self.others.append(&mut other.others);
        for (values, more) in [(&mut self.weight, other.weight), (&mut self.delay, other.delay)] {
            if let (Values::Each(list), Values::Each(mut more)) = (values, more) {
                list.append(&mut more);
            }
        }
    }

    /// Those of these numbers, in this order.
    pub fn only(&self, numbers: &[usize]) -> Drawn {
        let mut ends = Vec::with_capacity(self.len());
        self.each_end(|pre, post| {
            ends.push(match self.side {
                Side::Pre => (pre, post),
                Side::Post => (post, pre),
            });
        });
        let same = |values: &Values| if let Values::Same(x) = values { Some(*x) } else { None };
        let mut part = Drawn::new(self.side, same(&self.weight), same(&self.delay));
        for (k, (anchor, other)) in numbers.iter().filter_map(|k| Some((*k, *ends.get(*k)?))) {
            if part.anchors.last().is_none_or(|(last, _)| *last != anchor) {
                part.anchor(anchor);
            }
            part.push(other, self.weight.at(k), self.delay.at(k));
        }
        part
    }

    /// Other numbers for those that send.
    pub fn sent_by(&mut self, number: impl Fn(u32) -> u32) {
        match self.side {
            Side::Pre => self.anchors.iter_mut().for_each(|(sender, _)| *sender = number(*sender)),
            Side::Post => self.others.iter_mut().for_each(|sender| *sender = number(*sender)),
        }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.others.len()
    }

    /// Calls for the sender and receiver of each, in order of creation.
    pub fn each_end(&self, act: impl FnMut(u32, u32)) {
        Part { side: self.side, anchors: &self.anchors, others: &self.others }.each_end(act);
    }

    /// So many parts at most, one behind the other.
    pub fn parts(&self, most: usize) -> Vec<Part<'_>> {
        let mut others = self.others.as_slice();
        let part = |anchors| {
            let count = cells_of(anchors).map(|(_, count)| count).sum::<usize>();
            let (own, rest) = others.split_at(count.min(others.len()));
            others = rest;
            Part { side: self.side, anchors, others: own }
        };
        self.anchors.chunks(self.anchors.len().div_ceil(most.max(1)).max(1)).map(part).collect()
    }

    /// All of them.
    #[cfg(test)]
    pub fn pairs(&self) -> Vec<Pair> {
        let mut pairs = Vec::new();
        self.each_end(|pre, post| {
            let at = pairs.len();
            pairs.push(Pair { pre, post, weight: self.weight.at(at), delay: self.delay.at(at) });
        });
        pairs
    }
}

/// Some of them that follow one another.
pub struct Part<'a> {
    side: Side,
    anchors: &'a [(u32, u32)],
    others: &'a [u32],
}

impl Part<'_> {
    /// Calls for the sender and receiver of each, in order of creation.
    pub fn each_end(&self, mut act: impl FnMut(u32, u32)) {
        let mut first = 0;
        for (anchor, count) in cells_of(self.anchors) {
            let end = first + count;
            let others = self.others.get(first..end).unwrap_or_default();
            match self.side {
                Side::Pre => others.iter().for_each(|other| act(anchor, *other)),
                Side::Post => others.iter().for_each(|other| act(*other, anchor)),
            }
            first = end;
        }
    }
}

fn cells_of(anchors: &[(u32, u32)]) -> impl Iterator<Item = (u32, usize)> {
    anchors.iter().map(|(cell, count)| (*cell, *count as usize))
}
