//! Elimination from the tips to the root and substitution back, for some lanes at a time. Which lanes, and with which instructions, is chosen here too.
//!
//! Where the next link goes on where the last one ended, the values of the node that they share stay in registers.

use super::order::{Link, Passes};
#[cfg(target_arch = "x86_64")]
use super::row::{Avx2Widths, Avx512Widths};
use super::row::{Pair, PortableWidths, Row, S1, S2, S3, Widths};
use super::{Cable, CableRows};
use crate::simd::Isa;
use std::ops::Range;

/// Potentials beyond are faults (mV).
const LIMIT: f64 = 1e6;

/// The coefficients of a link in some lanes.
trait Coefficients: Copy {
    unsafe fn a<R: Row>(self, link: &Link, at: usize) -> R;
    unsafe fn b<R: Row>(self, link: &Link, at: usize) -> R;
    /// The same from another lane on.
    fn beyond(self, lane: usize) -> Self;
}

/// All lanes have those of the link.
#[derive(Clone, Copy)]
struct Shared;

impl Coefficients for Shared {
    #[inline(always)]
    unsafe fn a<R: Row>(self, link: &Link, _: usize) -> R {
        R::splat(link.a)
    }

    #[inline(always)]
    unsafe fn b<R: Row>(self, link: &Link, _: usize) -> R {
        R::splat(link.b)
    }

    #[inline(always)]
    fn beyond(self, _: usize) -> Shared {
        self
    }
}

/// Each lane has its own.
#[derive(Clone, Copy)]
struct Each {
    a: *const f64,
    b: *const f64,
}

impl Coefficients for Each {
    #[inline(always)]
    unsafe fn a<R: Row>(self, _: &Link, at: usize) -> R {
        // SAFETY: the rows have a value for each node and lane.
        unsafe { R::load(self.a.wrapping_add(at)) }
    }

    #[inline(always)]
    unsafe fn b<R: Row>(self, _: &Link, at: usize) -> R {
        // SAFETY: as above.
        unsafe { R::load(self.b.wrapping_add(at)) }
    }

    #[inline(always)]
    fn beyond(self, lane: usize) -> Each {
        Each { a: self.a.wrapping_add(lane), b: self.b.wrapping_add(lane) }
    }
}

/// Rows as the passes see them: long enough for the cable and its lanes.
#[derive(Clone, Copy)]
struct Raw {
    lanes: usize,
    v: *mut f64,
    rhs: *mut f64,
    d: *mut f64,
}

impl Raw {
    fn new(lanes: usize, rows: &mut CableRows<'_>) -> Raw {
        Raw { lanes, v: rows.v.as_mut_ptr(), rhs: rows.rhs.as_mut_ptr(), d: rows.d.as_mut_ptr() }
    }

    /// The same rows from another lane on.
    fn beyond(self, lane: usize) -> Raw {
        Raw { v: self.v.wrapping_add(lane), rhs: self.rhs.wrapping_add(lane), d: self.d.wrapping_add(lane), ..self }
    }

    #[inline(always)]
    fn at(self, node: u32) -> usize {
        node as usize * self.lanes
    }
}

/// As [`Cable::step`], whose checks have been made. Up to eight lanes AVX2 is the faster one, measured: two independent vectors of four, or scalars
/// without detours over mask registers.
pub(super) fn step(cable: &Cable, isa: Isa, lanes: usize, factor: f64, rows: &mut CableRows<'_>, faults: &mut [u64]) -> bool {
    let raw = Raw::new(lanes, rows);
    // SAFETY: the rows have a value for each node and lane, the nodes of links are nodes, and the instruction set is asked for.
    unsafe {
        if let Some(own) = &cable.own {
            let each = Each { a: own.a.as_ptr(), b: own.b.as_ptr() };
            return match isa {
                #[cfg(target_arch = "x86_64")]
                Isa::Avx512 | Isa::Avx2 if Isa::Avx2.is_here() => each_avx2(cable, raw, each, factor, faults),
                _ => all_lanes::<PortableWidths, Each>(cable, raw, each, factor, faults),
            };
        }
        match isa {
            #[cfg(target_arch = "x86_64")]
            Isa::Avx512 if lanes > 8 && isa.is_here() => step_avx512(cable, raw, factor, faults),
            #[cfg(target_arch = "x86_64")]
            Isa::Avx512 | Isa::Avx2 if Isa::Avx2.is_here() => step_avx2(cable, raw, factor, faults),
            _ => all_lanes::<PortableWidths, Shared>(cable, raw, Shared, factor, faults),
        }
    }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512dq,avx512vl,avx2,fma,bmi1,bmi2")]
unsafe fn step_avx512(cable: &Cable, raw: Raw, factor: f64, faults: &mut [u64]) -> bool {
    // SAFETY: the caller's promises.
    unsafe { all_lanes::<Avx512Widths, Shared>(cable, raw, Shared, factor, faults) }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma,bmi1,bmi2")]
unsafe fn step_avx2(cable: &Cable, raw: Raw, factor: f64, faults: &mut [u64]) -> bool {
    // SAFETY: the caller's promises.
    unsafe { all_lanes::<Avx2Widths, Shared>(cable, raw, Shared, factor, faults) }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma,bmi1,bmi2")]
unsafe fn each_avx2(cable: &Cable, raw: Raw, each: Each, factor: f64, faults: &mut [u64]) -> bool {
    // SAFETY: the caller's promises.
    unsafe { all_lanes::<Avx2Widths, Each>(cable, raw, each, factor, faults) }
}

/// As many lanes at a time as there are registers for, then the rest in one go.
#[inline(always)]
unsafe fn all_lanes<W: Widths, C: Coefficients>(cable: &Cable, raw: Raw, of: C, factor: f64, faults: &mut [u64]) -> bool {
    let mut lane = 0;
    let mut any = false;
    // SAFETY: the caller's promises; so many lanes are left.
    unsafe {
        while raw.lanes - lane >= W::Widest::WIDTH {
            any |= some::<W::Widest, C>(cable, raw, of, lane, factor, faults);
            lane += W::Widest::WIDTH;
        }
        if raw.lanes - lane >= 16 {
            any |= some::<W::W16, C>(cable, raw, of, lane, factor, faults);
            lane += 16;
        }
        if raw.lanes - lane >= 8 {
            any |= some::<W::W8, C>(cable, raw, of, lane, factor, faults);
            lane += 8;
        }
        any | match raw.lanes - lane {
            1 => some::<S1, C>(cable, raw, of, lane, factor, faults),
            2 => some::<S2, C>(cable, raw, of, lane, factor, faults),
            3 => some::<S3, C>(cable, raw, of, lane, factor, faults),
            4 => some::<W::W4, C>(cable, raw, of, lane, factor, faults),
            5 => some::<Pair<W::W4, S1>, C>(cable, raw, of, lane, factor, faults),
            6 => some::<Pair<W::W4, S2>, C>(cable, raw, of, lane, factor, faults),
            7 => some::<Pair<W::W4, S3>, C>(cable, raw, of, lane, factor, faults),
            _ => false,
        }
    }
}

/// The lanes of one row from `lane` on. Whether one of them is at fault.
#[inline(always)]
unsafe fn some<R: Row, C: Coefficients>(cable: &Cable, raw: Raw, of: C, lane: usize, factor: f64, faults: &mut [u64]) -> bool {
    // SAFETY: the caller's promises.
    let bits = unsafe { solve::<R, C>(cable, raw.beyond(lane), of.beyond(lane), factor) };
    mark(faults, lane, R::WIDTH, bits);
    bits != 0
}

/// Or-s the bits of some lanes into the words.
#[inline(always)]
fn mark(faults: &mut [u64], lane: usize, width: usize, bits: u64) {
    if bits == 0 {
        return;
    }
    let (word, shift) = (lane / 64, lane % 64);
    faults[word] |= bits << shift;
    if shift + width > 64 && shift > 0 {
        faults[word + 1] |= bits >> (64 - shift);
    }
}

/// Most lanes for which branches take turns: with more of them a division waits for others, not for its operands.
const FEW: usize = 8;

/// All passes for the first lanes of the rows. The lanes that are at fault.
#[inline(always)]
unsafe fn solve<R: Row, C: Coefficients>(cable: &Cable, raw: Raw, of: C, factor: f64) -> u64 {
    let passes = if R::WIDTH <= FEW { &cable.few } else { &cable.many };
    // SAFETY: the caller's promises.
    unsafe {
        axial::<R, C>(passes, raw, of);
        eliminate::<R, C>(passes, raw, of);
        substitute::<R, C>(cable, passes, raw, of, factor)
    }
}

/// A row's lanes at a place.
#[inline(always)]
unsafe fn get<R: Row>(row: *const f64, at: usize) -> R {
    // SAFETY: the caller's promise: there are as many lanes.
    unsafe { R::load(row.wrapping_add(at)) }
}

#[inline(always)]
unsafe fn put<R: Row>(value: R, row: *mut f64, at: usize) {
    // SAFETY: the caller's promise: there are as many lanes.
    unsafe { value.store(row.wrapping_add(at)) }
}

/// The currents along the tree at the present potentials.
#[inline(always)]
unsafe fn axial<R: Row, C: Coefficients>(passes: &Passes, raw: Raw, of: C) {
    // SAFETY: the caller's promises.
    unsafe {
        for (kind, links) in passes.outward.stretches() {
            if kind.chain { axial_in::<R, C, true>(links, raw, of) } else { axial_in::<R, C, false>(links, raw, of) }
        }
    }
}

#[inline(always)]
unsafe fn axial_in<R: Row, C: Coefficients, const CHAIN: bool>(links: &[Link], raw: Raw, of: C) {
    // SAFETY: the caller's promises.
    unsafe {
        let first = raw.at(links[0].parent);
        let (mut parent_v, mut parent_rhs) = (get::<R>(raw.v, first), get::<R>(raw.rhs, first));
        for link in links {
            let (node, parent) = (raw.at(link.node), raw.at(link.parent));
            if !CHAIN {
                (parent_v, parent_rhs) = (get(raw.v, parent), get(raw.rhs, parent));
            }
            let v: R = get(raw.v, node);
            let dv = parent_v.sub(v);
            let rhs = of.b::<R>(link, node).fnma(dv, get(raw.rhs, node));
            put(of.a::<R>(link, node).fma(dv, parent_rhs), raw.rhs, parent);
            if CHAIN {
                (parent_v, parent_rhs) = (v, rhs);
            } else {
                put(rhs, raw.rhs, node);
            }
        }
        if CHAIN && let Some(last) = links.last() {
            put(parent_rhs, raw.rhs, raw.at(last.node));
        }
    }
}

/// From the tips towards the roots; leaves the inverse in the diagonal.
#[inline(always)]
unsafe fn eliminate<R: Row, C: Coefficients>(passes: &Passes, raw: Raw, of: C) {
    // SAFETY: the caller's promises.
    unsafe {
        for (kind, links) in passes.inward.stretches() {
            match (kind.chain, kind.fixed) {
                (true, false) => eliminate_in::<R, C, true>(links, raw, of),
                (false, false) => eliminate_in::<R, C, false>(links, raw, of),
                (true, true) => eliminate_fixed::<R, C, true>(links, raw, of),
                (false, true) => eliminate_fixed::<R, C, false>(links, raw, of),
            }
        }
    }
}

#[inline(always)]
unsafe fn eliminate_in<R: Row, C: Coefficients, const CHAIN: bool>(links: &[Link], raw: Raw, of: C) {
    // SAFETY: the caller's promises.
    unsafe {
        let (one, first) = (R::splat(1.0), raw.at(links[0].node));
        let (mut d, mut rhs) = (get::<R>(raw.d, first), get::<R>(raw.rhs, first));
        for link in links {
            let (node, parent) = (raw.at(link.node), raw.at(link.parent));
            if CHAIN {
                put(rhs, raw.rhs, node);
            } else {
                (d, rhs) = (get(raw.d, node), get(raw.rhs, node));
            }
            let inverse = one.div(d);
            let r = of.a::<R>(link, node).mul(inverse);
            d = r.fnma(of.b::<R>(link, node), get(raw.d, parent));
            rhs = r.fnma(rhs, get(raw.rhs, parent));
            put(inverse, raw.d, node);
            if !CHAIN {
                put(d, raw.d, parent);
                put(rhs, raw.rhs, parent);
            }
        }
        if CHAIN && let Some(last) = links.last() {
            put(d, raw.d, raw.at(last.parent));
            put(rhs, raw.rhs, raw.at(last.parent));
        }
    }
}

/// Of nodes whose inverse is there already.
#[inline(always)]
unsafe fn eliminate_fixed<R: Row, C: Coefficients, const CHAIN: bool>(links: &[Link], raw: Raw, of: C) {
    // SAFETY: the caller's promises.
    unsafe {
        let mut rhs = get::<R>(raw.rhs, raw.at(links[0].node));
        for link in links {
            let (node, parent) = (raw.at(link.node), raw.at(link.parent));
            if CHAIN {
                put(rhs, raw.rhs, node);
            } else {
                rhs = get(raw.rhs, node);
            }
            let r = of.a::<R>(link, node).mul(get(raw.d, node));
            rhs = r.fnma(rhs, get(raw.rhs, parent));
            if !CHAIN {
                put(rhs, raw.rhs, parent);
            }
            if !link.parent_fixed {
                put(r.fnma(of.b::<R>(link, node), get(raw.d, parent)), raw.d, parent);
            }
        }
        if CHAIN && let Some(last) = links.last() {
            put(rhs, raw.rhs, raw.at(last.parent));
        }
    }
}

/// From the roots to the tips, moving the potentials. The lanes that are at fault.
#[inline(always)]
unsafe fn substitute<R: Row, C: Coefficients>(cable: &Cable, passes: &Passes, raw: Raw, of: C, factor: f64) -> u64 {
    // SAFETY: the caller's promises.
    unsafe {
        let (one, factor) = (R::splat(1.0), R::splat(factor));
        let mut good = one.within(LIMIT);
        for &root in &cable.roots {
            let at = raw.at(root);
            let d: R = get(raw.d, at);
            let inverse = if cable.fixed[root as usize] { d } else { one.div(d) };
            let rhs = get::<R>(raw.rhs, at).mul(inverse);
            let v = factor.mul(rhs).add(get(raw.v, at));
            put(inverse, raw.d, at);
            put(rhs, raw.rhs, at);
            put(v, raw.v, at);
            good = R::both(good, v.within(LIMIT));
        }
        for (kind, links) in passes.outward.stretches() {
            let here = if kind.chain {
                substitute_in::<R, C, true>(links, raw, of, factor)
            } else {
                substitute_in::<R, C, false>(links, raw, of, factor)
            };
            good = R::both(good, here);
        }
        let all = if R::WIDTH == 64 { u64::MAX } else { (1 << R::WIDTH) - 1 };
        !R::bits(good) & all
    }
}

/// The lanes that are not at fault.
#[inline(always)]
unsafe fn substitute_in<R: Row, C: Coefficients, const CHAIN: bool>(links: &[Link], raw: Raw, of: C, factor: R) -> R::Mask {
    // SAFETY: the caller's promises.
    unsafe {
        let mut good = R::splat(1.0).within(LIMIT);
        let mut held: R = get(raw.rhs, raw.at(links[0].parent));
        for link in links {
            let node = raw.at(link.node);
            if !CHAIN {
                held = get(raw.rhs, raw.at(link.parent));
            }
            let sum = of.b::<R>(link, node).fnma(held, get(raw.rhs, node));
            let rhs = sum.mul(get(raw.d, node));
            let v = factor.mul(rhs).add(get(raw.v, node));
            put(rhs, raw.rhs, node);
            put(v, raw.v, node);
            good = R::both(good, v.within(LIMIT));
            held = rhs;
        }
        good
    }
}

/// As [`Cable::begin`], whose checks have been made.
pub(super) fn begin(isa: Isa, lanes: usize, diagonal: &[f64], moving: &[Range<usize>], rows: &mut CableRows<'_>) {
    match isa {
        #[cfg(target_arch = "x86_64")]
        // SAFETY: the instruction set is asked for.
        Isa::Avx512 | Isa::Avx2 if Isa::Avx2.is_here() => unsafe { begin_avx2(lanes, diagonal, moving, rows) },
        _ => begin_plain(lanes, diagonal, moving, rows),
    }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
unsafe fn begin_avx2(lanes: usize, diagonal: &[f64], moving: &[Range<usize>], rows: &mut CableRows<'_>) {
    begin_plain(lanes, diagonal, moving, rows);
}

#[inline(always)]
fn begin_plain(lanes: usize, diagonal: &[f64], moving: &[Range<usize>], rows: &mut CableRows<'_>) {
    rows.rhs[..diagonal.len() * lanes].fill(0.0);
    for nodes in moving {
        let d = &mut rows.d[nodes.start * lanes..nodes.end * lanes];
        let values = &diagonal[nodes.clone()];
        if lanes == 1 {
            d.copy_from_slice(values);
        } else {
            d.chunks_exact_mut(lanes.max(1)).zip(values).for_each(|(row, &x)| row.fill(x));
        }
    }
}
