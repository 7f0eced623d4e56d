//! A program of a pool made ready for the machine, and how it is run for the pool's instances.

use super::common::Leaves;
use super::rows::{Exchange, OneCall, Rows, Run};
use super::{Nodes, Worker};
use crate::kernel::MechanismCode;
use crate::random::Stream;
use crate::vm::code::Code;
use crate::vm::program::{Program, TableData};

/// A program made ready, and what it exchanges with the nodes through rows of its pool.
pub struct Ready {
    /// The program.
    pub code: Code,
    /// What it exchanges.
    pub exchange: Exchange,
    /// What it leaves for other instances.
    pub leaves: Leaves,
}

impl Ready {
    /// A program of the mechanism.
    ///
    /// # Errors
    /// A program that is not one; none of the compiler's is.
    pub fn new(mechanism: &MechanismCode, program: &Program) -> Result<Ready, String> {
        let exchange = Exchange::of(mechanism, program);
        let leaves = Leaves::of(mechanism, &[program]);
        Ok(Ready { code: Code::new(program).map_err(|e| e.to_string())?, exchange, leaves })
    }

    pub(super) fn run(&self, rows: &mut Rows, w: &mut Worker, nodes: &mut Nodes, tables: &[TableData], t: f64) {
        self.run_with(rows, w, nodes, tables, t, &mut []);
    }

    /// With the random streams of the instances.
    pub(super) fn run_with(
        &self,
        rows: &mut Rows,
        w: &mut Worker,
        nodes: &mut Nodes,
        tables: &[TableData],
        t: f64,
        streams: &mut [Stream],
    ) {
        if self.leaves.in_turn {
            self.run_in_turn(rows, w, nodes, tables, t, streams);
        } else if !rows.run_copied(w, nodes, self, tables, t, streams) {
            for k in 0..rows.runs() {
                self.run_part(rows.at(k), rows, w, nodes, tables, t, streams);
            }
        }
        rows.spread(&self.leaves.rows);
    }

    /// Instances of a cell one after the other.
    fn run_in_turn(
        &self,
        rows: &mut Rows,
        w: &mut Worker,
        nodes: &mut Nodes,
        tables: &[TableData],
        t: f64,
        streams: &mut [Stream],
    ) {
        rows.begin_turns();
        for k in 0..rows.turns() {
            let turn = rows.turn(k);
            rows.hand_in(turn, &self.leaves);
            self.run_part(turn, rows, w, nodes, tables, t, streams);
            rows.hand_out(turn);
        }
    }

    #[expect(clippy::too_many_arguments, reason = "what a call works on, each of it once")]
    pub(super) fn run_part(
        &self,
        part: Run,
        rows: &mut Rows,
        w: &mut Worker,
        nodes: &mut Nodes,
        tables: &[TableData],
        t: f64,
        streams: &mut [Stream],
    ) {
        rows.gather(part, nodes, &self.exchange);
        rows.run(part, w, nodes, &self.code, tables, t, streams);
        rows.scatter(part, nodes, &self.exchange);
    }

    /// Runs it for some instances: one by one where they are few.
    pub(super) fn run_for(&self, some: &[u32], rows: &mut Rows, w: &mut Worker, nodes: &mut Nodes, tables: &[TableData], t: f64) {
        if some.len() * FEW > rows.count() {
            return self.run(rows, w, nodes, tables, t);
        }
        for instance in some {
            let call = OneCall { instance: *instance as usize, arguments: &[], t, streams: &mut [] };
            rows.run_one(w, nodes, self, tables, call);
        }
    }
}

/// One instance by itself costs about as much as so many in a block.
const FEW: usize = 16;
