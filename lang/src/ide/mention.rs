//! Which symbol each name of a text stands for: declarations, uses, parts of paths, attributes in braces. What it does not know it leaves out;
//! what is wrong is the check's to tell.

use super::symbol::{Kind, SymbolId, Table};
use crate::elaborate::declared::of_actions;
use bouton_syntax::Span;
use bouton_syntax::ast::{
    Action, ActionKind, Arg, Attr, AttrBlock, Binding, Block, Expr, ExprKind, File, Fn, FnBody, Header, Insert, Item, ItemKind,
    KineticKind, Member, MemberKind, Name, Path, SectionKind, SectionLine, Show, Spacing, Species, Stmt, StmtKind, Text,
    TextPart, Trigger,
};
use std::collections::HashMap;
use std::sync::Arc;

/// A name at a place, and what it stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mention {
    /// Where the name stands.
    pub span: Span,
    /// What it stands for.
    pub symbol: SymbolId,
}

/// All mentions of a file in the order of the text, and what is given a value in braces with the place of that value. Names that are known to some
/// steps only are added to the table.
pub fn mentions(file: &File, table: &mut Table) -> (Vec<Mention>, Vec<(SymbolId, Span)>) {
    let mut walk = Walk { table, found: Vec::new(), settings: Vec::new(), scopes: Vec::new(), inside: Vec::new() };
    file.items.iter().for_each(|item| walk.item(item));
    let mut found = walk.found;
    found.sort_by_key(|one| (one.span.start, one.span.end));
    found.dedup();
    (found, walk.settings)
}

struct Walk<'t> {
    table: &'t mut Table,
    found: Vec<Mention>,
    settings: Vec<(SymbolId, Span)>,
    /// Names of steps and functions, innermost last.
    scopes: Vec<HashMap<Arc<str>, SymbolId>>,
    /// Declarations around the place whose members are known by name, innermost last.
    inside: Vec<SymbolId>,
}

impl Walk<'_> {
    /// What a name stands for here.
    fn lookup(&self, name: &str) -> Option<SymbolId> {
        let local = self.scopes.iter().rev().find_map(|scope| scope.get(name).copied());
        let member = || self.inside.iter().rev().find_map(|of| self.table.member(*of, name));
        local.or_else(member).or_else(|| self.table.top.get(name).copied())
    }

    /// A copy of a mechanism without a name of its own is called as the mechanism is, so renaming one renames the other.
    fn note(&mut self, span: Span, symbol: SymbolId) {
        let named_like_base = |id: SymbolId| {
            let symbol = self.table.get(id).filter(|one| one.kind == Kind::Insert)?;
            let last = symbol.base.as_ref()?.parts.last()?;
            (last.span == symbol.span).then(|| self.table.base(id)).flatten()
        };
        let symbol = named_like_base(symbol).unwrap_or(symbol);
        if !span.is_empty() {
            self.found.push(Mention { span, symbol });
        }
    }

    /// A name that is declared or used here.
    fn name(&mut self, name: &Name) -> Option<SymbolId> {
        let symbol = self.lookup(&name.text)?;
        self.note(name.span, symbol);
        Some(symbol)
    }

    /// A name where it is declared at the top of a file, or within `inside`.
    fn declared(&mut self, name: &Name) -> Option<SymbolId> {
        let own = match self.inside.last() {
            Some(of) => self.table.within.get(of).and_then(|own| own.get(&name.text)),
            None => self.table.top.get(&name.text),
        };
        let symbol = *own?;
        self.note(name.span, symbol);
        Some(symbol)
    }

    fn path(&mut self, path: &Path) -> Option<SymbolId> {
        let mut at: Option<SymbolId> = None;
        for (count, part) in path.parts.iter().enumerate() {
            at = match at {
                None if count == 0 => self.lookup(&part.text),
                None => None,
                Some(of) => self.table.member(of, &part.text),
            };
            if let Some(symbol) = at {
                self.note(part.span, symbol);
            }
        }
        at.or_else(|| self.table.path(path))
    }

    /// An expression; what it stands for where that has parts.
    fn expr(&mut self, expr: &Expr) -> Option<SymbolId> {
        match &expr.kind {
            ExprKind::Name(text) => {
                let symbol = self.lookup(text)?;
                self.note(bare(expr.span, text), symbol);
                Some(symbol)
            }
            ExprKind::Field { base, name } => {
                let of = self.expr(base)?;
                let symbol = self.table.member(of, &name.text)?;
                self.note(name.span, symbol);
                Some(symbol)
            }
            ExprKind::Call { callee, args } => {
                let of = self.expr(callee);
                self.args(args);
                of
            }
            ExprKind::Index { base, indices } => {
                let of = self.expr(base);
                self.all(indices);
                of
            }
            ExprKind::Where { set, condition } => {
                let of = self.expr(set);
                self.expr(condition);
                of
            }
            ExprKind::Every { base } => self.expr(base),
            ExprKind::After { value, time } | ExprKind::Before { value, time } => {
                let of = self.expr(value);
                self.expr(time);
                of
            }
            ExprKind::Text(text) => {
                self.text(text);
                None
            }
            ExprKind::Unary { operand: value, .. } | ExprKind::InUnit { value, .. } => {
                self.expr(value);
                None
            }
            ExprKind::Binary { left, right, .. } | ExprKind::Compare { left, right, .. } => {
                self.expr(left);
                self.expr(right);
                None
            }
            ExprKind::Range(range) => {
                self.expr(&range.start);
                self.expr(&range.end);
                if let Some(Spacing::By(value) | Spacing::Steps(value)) = &range.spacing {
                    self.expr(value);
                }
                None
            }
            ExprKind::List(values) | ExprKind::Tuple(values) => {
                self.all(values);
                None
            }
            ExprKind::If { condition, then, otherwise } => {
                [condition, then, otherwise].into_iter().for_each(|one| {
                    self.expr(one);
                });
                None
            }
            ExprKind::Error | ExprKind::Number(_) | ExprKind::Quantity { .. } | ExprKind::Imaginary(_) | ExprKind::Bool(_) => {
                None
            }
        }
    }

    fn all(&mut self, exprs: &[Expr]) {
        exprs.iter().for_each(|one| {
            self.expr(one);
        });
    }

    fn some<'e>(&mut self, exprs: impl IntoIterator<Item = &'e Expr>) {
        exprs.into_iter().for_each(|one| {
            self.expr(one);
        });
    }

    fn args(&mut self, args: &[Arg]) {
        args.iter().for_each(|arg| {
            self.expr(&arg.value);
        });
    }

    fn text(&mut self, text: &Text) {
        for part in &text.parts {
            if let TextPart::Value { value, .. } = part {
                self.expr(value);
            }
        }
    }

    /// Attributes in braces, whose names are parts of `of`, if that is known.
    fn attrs<'b>(&mut self, block: impl IntoIterator<Item = &'b AttrBlock>, of: Option<SymbolId>) {
        for attr in block.into_iter().flat_map(|block| &block.items) {
            self.attr(attr, of);
        }
    }

    fn attr(&mut self, attr: &Attr, of: Option<SymbolId>) {
        let set = of.and_then(|of| self.part(&attr.path, of));
        if !attr.bare {
            self.settings.extend(set.map(|symbol| (symbol, attr.value.span)));
            self.expr(&attr.value);
        }
    }

    /// A path that begins at a symbol.
    fn part(&mut self, path: &Expr, of: SymbolId) -> Option<SymbolId> {
        match &path.kind {
            ExprKind::Name(text) => {
                let symbol = self.table.member(of, text)?;
                self.note(bare(path.span, text), symbol);
                Some(symbol)
            }
            ExprKind::Field { base, name } => {
                let of = self.part(base, of)?;
                let symbol = self.table.member(of, &name.text)?;
                self.note(name.span, symbol);
                Some(symbol)
            }
            ExprKind::Index { base, .. } => self.part(base, of),
            ExprKind::Call { callee, .. } => self.part(callee, of),
            _ => None,
        }
    }

    fn bindings(&mut self, list: &[Binding]) {
        for one in list {
            self.declared(&one.name);
            self.some(&one.value);
        }
    }

    /// Names that are known in `work` only.
    fn with(&mut self, names: impl IntoIterator<Item = (Name, Span, Kind)>, work: impl FnOnce(&mut Self)) {
        let mut scope = HashMap::new();
        for (name, whole, kind) in names {
            // It stands in no other symbol's members: only this scope knows it.
            let id = self.table.symbols.len();
            let parent = self.inside.last().copied();
            let (doc, base, params, value) = (None, None, Vec::new(), None);
            let text = name.text.clone();
            let symbol = super::symbol::Symbol { name: text, span: name.span, whole, kind, doc, parent, base, params, value };
            self.table.symbols.push(symbol);
            self.note(name.span, id);
            scope.insert(name.text, id);
        }
        self.scopes.push(scope);
        work(self);
        self.scopes.pop();
    }

    fn within(&mut self, symbol: Option<SymbolId>, work: impl FnOnce(&mut Self)) {
        let Some(symbol) = symbol else { return work(self) };
        self.inside.push(symbol);
        work(self);
        self.inside.pop();
    }

    fn item(&mut self, item: &Item) {
        match &item.kind {
            ItemKind::Error | ItemKind::ImportMechanisms(_) => {}
            ItemKind::ImportCells(import) => {
                import.names.iter().for_each(|name| {
                    self.declared(name);
                });
                import.body.iter().flat_map(|body| &body.items).for_each(|member| self.member(member));
            }
            ItemKind::Use(used) => used.alias.iter().for_each(|name| {
                self.declared(name);
            }),
            ItemKind::Param(list) | ItemKind::Let(list) | ItemKind::Output(list) => self.bindings(list),
            ItemKind::Fn(function) => self.function(function),
            ItemKind::Mechanism(mechanism) => {
                let own = self.declared(&mechanism.name);
                mechanism.base.iter().for_each(|base| {
                    self.path(base);
                });
                self.within(own, |inner| mechanism.body.items.iter().for_each(|member| inner.member(member)));
            }
            ItemKind::Cell(cell) => {
                let own = self.declared(&cell.name);
                cell.base.iter().for_each(|base| {
                    self.path(base);
                });
                let members = || cell.body.iter().flat_map(|body| &body.items);
                self.within(own, |inner| members().for_each(|member| inner.member(member)));
            }
            ItemKind::Circuit(circuit) => {
                let own = self.declared(&circuit.name);
                self.within(own, |inner| circuit.body.items.iter().for_each(|item| inner.item(item)));
            }
            ItemKind::CircuitUse(circuit) => {
                self.declared(&circuit.name);
                let of = self.path(&circuit.circuit);
                self.attrs(&circuit.attrs, of);
            }
            ItemKind::Population(population) => {
                self.declared(&population.name);
                let of = self.path(&population.cell);
                self.some(population.size.iter().chain(&population.layout));
                self.attrs(&population.attrs, of);
            }
            ItemKind::Synapse(synapse) => {
                self.declared(&synapse.name);
                let of = self.path(&synapse.mechanism);
                self.attrs(&synapse.attrs, of);
            }
            ItemKind::Connect(connect) => {
                connect.label.iter().for_each(|label| {
                    self.declared(label);
                });
                self.all(&connect.sources);
                let target = connect.targets.iter().map(|one| self.expr(one)).collect::<Vec<_>>();
                self.header(&connect.header, target.first().copied().flatten());
            }
            ItemKind::Stimulate(stimulate) => {
                stimulate.label.iter().for_each(|label| {
                    self.declared(label);
                });
                let target = stimulate.targets.iter().map(|one| self.expr(one)).collect::<Vec<_>>();
                let of = self.expr(&stimulate.source);
                self.attrs(&stimulate.source_attrs, of);
                self.header(&stimulate.header, target.first().copied().flatten());
            }
            ItemKind::Simulation(block) => self.attrs([block], None),
            ItemKind::Record(record) => {
                self.bindings(&record.records);
                self.some(&record.every);
                record.file.iter().for_each(|file| self.text(file));
            }
            ItemKind::Stmt(kind) => self.stmt(kind),
        }
    }

    /// Clauses and braces of a connection: `via` names a synapse of the file, or of the cells that it goes to.
    fn header(&mut self, header: &Header, target: Option<SymbolId>) {
        let mut of = None;
        if let Some(via) = &header.via {
            let own = via.parts.first().and_then(|first| self.table.member(target?, &first.text));
            of = match (own, via.parts.as_slice()) {
                (Some(symbol), [only]) => {
                    self.note(only.span, symbol);
                    Some(symbol)
                }
                _ => self.path(via),
            };
        }
        for place in header.at.iter().chain(&header.from) {
            match target {
                Some(target) => {
                    self.part(place, target);
                }
                None => {
                    self.expr(place);
                }
            }
        }
        self.attrs(&header.attrs, of);
    }

    fn function(&mut self, function: &Fn) {
        self.declared(&function.name);
        let params = function.params.iter();
        params.clone().for_each(|one| self.some(&one.value));
        let mut own: Vec<_> = params.map(|one| (one.name.clone(), one.span, Kind::Variable)).collect();
        if let FnBody::Block(block) = &function.body {
            own.extend(steps(&block.items));
        }
        self.with(own, |inner| match &function.body {
            FnBody::Value(value) => {
                inner.expr(value);
            }
            FnBody::Block(block) => inner.actions(&block.items),
        });
    }

    fn member(&mut self, member: &Member) {
        match &member.kind {
            MemberKind::Param(list)
            | MemberKind::State(list)
            | MemberKind::Let(list)
            | MemberKind::Input(list)
            | MemberKind::Output(list)
            | MemberKind::Current { currents: list, .. } => self.bindings(list),
            MemberKind::Fn(function) => self.function(function),
            MemberKind::Ion(ion) => {
                ion.reads.iter().chain(&ion.writes).for_each(|name| {
                    self.declared(name);
                });
                self.some(&ion.valence);
            }
            MemberKind::Kinetic(scheme) => scheme.items.iter().for_each(|line| self.kinetic(&line.kind)),
            MemberKind::Table(table) => {
                self.name(&table.variable);
                self.expr(&table.range);
                table.names.iter().for_each(|name| {
                    self.name(name);
                });
            }
            MemberKind::Handler(handler) => {
                let mut own: Vec<_> = steps(&handler.body.items);
                match &handler.trigger {
                    Trigger::Each(name) => {
                        self.name(name);
                    }
                    Trigger::Event { name, params } => {
                        self.declared(name);
                        params.iter().for_each(|one| self.some(&one.value));
                        own.extend(params.iter().map(|one| (one.name.clone(), one.span, Kind::Variable)));
                    }
                    Trigger::Condition(condition) => {
                        self.expr(condition);
                    }
                    Trigger::Start(_) | Trigger::Spike(_) | Trigger::Step(_) | Trigger::Currents(_) | Trigger::States(_) => {}
                }
                self.with(own, |inner| inner.actions(&handler.body.items));
            }
            MemberKind::Equation(equation) => {
                self.name(&equation.name);
                self.expr(&equation.value);
            }
            MemberKind::Assign(assign) => self.some([&assign.target, &assign.value]),
            MemberKind::Section(section) => {
                let own = self.declared(&section.name);
                self.some(&section.count);
                self.within(own, |inner| inner.lines(&section.body));
            }
            MemberKind::Insert(insert) => self.insert(insert),
            MemberKind::Synapse(synapse) => {
                self.declared(&synapse.name);
                let of = self.path(&synapse.mechanism);
                self.some(&synapse.at);
                self.attrs(&synapse.attrs, of);
            }
            MemberKind::SpikeAt(spike) => self.some(std::iter::once(&spike.place).chain(&spike.above)),
            MemberKind::In(group) => {
                self.expr(&group.group);
                self.lines(&group.body);
            }
            MemberKind::Rename { to, .. } => {
                self.declared(to);
            }
            MemberKind::Error | MemberKind::Method(_) | MemberKind::Voltage(_) | MemberKind::Ignore(_) => {}
        }
    }

    fn insert(&mut self, insert: &Insert) {
        let of = self.path(&insert.mechanism);
        insert.name.iter().for_each(|name| {
            self.declared(name);
        });
        self.attrs(&insert.attrs, of);
    }

    fn lines(&mut self, block: &Block<SectionLine>) {
        for line in &block.items {
            match &line.kind {
                SectionKind::Attr(attr) => self.attr(attr, None),
                SectionKind::Let(list) => self.bindings(list),
                SectionKind::Insert(insert) => self.insert(insert),
                SectionKind::Join { parent, at } => self.some(std::iter::once(parent).chain(at)),
                SectionKind::Error => {}
            }
        }
    }

    fn kinetic(&mut self, line: &KineticKind) {
        let species = |walk: &mut Self, all: &[Species]| {
            all.iter().for_each(|one| {
                walk.name(&one.name);
            })
        };
        match line {
            KineticKind::Error | KineticKind::Steady => {}
            KineticKind::Reaction { left, right, forward, backward } => {
                species(self, left);
                species(self, right);
                self.some(std::iter::once(forward).chain(backward));
            }
            KineticKind::Conserve { sum, total } => {
                species(self, sum);
                self.expr(total);
            }
            KineticKind::Compartment { size: value, species } | KineticKind::Diffusion { constant: value, species } => {
                self.expr(value);
                species.iter().for_each(|one| {
                    self.name(one);
                });
            }
        }
    }

    fn actions(&mut self, actions: &[Action]) {
        for action in actions {
            match &action.kind {
                ActionKind::Error | ActionKind::Spike(None) => {}
                ActionKind::Assign(assign) => self.some([&assign.target, &assign.value]),
                ActionKind::Let(list) => list.iter().for_each(|one| self.some(&one.value)),
                ActionKind::Spike(Some(value)) | ActionKind::Return(value) => {
                    self.expr(value);
                }
                ActionKind::Send { after, event, .. } => {
                    self.expr(after);
                    self.name(event);
                }
                ActionKind::If(choice) => {
                    self.expr(&choice.condition);
                    self.actions(&choice.then.items);
                    choice.otherwise.iter().for_each(|block| self.actions(&block.items));
                }
                ActionKind::ForEachConnection(body) => self.actions(&body.items),
            }
        }
    }

    fn stmt(&mut self, kind: &StmtKind) {
        match kind {
            StmtKind::Error | StmtKind::Restart | StmtKind::Run(None) => {}
            StmtKind::Run(Some(value)) | StmtKind::Apply(value) | StmtKind::Aim(_, value) => {
                self.expr(value);
            }
            StmtKind::Restore(text) => self.text(text),
            StmtKind::Set(attrs) => attrs.iter().for_each(|attr| self.some([&attr.path, &attr.value])),
            StmtKind::Let(list) => list.iter().for_each(|one| self.some(&one.value)),
            StmtKind::Print(values) => self.all(values),
            StmtKind::Plot(Show { subjects, file, options }) | StmtKind::Save(Show { subjects, file, options }) => {
                self.all(subjects);
                file.iter().for_each(|file| self.text(file));
                self.attrs(options, None);
            }
            StmtKind::Assert { condition, message } => {
                self.expr(condition);
                message.iter().for_each(|text| self.text(text));
            }
            StmtKind::Steady(study) => {
                self.declared(&study.name);
                for one in &study.body.items {
                    match &one.kind {
                        StmtKind::Attr(attr) => self.some([&attr.path, &attr.value]),
                        other => self.stmt(other),
                    }
                }
            }
            StmtKind::Continue(study) | StmtKind::Sweep(study) | StmtKind::Optimize(study) => {
                self.declared(&study.name);
                self.block(&study.body, Vec::new());
            }
            StmtKind::Vary(vary) => self.some([&vary.knob, &vary.values]),
            StmtKind::Report(list) => list.iter().for_each(|one| {
                self.expr(&one.value);
            }),
            StmtKind::Evolve(evolve) => self.attrs(&evolve.attrs, None),
            StmtKind::Attr(attr) => self.attr(attr, None),
            StmtKind::For(one) => {
                self.expr(&one.values);
                self.block(&one.body, vec![(one.variable.clone(), one.variable.span, Kind::Variable)]);
            }
            StmtKind::If(choice) => {
                self.expr(&choice.condition);
                self.block(&choice.then, Vec::new());
                choice.otherwise.iter().for_each(|block| self.block(block, Vec::new()));
            }
        }
    }

    /// Statements in braces, with the values that they keep.
    fn block(&mut self, block: &Block<Stmt>, mut names: Vec<(Name, Span, Kind)>) {
        for stmt in &block.items {
            if let StmtKind::Let(list) = &stmt.kind {
                names.extend(list.iter().map(|one| (one.name.clone(), one.span, Kind::Let)));
            }
        }
        self.with(names, |inner| block.items.iter().for_each(|stmt| inner.stmt(&stmt.kind)));
    }
}

/// Values that steps keep.
fn steps(actions: &[Action]) -> Vec<(Name, Span, Kind)> {
    of_actions(actions).into_iter().map(|name| (name.clone(), name.span, Kind::Let)).collect()
}

/// The place of a name without the parentheses around it.
fn bare(span: Span, text: &str) -> Span {
    // The parser widens the place by what is around; a name in parentheses is not worth more than leaving it out.
    if span.len() as usize == text.len() { span } else { Span::at(span.file, span.start) }
}
