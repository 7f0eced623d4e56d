//! Statements and declarations.

use super::{Parser, Read, Unreadable, sorted};
use crate::hoc::token::Tok;
use crate::hoc::tree::{Expr, ExprKind, Path, Procedure, Sized, Stmt, StmtKind, Template};
use std::collections::HashSet;
use std::rc::Rc;

impl Parser {
    /// One statement, with the signs that end it.
    pub(super) fn statement(&mut self) -> Read<Stmt> {
        let found = self.deeper(|parser| {
            let start = parser.token().span;
            let kind = parser.kind()?;
            Ok(Stmt { kind, span: parser.since(start) })
        });
        while self.take_sign(";") {}
        found
    }

    /// A statement inside another one, which may begin on the next line.
    fn inner(&mut self) -> Read<Box<Stmt>> {
        let brackets = std::mem::take(&mut self.brackets);
        let found = self.statement();
        self.brackets = brackets;
        found.map(Box::new)
    }

    fn kind(&mut self) -> Read<StmtKind> {
        if self.is_sign("{") {
            return Ok(StmtKind::Block(self.block()?));
        }
        if self.take_sign(";") {
            return Ok(StmtKind::Block(Vec::new()));
        }
        let Tok::Name(word) = &self.token().kind else { return self.simple() };
        let word = word.clone();
        let start = self.at;
        self.step();
        Ok(match &*word {
            "if" => self.choice()?,
            "while" => {
                let condition = self.in_parentheses()?;
                StmtKind::While(condition, self.inner()?)
            }
            "for" => self.repeat()?,
            "iterator_statement" => StmtKind::IteratorStatement,
            "forall" => StmtKind::ForAll(self.inner()?),
            "forsec" => {
                let list = self.expr()?;
                StmtKind::ForSec(list, self.inner()?)
            }
            "ifsec" => {
                let list = self.expr()?;
                StmtKind::IfSec(list, self.inner()?)
            }
            "access" => StmtKind::Access(self.path()?),
            "connect" => {
                let child = self.path()?;
                self.expect_sign(",")?;
                StmtKind::Connect(child, self.expr()?)
            }
            "insert" => StmtKind::Insert(self.name()?),
            "uninsert" => StmtKind::Uninsert(self.name()?),
            "create" => StmtKind::Create(self.sized()?),
            "objref" | "objectvar" => StmtKind::Objects(self.sized()?),
            "strdef" => StmtKind::Texts(self.names()?),
            "double" => StmtKind::Numbers(self.sized()?),
            "local" => StmtKind::Local(self.names()?, false),
            "localobj" => StmtKind::Local(self.names()?, true),
            "public" => StmtKind::Public(self.names()?),
            "external" => StmtKind::External(self.names()?),
            "proc" => self.procedure("proc")?,
            "func" => self.procedure("func")?,
            "obfunc" => self.procedure("obfunc")?,
            "iterator" => self.procedure("iterator")?,
            "begintemplate" => self.template()?,
            "setpointer" => {
                let pointer = self.path()?;
                self.expect_sign(",")?;
                StmtKind::SetPointer(pointer, self.path()?)
            }
            "depvar" => {
                let mut all = vec![self.path()?];
                while self.take_sign(",") {
                    all.push(self.path()?);
                }
                all.iter().for_each(|path| self.assigns(path));
                StmtKind::Dependent(all)
            }
            "eqn" => self.equation()?,
            "delete" => StmtKind::Delete(self.name()?),
            "print" => {
                let mut all = Vec::new();
                while !self.ends() && !self.is_sign("}") && !self.is_sign(";") {
                    all.push(self.expr()?);
                    if !self.take_sign(",") {
                        break;
                    }
                }
                StmtKind::Print(all)
            }
            "return" => {
                let bare = self.ends() || self.is_sign("}") || self.is_sign(";");
                StmtKind::Return(if bare { None } else { Some(self.expr()?) })
            }
            "break" => StmtKind::Break,
            "continue" => StmtKind::Continue,
            "stop" => StmtKind::Stop,
            "quit" => {
                if self.continues("(") {
                    self.arguments()?;
                }
                StmtKind::Quit
            }
            _ => {
                self.at = start;
                return self.simple();
            }
        })
    }

    /// A value, an assignment, a range along a section, or a section and what is done in it.
    fn simple(&mut self) -> Read<StmtKind> {
        let value = self.expr()?;
        let ExprKind::Path(path) = &value.kind else { return Ok(StmtKind::Expr(value)) };
        if self.continues("(") && self.is_along() {
            return self.along(path.clone());
        }
        let called = path.parts.last().is_some_and(|part| part.call.is_some());
        let goes_on = !self.ends() && (self.is_sign("{") || matches!(self.token().kind, Tok::Name(_) | Tok::Arg(..)));
        if !called && goes_on && !self.is_word("else") {
            let path = path.clone();
            return Ok(StmtKind::In(path, self.inner()?));
        }
        Ok(StmtKind::Expr(value))
    }

    /// name:: left = right; name: left =; name: = right
    fn equation(&mut self) -> Read<StmtKind> {
        let name = self.path()?;
        self.expect_sign(":")?;
        let both = self.take_sign(":");
        let left = if both || !self.is_sign("=") { Some(self.level(0)?) } else { None };
        self.expect_sign("=")?;
        let right = if both || left.is_none() { Some(self.level(0)?) } else { None };
        Ok(StmtKind::Equation(name, left, right))
    }

    /// name(a:b) = c:d
    fn along(&mut self, path: Path) -> Read<StmtKind> {
        self.expect_sign("(")?;
        self.brackets += 1;
        let from = self.expr()?;
        self.expect_sign(":")?;
        let to = self.expr()?;
        self.brackets -= 1;
        self.expect_sign(")")?;
        self.expect_sign("=")?;
        let first = self.expr()?;
        let second = if self.take_sign(":") { Some(self.expr()?) } else { None };
        Ok(StmtKind::Along(path, [from, to], first, second))
    }

    fn in_parentheses(&mut self) -> Read<Expr> {
        self.expect_sign("(")?;
        self.brackets += 1;
        let value = self.expr()?;
        self.brackets -= 1;
        self.expect_sign(")")?;
        Ok(value)
    }

    fn choice(&mut self) -> Read<StmtKind> {
        let condition = self.in_parentheses()?;
        let then = self.inner()?;
        let otherwise = if self.take_word("else") { Some(self.inner()?) } else { None };
        Ok(StmtKind::If(condition, then, otherwise))
    }

    fn repeat(&mut self) -> Read<StmtKind> {
        if !self.is_sign("(") {
            let path = self.path()?;
            if path.parts.last().is_some_and(|part| part.call.is_some()) {
                return Ok(StmtKind::ForIterator(path, Rc::from(self.inner()?)));
            }
            self.expect_sign("=")?;
            self.assigns(&path);
            let from = self.expr()?;
            self.expect_sign(",")?;
            let to = self.expr()?;
            return Ok(StmtKind::ForRange(path, from, to, self.inner()?));
        }
        self.expect_sign("(")?;
        self.brackets += 1;
        if matches!(self.token().kind, Tok::Name(_)) && matches!(self.peek(1).kind, Tok::Sign(")" | ",")) {
            let path = self.path()?;
            self.assigns(&path);
            let ends = match self.take_sign(",") {
                true => matches!(self.expr()?.kind, ExprKind::Number(value) if value != 0.0),
                false => true,
            };
            self.brackets -= 1;
            self.expect_sign(")")?;
            return Ok(StmtKind::ForSegments(path, ends, self.inner()?));
        }
        let step = |parser: &mut Parser, end: &str| -> Read<Option<Box<Stmt>>> {
            if parser.is_sign(end) {
                return Ok(None);
            }
            let span = parser.token().span;
            let value = parser.expr()?;
            Ok(Some(Box::new(Stmt { kind: StmtKind::Expr(value), span })))
        };
        let first = step(self, ";")?;
        self.expect_sign(";")?;
        let condition = if self.is_sign(";") { None } else { Some(self.expr()?) };
        self.expect_sign(";")?;
        let last = step(self, ")")?;
        self.brackets -= 1;
        self.expect_sign(")")?;
        Ok(StmtKind::For(first, condition, last, self.inner()?))
    }

    /// `{ ... }`
    fn block(&mut self) -> Read<Vec<Stmt>> {
        let opened = self.token().span;
        self.expect_sign("{")?;
        let brackets = std::mem::take(&mut self.brackets);
        let mut all = Vec::new();
        while !self.is_sign("}") {
            if self.is(&Tok::End) {
                return Err(Unreadable(opened, "this brace is not closed".to_owned()));
            }
            all.push(self.recovering());
        }
        self.step();
        self.brackets = brackets;
        Ok(all)
    }

    fn names(&mut self) -> Read<Vec<Rc<str>>> {
        let mut all = vec![self.name()?];
        while self.take_sign(",") {
            all.push(self.name()?);
        }
        Ok(all)
    }

    /// `a, b[3]`
    fn sized(&mut self) -> Read<Vec<Sized>> {
        let mut all = Vec::new();
        loop {
            let name = self.name()?;
            let mut sizes = Vec::new();
            while self.continues("[") {
                self.step();
                self.brackets += 1;
                sizes.push(self.expr()?);
                self.brackets -= 1;
                self.expect_sign("]")?;
            }
            all.push((name, sizes));
            if !self.take_sign(",") {
                return Ok(all);
            }
        }
    }

    fn procedure(&mut self, kind: &'static str) -> Read<StmtKind> {
        let span = self.token().span;
        let name = self.name()?;
        if self.take_sign("(") {
            self.expect_sign(")")?;
        }
        let body = self.block()?;
        Ok(StmtKind::Define(Rc::new(Procedure { name, kind, body, span })))
    }

    fn template(&mut self) -> Read<StmtKind> {
        let span = self.token().span;
        let name = self.name()?;
        self.assigned.push(HashSet::new());
        let (mut body, begin) = (Vec::new(), self.at);
        while !self.is_word("endtemplate") && !self.is(&Tok::End) {
            body.push(self.recovering());
        }
        let assigned = sorted(self.assigned.pop().unwrap_or_default());
        if !self.take_word("endtemplate") {
            return Err(Unreadable(span, format!("the template `{name}` has no `endtemplate`")));
        }
        let mut seen = HashSet::new();
        let named = self.tokens[begin..self.at].iter().filter_map(|token| match &token.kind {
            Tok::Name(name) => Some(name.clone()),
            _ => None,
        });
        let names = named.filter(|name| seen.insert(name.clone())).collect();
        self.name()?;
        Ok(StmtKind::Template(Rc::new(Template { name, body, assigned, names, span })))
    }
}
