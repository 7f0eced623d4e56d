//! Reads C code.

use super::token::{FUNCTIONS, PICKS, SEEDS, TYPES, Token, plain, tokens};
use super::value;
use crate::nmodl::tree::{Expr, ExprKind, Name, Op, Stmt, StmtKind};
use bouton_syntax::Span;
use std::collections::HashSet;
use std::rc::Rc;

/// How deep code may nest.
const MOST_DEEP: usize = 60;

/// The statements of a block; nothing where some part of it is not understood.
pub(super) fn statements(code: &str, span: Span, names: &HashSet<Rc<str>>) -> Option<Vec<Stmt>> {
    let tokens = tokens(&plain(code)?)?;
    let mut reader = Reader { tokens, at: 0, span, names, own: HashSet::new(), before: Vec::new(), depth: 0 };
    let mut out = Vec::new();
    while reader.at < reader.tokens.len() {
        reader.statement(&mut out)?;
    }
    Some(out)
}

struct Reader<'a> {
    tokens: Vec<Token>,
    at: usize,
    span: Span,
    names: &'a HashSet<Rc<str>>,
    /// What the code declares itself.
    own: HashSet<Rc<str>>,
    /// Assignments inside of the value that is read: they come before the statement.
    before: Vec<Stmt>,
    depth: usize,
}

/// The function that `condition ? a : b` becomes.
pub(in crate::nmodl) const CHOICE: &str = "?:";
/// What only prints, or ends a program that has gone wrong.
const IDLE: &[&str] = &["printf", "fprintf", "fflush", "hoc_execerror", "hoc_execerr_ext", "hoc_warning", "abort", "assert"];

impl Reader<'_> {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at)
    }

    fn is(&self, sign: &str) -> bool {
        matches!(self.peek(), Some(Token::Sign(one)) if *one == sign)
    }

    fn take(&mut self, sign: &str) -> bool {
        let found = self.is(sign);
        self.at += usize::from(found);
        found
    }

    fn expect(&mut self, sign: &str) -> Option<()> {
        self.take(sign).then_some(())
    }

    fn word(&self) -> Option<&str> {
        if let Some(Token::Name(name)) = self.peek() { Some(name) } else { None }
    }

    fn name(&self, text: &str) -> Name {
        Name { text: text.into(), span: self.span }
    }

    fn put(&self, kind: StmtKind) -> Stmt {
        Stmt { kind, span: self.span }
    }

    fn statement(&mut self, out: &mut Vec<Stmt>) -> Option<()> {
        self.depth += 1;
        let done = if self.depth > MOST_DEEP { None } else { self.one(out) };
        self.depth -= 1;
        // What a value assigns is known to come first in conditions only.
        done.filter(|()| self.before.is_empty())
    }

    fn one(&mut self, out: &mut Vec<Stmt>) -> Option<()> {
        if self.take(";") {
            return Some(());
        }
        if self.take("{") {
            while !self.take("}") {
                self.statement(out)?;
            }
            return Some(());
        }
        if self.is("++") || self.is("--") {
            let sign = if self.take("++") { Op::Add } else { self.expect("--").map(|()| Op::Sub)? };
            let (name, index) = self.target()?;
            self.expect(";")?;
            out.push(self.changed(name, index, sign, value(ExprKind::Number(1.0), self.span)));
            return Some(());
        }
        if self.is("*") {
            return self.assignment(out);
        }
        let word = self.word()?.to_owned();
        match word.as_str() {
            "if" => {
                self.at += 1;
                self.expect("(")?;
                let condition = self.expr(0)?;
                self.expect(")")?;
                out.append(&mut self.before);
                let (mut then, mut otherwise) = (Vec::new(), Vec::new());
                self.statement(&mut then)?;
                if self.word() == Some("else") {
                    self.at += 1;
                    self.statement(&mut otherwise)?;
                }
                out.push(self.put(StmtKind::If(condition, then, otherwise)));
                Some(())
            }
            "return" => {
                self.at += 1;
                let value = if self.is(";") { None } else { Some(self.expr(0)?) };
                self.expect(";")?;
                out.push(self.put(StmtKind::Return(value)));
                Some(())
            }
            "for" => self.counting(out),
            "switch" => self.chosen(out),
            "while" => {
                self.at += 1;
                self.expect("(")?;
                let condition = self.expr(0)?;
                self.expect(")")?;
                let mut body = Vec::new();
                self.statement(&mut body)?;
                out.push(self.put(StmtKind::While(condition, body)));
                Some(())
            }
            _ if TYPES.contains(&word.as_str()) => self.declaration(out),
            _ if IDLE.contains(&word.as_str()) || SEEDS.contains(&word.as_str()) => {
                self.at += 1;
                self.skipped()?;
                self.expect(";")?;
                out.push(self.put(StmtKind::Call(self.name(&word), Vec::new())));
                Some(())
            }
            _ => self.assignment(out),
        }
    }

    /// Goes over parentheses and all that is in them.
    fn skipped(&mut self) -> Option<()> {
        self.expect("(")?;
        let mut open = 1;
        while open > 0 {
            match self.peek()? {
                Token::Sign("(") => open += 1,
                Token::Sign(")") => open -= 1,
                _ => {}
            }
            self.at += 1;
        }
        Some(())
    }

    /// `double x, y = 2;`, or a prototype, which says nothing.
    fn declaration(&mut self, out: &mut Vec<Stmt>) -> Option<()> {
        let mut is_external = false;
        while let Some(word) = self.word() {
            if !TYPES.contains(&word) {
                break;
            }
            is_external |= word == "extern";
            self.at += 1;
        }
        let until = self.tokens[self.at..].iter().position(|token| *token == Token::Sign(";"))?;
        let line = &self.tokens[self.at..self.at + until];
        let sets = line.contains(&Token::Sign("="));
        if is_external || (!sets && line.contains(&Token::Sign("("))) {
            if line.contains(&Token::Sign("{")) {
                return None;
            }
            self.at += until + 1;
            return Some(());
        }
        loop {
            let name = self.word()?.to_owned();
            self.at += 1;
            self.own.insert(name.as_str().into());
            out.push(self.put(StmtKind::Local(vec![(self.name(&name), None)])));
            if self.take("=") {
                let value = self.expr(0)?;
                out.push(self.put(StmtKind::Assign(self.name(&name), None, value)));
            }
            if self.take(";") {
                return Some(());
            }
            self.expect(",")?;
        }
    }

    /// `for (i = a; i < b; i++)`
    fn counting(&mut self, out: &mut Vec<Stmt>) -> Option<()> {
        self.at += 1;
        self.expect("(")?;
        if self.word() == Some("int") {
            self.at += 1;
        }
        let name = self.word()?.to_owned();
        self.at += 1;
        self.own.insert(name.as_str().into());
        self.expect("=")?;
        let first = self.expr(0)?;
        self.expect(";")?;
        let counter = |reader: &mut Self| (reader.word() == Some(&name)).then(|| reader.at += 1);
        counter(self)?;
        let below = if self.take("<") { true } else { self.expect("<=").map(|()| false)? };
        let last = self.expr(4)?;
        self.expect(";")?;
        if self.take("++") {
            counter(self)?;
        } else {
            counter(self)?;
            self.expect("++")?;
        }
        self.expect(")")?;
        let one = value(ExprKind::Number(1.0), self.span);
        let last = match below {
            true => value(ExprKind::Binary(Op::Sub, Box::new(last), Box::new(one)), self.span),
            false => last,
        };
        let mut body = Vec::new();
        self.statement(&mut body)?;
        out.push(self.put(StmtKind::From(self.name(&name), first, last, None, body)));
        Some(())
    }

    /// `switch (x) { case 1: ... break; default: ... }`, each case with its own end.
    fn chosen(&mut self, out: &mut Vec<Stmt>) -> Option<()> {
        self.at += 1;
        self.expect("(")?;
        let on = self.expr(0)?;
        self.expect(")")?;
        self.expect("{")?;
        let (mut cases, mut otherwise) = (Vec::new(), Vec::new());
        while !self.take("}") {
            let mut labels: Vec<Expr> = Vec::new();
            let mut is_rest = false;
            while matches!(self.word(), Some("case" | "default")) {
                is_rest |= self.word() == Some("default");
                self.at += 1;
                if !is_rest {
                    labels.push(self.expr(0)?);
                }
                self.expect(":")?;
            }
            if labels.is_empty() && !is_rest {
                return None;
            }
            let mut body = Vec::new();
            loop {
                if self.word() == Some("break") {
                    self.at += 1;
                    self.expect(";")?;
                    break;
                }
                if self.is("}") {
                    break;
                }
                // One case that goes on into the next cannot be said.
                if matches!(self.word(), Some("case" | "default")) {
                    return None;
                }
                self.statement(&mut body)?;
            }
            if is_rest {
                otherwise = body;
                continue;
            }
            let same = |label| value(ExprKind::Binary(Op::Eq, Box::new(on.clone()), Box::new(label)), self.span);
            let any = |a, b| value(ExprKind::Binary(Op::Or, Box::new(a), Box::new(b)), self.span);
            cases.push((labels.into_iter().map(same).reduce(any)?, body));
        }
        let chain = |rest: Vec<Stmt>, (condition, body): (Expr, Vec<Stmt>)| vec![self.put(StmtKind::If(condition, body, rest))];
        out.extend(cases.into_iter().rev().fold(otherwise, chain));
        Some(())
    }

    /// A name of the file as C code writes it: `_lx` is a local `x`.
    fn spelled(&self, word: &str) -> Option<Rc<str>> {
        let known = |name: &str| self.own.contains(name) || self.names.contains(name);
        if known(word) {
            return Some(word.into());
        }
        word.strip_prefix("_l").filter(|rest| known(rest)).map(Rc::from)
    }

    fn target(&mut self) -> Option<(Rc<str>, Option<Expr>)> {
        // What a POINTER points to.
        let pointed = self.take("*");
        let word = self.word()?.to_owned();
        self.at += 1;
        let name = match pointed {
            true => word.strip_prefix("_p_").filter(|rest| self.names.contains(*rest)).map(Rc::from)?,
            false => self.spelled(&word)?,
        };
        let index = if self.take("[") {
            let index = self.expr(0)?;
            self.expect("]")?;
            Some(index)
        } else {
            None
        };
        Some((name, index))
    }

    fn changed(&self, name: Rc<str>, index: Option<Expr>, op: Op, by: Expr) -> Stmt {
        let old = match &index {
            Some(index) => ExprKind::Index(name.clone(), Box::new(index.clone())),
            None => ExprKind::Name(name.clone()),
        };
        let new = value(ExprKind::Binary(op, Box::new(value(old, self.span)), Box::new(by)), self.span);
        self.put(StmtKind::Assign(Name { text: name, span: self.span }, index, new))
    }

    /// `x = e;`, `x += e;`, `x++;`, `f(x);`
    fn assignment(&mut self, out: &mut Vec<Stmt>) -> Option<()> {
        if self.tokens.get(self.at + 1) == Some(&Token::Sign("(")) {
            let Expr { kind: ExprKind::Call(name, list), .. } = self.primary()? else { return None };
            self.expect(";")?;
            out.push(self.put(StmtKind::Call(Name { text: name, span: self.span }, list)));
            return Some(());
        }
        let (name, index) = self.target()?;
        let sign = match self.peek()? {
            Token::Sign(sign) => *sign,
            _ => return None,
        };
        self.at += 1;
        let op = match sign {
            "=" => {
                let value = self.expr(0)?;
                self.expect(";")?;
                out.push(self.put(StmtKind::Assign(Name { text: name, span: self.span }, index, value)));
                return Some(());
            }
            "+=" | "++" => Op::Add,
            "-=" | "--" => Op::Sub,
            "*=" => Op::Mul,
            "/=" => Op::Div,
            _ => return None,
        };
        let by = if matches!(sign, "++" | "--") { value(ExprKind::Number(1.0), self.span) } else { self.expr(0)? };
        self.expect(";")?;
        out.push(self.changed(name, index, op, by));
        Some(())
    }

    fn expr(&mut self, least: u8) -> Option<Expr> {
        self.depth += 1;
        let done = if self.depth > MOST_DEEP { None } else { self.binary(least) };
        let done = if least == 0 { done.and_then(|condition| self.alternative(condition)) } else { done };
        self.depth -= 1;
        done
    }

    /// `condition ? a : b`
    fn alternative(&mut self, condition: Expr) -> Option<Expr> {
        if !self.take("?") {
            return Some(condition);
        }
        let known = self.before.len();
        let yes = self.expr(0)?;
        self.expect(":")?;
        let no = self.expr(0)?;
        let pure = self.before.len() == known;
        pure.then(|| value(ExprKind::Call(CHOICE.into(), vec![condition, yes, no]), self.span))
    }

    fn binary(&mut self, least: u8) -> Option<Expr> {
        let mut left = self.unary()?;
        loop {
            let Some(Token::Sign(sign)) = self.peek() else { return Some(left) };
            let (power, op) = match *sign {
                "||" => (1, Op::Or),
                "&&" => (2, Op::And),
                "==" => (3, Op::Eq),
                "!=" => (3, Op::Ne),
                "<" => (3, Op::Lt),
                "<=" => (3, Op::Le),
                ">" => (3, Op::Gt),
                ">=" => (3, Op::Ge),
                "+" => (4, Op::Add),
                "-" => (4, Op::Sub),
                "*" => (5, Op::Mul),
                "/" => (5, Op::Div),
                _ => return Some(left),
            };
            if power < least {
                return Some(left);
            }
            self.at += 1;
            let known = self.before.len();
            let right = self.expr(power + 1)?;
            // It may not be done at all.
            if matches!(op, Op::And | Op::Or) && self.before.len() > known {
                return None;
            }
            // Whole numbers are divided without a rest in C.
            let whole = |e: &Expr| matches!(e.kind, ExprKind::Number(x) if x.fract() == 0.0);
            if op == Op::Div && whole(&left) && whole(&right) {
                return None;
            }
            left = value(ExprKind::Binary(op, Box::new(left), Box::new(right)), self.span);
        }
    }

    fn unary(&mut self) -> Option<Expr> {
        if self.take("-") {
            return Some(value(ExprKind::Neg(Box::new(self.expr(6)?)), self.span));
        }
        if self.take("!") {
            return Some(value(ExprKind::Not(Box::new(self.expr(6)?)), self.span));
        }
        if self.take("+") {
            return self.expr(6);
        }
        self.primary()
    }

    fn primary(&mut self) -> Option<Expr> {
        if self.is("*") {
            let (name, None) = self.target()? else { return None };
            return Some(value(ExprKind::Name(name), self.span));
        }
        if self.take("(") {
            if matches!(self.word(), Some("double" | "float")) && self.tokens.get(self.at + 1) == Some(&Token::Sign(")")) {
                self.at += 2;
                return self.expr(6);
            }
            if let Some(set) = self.assigned() {
                return Some(set);
            }
            let inner = self.expr(0)?;
            self.expect(")")?;
            return Some(inner);
        }
        match self.peek()?.clone() {
            Token::Number(x) => {
                self.at += 1;
                Some(value(ExprKind::Number(x), self.span))
            }
            Token::Name(word) => {
                self.at += 1;
                if self.is("(") {
                    return self.call(&word);
                }
                // A stream or vector that the model has given.
                if word.strip_prefix("_p_").is_some_and(|rest| self.names.contains(rest)) {
                    return Some(value(ExprKind::Number(1.0), self.span));
                }
                // Steps are fixed here.
                if word == "cvode_active_" && !self.names.contains("cvode_active_") {
                    return Some(value(ExprKind::Number(0.0), self.span));
                }
                let name = self.spelled(&word)?;
                if self.take("[") {
                    let index = self.expr(0)?;
                    self.expect("]")?;
                    return Some(value(ExprKind::Index(name, Box::new(index)), self.span));
                }
                Some(value(ExprKind::Name(name), self.span))
            }
            _ => None,
        }
    }

    /// `x = e)` behind a parenthesis: the value is that of `x` after it.
    fn assigned(&mut self) -> Option<Expr> {
        let (from, known) = (self.at, self.before.len());
        let found = self.target().filter(|_| self.take("=")).and_then(|target| Some((target, self.expr(0)?)));
        let Some(((name, index), new)) = found.filter(|_| self.take(")")) else {
            self.at = from;
            self.before.truncate(known);
            return None;
        };
        let kind = match &index {
            Some(index) => ExprKind::Index(name.clone(), Box::new(index.clone())),
            None => ExprKind::Name(name.clone()),
        };
        let set = self.put(StmtKind::Assign(Name { text: name, span: self.span }, index, new));
        self.before.push(set);
        Some(value(kind, self.span))
    }

    fn call(&mut self, word: &str) -> Option<Expr> {
        if let Some((_, draws)) = PICKS.iter().find(|(name, _)| *name == word) {
            self.skipped()?;
            return Some(value(ExprKind::Call((*draws).into(), Vec::new()), self.span));
        }
        if !FUNCTIONS.contains(&word) && !self.names.contains(word) {
            return None;
        }
        self.expect("(")?;
        let mut list = Vec::new();
        while !self.take(")") {
            match self.word() {
                Some("_threadargs_") => {
                    self.at += 1;
                    self.take(",");
                }
                Some("_threadargscomma_") => self.at += 1,
                _ => {
                    list.push(self.expr(0)?);
                    if !self.is(")") {
                        self.expect(",")?;
                    }
                }
            }
        }
        Some(value(ExprKind::Call(word.into(), list), self.span))
    }
}

#[cfg(test)]
mod tests {
    use super::statements;
    use bouton_syntax::Span;

    fn read(code: &str) -> Option<usize> {
        let names = ["x", "y", "a", "rates"].into_iter().map(Into::into).collect();
        statements(code, Span::default(), &names).map(|list| list.len())
    }

    #[test]
    fn what_nmodl_could_say() {
        for (code, count) in [
            ("x = 1;", 1),
            ("double q = 2*y; x = q; return x;", 4),
            ("if (x > 1 && !y) x += 2; else { y--; }", 1),
            ("for (i = 0; i < 3; i++) { a[i] = exp(-_lx); }", 1),
            ("rates(_threadargscomma_ v2);", 0),
            ("extern double f(double); printf(\"%g\", zz);", 1),
            ("*_p_x = 3;", 1),
            ("x = y > 2 ? 1 : -y;", 1),
            ("while (x > 1) { x /= 2; }", 1),
            ("if ((x = 2 * y) < 3) { x = 3; }", 2),
            ("switch (y) { case 0: x = 1; break; case 1: case 2: x = 3; y = 4; break; default: x = 0; }", 1),
        ] {
            assert_eq!(read(code), if count == 0 { None } else { Some(count) }, "{code}");
        }
    }

    #[test]
    fn what_it_could_not() {
        for code in [
            "x = z;",
            "double* p = &x;",
            "x = y ? (y = 1) : 2;",
            "if (x > 1 && (x = 2 * y) < 3) { x = 3; }",
            "x = (y = 2) + 1;",
            "switch (y) { case 0: x = 1; case 1: x = 2; break; }",
            "x = 1/2;",
            "f(3);",
            "#ifdef A\nx = 1;\n#else\nx = 2;\n#endif",
            "x = 1",
            "if (x) {",
            "x[",
            "\"",
            "",
        ] {
            assert_eq!(read(code), if code.is_empty() { Some(0) } else { None }, "{code}");
        }
    }
}
