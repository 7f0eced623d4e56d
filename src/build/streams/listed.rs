//! Rules that name their pairs: one to one, lists in the script, files.

use super::{Question, World, unequal};
use crate::build::range::{self, Told};
use bouton_model::ir::{PairList, Rule, Span};
use bouton_syntax::diagnostic::{Code, Diagnostic};

/// A row of a file.
#[derive(Clone, Copy, Debug)]
pub struct Row<'a> {
    pub list: &'a PairList,
    pub at: usize,
}

impl Row<'_> {
    /// The value in a column.
    pub fn value(&self, column: u16) -> Option<f64> {
        self.list.columns.get(usize::from(column))?.1.get(self.at).copied()
    }
}

/// A pair of cells, and its row where the list is a file.
#[derive(Clone, Copy, Debug)]
pub struct Listed<'a> {
    /// Number of the sending cell.
    pub pre: u32,
    /// Number of the receiving cell.
    pub post: u32,
    /// Its row.
    pub row: Option<Row<'a>>,
}

/// The pairs of such a rule, in its order; of other rules none. Pairs of a cell with itself are among them.
///
/// # Errors
/// An index that a set does not have, sets of different sizes, a matrix of another shape.
pub fn pairs<'a>(world: World, q: &Question<'a>) -> Result<Vec<Listed<'a>>, Told> {
    match q.rule {
        Rule::OneToOne if q.pre.len() != q.post.len() => Err(unequal(q.pre.len(), q.post.len(), q.span)),
        Rule::OneToOne => {
            let pairs = q.pre.iter().zip(q.post);
            Ok(pairs.map(|(pre, post)| Listed { pre: *pre, post: *post, row: None }).collect())
        }
        Rule::Pairs(list) => list
            .iter()
            .map(|(a, b)| {
                let index = |a, cells: &[u32]| match cells.len().checked_sub(1) {
                    Some(last) => range::INDEX.whole(world.number(a)?, 0, last as u32, a.span),
                    None => Err(range::INDEX.outside(world.number(a)?, a.span, "the set is empty")),
                };
                let (i, j) = (index(a, q.pre)?, index(b, q.post)?);
                Ok(Listed { pre: q.pre[i as usize], post: q.post[j as usize], row: None })
            })
            .collect(),
        Rule::Listed(list, span) => of_file(q, list, *span),
        Rule::All | Rule::Probability(_) | Rule::Convergence(_) | Rule::Divergence(_) => Ok(Vec::new()),
    }
}

fn of_file<'a>(q: &Question<'a>, list: &'a PairList, span: Span) -> Result<Vec<Listed<'a>>, Told> {
    let told = |message: String| -> Told { Box::new(Diagnostic::new(Code::ValueOutOfRange, span, message)) };
    let (sources, targets) = (q.pre.len(), q.post.len());
    if let Some((rows, columns)) = list.shape.filter(|shape| *shape != (targets, sources)) {
        let message = format!("{} has {rows} rows and {columns} columns, for {targets} targets and {sources} sources", list.file);
        return Err(Box::new(Diagnostic {
            helps: vec!["a row for each target, a column for each source".into()],
            ..*told(message)
        }));
    }
    let cell = |cells: &[u32], index: u32, whose: &str| {
        cells.get(index as usize).copied().ok_or_else(|| {
            told(format!("{} names the {whose} {index}, and there are {} (counted from 0)", list.file, cells.len()))
        })
    };
    let pairs = list.pre.iter().zip(&list.post).enumerate();
    pairs
        .map(|(at, (i, j))| {
            let (pre, post) = (cell(q.pre, *i, "source")?, cell(q.post, *j, "target")?);
            Ok(Listed { pre, post, row: Some(Row { list, at }) })
        })
        .collect()
}
