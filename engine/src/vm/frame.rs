//! What a call works on: a pool, the node rows of its block of cells, and the values of the moment. It owns nothing.

use super::program::{NodeRow, TableData};
use crate::random::Stream;

/// The rows of a call. Reads come in whole vectors, so every row that a program reads has values (any) up to a multiple of eight instances:
/// it is enough that the buffers do not end right behind the last instance. Nothing is written behind the last instance, but where `padded` says so.
#[derive(Debug, Default)]
pub struct Frame<'a> {
    /// The pool's rows, one after another.
    pub pool: &'a mut [f64],
    /// Distance from one row of the pool to the next.
    pub stride: usize,
    /// Behind the last instance, up to a multiple of eight, is nothing in the pool's rows: it may be written.
    pub padded: bool,
    /// Node rows, in the order of [`NodeRow`]; may be empty where the program has no use for them.
    pub nodes: [&'a mut [f64]; NodeRow::COUNT],
    /// The block's shared rows, one after another; may be empty where the program has no use for them.
    pub shared: &'a mut [f64],
    /// Distance from one shared row to the next.
    pub shared_stride: usize,
    /// Position of instance 0 in the node rows.
    pub first: usize,
    /// Time (ms).
    pub t: f64,
    /// Arguments of the event.
    pub arguments: &'a [f64],
    /// The tables that the program's `Table` instructions number.
    pub tables: &'a [TableData],
    /// Random streams of the instances; may be empty where the program draws nothing.
    pub streams: &'a mut [Stream],
}
