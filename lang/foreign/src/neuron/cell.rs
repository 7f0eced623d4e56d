//! One cell out of all that a script has built: a tree of sections with what sits on them, under names that a script of Bouton can use.

use super::{Model, SectionId, Source};
use std::collections::{BTreeMap, HashMap, HashSet};

/// A cell.
#[derive(Clone, Debug)]
pub struct Cell {
    /// Its sections, in order of creation.
    pub sections: Vec<SectionId>,
    /// How each is called: the name, and the index in an array.
    pub names: Vec<(String, Option<usize>)>,
    /// Arrays: the name, the first index, how many.
    pub arrays: Vec<(String, usize, usize)>,
    /// Its point processes.
    pub points: Vec<usize>,
    /// Where spikes are found, and the threshold (mV), where the script says so.
    pub spike: Option<(SectionId, f64, f64)>,
    /// Whether the script says by itself where spikes are found.
    pub silent: bool,
    /// Lists of its sections by name.
    pub lists: Vec<(String, Vec<SectionId>)>,
    /// Mechanisms that the cell brings along, as text of the language.
    pub declarations: String,
    /// What was left out, and why.
    pub left: Vec<String>,
}

/// Words that are no names in Bouton.
const WORDS: &[&str] = &["if", "else", "for", "while", "and", "or", "not", "in", "true", "false", "all"];

/// The name of a section, and its index in its array.
type Named = (String, Option<usize>);

/// The name of an array, its first index and its length.
type Array = (String, usize, usize);

impl Model {
    /// The cell to which most of some sections belong.
    ///
    /// # Errors
    /// No sections.
    pub fn cell(&self, own: &[SectionId]) -> Result<Cell, String> {
        let all = self.all();
        let Some(first) = own.first() else { return Err("no section was created".into()) };
        let mut left = self.notes.clone();
        // What hangs together with most of its own sections.
        let mut sizes: BTreeMap<SectionId, usize> = BTreeMap::new();
        own.iter().for_each(|id| *sizes.entry(self.root(*id)).or_default() += 1);
        let most = sizes.values().copied().max().unwrap_or(0);
        let root = own.iter().map(|id| self.root(*id)).find(|root| sizes.get(root) == Some(&most)).unwrap_or(*first);
        let tree: HashSet<SectionId> = self.subtree(root).into_iter().collect();
        let sections: Vec<SectionId> = all.iter().copied().filter(|id| tree.contains(id)).collect();
        let apart: Vec<&str> = own.iter().filter(|id| !tree.contains(id)).map(|id| &*self.section(*id).name).collect();
        if !apart.is_empty() {
            let names = apart.iter().take(5).copied().collect::<Vec<_>>().join(", ");
            let more = if apart.len() > 5 { ", ..." } else { "" };
            left.push(format!("{} sections that hang on nothing of the cell: {names}{more}", apart.len()));
        }
        let points: Vec<usize> = self
            .living_points()
            .filter(|(_, point)| point.place.is_some_and(|(section, _)| tree.contains(&section)))
            .map(|(id, _)| id)
            .collect();
        let spike = self.living_netcons().find_map(|one| match one.source {
            Source::Place(section, x) if tree.contains(&section) => Some((section, x, one.threshold)),
            _ => None,
        });
        let inner = self.living_netcons().filter(|one| one.target.is_some_and(|target| points.contains(&target))).count();
        if inner > 0 {
            left.push(format!("{inner} connections to point processes of the cell: connections are made by `connect`"));
        }
        let (names, arrays) = self.named(&sections);
        Ok(Cell { sections, names, arrays, points, spike, silent: false, lists: Vec::new(), declarations: String::new(), left })
    }

    /// Names for sections: those that they have by themselves where these are unlike.
    fn named(&self, sections: &[SectionId]) -> (Vec<Named>, Vec<Array>) {
        let own = |id: &SectionId| (self.section(*id).own.0.to_string(), self.section(*id).own.1);
        let mut count: HashMap<(String, Option<usize>), usize> = HashMap::new();
        let mut indices: BTreeMap<String, Vec<Option<usize>>> = BTreeMap::new();
        for id in sections {
            *count.entry(own(id)).or_default() += 1;
            indices.entry(own(id).0).or_default().push(own(id).1);
        }
        let whole = |name: &str| -> Option<(usize, usize)> {
            let mut all: Vec<usize> = indices.get(name)?.iter().copied().collect::<Option<_>>()?;
            all.sort_unstable();
            let first = *all.first()?;
            let row = all.iter().enumerate().all(|(k, index)| *index == first + k);
            row.then_some((first, all.len()))
        };
        let mut taken: HashSet<String> = HashSet::new();
        let mut arrays = Vec::new();
        let names = sections.iter().map(|id| {
            let (name, index) = own(id);
            let alike = count.get(&(name.clone(), index)).copied().unwrap_or(0) > 1;
            match (index, whole(&name)) {
                (Some(index), Some((first, length))) if !alike => {
                    let name = usable(&name);
                    if taken.insert(name.clone()) {
                        arrays.push((name.clone(), first, length));
                    }
                    (name, Some(index))
                }
                _ => {
                    let written = if alike {
                        self.section(*id).name.clone()
                    } else {
                        index.map_or(name.clone(), |k| format!("{name}_{k}"))
                    };
                    let mut name = usable(&written);
                    while !taken.insert(name.clone()) {
                        name.push('_');
                    }
                    (name, None)
                }
            }
        });
        let names = names.collect();
        (names, arrays)
    }
}

impl Cell {
    /// Adds a list of sections under a name that nothing else has.
    pub fn add_list(&mut self, name: &str, sections: &[SectionId]) {
        let own: Vec<SectionId> = sections.iter().copied().filter(|id| self.sections.contains(id)).collect();
        let taken = self.names.iter().any(|(other, _)| other == name) || self.lists.iter().any(|(other, _)| other == name);
        if !own.is_empty() && !taken && !WORDS.contains(&name) {
            self.lists.push((name.to_owned(), own));
        }
    }

    /// Gives a section, or a whole array, another name. Whether there is one of this name.
    pub fn rename(&mut self, from: &str, index: Option<usize>, to: &str) -> bool {
        let mut found = false;
        for (name, own) in &mut self.names {
            if name == from && (index.is_none() || *own == index) {
                found = true;
                *name = to.to_owned();
                if index.is_some() {
                    *own = None;
                }
            }
        }
        match index {
            None => self.arrays.iter_mut().filter(|(name, ..)| name == from).for_each(|(name, ..)| *name = to.to_owned()),
            Some(_) if found => self.without(from),
            Some(_) => {}
        }
        found
    }

    /// What is left of an array of which one section has another name.
    fn without(&mut self, array: &str) {
        let left: Vec<usize> = self.names.iter().filter(|(name, _)| name == array).filter_map(|(_, index)| *index).collect();
        let first = left.iter().copied().min().unwrap_or(0);
        let row = left.iter().copied().max().is_some_and(|last| last - first + 1 == left.len());
        self.arrays.retain(|(name, ..)| name != array);
        if row {
            self.arrays.push((array.to_owned(), first, left.len()));
            return;
        }
        for (name, index) in self.names.iter_mut().filter(|(name, _)| name == array) {
            if let Some(index) = index.take() {
                name.push_str(&format!("_{index}"));
            }
        }
    }

    /// How a point process is written in a script: `ExpSyn_0`, with its number among those of its kind in this cell.
    #[must_use]
    pub fn point_name(&self, model: &Model, id: usize) -> String {
        let kind = |id: usize| model.point(id).map(|point| point.mechanism);
        let before = self.points.iter().take_while(|one| **one != id).filter(|one| kind(**one) == kind(id)).count();
        format!("{}_{before}", kind(id).map_or("", |at| &*model.catalog.get(at).name))
    }

    /// How a section is written in a script.
    #[must_use]
    pub fn name(&self, id: SectionId) -> String {
        let found = self.sections.iter().position(|one| *one == id).and_then(|at| self.names.get(at));
        match found {
            Some((name, Some(index))) => format!("{name}[{index}]"),
            Some((name, None)) => name.clone(),
            None => String::new(),
        }
    }
}

/// A text as a name of the language.
pub fn usable(text: &str) -> String {
    let mut name: String = text.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
    if name.starts_with(|c: char| c.is_ascii_digit()) || name.is_empty() {
        name.insert(0, '_');
    }
    let trimmed = name.trim_end_matches('_').len().max(1);
    if text.ends_with(']') {
        name.truncate(trimmed);
    }
    if WORDS.contains(&&*name) {
        name.push('_');
    }
    name
}
