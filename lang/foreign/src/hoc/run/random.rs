//! `Random` with the streams of Random123. For hoc's older generators other streams stand in, which is told.

use super::class::Given;
use super::value::{Object, Value};
use super::{Done, Hoc};
use bouton_model::math;
use std::cell::RefCell;

/// A stream with a distribution.
#[derive(Debug, Default)]
pub(super) struct Random {
    ids: [u32; 3],
    /// Whether these are the numbers that NEURON draws.
    same: bool,
    sequence: u32,
    words: Vec<u32>,
    drawn: Option<Drawn>,
    /// The second of a pair of normal draws.
    second: Option<f64>,
}

#[derive(Clone, Copy, Debug)]
enum Drawn {
    Uniform(f64, f64),
    Whole(f64, f64),
    Normal(f64, f64),
    LogNormal(f64, f64),
    Exponential(f64),
    Poisson(f64),
}

impl Random {
    /// Begins a stream.
    pub fn begin(&mut self, ids: [u32; 3], same: bool) {
        *self = Random { ids, same, drawn: self.drawn, ..Random::default() };
    }

    fn unit(&mut self) -> Result<f64, String> {
        let ids = self.ids;
        if self.words.is_empty() {
            // Counter words: sequence, third, first, second identifier.
            self.words = philox([self.sequence, ids[2], ids[0], ids[1]], [0, 0]).into_iter().rev().collect();
            self.sequence = self.sequence.wrapping_add(1);
        }
        let word = self.words.pop().unwrap_or(0);
        Ok((f64::from(word) + 1.0) * (1.0 / 4_294_967_297.0))
    }

    /// The next draw of the distribution.
    pub fn pick(&mut self) -> Result<f64, String> {
        let Some(drawn) = self.drawn else { return Err("this Random has no distribution yet".into()) };
        Ok(match drawn {
            Drawn::Uniform(low, high) => low + (high - low) * self.unit()?,
            Drawn::Whole(low, high) => low + ((high - low + 1.0) * self.unit()?).floor(),
            Drawn::Normal(mean, variance) => self.normal(mean, variance)?,
            Drawn::LogNormal(mean, variance) => {
                let square = mean * mean;
                let centre = math::log(square / (variance + square).sqrt());
                let width = math::log((variance + square) / square);
                math::exp(self.normal(centre, width)?)
            }
            Drawn::Exponential(mean) => -mean * math::log(self.unit()?),
            Drawn::Poisson(mean) => {
                let bound = math::exp(-mean);
                let (mut count, mut product) = (0.0, 1.0);
                loop {
                    product *= self.unit()?;
                    if product < bound || count > 1e6 {
                        return Ok(count);
                    }
                    count += 1.0;
                }
            }
        })
    }

    fn normal(&mut self, mean: f64, variance: f64) -> Result<f64, String> {
        let deviation = variance.sqrt();
        if let Some(second) = self.second.take() {
            return Ok(second * deviation + mean);
        }
        loop {
            let (a, b) = (2.0 * self.unit()? - 1.0, 2.0 * self.unit()? - 1.0);
            let w = a * a + b * b;
            if w <= 1.0 {
                let y = (-2.0 * math::log(w) / w).sqrt();
                self.second = Some(b * y);
                return Ok(a * y * deviation + mean);
            }
        }
    }
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

impl Hoc<'_> {
    /// Methods of Random. A distribution gives a draw at once.
    pub(super) fn of_random(&mut self, object: &Object, random: &RefCell<Random>, name: &str, given: &Given<'_>) -> Done<Value> {
        let mut random = random.borrow_mut();
        let ids = |at: usize| -> Result<u32, String> { Ok(given.number_or(at, 0.0)?.max(0.0) as u32) };
        let drawn = match name {
            "Random123" => {
                random.begin([ids(0)?, ids(1)?, ids(2)?], true);
                return Ok(Value::Number(0.0));
            }
            "Random123_globalindex" => return Ok(Value::Number(0.0)),
            "seq" => {
                let at = given.number_or(0, 0.0)?.max(0.0);
                random.sequence = (at / 4.0) as u32;
                random.words.clear();
                for _ in 0..(at as u64 % 4) {
                    random.unit()?;
                }
                return Ok(Value::Number(at));
            }
            "ACG" | "MLCG" | "MCellRan4" | "Isaac64" => {
                random.begin([ids(0)?, ids(1)?, u32::MAX], false);
                return Ok(Value::Number(0.0));
            }
            "repick" => {
                let picked = random.pick()?;
                self.stands_in(&random);
                return Ok(Value::Number(picked));
            }
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
            _ => return Err(self.no_method(object, name)),
        };
        (random.drawn, random.second) = (Some(drawn), None);
        let picked = random.pick()?;
        self.stands_in(&random);
        Ok(Value::Number(picked))
    }

    /// Tells that numbers are not those that NEURON would draw.
    pub(super) fn stands_in(&mut self, random: &Random) {
        if !random.same {
            self.model.note(
                "the numbers of `Random` with a generator other than Random123: other ones were drawn than NEURON draws"
                    .to_owned(),
            );
        }
    }
}
