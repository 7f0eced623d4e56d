//! Reduction of huge arguments of sine and cosine by a quarter turn, one number at a time (Payne and Hanek). Rare: no model means sin(1e20).

/// The bits of 2/pi after the point.
const TWO_OVER_PI: [u64; 20] = [
    0xa2f9836e4e441529,
    0xfc2757d1f534ddc0,
    0xdb6295993c439041,
    0xfe5163abdebbc561,
    0xb7246e3a424dd2e0,
    0x06492eea09d1921c,
    0xfe1deb1cb129a73e,
    0xe88235f52ebb4484,
    0xe99c7026b45f7e41,
    0x3991d639835339f4,
    0x9c845f8bbdf9283b,
    0x1ff897ffde05980f,
    0xef2f118b5a0a6d1f,
    0x6d367ecf27cb09b7,
    0x4f463f669e5fea2d,
    0x7527bac7ebe5f17b,
    0x3d0739f78a5292ea,
    0x6bfb5fb11f8d5d08,
    0x56033046fc7b6bab,
    0xf0cfbc209af4361d,
];

/// The remainder, in [-pi/4, pi/4], rounded. NaN for infinity.
#[cold]
#[inline(never)]
pub(super) fn huge_remainder(x: f64) -> f64 {
    if x.is_finite() { remainder(x).0 } else { f64::NAN }
}

/// What the remainder lacks.
#[cold]
#[inline(never)]
pub(super) fn huge_tail(x: f64) -> f64 {
    if x.is_finite() { remainder(x).1 } else { f64::NAN }
}

/// The quadrant, in 0..4.
#[cold]
#[inline(never)]
pub(super) fn huge_quadrant(x: f64) -> f64 {
    let (quadrant, _) = turns(x.abs());
    let signed = if x < 0.0 { 4 - quadrant } else { quadrant };
    f64::from(signed & 3)
}

/// The remainder in two doubles.
fn remainder(x: f64) -> (f64, f64) {
    let (_, fraction) = turns(x.abs());
    // The rest of a quarter turn in units of 2^-128, as a double and what is left, before it is multiplied by pi/2.
    let magnitude = fraction.unsigned_abs();
    let head = (magnitude >> 75) << 75;
    let unit = f64::from_bits(0x37f0_0000_0000_0000);
    let (head, tail) = (head as f64 * unit, (magnitude - head) as f64 * unit);
    let (pio2, pio2_tail) = (std::f64::consts::FRAC_PI_2, 6.123233995736766e-17);
    let product = head * pio2;
    let rest = f64::mul_add(head, pio2, -product) + (tail * pio2 + head * pio2_tail);
    let sum = product + rest;
    let low = product - sum + rest;
    if (fraction < 0) == x.is_sign_negative() { (sum, low) } else { (-sum, -low) }
}

/// x 2/pi modulo 4 for x >= 1 (lanes beside a huge one bring any number, and get any): the nearest quarter turn, and what is left of it in units of 2^-128.
fn turns(x: f64) -> (u32, i128) {
    let bits = x.to_bits();
    let mantissa = (bits & 0x000f_ffff_ffff_ffff) | 0x0010_0000_0000_0000;
    // x = mantissa 2^shift; bits of 2/pi that give multiples of 4 are left out.
    let shift = (bits >> 52) as i32 - 1075;
    let first = shift - 2;
    let words = [0, 1, 2].map(|k| word_from(first + 64 * k));
    // mantissa * (192 bits of 2/pi from bit `first`), modulo 2^192, whose top two bits are the integer part.
    let low = u128::from(words[2]) * u128::from(mantissa);
    let middle = u128::from(words[1]) * u128::from(mantissa) + (low >> 64);
    let high = words[0].wrapping_mul(mantissa).wrapping_add((middle >> 64) as u64);
    let whole = (u128::from(high) << 64) | u128::from(middle as u64);
    let quadrant = (whole >> 126) as u32;
    let fraction = (whole << 2) | u128::from((low as u64) >> 62);
    // More than half a quarter turn belongs to the next one, with a negative rest.
    let up = (fraction >> 127) as u32;
    ((quadrant + up) & 3, fraction as i128)
}

/// 64 bits of 2/pi from the given bit after the point on; bits before the point are 0.
fn word_from(bit: i32) -> u64 {
    let at = |word: i32| usize::try_from(word).ok().and_then(|w| TWO_OVER_PI.get(w)).copied().unwrap_or(0);
    let (word, offset) = (bit.div_euclid(64), bit.rem_euclid(64) as u32);
    if offset == 0 { at(word) } else { (at(word) << offset) | (at(word + 1) >> (64 - offset)) }
}
