//! Cells of NeuroML 2: the tree of segments becomes sections, channels become mechanisms of the language.

mod channel;
mod density;
mod lems;
mod membrane;
mod pool;
mod quantity;
mod segment;
mod vary;

use crate::morphology::Broken;
use crate::neuron::{Model, SectionId};
use roxmltree::{Document, Node};
use std::collections::HashSet;

/// What was read of a cell, besides what the model has now.
#[derive(Debug, Default)]
pub struct Read {
    /// Mechanisms as text of the language.
    pub declarations: String,
    /// Groups of segments that are whole sections.
    pub lists: Vec<(String, Vec<SectionId>)>,
    /// Where a spike is found: above so many mV in the middle of the root.
    pub threshold: Option<f64>,
}

/// How many files a cell may include.
const MOST_FILES: usize = 500;

/// Documents of a cell: its own first.
struct Documents<'d> {
    all: &'d [Document<'d>],
    names: &'d [String],
}

impl<'d> Documents<'d> {
    /// What is wrong at an element.
    fn wrong(&self, node: Node<'_, '_>, why: impl std::fmt::Display) -> Broken {
        let line = node.document().text_pos_at(node.range().start).row as usize;
        let at = self.all.iter().position(|one| std::ptr::eq(one.root_element().document(), node.document()));
        within(at.map_or("", |at| &self.names[at]), Broken::at(line, why.to_string()))
    }

    /// Elements of all files that stand at the top.
    fn top(&self) -> impl Iterator<Item = Node<'d, 'd>> + use<'d> {
        self.all.iter().flat_map(|one| one.root_element().children()).filter(Node::is_element)
    }

    /// Elements of LEMS of a kind: at the top, or in the `Lems` of a file.
    fn lems(&self, tag: &'static str) -> impl Iterator<Item = Node<'d, 'd>> + use<'d> {
        let within = |node: Node<'d, 'd>| if node.tag_name().name() == "Lems" { inside(node).collect() } else { vec![node] };
        self.top().flat_map(within).filter(move |node| node.tag_name().name() == tag)
    }

    /// A type of LEMS.
    fn type_named(&self, name: &str) -> Option<Node<'d, 'd>> {
        self.lems("ComponentType").find(|node| node.attribute("name") == Some(name))
    }

    /// An element at the top by its tag, or what its tag ends in, and id.
    fn named(&self, tag: &str, id: &str) -> Option<Node<'d, 'd>> {
        self.top().find(|node| node.tag_name().name().starts_with(tag) && node.attribute("id") == Some(id))
    }

    /// An attribute that has to be there.
    fn needed(&self, node: Node<'d, 'd>, name: &str) -> Result<&'d str, Broken> {
        node.attribute(name).ok_or_else(|| self.wrong(node, format!("`{}` has no `{name}`", node.tag_name().name())))
    }
}

/// Elements inside another one.
fn inside<'d>(node: Node<'d, 'd>) -> impl Iterator<Item = Node<'d, 'd>> {
    node.children().filter(Node::is_element)
}

/// Whether a text is a document of NeuroML.
#[must_use]
pub fn is_neuroml(file: &str) -> bool {
    let name = file.to_ascii_lowercase();
    [".nml", ".xml"].iter().any(|ending| name.ends_with(ending))
}

/// Builds a cell of a document, `wanted` of several. `called` goes in front of its mechanisms' names; `include` reads the files that it names.
///
/// # Errors
/// The first line that is wrong, or says what is not there.
pub fn grow(
    model: &mut Model,
    text: &str,
    wanted: Option<&str>,
    called: &str,
    include: &dyn Fn(&str) -> Result<String, String>,
) -> Result<Read, Broken> {
    let (mut texts, mut names) = (vec![text.to_owned()], vec![String::new()]);
    let mut met: HashSet<String> = HashSet::new();
    let mut at = 0;
    while at < texts.len() {
        let document = parsed(&texts[at]).map_err(|broken| within(&names[at], broken))?;
        let mut more = Vec::new();
        for node in document.root_element().children().filter(|node| node.tag_name().name() == "include") {
            let Some(file) = node.attribute("href").or(node.attribute("file")) else { continue };
            // Paths are relative to the file that names them, with a slash in front, too.
            let file = file.trim_start_matches('/');
            let path = match names[at].rsplit_once('/') {
                Some((folder, _)) => format!("{folder}/{file}"),
                None => file.to_owned(),
            };
            if !met.insert(path.clone()) || is_core(file) {
                continue;
            }
            let line = document.text_pos_at(node.range().start).row as usize;
            let read = include(&path).map_err(|why| Broken::at(line, format!("cannot read {path}: {why}")));
            more.push((path, read.map_err(|broken| within(&names[at], broken))?));
        }
        for (path, read) in more {
            if texts.len() >= MOST_FILES {
                return Err(Broken::at(1, format!("it includes more than {MOST_FILES} files")));
            }
            // A file may include itself.
            if !texts.contains(&read) {
                names.push(path);
                texts.push(read);
            }
        }
        at += 1;
    }
    let all = texts.iter().map(|text| parsed(text)).collect::<Result<Vec<_>, _>>()?;
    let documents = Documents { all: &all, names: &names };
    let cell = chosen(&documents, wanted)?;
    let tree = segment::read(&documents, cell)?;
    let sections = tree.grow(model, &documents)?;
    let mut read = membrane::read(model, &documents, cell, &tree, &sections, called)?;
    read.lists = tree.lists(&sections);
    Ok(read)
}

/// Definitions of the language itself, which are known.
fn is_core(file: &str) -> bool {
    const CORE: &[&str] =
        &["Cells.xml", "Channels.xml", "Inputs.xml", "Networks.xml", "NeuroML2CoreTypes.xml", "Simulation.xml", "Synapses.xml"];
    CORE.contains(&file)
}

fn within(name: &str, broken: Broken) -> Broken {
    if name.is_empty() { broken } else { Broken { file: Some(name.to_owned()), ..broken } }
}

fn parsed(text: &str) -> Result<Document<'_>, Broken> {
    Document::parse(text).map_err(|why| Broken::at(why.pos().row as usize, format!("this is no XML: {why}")))
}

/// The cell that is asked for, or the only one.
fn chosen<'d>(documents: &Documents<'d>, wanted: Option<&str>) -> Result<Node<'d, 'd>, Broken> {
    const CELLS: &[&str] = &["cell", "cell2CaPools"];
    let all: Vec<Node> = documents.top().filter(|node| CELLS.contains(&node.tag_name().name())).collect();
    let id = |node: &Node<'d, 'd>| node.attribute("id").unwrap_or("").to_owned();
    let names = || all.iter().map(id).collect::<Vec<_>>().join(", ");
    let fail = |why: String| Broken::at(1, why);
    match (wanted, all.as_slice()) {
        (Some(wanted), cells) => {
            let found = cells.iter().find(|node| id(node) == wanted).copied();
            found.ok_or_else(|| fail(format!("it has no cell `{wanted}`; its cells: {}", names())))
        }
        (None, [only]) => Ok(*only),
        (None, []) => match documents.top().find(|node| node.tag_name().name().ends_with("ell")) {
            Some(other) => {
                Err(documents.wrong(other, format!("a `{}` is not there: only a `cell` of segments", other.tag_name().name())))
            }
            None => Err(fail("it has no cell".to_owned())),
        },
        (None, _) => Err(fail(format!("it has several cells: {}; `template NAME` says which", names()))),
    }
}
