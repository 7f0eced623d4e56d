//! The cable equation with extracellular space: three potentials at each node, inside and in two layers around it, solved for at once.
//! Plain arithmetic, one lane after the other: the same bits everywhere.
//!
//! Unknowns of a node are the changes of its inner potential and of the potentials of both layers. Rows of a node's block: the inner one has membrane,
//! electrode and axial currents; that of layer 0 the membrane's with the other sign, what flows on to layer 1, axial currents; that of layer 1 what comes from
//! layer 0, what flows to ground, axial currents.

use super::CableRows;
use crate::plan::{Body, Extracellular};

/// Unknowns of a node.
const N: usize = 3;

/// Coefficients of a node's unknowns in its own rows.
type Block = [[f64; N]; N];

/// The parent of a root.
const NONE: u32 = u32::MAX;

/// The space around the nodes of a block.
#[derive(Clone, Debug)]
pub struct Outside {
    lanes: usize,
    /// Nodes with their parents, children before parents; `u32::MAX` for a root.
    inward: Vec<(u32, u32)>,
    /// Coefficients of the tree, inside and in both layers, by node and lane.
    a: [Vec<f64>; N],
    b: [Vec<f64>; N],
    /// From layer 0 to layer 1, and from layer 1 to ground: conductance, and conductance with the capacitance of a step.
    g: [Vec<f64>; 2],
    m: [Vec<f64>; 2],
    /// Potential of ground (mV).
    e: Vec<f64>,
    /// Potential of each layer (mV).
    v: [Vec<f64>; 2],
    /// Electrode currents and their slopes: they come from far away, and do not pass the layers.
    injected: Vec<f64>,
    injected_slope: Vec<f64>,
    /// Current through the membrane in the last step, its capacitance included (mA/cm2; mA without area).
    membrane: Vec<f64>,
    factors: Vec<Factors>,
    /// Of one lane at a time.
    blocks: Vec<Block>,
    sums: Vec<[f64; N]>,
}

/// A block in triangular factors; what is divided by is stored as its inverse.
#[derive(Clone, Copy, Debug, Default)]
struct Factors {
    l10: f64,
    l20: f64,
    l21: f64,
    u01: f64,
    u02: f64,
    u12: f64,
    inverse: [f64; N],
}

impl Factors {
    /// Without exchange of rows: a block outweighs what is off its diagonal.
    fn of(d: &Block) -> Factors {
        let p0 = 1.0 / d[0][0];
        let (l10, l20) = (d[1][0] * p0, d[2][0] * p0);
        let (u11, u12) = (d[1][1] - l10 * d[0][1], d[1][2] - l10 * d[0][2]);
        let p1 = 1.0 / u11;
        let l21 = (d[2][1] - l20 * d[0][1]) * p1;
        let u22 = (d[2][2] - l20 * d[0][2]) - l21 * u12;
        Factors { l10, l20, l21, u01: d[0][1], u02: d[0][2], u12, inverse: [p0, p1, 1.0 / u22] }
    }

    fn solve(&self, r: [f64; N]) -> [f64; N] {
        let y1 = r[1] - self.l10 * r[0];
        let y2 = (r[2] - self.l20 * r[0]) - self.l21 * y1;
        let x2 = y2 * self.inverse[2];
        let x1 = (y1 - self.u12 * x2) * self.inverse[1];
        [((r[0] - self.u01 * x1) - self.u02 * x2) * self.inverse[0], x1, x2]
    }
}

impl Outside {
    /// Around some lanes of a class, from this one on; `rate` is the inverse of the step that is solved (1/ms).
    pub fn new(body: &Body, space: &Extracellular, first: usize, lanes: usize, rate: f64) -> Outside {
        let nodes = body.parent.len();
        let (body, space) = (&body.part(first, lanes), &space.part(first, lanes));
        let rows = |values: &[f64]| by_lane(values, nodes, lanes);
        let count = nodes * lanes;
        let [c0, c1] = [rows(&space.c[0]), rows(&space.c[1])];
        let g = [rows(&space.g[0]), rows(&space.g[1])];
        let with = |g: &[f64], c: &[f64]| g.iter().zip(c).map(|(g, c)| g + c * rate).collect();
        Outside {
            lanes,
            inward: body.order.iter().map(|&node| (node, body.parent[node as usize])).collect(),
            a: [rows(&body.a), rows(&space.a[0]), rows(&space.a[1])],
            b: [rows(&body.b), rows(&space.b[0]), rows(&space.b[1])],
            m: [with(&g[0], &c0), with(&g[1], &c1)],
            g,
            e: rows(&space.e),
            v: [vec![0.0; count], vec![0.0; count]],
            injected: vec![0.0; count],
            injected_slope: vec![0.0; count],
            membrane: vec![0.0; count],
            factors: vec![Factors::default(); count],
            blocks: vec![[[0.0; N]; N]; nodes],
            sums: vec![[0.0; N]; count],
        }
    }

    /// The start: no potential outside.
    pub fn init(&mut self) {
        self.v.iter_mut().for_each(|layer| layer.fill(0.0));
        self.membrane.fill(0.0);
    }

    /// How many values a node has between two steps: both potentials and the membrane's current.
    pub const KEPT: usize = 3;

    /// One of them.
    pub fn keep(&self, which: usize, position: usize) -> f64 {
        match which {
            0 | 1 => self.v[which][position],
            _ => self.membrane[position],
        }
    }

    /// Sets it.
    pub fn restore(&mut self, which: usize, position: usize, value: f64) {
        match which {
            0 | 1 => self.v[which][position] = value,
            _ => self.membrane[position] = value,
        }
    }

    /// Before the currents of a step.
    pub fn begin(&mut self) {
        self.injected.fill(0.0);
        self.injected_slope.fill(0.0);
    }

    /// Potential of a layer at a position (mV).
    pub fn v(&self, layer: usize, position: usize) -> f64 {
        self.v[layer][position]
    }

    /// Current through the membrane at a position.
    pub fn membrane(&self, position: usize) -> f64 {
        self.membrane[position]
    }

    /// Subtracts a current of an electrode and adds its slope.
    pub fn inject(&mut self, position: usize, current: f64, slope: f64) {
        self.injected[position] -= current;
        self.injected_slope[position] += slope;
    }

    /// From minus the membrane currents and the slopes with the capacitance of a step to the potentials of the next, `factor` times as far as the
    /// solution, which for the membrane's potential is left in the right-hand side. Whether one of them is not a number any more, or beyond a limit (mV).
    pub fn step(&mut self, rows: &mut CableRows, factor: f64, limit: f64) -> bool {
        (0..self.lanes).fold(false, |bad, lane| bad | self.lane(lane, rows, factor, limit))
    }

    fn lane(&mut self, lane: usize, rows: &mut CableRows, factor: f64, limit: f64) -> bool {
        let mut blocks = std::mem::take(&mut self.blocks);
        for (k, block) in blocks.iter_mut().enumerate() {
            let p = k * self.lanes + lane;
            *block = self.block(p, rows.d[p]);
            self.sums[p] = self.sum(p, rows.rhs[p]);
        }
        self.axial(lane, rows.v, &mut blocks);
        self.eliminate(lane, &mut blocks);
        self.blocks = blocks;
        self.substitute(lane, rows, factor, limit)
    }

    /// Adds what flows between neighbours.
    fn axial(&mut self, lane: usize, v: &[f64], blocks: &mut [Block]) {
        for &(node, parent) in self.inward.iter().rev().filter(|(_, parent)| *parent != NONE) {
            let (own, up) = (node as usize * self.lanes + lane, parent as usize * self.lanes + lane);
            let potentials = |p: usize| [v[p] + self.v[0][p], self.v[0][p], self.v[1][p]];
            let (here, there) = (potentials(own), potentials(up));
            let differences: [f64; N] = std::array::from_fn(|j| there[j] - here[j]);
            for (j, dv) in differences.into_iter().enumerate() {
                self.sums[own][j] -= self.b[j][own] * dv;
                self.sums[up][j] += self.a[j][own] * dv;
                blocks[node as usize][j][j] -= self.b[j][own];
                blocks[parent as usize][j][j] -= self.a[j][own];
            }
        }
    }

    /// From the tips to the roots.
    fn eliminate(&mut self, lane: usize, blocks: &mut [Block]) {
        for &(node, parent) in &self.inward {
            let own = node as usize * self.lanes + lane;
            let factors = Factors::of(&blocks[node as usize]);
            self.factors[own] = factors;
            if parent == NONE {
                continue;
            }
            let up = parent as usize * self.lanes + lane;
            for (j, y) in factors.solve(self.sums[own]).into_iter().enumerate() {
                self.sums[up][j] -= self.a[j][own] * y;
            }
            for k in 0..N {
                let mut column = [0.0; N];
                column[k] = self.b[k][own];
                for (j, x) in factors.solve(column).into_iter().enumerate() {
                    blocks[parent as usize][j][k] -= self.a[j][own] * x;
                }
            }
        }
    }

    /// From the roots to the tips, moving the potentials. Whether one of them went too far, or is none.
    fn substitute(&mut self, lane: usize, rows: &mut CableRows, factor: f64, limit: f64) -> bool {
        let mut good = true;
        for &(node, parent) in self.inward.iter().rev() {
            let own = node as usize * self.lanes + lane;
            let mut r = self.sums[own];
            if parent != NONE {
                let x = self.sums[parent as usize * self.lanes + lane];
                (0..N).for_each(|j| r[j] -= self.b[j][own] * x[j]);
            }
            let x = self.factors[own].solve(r);
            self.sums[own] = x;
            let change = x[0] - x[1];
            self.membrane[own] = rows.d[own] * change - rows.rhs[own];
            rows.rhs[own] = change;
            rows.v[own] += factor * change;
            self.v[0][own] += factor * x[1];
            self.v[1][own] += factor * x[2];
            good &= rows.v[own].abs() < limit;
        }
        !good
    }

    /// The block of a node without its neighbours; `d` is the membrane's conductance.
    fn block(&self, p: usize, d: f64) -> Block {
        let (m0, m1) = (self.m[0][p], self.m[1][p]);
        [[d + self.injected_slope[p], -d, 0.0], [-d, d + m0, -m0], [0.0, -m0, m0 + m1]]
    }

    /// Currents into a node without those of its neighbours; `rhs` is minus the membrane's.
    fn sum(&self, p: usize, rhs: f64) -> [f64; N] {
        let between = self.g[0][p] * (self.v[0][p] - self.v[1][p]);
        let ground = self.g[1][p] * (self.v[1][p] - self.e[p]);
        [rhs + self.injected[p], -rhs - between, between - ground]
    }
}

/// A row: by node and lane.
fn by_lane(values: &[f64], nodes: usize, lanes: usize) -> Vec<f64> {
    if values.len() > nodes {
        return values.to_vec();
    }
    values.iter().flat_map(|x| std::iter::repeat_n(*x, lanes)).collect()
}
