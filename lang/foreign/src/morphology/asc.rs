//! Neurolucida's files (ASC): nested lists of points. Outlines of the soma and trees are read, as NEURON's Import3d does; all else is passed over.

mod token;

use super::contour;
use super::{Branch, Broken};
use token::{Token, Tokens};

const SOMA: i32 = 1;

/// How deep branches may nest.
const DEEPEST: usize = 400;

/// Beyond the outline of a soma by so much (um), a root is still at it.
const MARGIN: f64 = 0.5;

/// A piece of the file: an outline, or a branch with the point that it shares with its parent.
struct Piece {
    kind: i32,
    parent: Option<usize>,
    points: Vec<[f64; 4]>,
}

/// Reads a text.
///
/// # Errors
/// The first line that is wrong.
pub fn read(text: &str) -> Result<Vec<Branch>, Broken> {
    let mut reader = Reader { tokens: Tokens::of(text), outlines: Vec::new(), pieces: Vec::new(), kind: 0, depth: 0 };
    reader.objects()?;
    if !matches!(reader.tokens.next(), Token::End) {
        return Err(reader.tokens.broken("a list begins with `(`"));
    }
    let Reader { outlines, pieces, .. } = reader;
    if outlines.is_empty() && pieces.is_empty() {
        return Err(Broken::at(1, "there are no points"));
    }
    Ok(super::without_short(joined(outlines, pieces)?))
}

struct Reader<'t> {
    tokens: Tokens<'t>,
    /// Of somata, with their lines.
    outlines: Vec<(usize, Vec<[f64; 3]>)>,
    pieces: Vec<Piece>,
    kind: i32,
    depth: usize,
}

type Done<T = ()> = Result<T, Broken>;

impl Reader<'_> {
    fn objects(&mut self) -> Done {
        loop {
            self.comma();
            if !self.tokens.is(0, &Token::Open) {
                return Ok(());
            }
            self.object()?;
        }
    }

    fn object(&mut self) -> Done {
        match (self.tokens.peek(1), self.tokens.peek(2)) {
            (Token::Text(_), _) => self.outline(),
            (Token::Word(_), Token::Open) => self.marker(),
            (Token::Word(_), _) => self.property().map(|_| ()),
            (Token::Open, _) => {
                if !self.text() {
                    return self.tree();
                }
                Ok(())
            }
            (Token::Set, _) => self.set(),
            _ => {
                self.tokens.next();
                Err(self.tokens.broken("behind `(` stands a name, a text or a list"))
            }
        }
    }

    /// `("CellBody" ... points)`
    fn outline(&mut self) -> Done {
        self.expect(&Token::Open, "`(`")?;
        let line = self.tokens.line();
        let is_soma = matches!(self.tokens.peek(0), Token::Text(name) if matches!(*name, "CellBody" | "Cell Body" | "Soma"));
        self.tokens.next();
        self.properties()?;
        let points = self.points()?;
        if is_soma && points.len() > 2 {
            self.outlines.push((line, points.iter().map(|p| [p[0], p[1], p[2]]).collect()));
        }
        self.expect(&Token::Close, "`)` behind an outline")
    }

    /// `(Dot ... points)`
    fn marker(&mut self) -> Done {
        self.expect(&Token::Open, "`(`")?;
        self.tokens.next();
        self.properties()?;
        self.points()?;
        self.expect(&Token::Close, "`)` behind a marker")
    }

    /// `(Set "name" ...)`
    fn set(&mut self) -> Done {
        self.expect(&Token::Open, "`(`")?;
        self.tokens.next();
        match self.tokens.next() {
            Token::Text(_) => {}
            _ => return Err(self.tokens.broken("a set has a name in quotes")),
        }
        if !self.tokens.is(0, &Token::Close) {
            self.objects()?;
        }
        self.expect(&Token::Close, "`)` behind a set")
    }

    /// Lists of a name and values; the name of the last one.
    fn properties(&mut self) -> Done<Option<String>> {
        let mut last = None;
        while self.tokens.is(0, &Token::Open) {
            match self.tokens.peek(1) {
                Token::Word(_) => last = Some(self.property()?),
                Token::Set => self.set()?,
                _ => break,
            }
            self.comma();
        }
        Ok(last)
    }

    fn property(&mut self) -> Done<String> {
        self.expect(&Token::Open, "`(`")?;
        let Token::Word(name) = self.tokens.next() else { return Err(self.tokens.broken("a name was expected")) };
        let name = (*name).to_owned();
        loop {
            match self.tokens.peek(0) {
                Token::Number(_) | Token::Text(_) | Token::Word(_) => {
                    self.tokens.next();
                }
                Token::Rgb => {
                    self.tokens.next();
                    self.expect(&Token::Open, "`(` behind RGB")?;
                    for _ in 0..3 {
                        self.number()?;
                        self.comma();
                    }
                    self.expect(&Token::Close, "`)` behind a colour")?;
                }
                _ => break,
            }
        }
        self.expect(&Token::Close, &format!("`)` behind `{name}`"))?;
        Ok(name)
    }

    /// A text with its place, which begins as a tree does. Whether it was one; else nothing was read.
    fn text(&mut self) -> bool {
        let begin = self.tokens.place();
        let found = self.placed_text();
        if found != Ok(true) {
            self.tokens.back(begin);
        }
        found == Ok(true)
    }

    fn placed_text(&mut self) -> Done<bool> {
        self.expect(&Token::Open, "`(`")?;
        self.properties()?;
        self.point()?;
        let is_text = matches!(self.tokens.next(), Token::Text(_));
        Ok(is_text && matches!(self.tokens.next(), Token::Close))
    }

    fn tree(&mut self) -> Done {
        self.expect(&Token::Open, "`(`")?;
        let last = self.properties()?;
        self.kind = match last.as_deref() {
            Some("Axon") => 2,
            Some("Dendrite") => 3,
            Some("Apical") => 4,
            _ => 0,
        };
        self.branch(None)?;
        self.expect(&Token::Close, "`)` behind a tree")
    }

    fn branch(&mut self, parent: Option<usize>) -> Done {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(self.tokens.broken("branches nest too deep"));
        }
        let mut points = Vec::new();
        loop {
            if matches!(self.tokens.peek(1), Token::Word(_)) {
                self.object()?;
            } else {
                points.push(self.point()?);
                self.spines()?;
            }
            self.comma();
            if !self.tokens.is(0, &Token::Open) || !matches!(self.tokens.peek(1), Token::Number(_)) {
                break;
            }
        }
        let Some(first) = points.first().copied() else { return Err(self.tokens.broken("a branch has points")) };
        if let Some(end) = parent.and_then(|at| self.pieces[at].points.last()).copied()
            && end[..3] != first[..3]
        {
            points.insert(0, [end[0], end[1], end[2], first[3]]);
        }
        let at = self.pieces.len();
        self.pieces.push(Piece { kind: self.kind, parent, points });
        self.behind_branch(at)?;
        self.depth -= 1;
        Ok(())
    }

    /// Markers; then branches, or a word that says how the branch ends.
    fn behind_branch(&mut self, at: usize) -> Done {
        while self.tokens.is(0, &Token::Open) && matches!(self.tokens.peek(1), Token::Word(_)) {
            self.skip_list()?;
            self.comma();
        }
        match self.tokens.peek(0) {
            Token::Word(_) => {
                self.tokens.next();
            }
            Token::Open => {
                self.tokens.next();
                self.branch(Some(at))?;
                while self.tokens.is(0, &Token::Bar) {
                    self.tokens.next();
                    self.branch(Some(at))?;
                }
                self.expect(&Token::Close, "`)` behind branches")?;
            }
            _ => {}
        }
        Ok(())
    }

    fn skip_list(&mut self) -> Done {
        let mut open = 0;
        loop {
            match self.tokens.next() {
                Token::Open => open += 1,
                Token::Close => open -= 1,
                Token::End => return Err(self.tokens.broken("a list does not end")),
                _ => {}
            }
            if open == 0 {
                return Ok(());
            }
        }
    }

    /// `<(Class 0 "s") (x y z d)>`
    fn spines(&mut self) -> Done {
        while self.tokens.is(0, &Token::Less) {
            self.tokens.next();
            self.properties()?;
            self.point()?;
            self.expect(&Token::Greater, "`>` behind a spine")?;
        }
        Ok(())
    }

    fn points(&mut self) -> Done<Vec<[f64; 4]>> {
        let mut all = vec![self.point()?];
        loop {
            self.comma();
            if !self.tokens.is(0, &Token::Open) {
                return Ok(all);
            }
            all.push(self.point()?);
        }
    }

    /// `(x y z d S1 (...))`; what is left out is 0.
    fn point(&mut self) -> Done<[f64; 4]> {
        self.expect(&Token::Open, "`(` of a point")?;
        let mut point = [self.number()?, 0.0, 0.0, 0.0];
        self.comma();
        point[1] = self.number()?;
        for value in &mut point[2..] {
            self.comma();
            let Token::Number(number) = *self.tokens.peek(0) else { break };
            self.tokens.next();
            *value = number;
        }
        self.comma();
        if matches!(self.tokens.peek(0), Token::Word(_)) {
            self.tokens.next();
        }
        self.comma();
        if self.tokens.is(0, &Token::Open) {
            self.skip_list()?;
        }
        self.expect(&Token::Close, "`)` of a point")?;
        Ok(point)
    }

    fn number(&mut self) -> Done<f64> {
        match self.tokens.next() {
            Token::Number(number) if number.is_finite() => Ok(*number),
            _ => Err(self.tokens.broken("a number was expected")),
        }
    }

    fn comma(&mut self) {
        if self.tokens.is(0, &Token::Comma) {
            self.tokens.next();
        }
    }

    fn expect(&mut self, token: &Token<'_>, what: &str) -> Done {
        if self.tokens.next() == token { Ok(()) } else { Err(self.tokens.broken(&format!("{what} was expected"))) }
    }
}

/// A soma: one outline or a stack.
struct Soma {
    line: usize,
    outlines: Vec<Vec<[f64; 3]>>,
}

/// Outlines that lie above one another are one soma. Each tree hangs on the middle of the soma at which it begins, else of the nearest.
fn joined(outlines: Vec<(usize, Vec<[f64; 3]>)>, pieces: Vec<Piece>) -> Done<Vec<Branch>> {
    let mut somata: Vec<Soma> = Vec::new();
    let mut before: Option<[f64; 4]> = None;
    for (line, outline) in outlines {
        let box_ = bounds(&outline);
        let over = before.is_some_and(|other| meet(&box_, &other));
        before = Some(box_);
        match somata.last_mut().filter(|_| over) {
            Some(soma) => soma.outlines.push(outline),
            None => somata.push(Soma { line, outlines: vec![outline] }),
        }
    }
    let mut branches = Vec::new();
    let (mut centers, mut boxes) = (Vec::new(), Vec::new());
    for soma in &somata {
        let all: Vec<[f64; 3]> = soma.outlines.iter().flatten().copied().collect();
        let [x0, y0, x1, y1] = bounds(&all);
        let (points, center, margin) = match soma.outlines.as_slice() {
            [one] => {
                let points = contour::body(one).map_err(|why| Broken::at(soma.line, why))?;
                (points, contour::evenly(one).1, MARGIN)
            }
            several => (contour::stack(several), contour::middle(several), 0.0),
        };
        boxes.push([x0 - margin, y0 - margin, x1 + margin, y1 + margin]);
        centers.push(center);
        branches.push(Branch { kind: SOMA, parent: None, points });
    }
    let first = somata.len();
    for piece in pieces {
        let parent = match piece.parent {
            Some(at) => Some((first + at, 1.0)),
            None => soma_of(&piece.points[0], &centers, &boxes).map(|at| (at, 0.5)),
        };
        branches.push(Branch { kind: piece.kind, parent, points: piece.points });
    }
    Ok(branches)
}

fn soma_of(point: &[f64; 4], centers: &[[f64; 3]], boxes: &[[f64; 4]]) -> Option<usize> {
    let inside = |b: &[f64; 4]| b[0] <= point[0] && point[0] <= b[2] && b[1] <= point[1] && point[1] <= b[3];
    let from = |center: &[f64; 3]| contour::distance(center, &[point[0], point[1], point[2]]);
    let nearest = || (0..centers.len()).min_by(|a, b| from(&centers[*a]).total_cmp(&from(&centers[*b])));
    boxes.iter().position(inside).or_else(nearest)
}

/// Smallest x and y, largest x and y.
fn bounds(points: &[[f64; 3]]) -> [f64; 4] {
    let of = |c: usize, pick: fn(f64, f64) -> f64, from: f64| points.iter().map(|p| p[c]).fold(from, pick);
    [
        of(0, f64::min, f64::INFINITY),
        of(1, f64::min, f64::INFINITY),
        of(0, f64::max, f64::NEG_INFINITY),
        of(1, f64::max, f64::NEG_INFINITY),
    ]
}

fn meet(a: &[f64; 4], b: &[f64; 4]) -> bool {
    a[0] <= b[2] && b[0] <= a[2] && a[1] <= b[3] && b[1] <= a[3]
}
