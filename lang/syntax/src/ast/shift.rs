//! Moving a part of a tree to where its text stands now.

use super::*;
use crate::span::Span;
use std::sync::Arc;

/// What has places in it.
pub(crate) trait Shift {
    /// Moves all places by so many bytes. The caller knows that the text of all of them is there.
    fn shift(&mut self, by: i64);
}

impl Shift for Span {
    fn shift(&mut self, by: i64) {
        let moved = |at: u32| u32::try_from(i64::from(at) + by).unwrap_or(at);
        (self.start, self.end) = (moved(self.start), moved(self.end));
    }
}

impl<T: Shift> Shift for Vec<T> {
    fn shift(&mut self, by: i64) {
        self.iter_mut().for_each(|one| one.shift(by));
    }
}

impl<T: Shift> Shift for Option<T> {
    fn shift(&mut self, by: i64) {
        self.iter_mut().for_each(|one| one.shift(by));
    }
}

impl<T: Shift> Shift for Box<T> {
    fn shift(&mut self, by: i64) {
        (**self).shift(by);
    }
}

impl<T: Shift> Shift for Block<T> {
    fn shift(&mut self, by: i64) {
        let Block { items, span } = self;
        items.shift(by);
        span.shift(by);
    }
}

/// What has no places.
macro_rules! still {
    ($($type:ty),* $(,)?) => {
        $(impl Shift for $type {
            fn shift(&mut self, _: i64) {}
        })*
    };
}

still!(bool, u8, f64, String, Arc<str>, Power, UnaryOp, BinaryOp, CompareOp, AssignOp, FormatStyle, Joint, Aim);

/// A type of fields. All are named, so that none is forgotten.
macro_rules! fields {
    ($($type:ident { $($field:ident),* $(,)? })*) => {
        $(impl Shift for $type {
            fn shift(&mut self, by: i64) {
                let $type { $($field),* } = self;
                $($field.shift(by);)*
            }
        })*
    };
}

/// A type of cases. Each is named with all that it has.
macro_rules! cases {
    ($($type:ident { $($case:ident $(($($value:ident),*))? $({ $($field:ident),* })?),* $(,)? })*) => {
        $(impl Shift for $type {
            fn shift(&mut self, by: i64) {
                // Cases without anything move nothing.
                let _ = by;
                match self {
                    $($type::$case $(($($value),*))? $({ $($field),* })? => {
                        $($($value.shift(by);)*)?
                        $($($field.shift(by);)*)?
                    })*
                }
            }
        })*
    };
}

fields! {
    Item { doc, kind, span }
    Name { text, span }
    Path { parts, span }
    Attr { path, value, bare, span }
    Binding { name, arguments, unit, value, span }
    Fn { name, params, body }
    Use { what, alias }
    ImportMechanisms { files, alias }
    Quoted { text, span }
    Doc { text, span }
    Expr { kind, span }
    Arg { name, value, span }
    Range { start, end, spacing, log }
    Text { parts, span }
    Format { width, digits, style, span }
    UnitExpr { terms, broken, span }
    UnitTerm { name, power, span }
    Cell { name, per, base, import, body }
    ImportCell { file, which, span }
    ImportCells { file, names, body }
    Section { name, count, body }
    InGroup { group, body }
    SectionLine { kind, span }
    Insert { name, mechanism, attrs }
    SpikeAt { place, above }
    Mechanism { name, point, per, base, body }
    Member { doc, kind, span }
    Ion { name, reads, writes, valence }
    Equation { name, value }
    Assign { target, op, value, span }
    Table { variable, range, names }
    KineticLine { kind, span }
    Species { count, name, span }
    Handler { trigger, body }
    Action { kind, span }
    IfAction { condition, then, otherwise }
    Population { name, cell, size, layout, attrs }
    Synapse { name, joint, mechanism, at, attrs }
    Connect { label, sources, targets, header }
    Stimulate { label, targets, source, source_attrs, header }
    Header { via, from, at, per_connection, attrs }
    Circuit { name, body }
    CircuitUse { name, circuit, attrs }
    Record { records, every, file }
    Stmt { kind, span }
    Show { subjects, file, options }
    Study { name, body }
    Vary { knob, values, integer }
    Report { name, value, span }
    Evolve { method, attrs }
    For { variable, values, body }
    If { condition, then, otherwise }
}

cases! {
    ItemKind {
        Error, Use(a), ImportMechanisms(a), ImportCells(a), Param(a), Let(a), Output(a), Fn(a), Mechanism(a), Cell(a), Circuit(a), CircuitUse(a),
        Population(a), Synapse(a), Connect(a), Stimulate(a), Simulation(a), Record(a), Stmt(a),
    }
    FnBody { Value(a), Block(a) }
    UseWhat { File(a), Library(a) }
    ExprKind {
        Error, Number(a), Quantity { value, unit }, Imaginary(a), Bool(a), Text(a), Name(a), Field { base, name }, Every { base },
        Index { base, indices }, Call { callee, args }, Unary { op, operand }, Binary { op, op_span, left, right },
        Compare { op, op_span, left, right }, InUnit { value, unit }, After { value, time }, Before { value, time }, Range(a),
        List(a), Tuple(a), If { condition, then, otherwise }, Where { set, condition },
    }
    Spacing { By(a), Steps(a) }
    TextPart { Letters(a), Value { value, format } }
    ImportWhich { Template { name, args }, Class { name, args } }
    SectionKind { Error, Attr(a), Let(a), Insert(a), Join { parent, at } }
    MemberKind {
        Error, Param(a), State(a), Let(a), Input(a), Output(a), Fn(a), Ion(a), Current { electrode, currents }, Method(a),
        Kinetic(a), Table(a), Handler(a), Equation(a), Assign(a), Section(a), Insert(a), Synapse(a), SpikeAt(a), In(a),
        Rename { from, to }, Voltage(a), Ignore(a),
    }
    KineticKind {
        Error, Reaction { left, right, forward, backward }, Conserve { sum, total }, Compartment { size, species }, Steady,
        Diffusion { constant, species },
    }
    Trigger { Start(a), Spike(a), Step(a), Currents(a), States(a), Each(a), Event { name, params }, Condition(a) }
    ActionKind {
        Error, Assign(a), Let(a), Spike(a), Send { after, moves, event }, If(a), ForEachConnection(a), Return(a),
    }
    StmtKind {
        Error, Run(a), Restart, Restore(a), Set(a), Let(a), Print(a), Plot(a), Save(a), Assert { condition, message }, Apply(a),
        Sweep(a), Optimize(a), Steady(a), Continue(a), Vary(a), Report(a), Aim(a, b), Evolve(a), Attr(a), For(a), If(a),
    }
}
