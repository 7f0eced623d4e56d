//! Gives names other names throughout a tree. What is declared further inside hides what is declared outside.

use super::declared;
use bouton_syntax::ast::{
    Action, ActionKind, Assign, Attr, AttrBlock, Binding, Block, Expr, ExprKind, FnBody, Header, Insert, Item, ItemKind,
    KineticKind, Member, MemberKind, Name, Path, SectionKind, SectionLine, Show, Spacing, Stmt, StmtKind, Text, TextPart,
    Trigger,
};
use std::sync::Arc;

/// A change of names.
pub(super) struct Rename<'r> {
    /// The new name of a declaration.
    map: &'r dyn Fn(&str) -> Option<Arc<str>>,
    /// Whether a name has others behind a dot, so that `a.b` is one name.
    spaces: &'r dyn Fn(&str) -> bool,
    /// What writes an expression anew; false: nothing.
    write: &'r dyn Fn(&mut Expr) -> bool,
    /// Names that inner declarations hide.
    hidden: Vec<Arc<str>>,
}

impl<'r> Rename<'r> {
    /// Names that `map` knows get another one.
    pub fn by(map: &'r dyn Fn(&str) -> Option<Arc<str>>) -> Rename<'r> {
        Rename { map, spaces: &|_| false, write: &|_| false, hidden: Vec::new() }
    }

    /// `a.b` becomes one name where `a` is one of `spaces`.
    pub fn joining(spaces: &'r dyn Fn(&str) -> bool) -> Rename<'r> {
        Rename { map: &|_| None, spaces, write: &|_| false, hidden: Vec::new() }
    }

    /// Names stay, and expressions are written anew, the outer ones first.
    pub fn writing(write: &'r dyn Fn(&mut Expr) -> bool) -> Rename<'r> {
        Rename { map: &|_| None, spaces: &|_| false, write, hidden: Vec::new() }
    }

    fn is_hidden(&self, name: &str) -> bool {
        self.hidden.iter().any(|hidden| **hidden == *name)
    }

    fn text(&self, text: &mut Arc<str>) {
        if !self.is_hidden(text)
            && let Some(new) = (self.map)(text)
        {
            *text = new;
        }
    }

    /// A name where it is declared, or a reference that is one name.
    fn name(&self, name: &mut Name) {
        self.text(&mut name.text);
    }

    fn within(&mut self, names: Vec<Arc<str>>, work: impl FnOnce(&mut Self)) {
        let before = self.hidden.len();
        self.hidden.extend(names);
        work(self);
        self.hidden.truncate(before);
    }

    fn path(&self, path: &mut Path) {
        if let Some(first) = path.parts.first_mut() {
            self.name(first);
        }
        while let [first, second, ..] = path.parts.as_slice()
            && !self.is_hidden(&first.text)
            && (self.spaces)(&first.text)
        {
            let joined = joined(first, second);
            path.parts.splice(..2, [joined]);
        }
    }

    /// An expression and all in it.
    pub fn expr(&mut self, expr: &mut Expr) {
        if (self.write)(expr) {
            return;
        }
        match &mut expr.kind {
            ExprKind::Name(name) => self.text(name),
            ExprKind::Field { base, name } => {
                self.expr(base);
                if let ExprKind::Name(head) = &base.kind
                    && !self.is_hidden(head)
                    && (self.spaces)(head)
                {
                    expr.kind = ExprKind::Name(format!("{head}.{}", name.text).into());
                }
            }
            ExprKind::Call { callee, args } => {
                self.expr(callee);
                args.iter_mut().for_each(|arg| self.expr(&mut arg.value));
            }
            ExprKind::Text(text) => self.parts(text),
            ExprKind::Every { base } => self.expr(base),
            ExprKind::Index { base, indices } => {
                self.expr(base);
                self.all(indices);
            }
            ExprKind::Unary { operand: value, .. } | ExprKind::InUnit { value, .. } => self.expr(value),
            ExprKind::Binary { left, right, .. } | ExprKind::Compare { left, right, .. } => {
                self.expr(left);
                self.expr(right);
            }
            ExprKind::After { value, time } | ExprKind::Before { value, time } => {
                self.expr(value);
                self.expr(time);
            }
            ExprKind::Range(range) => {
                self.expr(&mut range.start);
                self.expr(&mut range.end);
                if let Some(Spacing::By(value) | Spacing::Steps(value)) = &mut range.spacing {
                    self.expr(value);
                }
            }
            ExprKind::List(values) | ExprKind::Tuple(values) => self.all(values),
            ExprKind::If { condition, then, otherwise } => {
                [condition, then, otherwise].into_iter().for_each(|one| self.expr(one));
            }
            ExprKind::Where { set, condition } => {
                self.expr(set);
                self.expr(condition);
            }
            ExprKind::Error | ExprKind::Number(_) | ExprKind::Quantity { .. } | ExprKind::Imaginary(_) | ExprKind::Bool(_) => {}
        }
    }

    fn all(&mut self, exprs: &mut [Expr]) {
        exprs.iter_mut().for_each(|one| self.expr(one));
    }

    fn parts(&mut self, text: &mut Text) {
        for part in &mut text.parts {
            if let TextPart::Value { value, .. } = part {
                self.expr(value);
            }
        }
    }

    /// Names and values.
    fn bindings(&mut self, list: &mut [Binding]) {
        for one in list {
            self.name(&mut one.name);
            one.value.iter_mut().for_each(|value| self.expr(value));
        }
    }

    fn values(&mut self, list: &mut [Binding]) {
        list.iter_mut().filter_map(|one| one.value.as_mut()).for_each(|value| self.expr(value));
    }

    /// Values of attributes, whose names are those of what they belong to.
    fn attrs<'a>(&mut self, attrs: impl IntoIterator<Item = &'a mut AttrBlock>) {
        attrs.into_iter().flat_map(|block| &mut block.items).for_each(|attr| self.expr(&mut attr.value));
    }

    fn settings(&mut self, attrs: &mut [Attr]) {
        for attr in attrs {
            self.expr(&mut attr.path);
            self.expr(&mut attr.value);
        }
    }

    fn header(&mut self, header: &mut Header) {
        header.via.iter_mut().for_each(|via| self.path(via));
        self.attrs(&mut header.attrs);
    }

    /// A declaration or statement of a file or a circuit, its names included.
    pub fn item(&mut self, item: &mut Item) {
        match &mut item.kind {
            ItemKind::Error | ItemKind::ImportMechanisms(_) => {}
            ItemKind::ImportCells(import) => {
                import.names.iter_mut().for_each(|name| self.name(name));
                import.body.iter_mut().for_each(|body| self.body(&mut body.items));
            }
            ItemKind::Use(used) => used.alias.iter_mut().for_each(|name| self.name(name)),
            ItemKind::Param(list) | ItemKind::Let(list) | ItemKind::Output(list) => self.bindings(list),
            ItemKind::Fn(function) => self.function(function),
            ItemKind::Mechanism(mechanism) => {
                self.name(&mut mechanism.name);
                mechanism.base.iter_mut().for_each(|base| self.path(base));
                self.body(&mut mechanism.body.items);
            }
            ItemKind::Cell(cell) => {
                self.name(&mut cell.name);
                cell.base.iter_mut().for_each(|base| self.path(base));
                cell.body.iter_mut().for_each(|body| self.body(&mut body.items));
            }
            ItemKind::Circuit(circuit) => {
                self.name(&mut circuit.name);
                let own = circuit.body.items.iter().flat_map(declared::of_item).map(|name| name.text.clone()).collect();
                self.within(own, |inner| circuit.body.items.iter_mut().for_each(|item| inner.item(item)));
            }
            ItemKind::CircuitUse(circuit) => {
                self.name(&mut circuit.name);
                self.path(&mut circuit.circuit);
                self.attrs(&mut circuit.attrs);
            }
            ItemKind::Population(population) => {
                self.name(&mut population.name);
                self.path(&mut population.cell);
                population.size.iter_mut().chain(&mut population.layout).for_each(|one| self.expr(one));
                self.attrs(&mut population.attrs);
            }
            ItemKind::Synapse(synapse) => {
                self.name(&mut synapse.name);
                self.path(&mut synapse.mechanism);
                self.attrs(&mut synapse.attrs);
            }
            ItemKind::Connect(connect) => {
                connect.label.iter_mut().for_each(|label| self.name(label));
                self.all(&mut connect.sources);
                self.all(&mut connect.targets);
                self.header(&mut connect.header);
            }
            ItemKind::Stimulate(stimulate) => {
                stimulate.label.iter_mut().for_each(|label| self.name(label));
                self.all(&mut stimulate.targets);
                self.expr(&mut stimulate.source);
                self.attrs(&mut stimulate.source_attrs);
                self.header(&mut stimulate.header);
            }
            ItemKind::Simulation(block) => self.attrs([block]),
            ItemKind::Record(record) => {
                self.bindings(&mut record.records);
                record.every.iter_mut().for_each(|every| self.expr(every));
            }
            ItemKind::Stmt(kind) => self.stmt(kind),
        }
    }

    fn function(&mut self, function: &mut bouton_syntax::ast::Fn) {
        self.name(&mut function.name);
        self.values(&mut function.params);
        let mut own: Vec<Arc<str>> = function.params.iter().map(|one| one.name.text.clone()).collect();
        if let FnBody::Block(block) = &function.body {
            own.extend(declared::of_actions(&block.items).into_iter().map(|name| name.text.clone()));
        }
        self.within(own, |inner| match &mut function.body {
            FnBody::Value(value) => inner.expr(value),
            FnBody::Block(block) => inner.actions(&mut block.items),
        });
    }

    /// The lines of a mechanism or cell, whose own names hide others.
    fn body(&mut self, members: &mut [Member]) {
        let own = members.iter().flat_map(declared::of_member).map(|name| name.text.clone()).collect();
        self.within(own, |inner| members.iter_mut().for_each(|member| inner.member(member)));
    }

    /// A line of a mechanism or cell, its names included.
    pub fn member(&mut self, member: &mut Member) {
        match &mut member.kind {
            MemberKind::Param(list)
            | MemberKind::State(list)
            | MemberKind::Let(list)
            | MemberKind::Input(list)
            | MemberKind::Output(list)
            | MemberKind::Current { currents: list, .. } => self.bindings(list),
            MemberKind::Fn(function) => self.function(function),
            MemberKind::Ion(ion) => ion.valence.iter_mut().for_each(|valence| self.expr(valence)),
            MemberKind::Kinetic(scheme) => scheme.items.iter_mut().for_each(|line| self.kinetic(&mut line.kind)),
            MemberKind::Table(table) => {
                self.name(&mut table.variable);
                self.expr(&mut table.range);
                table.names.iter_mut().for_each(|name| self.name(name));
            }
            MemberKind::Handler(handler) => {
                let own = self.trigger(&mut handler.trigger);
                let steps = declared::of_actions(&handler.body.items).into_iter().map(|name| name.text.clone());
                let own = own.into_iter().chain(steps).collect();
                self.within(own, |inner| inner.actions(&mut handler.body.items));
            }
            MemberKind::Equation(equation) => {
                self.name(&mut equation.name);
                self.expr(&mut equation.value);
            }
            MemberKind::Assign(assign) => self.assign(assign),
            MemberKind::Section(section) => {
                section.count.iter_mut().for_each(|count| self.expr(count));
                self.lines(&mut section.body);
            }
            MemberKind::Insert(insert) => self.insert(insert),
            MemberKind::Synapse(synapse) => {
                self.path(&mut synapse.mechanism);
                self.attrs(&mut synapse.attrs);
            }
            MemberKind::SpikeAt(spike) => spike.above.iter_mut().for_each(|above| self.expr(above)),
            MemberKind::In(group) => self.lines(&mut group.body),
            MemberKind::Error
            | MemberKind::Method(_)
            | MemberKind::Rename { .. }
            | MemberKind::Voltage(_)
            | MemberKind::Ignore(_) => {}
        }
    }

    fn insert(&mut self, insert: &mut Insert) {
        let own = insert.mechanism.parts.last().cloned();
        let before = insert.mechanism.clone();
        self.path(&mut insert.mechanism);
        if insert.mechanism != before && insert.name.is_none() {
            // The copy is called as the mechanism is in its own file.
            insert.name = own;
        }
        self.attrs(&mut insert.attrs);
    }

    fn lines(&mut self, block: &mut Block<SectionLine>) {
        for line in &mut block.items {
            match &mut line.kind {
                SectionKind::Attr(attr) => self.expr(&mut attr.value),
                SectionKind::Let(list) => self.values(list),
                SectionKind::Insert(insert) => self.insert(insert),
                SectionKind::Error | SectionKind::Join { .. } => {}
            }
        }
    }

    fn kinetic(&mut self, line: &mut KineticKind) {
        match line {
            KineticKind::Error | KineticKind::Steady => {}
            KineticKind::Reaction { left, right, forward, backward } => {
                left.iter_mut().chain(right).for_each(|one| self.name(&mut one.name));
                self.expr(forward);
                backward.iter_mut().for_each(|one| self.expr(one));
            }
            KineticKind::Conserve { sum, total } => {
                sum.iter_mut().for_each(|one| self.name(&mut one.name));
                self.expr(total);
            }
            KineticKind::Compartment { size: value, species } | KineticKind::Diffusion { constant: value, species } => {
                self.expr(value);
                species.iter_mut().for_each(|one| self.name(one));
            }
        }
    }

    /// The trigger of a handler; gives the names that it declares for its steps.
    fn trigger(&mut self, trigger: &mut Trigger) -> Vec<Arc<str>> {
        match trigger {
            Trigger::Start(_) | Trigger::Spike(_) | Trigger::Step(_) | Trigger::Currents(_) | Trigger::States(_) => Vec::new(),
            Trigger::Each(name) => {
                self.name(name);
                Vec::new()
            }
            Trigger::Event { name, params } => {
                self.name(name);
                self.values(params);
                params.iter().map(|one| one.name.text.clone()).collect()
            }
            Trigger::Condition(condition) => {
                self.expr(condition);
                Vec::new()
            }
        }
    }

    fn assign(&mut self, assign: &mut Assign) {
        self.expr(&mut assign.target);
        self.expr(&mut assign.value);
    }

    fn actions(&mut self, actions: &mut [Action]) {
        for action in actions {
            match &mut action.kind {
                ActionKind::Error | ActionKind::Spike(None) => {}
                ActionKind::Assign(assign) => self.assign(assign),
                ActionKind::Let(list) => self.values(list),
                ActionKind::Spike(Some(value)) | ActionKind::Return(value) => self.expr(value),
                ActionKind::Send { after, event, .. } => {
                    self.expr(after);
                    self.name(event);
                }
                ActionKind::If(choice) => {
                    self.expr(&mut choice.condition);
                    self.actions(&mut choice.then.items);
                    choice.otherwise.iter_mut().for_each(|one| self.actions(&mut one.items));
                }
                ActionKind::ForEachConnection(body) => self.actions(&mut body.items),
            }
        }
    }

    fn block(&mut self, block: &mut Block<Stmt>) {
        block.items.iter_mut().for_each(|one| self.stmt(&mut one.kind));
    }

    fn show(&mut self, show: &mut Show) {
        self.all(&mut show.subjects);
        show.file.iter_mut().for_each(|file| self.parts(file));
        self.attrs(&mut show.options);
    }

    /// A statement and all in it.
    pub fn stmt(&mut self, kind: &mut StmtKind) {
        match kind {
            StmtKind::Error | StmtKind::Restart | StmtKind::Run(None) => {}
            StmtKind::Run(Some(value)) | StmtKind::Apply(value) | StmtKind::Aim(_, value) => self.expr(value),
            StmtKind::Restore(file) => self.parts(file),
            StmtKind::Set(attrs) => self.settings(attrs),
            StmtKind::Attr(attr) => self.expr(&mut attr.value),
            StmtKind::Let(list) => self.bindings(list),
            StmtKind::Print(values) => self.all(values),
            StmtKind::Plot(show) | StmtKind::Save(show) => self.show(show),
            StmtKind::Assert { condition, message } => {
                self.expr(condition);
                message.iter_mut().for_each(|message| self.parts(message));
            }
            StmtKind::Steady(study) => {
                self.name(&mut study.name);
                for one in &mut study.body.items {
                    match &mut one.kind {
                        StmtKind::Attr(attr) => self.settings(std::slice::from_mut(attr)),
                        other => self.stmt(other),
                    }
                }
            }
            StmtKind::Continue(study) | StmtKind::Sweep(study) | StmtKind::Optimize(study) => {
                self.name(&mut study.name);
                self.block(&mut study.body);
            }
            StmtKind::Vary(vary) => {
                self.expr(&mut vary.knob);
                self.expr(&mut vary.values);
            }
            StmtKind::Report(list) => list.iter_mut().for_each(|one| self.expr(&mut one.value)),
            StmtKind::Evolve(evolve) => self.attrs(&mut evolve.attrs),
            StmtKind::For(repeat) => {
                self.expr(&mut repeat.values);
                let own = vec![repeat.variable.text.clone()];
                self.within(own, |inner| inner.block(&mut repeat.body));
            }
            StmtKind::If(choice) => {
                self.expr(&mut choice.condition);
                self.block(&mut choice.then);
                choice.otherwise.iter_mut().for_each(|one| self.block(one));
            }
        }
    }
}

/// `a` and `b` as the one name `a.b`.
fn joined(first: &Name, second: &Name) -> Name {
    Name { text: format!("{}.{}", first.text, second.text).into(), span: first.span.to(second.span) }
}
