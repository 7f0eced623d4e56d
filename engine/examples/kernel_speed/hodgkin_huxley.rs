//! The squid axon (hh.mod) written by hand as programs, at 6.3 degrees and dt = 0.025 ms.

use super::assembler::{Assembler, Value, c, row};
use bouton_engine::vm::program::{NodeRow, Op, Operand, Program, TableData, TableRow};

/// Rows of the pool: m, h, n, then the currents' share of what is recorded.
pub const ROWS: usize = 6;
const DT: f64 = 0.025;

/// Currents and conductance into the node's right-hand side and diagonal.
pub fn currents() -> Program {
    let mut asm = Assembler::default();
    let v = Value::Given(Operand::Node(NodeRow::V));
    let (m, h, n) = (row(0), row(1), row(2));
    let m2 = asm.op(Op::Mul, &[m, m]);
    let m3 = asm.op(Op::Mul, &[m2, m]);
    let open = asm.op(Op::Mul, &[m3, h]);
    let gna = asm.op(Op::Mul, &[open, c(0.12)]);
    let n2 = asm.op(Op::Mul, &[n, n]);
    let n4 = asm.op(Op::Mul, &[n2, n2]);
    let gk = asm.op(Op::Mul, &[n4, c(0.036)]);
    let drive_na = asm.op(Op::Sub, &[v, c(50.0)]);
    let drive_k = asm.op(Op::Sub, &[v, c(-77.0)]);
    let drive_l = asm.op(Op::Sub, &[v, c(-54.3)]);
    let ina = asm.op(Op::Mul, &[gna, drive_na]);
    let ik = asm.op(Op::Mul, &[gk, drive_k]);
    let il = asm.op(Op::Mul, &[drive_l, c(0.0003)]);
    asm.store(Operand::Row(3), ina);
    asm.store(Operand::Row(4), ik);
    let i = asm.op(Op::Add, &[ina, ik]);
    let i = asm.op(Op::Add, &[i, il]);
    let g = asm.op(Op::Add, &[gna, gk]);
    let g = asm.op(Op::Add, &[g, c(0.0003)]);
    let rhs = asm.op(Op::Sub, &[Value::Given(Operand::Node(NodeRow::Rhs)), i]);
    asm.store(Operand::Node(NodeRow::Rhs), rhs);
    let d = asm.op(Op::Add, &[Value::Given(Operand::Node(NodeRow::D)), g]);
    asm.store(Operand::Node(NodeRow::D), d);
    asm.program()
}

/// x / (exp(x/y) - 1), and y (1 - x/y/2) where x/y is small.
fn linoid(asm: &mut Assembler, x: Value, y: f64) -> Value {
    let ratio = asm.op(Op::Mul, &[x, c(1.0 / y)]);
    let size = asm.op(Op::Abs, &[ratio]);
    let small = asm.op(Op::Lt, &[size, c(1e-6)]);
    let e = asm.op(Op::Exp, &[ratio]);
    let e1 = asm.op(Op::Sub, &[e, c(1.0)]);
    let quotient = asm.op(Op::Div, &[x, e1]);
    let limit = asm.op(Op::Fnma, &[ratio, c(y / 2.0), c(y)]);
    asm.op(Op::Select, &[small, limit, quotient])
}

/// factor * exp(-(v + shift) / scale)
fn falling(asm: &mut Assembler, v: Value, factor: f64, shift: f64, scale: f64) -> Value {
    let x = asm.op(Op::Add, &[v, c(shift)]);
    let x = asm.op(Op::Mul, &[x, c(-1.0 / scale)]);
    let e = asm.op(Op::Exp, &[x]);
    asm.op(Op::Mul, &[e, c(factor)])
}

/// alpha and beta of m, h, n.
fn rates(asm: &mut Assembler, v: Value) -> [(Value, Value); 3] {
    let x = asm.op(Op::Sub, &[c(-40.0), v]);
    let l = linoid(asm, x, 10.0);
    let am = asm.op(Op::Mul, &[l, c(0.1)]);
    let bm = falling(asm, v, 4.0, 65.0, 18.0);
    let ah = falling(asm, v, 0.07, 65.0, 20.0);
    let x = asm.op(Op::Add, &[v, c(35.0)]);
    let x = asm.op(Op::Mul, &[x, c(-0.1)]);
    let e = asm.op(Op::Exp, &[x]);
    let e1 = asm.op(Op::Add, &[e, c(1.0)]);
    let bh = asm.op(Op::Div, &[c(1.0), e1]);
    let x = asm.op(Op::Sub, &[c(-55.0), v]);
    let l = linoid(asm, x, 10.0);
    let an = asm.op(Op::Mul, &[l, c(0.01)]);
    let bn = falling(asm, v, 0.125, 65.0, 80.0);
    [(am, bm), (ah, bh), (an, bn)]
}

/// x += (1 - exp(-dt/tau)) (inf - x)
fn advance(asm: &mut Assembler, state: u16, inf: Value, exponent: Value) {
    let e = asm.op(Op::Exp, &[exponent]);
    let share = asm.op(Op::Sub, &[c(1.0), e]);
    let gap = asm.op(Op::Sub, &[inf, row(state)]);
    let x = asm.op(Op::Fma, &[share, gap, row(state)]);
    asm.store(Operand::Row(state), x);
}

/// Rates by their formulas: nine exponentials.
pub fn states_exact() -> Program {
    let mut asm = Assembler::default();
    let v = Value::Given(Operand::Node(NodeRow::V));
    for (state, (alpha, beta)) in rates(&mut asm, v).into_iter().enumerate() {
        let sum = asm.op(Op::Add, &[alpha, beta]);
        let inf = asm.op(Op::Div, &[alpha, sum]);
        let exponent = asm.op(Op::Mul, &[sum, c(-DT)]);
        advance(&mut asm, state as u16, inf, exponent);
    }
    asm.program()
}

/// Steady states and time constants from a table: three exponentials and three divisions.
pub fn states_with_table() -> Program {
    let mut asm = Assembler::default();
    let v = Value::Given(Operand::Node(NodeRow::V));
    let values = asm.table(v, 6);
    for state in 0..3 {
        let exponent = asm.op(Op::Div, &[c(-DT), values[2 * state + 1]]);
        advance(&mut asm, state as u16, values[2 * state], exponent);
    }
    asm.program()
}

/// `TABLE minf, mtau, hinf, htau, ninf, ntau FROM -100 TO 100 WITH 200`
pub fn table() -> TableData {
    let entry = |k: usize| {
        let v = -100.0 + k.min(200) as f64;
        let linoid = |x: f64| if x.abs() < 1e-6 { 10.0 * (1.0 - x / 2.0) } else { 10.0 * x / (x.exp() - 1.0) };
        let gates = [
            (0.1 * linoid(-(v + 40.0) / 10.0), 4.0 * (-(v + 65.0) / 18.0).exp()),
            (0.07 * (-(v + 65.0) / 20.0).exp(), 1.0 / ((-(v + 35.0) / 10.0).exp() + 1.0)),
            (0.01 * linoid(-(v + 55.0) / 10.0), 0.125 * (-(v + 65.0) / 80.0).exp()),
        ];
        let mut row = TableRow::default();
        for (k, (alpha, beta)) in gates.into_iter().enumerate() {
            (row.0[2 * k], row.0[2 * k + 1]) = (alpha / (alpha + beta), 1.0 / (alpha + beta));
        }
        row
    };
    TableData { lo: -100.0, scale: 1.0, n: 200, rows: (0..202).map(entry).collect(), curve: None }
}
