//! How cells are called in messages. Names that count up, as `E[0]` to `E[3999]` of a population do, are there once for all of them.

/// A name for each lane of a class.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Names {
    runs: Vec<Run>,
}

/// Names that follow one another.
#[derive(Clone, Debug, PartialEq)]
struct Run {
    /// How many names there are up to the last of these.
    end: usize,
    /// What stands before the index, or the only one of these as it is.
    name: String,
    /// The index of the first.
    first: Option<u32>,
}

impl Names {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.runs.last().map_or(0, |run| run.end)
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.runs.is_empty()
    }

    /// That of a lane.
    pub fn get(&self, lane: usize) -> Option<String> {
        let at = self.runs.partition_point(|run| run.end <= lane);
        let begin = at.checked_sub(1).map_or(0, |before| self.runs[before].end);
        let Run { name, first, .. } = self.runs.get(at)?;
        Some(match first {
            Some(first) => format!("{name}[{}]", *first as usize + lane - begin),
            None => name.clone(),
        })
    }

    /// All of them, lane by lane.
    pub fn iter(&self) -> impl Iterator<Item = String> + '_ {
        (0..self.len()).filter_map(|lane| self.get(lane))
    }

    fn push(&mut self, name: String) {
        let end = self.len() + 1;
        let begin = self.runs.len().checked_sub(2).map_or(0, |before| self.runs[before].end);
        let Some((before, index)) = counted(&name) else {
            return self.runs.push(Run { end, name, first: None });
        };
        match self.runs.last_mut() {
            Some(run)
                if run.name == before && run.first.is_some_and(|first| first as usize + run.end - begin == index as usize) =>
            {
                run.end = end;
            }
            _ => self.runs.push(Run { end, name: before.to_owned(), first: Some(index) }),
        }
    }
}

/// What stands before an index at the end of a name, and the index.
fn counted(name: &str) -> Option<(&str, u32)> {
    let (before, digits) = name.strip_suffix(']')?.rsplit_once('[')?;
    let index: u32 = digits.parse().ok()?;
    (index.to_string() == digits).then_some((before, index))
}

impl FromIterator<String> for Names {
    fn from_iter<I: IntoIterator<Item = String>>(names: I) -> Names {
        let mut all = Names::default();
        names.into_iter().for_each(|name| all.push(name));
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_what_they_were() {
        let names =
            ["E[0]", "E[1]", "E[2]", "E[4]", "p", "p", "I[9]", "I[10]", "a of E[11]", "a of E[12]", "x[01]", "x[+2]", "[3]"];
        let kept: Names = names.iter().map(|name| (*name).to_owned()).collect();
        assert_eq!(kept.iter().collect::<Vec<_>>(), names);
        assert_eq!((kept.len(), kept.get(7).as_deref(), kept.get(13)), (13, Some("I[10]"), None));
        assert!(!kept.is_empty() && Names::default().is_empty());
        let many: Names = (5..1000).map(|k| format!("E[{k}]")).collect();
        assert_eq!((many.runs.len(), many.len(), many.get(994).as_deref()), (1, 995, Some("E[999]")));
    }
}
