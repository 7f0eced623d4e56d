//! Point mechanisms of a class: synapses of its cells, synapses of the file, electrodes; one in every lane, or some in some.

use super::group::Group;

/// Point mechanisms that were declared together, all at one node of the class.
#[derive(Clone, Debug, PartialEq)]
pub struct Point {
    /// What they are.
    pub group: Group,
    /// Where they are.
    pub node: u32,
    /// In which lanes.
    pub lanes: In,
}

/// In which lanes there is one.
#[derive(Clone, Debug, PartialEq)]
pub enum In {
    /// In each; their number is the lane.
    Every,
    /// In these, in order of creation; their number is the place in this list.
    Some(Vec<u32>),
}

impl In {
    /// Those of these lanes; where at least half of the class has one, every lane gets one, because one that nobody uses costs less than an index.
    pub fn at_least_half(mut lanes: Vec<u32>, of: u32) -> In {
        lanes.sort_unstable();
        lanes.dedup();
        if lanes.len() * 2 >= of as usize { In::Every } else { In::Some(lanes) }
    }

    /// The number of the one instance in a lane, if there is exactly one.
    pub fn number(&self, lane: u32) -> Option<u32> {
        match self {
            In::Every => Some(lane),
            In::Some(lanes) => {
                let mut found = lanes.iter().zip(0..).filter(|(l, _)| **l == lane).map(|(_, number)| number);
                let first = found.next();
                if found.next().is_some() { None } else { first }
            }
        }
    }

    /// For each lane the number of its instance, where there is one instance at most in a lane.
    pub fn numbers(&self, of: u32) -> Vec<u32> {
        match self {
            In::Every => (0..of).collect(),
            In::Some(lanes) => {
                let mut numbers = vec![0; of as usize];
                for (lane, number) in lanes.iter().zip(0..) {
                    if let Some(slot) = numbers.get_mut(*lane as usize) {
                        *slot = number;
                    }
                }
                numbers
            }
        }
    }

    /// Those of these lanes, and for each of the old numbers the new one: where every lane has exactly one, they are numbered by lane.
    pub fn exactly(lanes: Vec<u32>, of: u32) -> (In, Vec<u32>) {
        let mut seen = vec![false; of as usize];
        let distinct =
            lanes.iter().filter(|lane| seen.get_mut(**lane as usize).is_some_and(|s| !std::mem::replace(s, true))).count();
        if lanes.len() == of as usize && distinct == lanes.len() {
            (In::Every, lanes)
        } else {
            let numbers = (0..lanes.len() as u32).collect();
            (In::Some(lanes), numbers)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_is_enough() {
        let some = In::at_least_half(vec![4, 2, 2], 5);
        assert_eq!((&some, some.numbers(5)), (&In::Some(vec![2, 4]), vec![0, 0, 0, 0, 1]));
        let every = In::at_least_half(vec![4, 2, 1], 5);
        assert_eq!((&every, every.numbers(5)), (&In::Every, vec![0, 1, 2, 3, 4]));
    }

    #[test]
    fn one_in_each_lane() {
        assert_eq!(In::exactly(vec![2, 0, 1], 3), (In::Every, vec![2, 0, 1]));
        assert_eq!(In::exactly(vec![2, 0, 0], 3), (In::Some(vec![2, 0, 0]), vec![0, 1, 2]));
        assert_eq!(In::exactly(vec![2, 0], 3).0, In::Some(vec![2, 0]));
    }
}
