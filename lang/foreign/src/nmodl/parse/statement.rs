//! Statements.

use super::{Kind, Parser, Read, Told};
use crate::nmodl::tree::{Expr, ExprKind, Name, Solve, Species, Stmt, StmtKind, Table};
use bouton_syntax::{Code, Diagnostic};

/// The most cases that one `if` may have by `else if`.
const LONGEST_CHOICE: usize = 512;

impl Parser<'_> {
    /// Statements in braces.
    pub(super) fn body(&mut self) -> Read<Vec<Stmt>> {
        self.deeper(|p| {
            p.expect("{")?;
            let mut list = Vec::new();
            while !p.take("}") {
                let start = p.peek().span;
                let kind = p.statement()?;
                let end = p.tokens[p.at.saturating_sub(1)].span;
                let span = if start.file == end.file { start.to(end) } else { start };
                if let Some(kind) = kind {
                    list.push(Stmt { kind, span });
                }
            }
            Ok(list)
        })
    }

    fn statement(&mut self) -> Read<Option<StmtKind>> {
        let token = self.peek().clone();
        match token.kind {
            Kind::Verbatim => {
                self.next();
                return Ok(Some(StmtKind::Verbatim(token.text)));
            }
            Kind::Sign if token.text == "~" => {
                self.next();
                return self.reaction().map(Some);
            }
            Kind::Sign if token.text == "{" => {
                let inner = self.body()?;
                let yes = Expr { kind: ExprKind::Number(1.0), span: token.span };
                return Ok(Some(StmtKind::If(yes, inner, Vec::new())));
            }
            Kind::Name => {}
            _ => {
                self.next();
                return self.fail(&token, "a statement");
            }
        }
        let kind = match token.text.as_str() {
            "LOCAL" => {
                self.next();
                StmtKind::Local(self.local_list()?)
            }
            "if" | "IF" => {
                self.next();
                self.choice()?
            }
            "while" | "WHILE" => {
                self.next();
                self.expect("(")?;
                let condition = self.expr()?;
                self.expect(")")?;
                StmtKind::While(condition, self.body()?)
            }
            "FROM" => self.from()?,
            "SOLVE" => self.solve()?,
            "TABLE" => self.table()?,
            "CONSERVE" => {
                self.next();
                let (left, right) = self.equation()?;
                StmtKind::Conserve(left, right)
            }
            "COMPARTMENT" => {
                self.next();
                let (index, value, states) = self.of_states()?;
                StmtKind::Compartment(index, value, states)
            }
            "LONGITUDINAL_DIFFUSION" => {
                self.next();
                let (index, value, states) = self.of_states()?;
                StmtKind::Diffusion(index, value, states)
            }
            "WATCH" => {
                self.next();
                self.expect("(")?;
                let condition = self.expr()?;
                self.expect(")")?;
                StmtKind::Watch(condition, self.sum()?)
            }
            "FOR_NETCONS" => {
                self.next();
                self.expect("(")?;
                let mut names = Vec::new();
                while !self.take(")") {
                    names.push(self.name("a name")?);
                    self.unit()?;
                    self.take(",");
                }
                StmtKind::ForNetcons(names, self.body()?)
            }
            "INITIAL" => {
                self.next();
                StmtKind::Initial(self.body()?)
            }
            "UNITSON" | "UNITSOFF" | "MUTEXLOCK" | "MUTEXUNLOCK" => {
                self.next();
                self.switch_units(&token);
                return Ok(None);
            }
            "PROTECT" => {
                self.next();
                return self.statement();
            }
            "FORALL" | "LAG" | "RESET" | "MATCH" | "SENS" => {
                return self.fail(&token, "a statement of today's NMODL");
            }
            _ => self.simple()?,
        };
        Ok(Some(kind))
    }

    fn simple(&mut self) -> Read<StmtKind> {
        let name = self.name("a statement")?;
        if self.take("(") {
            let (list, _) = self.arguments()?;
            return Ok(StmtKind::Call(name, list));
        }
        let mut index = None;
        if self.take("[") {
            index = Some(self.expr()?);
            self.expect("]")?;
        }
        let derivative = self.take("'");
        if index.is_none() && self.take("[") {
            index = Some(self.expr()?);
            self.expect("]")?;
        }
        self.expect("=")?;
        let value = self.expr()?;
        Ok(if derivative { StmtKind::Derivative(name, index, value) } else { StmtKind::Assign(name, index, value) })
    }

    pub(super) fn local_list(&mut self) -> Read<Vec<(Name, Option<u32>)>> {
        let mut list = Vec::new();
        loop {
            let name = self.name("a name")?;
            let mut size = None;
            if self.take("[") {
                size = Some(self.constant()?.clamp(0.0, 1e9) as u32);
                self.expect("]")?;
            }
            self.unit()?;
            list.push((name, size));
            if !self.take(",") {
                return Ok(list);
            }
        }
    }

    /// `if` with all that follows it by `else if`.
    fn choice(&mut self) -> Read<StmtKind> {
        let mut links = Vec::new();
        let last = self.deeper(|p| {
            loop {
                let token = p.expect("(")?;
                if links.len() >= LONGEST_CHOICE {
                    let message = format!("more than {LONGEST_CHOICE} cases in a row");
                    p.sink.push(Diagnostic::new(Code::TooDeep, token.span, message));
                    return Err(Told);
                }
                let condition = p.expr()?;
                p.expect(")")?;
                let then = p.body()?;
                links.push((token.span, condition, then));
                if !p.take_word("else") && !p.take_word("ELSE") {
                    return Ok(Vec::new());
                }
                if !p.take_word("if") && !p.take_word("IF") {
                    return p.body();
                }
            }
        })?;
        let mut links = links.into_iter();
        let Some((_, condition, then)) = links.next() else { return Err(Told) };
        let otherwise =
            links.rfold(last, |rest, (span, condition, then)| vec![Stmt { kind: StmtKind::If(condition, then, rest), span }]);
        Ok(StmtKind::If(condition, then, otherwise))
    }

    fn from(&mut self) -> Read<StmtKind> {
        self.next();
        let name = self.name("a counter")?;
        self.expect("=")?;
        let first = self.sum()?;
        let token = self.peek().clone();
        if !self.take_word("TO") {
            return self.fail(&token, "TO");
        }
        let last = self.sum()?;
        let step = if self.take_word("BY") { Some(self.sum()?) } else { None };
        Ok(StmtKind::From(name, first, last, step, self.body()?))
    }

    fn solve(&mut self) -> Read<StmtKind> {
        self.next();
        let block = self.name("the name of a block")?;
        let (mut method, mut steady) = (None, None);
        loop {
            if self.take_word("METHOD") || self.take_word("USING") {
                method = Some(self.name("a method")?);
            } else if self.take_word("STEADYSTATE") {
                steady = Some(self.name("a method")?);
            } else if self.take_word("IFERROR") {
                self.body()?;
            } else if self.is_word("FOR") {
                let token = self.peek().clone();
                return self.fail(&token, "METHOD or the next statement");
            } else {
                return Ok(StmtKind::Solve(Solve { block, method, steady }));
            }
        }
    }

    fn table(&mut self) -> Read<StmtKind> {
        self.next();
        let mut names = Vec::new();
        if !matches!(self.peek().text.as_str(), "DEPEND" | "FROM") {
            names = self.names()?;
        }
        let depend = if self.take_word("DEPEND") { self.names()? } else { Vec::new() };
        let mut part = |word: &str| {
            let token = self.peek().clone();
            match self.take_word(word) {
                true => self.sum(),
                false => self.fail(&token, word),
            }
        };
        let (from, to, with) = (part("FROM")?, part("TO")?, part("WITH")?);
        Ok(StmtKind::Table(Table { names, depend, from, to, with }))
    }

    fn equation(&mut self) -> Read<(Expr, Expr)> {
        let left = self.sum()?;
        self.expect("=")?;
        Ok((left, self.expr()?))
    }

    /// `i, value { states }`
    fn of_states(&mut self) -> Read<(Option<Name>, Expr, Vec<Name>)> {
        let mut index = None;
        if self.peek().kind == Kind::Name && self.peek_behind().text == "," {
            index = Some(self.name("a name")?);
            self.next();
        }
        let value = self.sum()?;
        self.expect("{")?;
        let mut states = Vec::new();
        while !self.take("}") {
            states.push(self.name("a state")?);
            self.take(",");
        }
        Ok((index, value, states))
    }

    /// What stands behind `~`.
    fn reaction(&mut self) -> Read<StmtKind> {
        let before = self.at;
        if let Ok(left) = self.quietly(Parser::side) {
            let token = self.peek().clone();
            match token.text.as_str() {
                "<->" => {
                    self.next();
                    let right = self.side()?;
                    let (forward, backward) = self.rates()?;
                    return Ok(StmtKind::Reaction(left, right, forward, Some(backward.unwrap_or_else(|| zero(&token.span)))));
                }
                "->" => {
                    self.next();
                    let right = if self.is("(") { Vec::new() } else { self.side()? };
                    let (forward, _) = self.rates()?;
                    return Ok(StmtKind::Reaction(left, right, forward, None));
                }
                "<<" if left.len() == 1 => {
                    self.next();
                    self.expect("(")?;
                    let flux = self.expr()?;
                    self.expect(")")?;
                    let [one] = <[Species; 1]>::try_from(left).map_err(|_| super::Told)?;
                    return Ok(StmtKind::Flux(one, flux));
                }
                _ => {}
            }
        }
        self.at = before;
        let (left, right) = self.equation()?;
        Ok(StmtKind::Equation(left, right))
    }

    /// Reads on trial: nothing is told.
    fn quietly<T>(&mut self, f: impl FnOnce(&mut Self) -> Read<T>) -> Read<T> {
        let kept = std::mem::take(self.sink);
        let result = f(self);
        *self.sink = kept;
        result
    }

    fn rates(&mut self) -> Read<(Expr, Option<Expr>)> {
        self.expect("(")?;
        let forward = self.expr()?;
        let backward = if self.take(",") { Some(self.expr()?) } else { None };
        self.expect(")")?;
        Ok((forward, backward))
    }

    fn side(&mut self) -> Read<Vec<Species>> {
        let mut list = Vec::new();
        loop {
            let mut count = 1.0;
            if self.peek().kind == Kind::Number {
                count = self.constant()?;
            }
            let name = self.name("a state")?;
            let mut index = None;
            if self.take("[") {
                index = Some(self.expr()?);
                self.expect("]")?;
            }
            list.push(Species { count, name, index });
            if !self.take("+") {
                return Ok(list);
            }
        }
    }
}

fn zero(span: &bouton_syntax::Span) -> Expr {
    Expr { kind: ExprKind::Number(0.0), span: *span }
}
