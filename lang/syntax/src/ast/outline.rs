//! The tree as text in one normal form: every operator in parentheses, one line each, no comments. Two texts mean the same
//! if their outlines are equal. It is itself a text of the language, but no formatter: it forgets how things were written.

mod expr;
mod member;
mod statement;

use std::fmt::Write;

use super::*;
use expr::{attrs, expr, names, path, quoted, unit};
use member::{function, member};
use statement::statement;

/// The outline of a file.
#[must_use]
pub fn outline(file: &File) -> String {
    let mut out = Out::default();
    for one in &file.items {
        item(&mut out, one);
    }
    out.text
}

/// The outline of an expression.
#[must_use]
pub fn outline_expr(value: &Expr) -> String {
    expr(value)
}

/// Lines with their indentation.
#[derive(Default)]
struct Out {
    text: String,
    depth: usize,
}

impl Out {
    fn line(&mut self, line: &str) {
        // Writing to a string cannot fail.
        let _ = writeln!(self.text, "{:1$}{line}", "", 4 * self.depth);
    }

    fn doc(&mut self, doc: Option<&Doc>) {
        for line in doc.iter().flat_map(|doc| doc.text.split('\n')) {
            self.line(format!("/// {line}").trim_end());
        }
    }

    /// A header with its block.
    fn block<Line>(&mut self, header: &str, body: &Block<Line>, each: fn(&mut Out, &Line)) {
        self.line(&format!("{header} {{"));
        self.depth += 1;
        for line in &body.items {
            each(self, line);
        }
        self.depth -= 1;
        self.line("}");
    }
}

fn item(out: &mut Out, item: &Item) {
    out.doc(item.doc.as_ref());
    match &item.kind {
        ItemKind::Error => out.line("error"),
        ItemKind::Use(one) => out.line(&uses(one)),
        ItemKind::ImportMechanisms(one) => {
            let files: Vec<String> = one.files.iter().map(quoted).collect();
            let alias = one.alias.as_ref().map_or(String::new(), |name| format!(" as {}", name.text));
            out.line(&format!("import mechanisms {}{alias}", files.join(", ")));
        }
        ItemKind::ImportCells(one) => {
            let names: Vec<&str> = one.names.iter().map(|name| &*name.text).collect();
            let header = format!("import cells {} of {}", quoted(&one.file), names.join(", "));
            match &one.body {
                Some(body) => out.block(&header, body, member),
                None => out.line(&header),
            }
        }
        ItemKind::Param(list) => out.line(&format!("param {}", bindings(list))),
        ItemKind::Let(list) => out.line(&format!("let {}", bindings(list))),
        ItemKind::Output(list) => out.line(&format!("output {}", bindings(list))),
        ItemKind::Fn(one) => function(out, one),
        ItemKind::Mechanism(one) => mechanism(out, one),
        ItemKind::Cell(one) => cell(out, one),
        ItemKind::Circuit(one) => out.block(&format!("circuit {}", one.name.text), &one.body, self::item),
        ItemKind::CircuitUse(one) => {
            out.line(&format!("circuit {}: {}{}", one.name.text, path(&one.circuit), attrs(one.attrs.as_ref())));
        }
        ItemKind::Population(one) => out.line(&population(one)),
        ItemKind::Synapse(one) => out.line(&synapse(one)),
        ItemKind::Connect(one) => out.line(&connect(one)),
        ItemKind::Stimulate(one) => out.line(&stimulate(one)),
        ItemKind::Simulation(block) => out.line(&format!("simulation{}", attrs(Some(block)))),
        ItemKind::Record(one) => {
            let every = one.every.as_ref().map_or(String::new(), |value| format!(" every {}", expr(value)));
            let file = one.file.as_ref().map_or(String::new(), |file| format!(" to {}", expr::text(file)));
            out.line(&format!("record {}{every}{file}", bindings(&one.records)));
        }
        ItemKind::Stmt(kind) => statement(out, kind),
    }
}

fn uses(one: &Use) -> String {
    let what = match &one.what {
        UseWhat::File(file) => quoted(file),
        UseWhat::Library(library) => path(library),
    };
    let alias = one.alias.as_ref().map_or(String::new(), |name| format!(" as {}", name.text));
    format!("use {what}{alias}")
}

fn head(per: Option<&UnitExpr>, base: Option<&Path>) -> String {
    let per = per.map_or(String::new(), |per| format!(" per {}", unit(per)));
    let base = base.map_or(String::new(), |base| format!(" extends {}", path(base)));
    per + &base
}

fn mechanism(out: &mut Out, one: &Mechanism) {
    let point = if one.point { "point " } else { "" };
    let head = head(one.per.as_ref(), one.base.as_ref());
    out.block(&format!("{point}mechanism {}{head}", one.name.text), &one.body, member);
}

fn cell(out: &mut Out, one: &Cell) {
    let import = one.import.as_ref().map_or(String::new(), import);
    let header = format!("cell {}{}{import}", one.name.text, head(one.per.as_ref(), one.base.as_ref()));
    match &one.body {
        Some(body) => out.block(&header, body, member),
        None => out.line(&header),
    }
}

fn import(one: &ImportCell) -> String {
    let which = match &one.which {
        None => String::new(),
        Some(ImportWhich::Template { name, args }) if args.is_empty() => format!(" template {}", name.text),
        Some(ImportWhich::Template { name, args }) => format!(" template {}({})", name.text, expr::args(args)),
        Some(ImportWhich::Class { name, args }) => format!(" class {}({})", name.text, expr::args(args)),
    };
    format!(" = import {}{which}", quoted(&one.file))
}

fn population(one: &Population) -> String {
    let size = one.size.as_ref().map_or(String::new(), |size| format!("[{}]", expr(size)));
    let layout = one.layout.as_ref().map_or(String::new(), |layout| format!(" in {}", expr(layout)));
    format!("population {}: {}{size}{layout}{}", one.name.text, path(&one.cell), attrs(one.attrs.as_ref()))
}

fn synapse(one: &Synapse) -> String {
    let joint = match one.joint {
        Joint::Colon => ":",
        Joint::Equals => " =",
    };
    let at = clause("at", one.at.as_ref());
    format!("synapse {}{joint} {}{at}{}", one.name.text, path(&one.mechanism), attrs(one.attrs.as_ref()))
}

fn connect(one: &Connect) -> String {
    format!("connect {}{} -> {}{}", label(one.label.as_ref()), exprs(&one.sources), exprs(&one.targets), header(&one.header))
}

fn stimulate(one: &Stimulate) -> String {
    let (label, targets, source) = (label(one.label.as_ref()), exprs(&one.targets), expr(&one.source));
    format!("stimulate {label}{targets} with {source}{}{}", attrs(one.source_attrs.as_ref()), header(&one.header))
}

fn label(name: Option<&Name>) -> String {
    name.map_or(String::new(), |name| format!("{}: ", name.text))
}

fn header(one: &Header) -> String {
    let via = one.via.as_ref().map_or(String::new(), |via| format!(" via {}", path(via)));
    let (from, at) = (clause("from", one.from.as_ref()), clause("at", one.at.as_ref()));
    let per = if one.per_connection.is_some() { " per connection" } else { "" };
    format!("{via}{from}{at}{per}{}", attrs(one.attrs.as_ref()))
}

fn clause(word: &str, value: Option<&Expr>) -> String {
    value.map_or(String::new(), |value| format!(" {word} {}", expr(value)))
}

fn exprs(list: &[Expr]) -> String {
    list.iter().map(expr).collect::<Vec<_>>().join(", ")
}

fn bindings(list: &[Binding]) -> String {
    list.iter().map(binding).collect::<Vec<_>>().join(", ")
}

fn binding(one: &Binding) -> String {
    let unit = one.unit.as_ref().map_or(String::new(), |one| format!(": {}", unit(one)));
    let value = one.value.as_ref().map_or(String::new(), |value| format!(" = {}", expr(value)));
    let arguments = one.arguments.as_ref().map_or(String::new(), |list| format!("({})", bindings(list)));
    format!("{}{arguments}{unit}{value}", one.name.text)
}
