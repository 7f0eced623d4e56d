//! Values: operators by how tight they bind, paths, calls.

use super::{Parser, Read};
use crate::hoc::token::Tok;
use crate::hoc::tree::{Expr, ExprKind, Head, Op, Part, Path};

/// Operators from loose to tight.
const LEVELS: &[&[(&str, Op)]] = &[
    &[("||", Op::Or)],
    &[("&&", Op::And)],
    &[("==", Op::Eq), ("!=", Op::Ne), ("<>", Op::Ne), ("<=", Op::Le), (">=", Op::Ge), ("<", Op::Lt), (">", Op::Gt)],
    &[("+", Op::Add), ("-", Op::Sub)],
    &[("*", Op::Mul), ("/", Op::Div), ("%", Op::Mod)],
];

/// Signs that assign.
const ASSIGNS: &[(&str, Option<Op>)] =
    &[("=", None), ("+=", Some(Op::Add)), ("-=", Some(Op::Sub)), ("*=", Some(Op::Mul)), ("/=", Some(Op::Div))];

impl Parser {
    /// A value.
    pub(super) fn expr(&mut self) -> Read<Expr> {
        self.deeper(|parser| {
            let start = parser.token().span;
            let left = parser.level(0)?;
            let sign = ASSIGNS.iter().find(|(sign, _)| parser.continues(sign));
            let (Some((_, op)), ExprKind::Path(path)) = (sign, &left.kind) else { return Ok(left) };
            let path = path.clone();
            parser.step();
            parser.assigns(&path);
            let value = Box::new(parser.expr()?);
            Ok(Expr { kind: ExprKind::Assign(path, *op, value), span: parser.since(start) })
        })
    }

    /// Notes a name that is assigned to.
    pub(super) fn assigns(&mut self, path: &Path) {
        if let (Head::Name, [part]) = (&path.head, path.parts.as_slice())
            && part.indices.is_empty()
            && part.call.is_none()
            && let Some(names) = self.assigned.last_mut()
        {
            names.insert(part.name.clone());
        }
    }

    /// A value without assignments, of operators that bind at least as tight as this level's.
    pub(super) fn level(&mut self, level: usize) -> Read<Expr> {
        let Some(operators) = LEVELS.get(level) else { return self.unary() };
        let start = self.token().span;
        let mut left = self.level(level + 1)?;
        while let Some((_, op)) = operators.iter().find(|(sign, _)| self.continues(sign)) {
            self.step();
            let right = self.level(level + 1)?;
            let span = self.since(start);
            left = Expr { kind: ExprKind::Binary(*op, Box::new(left), Box::new(right)), span };
        }
        Ok(left)
    }

    fn unary(&mut self) -> Read<Expr> {
        let start = self.token().span;
        if self.take_sign("-") {
            let of = self.deeper(Parser::unary)?;
            return Ok(Expr { kind: ExprKind::Neg(Box::new(of)), span: self.since(start) });
        }
        if self.take_sign("+") {
            return self.deeper(Parser::unary);
        }
        if self.take_sign("!") {
            let of = self.deeper(Parser::unary)?;
            return Ok(Expr { kind: ExprKind::Not(Box::new(of)), span: self.since(start) });
        }
        let base = self.primary()?;
        if self.continues("^") {
            self.step();
            let power = self.deeper(Parser::unary)?;
            let span = self.since(start);
            return Ok(Expr { kind: ExprKind::Binary(Op::Pow, Box::new(base), Box::new(power)), span });
        }
        Ok(base)
    }

    fn primary(&mut self) -> Read<Expr> {
        let token = self.token().clone();
        let kind = match &token.kind {
            Tok::Number(value) => {
                self.step();
                ExprKind::Number(*value)
            }
            Tok::Text(text) => {
                self.step();
                ExprKind::Text(text.clone())
            }
            Tok::Sign("(") => {
                self.step();
                self.brackets += 1;
                let inner = self.expr()?;
                self.brackets -= 1;
                self.expect_sign(")")?;
                return Ok(inner);
            }
            Tok::Sign("&") => {
                self.step();
                ExprKind::Address(self.path()?)
            }
            Tok::Name(name) if &**name == "new" => {
                self.step();
                let class = self.name()?;
                let arguments = if self.continues("(") { self.arguments()? } else { Vec::new() };
                ExprKind::New(class, arguments)
            }
            Tok::Name(_) | Tok::Arg(..) => ExprKind::Path(self.path()?),
            _ => return self.unreadable("expected a value".to_owned()),
        };
        Ok(Expr { kind, span: self.since(token.span) })
    }

    /// a.b\[i\].c(x)
    pub(super) fn path(&mut self) -> Read<Path> {
        let start = self.token().clone();
        let (head, name) = match &start.kind {
            Tok::Name(name) => (Head::Name, name.clone()),
            Tok::Arg(kind, number) => (Head::Arg(*kind, *number), "".into()),
            _ => return self.unreadable("expected a name".to_owned()),
        };
        self.step();
        let mut parts = vec![self.part(name)?];
        while self.continues(".") && matches!(self.peek(1).kind, Tok::Name(_)) {
            self.step();
            let name = self.name()?;
            parts.push(self.part(name)?);
        }
        Ok(Path { head, parts, span: self.since(start.span) })
    }

    fn part(&mut self, name: crate::hoc::tree::Name) -> Read<Part> {
        let mut indices = Vec::new();
        while self.continues("[") {
            self.step();
            self.brackets += 1;
            indices.push(self.expr()?);
            self.brackets -= 1;
            self.expect_sign("]")?;
        }
        let call = if self.continues("(") && !self.is_along() { Some(self.arguments()?) } else { None };
        Ok(Part { name, indices, call })
    }

    /// Whether the parentheses are a range along a section: `(0:1)`.
    pub(super) fn is_along(&self) -> bool {
        let (mut depth, mut ahead) = (0usize, 0);
        loop {
            match self.peek(ahead).kind {
                Tok::Sign("(" | "[") => depth += 1,
                Tok::Sign(")" | "]") if depth <= 1 => return false,
                Tok::Sign(")" | "]") => depth -= 1,
                Tok::Sign(":") if depth == 1 => return true,
                Tok::Sign("{" | "}" | ";") | Tok::End => return false,
                _ => {}
            }
            ahead += 1;
        }
    }

    /// `(a, b)`
    pub(super) fn arguments(&mut self) -> Read<Vec<Expr>> {
        self.expect_sign("(")?;
        self.brackets += 1;
        let mut all = Vec::new();
        while !self.is_sign(")") {
            all.push(self.expr()?);
            if !self.take_sign(",") {
                break;
            }
        }
        self.brackets -= 1;
        self.expect_sign(")")?;
        Ok(all)
    }
}
