//! The file of a saved state: a mark with the version, what the network is, the state, and a check sum of all of it. Numbers are little-endian.
//! A file that is not whole, or of another network, is told so; no file makes the reader fail otherwise.

use bouton_engine::kernel::{HandlerCode, MechanismCode};
use bouton_engine::plan::{Plan, Pool, Projection, Values};
use bouton_engine::state::{Cause, ClassState, EventState, Key, PastState, PoolState, State, Volley};
use md5::{Digest, Md5};
use std::fmt::Write;

/// What the file begins with; the number is the version of what follows.
const MARK: &[u8; 16] = b"bouton state 004";

/// Bytes of a digest.
const DIGEST: usize = 16;

/// Why a file gives no state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unreadable {
    /// It is no state, or one of another version.
    Other,
    /// It was cut off or changed.
    Damaged,
    /// It is of another network.
    Network,
}

/// A state of a plan as bytes.
#[must_use]
pub fn bytes(state: &State, plan: &Plan) -> Vec<u8> {
    let mut out = Writer(MARK.to_vec());
    out.0.extend(fingerprint(plan));
    out.f64(state.time);
    out.list(&state.classes, |out, class| {
        out.list(&class.v, |out, v| out.f64(*v));
        out.list(&class.shared, |out, (name, values)| {
            out.text(name);
            out.list(values, |out, x| out.f64(*x));
        });
        out.list(&class.above, |out, above| out.0.push(u8::from(*above)));
        out.list(&class.pools, Writer::pool);
    });
    out.list(&state.spikes, |out, spike| {
        out.f64(spike.time);
        out.cause(spike.cause);
        out.u32(spike.source);
        out.u32(spike.times);
    });
    out.list(&state.events, Writer::event);
    out.list(&state.samples, |out, (every, next)| {
        out.f64(*every);
        out.f64(*next);
    });
    out.list(&state.kept, |out, kept| out.list(kept, |out, x| out.f64(*x)));
    out.list(&state.past, |out, past| {
        out.u32(u32::from(past.class) << 16 | u32::from(past.pool));
        out.u32(past.instance);
        out.text(&past.name);
        out.list(&past.values, |out, x| out.f64(*x));
    });
    let sum = Md5::digest(&out.0);
    out.0.extend(sum);
    out.0
}

/// The state in some bytes, which must be one of this plan.
///
/// # Errors
/// Why there is none.
pub fn read(bytes: &[u8], plan: &Plan) -> Result<State, Unreadable> {
    let rest = bytes.strip_prefix(MARK).ok_or(Unreadable::Other)?;
    let at = bytes.len().checked_sub(DIGEST).ok_or(Unreadable::Damaged)?;
    let (body, sum) = bytes.split_at(at);
    if Md5::digest(body).as_slice() != sum {
        return Err(Unreadable::Damaged);
    }
    let rest = rest.get(..rest.len() - DIGEST).ok_or(Unreadable::Damaged)?;
    let network = rest.get(..DIGEST).ok_or(Unreadable::Damaged)?;
    if network != fingerprint(plan) {
        return Err(Unreadable::Network);
    }
    let mut reader = Reader(rest.get(DIGEST..).unwrap_or_default());
    let state = reader.state().filter(|_| reader.0.is_empty()).ok_or(Unreadable::Damaged)?;
    if state.fits(plan).is_ok() { Ok(state) } else { Err(Unreadable::Network) }
}

/// A digest of everything that a run depends on; not of what is recorded.
fn fingerprint(plan: &Plan) -> [u8; DIGEST] {
    let mut hash = Hash(Md5::new());
    hash.debug(&(
        plan.dt.to_bits(),
        plan.second_order,
        plan.v_init.to_bits(),
        plan.sources,
        &plan.drives,
        &plan.links,
        &plan.pointers,
    ));
    for class in &plan.classes {
        hash.debug(&(&class.name, class.cells.iter().collect::<Vec<String>>(), &class.detectors));
        if let Some(body) = &class.body {
            hash.debug(&(&body.parent, &body.order));
            [&body.a, &body.b, &body.capacitance, &body.area].into_iter().for_each(|row| hash.numbers(row));
        }
        class.pools.iter().for_each(|pool| hash.pool(pool, class.lanes()));
    }
    plan.projections.iter().for_each(|projection| hash.projection(projection));
    hash.0.finalize().into()
}

struct Hash(Md5);

impl Write for Hash {
    fn write_str(&mut self, text: &str) -> std::fmt::Result {
        self.0.update(text.as_bytes());
        Ok(())
    }
}

impl Hash {
    fn debug(&mut self, value: &dyn std::fmt::Debug) {
        // Writing to a digest does not fail.
        let _ = writeln!(self, "{value:?}");
    }

    fn numbers(&mut self, values: &[f64]) {
        self.0.update((values.len() as u64).to_le_bytes());
        values.iter().for_each(|x| self.0.update(x.to_bits().to_le_bytes()));
    }

    fn pool(&mut self, pool: &Pool, lanes: usize) {
        let MechanismCode { name, states, init, current, scattered, advance, conditions, handlers, start, connections, .. } =
            &*pool.code;
        let handler = |h: &HandlerCode| (h.name.clone(), h.program.clone());
        let handlers: Vec<_> = handlers.iter().chain(start).map(handler).collect();
        self.debug(&(name, states, &pool.placement, &pool.streams, &pool.sources));
        self.debug(&(init, current, scattered, advance, conditions, handlers, connections));
        for (number, (input, row)) in pool.code.inputs.iter().enumerate() {
            if *row < pool.code.observed.first_row.unwrap_or(u16::MAX) {
                self.debug(input);
                let instances = 0..pool.placement.count(lanes);
                self.numbers(&instances.map(|i| pool.input(number, i, lanes)).collect::<Vec<f64>>());
            }
        }
        for table in &pool.code.tables {
            self.debug(&(table.lo.to_bits(), table.scale.to_bits(), table.n));
            table.rows.iter().for_each(|row| self.numbers(&row.0));
        }
    }

    fn projection(&mut self, one: &Projection) {
        self.debug(&(one.class, one.pool, one.handler, one.first, one.start.len(), one.targets.len()));
        one.start.iter().chain(&one.targets).for_each(|x| self.0.update(x.to_le_bytes()));
        for values in std::iter::once(&one.delay).chain(&one.arguments) {
            match values {
                Values::Same(x) => self.debug(&("same", x.to_bits())),
                Values::Each(list) => self.numbers(list),
            }
        }
    }
}

struct Writer(Vec<u8>);

impl Writer {
    fn u32(&mut self, x: u32) {
        self.0.extend(x.to_le_bytes());
    }

    fn u64(&mut self, x: u64) {
        self.0.extend(x.to_le_bytes());
    }

    fn f64(&mut self, x: f64) {
        self.u64(x.to_bits());
    }

    fn text(&mut self, text: &str) {
        self.u64(text.len() as u64);
        self.0.extend(text.as_bytes());
    }

    fn list<T>(&mut self, list: &[T], each: impl Fn(&mut Writer, &T)) {
        self.u64(list.len() as u64);
        list.iter().for_each(|one| each(self, one));
    }

    fn pool(&mut self, pool: &PoolState) {
        self.text(&pool.name);
        self.list(&pool.rows, |out, (name, values)| {
            out.text(name);
            out.list(values, |out, x| out.f64(*x));
        });
        self.list(&pool.sent, |out, n| out.u64(*n));
        self.list(&pool.drawn, |out, n| out.u64(*n));
    }

    fn cause(&mut self, Cause { sent, since }: Cause) {
        self.f64(sent);
        self.f64(since);
    }

    fn event(&mut self, e: &EventState) {
        let Key { time, sent, cause, number, count } = e.key;
        self.f64(time);
        self.f64(sent);
        self.cause(cause);
        self.u32(number);
        self.u64(count);
        self.u32(u32::from(e.class) << 16 | u32::from(e.pool));
        self.u32(e.instance);
        self.u32(u32::from(e.handler));
        let (projection, connection) = e.connection.unwrap_or((u32::MAX, 0));
        self.u32(projection);
        self.u32(connection);
        self.f64(e.flag);
    }
}

/// What is still to be read.
struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    fn state(&mut self) -> Option<State> {
        let time = self.f64()?;
        let classes = self.list(32, |r| {
            let v = r.list(8, Reader::f64)?;
            let shared = r.list(16, |r| Some((r.text()?, r.list(8, Reader::f64)?)))?;
            let above = r.list(1, |r| Some(r.take::<1>()? == [1]))?;
            Some(ClassState { v, shared, above, pools: r.list(32, Reader::pool)? })
        })?;
        let spikes = self.list(32, Reader::volley)?;
        let events = self.list(60, Reader::event)?;
        let samples = self.list(16, |r| Some((r.f64()?, r.f64()?)))?;
        let kept = self.list(8, |r| r.list(8, Reader::f64))?;
        let past = self.list(16, Reader::past)?;
        Some(State { time, classes, spikes, events, samples, kept, past })
    }

    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (first, rest) = self.0.split_first_chunk::<N>()?;
        self.0 = rest;
        Some(*first)
    }

    fn u32(&mut self) -> Option<u32> {
        self.take().map(u32::from_le_bytes)
    }

    fn u64(&mut self) -> Option<u64> {
        self.take().map(u64::from_le_bytes)
    }

    fn f64(&mut self) -> Option<f64> {
        self.u64().map(f64::from_bits)
    }

    /// A length, which what follows must have room for.
    fn length(&mut self, least: usize) -> Option<usize> {
        let length = usize::try_from(self.u64()?).ok()?;
        (length.checked_mul(least)? <= self.0.len()).then_some(length)
    }

    fn text(&mut self) -> Option<String> {
        let length = self.length(1)?;
        let (text, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        String::from_utf8(text.to_vec()).ok()
    }

    /// A list whose elements have at least so many bytes each.
    fn list<T>(&mut self, least: usize, mut each: impl FnMut(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        let length = self.length(least)?;
        (0..length).map(|_| each(self)).collect()
    }

    fn pool(&mut self) -> Option<PoolState> {
        let name = self.text()?;
        let rows = self.list(16, |r| Some((r.text()?, r.list(8, Reader::f64)?)))?;
        let sent = self.list(8, Reader::u64)?;
        Some(PoolState { name, rows, sent, drawn: self.list(8, Reader::u64)? })
    }

    fn past(&mut self) -> Option<PastState> {
        let (place, instance) = (self.u32()?, self.u32()?);
        let (class, pool) = ((place >> 16) as u16, place as u16);
        Some(PastState { class, pool, instance, name: self.text()?, values: self.list(8, Reader::f64)? })
    }

    fn cause(&mut self) -> Option<Cause> {
        Some(Cause { sent: self.f64()?, since: self.f64()? })
    }

    fn volley(&mut self) -> Option<Volley> {
        Some(Volley { time: self.f64()?, cause: self.cause()?, source: self.u32()?, times: self.u32()? })
    }

    fn event(&mut self) -> Option<EventState> {
        let (time, sent, cause) = (self.f64()?, self.f64()?, self.cause()?);
        let key = Key { time, sent, cause, number: self.u32()?, count: self.u64()? };
        let place = self.u32()?;
        let instance = self.u32()?;
        let handler = u16::try_from(self.u32()?).ok()?;
        let (projection, connection) = (self.u32()?, self.u32()?);
        let connection = (projection != u32::MAX).then_some((projection, connection));
        let (class, pool) = ((place >> 16) as u16, place as u16);
        Some(EventState { key, class, pool, instance, handler, connection, flag: self.f64()? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state() -> State {
        let rows = vec![("m".to_owned(), vec![0.5, f64::INFINITY]), ("h".to_owned(), vec![-0.0, 1e-300])];
        let pool = PoolState { name: "hh".into(), rows, sent: vec![1, u64::MAX], drawn: Vec::new() };
        let class = ClassState {
            v: vec![-65.0, 3.5],
            shared: vec![("cai".into(), vec![5e-5, 1e-4])],
            above: vec![true, false],
            pools: vec![pool],
        };
        let event = EventState {
            key: Key { time: 2.5, sent: 1.0, cause: Cause { sent: 0.5, since: -0.0 }, number: 7, count: 9 },
            class: 1,
            pool: 2,
            instance: 3,
            handler: 4,
            connection: Some((5, 6)),
            flag: 2.5,
        };
        State {
            time: 1.5,
            classes: vec![class],
            spikes: vec![Volley { time: 1.25, cause: Cause::START, source: 3, times: 2 }],
            events: vec![event],
            samples: vec![(0.1, 1.6)],
            kept: vec![vec![0.5], Vec::new()],
            past: vec![PastState { class: 1, pool: 2, instance: 3, name: "4".into(), values: vec![0.1, -0.0] }],
        }
    }

    /// What is read is what was written, whatever network it fits.
    #[test]
    fn numbers_come_back() {
        let whole = bytes(&state(), &Plan::default());
        let body = &whole[MARK.len() + DIGEST..whole.len() - DIGEST];
        assert_eq!(Reader(body).state(), Some(state()));
        assert_eq!(read(&whole, &Plan::default()), Err(Unreadable::Network), "it has a class that the plan has not");
        let empty = State::default();
        assert_eq!(read(&bytes(&empty, &Plan::default()), &Plan::default()), Ok(empty));
        assert_eq!(read(&whole, &Plan { dt: 0.1, ..Plan::default() }), Err(Unreadable::Network));
    }

    /// Every prefix, every changed byte, and random bytes behind a sum that is right.
    #[test]
    fn no_file_makes_it_panic() {
        let plan = Plan::default();
        let whole = bytes(&state(), &plan);
        for length in 0..whole.len() {
            assert!(read(&whole[..length], &plan).is_err());
        }
        let mut seed = 1u64;
        for at in 0..whole.len() {
            let mut changed = whole.clone();
            changed[at] ^= 1 << (at % 8);
            assert!(read(&changed, &plan).is_err());
            // Now with a sum that fits, so that the reader itself sees the change.
            for _ in 0..20 {
                seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                changed[at] = (seed >> 33) as u8;
                let end = changed.len() - DIGEST;
                let sum = Md5::digest(&changed[..end]);
                changed[end..].copy_from_slice(&sum);
                // Whatever it says, it says it.
                let _ = read(&changed, &plan);
                let _ = Reader(&changed[MARK.len() + DIGEST..end]).state();
            }
        }
    }
}
