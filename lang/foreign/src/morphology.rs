//! Files of morphologies: points that were traced become sections, as NEURON's Import3d makes them.

mod asc;
mod contour;
mod swc;

use crate::neuron::{Model, Point3, SectionId};

pub use asc::read as read_asc;
pub use swc::{pieces, read as read_swc};

/// An unbranched piece, with one kind of points.
#[derive(Clone, Debug, PartialEq)]
pub struct Branch {
    /// Its kind: 1 soma, 2 axon, 3 basal, 4 apical dendrite, others by number.
    pub kind: i32,
    /// What it hangs on, earlier in the list, and where.
    pub parent: Option<(usize, f64)>,
    /// x, y, z and diameter (um); at least two.
    pub points: Vec<[f64; 4]>,
}

/// An unbranched piece of an SWC file, with the point of its parent that it begins at.
#[derive(Clone, Debug)]
pub struct Piece {
    /// Its kind.
    pub kind: i32,
    /// The place in the file of its first own point.
    pub first: usize,
    /// What it hangs on, earlier in the list, and where.
    pub parent: Option<(usize, f64)>,
    /// Whether the parent's point is only a wire, no part of the section.
    pub skips: bool,
    /// x, y, z and diameter (um); the first is the parent's where there is one.
    pub points: Vec<[f64; 4]>,
}

/// What is wrong with a file: its line, counted from 1, and what of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Broken {
    /// The line.
    pub line: usize,
    /// In a sentence's words.
    pub why: String,
    /// The file where it is none that was asked for, but one that this includes.
    pub file: Option<String>,
}

impl Broken {
    /// What is wrong at a line of the file that was asked for.
    pub fn at(line: usize, why: impl Into<String>) -> Self {
        Self { line, why: why.into(), file: None }
    }
}

/// A kind of file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// A line a point.
    Swc,
    /// Neurolucida's.
    Asc,
}

impl Format {
    /// By the end of a file's name.
    #[must_use]
    pub fn of(file: &str) -> Option<Format> {
        let name = file.to_ascii_lowercase();
        match name.rsplit_once('.') {
            Some((_, "swc")) => Some(Format::Swc),
            Some((_, "asc")) => Some(Format::Asc),
            _ => None,
        }
    }

    /// Reads a text.
    ///
    /// # Errors
    /// The first line that is wrong.
    pub fn read(self, text: &str) -> Result<Vec<Branch>, Broken> {
        let text = with_lines(text);
        match self {
            Format::Swc => read_swc(&text),
            Format::Asc => read_asc(&text),
        }
    }
}

/// Old Macintoshes ended lines in another way.
#[must_use]
pub fn with_lines(text: &str) -> std::borrow::Cow<'_, str> {
    if text.contains('\n') { text.into() } else { text.replace('\r', "\n").into() }
}

/// How sections of a kind are called.
#[must_use]
pub fn name(kind: i32) -> String {
    match kind {
        1 => "soma".into(),
        2 => "axon".into(),
        3 => "dend".into(),
        4 => "apic".into(),
        kind if kind < 0 => format!("minus_{}", -kind),
        kind => format!("dend_{kind}"),
    }
}

/// How the list of the sections of a kind is called.
#[must_use]
pub fn list(kind: i32) -> String {
    match kind {
        1 => "somatic".into(),
        2 => "axonal".into(),
        3 => "basal".into(),
        4 => "apical".into(),
        kind if kind < 0 => format!("minus_{}set", -kind),
        kind => format!("dendritic_{kind}"),
    }
}

/// Kinds with how many branches each has, in order.
#[must_use]
pub fn kinds(branches: &[Branch]) -> Vec<(i32, usize)> {
    let mut all: Vec<(i32, usize)> = Vec::new();
    for branch in branches {
        match all.iter_mut().find(|(kind, _)| *kind == branch.kind) {
            Some((_, count)) => *count += 1,
            None => all.push((branch.kind, 1)),
        }
    }
    all.sort_unstable();
    all
}

/// Gives sections that are there the shape of branches, and connects them. `ids` are the sections of each kind, in order.
///
/// # Errors
/// What no section can be.
pub fn shape(model: &mut Model, branches: &[Branch], ids: &[(i32, Vec<SectionId>)]) -> Result<Vec<SectionId>, String> {
    let mut next: Vec<usize> = vec![0; ids.len()];
    let mut all: Vec<SectionId> = Vec::new();
    for branch in branches {
        let at = ids.iter().position(|(kind, _)| *kind == branch.kind).ok_or("a section is missing")?;
        let id = *ids[at].1.get(next[at]).ok_or("a section is missing")?;
        next[at] += 1;
        all.push(id);
    }
    for (branch, id) in branches.iter().zip(&all) {
        if let Some((parent, x)) = branch.parent {
            let parent = *all.get(parent).ok_or("a section is missing")?;
            model.connect(*id, 0.0, parent, x)?;
        }
        for point in &branch.points {
            let [x, y, z, diam] = point.map(|one| eight_digits(one) as f32);
            model.add_point(*id, Point3 { at: [x, y, z], diam })?;
        }
    }
    Ok(all)
}

/// Import3d writes coordinates into commands of hoc, with so many digits.
fn eight_digits(x: f64) -> f64 {
    format!("{x:.7e}").parse().unwrap_or(x)
}

/// Creates the sections of branches, called by their kinds, with a list for each kind. A kind with one section has no index.
///
/// # Errors
/// What no section can be.
pub fn grow(model: &mut Model, branches: &[Branch]) -> Result<Vec<(String, Vec<SectionId>)>, String> {
    let mut ids = Vec::new();
    for (kind, count) in kinds(branches) {
        let own = name(kind);
        let sections = (0..count).map(|k| model.create((own.as_str().into(), (count > 1).then_some(k)), "", 0, None));
        ids.push((kind, sections.collect::<Result<Vec<_>, String>>()?));
    }
    shape(model, branches, &ids)?;
    let dendrites: Vec<SectionId> = ids.iter().filter(|(kind, _)| *kind > 2).flat_map(|(_, ids)| ids.clone()).collect();
    let lists = ids.into_iter().map(|(kind, ids)| (list(kind), ids));
    Ok(lists.chain([("dendrite".to_owned(), dendrites)]).collect())
}

/// What becomes of pieces.
#[must_use]
pub fn branches(pieces: &[Piece]) -> Vec<Branch> {
    let whole = |piece: &Piece| Branch {
        kind: piece.kind,
        parent: piece.parent,
        points: piece.points[usize::from(piece.skips)..].to_vec(),
    };
    without_short(pieces.iter().map(whole).collect())
}

/// Branches of one point, and of two at one place, are left out; what hangs on them hangs on what they hang on. A root of one point is a ball.
fn without_short(mut all: Vec<Branch>) -> Vec<Branch> {
    for at in (0..all.len()).rev() {
        let Some(above) = all[at].parent else { continue };
        let short = match all[at].points.as_slice() {
            [] | [_] => true,
            [a, b] => a[..3] == b[..3],
            _ => false,
        };
        if !short {
            continue;
        }
        all.remove(at);
        for branch in &mut all[at..] {
            match &mut branch.parent {
                Some((parent, _)) if *parent == at => branch.parent = Some(above),
                Some((parent, _)) if *parent > at => *parent -= 1,
                _ => {}
            }
        }
    }
    for branch in &mut all {
        if let [[x, y, z, d]] = branch.points[..] {
            branch.points = vec![[x - d / 2.0, y, z, d], [x, y, z, d], [x + d / 2.0, y, z, d]];
        }
    }
    all
}
