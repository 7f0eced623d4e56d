//! Who is connected with whom by a list: `pairs = [(0, 1), ...]`, `pairs = "file.csv"`, `weight = matrix("W.npy") * 1 nS`.

use crate::check::attributes::suggest;
use crate::check::expr::{Ctx, Typed, wrong_count};
use crate::check::{Checker, Known, walk};
use crate::load::cannot_read;
use crate::table;
use bouton_model::ir::{Expr, PairList, Rule, Var};
use bouton_model::unit::Dimension;
use bouton_syntax::ast::{self, Arg, Attr, ExprKind, Header};
use bouton_syntax::{Code, Diagnostic, Span};
use std::sync::Arc;

/// Names that the columns of senders and receivers may have.
const SENDERS: &[&str] = &["source", "pre"];
const RECEIVERS: &[&str] = &["target", "post"];

impl<'a> Checker<'a> {
    /// `pairs`
    pub(super) fn pairs(&mut self, attr: &'a Attr) -> Option<Rule> {
        match &attr.value.kind {
            ExprKind::List(items) => self.pairs_written(items),
            ExprKind::Text(_) => self.pairs_of_file(&attr.value),
            ExprKind::Error => None,
            _ => {
                let wrong = Diagnostic::new(Code::WrongArguments, attr.value.span, "`pairs` is a list of pairs, or a file");
                let form = "`pairs = [(0, 1), (2, 0)]` joins source 0 with target 1 and source 2 with target 0; or `pairs = \"file.csv\"`";
                self.diagnostics.push(wrong.help(form));
                None
            }
        }
    }

    fn pairs_written(&mut self, items: &'a [ast::Expr]) -> Option<Rule> {
        let mut pairs = Vec::new();
        let mut complete = true;
        for item in items {
            match &item.kind {
                ExprKind::Tuple(two) if two.len() == 2 => {
                    let mut index = |value: &'a ast::Expr| self.whole(value, Known::Nothing, "an index", 0.0);
                    match (index(&two[0]), index(&two[1])) {
                        (Some(pre), Some(post)) => pairs.push((pre, post)),
                        _ => complete = false,
                    }
                }
                ExprKind::Error => complete = false,
                _ => {
                    let wrong = Diagnostic::new(Code::WrongArguments, item.span, "this is no pair");
                    self.diagnostics.push(wrong.help("a pair is `(index of the source, index of the target)`"));
                    complete = false;
                }
            }
        }
        complete.then_some(Rule::Pairs(pairs))
    }

    fn pairs_of_file(&mut self, value: &'a ast::Expr) -> Option<Rule> {
        let path = self.file_name(value)?;
        let columns = match table::columns(self.files.world, &self.files.path(&path, value.span)) {
            Ok(columns) => columns,
            Err(why) => {
                self.diagnostics.push(cannot_read(&path, value.span, &why));
                return None;
            }
        };
        let mut indices = |names: &[&str], position: usize| {
            let at = match columns.names.is_empty() {
                true => Some(position).filter(|at| *at < columns.values.len()),
                false => columns.names.iter().position(|name| names.contains(&name.as_str())),
            };
            let Some(at) = at else {
                let message = format!("{path} has no column `{}`", names[0]);
                let wrong = Diagnostic::new(Code::CannotRead, value.span, message);
                self.diagnostics.push(wrong.help("its first line names the columns: `source,target`, and others as you like"));
                return None;
            };
            match whole(&columns.values[at]) {
                Ok(list) => Some((at, list)),
                Err(x) => {
                    let message = format!("{path}: {x} is no index of a cell");
                    self.diagnostics.push(Diagnostic::new(Code::CannotRead, value.span, message));
                    None
                }
            }
        };
        let (senders, receivers) = (indices(SENDERS, 0), indices(RECEIVERS, 1));
        let ((from, pre), (to, post)) = (senders?, receivers?);
        let named = columns.names.into_iter().zip(columns.values).enumerate();
        let others = named.filter(|(at, _)| *at != from && *at != to).map(|(_, (name, values))| (name.into(), values)).collect();
        Some(self.listed(PairList { pre, post, columns: others, shape: None, file: path.into() }, value.span))
    }

    fn listed(&mut self, list: PairList, span: Span) -> Rule {
        let list = Arc::new(list);
        self.listed = Some(Arc::clone(&list));
        Rule::Listed(list, span)
    }

    /// The rule that `matrix("W.npy")` in a value of the connection makes: where there is a number other than 0, there is a connection. Of several matrices
    /// that of the weight says so, else the first; the others have a number for each of these connections.
    pub(super) fn matrix(&mut self, attrs: &'a ast::AttrBlock) -> Option<Rule> {
        let mut found: Vec<&'a ast::Expr> = Vec::new();
        let of_weight = |attr: &&Attr| attr.name().is_some_and(|name| &**name == "weight");
        let (weight, others): (Vec<&'a Attr>, Vec<&'a Attr>) = attrs.items.iter().partition(of_weight);
        for attr in weight.into_iter().chain(others) {
            walk::any(&attr.value, &mut |part| {
                if let ExprKind::Call { callee, args } = &part.kind
                    && named(callee, "matrix")
                {
                    found.extend(args.first().map(|arg| &arg.value));
                }
                false
            });
        }
        // A call whose arguments do not fit is told where it is checked.
        found.retain(|value| matches!(value.kind, ExprKind::Text(_)));
        let first = *found.first()?;
        let mut list = PairList { pre: vec![], post: vec![], columns: vec![], shape: None, file: self.file_name(first)?.into() };
        for value in found {
            let Some(path) = self.file_name(value) else { continue };
            if list.columns.iter().any(|(known, _)| **known == *path) {
                continue;
            }
            if let Err(why) = self.add_matrix(&mut list, &path, value.span) {
                self.diagnostics.push(cannot_read(&path, value.span, &why));
                // What reads of it is silent.
                list.columns.clear();
                break;
            }
        }
        Some(self.listed(list, first.span))
    }

    /// The numbers of a matrix, of those pairs that the first one joins.
    fn add_matrix(&mut self, list: &mut PairList, path: &str, span: Span) -> Result<(), String> {
        let matrix = table::matrix(self.files.world, &self.files.path(path, span))?;
        let (rows, columns) = matrix.shape;
        match list.shape {
            None => {
                for (at, _) in matrix.values.iter().enumerate().filter(|(_, x)| **x != 0.0) {
                    list.pre.push((at % columns) as u32);
                    list.post.push((at / columns) as u32);
                }
                list.shape = Some(matrix.shape);
            }
            Some(shape) if shape != matrix.shape => {
                let (first, one, other) = (&list.file, shape.0, shape.1);
                return Err(format!("it has {rows} rows and {columns} columns, and {first} has {one} and {other}"));
            }
            Some(_) => {}
        }
        let pairs = list.pre.iter().zip(&list.post);
        let values = pairs.filter_map(|(pre, post)| matrix.values.get(*post as usize * columns + *pre as usize).copied());
        list.columns.push((path.into(), values.collect()));
        Ok(())
    }

    /// `multapses` with a rule that meets every pair once.
    pub(super) fn only_by_number(&mut self, header: &'a Header) {
        let attrs = header.attrs.iter().flat_map(|block| &block.items);
        if let Some(attr) = attrs.into_iter().find(|attr| attr.name().is_some_and(|name| &**name == "multapses")) {
            let message = "`multapses` is for `convergence` and `divergence`: this rule meets every pair once";
            self.diagnostics.push(Diagnostic::new(Code::WrongArguments, attr.span, message).help("leave it out"));
        }
    }
}

/// Indices of a column.
fn whole(values: &[f64]) -> Result<Vec<u32>, f64> {
    let index = |x: &f64| if x.fract() == 0.0 && (0.0..4294967295.0).contains(x) { Ok(*x as u32) } else { Err(*x) };
    values.iter().map(index).collect()
}

fn named(callee: &ast::Expr, name: &str) -> bool {
    matches!(&callee.kind, ExprKind::Name(text) if &**text == name)
}

/// Whether a function reads from a list.
pub(super) fn is_listed(callee: &ast::Expr) -> bool {
    named(callee, "matrix") || named(callee, "column")
}

/// `matrix("W.npy")`, `column("w")`: the number that belongs to this connection.
pub(super) fn value(list: Option<&PairList>, callee: &ast::Expr, args: &[Arg], span: Span, ctx: &mut Ctx<'_>) -> Option<Typed> {
    let name = if named(callee, "matrix") { "matrix" } else { "column" };
    if ctx.scope.declared.names.declaration(name).is_some() {
        return None;
    }
    let [arg] = args else {
        ctx.sink.push(wrong_count(name, 1, 1, args.len(), span));
        return Some(Typed::error(span));
    };
    let ExprKind::Text(text) = &arg.value.kind else {
        let wrong = Diagnostic::new(Code::WrongArguments, arg.value.span, format!("`{name}` takes a name in quotes"));
        return Some(ctx.fail(wrong));
    };
    let [ast::TextPart::Letters(wanted)] = text.parts.as_slice() else {
        return Some(ctx.fail(Diagnostic::new(Code::WrongArguments, arg.value.span, "the name has values in it")));
    };
    let Some(list) = list else {
        let wrong = Diagnostic::new(Code::WrongArguments, span, format!("`{name}` belongs to a connection by a list"));
        return Some(ctx.fail(wrong.help("`pairs = \"file.csv\"` and `weight = column(\"w\") * 1 nS`")));
    };
    let plain = |at: usize| Typed::number(Expr::Var(Var::Listed(at as u16)), Dimension::NONE, span);
    if name == "matrix" {
        let known = list.columns.iter().position(|(file, _)| **file == **wanted);
        return Some(match known {
            Some(at) if list.shape.is_some() => plain(at),
            _ if list.columns.is_empty() => Typed::error(span),
            _ => {
                let message = format!("the connections are those of {}, which is no matrix", list.file);
                ctx.fail(Diagnostic::new(Code::TwoRules, span, message))
            }
        });
    }
    match list.columns.iter().position(|(column, _)| **column == **wanted) {
        Some(at) if list.shape.is_none() => Some(plain(at)),
        _ => {
            let names: Vec<&str> = list.columns.iter().map(|(name, _)| &**name).collect();
            let unknown = Diagnostic::new(Code::UnknownVariable, span, format!("{} has no column `{wanted}`", list.file));
            Some(ctx.fail(suggest(unknown, wanted, arg.value.span, &names)))
        }
    }
}
