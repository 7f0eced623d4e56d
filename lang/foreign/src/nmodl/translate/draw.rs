//! Random draws: by function, or by the C code that files have for them. And cells whose spikes come from a list.

use super::unknown::is_unknown;
use super::{Done, Phase, Translator};
use crate::nmodl::tree::{Block, BlockKind, Place, StmtKind};
use bouton_model::algebra;
use bouton_model::ir::{
    Action, Argument, Column, Draw, Expr, Handler, HandlerKind, Mechanism, MechanismKind, Var, VarId, Variable, VariableKind,
};
use bouton_model::unit::Dimension;
use bouton_syntax::Span;

/// Later than any run ends (ms).
const NEVER: f64 = 1e15;

/// The distribution of a function of NMODL.
pub(super) fn named(name: &str) -> Option<Draw> {
    Some(match name {
        "scop_random" | "random_uniform" => Draw::Uniform,
        "exprand" | "random_negexp" => Draw::Exponential,
        "normrand" | "random_normal" => Draw::Normal,
        "poisrand" => Draw::Poisson,
        _ => return None,
    })
}

/// The C code of a block, all of it.
fn code(block: &Block) -> String {
    let verbatim =
        block.body.iter().filter_map(|s| if let StmtKind::Verbatim(code) = &s.kind { Some(code.as_str()) } else { None });
    verbatim.collect()
}

/// A function whose C code picks the next number of a stream that the model sets up: of exponential distribution by its name or by what it calls, else uniform.
pub(super) fn by_c_code(block: &Block) -> Option<Draw> {
    let code = code(block);
    let picks =
        ["nrn_random_pick", "nrnran123_dblpick", "nrnran123_negexp", "nrnran123_normal"].iter().any(|name| code.contains(name));
    // One that picks again and again has a distribution of its own.
    let repeats = code.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').any(|word| matches!(word, "for" | "while" | "do"));
    if block.kind != BlockKind::Function || !picks || repeats {
        return None;
    }
    let name = block.name.text.to_lowercase();
    let exponential = code.contains("negexp") || name.contains("erand") || name.contains("exp");
    let normal = !exponential && (code.contains("nrnran123_normal") || name.contains("norm") || name.contains("gauss"));
    Some(match (exponential, normal) {
        (true, _) => Draw::Exponential,
        (_, true) => Draw::Normal,
        _ => Draw::Uniform,
    })
}

/// A procedure that only sets a stream up: here each instance has its own from the start.
pub(super) fn seeds(block: &Block) -> bool {
    let code = code(block);
    let is_alone = block.body.iter().all(|s| matches!(s.kind, StmtKind::Verbatim(_) | StmtKind::Local(_)));
    let streams =
        ["nrn_random_arg", "nrnran123_newstream", "nrnran123_setseq", "nrnran123_getseq", "nrnran123_deletestream", "set_seed"];
    block.kind == BlockKind::Procedure && is_alone && streams.iter().any(|name| code.contains(name))
}

impl Translator<'_> {
    /// A random number. In an event it is drawn before anything else happens, where the conditions around hold.
    pub(super) fn draw(&mut self, distribution: Draw, mut values: Vec<Expr>, span: Span) -> Done<Expr> {
        let defaults: &[f64] = match distribution {
            Draw::Uniform | Draw::Normal => &[0.0, 1.0],
            _ => &[1.0],
        };
        for default in defaults.iter().skip(values.len()) {
            values.push(Expr::Number(*default));
        }
        if !matches!(self.phase, Phase::Event | Phase::Initial) {
            return Ok(self.drawn_each_step(distribution, values, span));
        }
        let local = self.local();
        let draw = Action::Let(local, Expr::Draw(distribution, values));
        let draw = self.conditions.iter().rev().fold(draw, |inner, c| Action::If(c.clone(), vec![inner], Vec::new()));
        self.drawn.push(draw);
        self.notes.push((span, "random numbers come from a stream of each instance, not from NEURON's".into()));
        Ok(Expr::Var(Var::Local(local)))
    }

    /// A random number of the equations or currents: a state of its own, which is drawn anew at the end of each step.
    fn drawn_each_step(&mut self, distribution: Draw, values: Vec<Expr>, span: Span) -> Expr {
        let name = format!("draw'{}", self.drawn_states.len());
        let id = self.variable(&name, span, Dimension::NONE, VariableKind::State { initial: Expr::Number(0.0) });
        let own = Expr::Var(Var::Own(id));
        let (zero, one) = (|| Expr::Number(0.0), || Expr::Number(1.0));
        // What the distribution depends on may change within the step.
        let (plain, value) = match (distribution, values.as_slice()) {
            (Draw::Uniform, [low, high]) => {
                (vec![zero(), one()], algebra::add(low.clone(), algebra::mul(algebra::sub(high.clone(), low.clone()), own)))
            }
            (Draw::Normal, [mean, sd]) => (vec![zero(), one()], algebra::add(mean.clone(), algebra::mul(sd.clone(), own))),
            (Draw::Exponential, [mean]) => (vec![one()], algebra::mul(mean.clone(), own)),
            _ => (values, own),
        };
        self.drawn_states.push((id, Expr::Draw(distribution, plain)));
        self.notes.push((span, "random numbers come from a stream of each instance, one a step, not from NEURON's".into()));
        value
    }

    /// Draws them all.
    pub(super) fn draws_of_states(&mut self) -> Vec<Action> {
        let mut all = Vec::new();
        for (id, draw) in self.drawn_states.clone() {
            let local = self.local();
            all.extend([Action::Let(local, draw), Action::Assign(id, Expr::Var(Var::Local(local)))]);
        }
        all
    }

    /// The initial value of a state; where a draw decides it, the state is set at the start, after all others.
    pub(super) fn drawn_at_start(&mut self, id: VarId, initial: Expr) -> Expr {
        let is_drawn = |var: &Var| matches!(var, Var::Local(local) if !is_unknown(*local));
        if !self.reach(&initial).iter().any(is_drawn) {
            return initial;
        }
        let local = self.local();
        self.set_at_start.extend([Action::Let(local, initial), Action::Assign(id, Expr::Var(Var::Local(local)))]);
        Expr::Number(0.0)
    }

    /// A cell that spikes at the times of a vector, which C code reads: here the times are a parameter, `times = [...]`.
    pub(super) fn spike_times(&mut self) -> Option<Mechanism> {
        let (Place::Artificial, name) = self.file.neuron.name.clone()? else { return None };
        let elements = |block: &&Block| {
            let code = code(block);
            let is_called = matches!(block.kind, BlockKind::Procedure | BlockKind::Function);
            is_called && code.contains("vector_vec") && code.contains("index") && code.contains("etime")
        };
        let element = self.file.blocks.iter().find(elements)?;
        let receive = self.file.blocks.iter().find(|block| block.kind == BlockKind::NetReceive)?;
        if !format!("{:?}", receive.body).contains("net_event") {
            return None;
        }
        self.notes.push((element.span, "the vector of `play` is the parameter `times`: `times = [10 ms, 20 ms]`".into()));
        let span = name.span;
        // A vector that nobody has given holds no time that comes.
        let kind = VariableKind::Param { default: Some(Expr::Number(NEVER)) };
        let times = Variable { name: "times".into(), span, dimension: Dimension::TIME, kind };
        let columns: Vec<Column> = self.columns().ok()?.into_iter().map(|(column, _)| column).collect();
        let arguments = (0..).zip(&columns).map(|(at, c)| Argument { name: c.name.clone(), column: at, dimension: c.dimension });
        let arguments: Vec<Argument> = arguments.collect();
        let each = Handler {
            name: "times".into(),
            kind: HandlerKind::Each(VarId(0)),
            arguments: Vec::new(),
            body: vec![Action::Spike(None)],
            span,
        };
        // Events of connections do nothing.
        let event = Handler { name: "event".into(), kind: HandlerKind::Event, arguments, body: Vec::new(), span };
        Some(Mechanism {
            variables: vec![times],
            handlers: vec![event, each],
            columns,
            ..Mechanism::empty((&*name.text).into(), span, MechanismKind::Free)
        })
    }
}
