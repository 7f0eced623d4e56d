//! Segments of NeuroML: frusta that hang on one another. Groups that say they are unbranched become sections; any other segment is one by itself.

use super::{Documents, inside};
use crate::morphology::Broken;
use crate::neuron::{Model, Point3, SectionId, usable};
use roxmltree::Node;
use std::collections::{HashMap, HashSet};

/// What a group of segments is that makes up a section.
const UNBRANCHED: &str = "sao864921383";

/// A segment.
struct Segment<'d> {
    id: &'d str,
    name: &'d str,
    node: Node<'d, 'd>,
    parent: Option<(usize, f64)>,
    /// x, y, z and diameter (um).
    proximal: Option<[f64; 4]>,
    distal: [f64; 4],
}

/// A group of segments.
struct Group<'d> {
    id: &'d str,
    node: Node<'d, 'd>,
    members: Vec<usize>,
}

/// The segments of a cell, as sections.
pub struct Tree<'d> {
    segments: Vec<Segment<'d>>,
    groups: Vec<Group<'d>>,
    /// Names of sections, and the segments of each, in a row.
    sections: Vec<(String, Vec<usize>, Option<usize>)>,
    /// What is told.
    notes: Vec<String>,
}

/// The morphology of a cell: inside of it, or where it says.
pub fn read<'d>(documents: &Documents<'d>, cell: Node<'d, 'd>) -> Result<Tree<'d>, Broken> {
    let own = inside(cell).find(|node| node.tag_name().name() == "morphology");
    let named = || cell.attribute("morphology").and_then(|id| documents.named("morphology", id));
    let morphology = own.or_else(named).ok_or_else(|| documents.wrong(cell, "this cell has no morphology"))?;
    let nodes: Vec<Node> = inside(morphology).filter(|node| node.tag_name().name() == "segment").collect();
    let mut index: HashMap<&str, usize> = HashMap::new();
    for (at, node) in nodes.iter().enumerate() {
        if index.insert(documents.needed(*node, "id")?, at).is_some() {
            return Err(documents.wrong(*node, "a second segment of this id"));
        }
    }
    let mut segments = Vec::new();
    for node in nodes {
        let child = |tag: &str| inside(node).find(|child| child.tag_name().name() == tag);
        let parent = child("parent").map(|parent| -> Result<(usize, f64), Broken> {
            let id = documents.needed(parent, "segment")?;
            let at = *index.get(id).ok_or_else(|| documents.wrong(parent, format!("there is no segment `{id}`")))?;
            let along = parent.attribute("fractionAlong").map_or(Ok(1.0), str::parse);
            let along = along.ok().filter(|x: &f64| (0.0..=1.0).contains(x));
            Ok((at, along.ok_or_else(|| documents.wrong(parent, "a fraction lies between 0 and 1"))?))
        });
        let distal = child("distal").ok_or_else(|| documents.wrong(node, "this segment has no distal point"))?;
        segments.push(Segment {
            id: node.attribute("id").unwrap_or(""),
            name: node.attribute("name").unwrap_or(""),
            node,
            parent: parent.transpose()?,
            proximal: child("proximal").map(|point| self::point(documents, point)).transpose()?,
            distal: self::point(documents, distal)?,
        });
    }
    if segments.is_empty() {
        return Err(documents.wrong(morphology, "this morphology has no segments"));
    }
    place(documents, &mut segments)?;
    let groups = groups(documents, morphology, &index, &segments)?;
    let mut notes = Vec::new();
    let sections = sections(documents, &segments, &groups, &mut notes)?;
    Ok(Tree { segments, groups, sections, notes })
}

fn point(documents: &Documents<'_>, node: Node<'_, '_>) -> Result<[f64; 4], Broken> {
    let mut all = [0.0; 4];
    for (one, name) in all.iter_mut().zip(["x", "y", "z", "diameter"]) {
        let value = node.attribute(name).and_then(|text| text.trim().parse().ok()).filter(|x: &f64| x.is_finite());
        *one = value.ok_or_else(|| documents.wrong(node, format!("this point has no number `{name}`")))?;
    }
    if all[3] < 0.0 {
        return Err(documents.wrong(node, "this diameter is below 0"));
    }
    Ok(all)
}

/// Finds where segments begin that do not say it: on their parents.
fn place(documents: &Documents<'_>, segments: &mut [Segment<'_>]) -> Result<(), Broken> {
    let mut done: HashSet<usize> = HashSet::new();
    for first in 0..segments.len() {
        // Up to one that is known, then down again.
        let (mut path, mut met, mut at) = (Vec::new(), HashSet::new(), Some(first));
        while let Some(now) = at.filter(|now| !done.contains(now)) {
            if !met.insert(now) {
                return Err(documents.wrong(segments[now].node, "this segment hangs on itself"));
            }
            path.push(now);
            at = segments[now].parent.map(|(parent, _)| parent);
        }
        for now in path.into_iter().rev() {
            done.insert(now);
            if segments[now].proximal.is_some() {
                continue;
            }
            let Some((parent, x)) = segments[now].parent else {
                return Err(documents.wrong(segments[now].node, "this segment has no parent and no proximal point"));
            };
            let (from, to) = (segments[parent].proximal.unwrap_or_default(), segments[parent].distal);
            let between = |k: usize| if x == 1.0 { to[k] } else { from[k] + x * (to[k] - from[k]) };
            segments[now].proximal = Some([between(0), between(1), between(2), between(3)]);
        }
    }
    let roots = segments.iter().filter(|one| one.parent.is_none()).count();
    match segments.iter().filter(|one| one.parent.is_none()).nth(1) {
        Some(second) => Err(documents.wrong(second.node, format!("a cell is one tree, and here are {roots}"))),
        None => Ok(()),
    }
}

fn groups<'d>(
    documents: &Documents<'d>,
    morphology: Node<'d, 'd>,
    index: &HashMap<&'d str, usize>,
    segments: &[Segment<'d>],
) -> Result<Vec<Group<'d>>, Broken> {
    let nodes: Vec<Node> = inside(morphology).filter(|node| node.tag_name().name() == "segmentGroup").collect();
    let mut children: Vec<Vec<usize>> = vec![Vec::new(); segments.len()];
    for (at, one) in segments.iter().enumerate() {
        one.parent.iter().for_each(|(parent, _)| children[*parent].push(at));
    }
    let known = Known { documents, nodes: &nodes, index, segments, children: &children };
    let mut all = Vec::new();
    for node in &nodes {
        let mut members = Vec::new();
        known.collect(*node, &mut members, &mut Vec::new())?;
        let mut met = HashSet::new();
        members.retain(|at| met.insert(*at));
        all.push(Group { id: documents.needed(*node, "id")?, node: *node, members });
    }
    Ok(all)
}

/// What groups speak of.
struct Known<'k, 'd> {
    documents: &'k Documents<'d>,
    nodes: &'k [Node<'d, 'd>],
    index: &'k HashMap<&'d str, usize>,
    segments: &'k [Segment<'d>],
    children: &'k [Vec<usize>],
}

impl<'d> Known<'_, 'd> {
    fn segment(&self, node: Node<'d, 'd>) -> Result<usize, Broken> {
        let id = self.documents.needed(node, "segment")?;
        self.index.get(id).copied().ok_or_else(|| self.documents.wrong(node, format!("there is no segment `{id}`")))
    }

    fn collect(&self, group: Node<'d, 'd>, members: &mut Vec<usize>, open: &mut Vec<Node<'d, 'd>>) -> Result<(), Broken> {
        if open.contains(&group) {
            return Err(self.documents.wrong(group, "this group includes itself"));
        }
        open.push(group);
        for node in inside(group) {
            match node.tag_name().name() {
                "member" => members.push(self.segment(node)?),
                "include" => {
                    let id = self.documents.needed(node, "segmentGroup")?;
                    let found = self.nodes.iter().find(|one| one.attribute("id") == Some(id));
                    let found = found.ok_or_else(|| self.documents.wrong(node, format!("there is no group `{id}`")))?;
                    self.collect(*found, members, open)?;
                }
                "path" | "subTree" => self.way(node, members)?,
                _ => {}
            }
        }
        open.pop();
        Ok(())
    }

    /// All from a segment on, or on the way from one to another.
    fn way(&self, node: Node<'d, 'd>, members: &mut Vec<usize>) -> Result<(), Broken> {
        let end = |tag: &str| inside(node).find(|one| one.tag_name().name() == tag).map(|one| self.segment(one)).transpose();
        let (from, to) = (end("from")?, end("to")?);
        if node.tag_name().name() == "path"
            && let Some(to) = to
        {
            let (mut way, mut at) = (Vec::new(), Some(to));
            while let Some(now) = at {
                way.push(now);
                at = self.segments[now].parent.map(|(parent, _)| parent).filter(|_| Some(now) != from);
            }
            members.extend(way.into_iter().rev());
            return Ok(());
        }
        let first = from.or_else(|| self.segments.iter().position(|one| one.parent.is_none()));
        let mut waiting: Vec<usize> = first.into_iter().collect();
        while let Some(at) = waiting.pop() {
            members.push(at);
            waiting.extend(self.children[at].iter().rev());
        }
        Ok(())
    }
}

/// Sections: the name of each, its segments, and the number of its group.
type Sections = Vec<(String, Vec<usize>, Option<usize>)>;

/// Which segments make up a section together. A group that has the mark and branches makes no section: its segments are sections by themselves, which is told.
fn sections(
    documents: &Documents<'_>,
    segments: &[Segment<'_>],
    groups: &[Group<'_>],
    notes: &mut Vec<String>,
) -> Result<Sections, Broken> {
    let mut children: Vec<Vec<usize>> = vec![Vec::new(); segments.len()];
    for (at, one) in segments.iter().enumerate() {
        one.parent.iter().for_each(|(parent, _)| children[*parent].push(at));
    }
    let mut marked: Vec<usize> =
        (0..groups.len()).filter(|at| groups[*at].node.attribute("neuroLexId") == Some(UNBRANCHED)).collect();
    loop {
        let mut of: Vec<Option<usize>> = vec![None; segments.len()];
        for at in &marked {
            for member in &groups[*at].members {
                if of[*member].replace(*at).is_some_and(|other| other != *at) {
                    let why = format!("segment `{}` is in two unbranched groups", segments[*member].id);
                    return Err(documents.wrong(groups[*at].node, why));
                }
            }
        }
        match walked(segments, groups, &children, &of) {
            Ok(sections) => return Ok(sections),
            Err(branches) => {
                notes.push(format!("the group {} has the mark of an unbranched piece, and branches", groups[branches].id));
                marked.retain(|at| *at != branches);
            }
        }
    }
}

/// Sections along the tree; or the group that is no unbranched piece.
fn walked(
    segments: &[Segment<'_>],
    groups: &[Group<'_>],
    children: &[Vec<usize>],
    of: &[Option<usize>],
) -> Result<Sections, usize> {
    let mut all = Vec::new();
    let mut rows: HashMap<usize, usize> = HashMap::new();
    let mut waiting: Vec<usize> = segments.iter().position(|one| one.parent.is_none()).into_iter().collect();
    while let Some(at) = waiting.pop() {
        waiting.extend(children[at].iter().rev());
        let Some(group) = of[at] else {
            let name =
                if segments[at].name.is_empty() { format!("segment_{}", segments[at].id) } else { segments[at].name.to_owned() };
            all.push((name, vec![at], None));
            continue;
        };
        let Some(row) = rows.get(&group).copied() else {
            rows.insert(group, all.len());
            all.push((groups[group].id.to_owned(), vec![at], Some(group)));
            continue;
        };
        let follows = segments[at].parent == all[row].1.last().map(|last| (*last, 1.0));
        if !follows {
            return Err(group);
        }
        all[row].1.push(at);
    }
    Ok(all)
}

fn apart(a: [f64; 4], b: [f64; 4]) -> f64 {
    (0..3).map(|k| (a[k] - b[k]) * (a[k] - b[k])).sum::<f64>().sqrt()
}

impl<'d> Tree<'d> {
    fn proximal(&self, at: usize) -> [f64; 4] {
        self.segments[at].proximal.unwrap_or_default()
    }

    /// How long a segment of a section is (um); a ball is as long as it is wide.
    fn length(&self, at: usize, list: &[usize]) -> f64 {
        let length = apart(self.proximal(at), self.segments[at].distal);
        if length == 0.0 && list.len() == 1 { self.segments[at].distal[3] } else { length }
    }

    /// Where along its section a place of a segment lies.
    fn along(&self, at: usize, x: f64) -> (usize, f64) {
        let section = self.sections.iter().position(|(_, list, _)| list.contains(&at)).unwrap_or(0);
        let list = &self.sections[section].1;
        let total: f64 = list.iter().map(|one| self.length(*one, list)).sum();
        let before: f64 = list.iter().take_while(|one| **one != at).map(|one| self.length(*one, list)).sum();
        let place = if list.last() == Some(&at) && x == 1.0 { 1.0 } else { (before + x * self.length(at, list)) / total };
        (section, place)
    }

    /// Creates the sections.
    pub fn grow(&self, model: &mut Model, documents: &Documents<'_>) -> Result<Vec<SectionId>, Broken> {
        let mut ids: Vec<SectionId> = Vec::new();
        self.notes.iter().for_each(|note| model.note(note.as_str()));
        for (name, list, group) in &self.sections {
            let node = self.segments[list[0]].node;
            let wrong = |why: String| documents.wrong(node, why);
            let id = model.create((name.as_str().into(), None), "", 0, None).map_err(wrong)?;
            for point in self.points(list).map_err(wrong)? {
                let [x, y, z, diam] = point.map(|one| one as f32);
                model.add_point(id, Point3 { at: [x, y, z], diam }).map_err(wrong)?;
            }
            if let Some((parent, x)) = self.segments[list[0]].parent {
                let (section, x) = self.along(parent, x);
                model.connect(id, 0.0, ids[section], x).map_err(wrong)?;
            }
            let divisions = group.and_then(|group| {
                let mut properties = inside(self.groups[group].node).filter(|one| one.tag_name().name() == "property");
                properties.find(|one| one.attribute("tag") == Some("numberInternalDivisions"))
            });
            if let Some(property) = divisions {
                let count = property.attribute("value").and_then(|text| text.trim().parse().ok());
                let count = count.ok_or_else(|| documents.wrong(property, "this is no number of divisions"))?;
                model.set_segments(id, count).map_err(|why| documents.wrong(property, why))?;
            }
            ids.push(id);
        }
        Ok(ids)
    }

    /// Points of a section: where a segment begins elsewhere than the one before ends, or as thick, that is a point, too.
    fn points(&self, list: &[usize]) -> Result<Vec<[f64; 4]>, String> {
        let mut points: Vec<[f64; 4]> = Vec::new();
        for at in list {
            let (proximal, distal) = (self.proximal(*at), self.segments[*at].distal);
            if apart(proximal, distal) == 0.0 && list.len() == 1 {
                if proximal[3] != distal[3] || distal[3] <= 0.0 {
                    return Err(format!("segment `{}` has no length", self.segments[*at].id));
                }
                let [x, y, z, d] = distal;
                return Ok(vec![[x, y - d / 2.0, z, d], [x, y + d / 2.0, z, d]]);
            }
            if points.last() != Some(&proximal) {
                points.push(proximal);
            }
            points.push(distal);
        }
        Ok(points)
    }

    /// The sections of a group, or of a segment; `all` is everything. Which do not lie in it as a whole is an error.
    pub fn covered(&self, node: Node<'_, '_>, documents: &Documents<'_>) -> Result<Vec<usize>, Broken> {
        let members: Vec<usize> = match (node.attribute("segmentGroup"), node.attribute("segment")) {
            (None | Some("all"), None) => (0..self.segments.len()).collect(),
            (_, Some(id)) => self.segments.iter().position(|one| one.id == id).into_iter().collect(),
            (Some(id), None) => match self.groups.iter().find(|group| group.id == id) {
                Some(group) => group.members.clone(),
                None => return Err(documents.wrong(node, format!("there is no group `{id}`"))),
            },
        };
        if members.is_empty() && node.attribute("segment").is_some() {
            return Err(documents.wrong(node, "there is no such segment"));
        }
        self.whole(&members).map_err(|name| documents.wrong(node, format!("it holds for a part of the section `{name}` only")))
    }

    /// An `inhomogeneousParameter` by its id, with the group that it belongs to.
    pub fn parameter(&self, id: &str) -> Option<(usize, Node<'d, 'd>)> {
        let of = |group: &Group<'d>| {
            inside(group.node).find(|one| one.tag_name().name() == "inhomogeneousParameter" && one.attribute("id") == Some(id))
        };
        self.groups.iter().enumerate().find_map(|(at, group)| Some((at, of(group)?)))
    }

    /// The sections of a group.
    pub fn covered_by(&self, group: usize, documents: &Documents<'_>) -> Result<Vec<usize>, Broken> {
        let group = &self.groups[group];
        self.whole(&group.members)
            .map_err(|name| documents.wrong(group.node, format!("it is a part of the section `{name}` only")))
    }

    fn whole(&self, members: &[usize]) -> Result<Vec<usize>, &str> {
        let members: HashSet<usize> = members.iter().copied().collect();
        let mut all = Vec::new();
        for (at, (name, list, _)) in self.sections.iter().enumerate() {
            match list.iter().filter(|one| members.contains(one)).count() {
                0 => {}
                count if count == list.len() => all.push(at),
                _ => return Err(name),
            }
        }
        Ok(all)
    }

    /// Groups that are whole sections, by name.
    pub fn lists(&self, ids: &[SectionId]) -> Vec<(String, Vec<SectionId>)> {
        let of = |group: &Group<'_>| {
            let sections = self.whole(&group.members).ok()?;
            Some((usable(group.id), sections.into_iter().map(|at| ids[at]).collect()))
        };
        self.groups.iter().filter(|group| group.id != "all").filter_map(of).collect()
    }
}
