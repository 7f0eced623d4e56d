//! What the library has, read from its text: a row each for the tables of `docs/library.md`.

use std::fs;
use std::path::PathBuf;

/// Name of each file, without its ending, and its table.
pub fn tables() -> Vec<(String, String)> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("lang/library");
    let (mut names, mut waiting) = (Vec::new(), vec![root.clone()]);
    while let Some(folder) = waiting.pop() {
        for path in fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()) {
            if path.is_dir() {
                waiting.push(path);
            } else if let Some(name) = path.strip_prefix(&root).ok().and_then(|path| path.to_str()?.strip_suffix(".net")) {
                names.push(name.to_owned());
            }
        }
    }
    names.sort();
    names.into_iter().map(|name| (name.clone(), table(&name))).collect()
}

fn table(name: &str) -> String {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("lang/library/{name}.net"));
    let text = fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let rows: String = items(&text).iter().map(Item::row).collect();
    format!("| name | is | parameters | takes |\n| --- | --- | --- | --- |\n{rows}")
}

/// A mechanism, cell or function.
#[derive(Default)]
struct Item {
    name: String,
    doc: Vec<String>,
    params: Vec<String>,
    ports: Vec<String>,
}

impl Item {
    fn row(&self) -> String {
        let list = |all: &[String]| all.iter().map(|one| format!("`{one}`")).collect::<Vec<_>>().join(", ");
        format!("| `{}` | {} | {} | {} |\n", self.name, self.doc.join(" "), list(&self.params), list(&self.ports))
    }
}

/// What has a documentation.
fn items(text: &str) -> Vec<Item> {
    let (mut items, mut doc): (Vec<Item>, Vec<String>) = (Vec::new(), Vec::new());
    for line in text.lines() {
        let declared = ["cell ", "point mechanism ", "mechanism ", "fn "].iter().find_map(|word| line.strip_prefix(word));
        if let Some(sentence) = line.strip_prefix("/// ") {
            doc.push(sentence.to_owned());
        } else if let Some(rest) = declared {
            let end = if line.starts_with("fn ") { " = " } else { " {" };
            let name = rest.split(end).next().unwrap_or(rest).to_owned();
            items.push(Item { name, doc: std::mem::take(&mut doc), ..Item::default() });
        } else if let (Some(list), Some(item)) = (line.strip_prefix("    param "), items.last_mut()) {
            item.params.extend(parts(list));
        } else if let (Some(handler), Some(item)) = (line.strip_prefix("    on "), items.last_mut())
            && let Some((port, _)) = handler.split_once(") {")
        {
            item.ports.push(format!("{port})"));
        }
    }
    items
}

/// What stands between the commas outside of parentheses.
fn parts(list: &str) -> Vec<String> {
    let (mut all, mut depth) = (vec![String::new()], 0);
    for c in list.chars() {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        match (c, all.last_mut()) {
            (',', _) if depth == 0 => all.push(String::new()),
            (c, Some(last)) => last.push(c),
            (_, None) => {}
        }
    }
    all.iter().map(|one| one.trim().to_owned()).filter(|one| !one.is_empty()).collect()
}
