//! Both streams: NetPyNE's against its own networks, Bouton's against statistics and its promises.

mod netpyne;
mod own;

use super::*;
use crate::build::cells::Members;
use bouton_model::ir::{Binary, CellAttribute, CellId, Expr, Layout, Population, Program, Var};

pub(in crate::build) fn constants(seed: u32) -> Constants {
    Constants {
        params: Vec::new(),
        duration: None,
        dt: 0.025,
        celsius: 279.45,
        v_init: -65.0,
        seed,
        threads: None,
        second_order: false,
        centred_totals: false,
        tables: true,
        streams: bouton_model::ir::Streams::Own,
        stepping: crate::build::wiring::flow::Stepping {
            solver: None,
            tolerance: bouton_engine::kernel::method::adaptive::Tolerance {
                relative: 1e-3,
                absolute: 1e-6,
                longest: 1.0,
                method: Default::default(),
            },
        },
        field: false,
    }
}

/// Populations of these names and sizes, laid out.
fn cells(populations: &[(&str, u32)], streams: &dyn Streams) -> Cells {
    let mut cells = Cells::default();
    for (name, count) in populations {
        let first = cells.len();
        cells.populations.push(Members { name: (*name).into(), cell: CellId(0), first, count: *count, single: false });
    }
    let population = |(name, _): &(&str, u32)| Population {
        name: (*name).into(),
        span: Span::default(),
        cell: CellId(0),
        count: None,
        layout: Layout::Cube,
        sections: Vec::new(),
        params: Vec::new(),
        settings: Vec::new(),
    };
    let program = Program { populations: populations.iter().map(population).collect(), ..Program::default() };
    cells.lay_out(&program, &constants(1), streams).unwrap();
    cells
}

fn attribute(value: Expr) -> Attribute {
    Attribute { value, span: Span::default() }
}

fn number(x: f64) -> Attribute {
    attribute(Expr::Number(x))
}

fn draw(draw: Draw, arguments: &[f64]) -> Attribute {
    attribute(Expr::Draw(draw, arguments.iter().map(|x| Expr::Number(*x)).collect()))
}

/// A question about these cells under a name.
struct Asked<'a> {
    streams: &'a dyn Streams,
    cells: &'a Cells,
    name: &'a str,
    autapses: bool,
    multapses: bool,
    weight: Option<Attribute>,
    delay: Option<Attribute>,
}

impl<'a> Asked<'a> {
    fn of(streams: &'a dyn Streams, cells: &'a Cells) -> Asked<'a> {
        Asked { streams, cells, name: "rule", autapses: false, multapses: false, weight: None, delay: None }
    }

    fn ask(&self, pre: &[u32], post: &[u32], rule: Rule) -> Result<Vec<Pair>, Told> {
        let identity = Identity { name: self.name.into(), ordinal: 0 };
        let world = World { constants: &constants(1), cells: self.cells };
        let question = Question {
            identity: &identity,
            pre,
            post,
            rule: &rule,
            weight: self.weight.as_ref(),
            delay: self.delay.as_ref(),
            autapses: self.autapses,
            multapses: self.multapses,
            span: Span::default(),
        };
        self.streams.connect(world, &question).map(|drawn| drawn.pairs())
    }

    fn pairs(&self, pre: &[u32], post: &[u32], rule: Rule) -> Vec<(u32, u32)> {
        self.ask(pre, post, rule).unwrap().iter().map(|p| (p.pre, p.post)).collect()
    }
}

fn range(r: std::ops::Range<u32>) -> Vec<u32> {
    r.collect()
}

/// exp(-distance / 50 um)
fn near() -> Attribute {
    let over = Expr::Binary(Binary::Div, Box::new(Expr::Var(Var::Distance)), Box::new(Expr::Number(-50e-4)));
    attribute(Expr::Call(bouton_model::builtin::Function::Exp, vec![over]))
}

fn post_y() -> Attribute {
    attribute(Expr::Var(Var::Post(CellAttribute::Y)))
}
