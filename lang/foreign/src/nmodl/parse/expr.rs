//! Values: operators by NMODL's precedence, calls, elements of arrays.

use super::{Kind, Parser, Read};
use crate::nmodl::tree::{Expr, ExprKind, Op};
use bouton_syntax::Span;

/// How tightly an operator of two operands binds.
fn strength(sign: &str) -> Option<(u8, Op)> {
    Some(match sign {
        "||" => (1, Op::Or),
        "&&" => (2, Op::And),
        "<" => (3, Op::Lt),
        "<=" => (3, Op::Le),
        ">" => (3, Op::Gt),
        ">=" => (3, Op::Ge),
        "==" => (3, Op::Eq),
        "!=" => (3, Op::Ne),
        "+" => (4, Op::Add),
        "-" => (4, Op::Sub),
        "*" => (5, Op::Mul),
        "/" => (5, Op::Div),
        "^" => (7, Op::Pow),
        _ => return None,
    })
}

/// Of the signs before a value: above `*`, below `^`.
const UNARY: u8 = 6;

impl Parser<'_> {
    pub(super) fn expr(&mut self) -> Read<Expr> {
        self.binary(0)
    }

    /// A value whose operators bind tighter than comparisons.
    pub(super) fn sum(&mut self) -> Read<Expr> {
        self.binary(4)
    }

    fn binary(&mut self, least: u8) -> Read<Expr> {
        self.deeper(|p| {
            let mut left = p.unary()?;
            loop {
                let sign = if p.peek().kind == Kind::Sign { p.peek().text.clone() } else { String::new() };
                let Some((power, op)) = strength(&sign) else { return Ok(left) };
                if power < least {
                    return Ok(left);
                }
                p.next();
                let right = p.binary(if op == Op::Pow { UNARY } else { power + 1 })?;
                let span = left.span.to(right.span);
                left = Expr { kind: ExprKind::Binary(op, Box::new(left), Box::new(right)), span };
            }
        })
    }

    fn unary(&mut self) -> Read<Expr> {
        let start = self.peek().span;
        if self.take("-") {
            let inner = self.deeper(|p| p.binary(UNARY))?;
            return Ok(Expr { span: start.to(inner.span), kind: ExprKind::Neg(Box::new(inner)) });
        }
        if self.take("+") {
            return self.deeper(|p| p.binary(UNARY));
        }
        if self.take("!") {
            let inner = self.deeper(|p| p.binary(UNARY))?;
            return Ok(Expr { span: start.to(inner.span), kind: ExprKind::Not(Box::new(inner)) });
        }
        self.primary()
    }

    fn primary(&mut self) -> Read<Expr> {
        let token = self.next();
        let span = token.span;
        match token.kind {
            Kind::Number => {
                let Ok(value) = token.text.parse::<f64>() else { return self.fail(&token, "a number") };
                // Directly behind a number parentheses hold its unit.
                if self.is("(") {
                    self.unit()?;
                }
                Ok(Expr { kind: ExprKind::Number(value), span })
            }
            Kind::Text => Ok(Expr { kind: ExprKind::Text(token.text), span }),
            Kind::Name => {
                if let Some(value) = self.defined.get(&token.text) {
                    return Ok(Expr { kind: ExprKind::Number(*value), span });
                }
                let name: std::rc::Rc<str> = token.text.as_str().into();
                if self.take("'") {
                    // What the equation of a state has come to.
                    return Ok(Expr { kind: ExprKind::Name(format!("{name}'").as_str().into()), span });
                }
                if self.take("(") {
                    let (list, end) = self.arguments()?;
                    return Ok(Expr { kind: ExprKind::Call(name, list), span: span.to(end) });
                }
                if self.take("[") {
                    let index = self.expr()?;
                    let end = self.expect("]")?.span;
                    return Ok(Expr { kind: ExprKind::Index(name, Box::new(index)), span: span.to(end) });
                }
                Ok(Expr { kind: ExprKind::Name(name), span })
            }
            Kind::Sign if token.text == "(" => {
                let inner = self.expr()?;
                let end = self.expect(")")?.span;
                if self.is("(") && self.peek().glued {
                    self.unit()?;
                }
                Ok(Expr { kind: inner.kind, span: span.to(end) })
            }
            _ => self.fail(&token, "a value"),
        }
    }

    /// What stands in the parentheses of a call; they are open.
    pub(super) fn arguments(&mut self) -> Read<(Vec<Expr>, Span)> {
        let mut list = Vec::new();
        loop {
            if self.is(")") {
                return Ok((list, self.next().span));
            }
            if self.take("&") {
                // The address of a variable.
                continue;
            }
            list.push(self.expr()?);
            if !self.take(",") && !self.is(")") {
                let token = self.next();
                return self.fail(&token, "`,` or `)`");
            }
        }
    }
}
