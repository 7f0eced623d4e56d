//! The mechanisms. Rows are numbered from 0 in the order in which their descriptions name them.

use super::assembler::{Assembler, T, V, WEIGHT, always, number};
use bouton_engine::kernel::method::derivimplicit::Newton;
use bouton_engine::kernel::{Addition, Advance, ConditionCode, Effect, HandlerCode, MechanismCode, Observed, Scattered, Shown};
use bouton_engine::vm::program::{Op, Operand, Program};

/// A mechanism that does nothing, of so many rows.
pub fn empty(name: &str, rows: u16) -> MechanismCode {
    MechanismCode {
        name: name.into(),
        rows,
        inputs: Vec::new(),
        values: Vec::new(),
        shared: Vec::new(),
        mirrors: Vec::new(),
        common: Vec::new(),
        states: Vec::new(),
        prepare: Program::default(),
        init: Program::default(),
        current: None,
        steady: None,
        scattered: None,
        advance: Advance::None,
        publish: None,
        turns: false,
        writes_shared: false,
        follows: false,
        conditions: Vec::new(),
        handlers: Vec::new(),
        start: None,
        step: None,
        tables: Vec::new(),
        hears: None,
        observed: Observed::default(),
        shown: Shown::default(),
        field: None,
        connections: None,
        electrode: false,
        draws: false,
        spikes: false,
        moves: Vec::new(),
        flags: false,
        diffusion: None,
        times: Vec::new(),
    }
}

/// g (v - e) over membrane.
pub fn leak(g: f64, e: f64) -> MechanismCode {
    let mut p = Assembler::default();
    let force = p.op(Op::Sub, &[V, number(e)]);
    let current = p.op(Op::Mul, &[number(g), force]);
    p.inject(current, number(g));
    MechanismCode { current: Some(p.finish(&[])), ..empty("leak", 0) }
}

/// A conductance g (row 0) with reversal potential 0 that an event raises by its weight, and that keeps `factor` of itself
/// each step. Where scattered, rows 1 to 3 are potential, current and slope.
pub fn decay(factor: f64, scattered: bool) -> MechanismCode {
    let g = Operand::Row(0);
    let mut p = Assembler::default();
    let current = p.op(Op::Mul, &[g, if scattered { Operand::Row(1) } else { V }]);
    if scattered {
        p.store(Operand::Row(2), current);
        p.store(Operand::Row(3), g);
    } else {
        p.inject(current, g);
    }
    let current = Some(p.finish(&[]));
    let mut p = Assembler::default();
    let left = p.op(Op::MulFlush, &[g, number(factor)]);
    p.store(g, left);
    let advance = Advance::Program(p.finish(&[]));
    let mut p = Assembler::default();
    let raised = p.op(Op::Add, &[g, WEIGHT]);
    p.store(g, raised);
    let additive = Some(vec![Addition { row: 0, term: bouton_engine::kernel::Term::Weight }]);
    let handlers =
        vec![HandlerCode { name: "event".into(), program: p.finish(&[]), effects: Vec::new(), parts: Vec::new(), additive }];
    let scattered = scattered.then_some(Scattered { v: 1, current: 2, slope: 3 });
    let rows = if scattered.is_some() { 4 } else { 1 };
    MechanismCode { current, scattered, advance, handlers, states: vec![("g".into(), 0)], ..empty("decay", rows) }
}

/// x (row 0) becomes 10 x + weight at each event, and row 1 the event's time: shows the order of events.
pub fn logger() -> MechanismCode {
    let mut p = Assembler::default();
    let next = p.op(Op::Fma, &[number(10.0), Operand::Row(0), WEIGHT]);
    p.store(Operand::Row(0), next);
    p.store(Operand::Row(1), T);
    let handlers = vec![HandlerCode {
        name: "event".into(),
        program: p.finish(&[]),
        effects: Vec::new(),
        parts: Vec::new(),
        additive: None,
    }];
    MechanismCode { handlers, ..empty("logger", 2) }
}

/// As [`logger`], and half a ms after each event another one of weight 7 that the instance sends to itself.
pub fn echo() -> MechanismCode {
    let x = Operand::Row(0);
    let handler = |name: &str, weight: Operand, effects: Vec<Effect>| {
        let mut p = Assembler::default();
        let next = p.op(Op::Fma, &[number(10.0), x, weight]);
        p.store(x, next);
        HandlerCode { name: name.into(), program: p.finish(&[always(), number(0.5)]), effects, parts: Vec::new(), additive: None }
    };
    let event = handler("event", WEIGHT, vec![Effect::Send { when: 0, delay: 1, handler: 1, moves: false, flag: None }]);
    MechanismCode { handlers: vec![event, handler("echo", number(7.0), Vec::new())], ..empty("echo", 1) }
}

/// Spikes at `first` and every `interval` after: an event to itself that sends the next.
pub fn clock(first: f64, interval: f64) -> MechanismCode {
    let send = |delay: f64| Assembler::default().finish(&[always(), number(delay)]);
    let start = HandlerCode {
        name: "start".into(),
        program: send(first),
        effects: vec![Effect::Send { when: 0, delay: 1, handler: 0, moves: false, flag: None }],
        parts: Vec::new(),
        additive: None,
    };
    let effects =
        vec![Effect::Spike { when: 0, times: None }, Effect::Send { when: 0, delay: 1, handler: 0, moves: false, flag: None }];
    let tick = HandlerCode { name: "tick".into(), program: send(interval), effects, parts: Vec::new(), additive: None };
    MechanismCode { handlers: vec![tick], start: Some(start), spikes: true, ..empty("clock", 0) }
}

/// x (row 0) grows by 1 a step; when it comes to 3 it is reset to 0 and the instance spikes. Rows 1, 2 are the condition's.
pub fn latch() -> MechanismCode {
    let x = Operand::Row(0);
    let mut p = Assembler::default();
    let next = p.op(Op::Add, &[x, number(1.0)]);
    p.store(x, next);
    let advance = Advance::Program(p.finish(&[]));
    let mut p = Assembler::default();
    let reached = p.op(Op::Le, &[number(3.0), x]);
    p.store(Operand::Row(1), reached);
    let conditions = vec![ConditionCode { test: p.finish(&[]), now: 1, before: 2, handler: 0 }];
    let mut p = Assembler::default();
    p.store(x, number(0.0));
    let program = p.finish(&[always()]);
    let handlers = vec![HandlerCode {
        name: "reset".into(),
        program,
        effects: vec![Effect::Spike { when: 0, times: None }],
        parts: Vec::new(),
        additive: None,
    }];
    MechanismCode { advance, conditions, handlers, spikes: true, ..empty("latch", 3) }
}

/// x' = -x^2 from x = 1 by Newton's iteration. Rows: x, its rate, its old value.
pub fn quadratic(dt: f64) -> MechanismCode {
    let x = Operand::Row(0);
    let mut p = Assembler::default();
    p.store(x, number(1.0));
    let init = p.finish(&[]);
    let mut p = Assembler::default();
    let square = p.op(Op::Mul, &[x, x]);
    let rate = p.op(Op::Neg, &[square]);
    p.store(Operand::Row(1), rate);
    let (program, states, rates, old) = (p.finish(&[]), vec![0], vec![1], vec![2]);
    let advance = Advance::Newton(Newton { program, states, rates, old, dt, extrapolate: false, after: None });
    MechanismCode { init, advance, ..empty("quadratic", 3) }
}

/// 1 pA into 1e-5 cm2.
pub fn electrode() -> MechanismCode {
    let mut p = Assembler::default();
    p.inject(number(-1e-9 / 1e-5), number(0.0));
    MechanismCode { current: Some(p.finish(&[])), ..empty("electrode", 0) }
}
