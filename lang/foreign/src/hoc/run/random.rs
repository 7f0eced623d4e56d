//! `Random`: the streams of Random123, which is NEURON's usual one, and of MCellRan4. For older generators, which NEURON has no more, other streams
//! stand in, which is told.

use super::class::Given;
use super::value::{Object, Value};
use super::{Done, Hoc};
use bouton_model::math;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

/// A stream with a distribution.
#[derive(Debug)]
pub(super) struct Random {
    stream: Stream,
    /// Whether these are the numbers that NEURON draws.
    same: bool,
    drawn: Drawn,
    /// The second of a pair of normal draws.
    second: Option<f64>,
}

/// Where uniform numbers come from.
#[derive(Debug)]
enum Stream {
    /// Three identifiers, how many blocks of four words were drawn, and what is left of the last one.
    Philox { ids: [u32; 3], sequence: u32, words: Vec<u32> },
    /// The index that grows, and the other one; 0 is the one that all streams share.
    Ran4 { high: u32, low: u32, shared: Rc<Cell<u32>> },
}

#[derive(Clone, Copy, Debug)]
enum Drawn {
    Uniform(f64, f64),
    Whole(f64, f64),
    Normal(f64, f64),
    LogNormal(f64, f64),
    Exponential(f64),
    Poisson(f64),
    Binomial(f64, f64),
    Geometric(f64),
    Hypergeometric(f64, f64),
    Erlang(f64, f64),
    Weibull(f64, f64),
}

impl Stream {
    fn philox(ids: [u32; 3]) -> Stream {
        Stream::Philox { ids, sequence: 0, words: Vec::new() }
    }

    /// Within 0 and 1.
    fn unit(&mut self) -> f64 {
        match self {
            Stream::Philox { ids, sequence, words } => {
                if words.is_empty() {
                    // Counter words: sequence, third, first, second identifier.
                    *words = philox([*sequence, ids[2], ids[0], ids[1]], [0, 0]).into_iter().rev().collect();
                    *sequence = sequence.wrapping_add(1);
                }
                (f64::from(words.pop().unwrap_or(0)) + 1.0) * (1.0 / 4_294_967_297.0)
            }
            Stream::Ran4 { high, low, shared } => {
                let low = if *low == 0 { shared.get() } else { *low };
                f64::from(ran4(high, low)) * (1.0 / 4_294_967_296.0)
            }
        }
    }
}

impl Random {
    /// A stream of Random123, with the distribution that NEURON begins with.
    pub fn new(ids: [u32; 3]) -> Random {
        Random { stream: Stream::philox(ids), same: true, drawn: Drawn::Normal(0.0, 1.0), second: None }
    }

    /// The next draw of the distribution.
    pub fn pick(&mut self) -> f64 {
        match self.drawn {
            Drawn::Uniform(low, high) => low + (high - low) * self.stream.unit(),
            Drawn::Whole(low, high) => low + ((high - low + 1.0) * self.stream.unit()).floor(),
            Drawn::Normal(mean, variance) => self.normal(mean, variance.sqrt()),
            Drawn::LogNormal(mean, variance) => {
                let square = mean * mean;
                let centre = math::log(square / (variance + square).sqrt());
                let width = math::log((variance + square) / square).sqrt();
                math::exp(self.normal(centre, width))
            }
            Drawn::Exponential(mean) => -mean * math::log(self.stream.unit()),
            Drawn::Poisson(mean) => {
                let bound = math::exp(-mean);
                let (mut count, mut product) = (0.0, 1.0);
                loop {
                    product *= self.stream.unit();
                    if product < bound || count > 1e6 {
                        return count;
                    }
                    count += 1.0;
                }
            }
            Drawn::Binomial(count, chance) => {
                let hits = (0..count.clamp(0.0, 1e7) as u32).filter(|_| self.stream.unit() < chance);
                hits.count() as f64
            }
            Drawn::Geometric(chance) => {
                let mut tries = 1.0;
                while self.stream.unit() < chance && tries < 1e6 {
                    tries += 1.0;
                }
                tries
            }
            Drawn::Hypergeometric(mean, variance) => {
                let z = variance / (mean * mean);
                let chance = 0.5 * (1.0 - ((z - 1.0) / (z + 1.0)).sqrt());
                let of = if self.stream.unit() > chance { 1.0 - chance } else { chance };
                -mean * math::log(self.stream.unit()) / (2.0 * of)
            }
            Drawn::Erlang(mean, variance) => {
                let stages = (mean * mean / variance + 0.5).trunc().clamp(1.0, 1e6);
                let product: f64 = (0..stages as u32).map(|_| self.stream.unit()).product();
                -math::log(product) / (stages / mean)
            }
            Drawn::Weibull(shape, scale) => math::pow(scale * -math::log(1.0 - self.stream.unit()), 1.0 / shape),
        }
    }

    fn normal(&mut self, mean: f64, deviation: f64) -> f64 {
        if let Some(second) = self.second.take() {
            return second * deviation + mean;
        }
        loop {
            let (a, b) = (2.0 * self.stream.unit() - 1.0, 2.0 * self.stream.unit() - 1.0);
            let w = a * a + b * b;
            if w <= 1.0 {
                let y = (-2.0 * math::log(w) / w).sqrt();
                self.second = Some(b * y);
                return a * y * deviation + mean;
            }
        }
    }
}

/// A hash of two words, by two rounds of a Feistel network; the first counts on.
fn ran4(high: &mut u32, low: u32) -> u32 {
    let half = |word: u32, mask: u32| {
        let (upper, lower) = (word >> 16, word & 0xffff);
        let crossed = !(upper.wrapping_sub(lower).wrapping_mul(upper.wrapping_add(lower)));
        (crossed.rotate_left(16) ^ mask).wrapping_add(upper.wrapping_mul(lower))
    };
    let first = *high;
    *high = high.wrapping_add(1);
    let second = low ^ half(first ^ 0xbaa9_6887, 0x4b0f_3b58);
    first ^ half(second ^ 0x1e17_d32c, 0xe874_f0c3)
}

/// Philox4x32 with ten rounds.
fn philox(mut counter: [u32; 4], mut key: [u32; 2]) -> [u32; 4] {
    for round in 0..10 {
        if round > 0 {
            key = [key[0].wrapping_add(0x9E37_79B9), key[1].wrapping_add(0xBB67_AE85)];
        }
        let first = u64::from(counter[0]) * 0xD251_1F53;
        let second = u64::from(counter[2]) * 0xCD9E_8D57;
        let (high, low) = ((first >> 32) as u32, first as u32);
        let (high2, low2) = ((second >> 32) as u32, second as u32);
        counter = [high2 ^ counter[1] ^ key[0], low2, high ^ counter[3] ^ key[1], low];
    }
    counter
}

/// What streams of MCellRan4 have in common.
#[derive(Debug, Default)]
pub(super) struct Shared {
    low: Rc<Cell<u32>>,
    made: u32,
}

impl Hoc<'_> {
    /// Methods of Random. A distribution gives a draw at once.
    pub(super) fn of_random(&mut self, object: &Object, random: &RefCell<Random>, name: &str, given: &Given<'_>) -> Done<Value> {
        let mut random = random.borrow_mut();
        let ids = |at: usize| -> Result<u32, String> { Ok(given.number_or(at, 0.0)?.max(0.0) as u32) };
        random.drawn = match name {
            "Random123" => {
                (random.stream, random.same) = (Stream::philox([ids(0)?, ids(1)?, ids(2)?]), true);
                return Ok(Value::Number(0.0));
            }
            "Random123_globalindex" => return Ok(Value::Number(0.0)),
            "MCellRan4" => {
                let (mut high, low) = (ids(0)?, ids(1)?);
                self.ran4.made += 1;
                if high == 0 {
                    high = self.ran4.made;
                    high = ran4(&mut high, if low == 0 { self.ran4.low.get() } else { low });
                }
                (random.stream, random.same) = (Stream::Ran4 { high, low, shared: self.ran4.low.clone() }, true);
                return Ok(Value::Number(f64::from(high)));
            }
            "ACG" | "MLCG" | "Isaac64" => {
                (random.stream, random.same) = (Stream::philox([ids(0)?, ids(1)?, u32::MAX]), false);
                return Ok(Value::Number(0.0));
            }
            "seq" => return Ok(Value::Number(random.seek(given.values.first().map(|_| given.number(0)).transpose()?))),
            "repick" => random.drawn,
            "play" => {
                self.model.note("`Random.play` was passed over: what it would play stays as it is through a run");
                return Ok(Value::Number(0.0));
            }
            "uniform" => {
                let (a, b) = (given.number(0)?, given.number(1)?);
                Drawn::Uniform(a.min(b), a.max(b))
            }
            "discunif" => Drawn::Whole(given.number(0)?.trunc(), given.number(1)?.trunc()),
            "normal" => Drawn::Normal(given.number(0)?, given.number(1)?),
            "lognormal" => Drawn::LogNormal(given.number(0)?, given.number(1)?),
            "negexp" => Drawn::Exponential(given.number(0)?),
            "poisson" => Drawn::Poisson(given.number(0)?),
            "binomial" => Drawn::Binomial(given.number(0)?.trunc(), given.number(1)?),
            "geometric" => Drawn::Geometric(given.number(0)?),
            "hypergeo" => Drawn::Hypergeometric(given.number(0)?, given.number(1)?),
            "erlang" => Drawn::Erlang(given.number(0)?, given.number(1)?),
            "weibull" => Drawn::Weibull(given.number(0)?, given.number(1)?),
            _ => return Err(self.no_method(object, name)),
        };
        if name != "repick" {
            random.second = None;
        }
        let picked = random.pick();
        self.stands_in(&random);
        Ok(Value::Number(picked))
    }

    /// `mcell_ran4(&index)`, `mcell_ran4_init(low)`
    pub(super) fn of_ran4(&mut self, name: &str, arguments: &[Value]) -> Done<f64> {
        match (name, arguments) {
            ("mcell_ran4", [Value::Address(place)]) => {
                let Value::Number(index) = self.get(place)? else { return Err(format!("`{name}` takes a number").into()) };
                let mut high = index.max(0.0) as u32;
                let drawn = f64::from(ran4(&mut high, self.ran4.low.get())) * (1.0 / 4_294_967_296.0);
                self.set(place, Value::Number(f64::from(high)))?;
                Ok(drawn)
            }
            ("mcell_ran4_init", []) => Ok(f64::from(self.ran4.low.get())),
            ("mcell_ran4_init", [Value::Number(low)]) => Ok(f64::from(self.ran4.low.replace(low.max(0.0) as u32))),
            _ => Err(format!("`{name}` takes one number, `mcell_ran4` its address").into()),
        }
    }

    /// Tells that numbers are not those that NEURON would draw.
    pub(super) fn stands_in(&mut self, random: &Random) {
        if !random.same {
            self.model.note(
                "the numbers of `Random` with ACG, MLCG or Isaac64: other ones were drawn than NEURON drew when it had them"
                    .to_owned(),
            );
        }
    }
}

impl Random {
    /// Goes to a place in the stream, where one is given; the place.
    fn seek(&mut self, to: Option<f64>) -> f64 {
        match &mut self.stream {
            Stream::Ran4 { high, .. } => {
                *high = to.map_or(*high, |to| to.max(0.0) as u32);
                f64::from(*high)
            }
            Stream::Philox { sequence, words, .. } => {
                let Some(to) = to.map(|to| to.clamp(0.0, 17_179_869_183.0)) else {
                    let begun = if words.is_empty() { *sequence } else { sequence.wrapping_sub(1) };
                    return f64::from(begun) * 4.0 + ((4 - words.len()) % 4) as f64;
                };
                *sequence = (to / 4.0) as u32;
                words.clear();
                for _ in 0..(to as u64 % 4) {
                    self.stream.unit();
                }
                to
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// NEURON 9.0.2: `r.MCellRan4(7)`, `r.MCellRan4(7, 3)`, then `uniform(0, 1)`; `x = 5`, `mcell_ran4_init(9)`, `mcell_ran4(&x)`.
    #[test]
    fn mcell_ran4_gives_neurons_numbers() {
        let draws = |high: u32, low: u32| {
            let mut stream = Stream::Ran4 { high, low, shared: Rc::default() };
            [stream.unit(), stream.unit(), stream.unit()]
        };
        assert_eq!(draws(7, 0), [0.4629788885358721, 0.9942560670897365, 0.4398604789748788]);
        assert_eq!(draws(7, 3), [0.9197070200461894, 0.3459957926534116, 0.11952370149083436]);
        assert_eq!(draws(647_470_399, 0)[0], 0.2064307201653719);
    }

    /// NEURON 9.0.2: `new Random(5)` is a stream of Random123 with the identifiers 5, 55, 0; then the other distributions of 1, 2, 3.
    #[test]
    fn the_usual_stream_and_the_rare_distributions_are_neurons() {
        let mut usual = Random::new([5, 55, 0]);
        usual.drawn = Drawn::Uniform(0.0, 1.0);
        assert_eq!([usual.pick(), usual.pick(), usual.pick()], [0.6523121931468341, 0.5027322029921384, 0.21866931574915785]);
        let mut rare = Random::new([1, 2, 3]);
        let mut draw = |drawn| {
            rare.drawn = drawn;
            rare.pick()
        };
        assert_eq!(draw(Drawn::Binomial(10.0, 0.3)), 4.0);
        assert_eq!(draw(Drawn::Geometric(0.4)), 2.0);
        for (drawn, neuron) in [
            (Drawn::Hypergeometric(2.0, 8.0), 0.6359772386355771),
            (Drawn::Erlang(2.0, 1.0), 2.018532188764462),
            (Drawn::Weibull(2.0, 3.0), 2.5746892682029285),
        ] {
            let mine = draw(drawn);
            assert!((mine - neuron).abs() < 1e-14 * neuron, "{mine} {neuron}");
        }
    }
}
